-- A step that fails leaves eligibility traces as they were, one that does not
-- is remembered whole.
local snn = require "snn"

local MONITORS = { "elig_post", "elig_pre", "trace_post", "trace_pre" }

local function counts(o)
  local list = {}
  for i, name in ipairs(MONITORS) do
    list[i] = o.trainer:get_monitor("cell", name).observed:item()
  end
  return table.concat(list, " ")
end

local function learner(delay)
  local connection = snn.LinearDense {
    in_shape = 4, out_shape = 3, step_time = 1, batch_size = 2, delay = delay,
    synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 100 },
    weight_init = snn.full({ 3, 4 }, 0.8),
  }
  connection.updater = connection:defaultupdater()
  local neuron = snn.ExactNeuron { shape = 3, step_time = 1, rest_v = -65, thresh_v = -52,
    batch_size = 2 }
  local o = { layer = snn.Serial { connection = connection, neuron = neuron }, done = 0,
    x = snn.ones(2, 4), signal = snn.tensor { 1, -2 },
    trainer = snn.MSTDPET { lr_post = 0.1, lr_pre = -0.1, tc_post = 20, tc_pre = 20,
      tc_eligibility = 10 } }
  o.trainer:register_cell("cell", o.layer.cell)
  return o
end

local function step(o)
  o.layer(o.x)
  o.done = o.done + 1
  o.trainer(o.signal)
  o.state = o.trainer:state_dict() -- what is kept is shared from now on
  o.looks = o.trainer:get_monitor("cell", "elig_post"):peek()
end

local function check(o)
  local want = table.concat({ o.done, o.done, o.done, o.done }, " ")
  assert(counts(o) == want, counts(o))
  o.layer(o.x)
  o.trainer(1)
  o.layer:update()
  assert(o.layer.connection.weight:isfinite():all():item())
end

return {
  prepare = function() return { learner(), learner(2) } end,
  run = function(list)
    for _ = 1, 2 do
      for _, o in ipairs(list) do step(o) end
    end
  end,
  check = function(list)
    for _, o in ipairs(list) do check(o) end
  end,
}
