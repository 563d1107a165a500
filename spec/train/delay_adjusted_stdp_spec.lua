local snn = require "snn"
local cells = require "spec.train.cells"
local rates = require "spec.readout.rates"
local fails = require("spec.support").fails
local near = require "spec.near"

local function made(words, delay, changes)
  local args = { lr_pos = 1, lr_neg = -0.5, tc_pos = cells.HALF, tc_neg = 2 * cells.HALF }
  for k, v in pairs(changes or {}) do args[k] = v end
  local layer, trainer = rates.pair("DelayAdjustedSTDP", args, { delay = 4 })
  layer.connection.delay = snn.full({ 1, 1 }, delay)
  rates.play(layer, words)
  return layer, trainer
end

local function terms_after(words, delay, changes)
  local layer, trainer = made(words, delay, changes)
  trainer()
  return rates.terms(layer, "weight")
end

describe("DelayAdjustedSTDP", function()
  it("takes the delay off the time between the spikes", function()
    -- sent 2 ms before the neuron's spike, arrived 1 ms before
    local pos, neg = terms_after("< . >", 1)
    near({ { 0.5 } }, pos)
    near({ { 0 } }, neg)
  end)

  it("counts what arrives after the neuron's spike as acausal", function()
    -- arrives 2 ms after
    local pos, neg = terms_after("< . >", 4)
    near({ { 0 } }, pos)
    near({ { 0.25 } }, neg)
  end)

  it("counts what arrives with the neuron's spike as causal", function()
    near({ { 1.0 } }, (terms_after("< . >", 2)))
  end)

  it("has both terms on the side of their rates", function()
    local pos, neg = terms_after("< . >", 4, { lr_neg = 0.5 })
    near({ { 0.25 } }, pos)
    assert.is_nil(neg)
  end)

  it("counts pairs without a spike on both sides as nothing", function()
    local pos, neg = terms_after("< . .", 1)
    near({ { 0 } }, pos)
    near({ { 0 } }, neg)
  end)

  it("has overrides by cell", function()
    local layer, trainer = made("", 1)
    trainer:del_cell "cell"
    trainer:register_cell("cell", layer.cell, { lr_pos = 4 })
    rates.play(layer, "< . >")
    trainer()
    near({ { 2.0 } }, (rates.terms(layer, "weight")))
  end)

  it("refuses a time constant of 0", function()
    fails("ValueError", "", function() made("", 1, { tc_pos = 0 }) end)
  end)
end)

describe("a rule that is adjusted to delays", function()
  local times = { lr_pos = 1, lr_neg = -1, tc_pos = 20, tc_neg = 20 }
  local kernels = { kernel_post = function(t) return t end, kernel_pre = function(t) return t end }
  for name, args in pairs { DelayAdjustedSTDP = times, DelayAdjustedMSTDP = times,
    DelayAdjustedKernelSTDP = kernels } do
    it("says that a connection has no delays: " .. name, function()
      local layer, trainer = rates.pair(name, args, {})
      rates.play(layer, "< . >")
      fails("RuntimeError",
        name .. ": the cell's connection has no delays; make it with 'delay'", trainer,
        name:find "MSTDP" and 1 or nil)
    end)
  end
end)
