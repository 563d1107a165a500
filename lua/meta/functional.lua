---@meta
-- Annotations of what is made from lists, for editors (LuaCATS): functions on
-- tensors. lua/snn/functional.lua, reduction.lua and trace.lua make them.
-- luacheck: ignore

--- Laws and reductions as functions of tensors: what models and reducers are made of.
--- ```lua
--- print(snn.functional.mean(snn.tensor { { 1, 3 }, { 5, 7 } }, 1))
--- ```
---@class snn.functional
snn.functional = {}

-- ---- interpolation: D(t) between D(0) = prev and D(dt) = next ----

---@alias snn.time number|snn.Tensor from the previous step on, ms

--- D(t) = D(0)
--- ```lua
--- local before, after = snn.tensor { 1, 4 }, snn.tensor { 3, 8 }
--- print(snn.functional.interp_previous(before, after, 0.25, 1))
--- ```
---@param prev snn.Tensor
---@param next snn.Tensor
---@param sample_at snn.time
---@param step_time number ms
---@return snn.Tensor
function snn.functional.interp_previous(prev, next, sample_at, step_time) end
--- D(t) = D(dt)
--- ```lua
--- local before, after = snn.tensor { 1, 4 }, snn.tensor { 3, 8 }
--- print(snn.functional.interp_next(before, after, 0.25, 1))
--- ```
---@param prev snn.Tensor
---@param next snn.Tensor
---@param sample_at snn.time
---@param step_time number ms
---@return snn.Tensor
function snn.functional.interp_next(prev, next, sample_at, step_time) end
--- The nearer step; of two as near the previous.
--- ```lua
--- local before, after = snn.tensor { 1, 4 }, snn.tensor { 3, 8 }
--- print(snn.functional.interp_nearest(before, after, 0.25, 1))
--- ```
---@param prev snn.Tensor
---@param next snn.Tensor
---@param sample_at snn.time
---@param step_time number ms
---@return snn.Tensor
function snn.functional.interp_nearest(prev, next, sample_at, step_time) end
--- D(t) = D(0) + (D(dt) - D(0)) t / dt
--- ```lua
--- local before, after = snn.tensor { 1, 4 }, snn.tensor { 3, 8 }
--- print(snn.functional.interp_linear(before, after, 0.25, 1))
--- ```
---@param prev snn.Tensor
---@param next snn.Tensor
---@param sample_at snn.time
---@param step_time number ms
---@return snn.Tensor
function snn.functional.interp_linear(prev, next, sample_at, step_time) end
--- D(t) = D(0) exp(-t / time_constant)
--- ```lua
--- local before, after = snn.tensor { 1, 4 }, snn.tensor { 3, 8 }
--- print(snn.functional.interp_expdecay(before, after, 0.25, 1, { time_constant = 10 }))
--- ```
---@param prev snn.Tensor
---@param next snn.Tensor
---@param sample_at snn.time
---@param step_time number ms
---@param options { time_constant: number|snn.Tensor } ms
---@return snn.Tensor
function snn.functional.interp_expdecay(prev, next, sample_at, step_time, options) end
--- D(t) = D(0) exp(-rate_constant t)
--- ```lua
--- local before, after = snn.tensor { 1, 4 }, snn.tensor { 3, 8 }
--- print(snn.functional.interp_expratedecay(before, after, 0.25, 1, { rate_constant = 0.1 }))
--- ```
---@param prev snn.Tensor
---@param next snn.Tensor
---@param sample_at snn.time
---@param step_time number ms
---@param options { rate_constant: number|snn.Tensor } 1 / ms
---@return snn.Tensor
function snn.functional.interp_expratedecay(prev, next, sample_at, step_time, options) end

-- ---- extrapolation: X(0) and X(dt) from the sample X(t) ----

--- X(0) = X(t), X(dt) = D(dt)
--- ```lua
--- local before, after = snn.tensor { 1, 4 }, snn.tensor { 3, 8 }
--- print(snn.functional.extrap_previous(snn.tensor { 2, 5 }, 0.25, before, after, 1))
--- ```
---@param sample snn.Tensor
---@param sample_at snn.time
---@param prev snn.Tensor D(0)
---@param next snn.Tensor D(dt)
---@param step_time number ms
---@return snn.Tensor, snn.Tensor
function snn.functional.extrap_previous(sample, sample_at, prev, next, step_time) end
--- X(0) = D(0), X(dt) = X(t)
--- ```lua
--- local before, after = snn.tensor { 1, 4 }, snn.tensor { 3, 8 }
--- print(snn.functional.extrap_next(snn.tensor { 2, 5 }, 0.25, before, after, 1))
--- ```
---@param sample snn.Tensor
---@param sample_at snn.time
---@param prev snn.Tensor D(0)
---@param next snn.Tensor D(dt)
---@param step_time number ms
---@return snn.Tensor, snn.Tensor
function snn.functional.extrap_next(sample, sample_at, prev, next, step_time) end
--- Both are X(t).
--- ```lua
--- local before, after = snn.tensor { 1, 4 }, snn.tensor { 3, 8 }
--- print(snn.functional.extrap_neighbors(snn.tensor { 2, 5 }, 0.25, before, after, 1))
--- ```
---@param sample snn.Tensor
---@param sample_at snn.time
---@param prev snn.Tensor D(0)
---@param next snn.Tensor D(dt)
---@param step_time number ms
---@return snn.Tensor, snn.Tensor
function snn.functional.extrap_neighbors(sample, sample_at, prev, next, step_time) end
--- X(t) at the nearer step, of two as near the previous; D at the other one.
--- ```lua
--- local before, after = snn.tensor { 1, 4 }, snn.tensor { 3, 8 }
--- print(snn.functional.extrap_nearest(snn.tensor { 2, 5 }, 0.25, before, after, 1))
--- ```
---@param sample snn.Tensor
---@param sample_at snn.time
---@param prev snn.Tensor D(0)
---@param next snn.Tensor D(dt)
---@param step_time number ms
---@return snn.Tensor, snn.Tensor
function snn.functional.extrap_nearest(sample, sample_at, prev, next, step_time) end
--- The line through X(0) = adjust(D(0)) and X(t); no number at t = 0.
--- ```lua
--- local before, after = snn.tensor { 1, 4 }, snn.tensor { 3, 8 }
--- print(snn.functional.extrap_linear_forward(snn.tensor { 2, 5 }, 0.25, before, after, 1))
--- ```
---@param sample snn.Tensor
---@param sample_at snn.time
---@param prev snn.Tensor D(0)
---@param next snn.Tensor D(dt)
---@param step_time number ms
---@param options? { adjust?: fun(prev: snn.Tensor): snn.Tensor }
---@return snn.Tensor, snn.Tensor
function snn.functional.extrap_linear_forward(sample, sample_at, prev, next, step_time, options) end
--- The line through X(t) and X(dt) = adjust(D(dt)); no number at t = dt.
--- ```lua
--- local before, after = snn.tensor { 1, 4 }, snn.tensor { 3, 8 }
--- print(snn.functional.extrap_linear_backward(snn.tensor { 2, 5 }, 0.25, before, after, 1))
--- ```
---@param sample snn.Tensor
---@param sample_at snn.time
---@param prev snn.Tensor D(0)
---@param next snn.Tensor D(dt)
---@param step_time number ms
---@param options? { adjust?: fun(next: snn.Tensor): snn.Tensor }
---@return snn.Tensor, snn.Tensor
function snn.functional.extrap_linear_backward(sample, sample_at, prev, next, step_time,
  options)
end
--- X(0) = X(t) exp(t / time_constant), X(dt) = X(t) exp((t - dt) / time_constant)
--- ```lua
--- local before, after = snn.tensor { 1, 4 }, snn.tensor { 3, 8 }
--- print(snn.functional.extrap_expdecay(snn.tensor { 2, 5 }, 0.25, before, after, 1,
---   { time_constant = 10 }))
--- ```
---@param sample snn.Tensor
---@param sample_at snn.time
---@param prev snn.Tensor D(0)
---@param next snn.Tensor D(dt)
---@param step_time number ms
---@param options { time_constant: number|snn.Tensor } ms
---@return snn.Tensor, snn.Tensor
function snn.functional.extrap_expdecay(sample, sample_at, prev, next, step_time, options) end
--- The same with rate_constant = 1 / time_constant.
--- ```lua
--- local before, after = snn.tensor { 1, 4 }, snn.tensor { 3, 8 }
--- print(snn.functional.extrap_expratedecay(snn.tensor { 2, 5 }, 0.25, before, after, 1,
---   { rate_constant = 0.1 }))
--- ```
---@param sample snn.Tensor
---@param sample_at snn.time
---@param prev snn.Tensor D(0)
---@param next snn.Tensor D(dt)
---@param step_time number ms
---@param options { rate_constant: number|snn.Tensor } 1 / ms
---@return snn.Tensor, snn.Tensor
function snn.functional.extrap_expratedecay(sample, sample_at, prev, next, step_time, options) end

-- ---- reductions along dim, a dimension or a list of them, or of all elements ----

---@alias snn.dims integer|integer[]
---@alias snn.rank_mode "linear"|"lower"|"higher"|"nearest"|"midpoint"
---@alias snn.quantile_options { q?: number, interpolation?: snn.rank_mode }

--- All elements added up.
--- ```lua
--- local data = snn.tensor { { 1, -2, 4 }, { 2, 8, 0 / 0 } }
--- print(snn.functional.sum(data, 2))
--- ```
---@param data snn.Tensor
---@param dim? snn.dims
---@param keepdim? boolean
---@return snn.Tensor
function snn.functional.sum(data, dim, keepdim) end
--- The sum of what is no NaN.
--- ```lua
--- local data = snn.tensor { { 1, -2, 4 }, { 2, 8, 0 / 0 } }
--- print(snn.functional.nansum(data, 2))
--- ```
---@param data snn.Tensor
---@param dim? snn.dims
---@param keepdim? boolean
---@return snn.Tensor
function snn.functional.nansum(data, dim, keepdim) end
--- The sum divided by denom (1): a part of a mean over more than is there.
--- ```lua
--- local data = snn.tensor { { 1, -2, 4 }, { 2, 8, 0 / 0 } }
--- print(snn.functional.divsum(data, 2))
--- ```
---@param data snn.Tensor
---@param dim? snn.dims
---@param keepdim? boolean
---@param options? { denom?: number|snn.Tensor }
---@return snn.Tensor
function snn.functional.divsum(data, dim, keepdim, options) end
--- The sum divided by denom (1) of what is no NaN.
--- ```lua
--- local data = snn.tensor { { 1, -2, 4 }, { 2, 8, 0 / 0 } }
--- print(snn.functional.nandivsum(data, 2))
--- ```
---@param data snn.Tensor
---@param dim? snn.dims
---@param keepdim? boolean
---@param options? { denom?: number|snn.Tensor }
---@return snn.Tensor
function snn.functional.nandivsum(data, dim, keepdim, options) end
--- The least element.
--- ```lua
--- local data = snn.tensor { { 1, -2, 4 }, { 2, 8, 0 / 0 } }
--- print(snn.functional.min(data, 2))
--- ```
---@param data snn.Tensor
---@param dim? snn.dims
---@param keepdim? boolean
---@return snn.Tensor
function snn.functional.min(data, dim, keepdim) end
--- The element nearest to 0, with its sign; of two as near the positive one.
--- ```lua
--- local data = snn.tensor { { 1, -2, 4 }, { 2, 8, 0 / 0 } }
--- print(snn.functional.absmin(data, 2))
--- ```
---@param data snn.Tensor
---@param dim? snn.dims
---@param keepdim? boolean
---@return snn.Tensor
function snn.functional.absmin(data, dim, keepdim) end
--- The greatest element.
--- ```lua
--- local data = snn.tensor { { 1, -2, 4 }, { 2, 8, 0 / 0 } }
--- print(snn.functional.max(data, 2))
--- ```
---@param data snn.Tensor
---@param dim? snn.dims
---@param keepdim? boolean
---@return snn.Tensor
function snn.functional.max(data, dim, keepdim) end
--- The element farthest from 0, with its sign; of two as far the positive one.
--- ```lua
--- local data = snn.tensor { { 1, -2, 4 }, { 2, 8, 0 / 0 } }
--- print(snn.functional.absmax(data, 2))
--- ```
---@param data snn.Tensor
---@param dim? snn.dims
---@param keepdim? boolean
---@return snn.Tensor
function snn.functional.absmax(data, dim, keepdim) end
--- The sum over the number of elements.
--- ```lua
--- local data = snn.tensor { { 1, -2, 4 }, { 2, 8, 0 / 0 } }
--- print(snn.functional.mean(data, 2))
--- ```
---@param data snn.Tensor
---@param dim? snn.dims
---@param keepdim? boolean
---@return snn.Tensor
function snn.functional.mean(data, dim, keepdim) end
--- The mean of what is no NaN; NaN where nothing is left.
--- ```lua
--- local data = snn.tensor { { 1, -2, 4 }, { 2, 8, 0 / 0 } }
--- print(snn.functional.nanmean(data, 2))
--- ```
---@param data snn.Tensor
---@param dim? snn.dims
---@param keepdim? boolean
---@return snn.Tensor
function snn.functional.nanmean(data, dim, keepdim) end
--- The element at rank q (n - 1), q = 0.5; NaN where there is one.
--- ```lua
--- local data = snn.tensor { { 1, -2, 4 }, { 2, 8, 0 / 0 } }
--- print(snn.functional.quantile(data, 2))
--- ```
---@param data snn.Tensor
---@param dim? snn.dims
---@param keepdim? boolean
---@param options? snn.quantile_options
---@return snn.Tensor
function snn.functional.quantile(data, dim, keepdim, options) end
--- The element at rank q (n - 1) of what is no NaN; NaN where nothing is left.
--- ```lua
--- local data = snn.tensor { { 1, -2, 4 }, { 2, 8, 0 / 0 } }
--- print(snn.functional.nanquantile(data, 2))
--- ```
---@param data snn.Tensor
---@param dim? snn.dims
---@param keepdim? boolean
---@param options? snn.quantile_options
---@return snn.Tensor
function snn.functional.nanquantile(data, dim, keepdim, options) end
--- The middle element, the mean of two.
--- ```lua
--- local data = snn.tensor { { 1, -2, 4 }, { 2, 8, 0 / 0 } }
--- print(snn.functional.median(data, 2))
--- ```
---@param data snn.Tensor
---@param dim? snn.dims
---@param keepdim? boolean
---@return snn.Tensor
function snn.functional.median(data, dim, keepdim) end
--- The middle element of what is no NaN.
--- ```lua
--- local data = snn.tensor { { 1, -2, 4 }, { 2, 8, 0 / 0 } }
--- print(snn.functional.nanmedian(data, 2))
--- ```
---@param data snn.Tensor
---@param dim? snn.dims
---@param keepdim? boolean
---@return snn.Tensor
function snn.functional.nanmedian(data, dim, keepdim) end
--- The geometric mean of what is not 0; 0 where nothing is left.
--- ```lua
--- local data = snn.tensor { { 1, -2, 4 }, { 2, 8, 0 / 0 } }
--- print(snn.functional.geomean(data, 2))
--- ```
---@param data snn.Tensor
---@param dim? snn.dims
---@param keepdim? boolean
---@return snn.Tensor
function snn.functional.geomean(data, dim, keepdim) end
--- The geometric mean of what is neither 0 nor NaN; 0 where nothing is left.
--- ```lua
--- local data = snn.tensor { { 1, -2, 4 }, { 2, 8, 0 / 0 } }
--- print(snn.functional.nangeomean(data, 2))
--- ```
---@param data snn.Tensor
---@param dim? snn.dims
---@param keepdim? boolean
---@return snn.Tensor
function snn.functional.nangeomean(data, dim, keepdim) end
