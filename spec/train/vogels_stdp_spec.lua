-- Inhibitory plasticity: pairs and single spikes in closed form, and the rate that
-- it holds.
local snn = require "snn"
local cells = require "spec.train.cells"
local fails = require("spec.support").fails

local LR <const>, TC <const> = 0.01, 20 -- ms

local function trained(layer, changes)
  local args = { lr = LR, tc = TC, target_rate = 5 }
  for name, value in pairs(changes or {}) do args[name] = value end
  local trainer = snn.VogelsSTDP(args)
  trainer:register_cell("cell", layer.cell)
  return trainer
end

-- One input spikes before step 1, one neuron at step 1 + the steps between; the sum of
-- what weights get, and the terms of each step.
local function pair(between, changes, pre_first)
  local layer = cells.serial("LinearDense", { in_shape = 1, out_shape = 1, dtype = "float64" })
  local trainer, total, terms = trained(layer, changes), 0, {}
  for i = 0, math.abs(between) do
    local first, second = i == 0 and 1 or 0, i == math.abs(between) and 1 or 0
    cells.step(layer, { { pre_first and first or second } },
      { { pre_first and second or first } })
    trainer()
    local acc = layer.updater.weight
    local pos, neg = acc.pos:item(), acc.neg:item()
    terms[i] = { pos, neg }
    total = total + pos - neg
    acc:clear()
  end
  return total, terms
end

local ALPHA <const> = 2 * 5e-3 * TC -- 5 Hz

describe("VogelsSTDP", function()
  it("strengthens by a pair in either order, less alpha for the input's spike", function()
    for _, between in ipairs { 1, 3, 10 } do
      local want = LR * (math.exp(-between / TC) - ALPHA)
      assert.near(want, (pair(between, nil, true)), 1e-15)
      assert.near(want, (pair(between, nil, false)), 1e-15)
    end
  end)

  it("weakens by alpha where the input spikes alone", function()
    local layer = cells.serial("LinearDense", { dtype = "float64" })
    local trainer = trained(layer)
    cells.step(layer, { { 1, 0 } }, { { 0, 0 } })
    trainer()
    local neg = layer.updater.weight.neg:totable()
    assert.same({ 0, 0 }, { neg[1][2], neg[2][2] })
    assert.near(LR * ALPHA, neg[1][1], 1e-17)
    assert.near(LR * ALPHA, neg[2][1], 1e-17)
    assert.equal(0, layer.updater.weight.pos:sum():item())
  end)

  it("keeps pairs and spikes alone apart in the updater", function()
    local _, terms = pair(3, nil, false)
    assert.near(LR * math.exp(-3 / TC), terms[3][1], 1e-15)
    assert.near(LR * ALPHA, terms[3][2], 1e-15)
  end)

  it("turns around with the sign of lr", function()
    assert.near(-(pair(3, nil, true)), (pair(3, { lr = -LR }, true)), 1e-15)
  end)

  it("does nothing to a silent input with a target of 0 and no pair", function()
    local layer = cells.serial("LinearDense")
    local trainer = trained(layer, { target_rate = 0 })
    cells.step(layer, { { 1, 1 } }, { { 0, 0 } })
    trainer()
    assert.equal(0, layer.updater.weight.pos:sum():item())
    assert.is_nil(layer.updater.weight.neg)
  end)

  it("balances at the target: independent spikes at that rate change nothing on average", function()
    -- mean of dw per step: lr rate (2 rate sum of decays - alpha)
    local rate, n, steps = 0.02, 50, 20000
    local layer = cells.serial("LinearDense", { in_shape = n, out_shape = n, dtype = "float64" })
    local decay = math.exp(-1 / TC)
    local target = rate / (1 - decay) / TC * 1000
    local trainer = trained(layer, { target_rate = target })
    snn.manual_seed(1)
    for _ = 1, steps do
      cells.step(layer, snn.rand(1, n):lt(rate), snn.rand(1, n):lt(rate))
      trainer()
      layer:update()
    end
    local change = layer.connection.weight:mean():item()
    local depression = LR * rate * steps * ALPHA * target / 5
    assert.is_true(math.abs(change) < 0.01 * depression, change / depression)
  end)

  it("refuses a negative target and an absent argument", function()
    fails("ValueError", "'target_rate'", snn.VogelsSTDP, { lr = 1, tc = 20, target_rate = -1 })
    fails("TypeError", "'target_rate'", snn.VogelsSTDP, { lr = 1, tc = 20 })
  end)
end)

-- Currents of 100 excitatory and 100 inhibitory inputs of 20 Hz make it spike at some 90
-- Hz while inhibition is 0; the rate at first and in the second half, Hz.
local function rates_of(target)
  snn.manual_seed(7)
  local n, steps = 100, 20000
  local function connection(weight)
    local c = snn.LinearDense {
      in_shape = n, out_shape = 1, step_time = 1,
      synapse = snn.SingleExponentialCurrent.partialconstructor {
        spike_charge = 50, time_constant = 5,
      },
      weight_init = function(w) return w * 0 + weight end,
    }
    c.updater = c:defaultupdater()
    return c
  end
  local layer = snn.Biclique {
    connections = { { "exc", connection(0.6) },
      { "inh", connection(0), function(current) return -current end } },
    neurons = { { "out", snn.LIF {
      shape = 1, step_time = 1, rest_v = -60, reset_v = -60, thresh_v = -50, refrac_t = 5,
      time_constant = 20,
    } } },
  }
  local trainer = snn.VogelsSTDP { lr = 0.005, tc = 20, target_rate = target }
  trainer:register_cell("inh", layer:get_cell("inh", "out"))
  local first, settled = 0, 0
  for i = 1, steps do
    local out = layer { exc = snn.rand(1, n):lt(0.02), inh = snn.rand(1, n):lt(0.02) }
    local spikes = out.out:sum():item()
    if i <= 500 then first = first + spikes end
    if i > steps // 2 then settled = settled + spikes end
    trainer()
    layer:update()
  end
  return first / 0.5, settled / (steps // 2) * 1000
end

describe("a neuron with plastic inhibition", function()
  for _, target in ipairs { 5, 20 } do
    it(("comes to spike at its target, %d Hz"):format(target), function()
      local first, settled = rates_of(target)
      assert.is_true(first > 3 * target, first)
      assert.near(target, settled, 0.1 * target)
    end)
  end
end)
