-- Time of Conv2D's forward over the share of spikes in its input: by events at
-- first, a dense product from where that is the faster one.
local snn = require "snn"

-- channels, side, filters, kernel, batch
local SHAPES = { { 1, 28, 16, 5, 1 }, { 1, 28, 16, 5, 8 }, { 8, 24, 32, 3, 1 },
  { 8, 24, 32, 3, 8 }, { 16, 12, 64, 3, 4 } }
local SHARES = { 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1 }

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
  local channels, side, filters, kernel, batch = table.unpack(shape)
  local connection = snn.Conv2D { height = side, width = side, channels = channels,
    filters = filters, kernel = kernel, step_time = 1, batch_size = batch,
    synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 } }
  local line = {}
  for i, share in ipairs(SHARES) do
    local input = snn.rand(batch, channels, side, side):lt(share)
    line[i] = ("%g: %.0f"):format(share, time(connection, input, 20))
  end
  print(("%2d x %d x %d, %2d of %d x %d, batch %d, us by share: %s"):format(channels, side, side,
    filters, kernel, kernel, batch, table.concat(line, "  ")))
end
