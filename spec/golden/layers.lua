-- Layers (Layer with a wiring that sums) and whole networks that learn.
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

-- One step of a layer that maps names to inputs.
local function step_by_name(layer, s)
  local inputs, voltages = {}, {}
  for name, list in pairs(s.inputs) do inputs[name] = value.tensors(list) end
  local out, mid = value.call(layer, { inputs }, value.args(s.kwargs))
  for name, neuron in layer:named_neurons() do voltages[name] = neuron.voltage end
  check.fields(out, s.expect.spike, "returned spike")
  check.fields(voltages, s.expect.voltage, "voltage")
  if s.expect.intermediate then check.fields(mid, s.expect.intermediate, "intermediate") end
end

local function check_cells(layer, cells)
  local got, want = {}, {}
  for connection, neuron in layer:named_cells() do got[#got + 1] = connection .. " " .. neuron end
  for i, names in ipairs(cells) do want[i] = table.concat(names, " ") end
  check.value("cells", table.concat(got, ", "), table.concat(want, ", "))
end

local function free(case)
  local layer = snn.Layer { wiring = summing(case.wiring) }
  for _, c in ipairs(case.connections) do layer:add_connection(c.name, value.connection(c)) end
  for _, n in ipairs(case.neurons) do layer:add_neuron(n.name, value.build(n.class, n.args)) end
  check.steps(case.steps, function(s) step_by_name(layer, s) end)
end

local function biclique(case)
  local args = { connections = {}, neurons = {}, combine = case.combine }
  for i, c in ipairs(case.connections) do
    args.connections[i] = { c.name, value.connection(c), value.fn(c.post_input) }
  end
  for i, n in ipairs(case.neurons) do
    args.neurons[i] = { n.name, value.build(n.class, n.args), value.fn(n.pre_output) }
  end
  local layer = snn.Biclique(args)
  check_cells(layer, case.cells)
  check.steps(case.steps, function(s) step_by_name(layer, s) end)
end

-- ---- RecurrentSerial ----

local PARTS = { "feedfwd_connection", "lateral_connection", "feedback_connection" }
local GROUPS = { "feedfwd_neuron", "feedback_neuron" }

-- Adds the parts that a table names; connections by name.
local function add_parts(args, from)
  local connections = {}
  for _, name in ipairs(PARTS) do
    args[name] = value.connection(from[name])
    connections[name] = args[name]
  end
  for _, name in ipairs(GROUPS) do args[name] = value.build(from[name].class, from[name].args) end
  return connections
end

local function recurrent_step(layer, s)
  if s.op then return value.invoke(layer, s.op, value.args(s.kwargs)) end
  local expect = s.expect
  local feedfwd, feedback, mid = value.call(layer, value.tensors(s.inputs), value.args(s.kwargs))
  check.value("feedfwd_spike", feedfwd, expect.feedfwd_spike, true)
  check.value("feedback_spike", feedback, expect.feedback_spike, true)
  check.value("feedback_spikes", layer.feedback_spikes, expect.feedback_spikes, true)
  for _, side in ipairs { "feedfwd", "feedback" } do
    local name = side .. "_voltage"
    check.value(name, layer[side .. "_neuron"].voltage, expect[name])
  end
  if expect.intermediate then check.fields(mid, expect.intermediate, "intermediate") end
end

local function recurrent(case)
  local args = value.args(case.args)
  for name, text in pairs(case.transforms) do args[name] = value.fn(text) end
  add_parts(args, case)
  local layer = snn.RecurrentSerial(args)
  check_cells(layer, case.cells)
  check.steps(case.steps, function(s) recurrent_step(layer, s) end)
end

-- ---- networks ----

local function with_updaters(connections, bounds)
  for name, c in pairs(connections) do
    c.updater = c:defaultupdater()
    for _, b in ipairs(bounds[name] or {}) do value.bound(c.updater[b.param], b) end
  end
end

-- kind -> function(case) -> layer, its connections by name, its neurons in order
local NETWORKS = {}

function NETWORKS.Serial(case)
  local c, n = value.connection(case.connections.connection), case.neurons.neuron
  local layer = snn.Serial { connection = c, neuron = value.build(n.class, n.args) }
  return layer, { connection = c }, { layer.neuron }
end

function NETWORKS.RecurrentSerial(case)
  local args, parts = { trainable_feedback = true }, {}
  for _, list in ipairs { case.connections, case.neurons } do
    for name, spec in pairs(list) do parts[name] = spec end
  end
  local connections = add_parts(args, parts)
  local layer = snn.RecurrentSerial(args)
  return layer, connections, { layer.feedfwd_neuron, layer.feedback_neuron }
end

-- A function that calls all trainers with what is recorded for a step.
local function trainers_of(case, layer)
  local trainers = {}
  for i, t in ipairs(case.trainers) do
    trainers[i] = value.build(t.class, t.args)
    for k, name in ipairs(t.cells) do
      trainers[i]:register_cell("cell" .. k, layer[(name:gsub("connection$", "cell"))])
    end
  end
  return function(s)
    for i, trainer in ipairs(trainers) do
      if case.trainers[i].class:find("MSTDP") then trainer(s.signal) else trainer() end
    end
  end
end

local function network(case)
  local layer, connections, neurons = NETWORKS[case.layer](case)
  with_updaters(connections, case.bounds)
  local train = trainers_of(case, layer)
  for _, h in ipairs(case.hooks) do
    local args = value.args(h.args)
    args.module = layer
    snn[h.class](args):register()
  end
  check.steps(case.steps, function(s)
    local spikes = { value.call(layer, value.tensors(s.inputs)) }
    train(s)
    layer:update()
    for i, neuron in ipairs(neurons) do
      check.value("spikes", spikes[i], s.expect.spikes[i], true)
      check.value("voltage", neuron.voltage, s.expect.voltages[i])
    end
    for name, want in pairs(s.expect.weights or {}) do
      check.value(name .. " weight", connections[name].weight, want)
    end
  end)
end

local LAYERS = { Serial = serial, Layer = free, Biclique = biclique, RecurrentSerial = recurrent }

return { Layer = function(case) LAYERS[case.layer](case) end, network = network }
