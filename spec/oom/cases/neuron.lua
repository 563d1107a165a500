local snn = require "snn"

local LIF = {
  shape = { 2, 2 }, step_time = 1, rest_v = -65, reset_v = -60, thresh_v = -52, refrac_t = 3,
  time_constant = 20, batch_size = 2,
}
local ALIF = {
  shape = 4, step_time = 1, rest_v = -65, reset_v = -60, thresh_eq_v = -52, refrac_t = 5,
  tc_membrane = 20, tc_adaptation = { 100, 200 }, spike_increment = 0.5,
}

local function read() end

return {
  prepare = function()
    return {
      lif = snn.LIF(LIF), current = snn.full({ 2, 2, 2 }, 4), drive = snn.full({ 1, 4 }, 50),
    }
  end,
  run = function(o)
    o.lif(o.current)
    read(o.lif.voltage, o.lif.refrac, o.lif.spike, tostring(o.lif))
    o.lif.voltage = snn.full({ 2, 2, 2 }, -60)
    o.lif.batchsz = 3
    local alif = snn.ALIF(ALIF)
    alif(o.drive)
    alif(o.drive, { adapt = true })
    read(alif.threshold_adaptation, alif:state_dict())
    alif:clear { keep_adaptations = false }
    snn.ExactNeuron { shape = 2, step_time = 1, rest_v = -65, thresh_v = -50 }(snn.ones(1, 2))
  end,
  check = function(o, ok)
    local batch = ok and 3 or o.lif.batchsz
    local out = o.lif(snn.full({ batch, 2, 2 }, 4))
    assert(out.shape[1] == batch and out.dtype == "bool")
    assert(o.lif.voltage:lt(-50):all():item())
  end,
}
