---@meta
-- Annotations of classes, their arguments, states and other fields, for editors
-- (LuaCATS). `make meta` writes this file from the classes themselves.
-- luacheck: ignore

---@class snn.Accumulator: snn.Module
---@field neg? any the same for what is subtracted (positive values)
---@field pos? any setting appends a term, reading gives the reduction or nil
snn.Accumulator = {}

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

---@class snn.Generator.Args
---@field seed? integer generators of the same seed give the same numbers (default 0)

---@class snn.Generator: snn.Module, snn.Generator.Args
---@overload fun(args: snn.Generator.Args): snn.Generator
---@field seed_ snn.Tensor the seed (int64; one number)
---@field stream_ snn.Tensor how many draws it has been asked for (int64; one number)
snn.Generator = {}

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
--- the class of each neuron, from 1; 0 where it never spiked (read-only)
---@field assignments snn.Tensor
---@field fine? any what rounding left of the rates, or nil
---@field nclass integer the number of classes (read-only)
---@field ndim integer dimensions of the shape (read-only)
---@field occurrences snn.Tensor neurons of each class (read-only)
---@field proportions snn.Tensor rates over their sum for each neuron (read-only)
---@field rates snn.Tensor what has been learned: rates (shape..., classes)
snn.MaxRateClassifier = {}

---@class snn.Module
---@field training boolean true in training mode (train(), eval()) (read-only)
snn.Module = {}

---@class snn.Updater: snn.Module
---@field bias snn.Accumulator accumulator of the bias
---@field delay snn.Accumulator accumulator of the delays
---@field names string[] of the parameters, in order (read-only)
---@field parent snn.Connection the module (read-only)
---@field weight snn.Accumulator accumulator of the weight; setting { pos, neg } appends
snn.Updater = {}
