local snn = require "snn"

local function connection()
  return snn.LinearDense {
    in_shape = 4, out_shape = 3, step_time = 1,
    synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 100 },
  }
end

return {
  prepare = function()
    local conn = connection()
    local norm = snn.Normalization {
      module = conn, attr = "weight", order = 1, scale = 2, dim = -1,
    }
    return { conn = conn, norm = norm }
  end,
  run = function(o)
    o.norm()
    o.norm:register()
    o.conn(snn.ones(1, 4))
    o.norm:deregister()
    snn.Clamping { module = o.conn, attr = "weight", min = 0, max = 0.25 }()
  end,
  check = function(o)
    o.norm:deregister()
    o.norm { force = true }
    assert(o.conn.weight:sum(2):allclose(snn.full(3, 2)))
  end,
}
