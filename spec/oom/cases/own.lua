-- Classes of scripts: their states, a step of a layer, a class made and opened again.
local snn = require "snn"

local Synapse = snn.class("OwnSynapse", snn.Synapse)
Synapse.states = { left = { of = "input" } }
function Synapse:forward(spikes)
  self.left = self.left * 0.5 + spikes * 30
  return self.left
end

local Neuron = snn.class("OwnNeuron", snn.Neuron)
Neuron.states = { u = { of = "neuron", init = function(self) return self.voltage * 0.2 end } }
function Neuron:forward(input)
  self.voltage = self.voltage + input
  self.u = self.u + self.voltage
  return self.voltage:gt(50)
end

local Plain = snn.class("Plain", snn.Module)
function Plain:forward(input) return input:gt(5) end

local function make()
  local layer = snn.Layer()
  layer:add_connection("enc", snn.LinearDense { in_shape = 3, out_shape = 2, step_time = 1,
    synapse = Synapse.partialconstructor {}, weight_init = snn.ones(2, 3) })
  layer:add_neuron("exc", Neuron { shape = 2, step_time = 1, rest_v = -60 })
  local plain = Plain()
  plain.shape = 2
  layer:add_neuron("plain", plain)
  function layer:wiring(inputs) return { exc = inputs.enc, plain = inputs.enc } end
  return layer
end

return {
  prepare = function()
    local o = { layer = make(), x = snn.ones(1, 3):to("bool") }
    o.layer { enc = o.x }
    o.before = o.layer:state_dict()
    return o
  end,
  run = function(o)
    make()
    snn.class("New", Neuron)
    o.layer { enc = o.x }
  end,
  check = function(o, ok)
    local now = o.layer:state_dict()
    if not ok then
      for name, value in pairs(now) do
        assert(value:equal(o.before[name]), name)
      end
    end
    assert(tostring(o.layer.neurons.exc):find "\n  u ")
    o.layer { enc = o.x }
  end,
}
