-- RecurrentSerial: a layer with a loop. In one step
--   input -> feedfwd_connection, last feedback spikes -> feedback_connection,
--   their sum -> feedfwd_neuron -> lateral_connection -> feedback_neuron,
-- whose spikes are those of the next step's feedback. The forward has two
-- stages (src/layer/step.h); it fails whole or not at all.
local snn, _, tools = ...

local Layer, registry = snn.Layer, tools.registry

local fail = tools.fail

--- Feed-forward neurons and feedback neurons in a loop.
--- ```lua
--- local function dense(n, m)
---   return snn.LinearDense { in_shape = n, out_shape = m, step_time = 1,
---     synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 20 } }
--- end
--- local function group(n)
---   return snn.ExactNeuron { shape = n, step_time = 1, rest_v = -60, thresh_v = -59 }
--- end
--- local function same(x) return x end
--- local layer = snn.RecurrentSerial { feedfwd_connection = dense(3, 2),
---   lateral_connection = dense(2, 1), feedback_connection = dense(1, 2),
---   feedfwd_neuron = group(2), feedback_neuron = group(1), trainable_feedback = true,
---   feedfwd_out_transform = same, lateral_out_transform = same, feedback_out_transform = same,
---   lateral_in_transform = same, feedback_in_transform = same }
--- for _, name in ipairs { "feedfwd", "lateral", "feedback" } do
---   local connection = layer[name .. "_connection"]
---   connection.updater = connection:defaultupdater()
--- end
--- print(layer(snn.ones(1, 3):gt(0)))
--- ```
---@class snn.RecurrentSerial: snn.Layer
---@field feedback_spikes snn.Tensor the spikes that the next step feeds back
---@field feedfwd_connection snn.Connection from the input to the feed-forward neurons
---@field feedfwd_synapse snn.Synapse its synapses: input to forward
---@field feedfwd_updater snn.Updater? what changes its weights: input to forward
---@field feedfwd_cell snn.Cell for trainers: input to forward
---@field lateral_connection snn.Connection from the feed-forward to the feedback neurons
---@field lateral_synapse snn.Synapse its synapses: forward to feedback
---@field lateral_updater snn.Updater? what changes its weights: forward to feedback
---@field lateral_cell snn.Cell for trainers: forward to feedback
---@field feedback_connection snn.Connection from the feedback neurons back to the feed-forward ones
---@field feedback_synapse snn.Synapse its synapses: feedback to forward
---@field feedback_updater snn.Updater? what changes its weights: feedback to forward
---@field feedback_cell snn.Cell for trainers: feedback to forward
---@field feedfwd_neuron snn.Neuron
---@field feedback_neuron snn.Neuron
local RecurrentSerial = snn.class("RecurrentSerial", Layer)
snn.RecurrentSerial = RecurrentSerial
tools.fix_registry(RecurrentSerial, "RecurrentSerial")

local CONNECTIONS = { "feedfwd", "lateral", "feedback" }
local NEURONS = { "feedfwd", "feedback" }
local TRANSFORMS = {
  "feedfwd_out_transform", "lateral_out_transform", "feedback_out_transform",
  "lateral_in_transform", "feedback_in_transform",
}
-- connection and neuron of each cell
local CELLS = { feedfwd = "feedfwd", lateral = "feedback", feedback = "feedfwd" }

-- ------------------------------------------------------------- construction

local KNOWN = { "trainable_feedback", table.unpack(TRANSFORMS) }
for _, c in ipairs(CONNECTIONS) do
  KNOWN[#KNOWN + 1], KNOWN[#KNOWN + 2] = c .. "_connection", c .. "_connection_name"
end
for _, n in ipairs(NEURONS) do
  KNOWN[#KNOWN + 1], KNOWN[#KNOWN + 2] = n .. "_neuron", n .. "_neuron_name"
end

local REQUIRED = {}
for i, c in ipairs(CONNECTIONS) do
  REQUIRED[2 * i - 1], REQUIRED[2 * i] = c .. "_connection", "a connection"
end
for _, n in ipairs(NEURONS) do
  table.move({ n .. "_neuron", "a neuron" }, 1, 2, #REQUIRED + 1, REQUIRED)
end

local function read_args(args)
  args = tools.options("RecurrentSerial", args, KNOWN)
  tools.require("RecurrentSerial", args, REQUIRED)
  for _, name in ipairs(TRANSFORMS) do tools.optional_function("RecurrentSerial", args, name) end
  local trains = args.trainable_feedback
  if trains ~= nil and type(trains) ~= "boolean" then
    fail("TypeError", "RecurrentSerial: 'trainable_feedback' must be true or false, got %s",
      tools.describe(trains))
  end
  return args
end

-- The names of its parts by kind and role.
local function names_of(self, where)
  local names = tools.links(self, Layer, where).recurrent
  if not names then fail("RuntimeError", "%s: the RecurrentSerial is not finished", where) end
  return names
end

-- The part of the given kind by its role, "feedfwd", ...
local function connection(self, role)
  local where = role .. "_connection"
  return registry.find_connection(self, where, names_of(self, where).connection[role])
end
local function neuron(self, role)
  local where = role .. "_neuron"
  return registry.find_neuron(self, where, names_of(self, where).neuron[role])
end

local function no_spikes(self)
  return snn.zeros(neuron(self, "feedback").batchedshape, { dtype = "bool" })
end

-- The spikes to feed back: a field, so that it is part of the state; none after
-- a change of the batch size.
local function fed_back(self)
  local spikes = self.feedback_spikes
  if spikes.shape[1] == neuron(self, "feedback").batchsz then return spikes end
  return no_spikes(self)
end

-- The inputs of the second stage.
local function following(self, spikes)
  local names = tools.links(self).recurrent
  local current, fn = spikes[names.neuron.feedfwd], self.lateral_in_transform
  return { [names.connection.lateral] = fn and fn(current) or current }
end

tools.following = following

local function build(self, args)
  Layer.init(self)
  local names = { connection = {}, neuron = {} }
  for _, role in ipairs(CONNECTIONS) do
    names.connection[role] = args[role .. "_connection_name"] or role
    registry.add_connection(self, names.connection[role], args[role .. "_connection"])
  end
  for _, role in ipairs(NEURONS) do
    names.neuron[role] = args[role .. "_neuron_name"] or role
    registry.add_neuron(self, names.neuron[role], args[role .. "_neuron"])
  end
  for _, role in ipairs(args.trainable_feedback and CONNECTIONS or { "feedfwd" }) do
    registry.add_cell(self, names.connection[role], names.neuron[CELLS[role]])
  end
  local links = tools.links(self)
  links.recurrent = names
  tools.set_following(self, following)
  for _, name in ipairs(TRANSFORMS) do self[name] = args[name] end
  self.feedback_spikes = no_spikes(self)
end

--- Takes `feedfwd_connection lateral_connection feedback_connection`,
--- `feedfwd_neuron feedback_neuron`, a `..._name` for each, functions of a
--- tensor `feedfwd_out_transform lateral_out_transform feedback_out_transform`
--- (on currents), `lateral_in_transform feedback_in_transform` (on spikes), and
--- `trainable_feedback`, which makes cells of lateral and feedback connection.
--- ```lua
--- -- as snn.RecurrentSerial:
--- print(layer.feedfwd_neuron.count, layer.feedback_neuron.count)
--- ```
---@param args table
function RecurrentSerial.init(self, args)
  return tools.atomic({ self }, build, self, read_args(args))
end

-- ------------------------------------------------------------- fields

RecurrentSerial.__get, RecurrentSerial.__optional = {}, {}
for _, name in ipairs(TRANSFORMS) do RecurrentSerial.__optional[name] = true end

for _, role in ipairs(CONNECTIONS) do
  local get = RecurrentSerial.__get
  get[role .. "_connection"] = function(self) return connection(self, role) end
  get[role .. "_synapse"] = function(self) return connection(self, role).synapse end
  get[role .. "_updater"] = function(self) return connection(self, role).updater end
  get[role .. "_cell"] = function(self)
    local names = names_of(self, role .. "_cell")
    return tools.layer_cell(self, names.connection[role], names.neuron[CELLS[role]])
  end
end

for _, role in ipairs(NEURONS) do
  RecurrentSerial.__get[role .. "_neuron"] = function(self) return neuron(self, role) end
end

local ARGUMENTS = {
  { "trainable_feedback", type = "boolean", default = false, part = true,
    doc = "makes cells of the lateral and the feedback connection too" },
}

local function add_argument(name, is_required, type_name, part, doc)
  ARGUMENTS[#ARGUMENTS + 1] = { name, nil, is_required, type = type_name, part = part, doc = doc }
end

local LEADS <const> = { feedfwd = "from the input to the feed-forward neurons",
  lateral = "from the feed-forward to the feedback neurons",
  feedback = "from the feedback neurons back to the feed-forward ones" }
local NEURON_DOCS <const> = { feedfwd = "the group that gets the input",
  feedback = "the group whose spikes go back" }

for _, role in ipairs(CONNECTIONS) do
  add_argument(role .. "_connection", true, "Connection", true, "what leads " .. LEADS[role])
  add_argument(role .. "_connection_name", false, "string", true,
    "what the layer calls the " .. role .. " connection")
end
for _, role in ipairs(NEURONS) do
  add_argument(role .. "_neuron", true, "Neuron", true, NEURON_DOCS[role])
  add_argument(role .. "_neuron_name", false, "string", true,
    "what the layer calls the " .. role .. " neurons")
end
for _, name in ipairs(TRANSFORMS) do
  add_argument(name, false, "function", false,
    ("a function of what the %s connection %s"):format(name:match "^%a+",
      name:find "_out_" and "gives, currents" or "gets, spikes"))
end
tools.live_layer(RecurrentSerial, "RecurrentSerial", ARGUMENTS)

-- ------------------------------------------------------------- the step

local function through(fn, current)
  if fn then return fn(current) end
  return current
end

-- Called twice in a step: `inputs` has the lateral current in the second.
function RecurrentSerial:wiring(inputs, kwargs)
  local names = names_of(self, "wiring")
  tools.takes_no_options(kwargs)
  if type(inputs) ~= "table" then
    fail("TypeError", "wiring: 'inputs' must be a table, got %s", tools.describe(inputs))
  end
  local lateral = inputs[names.connection.lateral]
  if lateral then
    return { [names.neuron.feedback] = through(self.lateral_out_transform, lateral) }
  end
  local forth = through(self.feedfwd_out_transform, inputs[names.connection.feedfwd])
  local back = through(self.feedback_out_transform, inputs[names.connection.feedback])
  if not tools.is_tensor(forth) or not tools.is_tensor(back) then
    fail("TypeError", "wiring: the currents of '%s' and '%s' must be tensors, got %s and %s",
      names.connection.feedfwd, names.connection.feedback, tools.describe(forth),
      tools.describe(back))
  end
  return { [names.neuron.feedfwd] = forth + back }
end

--- `layer(spikes, injected...)`: returns the spikes of the feed-forward and of
--- the feedback neurons and, with the option `capture_intermediate`, the
--- currents by the name of their connection.
--- ```lua
--- -- as snn.RecurrentSerial:
--- layer(snn.ones(1, 3):gt(0))
--- print(layer:forward(snn.zeros(1, 3):gt(0)))
--- ```
function RecurrentSerial:forward(...)
  local names = names_of(self, "forward")
  local inputs, options = tools.split_options(...)
  return tools.fixed_forward(self, {
    [names.connection.feedfwd] = inputs,
    [names.connection.feedback] = { through(self.feedback_in_transform, fed_back(self)) },
  }, options, names.neuron.feedback, nil, names.neuron.feedfwd, names.neuron.feedback)
end

-- The layer's own spikes first: what comes last is whole by itself.
local function clear(self, options)
  self.feedback_spikes = no_spikes(self)
  return Layer.clear(self, options)
end

--- Resets the spikes that are fed back, which are the layer's own, and unless
--- `submodules` is false connections and neurons.
--- ```lua
--- -- as snn.RecurrentSerial:
--- layer(snn.ones(1, 3):gt(0))
--- layer:clear()
--- print(layer.feedback_spikes)
--- ```
---@param options? { submodules: boolean, keep_adaptations: boolean }
function RecurrentSerial:clear(options)
  names_of(self, "clear")
  return tools.atomic({ tools.fields(self) }, clear, self, options)
end

-- Spikes that are fed back are of the batch size of the last step until the next one.
tools.saves(RecurrentSerial, {
  save = function(self) return { feedback_spikes = self.feedback_spikes } end,
  load = function(self, values)
    local spikes, shape = values.feedback_spikes, neuron(self, "feedback").shape
    local is_good = tools.is_tensor(spikes) and spikes.dtype == "bool"
      and spikes.ndim == #shape + 1
    for i = 1, is_good and #shape or 0 do is_good = is_good and spikes.shape[i + 1] == shape[i] end
    if not is_good then
      fail("ValueError", "RecurrentSerial: the saved 'feedback_spikes' must be spikes of its "
        .. "feedback neurons, got %s", tools.describe(spikes))
    end
    self.feedback_spikes = spikes
  end,
  apart = { "feedback_spikes" },
})
