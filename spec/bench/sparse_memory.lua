-- Memory of a sparse synapse: 10^7 of them among 10^5 neurons beside 10^6. While pairs
-- are sorted they are there twice, so that making takes more.
local snn = require "snn"
local memory = require "spec.bench.support.memory"

local NEURONS <const>, COUNT <const>, FEW <const> = 100000, 10000000, 1000000
local LONGEST <const> = 20

local function on_grid(d) return (snn.rand(d.shape) * LONGEST):floor() end
local function between(d) return snn.rand(d.shape) * LONGEST end

local function with(delays)
  return function(count)
    local args = { in_shape = NEURONS, out_shape = NEURONS, step_time = 1, weight_init = 0.5,
      synapses = snn.connect.fixed_total { n = count },
      synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 } }
    for name, value in pairs(delays) do args[name] = value end
    return snn.LinearSparse(args)
  end
end

memory.run({
  { name = "no learning", make = with {} },
  { name = "a shared delay", make = with { delay = LONGEST, delay_init = 1.5 } },
  { name = "delays of whole steps", make = with { delay = LONGEST, delay_init = on_grid } },
  { name = "delays between steps", make = with { delay = LONGEST, delay_init = between } },
  { name = "STDP", make = with {}, rule = "STDP",
    rates = { lr_post = 5e-4, lr_pre = -5e-6, tc_post = 30, tc_pre = 30 } },
}, {
  large = COUNT, small = FEW, settled = 2, synapses = function(count) return count end,
  row = { workload = "sparse_memory", sizes = { neurons = NEURONS, synapses = COUNT } },
})
