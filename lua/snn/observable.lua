-- Observable: what monitors watch by names of its own, which its basis, a module,
-- knows by others. Pools share a monitor where these are the same. A cell is such a
-- thing, its layer the basis.
local snn, _, tools = ...

local fail = tools.fail

--- The parent of scripts' observables: `local_remap(attr)` of its class gives what the
--- method `realign` of the basis makes a path of, from the basis.
--- ```lua
--- local Pair = snn.class "Pair" -- two groups; a view sees one of them
--- function Pair:init() snn.Module.init(self) end
--- function Pair:path_of(side, attr) return side .. "." .. attr end
--- local View = snn.class("View", snn.Observable)
--- function View:local_remap(attr) return attr == "v" and "voltage" or attr end
--- local pair = Pair()
--- pair.left = snn.ExactNeuron { shape = 2, step_time = 1, rest_v = -60, thresh_v = -50 }
--- local observable = View { basis = pair, realign = "path_of", realign_args = { "left" } }
--- print(observable:realign_attribute "v")
--- ```
---@class snn.Observable: snn.Module
---@field basis snn.Module the module whose parts are watched, from which paths begin
---@field realign string the name of the basis's method that makes a path of what local_remap gives
---@field realign_args table what that method is called with in front, a copy of the list
--- Those that were added, by name; a new table.
--- ```lua
--- -- as snn.Observable:
--- observable:add_monitor("trace", "v", snn.StateMonitor.partialconstructor {
---   reducer = snn.PassthroughReducer { step_time = 1 } })
--- print(next(observable.monitors))
--- ```
---@field monitors table<string, snn.Monitor>
snn.Observable = snn.class "Observable"
local Observable = snn.Observable
Observable.__optional = {}

local function own_of(observable, where)
  local own = tools.links(observable, Observable, where).observable
  if not own then fail("RuntimeError", "%s: the observable is not finished", where) end
  return own
end

local ARGUMENTS = {
  { "basis", tools.is_module, true },
  { "realign", function(v) return type(v) == "string", "the name of a method" end, true },
  { "realign_args", function(v) return type(v) == "table", "a list" end },
}

---What is kept of the arguments; AttributeError where the basis has no such method.
local function take(args)
  tools.hooks.check_args("Observable", args, ARGUMENTS)
  local has, method = pcall(function() return args.basis[args.realign] end)
  if not has or type(method) ~= "function" then
    fail("AttributeError", "Observable: 'basis' has no method '%s'", args.realign)
  end
  local list = args.realign_args or {}
  return { basis = args.basis, realign = args.realign,
    realign_args = table.move(list, 1, #list, 1, {}) }
end

Observable.__get = {
  monitors = function(observable)
    own_of(observable, "monitors")
    return tools.cell_monitors(observable)
  end,
}
Observable.__set = {}
for _, argument in ipairs(ARGUMENTS) do
  local name = argument[1]
  Observable.__get[name] = function(observable)
    local value = own_of(observable, name)[name]
    return type(value) == "table" and table.move(value, 1, #value, 1, {}) or value
  end
  Observable.__set[name] = function(observable, value)
    local args = {}
    for key, now in next, own_of(observable, name) do args[key] = now end
    args[name] = value
    tools.links(observable).observable = take(args)
  end
end

---@param args { basis: snn.Module, realign: string, realign_args?: table } the method is
---  called as basis:realign(realign_args..., what local_remap gives...)
function Observable:init(args)
  snn.Module.init(self)
  tools.links(self).observable = take(args)
end

--- What a path from here is to the basis; to be replaced. RuntimeError where it is not.
--- ```lua
--- -- as snn.Observable:
--- print(observable:local_remap "v", observable:local_remap "spike")
--- ```
---@param attr string
---@return any ...
function Observable:local_remap(attr) -- luacheck: no unused args
  own_of(self, "local_remap")
  fail("RuntimeError",
    "local_remap must be implemented: function MyObservable:local_remap(attr) ... end")
end

local function check_attr(where, attr)
  if type(attr) ~= "string" then tools.wrong_argument(where, "attr", "a string", attr) end
end

--- A path from here as one from the basis: what its method `realign` makes of it.
--- TypeError: that gave no string.
--- ```lua
--- -- as snn.Observable:
--- print(observable:realign_attribute "spike")
--- ```
---@param attr string
---@return string
function Observable:realign_attribute(attr)
  local own = own_of(self, "realign_attribute")
  check_attr("realign_attribute", attr)
  local args = table.move(own.realign_args, 1, #own.realign_args, 1, {})
  for _, value in ipairs { self:local_remap(attr) } do args[#args + 1] = value end
  local path = own.basis[own.realign](own.basis, table.unpack(args))
  if type(path) ~= "string" then
    fail("TypeError", "realign_attribute: '%s' of the basis must return a string, got %s",
      own.realign, tools.describe(path))
  end
  return path
end

--- Makes a monitor on the basis, of a path from here.
--- ```lua
--- -- as snn.Observable:
--- local monitor = observable:add_monitor("trace", "v", snn.StateMonitor.partialconstructor {
---   reducer = snn.PassthroughReducer { step_time = 1 } })
--- print(monitor.attr)
--- ```
---@param name string
---@param attr string
---@param constructor fun(attr: string, module: snn.Module): snn.Monitor
---@return snn.Monitor
function Observable:add_monitor(name, attr, constructor)
  local own = own_of(self, "add_monitor")
  return tools.add_monitor(self, own.basis, name, attr, self:realign_attribute(attr), constructor)
end

local IS_PLAIN <const> = { number = true, string = true, boolean = true }

-- The method of the basis, and those of its arguments that a file can hold.
tools.saves(Observable, {
  save = function(observable)
    local own = own_of(observable, "save")
    local values = { realign = own.realign, realign_args = #own.realign_args }
    for i, value in ipairs(own.realign_args) do
      local is_kept = IS_PLAIN[type(value)] or tools.is_tensor(value)
      values["realign_args." .. i] = is_kept and value or nil
    end
    return values
  end,
  load = function(observable, values)
    local own, list = tools.links(observable).observable, {}
    if math.type(values.realign_args) ~= "integer" or values.realign_args < 0 then
      fail("ValueError", "Observable: the saved 'realign_args' must be a whole number")
    end
    for i = 1, values.realign_args do
      list[i] = values["realign_args." .. i]
      if list[i] == nil then list[i] = own.realign_args[i] end
      if list[i] == nil then
        fail("ValueError", "Observable: of the saved 'realign_args' number %d is missing", i)
      end
    end
    tools.links(observable).observable = take { basis = own.basis, realign = values.realign,
      realign_args = list }
  end,
})

-- For pools: the module that a monitor of the object watches, the path from it, and that
-- by which pools tell whether two watch the same.
function tools.observed(object, attr)
  local own = tools.links(object).observable
  if not own then return object, attr, nil end
  local path = object:realign_attribute(attr)
  return own.basis, path, path
end

-- ------------------------------------------------------------- cells

--- A connection and the neurons that it drives: what a trainer trains.
--- ```lua
--- local layer = snn.Serial { connection = snn.LinearDense { in_shape = 2, out_shape = 1,
---   step_time = 1, synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 20 } },
---   neuron = snn.ExactNeuron { shape = 1, step_time = 1, rest_v = -60, thresh_v = -59 } }
--- layer.connection.updater = layer.connection:defaultupdater()
--- local cell = layer.cell
--- layer(snn.tensor { { true, false } })
--- print(cell.prespike, cell.postspike)
--- ```
---@class snn.Cell
local Cell = snn.Cell

-- What a field of a cell is called below its parts.
local FIELDS <const> = {
  synapse = "connection.synapse", updater = "connection.updater",
  precurrent = "connection.syncurrent", prespike = "connection.synspike",
  postvoltage = "neuron.voltage", postspike = "neuron.spike",
}

---The path with the cell's own fields replaced.
function tools.cell_path(attr)
  local first, rest = attr:match("^([^.]*)(.*)$")
  return (FIELDS[first] or first) .. rest
end

--- "connection", "neuron" or "cell", and the path from there.
--- ```lua
--- -- as snn.Cell:
--- print(cell:local_remap("postspike"))
--- ```
---@param attr string a path from the cell
---@return string target, string attr
function Cell:local_remap(attr)
  tools.check_object(self, Cell, "local_remap", "self")
  check_attr("local_remap", attr)
  local first, rest = tools.cell_path(attr):match("^([^.]*)%.?(.*)$")
  if first == "connection" or first == "neuron" then return first, rest end
  if attr ~= "" and self[first] == nil then
    fail("AttributeError", "local_remap: the cell has no field '%s'", first)
  end
  return "cell", attr
end

--- A path from the cell as one from its layer: "connections.enc.weight". RuntimeError of
--- a cell that its layer has deleted.
--- ```lua
--- -- as snn.Cell:
--- print(cell:realign_attribute("postspike"))
--- ```
---@param attr string
---@return string
function Cell:realign_attribute(attr)
  tools.check_object(self, Cell, "realign_attribute", "self")
  local target, path = self:local_remap(attr)
  local connection, neuron = tools.cell_names(self)
  if not connection then
    fail("RuntimeError", "realign_attribute: the cell was deleted from its layer, or its "
      .. "connection or neuron was")
  end
  local start = ("cells.%s.%s"):format(connection, neuron)
  if target == "connection" then start = "connections." .. connection end
  if target == "neuron" then start = "neurons." .. neuron end
  return path == "" and start or start .. "." .. path
end
