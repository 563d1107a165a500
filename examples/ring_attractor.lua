-- A ring of neurons that remembers an angle: neurons excite those that prefer nearby angles
-- and all inhibit all, so that a bump of activity, once a cue has made it, stays where the
-- cue was. A line of such networks: Amari (1977); Compte, Brunel, Goldman-Rakic & Wang (2000).
local snn = require "snn"
local options = snn.arguments {
  about = "A bump of activity that holds its place on a ring.",
  { "neurons", 512, "on the ring" },
  { "angle", 120.0, "degrees, of the cue" },
  { "duration", 2000, "ms after the cue" },
}
snn.manual_seed(2000)

local dt <const> = 0.5 -- ms
local n <const>, n_inh <const> = options.neurons, options.neurons // 4
local width <const> = 0.06 * n -- neurons, of the Gaussian by which neighbours are connected
local share <const> = 512 / n -- of a weight, whose sum stays the same

-- ---- network: 1 nA is worth 1 mV ----

local layer = snn.Layer()
for name, count in pairs { exc = n, inh = n_inh } do
  layer:add_neuron(name, snn.LIF { shape = count, step_time = dt, rest_v = -60, reset_v = -60,
    thresh_v = -50, refrac_t = 2, time_constant = name == "exc" and 20 or 10 }) -- mV, ms
end

-- A charge of `tc` begins a current at 1 nA for a weight of 1 mV.
local function connect(source, target, synapses, weight, tc)
  local from, to = layer.neurons[source].count, layer.neurons[target].count
  layer:connect(source, target, snn.LinearSparse { in_shape = from, out_shape = to,
    step_time = dt, synapses = synapses, weight_init = weight * share,
    synapse = snn.SingleExponentialCurrent.partialconstructor { spike_charge = tc,
      time_constant = tc } })
end
local all = snn.connect.bernoulli { p = 0.5 }
connect("exc", "exc", snn.connect.distance { kernel = "gaussian", sigma = width,
  periodic = true }, 0.12, 100) -- as slow as NMDA receptors: a gap does not end the bump
connect("exc", "inh", all, 0.1, 100)
connect("inh", "exc", all, -0.8, 10)

local cue = 0 -- nA
function layer:wiring(currents)
  local noise = 6 + 2 * snn.randn(1, n)
  return { exc = currents.exc_exc + currents.inh_exc + noise + cue, inh = currents.exc_inh }
end

-- ---- run ----

local direction = snn.arange(n, { dtype = "float64" }) * (2 * math.pi / n) -- that each prefers
local cos, sin = direction:cos(), direction:sin()
local recorder = snn.SpikeRecorder(layer, "exc")

-- So many ms: the mean direction of the spikes, degrees, how they agree on it (0 to 1), and
-- the rate of the fastest neuron, Hz.
local function run(ms, what)
  local counts = snn.zeros(n, { dtype = "float64" })
  for _ = 1, ms / dt do counts:add_(layer({}).exc:view(n)) end
  local x, y = (counts * cos):sum():item(), (counts * sin):sum():item()
  local angle = math.deg(math.atan(y, x)) % 360
  local agree = (x ^ 2 + y ^ 2) ^ 0.5 / math.max(counts:sum():item(), 1)
  local fastest = counts:amax():item() / ms * 1000
  print(("%-12s %8.1f %10.3f %12.0f"):format(what, angle, agree, fastest))
  return angle, agree, fastest
end

print "                angle  agreement   fastest, Hz"
local _, _, before = run(200, "before")
cue = ((direction - math.rad(options.angle)) / 2):sin():abs():lt(0.15) * 15.0 -- 35 degrees wide
run(200, "cue")
cue = 0
local angle, agree
for ms = 500, options.duration, 500 do angle, agree = run(500, ("%d ms later"):format(ms)) end

-- ---- result ----

local drift = (angle - options.angle + 180) % 360 - 180
print(snn.plot.raster(recorder, { title = "the ring", height = 20 }))
print(("the bump has moved by %.1f degrees"):format(drift))
assert(before == 0, "nothing happens before the cue")
assert(agree > 0.9 and math.abs(drift) < 15)

-- What holds it is the excitation between neighbours.
layer.connections.exc_exc.weight = layer.connections.exc_exc.weight * 0
run(500, "cut")
local _, _, after = run(200, "cut")
assert(after == 0)
