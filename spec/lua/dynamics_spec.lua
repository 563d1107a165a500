local snn = require "snn"
local support = require "spec.support"
local near = require "spec.near"

local f = snn.functional
local DOUBLE = { dtype = "float64" }

local GROUP = {
  shape = 3, step_time = 0.5, rest_v = -60, reset_v = -65, thresh_v = -20, refrac_t = 2,
  resistance = 2, dtype = "float64",
}

local function like(changes)
  local args = {}
  for _, t in ipairs { GROUP, changes } do
    for name, value in pairs(t) do args[name] = value end
  end
  return args
end

local INPUT = snn.tensor({ { 3, -4, 30 } }, DOUBLE)
local MEMBRANE = { step_time = 0.5, time_constant = 20, rest_v = -60, resistance = 2 }

local function membrane(changes)
  local options = {}
  for _, t in ipairs { MEMBRANE, changes } do
    for name, value in pairs(t) do options[name] = value end
  end
  return options
end

describe("voltage_integration", function()
  local V = snn.tensor({ { -60, -57, -52 } }, DOUBLE)

  local function after(neuron)
    neuron.voltage = V
    neuron(INPUT)
    return neuron.voltage
  end

  it("linear is the step of LIF", function()
    near(after(snn.LIF(like { time_constant = 20 })),
      f.voltage_integration_linear(INPUT, V, MEMBRANE))
  end)

  it("quadratic is the step of QIF", function()
    local own = { crit_v = -50, affinity = 0.1 }
    near(after(snn.QIF(like { time_constant = 20, crit_v = -50, affinity = 0.1 })),
      f.voltage_integration_quadratic(INPUT, V, membrane(own)))
  end)

  it("exponential is the step of EIF", function()
    local own = { rheobase_v = -50, sharpness = 2 }
    near(after(snn.EIF(like { time_constant = 20, rheobase_v = -50, sharpness = 2 })),
      f.voltage_integration_exponential(INPUT, V, membrane(own)))
  end)

  it("takes tensors as constants", function()
    local options = membrane { time_constant = snn.tensor({ 20, 10, 20 }, DOUBLE) }
    local mixed = f.voltage_integration_linear(INPUT, V, options)
    local plain = f.voltage_integration_linear(INPUT, V, membrane { time_constant = 10 })
    assert.equal(plain[1][2], mixed[1][2])
  end)

  it("names what is wrong", function()
    support.fails("TypeError", "'voltages' must be a tensor", f.voltage_integration_linear, INPUT,
      1, MEMBRANE)
    support.fails("TypeError", "'crit_v' is missing (mV; critical voltage)",
      f.voltage_integration_quadratic, INPUT, V, membrane { affinity = 1 })
    support.fails("TypeError", "did you mean 'sharpness'", f.voltage_integration_exponential,
      INPUT, V, membrane { sharpnes = 1 })
  end)
end)

describe("adaptive functions", function()
  local A = snn.tensor({ { 1, 2 }, { 0, 4 } }, DOUBLE)
  local SPIKES = snn.tensor({ { true, false } })
  local V = snn.tensor({ { -56, -62 } }, DOUBLE)

  it("let currents follow the voltage", function()
    local got = f.adaptive_currents_linear(A, V, SPIKES, { step_time = 1, rest_v = -60,
      time_constant = 10, voltage_coupling = 0.5, spike_increment = 3 })
    near(snn.tensor({ { { 1 + 0.1 * 1 + 3, 2 + 3 }, { -0.1, 4 - 0.1 * 5 } } }, DOUBLE), got)
  end)

  it("let thresholds decay, and stand still where a time is left", function()
    local got = f.adaptive_thresholds_linear_spike(A, SPIKES, { step_time = math.log(2),
      time_constant = 1, spike_increment = 1, refracs = snn.tensor { { 0, 1 } } })
    near(snn.tensor({ { { 1.5, 2 }, { 0, 4 } } }, DOUBLE), got)
  end)

  it("let thresholds follow the voltage, with a least value at spikes", function()
    local got = f.adaptive_thresholds_linear_voltage(A, V, { step_time = 1, rest_v = -60,
      adapt_rate = 0.25, rebound_rate = 0.5, adapt_reset_min = 1.75, spikes = SPIKES })
    near(snn.tensor({ { { 1.75, 2 }, { -0.5, 1.5 } } }, DOUBLE), got)
  end)

  it("apply sums of adaptations", function()
    near(snn.tensor({ { -59, -66 } }, DOUBLE), f.apply_adaptive_currents(V, A))
    near(snn.tensor({ -47, -46 }, DOUBLE), f.apply_adaptive_thresholds(-50, A))
  end)
end)

describe("what decays", function()
  -- halved in each step: 1.5 of the smallest normal number, then 0
  local zero = snn.zeros({ 1, 1 }, DOUBLE)
  local rest = { step_time = math.log(2), time_constant = 1, rest_v = 0, resistance = 1 }
  local euler = { step_time = 0.5, time_constant = 1, rest_v = 0, resistance = 1,
    crit_v = 1, affinity = 1 }
  local laws = {
    voltage_integration_linear = function(x)
      return f.voltage_integration_linear(zero, x, rest)
    end,
    voltage_integration_quadratic = function(x)
      return f.voltage_integration_quadratic(zero, x, euler)
    end,
    adaptive_thresholds_linear_spike = function(x)
      return f.adaptive_thresholds_linear_spike(x, zero, { step_time = math.log(2),
        time_constant = 1, spike_increment = 0 })
    end,
    adaptive_thresholds_linear_voltage = function(x)
      return f.adaptive_thresholds_linear_voltage(x, zero, { step_time = 1, rest_v = 0,
        adapt_rate = 0, rebound_rate = 0.5 })
    end,
    adaptive_currents_linear = function(x)
      return f.adaptive_currents_linear(x, zero, zero, { step_time = 0.5, rest_v = 0,
        time_constant = 1, voltage_coupling = 0, spike_increment = 0 })
    end,
  }
  for name, law in pairs(laws) do
    it("is 0 below the smallest normal number: " .. name, function()
      local x = law(snn.full({ 1, 1 }, 3 * 0x1p-1022, DOUBLE))
      assert.near(1.5, x:flatten()[1] / 0x1p-1022, 1e-9)
      assert.equal(0, law(x:view(1, 1)):flatten()[1])
    end)
  end
end)
