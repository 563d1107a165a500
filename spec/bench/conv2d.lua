-- Time of Conv2D's forward over the share of spikes in its input: by events at
-- first, a dense product from where that is the faster one.
local snn = require "snn"
local bench = require "spec.bench.support.harness"

-- channels, side, filters, kernel, batch
local SHAPES = { { 1, 28, 16, 5, 1 }, { 1, 28, 16, 5, 8 }, { 8, 24, 32, 3, 1 },
  { 8, 24, 32, 3, 8 }, { 16, 12, 64, 3, 4 } }
local SHARES = { 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1 }

local function case_of(connection, share, shape)
  local channels, side, filters, kernel, batch = table.unpack(shape)
  local input = snn.rand(batch, channels, side, side):lt(share)
  local outputs = batch * filters * (side - kernel + 1) ^ 2
  return { name = ("%g of inputs spike"):format(share), unit = "step",
    sizes = { channels = channels, side = side, filters = filters, kernel = kernel, batch = batch,
      share = share },
    events = input:sum():item() * filters * kernel ^ 2,
    flops = 2 * outputs * channels * kernel ^ 2,
    fn = function() connection(input) end,
    check = function() return connection(input):sum():item() end }
end

for _, shape in ipairs(SHAPES) do
  snn.manual_seed(1)
  local channels, side, filters, kernel, batch = table.unpack(shape)
  local connection = snn.Conv2D { height = side, width = side, channels = channels,
    filters = filters, kernel = kernel, step_time = 1, batch_size = batch,
    synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 } }
  local cases = {}
  for i, share in ipairs(SHARES) do cases[i] = case_of(connection, share, shape) end
  bench.compare("conv2d", cases)
end
