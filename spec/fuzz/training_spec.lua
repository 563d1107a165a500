-- Random training scripts: each gives the same bits again, with any threads. Two
-- builds are compared with the same tool (spec/fuzz/training.lua tells how).
local support = require "spec.support"

local function lines(threads)
  local run = support.snnlua(("spec/fuzz/training.lua 1 25 %s"):format(threads or ""),
    { env = { LUA_PATH = "./?.lua;;" } })
  assert.equal("", run.err)
  return run.out
end

describe("random training scripts", function()
  it("run through", function()
    local out, n = lines(), 0
    for line in out:gmatch "[^\n]+" do
      n = n + 1
      assert.truthy(line:find "^%d+\t%x+$", line)
    end
    assert.equal(25, n)
  end)

  it("give the same bits with one thread and with four", function()
    assert.equal(lines(1), lines(4))
  end)

  it("give other bits for another seed", function()
    local seen = {}
    for hash in lines():gmatch "\t(%x+)" do
      assert.is_nil(seen[hash])
      seen[hash] = true
    end
  end)
end)
