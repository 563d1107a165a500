-- Functions on tensors that are made of their methods.
local snn, _, tools = ...

local function fail(kind, text, ...)
  error(snn.Error(kind, text:format(...)), 0)
end

local function check_bound(name, value)
  if value ~= nil and type(value) ~= "number" and not tools.is_tensor(value) then
    fail("TypeError", "rescale: '%s' must be a number or a tensor, got %s", name,
      tools.describe(value))
  end
end

--- Rescales linearly, so that the source's least element becomes `resmin` and
--- its greatest `resmax`; an absent one of these stays what it was. Where both
--- ends of the source are the same the result is NaN.
---
---     weights = snn.rescale(weights, 0, 0.3)
---@param data snn.Tensor
---@param resmin? number|snn.Tensor
---@param resmax? number|snn.Tensor
---@param options? { srcmin?: number, srcmax?: number, dim?: integer|integer[] } ends of the
---source, where they are not its extrema along `dim` (all dimensions when absent)
---@return snn.Tensor
function snn.rescale(data, resmin, resmax, options)
  if not tools.is_tensor(data) then
    fail("TypeError", "rescale: 'data' must be a tensor, got %s", tools.describe(data))
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
