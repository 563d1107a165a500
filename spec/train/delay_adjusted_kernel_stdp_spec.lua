local snn = require "snn"
local cells = require "spec.train.cells"
local rates = require "spec.readout.rates"
local fails = require("spec.support").fails
local near = require "spec.near"

local function causal(t) return t:maximum(0) end
local function acausal(t) return t:minimum(0) end

local function made(words, delay, changes)
  local args = { kernel_post = causal, kernel_pre = acausal }
  for k, v in pairs(changes or {}) do args[k] = v end
  local layer, trainer = rates.pair("DelayAdjustedKernelSTDP", args, { delay = 4 })
  layer.connection.delay = snn.full({ 1, 1 }, delay)
  rates.play(layer, words)
  return layer, trainer
end

local function terms_after(words, delay, changes)
  local layer, trainer = made(words, delay, changes)
  trainer()
  return rates.terms(layer, "weight")
end

describe("DelayAdjustedKernelSTDP", function()
  it("gives the kernels the time between arrival and the neuron's spike", function()
    local pos, neg = terms_after("< . . >", 1)
    near({ { 2 } }, pos)
    near({ { 0 } }, neg)
  end)

  it("puts what is negative on the other side", function()
    local pos, neg = terms_after("< . >", 4)
    near({ { 0 } }, pos)
    near({ { 2 } }, neg)
  end)

  it("counts pairs without a spike on both sides as nothing", function()
    local pos = terms_after("< . .", 1)
    near({ { 0 } }, pos)
  end)

  it("runs the kernels of snn.functional", function()
    local kwargs = { learning_rate = 2, time_constant = cells.HALF }
    near({ { 1 } }, (terms_after("< . >", 1, {
      kernel_post = snn.functional.exp_stdp_post_kernel, kernel_post_kwargs = kwargs,
    })))
  end)

  it("refuses a kernel that is no function", function()
    fails("TypeError", "DelayAdjustedKernelSTDP: 'kernel_pre' must be a function, got string 'x'",
      function() made("", 1, { kernel_pre = "x" }) end)
  end)

  it("refuses options of a kernel that are no table", function()
    fails("TypeError", "", function() made("", 1, { kernel_pre_kwargs = 1 }) end)
  end)
end)
