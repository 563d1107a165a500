-- Monitors that scripts give to trainers: they lie in a pool, the trainer's
-- field `pool`, and record while the trainer is in training mode.
local snn, _, tools = ...

local Trainer = snn.CellTrainer

local fail, iterate = tools.fail, tools.iterate

-- The pool, made when it is first needed.
local function pool_of(trainer)
  local fields = tools.fields(trainer)
  if not fields.pool then
    trainer.pool = snn.MonitorPool()
    trainer.pool:train(trainer.training)
  end
  return trainer.pool
end

local function observed(trainer, cell)
  local pool = tools.fields(trainer).pool
  if not pool or cell == nil then return nil end
  for name in pool:named_monitors() do
    if name == cell then return pool end
  end
end

local own = {
  get_monitor = Trainer.get_monitor, named_monitors = Trainer.named_monitors,
  get_unit = Trainer.get_unit, del_cell = Trainer.del_cell, clear = Trainer.clear,
}

local function add_to_pool(trainer, object, cell, ...)
  local pool = pool_of(trainer)
  if not tools.links(pool).observed[cell] then pool:add_observed(cell, object) end
  return pool:add_monitor(cell, ...)
end

--- A monitor of a cell: one that has the name there, one that the trainer has
--- for the same cell, attribute, reducer, options and tags, or a new one.
--- ```lua
--- -- as snn.CellTrainer:
--- trainer:add_monitor("cell", "voltage", "neuron.voltage", snn.StateMonitor.partialconstructor {
---   reducer = snn.PassthroughReducer { step_time = 1 } })
--- layer(snn.tensor { { true, false } })
--- print(trainer:get_monitor("cell", "voltage"):peek())
--- ```
---@param cell string the name of a registered cell: AttributeError
---@param name string
---@param attr string a path from the cell: "neuron.voltage", "prespike"
---@param constructor fun(attr: string, module: snn.Module): snn.Monitor
---@param unique? boolean always a new one
---@param tags? table
---@return snn.Monitor
function Trainer:add_monitor(cell, name, attr, constructor, unique, tags)
  tools.check_object(self, Trainer, "add_monitor", "self")
  local object = self:get_cell(cell)
  if type(name) == "string" and own.get_monitor(self, cell, name) then
    fail("RuntimeError", "add_monitor: '%s' is a monitor of the trainer itself", name)
  end
  local list, pool = {}, tools.fields(self).pool
  tools.keep_all(list, self)
  list[#list + 1] = tools.links(self).order
  if pool then
    local links = tools.links(pool)
    table.move({ links.names, links.observed, links.entries }, 1, 3, #list + 1, list)
  end
  return tools.atomic(list, add_to_pool, self, object, cell, name, attr, constructor, unique, tags)
end

--- Takes a monitor away that add_monitor has given; AttributeError when there
--- is none of that name.
--- ```lua
--- -- as snn.CellTrainer:
--- trainer:del_monitor("cell", "spikes")
--- print(trainer:get_monitor("cell", "spikes"))
--- ```
---@param cell string
---@param name string
function Trainer:del_monitor(cell, name)
  tools.check_object(self, Trainer, "del_monitor", "self")
  self:get_cell(cell)
  local pool = observed(self, cell)
  if not pool then
    fail("AttributeError", "del_monitor: '%s' has no monitor '%s' that was added", cell,
      tools.text(name))
  end
  return pool:del_monitor(cell, name)
end

--- A monitor of a cell by name, nil when there is none.
---@param cell string
---@param name string
---@return snn.Monitor?
function Trainer:get_monitor(cell, name)
  local monitor = own.get_monitor(self, cell, name)
  if monitor then return monitor end
  local pool = observed(self, cell)
  return pool and pool:get_monitor(cell, name)
end

--- Iterates over cell name, monitor name, monitor.
---@return function iterator
function Trainer:named_monitors()
  local list = {}
  for cell, name, monitor in own.named_monitors(self) do
    list[#list + 1] = { cell, name, monitor }
  end
  local pool = tools.fields(self).pool
  if pool then
    for cell, name, monitor in pool:named_monitors() do
      list[#list + 1] = { cell, name, monitor }
    end
  end
  return iterate(list)
end

--- Iterates over the monitors, each once.
--- ```lua
--- -- as snn.CellTrainer:
--- for monitor in trainer:monitors() do print(monitor.attr) end
--- ```
---@return function iterator
function Trainer:monitors()
  tools.check_object(self, Trainer, "monitors", "self")
  local list, seen = {}, {}
  for _, _, monitor in Trainer.named_monitors(self) do
    if not seen[monitor] then
      seen[monitor] = true
      list[#list + 1] = { monitor }
    end
  end
  return iterate(list)
end

--- Iterates over name, monitor of one cell; AttributeError when unknown.
--- ```lua
--- -- as snn.CellTrainer:
--- for name, monitor in trainer:named_monitors_of("cell") do print(name, monitor.attr) end
--- ```
---@param cell string
---@return function iterator
function Trainer:named_monitors_of(cell)
  tools.check_object(self, Trainer, "named_monitors_of", "self")
  self:get_cell(cell)
  local list = {}
  for name, monitor_name, monitor in Trainer.named_monitors(self) do
    if name == cell then list[#list + 1] = { monitor_name, monitor } end
  end
  return iterate(list)
end

--- `{ cell, state, monitors }` of a cell; AttributeError when unknown.
---@param name string
---@return table
function Trainer:get_unit(name)
  local unit = own.get_unit(self, name)
  local pool = observed(self, name)
  if pool then
    for monitor_name, monitor in pool:named_monitors_of(name) do
      unit.monitors[monitor_name] = monitor
    end
  end
  return unit
end

local function drop(trainer, pool, name)
  pool:del_observed(name)
  return own.del_cell(trainer, name)
end

--- Trains the cell no longer; AttributeError when unknown.
---@param name string
function Trainer:del_cell(name)
  local pool = tools.fields(self).pool
  if not pool or name == nil or not tools.links(pool).observed[name] then
    return own.del_cell(self, name)
  end
  return tools.atomic(tools.monitors.keep_observed({}, pool, name), drop, self, pool, name)
end

local function clear_both(trainer, pool)
  pool:clear()
  return own.clear(trainer)
end

--- Forgets what the monitors have recorded.
function Trainer:clear()
  tools.check_object(self, Trainer, "clear", "self")
  local pool = tools.fields(self).pool
  if not pool then return own.clear(self) end
  return tools.atomic(tools.monitors.keep_pool({}, pool), clear_both, self, pool)
end
