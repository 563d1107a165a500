local snn = require "snn"

return {
  prepare = function()
    return {
      a = snn.tensor { { 1, 2 }, { 3, 4 } },
      spikes = snn.tensor { { true, false }, { true, true } },
      batch = snn.ones(3, 2, 2),
      row = snn.tensor { { 1, 2 } },
    }
  end,
  run = function(o)
    o.a:matmul(o.a:transpose(1, 2))
    o.spikes:matmul(o.spikes)
    o.spikes:matmul(o.a)
    o.batch:transpose(2, 3):matmul(o.a)
    o.batch:matmul(o.batch)
    o.row:expand(2, 2):matmul(o.a)
    o.a:mv(o.a:select(2, 1))
    o.a:select(1, 1):dot(o.a:select(1, 2))
    o.a:select(1, 1):outer(o.a:select(2, 1))
  end,
  check = function(o)
    assert(o.a:matmul(o.a):equal(snn.tensor { { 7, 10 }, { 15, 22 } }))
  end,
}
