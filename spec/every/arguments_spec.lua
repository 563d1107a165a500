-- What holds for the arguments of every neuron, reducer and encoder; the specs
-- of synapses, connections and trainers say the same of theirs.
local snn = require "snn"
local models = require "spec.every.models"
local neurons = require "spec.every.neurons"

local OF_REDUCERS = {
  step_time = 1, time_constant = 5, amplitude = 1, scale = 1, target = 1, tolerance = 0.1,
  alpha = 0.5, criterion = function(x) return x:gt(0) end,
}
local OF_ENCODERS = { steps = 4, step_time = 1, frequency = 50 }

local function with_values(values)
  return function(class, changes) return models.arguments(class, values, changes) end
end

for parent, arguments in pairs {
  [snn.Neuron] = neurons.arguments, [snn.Reducer] = with_values(OF_REDUCERS),
  [snn.Encoder] = with_values(OF_ENCODERS),
} do
  for _, name in ipairs(models.below(parent)) do
    local class, make = snn[name], {}
    function make.arguments(changes) return arguments(class, changes) end
    function make.object(changes) return class(make.arguments(changes)) end

    describe(name, function()
      for text, claim in pairs(models.claims(class, make)) do it(text, claim) end
    end)
  end
end
