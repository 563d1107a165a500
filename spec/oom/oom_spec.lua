-- Every allocation of the small scripts in cases/ is refused in turn (walk.lua
-- tells how).
local lfs = require "lfs"
local support = require "spec.support"

local CASES = "spec/oom/cases"

local function case_names()
  local names = {}
  for entry in lfs.dir(CASES) do
    names[#names + 1] = entry:match("^(.+)%.lua$")
  end
  table.sort(names)
  return names
end

describe("short memory gives Lua errors only in", function()
  for _, name in ipairs(case_names()) do
    it(name, function()
      local run = support.snnlua(("spec/oom/walk.lua %s/%s.lua"):format(CASES, name))
      assert.equal("", run.err)
      assert.equal(0, run.code)
    end)
  end
end)
