-- A trainer's call adds to both sides of an updater or, where it fails, to none.
local snn = require "snn"

local PAIR = { lr_post = 0.1, lr_pre = -0.1, tc_post = 20, tc_pre = 20 }
local REMEMBERED = { lr_post = 0.1, lr_pre = -0.1, tc_post = 20, tc_pre = 20, tc_eligibility = 10 }

local function kernel(t) return t:maximum(0) * 0.1 end
local KERNELS = { kernel_post = kernel, kernel_pre = kernel }

local function learner(class, reduction, args)
  local connection = snn.LinearDense { in_shape = 4, out_shape = 3, step_time = 1, batch_size = 2,
    synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 100 } }
  connection.updater = connection:defaultupdater()
  connection.updater.weight:reduction(reduction)
  local neuron = snn.ExactNeuron { shape = 3, step_time = 1, rest_v = -65, thresh_v = -52,
    batch_size = 2 }
  local layer, trainer = snn.Serial { connection = connection, neuron = neuron }, snn[class](args)
  trainer:register_cell("cell", layer.cell)
  layer(snn.ones(2, 4))
  return { trainer = trainer, weight = connection.updater.weight,
    signal = class:find "MSTDP" and 1 or nil }
end

local function call(o)
  if o.signal then o.trainer(o.signal) else o.trainer() end
end

local function sides(o)
  local pos, neg = o.weight.pos, o.weight.neg
  assert((pos == nil) == (neg == nil))
  return pos and pos:sum():item() - neg:sum():item()
end

return {
  prepare = function()
    return { learner("STDP", "sum", PAIR), learner("STDP", "mean", PAIR),
      learner("MSTDPET", "sum", REMEMBERED), learner("KernelSTDP", "sum", KERNELS) }
  end,
  run = function(list)
    for _ = 1, 2 do
      for _, o in ipairs(list) do call(o) end
    end
  end,
  check = function(list)
    for _, o in ipairs(list) do
      sides(o)
      o.weight:clear()
      assert(sides(o) == nil)
      call(o)
      assert(sides(o) ~= nil)
    end
  end,
}
