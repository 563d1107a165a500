-- Synapses that compete: Song, Miller & Abbott (2000), "Competitive Hebbian learning
-- through spike-timing-dependent synaptic plasticity". A neuron sees 1,000 excitatory
-- and 200 inhibitory Poisson inputs, all alike; spikes open conductances. The paper
-- shows that STDP with hard bounds, of which losses outweigh gains by 5 %, drives the
-- excitatory synapses apart, to almost nothing or to the maximum, though their inputs
-- do not differ; and that it leaves the neuron in balance: what comes in on average
-- does not reach the threshold by itself, its fluctuations do, irregularly.
-- That takes minutes of a neuron's life: here 20 neurons share the synapses, each with
-- inputs of its own (a batch), and a second is worth 20.
local snn = require "snn"
local option = snn.arguments { about = "Synapses that compete: Song, Miller & Abbott (2000).",
  { "quick", false, "less of everything: seconds instead of minutes" } }
snn.manual_seed(1)

local seconds <const>, copies <const> = option.quick and 24 or 60, 20
local dt <const> = 1.0 -- ms
local inputs <const>, rate <const> = { exc = 1000, inh = 200 }, 10 -- Hz, each of them
local strongest <const>, inhibitory <const> = 0.015, 0.05 -- conductance, in that of the leak
local tc_open <const>, tc_membrane <const>, tc_pair <const> = 5, 20, 20 -- ms
local rest <const>, reset <const>, threshold <const> = -70, -60, -54 -- mV
local reversal <const> = { exc = 0, inh = -70 } -- mV
local gain <const>, loss <const> = 0.005, 1.05 * 0.005 -- of the strongest synapse, a pair

-- ---- network; excitatory weights are 0 to 1, in strongest synapses ----

local layer = snn.Layer()
local neuron = layer:add_neuron("out", snn.LIF { shape = 1, step_time = dt, batch_size = copies,
  rest_v = rest, reset_v = reset, thresh_v = threshold, refrac_t = 0, time_constant = tc_membrane })
local function connect(kind, first)
  return layer:add_connection(kind, snn.LinearDense { in_shape = inputs[kind], out_shape = 1,
    step_time = dt, batch_size = copies, weight_init = first, -- of uniform weights
    synapse = snn.SingleExponentialCurrent.partialconstructor { spike_charge = tc_open,
      time_constant = tc_open } }) -- from 1 on, which the weight scales
end
local exc = connect("exc", function(uniform) return uniform end)
connect("inh", function(uniform) return uniform * 0 + inhibitory end)

-- What a spike opens drives the neuron in the next step: causes come before effects.
local open = { exc = snn.zeros(copies, 1), inh = snn.zeros(copies, 1) }
function layer:wiring(opened)
  local voltage = neuron.voltage -- mV
  local current = open.exc * strongest * (reversal.exc - voltage)
    + open.inh * (reversal.inh - voltage)
  open = { exc = opened.exc, inh = opened.inh }
  return { out = current }
end

exc.updater = exc:defaultupdater()
local trainer = snn.STDP { lr_post = gain, lr_pre = -loss, tc_post = tc_pair, tc_pre = tc_pair,
  batch_reduction = "sum" }
trainer:register_cell("exc", layer:add_cell("exc", "out"))
snn.Clamping { module = exc.updater, attr = "parent.weight", min = 0, max = 1 }:register()

-- ---- learning ----

local chance <const> = rate * dt / 1000 -- of a spike in a step
local exc_chance, inh_chance = snn.full({ copies, inputs.exc }, chance),
  snn.full({ copies, inputs.inh }, chance)

print("time (s)  rate (Hz)  mean weight")
for sixth = 1, 6 do
  local steps, spikes = seconds * 1000 / dt // 6, 0
  for _ = 1, steps do
    local out = layer { exc = snn.bernoulli(exc_chance), inh = snn.bernoulli(inh_chance) }.out
    spikes = spikes + out:sum():item()
    trainer()
    layer:update()
  end
  print(("%8d %10.1f %12.3f"):format(copies * sixth * steps * dt // 1000,
    spikes / (copies * steps * dt / 1000), exc.weight:mean():item()))
end

-- ---- result: how many synapses are how strong ----

local weight <const> = exc.weight:flatten()
local mean <const> = weight:mean():item()
print("\nweight      share of the synapses")
local share = {}
for i = 1, 10 do
  local from, to = (i - 1) / 10, i / 10
  share[i] = weight:ge(from):logical_and(weight:lt(i < 10 and to or 2)):sum():item() / #weight
  print(("%.1f - %.1f %7.3f %s"):format(from, to, share[i], ("*"):rep(math.floor(share[i] * 100))))
end
assert(share[1] > 0.2 and share[10] > 0.2, "the ends hold twice what they had at first")
for i = 3, 8 do assert(share[i] < 0.1, "what is between has left for the ends") end

-- The mean of what is open, and its variance, by the sums of exp(-t / tc) over steps
-- (Campbell); weights that are 0 or 1 have squares of the same mean.
local left <const> = math.exp(-dt / tc_open)
local function opened(n, strength)
  return n * chance * strength / (1 - left), n * chance * strength ^ 2 / (1 - left ^ 2)
end
local g_exc, var_exc = opened(inputs.exc * mean, strongest)
local g_inh, var_inh = opened(inputs.inh, inhibitory)
local all <const> = 1 + g_exc + g_inh
local held = (rest + g_exc * reversal.exc + g_inh * reversal.inh) / all
local spread = math.sqrt((var_exc * (reversal.exc - held) ^ 2
  + var_inh * (reversal.inh - held) ^ 2) * tc_open / (tc_open + tc_membrane / all)) / all
print(("\nmean weight %.3f: holds the voltage at %.1f mV, +- %.1f mV; the threshold is %g mV")
  :format(mean, held, spread, threshold))
assert(held < threshold, "the mean input alone does not reach the threshold")
assert(held + 3 * spread > threshold, "its fluctuations do")
