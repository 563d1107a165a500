-- Steps that take all the memory a step may take: input of another dtype, a
-- state that is held elsewhere, refractory times that were set, a reduction
-- that is a function.
local snn = require "snn"

local function values(neuron)
  local all = {}
  for name, tensor in pairs(neuron:state_dict()) do all[name] = tensor:totable() end
  return all
end

local function same(a, b)
  if type(a) ~= "table" then return a == b end
  for key, value in pairs(a) do
    if not same(value, b[key]) then return false end
  end
  return true
end

local function prepare(reduction)
  local neuron = snn.ALIF {
    shape = 2, step_time = 1, rest_v = -60, reset_v = -65, thresh_eq_v = -50, refrac_t = 2,
    tc_membrane = 20, tc_adaptation = 50, spike_increment = 1, batch_reduction = reduction,
  }
  neuron(snn.tensor { { 1000, 5 } })
  neuron.refrac = snn.tensor { { 1.25, 0 } }
  return { neuron = neuron, held = neuron:state_dict(), before = values(neuron),
    input = snn.tensor({ { 5, 1000 } }, { dtype = "float64" }) }
end

local function check(objects, ok)
  local neuron = objects.neuron
  assert(same(objects.before, values(neuron)) == not ok, "the state")
  if not ok then neuron(objects.input) end
  assert(same(neuron.spike:totable(), { { false, true } }), "spikes")
  assert(neuron.refrac[1][1] == 0.25, "refrac")
  assert(neuron.threshold_adaptation[2][1] > 0.9, "adaptation")
end

return {
  prepare = function()
    return { prepare("mean"), prepare(function(t) return t[1] end), done = 0 }
  end,
  run = function(objects)
    for i = 1, 2 do
      objects[i].neuron:forward(objects[i].input)
      objects.done = i
    end
  end,
  check = function(objects)
    for i = 1, 2 do check(objects[i], i <= objects.done) end
  end,
}
