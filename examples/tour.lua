-- A tour: paste it at the prompt block by block (blocks end at empty lines), look at what each
-- says, change it, go on. As a script it runs from the top to the end.
local snn = require "snn"
snn.arguments { about = "A tour of the library, to be pasted at the prompt." };
snn.manual_seed(1)

-- Tensors: dimensions count from 1, operations are methods, * and + work element by element.
local x = snn.rand(2, 5) -- intensities in [0, 1]
print(x)
print("mean of each row", x:mean(2), "those above a half", x:gt(0.5):sum():item())

-- An encoder makes spikes of intensities: 100 steps of 1 ms, 200 Hz at an intensity of 1.
local encoder = snn.HomogeneousPoissonEncoder { steps = 100, step_time = 1, frequency = 200 }
local spikes = encoder(x[1]:unsqueeze(1)) -- (steps, batch, inputs)
print("spikes of each input", spikes:sum(1))
print(snn.plot.raster(spikes, { step_time = 1, title = "five inputs", height = 10 }))

-- One neuron. Units are ms, mV, nA, pC; a call is a step. What is missing or wrong is told.
local lif = snn.LIF { shape = 1, step_time = 1, rest_v = -65, reset_v = -65, thresh_v = -50,
  refrac_t = 3, time_constant = 20 }
local _, err = pcall(snn.LIF, { shape = 1, step_time = 1, tau = 20 })
print(err)

-- 20 nA for 80 ms: the voltage rises to the threshold, falls back and rests for 3 ms.
local voltage = {}
for step = 1, 80 do
  lif(snn.full({ 1, 1 }, 20))
  voltage[step] = lif.voltage:item()
end
print(snn.plot.line(snn.tensor(voltage), { title = "membrane", ylabel = "mV", height = 10 }))

-- A layer: connections, neurons, and a function that says which neurons get what.
local layer = snn.Layer()
local enc = layer:add_connection("enc", snn.LinearDense { in_shape = 5, out_shape = 3,
  step_time = 1, synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 60 },
  weight_init = { "uniform", 0.2, 0.6 } })
local exc = layer:add_neuron("exc", snn.LIF { shape = 3, step_time = 1, rest_v = -65,
  reset_v = -65, thresh_v = -50, refrac_t = 3, time_constant = 20 })
function layer:wiring(inputs) return { exc = inputs.enc } end

-- Steps of it: spikes go in by the names of connections and come out by those of neurons.
local function present(input)
  local count = snn.zeros(1, 3)
  for s in encoder:steps_of(input) do count:add_(layer { enc = s }.exc) end
  return count
end
print("spikes of each neuron", present(x[1]:unsqueeze(1)))
print("voltages now, mV", exc.voltage)
print(layer)

-- The wiring may be replaced while the network runs: the first to fire holds others back.
function layer:wiring(inputs)
  local fired = self.neurons.exc.spike -- in the step before
  return { exc = inputs.enc - 10 * fired:sum(-1, true) }
end
print("with inhibition", present(x[1]:unsqueeze(1)))

-- Learning: an updater on the connection, a rule on the cell that ties both.
enc.updater = enc:defaultupdater()
enc.updater.weight:fullbound(snn.functional.bound_multiplicative, 1, 0)
local stdp = snn.STDP { lr_post = 0.02, lr_pre = -0.01, tc_post = 20, tc_pre = 20 }
stdp:register_cell("enc", layer:add_cell("enc", "exc")); -- ; at the prompt: nothing is printed

-- A rule acts when it is called, and the weights change with the update.
local before = enc.weight:clone()
for s in encoder:steps_of(x[1]:unsqueeze(1)) do
  layer { enc = s }
  stdp()
  layer:update()
end
print("largest change of a weight", (enc.weight - before):abs():max():item())
print(snn.plot.image(enc.weight, { title = "weights" }))

-- To try something and go back: a snapshot has all of the layer, the random numbers too.
local now = layer:snapshot()
local first = present(x[2]:unsqueeze(1))
layer:restore(now)
print("the same again", present(x[2]:unsqueeze(1)):equal(first))
