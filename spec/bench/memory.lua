-- Memory of a dense synapse: a process of its own makes a connection of 4 10^7
-- synapses and trains it; its peak less that of one with as many inputs and few
-- outputs. Large arrays come in pages of 2 MB. Making counts for itself, as
-- initial weights may pass through more tensors.
local snn = require "snn"
local bench = require "spec.bench.support.harness"

local INPUTS <const>, OUTPUTS <const>, FEW <const>, STEPS <const> = 20000, 2000, 10, 20

local PAIR = { lr_post = 5e-4, lr_pre = -5e-6, tc_post = 30, tc_pre = 30 }
local RULES = {
  { "no learning" },
  { "STDP", PAIR },
  { "TripletSTDP", { lr_post_pair = 5e-4, lr_post_triplet = 5e-4, lr_pre_pair = -5e-6,
    lr_pre_triplet = -5e-6, tc_post_fast = 30, tc_post_slow = 100, tc_pre_fast = 30,
    tc_pre_slow = 100 } },
}

-- In the process of its own: kB at most while making, and while training, and
-- the weights' sum.
local function measure(rule, inputs, outputs)
  snn.manual_seed(1)
  bench.forget_peak()
  local connection = snn.LinearDense { in_shape = inputs, out_shape = outputs, step_time = 1,
    synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 } }
  local layer = snn.Serial { connection = connection, neuron = snn.ExactNeuron {
    shape = outputs, step_time = 1, rest_v = -60, thresh_v = -50 } }
  local making, trainer = bench.peak(), nil
  collectgarbage()
  if rule[2] then
    connection.updater = connection:defaultupdater()
    trainer = snn[rule[1]](rule[2])
    trainer:register_cell("only", layer.cell)
  end
  for step = 0, STEPS do
    if step == 1 then bench.forget_peak() end -- what is made with the first step is there
    layer:forward(snn.rand(1, inputs):lt(0.01),
      { neuron_kwargs = { override = snn.rand(1, outputs):lt(0.01) } })
    if trainer then
      trainer()
      connection:update()
    end
  end
  return making, bench.peak(), connection.weight:sum():item()
end

if tonumber(arg[1]) then
  print(measure(RULES[tonumber(arg[1])], INPUTS, tonumber(arg[2])))
  return
end

local function run(index, outputs)
  local command = ("'%s' '%s' %d %d"):format(arg[-1], arg[0], index, outputs)
  local process <close> = assert(io.popen(command))
  return process:read("n", "n", "n")
end

for index, rule in ipairs(RULES) do
  local making, training, sum = run(index, OUTPUTS)
  local few_making, few_training = run(index, FEW)
  local kilobytes <const> = 1024 / (INPUTS * (OUTPUTS - FEW))
  bench.emit { workload = "memory", case = rule[1], sizes = { inputs = INPUTS, outputs = OUTPUTS },
    threads = 1, dtype = "float32", unit = "bytes a synapse",
    median = (training - few_training) * kilobytes, making = (making - few_making) * kilobytes,
    peak_kb = math.max(making, training), check = tonumber(("%.5g"):format(sum)) }
end
