-- Memory of a synapse: a process of its own makes a connection and trains it; its peak
-- less that of one with fewer synapses. Making counts for itself.
local snn = require "snn"
local bench = require "spec.bench.support.harness"

local STEPS <const> = 20

local memory = {}

-- In the process of its own: kB at most while making, and while training, and
-- the weights' sum.
local function measure(case, settled, size)
  snn.manual_seed(1)
  bench.forget_peak()
  local connection = case.make(size)
  local inputs, outputs = connection.inshape[1], connection.outshape[1]
  local layer = snn.Serial { connection = connection, neuron = snn.ExactNeuron {
    shape = outputs, step_time = 1, rest_v = -60, thresh_v = -50 } }
  local making, trainer = bench.peak(), nil
  collectgarbage()
  if case.rule then
    connection.updater = connection:defaultupdater()
    trainer = snn[case.rule](case.rates)
    trainer:register_cell("only", layer.cell)
  end
  for step = 0, STEPS do
    if step == settled then bench.forget_peak() end
    layer:forward(snn.rand(1, inputs):lt(0.01),
      { neuron_kwargs = { override = snn.rand(1, outputs):lt(0.01) } })
    if trainer then
      trainer()
      connection:update()
    end
  end
  return making, bench.peak(), connection.weight:sum():item()
end

local function run(index, size)
  local command = ("'%s' '%s' %d %d"):format(arg[-1], arg[0], index, size)
  local process <close> = assert(io.popen(command))
  return process:read("n", "n", "n")
end

---Measures each case in turn; the script is run again for each, with arguments.
---@param cases table[] name, make(size): a connection; rule, rates: what trains it
---@param options { large: integer, small: integer, synapses: (fun(size: integer): integer),
---  settled: integer, row: table } two sizes, how many synapses each has, the step at which
---  what is made with the first ones is there, what else a line says
function memory.run(cases, options)
  if tonumber(arg[1]) then
    return print(measure(cases[tonumber(arg[1])], options.settled, tonumber(arg[2])))
  end
  local kilobytes <const> = 1024 / (options.synapses(options.large)
    - options.synapses(options.small))
  for index, case in ipairs(cases) do
    local making, training, sum = run(index, options.large)
    local few_making, few_training = run(index, options.small)
    local row = { case = case.name, threads = 1, dtype = "float32", unit = "bytes a synapse",
      median = (training - few_training) * kilobytes, making = (making - few_making) * kilobytes,
      peak_kb = math.max(making, training), check = tonumber(("%.5g"):format(sum)) }
    for key, value in pairs(options.row) do row[key] = value end
    bench.emit(row)
  end
end

return memory
