---@meta
-- Annotations of classes, their arguments, states and other fields, for editors
-- (LuaCATS). `make meta` writes this file from the classes themselves.
-- luacheck: ignore

---@class snn.ALIF.Args
---@field shape integer|integer[] sizes of the group, without the batch
---@field step_time number ms; length of a step (greater than 0)
---@field batch_size? integer samples side by side (greater than 0; default 1)
---@field dtype? string float32 or float64 (default "float32")
--- input counts and the voltage moves in the refractory time (default false)
---@field refrac_input? boolean
---@field rest_v number|snn.Tensor mV; resting voltage
---@field reset_v number|snn.Tensor mV; voltage after a spike (below thresh_eq_v)
---@field thresh_eq_v number|snn.Tensor mV; threshold without adaptation (finite or math.huge)
---@field refrac_t number|snn.Tensor ms; refractory time after a spike (at least 0)
---@field tc_membrane number|snn.Tensor ms; time constant of the membrane (greater than 0)
--- ms; time constants of the adaptations (greater than 0)
---@field tc_adaptation number|snn.Tensor|(number|snn.Tensor)[]
--- mV; growth of the adaptations with a spike
---@field spike_increment number|snn.Tensor|(number|snn.Tensor)[]
--- how the adaptations of a batch become one: a name (sum adds up the changes) or a function
--- (tensor, dim) -> tensor
---@field batch_reduction? "mean"|"sum"|"max"|"min"|"none"|function
---@field resistance? number|snn.Tensor MOhm; resistance of the membrane (not 0; default 1)

--- Leaky integrate-and-fire neurons with adaptive thresholds.
---@class snn.ALIF: snn.Neuron, snn.ALIF.Args
---@overload fun(args: snn.ALIF.Args): snn.ALIF
---@field absrefrac number refractory time after a spike (read-only)
--- mV; what rounding left of the adaptation; nil in float64 ((shape..., K), of samples apart (B,
--- shape..., K); read-only)
---@field adaptation_remainder snn.Tensor
---@field threshold_adaptation snn.Tensor mV; what is added to the threshold, mV, (shape..., K)
snn.ALIF = {}

---@class snn.AdEx.Args
---@field shape integer|integer[] sizes of the group, without the batch
---@field step_time number ms; length of a step (greater than 0)
---@field batch_size? integer samples side by side (greater than 0; default 1)
---@field dtype? string float32 or float64 (default "float32")
--- input counts and the voltage moves in the refractory time (default false)
---@field refrac_input? boolean
---@field rest_v number|snn.Tensor mV; resting voltage (below rheobase_v)
---@field rheobase_v number|snn.Tensor mV; voltage around which the rise sets in (at most thresh_v)
---@field sharpness number|snn.Tensor mV; voltage over which the rise grows e-fold (greater than 0)
---@field reset_v number|snn.Tensor mV; voltage after a spike (below thresh_v)
---@field thresh_v number|snn.Tensor mV; voltage at which the neuron spikes (finite or math.huge)
---@field refrac_t number|snn.Tensor ms; refractory time after a spike (at least 0)
---@field tc_membrane number|snn.Tensor ms; time constant of the membrane (greater than 0)
--- ms; time constants of the adaptations (greater than 0)
---@field tc_adaptation number|snn.Tensor|(number|snn.Tensor)[]
--- uS; how the adaptations follow the voltage above rest_v
---@field voltage_coupling number|snn.Tensor|(number|snn.Tensor)[]
--- nA; growth of the adaptations with a spike
---@field spike_increment number|snn.Tensor|(number|snn.Tensor)[]
--- how the adaptations of a batch become one: a name (sum adds up the changes) or a function
--- (tensor, dim) -> tensor
---@field batch_reduction? "mean"|"sum"|"max"|"min"|"none"|function
---@field resistance? number|snn.Tensor MOhm; resistance of the membrane (not 0; default 1)

--- Exponential integrate-and-fire neurons with adaptive currents.
---@class snn.AdEx: snn.Neuron, snn.AdEx.Args
---@overload fun(args: snn.AdEx.Args): snn.AdEx
---@field absrefrac number refractory time after a spike (read-only)
--- nA; what rounding left of the adaptation; nil in float64 ((shape..., K), of samples apart (B,
--- shape..., K); read-only)
---@field adaptation_remainder snn.Tensor
---@field current_adaptation snn.Tensor nA; what is taken from the input current, nA, (shape..., K)
snn.AdEx = {}

---@class snn.EIF.Args
---@field shape integer|integer[] sizes of the group, without the batch
---@field step_time number ms; length of a step (greater than 0)
---@field batch_size? integer samples side by side (greater than 0; default 1)
---@field dtype? string float32 or float64 (default "float32")
--- input counts and the voltage moves in the refractory time (default false)
---@field refrac_input? boolean
---@field rest_v number|snn.Tensor mV; resting voltage (below rheobase_v)
---@field rheobase_v number|snn.Tensor mV; voltage around which the rise sets in (at most thresh_v)
---@field sharpness number|snn.Tensor mV; voltage over which the rise grows e-fold (greater than 0)
---@field reset_v number|snn.Tensor mV; voltage after a spike (below thresh_v)
---@field thresh_v number|snn.Tensor mV; voltage at which the neuron spikes (finite or math.huge)
---@field refrac_t number|snn.Tensor ms; refractory time after a spike (at least 0)
---@field time_constant number|snn.Tensor ms; time constant of the membrane (greater than 0)
---@field resistance? number|snn.Tensor MOhm; resistance of the membrane (not 0; default 1)

--- Exponential integrate-and-fire neurons.
---@class snn.EIF: snn.Neuron, snn.EIF.Args
---@overload fun(args: snn.EIF.Args): snn.EIF
---@field absrefrac number refractory time after a spike (read-only)
snn.EIF = {}

---@class snn.ExactNeuron.Args
---@field shape integer|integer[] sizes of the group, without the batch
---@field step_time number ms; length of a step (greater than 0)
---@field batch_size? integer samples side by side (greater than 0; default 1)
---@field dtype? string float32 or float64 (default "float32")
---@field rest_v number|snn.Tensor mV; voltage without a spike (below thresh_v)
---@field thresh_v number|snn.Tensor mV; voltage in a step with a spike

--- Neurons that spike exactly when they are told to.
---@class snn.ExactNeuron: snn.Neuron, snn.ExactNeuron.Args
---@overload fun(args: snn.ExactNeuron.Args): snn.ExactNeuron
snn.ExactNeuron = {}

---@class snn.GLIF1.Args
---@field shape integer|integer[] sizes of the group, without the batch
---@field step_time number ms; length of a step (greater than 0)
---@field batch_size? integer samples side by side (greater than 0; default 1)
---@field dtype? string float32 or float64 (default "float32")
--- input counts and the voltage moves in the refractory time (default false)
---@field refrac_input? boolean
---@field rest_v number|snn.Tensor mV; resting voltage
---@field reset_v number|snn.Tensor mV; voltage after a spike (below thresh_v)
---@field thresh_v number|snn.Tensor mV; voltage at which the neuron spikes (finite or math.huge)
---@field refrac_t number|snn.Tensor ms; refractory time after a spike (at least 0)
---@field time_constant number|snn.Tensor ms; time constant of the membrane (greater than 0)
---@field resistance? number|snn.Tensor MOhm; resistance of the membrane (not 0; default 1)

--- Leaky integrate-and-fire neurons, as the first of the GLIF.
---@class snn.GLIF1: snn.Neuron, snn.GLIF1.Args
---@overload fun(args: snn.GLIF1.Args): snn.GLIF1
---@field absrefrac number refractory time after a spike (read-only)
snn.GLIF1 = {}

---@class snn.GLIF2.Args
---@field shape integer|integer[] sizes of the group, without the batch
---@field step_time number ms; length of a step (greater than 0)
---@field batch_size? integer samples side by side (greater than 0; default 1)
---@field dtype? string float32 or float64 (default "float32")
--- input counts and the voltage moves in the refractory time (default false)
---@field refrac_input? boolean
---@field rest_v number|snn.Tensor mV; resting voltage
---@field reset_v_add number|snn.Tensor mV; what a spike takes from the voltage
---@field reset_v_mul number|snn.Tensor what a spike leaves of the voltage above rest_v, as a factor
---@field thresh_eq_v number|snn.Tensor mV; threshold without adaptation (finite or math.huge)
---@field refrac_t number|snn.Tensor ms; refractory time after a spike (at least 0)
---@field tc_membrane number|snn.Tensor ms; time constant of the membrane (greater than 0)
--- 1/ms; rates of decay of the adaptations (greater than 0)
---@field rc_adaptation number|snn.Tensor|(number|snn.Tensor)[]
--- mV; growth of the adaptations with a spike
---@field spike_increment number|snn.Tensor|(number|snn.Tensor)[]
--- how the adaptations of a batch become one: a name (sum adds up the changes) or a function
--- (tensor, dim) -> tensor
---@field batch_reduction? "mean"|"sum"|"max"|"min"|"none"|function
---@field resistance? number|snn.Tensor MOhm; resistance of the membrane (not 0; default 1)

--- Leaky integrate-and-fire neurons with adaptive thresholds and a reset that depends on the voltage.
---@class snn.GLIF2: snn.Neuron, snn.GLIF2.Args
---@overload fun(args: snn.GLIF2.Args): snn.GLIF2
---@field absrefrac number refractory time after a spike (read-only)
--- mV; what rounding left of the adaptation; nil in float64 ((shape..., K), of samples apart (B,
--- shape..., K); read-only)
---@field adaptation_remainder snn.Tensor
---@field threshold_adaptation snn.Tensor mV; what is added to the threshold, mV, (shape..., K)
snn.GLIF2 = {}

---@class snn.HodgkinHuxley.Args
---@field shape integer|integer[] sizes of the group, without the batch
---@field step_time number ms; length of a step (greater than 0)
---@field batch_size? integer samples side by side (greater than 0; default 1)
---@field dtype? string float32 or float64 (default "float32")
--- input counts and the voltage moves in the refractory time (default false)
---@field refrac_input? boolean
--- mS/cm2; greatest conductance of sodium; 0: blocked (at least 0; default 120)
---@field g_na? number|snn.Tensor
--- mS/cm2; greatest conductance of potassium; 0: blocked (at least 0; default 36)
---@field g_k? number|snn.Tensor
---@field g_leak? number|snn.Tensor mS/cm2; conductance of the leak (greater than 0; default 0.3)
---@field e_na? number|snn.Tensor mV; reversal potential of sodium (default 50)
---@field e_k? number|snn.Tensor mV; reversal potential of potassium (default -77)
---@field e_leak? number|snn.Tensor mV; reversal potential of the leak (default -54.387)
--- uF/cm2; capacitance of the membrane (greater than 0; default 1)
---@field capacitance? number|snn.Tensor
--- mV; voltage that a spike comes up to (finite or math.huge; default 0)
---@field thresh_v? number|snn.Tensor
--- ms; time after a spike in which there is no other, and no input (at least 0; default 0)
---@field refrac_t? number|snn.Tensor
--- parts of a step; 0: as many as make each at most 0.025 ms (at least 0; default 0)
---@field substeps? integer

--- Neurons with the conductances of the squid's giant axon.
---@class snn.HodgkinHuxley: snn.Neuron, snn.HodgkinHuxley.Args
---@overload fun(args: snn.HodgkinHuxley.Args): snn.HodgkinHuxley
---@field absrefrac number time after a spike in which there is no other, and no input (read-only)
---@field h snn.Tensor how far sodium's channels are not inactivated, 0 to 1 ((B, shape...))
---@field m snn.Tensor how far sodium's channels are activated, 0 to 1 ((B, shape...))
---@field n snn.Tensor how far potassium's channels are activated, 0 to 1 ((B, shape...))
snn.HodgkinHuxley = {}

---@class snn.Izhikevich.Args
---@field shape integer|integer[] sizes of the group, without the batch
---@field step_time number ms; length of a step (greater than 0)
---@field batch_size? integer samples side by side (greater than 0; default 1)
---@field dtype? string float32 or float64 (default "float32")
--- input counts and the voltage moves in the refractory time (default false)
---@field refrac_input? boolean
---@field rest_v number|snn.Tensor mV; resting voltage (below crit_v)
---@field crit_v number|snn.Tensor mV; voltage above which it rises by itself (at most thresh_v)
--- 1/mV; strength of the drift to rest_v and away from crit_v (greater than 0)
---@field affinity number|snn.Tensor
---@field reset_v number|snn.Tensor mV; voltage after a spike (below thresh_v)
---@field thresh_v number|snn.Tensor mV; voltage at which the neuron spikes (finite or math.huge)
---@field refrac_t number|snn.Tensor ms; refractory time after a spike (at least 0)
---@field tc_membrane number|snn.Tensor ms; time constant of the membrane (greater than 0)
--- ms; time constants of the adaptations (greater than 0)
---@field tc_adaptation number|snn.Tensor|(number|snn.Tensor)[]
--- uS; how the adaptations follow the voltage above rest_v
---@field voltage_coupling number|snn.Tensor|(number|snn.Tensor)[]
--- nA; growth of the adaptations with a spike
---@field spike_increment number|snn.Tensor|(number|snn.Tensor)[]
--- how the adaptations of a batch become one: a name (sum adds up the changes) or a function
--- (tensor, dim) -> tensor
---@field batch_reduction? "mean"|"sum"|"max"|"min"|"none"|function
---@field resistance? number|snn.Tensor MOhm; resistance of the membrane (not 0; default 1)

--- Quadratic integrate-and-fire neurons with adaptive currents.
---@class snn.Izhikevich: snn.Neuron, snn.Izhikevich.Args
---@overload fun(args: snn.Izhikevich.Args): snn.Izhikevich
---@field absrefrac number refractory time after a spike (read-only)
--- nA; what rounding left of the adaptation; nil in float64 ((shape..., K), of samples apart (B,
--- shape..., K); read-only)
---@field adaptation_remainder snn.Tensor
---@field current_adaptation snn.Tensor nA; what is taken from the input current, nA, (shape..., K)
snn.Izhikevich = {}

---@class snn.LIF.Args
---@field shape integer|integer[] sizes of the group, without the batch
---@field step_time number ms; length of a step (greater than 0)
---@field batch_size? integer samples side by side (greater than 0; default 1)
---@field dtype? string float32 or float64 (default "float32")
--- input counts and the voltage moves in the refractory time (default false)
---@field refrac_input? boolean
---@field rest_v number|snn.Tensor mV; resting voltage
---@field reset_v number|snn.Tensor mV; voltage after a spike (below thresh_v)
---@field thresh_v number|snn.Tensor mV; voltage at which the neuron spikes (finite or math.huge)
---@field refrac_t number|snn.Tensor ms; refractory time after a spike (at least 0)
---@field time_constant number|snn.Tensor ms; time constant of the membrane (greater than 0)
---@field resistance? number|snn.Tensor MOhm; resistance of the membrane (not 0; default 1)

--- Leaky integrate-and-fire neurons.
---@class snn.LIF: snn.Neuron, snn.LIF.Args
---@overload fun(args: snn.LIF.Args): snn.LIF
---@field absrefrac number refractory time after a spike (read-only)
snn.LIF = {}

---@class snn.Neuron: snn.Module
---@field batchedshape integer[] {batchsz, shape...} (read-only)
---@field batchsz integer samples side by side; setting it clears voltage and refrac
---@field count integer number of neurons, without the batch (read-only)
---@field dt number length of a step, ms; setting it keeps the state
---@field refrac snn.Tensor ms; refractory time left, ms ((B, shape...))
---@field spike snn.Tensor the spikes of the last step (bool; (B, shape...); read-only)
---@field voltage snn.Tensor mV; membrane voltage, mV ((B, shape...))
--- mV; what rounding left of voltage, mV; nil in float64 ((B, shape...); read-only)
---@field voltage_remainder snn.Tensor
snn.Neuron = {}

---@class snn.QIF.Args
---@field shape integer|integer[] sizes of the group, without the batch
---@field step_time number ms; length of a step (greater than 0)
---@field batch_size? integer samples side by side (greater than 0; default 1)
---@field dtype? string float32 or float64 (default "float32")
--- input counts and the voltage moves in the refractory time (default false)
---@field refrac_input? boolean
---@field rest_v number|snn.Tensor mV; resting voltage (below crit_v)
---@field crit_v number|snn.Tensor mV; voltage above which it rises by itself (at most thresh_v)
--- 1/mV; strength of the drift to rest_v and away from crit_v (greater than 0)
---@field affinity number|snn.Tensor
---@field reset_v number|snn.Tensor mV; voltage after a spike (below thresh_v)
---@field thresh_v number|snn.Tensor mV; voltage at which the neuron spikes (finite or math.huge)
---@field refrac_t number|snn.Tensor ms; refractory time after a spike (at least 0)
---@field time_constant number|snn.Tensor ms; time constant of the membrane (greater than 0)
---@field resistance? number|snn.Tensor MOhm; resistance of the membrane (not 0; default 1)

--- Quadratic integrate-and-fire neurons.
---@class snn.QIF: snn.Neuron, snn.QIF.Args
---@overload fun(args: snn.QIF.Args): snn.QIF
---@field absrefrac number refractory time after a spike (read-only)
snn.QIF = {}
