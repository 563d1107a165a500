-- A fault to be found, for the fuzzer's own spec: after two hooks before calls the
-- next hook after calls fails as Lua's core does, whatever objects they are of.
local snn = require "snn"

local Module = snn.Module
local before, after, count = Module.register_forward_pre_hook, Module.register_forward_hook, 0

function Module.register_forward_pre_hook(...)
  local handle = before(...)
  count = count + 1
  return handle
end

function Module.register_forward_hook(...)
  if count >= 2 then error("[snn] snn.planted:1: attempt to index a nil value", 0) end
  return after(...)
end
