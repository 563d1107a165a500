local snn = require "snn"

return {
  prepare = function()
    local t = snn.tensor { { 3, 1, 2 }, { 9, 1, 8 } }
    return { t = t, line = snn.tensor { 1, 2 }, square = snn.ones(2, 2) }
  end,
  run = function(o)
    local t = o.t:transpose(1, 2)
    t:flip(1)
    t:roll(1)
    t:roll({ 1, 1 }, { 1, 2 })
    t:diff(2, 1)
    t:diag(1)
    o.line:diag()
    t:tril():triu(1)
    t:split(2)
    t:chunk(2, 2)
    t:unique { inverse = true, counts = true }
    t:masked_select(t:gt(1))
    t:index_select(1, o.line)
    t:sin()
    o.square:tril_(-1)
  end,
  check = function(o, ok)
    assert(o.t:equal(snn.tensor { { 3, 1, 2 }, { 9, 1, 8 } }))
    assert(o.square:sum():item() == (ok and 1 or 4))
  end,
}
