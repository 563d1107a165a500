-- Every allocation of the small scripts in cases/ is refused in turn (walk.lua
-- tells how): in a sanitised program, and by `make oom`. Else every fourth, and so of
-- the two cases that take half of the time.
local lfs = require "lfs"
local support = require "spec.support"

local CASES = "spec/oom/cases"
local STRIDE <const> = tonumber(os.getenv "SNN_OOM_STRIDE")
local LARGE <const> = { save = true, snapshot = true }

local function stride_of(name)
  return STRIDE or (support.cpath and 4 or 1) * (LARGE[name] and 4 or 1)
end

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
      local run = support.snnlua(("spec/oom/walk.lua %s/%s.lua %d"):format(CASES, name,
        stride_of(name)))
      assert.equal("", run.err)
      assert.equal(0, run.code)
    end)
  end
end)
