-- What holds for the arguments of every neuron, reducer and encoder; the specs
-- of synapses, connections and trainers say the same of theirs.
local snn = require "snn"
local models = require "spec.every.models"

for _, parent in ipairs { snn.Neuron, snn.Reducer, snn.Encoder } do
  for _, name in ipairs(models.below(parent)) do
    local class = snn[name]
    local make = models.maker(class)

    describe(name, function()
      for text, claim in pairs(models.claims(class, make)) do it(text, claim) end
    end)
  end
end
