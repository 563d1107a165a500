-- Layer: what scripts see of the registry of connections, neurons and cells,
-- which is the engine's (src/layer/registry.h): each change of it is one call of
-- src/bind/network/registry.c. The forward is in C (src/bind/network/forward.c).
local snn, _, tools = ...

local fail = tools.fail

--- Connections and groups of neurons by name, and a wiring that says which currents go into
--- which neurons. A call is one step of all of them.
--- ```lua
--- local layer = snn.Layer { wiring = function(_, currents) return { out = currents.enc } end }
--- layer:add_connection("enc", snn.LinearDense { in_shape = 3, out_shape = 2, step_time = 1,
---   synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 20 } })
--- layer:add_neuron("out", snn.LIF { shape = 2, step_time = 1, rest_v = -60, reset_v = -65,
---   thresh_v = -50, refrac_t = 2, time_constant = 20 })
--- layer:add_cell("enc", "out")
--- print(layer({ enc = snn.tensor { { true, false, true } } }).out)
--- ```
---@class snn.Layer: snn.Module
local Layer = snn.Layer

-- ------------------------------------------------------------- names

local RESERVED = {}
for word in ([[and break do else elseif end false for function goto if in local
  nil not or repeat return then true until while]]):gmatch("%a+") do RESERVED[word] = true end

local function check_name(where, name)
  if type(name) ~= "string" then
    fail("TypeError", "%s: 'name' must be a string, got %s", where, tools.describe(name))
  elseif not name:match("^[%a_][%w_]*$") or RESERVED[name] then
    fail("ValueError", "%s: '%s' is not a valid identifier", where, name)
  end
end

local function find(layer, what, where, name, error_kind)
  return tools.layer_find(layer, what, name, where, error_kind or "AttributeError")
end

local function add(layer, what, class, name, object)
  local where = "add_" .. what
  tools.check_object(layer, Layer, where, "self")
  check_name(where, name)
  if tools.layer_get(layer, what, name) then
    fail("RuntimeError", "%s: '%s' is already a registered %s", where, name, what)
  end
  if tools.is_instance(object, class) then return tools.layer_add(layer, what, name, object) end
  return tools.layer_add(layer, what, name, tools.stand_in(layer, what, object), object)
end

-- Iterates over a registry as it is now.
local function each(layer, what, where)
  local names, i = tools.layer_names(layer, what, where or ("named_" .. what .. "s")), 0
  return function()
    local object
    repeat
      i = i + 1
      object = names[i] and tools.layer_get(layer, what, names[i])
    until object or not names[i]
    return names[i], object
  end
end

-- ------------------------------------------------------------- connections, neurons

local function add_connection(layer, name, connection)
  return add(layer, "connection", snn.Connection, name, connection)
end
local function add_neuron(layer, name, neuron)
  return add(layer, "neuron", snn.Neuron, name, neuron)
end

--- Registers a connection, or a module of a script with a forward that takes (B,
--- inshape...) and gives (B, outshape...), by its fields of these names.
--- ```lua
--- -- as snn.Layer:
--- layer:add_connection("rec", snn.LinearLateral { shape = 2, step_time = 1,
---   synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 2 } })
--- print(layer:get_connection("rec").outshape[1])
--- ```
---@param name string a Lua identifier: ValueError; taken: RuntimeError
---@param connection snn.Connection|snn.Module
---@return snn.Connection connection
function Layer:add_connection(name, connection) return add_connection(self, name, connection) end

--- Registers a group of neurons, or a module of a script with a forward that gives
--- spikes for currents, both (B, shape...), by its field `shape`. Its batch size and
--- step time are its fields `batchsz` and `dt`, else those of the layer's parts.
--- ```lua
--- -- as snn.Layer:
--- layer:add_neuron("other", snn.ExactNeuron { shape = 4, step_time = 1, rest_v = -60,
---   thresh_v = -50 })
--- print(layer.neurons.other.count)
--- ```
---@param name string a Lua identifier: ValueError; taken: RuntimeError
---@param neuron snn.Neuron|snn.Module
---@return snn.Neuron neuron
function Layer:add_neuron(name, neuron) return add_neuron(self, name, neuron) end

--- The connection of that name; AttributeError when there is none.
--- ```lua
--- -- as snn.Layer:
--- print(layer:get_connection("enc").inshape[1])
--- ```
---@param name string
---@return snn.Connection
function Layer:get_connection(name) return find(self, "connection", "get_connection", name) end

--- The neurons of that name; AttributeError when there are none.
--- ```lua
--- -- as snn.Layer:
--- print(layer:get_neuron("out").count)
--- ```
---@param name string
---@return snn.Neuron
function Layer:get_neuron(name) return find(self, "neuron", "get_neuron", name) end

--- Deletes a connection and its cells; AttributeError when there is none.
--- ```lua
--- -- as snn.Layer:
--- layer:del_connection("enc")
--- print(#layer:children())
--- ```
---@param name string
---@return snn.Connection connection
function Layer:del_connection(name)
  return tools.layer_remove(self, "connection", name, "del_connection", "AttributeError")
end

--- Deletes a group of neurons and its cells; ValueError when there is none.
--- ```lua
--- -- as snn.Layer:
--- layer:del_neuron("out")
--- print(#layer:children())
--- ```
---@param name string
---@return snn.Neuron neuron
function Layer:del_neuron(name)
  return tools.layer_remove(self, "neuron", name, "del_neuron", "ValueError")
end

--- Iterates over name, connection in the order of registration.
--- ```lua
--- -- as snn.Layer:
--- for name, connection in layer:named_connections() do print(name, connection.outsize) end
--- ```
function Layer:named_connections() return each(self, "connection") end

--- Iterates over name, neuron in the order of registration.
--- ```lua
--- -- as snn.Layer:
--- for name, neuron in layer:named_neurons() do print(name, neuron.count) end
--- ```
function Layer:named_neurons() return each(self, "neuron") end

--- Iterates over the name of a connection and its synapse.
--- ```lua
--- -- as snn.Layer:
--- for name, synapse in layer:named_synapses() do print(name, synapse.spike_charge) end
--- ```
function Layer:named_synapses()
  local step = each(self, "connection", "named_synapses")
  return function()
    local name, connection = step()
    if name then return name, connection.synapse end
  end
end

-- ------------------------------------------------------------- cells

--- Makes the cell of a connection and a neuron, or returns it when it exists.
--- AttributeError for unknown names, RuntimeError when the connection's output
--- has not the neuron's shape, ValueError when their `dt` differ.
--- ```lua
--- -- as snn.Layer:
--- local cell = layer:add_cell("enc", "out")
--- print(cell.connection == layer.connections.enc)
--- ```
---@param connection string
---@param neuron string
---@return snn.Cell
function Layer:add_cell(connection, neuron)
  return tools.layer_add_cell(self, connection, neuron)
end

local function get_cell(layer, connection, neuron)
  tools.check_object(layer, Layer, "get_cell", "self")
  local cell = tools.layer_cell(layer, connection, neuron)
  if not cell then
    fail("AttributeError", "get_cell: there is no cell of the pair ('%s', '%s')",
      tools.text(connection), tools.text(neuron))
  end
  return cell
end

--- The cell of the pair; AttributeError when there is none.
--- ```lua
--- -- as snn.Layer:
--- print(layer:get_cell("enc", "out").neuron == layer.neurons.out)
--- ```
---@param connection string
---@param neuron string
---@return snn.Cell
function Layer:get_cell(connection, neuron) return get_cell(self, connection, neuron) end

--- Deletes the cell of the pair, if there is one. AttributeError for names that
--- are not registered.
--- ```lua
--- -- as snn.Layer:
--- layer:del_cell("enc", "out")
--- print(pcall(layer.get_cell, layer, "enc", "out"))
--- ```
---@param connection string
---@param neuron string
---@return snn.Cell? cell
function Layer:del_cell(connection, neuron)
  return tools.layer_remove_cell(self, connection, neuron)
end

-- Iterates over the cells as they are now.
local function each_cell(layer, where)
  local cells, i = tools.layer_cells(layer, where or "named_cells"), 0
  return function()
    local from, to
    repeat
      i = i + 1
      if not cells[i] then return nil end
      local links = tools.links(cells[i])
      from, to = links.from, links.to
    until tools.layer_cell(layer, from, to) == cells[i]
    return from, to, cells[i]
  end
end

--- Iterates over connection name, neuron name, cell in the order of creation.
--- ```lua
--- -- as snn.Layer:
--- for connection, neuron in layer:named_cells() do print(connection, neuron) end
--- ```
function Layer:named_cells() return each_cell(self) end

-- ------------------------------------------------------------- proxies

-- For lua/snn/show/: views of registries and their iterators, not a script's.
tools.proxies = setmetatable({}, { __mode = "k" })

-- A view of a registry: names read objects, pairs iterates, nothing is written.
local function proxy(what, get, iterate)
  local function refuse(_, name)
    fail("AttributeError", "layer.%s: '%s' cannot be set or deleted here, use add_ and del_",
      what, tools.text(name))
  end
  local made = setmetatable({}, {
    __name = "layer." .. what,
    __index = function(_, name) return get(name) end,
    __newindex = refuse,
    __pairs = iterate,
    __tostring = function(view) return tools.show(view) end,
    __call = function()
      fail("TypeError", "'layer.%s' is a field, not a method: write it without ()", what)
    end,
    __metatable = false,
  })
  tools.proxies[made] = iterate
  return made
end

local function cells_of(layer, connection)
  find(layer, "connection", "layer.cells", connection)
  return proxy("cells." .. connection, function(neuron)
    local cell = tools.layer_cell(layer, connection, neuron)
    if not cell then
      fail("AttributeError", "layer.cells.%s: there is no cell with '%s'", connection,
        tools.text(neuron))
    end
    return cell
  end, function()
    local step = each_cell(layer)
    return function()
      for c, n, cell in step do
        if c == connection then return n, cell end
      end
    end
  end)
end

local function all_cells(layer)
  local done, step = {}, each_cell(layer)
  return function()
    for c in step do
      if not done[c] then
        done[c] = true
        return c, cells_of(layer, c)
      end
    end
  end
end

local PROXIES = {
  connections = function(layer)
    return proxy("connections",
      function(name) return find(layer, "connection", "layer.connections", name) end,
      function() return each(layer, "connection") end)
  end,
  neurons = function(layer)
    return proxy("neurons",
      function(name) return find(layer, "neuron", "layer.neurons", name) end,
      function() return each(layer, "neuron") end)
  end,
  cells = function(layer)
    return proxy("cells",
      function(name) return cells_of(layer, name) end,
      function() return all_cells(layer) end)
  end,
}

function tools.proxy(layer, name)
  local made = PROXIES[name](layer)
  tools.links(layer)[name] = made
  return made
end

-- ------------------------------------------------------------- life

local construct = Layer.init

--- `snn.Layer()` or `snn.Layer{ wiring = function(self, inputs, kwargs) ... end }`.
--- ```lua
--- local Two = snn.class("Two", snn.Layer)
--- function Two:init()
---   snn.Layer.init(self, { wiring = function(_, currents) return currents end })
--- end
--- print(#Two():children())
--- ```
---@param args? { wiring: function }
function Layer.init(self, args)
  args = tools.options("Layer", args, { "wiring" })
  if args.wiring ~= nil and type(args.wiring) ~= "function" then
    fail("TypeError", "Layer: 'wiring' must be a function, got %s", tools.describe(args.wiring))
  end
  construct(self)
  if args.wiring then self.wiring = args.wiring end
end

function Layer:children()
  local list = {}
  for name, c in each(self, "connection", "children") do
    list[#list + 1] = { "connections." .. name, c }
  end
  for name, n in each(self, "neuron") do list[#list + 1] = { "neurons." .. name, n } end
  for c, n, cell in each_cell(self) do
    list[#list + 1] = { ("cells.%s.%s"):format(c, n), cell }
  end
  for _, child in ipairs(snn.Module.children(self)) do list[#list + 1] = child end
  return list
end

-- Checked before anything is cleared; neurons of scripts may take options of
-- their own.
local function clear_options(layer, options)
  if options == nil then return nil, true end
  local takes_others = false
  for _, n in each(layer, "neuron", "clear") do
    takes_others = tools.is_scripted(n)
    if not takes_others then break end
  end
  if type(options) ~= "table" or not takes_others then
    options = tools.options("clear", options, { "submodules", "keep_adaptations" })
  end
  for _, name in ipairs { "submodules", "keep_adaptations" } do
    local value = options[name]
    if value ~= nil and type(value) ~= "boolean" then
      fail("TypeError", "clear: '%s' must be true or false, got %s", name, tools.describe(value))
    end
  end
  local rest = {}
  for k, v in next, options do
    if k ~= "submodules" then rest[k] = v end
  end
  return next(rest) ~= nil and rest or nil, options.submodules ~= false
end

local function clear_parts(parts, connections, rest)
  for i = 1, connections do parts[i]:clear() end
  for i = connections + 1, #parts do parts[i]:clear(rest) end
end

-- A list of connections, then neurons, and how many of it are connections.
local function parts_of(layer, where)
  local parts, connections = {}, 0
  for _, c in each(layer, "connection", where) do
    connections = connections + 1
    parts[connections] = c
  end
  for _, n in each(layer, "neuron", where) do parts[#parts + 1] = n end
  return parts, connections
end

local function set_field(parts, name, value)
  for i = 1, #parts do
    parts[i][name] = value
    tools.assign_stand_in(parts[i], name, value)
  end
end

-- layer.batchsz = value, layer.dt = value
function tools.set_parts(layer, name, value)
  local parts = parts_of(layer, name)
  if #parts == 0 then
    fail("RuntimeError", "Layer: '%s' cannot be set: there are no connections and neurons", name)
  end
  return tools.atomic(tools.keep(parts), set_field, parts, name, value)
end

--- Resets the state of connections and neurons; other options than
--- `submodules` go to the neurons (`keep_adaptations`).
--- ```lua
--- -- as snn.Layer:
--- layer { enc = snn.ones(1, 3):gt(0) }
--- layer:clear()
--- print(layer.time)
--- ```
---@param options? { submodules: boolean, keep_adaptations: boolean }
function Layer:clear(options)
  local rest, submodules = clear_options(self, options)
  if not submodules then return end
  local parts, connections = parts_of(self, "clear")
  return tools.atomic(tools.keep(parts), clear_parts, parts, connections, rest)
end

-- ------------------------------------------------------------- for layers of a fixed shape

-- The registry of such a class cannot be changed by scripts; its init uses the
-- functions in `tools.registry`.
function tools.fix_registry(class, name)
  for method, verb in pairs {
    add_connection = "adding connections", del_connection = "removing connections",
    add_neuron = "adding neurons", del_neuron = "removing neurons",
    add_cell = "adding cells", del_cell = "removing cells",
    connect = "connecting neurons", disconnect = "disconnecting neurons",
  } do
    class[method] = function() fail("RuntimeError", "%s does not support %s", name, verb) end
  end
end

tools.registry = {
  check_name = check_name,
  add_connection = add_connection,
  add_neuron = add_neuron,
  add_cell = tools.layer_add_cell,
  get_cell = get_cell,
  find_connection = function(layer, where, name) return find(layer, "connection", where, name) end,
  find_neuron = function(layer, where, name) return find(layer, "neuron", where, name) end,
}

--- Raises unless args has all of a list of names, each followed by what it is.
function tools.require(where, args, list)
  local missing = {}
  for i = 1, #list, 2 do
    if args[list[i]] == nil then table.move(list, i, i + 1, #missing + 1, missing) end
  end
  if #missing > 0 then tools.missing(where, missing) end
end

-- An argument that is a function or absent.
function tools.optional_function(where, args, name)
  local fn = args[name]
  if fn ~= nil and type(fn) ~= "function" then
    fail("TypeError", "%s: '%s' must be a function, got %s", where, name, tools.describe(fn))
  end
  return fn
end

-- The arguments of a call of such a layer: a list of tensors and, when the last
-- is a table, a copy of it.
function tools.split_options(...)
  local inputs, options = table.pack(...), nil
  local last = inputs[inputs.n]
  if type(last) == "table" then
    options, inputs[inputs.n] = {}, nil
    for k, v in next, last do options[k] = v end
  end
  inputs.n = nil
  return inputs, options
end

-- For copies: what layers of a fixed shape know of their parts, by name, and functions.
function tools.copy_layer_links(from, to)
  local old, new = tools.links(from), tools.links(to)
  for _, name in ipairs { "serial", "biclique", "recurrent" } do new[name] = old[name] end
  if old.recurrent then tools.set_following(to, tools.following) end
end
