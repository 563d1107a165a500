-- A layer in the manner of the quickstart: one step is three forwards, and a
-- forward that fails leaves every part as it was.
local snn = require "snn"

local synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 100 }

local function neuron()
  return snn.LIF {
    shape = 3, step_time = 1, rest_v = -65, reset_v = -60, thresh_v = -52, refrac_t = 2,
    time_constant = 20,
  }
end

local function make()
  local layer = snn.Layer()
  layer:add_connection("enc", snn.LinearDense {
    in_shape = 4, out_shape = 3, step_time = 1, synapse = synapse,
    weight_init = function(w) return snn.full(w.shape, 0.05) end,
  })
  layer:add_connection("inh", snn.LinearLateral {
    shape = 3, step_time = 1, synapse = synapse,
    weight_init = function(w) return snn.full(w.shape, -0.1) end,
  })
  layer:add_neuron("exc", neuron())
  layer:add_cell("enc", "exc")
  function layer.wiring(_, inputs)
    return { exc = inputs.enc and inputs.inh and inputs.enc + inputs.inh or inputs.enc }
  end
  return layer
end

---What a failed forward must leave alone.
local function state(layer)
  local neurons = layer.neurons.exc
  return { neurons.voltage, neurons.refrac, layer.connections.enc.synapse.current,
    layer.connections.enc.weight }
end

return {
  prepare = function()
    local layer = make()
    local x = snn.ones(1, 4)
    layer { enc = x, inh = snn.zeros(1, 3) }
    return { layer = layer, x = x, before = state(layer) }
  end,
  run = function(o)
    o.layer({ enc = o.x, inh = snn.ones(1, 3) }, { capture_intermediate = true })
  end,
  check = function(o, ok)
    for i, t in ipairs(state(o.layer)) do assert(ok or t:equal(o.before[i]), "entry " .. i) end
    assert(o.layer { enc = o.x }.exc.dtype == "bool")
  end,
}
