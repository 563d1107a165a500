-- Random sparse networks are their dense twins (twins.lua tells how). Here a sample;
-- `make long` plays some thousands.
local support = require "spec.support"

-- Sanitised programs are slower.
local LAST <const> = support.cpath and 240 or 60

describe("a random sparse network", function()
  it("is its dense twin", function()
    local run = support.snnlua(("spec/sparse/twins.lua 1 %d"):format(LAST),
      { env = { LUA_PATH = "./?.lua;;" } })
    assert.equal(("%d networks, 0 failed\n"):format(LAST), run.out)
    assert.equal("", run.err)
    assert.equal(0, run.code)
  end)

  it("is told apart from a twin with another weight", function()
    local run = support.snnlua("spec/sparse/twins.lua 1 40 1 0.01", {
      env = { LUA_PATH = "./?.lua;;" } })
    local failed = tonumber(run.out:match "40 networks, (%d+) failed\n")
    assert.is_true(failed >= 20, run.out)
    assert.equal(1, run.code)
  end)
end)
