---@meta
-- Annotations of classes, their arguments, states and other fields, for editors
-- (LuaCATS). `make meta` writes this file from the classes themselves.
-- luacheck: ignore

---@class snn.DelayAdjustedKernelSTDP.Args
---@field kernel_post any function (t, kwargs), the change by a pair pre-post
---@field kernel_pre any function (t, kwargs), the change by a pair post-pre
---@field kernel_post_kwargs? any options of kernel_post
---@field kernel_pre_kwargs? any options of kernel_pre
--- a name, or a function (tensor, dim); absent: mean
---@field batch_reduction? "mean"|"sum"|"max"|"min"|function

--- Plasticity of weights by any function of the adjusted time.
---@class snn.DelayAdjustedKernelSTDP: snn.IndependentCellTrainer, snn.DelayAdjustedKernelSTDP.Args
---@overload fun(args: snn.DelayAdjustedKernelSTDP.Args): snn.DelayAdjustedKernelSTDP
snn.DelayAdjustedKernelSTDP = {}

---@class snn.DelayAdjustedKernelSTDPD.Args
---@field kernel_post any function (t, kwargs), the change by a pair pre-post
---@field kernel_pre any function (t, kwargs), the change by a pair post-pre
---@field kernel_post_kwargs? any options of kernel_post
---@field kernel_pre_kwargs? any options of kernel_pre
--- a name, or a function (tensor, dim); absent: mean
---@field batch_reduction? "mean"|"sum"|"max"|"min"|function

--- Plasticity of delays by any function of the adjusted time.
---@class snn.DelayAdjustedKernelSTDPD: snn.IndependentCellTrainer, snn.DelayAdjustedKernelSTDPD.Args
---@overload fun(args: snn.DelayAdjustedKernelSTDPD.Args): snn.DelayAdjustedKernelSTDPD
snn.DelayAdjustedKernelSTDPD = {}

---@class snn.DelayAdjustedMSTDP.Args
---@field lr_pos number learning rate of the first term
---@field lr_neg number learning rate of the second term
---@field tc_pos number ms; time constant of the first term (greater than 0)
---@field tc_neg number ms; time constant of the second term (greater than 0)
--- ms; how near to a step a delay counts as on it (at least 0; default 0)
---@field interp_tolerance? number
--- a name, or a function (tensor, dim); absent: sum
---@field batch_reduction? "mean"|"sum"|"max"|"min"|function

--- Modulated plasticity of weights with delays taken off.
---@class snn.DelayAdjustedMSTDP: snn.IndependentCellTrainer, snn.DelayAdjustedMSTDP.Args
---@overload fun(args: snn.DelayAdjustedMSTDP.Args): snn.DelayAdjustedMSTDP
snn.DelayAdjustedMSTDP = {}

---@class snn.DelayAdjustedMSTDPD.Args
---@field lr_pos number learning rate of the first term
---@field lr_neg number learning rate of the second term
---@field tc_pos number ms; time constant of the first term (greater than 0)
---@field tc_neg number ms; time constant of the second term (greater than 0)
--- ms; how near to a step a delay counts as on it (at least 0; default 0)
---@field interp_tolerance? number
--- a name, or a function (tensor, dim); absent: sum
---@field batch_reduction? "mean"|"sum"|"max"|"min"|function

--- Modulated plasticity of delays.
---@class snn.DelayAdjustedMSTDPD: snn.IndependentCellTrainer, snn.DelayAdjustedMSTDPD.Args
---@overload fun(args: snn.DelayAdjustedMSTDPD.Args): snn.DelayAdjustedMSTDPD
snn.DelayAdjustedMSTDPD = {}

---@class snn.DelayAdjustedSTDP.Args
---@field lr_pos number learning rate of the first term
---@field lr_neg number learning rate of the second term
---@field tc_pos number ms; time constant of the first term (greater than 0)
---@field tc_neg number ms; time constant of the second term (greater than 0)
--- ms; how near to a step a delay counts as on it (at least 0; default 0)
---@field interp_tolerance? number
--- a name, or a function (tensor, dim); absent: mean
---@field batch_reduction? "mean"|"sum"|"max"|"min"|function

--- Plasticity of weights with delays taken off.
---@class snn.DelayAdjustedSTDP: snn.IndependentCellTrainer, snn.DelayAdjustedSTDP.Args
---@overload fun(args: snn.DelayAdjustedSTDP.Args): snn.DelayAdjustedSTDP
snn.DelayAdjustedSTDP = {}

---@class snn.DelayAdjustedSTDPD.Args
---@field lr_pos number learning rate of the first term
---@field lr_neg number learning rate of the second term
---@field tc_pos number ms; time constant of the first term (greater than 0)
---@field tc_neg number ms; time constant of the second term (greater than 0)
--- ms; how near to a step a delay counts as on it (at least 0; default 0)
---@field interp_tolerance? number
--- a name, or a function (tensor, dim); absent: mean
---@field batch_reduction? "mean"|"sum"|"max"|"min"|function

--- Plasticity of delays.
---@class snn.DelayAdjustedSTDPD: snn.IndependentCellTrainer, snn.DelayAdjustedSTDPD.Args
---@overload fun(args: snn.DelayAdjustedSTDPD.Args): snn.DelayAdjustedSTDPD
snn.DelayAdjustedSTDPD = {}

---@class snn.KernelSTDP.Args
---@field kernel_post any function (t, kwargs), the change by a pair pre-post
---@field kernel_pre any function (t, kwargs), the change by a pair post-pre
---@field kernel_post_kwargs? any options of kernel_post
---@field kernel_pre_kwargs? any options of kernel_pre
---@field delayed? boolean learned delays may change (default false)
--- ms; how near to a step a delay counts as on it (at least 0; default 0)
---@field interp_tolerance? number
--- a name, or a function (tensor, dim); absent: mean
---@field batch_reduction? "mean"|"sum"|"max"|"min"|function

--- Plasticity by any function of the time between spikes.
---@class snn.KernelSTDP: snn.IndependentCellTrainer, snn.KernelSTDP.Args
---@overload fun(args: snn.KernelSTDP.Args): snn.KernelSTDP
snn.KernelSTDP = {}

---@class snn.LinearHomeostasis.Args
---@field plasticity number learning rate
---@field target? any spikes per step; rate of a neuron, a number or a tensor
---@field param? "weight"|"bias"|"delay" the parameter that is trained (default "weight")
--- a name, or a function (tensor, dim); absent: mean
---@field batch_reduction? "mean"|"sum"|"max"|"min"|function

--- Holds the rate of neurons at a target.
---@class snn.LinearHomeostasis: snn.IndependentCellTrainer, snn.LinearHomeostasis.Args
---@overload fun(args: snn.LinearHomeostasis.Args): snn.LinearHomeostasis
snn.LinearHomeostasis = {}

---@class snn.MSTDP.Args
---@field lr_post number learning rate of postsynaptic spikes
---@field lr_pre number learning rate of presynaptic spikes
---@field tc_post number ms; time constant of the postsynaptic trace (greater than 0)
---@field tc_pre number ms; time constant of the presynaptic trace (greater than 0)
--- ms; how near to a step a delay counts as on it (at least 0; default 0)
---@field interp_tolerance? number
--- whether spikes add to a trace or set it (default "cumulative")
---@field trace_mode? "cumulative"|"nearest"
---@field delayed? boolean learned delays may change (default false)
--- a name, or a function (tensor, dim); absent: sum
---@field batch_reduction? "mean"|"sum"|"max"|"min"|function

--- Pair-based plasticity, modulated by a signal.
---@class snn.MSTDP: snn.IndependentCellTrainer, snn.MSTDP.Args
---@overload fun(args: snn.MSTDP.Args): snn.MSTDP
snn.MSTDP = {}

---@class snn.MSTDPET.Args
---@field lr_post number learning rate of postsynaptic spikes
---@field lr_pre number learning rate of presynaptic spikes
---@field tc_post number ms; time constant of the postsynaptic trace (greater than 0)
---@field tc_pre number ms; time constant of the presynaptic trace (greater than 0)
--- ms; how near to a step a delay counts as on it (at least 0; default 0)
---@field interp_tolerance? number
--- whether spikes add to a trace or set it (default "cumulative")
---@field trace_mode? "cumulative"|"nearest"
---@field tc_eligibility number ms; time constant of the eligibility traces (greater than 0)
--- a name, or a function (tensor, dim); absent: sum
---@field batch_reduction? "mean"|"sum"|"max"|"min"|function

--- Modulated plasticity with eligibility traces.
---@class snn.MSTDPET: snn.IndependentCellTrainer, snn.MSTDPET.Args
---@overload fun(args: snn.MSTDPET.Args): snn.MSTDPET
snn.MSTDPET = {}

---@class snn.STDP.Args
---@field lr_post number learning rate of postsynaptic spikes
---@field lr_pre number learning rate of presynaptic spikes
---@field tc_post number ms; time constant of the postsynaptic trace (greater than 0)
---@field tc_pre number ms; time constant of the presynaptic trace (greater than 0)
--- ms; how near to a step a delay counts as on it (at least 0; default 0)
---@field interp_tolerance? number
--- whether spikes add to a trace or set it (default "cumulative")
---@field trace_mode? "cumulative"|"nearest"
---@field delayed? boolean learned delays may change (default false)
--- a name, or a function (tensor, dim); absent: mean
---@field batch_reduction? "mean"|"sum"|"max"|"min"|function

--- Pair-based spike-timing dependent plasticity.
---@class snn.STDP: snn.IndependentCellTrainer, snn.STDP.Args
---@overload fun(args: snn.STDP.Args): snn.STDP
snn.STDP = {}

---@class snn.StableSTDP.Args
---@field lr_post number learning rate of postsynaptic spikes
---@field lr_pre number learning rate of presynaptic spikes
---@field tc_post number ms; time constant of the postsynaptic trace (greater than 0)
---@field tc_pre number ms; time constant of the presynaptic trace (greater than 0)
--- ms; how near to a step a delay counts as on it (at least 0; default 0)
---@field interp_tolerance? number
--- whether spikes add to a trace or set it (default "cumulative")
---@field trace_mode? "cumulative"|"nearest"
---@field delayed? boolean learned delays may change (default false)
--- a name, or a function (tensor, dim); absent: mean
---@field batch_reduction? "mean"|"sum"|"max"|"min"|function

--- STDP whose traces have the amplitude 1.
---@class snn.StableSTDP: snn.IndependentCellTrainer, snn.StableSTDP.Args
---@overload fun(args: snn.StableSTDP.Args): snn.StableSTDP
snn.StableSTDP = {}

---@class snn.StableTripletSTDP.Args
---@field lr_post_pair number learning rate of pairs that end with a postsynaptic spike
---@field lr_post_triplet number learning rate of triplets post-pre-post
---@field lr_pre_pair number learning rate of pairs that end with a presynaptic spike
---@field lr_pre_triplet number learning rate of triplets pre-post-pre
--- ms; time constant of the fast postsynaptic trace (greater than 0; below tc_post_slow)
---@field tc_post_fast number
---@field tc_post_slow number ms; time constant of the slow postsynaptic trace (greater than 0)
--- ms; time constant of the fast presynaptic trace (greater than 0; below tc_pre_slow)
---@field tc_pre_fast number
---@field tc_pre_slow number ms; time constant of the slow presynaptic trace (greater than 0)
---@field delayed? boolean learned delays may change (default false)
--- ms; how near to a step a delay counts as on it (at least 0; default 0)
---@field interp_tolerance? number
--- whether spikes add to a trace or set it (default "cumulative")
---@field trace_mode? "cumulative"|"nearest"
--- whether a slow trace is read as a step before, or decayed to now (default "previous")
---@field slow_interp_mode? "previous"|"expdecay"
--- a name, or a function (tensor, dim); absent: mean
---@field batch_reduction? "mean"|"sum"|"max"|"min"|function

--- TripletSTDP whose traces have the amplitude 1.
---@class snn.StableTripletSTDP: snn.IndependentCellTrainer, snn.StableTripletSTDP.Args
---@overload fun(args: snn.StableTripletSTDP.Args): snn.StableTripletSTDP
snn.StableTripletSTDP = {}

---@class snn.TripletSTDP.Args
---@field lr_post_pair number learning rate of pairs that end with a postsynaptic spike
---@field lr_post_triplet number learning rate of triplets post-pre-post
---@field lr_pre_pair number learning rate of pairs that end with a presynaptic spike
---@field lr_pre_triplet number learning rate of triplets pre-post-pre
--- ms; time constant of the fast postsynaptic trace (greater than 0; below tc_post_slow)
---@field tc_post_fast number
---@field tc_post_slow number ms; time constant of the slow postsynaptic trace (greater than 0)
--- ms; time constant of the fast presynaptic trace (greater than 0; below tc_pre_slow)
---@field tc_pre_fast number
---@field tc_pre_slow number ms; time constant of the slow presynaptic trace (greater than 0)
---@field delayed? boolean learned delays may change (default false)
--- ms; how near to a step a delay counts as on it (at least 0; default 0)
---@field interp_tolerance? number
--- whether spikes add to a trace or set it (default "cumulative")
---@field trace_mode? "cumulative"|"nearest"
--- whether a slow trace is read as a step before, or decayed to now (default "previous")
---@field slow_interp_mode? "previous"|"expdecay"
--- a name, or a function (tensor, dim); absent: mean
---@field batch_reduction? "mean"|"sum"|"max"|"min"|function

--- Plasticity of pairs and triplets of spikes.
---@class snn.TripletSTDP: snn.IndependentCellTrainer, snn.TripletSTDP.Args
---@overload fun(args: snn.TripletSTDP.Args): snn.TripletSTDP
snn.TripletSTDP = {}

---@class snn.VogelsSTDP.Args
---@field lr number learning rate
---@field tc number ms; time constant of the traces (greater than 0)
---@field target_rate number Hz; rate that postsynaptic neurons are held at (at least 0)
--- ms; how near to a step a delay counts as on it (at least 0; default 0)
---@field interp_tolerance? number
--- whether spikes add to a trace or set it (default "cumulative")
---@field trace_mode? "cumulative"|"nearest"
---@field delayed? boolean learned delays may change (default false)
--- a name, or a function (tensor, dim); absent: mean
---@field batch_reduction? "mean"|"sum"|"max"|"min"|function

--- Inhibitory plasticity that holds a rate.
---@class snn.VogelsSTDP: snn.IndependentCellTrainer, snn.VogelsSTDP.Args
---@overload fun(args: snn.VogelsSTDP.Args): snn.VogelsSTDP
snn.VogelsSTDP = {}
