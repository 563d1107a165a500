-- Module: what is below a module, and the tensors that it holds, to go over.
-- Parameters are what an updater can train (weights, biases, delays), buffers all
-- other state. All iterators yield what was there when they were made.
local snn, load, tools = ...

---@class snn.Module
local Module = snn.Module

local fail = tools.fail

-- ------------------------------------------------------------- modules

-- An iterator over a list of lists, which gives the elements of each.
function tools.iterate(list)
  local i = 0
  return function()
    i = i + 1
    if list[i] then return table.unpack(list[i]) end
  end
end

local iterate = tools.iterate

---All modules, this one first, as { name, module }.
local function modules_of(module, where)
  tools.check_object(module, Module, where, "self")
  local list = {}
  for name, below in Module.named_modules(module) do list[#list + 1] = { name, below } end
  return list
end

--- Iterates over this module and all below it, each once.
--- ```lua
--- -- as snn.Layer:
--- local count = 0
--- for _ in layer:modules() do count = count + 1 end
--- print(count)
--- ```
---@return function iterator
function Module:modules()
  local list = modules_of(self, "modules")
  for i, entry in ipairs(list) do list[i] = { entry[2] } end
  return iterate(list)
end

--- Iterates over name, module of those directly below this one.
--- ```lua
--- -- as snn.Layer:
--- for name in layer:named_children() do print(name) end
--- ```
---@return function iterator
function Module:named_children()
  tools.check_object(self, Module, "named_children", "self")
  local list = {}
  for i, child in ipairs(self:children()) do list[i] = { child[1], child[2] } end
  return iterate(list)
end

-- ------------------------------------------------------------- tensors

---The tensors of the state as { path, tensor }: those that are trained, or the others.
local function tensors_of(module, where, wants_trained)
  local out = {}
  local function add(prefix, name, value)
    if value ~= nil then out[#out + 1] = { prefix .. name, value } end
  end
  for _, entry in ipairs(modules_of(module, where)) do
    local prefix, m = entry[1] == "" and "" or entry[1] .. ".", entry[2]
    local is_trained = {}
    for _, name in ipairs(tools.trainable(m)) do
      is_trained[name] = true
      if wants_trained then add(prefix, name, m[name]) end
    end
    if not wants_trained then
      for _, name in ipairs(tools.states(m)) do
        if not is_trained[name] then add(prefix, name, m[name]) end
      end
      local names, fields = {}, tools.fields(m)
      for name, value in pairs(fields) do
        if type(name) == "string" and tools.is_tensor(value) then names[#names + 1] = name end
      end
      table.sort(names)
      for _, name in ipairs(names) do add(prefix, name, fields[name]) end
    end
  end
  return out
end

local function without_names(list)
  for i, entry in ipairs(list) do list[i] = { entry[2] } end
  return list
end

--- Iterates over dotted path, tensor of all that can be trained here and below: the
--- names are those of state_dict. To change one assign it to its module.
--- ```lua
--- local connection = snn.LinearDirect { shape = 2, step_time = 1, bias = true,
---   synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 2 } }
--- for path in connection:named_parameters() do print(path) end
--- ```
---@return function iterator
function Module:named_parameters()
  return iterate(tensors_of(self, "named_parameters", true))
end

--- Iterates over all tensors that can be trained, here and below, without their paths.
--- ```lua
--- local connection = snn.LinearDirect { shape = 2, step_time = 1,
---   synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 2 } }
--- for tensor in connection:parameters() do print(tensor.shape[1]) end
--- ```
---@return function iterator
function Module:parameters()
  return iterate(without_names(tensors_of(self, "parameters", true)))
end

--- Iterates over dotted path, tensor of all other state here and below.
--- ```lua
--- -- as snn.Module:
--- for path in module:named_buffers() do print(path) end
--- ```
---@return function iterator
function Module:named_buffers()
  return iterate(tensors_of(self, "named_buffers", false))
end

--- Iterates over all tensors of other state, here and below, without their paths.
--- ```lua
--- -- as snn.Module:
--- for tensor in module:buffers() do print(tensor) end
--- ```
---@return function iterator
function Module:buffers()
  return iterate(without_names(tensors_of(self, "buffers", false)))
end

-- ------------------------------------------------------------- text

--- What tostring writes in brackets: the arguments. A script's class may replace it,
--- which gives its objects the text "Name(...)".
--- ```lua
--- local encoder = snn.LatencyEncoder { steps = 8, step_time = 1 }
--- print(encoder:extra_repr())
--- ```
---@return string
function Module:extra_repr()
  tools.check_object(self, Module, "extra_repr", "self")
  return tools.short(self):match("^[%w_]+%((.*)%)$") or ""
end

--- Any value as a text for people (lua/snn/show/), which is read with the first call.
--- `tools.show(value, options)`, also for tostring of objects.
function tools.show(...)
  tools.show = load "snn.show.show"
  return tools.show(...)
end

--- "LIF(shape={3}, ...)", for one line; the name alone of what has no such text.
function tools.short(object)
  local name = debug.getmetatable(object).__name
  for _, class in ipairs(tools.class_line(object)) do
    local write = rawget(class, "__tostring")
    if write then return (tools.plain(write(object)):gsub("^[%w_]+", name, 1)) end
  end
  return name
end

-- For the text of objects (lua/snn/show/object.lua).
tools.extra_repr = Module.extra_repr

-- Of a class that replaces it, and of no other.
function tools.repr(module, name)
  local extra = module:extra_repr()
  if type(extra) ~= "string" then
    fail("TypeError", "extra_repr: a string must be returned, got %s", tools.describe(extra))
  end
  return ("%s(%s)"):format(name, extra)
end
