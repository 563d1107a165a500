-- Functions on tensors that are made of their methods.
local snn, _, tools = ...

local SMALLEST_NORMAL <const> = { float32 = 0x1p-126, float64 = 0x1p-1022 }

---What decays: 0 below the smallest normal number, as the engine's own state
---(formula/fine.h), so that it ends. Tensors of whole numbers stay.
function tools.alive(t)
  local least = SMALLEST_NORMAL[t.dtype]
  return least and t:masked_fill(t:abs():lt(least), 0) or t
end

local function check_bound(name, value)
  if value ~= nil and type(value) ~= "number" and not tools.is_tensor(value) then
    tools.wrong_argument("rescale", name, "a number or a tensor", value)
  end
end

--- Rescales linearly, so that the least element becomes `resmin` and the greatest `resmax`.
--- Where these two are the same the result is NaN.
--- ```lua
--- local weights = snn.tensor { { 1, 2, 3 }, { 10, 20, 50 } }
--- print(snn.rescale(weights, 0, 0.3))
--- print(snn.rescale(weights, 0, 1, { dim = 2 })) -- each row by itself
--- ```
---@param data snn.Tensor
---@param resmin? number|snn.Tensor absent: the least element as it is
---@param resmax? number|snn.Tensor absent: the greatest element as it is
---@param options? { srcmin?: number|snn.Tensor, srcmax?: number|snn.Tensor,
---  dim?: integer|integer[] } srcmin and srcmax become resmin and resmax in place of the extrema
---  of data; those are along dim, over all elements when absent
---@return snn.Tensor
function snn.rescale(data, resmin, resmax, options)
  if not tools.is_tensor(data) then
    tools.wrong_argument("rescale", "data", "a tensor", data)
  end
  options = tools.options("rescale", options, { "srcmin", "srcmax", "dim" })
  check_bound("resmin", resmin)
  check_bound("resmax", resmax)
  check_bound("srcmin", options.srcmin)
  check_bound("srcmax", options.srcmax)
  local low = options.srcmin or data:amin(options.dim, true)
  local high = options.srcmax or data:amax(options.dim, true)
  local from, to = resmin or low, resmax or high
  return (data - low) * (to - from) / (high - low) + from
end

-- ------------------------------------------------------------- smoothing

local function check_tensor(where, name, value)
  if not tools.is_tensor(value) then
    tools.wrong_argument(where, name, "a tensor", value)
  end
end

local function check_state(where, name, value)
  if value ~= nil and not tools.is_tensor(value) then
    tools.wrong_argument(where, name, "a tensor or nil", value)
  end
end

local function check_factor(where, name, value)
  if type(value) ~= "number" and not tools.is_tensor(value) then
    tools.wrong_argument(where, name, "a number or a tensor", value)
  end
end

local HOLT <const> = { "alpha", "beta" }

local function smoothed(obs, level, factor)
  return tools.alive(obs * factor + level * (1 - factor))
end

--- One step of simple exponential smoothing, a running mean that forgets.
---
---     level' = alpha obs + (1 - alpha) level, obs at the first step
--- ```lua
--- local level
--- for _, rate in ipairs { 10, 12, 20 } do
---   level = snn.exponential_smoothing(snn.tensor { rate }, level, { alpha = 0.5 })
--- end
--- print(level)
--- ```
---@param obs snn.Tensor
---@param level snn.Tensor? the result of the step before; nil at the first
---@param options { alpha: number|snn.Tensor } what the new observation counts, from 0 to 1
---@return snn.Tensor level
function snn.exponential_smoothing(obs, level, options)
  local where = "exponential_smoothing"
  check_tensor(where, "obs", obs)
  check_state(where, "level", level)
  options = tools.options(where, options, { "alpha" }, { "alpha" })
  check_factor(where, "alpha", options.alpha)
  if level == nil then return obs:clone() end
  return smoothed(obs, level, options.alpha)
end

--- One step of Holt's linear smoothing, of what grows or falls steadily: a level and its trend a
--- step.
---
---     level' = alpha obs + (1 - alpha) (level + trend)
---     trend' = beta (level' - level) + (1 - beta) trend
---
--- At the first step it gives obs and no trend; at the second the trend before
--- is taken as obs - level.
--- ```lua
--- local level, trend
--- for _, rate in ipairs { 10, 12, 14, 18 } do
---   level, trend = snn.holt_linear_smoothing(snn.tensor { rate }, level, trend,
---     { alpha = 0.5, beta = 0.5 })
--- end
--- print(level, trend)
--- ```
---@param obs snn.Tensor
---@param level snn.Tensor? that of the step before; nil at the first
---@param trend snn.Tensor? that of the step before; nil where there is none yet
---@param options { alpha: number|snn.Tensor, beta: number|snn.Tensor } what the new observation
---  counts for the level, and the new slope for the trend, from 0 to 1
---@return snn.Tensor level
---@return snn.Tensor? trend
function snn.holt_linear_smoothing(obs, level, trend, options)
  local where = "holt_linear_smoothing"
  check_tensor(where, "obs", obs)
  check_state(where, "level", level)
  check_state(where, "trend", trend)
  options = tools.options(where, options, HOLT, HOLT)
  check_factor(where, "alpha", options.alpha)
  check_factor(where, "beta", options.beta)
  if level == nil then return obs:clone(), nil end
  trend = trend or obs - level
  local new = smoothed(obs, level + trend, options.alpha)
  return new, smoothed(new - level, trend, options.beta)
end
