-- Time of spike trains of drawn digits at 128 Hz, 250 steps: whole and step by
-- step, a batch of one and of twenty.
local snn = require "snn"

local STEPS, REPEATS = 250, 40

local encoder = snn.HomogeneousPoissonEncoder { steps = STEPS, step_time = 1, frequency = 128 }

local function time(fn)
  fn()
  local start = snn.clock()
  for _ = 1, REPEATS do fn() end
  return (snn.clock() - start) / REPEATS
end

for _, batch in ipairs { 1, 20 } do
  local x = snn.data.glyphs { n = batch }.images
  local spikes = encoder(x):sum():item()
  local whole = time(function() encoder(x) end)
  local steps = time(function() for _ in encoder:steps_of(x) do end end)
  print(("batch %2d, %6d spikes: whole %8.1f us, step by step %6.3f us a step"):format(
    batch, spikes, whole * 1e6, steps * 1e6 / STEPS))
end
