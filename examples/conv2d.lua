-- Features that a convolution finds by itself. Filters of 7 x 7 pixels are moved over
-- drawn digits; those that match a place better than the average filter does make
-- their neuron fire, the first to fire resets the others at that place, and STDP
-- draws its weights towards what was there: filters become pieces of strokes. To tell
-- digits, all that is then used is how often each piece occurs in a picture, wherever
-- it is: eight numbers. The idea is that of Masquelier & Thorpe (2007), "Unsupervised
-- learning of visual features through spike timing dependent plasticity".
local snn = require "snn"
local option = snn.arguments { about = "A convolution finds the strokes of digits by spike timing.",
  { "quick", false, "less of everything: seconds instead of minutes" } }
local quick <const> = option.quick
snn.manual_seed(1)

local dt <const>, steps <const> = 1.0, 100 -- ms; steps that a picture is shown
local samples <const>, tests <const> = quick and 200 or 1000, quick and 100 or 500
local batch <const>, filters <const> = 20, 8
local kernel <const>, stride <const>, padding <const> = 7, 2, 1 -- pixels
local side <const> = (28 + 2 * padding - kernel) // stride + 1
local rest <const> = -65 -- mV

-- ---- network ----

local conv = snn.Conv2D { height = 28, width = 28, channels = 1, filters = filters,
  kernel = kernel, stride = stride, padding = padding, step_time = dt, batch_size = batch,
  synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 100 }, -- pC
  weight_init = function(w) return snn.rand(w.shape) end }
local feature = snn.LIF { shape = { filters, side, side }, step_time = dt, batch_size = batch,
  rest_v = rest, reset_v = rest, thresh_v = -50, refrac_t = 5, time_constant = 20 } -- mV, ms
local layer = snn.Layer()
layer:add_connection("conv", conv)
layer:add_neuron("feature", feature)

-- Filters compete: each gets what it has more than the average one at its place. Those
-- that rarely win get a higher gain.
local gain = snn.ones(1, filters, 1, 1)
function layer:wiring(current)
  local drive = current.conv * gain
  return { feature = 5 * (drive - drive:mean(2, true)) }
end

conv.updater = conv:defaultupdater()
local trainer = snn.STDP { lr_post = 1e-3, lr_pre = 0, tc_post = 20, tc_pre = 20 } -- ms
trainer:register_cell("conv", layer:add_cell("conv", "feature"))
local normalize = snn.Normalization { module = conv, attr = "weight", order = 2,
  dim = { 2, 3, 4 }, scale = 1 } -- filters of equal length
local encoder = snn.HomogeneousPoissonEncoder { steps = steps, step_time = dt, frequency = 100 }

-- The spikes of every filter in each picture, wherever they were: {batch, filters}.
local function present(x)
  local count = snn.zeros(batch, filters, side, side)
  for spikes in encoder:steps_of(x:unsqueeze(2)) do
    local fired = layer { conv = spikes }.feature
    count:add_(fired)
    feature.voltage = fired:any(2, true):where(rest, feature.voltage) -- one wins at a place
    if layer.training then
      trainer()
      layer:update()
    end
  end
  layer:clear()
  trainer:clear()
  return count:sum({ 3, 4 })
end

-- ---- run ----

local set = snn.data.glyphs { n = samples + tests, seed = 1 }
local train, test = set:slice(1, samples), set:slice(samples + 1, samples + tests)
local size = { batch_size = batch }

local function learn()
  for x in snn.progress(snn.data.loader(train, size), { desc = "train" }) do
    local wins = present(x):sum(1):view(1, -1, 1, 1)
    gain = gain * (1 + 0.03 * (1 - wins / wins:mean()):clamp(-1, 1))
    normalize { force = true }
  end
end

-- How many test pictures, in %, are nearest by angle to the mean of their digit.
local function accuracy()
  local means, right = {}, 0
  for x, y in snn.data.loader(train, size) do
    local found = snn.normalize(present(x), 2, { dim = 2 })
    for digit = 1, 10 do
      local here = found:mul(y:eq(digit):unsqueeze(2)):sum(1)
      means[digit] = means[digit] and means[digit] + here or here
    end
  end
  local towards = snn.normalize(snn.stack(means, 1), 2, { dim = 2 }):transpose(1, 2)
  for x, y in snn.data.loader(test, size) do
    right = right + present(x):matmul(towards):argmax(2):eq(y):sum():item()
  end
  return 100 * right / tests
end

normalize { force = true }
layer:eval()
print(("digits told by %d random filters:  %.1f %%"):format(filters, accuracy()))
layer:train()
learn()
layer:eval()
print(("digits told by %d learned filters: %.1f %%"):format(filters, accuracy()))

-- ---- result: the filters, each pixel a square of 8 by 8 ----

local picture = conv.weight:view(filters, kernel, 1, kernel, 1)
picture = picture:expand(-1, kernel, 8, kernel, 8):reshape(filters, 8 * kernel, 8 * kernel)
local ok, why = pcall(snn.save_png, "conv2d.png", picture, { columns = 4 })
print(ok and "filters: conv2d.png" or why)
