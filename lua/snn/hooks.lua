-- Hooks that keep a parameter in shape: Normalization and Clamping. A hook
-- runs after (or before) each call of its module, on the tensor at a dotted
-- path below the module.
local snn, _, tools = ...

local fail = tools.fail
local check_args, is_path = tools.hooks.check_args, tools.hooks.is_path

-- ------------------------------------------------------------- arguments

local function is_number(v) return type(v) == "number" and v == v, "a number" end
local function is_limit(v)
  local good = is_number(v) or (tools.is_tensor(v) and v.dtype ~= "bool")
  return good, "a number or a tensor of numbers"
end
local function is_dim(v)
  return math.type(v) == "integer" or type(v) == "table" or type(v) == "string",
    'an integer, a list of integers, "post" or "pre"'
end

-- The arguments of these hooks (live.lua): those of a StateHook, the path, their own.
local function with_common(own)
  local fields = table.move(tools.hooks.fields, 1, #tools.hooks.fields, 1, {})
  table.insert(fields, 2, { "attr", is_path, true, type = "string", example = '"weight"',
    other = '"bias"', doc = "a dotted path from the module to the tensor" })
  return table.move(own, 1, #own, #fields + 1, fields)
end

-- ------------------------------------------------------------- the common part

-- The object that has the field at the end of the path.
local function find_target(state, module)
  local object, path = module, state.path
  for i = 1, #path do
    object = object[path[i]]
    if object == nil then
      fail("AttributeError", "%s: '%s' is nil", state.where, table.concat(path, ".", 1, i))
    end
  end
  return object
end

-- By itself, apart from a call of the module: it works, or nothing has changed.
local function act(state, module, apply)
  local target = find_target(state, module)
  return tools.atomic({ target }, apply, state, target)
end

-- For init: `apply(state, target)` does the work, unless the hook's class has a
-- method `hook` of its own.
local function set_up(hook, where, args, class, apply)
  local path = {}
  for name in args.attr:gmatch("[^.]+") do path[#path + 1] = name end
  local state = tools.hooks.set_up(hook, where, args)
  state.last, state.path, state.cast = table.remove(path), path, {}
  if hook.hook ~= class.hook then return state end
  local module = args.module
  state.act = function() return act(state, module, apply) end
  state.run = function()
    local wanted = state.eval_update
    if module.training then wanted = state.train_update end
    if wanted then apply(state, find_target(state, module)) end
  end
  tools.mark_bare(state.run)
  return state
end

-- hook(module), on any module that has the path.
local function hook_with(apply)
  return function(hook, module)
    local state = tools.links(hook, snn.StateHook, "hook").state
    if not state then fail("RuntimeError", "hook: the hook is not finished") end
    if not tools.is_module(module) then
      tools.wrong_argument("hook", "module", "a module", module)
    end
    return act(state, module, apply)
  end
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

-- What scripts get of one: a tensor of their own.
local function given(value) return tools.is_tensor(value) and value:clone() or value end

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

-- Puts the tensor back. A hook may move the delays of a connection out of their
-- range, as learning may: that is told, where an assignment is refused.
local function put(state, target, value)
  if tools.is_module(target) and tools.loads_more(target, state.last) then
    tools.restore(target, state.last, value)
  else
    target[state.last] = value
  end
end

-- ------------------------------------------------------------- norms by output or input

-- dim = "post": what leads to an output has one norm; "pre": what comes from an input.
local WORDS <const> = { post = "output", pre = "input" }

-- The sides of the scale's shape that say one norm a group, as they broadcast to a weight of
-- so many dimensions, the groups along one of them.
local function laid(groups, ndim, along)
  local shape = {}
  for i = 1, ndim do shape[i] = i == along and groups or 1 end
  return shape
end

local function is_shape(shape, other)
  local same = #shape == #other
  for i = 1, #shape do same = same and shape[i] == other[i] end
  return same
end

-- The scale in a row: of one element, or of one for each group, whose own shape, one
-- dimension or what broadcasts to the weight it may have.
local function scale_of_groups(state, scale, groups, allowed)
  if not tools.is_tensor(scale) then return snn.tensor({ scale }, { dtype = "float64" }) end
  local fits = scale.numel == 1
  for _, shape in ipairs(allowed) do fits = fits or is_shape(scale.shape, shape) end
  if not fits then
    fail("ValueError", "%s: with 'dim' \"%s\" 'scale' must be a number or a tensor of the shape "
      .. "{%d}, one for each %s, got the shape {%s}", state.where, state.options.dim, groups,
      WORDS[state.options.dim], table.concat(scale.shape, ", "))
  end
  return scale:to("float64"):reshape(-1):contiguous()
end

-- The dimensions of a norm of a whole weight, and that along which the groups are; nil where
-- the word means none. An element of a one-to-one weight is a group by itself.
local function dims_of(target, value, word)
  if tools.is_instance(target, snn.LinearDirect) then return {}, 1 end
  if tools.is_instance(target, snn.Conv2D) then
    if word == "post" then return { 2, 3, 4 }, 1 end
    return nil
  end
  if is_shape(value.shape, { target:outsize(), target:insize() }) then
    if word == "post" then return { 2 }, 1 end
    return { 1 }, 2
  end
  return nil
end

local function refuse_word(state, target)
  local hint = 'dim = "post" and "pre" are of the weights and delays of connections'
  if tools.is_instance(target, snn.Conv2D) then
    hint = 'a filter meets an input many times: of Conv2D there is dim = "post", the norm of each '
      .. 'filter; or give dimensions'
  end
  fail("ValueError", "%s: 'dim' must be dimensions of '%s', got \"%s\" (%s)", state.where,
    state.last, state.options.dim, hint)
end

local function normalize_whole(state, target, value)
  local word = state.options.dim
  local dims, along = dims_of(target, value, word)
  if not dims then return refuse_word(state, target) end
  local groups, shape = value.shape[along], value.shape
  if #dims == 0 then -- each alone
    value, dims, groups = value:reshape(value.numel, 1), { 2 }, value.numel
  end
  local options = { dim = dims, epsilon = state.options.epsilon }
  if not tools.is_tensor(state.scale) then
    options.scale = state.scale
    return snn.normalize(value, state.order, options):reshape(shape)
  end
  local own = word == "post" and target.outshape or target.inshape
  local row = scale_of_groups(state, state.scale, groups,
    { { groups }, laid(groups, #shape, along), own })
  if row.numel > 1 then row = row:reshape(laid(groups, value.ndim, along)) end
  local result = snn.normalize(value, state.order, options)
  return (result * row:to(result.dtype)):reshape(shape)
end

local function normalize_groups(state, target, value)
  local is_param = state.last == "weight" or state.last == "delay"
  if not is_param or not tools.is_instance(target, snn.Connection) then
    return refuse_word(state, target)
  end
  if not tools.is_instance(target, snn.LinearSparse) then
    return normalize_whole(state, target, value)
  end
  local is_post = state.options.dim == "post"
  local groups = is_post and target:outsize() or target:insize()
  local own = is_post and target.outshape or target.inshape
  return tools.sparse.normalize(target, value:contiguous(), is_post, state.order,
    scale_of_groups(state, state.scale, groups, { { groups }, own }),
    state.options.epsilon or 1e-12)
end

-- Of synapses in a row there is no dimension of outputs or inputs: what a dense weight means by
-- a number would silently be the norm of all of them.
local function check_numbers(state, target)
  if not tools.is_instance(target, snn.LinearSparse) then return end
  if state.last ~= "weight" and state.last ~= "delay" then return end
  local dim = state.options.dim
  if type(dim) == "table" then dim = "{" .. table.concat(dim, ", ") .. "}" end
  fail("ValueError", "%s: 'dim' of a LinearSparse's '%s', one element a synapse, must be \"post\" "
    .. "(the synapses onto each output), \"pre\" (those from each input) or absent (all of them), "
    .. "got %s", state.where, state.last, dim)
end

-- ------------------------------------------------------------- Normalization

--- Keeps the norm of a field of a module, `snn.normalize` after each call of it. Of the
--- weights and delays of a connection `dim = "post"` is the norm of what leads to each
--- output, `dim = "pre"` of what comes from each input, whatever the connection.
--- ```lua
--- local connection = snn.LinearDense { in_shape = 3, out_shape = 2, step_time = 1,
---   synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 20 } }
--- local hook = snn.Normalization { module = connection, attr = "weight", order = 1, scale = 6,
---   dim = 2, epsilon = 1e-9, as_prehook = false, prepend = false }
--- hook:register()
--- connection(snn.ones(1, 3):gt(0))
--- print(connection.weight:sum(2))
--- hook.dim = "post" -- the same, by name: of a LinearSparse too
--- print(hook.dim)
--- ```
---@class snn.Normalization: snn.StateHook
snn.Normalization = snn.class("Normalization", snn.StateHook)
snn.Normalization.__optional = {}

local NORMALIZATION = with_common {
  { "order", is_number, true, type = "number", example = "1", other = "2",
    doc = "of the norm: 1, 2, math.huge ...; not 0" },
  { "scale", is_limit, true, type = "number or tensor", read = given,
    example = "4", other = "2", doc = "the norm that the tensor gets, not 0" },
  { "dim", is_dim, type = "integer, list or string", example = "2", other = "1",
    doc = 'dimensions of a norm; "post": what leads to each output, "pre": what comes from each '
      .. 'input; absent: all' },
  { "epsilon", is_number, type = "number", example = "1e-9", other = "20",
    doc = "the least norm to divide by" },
}

local function normalize(state, target)
  local value, dim = tensor_of(state, target), state.options.dim
  if WORDS[dim] then return put(state, target, normalize_groups(state, target, value)) end
  if dim ~= nil then check_numbers(state, target) end
  local scale = limit_for(state, "scale", value)
  if not tools.is_tensor(scale) then
    state.options.scale = scale
    put(state, target, snn.normalize(value, state.order, state.options))
  else
    put(state, target, snn.normalize(value, state.order, state.options) * scale)
  end
end

snn.Normalization.hook = hook_with(normalize)

-- For init, and for arguments that are assigned.
local function build_normalization(self, args)
  if args.order == 0 then fail("ValueError", "Normalization: 'order' must be not 0, got 0") end
  if type(args.dim) == "string" and not WORDS[args.dim] then
    fail("ValueError", "Normalization: 'dim' must be \"post\" or \"pre\", or dimensions, got "
      .. "\"%s\"", args.dim)
  end
  local scale = check_limit("Normalization", "scale", args.scale)
  refuse("Normalization", exact(scale):eq(0), "'scale' must be not 0, got 0")
  refuse("Normalization", exact(scale):isfinite():logical_not(), "'scale' must be finite")
  local state = set_up(self, "Normalization", args, snn.Normalization, normalize)
  state.order = args.order
  state.scale, state.args.scale = scale, scale
  state.options = { dim = args.dim, epsilon = args.epsilon }
end

--- Keeps the norm of a tensor: `snn.normalize` after each call of the module.
--- order and scale must not be 0; dim absent: all dimensions. A tensor as scale
--- broadcasts to the parameter: one norm a row, say, of shape (rows, 1). With dim "post" or
--- "pre" it has one norm for each output or input, of which those without synapses use none.
--- ```lua
--- -- as snn.Normalization:
--- print(hook.order, hook.scale)
--- ```
---@param args { module: snn.Module, attr: string, order: number, scale: snn.number,
---  dim?: integer|integer[]|"post"|"pre", epsilon?: number, train_update?: boolean,
---  eval_update?: boolean, as_prehook?: boolean, prepend?: boolean }
function snn.Normalization:init(args)
  snn.Module.init(self)
  check_args("Normalization", args, NORMALIZATION)
  build_normalization(self, args)
end

tools.live(snn.Normalization, "Normalization", NORMALIZATION, tools.hooks.args_of,
  tools.hooks.taker(build_normalization))

-- ------------------------------------------------------------- Clamping

--- Keeps a field of a module between two bounds, after each call of it.
--- ```lua
--- local connection = snn.LinearDense { in_shape = 3, out_shape = 2, step_time = 1,
---   synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 20 } }
--- connection.weight = snn.tensor { { -1, 0.5, 2 }, { 3, -4, 0 } }
--- local hook = snn.Clamping { module = connection, attr = "weight", min = 0, max = 1,
---   as_prehook = false, prepend = false }
--- hook:register()
--- connection(snn.ones(1, 3):gt(0))
--- print(connection.weight)
--- ```
---@class snn.Clamping: snn.StateHook
snn.Clamping = snn.class("Clamping", snn.StateHook)
snn.Clamping.__optional = {}

local CLAMPING = with_common {
  { "min", is_limit, type = "number or tensor", read = given, example = "-1", other = "0",
    doc = "the least value" },
  { "max", is_limit, type = "number or tensor", read = given, example = "2", other = "1",
    doc = "the greatest value" },
}

local function clamp(state, target)
  if state.by_number and tools.clamp_param(target, state.last, state.min, state.max) then return end
  local value = tensor_of(state, target)
  local low, high = limit_for(state, "min", value), limit_for(state, "max", value)
  put(state, target, value:clamp(low, high))
end

snn.Clamping.hook = hook_with(clamp)

-- For init, and for arguments that are assigned.
local function build_clamping(self, args)
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
  local state = set_up(self, "Clamping", args, snn.Clamping, clamp)
  state.min, state.max, state.by_number = low, high, by_number
  state.args.min, state.args.max = low, high
  if by_number and self.hook == snn.Clamping.hook then
    state.run = tools.clamp_run(state.run, state)
    tools.mark_bare(state.run)
  end
end

--- Keeps a tensor in [min, max], either of which may be absent, after each call
--- of the module. Tensors as limits broadcast to it.
--- ```lua
--- -- as snn.Clamping:
--- print(hook.min, hook.max)
--- ```
---@param args { module: snn.Module, attr: string, min?: snn.number, max?: snn.number,
---  train_update?: boolean, eval_update?: boolean, as_prehook?: boolean, prepend?: boolean }
function snn.Clamping:init(args)
  snn.Module.init(self)
  check_args("Clamping", args, CLAMPING)
  build_clamping(self, args)
end

tools.live(snn.Clamping, "Clamping", CLAMPING, tools.hooks.args_of,
  tools.hooks.taker(build_clamping))
