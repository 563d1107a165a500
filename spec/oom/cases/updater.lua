local snn = require "snn"

local function read() end

return {
  prepare = function()
    return { acc = snn.Accumulator(), param = snn.full({ 2, 3 }, 0.5), up = snn.ones(2, 3) }
  end,
  run = function(o)
    o.acc.pos = o.up
    o.acc.pos = o.up
    o.acc.neg = o.up
    o.acc:reduction("mean")
    o.acc:upperbound(snn.functional.bound_upper_multiplicative, 1)
    o.acc:lowerbound(function(_, update) return update end, 0)
    read(o.acc.pos, o.acc.neg)
    o.acc:update(o.param)
    o.acc(o.param)
    o.acc:clear()
  end,
  check = function(o)
    o.acc:clear()
    o.acc:reduction("sum")
    o.acc:fullbound(snn.none)
    o.acc.pos = o.up
    assert(o.acc(o.param):sum():item() == 9)
  end,
}
