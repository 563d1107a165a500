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

---Adds snn.functional.interp_<name>: law(prev, next, sample_at, step_time,
---constant), the constant from the option of that name.
local function interpolation(name, option, law)
  local where = "interp_" .. name
  functional[where] = function(prev, next, sample_at, step_time, options)
    check_tensor(where, "prev", prev)
    check_tensor(where, "next", next)
    check_value(where, "sample_at", sample_at)
    check_step_time(where, step_time)
    if not option then check_none(where, options) end
    local c = option and constant(where, options, option)
    return law(prev, next, sample_at, step_time, c)
  end
end

---exp() of a number or a tensor.
local function exp(x) return type(x) == "number" and math.exp(x) or x:exp() end

---What a condition chooses, a number being a condition for all elements.
local function choose(value, limit, above, otherwise)
  if type(value) == "number" then return (value > limit and above or otherwise):clone() end
  return value:gt(limit):where(above, otherwise)
end

-- D(t) = D(0)
interpolation("previous", nil, function(prev) return prev:clone() end)

-- D(t) = D(dt)
interpolation("next", nil, function(_, next) return next:clone() end)

-- the nearer step; of two as near the previous
interpolation("nearest", nil, function(prev, next, sample_at, step_time)
  return choose(sample_at / step_time, 0.5, next, prev)
end)

-- D(t) = D(0) + (D(dt) - D(0)) t / dt
interpolation("linear", nil, function(prev, next, sample_at, step_time)
  if prev.dtype == "bool" then prev = prev:to("float32") end
  return prev + (next - prev) / step_time * sample_at
end)

-- D(t) = D(0) exp(-t / time_constant)
interpolation("expdecay", "time_constant", function(prev, _, sample_at, _, time_constant)
  return prev * exp(-sample_at / time_constant)
end)

-- D(t) = D(0) exp(-rate_constant t)
interpolation("expratedecay", "rate_constant", function(prev, _, sample_at, _, rate_constant)
  return prev * exp(-sample_at * rate_constant)
end)

-- ------------------------------------------------------------- extrapolation

local function check_adjust(where, options)
  options = tools.options(where, options, { "adjust" })
  local adjust = options.adjust
  if adjust ~= nil and type(adjust) ~= "function" then
    fail("TypeError", "%s: 'adjust' must be a function, got %s", where, tools.describe(adjust))
  end
  return function(tensor)
    if not adjust then return tensor:clone() end
    local adjusted = adjust(tensor)
    if not tools.is_tensor(adjusted) then
      fail("TypeError", "%s: 'adjust' must return a tensor, got %s", where,
        tools.describe(adjusted))
    end
    return adjusted
  end
end

---Adds snn.functional.extrap_<name>: law(sample, sample_at, prev, next,
---step_time, constant) gives X(0) and X(dt) from X(t).
local function extrapolation(name, read_options, law)
  local where = "extrap_" .. name
  functional[where] = function(sample, sample_at, prev, next, step_time, options)
    check_tensor(where, "sample", sample)
    check_value(where, "sample_at", sample_at)
    check_tensor(where, "prev", prev)
    check_tensor(where, "next", next)
    check_step_time(where, step_time)
    return law(sample, sample_at, prev, next, step_time, read_options(where, options))
  end
end

local function option_of(name)
  return function(where, options) return constant(where, options, name) end
end

-- X(0) = X(t), X(dt) = D(dt)
extrapolation("previous", check_none, function(sample, _, _, next)
  return sample:clone(), next:clone()
end)

-- X(0) = D(0), X(dt) = X(t)
extrapolation("next", check_none, function(sample, _, prev)
  return prev:clone(), sample:clone()
end)

-- both are X(t)
extrapolation("neighbors", check_none, function(sample)
  return sample:clone(), sample:clone()
end)

-- X(t) at the nearer step, of two as near the previous; what was there at the
-- other one
extrapolation("nearest", check_none, function(sample, sample_at, prev, next, step_time)
  local half = step_time / 2
  return choose(sample_at, half, prev, sample), choose(sample_at, half, sample, next)
end)

-- the line through X(0) = adjust(D(0)) and X(t)
extrapolation("linear_forward", check_adjust,
  function(sample, sample_at, prev, _, step_time, adjust)
    prev = adjust(prev)
    return prev, prev + (sample - prev) / sample_at * step_time
  end)

-- the line through X(t) and X(dt) = adjust(D(dt))
extrapolation("linear_backward", check_adjust,
  function(sample, sample_at, _, next, step_time, adjust)
    next = adjust(next)
    return next - (next - sample) / (step_time - sample_at) * step_time, next
  end)

-- X(0) = X(t) exp(t / time_constant), X(dt) = X(t) exp((t - dt) / time_constant)
extrapolation("expdecay", option_of "time_constant",
  function(sample, sample_at, _, _, step_time, c)
    return sample * exp(sample_at / c), sample * exp((sample_at - step_time) / c)
  end)

-- the same with rate_constant = 1 / time_constant
extrapolation("expratedecay", option_of "rate_constant",
  function(sample, sample_at, _, _, step_time, c)
    return sample * exp(sample_at * c), sample * exp((sample_at - step_time) * c)
  end)

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

--- What a postsynaptic spike adds to a weight: learning_rate
--- exp(-diff / time_constant) where diff >= 0, else 0.
---@param diff snn.Tensor time of the postsynaptic spike less that of the presynaptic one, ms
---@param options { learning_rate: number, time_constant: number } time_constant in ms
---@return snn.Tensor
function functional.exp_stdp_post_kernel(diff, options)
  return kernel("exp_stdp_post_kernel", diff, options, "ge")
end

--- What a presynaptic spike adds to a weight: learning_rate
--- exp(diff / time_constant) where diff < 0, else 0.
---@param diff snn.Tensor time of the postsynaptic spike less that of the presynaptic one, ms
---@param options { learning_rate: number, time_constant: number } time_constant in ms
---@return snn.Tensor
function functional.exp_stdp_pre_kernel(diff, options)
  return kernel("exp_stdp_pre_kernel", diff, options, "lt")
end

-- Post and pre as they are here: what the kernel rules know in C.
tools.exp_kernels = { functional.exp_stdp_post_kernel, functional.exp_stdp_pre_kernel }
