-- A recurrent net of five connections, after five steps of a fixed seed: what the golden
-- texts in golden/ show.
local snn = require "snn"

local net = {}

local function connection(inputs, outputs, delay)
  return snn.LinearDense { in_shape = inputs, out_shape = outputs, step_time = 1, delay = delay,
    synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 40 },
    weight_init = function(t) return t:uniform_(0, 1) end }
end

local function neurons(n)
  return snn.LIF { shape = { n }, step_time = 1, rest_v = -60, reset_v = -65, thresh_v = -50,
    refrac_t = 2, time_constant = 20 }
end

---@return snn.Layer layer, snn.STDP trainer
function net.make()
  snn.manual_seed(7)
  local layer = snn.Layer()
  layer:add_neuron("exc", neurons(20))
  layer:add_neuron("inh", neurons(5))
  layer:add_neuron("out", neurons(2))
  layer:add_connection("enc", connection(30, 20, 3))
  layer:add_connection("rec", connection(20, 20))
  layer:add_connection("lat", connection(20, 5))
  layer:add_connection("inb", connection(5, 20))
  layer:add_connection("read", connection(20, 2))
  function layer:wiring(i) -- luacheck: ignore
    return { exc = i.enc + i.rec - i.inb, inh = i.lat, out = i.read }
  end
  local trainer = snn.STDP { lr_post = 1e-3, lr_pre = -1e-3, tc_post = 20, tc_pre = 20 }
  for _, from in ipairs { "enc", "rec" } do
    local c = layer.connections[from]
    c.updater = c:defaultupdater()
    trainer:register_cell(from, layer:add_cell(from, "exc"))
  end
  return layer, trainer
end

---So many steps.
function net.run(layer, steps)
  local exc, inh = layer.neurons.exc, layer.neurons.inh
  for i = 1, steps do
    local input = ((snn.arange(30) + i) % 3):eq(0):reshape(1, 30)
    layer { enc = input, rec = exc.spike, lat = exc.spike, inb = inh.spike, read = exc.spike }
  end
end

return net
