-- Trainers: their cells, monitors and state. Trainers of the library run in C at
-- every step (src/bind/learning/trainer.c, whose units record by themselves); trainers of
-- scripts are classes below CellTrainer or IndependentCellTrainer that have a
-- forward, add monitors (trainer_monitors.lua) and go over self:units().
local snn, _, tools = ...

local fail = tools.fail

--- The base of all trainers.
--- ```lua
--- local layer = snn.Serial { connection = snn.LinearDense { in_shape = 2, out_shape = 1,
---   step_time = 1, synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 20 } },
---   neuron = snn.ExactNeuron { shape = 1, step_time = 1, rest_v = -60, thresh_v = -59 } }
--- layer.connection.updater = layer.connection:defaultupdater()
--- local trainer = snn.CellTrainer()
--- trainer:add_cell("cell", layer.cell, {}, { "weight" })
--- trainer:add_monitor("cell", "spikes", "neuron.spike", snn.StateMonitor.partialconstructor {
---   reducer = snn.PassthroughReducer { step_time = 1, duration = 3 } })
--- layer(snn.tensor { { true, true } })
--- print(trainer:get_monitor("cell", "spikes"):peek())
--- ```
---@class snn.CellTrainer: snn.Module
local Trainer = snn.CellTrainer

-- A unit of a script's trainer: one trainer on one cell.
local CellUnit = snn.class "CellUnit"

-- Scripts see the arguments of the library's trainers as they hold now
-- (settings.lua); the state of their own is theirs.
local function state_of(unit) return unit.view or unit.state end

local function links_of(trainer, where) return tools.links(trainer, Trainer, where) end

-- ------------------------------------------------------------- units

-- The monitors of a unit itself; those that scripts add are in the trainer's
-- pool (trainer_monitors.lua).
local function monitor_names(unit)
  return tools.links(unit).is_free and {} or tools.unit_monitors(unit)
end

local function monitor_of(unit, name)
  local links = tools.links(unit)
  if not links.monitors[name] and not links.is_free then
    links.monitors[name] = tools.unit_monitor(unit, name)
  end
  return links.monitors[name]
end

tools.monitor_of_unit = monitor_of

local function get_monitor(trainer, cell, name)
  local links = links_of(trainer, "get_monitor")
  local unit = cell ~= nil and links.unit_map[cell]
  if not unit or type(name) ~= "string" then return nil end
  return monitor_of(unit, name)
end

local function monitors_of(unit)
  local monitors = {}
  for _, name in ipairs(monitor_names(unit)) do monitors[name] = monitor_of(unit, name) end
  return monitors
end

-- What a unit is to scripts: { cell, state, monitors }.
local function describe(trainer, name)
  local unit = tools.links(trainer).unit_map[name]
  local links = tools.links(unit)
  return { cell = links.cell, state = state_of(links), monitors = monitors_of(unit) }
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

tools.find_unit = find

-- ------------------------------------------------------------- cells

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

local function check_new(links, where, name, cell)
  if type(name) ~= "string" then
    fail("TypeError", "%s: 'name' must be a string, got %s", where, tools.describe(name))
  elseif links.unit_map[name] then
    fail("ValueError", "%s: '%s' is already the name of a cell", where, name)
  end
  if type(cell) == "string" then -- two names, as a layer takes them
    fail("TypeError", "%s: 'cell' must be a Cell, got %s (layer:add_cell(\"%s\", \"%s\") gives "
      .. "one)", where, tools.describe(cell), name, cell)
  end
  tools.check_object(cell, snn.Cell, where, "cell")
  if tools.is_dead(cell) then
    fail("RuntimeError", "%s: the cell was deleted from its layer, or its connection or neuron "
      .. "was; register one that layer:add_cell gives", where)
  end
end

-- A call on such a cell would apply what it has recorded last for ever; the same
-- text is in src/bind/learning/trainer_call.h.
local function check_alive(where, name, cell)
  if not tools.is_dead(cell) then return end
  fail("RuntimeError", "%s: the cell '%s' was deleted from its layer, or its connection or neuron "
    .. "was; take it from the trainer too: trainer:del_cell(\"%s\")", where, name, name)
end

local function check_table(where, what, value)
  if value ~= nil and type(value) ~= "table" then
    fail("TypeError", "%s: '%s' must be a table, got %s", where, what, tools.describe(value))
  end
end

-- All trainers that have cells, for lua/snn/show/: a cell does not know who trains it.
tools.trainers = setmetatable({}, { __mode = "k" })

local function put(links, name, unit)
  table.insert(links.unit_names, name)
  links.unit_map[name] = unit
end

local function add_free(links, name, cell, state)
  local unit = CellUnit()
  local own = tools.links(unit)
  own.cell, own.state, own.is_free = cell, state or {}, true
  own.monitors = {}
  put(links, name, unit)
  return own.cell, own.state
end

-- What both change.
local function keep(links) return { links.unit_names, links.unit_map } end

--- Adds a cell under a name, for trainers of scripts.
--- ```lua
--- -- as snn.CellTrainer:
--- print(trainer:get_cell("cell") == layer.cell)
--- ```
---@param name string not taken: ValueError
---@param cell snn.Cell
---@param state? table what the trainer keeps of the cell; absent: an empty table
---@param params? string[] parameters that the cell's updater must have: RuntimeError
---@return snn.Cell cell, table state
function Trainer:add_cell(name, cell, state, params)
  local links = links_of(self, "add_cell")
  check_new(links, "add_cell", name, cell)
  if not tools.is_module(state) then check_table("add_cell", "state", state) end
  check_table("add_cell", "params", params)
  for _, param in ipairs(params or {}) do check_cell("add_cell", cell, param) end
  tools.trainers[self] = true
  return tools.atomic(keep(links), add_free, links, name, cell, state)
end

local function register_free(trainer, name, cell, overrides)
  Trainer.add_cell(trainer, name, cell, overrides)
  return describe(trainer, name)
end

--- Trains a cell under a name. To be replaced by trainers of scripts; as it is,
--- it adds the cell with the overrides as its state.
--- ```lua
--- local layer = snn.Serial { connection = snn.LinearDense { in_shape = 2, out_shape = 1,
---   step_time = 1, synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 20 } },
---   neuron = snn.ExactNeuron { shape = 1, step_time = 1, rest_v = -60, thresh_v = -59 } }
--- layer.connection.updater = layer.connection:defaultupdater()
--- local trainer = snn.STDP { lr_post = 0.01, lr_pre = -0.01, tc_post = 20, tc_pre = 20 }
--- trainer:register_cell("cell", layer.cell, { lr_post = 0.5 })
--- print(trainer:get_unit("cell").state.lr_post)
--- ```
---@param name string not taken: ValueError
---@param cell snn.Cell
---@param overrides? table
---@return table unit { cell, state, monitors }
function Trainer:register_cell(name, cell, overrides)
  check_table("register_cell", "overrides", overrides)
  local links = links_of(self, "add_cell")
  return tools.atomic(keep(links), register_free, self, name, cell, overrides)
end

local function register_unit(trainer, links, name, cell, own_args, rule, param)
  local unit = tools.new_unit(trainer, own_args.state, cell)
  local own = tools.links(unit)
  own.state, own.overrides, own.rule, own.param = own_args.state, own_args.overrides, rule, param
  own.view = tools.view_state(trainer, unit, name)
  own.monitors = {}
  put(links, name, unit)
  local described = describe(trainer, name)
  return tools.start_unit(unit, described)
end

-- The same of the library's trainers: overrides replace their arguments.
local function register_cell(self, name, cell, overrides)
  local links = links_of(self, "register_cell")
  check_new(links, "register_cell", name, cell)
  check_table("register_cell", "overrides", overrides)
  local state, own = {}, {}
  for k, v in pairs(links.args) do state[k] = v end
  for k, v in next, overrides or {} do state[k], own[k] = v, v end
  local rule, param = tools.class_name(self), tools.trained(self, state)
  check_cell("register_cell", cell, param)
  tools.check_state(rule, state, true)
  tools.trainers[self] = true
  return tools.atomic(keep(links), register_unit, self, links, name, cell,
    { state = state, overrides = own }, rule, param)
end

for _, name in ipairs(tools.models.trainer) do
  snn[name].register_cell, snn[name].add_cell = register_cell, register_cell
end

--- The cell and the arguments that hold for it; AttributeError when unknown.
--- ```lua
--- -- as snn.CellTrainer:
--- print(trainer:get_cell("cell").neuron.count)
--- ```
---@param name string
---@return snn.Cell cell, table state
function Trainer:get_cell(name)
  local links = tools.links(find(self, "get_cell", name))
  return links.cell, state_of(links)
end

--- `{ cell, state, monitors }` of a cell; AttributeError when unknown.
--- ```lua
--- -- as snn.CellTrainer:
--- local unit = trainer:get_unit("cell")
--- print(unit.cell == layer.cell, unit.monitors.spikes.registered)
--- ```
---@param name string
---@return table
function Trainer:get_unit(name)
  find(self, "get_unit", name)
  return describe(self, name)
end

local function drop(links, name, unit)
  local own = tools.links(unit)
  own.is_dropped = true
  for i, n in ipairs(links.unit_names) do
    if n == name then
      table.remove(links.unit_names, i)
      break
    end
  end
  links.unit_map[name] = nil
  if not own.is_free then return tools.drop_unit(unit) end
end

--- Trains the cell no longer; AttributeError when unknown.
--- ```lua
--- -- as snn.CellTrainer:
--- trainer:del_cell("cell")
--- print(pcall(trainer.get_cell, trainer, "cell"))
--- ```
---@param name string
function Trainer:del_cell(name)
  local unit, links = find(self, "del_cell", name), links_of(self, "del_cell")
  local list = keep(links)
  list[#list + 1] = tools.links(unit)
  return tools.atomic(list, drop, links, name, unit)
end

-- ------------------------------------------------------------- monitors

--- A monitor of a cell by name, nil when there is none.
--- ```lua
--- -- as snn.CellTrainer:
--- print(trainer:get_monitor("cell", "spikes").attr)
--- ```
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
      return names[i], unit.cell, state_of(unit)
    end
  end
end

local function each_living(trainer, where)
  local step = each_cell(trainer, where)
  return function()
    for name, cell, state in step do
      if not tools.is_dead(cell) then return name, cell, state end
    end
  end
end

--- Iterates over name, cell, state in the order of registration; cells that
--- their layer has deleted are left out.
--- ```lua
--- -- as snn.CellTrainer:
--- for name, cell in trainer:named_cells() do print(name, cell.neuron.count) end
--- ```
function Trainer:named_cells() return each_living(self, "named_cells") end

--- Iterates over cell, state, as named_cells does.
--- ```lua
--- -- as snn.CellTrainer:
--- for cell in trainer:cells() do print(cell.neuron.count) end
--- ```
---@return function iterator
function Trainer:cells()
  local step = each_living(self, "cells")
  return function()
    local name, cell, state = step()
    if name then return cell, state end
  end
end

--- Iterates over cell, state, monitors (by name), for the forward of a script's
--- trainer; cells that are in evaluation mode, cannot be updated or were deleted
--- from their layer are left out.
--- ```lua
--- -- as snn.CellTrainer:
--- for _, _, monitors in trainer:units() do print(monitors.spikes:peek()) end
--- ```
---@return function iterator
function Trainer:units()
  local step = each_living(self, "units")
  return function()
    for name, cell in step do
      if cell.training and cell.connection.updater then
        local unit = self:get_unit(name)
        return unit.cell, unit.state, unit.monitors
      end
    end
  end
end

--- Iterates over cell name, monitor name, monitor; also of cells that their layer
--- has deleted: what was recorded of them can be read, cleared, saved and loaded
--- as long as they are registered.
--- ```lua
--- -- as snn.CellTrainer:
--- for cell, name in trainer:named_monitors() do print(cell, name) end
--- ```
function Trainer:named_monitors()
  local list, i, links = {}, 0, links_of(self, "named_monitors")
  for name in each_cell(self, "named_monitors") do
    for _, monitor in ipairs(monitor_names(links.unit_map[name])) do
      list[#list + 1] = { name, monitor }
    end
  end
  return function()
    i = i + 1
    if list[i] then return list[i][1], list[i][2], get_monitor(self, list[i][1], list[i][2]) end
  end
end

--- Forgets what the monitors have recorded.
--- ```lua
--- -- as snn.CellTrainer:
--- trainer:clear()
--- print(trainer:get_monitor("cell", "spikes"):peek())
--- ```
function Trainer:clear()
  local units = links_of(self, "clear").unit_map
  tools.clear_states(self)
  return tools.clear_units(units)
end

--- Applies the updaters of the trained connections, each once; on an error no
--- parameter has changed. RuntimeError with a cell that its layer has deleted.
--- ```lua
--- -- as snn.CellTrainer:
--- layer.connection.updater.weight.pos = snn.ones(1, 2)
--- local before = layer.connection.weight:clone()
--- trainer:update()
--- print(layer.connection.weight - before)
--- ```
---@param options? { clear: boolean }
function Trainer:update(options)
  local links, done, connections = links_of(self, "update"), {}, {}
  for _, name in ipairs(links.unit_names) do
    local unit = links.unit_map[name]
    local cell = unit and tools.links(unit).cell
    if cell then check_alive("update", name, cell) end
    local connection = cell and cell.connection
    if connection and not done[connection] then
      done[connection] = true
      connections[#connections + 1] = connection
    end
  end
  return tools.update_modules(options, table.unpack(connections))
end

--- What a call of the trainer does; to be replaced.
--- ```lua
--- local Grow = snn.class("Grow", snn.CellTrainer)
--- function Grow:forward()
---   for cell in self:cells() do cell.updater.weight.pos = cell.connection.weight * 0 + 0.5 end
--- end
--- local connection = snn.LinearDirect { shape = 2, step_time = 1,
---   synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 20 } }
--- connection.updater = connection:defaultupdater()
--- local layer = snn.Serial { connection = connection, neuron = snn.ExactNeuron {
---   shape = 2, step_time = 1, rest_v = -60, thresh_v = -59 } }
--- local trainer = Grow()
--- trainer:add_cell("cell", layer.cell, {}, { "weight" })
--- layer(snn.tensor { { true, true } })
--- trainer()
--- print(connection.updater.weight:update(connection.weight))
--- ```
function Trainer:forward()
  fail("RuntimeError", "forward must be implemented: function trainer:forward() ... end")
end

-- ------------------------------------------------------------- state

-- The monitors, so that they are part of the state.
function Trainer:children()
  local list, links = {}, links_of(self, "children")
  for _, name in ipairs(links.unit_names) do
    local unit = links.unit_map[name]
    for _, monitor in ipairs(monitor_names(unit)) do
      list[#list + 1] = { ("cells.%s.%s"):format(name, monitor), monitor_of(unit, monitor) }
    end
  end
  for _, child in ipairs(snn.Module.children(self)) do list[#list + 1] = child end
  return list
end
