local snn = require "snn"

return {
  prepare = function() return snn.arange(24, { dtype = "float32" }):reshape(2, 3, 4) end,
  run = function(t)
    t:sum()
    t:mean(2)
    t:max(1)
    t:argmin(3, true)
    t:transpose(1, 3):std(2)
    t:norm(2, 1)
    t:cumsum(2)
    t:any()
  end,
  check = function(t) assert(t:sum():item() == 276) end,
}
