-- All models of neurons, each made from its own list of arguments.
local snn = require "snn"
local models = require "spec.every.models"

local neurons = {}

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
neurons.arguments = models.arguments

---A group of that model.
function neurons.make(name, changes)
  return snn[name](neurons.arguments(snn[name], changes))
end

return neurons
