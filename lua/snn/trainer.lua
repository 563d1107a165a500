-- Trainers: their cells, monitors and state. The call at every step is in C
-- (src/bind/trainer.c), but for reductions of the batch that need the updates
-- of all samples side by side.
local snn, _, tools = ...

local function fail(kind, text, ...)
  error(snn.Error(kind, text:format(...)), 0)
end

---@class snn.IndependentCellTrainer: snn.Module
local Trainer = snn.IndependentCellTrainer

-- Scripts see copies of a cell's arguments.
local function copy(state)
  local out = {}
  for k, v in pairs(state) do out[k] = v end
  return out
end

local function links_of(trainer, where) return tools.links(trainer, Trainer, where) end

local function get_monitor(trainer, cell, name)
  local links = links_of(trainer, "get_monitor")
  local unit = cell ~= nil and links.unit_map[cell]
  if not unit or type(name) ~= "string" then return nil end
  local made = tools.links(unit).monitors
  if not made[name] then made[name] = tools.unit_monitor(unit, name) end
  return made[name]
end

-- What a unit is to scripts: { cell, state, monitors }.
local function describe(trainer, name)
  local unit = tools.links(trainer).unit_map[name]
  local links = tools.links(unit)
  local monitors = {}
  for _, monitor in ipairs(tools.unit_monitors(unit)) do
    monitors[monitor] = get_monitor(trainer, name, monitor)
  end
  return { cell = links.cell, state = copy(links.state), monitors = monitors }
end

local function find(trainer, where, name)
  local links = links_of(trainer, where)
  local unit = name ~= nil and links.unit_map[name]
  if unit then return unit end
  local text = tools.text(name)
  local nearest = tools.nearest(text, links.unit_names)
  fail("AttributeError", "%s: '%s' is not the name of a registered cell%s", where, text,
    nearest and (" (did you mean '%s'?)"):format(nearest) or "")
end

local function check_cell(where, cell, param)
  local updater = cell.connection.updater
  if updater == nil then
    fail("RuntimeError", "%s: the cell cannot be updated: give its connection an updater "
      .. "(connection.updater = connection:defaultupdater())", where)
  end
  for _, name in ipairs(updater.names) do
    if name == param then return end
  end
  fail("RuntimeError", "%s: the cell does not have the parameter '%s' that is trained", where,
    param)
end

--- Trains a cell under a name; overrides replace arguments of the trainer.
---@param name string not taken: ValueError
---@param cell snn.Cell whose connection has an updater: RuntimeError
---@param overrides? table
---@return table unit { cell, state, monitors }
function Trainer:register_cell(name, cell, overrides)
  local links = links_of(self, "register_cell")
  if type(name) ~= "string" then
    fail("TypeError", "register_cell: 'name' must be a string, got %s", tools.describe(name))
  elseif links.unit_map[name] then
    fail("ValueError", "register_cell: '%s' is already the name of a cell", name)
  elseif overrides ~= nil and type(overrides) ~= "table" then
    fail("TypeError", "register_cell: 'overrides' must be a table, got %s",
      tools.describe(overrides))
  end
  tools.check_object(cell, snn.Cell, "register_cell", "cell")
  check_cell("register_cell", cell, tools.trained(self))
  local state = {}
  for k, v in pairs(links.args) do state[k] = v end
  for k, v in next, overrides or {} do state[k] = v end
  local unit = tools.new_unit(self, state, cell)
  tools.links(unit).state = state
  tools.links(unit).monitors = {}
  table.insert(links.unit_names, name)
  links.unit_map[name] = unit
  return describe(self, name)
end

Trainer.add_cell = Trainer.register_cell

--- The cell and the arguments that hold for it; AttributeError when unknown.
---@param name string
---@return snn.Cell cell, table state
function Trainer:get_cell(name)
  local links = tools.links(find(self, "get_cell", name))
  return links.cell, copy(links.state)
end

--- `{ cell, state, monitors }` of a cell; AttributeError when unknown.
---@param name string
---@return table
function Trainer:get_unit(name)
  find(self, "get_unit", name)
  return describe(self, name)
end

--- Trains the cell no longer; AttributeError when unknown.
---@param name string
function Trainer:del_cell(name)
  local unit, links = find(self, "del_cell", name), links_of(self, "del_cell")
  tools.drop_unit(unit)
  tools.links(unit).is_dropped = true
  links.unit_map[name] = nil
  for i, n in ipairs(links.unit_names) do
    if n == name then return table.remove(links.unit_names, i) and nil end
  end
end

--- A monitor of a cell by name, nil when there is none.
---@param cell string
---@param name string
---@return snn.StateMonitor?
function Trainer:get_monitor(cell, name) return get_monitor(self, cell, name) end

local function each_cell(trainer, where)
  local links, i = links_of(trainer, where), 0
  local names = table.move(links.unit_names, 1, #links.unit_names, 1, {})
  return function()
    i = i + 1
    while names[i] and not links.unit_map[names[i]] do i = i + 1 end
    if names[i] then
      local unit = tools.links(links.unit_map[names[i]])
      return names[i], unit.cell, copy(unit.state)
    end
  end
end

--- Iterates over name, cell, state in the order of registration.
function Trainer:named_cells() return each_cell(self, "named_cells") end

--- Iterates over cell name, monitor name, monitor.
function Trainer:named_monitors()
  local list, i, links = {}, 0, links_of(self, "named_monitors")
  for name in each_cell(self, "named_monitors") do
    for _, monitor in ipairs(tools.unit_monitors(links.unit_map[name])) do
      list[#list + 1] = { name, monitor }
    end
  end
  return function()
    i = i + 1
    if list[i] then return list[i][1], list[i][2], get_monitor(self, list[i][1], list[i][2]) end
  end
end

--- Forgets what the monitors have recorded.
function Trainer:clear()
  for _, unit in pairs(links_of(self, "clear").unit_map) do tools.clear_unit(unit) end
end

--- Applies the updaters of the trained connections, each once; on an error no
--- parameter has changed.
---@param options? { clear: boolean }
function Trainer:update(options)
  local done, connections = {}, {}
  for _, cell in each_cell(self, "update") do
    local connection = cell.connection
    if not done[connection] then
      done[connection] = true
      connections[#connections + 1] = connection
    end
  end
  tools.update_modules(options, table.unpack(connections))
end

-- ------------------------------------------------------------- other reductions

local NAMED = {
  max = function(t, dim) return t:amax(dim) end,
  min = function(t, dim) return t:amin(dim) end,
}

-- The terms of a pair rule with the updates of all samples side by side.
local REDUCED = {}

function REDUCED.STDP(connection, state, reduce, peek)
  local dtype = connection.dtype
  local function pre(name) return connection:presyn_receptive(peek(name):to(dtype)) end
  local function post(name) return connection:postsyn_receptive(peek(name):to(dtype)) end
  local at_post = (post "spike_post" * pre "trace_pre"):sum(-1)
  local at_pre = (pre "spike_pre" * post "trace_post"):sum(-1)
  local of_post, of_pre = reduce(at_post), reduce(at_pre)
  local up, down = state.lr_post >= 0, state.lr_pre >= 0
  if up and down then return of_post + of_pre, nil end
  if not up and not down then return nil, of_post + of_pre end
  if up then return of_post, of_pre end
  return of_pre, of_post
end

-- What a reduction gives must be as the parameter, whose samples it has joined.
local function checked(rule, result, like)
  if not tools.is_tensor(result) then
    fail("TypeError", "%s: 'batch_reduction' must return a tensor, got %s", rule,
      tools.describe(result))
  end
  local got, want = table.concat(result.shape, ", "), table.concat(like.shape, ", ")
  if got ~= want then
    fail("ValueError", "%s: 'batch_reduction' must return a tensor of shape (%s), got (%s)", rule,
      want, got)
  end
  return result
end

--- The terms of a unit, { pos, neg }, either of which may be nil.
function tools.reduce_unit(unit, rule)
  local links = tools.links(unit)
  local connection = links.cell.connection
  local given = links.state.batch_reduction
  local function reduce(t)
    return checked(rule, (NAMED[given] or given)(t, 1), connection.weight)
  end
  return { REDUCED[rule](connection, links.state, reduce, function(name)
    return tools.unit_monitor(unit, name):peek()
  end) }
end
