-- Time of LinearDense's forward over the share of spikes in its input: by
-- events at first, a dense product from where that is the faster one.
local snn = require "snn"

local SHAPES = { { 784, 100, 1 }, { 784, 100, 4 }, { 784, 100, 20 }, { 1024, 1024, 1 },
  { 1024, 1024, 20 } }
local SHARES = { 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1 }
local WORK = 1e7 -- elements of weights visited for one figure

-- The least time of some runs, microseconds a call.
local function time(connection, input, calls)
  local best = math.huge
  for _ = 1, 5 do
    local start = snn.clock()
    for _ = 1, calls do connection(input) end
    best = math.min(best, (snn.clock() - start) / calls)
  end
  return best * 1e6
end

snn.manual_seed(1)
for _, shape in ipairs(SHAPES) do
  local inputs, outputs, batch = table.unpack(shape)
  local connection = snn.LinearDense { in_shape = inputs, out_shape = outputs, step_time = 1,
    batch_size = batch, synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 } }
  local line = {}
  for i, share in ipairs(SHARES) do
    local input = snn.rand(batch, inputs):lt(share)
    local calls = math.max(1, WORK // (inputs * outputs * batch))
    line[i] = ("%g: %.1f"):format(share, time(connection, input, calls))
  end
  print(("%4d x %4d, batch %2d, us by share: %s"):format(inputs, outputs, batch,
    table.concat(line, "  ")))
end
