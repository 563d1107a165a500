---@meta
-- Annotations of what is written in C, for editors (LuaCATS): the methods of
-- modules. Classes, their arguments and fields are in lua/meta/classes/.
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

---@class snn.Neuron.Args
---@field shape integer|integer[] sizes of the group, without the batch
---@field step_time number ms
---@field batch_size? integer 1 unless given
---@field dtype? string "float32" unless given
---@field rest_v? number|snn.Tensor mV, the voltage at the beginning; 0 unless given

--- For the init of a script's class below Neuron.
---@param self snn.Neuron
---@param args snn.Neuron.Args
function snn.Neuron.init(self, args) end

--- partialconstructor gives the first five in its one table, with what the script's
--- class takes.
---@class snn.Synapse.Args
---@field shape integer|integer[] of the inputs, without the batch
---@field step_time number ms
---@field delay? number|false ms, the longest
---@field batch_size? integer 1 unless given
---@field dtype? string "float32" unless given
---@field interp_mode? string "previous" unless given, or "nearest"
---@field interp_tol? number ms
---@field current_overbound? any
---@field spike_overbound? any

--- For the init of a script's class below Synapse.
---@param self snn.Synapse
---@param args snn.Synapse.Args
function snn.Synapse.init(self, args) end

--- For the init of a script's class below Connection: what LinearDense takes.
---@param self snn.Connection
---@param args snn.LinearDense.Args
function snn.Connection.init(self, args) end

--- For the init of a script's class below Encoder.
---@param self snn.Encoder
---@param args { steps: integer, step_time: number }
function snn.Encoder.init(self, args) end

--- For the init of a script's class below Reducer.
---@param self snn.Reducer
---@param args { step_time: number, duration?: number, inclusive?: boolean }
function snn.Reducer.init(self, args) end

---@class snn.Neuron
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

--- One step: anything but 0 is a spike, whose value scales the charge with
--- `graded = true`.
---@param spikes snn.Tensor (B, shape...)
---@param ... snn.Tensor injected currents, nA
---@return snn.Tensor currents
function snn.Synapse:forward(spikes, ...) end
--- Makes this synapse once shape, step and batch are known, for the argument
--- `synapse` of a connection.
---@param args table the other arguments
---@return fun(shape, step_time, delay?, batch_size?, dtype?: string): snn.Synapse
function snn.Synapse.partialconstructor(args) end
--- Currents at times `selector` ms ago, (B, shape...) or (B, shape..., D).
---@param selector snn.Tensor
---@return snn.Tensor
function snn.Synapse:current_at(selector) end
---@param selector snn.Tensor
---@return snn.Tensor bool
function snn.Synapse:spike_at(selector) end
function snn.Synapse:clear() end
--- The terms that decay by tc_decay, nA, at times `selector` ms ago.
--- ```lua
--- local synapse = snn.DoubleExponentialCurrent { shape = 1, step_time = 1, delay = 3,
---   spike_charge = 3, tc_decay = 20, tc_rise = 5 }
--- synapse(snn.tensor { { true } })
--- synapse(snn.tensor { { false } })
--- print(synapse:pos_current_at(snn.tensor { { 1 } }))
--- ```
---@param selector snn.Tensor ms, (B, shape...) or (B, shape..., D)
---@return snn.Tensor
function snn.DoubleExponentialCurrent:pos_current_at(selector) end
--- The terms that decay by tc_rise, which the current has subtracted, nA, at times
--- `selector` ms ago.
--- ```lua
--- local synapse = snn.DoubleExponentialCurrent { shape = 1, step_time = 1, delay = 3,
---   spike_charge = 3, tc_decay = 20, tc_rise = 5 }
--- synapse(snn.tensor { { true } })
--- synapse(snn.tensor { { false } })
--- print(synapse:neg_current_at(snn.tensor { { 1 } }))
--- ```
---@param selector snn.Tensor ms, (B, shape...) or (B, shape..., D)
---@return snn.Tensor
function snn.DoubleExponentialCurrent:neg_current_at(selector) end

--- One step: spikes (B, in...) to currents (B, out...), nA.
---@param spikes snn.Tensor
---@param ... snn.Tensor injected currents, nA
---@return snn.Tensor
function snn.Connection:forward(spikes, ...) end
function snn.Connection:clear() end
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

--- RuntimeError: a cell runs in its layer.
function snn.Cell:forward() end

--- Applies the gathered updates of all parameters, or of those named.
---@param ... string
function snn.Updater:forward(...) end
function snn.Updater:clear() end

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
--- Changes what a cell has in place of the trainer's arguments.
---@param name string of the cell
---@param changes table
function snn.IndependentCellTrainer:set(name, changes) end
--- Trains a cell under a name, with overrides in place of the trainer's arguments.
---@param name string not taken: ValueError
---@param cell snn.Cell
---@param overrides? table
---@return table unit { cell, state, monitors }
function snn.IndependentCellTrainer:register_cell(name, cell, overrides) end
---@param name string
---@param cell snn.Cell
---@param overrides? table
---@return table unit
function snn.IndependentCellTrainer:add_cell(name, cell, overrides) end

--- Adds what the pairs of this step ask for, scaled by a reward signal.
--- RuntimeError before the first step.
--- ```lua
--- local connection = snn.LinearDense { in_shape = 2, out_shape = 1, step_time = 1,
---   synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 20 } }
--- connection.updater = connection:defaultupdater()
--- local layer = snn.Serial { connection = connection, neuron = snn.ExactNeuron {
---   shape = 1, step_time = 1, rest_v = -60, thresh_v = -59 } }
--- local trainer = snn.MSTDP { lr_post = 0.01, lr_pre = -0.004, tc_post = 20, tc_pre = 20 }
--- trainer:register_cell("cell", layer.cell)
--- layer(snn.tensor { { true, false } })
--- layer(snn.tensor { { true, true } })
--- trainer(-1) -- punished
--- print(connection.updater.weight:update(connection.weight))
--- ```
---@param signal number|snn.Tensor for all samples, or (B) one for each
---@param options? { scale: number } 1: its absolute value counts
function snn.MSTDP:forward(signal, options) end
--- Adds eligibility times the reward signal: what was eligible decays meanwhile.
--- RuntimeError before the first step.
--- ```lua
--- local connection = snn.LinearDense { in_shape = 2, out_shape = 1, step_time = 1,
---   synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 20 } }
--- connection.updater = connection:defaultupdater()
--- local layer = snn.Serial { connection = connection, neuron = snn.ExactNeuron {
---   shape = 1, step_time = 1, rest_v = -60, thresh_v = -59 } }
--- local trainer = snn.MSTDPET { lr_post = 0.01, lr_pre = -0.004, tc_post = 20,
---   tc_pre = 20, tc_eligibility = 50 }
--- trainer:register_cell("cell", layer.cell)
--- layer(snn.tensor { { true, false } })
--- layer(snn.tensor { { true, true } })
--- trainer(1) -- rewarded
--- print(connection.updater.weight:update(connection.weight))
--- ```
---@param signal number|snn.Tensor for all samples, or (B) one for each
---@param options? { scale: number } 1: its absolute value counts
function snn.MSTDPET:forward(signal, options) end
--- Adds to weights what the adjusted times ask for, scaled by a reward signal.
--- RuntimeError before the first step.
--- ```lua
--- local connection = snn.LinearDense { in_shape = 2, out_shape = 1, step_time = 1, delay = 3,
---   synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 20 } }
--- connection.updater = connection:defaultupdater()
--- local layer = snn.Serial { connection = connection, neuron = snn.ExactNeuron {
---   shape = 1, step_time = 1, rest_v = -60, thresh_v = -59 } }
--- local trainer = snn.DelayAdjustedMSTDP { lr_pos = 0.01, lr_neg = -0.004, tc_pos = 20,
---   tc_neg = 20 }
--- trainer:register_cell("cell", layer.cell)
--- layer(snn.tensor { { true, false } })
--- layer(snn.tensor { { true, true } })
--- trainer(-1) -- punished
--- print(connection.updater.weight:update(connection.weight))
--- ```
---@param signal number|snn.Tensor for all samples, or (B) one for each
---@param options? { scale: number } 1: its absolute value counts
function snn.DelayAdjustedMSTDP:forward(signal, options) end
--- Adds to delays what the adjusted times ask for, scaled by a reward signal.
--- RuntimeError before the first step.
--- ```lua
--- local connection = snn.LinearDense { in_shape = 2, out_shape = 1, step_time = 1, delay = 3,
---   synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 20 } }
--- connection.updater = connection:defaultupdater()
--- local layer = snn.Serial { connection = connection, neuron = snn.ExactNeuron {
---   shape = 1, step_time = 1, rest_v = -60, thresh_v = -59 } }
--- local trainer = snn.DelayAdjustedMSTDPD { lr_pos = 0.01, lr_neg = -0.004, tc_pos = 20,
---   tc_neg = 20 }
--- trainer:register_cell("cell", layer.cell)
--- layer(snn.tensor { { true, false } })
--- layer(snn.tensor { { true, true } })
--- trainer(-1) -- punished
--- print(connection.updater.delay:update(connection.delay))
--- ```
---@param signal number|snn.Tensor for all samples, or (B) one for each
---@param options? { scale: number } 1: its absolute value counts
function snn.DelayAdjustedMSTDPD:forward(signal, options) end

--- Begins anew from a seed.
---@param n integer
---@return snn.Generator self
function snn.Generator:manual_seed(n) end
---@return integer the seed that it began from
function snn.Generator:initial_seed() end

---@param intensity snn.Tensor
---@return snn.Tensor bool
function snn.Encoder:forward(intensity) end
--- Iterates over the steps, (B, ...) each, without holding the train; by hand,
--- `local next_step = encoder:steps_of(x)`, nil at the end.
---
--- snn.save keeps where a train is that goes on: one whose `for` led to the call, also by
--- way of snn.progress and in coroutines, or whose iterator a variable in scope (or a
--- global) holds while steps are left. After snn.load the first `steps_of` gives the
--- steps that were left; of several trains each in its turn, in the order in which they
--- began. It must be called with the same intensities (ValueError else);
--- `encoder:clear()` forgets the place. No place is kept of a loop that was left.
---@param intensity snn.Tensor
---@return function
function snn.Encoder:steps_of(intensity) end

--- Infers, then updates when there are labels.
--- ```lua
--- local classifier = snn.MaxRateClassifier { shape = 3, num_classes = 2 }
--- local rates = snn.tensor { { 9, 1, 0 }, { 0, 2, 8 } }
--- local labels = snn.tensor({ 1, 2 }, { dtype = "int64" })
--- classifier(rates, labels)
--- print(classifier(rates))
--- ```
---@param rates snn.Tensor (B, shape...) or spikes (T, B, shape...)
---@param labels? snn.Tensor (B), from 1
---@param options? { logits?: boolean|userdata, proportional?: boolean }
---@return snn.Tensor? predictions, snn.Tensor? logits
function snn.MaxRateClassifier:forward(rates, labels, options) end
--- For each sample what speaks for each class: the rates of the neurons that are assigned to
--- it, averaged.
--- ```lua
--- local classifier = snn.MaxRateClassifier { shape = 3, num_classes = 2 }
--- local rates = snn.tensor { { 9, 1, 0 }, { 0, 2, 8 } }
--- local labels = snn.tensor({ 1, 2 }, { dtype = "int64" })
--- classifier:update(rates, labels)
--- print(classifier:regress(rates))
--- ```
---@param rates snn.Tensor (B, shape...) or spikes (T, B, shape...)
---@param options? { proportional?: boolean } true: weighted by the proportions of each neuron
---@return snn.Tensor logits (B, classes)
function snn.MaxRateClassifier:regress(rates, options) end
--- The class that most speaks for, of each sample.
--- ```lua
--- local classifier = snn.MaxRateClassifier { shape = 3, num_classes = 2 }
--- local rates = snn.tensor { { 9, 1, 0 }, { 0, 2, 8 } }
--- local labels = snn.tensor({ 1, 2 }, { dtype = "int64" })
--- classifier:update(rates, labels)
--- print(classifier:classify(rates))
--- ```
---@param rates snn.Tensor (B, shape...) or spikes (T, B, shape...)
---@param options? { proportional?: boolean } as of regress
---@return snn.Tensor predictions (B); 0 for a sample without a vote
function snn.MaxRateClassifier:classify(rates, options) end
--- Takes the mean rates of the samples of each class into its own, whose older part decays,
--- and assigns each neuron anew to the class for which it fires most.
--- ```lua
--- local classifier = snn.MaxRateClassifier { shape = 3, num_classes = 2 }
--- local rates = snn.tensor { { 9, 1, 0 }, { 0, 2, 8 } }
--- local labels = snn.tensor({ 1, 2 }, { dtype = "int64" })
--- classifier:update(rates, labels)
--- print(classifier.assignments)
--- ```
---@param rates snn.Tensor (B, shape...) or spikes (T, B, shape...)
---@param labels snn.Tensor (B), int64, from 1
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

---@class snn.Generator
---@overload fun(args?: { seed?: integer }): snn.Generator
snn.Generator = {}
--- Begins anew from a seed.
---@param n integer
---@return snn.Generator self
function snn.Generator:manual_seed(n) end
---@return integer the seed that it began from
function snn.Generator:initial_seed() end

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

--- Makes a monitor of this class once its attribute and its module are known.
---@param args table the other arguments
---@return fun(attr: string?, module: snn.Module): snn.Monitor
function snn.Monitor.partialconstructor(args) end
