---@meta
-- Annotations of classes, their arguments, states and other fields, for editors
-- (LuaCATS). `make meta` writes this file from the classes themselves.
-- luacheck: ignore

---@class snn.Connection: snn.Module
---@field batched_inshape integer[] of inputs (read-only)
---@field batched_outshape integer[] of outputs (read-only)
---@field batchsz integer batch size; setting it clears the synapse
---@field bias snn.Tensor nA; bias, or nil (as the bias)
---@field biased boolean has a bias (read-only)
---@field delay snn.Tensor ms; delays, ms, or nil (as the weight)
---@field delayedby number longest delay, ms, or nil (read-only)
---@field dt number step, ms
---@field inshape integer[] of inputs, no batch (read-only)
---@field outshape integer[] of outputs, no batch (read-only)
--- of a LinearSparse: input x 2^32 + output of each synapse, from 0, in the order of the weights;
--- loading a state takes them over (int64; as the weight; read-only)
---@field pairs? snn.Tensor
--- of a LinearSparse: a number of its pairs and shapes, by which damaged pairs are refused (int64;
--- one number; read-only)
---@field pairs_hash? snn.Tensor
--- ms; delays by synapse, ms ((B, synapse...), with delays (B, synapse..., D); read-only)
---@field selector snn.Tensor
--- of a synapse whose currents decay: their weighted sums at the outputs, one run of numbers (their
--- age in steps, what they belong to, the sums); nil where they are to be summed anew (float64; (B,
--- synapse...), with delays (B, synapse..., D); read-only)
---@field sums? snn.Tensor
---@field synapse snn.Synapse what makes currents of the spikes of inputs
--- nA; currents of the synapse, at the delays, nA ((B, synapse...), with delays (B, synapse..., D);
--- read-only)
---@field syncurrent snn.Tensor
--- spikes of the synapse, at the delays (bool; (B, synapse...), with delays (B, synapse..., D);
--- read-only)
---@field synspike snn.Tensor
---@field updatable? any has an updater (read-only)
---@field updater? any its updater, or nil
---@field weight snn.Tensor what the inputs' currents are multiplied by (as the weight)
snn.Connection = {}

---@class snn.Conv2D.Args
---@field height integer rows of the inputs (greater than 0)
---@field width integer columns of the inputs (greater than 0)
---@field channels integer planes of each input, such as colours (greater than 0)
---@field filters integer channels of the outputs (greater than 0)
---@field kernel integer|integer[] size of a filter: a number or (height, width)
---@field stride? integer|integer[] from output to output
---@field padding? integer|integer[] zeros around the inputs, on each side (at least 0)
---@field dilation? integer|integer[] from kernel place to place
---@field step_time number ms; length of a step (greater than 0)
---@field synapse any a partial constructor: snn.DeltaCurrent.partialconstructor
---@field bias? boolean add a trainable bias to the currents (default false)
---@field delay? any ms; longest delay of a synapse; absent, false or 0: no delays
---@field batch_size? integer samples side by side (greater than 0; default 1)
---@field dtype? string real type of weights and currents (default "float32")
--- a number, {"uniform", low, high}, {"normal", mean, std}, a tensor, or a function of the uniform
--- [0, 1) weights
---@field weight_init? any
---@field bias_init? any the same for the bias
---@field delay_init? any the same for the delays; a number without `delay` is the longest too

--- Filters that are moved over inputs of two dimensions.
---@class snn.Conv2D: snn.Connection, snn.Conv2D.Args
---@overload fun(args: snn.Conv2D.Args): snn.Conv2D
snn.Conv2D = {}

---@class snn.LinearDense.Args
---@field in_shape integer|integer[] shape of the inputs, without batch
---@field out_shape integer|integer[] shape of the outputs, without batch
---@field step_time number ms; length of a step (greater than 0)
---@field synapse any a partial constructor: snn.DeltaCurrent.partialconstructor
---@field bias? boolean add a trainable bias to the currents (default false)
---@field delay? any ms; longest delay of a synapse; absent, false or 0: no delays
---@field batch_size? integer samples side by side (greater than 0; default 1)
---@field dtype? string real type of weights and currents (default "float32")
--- a number, {"uniform", low, high}, {"normal", mean, std}, a tensor, or a function of the uniform
--- [0, 1) weights
---@field weight_init? any
---@field bias_init? any the same for the bias
---@field delay_init? any the same for the delays; a number without `delay` is the longest too

--- All inputs to all outputs.
---@class snn.LinearDense: snn.Connection, snn.LinearDense.Args
---@overload fun(args: snn.LinearDense.Args): snn.LinearDense
snn.LinearDense = {}

---@class snn.LinearDirect.Args
---@field shape integer|integer[] shape of inputs and outputs, without batch
---@field step_time number ms; length of a step (greater than 0)
---@field synapse any a partial constructor: snn.DeltaCurrent.partialconstructor
---@field bias? boolean add a trainable bias to the currents (default false)
---@field delay? any ms; longest delay of a synapse; absent, false or 0: no delays
---@field batch_size? integer samples side by side (greater than 0; default 1)
---@field dtype? string real type of weights and currents (default "float32")
--- a number, {"uniform", low, high}, {"normal", mean, std}, a tensor, or a function of the uniform
--- [0, 1) weights
---@field weight_init? any
---@field bias_init? any the same for the bias
---@field delay_init? any the same for the delays; a number without `delay` is the longest too

--- Each input to the output of the same place.
---@class snn.LinearDirect: snn.Connection, snn.LinearDirect.Args
---@overload fun(args: snn.LinearDirect.Args): snn.LinearDirect
snn.LinearDirect = {}

---@class snn.LinearLateral.Args
---@field shape integer|integer[] shape of inputs and outputs, without batch
---@field step_time number ms; length of a step (greater than 0)
---@field synapse any a partial constructor: snn.DeltaCurrent.partialconstructor
---@field bias? boolean add a trainable bias to the currents (default false)
---@field delay? any ms; longest delay of a synapse; absent, false or 0: no delays
---@field batch_size? integer samples side by side (greater than 0; default 1)
---@field dtype? string real type of weights and currents (default "float32")
--- a number, {"uniform", low, high}, {"normal", mean, std}, a tensor, or a function of the uniform
--- [0, 1) weights
---@field weight_init? any
---@field bias_init? any the same for the bias
---@field delay_init? any the same for the delays; a number without `delay` is the longest too

--- Each neuron of a group to all others, none to itself.
---@class snn.LinearLateral: snn.Connection, snn.LinearLateral.Args
---@overload fun(args: snn.LinearLateral.Args): snn.LinearLateral
snn.LinearLateral = {}

---@class snn.LinearSparse.Args
---@field in_shape integer|integer[] shape of the inputs, without batch
---@field out_shape integer|integer[] shape of the outputs, without batch
---@field step_time number ms; length of a step (greater than 0)
---@field synapse any a partial constructor: snn.DeltaCurrent.partialconstructor
---@field bias? boolean add a trainable bias to the currents (default false)
---@field delay? any ms; longest delay of a synapse; absent, false or 0: no delays
---@field batch_size? integer samples side by side (greater than 0; default 1)
---@field dtype? string real type of weights and currents (default "float32")
--- a number, {"uniform", low, high}, {"normal", mean, std}, a tensor, or a function of the uniform
--- [0, 1) weights
---@field weight_init? any
---@field bias_init? any the same for the bias
---@field delay_init? any the same for the delays; a number without `delay` is the longest too
--- a connector, as snn.connect.bernoulli { p = 0.1 } gives one, or the input and the output of each
--- synapse, from 1; tensors of initial values are in the order of these pairs, and a function of
--- two or more parameters gets tensors of inputs, outputs and distances (nil without positions)
---@field synapses any

--- The synapses that there are, each from an input to an output.
---@class snn.LinearSparse: snn.Connection, snn.LinearSparse.Args
---@overload fun(args: snn.LinearSparse.Args): snn.LinearSparse
---@field count integer number of synapses (read-only)
---@field in_degree snn.Tensor how many synapses each output has, int64 (read-only)
---@field out_degree snn.Tensor how many synapses each input has, int64 (read-only)
---@field post snn.Tensor output of each synapse, from 1 (read-only)
---@field pre snn.Tensor input of each synapse, from 1 (read-only)
snn.LinearSparse = {}
