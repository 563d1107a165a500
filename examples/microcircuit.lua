-- The cortical microcircuit of Potjans & Diesmann (2014), "The cell-type specific cortical
-- microcircuit": excitatory and inhibitory neurons of four layers below 1 mm2 of cortex,
-- connected by a table of probabilities. With --scale 1 it is the whole, 77,169 neurons and
-- 0.3 10^9 synapses; at a smaller scale neurons and their inputs are fewer, weights greater
-- by the root of that, and a constant current makes up for the mean that is missing
-- (van Albada, Helias & Diesmann 2015). Each population keeps its rate, down to a tenth, where
-- single spikes begin to count for so much that the neurons fire less.
--
--   snnlua examples/microcircuit.lua --scale 0.2 --duration 1000
local snn = require "snn"
local options = snn.arguments {
  about = "The cortical microcircuit of Potjans & Diesmann (2014).",
  { "scale", 0.1, "share of the neurons, and of the synapses onto each" },
  { "duration", 500, "ms that count, after 100 ms" },
  { "seed", 55, "of the synapses, their delays and the spikes from outside" },
}
snn.manual_seed(options.seed)

local dt <const>, before <const> = 0.1, 100 -- ms
local names <const> = { "L23E", "L23I", "L4E", "L4I", "L5E", "L5I", "L6E", "L6I" }
local full <const> = { 20683, 5834, 21915, 5479, 4850, 1065, 14395, 2948 } -- neurons
local outside <const> = { 1600, 1500, 2100, 1900, 2000, 1900, 2900, 2100 } -- inputs, at 8 Hz
local rates <const> = { 0.943, 3.026, 4.368, 5.882, 7.733, 8.664, 1.096, 7.851 } -- Hz, whole
local probability <const> = { -- to, from
  { 0.1009, 0.1689, 0.0437, 0.0818, 0.0323, 0, 0.0076, 0 },
  { 0.1346, 0.1371, 0.0316, 0.0515, 0.0755, 0, 0.0042, 0 },
  { 0.0077, 0.0059, 0.0497, 0.1350, 0.0067, 0.0003, 0.0453, 0 },
  { 0.0691, 0.0029, 0.0794, 0.1597, 0.0033, 0, 0.1057, 0 },
  { 0.1004, 0.0622, 0.0505, 0.0057, 0.0831, 0.3726, 0.0204, 0 },
  { 0.0548, 0.0269, 0.0257, 0.0022, 0.0600, 0.3158, 0.0086, 0 },
  { 0.0156, 0.0066, 0.0211, 0.0166, 0.0572, 0.0197, 0.0396, 0.2252 },
  { 0.0364, 0.0010, 0.0034, 0.0005, 0.0277, 0.0080, 0.0658, 0.1443 },
}
local tc_syn <const>, psc <const>, inhibition <const> = 0.5, 0.08781, -4 -- ms, nA
local scale <const> = options.scale
local stronger <const> = scale ^ -0.5

-- ---- network ----

local layer = snn.Layer()
local count <const> = {}
for i, name in ipairs(names) do
  count[i] = math.floor(full[i] * scale + 0.5)
  layer:add_neuron(name, snn.LIF { shape = count[i], step_time = dt, rest_v = -65, reset_v = -65,
    thresh_v = -50, refrac_t = 2, time_constant = 10, resistance = 40 }) -- mV, ms, MOhm
  layer.neurons[name].voltage = -58 + 10 * snn.randn(1, count[i])
end

-- A weight of 1 is a current of 1 nA that decays; its charge is that of the decay, which
-- steps of dt, with one current each, would overestimate by 10 %.
local synapse <const> = snn.SingleExponentialCurrent.partialconstructor { time_constant = tc_syn,
  spike_charge = tc_syn * (1 - math.exp(-dt / tc_syn)) * tc_syn / dt }

local synapses = 0
local missing <const> = {} -- nA that a smaller network lacks, for each population
local function connect(to, from)
  local total = math.log(1 - probability[to][from]) / math.log(1 - 1 / full[to] / full[from])
  local is_inhibitory = from % 2 == 0
  local weight = psc * (is_inhibitory and inhibition or 1)
  if names[from] == "L4E" and names[to] == "L23E" then weight = 2 * weight end
  missing[to] = missing[to] + weight * total / full[to] * rates[from]
  local n = math.floor(total * scale ^ 2 + 0.5)
  synapses = synapses + n
  local delay = is_inhibitory and 0.75 or 1.5 -- ms
  layer:connect(names[from], names[to], snn.LinearSparse { in_shape = count[from],
    out_shape = count[to], step_time = dt, synapse = synapse, delay = 3,
    synapses = snn.connect.fixed_total { n = n, multiple = true },
    weight_init = function(pre)
      return (1 + 0.1 * snn.randn(pre.shape)):clamp(0, 2) * (weight * stronger)
    end,
    delay_init = function(pre)
      local exact = (delay + delay / 2 * snn.randn(pre.shape)):clamp(dt, 3)
      return (exact / dt):round() * dt -- on the grid of steps
    end })
end

local poisson <const> = {} -- expected spikes from outside in a step
for to, name in ipairs(names) do
  missing[to] = psc * outside[to] * 8
  for from = 1, #names do
    if probability[to][from] > 0 then connect(to, from) end
  end
  missing[to] = missing[to] * (1 - scale ^ 0.5) * tc_syn / 1000
  poisson[name] = snn.full({ 1, count[to] }, outside[to] * scale * 8 * dt / 1000)
  layer:add_connection("outside_" .. name, snn.LinearDirect { shape = count[to], step_time = dt,
    synapse = synapse, weight_init = psc * stronger })
  layer:add_cell("outside_" .. name, name)
end

local sum_up = layer.wiring -- of what is connected, and of what has a cell
function layer:wiring(currents)
  local sums = sum_up(self, currents)
  for to, name in ipairs(names) do sums[name] = sums[name] + missing[to] end
  return sums
end

-- ---- run ----

print(("%d neurons, %d synapses"):format(snn.tensor(count):sum():item(), synapses))
local recorders, start = {}, snn.clock()
for step = 1, (before + options.duration) / dt do
  if step == before / dt + 1 then
    for i, name in ipairs(names) do recorders[i] = snn.SpikeRecorder(layer, name) end
  end
  local inputs = {}
  for _, name in ipairs(names) do inputs["outside_" .. name] = snn.poisson(poisson[name]) end
  layer(inputs)
end
print(("%.1f s for %g ms"):format(snn.clock() - start, before + options.duration))

-- ---- result: rates beside those of the whole ----

print "        neurons    rate Hz   the whole"
local is_near = true
for i, name in ipairs(names) do
  local rate = recorders[i]:rate():item()
  print(("%-6s %8d %10.2f %11.2f"):format(name, count[i], rate, rates[i]))
  is_near = is_near and math.abs(rate - rates[i]) < 1.5 + 0.4 * rates[i]
end
assert(is_near or scale < 0.1)
