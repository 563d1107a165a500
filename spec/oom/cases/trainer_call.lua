-- A trainer's call on several cells adds to all updaters or, where it fails, to
-- none: whatever was added before is there in the same bits.
local snn = require "snn"

local PAIR = { lr_post = 0.1, lr_pre = -0.1, tc_post = 20, tc_pre = 20 }
local TRIPLET = { lr_post_pair = 0.1, lr_post_triplet = 0.1, lr_pre_pair = -0.1,
  lr_pre_triplet = 0.1, tc_post_fast = 10, tc_post_slow = 30, tc_pre_fast = 10,
  tc_pre_slow = 30 }
local ADJUSTED = { lr_pos = 0.1, lr_neg = -0.1, tc_pos = 20, tc_neg = 20 }

local function largest(t, dim) return t:amax(dim) end

-- class, arguments, overrides of the third cell, called with
local TRAINERS = {
  { "STDP", PAIR, { batch_reduction = largest } },
  { "MSTDP", PAIR, {}, snn.tensor { 1, -2 } },
  { "MSTDPET", { tc_eligibility = 10, lr_post = 0.1, lr_pre = -0.1, tc_post = 20, tc_pre = 20 },
    { batch_reduction = "max" }, 0.5 },
  { "TripletSTDP", TRIPLET, {} },
  { "DelayAdjustedSTDP", ADJUSTED, {} },
}

local function learner(entry, reduction)
  local layer, trainer, list = snn.Layer(), snn[entry[1]](entry[2]), {}
  function layer:wiring(inputs) return { n = inputs.a + inputs.b, m = inputs.b } end
  layer:add_neuron("n", snn.ExactNeuron { shape = 3, step_time = 1, rest_v = -65, thresh_v = -52,
    batch_size = 2 })
  layer:add_neuron("m", snn.ExactNeuron { shape = 3, step_time = 1, rest_v = -65, thresh_v = -52,
    batch_size = 2 })
  for _, name in ipairs { "a", "b" } do
    local c = layer:add_connection(name, snn.LinearDense { in_shape = 4, out_shape = 3,
      step_time = 1, batch_size = 2, delay = entry[2] == ADJUSTED and 2 or nil,
      weight_init = snn.ones(3, 4),
      synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 100 } })
    c.updater = c:defaultupdater()
    c.updater.weight:reduction(reduction)
    list[#list + 1] = c.updater.weight
  end
  trainer:register_cell("an", layer:add_cell("a", "n"))
  trainer:register_cell("bn", layer:add_cell("b", "n")) -- these two share an updater
  trainer:register_cell("bm", layer:add_cell("b", "m"), entry[3])
  for _ = 1, 3 do layer { a = snn.ones(2, 4), b = snn.ones(2, 4) } end
  trainer(entry[4])
  return { trainer = trainer, with = entry[4], weights = list, is_done = false }
end

-- All that was added, the monitors' state, as one string of bytes.
local function state(o)
  local text = {}
  local function add(t)
    for _, v in ipairs(t and t:flatten():totable() or {}) do
      text[#text + 1] = string.pack("n", tonumber(v) or (v and 1 or 0))
    end
    text[#text + 1] = ";"
  end
  for _, weight in ipairs(o.weights) do
    add(weight.pos)
    add(weight.neg)
  end
  local names, dict = {}, o.trainer:state_dict()
  for name in pairs(dict) do names[#names + 1] = name end
  table.sort(names)
  for _, name in ipairs(names) do add(dict[name]) end
  return table.concat(text)
end

return {
  prepare = function()
    local list = {}
    for _, entry in ipairs(TRAINERS) do
      for _, reduction in ipairs { "sum", "mean" } do
        list[#list + 1] = learner(entry, reduction)
        list[#list].before = state(list[#list])
      end
    end
    return list
  end,
  run = function(list)
    for _, o in ipairs(list) do
      o.trainer(o.with)
      o.is_done = true
    end
  end,
  check = function(list)
    for _, o in ipairs(list) do
      assert(o.is_done or state(o) == o.before, "a part of a call was added")
      o.trainer(o.with)
    end
  end,
}
