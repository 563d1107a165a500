local snn = require "snn"
local convergence = require "spec.neuron.convergence"
local support = require "spec.support"

local function eif(changes)
  local args = {
    shape = 1, step_time = 1, rest_v = -60, rheobase_v = -50, sharpness = 2, reset_v = -65,
    thresh_v = -40, refrac_t = 2, time_constant = 20, dtype = "float64",
  }
  for name, value in pairs(changes or {}) do args[name] = value end
  return snn.EIF(args)
end

local function step(neuron, current, options)
  return neuron(snn.full({ 1, 1 }, current, { dtype = "float64" }), options)[1][1]
end

describe("EIF", function()
  it("takes two steps as by hand", function()
    local neuron = eif()
    step(neuron, 20)
    local first = -60 + (2 * math.exp(-5) + 20) / 20
    assert.near(first, neuron.voltage[1][1], 1e-12)
    step(neuron, 40)
    local drift = -(first + 60) + 2 * math.exp((first + 50) / 2)
    assert.near(first + (drift + 40) / 20, neuron.voltage[1][1], 1e-12)
  end)

  it("multiplies the current by the resistance", function()
    local neuron = eif { resistance = 3 }
    step(neuron, 20)
    assert.near(-60 + (2 * math.exp(-5) + 60) / 20, neuron.voltage[1][1], 1e-12)
  end)

  it("takes off by itself well above rheobase_v", function()
    local neuron = eif()
    neuron.voltage = snn.full({ 1, 1 }, -44, { dtype = "float64" })
    local spikes = 0
    for _ = 1, 20 do spikes = spikes + (step(neuron, 0) and 1 or 0) end
    assert.equal(1, spikes)
  end)

  it("spikes at the threshold, and is reset and held", function()
    local neuron = eif()
    assert.is_true(step(neuron, 500))
    assert.equal(-65, neuron.voltage[1][1])
    assert.equal(2, neuron.refrac[1][1])
    assert.is_false(step(neuron, 500))
    assert.is_true(step(neuron, 1000))
  end)

  it("comes to a fine reference in order 1", function()
    local function slope(s)
      return { (-(s[1] + 60) + 2 * math.exp((s[1] + 50) / 2) + 7) / 20 }
    end
    for _, ratio in ipairs(convergence.ratios(function(dt)
      return eif { step_time = dt }
    end, slope, 7, -60, 20)) do
      assert.near(2, ratio, 0.15)
    end
  end)

  for _, dtype in ipairs { "float32", "float64" } do
    it("takes an exponential too great for " .. dtype .. " as a spike", function()
      local neuron = eif { shape = 3, thresh_v = 1e5, dtype = dtype }
      local other = eif { shape = 3, thresh_v = 1e5, dtype = dtype }
      neuron.voltage = snn.tensor { { -60, 5000, -58 } }
      other.voltage = snn.tensor { { -60, -60, -58 } }
      assert.same({ { false, true, false } }, neuron(snn.zeros(1, 3)):totable())
      other(snn.zeros(1, 3))
      assert.equal(-65, neuron.voltage[1][2])
      assert.equal(other.voltage[1][1], neuron.voltage[1][1])
      assert.equal(other.voltage[1][3], neuron.voltage[1][3])
    end)
  end

  it("refuses arguments out of order", function()
    eif { rheobase_v = -40 }
    support.fails("ValueError", "'rheobase_v' must be at most 'thresh_v'", eif,
      { rheobase_v = -39 })
    support.fails("ValueError", "'rest_v' must be less than 'rheobase_v'", eif,
      { rheobase_v = -60 })
    support.fails("ValueError", "'sharpness' must be greater than 0", eif, { sharpness = 0 })
  end)
end)
