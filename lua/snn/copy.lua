-- Copies: snn.copy(object), Module:to(dtype), whose reals are float32 or float64, and
-- Module:with(changes), a fresh one of other arguments. A module of the library is made
-- anew from its arguments, one of a script's class from those of the library's class
-- above it and from its fields: no init of a script runs. A copy then takes the state.
-- What trains, watches or hooks the old one stays with it.
local snn, _, tools = ...

---@class snn.Module
local Module = snn.Module

local fail = tools.fail

local IS_REAL <const> = { float32 = true, float64 = true }

-- ------------------------------------------------------------- classes

-- Those of the library.
local OURS <const> = {}
for _, class in pairs(snn) do
  if type(class) == "table" then OURS[class] = true end
end

local function library_class(module)
  for _, class in ipairs(tools.class_line(module)) do
    if OURS[class] then return class end
  end
  return Module
end

local function is_below(module, class)
  for _, above in ipairs(tools.class_line(module)) do
    if rawequal(above, class) then return true end
  end
  return false
end

-- ------------------------------------------------------------- values

local SHAPE <const> = debug.getmetatable(snn.zeros(1).shape) -- of lists of sizes

---The metatable that makes a table more than a list of values; nil: none does.
function tools.metatable(value)
  local meta = debug.getmetatable(value)
  return meta ~= SHAPE and meta or nil
end

local function cast(t, dtype)
  if dtype and IS_REAL[t.dtype] and t.dtype ~= dtype then return t:to(dtype) end
  return t:clone()
end

local copy_of

---A value of a field: modules and tensors copied, in lists of them too.
local function map(value, job)
  if tools.is_module(value) then return copy_of(value, job) end
  if tools.is_tensor(value) then return cast(value, job.dtype) end
  if type(value) ~= "table" or tools.metatable(value) ~= nil then return value end
  local seen = job.tables[value]
  if seen then return seen end
  local out = setmetatable({}, debug.getmetatable(value))
  job.tables[value] = out
  for k, v in next, value do out[k] = map(v, job) end
  return out
end

-- ------------------------------------------------------------- arguments

-- Delays; one that all share stays a number.
local function delays_of(c, job)
  local delay = c.delay
  local one = delay and delay.numel > 1 and tools.distinct(delay)
  if one and one.numel == 1 then return one:item() end
  return delay and cast(delay, job.dtype)
end

-- Of a connection other things than its arguments have their names.
local CONNECTION <const> = {
  bias = function(c) return c.biased end,
  delay = function(c) return c.delayedby end,
  weight_init = function(c, job) return cast(c.weight, job.dtype) end,
  bias_init = function(c, job) return c.bias and cast(c.bias, job.dtype) end,
  delay_init = delays_of,
  synapses = function(c) return tools.keep_synapses(c) end,
  synapse = function(c, job)
    return function() return copy_of(c.synapse, job) end
  end,
}

---The arguments of an object by a list: those of connections by `special`, (module,
---context), others by `read`, (module, name).
local function arguments(module, list, special, read, context)
  if not is_below(module, snn.Connection) then special = {} end
  local args = {}
  for _, argument in ipairs(list) do
    local name = argument.name
    if special[name] then
      args[name] = special[name](module, context)
    else
      args[name] = read(module, name)
    end
  end
  return args
end

-- ------------------------------------------------------------- modules

local function copy_layer(layer, new, job)
  snn.Layer.init(new)
  for name, connection in layer:named_connections() do
    tools.layer_add(new, "connection", name, copy_of(connection, job))
  end
  for name, neuron in layer:named_neurons() do
    tools.layer_add(new, "neuron", name, copy_of(neuron, job))
  end
  for connection, neuron in layer:named_cells() do
    snn.Layer.add_cell(new, connection, neuron)
  end
  tools.copy_layer_links(layer, new)
  tools.copy_connected(layer, new)
end

local function record_args(reducer)
  return { step_time = reducer.dt, duration = reducer.duration, inclusive = reducer.inclusive,
    fill = reducer.fill }
end

-- Of classes in Lua: what an object is as if it were made of.
local CONSTRUCTORS <const> = {
  [snn.RecordReducer] = record_args, [snn.FoldReducer] = record_args,
  [snn.EligibilityTraceReducer] = function(reducer)
    local args = record_args(reducer)
    args.fill, args.time_constant = nil, reducer.time_constant
    args.obs_reshape, args.cond_reshape = reducer.obs_reshape, reducer.cond_reshape
    return args
  end,
}

-- They belong to what they train or watch.
local BOUND <const> = { snn.CellTrainer, snn.Hook, snn.Monitor, snn.MonitorPool, snn.Observable,
  snn.Updater, snn.Cell }

local function check_free(module)
  for _, class in ipairs(BOUND) do
    if is_below(module, class) then
      fail("TypeError", "to: '%s' cannot be copied, it belongs to what it trains or watches: "
        .. "make a new one for the copy", tools.describe(module))
    end
  end
end

---Runs the init of the library's class on the new object.
local function begin(module, new, class, job)
  check_free(module)
  if is_below(module, snn.Layer) then return copy_layer(module, new, job) end
  if CONSTRUCTORS[class] then return class.init(new, CONSTRUCTORS[class](module)) end
  local list = tools.arguments_of(module)
  if list then
    local function read(of, name) return map(of[name], job) end
    local args = arguments(module, list, CONNECTION, read, job)
    if args.dtype then args.dtype = job.dtype or args.dtype end
    return class.init(new, args)
  end
  if class == Module then return Module.init(new) end
  fail("TypeError", "to: '%s' cannot be copied", tools.describe(module))
end

---The script's fields, those that hold modules in their order.
local function copy_fields(module, new, job)
  local fields, there = tools.fields(module), tools.fields(new)
  local is_child = {}
  for _, name in ipairs(tools.links(module).order or {}) do
    local child = fields[name]
    if tools.is_module(child) then
      is_child[name] = true
      new[name] = copy_of(child, job)
    end
  end
  for name, value in next, fields do
    if is_child[name] then goto continue end
    if name == "forward" or name == "update" then
      new[name] = value
    else
      there[name] = map(value, job)
    end
    ::continue::
  end
end

copy_of = function(module, job)
  if job.copies[module] then return job.copies[module] end
  local new = tools.blank(module)
  job.copies[module] = new
  begin(module, new, library_class(module), job)
  copy_fields(module, new, job)
  job.list[#job.list + 1] = { module, new }
  return new
end

-- ------------------------------------------------------------- state

---What the new one takes of a state of the old: by name, in its own dtypes.
local function take_state(old, new, dtype)
  for _, name in ipairs(tools.states(new)) do
    local value, now = old[name], new[name]
    if value ~= nil and (now ~= nil or tools.is_open(new, name)) then
      tools.restore(new, name, cast(value, now and IS_REAL[now.dtype] and now.dtype or dtype))
    end
  end
end

local function finish(job)
  for _, pair in ipairs(job.list) do
    take_state(pair[1], pair[2], job.dtype)
    tools.set_training(pair[2], pair[1].training)
  end
end

---A copy with reals of that dtype, or with those that there are.
local function copy_whole(module, dtype)
  local job = { dtype = dtype, copies = {}, list = {}, tables = {} }
  local new = copy_of(module, job)
  finish(job)
  return new
end

---@param dtype string
local function check_dtype(dtype)
  if type(dtype) ~= "string" then
    tools.wrong_argument("to", "dtype", "'float32' or 'float64'", dtype)
  end
  local name = tools.lower(dtype)
  if not IS_REAL[name] then
    fail("ValueError", "to: 'dtype' must be 'float32' or 'float64', got '%s'", dtype)
  end
  return name
end

--- A copy of this module and of all below it, with reals of that dtype: arguments, state,
--- wiring, modes and a script's fields. It has no updaters, hooks or monitors: those of
--- this one stay here. TypeError with a trainer, monitor, pool or hook below.
--- ```lua
--- -- as snn.Module:
--- print(module:to("float64").factor.dtype)
--- ```
---@param dtype string "float32" or "float64"
---@return snn.Module copy
function Module:to(dtype)
  tools.check_object(self, Module, "to", "self")
  return copy_whole(self, check_dtype(dtype))
end

--- A copy that shares nothing with the object: of a tensor, of a module with all below it
--- and its state as Module:to makes it, of a list or a table of such. What is none of
--- these, a function or a number, comes back itself.
--- ```lua
--- local encoder = snn.LatencyEncoder { steps = 8, step_time = 1 }
--- local other = snn.copy(encoder)
--- other.steps = 4
--- print(encoder.steps, other.steps)
--- ```
---@generic T
---@param object T
---@return T
function snn.copy(object)
  if object == nil then fail("TypeError", "copy: 'object' is missing") end
  if tools.is_module(object) then return copy_whole(object) end
  local job = { copies = {}, list = {}, tables = {} }
  local new = map(object, job)
  finish(job)
  return new
end

-- ------------------------------------------------------------- other arguments

-- Of a connection that is made anew: its synapse is one like that which it has, in the
-- shape that it asks for.
local FRESH <const> = {
  bias = CONNECTION.bias, delay = CONNECTION.delay,
  synapse = function(c, changes)
    return function(shape, step_time, delay, batch_size)
      return c.synapse:with { shape = shape, step_time = step_time, delay = delay,
        batch_size = batch_size, dtype = changes.dtype }
    end
  end,
}

local function given_arguments(module, list, changes)
  local args = arguments(module, list, FRESH, tools.given_argument, changes)
  for _, argument in ipairs(list) do -- what is given in place of another
    if argument.either and changes[argument.either] ~= nil then args[argument.name] = nil end
  end
  for name, value in next, changes do args[name] = value end
  return args
end

--- A fresh one of the same class and arguments but those in `changes`, without state; of a
--- script's class with its fields. What it is given (modules, functions) it shares.
--- ```lua
--- local encoder = snn.LatencyEncoder { steps = 8, step_time = 1 }
--- print(encoder:with({ steps = 20 }).steps)
--- ```
---@param changes table<string, any> by the names of the constructor's arguments
---@return snn.Module
function Module:with(changes)
  tools.check_object(self, Module, "with", "self")
  if type(changes) ~= "table" then
    tools.wrong_argument("with", "changes", "a table of arguments", changes)
  end
  local class = library_class(self)
  local list = rawget(class, "arguments") or tools.arguments_of(self)
  if not list then
    fail("TypeError", "with: '%s' has no arguments of its own", tools.describe(self))
  end
  local new = tools.blank(self)
  class.init(new, given_arguments(self, list, changes))
  if not OURS[tools.class_line(self)[1]] then
    for name, value in next, tools.fields(self) do new[name] = value end
  end
  return new
end
