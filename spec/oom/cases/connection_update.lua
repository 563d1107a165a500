local snn = require "snn"

return {
  prepare = function()
    local conn = snn.LinearDense {
      in_shape = 4, out_shape = 3, step_time = 1, bias = true,
      synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 100 },
      weight_init = snn.ones(3, 4), bias_init = snn.ones(3),
    }
    conn.updater = conn:defaultupdater()
    return { conn = conn, weight = snn.ones(3, 4), bias = snn.ones(3), held = conn.weight }
  end,
  run = function(o)
    local updater = o.conn.updater
    updater.weight = { o.weight, o.weight }
    updater.bias = { o.bias, nil }
    updater.bias:upperbound(function(_, update) return update * 0 end, 1)
    updater.weight:fullbound(snn.functional.bound_scaled_multiplicative, snn.ones(4), 0)
    o.held = o.conn.weight
    updater("weight")
    o.conn:update()
    o.conn:updatesome("bias")
    o.conn.updater = o.conn:defaultupdater("weight")
  end,
  check = function(o)
    o.conn.updater = o.conn:defaultupdater()
    o.conn.weight = o.weight
    o.conn.bias = o.bias
    o.conn.updater.weight = { o.weight, nil }
    o.conn:update()
    assert(o.conn.weight:sum():item() == 24)
    assert(o.conn.bias:sum():item() == 3)
  end,
}
