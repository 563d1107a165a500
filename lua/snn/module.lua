-- Module: the part of every module that is the same in Lua: modes, children,
-- hooks, state. Children are the module-valued fields, first those of the class
-- in C (a connection's synapse), then the script's, in the order in which they
-- were set; a class whose children are not fields has a method `children`.
local snn, _, tools = ...

--- What all classes of the library and of scripts are below: a thing with fields, modules
--- among them, whose calls run its forward and hooks. Tensors in fields are its state, which
--- state_dict, snn.save and copies know.
--- ```lua
--- local Scale = snn.class("Scale")
--- function Scale:init(factor)
---   snn.Module.init(self)
---   self.factor = snn.tensor { factor }
--- end
--- function Scale:forward(x) return x * self.factor end
--- local module = Scale(3)
--- print(module(snn.tensor { 1, 2 }))
--- ```
---@class snn.Module
local Module = snn.Module

local fail = tools.fail

-- ------------------------------------------------------------- children

--- The modules directly below this one.
--- ```lua
--- -- as snn.Layer:
--- for _, child in ipairs(layer:children()) do print(child[1]) end
--- ```
---@return table list of { name, module }
function Module:children()
  local list = {}
  for _, name in ipairs(tools.children(self)) do
    local child = self[name]
    if child ~= nil then list[#list + 1] = { name, child } end
  end
  local fields = tools.fields(self)
  for _, name in ipairs(tools.links(self).order or {}) do
    local child = fields[name] -- nil where memory was short when it was set
    if tools.is_module(child) then list[#list + 1] = { name, child } end
  end
  return list
end

-- What a module's method `children` returns: a script may have written it.
local function children_of(module)
  local list = module:children()
  if type(list) ~= "table" then
    fail("TypeError", "children: a list is wanted, got %s", tools.describe(list))
  end
  for i, child in ipairs(list) do
    if type(child) ~= "table" or type(child[1]) ~= "string" or not tools.is_module(child[2]) then
      fail("TypeError", "children: entry %d must be { name, module }", i)
    end
  end
  return list
end

tools.children_of = children_of

local function collect(module, name, list, seen)
  if seen[module] then return end
  seen[module] = true
  list[#list + 1] = { name, module }
  for _, child in ipairs(children_of(module)) do
    collect(child[2], name == "" and child[1] or name .. "." .. child[1], list, seen)
  end
end

local function all_modules(module, where)
  tools.check_object(module, Module, where, "self")
  local list = {}
  collect(module, "", list, {})
  return list
end

-- A connection calls its synapse, which may be a script's.
local function scripted_child(module)
  for _, name in ipairs(tools.children(module)) do
    local child = module[name]
    if child ~= nil and tools.is_scripted(child) then return child end
  end
end

-- For tools.atomic, which goes back to what objects were (src/bind/object/atomic.c):
-- a list of modules whose methods a composite call is about to run, and where
-- one is a script's all that is below it.
function tools.keep(modules)
  local is_scripted, list = tools.is_scripted, modules
  for i = 1, #modules do
    local from = is_scripted(modules[i]) and modules[i] or scripted_child(modules[i])
    if from then
      if list == modules then list = table.move(modules, 1, #modules, 1, {}) end
      for _, entry in ipairs(all_modules(from, "children")) do list[#list + 1] = entry[2] end
    end
  end
  return list
end

-- Adds a module and its tables, for who changes links and fields.
function tools.keep_all(list, module)
  table.move({ module, tools.links(module), tools.fields(module) }, 1, 3, #list + 1, list)
end

--- Iterates over this module (named "") and all below it, each once:
--- `for name, module in m:named_modules() do`. Names are dotted paths.
--- ```lua
--- -- as snn.Layer:
--- for path in layer:named_modules() do print(path) end
--- ```
---@return function iterator
function Module:named_modules()
  local list, i = all_modules(self, "named_modules"), 0
  return function()
    i = i + 1
    if list[i] then return list[i][1], list[i][2] end
  end
end

--- Calls `fn(module)` on all modules below this one and at last on itself.
--- ```lua
--- -- as snn.Module:
--- module:apply(function(each) print(each.training) end)
--- ```
---@param fn fun(module: snn.Module)
---@return snn.Module self
function Module:apply(fn)
  tools.check_object(self, Module, "apply", "self")
  if type(fn) ~= "function" then
    fail("TypeError", "apply: 'fn' must be a function, got %s", tools.describe(fn))
  end
  local list = all_modules(self, "apply")
  for i = #list, 1, -1 do fn(list[i][2]) end
  return self
end

-- ------------------------------------------------------------- modes

--- Sets training mode (true by default) or evaluation mode, here and below.
--- ```lua
--- -- as snn.Module:
--- module:train(false)
--- print(module.training)
--- ```
---@param mode? boolean
---@return snn.Module self
function Module:train(mode)
  if mode == nil then mode = true end
  if type(mode) ~= "boolean" then
    fail("TypeError", "train: 'mode' must be true or false, got %s", tools.describe(mode))
  end
  return tools.set_mode(all_modules(self, "train"), mode, self)
end

--- The same as train(false).
--- ```lua
--- -- as snn.Module:
--- print(module:eval().training)
--- ```
---@return snn.Module self
function Module:eval()
  tools.check_object(self, Module, "eval", "self")
  return self:train(false)
end

--- States that its class declares begin anew.
--- ```lua
--- -- as snn.Layer:
--- layer { enc = snn.ones(1, 3):gt(0) }
--- layer:clear()
--- print(layer.neurons.out.voltage)
--- ```
function Module:clear() return tools.clear_states(self) end

-- ------------------------------------------------------------- hooks

-- Lists of hooks are replaced, never changed, so that a hook may remove itself.
local function without(list, hook)
  local out = {}
  for _, h in ipairs(list or {}) do
    if h ~= hook then out[#out + 1] = h end
  end
  return out
end

local function with(list, hook, first)
  local out = without(list, hook)
  table.insert(out, first and 1 or #out + 1, hook)
  return out
end

-- A handle has no fields: what it stands for lies here, handle -> { module, place,
-- hook }.
local handles = setmetatable({}, { __mode = "k" })

--- What registering a hook gives: it takes the hook off again.
--- ```lua
--- local neuron = snn.ExactNeuron { shape = 1, step_time = 1, rest_v = -60, thresh_v = -50 }
--- local handle = neuron:register_forward_hook(function() print "called" end)
--- neuron(snn.ones(1, 1))
--- handle:remove()
--- ```
---@class snn.Handle
local Handle = {}
Handle.__index = Handle
Handle.__name = "snn.Handle"
Handle.__metatable = false

--- Takes the hook off its module; a second time does nothing.
--- ```lua
--- local neuron = snn.ExactNeuron { shape = 1, step_time = 1, rest_v = -60, thresh_v = -50 }
--- local handle = neuron:register_forward_hook(function() print "called" end)
--- neuron(snn.ones(1, 1))
--- handle:remove()
--- neuron(snn.ones(1, 1)) -- says nothing
--- ```
function Handle:remove()
  local of = handles[self]
  if not of then
    fail("TypeError", "remove: 'self' must be a handle, got %s (call it as handle:remove())",
      tools.describe(self))
  end
  local list = without(tools.links(of.module)[of.place], of.hook)
  return tools.set_hooks(of.module, of.place, list)
end

-- Functions of the library that take no arguments: an update whose hooks are all
-- of these is no call of the updater.
local bare = setmetatable({}, { __mode = "k" })
function tools.mark_bare(fn) bare[fn] = true end

--- The hook of a handle runs another function from now on, in its place.
function tools.change_hook(handle, fn)
  local of = handles[handle]
  local hook, list = { fn = fn, is_bare = bare[fn] }, {}
  for i, h in ipairs(tools.links(of.module)[of.place] or {}) do
    list[i] = h == of.hook and hook or h
  end
  of.hook = hook
  return tools.set_hooks(of.module, of.place, list)
end

--- For tools.atomic: what that changes besides its module.
function tools.keep_handle(list, handle) list[#list + 1] = handles[handle] end

-- Those with a rank in the order and, where it can be, at the place that it says,
-- the others around them as they were.
local function by_rank(list)
  local ranked, others, out = {}, {}, {}
  for _, hook in ipairs(list) do
    local to = hook.rank and ranked or others
    to[#to + 1] = hook
  end
  table.sort(ranked, function(a, b) return a.rank < b.rank end)
  local r, o = 1, 1
  for place = 1, #list do
    local hook = ranked[r]
    if hook and (hook.rank <= place or not others[o]) then
      out[place], r = hook, r + 1
    else
      out[place], o = others[o], o + 1
    end
  end
  return out
end

tools.by_rank = by_rank

--- For snn.save: the rank of a handle's hook among those of its module.
function tools.hook_rank(handle)
  local of = handles[handle]
  for i, hook in ipairs(tools.links(of.module)[of.place] or {}) do
    if hook == of.hook then return i end
  end
end

--- For snn.load: the hook of a handle has that rank, once all hooks have theirs.
function tools.rank_hook(handle, rank)
  local of = handles[handle]
  of.hook.rank = rank
  return tools.set_hooks(of.module, of.place, by_rank(tools.links(of.module)[of.place] or {}))
end

local function add_hook(module, place, where, fn, options)
  tools.check_object(module, Module, where, "self")
  if type(fn) ~= "function" then
    fail("TypeError", "%s: 'fn' must be a function, got %s", where, tools.describe(fn))
  end
  options = tools.options(where, options, { "prepend" })
  local hook = { fn = fn, is_bare = bare[fn] }
  local handle = setmetatable({}, Handle)
  handles[handle] = { module = module, place = place, hook = hook }
  return tools.set_hooks(module, place,
    with(tools.links(module)[place], hook, options.prepend), handle)
end

--- Runs `fn(module, args, result...)` after each call of the module; what it
--- returns, unless nil, takes the place of the results. `args` is a list.
--- ```lua
--- -- as snn.Module:
--- module:register_forward_hook(function(_, _, result) print("gives", result) end)
--- module(snn.tensor { 1 })
--- ```
---@param fn function
---@param options? { prepend: boolean } run before the hooks that are there
---@return table handle with remove()
function Module:register_forward_hook(fn, options)
  return add_hook(self, "after", "register_forward_hook", fn, options)
end

--- Runs `fn(module, args)` before each call of the module; a list that it
--- returns takes the place of the arguments.
--- ```lua
--- -- as snn.Module:
--- module:register_forward_pre_hook(function() return { snn.tensor { 100 } } end)
--- print(module(snn.tensor { 1 }))
--- ```
---@param fn function
---@param options? { prepend: boolean } run before the hooks that are there
---@return table handle with remove()
function Module:register_forward_pre_hook(fn, options)
  return add_hook(self, "before", "register_forward_pre_hook", fn, options)
end

-- Runs the hooks of a synapse around the step that its connection makes; they
-- watch, and what they return is not used. Its inputs as it sees them: in its
-- own shape.
function tools.run_hooks(synapse, place, ...)
  local args, spike = table.pack(...), synapse.spike
  for i = 1, args.n do
    if args[i].numel == spike.numel then args[i] = args[i]:reshape(spike.shape) end
  end
  for _, hook in ipairs(tools.links(synapse)[place] or {}) do
    if place == "before" then
      hook.fn(synapse, args)
    else
      hook.fn(synapse, args, synapse.current)
    end
  end
end

-- ------------------------------------------------------------- state

-- Names of the tensors among the fields that the script has set, sorted.
local function field_tensors(fields)
  local names = {}
  for name, value in pairs(fields) do
    if type(name) == "string" and tools.is_tensor(value) then names[#names + 1] = name end
  end
  table.sort(names)
  return names
end

---A copy with memory of its own; what is one number in one place stays that.
function tools.cloned(t)
  local one = tools.distinct(t)
  if one.numel > 1 or t.numel == 1 then return t:clone() end
  return one:clone():expand(table.unpack(t.shape))
end

-- Calls visit(path, value, set, is_open, module, name) for each tensor of the state; the
-- value of an open one may be nil or have any shape.
local function each_state(module, where, visit)
  for _, entry in ipairs(all_modules(module, where)) do
    local prefix, m = entry[1] == "" and "" or entry[1] .. ".", entry[2]
    for _, name in ipairs(tools.states(m)) do
      local value, is_open = m[name], tools.is_open(m, name)
      if value ~= nil or is_open then
        visit(prefix .. name, value, function(v) tools.restore(m, name, v) end, is_open, m,
          name)
      end
    end
    local fields = tools.fields(m)
    for _, name in ipairs(field_tensors(fields)) do
      visit(prefix .. name, fields[name], function(v) fields[name] = v end)
    end
  end
end

--- All tensors that make up the state of this module and of those below it.
--- Later steps do not change them.
--- ```lua
--- -- as snn.Module:
--- for path, tensor in pairs(module:state_dict()) do print(path, tensor) end
--- ```
---@return table<string, snn.Tensor> flat: dotted path -> tensor
function Module:state_dict()
  local out = {}
  each_state(self, "state_dict", function(path, value) out[path] = value end)
  return out
end

local function same_shape(a, b)
  local x, y = a.shape, b.shape
  if #x ~= #y then return false end
  for i = 1, #x do
    if x[i] ~= y[i] then return false end
  end
  return true
end

local LOAD <const> = "load_state_dict"

-- Which of the three lists a state of a module belongs in, and what is wrong; nil
-- when it fits. An open one may be absent, of any shape and type.
local function misfit(path, now, new, is_open)
  if new == nil then
    if is_open then return end
    return "missing", ("'%s' is missing"):format(path)
  elseif not tools.is_tensor(new) then
    tools.wrong_argument(LOAD, path, "a tensor", new)
  elseif is_open then
    return
  elseif not same_shape(now, new) then
    return "misshapen", ("'%s' has shape {%s}, this module wants {%s} (of another batch size: set "
      .. "batchsz, or load the rest with { strict = false })"):format(path,
      table.concat(new.shape, ", "), table.concat(now.shape, ", "))
  elseif now.dtype ~= new.dtype then
    return "misshapen", ("'%s' is %s, this module wants %s: state[\"%s\"]:to(\"%s\")"):format(path,
      new.dtype, now.dtype, path, now.dtype)
  end
end

-- Open states check by themselves what they take: one that refuses has not changed.
local function try_state(item, lists)
  local ok, err = pcall(item.set, item.new)
  if ok then return end
  if type(err) ~= "table" or err.kind ~= "ValueError" then error(err, 0) end
  table.insert(lists.misshapen, item.path)
end

local function set_states(todo, lists)
  for _, entry in ipairs(lists.rewired) do tools.load_pairs(entry[1], entry[2]) end
  for _, item in ipairs(todo) do
    if item.new then item.new = tools.cloned(item.new) end
    if item.is_open and not lists.strict then
      try_state(item, lists)
    else
      item.set(item.new)
    end
  end
  return lists.missing, lists.unexpected, lists.misshapen
end

-- Adds a name to one of the lists, or raises where all must fit.
local function complain(lists, list, name, text)
  if lists.strict then fail("ValueError", "%s: %s", LOAD, text) end
  table.insert(lists[list], name)
end

-- What is to be set, { set, new } each; what does not fit goes into the lists.
local function compare(module, state, lists)
  local known, todo = {}, {}
  lists.state, lists.rewired, lists.count = state, {}, setmetatable({}, { __mode = "k" })
  each_state(module, LOAD, function(path, value, set, is_open, owner, field)
    known[path] = true
    local new = state[path]
    local list, text = tools.misfit_of(misfit, lists, path, value, new, is_open, owner, field)
    if list then
      complain(lists, list, path, text)
    else
      todo[#todo + 1] = { set = set, new = new, path = path, is_open = is_open }
    end
  end)
  for path in next, state do
    if not known[path] then
      local name = tools.text(path)
      complain(lists, "unexpected", name, ("'%s' is not part of this module"):format(name))
    end
  end
  table.sort(lists.unexpected)
  return todo
end

--- Sets the state to what state_dict returned, of this module or of one built
--- alike. Names, shapes and types must agree exactly; on an error nothing has
--- changed. With `strict = false` what agrees is set, and the names of the rest are
--- returned.
--- ```lua
--- -- as snn.Module:
--- module:load_state_dict { factor = snn.tensor { 5 } }
--- print(module.factor)
--- ```
---@param state table<string, snn.Tensor>
---@param options? { strict: boolean } true
---@return string[] missing that the state has not
---@return string[] unexpected that the module has not
---@return string[] misshapen of another shape or type
function Module:load_state_dict(state, options)
  tools.check_object(self, Module, LOAD, "self")
  if type(state) ~= "table" then
    fail("TypeError", "load_state_dict: 'state' must be a table, got %s",
      tools.describe(state))
  end
  local strict = tools.options(LOAD, options, { "strict" }).strict
  if strict == nil then strict = true end
  if type(strict) ~= "boolean" then
    tools.wrong_argument(LOAD, "strict", "true or false", strict)
  end
  local lists = { missing = {}, unexpected = {}, misshapen = {}, strict = strict }
  local todo, list = compare(self, state, lists), {}
  for _, entry in ipairs(all_modules(self, LOAD)) do
    list[#list + 1], list[#list + 2] = entry[2], tools.fields(entry[2])
  end
  for _, entry in ipairs(lists.rewired) do tools.keep_synaptic(list, entry[1], LOAD, false) end
  return tools.atomic(list, set_states, todo, lists)
end
