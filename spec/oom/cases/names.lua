-- What is told of unknown names and frequent mistakes takes memory: the table
-- of foreign names is read with the first of them.
local snn = require "snn"

local function refused(kind, fn, ...)
  local ok, err = pcall(fn, ...)
  if ok or type(err) == "string" then error(err, 0) end
  assert(err.kind == kind or err.message:find("not enough memory"), tostring(err))
  local _ = "failed: " .. err
  _ = err:match "%u%l+Error" or #err
end

local function index(object, name) return object[name] end

return {
  prepare = function() return { t = snn.zeros(2, 3), layer = snn.Layer() } end,
  run = function(o)
    refused("AttributeError", index, o.t, "numpy")
    refused("AttributeError", index, o.layer, "run")
    refused("AttributeError", index, snn, "Lif")
    refused("AttributeError", index, snn.stats, "sigmoid")
    refused("TypeError", snn.LIF, { tau = 1 })
    refused("TypeError", snn.LIF, {})
    refused("TypeError", snn.Serial, {})
    refused("TypeError", o.layer.add_neuron, "exc")
    refused("TypeError", o.t.add, "x")
    refused("TypeError", o.t.matmul, o.t, { "\27[31m" })
    refused("IOError", snn.load_npy, "no\27[31mfile")
  end,
}
