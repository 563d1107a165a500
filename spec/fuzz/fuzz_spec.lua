-- Some thousand random calls of everything, in a process of their own: a crash
-- is its end. SNN_FUZZ_ROUNDS makes it longer, SNN_FUZZ_SEED another run.
local support = require "spec.support"

local rounds = tonumber(os.getenv "SNN_FUZZ_ROUNDS" or "4000")
local seed = tonumber(os.getenv "SNN_FUZZ_SEED" or "1")

local function fuzz(offset, gc)
  return support.snnlua("spec/fuzz/fuzz.lua", { env = {
    -- an eager collector is slow
    SNN_FUZZ_ROUNDS = tostring(gc == "eager" and rounds // 10 or rounds),
    SNN_FUZZ_SEED = tostring(seed + offset), SNN_FUZZ_GC = gc,
    LUA_PATH = "./?.lua;;",
  } })
end

describe("random calls", function()
  for offset, gc in ipairs { "incremental", "generational", "eager" } do
    it("end in results or errors, failed ones change nothing; collector " .. gc, function()
      local result = fuzz(offset, gc)
      assert.equal("", result.err)
      assert.truthy(result.out:find "\n0 findings, %d+ errors, 0 blocks left", result.out)
      assert.equal(0, result.code)
    end)
  end
end)
