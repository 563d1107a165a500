-- The arguments of the library's trainers once these are made: fields of a
-- trainer reach all its cells without an override of their own, `trainer:set`
-- changes the overrides of a cell. All is checked first, then taken over in C
-- (src/bind/learning/settings.c) as a whole.
local snn, _, tools = ...


local fail = tools.fail

-- ------------------------------------------------------------- changes

local function copy(t)
  local out = {}
  for k, v in next, t do out[k] = v end
  return out
end

-- The value of an argument: snn.none is its absence.
local function given(rule, name, value)
  if value == nil then
    tools.wrong_argument(rule, name, "a value, or snn.none as if it was never given", nil)
  end
  if value == snn.none then return nil end
  return value
end

-- What holds for a cell.
local function merged(args, overrides)
  local state = copy(args)
  for k, v in next, overrides do state[k] = v end
  return state
end

-- Appends how a unit is with these arguments, checked.
local function append(list, trainer, unit, args, overrides)
  local links = tools.links(unit)
  local state = merged(args, overrides)
  local struct = tools.check_settings(trainer, state)
  tools.check_state(links.rule, state, true)
  if tools.trained(trainer, state) ~= links.param then
    fail("AttributeError", "%s: what a cell is trained in cannot be changed; take it out and "
      .. "register it again: trainer:del_cell, trainer:register_cell", links.rule)
  end
  for _, value in ipairs { unit, state, overrides, struct } do list[#list + 1] = value end
end

--- trainer[name] = value.
function tools.set_argument(trainer, name, value)
  local links, rule = tools.links(trainer), tools.class_name(trainer)
  local args, list = copy(links.args), {}
  args[name] = given(rule, name, value)
  local struct = tools.check_settings(trainer, args)
  tools.check_state(rule, args, false)
  for _, cell in ipairs(links.unit_names) do
    local unit = links.unit_map[cell]
    local overrides = tools.links(unit).overrides
    if overrides[name] == nil then append(list, trainer, unit, args, overrides) end
  end
  return tools.commit_settings(trainer, list, name, args, struct)
end

local function check_changes(name, changes)
  if type(changes) ~= "table" then
    fail("TypeError", "set: the arguments of the cell '%s' come in one table of names, got %s",
      name, tools.describe(changes))
  end
end

local function set(self, name, changes)
  tools.check_object(self, snn.IndependentCellTrainer, "set", "self")
  local unit = tools.find_unit(self, "set", name)
  check_changes(name, changes)
  local links, rule, names = tools.links(unit), tools.class_name(self), {}
  local overrides, list = copy(links.overrides), {}
  for key, value in next, changes do
    if type(key) == "string" then tools.unit_argument(unit, key) end
    overrides[key], names[#names + 1] = given(rule, key, value), tools.text(key)
  end
  if #names == 0 then return end
  append(list, self, unit, tools.links(self).args, overrides)
  table.sort(names)
  return tools.commit_settings(self, list, table.concat(names, "', '"))
end

--- Lets these overrides, and no others, hold for a cell.
function tools.set_overrides(trainer, name, overrides)
  local list = {}
  append(list, trainer, tools.find_unit(trainer, "load", name), tools.links(trainer).args,
    overrides)
  return tools.commit_settings(trainer, list, name)
end

for _, name in ipairs(tools.models.trainer) do
  --- Changes arguments of one cell, from the next step on; what was recorded
  --- stays. snn.none takes an override back: the trainer's own value holds.
  ---@param self snn.CellTrainer
  ---@param name string of a registered cell: AttributeError
  ---@param changes table arguments as in register_cell
  snn[name].set = set
end

-- ------------------------------------------------------------- views

local function names_of(trainer)
  local names = {}
  for i, argument in ipairs(snn[tools.class_name(trainer)].arguments) do
    names[i] = argument.name
  end
  return names
end

local function refuse(rule, cell, key)
  fail("AttributeError", "%s: the state of a cell cannot be assigned; set it by "
    .. 'trainer:set("%s", { %s = … })', rule, cell, tools.text(key))
end

--- The state of a cell as scripts see it: reads what holds now.
function tools.view_state(trainer, unit, cell)
  local links, rule = tools.links(unit), tools.class_name(trainer)
  local names = names_of(trainer)
  local function read(_, key)
    return tools.unit_argument(unit, tools.text(key), links.state[key])
  end
  local function each(view, key)
    local i = 0
    while key ~= nil and names[i] ~= key do i = i + 1 end
    repeat i = i + 1 until names[i] == nil or view[names[i]] ~= nil
    return names[i], names[i] and view[names[i]]
  end
  local view = setmetatable({}, {
    __name = "state", __metatable = false, __index = read,
    __newindex = function(_, key) refuse(rule, cell, key) end,
    __pairs = function(view) return each, view, nil end,
  })
  tools.proxies[view] = function() return each, view, nil end
  return view
end

--- The error of a name that no argument has.
function tools.unknown_state(unit, key)
  local rule = tools.links(unit).rule
  local names = names_of(tools.links(unit).trainer)
  local nearest = tools.nearest(key, names)
  fail("AttributeError", "%s: there is no argument '%s'%s", rule, key,
    nearest and (" (did you mean '%s'?)"):format(nearest) or "")
end

