-- Serial: the layer of one connection into one group of neurons.
local snn, _, tools = ...

local Layer, registry = snn.Layer, tools.registry

local fail = tools.fail

--- One connection into one group of neurons.
--- ```lua
--- local layer = snn.Serial { connection = snn.LinearDense { in_shape = 2, out_shape = 1,
---   step_time = 1, synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 20 } },
---   neuron = snn.ExactNeuron { shape = 1, step_time = 1, rest_v = -60, thresh_v = -59 },
---   transform = function(currents) return currents * 2 end }
--- layer.connection.updater = layer.connection:defaultupdater()
--- print(layer(snn.tensor { { true, false } }))
--- ```
---@class snn.Serial: snn.Layer
---@field connection snn.Connection
---@field neuron snn.Neuron
---@field cell snn.Cell what a trainer takes
---@field synapse snn.Synapse those of the inputs
---@field updater snn.Updater? what changes the weights
local Serial = snn.class("Serial", Layer)
snn.Serial = Serial
Serial.__optional = { transform = true }
tools.fix_registry(Serial, "Serial")

local function build(self, args)
  local transform = tools.optional_function("Serial", args, "transform")
  Layer.init(self)
  local c, n = args.connection_name or "serial", args.neuron_name or "serial"
  local links = tools.links(self)
  links.serial = { connection = c, neuron = n }
  registry.add_connection(self, c, args.connection)
  registry.add_neuron(self, n, args.neuron)
  registry.add_cell(self, c, n)
  self.transform = transform
end

--- `snn.Serial{ connection=, neuron=, transform=, connection_name=, neuron_name= }`;
--- `transform(current)` is applied between the two.
--- ```lua
--- -- as snn.Serial:
--- print(layer.connection.outshape[1], layer.neuron.count)
--- ```
function Serial.init(self, args)
  args = tools.options("Serial", args,
    { "connection", "neuron", "transform", "connection_name", "neuron_name" })
  tools.require("Serial", args, { "connection", "a connection", "neuron", "a neuron" })
  return tools.atomic({ self }, build, self, args)
end

-- The names of its connection and of its neurons.
local function names_of(serial, where)
  local names = tools.links(serial, Layer, where).serial
  if not names then fail("RuntimeError", "%s: the Serial is not finished", where) end
  return names
end

local function connection_of(serial, where)
  return registry.find_connection(serial, where, names_of(serial, where).connection)
end

-- Read-only fields.
Serial.__get = {
  connection = function(self) return connection_of(self, "connection") end,
  neuron = function(self)
    return registry.find_neuron(self, "neuron", names_of(self, "neuron").neuron)
  end,
  cell = function(self)
    local names = names_of(self, "cell")
    return registry.get_cell(self, names.connection, names.neuron)
  end,
  synapse = function(self) return connection_of(self, "synapse").synapse end,
  updater = function(self) return connection_of(self, "updater").updater end,
}

tools.live_layer(Serial, "Serial", {
  { "connection", nil, true, type = "Connection", part = true, doc = "what takes the input" },
  { "neuron", nil, true, type = "Neuron", part = true, doc = "the group that it drives" },
  { "transform", type = "function", doc = "of the currents, before the neurons" },
  { "connection_name", type = "string", default = "serial", part = true,
    doc = "name of the connection in the layer" },
  { "neuron_name", type = "string", default = "serial", part = true,
    doc = "name of the neurons in the layer" },
})

-- What forward knows, for wirings that take no options: each that has come to
-- `kwargs` is a mistake.
local OPTIONS = { "connection_kwargs", "neuron_kwargs", "capture_intermediate" }

function tools.takes_no_options(kwargs)
  if kwargs and next(kwargs) ~= nil then tools.options("forward", kwargs, OPTIONS) end
end

function Serial:wiring(inputs, kwargs)
  local names = names_of(self, "wiring")
  tools.takes_no_options(kwargs)
  local transform = tools.optional_function("Serial", self, "transform")
  if type(inputs) ~= "table" then
    fail("TypeError", "wiring: 'inputs' must be a table, got %s", tools.describe(inputs))
  end
  local current = inputs[names.connection]
  if transform == nil then return { [names.neuron] = current } end
  return { [names.neuron] = transform(current) }
end

-- What is not simple: with options, with members or a wiring of a script.
local function forward_any(self, ...)
  local names = names_of(self, "forward")
  local inputs, options = tools.split_options(...)
  for _, kind in ipairs(options and { "connection", "neuron" } or {}) do
    local key = kind .. "_kwargs"
    if options[key] then options[key] = { [names[kind]] = options[key] } end
  end
  return tools.fixed_forward(self, { [names.connection] = inputs }, options, nil, names.connection,
    names.neuron)
end

--- `layer(spikes, injected...)`: the spikes (B, shape...); a last table of
--- options may have `connection_kwargs`, `neuron_kwargs`, and
--- `capture_intermediate`, which returns the currents too (before `transform`).
--- ```lua
--- -- as snn.Serial:
--- print(layer:forward(snn.tensor { { true, true } }))
--- ```
---@type fun(self: snn.Serial, ...: snn.Tensor|table): snn.Tensor, snn.Tensor?
Serial.forward = tools.serial_forward(forward_any, Serial.wiring)
