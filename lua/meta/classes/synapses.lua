---@meta
-- Annotations of classes, their arguments, states and other fields, for editors
-- (LuaCATS). `make meta` writes this file from the classes themselves.
-- luacheck: ignore

---@class snn.AlphaCurrent.Args
---@field shape integer|integer[] shape of the inputs, without batch
---@field step_time number ms; length of a step (greater than 0)
--- ms; longest delay that can be selected; absent, false or 0: none (at least 0; default 0)
---@field delay? number
---@field batch_size? integer samples side by side (greater than 0; default 1)
---@field dtype? string real type of the currents (default "float32")
--- ms; how near to a step a selection counts as on it (at least 0; default 0)
---@field interp_tol? number
---@field current_overbound? any nA; current outside of the history; snn.none clamps
---@field spike_overbound? any spike outside of the history; snn.none clamps
---@field spike_charge number pC; charge that a spike carries (not 0)
---@field time_constant number ms; time from a spike to the greatest current (greater than 0)
--- what a selection of spikes between two steps gives (default "previous")
---@field spike_interp_mode? "previous"|"nearest"
--- the input's value scales the charge; false: any but 0 is one spike (default true)
---@field graded? boolean

--- A current that rises and decays as the alpha function.
---@class snn.AlphaCurrent: snn.Synapse, snn.AlphaCurrent.Args
---@overload fun(args: snn.AlphaCurrent.Args): snn.AlphaCurrent
--- nA; currents, newest first, (steps, batch, count) ((steps, B, inputs), newest first)
---@field current_ snn.Tensor
--- nA; newest currents as they are held, float64, or nil (float64; (B, shape...))
---@field current_fine snn.Tensor
--- nA; currents, newest first, (steps, batch, count) ((steps, B, inputs), newest first)
---@field rise_ snn.Tensor
--- nA; newest currents as they are held, float64, or nil (float64; (B, shape...))
---@field rise_fine snn.Tensor
snn.AlphaCurrent = {}

---@class snn.DeltaCurrent.Args
---@field shape integer|integer[] shape of the inputs, without batch
---@field step_time number ms; length of a step (greater than 0)
--- ms; longest delay that can be selected; absent, false or 0: none (at least 0; default 0)
---@field delay? number
---@field batch_size? integer samples side by side (greater than 0; default 1)
---@field dtype? string real type of the currents (default "float32")
--- ms; how near to a step a selection counts as on it (at least 0; default 0)
---@field interp_tol? number
---@field current_overbound? any nA; current outside of the history; snn.none clamps
---@field spike_overbound? any spike outside of the history; snn.none clamps
---@field spike_charge number pC; charge that a spike carries (not 0)
--- what a selection between two steps gives (default "previous")
---@field interp_mode? "previous"|"nearest"
--- the input's value scales the charge; false: any but 0 is one spike (default false)
---@field graded? boolean

--- A memoryless synapse: each spike is a current for one step.
---@class snn.DeltaCurrent: snn.Synapse, snn.DeltaCurrent.Args
---@overload fun(args: snn.DeltaCurrent.Args): snn.DeltaCurrent
--- nA; currents, newest first, (steps, batch, count) ((steps, B, inputs), newest first)
---@field current_? snn.Tensor
--- nA; newest currents as they are held, float64, or nil (float64; (B, shape...))
---@field current_fine? snn.Tensor
snn.DeltaCurrent = {}

---@class snn.DeltaPlusCurrent.Args
---@field shape integer|integer[] shape of the inputs, without batch
---@field step_time number ms; length of a step (greater than 0)
--- ms; longest delay that can be selected; absent, false or 0: none (at least 0; default 0)
---@field delay? number
---@field batch_size? integer samples side by side (greater than 0; default 1)
---@field dtype? string real type of the currents (default "float32")
--- ms; how near to a step a selection counts as on it (at least 0; default 0)
---@field interp_tol? number
---@field current_overbound? any nA; current outside of the history; snn.none clamps
---@field spike_overbound? any spike outside of the history; snn.none clamps
---@field spike_charge number pC; charge that a spike carries (not 0)
--- what a selection between two steps gives (default "previous")
---@field interp_mode? "previous"|"nearest"
--- the input's value scales the charge; false: any but 0 is one spike (default true)
---@field graded? boolean

--- Each spike is a current for one step; injected currents are added.
---@class snn.DeltaPlusCurrent: snn.Synapse, snn.DeltaPlusCurrent.Args
---@overload fun(args: snn.DeltaPlusCurrent.Args): snn.DeltaPlusCurrent
--- nA; currents, newest first, (steps, batch, count) ((steps, B, inputs), newest first)
---@field current_ snn.Tensor
--- nA; newest currents as they are held, float64, or nil (float64; (B, shape...))
---@field current_fine? snn.Tensor
snn.DeltaPlusCurrent = {}

---@class snn.DoubleExponentialCurrent.Args
---@field shape integer|integer[] shape of the inputs, without batch
---@field step_time number ms; length of a step (greater than 0)
--- ms; longest delay that can be selected; absent, false or 0: none (at least 0; default 0)
---@field delay? number
---@field batch_size? integer samples side by side (greater than 0; default 1)
---@field dtype? string real type of the currents (default "float32")
--- ms; how near to a step a selection counts as on it (at least 0; default 0)
---@field interp_tol? number
---@field current_overbound? any nA; current outside of the history; snn.none clamps
---@field spike_overbound? any spike outside of the history; snn.none clamps
---@field spike_charge number pC; charge that a spike carries (not 0)
---@field tc_decay number ms; time constant of the decay, at least tc_rise (greater than 0)
---@field tc_rise number ms; time constant of the rise (greater than 0; at most tc_decay)
--- what a selection of spikes between two steps gives (default "previous")
---@field spike_interp_mode? "previous"|"nearest"
--- the input's value scales the charge; false: any but 0 is one spike (default true)
---@field graded? boolean

--- A current that rises and decays exponentially after a spike.
---@class snn.DoubleExponentialCurrent: snn.Synapse, snn.DoubleExponentialCurrent.Args
---@overload fun(args: snn.DoubleExponentialCurrent.Args): snn.DoubleExponentialCurrent
--- nA; currents, newest first, (steps, batch, count) ((steps, B, inputs), newest first)
---@field current_ snn.Tensor
--- nA; newest currents as they are held, float64, or nil (float64; (B, shape...))
---@field current_fine snn.Tensor
--- nA; newest currents that decay by tc_rise, subtracted, nA ((B, shape...))
---@field neg_current snn.Tensor
---@field pos_current snn.Tensor nA; newest currents that decay by tc_decay, nA ((B, shape...))
--- nA; currents, newest first, (steps, batch, count) ((steps, B, inputs), newest first)
---@field rise_ snn.Tensor
--- nA; newest currents as they are held, float64, or nil (float64; (B, shape...))
---@field rise_fine snn.Tensor
snn.DoubleExponentialCurrent = {}

---@class snn.SingleExponentialCurrent.Args
---@field shape integer|integer[] shape of the inputs, without batch
---@field step_time number ms; length of a step (greater than 0)
--- ms; longest delay that can be selected; absent, false or 0: none (at least 0; default 0)
---@field delay? number
---@field batch_size? integer samples side by side (greater than 0; default 1)
---@field dtype? string real type of the currents (default "float32")
--- ms; how near to a step a selection counts as on it (at least 0; default 0)
---@field interp_tol? number
---@field current_overbound? any nA; current outside of the history; snn.none clamps
---@field spike_overbound? any spike outside of the history; snn.none clamps
---@field spike_charge number pC; charge that a spike carries (not 0)
---@field time_constant number ms; time constant of the decay (greater than 0)
--- what a selection of spikes between two steps gives (default "previous")
---@field spike_interp_mode? "previous"|"nearest"
--- the input's value scales the charge; false: any but 0 is one spike (default true)
---@field graded? boolean

--- A current that jumps at a spike and decays exponentially.
---@class snn.SingleExponentialCurrent: snn.Synapse, snn.SingleExponentialCurrent.Args
---@overload fun(args: snn.SingleExponentialCurrent.Args): snn.SingleExponentialCurrent
--- nA; currents, newest first, (steps, batch, count) ((steps, B, inputs), newest first)
---@field current_ snn.Tensor
--- nA; newest currents as they are held, float64, or nil (float64; (B, shape...))
---@field current_fine snn.Tensor
snn.SingleExponentialCurrent = {}

---@class snn.Synapse: snn.Module
---@field batchedshape integer[] shape with the batch in front (read-only)
---@field batchsz integer batch size; setting it clears
---@field count integer elements without batch (read-only)
---@field current snn.Tensor nA; newest currents, nA ((B, shape...); read-only)
---@field dt number step, ms
---@field spike snn.Tensor newest spikes, bool (bool; (B, shape...))
--- spikes, newest first, (steps, batch, count) (bool; (steps, B, inputs), newest first)
---@field spike_ snn.Tensor
snn.Synapse = {}

---@class snn.TsodyksMarkram.Args
---@field shape integer|integer[] shape of the inputs, without batch
---@field step_time number ms; length of a step (greater than 0)
--- ms; longest delay that can be selected; absent, false or 0: none (at least 0; default 0)
---@field delay? number
---@field batch_size? integer samples side by side (greater than 0; default 1)
---@field dtype? string real type of the currents (default "float32")
--- ms; how near to a step a selection counts as on it (at least 0; default 0)
---@field interp_tol? number
---@field current_overbound? any nA; current outside of the history; snn.none clamps
---@field spike_overbound? any spike outside of the history; snn.none clamps
---@field spike_charge number pC; charge that a spike carries which releases all resources (not 0)
---@field time_constant number ms; time constant of the current (greater than 0)
---@field tc_recovery number ms; time constant with which resources recover (greater than 0)
--- ms; time constant with which facilitation is lost; 0: there is none (at least 0; default 0)
---@field tc_facilitation? number
--- fraction of the resources that a first spike releases (greater than 0 and at most 1)
---@field utilization number
--- what a selection of spikes between two steps gives (default "previous")
---@field spike_interp_mode? "previous"|"nearest"
--- the input's value scales the charge; false: any but 0 is one spike (default true)
---@field graded? boolean

--- A current with short-term depression and facilitation.
---@class snn.TsodyksMarkram: snn.Synapse, snn.TsodyksMarkram.Args
---@overload fun(args: snn.TsodyksMarkram.Args): snn.TsodyksMarkram
--- nA; currents, newest first, (steps, batch, count) ((steps, B, inputs), newest first)
---@field current_ snn.Tensor
--- nA; newest currents as they are held, float64, or nil (float64; (B, shape...))
---@field current_fine snn.Tensor
--- what has recovered of what spikes release, as a fraction (float64; (B, shape...))
---@field resources snn.Tensor
---@field u snn.Tensor fraction that the last spike released, decayed since (float64; (B, shape...))
snn.TsodyksMarkram = {}
