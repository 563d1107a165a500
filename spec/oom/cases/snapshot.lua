-- A layer is kept and gone back to, by an image and as saved.
local state = require "spec.atomic.state"
local snn = require "snn"

local function make()
  local layer = snn.Layer { wiring = function(_, inputs) return { exc = inputs.enc } end }
  layer:add_connection("enc", snn.LinearDense { in_shape = 2, out_shape = 2, step_time = 1,
    synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 90 },
    weight_init = function(w) return snn.full(w.shape, 0.8) end })
  layer:add_neuron("exc", snn.LIF { shape = 2, step_time = 1, rest_v = -60, reset_v = -65,
    thresh_v = -50, refrac_t = 2, time_constant = 20 })
  return layer
end

return {
  prepare = function()
    local o = { layer = make(), x = snn.ones(1, 2):gt(0) }
    o.kept, o.then_ = o.layer:snapshot(), state.of { layer = o.layer }
    o.layer { enc = o.x }
    o.now = state.of { layer = o.layer }
    return o
  end,
  run = function(o)
    snn.snapshot { layer = o.layer }
    o.layer:snapshot()
    o.layer:restore(o.kept)
  end,
  check = function(o, ok)
    local now = state.of { layer = o.layer }
    assert(not state.differences(now, ok and o.then_ or o.now)
      or not ok and not state.differences(now, o.then_))
    o.layer:restore(o.kept)
    assert(not state.differences(state.of { layer = o.layer }, o.then_))
  end,
}
