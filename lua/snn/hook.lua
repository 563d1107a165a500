-- Hooks: objects that run with the calls of a module. A Hook runs functions, or
-- methods of its own class, before and after them; a StateHook looks after what
-- its module holds, by its method `hook`. Normalization and Clamping (hooks.lua)
-- are StateHooks; both classes are there to be the parents of scripts' own.
local snn, _, tools = ...

local fail = tools.fail

-- ------------------------------------------------------------- arguments

local function is_flag(v) return type(v) == "boolean", "true or false" end
local function is_path(v)
  local good = type(v) == "string"
  for part in (good and v .. "." or ""):gmatch("(.-)%.") do
    good = good and part:find("^[%a_][%w_]*$") ~= nil
  end
  return good, "the name of a field, or a dotted path"
end
local function is_hooked(v)
  return type(v) == "function" or (type(v) == "string" and v ~= ""),
    "a function, or the name of a method"
end
local function is_table(v) return type(v) == "table", "a table" end

local function check_known(where, args, fields)
  local names, known = {}, {}
  for i, field in ipairs(fields) do names[i], known[field[1]] = field[1], true end
  for key in next, args do
    if not known[key] then
      tools.unknown_argument(where, tools.text(key), names)
    end
  end
end

-- A field is { name, check, required }.
local function check_args(where, args, fields)
  if type(args) ~= "table" then
    fail("TypeError", "%s: arguments come in one table of names, got %s", where,
      tools.describe(args))
  end
  check_known(where, args, fields)
  local missing = {}
  for _, field in ipairs(fields) do
    local name, check, required = field[1], field[2], field[3]
    local value = args[name]
    if value ~= nil then
      local good, wanted = check(value)
      if not good then
        tools.wrong_argument(where, name, wanted or "a module", value)
      end
    elseif required then
      local _, wanted = check(nil)
      if field.unit then wanted = field.unit .. "; " .. field.doc end
      missing[#missing + 1], missing[#missing + 2] = name, wanted or "a module"
    end
  end
  if #missing > 0 then tools.missing(where, missing) end
end

local function default(value, otherwise)
  if value == nil then return otherwise end
  return value
end

tools.hooks = { check_args = check_args } -- and more below

-- ------------------------------------------------------------- Hook

--- Runs functions with the calls of a module: `prehook(module, args)` before,
--- `posthook(module, args, result...)` after, as register_forward_pre_hook and
--- register_forward_hook take them. In place of a function the name of a method:
--- then it is `hook:method(module, args, ...)`.
--- ```lua
--- local neuron = snn.ExactNeuron { shape = 2, step_time = 1, rest_v = -60, thresh_v = -50 }
--- local hook = snn.Hook { prehook = function(_, args) return { args[1] * 2 } end,
---   posthook = function(_, _, spikes) print("spikes:", spikes) end,
---   prehook_kwargs = { prepend = true }, posthook_kwargs = { prepend = true } }
--- hook:register(neuron)
--- neuron(snn.tensor { { 8, 2 } })
--- ```
---@class snn.Hook: snn.Module
---@field registered boolean it runs at each call of its module
---@field train_update boolean
---@field eval_update boolean
---@field trainexec boolean the same as train_update
---@field evalexec boolean the same as eval_update
snn.Hook = snn.class "Hook"
local Hook = snn.Hook
Hook.__optional = {}

-- What a hook knows lies in its links: the module is not below it.
local function state_of(hook, where)
  local state = tools.links(hook, Hook, where).state
  if not state then fail("RuntimeError", "%s: the hook is not finished", where) end
  return state
end

---Getters and setters of the modes in which a hook or a monitor runs, under both their
---names; `find(object, name)` gives what holds them. One is assigned as the argument
---that it is (live.lua).
local function modes(find)
  local get, set = {}, {}
  for name, field in pairs {
    train_update = "train_update", eval_update = "eval_update",
    trainexec = "train_update", evalexec = "eval_update",
  } do
    get[name] = function(object) return find(object, name)[field] end
    set[name] = function(object, value)
      local state, good, wanted = find(object, name), is_flag(value)
      if not good then tools.wrong_argument(state.where, name, wanted, value) end
      object[field] = value
    end
  end
  return get, set
end

Hook.__get, Hook.__set = modes(state_of)
function Hook.__get.registered(hook)
  return state_of(hook, "registered").handles and true or false
end

local function flag(name, default_value, doc)
  return { name, is_flag, type = "boolean", default = default_value, doc = doc, example = "true",
    other = "false" }
end

-- Of all hooks.
local MODES = {
  flag("train_update", true, "whether it runs while its module is in training mode"),
  flag("eval_update", true, "whether it runs while its module is in evaluation mode"),
}

local HOOK = {
  { "prehook", is_hooked, doc = "runs before each call, (module, args): a function, or the name "
    .. "of a method" },
  { "posthook", is_hooked, doc = "runs after each call, (module, args, result...)" },
  { "prehook_kwargs", is_table, doc = "options of register_forward_pre_hook" },
  { "posthook_kwargs", is_table, doc = "options of register_forward_hook" },
  MODES[1], MODES[2],
}

-- Whether the hook runs in the mode that the module is in.
local function is_wanted(state, module)
  if module.training then return state.train_update end
  return state.eval_update
end

local function runner(hook, state, what)
  if type(what) == "function" then
    return function(module, ...)
      if is_wanted(state, module) then return what(module, ...) end
    end
  end
  return function(module, ...)
    if not is_wanted(state, module) then return end
    local method = hook[what]
    if type(method) ~= "function" then
      fail("AttributeError", "%s: the hook has no method '%s'", state.where, what)
    end
    return method(hook, module, ...)
  end
end

-- For init: what the hook runs before and after, each with its options; `args` has
-- the modes.
local function set_up(hook, where, args, before, after)
  local state = {
    where = where, module = false, handles = false, before = before, after = after, args = {},
    train_update = default(args.train_update, true),
    eval_update = default(args.eval_update, true),
  }
  for name, value in next, args do state.args[name] = value end
  tools.links(hook).state = state
  return state
end

-- { run, options } of one side, false without.
local function side(where, hook, what, options, name)
  if what == nil then return false end
  return { what, tools.options(where .. ": " .. name, options, { "prepend" }), hook }
end

-- For init, and for arguments that are assigned.
local function build_hook(self, args)
  local where = "Hook"
  if args.prehook == nil and args.posthook == nil then
    fail("ValueError", "%s: 'prehook' and 'posthook' cannot both be absent", where)
  end
  local before = side(where, self, args.prehook, args.prehook_kwargs, "prehook_kwargs")
  local after = side(where, self, args.posthook, args.posthook_kwargs, "posthook_kwargs")
  local state = set_up(self, where, args, before, after)
  if before then before[1] = runner(self, state, args.prehook) end
  if after then after[1] = runner(self, state, args.posthook) end
end

---@param args { prehook?: function|string, posthook?: function|string,
---  prehook_kwargs?: { prepend: boolean }, posthook_kwargs?: { prepend: boolean },
---  train_update?: boolean, eval_update?: boolean } at least one of prehook and posthook
function Hook:init(args)
  snn.Module.init(self)
  check_args("Hook", args, HOOK)
  build_hook(self, args)
end

-- What the two below change.
local function keep(hook, state, module)
  local list = { state }
  tools.keep_all(list, hook)
  tools.keep_all(list, module)
  return list
end

local function put_on(state, module)
  local before, after, handles = state.before, state.after, {}
  if before then
    handles[1] = module:register_forward_pre_hook(before[1], { prepend = before[2].prepend })
  end
  if after then
    handles[#handles + 1] = module:register_forward_hook(after[1], { prepend = after[2].prepend })
  end
  state.module, state.handles = module, handles
end

local function take_off(state)
  for _, handle in ipairs(state.handles) do handle:remove() end
  state.handles = false
end

--- From now on the hook runs with each call of the module.
--- ```lua
--- -- as snn.Hook:
--- print(hook.registered)
--- ```
---@param module snn.Module RuntimeError when the hook is registered on another
function Hook:register(module)
  local state = state_of(self, "register")
  if not tools.is_module(module) then
    tools.wrong_argument("register", "module", "a module", module)
  end
  if state.handles then
    if rawequal(state.module, module) then return end
    fail("RuntimeError", "register: the hook is on another module; deregister() it first")
  end
  return tools.atomic(keep(self, state, module), put_on, state, module)
end

--- The hook runs no more. One that is not registered stays as it is.
--- ```lua
--- -- as snn.Hook:
--- hook:deregister()
--- print(hook.registered)
--- ```
function Hook:deregister()
  local state = state_of(self, "deregister")
  if not state.handles then return end
  return tools.atomic(keep(self, state, state.module), take_off, state)
end

-- For snn.load, whatever the class of a script has made of the two above.
local function set_registered(state, is_on)
  if is_on == (state.handles and true or false) then return end
  if not is_on then return take_off(state) end
  for _, entry in ipairs { state.before or state.after, state.after or nil } do
    entry[1] = entry[1] or state.run
  end
  return put_on(state, state.module)
end

-- ------------------------------------------------------------- other arguments

local function prepends(entry) return entry and entry[2].prepend or false end

-- Whether two states run on the same sides, among the others alike.
local function is_alike(a, b)
  return not a.before == not b.before and not a.after == not b.after
    and prepends(a.before) == prepends(b.before) and prepends(a.after) == prepends(b.after)
end

-- A hook that is registered stays so: in its place, unless that is what changes.
local function go_on(old, new, module)
  if not old.handles then return end
  for _, entry in ipairs { new.before, new.after } do
    if entry and not entry[1] then entry[1] = new.run end
  end
  if not rawequal(old.module, module) or not is_alike(old, new) then
    take_off(old)
    return put_on(new, module)
  end
  local runs = { new.before or new.after, new.before and new.after }
  for i, handle in ipairs(old.handles) do tools.change_hook(handle, runs[i][1]) end
  new.module, new.handles = module, old.handles
end

local function take(hook, old, args, build)
  build(hook, args)
  local new = state_of(hook, "hook")
  return go_on(old, new, new.module or old.module)
end

-- What tools.live needs: `build` sets a hook up by its arguments.
local function args_of(hook, name) return state_of(hook, name).args end

local function taker(build)
  return function(hook, args, name)
    local old = state_of(hook, name)
    local list = keep(hook, old, hook)
    for _, module in ipairs { old.module or hook, args.module } do
      tools.keep_all(list, module)
    end
    for _, handle in ipairs(old.handles or {}) do tools.keep_handle(list, handle) end
    return tools.atomic(list, take, hook, old, args, build)
  end
end

tools.live(Hook, "Hook", HOOK, args_of, taker(build_hook))

-- ------------------------------------------------------------- StateHook

--- Looks after what a module holds: `hook(module)`, which a class below it gives,
--- runs with each call of the module, and what it returns is not used.
--- ```lua
--- local Halve = snn.class("Halve", snn.StateHook)
--- function Halve:hook(module) module.weight = module.weight / 2 end
--- local connection = snn.LinearDirect { shape = 2, step_time = 1,
---   synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 20 } }
--- connection.weight = snn.ones(2)
--- local hook = Halve { module = connection, as_prehook = false, prepend = false }
--- hook:register()
--- connection(snn.tensor { { true, false } })
--- print(connection.weight)
--- ```
---@class snn.StateHook: snn.Hook
---@field module snn.Module
---@field as_prehook boolean
---@field prepend boolean
snn.StateHook = snn.class("StateHook", Hook)
local StateHook = snn.StateHook
StateHook.__optional = {}

local STATE_HOOK = {
  { "module", tools.is_module, true, doc = "the module with whose calls it runs" },
  MODES[1], MODES[2],
  flag("as_prehook", false, "runs before each call in place of after it"),
  flag("prepend", false, "runs before the hooks that the module has"),
}

local function set_up_state(hook, where, args)
  local entry = { false, { prepend = default(args.prepend, false) } }
  local before = args.as_prehook and entry or false
  local state = set_up(hook, where, args, before, not before and entry)
  state.module, state.as_prehook = args.module, default(args.as_prehook, false)
  state.prepend = entry[2].prepend
  -- By its method, which the class of a script may have given.
  local function run() hook:hook(state.module) end
  state.act = function() return tools.atomic(tools.keep { state.module }, run) end
  state.run = function()
    if is_wanted(state, state.module) then run() end
  end
  return state
end

---@param args { module: snn.Module, train_update?: boolean, eval_update?: boolean,
---  as_prehook?: boolean, prepend?: boolean }
function StateHook:init(args)
  snn.Module.init(self)
  check_args("StateHook", args, STATE_HOOK)
  set_up_state(self, "StateHook", args)
end

tools.live(StateHook, "StateHook", STATE_HOOK, args_of, taker(function(hook, args)
  set_up_state(hook, "StateHook", args)
end))

--- What the hook does, at each call of its module; to be replaced.
--- ```lua
--- -- as snn.StateHook:
--- hook:hook(connection)
--- print(connection.weight)
--- ```
---@param module snn.Module
function StateHook:hook(module) -- luacheck: no unused args
  state_of(self, "hook")
  fail("RuntimeError", "hook must be implemented: function MyHook:hook(module) ... end")
end

--- From now on the hook runs with each call of its module. A registered hook
--- stays as it is.
--- ```lua
--- -- as snn.StateHook:
--- hook:register()
--- print(hook.registered)
--- ```
function StateHook:register()
  local state = state_of(self, "register")
  if state.handles then return end
  local entry = state.before or state.after
  entry[1] = state.run
  return tools.atomic(keep(self, state, state.module), put_on, state, state.module)
end

--- Runs the hook now, if it is registered or `force` is set, and its module is in a
--- mode in which it runs or `ignore_mode` is set.
--- ```lua
--- -- as snn.StateHook:
--- hook:forward()
--- print(connection.weight)
--- ```
---@param options? { force: boolean, ignore_mode: boolean }
function StateHook:forward(options)
  local state = state_of(self, "forward")
  options = tools.options(state.where, options, { "force", "ignore_mode" })
  for name, value in next, options do
    if type(value) ~= "boolean" then
      tools.wrong_argument(state.where, name, "true or false", value)
    end
  end
  if not (options.force or state.handles) then return end
  if options.ignore_mode or is_wanted(state, state.module) then return state.act() end
end

-- For the library's own hooks, and for monitors, which are hooks that record.
tools.hooks = {
  check_args = check_args, default = default, is_flag = is_flag, is_path = is_path,
  set_up = set_up_state, modes = modes, fields = STATE_HOOK, args_of = args_of, taker = taker,
  set_registered = set_registered,
}
