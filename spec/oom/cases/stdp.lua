-- A step of training: forward, trainer, update.
local snn = require "snn"

local synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 100 }

local function make()
  local layer = snn.Layer { wiring = function(_, inputs) return { exc = inputs.enc } end }
  local enc = layer:add_connection("enc", snn.LinearDense {
    in_shape = 4, out_shape = 3, step_time = 1, synapse = synapse, batch_size = 2,
    weight_init = function(w) return snn.full(w.shape, 0.8) end,
  })
  layer:add_neuron("exc", snn.ALIF {
    shape = 3, step_time = 1, rest_v = -65, reset_v = -60, thresh_eq_v = -52, refrac_t = 1,
    tc_membrane = 20, tc_adaptation = 1e7, spike_increment = 0.05, batch_size = 2,
  })
  enc.updater = enc:defaultupdater()
  enc.updater.weight:upperbound(snn.functional.bound_upper_multiplicative, 1)
  return layer
end

local function trainer_of(layer)
  local trainer = snn.STDP { lr_post = 5e-2, lr_pre = -5e-3, tc_post = 30, tc_pre = 30 }
  trainer:register_cell("cell", layer:add_cell("enc", "exc"))
  return trainer
end

return {
  prepare = function()
    local layer = make()
    local trainer, x = trainer_of(layer), snn.ones(2, 4)
    layer { enc = x }
    trainer()
    layer:update()
    return { layer = layer, trainer = trainer, x = x, weight = layer.connections.enc.weight }
  end,
  run = function(o)
    o.layer { enc = o.x }
    o.trainer()
    o.layer:update()
    o.trainer:clear()
    trainer_of(o.layer)
  end,
  check = function(o, ok)
    local weight = o.layer.connections.enc.weight
    assert(weight:isfinite():all():item())
    if ok then assert(not weight:equal(o.weight)) end
    o.layer { enc = o.x }
    o.trainer()
    o.layer:update()
  end,
}
