local snn = require "snn"
local cells = require "spec.train.cells"
local rates = require "spec.readout.rates"
local fails = require("spec.support").fails
local near = require "spec.near"

local function args(changes)
  local out = { lr_post = 1, lr_pre = -0.5, tc_post = cells.HALF, tc_pre = cells.HALF }
  for k, v in pairs(changes or {}) do out[k] = v end
  return out
end

-- input, then neuron, then input: x_pre 0.5 at the neuron's spike, x_post 0.25 at
-- the input's
local function at_post(trainer_args)
  local layer, trainer = rates.pair("MSTDP", args(trainer_args))
  rates.play(layer, "< >")
  return layer, trainer
end

local function at_pre()
  local layer, trainer = rates.pair("MSTDP", args())
  rates.play(layer, "> <")
  return layer, trainer
end

describe("MSTDP", function()
  it("is STDP times the signal", function()
    local layer, trainer = at_post()
    trainer(3)
    local pos, neg = rates.terms(layer)
    near({ { 1.5 } }, pos)
    near({ { 0 } }, neg)
  end)

  it("takes the pre term to neg", function()
    local layer, trainer = at_pre()
    trainer(1)
    local pos, neg = rates.terms(layer)
    near({ { 0 } }, pos)
    near({ { 0.25 } }, neg)
  end)

  it("turns the sides around for a negative signal", function()
    local layer, trainer = at_post()
    trainer(-3)
    local pos, neg = rates.terms(layer)
    near({ { 0 } }, pos)
    near({ { 1.5 } }, neg)
  end)

  it("scales the signal by an absolute value", function()
    local layer, trainer = at_post()
    trainer(3, { scale = -2 })
    near({ { 3 } }, (rates.terms(layer)))
  end)

  it("sets traces with trace_mode nearest", function()
    local layer, trainer = rates.pair("MSTDP", args { trace_mode = "nearest" })
    rates.play(layer, "< < >")
    trainer(1)
    near({ { 0.5 } }, (rates.terms(layer)))
  end)

  it("does nothing for a signal of 0", function()
    local layer, trainer = at_post()
    trainer(0)
    near({ { 0 } }, (rates.terms(layer)))
  end)

  context("given a signal for each of two samples", function()
    local layer, trainer

    -- both samples: a pair worth 0.5 at the neuron's spike
    before_each(function()
      layer, trainer = rates.pair("MSTDP", args(), { batch_size = 2 })
      cells.step(layer, { { 1 }, { 1 } }, { { 0 }, { 0 } })
      cells.step(layer, { { 0 }, { 0 } }, { { 1 }, { 1 } })
    end)

    it("adds each on the side of its sign", function()
      trainer(snn.tensor { 2, -4 })
      local pos, neg = rates.terms(layer)
      near({ { 1 } }, pos)
      near({ { 2 } }, neg)
    end)

    it("adds the samples of a side up", function()
      trainer(snn.tensor { 2, 4 })
      near({ { 3 } }, (rates.terms(layer)))
    end)

    it("gives what two layers of one sample give", function()
      trainer(snn.tensor { 2, 4 }, { scale = 0.5 })
      local one, single = at_post()
      single(2, { scale = 0.5 })
      single(4, { scale = 0.5 })
      near((rates.terms(one)), (rates.terms(layer)))
    end)

    it("refuses another number of signals", function()
      fails("ValueError", "MSTDP: 'signal' has shape {3}, allowed are a number and a tensor of "
        .. "shape {2}, one for each sample", function() trainer(snn.zeros(3)) end)
    end)

    it("takes one number for both", function()
      trainer(2)
      near({ { 2 } }, (rates.terms(layer)))
    end)
  end)

  it("reduces by a function, over the samples that have a sign", function()
    local seen
    local layer, trainer = rates.pair("MSTDP", args { batch_reduction = function(t, dim)
      seen = t.shape[1]
      return t:amax(dim)
    end }, { batch_size = 3 })
    cells.step(layer, { { 1 }, { 1 }, { 1 } }, { { 1 }, { 1 }, { 1 } })
    trainer(snn.tensor { 1, 3, 2 })
    assert.equal(3, seen)
    near({ { 3 } }, (rates.terms(layer)))
  end)

  it("adds nothing to any cell where the signals are not those of one", function()
    local layer, trainer = rates.pair("MSTDP", args(), { batch_size = 2 })
    local other = rates.pair("MSTDP", args(), { batch_size = 3 })
    trainer:register_cell("other", other.cell)
    cells.step(layer, { { 1 }, { 1 } }, { { 1 }, { 1 } })
    cells.step(other, { { 1 }, { 1 }, { 1 } }, { { 1 }, { 1 }, { 1 } })
    other.connection.batchsz = 2
    fails("RuntimeError", "of 2 samples, 3 were recorded", trainer, snn.ones(2))
    assert.is_nil((rates.terms(layer)))
  end)

  it("wants a signal", function()
    local _, trainer = at_post()
    fails("TypeError", "MSTDP: 'signal' must be a number or a tensor (batch), got nil",
      function() trainer() end)
  end)

  it("refuses options that it does not have", function()
    local _, trainer = at_post()
    fails("TypeError", "MSTDP: unknown option 'scal' (did you mean 'scale'?)",
      function() trainer(1, { scal = 2 }) end)
  end)
end)
