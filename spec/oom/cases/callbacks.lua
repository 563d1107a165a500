-- What a function throws under the engine arrives as it is, also where there is
-- no memory for its trace.
local snn = require "snn"

local function is_short(err) return tostring(err):find("not enough memory", 1, true) end

return {
  prepare = function()
    local o = { thrown = {} }
    local inner = snn.Layer { wiring = function() error(o.thrown) end }
    o.layer = snn.Layer { wiring = function() return inner {} end }
    return o
  end,
  run = function(o)
    local _, err = pcall(o.layer, {})
    if err ~= o.thrown then error(err, 0) end
    local _, text = xpcall(o.layer, snn.traceback, {})
    if is_short(text) then error(text, 0) end
    assert(text:find("error object is a table", 1, true), text)
  end,
  check = function(o)
    local _, err = pcall(o.layer, {})
    assert(err == o.thrown)
  end,
}
