-- Pools of monitors: who wants to watch the same thing in the same way shares
-- one monitor. The monitors of a pool in evaluation mode stay registered but
-- record nothing. And the monitors of a cell.
local snn, _, tools = ...

local monitors = tools.monitors
local fail, made_of, iterate = monitors.fail, monitors.made_of, tools.iterate

-- ------------------------------------------------------------- what is the same

local function full_path(attr, object)
  return tools.is_cell(object) and tools.cell_path(attr) or attr
end

local function same_list(a, b)
  if #a ~= #b then return false end
  for i = 1, #a do
    if a[i] ~= b[i] then return false end
  end
  return true
end

local function same_table(a, b)
  for k, v in next, a do
    if b[k] ~= v then return false end
  end
  for k in next, b do
    if a[k] == nil then return false end
  end
  return true
end

local function same_reducer(a, b)
  if rawequal(a, b) then return true end
  if not tools.is_module(a) or not tools.is_module(b) then return false end
  return tools.reducer_same(a, b)
end

-- Whether two constructors make monitors that differ in nothing.
local function same_constructor(a, b)
  if a == b then return true end
  local x, y = made_of[a], made_of[b]
  if not x or not y or x.class ~= y.class then return false end
  local left, right = {}, {}
  for k, v in next, x.args do left[k] = v end
  for k, v in next, y.args do right[k] = v end
  local one, other = left.subattrs or {}, right.subattrs or {}
  left.subattrs, right.subattrs, left.reducer, right.reducer = nil, nil, nil, nil
  return same_list(one, other) and same_table(left, right)
    and same_reducer(x.template or x.args.reducer, y.template or y.args.reducer)
end

-- The arguments of a monitor but for what it watches and who gets it.
local function own_arguments(args)
  local out = {}
  for k, v in next, args do out[k] = v end
  out.reducer, out.module, out.attr = nil, nil, nil
  return out
end

-- Whether a monitor and its reducer still have the arguments that the constructor
-- gave them; the step time follows what is watched.
local function is_as_made(monitor, constructor)
  local made, state = made_of[constructor], tools.links(monitor).state
  return not made or (same_table(own_arguments(made.args), own_arguments(state.args))
    and (not made.template or tools.reducer_same(state.reducer, made.template, true)))
end

-- ------------------------------------------------------------- cells

local function check_added(where, name, attr, constructor, tags)
  if type(name) ~= "string" then
    fail("TypeError", "%s: 'name' must be a string, got %s", where, tools.describe(name))
  elseif type(attr) ~= "string" then
    fail("TypeError", "%s: 'attr' must be a string, got %s", where, tools.describe(attr))
  elseif type(constructor) ~= "function" then
    fail("TypeError", "%s: 'constructor' must be a function (attr, module), got %s", where,
      tools.describe(constructor))
  elseif tags ~= nil and type(tags) ~= "table" then
    fail("TypeError", "%s: 'tags' must be a table, got %s", where, tools.describe(tags))
  end
end

local function construct(where, constructor, attr, object)
  local monitor = constructor(attr, object)
  if not tools.is_module(monitor) or not tools.links(monitor).state then
    fail("TypeError", "%s: the constructor must return a monitor, got %s", where,
      tools.describe(monitor))
  end
  return monitor
end

-- Names of monitors, as `cell.monitors` reads them.
local function note(object, name, monitor)
  local links = tools.links(object)
  links.monitors = links.monitors or setmetatable({}, { __mode = "v" })
  links.monitors[name] = monitor
end

-- For tools.atomic: what a monitor that is made of the object may change.
local function keep_watched(list, object)
  local whole = { object }
  if tools.is_cell(object) then
    local connection = object.connection
    whole = { object, connection, object.neuron, connection.updater }
  end
  for _, part in ipairs(whole) do
    for _, module in part:named_modules() do tools.keep_all(list, module) end
  end
  list[#list + 1] = tools.links(object).monitors
end

local function add_to(object, target, name, attr, constructor)
  local monitor = construct("add_monitor", constructor, attr, target)
  note(object, name, monitor)
  return monitor
end

-- The monitor of an observable that watches `target`, by `path` from there.
function tools.add_monitor(object, target, name, attr, path, constructor)
  check_added("add_monitor", name, attr, constructor)
  local list = {}
  keep_watched(list, target)
  local links = tools.links(object)
  list[#list + 1], list[#list + 2] = links, links.monitors
  return tools.atomic(list, add_to, object, target, name, path, constructor)
end

--- Makes a monitor of the cell: `constructor(attr, cell)`, a partial constructor
--- of a monitor. It records in the layer's forwards in which both sides of the
--- cell run. A name that is taken goes to the new monitor.
--- ```lua
--- -- as snn.Cell:
--- local monitor = cell:add_monitor("spikes", "postspike", snn.StateMonitor.partialconstructor {
---   reducer = snn.PassthroughReducer { step_time = 1 } })
--- layer(snn.tensor { { true, false } })
--- print(monitor:peek())
--- ```
---@param name string
---@param attr string a path from the cell: "connection.weight", "postspike"
---@param constructor fun(attr: string, module: snn.Module): snn.Monitor
---@return snn.Monitor
function snn.Cell:add_monitor(name, attr, constructor)
  tools.links(self, snn.Cell, "add_monitor")
  check_added("add_monitor", name, attr, constructor)
  local list = {}
  keep_watched(list, self)
  return tools.atomic(list, add_to, self, self, name, attr, constructor)
end

-- cell.monitors: a new table of the monitors by name.
function tools.cell_monitors(cell)
  local out = {}
  for name, monitor in next, tools.links(cell).monitors or {} do out[name] = monitor end
  return out
end

-- ------------------------------------------------------------- pools

--- Monitors of several objects by name; one that watches the same is shared.
--- ```lua
--- local neuron = snn.ExactNeuron { shape = 2, step_time = 1, rest_v = -60, thresh_v = -50 }
--- local pool = snn.MonitorPool()
--- pool:add_observed("group", neuron)
--- pool:add_monitor("group", "voltage", "voltage", snn.StateMonitor.partialconstructor {
---   reducer = snn.PassthroughReducer { step_time = 1, duration = 1 } })
--- neuron(snn.tensor { { 1, 2 } })
--- print(pool:get_monitor("group", "voltage"):peek())
--- ```
---@class snn.MonitorPool: snn.Module
snn.MonitorPool = snn.class "MonitorPool"
snn.MonitorPool.__optional = {}
local Pool = snn.MonitorPool

function Pool:init()
  snn.Module.init(self)
  local links = tools.links(self)
  links.names, links.observed, links.entries = {}, {}, {}
end

local function links_of(pool, where)
  local links = tools.links(pool, Pool, where)
  if not links.entries then fail("RuntimeError", "%s: the pool is not finished", where) end
  return links
end

-- Calls visit(observed name, entry), entry = { name, monitor, ... }, in order.
local function each_entry(links, visit)
  for _, observed in ipairs(links.names) do
    for _, entry in ipairs(links.entries[observed]) do
      local found = visit(observed, entry)
      if found then return found end
    end
  end
end

local function find_observed(links, where, name)
  local object = name ~= nil and links.observed[name]
  if not object then
    local text = tools.text(name)
    local nearest = tools.nearest(text, links.names)
    fail("AttributeError", "%s: '%s' is not observed%s", where, text,
      nearest and (" (did you mean '%s'?)"):format(nearest) or "")
  end
  return object
end

local function find_entry(links, observed, name)
  for i, entry in ipairs(observed ~= nil and links.entries[observed] or {}) do
    if entry.name == name then return entry, i end
  end
end

local function observe(links, name, object)
  table.insert(links.names, name)
  links.observed[name], links.entries[name] = object, {}
  return object
end

--- Adds a cell, or any module, under a name.
--- ```lua
--- -- as snn.MonitorPool:
--- local other = snn.ExactNeuron { shape = 3, step_time = 1, rest_v = -60, thresh_v = -50 }
--- pool:add_observed("other", other)
--- print(pool:get_observed("other").count)
--- ```
---@param name string taken: RuntimeError
---@param object snn.Module
---@return snn.Module object
function Pool:add_observed(name, object)
  local links = links_of(self, "add_observed")
  if type(name) ~= "string" then
    fail("TypeError", "add_observed: 'name' must be a string, got %s", tools.describe(name))
  elseif links.observed[name] then
    fail("RuntimeError", "add_observed: '%s' is already observed", name)
  elseif not tools.is_module(object) then
    fail("TypeError", "add_observed: 'object' must be a module, got %s", tools.describe(object))
  end
  monitors.check_alive("add_observed", object)
  return tools.atomic({ links.names, links.observed, links.entries }, observe, links, name, object)
end

--- The object under a name; AttributeError when there is none.
--- ```lua
--- -- as snn.MonitorPool:
--- print(pool:get_observed("group") == neuron)
--- ```
---@param name string
---@return snn.Module
function Pool:get_observed(name)
  return find_observed(links_of(self, "get_observed"), "get_observed", name)
end

-- Deregisters a monitor that nothing in the pool uses any more.
local function release(links, monitor)
  local used = each_entry(links, function(_, entry) return entry.monitor == monitor end)
  if not used then monitor:deregister() end
end

-- For tools.atomic: what that may change.
local function keep_released(list, monitor)
  return monitors.keep(list, monitor, tools.links(monitor).state)
end

-- What is changed by letting go of an object. For trainers too.
function monitors.keep_observed(list, pool, name)
  local links = tools.links(pool)
  table.move({ links.names, links.observed, links.entries }, 1, 3, #list + 1, list)
  for _, entry in ipairs(links.entries[name]) do keep_released(list, entry.monitor) end
  return list
end

local function forget(links, name)
  local entries = links.entries[name]
  links.entries[name] = {}
  for _, entry in ipairs(entries) do release(links, entry.monitor) end
  for i, n in ipairs(links.names) do
    if n == name then
      table.remove(links.names, i)
      break
    end
  end
  links.observed[name], links.entries[name] = nil, nil
end

--- Lets go of an object and of its monitors.
--- ```lua
--- -- as snn.MonitorPool:
--- pool:del_observed("group")
--- print(pcall(pool.get_observed, pool, "group"))
--- ```
---@param name string
function Pool:del_observed(name)
  local links = links_of(self, "del_observed")
  find_observed(links, "del_observed", name)
  return tools.atomic(monitors.keep_observed({}, self, name), forget, links, name)
end

-- A monitor in the pool that is the one wanted.
local function find_same(links, wanted)
  return each_entry(links, function(_, entry)
    return not entry.unique and rawequal(entry.object, wanted.object)
      and entry.attr == wanted.attr and same_table(entry.tags, wanted.tags)
      and same_constructor(entry.constructor, wanted.constructor)
      and is_as_made(entry.monitor, entry.constructor) and entry.monitor
  end)
end

-- reducer -> the monitor of a pool that has it
local monitor_of = setmetatable({}, { __mode = "k" })

-- A monitor of a pool that has another reducer.
function tools.note_pool_reducer(monitor, state)
  if state.gate then monitor_of[state.reducer] = monitor end
end

--- Raises where monitors of a pool share a reducer: assigning to the argument
--- would change them all.
function tools.check_shared_reducer(reducer, argument)
  local monitor = monitor_of[reducer]
  local pool, names = monitor and tools.links(monitor).state.gate, {}
  if not pool then return end
  each_entry(tools.links(pool), function(observed, entry)
    if entry.monitor == monitor then names[#names + 1] = observed .. "." .. entry.name end
  end)
  if #names < 2 then return end
  fail("RuntimeError", "%s: '%s' cannot be assigned while monitors share the reducer (%s); add "
    .. "one of them with `unique`", tools.class_name(reducer), argument, table.concat(names, ", "))
end

-- Puts an entry, which has no monitor yet, at a place of its object's list.
local function enter(pool, links, observed, entry, at)
  local list = links.entries[observed]
  local there = list[at]
  local shared = not entry.unique and find_same(links, entry) or nil
  entry.monitor = shared or construct("add_monitor", entry.constructor, entry.given, entry.object)
  tools.links(entry.monitor).state.gate = pool
  monitor_of[tools.links(entry.monitor).state.reducer] = entry.monitor
  list[at] = entry
  if there then release(links, there.monitor) end
  note(entry.noted, entry.name, entry.monitor)
  return entry.monitor
end

-- What that may change.
local function keep_entered(links, observed, object, noted)
  local list = { links.entries[observed], tools.links(noted) }
  list[#list + 1] = tools.links(noted).monitors
  keep_watched(list, object)
  each_entry(links, function(_, entry)
    if rawequal(entry.object, object) then keep_released(list, entry.monitor) end
  end)
  return list
end

--- The monitor of that name of an observed object: the one that is there, one
--- that the pool has for the same object, attribute, reducer, options and tags,
--- or a new one.
--- ```lua
--- -- as snn.MonitorPool:
--- local monitor = pool:add_monitor("group", "spikes", "spike",
---   snn.StateMonitor.partialconstructor { reducer = snn.PassthroughReducer { step_time = 1 } })
--- neuron(snn.tensor { { 30, 2 } })
--- print(monitor:peek())
--- ```
---@param observed string
---@param name string
---@param attr string a path from the object
---@param constructor fun(attr: string, module: snn.Module): snn.Monitor
---@param unique? boolean always a new one, in place of one of that name
---@param tags? table
---@return snn.Monitor
function Pool:add_monitor(observed, name, attr, constructor, unique, tags)
  local links = links_of(self, "add_monitor")
  check_added("add_monitor", name, attr, constructor, tags)
  local object = find_observed(links, "add_monitor", observed)
  local there, at = find_entry(links, observed, name)
  if there and not unique then return there.monitor end
  monitors.check_alive("add_monitor", object)
  local target, given, path = tools.observed(object, attr)
  local entry = {
    name = name, noted = object, object = target, given = given,
    attr = path or full_path(attr, object), constructor = constructor,
    unique = unique or false, tags = {},
  }
  for k, v in next, tags or {} do entry.tags[k] = v end
  local list = keep_entered(links, observed, target, object)
  return tools.atomic(list, enter, self, links, observed, entry,
    at or #links.entries[observed] + 1)
end

--- A monitor by the names of object and monitor, nil when there is none.
--- ```lua
--- -- as snn.MonitorPool:
--- print(pool:get_monitor("group", "voltage").attr)
--- ```
---@param observed string
---@param name string
---@return snn.Monitor?
function Pool:get_monitor(observed, name)
  local entry = find_entry(links_of(self, "get_monitor"), observed, name)
  return entry and entry.monitor
end

local function take_out(links, observed, i)
  release(links, table.remove(links.entries[observed], i).monitor)
end

--- Takes a monitor out of the pool; it records no more unless it has another
--- name there. AttributeError when there is none.
--- ```lua
--- -- as snn.MonitorPool:
--- pool:del_monitor("group", "voltage")
--- print(pool:get_monitor("group", "voltage"))
--- ```
---@param observed string
---@param name string
function Pool:del_monitor(observed, name)
  local links = links_of(self, "del_monitor")
  find_observed(links, "del_monitor", observed)
  local entry, i = find_entry(links, observed, name)
  if not entry then
    fail("AttributeError", "del_monitor: '%s' has no monitor '%s'", observed, tools.text(name))
  end
  local list = { links.entries[observed] }
  return tools.atomic(keep_released(list, entry.monitor), take_out, links, observed, i)
end

-- Each monitor once.
local function monitors_in(links)
  local done, all = {}, {}
  each_entry(links, function(_, entry)
    if not done[entry.monitor] then
      done[entry.monitor] = true
      all[#all + 1] = entry.monitor
    end
  end)
  return all
end

--- Iterates over the monitors of all observed objects, each once.
--- ```lua
--- -- as snn.MonitorPool:
--- for monitor in pool:monitors() do print(monitor.attr) end
--- ```
---@return function iterator
function Pool:monitors()
  local list = monitors_in(links_of(self, "monitors"))
  for i, monitor in ipairs(list) do list[i] = { monitor } end
  return iterate(list)
end

--- Iterates over name of the object, name of the monitor, monitor.
--- ```lua
--- -- as snn.MonitorPool:
--- for object, name in pool:named_monitors() do print(object, name) end
--- ```
---@return function iterator
function Pool:named_monitors()
  local list = {}
  each_entry(links_of(self, "named_monitors"), function(observed, entry)
    list[#list + 1] = { observed, entry.name, entry.monitor }
  end)
  return iterate(list)
end

--- Iterates over name, monitor of one object.
--- ```lua
--- -- as snn.MonitorPool:
--- for name, monitor in pool:named_monitors_of("group") do print(name, monitor.attr) end
--- ```
---@param observed string
---@return function iterator
function Pool:named_monitors_of(observed)
  local list = {}
  each_entry(links_of(self, "named_monitors_of"), function(name, entry)
    if name == observed then list[#list + 1] = { entry.name, entry.monitor } end
  end)
  return iterate(list)
end

function Pool:children()
  links_of(self, "children")
  local list = {}
  each_entry(links_of(self, "children"), function(observed, entry)
    list[#list + 1] = { observed .. "." .. entry.name, entry.monitor }
  end)
  return list
end

local function keep_cleared(list, all)
  for _, monitor in ipairs(tools.keep(all)) do
    list[#list + 1] = monitor
    local state = tools.links(monitor).state
    if state then monitors.keep_records(list, state) end
  end
  return list
end

local function clear_all(all, options)
  for _, monitor in ipairs(all) do monitor:clear(options) end
end

--- Clears all monitors.
--- ```lua
--- -- as snn.MonitorPool:
--- pool:clear()
--- print(pool:get_monitor("group", "voltage"):peek())
--- ```
---@param options? { keepshape: boolean }
function Pool:clear(options)
  local all = monitors_in(links_of(self, "clear"))
  if #all == 0 then tools.options("clear", options, { "keepshape" }) end
  return tools.atomic(keep_cleared({}, all), clear_all, all, options)
end

-- For trainers, which clear more than a pool.
monitors.keep_pool = function(list, pool)
  return keep_cleared(list, monitors_in(links_of(pool, "clear")))
end

-- ------------------------------------------------------------- for snn.save

-- What is observed, with the names of its monitors; those that share one have its number.
local function text_of(links)
  local number, out = {}, {}
  for i, monitor in ipairs(monitors_in(links)) do number[monitor] = i end
  for i, observed in ipairs(links.names) do
    local list = {}
    for k, entry in ipairs(links.entries[observed]) do
      list[k] = ("%q %d"):format(entry.name, number[entry.monitor])
    end
    out[i] = ("%q: { %s }"):format(observed, table.concat(list, ", "))
  end
  return table.concat(out, ", ")
end

tools.saves(Pool, {
  save = function(pool) return { observed = text_of(links_of(pool, "save")) } end,
  load = function() end,
  check = function(pool, values)
    local now = text_of(tools.links(pool))
    if now == values.observed then return end
    return ("it observes %s, the saved one %s"):format(now, tools.text(values.observed))
  end,
})
