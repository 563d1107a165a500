-- Time of LinearDense's forward over the share of spikes in its input: by
-- events at first, a dense product from where that is the faster one.
local snn = require "snn"
local bench = require "spec.bench.support.harness"

-- inputs, outputs, batch
local SHAPES = { { 784, 100, 1 }, { 784, 100, 4 }, { 784, 100, 20 }, { 1024, 1024, 1 },
  { 1024, 1024, 20 } }
local SHARES = { 0, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1 }

local function case_of(connection, share, shape)
  local inputs, outputs, batch = table.unpack(shape)
  local input = snn.rand(batch, inputs):lt(share)
  return { name = ("%g of inputs spike"):format(share), unit = "step",
    sizes = { inputs = inputs, outputs = outputs, batch = batch, share = share },
    events = input:sum():item() * outputs, flops = 2 * batch * inputs * outputs,
    fn = function() connection(input) end,
    check = function() return connection(input):sum():item() end }
end

for _, shape in ipairs(SHAPES) do
  snn.manual_seed(1)
  local inputs, outputs, batch = table.unpack(shape)
  local connection = snn.LinearDense { in_shape = inputs, out_shape = outputs, step_time = 1,
    batch_size = batch, synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 } }
  local cases = {}
  for i, share in ipairs(SHARES) do cases[i] = case_of(connection, share, shape) end
  bench.compare("linear_dense", cases)
end
