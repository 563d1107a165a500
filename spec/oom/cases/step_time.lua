-- A new step time of a cell with delays, a trainer and a monitor.
local snn = require "snn"

snn.warnings(false)

local function make()
  local layer = snn.Layer { wiring = function(_, inputs) return { exc = inputs.enc } end }
  local enc = layer:add_connection("enc", snn.LinearDense {
    in_shape = 3, out_shape = 2, step_time = 1, delay = 3,
    synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 },
    weight_init = function(w) return snn.full(w.shape, 0.5) end,
  })
  enc.delay = snn.full({ 2, 3 }, 2)
  local exc = layer:add_neuron("exc", snn.LIF { shape = 2, step_time = 1, rest_v = -60,
    reset_v = -65, thresh_v = -50, refrac_t = 2, time_constant = 20 })
  enc.updater = enc:defaultupdater()
  local cell = layer:add_cell("enc", "exc")
  local trainer = snn.STDP { lr_post = 1, lr_pre = -1, tc_post = 1e6, tc_pre = 20, delayed = true }
  trainer:register_cell("cell", cell)
  local monitor = snn.StateMonitor { module = cell, attr = "postspike",
    reducer = snn.EventReducer { step_time = 1, duration = 3,
      criterion = function(x) return x end } }
  return { layer = layer, enc = enc, exc = exc, trainer = trainer, monitor = monitor,
    x = snn.ones(1, 3) }
end

return {
  prepare = function()
    local o = make()
    for _ = 1, 3 do o.layer { enc = o.x } end
    return o
  end,
  run = function(o)
    local dt = o.enc.dt == 1 and 0.5 or 1
    o.enc.dt = dt
    o.exc.dt = dt
    o.layer { enc = o.x }
    o.trainer()
    o.layer:update()
  end,
  check = function(o)
    local dt = o.enc.dt
    o.exc.dt = dt
    o.layer { enc = o.x }
    o.trainer()
    o.layer:update()
    assert(o.trainer:get_monitor("cell", "trace_pre").dt == dt)
    assert(o.monitor.reducer.dt == dt)
    assert(o.enc.weight:isfinite():all():item())
  end,
}
