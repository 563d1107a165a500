-- Delays that learn. Forty inputs fire one after the other in an order that comes
-- back again and again; their spikes need up to 30 ms to reach a neuron. Each time
-- it has fired, spikes that came too early get a longer way and those that came
-- too late a shorter one, until all arrive at once: the neuron has become a
-- detector of coincidences for this pattern, and for no other. After Huening,
-- Gluender & Palm (1998), "Synaptic delay learning in pulse-coupled neurons", and
-- Eurich et al. (1999), "Dynamics of self-organized delay adaptation".
local snn = require "snn"
snn.arguments { about = "Delays that learn to detect a pattern in time." }
snn.manual_seed(1)

local dt <const>, duration <const> = 0.5, 60 -- ms; of a presentation
local inputs <const>, longest <const> = 40, 30 -- ms, of delays
local presentations <const>, rest <const> = 200, -70 -- mV

-- ---- network ----

local enc = snn.LinearDense { in_shape = inputs, out_shape = 1, step_time = dt, delay = longest,
  synapse = snn.DeltaCurrent.partialconstructor { spike_charge = dt }, -- 1 nA for a step
  weight_init = function(w) return snn.full(w.shape, 10) end,
  delay_init = function(d) return snn.uniform(0, longest, d.shape) end }
local function neuron(thresh_v)
  return snn.LIF { shape = 1, step_time = dt, rest_v = rest, reset_v = rest, thresh_v = thresh_v,
    refrac_t = duration, time_constant = 5 } -- mV, ms; one spike in a presentation
end
local layer = snn.Layer()
layer:add_connection("enc", enc)
layer:add_neuron("detector", neuron(rest + 7))
layer:add_neuron("probe", neuron(rest + 1000)) -- the same input without a threshold
function layer:wiring(current) return { detector = current.enc, probe = current.enc } end

enc.updater = enc:defaultupdater()
snn.Clamping { module = enc.updater, attr = "parent.delay", min = 0, max = longest }:register()
-- lr_neg: of spikes that arrived before the detector fired, ms; lr_pos: of those after
local trainer = snn.DelayAdjustedSTDPD { lr_neg = 0.5, lr_pos = -0.5, tc_neg = 20, tc_pos = 20 }
trainer:register_cell("enc", layer:add_cell("enc", "detector"))

-- ---- presentations ----

local pattern = snn.uniform(0, 20, { inputs }):round() -- ms at which each input fires

-- When the detector fires (ms, or nil); the probe's highest voltage above rest, mV.
local function present(times)
  local fired, highest = nil, -math.huge
  layer:clear()
  trainer:clear()
  for step = 0, duration / dt - 1 do
    local out = layer { enc = times:eq(step * dt):unsqueeze(1) }
    if out.detector:item() then fired = step * dt end
    highest = math.max(highest, layer.neurons.probe.voltage:item() - rest)
  end
  return fired, highest
end

local arrivals = {} -- ms at which each spike arrives, in each presentation
print("presentation  fires at (ms)  spread of arrivals (ms)  highest voltage (mV above rest)")
for i = 1, presentations do
  arrivals[i] = pattern + enc.delay:squeeze(1)
  local fired, highest = present(pattern)
  if i == 1 or i % 20 == 0 then
    print(("%12d %14s %24.2f %32.1f"):format(i, fired or "-",
      arrivals[i]:std():item(), highest))
  end
  trainer() -- once, after the pattern, with the last spikes of both sides
  layer:update()
end

-- ---- result: is it this pattern alone? and how spikes come together, a picture ----

layer:eval()
local others, mean, most = 50, 0, 0
for _ = 1, others do -- the same times, dealt out anew
  local _, highest = present(pattern:index_select(1, snn.randperm(inputs)))
  mean, most = mean + highest / others, math.max(most, highest)
end
print(("this pattern: %.1f mV, %d others: %.1f mV, at most %.1f mV"):format(
  select(2, present(pattern)), others, mean, most))

local rows = {} -- from top to bottom: presentations; from left to right: 50 ms
for i = 1, presentations, 2 do
  local ms = arrivals[i]:mul(2):floor():to("int64") + 1
  rows[#rows + 1] = ms:bincount({ minlength = 100 })
end
local picture = snn.stack(rows, 1):clamp(0, 6):view(-1, 1, 100, 1) -- each count a square
picture = picture:expand(-1, 4, 100, 4):reshape(-1, 400)
local ok, why = pcall(snn.save_png, "delays.png", picture)
print(ok and "arrivals: delays.png" or why)
