-- CUBA and COBA as a user of the library writes them (examples/cuba.lua, coba.lua):
--
--     snnlua networks.lua cuba|coba NEURONS SECONDS DELAY_MS [stdp]
--
-- prints the processor's seconds of the loop, the rate in Hz and the most memory held, kB.
-- With stdp the excitatory synapses among each other learn by pairs of spikes.
local snn = require "snn"
local kind, rule = arg[1], arg[5]
local n <const>, seconds <const>, delay <const> = tonumber(arg[2]) // 1 | 0, tonumber(arg[3]),
  tonumber(arg[4])
snn.manual_seed(1)
snn.set_num_threads(tonumber(os.getenv("SNN_PEERS_THREADS") or 1) // 1 | 0)

local dt <const>, excitatory <const>, is_coba <const> = 0.1, n * 4 // 5, kind == "coba"
local layer = snn.Layer()
layer:add_neuron("all", snn.LIF { shape = n, step_time = dt, rest_v = is_coba and -60 or -49,
  reset_v = -60, thresh_v = -50, refrac_t = 5, time_constant = 20 })

-- The neurons `first` to `last` reach those from `to` on, so many of them.
local function connect(name, first, last, to, count, weight, tc)
  local synapses = snn.connect.bernoulli { p = 80 / n }
  if count < n then
    local pre, post = synapses:pairs(last - first + 1, count)
    synapses = { pre = pre, post = post + (to - 1) }
  end
  local conn = snn.LinearSparse { in_shape = last - first + 1, out_shape = n, step_time = dt,
    synapses = synapses, weight_init = weight,
    synapse = snn.SingleExponentialCurrent.partialconstructor { spike_charge = tc,
      time_constant = tc }, delay = delay, delay_init = delay > 0 and delay or nil }
  return layer:connect("all", "all", conn, { from = { first, last }, name = name })
end
local w_exc, w_inh = is_coba and 0.6 or 1.62, is_coba and 6.7 or -9
if rule then
  connect("exc", 1, excitatory, 1, excitatory, w_exc, 5)
  connect("down", 1, excitatory, excitatory + 1, n - excitatory, w_exc, 5)
else
  connect("exc", 1, excitatory, 1, n, w_exc, 5)
end
connect("inh", excitatory + 1, n, 1, n, w_inh, 10)

if is_coba then
  function layer:wiring(g)
    local v = self.neurons.all.voltage
    return { all = g.exc * -v + g.inh * (-80 - v) }
  end
  layer { exc = snn.rand(1, excitatory):lt(0.1), inh = snn.rand(1, n - excitatory):lt(0.19) }
else
  layer.neurons.all.voltage = -60 + 10 * snn.rand(1, n)
end

local trainer
if rule then
  trainer = snn.STDP { lr_post = 0.01 * w_exc, lr_pre = -0.01 * w_exc, tc_post = 20, tc_pre = 20,
    delayed = false }
  local learned = layer.connections.exc
  learned.updater = learned:defaultupdater()
  learned.updater.weight:lowerbound(snn.functional.bound_lower_sharp, 0)
  learned.updater.weight:upperbound(snn.functional.bound_upper_sharp, 2 * w_exc)
  trainer:register_cell("exc", layer:get_cell("exc", "all"))
end

local recorder = snn.SpikeRecorder(layer, "all")
local start = os.clock()
for _ = 1, seconds * 1000 / dt do
  layer {}
  if trainer then
    trainer()
    layer:update()
  end
end
local taken = os.clock() - start -- of the processor, as Brian2 measures
local status = io.open("/proc/self/status"):read "a"
print(("%.6f %.3f %s"):format(taken, recorder.count / n / seconds, status:match "VmHWM:%s*(%d+)"))
