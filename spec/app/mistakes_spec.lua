-- Mistakes of newcomers, typed at one prompt: what is said of each (mistakes.lua).
local mistakes = require "spec.app.mistakes"
local support = require "spec.support"

local LEAST <const> = 60

describe("a mistake of a newcomer", function()
  local said = {}

  lazy_setup(function()
    local input = { mistakes.setup }
    for i, row in ipairs(mistakes.rows) do
      input[#input + 1] = ("setup() io.write('@@%d\\n');\n%s\n"):format(i, row[1])
    end
    local run = support.shell(support.quote(support.program) .. " -i 2>&1",
      { input = table.concat(input) .. "io.write('@@0\\n');\n" })
    for part in (run.out .. "@@"):gmatch "(.-)@@" do
      local number, text = part:match "^(%d+)\n(.*)$"
      if number then said[math.tointeger(number)] = text end
    end
  end)

  for i, row in ipairs(mistakes.rows) do
    it(("is told of: %s"):format(row[1]), function()
      assert.truthy(said[i], "nothing came")
      if not said[i]:find(row[2], 1, true) then assert.equal(row[2], said[i]) end
    end)
  end

  it("is one of many that are in the table", function()
    assert.truthy(#mistakes.rows >= LEAST)
  end)
end)
