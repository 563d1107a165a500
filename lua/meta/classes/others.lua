---@meta
-- Annotations of classes, their arguments, states and other fields, for editors
-- (LuaCATS). `make meta` writes this file from the classes themselves.
-- luacheck: ignore

---@class snn.Accumulator: snn.Module
---@field neg? snn.Tensor the same for what is subtracted (positive values) (as the parameter)
--- setting appends a term, reading gives the reduction or nil (as the parameter)
---@field pos? snn.Tensor
snn.Accumulator = {}

---@class snn.Biclique.Args
---@field connections list { name, connection [, function of its current] }, ...
---@field neurons list { name, neurons [, function of what they get] }, ...
--- sum, mean, prod, min, max, or a function of currents by name (default "sum")
---@field combine? string or function

---@class snn.Biclique: snn.Layer, snn.Biclique.Args
---@overload fun(args: snn.Biclique.Args): snn.Biclique
snn.Biclique = {}

---@class snn.Cell: snn.Module
---@field connection snn.Connection its connection (read-only)
---@field monitors table monitors by name (read-only)
---@field neuron snn.Neuron its neuron (read-only)
---@field postspike snn.Tensor neuron.spike (read-only)
---@field postvoltage snn.Tensor neuron.voltage (read-only)
---@field precurrent snn.Tensor connection.syncurrent (read-only)
---@field prespike snn.Tensor connection.synspike (read-only)
---@field synapse snn.Synapse connection.synapse (read-only)
---@field updater snn.Updater connection.updater (read-only)
snn.Cell = {}

---@class snn.Clamping.Args
---@field module any the module with whose calls it runs
---@field attr string a dotted path from the module to the tensor
---@field train_update? boolean whether it runs while its module is in training mode (default true)
---@field eval_update? boolean whether it runs while its module is in evaluation mode (default true)
---@field as_prehook? boolean runs before each call in place of after it (default false)
---@field prepend? boolean runs before the hooks that the module has (default false)
---@field min? number|snn.Tensor the least value
---@field max? number|snn.Tensor the greatest value

---@class snn.Clamping: snn.StateHook, snn.Clamping.Args
---@overload fun(args: snn.Clamping.Args): snn.Clamping
snn.Clamping = {}

---@class snn.DifferenceMonitor.Args
---@field reducer? Reducer gets the values: reducer(value...); absent: a PassthroughReducer
---@field module? Module the module to watch, or a cell; absent: register(module) gives it
--- whether it records while the module is in training mode (default true)
---@field train_update? boolean
--- whether it records while the module is in evaluation mode (default true)
---@field eval_update? boolean
---@field prepend? boolean before the hooks that the module has (default false)
---@field filter? function (values...): whether to record; absent: no value is nil
---@field map? function (values...): what the reducer gets instead
---@field every? integer records the first of so many, and no other (default 1)
---@field last? integer dump gives so many newest states, whatever the reducer keeps
---@field budget? number byte; dump gives all states (with `last`: of those), more is an error
--- an NPY file to which all states are written, oldest first; with `events` their rows
---@field file? string
--- of bool states: dump gives rows (step, element) of what was true, with the sample where there
--- are several; all from 1, oldest first, in memory that grows with them alone (default false)
---@field events? boolean
---@field attr string a path to the field
---@field op? function (after, before); absent: their difference

---@class snn.DifferenceMonitor: snn.Monitor, snn.DifferenceMonitor.Args
---@overload fun(args: snn.DifferenceMonitor.Args): snn.DifferenceMonitor
snn.DifferenceMonitor = {}

---@class snn.Generator.Args
---@field seed? integer generators of the same seed give the same numbers (default 0)

---@class snn.Generator: snn.Module, snn.Generator.Args
---@overload fun(args: snn.Generator.Args): snn.Generator
---@field seed_ snn.Tensor the seed (int64; one number)
---@field stream_ snn.Tensor how many draws it has been asked for (int64; one number)
snn.Generator = {}

---@class snn.Hook.Args
---@field prehook? any runs before each call, (module, args): a function, or the name of a method
---@field posthook? any runs after each call, (module, args, result...)
---@field prehook_kwargs? any options of register_forward_pre_hook
---@field posthook_kwargs? any options of register_forward_hook
---@field train_update? boolean whether it runs while its module is in training mode (default true)
---@field eval_update? boolean whether it runs while its module is in evaluation mode (default true)

---@class snn.Hook: snn.Module, snn.Hook.Args
---@overload fun(args: snn.Hook.Args): snn.Hook
snn.Hook = {}

---@class snn.InputMonitor.Args
---@field reducer? Reducer gets the values: reducer(value...); absent: a PassthroughReducer
---@field module? Module the module to watch, or a cell; absent: register(module) gives it
--- whether it records while the module is in training mode (default true)
---@field train_update? boolean
--- whether it records while the module is in evaluation mode (default true)
---@field eval_update? boolean
---@field prepend? boolean before the hooks that the module has (default false)
---@field filter? function (values...): whether to record; absent: no value is nil
---@field map? function (values...): what the reducer gets instead
---@field every? integer records the first of so many, and no other (default 1)
---@field last? integer dump gives so many newest states, whatever the reducer keeps
---@field budget? number byte; dump gives all states (with `last`: of those), more is an error
--- an NPY file to which all states are written, oldest first; with `events` their rows
---@field file? string
--- of bool states: dump gives rows (step, element) of what was true, with the sample where there
--- are several; all from 1, oldest first, in memory that grows with them alone (default false)
---@field events? boolean
---@field attr? string a path to the module whose calls are recorded; absent: the module

---@class snn.InputMonitor: snn.Monitor, snn.InputMonitor.Args
---@overload fun(args: snn.InputMonitor.Args): snn.InputMonitor
snn.InputMonitor = {}

---@class snn.Layer: snn.Module
---@field batchsz integer batch size of all parts, nil where they differ; setting it clears
---@field cells table cells by connection, then neuron (read-only)
---@field connections table connections by name (read-only)
---@field dt number step time of all parts, ms, nil where they differ
---@field neurons table neurons by name (read-only)
---@field time number what the steps have taken, ms; clear() and states leave it
snn.Layer = {}

---@class snn.MaxRateClassifier.Args
---@field shape integer|integer[] shape of the group of neurons
---@field num_classes integer number of classes (greater than 0)
--- how fast what was learned fades, per sample of the class (at least 0; default 0)
---@field decay? number

--- Labels from spike rates: each neuron stands for the class for which it has spiked most.
---@class snn.MaxRateClassifier: snn.Module, snn.MaxRateClassifier.Args
---@overload fun(args: snn.MaxRateClassifier.Args): snn.MaxRateClassifier
--- the class of each neuron, from 1; 0 where it never spiked (int64; (shape...); read-only)
---@field assignments snn.Tensor
---@field fine? snn.Tensor what rounding left of the rates, or nil ((shape..., classes))
---@field nclass integer the number of classes (read-only)
---@field ndim integer dimensions of the shape (read-only)
---@field occurrences snn.Tensor neurons of each class (int64; (classes); read-only)
--- rates over their sum for each neuron ((shape..., classes); read-only)
---@field proportions snn.Tensor
---@field rates snn.Tensor what has been learned: rates (shape..., classes)
snn.MaxRateClassifier = {}

---@class snn.Module
---@field training boolean true in training mode (train(), eval()) (read-only)
snn.Module = {}

---@class snn.MultiStateMonitor.Args
---@field reducer? Reducer gets the values: reducer(value...); absent: a PassthroughReducer
---@field module? Module the module to watch, or a cell; absent: register(module) gives it
--- whether it records while the module is in training mode (default true)
---@field train_update? boolean
--- whether it records while the module is in evaluation mode (default true)
---@field eval_update? boolean
---@field prepend? boolean before the hooks that the module has (default false)
---@field filter? function (values...): whether to record; absent: no value is nil
---@field map? function (values...): what the reducer gets instead
---@field every? integer records the first of so many, and no other (default 1)
---@field last? integer dump gives so many newest states, whatever the reducer keeps
---@field budget? number byte; dump gives all states (with `last`: of those), more is an error
--- an NPY file to which all states are written, oldest first; with `events` their rows
---@field file? string
--- of bool states: dump gives rows (step, element) of what was true, with the sample where there
--- are several; all from 1, oldest first, in memory that grows with them alone (default false)
---@field events? boolean
---@field attr string a path to what has the fields
---@field subattrs list paths from there to the fields
---@field as_prehook? boolean records before each call in place of after it (default false)

---@class snn.MultiStateMonitor: snn.Monitor, snn.MultiStateMonitor.Args
---@overload fun(args: snn.MultiStateMonitor.Args): snn.MultiStateMonitor
snn.MultiStateMonitor = {}

---@class snn.Normalization.Args
---@field module any the module with whose calls it runs
---@field attr string a dotted path from the module to the tensor
---@field train_update? boolean whether it runs while its module is in training mode (default true)
---@field eval_update? boolean whether it runs while its module is in evaluation mode (default true)
---@field as_prehook? boolean runs before each call in place of after it (default false)
---@field prepend? boolean runs before the hooks that the module has (default false)
---@field order number of the norm: 1, 2, math.huge ...; not 0
---@field scale number|snn.Tensor the norm that the tensor gets, not 0
--- dimensions of a norm; "post": what leads to each output, "pre": what comes from each input;
--- absent: all
---@field dim? integer|integer[]|string
---@field epsilon? number the least norm to divide by

---@class snn.Normalization: snn.StateHook, snn.Normalization.Args
---@overload fun(args: snn.Normalization.Args): snn.Normalization
snn.Normalization = {}

---@class snn.OutputMonitor.Args
---@field reducer? Reducer gets the values: reducer(value...); absent: a PassthroughReducer
---@field module? Module the module to watch, or a cell; absent: register(module) gives it
--- whether it records while the module is in training mode (default true)
---@field train_update? boolean
--- whether it records while the module is in evaluation mode (default true)
---@field eval_update? boolean
---@field prepend? boolean before the hooks that the module has (default false)
---@field filter? function (values...): whether to record; absent: no value is nil
---@field map? function (values...): what the reducer gets instead
---@field every? integer records the first of so many, and no other (default 1)
---@field last? integer dump gives so many newest states, whatever the reducer keeps
---@field budget? number byte; dump gives all states (with `last`: of those), more is an error
--- an NPY file to which all states are written, oldest first; with `events` their rows
---@field file? string
--- of bool states: dump gives rows (step, element) of what was true, with the sample where there
--- are several; all from 1, oldest first, in memory that grows with them alone (default false)
---@field events? boolean
---@field attr? string a path to the module whose calls are recorded; absent: the module

---@class snn.OutputMonitor: snn.Monitor, snn.OutputMonitor.Args
---@overload fun(args: snn.OutputMonitor.Args): snn.OutputMonitor
snn.OutputMonitor = {}

---@class snn.RecurrentSerial.Args
--- makes cells of the lateral and the feedback connection too (default false)
---@field trainable_feedback? boolean
---@field feedfwd_connection Connection what leads from the input to the feed-forward neurons
---@field feedfwd_connection_name? string what the layer calls the feedfwd connection
---@field lateral_connection Connection what leads from the feed-forward to the feedback neurons
---@field lateral_connection_name? string what the layer calls the lateral connection
--- what leads from the feedback neurons back to the feed-forward ones
---@field feedback_connection Connection
---@field feedback_connection_name? string what the layer calls the feedback connection
---@field feedfwd_neuron Neuron the group that gets the input
---@field feedfwd_neuron_name? string what the layer calls the feedfwd neurons
---@field feedback_neuron Neuron the group whose spikes go back
---@field feedback_neuron_name? string what the layer calls the feedback neurons
---@field feedfwd_out_transform? function a function of what the feedfwd connection gives, currents
---@field lateral_out_transform? function a function of what the lateral connection gives, currents
--- a function of what the feedback connection gives, currents
---@field feedback_out_transform? function
---@field lateral_in_transform? function a function of what the lateral connection gets, spikes
---@field feedback_in_transform? function a function of what the feedback connection gets, spikes

---@class snn.RecurrentSerial: snn.Layer, snn.RecurrentSerial.Args
---@overload fun(args: snn.RecurrentSerial.Args): snn.RecurrentSerial
snn.RecurrentSerial = {}

---@class snn.Serial.Args
---@field connection Connection what takes the input
---@field neuron Neuron the group that it drives
---@field transform? function of the currents, before the neurons
---@field connection_name? string name of the connection in the layer (default "serial")
---@field neuron_name? string name of the neurons in the layer (default "serial")

---@class snn.Serial: snn.Layer, snn.Serial.Args
---@overload fun(args: snn.Serial.Args): snn.Serial
snn.Serial = {}

---@class snn.SpikeRecorder: snn.Module
---@field attached? any whether it records the steps of its group (read-only)
---@field count? any spikes that were recorded since it was made, or cleared (read-only)
---@field duration? any what these steps have taken, ms (read-only)
---@field file? any path of the NPY file that the spikes go to, or nil (read-only)
---@field group? any the neurons whose spikes it records (read-only)
---@field keep? any whether spikes that are in the file stay in memory (read-only)
---@field steps? any steps of the group that were seen since then (read-only)
snn.SpikeRecorder = {}

---@class snn.StateHook.Args
---@field module any the module with whose calls it runs
---@field train_update? boolean whether it runs while its module is in training mode (default true)
---@field eval_update? boolean whether it runs while its module is in evaluation mode (default true)
---@field as_prehook? boolean runs before each call in place of after it (default false)
---@field prepend? boolean runs before the hooks that the module has (default false)

---@class snn.StateHook: snn.Hook, snn.StateHook.Args
---@overload fun(args: snn.StateHook.Args): snn.StateHook
snn.StateHook = {}

---@class snn.StateMonitor.Args
---@field reducer? Reducer gets the values: reducer(value...); absent: a PassthroughReducer
---@field module? Module the module to watch, or a cell; absent: register(module) gives it
--- whether it records while the module is in training mode (default true)
---@field train_update? boolean
--- whether it records while the module is in evaluation mode (default true)
---@field eval_update? boolean
---@field prepend? boolean before the hooks that the module has (default false)
---@field filter? function (values...): whether to record; absent: no value is nil
---@field map? function (values...): what the reducer gets instead
---@field every? integer records the first of so many, and no other (default 1)
---@field last? integer dump gives so many newest states, whatever the reducer keeps
---@field budget? number byte; dump gives all states (with `last`: of those), more is an error
--- an NPY file to which all states are written, oldest first; with `events` their rows
---@field file? string
--- of bool states: dump gives rows (step, element) of what was true, with the sample where there
--- are several; all from 1, oldest first, in memory that grows with them alone (default false)
---@field events? boolean
---@field attr string a path to the field
---@field as_prehook? boolean records before each call in place of after it (default false)

---@class snn.StateMonitor: snn.Monitor, snn.StateMonitor.Args
---@overload fun(args: snn.StateMonitor.Args): snn.StateMonitor
snn.StateMonitor = {}

---@class snn.Updater: snn.Module
---@field bias snn.Accumulator gathers changes of the bias; setting { pos, neg } appends
---@field delay snn.Accumulator gathers changes of the delay; setting { pos, neg } appends
---@field names string[] of the parameters, in order (read-only)
---@field parent snn.Connection the module (read-only)
---@field weight snn.Accumulator gathers changes of the weight; setting { pos, neg } appends
snn.Updater = {}
