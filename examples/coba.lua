-- COBA: 4,000 neurons that keep each other firing irregularly, with synapses that open
-- conductances: the network of Vogels & Abbott (2005), benchmark 1 of Brette et al. (2007).
-- What a connection puts out is a sum of weights; that it is a conductance is the wiring's
-- word, which multiplies it by the distance to the reversal potential.
local snn = require "snn"
local options = snn.arguments {
  about = "Neurons with synapses that open conductances, 4,000 of them: Vogels & Abbott (2005).",
  { "neurons", 4000, "how many, four fifths of them excitatory" },
  { "duration", 1000, "ms" },
  { "seed", 3, "of the synapses, first voltages and first volley" },
}
snn.manual_seed(options.seed)

local dt <const> = 0.1 -- ms
local n <const>, inputs <const> = options.neurons, 80 -- synapses onto each, in the mean
local excitatory <const> = n * 4 // 5
local rest <const>, threshold <const> = -60, -50 -- mV
local reversal <const> = { exc = 0, inh = -80 } -- mV

-- ---- network: conductances in units of the membrane's own ----

local layer = snn.Layer()
layer:add_neuron("all", snn.LIF { shape = n, step_time = dt, rest_v = rest, reset_v = rest,
  thresh_v = threshold, refrac_t = 5, time_constant = 20 }) -- ms
layer.neurons.all.voltage = rest - 5 + 5 * snn.randn(1, n)

local function connect(name, first, last, weight, tc)
  layer:connect("all", "all", snn.LinearSparse {
    in_shape = last - first + 1, out_shape = n, step_time = dt,
    synapses = snn.connect.bernoulli { p = inputs / n }, weight_init = weight,
    synapse = snn.SingleExponentialCurrent.partialconstructor { spike_charge = tc,
      time_constant = tc }, -- ms; from 1 on, which the weight scales
  }, { from = { first, last }, name = name })
end
connect("exc", 1, excitatory, 0.6, 5)
connect("inh", excitatory + 1, n, 6.7, 10)

function layer:wiring(g)
  local v = self.neurons.all.voltage
  return { all = g.exc * (reversal.exc - v) + g.inh * (reversal.inh - v) }
end

-- ---- run: a first volley opens the conductances, or all stay silent ----

local recorder = snn.SpikeRecorder(layer.neurons.all)
layer { exc = snn.rand(1, excitatory):lt(0.05), inh = snn.rand(1, n - excitatory):lt(0.05) }
local start = snn.clock()
for _ = 2, options.duration / dt do layer {} end
local seconds = snn.clock() - start

-- ---- result ----

local rate = recorder.count / n / options.duration * 1000
print(snn.plot.raster(recorder, { title = "spikes" }))
print(("%d synapses; %.2f s for %g ms"):format(layer.connections.exc.count
  + layer.connections.inh.count, seconds, options.duration))
print(("rate %.2f Hz (networks drawn at random: 17 to 23)"):format(rate))
assert(rate > 17 and rate < 23)
