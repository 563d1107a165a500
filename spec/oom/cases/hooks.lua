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
    local rows = snn.ones({ 3, 1 }, { dtype = "float64" })
    snn.Clamping { module = o.conn, attr = "weight", min = 0, max = rows } { force = true }
    snn.Normalization { module = o.conn, attr = "weight", order = 1, dim = 2, scale = rows }
      { force = true }
  end,
  check = function(o)
    o.norm:deregister()
    o.norm { force = true }
    assert(o.conn.weight:sum(2):allclose(snn.full(3, 2)))
  end,
}
