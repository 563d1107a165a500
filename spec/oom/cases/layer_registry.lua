local snn = require "snn"

local synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 100 }

local function connection()
  return snn.LinearDirect { shape = 2, step_time = 1, synapse = synapse }
end

local function neuron()
  return snn.ExactNeuron { shape = 2, step_time = 1, rest_v = -65, thresh_v = -50 }
end

local function each(layer)
  for _ in layer:named_connections() do end
  for _ in layer:named_neurons() do end
  for _ in layer:named_synapses() do end
  for _ in layer:named_cells() do end
  for _ in pairs(layer.connections) do end
end

return {
  prepare = function()
    local layer = snn.Layer { wiring = function(_, inputs) return { a = inputs.a } end }
    layer:add_connection("a", connection())
    layer:add_neuron("a", neuron())
    return layer
  end,
  run = function(layer)
    layer:add_connection("b", connection())
    layer:add_neuron("b", neuron())
    layer:add_cell("a", "a")
    layer:add_cell("b", "b")
    each(layer)
    layer:del_cell("a", "a")
    layer:del_connection("b")
    layer:del_neuron("b")
    layer:state_dict()
    snn.Serial { connection = connection(), neuron = neuron() }(snn.ones(1, 2))
  end,
  check = function(layer)
    each(layer)
    assert(layer:get_connection("a") and layer:get_neuron("a"))
    assert(layer { a = snn.ones(1, 2) }.a.shape[2] == 2)
  end,
}
