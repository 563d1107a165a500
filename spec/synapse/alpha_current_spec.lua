-- The alpha function in its closed form, Q t / tau^2 exp(-t / tau).
local snn = require "snn"

local ONE, NONE = snn.ones(1, 1):gt(0), snn.zeros(1, 1):gt(0)

local function make(changes)
  local args = { shape = 1, step_time = 0.5, spike_charge = 3, time_constant = 4,
    dtype = "float64" }
  for name, value in pairs(changes or {}) do args[name] = value end
  return snn.AlphaCurrent(args)
end

local function alpha(t, tau, charge) return charge * t / tau ^ 2 * math.exp(-t / tau) end

describe("AlphaCurrent", function()
  it("is the alpha function of a spike, in any step time", function()
    for _, dt in ipairs { 0.1, 0.5, 3 } do
      local synapse = make { step_time = dt }
      for n = 0, 300 do
        local want = alpha(n * dt, 4, 3)
        assert.near(want, synapse(n == 0 and ONE or NONE):item(), 1e-12 * want)
      end
    end
  end)

  it("is greatest, Q / (e tau), a time constant after the spike", function()
    local synapse, most, at = make { time_constant = 10 }, 0, nil
    for n = 0, 100 do
      local current = synapse(n == 0 and ONE or NONE):item()
      if current > most then most, at = current, n end
    end
    assert.equal(20, at)
    assert.near(3 / (math.exp(1) * 10), most, 1e-12)
  end)

  it("carries the charge of its spikes, which add up", function()
    local synapse, charge = make { step_time = 0.01 }, 0
    for n = 0, 8000 do
      charge = charge + synapse((n == 0 or n == 700) and ONE or NONE):item() * 0.01
    end
    assert.near(6, charge, 1e-4) -- of a sum of steps
  end)

  it("is DoubleExponentialCurrent with equal time constants, in bits", function()
    for _, dtype in ipairs { "float32", "float64" } do
      local one = make { dtype = dtype, shape = 7, batch_size = 3, delay = 2 }
      local other = snn.DoubleExponentialCurrent { shape = 7, batch_size = 3, delay = 2,
        step_time = 0.5, spike_charge = 3, tc_decay = 4, tc_rise = 4, dtype = dtype }
      snn.manual_seed(2)
      local times = snn.rand(3, 7) * 2
      for _ = 1, 30 do
        local input = snn.rand(3, 7):lt(0.2)
        assert.is_true(one(input):equal(other(input)))
        assert.is_true(one:current_at(times):equal(other:current_at(times)))
      end
    end
  end)

  it("keeps its digits for time constants of 1e8 steps", function()
    local synapse = make { step_time = 1, time_constant = 1e8, dtype = "float32" }
    synapse(ONE)
    for _ = 1, 200000 do synapse(NONE) end
    assert.near(1, synapse.current:item() / alpha(200000, 1e8, 3), 2e-7)
  end)

  it("goes on between two steps as the older one does alone", function()
    local synapse = make { delay = 3 }
    for n = 0, 9 do synapse(n == 0 and ONE or NONE) end
    -- the newest step is at 4.5 ms
    for _, ago in ipairs { 0.2, 1.3, 2.75 } do
      local got = synapse:current_at(snn.full({ 1, 1 }, ago, { dtype = "float64" })):item()
      assert.near(alpha(4.5 - ago, 4, 3), got, 1e-12)
    end
  end)

  it("takes another time constant for the steps to come", function()
    local synapse = make()
    for n = 0, 4 do synapse(n == 0 and ONE or NONE) end
    local now, rise = synapse.current:item(), 3 / 4 * math.exp(-2 / 4)
    synapse.time_constant = 8
    local want = now * math.exp(-0.5 / 8) + rise * 0.5 / 8 * math.exp(-0.5 / 8)
    assert.near(want, synapse(NONE):item(), 1e-12)
  end)
end)
