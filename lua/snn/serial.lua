-- Serial: the layer of one connection into one group of neurons.
local snn, _, tools = ...

local Layer, registry = snn.Layer, tools.registry

--- One connection into one group of neurons.
---@class snn.Serial: snn.Layer
---@field connection snn.Connection
---@field neuron snn.Neuron
---@field cell snn.Cell
local Serial = snn.class("Serial", Layer)
snn.Serial = Serial
tools.fix_registry(Serial, "Serial")

--- `snn.Serial{ connection=, neuron=, transform=, connection_name=, neuron_name= }`;
--- `transform(current)` is applied between the two.
function Serial.init(self, args)
  args = tools.options("Serial", args,
    { "connection", "neuron", "transform", "connection_name", "neuron_name" })
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

-- Read-only fields.
Serial.__get = {
  connection = function(self) return self:get_connection(tools.links(self).serial.connection) end,
  neuron = function(self) return self:get_neuron(tools.links(self).serial.neuron) end,
  cell = function(self)
    local names = tools.links(self).serial
    return self:get_cell(names.connection, names.neuron)
  end,
  synapse = function(self) return self.connection.synapse end,
  updater = function(self) return self.connection.updater end,
}

function Serial:wiring(inputs)
  local names, transform = tools.links(self).serial, self.transform
  local current = inputs[names.connection]
  return { [names.neuron] = transform and transform(current) or current }
end

--- `layer(spikes, injected...)`: the spikes (B, shape...); a last table of
--- options may have `connection_kwargs`, `neuron_kwargs`, and
--- `capture_intermediate`, which returns the currents too (before `transform`).
function Serial:forward(...)
  local names = tools.links(self).serial
  local inputs, options = tools.split_options(...)
  for _, kind in ipairs(options and { "connection", "neuron" } or {}) do
    local key = kind .. "_kwargs"
    if options[key] then options[key] = { [names[kind]] = options[key] } end
  end
  local out, mid = Layer.forward(self, { [names.connection] = inputs }, options)
  return out[names.neuron], mid and mid[names.connection]
end
