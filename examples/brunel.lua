-- The four states of a random network of excitatory and inhibitory neurons: Brunel (2000),
-- "Dynamics of sparsely connected networks of excitatory and inhibitory spiking neurons",
-- model A. Synapses are jumps of the voltage with one delay; inhibition is g times as
-- strong, and Poisson spikes from outside come at so many times the rate that would hold
-- the neurons at the threshold. The theory of the mean field, computed here, says the rate
-- where the network is stationary: neurons that get white noise fire with the inverse mean
-- of their first passage times (Siegert).
--
--   snnlua examples/brunel.lua --scale 1       as in the paper: 12,500 neurons
local snn = require "snn"
local options = snn.arguments {
  about = "Four states of a random network beside the theory of its rate: Brunel (2000).",
  { "scale", 0.2, "share of the paper's neurons; each has a tenth of them as inputs" },
  { "duration", 300, "ms that count, after 100 ms" },
  { "state", "all", "which one", choices = { "all", "SR", "AI", "fast", "slow" } },
}
snn.manual_seed(2000)

local dt <const>, before <const> = 0.1, 100 -- ms
local n_exc <const>, n_inh <const> = options.scale * 10000 // 1 | 0, options.scale * 2500 // 1 | 0
local n <const>, in_exc <const>, in_inh <const> = n_exc + n_inh, n_exc // 10, n_inh // 10
local jump <const> = 0.1 / options.scale ^ 0.5 -- mV
local threshold <const>, reset <const>, tc <const>, refrac <const> = 20, 10, 20, 2 -- mV, ms
local hold <const> = threshold / (jump * in_exc * tc) * 1000 -- Hz that come to the threshold

-- ---- theory ----

-- exp(u^2) (1 + erf(u)), in the form that does not overflow
local function integrand(u) return ((u ^ 2) + (u * 2 ^ 0.5):log_ndtr()):exp() * 2 end

local function first_passage(mean, deviation)
  local from, to = (reset - mean) / deviation, (threshold - mean) / deviation
  local y = integrand(snn.linspace(from, to, 2001, { dtype = "float64" }))
  local ends = (y[1] + y[2001]) / 2
  local area = (y:sum():item() - ends) * (to - from) / 2000
  return 1000 / (refrac + tc * math.pi ^ 0.5 * area) -- Hz
end

-- The rate at which what comes from neurons of that rate makes neurons fire as fast.
local function mean_field(g, outside)
  local low, high = 0, 1000 / refrac
  for _ = 1, 50 do
    local rate = (low + high) / 2
    local exc, inh = in_exc * (rate + outside) / 1000, in_inh * rate / 1000 -- per ms
    local mean = tc * jump * (exc - g * inh)
    local variance = tc * jump ^ 2 * (exc + g ^ 2 * inh)
    if first_passage(mean, variance ^ 0.5) > rate then low = rate else high = rate end
  end
  return low
end

-- ---- network ----

local function network(g)
  local layer = snn.Layer()
  layer:add_neuron("all", snn.LIF { shape = n, step_time = dt, rest_v = 0, reset_v = reset,
    thresh_v = threshold, refrac_t = refrac, time_constant = tc })
  local synapse = snn.DeltaCurrent.partialconstructor { spike_voltage = jump }
  local function connect(first, last, inputs, weight)
    layer:connect("all", "all", snn.LinearSparse { in_shape = last - first + 1, out_shape = n,
      step_time = dt, synapse = synapse, weight_init = weight, delay = 1.5, delay_init = 1.5,
      synapses = snn.connect.fixed_in_degree { n = inputs } }, { from = { first, last } })
  end
  connect(1, n_exc, in_exc, 1)
  connect(n_exc + 1, n, in_inh, -g)
  layer:add_connection("outside", snn.LinearDirect { shape = n, step_time = dt, weight_init = 1,
    synapse = snn.DeltaCurrent.partialconstructor { spike_voltage = jump, graded = true } })
  layer:add_cell("outside", "all")
  return layer
end

-- Rate, regularity of the neurons (the intervals' coefficient of variation) and synchrony
-- of the network (variance by mean of the spikes in a ms: 1 where neurons are independent).
local function simulate(g, outside)
  local layer, counts = network(g), snn.full({ 1, n }, in_exc * outside * dt / 1000)
  layer.neurons.all.voltage = snn.rand(1, n) * threshold
  local recorder
  for step = 1, (before + options.duration) / dt do
    if step == before / dt + 1 then recorder = snn.SpikeRecorder(layer.neurons.all) end
    layer { outside = snn.poisson(counts) }
  end
  local variations, trains = 0, 0
  for _, times in pairs(recorder:trains()) do
    if times.numel > 2 then
      local intervals = times:narrow(1, 2, times.numel - 1) - times:narrow(1, 1, times.numel - 1)
      trains = trains + 1
      variations = variations + (intervals:std() / intervals:mean()):item()
    end
  end
  local binned = recorder:rate { bin = 1 } * n / 1000 -- spikes in each ms
  return recorder.count / n / options.duration * 1000, variations / math.max(trains, 1),
    (binned:var() / binned:mean()):item()
end

-- ---- the four states: what they are like, and what the theory says of the rate ----

-- g, the rate outside by that which holds neurons at the threshold; how far from the theory
-- the rate may be, and the limits of the regularity. Rhythms make the rate another one.
local states <const> = {
  SR = { "synchronous regular", 3, 2, 0.1, 0, 0.3 },
  AI = { "asynchronous irregular", 5, 2, 0.08, 0.3, 1 },
  fast = { "synchronous irregular, fast", 6, 4, 0.15, 0.35, 1 },
  slow = { "synchronous irregular, slow", 4.5, 0.9, 0.5, 0.3, 1 },
}
print(("%5d neurons                    g  outside       rate    theory    CV  synchrony"):format(n))
for _, key in ipairs { "SR", "AI", "fast", "slow" } do
  if options.state == "all" or options.state == key then
    local name, g, times, near, least, most = table.unpack(states[key])
    local rate, cv, synchrony = simulate(g, times * hold)
    local theory = mean_field(g, times * hold)
    print(("%-29s %4g %5g hold %7.1f Hz %6.1f Hz %5.2f %10.1f"):format(name, g, times, rate,
      theory, cv, synchrony))
    assert(math.abs(rate / theory - 1) < near and cv > least and cv < most)
  end
end
