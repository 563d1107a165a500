-- snn.functional: between the steps of a history (interpolation), from a
-- sample onto the two steps around it (extrapolation), and the kernels of
-- learning rules by spike timing. Times are in ms; D(0) is the step before the
-- sample's time t, D(dt) the one after it, dt the length of a step.
local snn, _, tools = ...
local functional = snn.functional

local fail = tools.fail

-- ------------------------------------------------------------- arguments

local function check_tensor(where, name, value)
  if tools.is_tensor(value) then return end
  tools.wrong_argument(where, name, "a tensor", value)
end

local function check_value(where, name, value)
  if tools.is_tensor(value) or type(value) == "number" then return end
  tools.wrong_argument(where, name, "a number or a tensor", value)
end

local function check_step_time(where, value)
  if type(value) ~= "number" then
    fail("TypeError", "%s: 'step_time' must be a number, got %s", where, tools.describe(value))
  elseif value <= 0 or value ~= value then
    fail("ValueError", "%s: 'step_time' must be greater than 0 ms, got %g", where, value)
  end
end

---The constant `name` of an options table that holds nothing else.
local function constant(where, options, name)
  options = tools.options(where, options, { name }, { name })
  check_value(where, name, options[name])
  return options[name]
end

local function check_none(where, options) tools.options(where, options, {}) end

-- ------------------------------------------------------------- interpolation

-- The laws are those of src/formula/interp.h.

---Adds snn.functional.interp_<name>; the law's constant, if it has one, is the option of
---that name.
local function interpolation(name, option)
  local where = "interp_" .. name
  functional[where] = function(prev, next, sample_at, step_time, options)
    check_tensor(where, "prev", prev)
    check_tensor(where, "next", next)
    check_value(where, "sample_at", sample_at)
    check_step_time(where, step_time)
    if not option then check_none(where, options) end
    local c = option and constant(where, options, option)
    return tools.interpolate(name, prev, next, sample_at, step_time, c)
  end
end

interpolation "previous"
interpolation "next"
interpolation "nearest"
interpolation "linear"
interpolation("expdecay", "time_constant")
interpolation("expratedecay", "rate_constant")

-- ------------------------------------------------------------- extrapolation

local function adjusted(where, adjust, tensor)
  if not adjust then return tensor end
  local out = adjust(tensor)
  if tools.is_tensor(out) then return out end
  return fail("TypeError", "%s: 'adjust' must return a tensor, got %s", where,
    tools.describe(out))
end

local function read_adjust(where, options)
  options = tools.options(where, options, { "adjust" })
  local adjust = options.adjust
  if adjust ~= nil and type(adjust) ~= "function" then
    fail("TypeError", "%s: 'adjust' must be a function, got %s", where, tools.describe(adjust))
  end
  return adjust
end

---Adds snn.functional.extrap_<name>: X(0) and X(dt) from X(t).
---@param option? string of the law's constant
---@param end_? "prev"|"next" that a function of the options may change first
local function extrapolation(name, option, end_)
  local where = "extrap_" .. name
  functional[where] = function(sample, sample_at, prev, next, step_time, options)
    check_tensor(where, "sample", sample)
    check_value(where, "sample_at", sample_at)
    check_tensor(where, "prev", prev)
    check_tensor(where, "next", next)
    check_step_time(where, step_time)
    local c, adjust
    if option then c = constant(where, options, option)
    elseif end_ then adjust = read_adjust(where, options)
    else check_none(where, options) end
    if end_ == "prev" then prev = adjusted(where, adjust, prev) end
    if end_ == "next" then next = adjusted(where, adjust, next) end
    return tools.extrapolate(name, sample, sample_at, prev, next, step_time, c)
  end
end

extrapolation "previous"
extrapolation "next"
extrapolation "neighbors"
extrapolation "nearest"
extrapolation("linear_forward", nil, "prev")
extrapolation("linear_backward", nil, "next")
extrapolation("expdecay", "time_constant")
extrapolation("expratedecay", "rate_constant")

-- ------------------------------------------------------------- kernels

local KERNEL <const> = { "learning_rate", "time_constant" }

---learning_rate exp(-|diff| / time_constant) where `side` is true, else 0; NaN
---stays.
local function kernel(where, diff, options, side)
  check_tensor(where, "diff", diff)
  options = tools.options(where, options, KERNEL, KERNEL)
  check_value(where, "learning_rate", options.learning_rate)
  check_value(where, "time_constant", options.time_constant)
  local decay = (diff:abs() / -options.time_constant):exp()
  return decay * options.learning_rate * diff[side](diff, 0)
end

--- What a postsynaptic spike adds to a weight, by the time since a presynaptic one.
---
---     learning_rate exp(-diff / time_constant) where diff >= 0, else 0
---
--- It is the `kernel_post` of snn.KernelSTDP and its kin, with `kernel_post_kwargs` as options.
--- ```lua
--- local diff = snn.tensor { -10, 0, 10, 20 }
--- print(snn.functional.exp_stdp_post_kernel(diff, { learning_rate = 0.1, time_constant = 20 }))
--- ```
---@param diff snn.Tensor time of the postsynaptic spike less that of the presynaptic one, ms
---@param options { learning_rate: number, time_constant: number } time_constant in ms
---@return snn.Tensor
function functional.exp_stdp_post_kernel(diff, options)
  return kernel("exp_stdp_post_kernel", diff, options, "ge")
end

--- What a presynaptic spike adds to a weight, by the time since a postsynaptic one.
---
---     learning_rate exp(diff / time_constant) where diff < 0, else 0
---
--- It is the `kernel_pre` of snn.KernelSTDP and its kin, with `kernel_pre_kwargs` as options.
--- ```lua
--- local diff = snn.tensor { -20, -10, 0, 10 }
--- print(snn.functional.exp_stdp_pre_kernel(diff, { learning_rate = -0.1, time_constant = 20 }))
--- ```
---@param diff snn.Tensor time of the postsynaptic spike less that of the presynaptic one, ms
---@param options { learning_rate: number, time_constant: number } time_constant in ms
---@return snn.Tensor
function functional.exp_stdp_pre_kernel(diff, options)
  return kernel("exp_stdp_pre_kernel", diff, options, "lt")
end

-- Post and pre as they are here: what the kernel rules know in C.
tools.exp_kernels = { functional.exp_stdp_post_kernel, functional.exp_stdp_pre_kernel }
