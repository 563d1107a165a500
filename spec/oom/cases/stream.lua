local folder = require "spec.io.folder"
local snn = require "snn"

return {
  prepare = function()
    local o = { path = folder.name() }
    o.neuron = snn.LIF { shape = 2, step_time = 1, rest_v = -65, reset_v = -60, thresh_v = -52,
      refrac_t = 3, time_constant = 20 }
    o.monitor = snn.StateMonitor { module = o.neuron, attr = "voltage", file = o.path,
      reducer = snn.PassthroughReducer { step_time = 1, duration = 0 } }
    return o
  end,
  run = function(o)
    for _ = 1, 3 do o.neuron(snn.zeros(1, 2)) end
  end,
  check = function(o, ok)
    for _ = 1, 2 do o.neuron(snn.zeros(1, 2)) end
    local rows = #snn.load_npy(o.path)
    assert(ok and rows == 5 or not ok and rows >= 2 and rows <= 5)
    os.remove(o.path)
  end,
}
