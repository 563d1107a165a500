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

  it("let thresholds be scaled at a spike", function()
    local options = { step_time = math.log(2), time_constant = 1, spike_increment = 1 }
    near(snn.tensor({ { { 1.5, 2 }, { 0, 2 } } }, DOUBLE),
      f.adaptive_thresholds_constant_spike(A, SPIKES, options))
    near(f.adaptive_thresholds_constant_spike(A, SPIKES, options),
      f.adaptive_thresholds_linear_spike(A, SPIKES, options))
    options.spike_scale = 3
    near(snn.tensor({ { { 2.5, 4 }, { 0, 2 } } }, DOUBLE),
      f.adaptive_thresholds_linear_spike(A, SPIKES, options))
    support.fails("TypeError", "spike_scale", f.adaptive_thresholds_constant_spike, A, SPIKES,
      options)
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

describe("voltage_thresholding", function()
  local function add(x) return snn.tensor({ { -60, -50, -40 } }, DOUBLE) + x end

  local function options(changes)
    local out = { step_time = 1, thresh_v = -50, refrac_t = 3, reset_v = -65 }
    for name, value in pairs(changes or {}) do out[name] = value end
    return out
  end

  for _, dtype in ipairs { "float32", "float64" } do
    local function row(...) return snn.tensor({ { ... } }, { dtype = dtype }) end

    it("constant spikes at the threshold, resets and holds, in " .. dtype, function()
      local s, v, r = f.voltage_thresholding_constant(row(0, 5, 20), row(0, 0, 0), function(x)
        return row(-60, -55, -55) + x
      end, options())
      assert.same({ { false, true, true } }, s:totable())
      near(row(-60, -65, -65), v)
      near(row(0, 3, 3), r)
      assert.equal(dtype, v.dtype)
      assert.equal(dtype, r.dtype)
    end)
  end

  it("gives no current in the refractory time, and spikes at its end", function()
    local seen
    local s, v, r = f.voltage_thresholding_constant(snn.tensor({ { 30, 30, 30 } }, DOUBLE),
      snn.tensor({ { 2, 1, 0.5 } }, DOUBLE), function(x)
        seen = x
        return add(x)
      end, options())
    near(snn.tensor({ { 0, 30, 30 } }, DOUBLE), seen)
    assert.same({ { false, true, true } }, s:totable())
    near(snn.tensor({ { -60, -65, -65 } }, DOUBLE), v)
    near(snn.tensor({ { 1, 3, 3 } }, DOUBLE), r)
  end)

  it("holds the voltages that it is given", function()
    local _, v = f.voltage_thresholding_constant(snn.tensor({ { 0, 0, 0 } }, DOUBLE),
      snn.tensor({ { 2, 2, 0 } }, DOUBLE), add,
      options { voltages = snn.tensor({ { -61, -62, -63 } }, DOUBLE) })
    near(snn.tensor({ { -61, -62, -65 } }, DOUBLE), v)
  end)

  it("linear resets by a line through rest", function()
    local s, v = f.voltage_thresholding_linear(snn.tensor({ { 0, 0, 0 } }, DOUBLE),
      snn.tensor({ { 0, 0, 0 } }, DOUBLE), add, { step_time = 1, thresh_v = -50, refrac_t = 3,
        rest_v = -60, v_slope = 0.5, v_intercept = 4 })
    assert.same({ { false, true, true } }, s:totable())
    -- -60 + 0.5 * 10 - 4, -60 + 0.5 * 20 - 4
    near(snn.tensor({ { -60, -59, -54 } }, DOUBLE), v)
  end)

  -- 0.3 - 0.1 - 0.1 - 0.1 is no 0 in float32
  it("takes as over what only rounding has left of a time", function()
    local r, count = snn.tensor { { 0.3 } }, 0
    repeat
      local s, v
      s, v, r = f.voltage_thresholding_constant(snn.tensor { { 0 } }, r, function()
        return snn.tensor { { 0 } }
      end, options { step_time = 0.1, refrac_t = 0.3 })
      count = count + 1
      assert.is_true(s[1][1] or v[1][1] == 0)
    until s[1][1]
    assert.equal(3, count)
  end)

  it("are the step of LIF", function()
    local neuron = snn.LIF(like { time_constant = 20, thresh_v = -57 })
    local v, r = neuron.voltage, snn.zeros({ 1, 3 }, DOUBLE)
    for t = 1, 40 do
      local x, s = INPUT * (t % 7)
      s, v, r = f.voltage_thresholding_constant(x, r, function(current)
        return f.voltage_integration_linear(current, v, MEMBRANE)
      end, { step_time = 0.5, thresh_v = -57, refrac_t = 2, reset_v = -65, voltages = v })
      assert.same(s:totable(), neuron(x):totable())
      near(v, neuron.voltage)
    end
  end)

  it("name what is wrong", function()
    local t = snn.zeros(1, 3)
    local call = f.voltage_thresholding_constant
    support.fails("TypeError", "'dynamics' must be a function", call, t, t, 1, options())
    support.fails("TypeError", "'dynamics' must return a tensor, got nil", call, t, t,
      function() end, options())
    support.fails("TypeError", "reset_v", call, t, t, add, { step_time = 1, thresh_v = 1,
      refrac_t = 1 })
    support.fails("TypeError", "'voltages' must be a tensor", call, t, t, add,
      options { voltages = 1 })
  end)
end)
