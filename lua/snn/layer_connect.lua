-- layer:connect: connections that a layer feeds with the last spikes of its own groups
-- (src/layer/connect.h), and the wiring of layers that have none of a script's.
local snn, _, tools = ...

local Layer = snn.Layer
local registry = tools.registry

local fail = tools.fail

-- ------------------------------------------------------------- the wiring

-- The sum of the currents that lead to the neurons, in the order of registration.
local function sum_of(layer, currents, connections, neuron)
  local sum
  for _, name in ipairs(connections) do
    local current = rawget(currents, name)
    if current ~= nil and tools.layer_leads(layer, name, neuron) then
      sum = sum == nil and current or sum + current
    end
  end
  return sum
end

--- To be replaced: from the currents of the connections that ran, by name,
--- the input currents of the neurons that are to step, by name. A layer that has
--- connections by `connect` and no wiring of a script's sums up: all neurons step, each group
--- with the sum of the currents of what is connected to it and of connections with a cell
--- with it, with zeros where none of them ran. RuntimeError of other layers.
--- ```lua
--- local Sum = snn.class("Sum", snn.Layer)
--- function Sum:wiring(currents) return { out = currents.a + currents.b } end
--- local layer = Sum()
--- for _, name in ipairs { "a", "b" } do
---   layer:add_connection(name, snn.LinearDirect { shape = 1, step_time = 1,
---     synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 2 } })
--- end
--- layer:add_neuron("out", snn.ExactNeuron { shape = 1, step_time = 1, rest_v = -60,
---   thresh_v = -59 })
--- local spike = snn.tensor { { true } }
--- print(layer({ a = spike, b = spike }).out)
--- ```
---@param inputs table<string, snn.Tensor> (B, out...) each; nil of a registered
---  connection that did not run, an AttributeError of a name that is none
---@param kwargs table the other options of forward
---@return table<string, snn.Tensor>
function Layer:wiring(inputs, kwargs)
  if not tools.layer_feeds(self) then
    fail("RuntimeError",
      "wiring must be implemented: function layer:wiring(inputs, kwargs) ... end")
  end
  tools.takes_no_options(kwargs)
  if type(inputs) ~= "table" then
    fail("TypeError", "wiring: 'inputs' must be a table, got %s", tools.describe(inputs))
  end
  local connections, out = tools.layer_names(self, "connection", "wiring"), {}
  for _, name in ipairs(connections) do
    if rawget(inputs, name) ~= nil then tools.layer_check_led(self, name) end
  end
  for _, name in ipairs(tools.layer_names(self, "neuron", "wiring")) do
    local sum = sum_of(self, inputs, connections, name)
    if sum == nil then
      sum = snn.zeros(registry.find_neuron(self, "wiring", name).batchedshape)
    end
    out[name] = sum
  end
  return out
end

local own_wiring <const> = Layer.wiring
tools.set_wiring(own_wiring, Layer)

-- ------------------------------------------------------------- connect

-- `from` as two numbers, or nothing.
local function range_of(from)
  if from == nil then return nil end
  local is_pair = type(from) == "table" and rawlen(from) == 2
  local first, last = is_pair and from[1], is_pair and from[2]
  for _, v in ipairs { first, last } do is_pair = is_pair and math.type(v) == "integer" end
  if not is_pair then
    tools.wrong_argument("connect", "from", "{ first, last }, two integers counted from 1", from)
  end
  return first, last
end

-- "exc_inh", and "exc_inh_2" where that is taken.
local function free_name(layer, source, target)
  local name, n = source .. "_" .. target, 1
  local base <const> = name
  while tools.layer_get(layer, "connection", name) do
    n = n + 1
    name = base .. "_" .. n
  end
  return name
end

-- The name of a registered connection, or a new one with its object, and what that
-- stands for.
local function read_connection(layer, source, target, connection, name)
  if type(connection) == "string" then
    registry.find_connection(layer, "connect", connection)
    if name ~= nil then
      fail("ValueError", "connect: 'name' is for a new connection, '%s' is registered", connection)
    end
    return connection
  end
  name = name == nil and free_name(layer, source, target) or name
  registry.check_name("connect", name)
  if tools.is_instance(connection, snn.Connection) then return name, connection end
  return name, tools.stand_in(layer, "connection", connection, "connect"), connection
end

--- Registers a connection that the layer feeds: in each step it gets the spikes that the
--- neurons `source` made in the step before, none before their first step, after a clear, and
--- where that step did not run them. An input that is given to it by name counts in its place
--- for that step. Its currents reach the wiring by its name; without a wiring they are summed
--- into `target`. The spikes are the group's `spike`, saved with it.
--- AttributeError: unknown neurons. ValueError: as many inputs as `from` has neurons are
--- wanted; step times differ; without a wiring the output must have the target's shape.
--- RuntimeError: the name is taken, or the connection is connected already.
--- ```lua
--- local layer = snn.Layer()
--- layer:add_neuron("exc", snn.LIF { shape = 5, step_time = 1, rest_v = -49, reset_v = -60,
---   thresh_v = -50, refrac_t = 2, time_constant = 20 })
--- local cell, name = layer:connect("exc", "exc", snn.LinearDense { in_shape = 4, out_shape = 5,
---   step_time = 1, synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 2 } },
---   { from = { 1, 4 } })
--- for _ = 1, 3 do print(layer {}.exc) end
--- print(name, cell.connection == layer.connections.exc_exc)
--- ```
---@param source string the neurons whose spikes it takes
---@param target string the neurons that its currents are for
---@param connection snn.Connection|snn.Module|string or the name of a registered one
---@param options? { from: integer[], name: string } `from`: { first, last }, the range of
---  the source's neurons that it takes, in the order of their elements; `name`: in place of
---  SOURCE_TARGET
---@return snn.Cell? cell of the connection and the target, for trainers; nil where the
---  output has another shape, or a module of a script is the connection
---@return string name of the connection
function Layer:connect(source, target, connection, options)
  tools.check_object(self, Layer, "connect", "self")
  options = tools.options("connect", options, { "from", "name" })
  registry.find_neuron(self, "connect", source)
  registry.find_neuron(self, "connect", target)
  local first, last = range_of(options.from)
  local name, object, module = read_connection(self, source, target, connection, options.name)
  local is_wired = not rawequal(self.wiring, own_wiring)
  return tools.layer_connect(self, source, target, name, first, last, object, module, is_wired)
end

--- The layer feeds the connection no more: it stays registered, with its cells, and runs where
--- an input is given to it. AttributeError: it is not registered. RuntimeError: it is not
--- connected.
--- ```lua
--- local layer = snn.Layer()
--- layer:add_neuron("exc", snn.ExactNeuron { shape = 2, step_time = 1, rest_v = -60,
---   thresh_v = -50 })
--- local _, name = layer:connect("exc", "exc", snn.LinearDirect { shape = 2, step_time = 1,
---   synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 2 } })
--- print(layer:disconnect(name).outshape[1])
--- ```
---@param name string
---@return snn.Connection connection
function Layer:disconnect(name)
  registry.find_connection(self, "disconnect", name)
  return tools.layer_disconnect(self, name)
end

-- For copies: what the layer feeds is fed by the new one.
function tools.copy_connected(from, to)
  for _, of in ipairs(tools.layer_connected(from, "copy")) do
    tools.layer_connect(to, of[2], of[3], of[1], of[4], of[5], nil, nil, true)
  end
  local idle = {}
  for _, name in ipairs(tools.layer_idle(from)) do idle[name] = true end
  tools.set_layer_idle(to, idle)
end
