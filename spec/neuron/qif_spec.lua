local snn = require "snn"
local convergence = require "spec.neuron.convergence"
local support = require "spec.support"

local function qif(changes)
  local args = {
    shape = 1, step_time = 1, rest_v = -60, crit_v = -50, affinity = 0.1, reset_v = -65,
    thresh_v = -40, refrac_t = 2, time_constant = 10, dtype = "float64",
  }
  for name, value in pairs(changes or {}) do args[name] = value end
  return snn.QIF(args)
end

local function step(neuron, current, options)
  return neuron(snn.full({ 1, 1 }, current, { dtype = "float64" }), options)[1][1]
end

describe("QIF", function()
  it("takes two steps as by hand", function()
    local neuron = qif()
    step(neuron, 20) -- no drift at rest: -60 + 20/10
    assert.near(-58, neuron.voltage[1][1], 1e-12)
    step(neuron, 20) -- drift 0.1 * 2 * -8 = -1.6: -58 + (20 - 1.6)/10
    assert.near(-56.16, neuron.voltage[1][1], 1e-12)
  end)

  it("multiplies the current by the resistance", function()
    local neuron = qif { resistance = 0.5 }
    step(neuron, 20)
    assert.near(-59, neuron.voltage[1][1], 1e-12)
  end)

  it("falls back below crit_v and takes off above", function()
    local neuron = qif()
    for start, sign in pairs { [-50.5] = -1, [-49.5] = 1 } do
      neuron.voltage = snn.full({ 1, 1 }, start, { dtype = "float64" })
      step(neuron, 0)
      assert.is_true((neuron.voltage[1][1] - start) * sign > 0)
    end
  end)

  it("spikes at the threshold, and is reset and held", function()
    local neuron = qif()
    assert.is_true(step(neuron, 200)) -- -60 + 20 = thresh_v
    assert.equal(-65, neuron.voltage[1][1])
    assert.equal(2, neuron.refrac[1][1])
    assert.is_false(step(neuron, 1000))
    assert.equal(-65, neuron.voltage[1][1])
    assert.is_true(step(neuron, 1000))
  end)

  it("drifts in the refractory time without the lock, deaf to its input", function()
    local neuron = qif()
    step(neuron, 200)
    step(neuron, 1000, { refrac_lock = false }) -- drift 0.1 * -5 * -15 = 7.5
    assert.near(-64.25, neuron.voltage[1][1], 1e-12)
  end)

  it("comes to the logistic curve in order 1", function()
    -- without input u = v - rest is D / (1 + (D/u0 - 1) exp(a D t / tc)), D = crit - rest
    local errors = {}
    for halving = 0, 3 do
      local dt = 0.1 / 2 ^ halving
      local neuron = qif { step_time = dt }
      neuron.voltage = snn.full({ 1, 1 }, -52, { dtype = "float64" })
      for _ = 1, math.floor(10 / dt + 0.5) do step(neuron, 0) end
      local exact = -60 + 10 / (1 + (10 / 8 - 1) * math.exp(0.1 * 10 * 10 / 10))
      errors[halving] = math.abs(neuron.voltage[1][1] - exact)
    end
    for k = 0, 2 do assert.near(2, errors[k] / errors[k + 1], 0.1) end
  end)

  it("comes to a fine reference in order 1 under a current", function()
    local function slope(s) return { (0.1 * (s[1] + 60) * (s[1] + 50) + 2) / 10 } end
    for _, ratio in ipairs(convergence.ratios(function(dt)
      return qif { step_time = dt }
    end, slope, 2, -60, 20)) do
      assert.near(2, ratio, 0.15)
    end
  end)

  it("takes a crit_v that is the threshold, and none above", function()
    qif { crit_v = -40 }
    support.fails("ValueError", "'crit_v' must be at most 'thresh_v'", qif, { crit_v = -39 })
    support.fails("ValueError", "'rest_v' must be less than 'crit_v'", qif, { crit_v = -60 })
  end)
end)
