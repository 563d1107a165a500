-- Cost of a synaptic event, a spike that reaches a synapse, from 10^3 to 10^6
-- inputs: a dense connection to 100 neurons whose inputs spike at random, one in
-- twenty; with STDP one neuron spikes as well, an event for each of its inputs.
-- It is the difference to a step in silence, over the events: passing over the
-- inputs is no cost of events. Weights of 10^4 inputs take 4 MB, those of 10^5
-- leave the caches of most processors; then each spike fetches its row of
-- weights from memory, and that of a neuron a line of each row.
local snn = require "snn"
local bench = require "spec.bench.support.harness"

local OUTPUTS <const>, SHARE <const>, STEPS <const> = 100, 0.05, 20

local function network(inputs, learns)
  local connection = snn.LinearDense { in_shape = inputs, out_shape = OUTPUTS, step_time = 1,
    synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 } }
  local layer = snn.Serial { connection = connection, neuron = snn.ExactNeuron {
    shape = OUTPUTS, step_time = 1, rest_v = -60, thresh_v = -50 } }
  local trainer
  if learns then
    connection.updater = connection:defaultupdater()
    trainer = snn.STDP { lr_post = 5e-4, lr_pre = -5e-6, tc_post = 30, tc_pre = 30 }
    trainer:register_cell("only", layer.cell)
  end
  return connection, function(pre, post)
    layer:forward(pre, { neuron_kwargs = { override = post } })
    if trainer then
      trainer()
      connection:update()
    end
  end
end

local function case_of(inputs, learns, share)
  local connection, forward = network(inputs, learns)
  local pre, post, step, spikes = {}, {}, 0, 0
  for i = 1, STEPS do
    pre[i] = snn.rand(1, inputs):lt(share)
    post[i] = snn.zeros({ 1, OUTPUTS }, { dtype = "bool" })
    if learns and share > 0 then post[i][1][i] = true end
    spikes = spikes + pre[i]:sum():item()
  end
  local function fn()
    step = step % STEPS + 1
    forward(pre[step], post[step])
  end
  local events = spikes * OUTPUTS // STEPS + post[1]:sum():item() * inputs
  return { name = (share > 0 and "spikes" or "silence") .. (learns and ", STDP" or ""),
    unit = "step", sizes = { inputs = inputs, outputs = OUTPUTS, share = share }, events = events,
    bytes = events * 4 * (learns and 2 or 1), fn = fn, check = function()
      for _ = 1, STEPS do fn() end
      return connection.weight:sum():item()
    end }
end

for power = 3, 6 do
  local inputs = math.tointeger(10 ^ power)
  for _, learns in ipairs { false, true } do
    snn.manual_seed(1)
    bench.compare("event", { case_of(inputs, learns, 0), case_of(inputs, learns, SHARE) })
    collectgarbage()
  end
end
