-- A synapse with states of its own: a step that fails leaves them.
local snn = require "snn"

return {
  prepare = function()
    local synapse = snn.TsodyksMarkram { shape = 3, step_time = 1, spike_charge = 3, delay = 2,
      time_constant = 5, tc_recovery = 100, tc_facilitation = 20, utilization = 0.5 }
    local input = snn.tensor { { 1, 0.5, 0 } }
    synapse(input)
    return { synapse = synapse, input = input, u = synapse.u:totable(),
      resources = synapse.resources:totable(), value = snn.full({ 1, 3 }, 0.5) }
  end,
  run = function(o)
    o.synapse(o.input)
    o.synapse.resources = o.value
  end,
  check = function(o, ok)
    local synapse, step = o.synapse, o.synapse.u[1][1] ~= o.u[1][1]
    assert(step or not ok)
    if not step then assert(synapse.resources[1][1] == o.resources[1][1]) end
    assert(not ok or synapse.resources[1][3] == 0.5)
    synapse(o.input)
  end,
}
