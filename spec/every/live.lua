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

local neurons = { parent = "Neuron", is_alone = true,
  context = { refrac_input = { refrac_t = 2 } } }

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
  for step = 1, 30 do
    local current = snn.rand(neuron.batchedshape, { dtype = neuron.voltage.dtype }) * 60 - 8
    local override = tostring(neuron):find "^ExactNeuron" and { override = current:gt(20) } or nil
    out[step] = live.bits { neuron(current, override), neuron.voltage, neuron.refrac }
  end
  out[#out + 1] = live.state(neuron) .. neuron.dt -- what an ExactNeuron has it for
  return table.concat(out, "\n")
end

-- With times that are near a step, between two, and outside of what is kept.
local synapses = { parent = "Synapse", is_alone = true, context = {} }

function synapses.make(class, changes)
  local all = { delay = 3, batch_size = 2, shape = 4 }
  for k, v in pairs(changes) do all[k] = v end
  return class(models.arguments(class, all))
end

function synapses.clear(synapse) synapse:clear() end

-- One step; where a spike is worth a jump of a voltage, in a layer.
local function stepper(synapse)
  local name = tostring(synapse):match "^%w+"
  if not (models.has(snn[name], "spike_voltage") and synapse.spike_voltage) then
    return synapse
  end
  local shape, dt, batch = synapse.shape, synapse.dt, synapse.batchsz
  local connection = snn.LinearDirect { shape = shape, step_time = dt, batch_size = batch,
    synapse = snn[name].partialconstructor { spike_charge = 1 } }
  connection.synapse = synapse
  return snn.Serial { connection = connection, neuron = snn.LIF { shape = shape, step_time = dt,
    rest_v = -60, reset_v = -65, thresh_v = -50, refrac_t = 2, time_constant = 20,
    batch_size = batch } }
end

function synapses.drive(synapse)
  local take = stepper(synapse)
  local out, shape = {}, synapse.batchedshape
  snn.manual_seed(5)
  for step = 1, 8 do
    take(snn.rand(shape):lt(0.4) * (0.5 + snn.rand(shape))) -- counts where it is graded
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

local encoders = { parent = "Encoder", is_alone = true, context = {
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
local reducers = { parent = "Reducer", more = { "EligibilityTraceReducer" }, is_alone = true,
  context = {
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

-- Hooks and monitors stand among hooks that change what passes, so that their
-- place matters; each has a module of its own.
local hooks = { parent = "StateHook", context = { epsilon = { epsilon = 1e-9 } },
  on_modules = true }

local W <const> = { { 1, 3 }, { -2, 2 } }

function hooks.make(class, changes)
  local module = snn.LinearDense { in_shape = 2, out_shape = 2, step_time = 1, bias = true,
    synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 } }
  local function shift(m)
    m.weight, m.bias = m.weight + 0.5, m.bias + 0.5
  end
  module:register_forward_hook(shift)
  module:register_forward_pre_hook(shift)
  local args = models.arguments(class, { module = module })
  if args.order then args.dim = 1 else args.max = 2 end
  for k, v in pairs(changes) do args[k] = v end
  local hook = class(args)
  hook:register()
  return { hook = hook, module = module }
end

function hooks.target(object) return object.hook end

function hooks.clear(object)
  object.module.weight, object.module.bias = snn.tensor(W), snn.tensor { 1.0, 3 }
  object.module:train()
end

function hooks.drive(object)
  local out, module = {}, object.module
  hooks.clear(object)
  for step = 1, 4 do
    module:train(step < 3)
    out[step] = { module(snn.ones(1, 2)), module.weight, module.bias }
  end
  return live.bits(out)
end

local watchers = { parent = "Monitor", on_modules = true, context = {
  budget = { last = 2 }, as_prehook = {}, prepend = {},
} }

local function lif(refrac_t)
  local neuron = snn.LIF { shape = 2, step_time = 1, rest_v = -60, reset_v = -65, thresh_v = -50,
    refrac_t = refrac_t, time_constant = 20 }
  neuron:register_forward_pre_hook(function(_, args) return { args[1] + 1 } end)
  neuron:register_forward_hook(function(n, _, spikes)
    n.voltage = n.voltage + 0.25
    return spikes + 0.5
  end)
  return neuron
end

function watchers.make(class, changes)
  local module = snn.Module()
  module.one, module.two = lif(2), lif(5)
  function module.forward(_, x) return module.two(x) + module.one(x * 0.5) end
  local function shift(by)
    return function() module.one.voltage = module.one.voltage + by end
  end
  module:register_forward_pre_hook(shift(1))
  module:register_forward_hook(shift(3))
  local args = models.arguments(class, { module = module })
  args.attr = args.attr or "one"
  for k, v in pairs(changes) do args[k] = v end
  return { monitor = class(args), module = module }
end

function watchers.target(object) return object.monitor end

function watchers.clear(object)
  object.monitor:clear()
  object.module:train()
  object.module.one:clear()
  object.module.two:clear()
end

function watchers.drive(object)
  local out, monitor, module = {}, object.monitor, object.module
  for step = 1, 8 do
    module:train(step < 6)
    local ok, err = pcall(module, snn.full({ 1, 2 }, 10.0 * step - 30))
    local seen = { monitor:peek() or "", monitor:dump() or "" }
    out[step] = (ok and "" or err.kind) .. live.bits(seen)
  end
  return table.concat(out, "\n")
end

live.families = {
  neurons, synapses, connections, encoders, reducers, classifiers, rules, hooks, watchers,
}

---The classes of a family that say their arguments: names, sorted.
function live.classes(family)
  if family.parent == "MaxRateClassifier" then return { family.parent } end
  local names = table.move(family.more or {}, 1, #(family.more or {}), 1, {})
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
