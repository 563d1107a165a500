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
--- ```lua
--- local Gain = snn.class("Gain")
--- function Gain:init(factor)
---   snn.Module.init(self)
---   self.factor = factor
--- end
--- function Gain:forward(x) return x * self.factor end
--- print(Gain(3)(snn.ones(2)))
--- ```
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
--- ```lua
--- local Gate = snn.class("Gate", snn.Neuron)
--- function Gate:init(args) snn.Neuron.init(self, args) end
--- function Gate:forward(current) return current:gt(1) end
--- print(Gate({ shape = 2, step_time = 1 })(snn.tensor { { 0, 5 } }))
--- ```
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
--- ```lua
--- local Plain = snn.class("Plain", snn.Synapse)
--- function Plain:init(args) snn.Synapse.init(self, args) end
--- function Plain:forward(spikes) return spikes:to("float32") * 3 end
--- print(Plain({ shape = 2, step_time = 1 })(snn.tensor { { true, false } }))
--- ```
---@param self snn.Synapse
---@param args snn.Synapse.Args
function snn.Synapse.init(self, args) end

--- For the init of a script's class below Connection: what LinearDense takes.
--- ```lua
--- local Fixed = snn.class("Fixed", snn.Connection)
--- function Fixed:init(args) snn.Connection.init(self, args) end
--- function Fixed:forward(spikes) return self.synapse(spikes):sum(2, true) end
--- local connection = Fixed { in_shape = 2, out_shape = 1, step_time = 1,
---   synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 2 } }
--- print(connection(snn.tensor { { true, true } }))
--- ```
---@param self snn.Connection
---@param args snn.LinearDense.Args
function snn.Connection.init(self, args) end

--- For the init of a script's class below Encoder.
--- ```lua
--- local Always = snn.class("Always", snn.Encoder)
--- function Always:init(args) snn.Encoder.init(self, args) end
--- function Always:forward(x) return snn.ones(self.steps, #x, x.shape[2]):gt(0) end
--- print(Always({ steps = 3, step_time = 1 })(snn.ones(1, 2)).shape[1])
--- ```
---@param self snn.Encoder
---@param args { steps: integer, step_time: number }
function snn.Encoder.init(self, args) end

--- For the init of a script's class below Reducer.
--- ```lua
--- local Last = snn.class("Last", snn.Reducer)
--- function Last:init(args) snn.Reducer.init(self, args) end
--- function Last:forward(x) self:push(x * 2) end
--- local reducer = Last { step_time = 1 }
--- reducer(snn.ones(2))
--- print(reducer:peek())
--- ```
---@param self snn.Reducer
---@param args { step_time: number, duration?: number, inclusive?: boolean }
function snn.Reducer.init(self, args) end

--- A group of neurons, one step at a time: what its models have in common.
--- ```lua
--- local neuron = snn.LIF { shape = 2, step_time = 1, rest_v = -60, reset_v = -65,
---   thresh_v = -50, refrac_t = 2, time_constant = 20 }
--- print(neuron(snn.tensor { { 5, 300 } }))
--- ```
---@class snn.Neuron
---@overload fun(current: snn.Tensor, options?: table): snn.Tensor
snn.Neuron = {}
--- One step: input currents (B, shape...), nA; spikes, bool. ValueError for any
--- other shape.
--- ```lua
--- -- as snn.Neuron:
--- print(neuron:forward(snn.tensor { { 5, 300 } }))
--- ```
---@param current snn.Tensor
---@param options? { refrac_lock?: boolean, adapt?: boolean, override?: snn.Tensor }
---@return snn.Tensor
function snn.Neuron:forward(current, options) end
--- Voltages at rest, no refractory times, no spikes; adaptations stay unless `keep_adaptations`
--- is false.
--- ```lua
--- -- as snn.Neuron:
--- neuron(snn.tensor { { 5, 300 } })
--- neuron:clear()
--- print(neuron.voltage)
--- ```
---@param options? { keep_adaptations?: boolean }
function snn.Neuron:clear(options) end

--- The synapses of a connection's inputs: spikes to currents, one step at a time.
--- ```lua
--- local synapse = snn.SingleExponentialCurrent { shape = 2, step_time = 1, delay = 3,
---   spike_charge = 3, time_constant = 10 }
--- synapse(snn.tensor { { true, false } })
--- print(synapse(snn.tensor { { false, false } }))
--- ```
---@class snn.Synapse
snn.Synapse = {}
--- One step: anything but 0 is a spike, whose value scales the charge with
--- `graded = true`.
--- ```lua
--- -- as snn.Synapse:
--- print(synapse:forward(snn.tensor { { true, true } }))
--- ```
---@param spikes snn.Tensor (B, shape...)
---@param ... snn.Tensor injected currents, nA
---@return snn.Tensor currents
function snn.Synapse:forward(spikes, ...) end
--- Makes this synapse once shape, step and batch are known, for the argument
--- `synapse` of a connection.
--- ```lua
--- local make = snn.DeltaCurrent.partialconstructor { spike_charge = 2 }
--- print(make(3, 1).spike_charge)
--- ```
---@param args table the other arguments
---@return fun(shape, step_time, delay?, batch_size?, dtype?: string): snn.Synapse
function snn.Synapse.partialconstructor(args) end
--- Currents at times `selector` ms ago, (B, shape...) or (B, shape..., D).
--- ```lua
--- -- as snn.Synapse:
--- print(synapse:current_at(snn.tensor { { 0, 1 } }))
--- ```
---@param selector snn.Tensor
---@return snn.Tensor
function snn.Synapse:current_at(selector) end
--- Spikes at times `selector` ms ago, (B, shape...) or (B, shape..., D).
--- ```lua
--- -- as snn.Synapse:
--- synapse(snn.tensor { { false, false } })
--- print(synapse:spike_at(snn.tensor { { 1, 1 } }))
--- ```
---@param selector snn.Tensor
---@return snn.Tensor bool
function snn.Synapse:spike_at(selector) end
--- Forgets all spikes and currents.
--- ```lua
--- -- as snn.Synapse:
--- synapse:clear()
--- print(synapse.current)
--- ```
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
--- ```lua
--- -- as snn.Connection:
--- print(connection:forward(snn.tensor { { true, false, true } }).shape[2])
--- ```
---@param spikes snn.Tensor
---@param ... snn.Tensor injected currents, nA
---@return snn.Tensor
function snn.Connection:forward(spikes, ...) end
--- Forgets what its synapse has seen; weights, biases and delays stay.
--- ```lua
--- -- as snn.Connection:
--- connection:clear()
--- print(connection.synspike)
--- ```
function snn.Connection:clear() end
--- How many inputs a sample has: the product of `inshape`.
--- ```lua
--- -- as snn.Connection:
--- print(connection:insize())
--- ```
---@return integer
function snn.Connection:insize() end
--- How many outputs a sample has: the product of `outshape`.
--- ```lua
--- -- as snn.Connection:
--- print(connection:outsize())
--- ```
---@return integer
function snn.Connection:outsize() end
--- An updater of all trainable parameters, or of those named.
--- ```lua
--- -- as snn.Connection:
--- print(table.concat(connection:defaultupdater("weight").names, ", "))
--- ```
---@param ... string
---@return snn.Updater
function snn.Connection:defaultupdater(...) end
--- Applies the updater, if there is one, and clears it.
--- ```lua
--- -- as snn.Connection:
--- connection.updater.weight.pos = snn.ones(2, 3)
--- local before = connection.weight:clone()
--- connection:update()
--- print(connection.weight - before)
--- ```
---@param options? { clear?: boolean }
function snn.Connection:update(options) end
--- The same for some parameters.
--- ```lua
--- -- as snn.Connection:
--- connection.updater.weight.pos = snn.ones(2, 3)
--- connection.updater.bias.pos = snn.ones(2)
--- local before = connection.bias:clone()
--- connection:updatesome("weight")
--- print(connection.bias - before)
--- ```
---@param ... string|{ clear?: boolean }
function snn.Connection:updatesome(...) end

--- Values of inputs, (B, inputs...) or with a delay for each weight behind, lined up
--- with the weight: (B, weight's shape..., r), r places that share one.
--- ```lua
--- -- as snn.Connection:
--- local lined_up = connection:presyn_receptive(snn.ones(1, 3))
--- print(table.concat(lined_up.shape, " "))
--- ```
---@param data snn.Tensor
---@return snn.Tensor
function snn.Connection:presyn_receptive(data) end

--- Values of outputs, (B, outputs...), lined up with the weight in the same way.
--- ```lua
--- -- as snn.Connection:
--- local lined_up = connection:postsyn_receptive(snn.ones(1, 2))
--- print(table.concat(lined_up.shape, " "))
--- ```
---@param data snn.Tensor
---@return snn.Tensor
function snn.Connection:postsyn_receptive(data) end

--- Begins anew from a seed.
--- ```lua
--- -- as snn.Generator:
--- print(generator:manual_seed(3):initial_seed())
--- ```
---@param n integer
---@return snn.Generator self
function snn.Generator:manual_seed(n) end
--- The seed that it began from.
--- ```lua
--- -- as snn.Generator:
--- print(generator:initial_seed())
--- ```
---@return integer the seed that it began from
function snn.Generator:initial_seed() end

--- The whole train of these intensities: (steps, B, N...), bool, of a DirectEncoder reals.
--- ```lua
--- -- as snn.Encoder:
--- print(encoder:forward(snn.tensor { { 0.9, 0.3 } }).shape[1])
--- ```
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
--- ```lua
--- -- as snn.Encoder:
--- local count = 0
--- for spikes in encoder:steps_of(snn.tensor { { 0.9, 0.3 } }) do
---   count = count + spikes:sum():item()
--- end
--- print(count)
--- ```
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
--- ```lua
--- local path = os.tmpname()
--- local file = io.open(path, "wb")
--- file:write(string.pack(">BBBBI4BBB", 0, 0, 8, 1, 3, 7, 8, 9)):close()
--- print(snn.data.idx(path))
--- os.remove(path)
--- ```
---@param path string
---@param options? { max_ratio?: number }
---@return snn.Tensor
function snn.data.idx(path, options) end
--- Digits drawn with our own strokes.
--- ```lua
--- local set = snn.data.glyphs { n = 10, seed = 1 }
--- print(#set, set.images.shape[2])
--- ```
---@param options? { n?: integer, seed?: integer, jitter?: number, noise?: number,
---  digits?: integer[] }
---@return table set images (n, 28, 28) in [0, 1], labels (n), classes
function snn.data.glyphs(options) end

--- Random numbers of its own, for an encoder: what others draw does not change them.
--- ```lua
--- local generator = snn.Generator { seed = 7 }
--- local encoder = snn.HomogeneousPoissonEncoder { steps = 50, step_time = 1, frequency = 100,
---   generator = generator }
--- print(encoder(snn.ones(1, 3)):sum(1))
--- ```
---@class snn.Generator
---@overload fun(args?: { seed?: integer }): snn.Generator
snn.Generator = {}
--- Begins anew from a seed.
---@param n integer
---@return snn.Generator self
function snn.Generator:manual_seed(n) end
---@return integer the seed that it began from
function snn.Generator:initial_seed() end

--- Takes an observation each step and keeps what its law makes of them.
--- ```lua
--- local reducer = snn.EMAReducer { step_time = 1, alpha = 0.5, duration = 2 }
--- for step = 1, 4 do reducer(snn.tensor { step, 1 }) end
--- print(reducer:peek())
--- ```
---@class snn.Reducer
snn.Reducer = {}
--- Takes an observation; Conditional reducers take a condition as well.
--- ```lua
--- -- as snn.Reducer:
--- reducer:forward(snn.tensor { 8, 1 })
--- print(reducer:peek())
--- ```
---@param observation snn.Tensor
---@param condition? snn.Tensor
function snn.Reducer:forward(observation, condition) end
--- Takes a state as it is.
--- ```lua
--- -- as snn.Reducer:
--- reducer:push(snn.tensor { 7, 7 })
--- print(reducer:peek())
--- ```
---@param state snn.Tensor
function snn.Reducer:push(state) end
--- The newest state, nil before data.
--- ```lua
--- -- as snn.Reducer:
--- print(reducer:peek())
--- ```
---@return snn.Tensor?
function snn.Reducer:peek() end
--- All states, newest first, (steps, shape...), nil before data.
--- ```lua
--- -- as snn.Reducer:
--- print(reducer:dump())
--- ```
---@return snn.Tensor?
function snn.Reducer:dump() end
--- The state `time` ms ago, between two steps by the reducer's own law; nil
--- before data.
--- ```lua
--- -- as snn.Reducer:
--- print(reducer:view(0.5))
--- ```
---@param time number|snn.Tensor the states' shape, or that with one more dimension
---@param tolerance? number ms
---@return snn.Tensor?
function snn.Reducer:view(time, tolerance) end
--- Forgets all states, also their shape unless `keepshape` is true.
--- ```lua
--- -- as snn.Reducer:
--- reducer:clear()
--- print(reducer:peek())
--- ```
---@param options? { keepshape: boolean }
function snn.Reducer:clear(options) end

--- How many threads share the work of large layers from here on; results are the same bits for
--- any number.
--- ```lua
--- local before = snn.get_num_threads()
--- snn.set_num_threads(1)
--- print(snn.get_num_threads())
--- snn.set_num_threads(before)
--- ```
---@param n integer at least 1
function snn.set_num_threads(n) end
--- How many threads share the work: what `--threads` or snn.set_num_threads told, else one for
--- each processor.
--- ```lua
--- print(snn.get_num_threads() >= 1)
--- ```
---@return integer
function snn.get_num_threads() end
--- Turns on, or off, the search for NaN: while it is on, the forward of a layer raises at the
--- first one in a current, a voltage or an adaptation, for all layers of the process; off at
--- first. Gives what it was. RuntimeError of that forward: names layer, step, group and index.
--- ```lua
--- local before = snn.detect_anomaly(true)
--- local layer = snn.Serial { connection = snn.LinearDense { in_shape = 1, out_shape = 1,
---   step_time = 1, synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 } },
---   neuron = snn.ExactNeuron { shape = 1, step_time = 1, rest_v = -60, thresh_v = -50 } }
--- layer.connection.weight = snn.full({ 1, 1 }, 0 / 0)
--- print(pcall(layer, snn.tensor { { true } }))
--- snn.detect_anomaly(before)
--- ```
---@param on? boolean absent: nothing changes
---@return boolean before
function snn.detect_anomaly(on) end
--- Seconds of a clock that only goes forward.
--- ```lua
--- local begun = snn.clock()
--- print(snn.clock() >= begun)
--- ```
---@return number
function snn.clock() end
--- An error object for users' own modules: `error(snn.Error(kind, message), 0)`.
--- Beside strings errors are their text, and they have the methods of strings:
--- `"failed: " .. err`, `err:match "shape"`.
--- ```lua
--- local ok, err = pcall(error, snn.Error("ValueError", "size: must be even"), 0)
--- print(ok, err.kind, err)
--- ```
---@param kind "TypeError"|"ValueError"|"AttributeError"|"RuntimeError"|"IOError"
---@param message string
---@return table
function snn.Error(kind, message) end
