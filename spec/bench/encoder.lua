-- Time of spike trains of drawn digits at 128 Hz, 250 steps: whole and step by
-- step, a batch of one and of twenty.
local snn = require "snn"
local bench = require "spec.bench.support.harness"

local STEPS <const> = 250
local encoder = snn.HomogeneousPoissonEncoder { steps = STEPS, step_time = 1, frequency = 128 }

for _, batch in ipairs { 1, 20 } do
  local x = snn.data.glyphs { n = batch }.images
  local sizes = { inputs = 784, batch = batch, steps = STEPS }
  local function whole() return encoder(x):sum():item() end
  local function stepwise()
    local spikes = 0
    for step in encoder:steps_of(x) do spikes = spikes + step:sum():item() end
    return spikes
  end
  bench.compare("encoder", {
    { name = "whole", unit = "step", units = STEPS, sizes = sizes, check = whole,
      fn = function() encoder(x) end },
    { name = "step by step", unit = "step", units = STEPS, sizes = sizes, check = stepwise,
      fn = function() for _ in encoder:steps_of(x) do end end },
  })
end
