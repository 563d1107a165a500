-- Cells for the specs of trainers: a connection to neurons that spike as told.
local snn = require "snn"

local cells = {}

local function with(args, changes)
  for name, value in pairs(changes or {}) do args[name] = value end
  return args
end

local SIZES = {
  LinearDense = { in_shape = 2, out_shape = 2 },
  LinearDirect = { shape = 2 },
  LinearLateral = { shape = 2 },
}

---A Serial of zero weights with an updater.
---@param class? string of the connection, LinearDense by default
---@param changes? table of its arguments
function cells.serial(class, changes)
  class = class or "LinearDense"
  local connection = snn[class](with(with({
    step_time = 1, synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 },
    weight_init = function(w) return w * 0 end,
  }, SIZES[class]), changes))
  connection.updater = connection:defaultupdater()
  return snn.Serial {
    connection = connection,
    neuron = snn.ExactNeuron {
      shape = connection.outshape, step_time = connection.dt, batch_size = connection.batchsz,
      rest_v = -60, thresh_v = -40, dtype = connection.dtype,
    },
  }
end

---One step with these spikes, lists or tensors.
function cells.step(layer, pre, post)
  if type(pre) == "table" then pre = snn.tensor(pre) end
  if type(post) == "table" then post = snn.tensor(post) end
  return layer(pre, { neuron_kwargs = { override = post } })
end

---Halves each step.
cells.HALF = 1 / math.log(2)

---STDP whose traces halve each step; a post spike adds lr_post 1, a pre spike
---lr_pre -0.5.
function cells.stdp(changes)
  return snn.STDP(with({ lr_post = 1, lr_pre = -0.5, tc_post = cells.HALF, tc_pre = cells.HALF },
    changes))
end

return cells
