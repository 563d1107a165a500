-- Memory of a dense synapse: 4 10^7 of them beside a connection with as many inputs and
-- few outputs. Large arrays come in pages of 2 MB; initial weights may pass through more
-- tensors while the connection is made.
local snn = require "snn"
local memory = require "spec.bench.support.memory"

local INPUTS <const>, OUTPUTS <const>, FEW <const> = 20000, 2000, 10

local function make(outputs)
  return snn.LinearDense { in_shape = INPUTS, out_shape = outputs, step_time = 1,
    synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 } }
end

memory.run({
  { name = "no learning", make = make },
  { name = "STDP", make = make, rule = "STDP",
    rates = { lr_post = 5e-4, lr_pre = -5e-6, tc_post = 30, tc_pre = 30 } },
  { name = "TripletSTDP", make = make, rule = "TripletSTDP",
    rates = { lr_post_pair = 5e-4, lr_post_triplet = 5e-4, lr_pre_pair = -5e-6,
      lr_pre_triplet = -5e-6, tc_post_fast = 30, tc_post_slow = 100, tc_pre_fast = 30,
      tc_pre_slow = 100 } },
}, {
  large = OUTPUTS, small = FEW, settled = 1,
  synapses = function(outputs) return INPUTS * outputs end,
  row = { workload = "memory", sizes = { inputs = INPUTS, outputs = OUTPUTS } },
})
