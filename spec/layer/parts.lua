-- What the specs of layers are made of.
local snn = require "snn"

local parts = {}

local function with(args, changes)
  for name, value in pairs(changes or {}) do args[name] = value end
  return args
end

parts.synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 }

---A dense connection whose weights are all 20: 3 spikes make a LIF below fire
---at the first step, 1 or 2 do not.
function parts.dense(inputs, outputs, changes)
  return snn.LinearDense(with({
    in_shape = inputs or 3, out_shape = outputs or 2, step_time = 1, synapse = parts.synapse,
    weight_init = snn.full({ outputs or 2, inputs or 3 }, 100),
  }, changes))
end

---Neurons that charge by 1 - exp(-1/20) = 0.0488 of their input a step, from
----60 to a threshold of -50 mV.
function parts.lif(shape, changes)
  return snn.LIF(with({
    shape = shape or 2, step_time = 1, rest_v = -60, reset_v = -65, thresh_v = -50, refrac_t = 2,
    time_constant = 20,
  }, changes))
end

function parts.alif(shape, changes)
  return snn.ALIF(with({
    shape = shape or 2, step_time = 1, rest_v = -60, reset_v = -65, thresh_eq_v = -50,
    refrac_t = 2, tc_membrane = 20, tc_adaptation = 50, spike_increment = 1,
  }, changes))
end

---Neurons that spike as they are told (`override`).
function parts.exact(shape)
  return snn.ExactNeuron { shape = shape or 2, step_time = 1, rest_v = -60, thresh_v = -40 }
end

---A layer of the connections "enc" and "rec" and the neurons "exc" and "inh";
---what comes in by "enc" goes to "exc", by "rec" to "inh".
---@param wiring? function
function parts.layer(wiring)
  local layer = snn.Layer {
    wiring = wiring or function(_, inputs) return { exc = inputs.enc, inh = inputs.rec } end,
  }
  layer:add_connection("enc", parts.dense())
  layer:add_connection("rec", parts.dense(2, 2))
  layer:add_neuron("exc", parts.lif())
  layer:add_neuron("inh", parts.alif())
  return layer
end

---All of the state below a module: path -> nested list.
function parts.state(module)
  local out = {}
  for path, tensor in pairs(module:state_dict()) do out[path] = tensor:totable() end
  return out
end

---What an iterator yields, as lists of all but the last value.
function parts.names(...)
  local out = {}
  for a, b, c in ... do
    if c == nil then out[#out + 1] = a else out[#out + 1] = a .. " " .. b end
  end
  return out
end

---Collects all garbage, also what finalizers let go.
function parts.collect()
  for _ = 1, 4 do collectgarbage() end
end

return parts
