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

  -- The change of a weight by kernels that make what they give of another type:
  -- such go by operations on tensors, others by one pass.
  local function change(connection, batch, reduction, turned)
    local layer = snn.Serial { connection = connection, neuron = snn.ExactNeuron { shape = 5,
      step_time = 1, rest_v = -60, thresh_v = -50, batch_size = batch } }
    connection.updater = connection:defaultupdater()
    local function of(low, high)
      return function(t) return turned((t * 0.01):clamp(low, high)) end
    end
    local trainer = snn.KernelSTDP { kernel_post = of(-0.03, 1), kernel_pre = of(-1, 0.02),
      batch_reduction = reduction }
    trainer:register_cell("cell", layer.cell)
    snn.manual_seed(5)
    for _ = 1, 8 do
      layer(snn.rand(batch, 37):lt(0.3),
        { neuron_kwargs = { override = snn.rand(batch, 5):lt(0.3) } })
    end
    local before = connection.weight:clone()
    trainer()
    connection:update()
    return connection.weight - before
  end

  it("adds the same in one pass as by operations", function()
    local function other(t) return t:to "float64" end
    local function same(t) return t end
    local synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 }
    for _, batch in ipairs { 1, 3 } do
      for _, reduction in ipairs { "mean", "sum" } do
        local function dense()
          return snn.LinearDense { in_shape = 37, out_shape = 5, step_time = 1, synapse = synapse,
            batch_size = batch, weight_init = 0 }
        end
        local a = change(dense(), batch, reduction, same)
        local b = change(dense(), batch, reduction, other)
        assert.is_true((a - b):abs():max():item() < 1e-6)
        assert.is_true(a:abs():max():item() > 1e-3)
        local rows = snn.LinearSparse { in_shape = 37, out_shape = 5, step_time = 1,
          synapse = synapse, batch_size = batch, weight_init = 0,
          synapses = snn.connect.all_to_all {} }
        change(rows, batch, reduction, same)
        assert.is_true(rows:to_dense():equal(a))
      end
    end
  end)

  it("takes what a kernel gave before the script writes it again", function()
    local kept
    local function again(sign)
      return function(t)
        kept = kept or snn.zeros(table.unpack(t.shape))
        kept:fill_(sign * 0.25)
        return kept
      end
    end
    local pos, neg = terms_after("<>", { kernel_post = again(1), kernel_pre = again(-1) })
    near({ { 0.25 } }, pos)
    near({ { 0.25 } }, neg)
  end)

  it("tells what a kernel gives that is not finite", function()
    local _, trainer = made("< . >", { kernel_post = function(t) return t / 0 end })
    fails("ValueError",
      "KernelSTDP: 'kernel_post' must return finite numbers, got inf for t = 2 ms", trainer)
  end)
end)
