-- Inhibitory synapses that learn bring every neuron of a sparse network to one rate:
-- Vogels, Sprekeler, Zenke, Clopath & Gerstner (2011), "Inhibitory plasticity balances
-- excitation and inhibition in sensory pathways and memory networks". The excitatory
-- neurons are driven unequally and excite each other. Each synapse from an inhibitory
-- neuron grows with pairs of spikes and shrinks with each of its own, so that it stands
-- still where what it inhibits fires at the target rate.
local snn = require "snn"
local options = snn.arguments {
  about = "Inhibitory plasticity in a sparse network: Vogels et al. (2011).",
  { "neurons", 1000, "how many, four fifths of them excitatory" },
  { "duration", 10, "s of learning" },
  { "target", 8.0, "Hz, of the excitatory neurons" },
  { "rate", 0.3, "learning rate, mV" },
}
snn.manual_seed(2011)

local dt <const> = 0.5 -- ms
local n_exc <const> = options.neurons * 4 // 5
local n_inh <const> = options.neurons - n_exc
local window <const> = 2000 -- ms at the end whose rates count

-- ---- network: 1 nA is worth 1 mV ----

local function neurons(n, rest)
  return snn.LIF { shape = n, step_time = dt, rest_v = rest, reset_v = -60, thresh_v = -50,
    refrac_t = 5, time_constant = 20 } -- mV, ms
end

local layer = snn.Layer()
layer:add_neuron("exc", neurons(n_exc, -49 + 8 * snn.rand(n_exc))) -- some are driven more
layer:add_neuron("inh", neurons(n_inh, -49))

-- A charge of `tc` begins a current at 1 nA for a weight of 1 mV.
local function connect(source, target, inputs, weight, tc, sign)
  local from, to = layer.neurons[source].count, layer.neurons[target].count
  return layer:connect(source, target, snn.LinearSparse { in_shape = from, out_shape = to,
    step_time = dt, synapses = snn.connect.fixed_in_degree { n = inputs }, weight_init = weight,
    synapse = snn.SingleExponentialCurrent.partialconstructor { spike_charge = sign * tc,
      time_constant = tc } })
end
connect("exc", "exc", n_exc // 20, 0.3, 5, 1)
connect("exc", "inh", n_exc // 20, 0.5, 5, 1)
connect("inh", "inh", n_inh // 10, 1, 10, -1)
local learned = connect("inh", "exc", n_inh // 10, 0, 10, -1) -- nothing at first

-- ---- learning ----

local weight_of = learned.connection
weight_of.updater = weight_of:defaultupdater()
weight_of.updater.weight:lowerbound(snn.functional.bound_lower_sharp, 0)
local trainer = snn.VogelsSTDP { lr = options.rate, tc = 20, target_rate = options.target }
trainer:register_cell("learned", learned)

local function run(ms, learns)
  local recorder = snn.SpikeRecorder(layer.neurons.exc)
  for _ = 1, ms / dt do
    layer {}
    if learns then
      trainer()
      layer:update()
    end
  end
  recorder:detach()
  local _, ids = recorder:times()
  return ids:bincount { minlength = n_exc } / ms * 1000 -- Hz, of each neuron
end

-- ---- before, while it learns, after ----

local rates, header = { run(500) }, "       s     rate Hz   least  median    most   mean weight mV"
print(header)
local function show(seconds, rate)
  print(("%8.1f %11.2f %7.1f %7.1f %7.1f %16.3f"):format(seconds, rate:mean():item(),
    rate:amin():item(), rate:median():item(), rate:amax():item(),
    weight_of.weight:mean():item()))
end
show(0, rates[1])
for second = 2, options.duration, 2 do
  rates[#rates + 1] = run(window, true)
  show(second, rates[#rates])
end

-- ---- result: the rates of the neurons before and after ----

local first, last = rates[1], rates[#rates]
print(snn.plot.hist(first, { title = "rates before, Hz", bins = 20, height = 10 }))
print(snn.plot.hist(last, { title = "rates after, Hz", bins = 20, height = 10 }))
assert(first:mean():item() > 3 * options.target)
assert(math.abs(last:mean():item() / options.target - 1) < 0.2)
assert(last:std():item() < 0.3 * first:std():item())
