local snn = require "snn"
local cells = require "spec.train.cells"
local rates = require "spec.readout.rates"
local fails = require("spec.support").fails
local near = require "spec.near"

-- gain t where pre came before post, gain |t| where post did
local function causal(t, kwargs) return t:maximum(0) * kwargs.gain end
local function acausal(t, kwargs) return t:minimum(0) * -kwargs.gain end

local function made(words, changes)
  local args = { kernel_post = causal, kernel_pre = acausal, kernel_post_kwargs = { gain = 3 },
    kernel_pre_kwargs = { gain = -0.5 } }
  for k, v in pairs(changes or {}) do args[k] = v end
  local layer, trainer = rates.pair("KernelSTDP", args)
  rates.play(layer, words)
  return layer, trainer
end

local function terms_after(words, changes)
  local layer, trainer = made(words, changes)
  trainer()
  return rates.terms(layer)
end

describe("KernelSTDP", function()
  it("gives kernel_post the time from the input's to the neuron's spike", function()
    local pos, neg = terms_after "< . >"
    near({ { 6 } }, pos)
    near({ { 0 } }, neg)
  end)

  it("gives kernel_pre the negative time", function()
    local pos, neg = terms_after "> . . <"
    near({ { 0 } }, pos)
    near({ { 1.5 } }, neg)
  end)

  it("applies them at every step, to the last spikes", function()
    near({ { 6 } }, (terms_after "< . > . ."))
  end)

  it("counts pairs without a spike on both sides as nothing", function()
    local pos, neg = terms_after "< . ."
    near({ { 0 } }, pos)
    near({ { 0 } }, neg)
  end)

  it("runs the kernels of snn.functional", function()
    local kwargs = { learning_rate = 2, time_constant = cells.HALF }
    near({ { 0.5 } }, (terms_after("< . >", {
      kernel_post = snn.functional.exp_stdp_post_kernel, kernel_post_kwargs = kwargs,
      kernel_pre = snn.functional.exp_stdp_pre_kernel, kernel_pre_kwargs = kwargs,
    })))
  end)

  it("shows the times by its monitors", function()
    local _, trainer = made "< . >"
    near({ { 2 } }, trainer:get_monitor("cell", "spike_pre"):peek())
    near({ { 0 } }, trainer:get_monitor("cell", "spike_post"):peek())
  end)

  it("passes errors of a kernel on unchanged", function()
    local mine = {}
    local _, trainer = made("<>", { kernel_pre = function() error(mine) end })
    local ok, err = pcall(trainer)
    assert.is_false(ok)
    assert.equal(mine, err)
  end)

  it("adds nothing when a kernel fails", function()
    local layer, trainer = made("<>", { kernel_pre = function() return 1 end })
    fails("TypeError", "KernelSTDP: 'kernel_pre' must return a tensor, got number 1", trainer)
    assert.is_nil(layer.updater.weight.pos)
  end)

  it("refuses a kernel's result of another shape", function()
    local _, trainer = made("<>", { kernel_pre = function() return snn.zeros(3) end })
    fails("ValueError", "", trainer)
  end)

  it("refuses a kernel that is no function", function()
    fails("TypeError", "KernelSTDP: 'kernel_post' must be a function, got number 1",
      function() made("", { kernel_post = 1 }) end)
  end)

  it("refuses one in the overrides too", function()
    local layer = cells.serial()
    local _, trainer = made ""
    fails("TypeError", "", function()
      trainer:register_cell("other", layer.cell, { kernel_pre = "x" })
    end)
    fails("AttributeError", "", function() trainer:get_cell "other" end)
  end)
end)
