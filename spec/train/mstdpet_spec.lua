local snn = require "snn"
local cells = require "spec.train.cells"
local rates = require "spec.readout.rates"
local fails = require("spec.support").fails
local near = require "spec.near"

local LN2 = math.log(2) -- 1 / tc_eligibility

local function made(words, changes)
  local args = { lr_post = 1, lr_pre = -0.5, tc_post = cells.HALF, tc_pre = cells.HALF,
    tc_eligibility = cells.HALF }
  for k, v in pairs(changes or {}) do args[k] = v end
  local layer, trainer = rates.pair("MSTDPET", args)
  rates.play(layer, words)
  return layer, trainer
end

local function peek(trainer, name) return trainer:get_monitor("cell", name):peek():totable() end

describe("MSTDPET", function()
  it("remembers pairs as they are made, divided by the time constant", function()
    local _, trainer = made "<>"
    near({ { { LN2 } } }, peek(trainer, "elig_post"))
    near({ { { LN2 / 2 } } }, peek(trainer, "elig_pre"))
  end)

  it("forgets them with the time constant", function()
    local _, trainer = made "<> . ."
    near({ { { LN2 / 4 } } }, peek(trainer, "elig_post"))
  end)

  it("adds later pairs, step by step of the layer", function()
    local _, trainer = made "<> >" -- x_pre is 0.5 by then
    near({ { { LN2 / 2 + LN2 / 2 } } }, peek(trainer, "elig_post"))
  end)

  it("changes weights by what is remembered times the signal", function()
    local layer, trainer = made "<> ."
    trainer(2)
    local pos, neg = rates.terms(layer)
    near({ { LN2 } }, pos)
    near({ { LN2 / 2 } }, neg)
  end)

  it("turns the sides around for a negative signal", function()
    local layer, trainer = made "<> ."
    trainer(-2)
    local pos, neg = rates.terms(layer)
    near({ { LN2 / 2 } }, pos)
    near({ { LN2 } }, neg)
  end)

  it("forgets all when cleared", function()
    local layer, trainer = made "<>"
    trainer:clear()
    assert.is_nil(trainer:get_monitor("cell", "elig_post"):peek())
    rates.play(layer, "<>")
    near({ { { LN2 } } }, peek(trainer, "elig_post"))
  end)

  it("remembers nothing in evaluation mode", function()
    local layer, trainer = made "<>"
    trainer:eval()
    rates.play(layer, "<> <>")
    near({ { { LN2 } } }, peek(trainer, "elig_post"))
  end)

  it("keeps what it remembers in its state", function()
    local _, trainer = made "<> ."
    local other, fresh = made ""
    fresh:load_state_dict(trainer:state_dict())
    rates.play(other, ".")
    near({ { { LN2 / 4 } } }, peek(fresh, "elig_post"))
  end)

  it("adds nothing to any cell where one cannot be called", function()
    local layer, trainer = made "<>"
    local other, lost = made "<>"
    trainer:register_cell("other", other.cell)
    rates.play(layer, "<>")
    rates.play(other, "<>")
    trainer:get_monitor("other", "elig_pre"):clear()
    fails("RuntimeError", "has made no step", trainer, 1)
    assert.is_nil(layer.updater.weight.pos)
    assert.is_nil(other.updater.weight.pos)
    lost(1)
    assert.is_not_nil(other.updater.weight.pos)
  end)

  it("fills what an update is about to take, from a bound of another parameter", function()
    local rule = { lr_post = 1, lr_pre = -0.5, tc_post = 5, tc_pre = 5, tc_eligibility = 5 }
    local layer = cells.serial("LinearDense", { in_shape = 40, out_shape = 40, bias = true,
      batch_size = 2 })
    local trainer, weight = snn.MSTDPET(rule), layer.updater.weight
    rule.tc_eligibility = nil
    local events = snn.STDP(rule)
    trainer:register_cell("cell", layer.cell)
    events:register_cell("cell", layer.cell)
    cells.step(layer, snn.ones(2, 40), snn.ones(2, 40))
    cells.step(layer, snn.zeros(2, 40), snn.arange(40):lt(1):expand(2, 40))
    local before = layer.connection.weight
    events()
    trainer(1)
    local pos, neg = weight.pos, weight.neg
    weight:clear()

    events()
    layer.updater.bias.pos = snn.ones(40)
    layer.updater.bias:upperbound(function(_, u)
      trainer(1)
      return u
    end, 1)
    layer:update()
    assert.is_true(layer.connection.weight:allclose(before + pos - neg))
    events()
    weight:clear()
    events()
    assert.equal(0, weight.pos:narrow(1, 2, 39):sum():item())
  end)

  it("fails before the layer's first step", function()
    local _, trainer = made ""
    fails("RuntimeError", "", function() trainer(1) end)
  end)

  it("has no argument 'delayed'", function()
    fails("TypeError", "", function()
      snn.MSTDPET { lr_post = 1, lr_pre = 1, tc_post = 1, tc_pre = 1, tc_eligibility = 1,
        delayed = true }
    end)
  end)
end)
