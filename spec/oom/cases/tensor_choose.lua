local snn = require "snn"

local function ints(list) return snn.tensor(list, { dtype = "int64" }) end

return {
  prepare = function()
    return {
      t = snn.tensor { { 3, 1, 2 }, { 9, 7, 8 } },
      rows = ints { 2, 1 },
      places = ints { { 1, 1 }, { 3, 2 } },
    }
  end,
  run = function(o)
    local t = o.t
    snn.cat({ t, t:to("float64") }, 2)
    snn.stack { t, t:transpose(1, 2):transpose(1, 2) }
    t:transpose(1, 2):index_select(2, o.rows)
    t:gather(2, o.places)
    t:scatter_add_(2, o.places, snn.zeros({ 2, 2 }, { dtype = "bool" }))
    t:nonzero()
    o.rows:bincount { minlength = 5 }
    t:transpose(1, 2):sort()
    t:topk(2)
    t:median()
    t:median(1)
    t:quantile({ 0.5, 1 }, 2)
    snn.normalize(t:transpose(1, 2), 1, { dim = 1 })
    snn.normalize(o.rows, 2)
    snn.rescale(t, 0, 1)
  end,
  check = function(o)
    assert(o.t:equal(snn.tensor { { 3, 1, 2 }, { 9, 7, 8 } }))
    assert(o.rows:index_select(1, o.rows):equal(ints { 1, 2 }))
  end,
}
