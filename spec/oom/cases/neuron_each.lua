-- Neurons whose arguments differ, assigned arguments, adaptations of samples.
local snn = require "snn"

local function arguments(more)
  local args = { shape = 4, step_time = 1, rest_v = snn.linspace(-66, -60, 4), reset_v = -67,
    thresh_eq_v = -52, refrac_t = snn.linspace(0, 5, 4), tc_membrane = 20,
    tc_adaptation = { 100, snn.linspace(50, 200, 4) }, spike_increment = 0.5, batch_size = 2 }
  for k, v in pairs(more or {}) do args[k] = v end
  return args
end

return {
  prepare = function()
    return { group = snn.ALIF(arguments()), drive = snn.full({ 2, 4 }, 50) }
  end,
  run = function(o)
    o.group(o.drive)
    o.group.refrac_t = snn.linspace(1, 7, 4)
    o.group.tc_adaptation = { snn.linspace(10, 20, 4), 1e8 }
    o.group.batch_reduction = function(t, dim) return t:mean(dim) end
    o.group(o.drive)
    tostring(o.group)
    local own = snn.ALIF(arguments { batch_reduction = "none" })
    own(o.drive)
    own:load_state_dict(own:state_dict())
    own.batchsz = 3
  end,
  check = function(o)
    assert(o.group(o.drive).shape[1] == 2)
    assert(o.group.refrac_t.shape[1] == 4)
    assert(o.group.voltage:lt(-50):all():item())
  end,
}
