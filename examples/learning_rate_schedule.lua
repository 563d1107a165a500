-- A learning rate that falls. Each input fires 2 ms before the neuron or 2 ms after
-- it, by chance, each with a probability of its own to be first. STDP with
-- multiplicative bounds moves a weight towards 1 at a pair of the first kind and
-- towards 0 at the other: it settles where these cancel, at that probability.
-- A high rate is there soon but follows every pair, a low one is still on its way;
-- one that falls as 1 / n is the mean of all n pairs.
--
--   snnlua examples/learning_rate_schedule.lua
local snn = require "snn"
snn.arguments { about = "A learning rate that falls." }

local INPUTS, PAIRS, EVERY <const> = 16, 400, 25 -- ms from pair to pair
local LEAD <const>, TC <const> = 2, 5 -- ms
local HIGH <const>, LOW <const> = 0.4, 0.004

-- ------------------------------------------------------------- the network

snn.manual_seed(1)

local layer = snn.Layer {
  wiring = function(_, i) return { out = i.high + i.low + i.falling } end,
}
layer:add_neuron("out", snn.ExactNeuron { shape = 1, step_time = 1, rest_v = -65,
  thresh_v = -50 })

-- What a pair does at a rate of 1.
local UNIT <const> = math.exp(-LEAD / TC)

local function rates(lr) return { lr_post = lr / UNIT, lr_pre = -lr / UNIT } end

local trainer = snn.STDP { lr_post = HIGH / UNIT, lr_pre = -HIGH / UNIT, tc_post = TC,
  tc_pre = TC }

for name, overrides in pairs { high = rates(HIGH), low = rates(LOW), falling = {} } do
  local connection = snn.LinearDense { in_shape = INPUTS, out_shape = 1, step_time = 1,
    synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 },
    weight_init = function(w) return w * 0 + 0.5 end }
  connection.updater = connection:defaultupdater()
  connection.updater.weight:fullbound(snn.functional.bound_multiplicative, 1, 0)
  layer:add_connection(name, connection)
  trainer:register_cell(name, layer:add_cell(name, "out"), overrides)
end

-- ------------------------------------------------------------- the schedule

-- Assigned to the trainer it reaches the cells without a rate of their own.
local function set_rate(pair)
  local lr = math.min(HIGH, 1 / pair)
  trainer.lr_post, trainer.lr_pre = lr / UNIT, -lr / UNIT
end

-- ------------------------------------------------------------- learning

local first = snn.linspace(0.05, 0.95, INPUTS)

local function error_of(name)
  local weight = layer.connections[name].weight:flatten()
  return ((weight - first) ^ 2):mean():sqrt():item()
end

local NAMES <const> = { "high", "low", "falling" }
local none, fires = snn.zeros(1, INPUTS, { dtype = "bool" }), snn.ones(1, 1)

print " pair  falling rate   error of the weights: high    low  falling"
for pair = 1, PAIRS do
  set_rate(pair)
  local leads = snn.rand(1, INPUTS):lt(first)
  for step = 1, EVERY do
    local x = step == 10 - LEAD and leads or step == 10 + LEAD and leads:logical_not() or none
    layer({ high = { x }, low = { x }, falling = { x } },
      { neuron_kwargs = { out = { override = step == 10 and fires or fires * 0 } } })
    trainer()
    layer:update()
  end
  if pair == 10 or pair % 100 == 0 then
    local errors = {}
    for i, name in ipairs(NAMES) do errors[i] = ("%6.3f"):format(error_of(name)) end
    print(("%5d  %12.4f %28s %s   %s"):format(pair, trainer.lr_post * UNIT,
      table.unpack(errors)))
  end
end
