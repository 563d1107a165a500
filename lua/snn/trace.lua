-- snn.trace: one step of a trace x of observations h, which decays in between.
-- Each is a function (obs, trace, options) that returns the new trace; `trace`
-- is nil before the first observation.
--
--   x' = d x, then where h matches: nearest     x' = A
--                                   cumulative  x' = x' + A
--
-- h matches where |h - target| <= tolerance, without a tolerance where
-- h = target; in the scaled ones where matchfn(h), with A + scale h for A. The
-- decay d is an option, in exp_... exp(-step_time / time_constant), in
-- exprate_... exp(-step_time rate_constant). d x below the smallest normal number
-- is 0, so that a trace ends.
local snn, _, tools = ...

snn.trace = {}

local fail = tools.fail

-- ------------------------------------------------------------- options

local function check_states(where, obs, trace)
  if not tools.is_tensor(obs) then
    tools.wrong_argument(where, "obs", "a tensor", obs)
  elseif trace ~= nil and not tools.is_tensor(trace) then
    tools.wrong_argument(where, "trace", "a tensor or nil", trace)
  end
end

---The options table, in which all of `needed` are numbers or tensors (a
---boolean too for `target`).
local function read(where, options, needed, optional)
  local known = table.move(optional, 1, #optional, #needed + 1, { table.unpack(needed) })
  options = tools.options(where, options, known, needed)
  for _, name in ipairs(needed) do
    local value = options[name]
    if name == "matchfn" then
      if type(value) ~= "function" then
        tools.wrong_argument(where, name, "a function", value)
      end
    elseif type(value) ~= "number" and not tools.is_tensor(value)
      and not (name == "target" and type(value) == "boolean") then
      tools.wrong_argument(where, name, "a number or a tensor", value)
    end
  end
  return options
end

---exp() of a number or a tensor.
local function exp(x) return type(x) == "number" and math.exp(x) or x:exp() end

-- where a function gets its decay from: names of options, law
local DECAYS <const> = {
  [""] = { names = { "decay" }, of = function(o) return o.decay end },
  exp_ = {
    names = { "step_time", "time_constant" },
    of = function(o) return exp(-o.step_time / o.time_constant) end,
  },
  exprate_ = {
    names = { "step_time", "rate_constant" },
    of = function(o) return exp(-o.step_time * o.rate_constant) end,
  },
}

-- ------------------------------------------------------------- laws

---Where the observation is the target, bool.
local function matched(where, obs, o)
  local tolerance, target = o.tolerance, o.target
  if tolerance == nil then return obs:eq(target) end
  if type(tolerance) ~= "number" and not tools.is_tensor(tolerance) then
    tools.wrong_argument(where, "tolerance", "a number or a tensor", tolerance)
  end
  if type(target) == "boolean" then target = target and 1 or 0 end
  if obs.dtype == "bool" then obs = obs:to("float32") end
  return (obs - target):abs():le(tolerance)
end

local function matched_by_function(where, obs, o)
  local mask = o.matchfn(obs)
  if not tools.is_tensor(mask) then
    fail("TypeError", "%s: 'matchfn' must return a tensor, got %s", where, tools.describe(mask))
  end
  return mask
end

---A real tensor of zeros for the trace before the first observation.
local function nothing(obs)
  return snn.zeros(obs.shape, { dtype = obs.dtype == "float64" and "float64" or "float32" })
end

local function nearest(mask, amplitude, decayed) return mask:where(amplitude, decayed) end

local function cumulative(mask, amplitude, decayed)
  return decayed + mask:where(amplitude, 0)
end

---Adds the functions of a law for the given kinds of decay.
local function define(name, kinds, needed, optional, match, law)
  for _, kind in ipairs(kinds) do
    local decay = DECAYS[kind]
    local names = table.move(needed, 1, #needed, #decay.names + 1, { table.unpack(decay.names) })
    local where = kind .. name
    snn.trace[where] = function(obs, trace, options)
      check_states(where, obs, trace)
      local o = read(where, options, names, optional)
      local decayed = trace and tools.alive(trace * decay.of(o)) or nothing(obs)
      local amplitude = o.amplitude
      if o.scale then amplitude = obs * o.scale + (amplitude or 0) end
      return law(match and match(where, obs, o), amplitude, decayed)
    end
  end
end

local ALL <const> = { "", "exp_", "exprate_" }
local MATCH <const>, SCALED <const> = { "amplitude", "target" }, { "amplitude", "scale", "matchfn" }

define("trace_nearest", ALL, MATCH, { "tolerance" }, matched, nearest)
define("trace_cumulative", ALL, MATCH, { "tolerance" }, matched, cumulative)
define("trace_nearest_scaled", ALL, SCALED, {}, matched_by_function, nearest)
define("trace_cumulative_scaled", ALL, SCALED, {}, matched_by_function, cumulative)
-- x' = d x + scale h
define("trace_cumulative_value", ALL, { "scale" }, {}, nil,
  function(_, amplitude, decayed) return decayed + amplitude end)
