-- Hooks that keep a parameter in shape: Normalization and Clamping. A hook
-- runs after (or before) each call of its module, on the tensor at a dotted
-- path below the module.
local snn, _, tools = ...

local fail = tools.fail

-- ------------------------------------------------------------- arguments

local function is_flag(v) return type(v) == "boolean", "true or false" end
local function is_number(v) return type(v) == "number" and v == v, "a number" end
local function is_limit(v)
  local good = is_number(v) or (tools.is_tensor(v) and v.dtype ~= "bool")
  return good, "a number or a tensor of numbers"
end
local function is_dim(v)
  return math.type(v) == "integer" or type(v) == "table", "an integer or a list of integers"
end
local function is_path(v)
  local good = type(v) == "string"
  for part in (good and v .. "." or ""):gmatch("(.-)%.") do
    good = good and part:find("^[%a_][%w_]*$") ~= nil
  end
  return good, "the name of a field, or a dotted path"
end

-- name -> check; a default, true: required
local COMMON = {
  { "module", tools.is_module, true }, { "attr", is_path, true },
  { "train_update", is_flag }, { "eval_update", is_flag }, { "as_prehook", is_flag },
  { "prepend", is_flag },
}

local function with_common(own)
  for i, field in ipairs(COMMON) do table.insert(own, i, field) end
  return own
end

local function check_known(where, args, fields)
  local names, known = {}, {}
  for i, field in ipairs(fields) do names[i], known[field[1]] = field[1], true end
  for key in next, args do
    if not known[key] then
      tools.unknown_argument(where, tools.text(key), names)
    end
  end
end

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
      missing[#missing + 1], missing[#missing + 2] = name, wanted or "a module"
    end
  end
  if #missing > 0 then tools.missing(where, missing) end
end

local function default(value, otherwise)
  if value == nil then return otherwise end
  return value
end

-- ------------------------------------------------------------- the common part

---@class snn.Hook: snn.Module
---@field registered boolean
local Hook = snn.class "Hook"

-- What a hook knows lies in its links: the module is not below it.
local function state_of(hook, where)
  local state = tools.links(hook, Hook, where).state
  if not state then fail("RuntimeError", "%s: the hook is not finished", where) end
  return state
end

-- What a hook does at each call: `apply` on the object that has the field at
-- the end of the path, in the modes that were asked for.
local function runner(state, apply)
  local module, path = state.module, state.path
  local train_update, eval_update = state.train_update, state.eval_update
  return function()
    local wanted = eval_update
    if module.training then wanted = train_update end
    if not wanted then return end
    local object = module
    for i = 1, #path do
      object = object[path[i]]
      if object == nil then
        fail("AttributeError", "%s: '%s' is nil", state.where, table.concat(path, ".", 1, i))
      end
    end
    apply(state, object)
  end
end

-- For init: `apply(state, target)` does the work.
local function set_up(hook, where, args, apply)
  local path = {}
  for name in args.attr:gmatch("[^.]+") do path[#path + 1] = name end
  local state = {
    where = where, module = args.module, last = table.remove(path), path = path,
    train_update = default(args.train_update, true),
    eval_update = default(args.eval_update, true),
    as_prehook = args.as_prehook, prepend = args.prepend, cast = {}, handle = false,
  }
  state.run = runner(state, apply)
  tools.links(hook).state = state
  hook.registered = false
  return state
end

-- What the two below change.
local function keep(hook, state)
  local list = { state }
  tools.keep_all(list, hook)
  tools.keep_all(list, state.module)
  return list
end

local function put_on(hook, state)
  local how = state.as_prehook and "register_forward_pre_hook" or "register_forward_hook"
  local module = state.module
  tools.mark_bare(state.run)
  state.handle = module[how](module, state.run, { prepend = state.prepend })
  hook.registered = true
end

local function take_off(hook, state)
  state.handle:remove()
  state.handle = false
  hook.registered = false
end

--- From now on the hook runs with each call of its module. A registered hook
--- stays as it is.
function Hook:register()
  local state = state_of(self, "register")
  if state.handle then return end
  return tools.atomic(keep(self, state), put_on, self, state)
end

--- The hook runs no more by itself.
function Hook:deregister()
  local state = state_of(self, "deregister")
  if not state.handle then return end
  return tools.atomic(keep(self, state), take_off, self, state)
end

--- Runs the hook now, if it is registered or `force` is set and its module is
--- in a mode in which it runs.
---@param options? { force: boolean }
function Hook:forward(options)
  local state = state_of(self, "forward")
  options = tools.options(state.where, options, { "force" })
  local force = default(options.force, false)
  if type(force) ~= "boolean" then
    fail("TypeError", "%s: 'force' must be true or false, got %s", state.where,
      tools.describe(force))
  end
  if force or state.handle then state.run() end
end

-- The tensor at the end of the path.
local function tensor_of(state, target)
  local value = target[state.last]
  if not tools.is_tensor(value) then
    tools.wrong_argument(state.where, state.last, "a tensor", value)
  end
  return value
end

-- ------------------------------------------------------------- limits

-- Numbers, or tensors that broadcast to what they limit. These are kept as
-- they were when the hook was made.

-- "(2, 1)" of the first true element, in brackets, with `at` in front; nothing
-- for a number.
local function place(wrong)
  if wrong.ndim == 0 then return "" end
  return (" at index (%s)"):format(table.concat(wrong:nonzero()[1]:totable(), ", "))
end

---Raises where the condition holds for some element.
local function refuse(where, wrong, text)
  if wrong:any():item() then fail("ValueError", "%s: %s%s", where, text, place(wrong)) end
end

---The limit as a tensor.
local function exact(limit)
  return tools.is_tensor(limit) and limit or snn.tensor(limit, { dtype = "float64" })
end

local function check_limit(where, name, value)
  if not tools.is_tensor(value) then return value end
  refuse(where, value:isnan(), ("'%s' must be a number, got nan"):format(name))
  return value:clone()
end

local IS_REAL <const> = { float32 = true, float64 = true }

local function broadcasts(from, to)
  local more = #to - #from
  for i = 1, #from do
    if more < 0 or (from[i] ~= 1 and from[i] ~= to[more + i]) then return false end
  end
  return true
end

---The limit for `value`, where that is real in its dtype.
local function limit_for(state, name, value)
  local limit = state[name]
  if not tools.is_tensor(limit) then return limit end
  if IS_REAL[value.dtype] and limit.dtype ~= value.dtype then
    local cast = state.cast[name]
    if not cast or cast.dtype ~= value.dtype then cast = limit:to(value.dtype) end
    state.cast[name], limit = cast, cast
  end
  if not broadcasts(limit.shape, value.shape) then
    fail("ValueError", "%s: '%s' of shape {%s} does not broadcast to '%s' of shape {%s}",
      state.where, name, table.concat(limit.shape, ", "), state.last,
      table.concat(value.shape, ", "))
  end
  return limit
end

-- For monitors, which are hooks that record.
tools.hooks = {
  class = Hook, check_args = check_args, default = default, is_flag = is_flag, is_path = is_path,
}

local function has_state(target, name)
  if not tools.is_module(target) then return false end
  for _, state in ipairs(tools.states(target)) do
    if state == name then return true end
  end
  return false
end

-- Puts the tensor back. A hook may move the delays of a connection out of their
-- range, as learning may: that is told, where an assignment is refused.
local function put(state, target, value)
  if state.last == "delay" and has_state(target, "delay") then
    tools.restore(target, "delay", value)
  else
    target[state.last] = value
  end
end

-- ------------------------------------------------------------- Normalization

---@class snn.Normalization: snn.Hook
snn.Normalization = snn.class("Normalization", Hook)
snn.Normalization.__optional = {}

local NORMALIZATION = with_common {
  { "order", is_number, true }, { "scale", is_limit, true }, { "dim", is_dim },
  { "epsilon", is_number },
}

local function normalize(state, target)
  local value = tensor_of(state, target)
  local scale = limit_for(state, "scale", value)
  if not tools.is_tensor(scale) then
    state.options.scale = scale
    put(state, target, snn.normalize(value, state.order, state.options))
  else
    put(state, target, snn.normalize(value, state.order, state.options) * scale)
  end
end

--- Keeps the norm of a tensor: `snn.normalize` after each call of the module.
--- order and scale must not be 0; dim absent: all dimensions. A tensor as scale
--- broadcasts to the parameter: one norm a row, say, of shape (rows, 1).
---@param args { module: snn.Module, attr: string, order: number, scale: snn.number,
---  dim?: integer|integer[], epsilon?: number, train_update?: boolean, eval_update?: boolean,
---  as_prehook?: boolean, prepend?: boolean }
function snn.Normalization:init(args)
  Hook.init(self)
  check_args("Normalization", args, NORMALIZATION)
  if args.order == 0 then fail("ValueError", "Normalization: 'order' must be not 0, got 0") end
  local scale = check_limit("Normalization", "scale", args.scale)
  refuse("Normalization", exact(scale):eq(0), "'scale' must be not 0, got 0")
  refuse("Normalization", exact(scale):isfinite():logical_not(), "'scale' must be finite")
  local state = set_up(self, "Normalization", args, normalize)
  state.order = args.order
  state.scale = scale
  state.options = { dim = args.dim, epsilon = args.epsilon }
end

-- ------------------------------------------------------------- Clamping

---@class snn.Clamping: snn.Hook
snn.Clamping = snn.class("Clamping", Hook)
snn.Clamping.__optional = {}

local CLAMPING = with_common { { "min", is_limit }, { "max", is_limit } }

local function clamp(state, target)
  if state.by_number and tools.clamp_param(target, state.last, state.min, state.max) then return end
  local value = tensor_of(state, target)
  local low, high = limit_for(state, "min", value), limit_for(state, "max", value)
  put(state, target, value:clamp(low, high))
end

--- Keeps a tensor in [min, max], either of which may be absent, after each call
--- of the module. Tensors as limits broadcast to it.
---@param args { module: snn.Module, attr: string, min?: snn.number, max?: snn.number,
---  train_update?: boolean, eval_update?: boolean, as_prehook?: boolean, prepend?: boolean }
function snn.Clamping:init(args)
  Hook.init(self)
  check_args("Clamping", args, CLAMPING)
  if args.min == nil and args.max == nil then
    fail("ValueError", "Clamping: 'min' and 'max' cannot both be absent")
  end
  local low = check_limit("Clamping", "min", args.min)
  local high = check_limit("Clamping", "max", args.max)
  local by_number = not tools.is_tensor(low) and not tools.is_tensor(high)
  if by_number and low and high and low >= high then
    fail("ValueError", "Clamping: 'min' must be less than 'max', got %g and %g", low, high)
  elseif low and high then
    refuse("Clamping", exact(low):ge(exact(high)), "'min' must be less than 'max'")
  end
  local state = set_up(self, "Clamping", args, clamp)
  state.min, state.max, state.by_number = low, high, by_number
  if by_number then state.run = tools.clamp_run(state.run, state) end
end
