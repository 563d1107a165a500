-- Histories of synapses, connections with delays that are learned, Conv2D.
local snn = require "snn"

local synapse = snn.DoubleExponentialCurrent.partialconstructor {
  spike_charge = 10, tc_decay = 5, tc_rise = 2, spike_interp_mode = "nearest",
}

local function dense()
  return snn.LinearDense {
    in_shape = 4, out_shape = 3, step_time = 1, synapse = synapse, batch_size = 2, delay = 3,
    weight_init = snn.ones(3, 4), delay_init = snn.full({ 3, 4 }, 1.5),
  }
end

local function convolution(delay)
  return snn.Conv2D {
    height = 4, width = 4, channels = 1, filters = 2, kernel = 2, step_time = 1, delay = delay,
    synapse = synapse, weight_init = snn.ones(2, 1, 2, 2),
  }
end

local function cell()
  local connection = dense()
  connection.updater = connection:defaultupdater()
  local layer = snn.Serial {
    connection = connection,
    neuron = snn.ExactNeuron {
      shape = 3, step_time = 1, batch_size = 2, rest_v = 0, thresh_v = 1,
    },
  }
  local trainer = snn.DelayAdjustedSTDPD { lr_pos = -1, lr_neg = 1, tc_pos = 10, tc_neg = 10 }
  trainer:register_cell("cell", layer.cell)
  layer(snn.ones(2, 4), { neuron_kwargs = { override = snn.ones(2, 3) } })
  return layer, trainer
end

local function values(module)
  local out = {}
  for name, tensor in pairs(module:state_dict()) do out[name] = tensor end
  return out
end

local function same(a, b)
  for name, tensor in pairs(a) do
    if not tensor:equal(b[name]) then return false end
  end
  return true
end

return {
  prepare = function()
    local layer, trainer = cell()
    local o = { dense = dense(), conv = convolution(2), layer = layer, trainer = trainer,
      x = snn.ones(2, 4), image = snn.ones(1, 1, 4, 4), at = snn.full({ 2, 4 }, 0.75) }
    o.dense(o.x)
    o.conv(o.image)
    o.before, o.done = { values(o.dense), values(o.conv) }, 0
    return o
  end,
  run = function(o)
    o.dense(o.x)
    o.done = 1
    o.conv(o.image)
    o.done = 2
    o.dense.synapse:current_at(o.at)
    o.dense.synapse:spike_at(o.at)
    o.conv:presyn_receptive(o.conv.synspike)
    o.trainer()
    o.layer:update()
    convolution()(o.image)
  end,
  check = function(o)
    for i, connection in ipairs { o.dense, o.conv } do
      assert(same(o.before[i], values(connection)) == (o.done < i), "the state")
    end
    assert(o.dense(o.x):isfinite():all():item())
    assert(o.conv(o.image):isfinite():all():item())
    o.trainer()
    o.layer:update()
    assert(o.layer.connection.delay:isfinite():all():item())
  end,
}
