---@meta
-- Annotations of classes, their arguments, states and other fields, for editors
-- (LuaCATS). `make meta` writes this file from the classes themselves.
-- luacheck: ignore

---@class snn.DirectEncoder.Args
---@field steps integer steps of a train (greater than 0)
---@field step_time number ms; length of a step (greater than 0)
---@field amplitude? number what an intensity of 1 is presented as (not 0; default 1)

--- Presents the intensities themselves in each step.
---@class snn.DirectEncoder: snn.Encoder, snn.DirectEncoder.Args
---@overload fun(args: snn.DirectEncoder.Args): snn.DirectEncoder
---@field dt number length of a step
snn.DirectEncoder = {}

---@class snn.Encoder: snn.Module
---@field duration number length of a train, ms (read-only)
snn.Encoder = {}

---@class snn.HomogeneousPoissonApproxEncoder.Args
---@field steps integer steps of a train (greater than 0)
---@field step_time number ms; length of a step (greater than 0)
---@field frequency number Hz; rate of an input of intensity 1 (at least 0)
---@field generator? any a snn.Generator of its own, which is part of its state

--- A spike in each step with the probability of its rate.
---@class snn.HomogeneousPoissonApproxEncoder: snn.Encoder, snn.HomogeneousPoissonApproxEncoder.Args
---@overload fun(args: snn.HomogeneousPoissonApproxEncoder.Args): snn.HomogeneousPoissonApproxEncoder
---@field dt number length of a step
snn.HomogeneousPoissonApproxEncoder = {}

---@class snn.HomogeneousPoissonEncoder.Args
---@field steps integer steps of a train (greater than 0)
---@field step_time number ms; length of a step (greater than 0)
---@field frequency number Hz; rate of an input of intensity 1 (at least 0)
---@field refrac? number ms; least time between two spikes; step_time when not given (at least 0)
--- whether the rate stays frequency * intensity with a refractory time (default true)
---@field compensate? boolean
---@field generator? any a snn.Generator of its own, which is part of its state

--- Spikes of a Poisson process with a refractory time.
---@class snn.HomogeneousPoissonEncoder: snn.Encoder, snn.HomogeneousPoissonEncoder.Args
---@overload fun(args: snn.HomogeneousPoissonEncoder.Args): snn.HomogeneousPoissonEncoder
---@field compensated boolean whether the rate stays frequency * intensity with a refractory time
---@field dt number length of a step
snn.HomogeneousPoissonEncoder = {}

---@class snn.LatencyEncoder.Args
---@field steps integer steps of a train (greater than 0)
---@field step_time number ms; length of a step (greater than 0)
--- how the time of a spike follows from the intensity (default "logarithmic")
---@field law? "logarithmic"|"linear"
--- ms; scale of the times; (steps - 1) step_time when not given (greater than 0)
---@field time_constant? number
---@field threshold? number only inputs above it spike (at least 0; default 0.01)
--- stretches the times so that a sample's latest spike is in the last step (default false)
---@field normalize? boolean

--- One spike of each input, the sooner the stronger it is.
---@class snn.LatencyEncoder: snn.Encoder, snn.LatencyEncoder.Args
---@overload fun(args: snn.LatencyEncoder.Args): snn.LatencyEncoder
---@field dt number length of a step
snn.LatencyEncoder = {}

---@class snn.PoissonIntervalEncoder.Args
---@field steps integer steps of a train (greater than 0)
---@field step_time number ms; length of a step (greater than 0)
---@field frequency number Hz; rate of an input of intensity 1 (at least 0)
---@field generator? any a snn.Generator of its own, which is part of its state

--- Spikes after Poisson distributed numbers of steps.
---@class snn.PoissonIntervalEncoder: snn.Encoder, snn.PoissonIntervalEncoder.Args
---@overload fun(args: snn.PoissonIntervalEncoder.Args): snn.PoissonIntervalEncoder
---@field dt number length of a step
snn.PoissonIntervalEncoder = {}

---@class snn.RankOrderEncoder.Args
---@field steps integer steps of a train (greater than 0)
---@field step_time number ms; length of a step (greater than 0)
---@field per_step? integer how many inputs of a sample spike in a step (greater than 0; default 1)

--- The inputs spike one after the other, the strongest first.
---@class snn.RankOrderEncoder: snn.Encoder, snn.RankOrderEncoder.Args
---@overload fun(args: snn.RankOrderEncoder.Args): snn.RankOrderEncoder
---@field dt number length of a step
snn.RankOrderEncoder = {}
