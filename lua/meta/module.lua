---@meta
-- Annotations of what is written in C, for editors (LuaCATS): modules. The
-- arguments of a model stand in its descriptor: `snn.LIF.arguments`.
-- luacheck: ignore

--- A class below another (Module unless given); `init` calls the init of the
--- parent first. Functions in a table `__get` of the class are read-only fields;
--- a table `states` (name -> snn.DeclaredState) declares tensors. Below Neuron,
--- Synapse, Connection, Encoder and Reducer it has a forward of its own:
---   Neuron      currents (B, shape...) -> bool spikes (B, shape...)
---   Synapse     spikes (B, shape...), injected... -> currents (B, shape...)
---   Connection  spikes (B, in...), injected... -> currents (B, out...); it steps
---               self.synapse
---   Encoder     intensities (B, N...) -> a train (steps, B, N...)
---   Reducer     observations; it records by self:push(state)
---@param name string
---@param parent? table
---@return table class
function snn.class(name, parent) end

--- Neurons (B, shape...), times in ms, voltages in mV, currents in nA.
---@class snn.Neuron: snn.Module
---@field absrefrac number|snn.Tensor? the refractory time, refrac_t, ms
---@field shape integer[]
---@field count integer neurons without batch
---@field batchsz integer setting it clears voltage and refrac, and adaptations of samples
---@field batchedshape integer[]
---@field dt number ms; setting it keeps the state
---@field voltage snn.Tensor mV
---@field refrac snn.Tensor ms that are left
---@field spike snn.Tensor bool, what the last step returned
---@field voltage_remainder? snn.Tensor mV, what rounding left of voltage; nil in float64
---@field refrac_input boolean input counts in the refractory time
---@overload fun(current: snn.Tensor, options?: table): snn.Tensor
snn.Neuron = {}
--- One step: input currents (B, shape...), nA; spikes, bool. ValueError for any
--- other shape.
---@param current snn.Tensor
---@param options? { refrac_lock?: boolean, adapt?: boolean, override?: snn.Tensor }
---@return snn.Tensor
function snn.Neuron:forward(current, options) end
---@param options? { keep_adaptations?: boolean }
function snn.Neuron:clear(options) end

--- Leaky integrate and fire.
---@class snn.LIF: snn.Neuron
snn.LIF = {}
--- LIF with adaptive thresholds.
---@class snn.ALIF: snn.Neuron
---@field threshold_adaptation snn.Tensor (shape..., K), mV; of each sample: (batch, shape..., K)
---@field adaptation_remainder? snn.Tensor what rounding left of it; nil in float64
snn.ALIF = {}
--- LIF by another name.
---@class snn.GLIF1: snn.Neuron
snn.GLIF1 = {}
--- LIF with adaptive thresholds and a reset that depends on the voltage.
---@class snn.GLIF2: snn.Neuron
---@field threshold_adaptation snn.Tensor (shape..., K), mV; of each sample: (batch, shape..., K)
---@field adaptation_remainder? snn.Tensor what rounding left of it; nil in float64
snn.GLIF2 = {}
--- Quadratic integrate and fire.
---@class snn.QIF: snn.Neuron
snn.QIF = {}
--- QIF with adaptive currents.
---@class snn.Izhikevich: snn.Neuron
---@field current_adaptation snn.Tensor (shape..., K), nA; of each sample: (batch, shape..., K)
---@field adaptation_remainder? snn.Tensor what rounding left of it; nil in float64
snn.Izhikevich = {}
--- Exponential integrate and fire.
---@class snn.EIF: snn.Neuron
snn.EIF = {}
--- EIF with adaptive currents.
---@class snn.AdEx: snn.Neuron
---@field current_adaptation snn.Tensor (shape..., K), nA; of each sample: (batch, shape..., K)
---@field adaptation_remainder? snn.Tensor what rounding left of it; nil in float64
snn.AdEx = {}
--- Conductances of the squid's giant axon; currents in uA/cm2.
---@class snn.HodgkinHuxley: snn.Neuron
---@field m snn.Tensor (B, shape...), activation of sodium
---@field h snn.Tensor (B, shape...), of sodium, 1 where it is not inactivated
---@field n snn.Tensor (B, shape...), activation of potassium
snn.HodgkinHuxley = {}
--- Spikes where its input is positive, or where it is told to.
---@class snn.ExactNeuron: snn.Neuron
snn.ExactNeuron = {}

--- Synapses (B, shape...): input spikes to currents, nA.
---@class snn.Synapse: snn.Module
---@field shape integer[]
---@field count integer
---@field batchsz integer
---@field batchedshape integer[]
---@field dt number ms
---@field delay number ms, the longest that can be selected; false assigned: none
---@field dtype snn.dtype
---@field current snn.Tensor nA
---@field spike snn.Tensor bool
snn.Synapse = {}
--- One step: anything but 0 is a spike, whose value scales the charge with
--- `graded = true`.
---@param spikes snn.Tensor (B, shape...)
---@param ... snn.Tensor injected currents, nA
---@return snn.Tensor currents
function snn.Synapse:forward(spikes, ...) end
--- Currents at times `selector` ms ago, (B, shape...) or (B, shape..., D).
---@param selector snn.Tensor
---@return snn.Tensor
function snn.Synapse:current_at(selector) end
---@param selector snn.Tensor
---@return snn.Tensor bool
function snn.Synapse:spike_at(selector) end
function snn.Synapse:clear() end
--- Each spike is a current for one step. `graded` is false by default.
---@class snn.DeltaCurrent: snn.Synapse
snn.DeltaCurrent = {}
--- The same, plus injected currents.
---@class snn.DeltaPlusCurrent: snn.Synapse
snn.DeltaPlusCurrent = {}
--- A current that jumps at a spike and decays exponentially.
---@class snn.SingleExponentialCurrent: snn.Synapse
snn.SingleExponentialCurrent = {}
--- A current that rises and decays exponentially, the difference of two; for
--- equal time constants, of which both are infinite, the alpha function.
---@class snn.DoubleExponentialCurrent: snn.Synapse
---@field pos_current snn.Tensor nA
---@field neg_current snn.Tensor nA
snn.DoubleExponentialCurrent = {}
---@param selector snn.Tensor
---@return snn.Tensor
function snn.DoubleExponentialCurrent:pos_current_at(selector) end
---@param selector snn.Tensor
---@return snn.Tensor
function snn.DoubleExponentialCurrent:neg_current_at(selector) end

---@class snn.Connection: snn.Module
---@field weight snn.Tensor
---@field bias snn.Tensor? (outputs)
---@field delay snn.Tensor? ms
---@field synapse snn.Synapse
---@field updater snn.Updater?
---@field updatable boolean
---@field biased boolean
---@field delayedby number? ms
---@field selector snn.Tensor (B, inputs, outputs), ms, in 0 to the longest delay
---@field syncurrent snn.Tensor nA
---@field synspike snn.Tensor bool
---@field inshape integer[]
---@field outshape integer[]
---@field batched_inshape integer[]
---@field batched_outshape integer[]
---@field batchsz integer
---@field dt number ms
---@field dtype snn.dtype
snn.Connection = {}
--- One step: spikes (B, in...) to currents (B, out...), nA.
---@param spikes snn.Tensor
---@param ... snn.Tensor injected currents, nA
---@return snn.Tensor
function snn.Connection:forward(spikes, ...) end
function snn.Connection:clear() end
--- Values of inputs (B, in...) or outputs (B, out...), lined up with the weight.
---@param values snn.Tensor
---@return snn.Tensor
function snn.Connection:presyn_receptive(values) end
---@param values snn.Tensor
---@return snn.Tensor
function snn.Connection:postsyn_receptive(values) end
---@return integer
function snn.Connection:insize() end
---@return integer
function snn.Connection:outsize() end
--- An updater of all trainable parameters, or of those named.
---@param ... string
---@return snn.Updater
function snn.Connection:defaultupdater(...) end
--- Applies the updater, if there is one, and clears it.
---@param options? { clear?: boolean }
function snn.Connection:update(options) end
--- The same for some parameters.
---@param ... string|{ clear?: boolean }
function snn.Connection:updatesome(...) end

--- Values of inputs, (B, inputs...) or with a delay for each weight behind, lined up
--- with the weight: (B, weight's shape..., r), r places that share one.
---@param data snn.Tensor
---@return snn.Tensor
function snn.Connection:presyn_receptive(data) end

--- Values of outputs, (B, outputs...), lined up with the weight in the same way.
---@param data snn.Tensor
---@return snn.Tensor
function snn.Connection:postsyn_receptive(data) end
--- All inputs to all outputs; weight (outputs, inputs).
---@class snn.LinearDense: snn.Connection
snn.LinearDense = {}
--- Each input to the output of the same place; weight (n).
---@class snn.LinearDirect: snn.Connection
snn.LinearDirect = {}
--- Each to all others; weight (n, n) with a zero diagonal.
---@class snn.LinearLateral: snn.Connection
snn.LinearLateral = {}
--- Filters that are moved over inputs (C, H, W); weight (F, C, kh, kw).
---@class snn.Conv2D: snn.Connection
snn.Conv2D = {}

--- One step of the connections that `inputs` names and the neurons that wiring
--- returns. A forward that fails leaves them as they were.
---@param inputs table<string, snn.Tensor|snn.Tensor[]>
---@param options? { connection_kwargs?: table, neuron_kwargs?: table,
---  capture_intermediate?: boolean } other keys reach wiring
---@return table<string, snn.Tensor> spikes, table<string, snn.Tensor>? currents
function snn.Layer:forward(inputs, options) end
--- Applies and clears the updaters of all connections.
---@param options? { clear?: boolean }
function snn.Layer:update(options) end

--- A connection and a neuron of a layer.
---@class snn.Cell: snn.Module
---@field connection snn.Connection
---@field neuron snn.Neuron
---@field synapse snn.Synapse
---@field updater snn.Updater?
---@field precurrent snn.Tensor
---@field prespike snn.Tensor
---@field postvoltage snn.Tensor
---@field postspike snn.Tensor
snn.Cell = {}
--- RuntimeError: a cell runs in its layer.
function snn.Cell:forward() end

--- Accumulators of the parameters of a connection, each by its name.
---@class snn.Updater: snn.Module
---@field weight snn.Accumulator
---@field names string[]
---@field parent snn.Connection
snn.Updater = {}
--- Applies the gathered updates of all parameters, or of those named.
---@param ... string
function snn.Updater:forward(...) end
function snn.Updater:clear() end

--- Gathers terms of updates: reading pos or neg reduces, assigning appends.
---@class snn.Accumulator: snn.Module
---@field pos snn.Tensor?
---@field neg snn.Tensor? positive, subtracted
snn.Accumulator = {}
---@param param snn.Tensor
---@return snn.Tensor the parameter, updated
function snn.Accumulator:forward(param) end
---@param param snn.Tensor
---@return snn.Tensor? the change
function snn.Accumulator:update(param) end
function snn.Accumulator:clear() end
---@param fn "sum"|"mean"|"max"|"min"|function|userdata snn.none: the sum
function snn.Accumulator:reduction(fn) end
---@param fn function|string|userdata of snn.functional, by name too, or (param, update, limit,
--- kwargs); snn.none removes it
function snn.Accumulator:upperbound(fn, max, kwargs) end
function snn.Accumulator:lowerbound(fn, min, kwargs) end
---@param fn function|string|userdata the same, or (param, pos, neg, max, min, kwargs) -> tensor
function snn.Accumulator:fullbound(fn, max, min, kwargs) end

--- The base of rules that treat each cell by itself. Adds to the updaters of its
--- cells; RuntimeError before the first step.
---@class snn.IndependentCellTrainer: snn.CellTrainer
snn.IndependentCellTrainer = {}
function snn.IndependentCellTrainer:forward() end
--- Pair-based spike-timing dependent plasticity. As with all rules `.equations` tells
--- every factor.
---@class snn.STDP: snn.IndependentCellTrainer
snn.STDP = {}
--- Plasticity of pairs and triplets of spikes; a rate of 0: no such term.
--- `slow_interp_mode`: a slow trace is read as it was a step before ("previous"), or
--- as that has decayed until the spike, which is the published value ("expdecay").
---@class snn.TripletSTDP: snn.IndependentCellTrainer
snn.TripletSTDP = {}
--- STDP that is modulated by a signal; ValueError for one that is NaN or infinite.
---@class snn.MSTDP: snn.IndependentCellTrainer
snn.MSTDP = {}
---@param signal number|snn.Tensor for all samples, or (B) one for each
---@param options? { scale: number } 1: its absolute value counts
function snn.MSTDP:forward(signal, options) end
--- The same with eligibility traces.
---@class snn.MSTDPET: snn.IndependentCellTrainer
snn.MSTDPET = {}
---@param signal number|snn.Tensor for all samples, or (B) one for each
---@param options? { scale: number } 1: its absolute value counts
function snn.MSTDPET:forward(signal, options) end
--- Inhibitory plasticity that holds the rate of what it inhibits at `target_rate`.
---@class snn.VogelsSTDP: snn.IndependentCellTrainer
snn.VogelsSTDP = {}
--- Plasticity by any function of the time between spikes; ValueError where it gives
--- NaN or infinity for a time that there is.
---@class snn.KernelSTDP: snn.IndependentCellTrainer
snn.KernelSTDP = {}
--- Plasticity of weights, the delay taken off the time between spikes.
---@class snn.DelayAdjustedSTDP: snn.IndependentCellTrainer
snn.DelayAdjustedSTDP = {}
--- The same of delays.
---@class snn.DelayAdjustedSTDPD: snn.IndependentCellTrainer
snn.DelayAdjustedSTDPD = {}
--- KernelSTDP of weights, the delay taken off.
---@class snn.DelayAdjustedKernelSTDP: snn.IndependentCellTrainer
snn.DelayAdjustedKernelSTDP = {}
--- The same of delays.
---@class snn.DelayAdjustedKernelSTDPD: snn.IndependentCellTrainer
snn.DelayAdjustedKernelSTDPD = {}
--- DelayAdjustedSTDP that is modulated by a signal.
---@class snn.DelayAdjustedMSTDP: snn.IndependentCellTrainer
snn.DelayAdjustedMSTDP = {}
---@param signal number|snn.Tensor for all samples, or (B) one for each
---@param options? { scale: number } 1: its absolute value counts
function snn.DelayAdjustedMSTDP:forward(signal, options) end
--- The same of delays.
---@class snn.DelayAdjustedMSTDPD: snn.IndependentCellTrainer
snn.DelayAdjustedMSTDPD = {}
---@param signal number|snn.Tensor for all samples, or (B) one for each
---@param options? { scale: number } 1: its absolute value counts
function snn.DelayAdjustedMSTDPD:forward(signal, options) end
--- Holds the rate of neurons at a target.
---@class snn.LinearHomeostasis: snn.IndependentCellTrainer
snn.LinearHomeostasis = {}

--- Intensities (B, ...) in [0, 1] to spikes (steps, B, ...).
--- Random numbers of its own: the same whatever else is drawn in between. Part of the
--- state of who has it as a field.
---@class snn.Generator: snn.Module
---@field seed integer assigned: begins anew
---@field seed_ snn.Tensor the seed, as it is saved
---@field stream_ snn.Tensor how many draws it was asked for
---@overload fun(args?: { seed?: integer }): snn.Generator
snn.Generator = {}
--- Begins anew from a seed.
---@param n integer
---@return snn.Generator self
function snn.Generator:manual_seed(n) end
---@return integer the seed that it began from
function snn.Generator:initial_seed() end

---@class snn.Encoder: snn.Module
---@field generator snn.Generator? of those that draw: its own random numbers
snn.Encoder = {}
---@param intensity snn.Tensor
---@return snn.Tensor bool
function snn.Encoder:forward(intensity) end
--- Iterates over the steps, (B, ...) each, without holding the train; by hand,
--- `local next_step = encoder:steps_of(x)`, nil at the end.
---@param intensity snn.Tensor
---@return function
function snn.Encoder:steps_of(intensity) end
--- A Poisson process with a refractory time.
---@class snn.HomogeneousPoissonEncoder: snn.Encoder
snn.HomogeneousPoissonEncoder = {}
--- A spike in each step with the probability of its rate.
---@class snn.HomogeneousPoissonApproxEncoder: snn.Encoder
snn.HomogeneousPoissonApproxEncoder = {}
--- Spikes after Poisson distributed numbers of steps: nearly regular.
---@class snn.PoissonIntervalEncoder: snn.Encoder
snn.PoissonIntervalEncoder = {}
--- One spike of each input, the sooner the stronger it is.
---@class snn.LatencyEncoder: snn.Encoder
snn.LatencyEncoder = {}
--- The inputs spike one after the other, the strongest first.
---@class snn.RankOrderEncoder: snn.Encoder
snn.RankOrderEncoder = {}
--- Presents the intensities themselves in each step.
---@class snn.DirectEncoder: snn.Encoder
snn.DirectEncoder = {}

--- Labels from rates: each neuron stands for the class for which it spikes most.
---@class snn.MaxRateClassifier: snn.Module
---@field ndim integer dimensions of the shape
---@field nclass integer the number of classes
---@field rates snn.Tensor (shape..., classes)
---@field fine snn.Tensor? what rounding left of the rates
---@field assignments snn.Tensor (shape...), int64; 0: never spiked
---@field occurrences snn.Tensor (classes), int64
---@field proportions snn.Tensor (shape..., classes)
snn.MaxRateClassifier = {}
--- Infers, then updates when there are labels.
---@param rates snn.Tensor (B, shape...) or spikes (T, B, shape...)
---@param labels? snn.Tensor (B), from 1
---@param options? { logits?: boolean|userdata, proportional?: boolean }
---@return snn.Tensor? predictions, snn.Tensor? logits
function snn.MaxRateClassifier:forward(rates, labels, options) end
---@return snn.Tensor logits (B, classes)
function snn.MaxRateClassifier:regress(rates, options) end
---@return snn.Tensor predictions (B); 0 for a sample without a vote
function snn.MaxRateClassifier:classify(rates, options) end
function snn.MaxRateClassifier:update(rates, labels) end

--- The values of an IDX file, plain or .gz, as stored. IOError.
--- `max_ratio` is that of snn.load_npy.
---@param path string
---@param options? { max_ratio?: number }
---@return snn.Tensor
function snn.data.idx(path, options) end
--- Digits drawn with our own strokes.
---@param options? { n?: integer, seed?: integer, jitter?: number, noise?: number,
---  digits?: integer[] }
---@return table set images (n, 28, 28) in [0, 1], labels (n), classes
function snn.data.glyphs(options) end

--- One step of a membrane voltage, mV: inputs are currents, nA, 0 where a neuron
--- is held. Linear dynamics are exact, the others an Euler step. The options of
--- all: step_time time_constant rest_v resistance.
---@param masked_inputs snn.Tensor
---@param voltages snn.Tensor
---@param options table
---@return snn.Tensor
function snn.functional.voltage_integration_linear(masked_inputs, voltages, options) end
---@param options table also crit_v affinity
---@return snn.Tensor
function snn.functional.voltage_integration_quadratic(masked_inputs, voltages, options) end
---@param options table also rheobase_v sharpness
---@return snn.Tensor
function snn.functional.voltage_integration_exponential(masked_inputs, voltages, options) end

---Spikes where a voltage that is not held reaches its threshold, and its reset to
---reset_v: spikes, voltages, refracs. `dynamics(currents)` gives the voltages of a
---step; held neurons get no current, and keep `voltages` where these are given.
---@param inputs snn.Tensor nA
---@param refracs snn.Tensor what is left of refractory times, ms
---@param dynamics fun(currents: snn.Tensor): snn.Tensor
---@param options table step_time thresh_v refrac_t reset_v [voltages]
---@return snn.Tensor spikes, snn.Tensor voltages, snn.Tensor refracs
function snn.functional.voltage_thresholding_constant(inputs, refracs, dynamics, options) end

---The same with a reset to rest_v + v_slope (V - rest_v) - v_intercept.
---@param inputs snn.Tensor nA
---@param refracs snn.Tensor what is left of refractory times, ms
---@param dynamics fun(currents: snn.Tensor): snn.Tensor
---@param options table step_time thresh_v refrac_t rest_v v_slope v_intercept [voltages]
---@return snn.Tensor spikes, snn.Tensor voltages, snn.Tensor refracs
function snn.functional.voltage_thresholding_linear(inputs, refracs, dynamics, options) end

---Spike trains of rates in Hz, (batch, ...), as encoders make them: (steps, batch, ...);
---the `_online` ones are iterators over the steps. All take a `generator`.
---@param inputs snn.Tensor Hz
---@param steps integer
---@param step_time number ms
---@param options? { refrac?: number, compensate?: boolean, generator?: snn.Generator }
---@return snn.Tensor bool
function snn.functional.homogeneous_poisson_exp_interval(inputs, steps, step_time, options) end
---@return function iterator
function snn.functional.homogeneous_poisson_exp_interval_online(inputs, steps, step_time,
  options) end
---@param options? { generator: snn.Generator }
---@return snn.Tensor bool
function snn.functional.homogenous_poisson_bernoulli_approx(inputs, steps, step_time, options) end
---@return function iterator
function snn.functional.homogenous_poisson_bernoulli_approx_online(inputs, steps, step_time,
  options) end
---@param options? { generator: snn.Generator }
---@return snn.Tensor bool
function snn.functional.poisson_interval(inputs, steps, step_time, options) end
---@return function iterator
function snn.functional.poisson_interval_online(inputs, steps, step_time, options) end

--- Reducers fold observations into a state and keep the last states.
---@class snn.Reducer: snn.Module
---@field latest snn.Tensor? the newest state
---@field recordsz integer how many states are kept
---@field shape integer[]? of a state, nil before the first
---@field dt number ms
---@field duration number ms, for which states are kept
---@field inclusive boolean the state `duration` ago is kept too
---@field data snn.Tensor? the states that are there, newest first
---@field fine snn.Tensor? what rounding left of the newest state; of times, the steps
---@field observed snn.Tensor observations since the clear
snn.Reducer = {}
--- Takes an observation; Conditional reducers take a condition as well.
---@param observation snn.Tensor
---@param condition? snn.Tensor
function snn.Reducer:forward(observation, condition) end
--- Takes a state as it is.
---@param state snn.Tensor
function snn.Reducer:push(state) end
--- The newest state, nil before data.
---@return snn.Tensor?
function snn.Reducer:peek() end
--- All states, newest first, (steps, shape...), nil before data.
---@return snn.Tensor?
function snn.Reducer:dump() end
--- The state `time` ms ago, between two steps by the reducer's own law; nil
--- before data.
---@param time number|snn.Tensor the states' shape, or that with one more dimension
---@param tolerance? number ms
---@return snn.Tensor?
function snn.Reducer:view(time, tolerance) end
---@param options? { keepshape: boolean }
function snn.Reducer:clear(options) end
--- Time since the last event, ms.
---@class snn.EventReducer: snn.Reducer
snn.EventReducer = {}
--- Observations as they are.
---@class snn.PassthroughReducer: snn.Reducer
snn.PassthroughReducer = {}
--- A trace that is set at a match.
---@class snn.NearestTraceReducer: snn.Reducer
snn.NearestTraceReducer = {}
--- A trace that grows at a match.
---@class snn.CumulativeTraceReducer: snn.Reducer
snn.CumulativeTraceReducer = {}
--- A trace that is set at a match, by what was observed.
---@class snn.ScaledNearestTraceReducer: snn.Reducer
snn.ScaledNearestTraceReducer = {}
--- A trace that grows at a match, by what was observed.
---@class snn.ScaledCumulativeTraceReducer: snn.Reducer
snn.ScaledCumulativeTraceReducer = {}
--- ScaledNearestTraceReducer with the matches given.
---@class snn.ConditionalNearestTraceReducer: snn.Reducer
snn.ConditionalNearestTraceReducer = {}
--- ScaledCumulativeTraceReducer with the matches given.
---@class snn.ConditionalCumulativeTraceReducer: snn.Reducer
snn.ConditionalCumulativeTraceReducer = {}
--- Exponential moving average.
---@class snn.EMAReducer: snn.Reducer
snn.EMAReducer = {}
--- Average since the clear.
---@class snn.CAReducer: snn.Reducer
snn.CAReducer = {}

--- Threads that share the work; results are the same bits for any number.
---@param n integer
function snn.set_num_threads(n) end
---@return integer
function snn.get_num_threads() end
--- While it is on, the forward of a layer raises at the first NaN in a current, a
--- voltage or an adaptation; RuntimeError that names layer, step, group and
--- index. Off at first; for the process.
---@param on? boolean nothing changes without it
---@return boolean before
function snn.detect_anomaly(on) end
--- Seconds of a clock that only goes forward.
---@return number
function snn.clock() end
--- An error object for users' own modules: `error(snn.Error(kind, message), 0)`.
--- Beside strings errors are their text, and they have the methods of strings:
--- `"failed: " .. err`, `err:match "shape"`.
---@param kind "TypeError"|"ValueError"|"AttributeError"|"RuntimeError"|"IOError"
---@param message string
---@return table
function snn.Error(kind, message) end
