local snn = require "snn"
local cells = require "spec.train.cells"
local rates = require "spec.readout.rates"
local support = require "spec.support"
local near = require "spec.near"
local fails, heard = support.fails, support.heard

local function made(words, delay, changes)
  local args = { lr_pos = 1, lr_neg = -0.5, tc_pos = cells.HALF, tc_neg = 2 * cells.HALF }
  for k, v in pairs(changes or {}) do args[k] = v end
  local layer, trainer = rates.pair("DelayAdjustedSTDPD", args, { delay = 4 })
  layer.connection.delay = snn.full({ 1, 1 }, delay)
  rates.play(layer, words)
  return layer, trainer
end

local function terms_after(words, delay, changes)
  local layer, trainer = made(words, delay, changes)
  trainer()
  return rates.terms(layer, "delay")
end

describe("DelayAdjustedSTDPD", function()
  it("shortens delays of inputs that arrive before the neuron's spike", function()
    -- arrived 1 ms before; tc_neg halves in 2 ms
    local pos, neg = terms_after("< . >", 1)
    near({ { 0 } }, pos)
    near({ { 0.5 * math.sqrt(0.5) } }, neg)
  end)

  it("lengthens delays of those that arrive after it", function()
    local pos, neg = terms_after("< . >", 4)
    near({ { 0.25 } }, pos)
    near({ { 0 } }, neg)
  end)

  it("counts pairs without a spike on both sides as nothing", function()
    local pos, neg = terms_after(". . >", 1)
    near({ { 0 } }, pos)
    near({ { 0 } }, neg)
  end)

  it("moves the delays of the connection, and tells where they go out", function()
    local layer, trainer = made("< . >", 4)
    trainer()
    local texts = heard(function() layer.connection:update() end)
    near({ { 4.25 } }, layer.connection.delay)
    assert.equal(1, #texts)
    assert.matches("index %(1, 1%) .* 4.25 ms now, outside of 0 to 4 ms", texts[1])
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
      snn.DelayAdjustedSTDPD { lr_pos = 1, tc_pos = 1, tc_neg = 1 }
    end)
  end)
end)
