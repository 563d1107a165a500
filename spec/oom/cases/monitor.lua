-- Reducers, monitors of modules and cells, logs, a file and a pool.
local snn = require "snn"

local path = os.tmpname()

local function layer()
  return snn.Serial {
    connection = snn.LinearDense {
      in_shape = 4, out_shape = 3, step_time = 1,
      synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 100 },
    },
    neuron = snn.LIF { shape = 3, step_time = 1, rest_v = -60, reset_v = -65, thresh_v = -50,
      refrac_t = 3, time_constant = 20 },
  }
end

local function trace()
  return snn.ScaledNearestTraceReducer { step_time = 1, time_constant = 5, amplitude = 1,
    scale = 1, duration = 3 }
end

local function monitor(object, attr, args)
  args.module, args.attr = object, attr
  args.reducer = args.reducer or snn.PassthroughReducer { step_time = 1, duration = 2 }
  return snn.StateMonitor(args)
end

return {
  prepare = function()
    local l = layer()
    return {
      layer = l, x = snn.ones(1, 4), reducer = trace(), time = snn.full({ 1, 3 }, 0.5),
      kept = monitor(l.cell, "postvoltage", { last = 3 }),
    }
  end,
  run = function(o)
    for _ = 1, 3 do o.layer(o.x) end
    o.reducer(snn.ones(1, 3))
    o.reducer:view(o.time)
    o.reducer:dump()
    local spikes = monitor(o.layer.neuron, "spike", { budget = 1e6 })
    local file = monitor(o.layer.neuron, "voltage", { file = path, reducer = trace() })
    o.layer(o.x)
    file:flush()
    spikes:dump()
    local pool = snn.MonitorPool()
    pool:add_observed("cell", o.layer.cell)
    local make = snn.StateMonitor.partialconstructor { reducer = trace() }
    pool:add_monitor("cell", "a", "prespike", make)
    pool:add_monitor("cell", "b", "prespike", make)
    o.layer(o.x)
    os.remove(path)
  end,
  check = function(o)
    o.reducer(snn.ones(1, 3))
    assert(o.reducer:peek():equal(snn.full({ 1, 3 }, 2)))
    local other = monitor(o.layer.cell, "neuron.voltage", {})
    o.layer(o.x)
    assert(o.kept:dump()[1]:equal(o.layer.neuron.voltage))
    assert(other:peek():equal(o.layer.neuron.voltage))
  end,
}
