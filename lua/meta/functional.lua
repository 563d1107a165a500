---@meta
-- Annotations of what is made from lists, for editors (LuaCATS): functions on
-- tensors. lua/snn/functional.lua, reduction.lua and trace.lua make them.
-- luacheck: ignore

-- ---- interpolation: D(t) between D(0) = prev and D(dt) = next ----

---@alias snn.time number|snn.Tensor from the previous step on, ms

--- D(t) = D(0)
---@param prev snn.Tensor
---@param next snn.Tensor
---@param sample_at snn.time
---@param step_time number ms
---@return snn.Tensor
function snn.functional.interp_previous(prev, next, sample_at, step_time) end
--- D(t) = D(dt)
---@param prev snn.Tensor
---@param next snn.Tensor
---@param sample_at snn.time
---@param step_time number ms
---@return snn.Tensor
function snn.functional.interp_next(prev, next, sample_at, step_time) end
--- The nearer step; of two as near the previous.
---@param prev snn.Tensor
---@param next snn.Tensor
---@param sample_at snn.time
---@param step_time number ms
---@return snn.Tensor
function snn.functional.interp_nearest(prev, next, sample_at, step_time) end
--- D(t) = D(0) + (D(dt) - D(0)) t / dt
---@param prev snn.Tensor
---@param next snn.Tensor
---@param sample_at snn.time
---@param step_time number ms
---@return snn.Tensor
function snn.functional.interp_linear(prev, next, sample_at, step_time) end
--- D(t) = D(0) exp(-t / time_constant)
---@param prev snn.Tensor
---@param next snn.Tensor
---@param sample_at snn.time
---@param step_time number ms
---@param options { time_constant: number|snn.Tensor } ms
---@return snn.Tensor
function snn.functional.interp_expdecay(prev, next, sample_at, step_time, options) end
--- D(t) = D(0) exp(-rate_constant t)
---@param prev snn.Tensor
---@param next snn.Tensor
---@param sample_at snn.time
---@param step_time number ms
---@param options { rate_constant: number|snn.Tensor } 1 / ms
---@return snn.Tensor
function snn.functional.interp_expratedecay(prev, next, sample_at, step_time, options) end

-- ---- extrapolation: X(0) and X(dt) from the sample X(t) ----

--- X(0) = X(t), X(dt) = D(dt)
---@param sample snn.Tensor
---@param sample_at snn.time
---@param prev snn.Tensor D(0)
---@param next snn.Tensor D(dt)
---@param step_time number ms
---@return snn.Tensor, snn.Tensor
function snn.functional.extrap_previous(sample, sample_at, prev, next, step_time) end
--- X(0) = D(0), X(dt) = X(t)
---@param sample snn.Tensor
---@param sample_at snn.time
---@param prev snn.Tensor D(0)
---@param next snn.Tensor D(dt)
---@param step_time number ms
---@return snn.Tensor, snn.Tensor
function snn.functional.extrap_next(sample, sample_at, prev, next, step_time) end
--- Both are X(t).
---@param sample snn.Tensor
---@param sample_at snn.time
---@param prev snn.Tensor D(0)
---@param next snn.Tensor D(dt)
---@param step_time number ms
---@return snn.Tensor, snn.Tensor
function snn.functional.extrap_neighbors(sample, sample_at, prev, next, step_time) end
--- X(t) at the nearer step, of two as near the previous; D at the other one.
---@param sample snn.Tensor
---@param sample_at snn.time
---@param prev snn.Tensor D(0)
---@param next snn.Tensor D(dt)
---@param step_time number ms
---@return snn.Tensor, snn.Tensor
function snn.functional.extrap_nearest(sample, sample_at, prev, next, step_time) end
--- The line through X(0) = adjust(D(0)) and X(t); no number at t = 0.
---@param sample snn.Tensor
---@param sample_at snn.time
---@param prev snn.Tensor D(0)
---@param next snn.Tensor D(dt)
---@param step_time number ms
---@param options? { adjust?: fun(prev: snn.Tensor): snn.Tensor }
---@return snn.Tensor, snn.Tensor
function snn.functional.extrap_linear_forward(sample, sample_at, prev, next, step_time, options) end
--- The line through X(t) and X(dt) = adjust(D(dt)); no number at t = dt.
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
---@param sample snn.Tensor
---@param sample_at snn.time
---@param prev snn.Tensor D(0)
---@param next snn.Tensor D(dt)
---@param step_time number ms
---@param options { time_constant: number|snn.Tensor } ms
---@return snn.Tensor, snn.Tensor
function snn.functional.extrap_expdecay(sample, sample_at, prev, next, step_time, options) end
--- The same with rate_constant = 1 / time_constant.
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

--- The sum.
---@param data snn.Tensor
---@param dim? snn.dims
---@param keepdim? boolean
---@return snn.Tensor
function snn.functional.sum(data, dim, keepdim) end
--- The sum of what is no NaN.
---@param data snn.Tensor
---@param dim? snn.dims
---@param keepdim? boolean
---@return snn.Tensor
function snn.functional.nansum(data, dim, keepdim) end
--- The sum divided by denom (1): a part of a mean over more than is there.
---@param data snn.Tensor
---@param dim? snn.dims
---@param keepdim? boolean
---@param options? { denom?: number|snn.Tensor }
---@return snn.Tensor
function snn.functional.divsum(data, dim, keepdim, options) end
--- The same of what is no NaN.
---@param data snn.Tensor
---@param dim? snn.dims
---@param keepdim? boolean
---@param options? { denom?: number|snn.Tensor }
---@return snn.Tensor
function snn.functional.nandivsum(data, dim, keepdim, options) end
--- The least element.
---@param data snn.Tensor
---@param dim? snn.dims
---@param keepdim? boolean
---@return snn.Tensor
function snn.functional.min(data, dim, keepdim) end
--- The element nearest to 0, with its sign; of two as near the positive one.
---@param data snn.Tensor
---@param dim? snn.dims
---@param keepdim? boolean
---@return snn.Tensor
function snn.functional.absmin(data, dim, keepdim) end
--- The greatest element.
---@param data snn.Tensor
---@param dim? snn.dims
---@param keepdim? boolean
---@return snn.Tensor
function snn.functional.max(data, dim, keepdim) end
--- The element farthest from 0, with its sign; of two as far the positive one.
---@param data snn.Tensor
---@param dim? snn.dims
---@param keepdim? boolean
---@return snn.Tensor
function snn.functional.absmax(data, dim, keepdim) end
--- The mean.
---@param data snn.Tensor
---@param dim? snn.dims
---@param keepdim? boolean
---@return snn.Tensor
function snn.functional.mean(data, dim, keepdim) end
--- The mean of what is no NaN; NaN where nothing is left.
---@param data snn.Tensor
---@param dim? snn.dims
---@param keepdim? boolean
---@return snn.Tensor
function snn.functional.nanmean(data, dim, keepdim) end
--- The element at rank q (n - 1), q = 0.5; NaN where there is one.
---@param data snn.Tensor
---@param dim? snn.dims
---@param keepdim? boolean
---@param options? snn.quantile_options
---@return snn.Tensor
function snn.functional.quantile(data, dim, keepdim, options) end
--- The same of what is no NaN; NaN where nothing is left.
---@param data snn.Tensor
---@param dim? snn.dims
---@param keepdim? boolean
---@param options? snn.quantile_options
---@return snn.Tensor
function snn.functional.nanquantile(data, dim, keepdim, options) end
--- The middle element, the mean of two.
---@param data snn.Tensor
---@param dim? snn.dims
---@param keepdim? boolean
---@return snn.Tensor
function snn.functional.median(data, dim, keepdim) end
--- The same of what is no NaN.
---@param data snn.Tensor
---@param dim? snn.dims
---@param keepdim? boolean
---@return snn.Tensor
function snn.functional.nanmedian(data, dim, keepdim) end
--- The geometric mean of what is not 0; 0 where nothing is left.
---@param data snn.Tensor
---@param dim? snn.dims
---@param keepdim? boolean
---@return snn.Tensor
function snn.functional.geomean(data, dim, keepdim) end
--- The geometric mean of what is neither 0 nor NaN; 0 where nothing is left.
---@param data snn.Tensor
---@param dim? snn.dims
---@param keepdim? boolean
---@return snn.Tensor
function snn.functional.nangeomean(data, dim, keepdim) end

-- ---- traces: x' = d x, then where h matches x' = A (nearest) or x' = x' + A ----

--- Those of them that a function needs.
---@class snn.trace_options
---@field decay? number|snn.Tensor d; of exp_... and exprate_... the next three instead
---@field step_time? number ms
---@field time_constant? number|snn.Tensor ms
---@field rate_constant? number|snn.Tensor 1 / ms
---@field amplitude? number|snn.Tensor A
---@field target? number|boolean|snn.Tensor
---@field tolerance? number|snn.Tensor how far from the target still matches; absent: 0
---@field scale? number|snn.Tensor
---@field matchfn? fun(obs: snn.Tensor): snn.Tensor

--- where obs is the target; d = decay
---@param obs snn.Tensor
---@param trace snn.Tensor? nil before the first observation
---@param options snn.trace_options
---@return snn.Tensor
function snn.trace.trace_nearest(obs, trace, options) end
--- where obs is the target; d = exp(-step_time / time_constant)
---@param obs snn.Tensor
---@param trace snn.Tensor? nil before the first observation
---@param options snn.trace_options
---@return snn.Tensor
function snn.trace.exp_trace_nearest(obs, trace, options) end
--- where obs is the target; d = exp(-step_time rate_constant)
---@param obs snn.Tensor
---@param trace snn.Tensor? nil before the first observation
---@param options snn.trace_options
---@return snn.Tensor
function snn.trace.exprate_trace_nearest(obs, trace, options) end
--- where obs is the target; d = decay
---@param obs snn.Tensor
---@param trace snn.Tensor? nil before the first observation
---@param options snn.trace_options
---@return snn.Tensor
function snn.trace.trace_cumulative(obs, trace, options) end
--- where obs is the target; d = exp(-step_time / time_constant)
---@param obs snn.Tensor
---@param trace snn.Tensor? nil before the first observation
---@param options snn.trace_options
---@return snn.Tensor
function snn.trace.exp_trace_cumulative(obs, trace, options) end
--- where obs is the target; d = exp(-step_time rate_constant)
---@param obs snn.Tensor
---@param trace snn.Tensor? nil before the first observation
---@param options snn.trace_options
---@return snn.Tensor
function snn.trace.exprate_trace_cumulative(obs, trace, options) end
--- A = amplitude + scale obs where matchfn(obs); d = decay
---@param obs snn.Tensor
---@param trace snn.Tensor? nil before the first observation
---@param options snn.trace_options
---@return snn.Tensor
function snn.trace.trace_nearest_scaled(obs, trace, options) end
--- A = amplitude + scale obs where matchfn(obs); d = exp(-step_time / time_constant)
---@param obs snn.Tensor
---@param trace snn.Tensor? nil before the first observation
---@param options snn.trace_options
---@return snn.Tensor
function snn.trace.exp_trace_nearest_scaled(obs, trace, options) end
--- A = amplitude + scale obs where matchfn(obs); d = exp(-step_time rate_constant)
---@param obs snn.Tensor
---@param trace snn.Tensor? nil before the first observation
---@param options snn.trace_options
---@return snn.Tensor
function snn.trace.exprate_trace_nearest_scaled(obs, trace, options) end
--- A = amplitude + scale obs where matchfn(obs); d = decay
---@param obs snn.Tensor
---@param trace snn.Tensor? nil before the first observation
---@param options snn.trace_options
---@return snn.Tensor
function snn.trace.trace_cumulative_scaled(obs, trace, options) end
--- A = amplitude + scale obs where matchfn(obs); d = exp(-step_time / time_constant)
---@param obs snn.Tensor
---@param trace snn.Tensor? nil before the first observation
---@param options snn.trace_options
---@return snn.Tensor
function snn.trace.exp_trace_cumulative_scaled(obs, trace, options) end
--- A = amplitude + scale obs where matchfn(obs); d = exp(-step_time rate_constant)
---@param obs snn.Tensor
---@param trace snn.Tensor? nil before the first observation
---@param options snn.trace_options
---@return snn.Tensor
function snn.trace.exprate_trace_cumulative_scaled(obs, trace, options) end
--- x' = d x + scale obs; d = decay
---@param obs snn.Tensor
---@param trace snn.Tensor? nil before the first observation
---@param options snn.trace_options
---@return snn.Tensor
function snn.trace.trace_cumulative_value(obs, trace, options) end
--- x' = d x + scale obs; d = exp(-step_time / time_constant)
---@param obs snn.Tensor
---@param trace snn.Tensor? nil before the first observation
---@param options snn.trace_options
---@return snn.Tensor
function snn.trace.exp_trace_cumulative_value(obs, trace, options) end
--- x' = d x + scale obs; d = exp(-step_time rate_constant)
---@param obs snn.Tensor
---@param trace snn.Tensor? nil before the first observation
---@param options snn.trace_options
---@return snn.Tensor
function snn.trace.exprate_trace_cumulative_value(obs, trace, options) end

-- ---- encoders as functions: rates in Hz to spikes (steps, batch, ...), or an
-- iterator over the steps ----

--- Poisson processes with a refractory time.
---@param inputs snn.Tensor Hz
---@param steps integer
---@param step_time number ms
---@param options? { refrac?: number, compensate?: boolean, generator?: snn.Generator }
---@return snn.Tensor bool
function snn.functional.homogeneous_poisson_exp_interval(inputs, steps, step_time, options) end

--- Poisson processes with a refractory time.
---@param inputs snn.Tensor Hz
---@param steps integer
---@param step_time number ms
---@param options? { refrac?: number, compensate?: boolean, generator?: snn.Generator }
---@return fun(): snn.Tensor?
function snn.functional.homogeneous_poisson_exp_interval_online(inputs, steps, step_time,
  options) end

--- A spike in each step with the probability of its rate.
---@param inputs snn.Tensor Hz
---@param steps integer
---@param step_time number ms
---@param options? { generator?: snn.Generator }
---@return snn.Tensor bool
function snn.functional.homogenous_poisson_bernoulli_approx(inputs, steps, step_time, options) end

--- A spike in each step with the probability of its rate.
---@param inputs snn.Tensor Hz
---@param steps integer
---@param step_time number ms
---@param options? { generator?: snn.Generator }
---@return fun(): snn.Tensor?
function snn.functional.homogenous_poisson_bernoulli_approx_online(inputs, steps, step_time,
  options) end

--- Intervals of Poisson distributed numbers of steps.
---@param inputs snn.Tensor Hz
---@param steps integer
---@param step_time number ms
---@param options? { generator?: snn.Generator }
---@return snn.Tensor bool
function snn.functional.poisson_interval(inputs, steps, step_time, options) end

--- Intervals of Poisson distributed numbers of steps.
---@param inputs snn.Tensor Hz
---@param steps integer
---@param step_time number ms
---@param options? { generator?: snn.Generator }
---@return fun(): snn.Tensor?
function snn.functional.poisson_interval_online(inputs, steps, step_time, options) end
