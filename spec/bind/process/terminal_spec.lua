-- What is known of the terminal: of a pipe here, of a real one below.
local support = require "spec.support"
local terminal = require "spec.terminal"

local SCRIPT <const> = [[
local _ = snn.Error -- opens the library
for _, value in pairs(debug.getregistry()) do
  if type(value) == "table" and rawget(value, "terminal") then
    local t = value.terminal()
    print(t.width, t.rows, t.color, t.utf8)
  end
end]]

local PLAIN <const> = { COLUMNS = "", LINES = "", NO_COLOR = "", TERM = "xterm", LC_ALL = "C" }

local function known(env, options)
  local all = {}
  for name, value in pairs(PLAIN) do all[name] = value end
  for name, value in pairs(env) do all[name] = value end
  return (support.snnlua((options or "") .. " -e " .. support.quote(SCRIPT), { env = all }).out
    :gsub("%s+$", ""):gsub("\t", " "))
end

describe("tools.terminal", function()
  it("is 80 by 24 without colours of a pipe", function()
    assert.equal("80 24 false false", known {})
  end)

  it("honours COLUMNS and LINES that are numbers", function()
    assert.equal("40 7 false false", known { COLUMNS = "40", LINES = "7" })
    assert.equal("80 24 false false", known { COLUMNS = "wide", LINES = "-1" })
  end)

  it("knows UTF-8 by the locale's name, the first that is set", function()
    assert.equal("80 24 false true", known { LC_ALL = "C.UTF-8" })
    assert.equal("80 24 false true", known { LC_ALL = "", LC_CTYPE = "", LANG = "de_DE.utf8" })
    assert.equal("80 24 false false", known { LC_ALL = "C", LANG = "de_DE.UTF-8" })
  end)

  it("has colours of a pipe only where --color=always says so", function()
    assert.equal("80 24 true false", known({}, "--color=always"))
    assert.equal("80 24 false false", known({}, "--color auto"))
  end)

  it("writes tensors as wide as it is", function()
    local out = support.snnlua("-e 'print(snn.arange(12) * 100000)'",
      { env = { COLUMNS = "40" } }).out
    for line in out:gmatch "[^\n]+" do assert.is_true(#line < 40, line) end
  end)

  if not terminal.is_there() then return end

  it("has the size and the colours of a real one, unless told otherwise", function()
    local file = os.tmpname()
    local out = assert(io.open(file, "w"))
    out:write(SCRIPT)
    out:close()
    local program = support.quote(support.program)
    local t = terminal.open { columns = 100, rows = 30, command = ("sh -c %s"):format(
      support.quote(("%s %s; NO_COLOR=1 %s %s; TERM=dumb %s %s; %s --color=never %s"):format(
      program, file, program, file, program, file, program, file))) }
    t:wait "%[ended 0%]"
    local screen = t:screen()
    t:close()
    os.remove(file)
    assert.truthy(screen:find("^100%s+30%s+true%s+true\n" .. ("100%s+30%s+false%s+true\n"):rep(3)),
      screen)
  end)
end)
