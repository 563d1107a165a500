-- A thousand neurons that fire in rhythms: the network of Izhikevich (2003), "Simple
-- model of spiking neurons", figure 3. Each neuron has an a, b, c, d of its own, and
-- all are connected with all at random; noise from the thalamus drives them. The
-- neurons are a class of this script:
--
--   dv/dt = 0.04 v^2 + 5 v + 140 - u + I,  du/dt = a (b v - u)
--   v >= 30: a spike, and v becomes c, u grows by d
--
--   snnlua examples/izhikevich_2003.lua
local snn = require "snn"
snn.arguments { about = "A thousand neurons in rhythms: Izhikevich (2003), figure 3." }
snn.manual_seed(2003)

local EXCITATORY <const>, INHIBITORY <const> = 800, 200
local ALL <const> = EXCITATORY + INHIBITORY
local SECONDS <const> = 10

-- ---- the neurons ----

local Izhikevich = snn.class("Izhikevich2003", snn.Neuron)
Izhikevich.states = {
  u = { of = "neuron", unit = "mV", doc = "recovery", init = function(self)
    return self.b * self.voltage
  end },
}

function Izhikevich.init(self, args)
  snn.Neuron.init(self, { shape = args.shape, step_time = 1, rest_v = -65 })
  self.a, self.b, self.c, self.d = args.a, args.b, args.c, args.d
end

function Izhikevich:forward(current)
  local fired = self.spike -- in the step before: in figure 3 the peak is drawn
  local v, u = fired:where(self.c, self.voltage), self.u + fired * self.d
  for _ = 1, 2 do v = v + 0.5 * (0.04 * v * v + 5 * v + 140 - u + current) end -- half steps
  self.voltage, self.u = v, u + self.a * (self.b * v - u)
  return v:ge(30)
end

-- Two kinds side by side: regular spiking to chattering, fast spiking to low-threshold.
local re, ri = snn.rand(EXCITATORY), snn.rand(INHIBITORY)
local function both(excitatory, inhibitory) return snn.cat({ excitatory, inhibitory }, 1) end

local neurons = Izhikevich { shape = ALL,
  a = both(snn.full({ EXCITATORY }, 0.02), 0.02 + 0.08 * ri),
  b = both(snn.full({ EXCITATORY }, 0.2), 0.25 - 0.05 * ri),
  c = both(-65 + 15 * re ^ 2, snn.full({ INHIBITORY }, -65)),
  d = both(8 - 6 * re ^ 2, snn.full({ INHIBITORY }, 2)) }

-- ---- the network ----

local strength = both(snn.full({ EXCITATORY }, 0.5), snn.full({ INHIBITORY }, -1))
local noise = both(snn.full({ EXCITATORY }, 5), snn.full({ INHIBITORY }, 2))

local layer = snn.Layer()
layer:add_neuron("all", neurons)
layer:add_connection("recurrent", snn.LinearDense { in_shape = ALL, out_shape = ALL,
  step_time = 1, synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 },
  weight_init = function(w) return w * strength end })
function layer:wiring(inputs)
  return { all = inputs.recurrent + noise * snn.randn(1, ALL) }
end

local rate = snn.zeros(SECONDS * 1000) -- spikes in each ms
local first = snn.zeros(50, 250) -- of the first second: 20 neurons, 4 ms a square
local spikes = neurons.spike
for ms = 1, SECONDS * 1000 do
  spikes = layer { recurrent = spikes }.all
  rate[ms] = spikes:sum()
  if ms <= 1000 then
    local column = (ms - 1) // 4 + 1
    first[{ {}, column }] = first[{ {}, column }] + spikes:reshape(50, 20):any(2)
  end
end

-- ---- the rhythms ----

--- The power of the rate at so many Hz, of each second on its own, the first left out.
local time = snn.arange(1000) / 1000
local seconds = rate:reshape(SECONDS, 1000):narrow(1, 2, SECONDS - 1)
seconds = seconds - seconds:mean(2, true)
local function power(hz)
  local angle = time * (2 * math.pi * hz)
  local re_part, im_part = (seconds * angle:cos()):sum(2), (seconds * angle:sin()):sum(2)
  return (re_part ^ 2 + im_part ^ 2):mean():item()
end

local spectrum, most = {}, 0
for hz = 2, 60 do
  spectrum[hz] = (power(hz - 1) + 2 * power(hz) + power(hz + 1)) / 4
  most = math.max(most, spectrum[hz])
end
local function peak(from, to)
  local best = from
  for hz = from, to do if spectrum[hz] > spectrum[best] then best = hz end end
  return best
end

print(("mean rate %.1f Hz, alpha %d Hz, gamma %d Hz"):format(
  rate:sum():item() / SECONDS / ALL, peak(6, 16), peak(28, 60)))
for hz = 2, 60, 2 do
  print(("%3d Hz  %s"):format(hz, ("#"):rep(math.floor(60 * (spectrum[hz] / most) ^ 0.5))))
end
local ok, why = pcall(snn.save_png, "izhikevich_2003.png", first:gt(0))
print(ok and "spikes of the first second: izhikevich_2003.png" or why)
