-- Rules that are worked out on tensors: delays of a Conv2D, reductions that want each
-- sample, functions of the script; and a term without a trace.
local snn = require "snn"

local PAIR = { lr_post = 0.1, lr_pre = -0.1, tc_post = 20, tc_pre = 20 }
local ADJUSTED = { lr_pos = 0.1, lr_neg = -0.1, tc_pos = 20, tc_neg = 20 }

local function with(args, more)
  local out = {}
  for _, list in ipairs { args, more } do
    for k, v in pairs(list) do out[k] = v end
  end
  return out
end

local function convolution()
  local connection = snn.Conv2D {
    height = 3, width = 2, channels = 1, filters = 2, kernel = 2, step_time = 1, batch_size = 2,
    delay = 2, delay_init = function(d) return d * 0 + 1 end,
    synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 },
    weight_init = function(w) return w * 0 end,
  }
  connection.updater = connection:defaultupdater()
  return snn.Serial {
    connection = connection,
    neuron = snn.ExactNeuron {
      shape = connection.outshape, step_time = 1, batch_size = 2, rest_v = 0, thresh_v = 1,
    },
  }
end

local function sum(t, dim) return t:sum(dim) end
local function linear(t) return t * 0.01 end

-- class, arguments, what it is called with
local RULES = {
  { "STDP", PAIR }, { "STDP", with(PAIR, { delayed = true, batch_reduction = "max" }) },
  { "MSTDP", with(PAIR, { batch_reduction = sum }), snn.tensor { 1, -2 } },
  { "MSTDPET", with(PAIR, { tc_eligibility = 10, batch_reduction = "max" }), 0.5 },
  { "TripletSTDP", { lr_post_pair = 0.1, lr_post_triplet = 0.1, lr_pre_pair = -0.1,
    lr_pre_triplet = 0.1, tc_post_fast = 10, tc_post_slow = 30, tc_pre_fast = 10,
    tc_pre_slow = 30 } },
  { "VogelsSTDP", { lr = 0.1, tc = 20, target_rate = 10 } },
  { "KernelSTDP", { kernel_post = linear, kernel_pre = linear } },
  { "DelayAdjustedMSTDP", ADJUSTED, snn.tensor { 1, -2 } },
  { "LinearHomeostasis", { plasticity = 0.1, target = 0.3, param = "delay" } },
}

local function step(o)
  o.layer(o.x, { neuron_kwargs = { override = o.post } })
  for i, trainer in ipairs(o.trainers) do trainer(RULES[i][3]) end
end

return {
  prepare = function()
    local layer = convolution()
    local o = { layer = layer, x = snn.ones(2, 1, 3, 2), trainers = {},
      post = snn.ones(2, 2, 2, 1) }
    for i, rule in ipairs(RULES) do
      o.trainers[i] = snn[rule[1]](rule[2])
      o.trainers[i]:register_cell("cell", layer.cell)
    end
    step(o)
    return o
  end,
  run = step,
  check = function(o)
    step(o)
    for _, name in ipairs { "weight", "delay" } do
      local accumulator = o.layer.updater[name]
      assert(accumulator.pos:isfinite():all():item())
      accumulator:clear()
    end
  end,
}
