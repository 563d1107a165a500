local snn = require "snn"
local near = require "spec.near"

describe("ScaledNearestTraceReducer", function()
  local k = math.exp(-1 / 8)
  local trace

  local function make(criterion)
    return snn.ScaledNearestTraceReducer {
      step_time = 1, time_constant = 8, amplitude = 0.5, scale = 2, criterion = criterion,
    }
  end

  before_each(function()
    trace = make(function(x) return x:gt(0.5) end)
    trace(snn.tensor { 1, 1, 0.5 })
  end)

  it("begins at scale times the observation plus the amplitude, at a match", function()
    near({ 2.5, 2.5, 0 }, trace:peek())
  end)

  it("decays and is set again at the next match", function()
    trace(snn.tensor { 1.5, 0, 0.25 })
    near({ 3.5, 2.5 * k, 0 }, trace:peek())
  end)

  it("takes what is not 0 without a criterion", function()
    local other = make()
    other(snn.tensor { -1, 0 })
    near({ -1.5, 0 }, other:peek())
  end)

  it("keeps what does not count out of the trace", function()
    trace(snn.tensor { -math.huge, 0, 0 })
    near({ 2.5 * k, 2.5 * k, 0 }, trace:peek())
  end)

  it("passes an error of the criterion on and stays as it was", function()
    trace.criterion = function() error("no") end
    local ok, err = pcall(trace, snn.tensor { 1, 1, 1 })
    assert.is_false(ok)
    assert.is_truthy(tostring(err):find("no", 1, true))
    near({ 2.5, 2.5, 0 }, trace:peek())
  end)

  it("wants a tensor of the same shape from the criterion", function()
    trace.criterion = function() return snn.zeros(2) end
    local ok, err = pcall(trace, snn.tensor { 1, 1, 1 })
    assert.is_false(ok)
    assert.equal("ValueError", err.kind)
    trace.criterion = function() return 1 end
    ok, err = pcall(trace, snn.tensor { 1, 1, 1 })
    assert.is_false(ok)
    assert.equal("TypeError", err.kind)
  end)
end)
