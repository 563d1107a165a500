---@meta
-- Annotations of snn.trace (lua/snn/trace.lua), for editors (LuaCATS) and for help.
-- luacheck: ignore

--- Traces of past events, one step at a time: each function takes an observation and the trace
--- so far, nil before the first, and gives the next trace. They are what reducers keep, for
--- models of your own.
---
--- Where an observation matches, `nearest` sets the trace to the amplitude, so that the latest
--- event alone counts, and `cumulative` adds it, so that all do. `scaled` takes the amplitude
--- from the observation, `value` adds the observation itself. What is left after a step is told
--- as a factor (`decay`), by a time constant (exp_...) or by a rate (exprate_...).
--- ```lua
--- local trace
--- for _, spike in ipairs { 1, 0, 0, 1 } do
---   trace = snn.trace.exp_trace_cumulative(snn.tensor { spike }, trace,
---     { step_time = 1, time_constant = 20, amplitude = 1, target = 1 })
--- end
--- print(trace)
--- ```
---@class snn.trace
snn.trace = {}

--- The next trace of the latest event alone, which decays by a factor a step. It is `amplitude`
--- where the observation is the target, elsewhere what is left of the old one.
---
---     x' = amplitude where |obs - target| <= tolerance, else decay x
--- ```lua
--- local obs, trace = snn.tensor { 1, 0 }, snn.tensor { 0.5, 0.5 }
--- print(snn.trace.trace_nearest(obs, trace, { decay = 0.5, amplitude = 1, target = 1 }))
--- ```
---@param obs snn.Tensor
---@param trace snn.Tensor? x, nil before the first observation: 0
---@param options { decay: number|snn.Tensor, amplitude: number|snn.Tensor, target:
---  number|boolean|snn.Tensor, tolerance?: number|snn.Tensor } decay (the part that is left after
---  a step), amplitude, target, tolerance (0 when absent)
---@return snn.Tensor trace x'
function snn.trace.trace_nearest(obs, trace, options) end

--- The next trace of the latest event alone, which decays by a time constant. It is `amplitude`
--- where the observation is the target, elsewhere what is left of the old one.
---
---     x' = amplitude where |obs - target| <= tolerance, else d x
---     d = exp(-step_time / time_constant)
--- ```lua
--- local obs, trace = snn.tensor { 1, 0 }, snn.tensor { 0.5, 0.5 }
--- print(snn.trace.exp_trace_nearest(obs, trace,
---   { step_time = 1, time_constant = 20, amplitude = 1, target = 1 }))
--- ```
---@param obs snn.Tensor
---@param trace snn.Tensor? x, nil before the first observation: 0
---@param options { step_time: number, time_constant: number|snn.Tensor, amplitude:
---  number|snn.Tensor, target: number|boolean|snn.Tensor, tolerance?: number|snn.Tensor }
---  step_time and time_constant (ms), amplitude, target, tolerance (0 when absent)
---@return snn.Tensor trace x'
function snn.trace.exp_trace_nearest(obs, trace, options) end

--- The next trace of the latest event alone, which decays by a rate. It is `amplitude` where
--- the observation is the target, elsewhere what is left of the old one.
---
---     x' = amplitude where |obs - target| <= tolerance, else d x
---     d = exp(-step_time rate_constant)
--- ```lua
--- local obs, trace = snn.tensor { 1, 0 }, snn.tensor { 0.5, 0.5 }
--- print(snn.trace.exprate_trace_nearest(obs, trace,
---   { step_time = 1, rate_constant = 0.05, amplitude = 1, target = 1 }))
--- ```
---@param obs snn.Tensor
---@param trace snn.Tensor? x, nil before the first observation: 0
---@param options { step_time: number, rate_constant: number|snn.Tensor, amplitude:
---  number|snn.Tensor, target: number|boolean|snn.Tensor, tolerance?: number|snn.Tensor }
---  step_time (ms), rate_constant (1 / ms), amplitude, target, tolerance (0 when absent)
---@return snn.Tensor trace x'
function snn.trace.exprate_trace_nearest(obs, trace, options) end

--- The next trace of all events, which decays by a factor a step. It is what is left of the old
--- one, and `amplitude` more where the observation is the target.
---
---     x' = decay x, + amplitude where |obs - target| <= tolerance
--- ```lua
--- local obs, trace = snn.tensor { 1, 0 }, snn.tensor { 0.5, 0.5 }
--- print(snn.trace.trace_cumulative(obs, trace, { decay = 0.5, amplitude = 1, target = 1 }))
--- ```
---@param obs snn.Tensor
---@param trace snn.Tensor? x, nil before the first observation: 0
---@param options { decay: number|snn.Tensor, amplitude: number|snn.Tensor, target:
---  number|boolean|snn.Tensor, tolerance?: number|snn.Tensor } decay (the part that is left after
---  a step), amplitude, target, tolerance (0 when absent)
---@return snn.Tensor trace x'
function snn.trace.trace_cumulative(obs, trace, options) end

--- The next trace of all events, which decays by a time constant. It is what is left of the old
--- one, and `amplitude` more where the observation is the target.
---
---     x' = d x, + amplitude where |obs - target| <= tolerance
---     d = exp(-step_time / time_constant)
--- ```lua
--- local obs, trace = snn.tensor { 1, 0 }, snn.tensor { 0.5, 0.5 }
--- print(snn.trace.exp_trace_cumulative(obs, trace,
---   { step_time = 1, time_constant = 20, amplitude = 1, target = 1 }))
--- ```
---@param obs snn.Tensor
---@param trace snn.Tensor? x, nil before the first observation: 0
---@param options { step_time: number, time_constant: number|snn.Tensor, amplitude:
---  number|snn.Tensor, target: number|boolean|snn.Tensor, tolerance?: number|snn.Tensor }
---  step_time and time_constant (ms), amplitude, target, tolerance (0 when absent)
---@return snn.Tensor trace x'
function snn.trace.exp_trace_cumulative(obs, trace, options) end

--- The next trace of all events, which decays by a rate. It is what is left of the old one, and
--- `amplitude` more where the observation is the target.
---
---     x' = d x, + amplitude where |obs - target| <= tolerance
---     d = exp(-step_time rate_constant)
--- ```lua
--- local obs, trace = snn.tensor { 1, 0 }, snn.tensor { 0.5, 0.5 }
--- print(snn.trace.exprate_trace_cumulative(obs, trace,
---   { step_time = 1, rate_constant = 0.05, amplitude = 1, target = 1 }))
--- ```
---@param obs snn.Tensor
---@param trace snn.Tensor? x, nil before the first observation: 0
---@param options { step_time: number, rate_constant: number|snn.Tensor, amplitude:
---  number|snn.Tensor, target: number|boolean|snn.Tensor, tolerance?: number|snn.Tensor }
---  step_time (ms), rate_constant (1 / ms), amplitude, target, tolerance (0 when absent)
---@return snn.Tensor trace x'
function snn.trace.exprate_trace_cumulative(obs, trace, options) end

--- The next trace of the latest event alone and its size, which decays by a factor a step. It
--- is amplitude + scale obs where `matchfn` says that the observation counts, elsewhere what is
--- left of the old one.
---
---     x' = amplitude + scale obs where matchfn(obs), else decay x
--- ```lua
--- local obs, trace = snn.tensor { 3, 1 }, snn.tensor { 0.5, 0.5 }
--- print(snn.trace.trace_nearest_scaled(obs, trace,
---   { decay = 0.5, amplitude = 0.5, scale = 2,
---     matchfn = function(obs) return obs:gt(1) end }))
--- ```
---@param obs snn.Tensor
---@param trace snn.Tensor? x, nil before the first observation: 0
---@param options { decay: number|snn.Tensor, amplitude: number|snn.Tensor, scale:
---  number|snn.Tensor, matchfn: fun(obs: snn.Tensor): snn.Tensor } decay (the part that is left
---  after a step), amplitude, scale, matchfn (gives a tensor of bool)
---@return snn.Tensor trace x'
function snn.trace.trace_nearest_scaled(obs, trace, options) end

--- The next trace of the latest event alone and its size, which decays by a time constant. It
--- is amplitude + scale obs where `matchfn` says that the observation counts, elsewhere what is
--- left of the old one.
---
---     x' = amplitude + scale obs where matchfn(obs), else d x
---     d = exp(-step_time / time_constant)
--- ```lua
--- local obs, trace = snn.tensor { 3, 1 }, snn.tensor { 0.5, 0.5 }
--- print(snn.trace.exp_trace_nearest_scaled(obs, trace,
---   { step_time = 1, time_constant = 20, amplitude = 0.5, scale = 2,
---     matchfn = function(obs) return obs:gt(1) end }))
--- ```
---@param obs snn.Tensor
---@param trace snn.Tensor? x, nil before the first observation: 0
---@param options { step_time: number, time_constant: number|snn.Tensor, amplitude:
---  number|snn.Tensor, scale: number|snn.Tensor, matchfn: fun(obs: snn.Tensor): snn.Tensor }
---  step_time and time_constant (ms), amplitude, scale, matchfn (gives a tensor of bool)
---@return snn.Tensor trace x'
function snn.trace.exp_trace_nearest_scaled(obs, trace, options) end

--- The next trace of the latest event alone and its size, which decays by a rate. It is
--- amplitude + scale obs where `matchfn` says that the observation counts, elsewhere what is
--- left of the old one.
---
---     x' = amplitude + scale obs where matchfn(obs), else d x
---     d = exp(-step_time rate_constant)
--- ```lua
--- local obs, trace = snn.tensor { 3, 1 }, snn.tensor { 0.5, 0.5 }
--- print(snn.trace.exprate_trace_nearest_scaled(obs, trace,
---   { step_time = 1, rate_constant = 0.05, amplitude = 0.5, scale = 2,
---     matchfn = function(obs) return obs:gt(1) end }))
--- ```
---@param obs snn.Tensor
---@param trace snn.Tensor? x, nil before the first observation: 0
---@param options { step_time: number, rate_constant: number|snn.Tensor, amplitude:
---  number|snn.Tensor, scale: number|snn.Tensor, matchfn: fun(obs: snn.Tensor): snn.Tensor }
---  step_time (ms), rate_constant (1 / ms), amplitude, scale, matchfn (gives a tensor of bool)
---@return snn.Tensor trace x'
function snn.trace.exprate_trace_nearest_scaled(obs, trace, options) end

--- The next trace of all events and their sizes, which decays by a factor a step. It is what is
--- left of the old one, and amplitude + scale obs more where `matchfn` says that the
--- observation counts.
---
---     x' = decay x, + amplitude + scale obs where matchfn(obs)
--- ```lua
--- local obs, trace = snn.tensor { 3, 1 }, snn.tensor { 0.5, 0.5 }
--- print(snn.trace.trace_cumulative_scaled(obs, trace,
---   { decay = 0.5, amplitude = 0.5, scale = 2,
---     matchfn = function(obs) return obs:gt(1) end }))
--- ```
---@param obs snn.Tensor
---@param trace snn.Tensor? x, nil before the first observation: 0
---@param options { decay: number|snn.Tensor, amplitude: number|snn.Tensor, scale:
---  number|snn.Tensor, matchfn: fun(obs: snn.Tensor): snn.Tensor } decay (the part that is left
---  after a step), amplitude, scale, matchfn (gives a tensor of bool)
---@return snn.Tensor trace x'
function snn.trace.trace_cumulative_scaled(obs, trace, options) end

--- The next trace of all events and their sizes, which decays by a time constant. It is what is
--- left of the old one, and amplitude + scale obs more where `matchfn` says that the
--- observation counts.
---
---     x' = d x, + amplitude + scale obs where matchfn(obs)
---     d = exp(-step_time / time_constant)
--- ```lua
--- local obs, trace = snn.tensor { 3, 1 }, snn.tensor { 0.5, 0.5 }
--- print(snn.trace.exp_trace_cumulative_scaled(obs, trace,
---   { step_time = 1, time_constant = 20, amplitude = 0.5, scale = 2,
---     matchfn = function(obs) return obs:gt(1) end }))
--- ```
---@param obs snn.Tensor
---@param trace snn.Tensor? x, nil before the first observation: 0
---@param options { step_time: number, time_constant: number|snn.Tensor, amplitude:
---  number|snn.Tensor, scale: number|snn.Tensor, matchfn: fun(obs: snn.Tensor): snn.Tensor }
---  step_time and time_constant (ms), amplitude, scale, matchfn (gives a tensor of bool)
---@return snn.Tensor trace x'
function snn.trace.exp_trace_cumulative_scaled(obs, trace, options) end

--- The next trace of all events and their sizes, which decays by a rate. It is what is left of
--- the old one, and amplitude + scale obs more where `matchfn` says that the observation
--- counts.
---
---     x' = d x, + amplitude + scale obs where matchfn(obs)
---     d = exp(-step_time rate_constant)
--- ```lua
--- local obs, trace = snn.tensor { 3, 1 }, snn.tensor { 0.5, 0.5 }
--- print(snn.trace.exprate_trace_cumulative_scaled(obs, trace,
---   { step_time = 1, rate_constant = 0.05, amplitude = 0.5, scale = 2,
---     matchfn = function(obs) return obs:gt(1) end }))
--- ```
---@param obs snn.Tensor
---@param trace snn.Tensor? x, nil before the first observation: 0
---@param options { step_time: number, rate_constant: number|snn.Tensor, amplitude:
---  number|snn.Tensor, scale: number|snn.Tensor, matchfn: fun(obs: snn.Tensor): snn.Tensor }
---  step_time (ms), rate_constant (1 / ms), amplitude, scale, matchfn (gives a tensor of bool)
---@return snn.Tensor trace x'
function snn.trace.exprate_trace_cumulative_scaled(obs, trace, options) end

--- The next trace of graded observations, such as currents, which decays by a factor a step. It
--- is what is left of the old one and all of what is observed, scaled.
---
---     x' = decay x + scale obs
--- ```lua
--- local obs, trace = snn.tensor { 3, 1 }, snn.tensor { 0.5, 0.5 }
--- print(snn.trace.trace_cumulative_value(obs, trace, { decay = 0.5, scale = 2 }))
--- ```
---@param obs snn.Tensor
---@param trace snn.Tensor? x, nil before the first observation: 0
---@param options { decay: number|snn.Tensor, scale: number|snn.Tensor } decay (the part that is
---  left after a step), scale
---@return snn.Tensor trace x'
function snn.trace.trace_cumulative_value(obs, trace, options) end

--- The next trace of graded observations, such as currents, which decays by a time constant. It
--- is what is left of the old one and all of what is observed, scaled.
---
---     x' = d x + scale obs
---     d = exp(-step_time / time_constant)
--- ```lua
--- local obs, trace = snn.tensor { 3, 1 }, snn.tensor { 0.5, 0.5 }
--- print(snn.trace.exp_trace_cumulative_value(obs, trace,
---   { step_time = 1, time_constant = 20, scale = 2 }))
--- ```
---@param obs snn.Tensor
---@param trace snn.Tensor? x, nil before the first observation: 0
---@param options { step_time: number, time_constant: number|snn.Tensor, scale: number|snn.Tensor
---  } step_time and time_constant (ms), scale
---@return snn.Tensor trace x'
function snn.trace.exp_trace_cumulative_value(obs, trace, options) end

--- The next trace of graded observations, such as currents, which decays by a rate. It is what
--- is left of the old one and all of what is observed, scaled.
---
---     x' = d x + scale obs
---     d = exp(-step_time rate_constant)
--- ```lua
--- local obs, trace = snn.tensor { 3, 1 }, snn.tensor { 0.5, 0.5 }
--- print(snn.trace.exprate_trace_cumulative_value(obs, trace,
---   { step_time = 1, rate_constant = 0.05, scale = 2 }))
--- ```
---@param obs snn.Tensor
---@param trace snn.Tensor? x, nil before the first observation: 0
---@param options { step_time: number, rate_constant: number|snn.Tensor, scale: number|snn.Tensor
---  } step_time (ms), rate_constant (1 / ms), scale
---@return snn.Tensor trace x'
function snn.trace.exprate_trace_cumulative_value(obs, trace, options) end
