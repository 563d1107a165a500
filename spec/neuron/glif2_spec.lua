local snn = require "snn"
local support = require "spec.support"
local near = require "spec.near"

local HALF = math.log(2) -- 1/ms: a rate by which one step of 1 ms halves

local function glif2(changes)
  local args = {
    shape = 2, step_time = 1, rest_v = -60, reset_v_add = 2, reset_v_mul = 0.25,
    thresh_eq_v = -50, refrac_t = 2, tc_membrane = 1 / HALF, rc_adaptation = HALF,
    spike_increment = 4, dtype = "float64",
  }
  for name, value in pairs(changes or {}) do args[name] = value end
  return snn.GLIF2(args)
end

local function step(neuron, currents, options)
  return neuron(snn.tensor(currents, { dtype = "float64" }), options):totable()
end

describe("GLIF2", function()
  it("is reset along a line", function()
    local neuron = glif2()
    step(neuron, { { 40, 8 } }) -- -60 + 40/2 = -40, reset to -60 + 0.25 * 20 - 2
    near({ { -57, -56 } }, neuron.voltage)
  end)

  it("may be reset by a negative factor", function()
    local neuron = glif2 { reset_v_mul = -0.5, reset_v_add = 0 }
    step(neuron, { { 40, 0 } })
    near({ { -70, -60 } }, neuron.voltage)
  end)

  it("raises its threshold by a fixed amount with each spike", function()
    local neuron = glif2()
    step(neuron, { { 40, 0 } })
    near({ { 4 }, { 0 } }, neuron.threshold_adaptation)
    step(neuron, { { 0, 0 } }) -- held
    near({ { 4 }, { 0 } }, neuron.threshold_adaptation)
    step(neuron, { { 0, 0 } }) -- free: 4/2
    near({ { 2 }, { 0 } }, neuron.threshold_adaptation)
  end)

  it("spikes above the raised threshold only", function()
    local neuron = glif2()
    neuron.threshold_adaptation = snn.tensor { { 4 }, { 0 } }
    assert.same({ { false, true } }, step(neuron, { { 26, 26 } })) -- -47
    assert.same({ { false } }, { { neuron.spike[1][1] } })
  end)

  it("repeats the last entry of the shorter list", function()
    local neuron = glif2 { rc_adaptation = { HALF, 2 * HALF }, spike_increment = { 4 } }
    step(neuron, { { 40, 0 } })
    step(neuron, { { 0, 0 } })
    step(neuron, { { 0, 0 } })
    near({ { 2, 1 }, { 0, 0 } }, neuron.threshold_adaptation)
  end)

  it("takes the mean over the batch", function()
    local neuron = glif2 { batch_size = 4 }
    step(neuron, { { 40, 0 }, { 0, 0 }, { 40, 40 }, { 40, 0 } })
    near({ { 3 }, { 1 } }, neuron.threshold_adaptation)
  end)

  it("refuses rates that are not positive", function()
    support.fails("ValueError", "'rc_adaptation' must be greater than 0", glif2,
      { rc_adaptation = 0 })
  end)
end)
