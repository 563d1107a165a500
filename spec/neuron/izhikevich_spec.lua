local snn = require "snn"
local convergence = require "spec.neuron.convergence"
local support = require "spec.support"
local near = require "spec.near"

local function make(changes)
  local args = {
    shape = 1, step_time = 1, rest_v = -60, crit_v = -50, affinity = 0.1, reset_v = -65,
    thresh_v = -40, refrac_t = 2, tc_membrane = 10, tc_adaptation = 10,
    voltage_coupling = 0.5, spike_increment = 3, dtype = "float64",
  }
  for name, value in pairs(changes or {}) do args[name] = value end
  return snn.Izhikevich(args)
end

local function step(neuron, currents, options)
  return neuron(snn.tensor(currents, { dtype = "float64" }), options):totable()
end

local function adaptation(neuron) return neuron.current_adaptation:totable() end

describe("Izhikevich", function()
  it("starts without adaptation, of shape (shape..., K)", function()
    local neuron = make { shape = { 2, 3 }, batch_size = 4, spike_increment = { 1, 2 } }
    assert.same({ 2, 3, 2 }, neuron.current_adaptation.shape)
    assert.equal(0, neuron.current_adaptation:abs():sum():item())
  end)

  it("takes two steps as by hand", function()
    local neuron = make()
    step(neuron, { { 20 } }) -- no drift at rest: -60 + 20/10, then 0.1 * 0.5 * 2
    near({ { -58 } }, neuron.voltage)
    near({ { 0.1 } }, adaptation(neuron))
    step(neuron, { { 20 } }) -- drift 0.1 * 2 * -8: -58 + (20 - 0.1 - 1.6)/10
    near({ { -56.17 } }, neuron.voltage)
    near({ { 0.1 + 0.1 * (0.5 * 3.83 - 0.1) } }, adaptation(neuron))
  end)

  it("grows by the increment with a spike and stands still while held", function()
    local neuron = make()
    step(neuron, { { 1000 } })
    near({ { 3 } }, adaptation(neuron))
    step(neuron, { { 0 } })
    near({ { 3 } }, adaptation(neuron))
    step(neuron, { { 0 } }) -- free: follows the voltage after the step
    near({ { 3 + 0.1 * (0.5 * (neuron.voltage[1][1] + 60) - 3) } }, adaptation(neuron))
  end)

  it("follows the voltage after the reset in the step of a spike without the lock", function()
    local neuron = make()
    step(neuron, { { 1000 } }, { refrac_lock = false })
    near({ { 0.1 * 0.5 * -5 + 3 } }, adaptation(neuron))
  end)

  it("takes the sum of all adaptations from the current", function()
    local one = make { tc_adaptation = { 10, 20 } }
    local other = make()
    one.current_adaptation = snn.tensor { { 3, 4 } }
    step(one, { { 27 } })
    step(other, { { 20 } })
    near(other.voltage:totable(), one.voltage)
  end)

  it("repeats the last entry of a shorter list", function()
    local neuron = make { tc_adaptation = { 10, 5 }, voltage_coupling = { 0, 0, 0.5 },
      spike_increment = 3 }
    neuron.current_adaptation = snn.tensor { { 10, 10, 10 } }
    step(neuron, { { 30 } })
    local pull = 0.5 * (neuron.voltage[1][1] + 60)
    near({ { 9, 8, 10 + 0.2 * (pull - 10) } }, adaptation(neuron))
  end)

  it("keeps its adaptation in evaluation, and where the option says so", function()
    local neuron = make()
    step(neuron, { { 20 } }, { adapt = false })
    near({ { 0 } }, adaptation(neuron))
    neuron:eval()
    step(neuron, { { 20 } })
    near({ { 0 } }, adaptation(neuron))
    step(neuron, { { 20 } }, { adapt = true })
    assert.is_true(adaptation(neuron)[1][1] > 0)
  end)

  it("keeps its adaptation when cleared, and drops it on demand", function()
    local neuron = make()
    step(neuron, { { 1000 } })
    neuron:clear()
    near({ { 3 } }, adaptation(neuron))
    neuron.batchsz = 2
    near({ { 3 } }, adaptation(neuron))
    neuron:clear { keep_adaptations = false }
    near({ { 0 } }, adaptation(neuron))
  end)

  it("reduces the changes of a batch by name or function", function()
    local function grown(reduction)
      local neuron = make { batch_size = 4, batch_reduction = reduction, voltage_coupling = 0 }
      step(neuron, { { 1000 }, { 0 }, { 1000 }, { 0 } })
      return adaptation(neuron)[1][1]
    end
    assert.near(1.5, grown(), 1e-12)
    assert.near(6, grown("sum"), 1e-12)
    assert.near(3, grown("max"), 1e-12)
    assert.near(0, grown("min"), 1e-12)
    assert.near(3, grown(function(t, dim) return t:amax(dim) end), 1e-12)
  end)

  it("goes on from another dt", function()
    local neuron = make()
    step(neuron, { { 20 } })
    local v, w = neuron.voltage[1][1], adaptation(neuron)[1][1]
    neuron.dt = 0.5
    near({ { w } }, adaptation(neuron))
    step(neuron, { { 20 } })
    near({ { w + 0.05 * (0.5 * (neuron.voltage[1][1] + 60) - w) } }, adaptation(neuron))
    assert.is_true(neuron.voltage[1][1] ~= v)
  end)

  it("comes to a fine reference in order 1, with its adaptations", function()
    local function slope(s)
      return {
        (0.1 * (s[1] + 60) * (s[1] + 50) + 3 - s[2] - s[3]) / 10,
        (0.5 * (s[1] + 60) - s[2]) / 10,
        (0.5 * (s[1] + 60) - s[3]) / 40,
      }
    end
    for _, ratio in ipairs(convergence.ratios(function(dt)
      return make { step_time = dt, tc_adaptation = { 10, 40 } }
    end, slope, 3, -58, 20)) do
      assert.near(2, ratio, 0.25)
    end
  end)

  it("refuses a field of another shape and arguments out of range", function()
    support.fails("ValueError", "'current_adaptation' has shape {1}, must be {1, 1}", function()
      make().current_adaptation = snn.zeros(1)
    end)
    support.fails("ValueError", "'tc_adaptation' must be greater than 0", make,
      { tc_adaptation = { 1, 0 } })
    support.fails("ValueError", "'crit_v' must be at most 'thresh_v'", make, { crit_v = -39 })
  end)
end)
