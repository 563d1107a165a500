local snn = require "snn"

local function read() end

return {
  prepare = function() return snn.arange(1, 7, 1, { dtype = "float64" }):reshape(2, 3) end,
  run = function(t)
    local sum = t + snn.ones(3)
    sum:add_(1):mul_(t):clamp_(0, 10)
    t:exp():log():sqrt()
    read(-t % 2, t ^ 2, t / t:select(2, 1):unsqueeze(2))
    t:gt(2):logical_and(t:lt(5)):where(t, sum)
    t:matmul(t:transpose(1, 2))
    t:to("float32"):matmul(snn.ones(2, 3, 1))
    snn.cat({ t, sum }, 1)
    snn.stack({ t, sum }, 1):index_select(3, snn.tensor({ 1, 3 }, { dtype = "int64" }))
    t:gt(2):nonzero()
    t:masked_fill(t:gt(2), 0)
    t:equal(sum)
    local whole = t:to("int64")
    read(whole % whole, whole // whole, whole:lt(t), t:ge(whole), whole:allclose(t))
  end,
  check = function(t) assert(t:sum():item() == 21) end,
}
