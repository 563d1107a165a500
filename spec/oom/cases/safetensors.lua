local folder = require "spec.io.folder"
local snn = require "snn"

return {
  prepare = function()
    local o = { path = folder.name(), t = { a = snn.ones(2, 3), b = snn.ones(2):to("bool") } }
    snn.save_safetensors(o.path, o.t)
    return o
  end,
  run = function(o)
    snn.save_safetensors(o.path, { a = o.t.a:transpose(1, 2):transpose(1, 2), b = o.t.b },
      { metadata = { by = "hand" } })
    snn.load_safetensors(o.path)
  end,
  check = function(o)
    local t = snn.load_safetensors(o.path)
    assert(t.a:equal(o.t.a) and t.b:equal(o.t.b))
    os.remove(o.path)
  end,
}
