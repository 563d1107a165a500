-- What a trainer does when delays have come or gone between a step and its call:
-- with delays each place of the weight has spikes of its own.
local snn = require "snn"
local raises = require("spec.support").fails

local PAIR <const> = { lr_post = 1, lr_pre = 1, tc_post = 20, tc_pre = 20 }
local RULES <const> = {
  STDP = PAIR,
  MSTDP = PAIR,
  TripletSTDP = { lr_post_pair = 1, lr_post_triplet = 1, lr_pre_pair = 1, lr_pre_triplet = 1,
    tc_post_fast = 10, tc_post_slow = 20, tc_pre_fast = 10, tc_pre_slow = 20 },
}

-- The connection, its delayed and its undelayed synapse, a layer whose neurons
-- all spike, a trainer of its cell.
local function make(rule)
  local connection = snn.LinearDense { in_shape = 4, out_shape = 3, step_time = 1, delay = 2,
    synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 } }
  connection.weight = snn.full({ 3, 4 }, 500)
  connection.updater = connection:defaultupdater()
  local layer = snn.Serial { connection = connection, neuron = snn.LIF { shape = 3, step_time = 1,
    rest_v = -60, reset_v = -65, thresh_v = -50, refrac_t = 0, time_constant = 20 } }
  local trainer = snn[rule](RULES[rule])
  trainer:register_cell("cell", layer.cell)
  return connection, connection.synapse,
    snn.DeltaCurrent { shape = 4, step_time = 1, spike_charge = 1 }, layer, trainer
end

for rule in pairs(RULES) do
  describe(rule, function()
    local reward = rule:find "^MSTDP" and 1 or nil

    it("refuses a step that was recorded with delays, where there are none now", function()
      local connection, _, undelayed, layer, trainer = make(rule)
      layer(snn.ones(1, 4))
      connection.synapse = undelayed
      raises("RuntimeError", rule .. ": delays have come or gone since 'trace_pre", trainer, reward)
      assert.is_nil(connection.updater.weight.pos)
      layer(snn.ones(1, 4))
      trainer(reward)
      connection:update()
    end)

    it("refuses a step that was recorded without delays, where there are some now", function()
      local connection, delayed, undelayed, layer, trainer = make(rule)
      connection.synapse = undelayed
      layer(snn.ones(1, 4))
      connection.synapse = delayed
      raises("RuntimeError", rule .. ": delays have come or gone since 'trace_pre", trainer, reward)
      layer(snn.ones(1, 4))
      trainer(reward)
      connection:update()
    end)

    it("pairs what arrives where delays come after it was registered", function()
      local weights = {}
      for _, is_delayed in ipairs { false, true } do
        local connection, delayed, undelayed, layer = make(rule)
        local args = { delayed = is_delayed }
        for name, value in pairs(RULES[rule]) do args[name] = value end
        connection.synapse = undelayed
        local late = snn[rule](args)
        late:register_cell("late", layer.cell)
        connection.synapse = delayed
        for _ = 1, 4 do layer(snn.ones(1, 4)) end
        late(reward)
        connection:update()
        weights[#weights + 1] = connection.weight:sum():item()
      end
      assert.equal(weights[1], weights[2])
    end)
  end)
end
