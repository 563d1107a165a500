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

---Asserts that a tensor is near nested lists.
function cells.near(want, got, tolerance)
  if type(want) == "table" then
    if #want ~= #got then error(("expected %d rows, got %d"):format(#want, #got), 2) end
    for i, w in ipairs(want) do cells.near(w, got[i], tolerance) end
  elseif math.abs(want - got) > (tolerance or 1e-6) then
    error(("expected %.9g, got %.9g"):format(want, got), 2)
  end
end

return cells
