-- All models of neurons, each made from its own list of arguments.
local snn = require "snn"
local models = require "spec.every.models"

local neurons = {}

-- values of arguments; of others 1, which most ranges hold
local VALUES = {
  shape = 5, step_time = 1, rest_v = -60, reset_v = -65, thresh_v = -50, thresh_eq_v = -50,
  refrac_t = 2, time_constant = 20, tc_membrane = 20, tc_adaptation = { 50, 10 },
  spike_increment = { 1, 0.5 }, rc_adaptation = { 0.02, 0.1 }, reset_v_add = -4,
  reset_v_mul = 0.2, crit_v = -53, affinity = 0.1, rheobase_v = -53, sharpness = 2,
  voltage_coupling = { 0.2, 0.1 },
}

---The names of all classes below snn.Neuron.
---@return string[]
function neurons.models() return models.below(snn.Neuron) end

---Whether a class has the argument.
function neurons.has(class, name)
  for _, argument in ipairs(class.arguments) do
    if argument.name == name then return true end
  end
  return false
end

---The arguments of a class: those without a default, then changes.
function neurons.arguments(class, changes) return models.arguments(class, VALUES, changes) end

---A group of that model.
function neurons.make(name, changes)
  return snn[name](neurons.arguments(snn[name], changes))
end

return neurons
