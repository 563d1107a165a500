-- Errors of the library themselves take memory.
local snn = require "snn"

local function refused(kind, fn, ...)
  local ok, err = pcall(fn, ...)
  if ok or type(err) == "string" then error(err, 0) end
  assert(err.kind == kind or err.message:find("not enough memory"), tostring(err))
  local _ = tostring(err)
end

return {
  prepare = function() return snn.zeros(2, 3) end,
  run = function(t)
    refused("ValueError", snn.zeros, -1)
    refused("TypeError", snn.zeros, "x")
    refused("TypeError", snn.zeros, 2, { dtyp = "bool" })
    refused("AttributeError", function() return t.shpe end)
    refused("ValueError", t.select, t, 3, 1)
    refused("ValueError", error, snn.Error("ValueError", "of a script"))
  end,
}
