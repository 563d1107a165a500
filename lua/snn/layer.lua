-- Layer: the registry of connections, neurons and cells. The forward is in C
-- (src/bind/network/forward.c); it reads the tables in the links through a roster of
-- them (src/bind/network/roster.h), which ends with every change of theirs.
local snn, _, tools = ...

local fail = tools.fail

---@class snn.Layer: snn.Module
---@field connections table the connections by name
---@field neurons table the neurons by name
---@field cells table the cells by connection, then neuron
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

local function quoted(names)
  if #names == 0 then return "none" end
  return "'" .. table.concat(names, "', '") .. "'"
end

local function unknown(kind, where, name, what, names)
  local text = tools.text(name)
  local nearest = tools.nearest(text, names)
  fail(kind, "%s: '%s' is not a registered %s (registered: %s%s)", where, text, what, quoted(names),
    nearest and ("; did you mean '%s'?"):format(nearest) or "")
end

-- The tables in which a layer's registry is kept.
local function registry_of(layer, where) return tools.links(layer, Layer, where) end

local function remove(list, value)
  for i = 1, #list do
    if list[i] == value then return table.remove(list, i) end
  end
end

-- The two registries differ in words only.
local function registry(what)
  return { what = what, names = what .. "_names", map = what .. "_map" }
end
local CONNECTION, NEURON = registry "connection", registry "neuron"

local function find(layer, kind, where, name, error_kind)
  local links = registry_of(layer, where)
  local object = name ~= nil and links[kind.map][name]
  if not object then
    unknown(error_kind or "AttributeError", where, name, kind.what, links[kind.names])
  end
  return object
end

local function add(layer, kind, class, name, object)
  local where = "add_" .. kind.what
  local links = registry_of(layer, where)
  check_name(where, name)
  if links[kind.map][name] then
    fail("RuntimeError", "%s: '%s' is already a registered %s", where, name, kind.what)
  end
  tools.check_object(object, class, where, kind.what)
  table.insert(links[kind.names], name)
  links[kind.map][name] = object
  tools.end_roster(layer)
  return object
end

-- Iterates over a registry as it is now.
local function each(layer, kind, where)
  local links = registry_of(layer, where or ("named_" .. kind.what .. "s"))
  local names = table.move(links[kind.names], 1, #links[kind.names], 1, {})
  local map, i = links[kind.map], 0
  return function()
    repeat
      i = i + 1
    until not names[i] or map[names[i]]
    return names[i], map[names[i]]
  end
end

-- ------------------------------------------------------------- connections, neurons

local function add_connection(layer, name, connection)
  return add(layer, CONNECTION, snn.Connection, name, connection)
end
local function add_neuron(layer, name, neuron)
  return add(layer, NEURON, snn.Neuron, name, neuron)
end

--- Registers a connection.
---@param name string a Lua identifier: ValueError; taken: RuntimeError
---@param connection snn.Connection
---@return snn.Connection connection
function Layer:add_connection(name, connection) return add_connection(self, name, connection) end

--- Registers a group of neurons.
---@param name string a Lua identifier: ValueError; taken: RuntimeError
---@param neuron snn.Neuron
---@return snn.Neuron neuron
function Layer:add_neuron(name, neuron) return add_neuron(self, name, neuron) end

--- The connection of that name; AttributeError when there is none.
---@param name string
---@return snn.Connection
function Layer:get_connection(name) return find(self, CONNECTION, "get_connection", name) end

--- The neurons of that name; AttributeError when there are none.
---@param name string
---@return snn.Neuron
function Layer:get_neuron(name) return find(self, NEURON, "get_neuron", name) end

-- Takes cells out of both places in which they stand.
local function remove_cells(layer, matches)
  local links = tools.links(layer)
  for i = #links.cell_list, 1, -1 do
    local cell = links.cell_list[i]
    local key = links.cell_keys[cell]
    if matches(key[1], key[2]) then
      table.remove(links.cell_list, i)
      links.cell_map[key[1]][key[2]] = nil
      links.cell_keys[cell] = nil
      tools.mark_dead(cell)
    end
  end
  tools.end_roster(layer)
end

--- Deletes a connection and its cells; AttributeError when there is none.
---@param name string
---@return snn.Connection connection
function Layer:del_connection(name)
  local connection, links = find(self, CONNECTION, "del_connection", name), tools.links(self)
  remove_cells(self, function(c) return c == name end)
  links.cell_map[name] = nil
  remove(links.connection_names, name)
  links.connection_map[name] = nil
  tools.end_roster(self)
  return connection
end

--- Deletes a group of neurons and its cells; ValueError when there is none.
---@param name string
---@return snn.Neuron neuron
function Layer:del_neuron(name)
  local neuron, links = find(self, NEURON, "del_neuron", name, "ValueError"), tools.links(self)
  remove_cells(self, function(_, n) return n == name end)
  remove(links.neuron_names, name)
  links.neuron_map[name] = nil
  tools.end_roster(self)
  return neuron
end

--- Iterates over name, connection in the order of registration.
function Layer:named_connections() return each(self, CONNECTION) end

--- Iterates over name, neuron in the order of registration.
function Layer:named_neurons() return each(self, NEURON) end

--- Iterates over the name of a connection and its synapse.
function Layer:named_synapses()
  local step = each(self, CONNECTION, "named_synapses")
  return function()
    local name, connection = step()
    if name then return name, connection.synapse end
  end
end

-- ------------------------------------------------------------- cells

local function add_cell(layer, connection, neuron)
  local links = registry_of(layer, "add_cell")
  local c = find(layer, CONNECTION, "add_cell", connection)
  local n = find(layer, NEURON, "add_cell", neuron)
  tools.check_clocks(c, n, connection, neuron)
  local row = links.cell_map[connection]
  if row and row[neuron] then return row[neuron] end
  local cell = tools.new_cell(c, n)
  tools.set_training(cell, layer.training)
  links.cell_map[connection] = row or {}
  links.cell_map[connection][neuron] = cell
  links.cell_keys[cell] = { connection, neuron }
  table.insert(links.cell_list, cell)
  tools.end_roster(layer)
  return cell
end

--- Makes the cell of a connection and a neuron, or returns it when it exists.
--- AttributeError for unknown names, RuntimeError when the connection's output
--- has not the neuron's shape, ValueError when their `dt` differ.
---@param connection string
---@param neuron string
---@return snn.Cell
function Layer:add_cell(connection, neuron) return add_cell(self, connection, neuron) end

local function get_cell(layer, connection, neuron)
  local links = registry_of(layer, "get_cell")
  local row = connection ~= nil and links.cell_map[connection]
  local cell = row and neuron ~= nil and row[neuron]
  if not cell then
    fail("AttributeError", "get_cell: there is no cell of the pair ('%s', '%s')",
      tools.text(connection), tools.text(neuron))
  end
  return cell
end

--- The cell of the pair; AttributeError when there is none.
---@param connection string
---@param neuron string
---@return snn.Cell
function Layer:get_cell(connection, neuron) return get_cell(self, connection, neuron) end

--- Deletes the cell of the pair, if there is one. AttributeError for names that
--- are not registered.
---@param connection string
---@param neuron string
---@return snn.Cell? cell
function Layer:del_cell(connection, neuron)
  find(self, CONNECTION, "del_cell", connection)
  find(self, NEURON, "del_cell", neuron)
  local row = tools.links(self).cell_map[connection]
  local cell = row and row[neuron]
  if cell then remove_cells(self, function(c, n) return c == connection and n == neuron end) end
  return cell
end

local function each_cell(layer, where)
  local links = registry_of(layer, where or "named_cells")
  local cells, i = table.move(links.cell_list, 1, #links.cell_list, 1, {}), 0
  return function()
    local key
    repeat
      i = i + 1
      key = cells[i] and links.cell_keys[cells[i]]
    until key or not cells[i]
    if key then return key[1], key[2], cells[i] end
  end
end

--- Iterates over connection name, neuron name, cell in the order of creation.
function Layer:named_cells() return each_cell(self) end

-- ------------------------------------------------------------- proxies

-- A view of a registry: names read objects, pairs iterates, nothing is written.
local function proxy(what, get, iterate)
  local function refuse(_, name)
    fail("AttributeError", "layer.%s: '%s' cannot be set or deleted here, use add_ and del_",
      what, tools.text(name))
  end
  return setmetatable({}, {
    __name = "layer." .. what,
    __index = function(_, name) return get(name) end,
    __newindex = refuse,
    __pairs = iterate,
    __call = function()
      fail("TypeError", "'layer.%s' is a field, not a method: write it without ()", what)
    end,
    __metatable = false,
  })
end

local function cell_row(layer, connection)
  local links = tools.links(layer)
  if links.connection_map[connection] == nil then
    unknown("AttributeError", "layer.cells", connection, "connection", links.connection_names)
  end
  return proxy("cells." .. connection, function(neuron)
    local cell = (links.cell_map[connection] or {})[neuron]
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

local function cell_rows(layer)
  local done, step = {}, each_cell(layer)
  return function()
    for c in step do
      if not done[c] then
        done[c] = true
        return c, cell_row(layer, c)
      end
    end
  end
end

local PROXIES = {
  connections = function(layer)
    return proxy("connections",
      function(name) return find(layer, CONNECTION, "layer.connections", name) end,
      function() return each(layer, CONNECTION) end)
  end,
  neurons = function(layer)
    return proxy("neurons",
      function(name) return find(layer, NEURON, "layer.neurons", name) end,
      function() return each(layer, NEURON) end)
  end,
  cells = function(layer)
    return proxy("cells",
      function(name) return cell_row(layer, name) end,
      function() return cell_rows(layer) end)
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
---@param args? { wiring: function }
function Layer.init(self, args)
  args = tools.options("Layer", args, { "wiring" })
  if args.wiring ~= nil and type(args.wiring) ~= "function" then
    fail("TypeError", "Layer: 'wiring' must be a function, got %s", tools.describe(args.wiring))
  end
  construct(self)
  tools.links(self).cell_keys = {}
  if args.wiring then self.wiring = args.wiring end
end

--- To be replaced: from the currents of the connections that ran, by name,
--- the input currents of the neurons that are to step, by name.
---@param inputs table<string, snn.Tensor> (B, out...) each
---@param kwargs table the other options of forward
---@return table<string, snn.Tensor>
function Layer:wiring(inputs, kwargs) -- luacheck: ignore
  fail("RuntimeError", "wiring must be implemented: function layer:wiring(inputs, kwargs) ... end")
end

function Layer:children()
  local list = {}
  for name, c in each(self, CONNECTION, "children") do
    list[#list + 1] = { "connections." .. name, c }
  end
  for name, n in each(self, NEURON) do list[#list + 1] = { "neurons." .. name, n } end
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
  for _, n in each(layer, NEURON, "clear") do
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
  for _, c in each(layer, CONNECTION, where) do
    connections = connections + 1
    parts[connections] = c
  end
  for _, n in each(layer, NEURON, where) do parts[#parts + 1] = n end
  return parts, connections
end

--- Resets the state of connections and neurons; other options than
--- `submodules` go to the neurons (`keep_adaptations`).
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
  } do
    class[method] = function() fail("RuntimeError", "%s does not support %s", name, verb) end
  end
end

tools.registry = {
  add_connection = add_connection,
  add_neuron = add_neuron,
  add_cell = add_cell,
  get_cell = get_cell,
  find_connection = function(layer, where, name) return find(layer, CONNECTION, where, name) end,
  find_neuron = function(layer, where, name) return find(layer, NEURON, where, name) end,
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
