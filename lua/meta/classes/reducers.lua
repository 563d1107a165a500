---@meta
-- Annotations of classes, their arguments, states and other fields, for editors
-- (LuaCATS). `make meta` writes this file from the classes themselves.
-- luacheck: ignore

---@class snn.CAReducer.Args
---@field step_time number ms; time between two observations (greater than 0)
---@field duration? number ms; for how long states are kept (at least 0; default 0)
---@field inclusive? boolean keeps also the state `duration` ago (default false)

--- Keeps the mean of all observations.
---@class snn.CAReducer: snn.Reducer, snn.CAReducer.Args
---@overload fun(args: snn.CAReducer.Args): snn.CAReducer
---@field dt number time between two observations
snn.CAReducer = {}

---@class snn.ConditionalCumulativeTraceReducer.Args
---@field step_time number ms; time between two observations (greater than 0)
---@field duration? number ms; for how long states are kept (at least 0; default 0)
---@field inclusive? boolean keeps also the state `duration` ago (default false)
---@field time_constant number ms; of the decay (greater than 0)
---@field amplitude number added to a match
---@field scale number of the observation at a match

--- Keeps a trace of all matches of a condition, scaled.
---@class snn.ConditionalCumulativeTraceReducer: snn.Reducer, snn.ConditionalCumulativeTraceReducer.Args
---@overload fun(args: snn.ConditionalCumulativeTraceReducer.Args): snn.ConditionalCumulativeTraceReducer
---@field dt number time between two observations
snn.ConditionalCumulativeTraceReducer = {}

---@class snn.ConditionalNearestTraceReducer.Args
---@field step_time number ms; time between two observations (greater than 0)
---@field duration? number ms; for how long states are kept (at least 0; default 0)
---@field inclusive? boolean keeps also the state `duration` ago (default false)
---@field time_constant number ms; of the decay (greater than 0)
---@field amplitude number added to a match
---@field scale number of the observation at a match

--- Keeps a trace of the latest match of a condition, scaled.
---@class snn.ConditionalNearestTraceReducer: snn.Reducer, snn.ConditionalNearestTraceReducer.Args
---@overload fun(args: snn.ConditionalNearestTraceReducer.Args): snn.ConditionalNearestTraceReducer
---@field dt number time between two observations
snn.ConditionalNearestTraceReducer = {}

---@class snn.CumulativeTraceReducer.Args
---@field step_time number ms; time between two observations (greater than 0)
---@field duration? number ms; for how long states are kept (at least 0; default 0)
---@field inclusive? boolean keeps also the state `duration` ago (default false)
---@field time_constant number ms; of the decay (greater than 0)
---@field amplitude number of a match (not 0)
---@field target any what counts: true, a number or a tensor
--- greatest distance from the target; false: equality (greater than 0; default false)
---@field tolerance? number

--- Keeps a trace of all matches of a target.
---@class snn.CumulativeTraceReducer: snn.Reducer, snn.CumulativeTraceReducer.Args
---@overload fun(args: snn.CumulativeTraceReducer.Args): snn.CumulativeTraceReducer
---@field dt number time between two observations
snn.CumulativeTraceReducer = {}

---@class snn.EMAReducer.Args
---@field step_time number ms; time between two observations (greater than 0)
---@field duration? number ms; for how long states are kept (at least 0; default 0)
---@field inclusive? boolean keeps also the state `duration` ago (default false)
---@field alpha number weight of an observation, in [0, 1]

--- Keeps the exponential moving average.
---@class snn.EMAReducer: snn.Reducer, snn.EMAReducer.Args
---@overload fun(args: snn.EMAReducer.Args): snn.EMAReducer
---@field dt number time between two observations
snn.EMAReducer = {}

---@class snn.EligibilityTraceReducer.Args
---@field step_time number ms; time between two observations
---@field time_constant number ms; of the decay (greater than 0)
---@field obs_reshape function lines an observation up with the weight
---@field cond_reshape function lines a condition up with the weight
---@field duration? number ms; for how long states are kept (at least 0; default 0)
---@field inclusive? boolean keeps also the state `duration` ago (default true)

--- Keeps eligibilities: a decaying sum of two observations multiplied.
---@class snn.EligibilityTraceReducer: snn.FoldReducer, snn.EligibilityTraceReducer.Args
---@overload fun(args: snn.EligibilityTraceReducer.Args): snn.EligibilityTraceReducer
snn.EligibilityTraceReducer = {}

---@class snn.EventReducer.Args
---@field step_time number ms; time between two observations (greater than 0)
---@field duration? number ms; for how long states are kept (at least 0; default 0)
---@field inclusive? boolean keeps also the state `duration` ago (default false)
---@field criterion any function of an observation: where an event is
---@field initial? "inf"|"zero"|"nan" time before the first event (default "inf")

--- Keeps the time since a criterion was last met.
---@class snn.EventReducer: snn.Reducer, snn.EventReducer.Args
---@overload fun(args: snn.EventReducer.Args): snn.EventReducer
---@field dt number time between two observations
snn.EventReducer = {}

---@class snn.NearestTraceReducer.Args
---@field step_time number ms; time between two observations (greater than 0)
---@field duration? number ms; for how long states are kept (at least 0; default 0)
---@field inclusive? boolean keeps also the state `duration` ago (default false)
---@field time_constant number ms; of the decay (greater than 0)
---@field amplitude number of a match (not 0)
---@field target any what counts: true, a number or a tensor
--- greatest distance from the target; false: equality (greater than 0; default false)
---@field tolerance? number

--- Keeps a trace of the latest match of a target.
---@class snn.NearestTraceReducer: snn.Reducer, snn.NearestTraceReducer.Args
---@overload fun(args: snn.NearestTraceReducer.Args): snn.NearestTraceReducer
---@field dt number time between two observations
snn.NearestTraceReducer = {}

---@class snn.PassthroughReducer.Args
---@field step_time number ms; time between two observations (greater than 0)
---@field duration? number ms; for how long states are kept (at least 0; default 0)
---@field inclusive? boolean keeps also the state `duration` ago (default false)

--- Keeps observations as they are.
---@class snn.PassthroughReducer: snn.Reducer, snn.PassthroughReducer.Args
---@overload fun(args: snn.PassthroughReducer.Args): snn.PassthroughReducer
---@field dt number time between two observations
snn.PassthroughReducer = {}

---@class snn.RecordTensor.Args
---@field step_time number ms; time between two observations (greater than 0)
---@field duration? number ms; for how long states are kept (at least 0; default 0)
---@field inclusive? boolean keeps also the state `duration` ago (default false)
---@field fill? number what states before the first read as (default 0)

--- A history of tensors, read and written by places and times.
---@class snn.RecordTensor: snn.Reducer, snn.RecordTensor.Args
---@overload fun(args: snn.RecordTensor.Args): snn.RecordTensor
---@field dt number time between two observations
snn.RecordTensor = {}

---@class snn.Reducer: snn.Module
--- the states that are there, newest first, or nil (any; (steps, observed...), newest first)
---@field data? snn.Tensor
--- what rounding left of the newest state, of times the steps, or nil (any; as what is observed)
---@field fine? snn.Tensor
---@field latest? snn.Tensor the newest state, or nil (any; as what is observed; read-only)
---@field observed snn.Tensor observations since the clear (int64; one number)
---@field recordsz integer how many states are kept (read-only)
---@field shape? any of a state, nil before the first (read-only)
snn.Reducer = {}

---@class snn.ScaledCumulativeTraceReducer.Args
---@field step_time number ms; time between two observations (greater than 0)
---@field duration? number ms; for how long states are kept (at least 0; default 0)
---@field inclusive? boolean keeps also the state `duration` ago (default false)
---@field time_constant number ms; of the decay (greater than 0)
---@field amplitude number added to a match
---@field scale number of the observation at a match
---@field criterion? any function of an observation: where it counts; absent: not 0

--- Keeps a trace of all matches of a criterion, scaled.
---@class snn.ScaledCumulativeTraceReducer: snn.Reducer, snn.ScaledCumulativeTraceReducer.Args
---@overload fun(args: snn.ScaledCumulativeTraceReducer.Args): snn.ScaledCumulativeTraceReducer
---@field dt number time between two observations
snn.ScaledCumulativeTraceReducer = {}

---@class snn.ScaledNearestTraceReducer.Args
---@field step_time number ms; time between two observations (greater than 0)
---@field duration? number ms; for how long states are kept (at least 0; default 0)
---@field inclusive? boolean keeps also the state `duration` ago (default false)
---@field time_constant number ms; of the decay (greater than 0)
---@field amplitude number added to a match
---@field scale number of the observation at a match
---@field criterion? any function of an observation: where it counts; absent: not 0

--- Keeps a trace of the latest match of a criterion, scaled.
---@class snn.ScaledNearestTraceReducer: snn.Reducer, snn.ScaledNearestTraceReducer.Args
---@overload fun(args: snn.ScaledNearestTraceReducer.Args): snn.ScaledNearestTraceReducer
---@field dt number time between two observations
snn.ScaledNearestTraceReducer = {}
