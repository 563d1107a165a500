-- Synapses that open conductances. A connection puts out what its synapses add up
-- to; whether that is a current or a conductance is for the wiring to say, which
-- is a Lua function and may read any state of the layer: here it reads the
-- voltage. Two neurons get the same volleys of spikes, one as a current, one as a
-- conductance; both rise alike for few inputs, but a conductance drives the voltage
-- no further than its reversal potential, and inhibition at rest holds it there.
local snn = require "snn"
snn.arguments { about = "Synapses that open conductances beside synapses that are currents." }

local dt <const> = 0.1 -- ms
local inputs <const> = 200 -- of either kind
local rest <const>, reversal <const> = -70, { exc = 0, inh = -70 } -- mV
local weight <const> = 0.002 -- uS that a spike opens

-- ---- network: two neurons with a threshold that nothing reaches ----

local layer = snn.Layer()
layer:add_neuron("exc", snn.LIF { shape = 2, step_time = dt, rest_v = rest, reset_v = rest,
  thresh_v = 1000, refrac_t = 0, time_constant = 20, resistance = 20 }) -- ms, MOhm
for _, kind in ipairs { { "exc", 5 }, { "inh", 10 } } do -- ms that a channel stays open
  local name, tc = kind[1], kind[2]
  local synapse = snn.SingleExponentialCurrent.partialconstructor { spike_charge = tc,
    time_constant = tc } -- from 1 on, which the weight scales
  layer:add_connection(name, snn.LinearDense { in_shape = inputs, out_shape = 2, step_time = dt,
    synapse = synapse, weight_init = function(w) return snn.full(w.shape, weight) end })
end

-- A conductance g drives the current g (E - V). The first neuron gets what it would
-- be at rest whatever its voltage, as current-based synapses do.
function layer:wiring(opened)
  local at_rest = snn.tensor { { true, false } } -- of the first neuron
  local voltage = at_rest:where(rest, self.neurons.exc.voltage) -- mV
  local excitation = opened.exc * (reversal.exc - voltage) -- nA
  local inhibition = opened.inh * (reversal.inh - voltage)
  return { exc = excitation + inhibition }
end

-- ---- volleys ----

-- The voltages of both neurons, a row for each step, after a volley at 10 ms that
-- so many excitatory and inhibitory inputs take part in.
local function volley(excitatory, inhibitory)
  local rows = {}
  local function spikes(count) return snn.arange(inputs):lt(count):unsqueeze(1) end
  local silence = spikes(0)
  layer:clear()
  for step = 1, 80 / dt do
    local now = step == 10 / dt
    layer { exc = now and spikes(excitatory) or silence,
      inh = now and spikes(inhibitory) or silence }
    rows[step] = layer.neurons.exc.voltage:squeeze(1)
  end
  return snn.stack(rows, 1)
end

-- ---- result: a table; the voltages of each volley, one picture below the other ----

local height <const> = 64 -- pixels
local row = snn.arange(height):view(height, 1)
local pictures = {}
print("inputs that spike   current-based   conductance-based")
print("excit.     inhib.   peak of the voltage above rest (mV)")
for i, count in ipairs { { 1, 0 }, { 5, 0 }, { 20, 0 }, { 50, 0 }, { 200, 0 }, { 20, 50 },
  { 20, 200 } } do
  local voltages = volley(count[1], count[2]) - rest
  local by_current, by_conductance = table.unpack(voltages:amax(1):totable())
  print(("%6d %10d %15.2f %19.2f"):format(count[1], count[2], by_current, by_conductance))
  local y = ((1 - voltages / voltages:max()) * (height - 1)):round() -- each in its own scale
  local grey = row:eq(y:select(2, 1)) * 0.4 -- current-based: grey, conductance-based: white
  pictures[i] = grey:maximum(row:eq(y:select(2, 2)) * 1.0)
end
local ok, why = pcall(snn.save_png, "conductance.png", snn.stack(pictures, 1), { columns = 1 })
print(ok and "voltages: conductance.png" or why)
