-- What Lua costs in a step of a layer: wirings with more and more additions, on
-- 1 neuron, where a step has next to nothing else to do, on 100 and on 10^5.
-- Beside them the same modules called one by one, and one addition by itself.
local snn = require "snn"
local bench = require "spec.bench.support.harness"

local ADDITIONS = { 0, 1, 2, 5, 20 }

local function modules(count)
  local charge = snn.DeltaCurrent.partialconstructor { spike_charge = 60 }
  local one = snn.LinearDirect { shape = count, step_time = 1, synapse = charge }
  local two = snn.LinearDirect { shape = count, step_time = 1, synapse = charge }
  return one, two, snn.LIF { shape = count, step_time = 1, rest_v = -65, reset_v = -60,
    thresh_v = -52, refrac_t = 3, time_constant = 20 }
end

-- A wiring of that many additions.
local function wiring(additions)
  if additions == 1 then
    return function(_, inputs) return { neuron = inputs.one + inputs.two } end
  end
  return function(_, inputs)
    local sum, other = inputs.one, inputs.two
    for _ = 1, additions do sum = sum + other end
    return { neuron = sum }
  end
end

local function layer_case(count, additions)
  local layer, one, two, neuron = snn.Layer(), modules(count)
  layer:add_connection("one", one)
  layer:add_connection("two", two)
  layer:add_neuron("neuron", neuron)
  layer.wiring = wiring(additions)
  local spikes = snn.rand(1, count):lt(0.9)
  local function step() return layer { one = spikes, two = spikes }.neuron end
  return { name = ("layer, %d additions"):format(additions), unit = "step", fn = step,
    sizes = { neurons = count, additions = additions }, check = function()
      local sum = 0
      for _ = 1, 20 do sum = sum + step():sum():item() end
      return sum
    end }
end

local function modules_case(count)
  local one, two, neuron = modules(count)
  local spikes = snn.rand(1, count):lt(0.9)
  return { name = "modules one by one, 1 additions", unit = "step",
    sizes = { neurons = count, additions = 1 },
    fn = function() neuron(one(spikes) + two(spikes)) end }
end

for _, count in ipairs { 1, 100, 100000 } do
  snn.manual_seed(1)
  local a, b = snn.rand(1, count), snn.rand(1, count)
  local cases = { modules_case(count), { name = "a + b", unit = "call",
    sizes = { neurons = count }, bytes = 12 * count, fn = function() return a + b end } }
  for _, additions in ipairs(ADDITIONS) do table.insert(cases, layer_case(count, additions)) end
  bench.compare("wiring", cases)
end
