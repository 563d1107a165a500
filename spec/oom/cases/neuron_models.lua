-- Neurons of all models, made and stepped.
local snn = require "snn"

local VALUES = {
  shape = 2, step_time = 1, rest_v = -60, reset_v = -65, thresh_v = -50, thresh_eq_v = -50,
  refrac_t = 2, time_constant = 20, tc_membrane = 20, tc_adaptation = { 50, 10 },
  spike_increment = 1, rc_adaptation = 0.02, reset_v_add = -4, reset_v_mul = 0.2, crit_v = -53,
  affinity = 0.1, rheobase_v = -53, sharpness = 2, voltage_coupling = 0.2,
}
local MODELS = { "GLIF2", "QIF", "Izhikevich", "EIF", "AdEx" }

local function make(name)
  local args = {}
  for _, argument in ipairs(snn[name].arguments) do args[argument.name] = VALUES[argument.name] end
  return snn[name](args)
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
      o[i](o.input)
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
