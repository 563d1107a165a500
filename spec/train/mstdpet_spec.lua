local snn = require "snn"
local cells = require "spec.train.cells"
local rates = require "spec.train.rates"
local fails = require("spec.support").fails
local near = cells.near

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
