-- The window of spike-timing-dependent plasticity: by how much a synapse changes
-- when its target fires some milliseconds after (or before) its input does. The
-- experiment of Bi & Poo (1998) is repeated on 161 synapses at a time, one for
-- each interval: 60 pairings of a spike before with a spike behind the synapse,
-- so far apart that pairings do not see each other. The size of the window is
-- the fit in Bi & Poo (2001), Annual Review of Neuroscience 24:139.
local snn = require "snn"
snn.arguments { about = "The window of spike timing: Bi & Poo (1998)." }

local dt <const> = 1.0 -- ms
local pairings <const> = 60
local gain <const>, tc_gain <const> = 0.777, 16.8 -- input first: relative change, ms
local loss <const>, tc_loss <const> = -0.273, 33.7 -- target first
local widest <const> = 80 -- ms
local delta = snn.arange(-widest, widest + 1) -- ms from an input's spike to its target's
local n <const> = #delta

-- ---- synapses in parallel, neurons that fire when they are told ----

local synapse = snn.LinearDirect { shape = n, step_time = dt,
  synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 },
  weight_init = function(w) return snn.ones(w.shape) end }
local target = snn.ExactNeuron { shape = n, step_time = dt, rest_v = -60, thresh_v = -40 }
local layer = snn.Serial { connection = synapse, neuron = target }

synapse.updater = synapse:defaultupdater()
local trainer = snn.STDP { lr_post = gain / pairings, lr_pre = loss / pairings,
  tc_post = tc_loss, tc_pre = tc_gain } -- each side's spikes leave a trace
trainer:register_cell("pairs", layer.cell)

-- ---- pairings ----

for _ = 1, pairings do
  for time = 0, 2 * widest do -- the inputs fire in the middle
    local before = snn.full({ 1, n }, time == widest and 1 or 0)
    local behind = delta:eq(time - widest):unsqueeze(1)
    layer(before, { neuron_kwargs = { override = behind } })
    trainer()
    layer:update()
  end
  layer:clear() -- minutes pass
  trainer:clear()
end

-- ---- result: a table, and the window as a picture ----

local change = (synapse.weight - 1) * 100 -- %
local after = delta:ge(0):to("float32")
local before = delta:le(0):to("float32") -- a pair within one step counts on both sides
local law = 100 * (after * (-delta / tc_gain):exp() * gain
  + before * (delta / tc_loss):exp() * loss)
print("interval (ms)  change (%)  law (%)")
for _, ms in ipairs { -80, -40, -20, -10, -5, -1, 0, 1, 5, 10, 20, 40, 80 } do
  local i = ms + widest + 1
  print(("%13d %11.2f %8.2f"):format(ms, change[i], law[i]))
end
print(("largest distance from the law: %.5f %%"):format((change - law):abs():max():item()))

local height <const> = 101 -- pixels, -30 % at the bottom, +80 % at the top
local y = ((80 - change) / 110 * (height - 1)):round()
local row = snn.arange(height):view(height, 1)
local dots = row:sub(y):abs():le(1)
local axes = row:eq(math.floor(80 / 110 * (height - 1) + 0.5)):logical_or(delta:eq(0))
local picture = dots:to("float32"):maximum(axes:to("float32") * 0.3)
local ok, why = pcall(snn.save_png, "stdp_window.png", picture, { min = 0, max = 1 })
print(ok and "window: stdp_window.png" or why)
