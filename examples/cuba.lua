-- CUBA: 4,000 neurons that keep each other firing irregularly, with synapses that are
-- currents: the network of Vogels & Abbott (2005), benchmark 2 of Brette et al. (2007).
-- Nothing drives them but a resting voltage 1 mV above the threshold. A connection's step
-- costs what the spikes cost that arrive in it, so the network is written as it is drawn.
--
--   snnlua examples/cuba.lua --delay 1.5
local snn = require "snn"
local options = snn.arguments {
  about = "Neurons with synapses that are currents, 4,000 of them: Vogels & Abbott (2005).",
  { "neurons", 4000, "how many, four fifths of them excitatory" },
  { "duration", 1000, "ms" },
  { "delay", 0.0, "ms, of all synapses" },
  { "seed", 4, "of the synapses and of the first voltages" },
}
snn.manual_seed(options.seed)

local dt <const> = 0.1 -- ms
local n <const>, inputs <const> = options.neurons, 80 -- synapses onto each, in the mean
local excitatory <const> = n * 4 // 5
local rest <const>, reset <const>, threshold <const> = -49, -60, -50 -- mV

-- ---- network: with 1 MOhm, 1 nA is worth 1 mV ----

local layer = snn.Layer()
layer:add_neuron("all", snn.LIF { shape = n, step_time = dt, rest_v = rest, reset_v = reset,
  thresh_v = threshold, refrac_t = 5, time_constant = 20 }) -- ms
layer.neurons.all.voltage = reset + (threshold - reset) * snn.rand(1, n)

-- The neurons `first` to `last` reach all with one weight. A charge of `tc` makes a
-- current that begins at 1 nA and decays with `tc`.
local function connect(name, first, last, weight, tc)
  layer:connect("all", "all", snn.LinearSparse {
    in_shape = last - first + 1, out_shape = n, step_time = dt,
    synapses = snn.connect.bernoulli { p = inputs / n }, weight_init = weight, -- mV
    synapse = snn.SingleExponentialCurrent.partialconstructor { spike_charge = tc,
      time_constant = tc }, -- ms
    delay = options.delay, delay_init = options.delay > 0 and options.delay or nil,
  }, { from = { first, last }, name = name })
end
connect("exc", 1, excitatory, 60 * 0.27 / 10, 5)
connect("inh", excitatory + 1, n, -20 * 4.5 / 10, 10)

-- ---- run ----

local recorder = snn.SpikeRecorder(layer.neurons.all)
local start = snn.clock()
for _ = 1, options.duration / dt do layer {} end
local seconds = snn.clock() - start

-- ---- result ----

local rate = recorder.count / n / options.duration * 1000
print(snn.plot.raster(recorder, { title = "spikes" }))
print(("%d synapses; %.2f s for %g ms"):format(layer.connections.exc.count
  + layer.connections.inh.count, seconds, options.duration))
print(("rate %.2f Hz (5.2 to 6)"):format(rate))
assert(math.abs(rate - 5.6) < 0.4 * math.sqrt(4e6 / n / options.duration) + 0.2)
