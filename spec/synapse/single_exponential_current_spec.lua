local snn = require "snn"
local slow = require "spec.synapse.slow"
local fails = require("spec.support").fails

local function make(changes)
  local args = { shape = 1, step_time = 0.5, spike_charge = 3, time_constant = 4,
    dtype = "float64" }
  for name, value in pairs(changes or {}) do args[name] = value end
  return snn.SingleExponentialCurrent(args)
end

local ONE, NONE = snn.ones(1, 1), snn.zeros(1, 1)

describe("SingleExponentialCurrent", function()
  it("jumps by Q / tau and decays exponentially", function()
    local synapse = make()
    for n = 0, 200 do
      local current = synapse(n == 0 and ONE or NONE)
      assert.near(3 / 4 * math.exp(-0.5 * n / 4), current:item(), 1e-12)
    end
  end)

  it("adds the currents of several spikes", function()
    local synapse, want = make(), 0
    for n = 1, 50 do
      local spikes = n % 3 == 0
      want = want * math.exp(-0.5 / 4) + (spikes and 3 / 4 or 0)
      assert.near(want, synapse(spikes and ONE or NONE):item(), 1e-12)
    end
  end)

  it("scales with a graded input", function()
    local synapse = make()
    assert.near(-3 / 8, synapse(snn.tensor { { -0.5 } }):item(), 1e-12)
    assert.is_true(synapse.spike:item())
  end)

  it("carries the current on between two steps, exactly", function()
    local synapse = make { delay = 5 }
    for n = 0, 10 do synapse(n == 0 and ONE or NONE) end
    for _, time in ipairs { 0, 0.1, 0.75, 1.3, 4.99 } do
      local want = 3 / 4 * math.exp(-(5 - time) / 4)
      local at = snn.tensor({ { time } }, { dtype = "float64" })
      assert.near(want, synapse:current_at(at):item(), 1e-12)
    end
  end)

  it("takes a time within interp_tol of a step for the step", function()
    local synapse = make { delay = 1, interp_tol = 0.125 }
    synapse(ONE)
    synapse(NONE)
    assert.equal(0.75, synapse:current_at(snn.tensor { { 0.4 } }):item())
    assert.near(0.75 * math.exp(-0.25 / 4), synapse:current_at(snn.tensor { { 0.25 } }):item(),
      1e-12)
  end)

  it("reads spikes by spike_interp_mode", function()
    local times = snn.tensor { { 0.2 } }
    for mode, want in pairs { previous = true, nearest = false } do
      local synapse = make { delay = 1, spike_interp_mode = mode }
      synapse(ONE)
      synapse(NONE)
      assert.equal(want, synapse:spike_at(times):item())
    end
  end)

  it("dies away to 0", function()
    local synapse = make { time_constant = 0.01 }
    synapse(ONE)
    for _ = 1, 20 do synapse(NONE) end
    assert.equal(0, synapse.current:item())
  end)

  -- V(n) - rest of a LIF at R Q / tau (1 - b) sum a^k b^(n - k), a and b what
  -- is left of the current and of the voltage after a step
  for _, taus in ipairs { { 4, 10 }, { 7, 7 } } do
    it(("drives a LIF to the potential of tau %g and %g ms"):format(taus[1], taus[2]), function()
      local tau, membrane = taus[1], taus[2]
      local layer = snn.Serial {
        connection = snn.LinearDense { in_shape = 1, out_shape = 1, step_time = 0.5,
          dtype = "float64", weight_init = snn.ones(1, 1),
          synapse = snn.SingleExponentialCurrent.partialconstructor {
            spike_charge = 3, time_constant = tau } },
        neuron = snn.LIF { shape = 1, step_time = 0.5, rest_v = -60, reset_v = -65,
          thresh_v = 1e6, refrac_t = 0, time_constant = membrane, resistance = 2,
          dtype = "float64" },
      }
      local a, b = math.exp(-0.5 / tau), math.exp(-0.5 / membrane)
      for n = 0, 60 do
        layer(n == 0 and ONE or NONE)
        local sum = a == b and (n + 1) * a ^ n or (a ^ (n + 1) - b ^ (n + 1)) / (a - b)
        assert.near(-60 + 2 * 3 / tau * (1 - b) * sum, layer.neuron.voltage:item(), 1e-9)
      end
    end)
  end

  it("wants a time constant above 0", function()
    fails("ValueError", "'time_constant' must be greater than 0", make, { time_constant = 0 })
    fails("RuntimeError", "'spike_interp_mode' must be one of", make,
      { spike_interp_mode = "linear" })
  end)
end)

local SLOW = slow("SingleExponentialCurrent", {
  args = function(tau) return { time_constant = tau } end,
  height = function(tau) return 1 / tau end,
})

describe("SingleExponentialCurrent that is slow", function()
  for text, claim in pairs(SLOW) do it(text, claim) end
end)
