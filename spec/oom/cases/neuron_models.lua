-- Neurons of all models, made and stepped.
local snn = require "snn"

local models = require "spec.every.models"

local MODELS = models.below(snn.Neuron)

local function make(name)
  return snn[name](models.arguments(snn[name], { shape = 2, step_time = 1 }))
end

local function same(a, b)
  for name, tensor in pairs(a) do
    if not tensor:equal(b[name]) then return false end
  end
  return true
end

return {
  prepare = function()
    local o = { input = snn.tensor { { 1000, 0 } }, done = 0, before = {} }
    for i, name in ipairs(MODELS) do
      o[i] = make(name)
      o[i](snn.zeros(1, 2))
      o.before[i] = o[i]:state_dict()
    end
    return o
  end,
  run = function(o)
    for i, name in ipairs(MODELS) do
      o[i](o.input)
      o.done = i
      make(name)(o.input)
    end
  end,
  check = function(o)
    for i in ipairs(MODELS) do
      assert(same(o.before[i], o[i]:state_dict()) == (i > o.done), MODELS[i])
      assert(not o[i](snn.zeros(1, 2))[1][2])
      assert(o[i].voltage:isfinite():all():item())
    end
  end,
}
