-- Memory of a sparse synapse: a process of its own makes a connection of 10^7 synapses
-- among 10^5 neurons and steps it; its peak less that of one with 10^6. Making counts for
-- itself: while pairs are sorted they are there twice.
local snn = require "snn"
local bench = require "spec.bench.support.harness"

local NEURONS <const>, COUNT <const>, FEW <const> = 100000, 10000000, 1000000
local STEPS <const>, LONGEST <const> = 20, 20

local function on_grid(d) return (snn.rand(d.shape) * LONGEST):floor() end
local function between(d) return snn.rand(d.shape) * LONGEST end

local CASES <const> = {
  { "no learning", {} },
  { "a shared delay", { delay = LONGEST, delay_init = 1.5 } },
  { "delays of whole steps", { delay = LONGEST, delay_init = on_grid } },
  { "delays between steps", { delay = LONGEST, delay_init = between } },
  { "STDP", {}, { lr_post = 5e-4, lr_pre = -5e-6, tc_post = 30, tc_pre = 30 } },
}

local function connection_of(case, count)
  local args = { in_shape = NEURONS, out_shape = NEURONS, step_time = 1, weight_init = 0.5,
    synapses = snn.connect.fixed_total { n = count },
    synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 } }
  for name, value in pairs(case[2]) do args[name] = value end
  return snn.LinearSparse(args)
end

-- In the process of its own: kB at most while making, and while stepping, and the
-- weights' sum.
local function measure(case, count)
  snn.manual_seed(1)
  bench.forget_peak()
  local connection = connection_of(case, count)
  local layer = snn.Serial { connection = connection, neuron = snn.ExactNeuron {
    shape = NEURONS, step_time = 1, rest_v = -60, thresh_v = -50 } }
  local making, trainer = bench.peak(), nil
  collectgarbage()
  if case[3] then
    connection.updater = connection:defaultupdater()
    trainer = snn.STDP(case[3])
    trainer:register_cell("only", layer.cell)
  end
  for step = 0, STEPS do
    if step == 2 then bench.forget_peak() end -- what is made with the first steps is there
    layer:forward(snn.rand(1, NEURONS):lt(0.01),
      { neuron_kwargs = { override = snn.rand(1, NEURONS):lt(0.01) } })
    if trainer then
      trainer()
      connection:update()
    end
  end
  return making, bench.peak(), connection.weight:sum():item()
end

if tonumber(arg[1]) then
  print(measure(CASES[tonumber(arg[1])], tonumber(arg[2])))
  return
end

local function run(index, count)
  local command = ("'%s' '%s' %d %d"):format(arg[-1], arg[0], index, count)
  local process <close> = assert(io.popen(command))
  return process:read("n", "n", "n")
end

for index, case in ipairs(CASES) do
  local making, training, sum = run(index, COUNT)
  local few_making, few_training = run(index, FEW)
  local kilobytes <const> = 1024 / (COUNT - FEW)
  bench.emit { workload = "sparse_memory", case = case[1], threads = 1, dtype = "float32",
    sizes = { neurons = NEURONS, synapses = COUNT }, unit = "bytes a synapse",
    median = (training - few_training) * kilobytes, making = (making - few_making) * kilobytes,
    peak_kb = math.max(making, training), check = tonumber(("%.5g"):format(sum)) }
end
