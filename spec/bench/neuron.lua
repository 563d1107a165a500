-- Time of a neuron's step: a small group, where the call counts, and 10^7
-- neurons, where memory does.
local snn = require "snn"

local BASE = { step_time = 1, rest_v = -60, reset_v = -65, refrac_t = 3 }
local MODELS = {
  { "LIF", { thresh_v = -50, time_constant = 20 } },
  { "ALIF", { thresh_eq_v = -50, tc_membrane = 20, tc_adaptation = 50, spike_increment = 0.1 } },
}
local GROUPS = { { 1, 100, 20000 }, { 20, 100, 20000 }, { 1, 1e7 // 1 | 0, 20 } }

local function make(model, batch, count)
  local args = { shape = count, batch_size = batch }
  for _, list in ipairs { BASE, model[2] } do
    for name, value in pairs(list) do args[name] = value end
  end
  return snn[model[1]](args)
end

for _, model in ipairs(MODELS) do
  for _, group in ipairs(GROUPS) do
    local batch, count, steps = table.unpack(group)
    local neuron = make(model, batch, count)
    local input = snn.linspace(0, 30, batch * count):view(batch, count)
    neuron(input)
    local start = snn.clock()
    for _ = 1, steps do neuron(input) end
    local time = (snn.clock() - start) / steps
    print(("%-6s %2d x %8d %10.3f us a step %8.3f ns a neuron"):format(
      model[1], batch, count, time * 1e6, time * 1e9 / batch / count))
  end
end
