-- Helpers of the specs of all synapses.
local snn = require "snn"
local models = require "spec.every.models"

local synapses = {}

---How to make a class: { arguments = function, object = function }.
synapses.maker = models.maker

---The same spikes for each step, those of samples first + 1 .. of a batch.
function synapses.spikes(synapse, step, first)
  local rows = {}
  for b = 1, synapse.batchsz do
    rows[b] = {}
    for i = 1, synapse.count do
      rows[b][i] = math.sin(step * 1.7 + ((first or 0) + b) * 0.9 + i * 2.3) > 0.4
    end
  end
  return snn.tensor(rows, { dtype = "bool" }):reshape(synapse.batchedshape)
end

---The currents of some steps, as nested lists.
function synapses.run(synapse, steps, first)
  local currents = {}
  for step = 1, steps or 10 do
    currents[step] = synapse(synapses.spikes(synapse, step, first)):totable()
  end
  return currents
end

return synapses
