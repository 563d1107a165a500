-- Helpers of the walk over all arguments: how an object of each family is made,
-- clears itself, and what some steps of it give, to the last bit.
local snn = require "snn"
local models = require "spec.every.models"
local trainers = require "spec.every.trainers"

local live = {}

-- ------------------------------------------------------------- bits

local function number(v)
  if v ~= v then return "nan" end
  return type(v) == "number" and ("%a"):format(v) or tostring(v)
end

---All bits of a value: of tensors dtype, shape and elements.
function live.bits(v)
  if type(v) == "userdata" and getmetatable(v) == false and v.numel then
    local out = { v.dtype, table.concat(v.shape, "x") }
    for i, x in ipairs(v:flatten():totable()) do out[i + 2] = number(x) end
    return table.concat(out, " ")
  elseif type(v) == "table" then
    local out = {}
    for i = 1, #v do out[i] = live.bits(v[i]) end
    return "{" .. table.concat(out, ", ") .. "}"
  end
  return number(v)
end

---All bits of a module's state.
function live.state(module)
  local names, out, state = {}, {}, module:state_dict()
  for name in pairs(state) do names[#names + 1] = name end
  table.sort(names)
  for i, name in ipairs(names) do out[i] = name .. "=" .. live.bits(state[name]) end
  return table.concat(out, "\n")
end

-- ------------------------------------------------------------- families

-- A family: `parent` of its classes; `make(class, changes)` an object, `clear` it,
-- and `drive` it for some steps: what they give, as text. `context[argument]` has
-- other arguments, without which it has no effect.
local function has(class, name)
  for _, argument in ipairs(class.arguments) do
    if argument.name == name then return true end
  end
  return false
end

local neurons = { parent = "Neuron", context = { refrac_input = { refrac_t = 2 } } }

function neurons.make(class, changes)
  local args = models.arguments(class, { batch_size = 2, shape = 4 })
  for k, v in pairs(changes) do args[k] = v end
  return class(args)
end

function neurons.clear(neuron) neuron:clear { keep_adaptations = false } end

-- Currents that make each model spike, with strong and weak ones side by side.
function neurons.drive(neuron)
  local out = {}
  snn.manual_seed(5)
  for step = 1, 60 do
    local current = snn.rand(neuron.batchedshape, { dtype = neuron.voltage.dtype }) * 60 - 8
    local override = tostring(neuron):find "^ExactNeuron" and { override = current:gt(20) } or nil
    out[step] = live.bits { neuron(current, override), neuron.voltage, neuron.refrac }
  end
  out[#out + 1] = live.state(neuron) .. neuron.dt -- what an ExactNeuron has it for
  return table.concat(out, "\n")
end

-- With times that are near a step, between two, and outside of what is kept.
local synapses = { parent = "Synapse", context = {} }

function synapses.make(class, changes)
  local args = models.arguments(class, { delay = 3, batch_size = 2, shape = 4 })
  for k, v in pairs(changes) do args[k] = v end
  return class(args)
end

function synapses.clear(synapse) synapse:clear() end

function synapses.drive(synapse)
  local out, shape = {}, synapse.batchedshape
  snn.manual_seed(5)
  for step = 1, 8 do
    synapse(snn.rand(shape):lt(0.4) * (0.5 + snn.rand(shape))) -- counts where it is graded
    out[step] = { synapse.current, synapse.spike }
    for _, ago in ipairs { 0, 0.7, 1, 1.4, 3.2 } do
      local at = snn.full(shape, ago)
      table.move({ synapse:current_at(at), synapse:spike_at(at) }, 1, 2, #out[step] + 1, out[step])
    end
  end
  return live.bits(out) .. live.state(synapse)
end

-- Their bias, delay and synapse are other things than the arguments of that name.
local connections = { parent = "Connection", context = {}, skip = {
  bias = true, delay = true, synapse = true,
} }

function connections.make(class, changes)
  snn.manual_seed(7)
  local args = models.arguments(class, { bias = true, delay = 3 })
  for k, v in pairs(changes) do args[k] = v end
  return class(args)
end

function connections.clear(connection) connection:clear() end

function connections.drive(connection)
  local out = {}
  snn.manual_seed(5)
  for step = 1, 6 do
    local x = snn.rand(connection.batched_inshape):gt(0.6)
    out[step] = { connection(x), connection.syncurrent, connection.synspike }
  end
  return live.bits(out) .. live.state(connection)
end

local encoders = { parent = "Encoder", context = {
  time_constant = { law = "logarithmic" }, threshold = { law = "logarithmic" },
  step_time = { law = "logarithmic", time_constant = 5 },
} }

function encoders.make(class, changes)
  return class(models.arguments(class, changes))
end

function encoders.clear() end

function encoders.drive(encoder)
  snn.manual_seed(5)
  local x = snn.rand(2, 20) * 0.8
  local out = { encoder(x) }
  for spikes in encoder:steps_of(x) do out[#out + 1] = spikes end
  out[#out + 1] = encoder.duration
  return live.bits(out)
end

local LONG <const> = { duration = 20 } -- more than is seen
local reducers = { parent = "Reducer", context = {
  inclusive = { duration = 3 }, step_time = { duration = 3 }, initial = LONG, fill = LONG,
} }

function reducers.make(class, changes)
  return class(models.arguments(class, changes))
end

function reducers.clear(reducer) reducer:clear() end

function reducers.drive(reducer)
  local out = {}
  snn.manual_seed(5)
  for step = 1, 6 do
    local x = (snn.rand(3, 4) * 10):round() / 10
    reducer(x, snn.rand(3, 4):lt(0.5))
    out[step] = { reducer:peek(), reducer:dump() }
  end
  return live.bits(out) .. live.state(reducer)
end

local classifiers = { parent = "MaxRateClassifier", context = {} }

function classifiers.make(class, changes)
  return class(models.arguments(class, changes))
end

function classifiers.clear(classifier) classifier.rates = snn.zeros(classifier.rates.shape) end

function classifiers.drive(classifier)
  local out = {}
  snn.manual_seed(5)
  for step = 1, 4 do
    local rates = snn.rand(2, table.unpack(classifier.shape))
    local labels = snn.tensor({ step % 3 + 1, 1 }, { dtype = "int64" })
    local predicted, logits = classifier(rates, labels, { logits = true })
    out[step] = { predicted, logits, classifier.rates }
  end
  return live.bits(out)
end

-- Delays that are learned and lie beside the steps.
local rules = { parent = "IndependentCellTrainer", context = {
  interp_tolerance = { delayed = true },
} }

function rules.make(class, changes)
  local name = rules.name_of[class]
  local trainer, layer = trainers.pair(name, changes)
  layer.connection.delay = (layer.connection.delay * 0.8):to(layer.connection.dtype)
  return { trainer = trainer, layer = layer, name = name, delay = layer.connection.delay:clone() }
end

-- For assignments: the trainer.
function rules.target(object) return object.trainer end

function rules.clear(object)
  object.trainer:clear()
  object.layer:clear()
  object.layer.connection.delay = object.delay
end

function rules.drive(object)
  local connection = object.layer.connection
  local first = trainers.run(object.name, object.trainer, object.layer, { to = 5 })
  connection.delay = (object.delay * 0.9):to(connection.dtype) -- as learning changes it
  local rest = trainers.run(object.name, object.trainer, object.layer, { from = 6 })
  return live.bits(first) .. live.bits(rest)
end

rules.name_of = {}
for _, name in ipairs(models.below(snn.IndependentCellTrainer)) do
  rules.name_of[snn[name]] = name
end

live.families = { neurons, synapses, connections, encoders, reducers, classifiers, rules }

---The classes of a family that say their arguments: names, sorted.
function live.classes(family)
  if rawget(snn[family.parent], "arguments") then return { family.parent } end
  local names = {}
  for _, name in ipairs(models.below(snn[family.parent])) do
    if rawget(snn[name], "arguments") then names[#names + 1] = name end
  end
  return names
end

---An object of the class with these changes and what an argument needs.
function live.make(family, class, argument, changes)
  local all = {}
  for name, value in pairs(family.context[argument] or {}) do
    if has(class, name) then all[name] = value end
  end
  for name, value in pairs(changes) do all[name] = value end
  return family.make(class, all)
end

---Calls a function without the warnings of what is cleared or unlikely, which have
---specs of their own.
function live.quietly(fn, ...)
  local mode = snn.warnings(false)
  local result = table.pack(pcall(fn, ...))
  snn.warnings(mode)
  if not result[1] then error(result[2], 0) end
  return table.unpack(result, 2, result.n)
end

---What some steps of the object give.
function live.drive(family, object) return live.quietly(family.drive, object) end

---What is assigned to.
function live.target(family, object)
  return family.target and family.target(object) or object
end

return live
