-- Every rule trains scripts' own classes as it does the library's: a cell of a
-- connection, a synapse and neurons in Lua beside one of the library's that compute
-- the same.
local snn = require "snn"
local own = require "spec.classes.own"
local models = require "spec.every.models"
local trainers = require "spec.every.trainers"

local Dense = snn.class("Dense", snn.Connection)
function Dense:forward(spikes)
  local currents, weight = self.synapse(spikes), self.weight:transpose(1, 2)
  if not self.delayedby then return currents:matmul(weight) + self.bias end
  return (self.syncurrent * weight:unsqueeze(1)):sum(2) + self.bias -- (B, inputs, outputs)
end

local Delta = snn.class("Delta", snn.Synapse)
function Delta:forward(spikes) return spikes:to(self.dtype) * 30 end

local function layer_of(name, is_own)
  snn.manual_seed(7)
  local delay = trainers.needs_delays(name) and 3 or nil
  local enc = (is_own and Dense or snn.LinearDense) { in_shape = 4, out_shape = 3,
    step_time = 1, batch_size = 3, bias = true, delay = delay,
    weight_init = function(w) return w * 4 end, delay_init = delay and snn.ones(3, 4),
    synapse = is_own and Delta.partialconstructor {} or own.delta() }
  local exc = is_own and own.Leaky { shape = 3, batch_size = 3 } or snn.LIF { shape = 3,
    step_time = 1, batch_size = 3, rest_v = -60, reset_v = -60, thresh_v = -50, refrac_t = 0,
    time_constant = 20 }
  enc.updater = enc:defaultupdater()
  return snn.Serial { connection = enc, neuron = exc }
end

-- What 25 steps make of the parameter, with currents that do not depend on it.
local function trained(name, is_own)
  local layer = layer_of(name, is_own)
  local trainer = trainers.maker(snn[name]).object()
  trainer:register_cell("only", layer.cell)
  for _ = 1, 25 do
    layer(snn.rand(3, 4):lt(0.5))
    if trainers.is_modulated(name) then trainer(snn.tensor { 1, -2, 0.5 }) else trainer() end
  end
  local param = trainers.trained_by(name)
  local before = layer.connection[param]
  layer:update()
  return layer.connection[param], before
end

describe("a cell of scripts' own classes is trained as the library's by", function()
  local mode = snn.warnings()

  setup(function() snn.warnings(false) end) -- delays are learned beyond the longest
  teardown(function() snn.warnings(mode) end)

  for _, name in ipairs(models.below(snn.IndependentCellTrainer)) do
    it(name, function()
      local mine = trained(name, true)
      local theirs, before = trained(name, false)
      assert.is_true(mine:allclose(theirs, 1e-5, 1e-6), tostring(mine) .. tostring(theirs))
      if name ~= "LinearHomeostasis" then assert.is_false(theirs == before) end
    end)
  end
end)
