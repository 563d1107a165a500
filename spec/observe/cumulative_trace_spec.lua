local snn = require "snn"
local near = require "spec.near"

describe("CumulativeTraceReducer", function()
  local k = math.exp(-1 / 8)
  local trace

  local function make(args)
    args = args or {}
    args.step_time, args.time_constant, args.amplitude = 1, 8, 2
    if args.target == nil then args.target = true end
    return snn.CumulativeTraceReducer(args)
  end

  before_each(function()
    trace = make()
    trace(snn.tensor { 1, 1, 0 })
  end)

  it("begins at its amplitude where the target is met", function()
    near({ 2, 2, 0 }, trace:peek())
  end)

  it("decays and adds at the next match", function()
    trace(snn.tensor { 1, 0, 1 })
    near({ 2 * k + 2, 2 * k, 2 }, trace:peek())
  end)

  it("takes spikes as they are", function()
    local other = make()
    other(snn.tensor({ true, false }))
    near({ 2, 0 }, other:peek())
  end)

  it("matches within a tolerance", function()
    local other = make { target = 0.5, tolerance = 0.25 }
    other(snn.tensor { 0.25, 0.75, 0.76 })
    near({ 2, 2, 0 }, other:peek())
  end)

  it("has a target for each element", function()
    local other = make { target = snn.tensor { 1, 2, 3 } }
    other(snn.tensor { 1, 1, 3 })
    near({ 2, 0, 2 }, other:peek())
  end)

  it("goes on to decay between two steps", function()
    local other = make { duration = 2, inclusive = true }
    other(snn.tensor { 1 })
    other(snn.tensor { 0 })
    near({ 2 * math.exp(-0.25 / 8) }, other:view(0.75))
  end)

  it("has the dtype of a float64 observation", function()
    local other = make()
    other(snn.tensor({ 1 }, { dtype = "float64" }))
    other(snn.tensor({ 0 }, { dtype = "float64" }))
    assert.equal("float64", other:peek().dtype)
    assert.near(2 * k, other:peek():item(), 1e-15)
  end)

  it("follows a new step time", function()
    trace.dt = 4
    trace(snn.tensor { 0, 0, 0 })
    near({ 2 * math.exp(-0.5), 2 * math.exp(-0.5), 0 }, trace:peek())
  end)

  it("refuses an amplitude of 0", function()
    local args = { step_time = 1, time_constant = 8, amplitude = 0, target = 1 }
    local ok, err = pcall(snn.CumulativeTraceReducer, args)
    assert.is_false(ok)
    assert.equal("ValueError", err.kind)
  end)

  it("needs a target", function()
    local args = { step_time = 1, time_constant = 8, amplitude = 1 }
    local ok, err = pcall(snn.CumulativeTraceReducer, args)
    assert.is_false(ok)
    assert.equal("TypeError", err.kind)
  end)
end)
