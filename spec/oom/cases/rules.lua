-- Rules by events and on tensors, with a state of their own, in a loop of layers.
local snn = require "snn"

local synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 100 }
local PAIR = { lr_post = 0.1, lr_pre = -0.1, tc_post = 20, tc_pre = 20 }
local TRIPLET = {
  lr_post_pair = 0.1, lr_post_triplet = 0.1, lr_pre_pair = -0.1, lr_pre_triplet = 0.1,
  tc_post_fast = 10, tc_post_slow = 30, tc_pre_fast = 10, tc_pre_slow = 30,
}
local ELIGIBLE = {
  lr_post = 0.1, lr_pre = -0.1, tc_post = 20, tc_pre = 20, tc_eligibility = 10,
}

local function dense(inputs, outputs)
  local connection = snn.LinearDense {
    in_shape = inputs, out_shape = outputs, step_time = 1, synapse = synapse, batch_size = 2,
    weight_init = snn.full({ outputs, inputs }, 0.8),
  }
  connection.updater = connection:defaultupdater()
  return connection
end

local function neurons(n)
  return snn.LIF { shape = n, step_time = 1, rest_v = -65, reset_v = -60, thresh_v = -52,
    refrac_t = 1, time_constant = 20, batch_size = 2 }
end

local function step(o)
  o.layer(o.x)
  o.signal[1](snn.tensor { 1, -2 })
  o.signal[2](2)
  o.plain()
  o.layer:update()
end

return {
  prepare = function()
    local layer = snn.RecurrentSerial {
      feedfwd_connection = dense(4, 3), lateral_connection = dense(3, 2),
      feedback_connection = dense(2, 3), feedfwd_neuron = neurons(3),
      feedback_neuron = neurons(2), trainable_feedback = true,
    }
    local o = { layer = layer, x = snn.ones(2, 4), plain = snn.TripletSTDP(TRIPLET),
      signal = { snn.MSTDP(PAIR), snn.MSTDPET(ELIGIBLE) } }
    o.signal[1]:register_cell("cell", layer.feedfwd_cell)
    o.signal[2]:register_cell("cell", layer.lateral_cell)
    o.plain:register_cell("cell", layer.feedback_cell)
    step(o)
    return o
  end,
  run = step,
  check = function(o)
    step(o)
    for _, connection in o.layer:named_connections() do
      assert(connection.weight:isfinite():all():item())
    end
  end,
}
