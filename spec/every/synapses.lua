-- Helpers of the specs of all synapses: each is made from its own arguments.
local snn = require "snn"
local models = require "spec.every.models"

local synapses = {}

-- a value for each argument that any model has
synapses.VALUES = {
  shape = 5, step_time = 1, spike_charge = 3, time_constant = 10, tc_decay = 20, tc_rise = 5,
}

---How to make a class: { arguments = function, object = function }.
---@param class table
function synapses.maker(class)
  local make = {}
  function make.arguments(changes) return models.arguments(class, synapses.VALUES, changes) end
  function make.object(changes) return class(make.arguments(changes)) end
  return make
end

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
