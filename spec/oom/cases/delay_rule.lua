-- Delays that are learned.
local snn = require "snn"

local function learner()
  local connection = snn.LinearDense {
    in_shape = 4, out_shape = 3, step_time = 1, batch_size = 2, delay = 3,
    synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 10 },
    weight_init = snn.ones(3, 4), delay_init = snn.full({ 3, 4 }, 1.5),
  }
  connection.updater = connection:defaultupdater()
  return snn.Serial {
    connection = connection,
    neuron = snn.ExactNeuron {
      shape = 3, step_time = 1, batch_size = 2, rest_v = 0, thresh_v = 1,
    },
  }
end

local function step(o)
  o.layer(o.x, { neuron_kwargs = { override = o.post } })
  o.trainer()
  o.layer:update()
end

return {
  prepare = function()
    local o = { layer = learner(), x = snn.ones(2, 4), post = snn.ones(2, 3),
      trainer = snn.DelayAdjustedSTDPD { lr_pos = -0.1, lr_neg = 0.1, tc_pos = 10, tc_neg = 10 } }
    o.trainer:register_cell("cell", o.layer.cell)
    step(o)
    o.before = o.layer.connection.delay
    return o
  end,
  run = step,
  check = function(o, ok)
    local delay = o.layer.connection.delay
    assert(not ok or not delay:equal(o.before), "is learned")
    step(o)
    assert(not o.layer.connection.delay:equal(delay), "learns on")
    assert(o.layer.connection.delay:isfinite():all():item())
  end,
}
