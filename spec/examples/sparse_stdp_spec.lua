local run = require "spec.examples.run"

describe("examples/sparse_stdp.lua", function()
  it("brings the rates to the target, and closer together", function()
    local result = run("sparse_stdp", "--neurons 500 --duration 4 --rate 1.5")
    assert.equal("", result.err)
    assert.equal(0, result.code)
    local function rate_at(second)
      return tonumber(result.out:match("\n +" .. second .. " +([%d.]+) "))
    end
    assert.is_true(rate_at "0.0" > 24)
    assert.near(8, rate_at "4.0", 2)
  end)
end)
