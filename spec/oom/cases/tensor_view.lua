local snn = require "snn"

local function read() end

return {
  prepare = function() return snn.arange(12):reshape(3, 4) end,
  run = function(t)
    t:transpose(1, 2):contiguous()
    t:transpose(1, 2):reshape(12)
    t:permute(2, 1):flatten()
    t:select(1, 2):unsqueeze(1):expand(5, 4):clone()
    t:narrow(2, 2, 2):slice(1, 1, 2):squeeze()
    read(t.shape, t[2], t[3][4], #t, tostring(t), t:totable())
  end,
  check = function(t) assert(t:sum():item() == 66 and t.shape[2] == 4) end,
}
