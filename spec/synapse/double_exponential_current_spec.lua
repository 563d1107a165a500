local snn = require "snn"
local slow = require "spec.synapse.slow"
local fails = require("spec.support").fails

local function make(changes)
  local args = { shape = 1, step_time = 0.5, spike_charge = 3, tc_decay = 6, tc_rise = 2,
    dtype = "float64" }
  for name, value in pairs(changes or {}) do args[name] = value end
  return snn.DoubleExponentialCurrent(args)
end

local ONE, NONE = snn.ones(1, 1), snn.zeros(1, 1)

describe("DoubleExponentialCurrent", function()
  it("is the difference of two exponentials, which has the integral Q", function()
    local synapse = make()
    for n = 0, 200 do
      local current = synapse(n == 0 and ONE or NONE):item()
      local pos, neg = 3 / 4 * math.exp(-0.5 * n / 6), 3 / 4 * math.exp(-0.5 * n / 2)
      assert.near(pos - neg, current, 1e-12)
      assert.near(pos, synapse.pos_current:item(), 1e-12)
      assert.near(neg, synapse.neg_current:item(), 1e-12)
    end
  end)

  it("gives the value for outside once, not per part", function()
    local synapse = make { delay = 1, current_overbound = -2 }
    local far = snn.tensor { { 7 } }
    assert.same({ -2, -2, -2 }, { synapse:current_at(far):item(),
      synapse:pos_current_at(far):item(), synapse:neg_current_at(far):item() })
  end)

  it("carries both parts on between two steps, exactly", function()
    local synapse = make { delay = 5 }
    for n = 0, 10 do synapse(n == 0 and ONE or NONE) end
    for _, time in ipairs { 0, 0.1, 0.75, 1.3, 4.99 } do
      local at = snn.tensor({ { time } }, { dtype = "float64" })
      local pos = 3 / 4 * math.exp(-(5 - time) / 6)
      local neg = 3 / 4 * math.exp(-(5 - time) / 2)
      assert.near(pos, synapse:pos_current_at(at):item(), 1e-12)
      assert.near(neg, synapse:neg_current_at(at):item(), 1e-12)
      assert.near(pos - neg, synapse:current_at(at):item(), 1e-12)
    end
  end)

  it("takes parts that are assigned", function()
    local synapse = make()
    synapse.pos_current, synapse.neg_current = snn.full({ 1, 1 }, 5), snn.full({ 1, 1 }, 2)
    assert.equal(3, synapse.current:item())
    fails("AttributeError", "'current' cannot be set", function() synapse.current = ONE end)
  end)

  it("keeps the other exponential when one is assigned", function()
    local synapse = make { dtype = "float32" }
    for _ = 1, 3 do synapse(ONE) end
    local neg = synapse.neg_current:item()
    synapse.pos_current = snn.full({ 1, 1 }, 2.5)
    assert.equal(neg, synapse.neg_current:item())
    assert.equal(2.5, synapse.pos_current:item())
    local pos, after = 2.5 * math.exp(-0.5 / 6), neg * math.exp(-0.5 / 2)
    assert.near(pos - after, synapse(NONE):item(), 1e-6)
  end)

  it("has infinite exponentials where the time constants are equal, and a current", function()
    local synapse = make { tc_decay = 2, tc_rise = 2 }
    assert.equal(0, synapse.pos_current:item())
    synapse(ONE)
    assert.same({ 1 / 0, 1 / 0, 0 }, { synapse.pos_current:item(), synapse.neg_current:item(),
      synapse.current:item() })
    fails("ValueError", "'tc_rise' equals 'tc_decay'",
      function() synapse.pos_current = snn.ones(1, 1) end)
  end)

  it("wants tc_decay at least tc_rise, above 0", function()
    fails("ValueError", "'tc_rise' must be at most 'tc_decay'", make, { tc_decay = 2, tc_rise = 3 })
    fails("ValueError", "'tc_rise' must be greater than 0", make, { tc_rise = 0 })
  end)
end)

local SLOW = slow("DoubleExponentialCurrent", { -- long after the rise
  args = function(tau) return { tc_decay = tau, tc_rise = 0.5 } end,
  height = function(tau) return 1 / (tau - 0.5) end,
})

describe("DoubleExponentialCurrent that is slow", function()
  for text, claim in pairs(SLOW) do it(text, claim) end
end)
