-- STDP on connections with delays: event by event in C against the same rule
-- on tensors, which a reduction of the script's asks for.
local snn = require "snn"
local heard = require("spec.support").heard

local MAKE = {
  LinearDense = { in_shape = 9, out_shape = 7 },
  LinearLateral = { shape = 7 },
  LinearDirect = { shape = 7 },
}

-- The delays go out of their range and come back by hand, which is told.
local function learn(name, delayed, reduction, steps)
  snn.manual_seed(8)
  local args = { step_time = 1, delay = 4, batch_size = 2,
    synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 } }
  for key, value in pairs(MAKE[name]) do args[key] = value end
  local connection = snn[name](args)
  connection.delay = snn.rand(connection.delay.shape) * 4
  local layer = snn.Serial { connection = connection, neuron = snn.ExactNeuron { shape = 7,
    step_time = 1, rest_v = -60, thresh_v = -50, batch_size = 2 } }
  connection.updater = connection:defaultupdater()
  local rule = snn.STDP { lr_post = 0.05, lr_pre = -0.03, tc_post = 20, tc_pre = 15,
    delayed = delayed, batch_reduction = reduction }
  rule:register_cell("cell", layer.cell)
  for step = 1, steps do
    layer(snn.rand(2, connection:insize()):lt(0.3),
      { neuron_kwargs = { override = snn.rand(2, 7):lt(0.3) } })
    rule()
    if delayed then -- delays that change
      connection.updater.delay.pos = snn.full(connection.delay.shape, step % 2 == 0 and 0.25 or 0)
      connection.updater.delay.neg = snn.full(connection.delay.shape, step % 2 == 1 and 0.25 or 0)
      connection.updater.delay:fullbound(snn.functional.bound_sharp, 4, 0)
    end
    connection:update()
    if delayed then connection.delay = connection.delay:clamp(0, 4) end
  end
  return connection.weight
end

describe("STDP with delays", function()
  for name in pairs(MAKE) do
    for _, delayed in ipairs { false, true } do
      it(("learns on %s, delayed = %s, as the rule on tensors does"):format(name, delayed),
        function()
          local by_events, by_tensors
          heard(function()
            by_events = learn(name, delayed, "mean", 15)
            by_tensors = learn(name, delayed, function(t, dim) return t:mean(dim) end, 15)
          end)
          assert.is_true(by_events:allclose(by_tensors, 1e-5, 1e-6))
          assert.is_false(by_events:equal(learn(name, delayed, "mean", 0)))
        end)
    end
  end

  it("pairs a spike with what arrives after its delay", function()
    local connection = snn.LinearDense { in_shape = 1, out_shape = 2, step_time = 1, delay = 2,
      synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 } }
    connection.weight, connection.delay = snn.zeros(2, 1), snn.tensor { { 0 }, { 2 } }
    connection.updater = connection:defaultupdater()
    local layer = snn.Serial { connection = connection, neuron = snn.ExactNeuron { shape = 2,
      step_time = 1, rest_v = -60, thresh_v = -50 } }
    local rule = snn.STDP { lr_post = 1, lr_pre = 0, tc_post = 10, tc_pre = 10 }
    rule:register_cell("cell", layer.cell)
    for step = 1, 4 do -- a spike at step 1 arrives at steps 1 and 3; both fire at step 4
      layer(snn.full({ 1, 1 }, step == 1 and 1 or 0),
        { neuron_kwargs = { override = snn.full({ 1, 2 }, step == 4 and 1 or 0):gt(0) } })
      rule()
      connection:update()
    end
    assert.near(math.exp(-0.3), connection.weight[1][1], 1e-6)
    assert.near(math.exp(-0.1), connection.weight[2][1], 1e-6)
  end)
end)
