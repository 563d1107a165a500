local snn = require "snn"
local near = require "spec.near"

describe("ConditionalCumulativeTraceReducer", function()
  local k = math.exp(-1 / 8)
  local trace

  before_each(function()
    trace = snn.ConditionalCumulativeTraceReducer {
      step_time = 1, time_constant = 8, amplitude = 0.5, scale = 2,
    }
    trace(snn.tensor { 1, 1, 1 }, snn.tensor { true, true, false })
  end)

  it("begins where the condition holds", function() near({ 2.5, 2.5, 0 }, trace:peek()) end)

  it("decays and adds where it holds again", function()
    trace(snn.tensor { 1.5, 9, 9 }, snn.tensor { 1, 0, 0 })
    near({ 2.5 * k + 3.5, 2.5 * k, 0 }, trace:peek())
  end)

  it("needs the condition", function()
    local ok, err = pcall(trace, snn.tensor { 1, 1, 1 })
    assert.is_false(ok)
    assert.equal("TypeError", err.kind)
  end)

  it("needs a condition of the observation's shape", function()
    local ok, err = pcall(trace, snn.tensor { 1, 1, 1 }, snn.tensor { 1, 1 })
    assert.is_false(ok)
    assert.equal("ValueError", err.kind)
    near({ 2.5, 2.5, 0 }, trace:peek())
  end)
end)
