local snn = require "snn"

return {
  prepare = function()
    local t = snn.arange(12):reshape(3, 4)
    return { t = t, turned = t:transpose(1, 2):clone():transpose(1, 2), shared = t:clone(),
      mask = t:gt(8), rows = snn.tensor { 3, 1 } }
  end,
  run = function(o)
    local t = o.t
    assert(t[{ 1, 3 }]:sum() == t[o.rows]:sum())
    assert(#t[o.mask] == 3 and t[{ { 1, 2 }, {} }].numel == 8)
    t:transpose(1, 2)[o.mask:transpose(1, 2)]:sum()
    t:masked_select(o.mask[1])
    assert(t ~= o.shared[{ {}, { 1, 3 } }] and ("t = " .. t) ~= "")
    o.shared[o.mask] = 1
    o.shared[{ 1, 2 }] = snn.tensor { 1, 2, 3, 4 }
    o.turned[o.mask] = snn.tensor { 5, 6, 7 }
    o.turned[o.rows] = 0
    o.turned[{ { 1, 2 }, 1 }] = 3
  end,
  check = function(o, ok)
    assert(o.t:equal(snn.arange(12):reshape(3, 4)))
    local shared, turned = o.shared:sum():item(), o.turned:sum():item()
    assert(shared == 66 or shared == 39 or shared == 31)
    assert(turned == 66 or turned == 54 or turned == 22 or turned == 24)
    assert(not ok or shared == 31 and turned == 24)
  end,
}
