local snn = require "snn"

local synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 100 }

local function read() end

local function dense(bias)
  return snn.LinearDense {
    in_shape = 4, out_shape = 3, step_time = 1, synapse = synapse, batch_size = 2,
    bias = bias, weight_init = function() return snn.full({ 3, 4 }, 0.5) end,
  }
end

return {
  prepare = function()
    local conn = dense(false)
    conn(snn.ones(2, 4))
    return { conn = conn, spikes = snn.ones(2, 4), weight = snn.full({ 3, 4 }, 0.25) }
  end,
  run = function(o)
    o.conn(o.spikes)
    read(o.conn.syncurrent, o.conn.synspike, o.conn.selector, tostring(o.conn))
    o.conn.weight = o.weight
    o.conn:clear()
    dense(true)(o.spikes)
    snn.LinearDirect { shape = 3, step_time = 1, synapse = synapse, weight_init = snn.ones(3) }
    snn.LinearLateral { shape = 3, step_time = 1, synapse = synapse, weight_init = snn.ones(3, 3) }
  end,
  check = function(o, ok)
    local out = o.conn(o.spikes)
    local weight = o.conn.weight:sum():item() / 12
    assert(weight == 0.25 or not ok and weight == 0.5)
    assert(out:sum():item() == 6 * 4 * 100 * weight)
  end,
}
