-- All models of neurons, each made from its own list of arguments.
local snn = require "snn"

local neurons = {}

-- values of arguments; of others 1, which most ranges hold
local VALUES = {
  step_time = 1, rest_v = -60, reset_v = -65, thresh_v = -50, thresh_eq_v = -50, refrac_t = 2,
  time_constant = 20, tc_membrane = 20, tc_adaptation = { 50, 10 }, spike_increment = { 1, 0.5 },
  rc_adaptation = { 0.02, 0.1 }, reset_v_add = -4, reset_v_mul = 0.2, crit_v = -53, affinity = 0.1,
  rheobase_v = -53, sharpness = 2, voltage_coupling = { 0.2, 0.1 },
}

---The names of all classes below snn.Neuron.
---@return string[]
function neurons.models()
  local found = {}
  for name, class in pairs(snn) do
    local meta = type(class) == "table" and getmetatable(class)
    if meta and meta.__index == snn.Neuron then found[#found + 1] = name end
  end
  table.sort(found)
  return found
end

---Whether a class has the argument.
function neurons.has(class, name)
  for _, argument in ipairs(class.arguments) do
    if argument.name == name then return true end
  end
  return false
end

---The arguments of a class: shape, those without a default, then changes.
function neurons.arguments(class, changes)
  local args = { shape = 5 }
  for _, argument in ipairs(class.arguments) do
    local name = argument.name
    if not argument.optional and name ~= "shape" then
      args[name] = VALUES[name] or 1
    end
  end
  for name, value in pairs(changes or {}) do args[name] = value end
  return args
end

---A group of that model.
function neurons.make(name, changes)
  return snn[name](neurons.arguments(snn[name], changes))
end

return neurons
