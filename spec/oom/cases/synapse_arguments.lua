-- Arguments of synapses that change what is kept; states of a model's own.
local snn = require "snn"

local function bits(synapse)
  local out, state = {}, synapse:state_dict()
  for name, tensor in pairs(state) do out[#out + 1] = name .. tostring(tensor) end
  table.sort(out)
  return table.concat(out)
end

return {
  prepare = function()
    local plain = snn.DeltaCurrent { shape = 3, step_time = 1, spike_charge = 3, delay = 2 }
    local own = snn.TsodyksMarkram { shape = 3, step_time = 1, spike_charge = 3,
      time_constant = 5, tc_recovery = 100, tc_facilitation = 50, utilization = 0.5, delay = 2 }
    local input = snn.tensor { { 1, 0, 1 } }
    plain(input)
    own(input)
    return { plain = plain, own = own, input = input, u = snn.full({ 1, 3 }, 0.25),
      before = bits(plain), done = 0 }
  end,
  run = function(o)
    o.plain.graded = true
    o.done = 1
    o.plain.spike_charge = 5
    o.plain.delay = 4
    o.own(o.input)
    o.own.u = o.u
    o.own.utilization = 0.25
    o.own.delay = 1
    o.own:clear()
    o.own.batchsz = 2
  end,
  check = function(o, ok)
    assert(o.done == 1 or bits(o.plain) == o.before)
    assert(not ok or o.own.u.shape[1] == 2)
    o.plain(o.input)
    o.own(snn.ones(o.own.batchsz, 3))
    assert(o.own.current:isfinite():all():item())
  end,
}
