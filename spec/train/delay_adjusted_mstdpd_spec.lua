local snn = require "snn"
local cells = require "spec.train.cells"
local rates = require "spec.readout.rates"
local support = require "spec.support"
local near = require "spec.near"
local fails, heard = support.fails, support.heard

local function made(words, delay, changes)
  local args = { lr_pos = 1, lr_neg = -0.5, tc_pos = cells.HALF, tc_neg = 2 * cells.HALF }
  for k, v in pairs(changes or {}) do args[k] = v end
  local layer, trainer = rates.pair("DelayAdjustedMSTDPD", args, { delay = 4 })
  layer.connection.delay = snn.full({ 1, 1 }, delay)
  rates.play(layer, words)
  return layer, trainer
end

local function terms_after(words, delay, changes)
  local layer, trainer = made(words, delay, changes)
  trainer(2)
  return rates.terms(layer, "delay")
end

describe("DelayAdjustedMSTDPD", function()
  it("shortens delays of inputs that arrive before the neuron's spike", function()
    -- arrived 1 ms before; tc_neg halves in 2 ms
    local pos, neg = terms_after("< . >", 1)
    near({ { 0 } }, pos)
    near({ { 0.5 * math.sqrt(0.5) * 2 } }, neg)
  end)

  it("lengthens delays of those that arrive after it", function()
    local pos, neg = terms_after("< . >", 4)
    near({ { 0.5 } }, pos)
    near({ { 0 } }, neg)
  end)

  it("counts pairs without a spike on both sides as nothing", function()
    local pos, neg = terms_after(". . >", 1)
    near({ { 0 } }, pos)
    near({ { 0 } }, neg)
  end)

  it("moves the delays of the connection", function()
    local layer, trainer = made("< . >", 4)
    trainer(2)
    heard(function() layer.connection:update() end) -- out of their range
    near({ { 4.5 } }, layer.connection.delay)
  end)

  it("refuses a cell without delays", function()
    local layer = cells.serial()
    fails("RuntimeError", "", function()
      local _, trainer = made("", 1)
      trainer:register_cell("other", layer.cell)
    end)
    assert.is_nil(layer.updater.weight.pos)
    assert.equal(0, layer.connection.delayedby or 0)
  end)

  it("refuses a missing rate", function()
    fails("TypeError", "", function()
      snn.DelayAdjustedMSTDPD { lr_pos = 1, tc_pos = 1, tc_neg = 1 }
    end)
  end)
end)
