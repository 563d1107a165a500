local snn = require "snn"

return {
  prepare = function()
    local t = snn.zeros(3, 4)
    return { t = t, shared = t:clone() }
  end,
  run = function(objects)
    local t = objects.t
    t[2] = snn.ones(4)
    t[3][1] = 2
    t[1] = 0
    t:copy_(objects.shared)
    t:fill_(1)
  end,
  check = function(objects, ok)
    assert(objects.shared:sum():item() == 0)
    if ok then assert(objects.t:sum():item() == 12) end
  end,
}
