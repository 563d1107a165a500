-- Monitors that are given no reducer, and what they tell of what they have seen.
local snn = require "snn"

local function pass(duration)
  return snn.PassthroughReducer { step_time = 1, duration = duration, inclusive = true }
end

describe("a monitor", function()
  local neuron

  before_each(function()
    neuron = snn.LIF { shape = 2, step_time = 1, rest_v = -60, reset_v = -65, thresh_v = -50,
      refrac_t = 3, time_constant = 20 }
  end)

  it("records as it is what it sees, where no reducer is given", function()
    neuron.dt = 0.5
    local output = snn.OutputMonitor { module = neuron, last = 5 }
    local newest = snn.StateMonitor { module = neuron, attr = "voltage" }
    assert.same({ nil, nil, 0.5 }, { output:dump(), newest:dump(), output.reducer.dt })
    for _ = 1, 3 do neuron(snn.full({ 1, 2 }, 1000)) end
    assert.same({ 3, 1, 2 }, output:dump().shape)
    assert.is_true(output:dump()[1]:equal(neuron.spike))
    assert.is_true(newest:dump()[1]:equal(neuron.voltage))
    for _ = 1, 4 do neuron(snn.full({ 1, 2 }, 1000)) end
    assert.same({ 5, 1, 2 }, output:dump().shape)
    neuron.dt = 2
    neuron(snn.full({ 1, 2 }, 3))
    assert.equal(2, newest.reducer.dt)
  end)

  it("has a reducer of its own when it is registered later, or made by a constructor", function()
    neuron.dt = 0.25
    local late = snn.StateMonitor { attr = "voltage" }
    late:register(neuron)
    assert.equal(0.25, late.reducer.dt)
    local make = snn.OutputMonitor.partialconstructor { last = 2 }
    local one, other = make("", neuron), make("", neuron)
    assert.are_not.equal(one.reducer, other.reducer)
    assert.equal(0.25, one.reducer.dt)
    one.reducer = snn.EMAReducer { step_time = 3, alpha = 0.5 }
    assert.equal(3, one.reducer.dt)
    one.reducer = snn.none
    assert.equal(0.25, one.reducer.dt)
    neuron(snn.full({ 1, 2 }, 3))
    assert.is_true(one:peek():equal(neuron.spike))
  end)

  it("dumps what it has seen, and no more", function()
    local m = snn.StateMonitor { reducer = pass(3), module = neuron, attr = "voltage" }
    assert.is_nil(m:dump())
    neuron(snn.full({ 1, 2 }, 3))
    assert.same({ 1, 1, 2 }, m:dump().shape)
    assert.same({ 4, 1, 2 }, m.reducer:dump().shape)
    for _ = 1, 5 do neuron(snn.full({ 1, 2 }, 3)) end
    assert.is_true(m:dump():equal(m.reducer:dump()))
    m:clear()
    assert.is_nil(m:dump())
  end)
end)
