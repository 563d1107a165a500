-- Layers (Serial, and Layer with a wiring that sums), and whole networks that
-- learn.
local snn = require "snn"
local check = require "spec.golden.check"
local value = require "spec.golden.value"

local function serial(case)
  local args = value.args(case.args)
  args.connection = value.connection(case.connection)
  args.neuron = value.build(case.neuron.class, case.neuron.args)
  local layer = snn.Serial(args)
  check.steps(case.steps, function(s)
    local out, mid = value.call(layer, value.tensors(s.inputs), value.args(s.kwargs))
    check.value("returned spike", out, s.expect.spike, true)
    check.value("voltage", layer.neuron.voltage, s.expect.voltage)
    if s.expect.intermediate then check.value("intermediate", mid, s.expect.intermediate) end
  end)
end

local function summing(wiring)
  return function(_, inputs)
    local out = {}
    for neuron, names in pairs(wiring) do
      local sum = inputs[names[1]]
      for k = 2, #names do sum = sum + inputs[names[k]] end
      out[neuron] = sum
    end
    return out
  end
end

local function free(case)
  local layer = snn.Layer { wiring = summing(case.wiring) }
  for _, c in ipairs(case.connections) do layer:add_connection(c.name, value.connection(c)) end
  for _, n in ipairs(case.neurons) do layer:add_neuron(n.name, value.build(n.class, n.args)) end
  check.steps(case.steps, function(s)
    local inputs, voltages = {}, {}
    for name, list in pairs(s.inputs) do inputs[name] = value.tensors(list) end
    local out, mid = value.call(layer, { inputs }, value.args(s.kwargs))
    for name, neuron in layer:named_neurons() do voltages[name] = neuron.voltage end
    check.fields(out, s.expect.spike, "returned spike")
    check.fields(voltages, s.expect.voltage, "voltage")
    if s.expect.intermediate then check.fields(mid, s.expect.intermediate, "intermediate") end
  end)
end

-- ---- networks ----

local function learning_serial(case)
  local connection = value.connection(case.connections.connection)
  connection.updater = connection:defaultupdater()
  for _, b in ipairs(case.bounds.connection or {}) do
    value.bound(connection.updater[b.param], b)
  end
  local neuron = case.neurons.neuron
  return snn.Serial { connection = connection, neuron = value.build(neuron.class, neuron.args) }
end

local function network(case)
  local layer, trainers = learning_serial(case), {}
  for i, t in ipairs(case.trainers) do
    trainers[i] = value.build(t.class, t.args)
    trainers[i]:register_cell("cell", layer.cell)
  end
  for _, h in ipairs(case.hooks) do
    local args = value.args(h.args)
    args.module = layer
    snn[h.class](args):register()
  end
  check.steps(case.steps, function(s)
    local spikes = value.call(layer, value.tensors(s.inputs))
    for _, trainer in ipairs(trainers) do trainer() end
    layer:update()
    check.value("spikes", spikes, s.expect.spikes[1], true)
    check.value("voltage", layer.neuron.voltage, s.expect.voltages[1])
    for _, want in pairs(s.expect.weights or {}) do
      check.value("weight", layer.connection.weight, want)
    end
  end)
end

local LAYERS = { Serial = serial, Layer = free }

return { Layer = function(case) LAYERS[case.layer](case) end, network = network }
