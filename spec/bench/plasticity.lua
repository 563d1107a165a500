-- Time of a step of learning, beside the same step without: a dense connection
-- whose inputs spike at random and a neuron that is told when to spike.
local snn = require "snn"
local bench = require "spec.bench.support.harness"

local PRE <const>, POST <const> = 0.03, 0.01 -- share that spikes in a step
local STEPS <const> = 50                     -- drawn at first, then repeated

local PAIR = { lr_post = 5e-4, lr_pre = -5e-6, tc_post = 30, tc_pre = 30 }
local RULES = {
  { "STDP", PAIR },
  { "TripletSTDP", { lr_post_pair = 5e-4, lr_post_triplet = 5e-4, lr_pre_pair = -5e-6,
    lr_pre_triplet = -5e-6, tc_post_fast = 30, tc_post_slow = 100, tc_pre_fast = 30,
    tc_pre_slow = 100 } },
  { "MSTDPET", { lr_post = 5e-4, lr_pre = -5e-6, tc_post = 30, tc_pre = 30,
    tc_eligibility = 100 }, reward = 0.5 },
}

-- A function that does the next step, and the connection that learns.
local function network(rule, inputs, outputs, batch)
  local connection = snn.LinearDense { in_shape = inputs, out_shape = outputs, step_time = 1,
    batch_size = batch, synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 } }
  local layer = snn.Serial { connection = connection, neuron = snn.ExactNeuron {
    shape = outputs, step_time = 1, rest_v = -60, thresh_v = -50, batch_size = batch } }
  local pre, post, step = {}, {}, 0
  for i = 1, STEPS do
    pre[i] = snn.rand(batch, inputs):lt(PRE)
    post[i] = { neuron_kwargs = { override = snn.rand(batch, outputs):lt(POST) } }
  end
  local trainer
  if rule then
    connection.updater = connection:defaultupdater()
    trainer = snn[rule[1]](rule[2])
    trainer:register_cell("only", layer.cell)
  end
  return function()
    step = step % STEPS + 1
    layer:forward(pre[step], post[step])
    if trainer then
      if rule.reward then trainer(rule.reward) else trainer() end
      connection:update()
    end
  end, connection
end

local function case_of(rule, inputs, outputs, batch)
  local step, connection = network(rule, inputs, outputs, batch)
  return { name = rule and rule[1] or "no learning", unit = "step", fn = step,
    sizes = { inputs = inputs, outputs = outputs, batch = batch },
    check = function()
      for _ = 1, STEPS do step() end
      return connection.weight:sum():item()
    end }
end

for _, shape in ipairs { { 784, 100, 1 }, { 784, 100, 20 }, { 784, 400, 1 }, { 784, 400, 20 } } do
  snn.manual_seed(1)
  local inputs, outputs, batch = table.unpack(shape)
  local cases = { case_of(nil, inputs, outputs, batch) }
  for _, rule in ipairs(RULES) do
    table.insert(cases, case_of(rule, inputs, outputs, batch))
  end
  bench.compare("plasticity", cases)
end
