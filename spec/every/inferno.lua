-- Every public name of Inferno 0.0.5 and what it is here, for spec/every/inferno_spec.lua and
-- for the page that is made of it, lua/README.md: `build/snnlua spec/every/inferno.lua` writes
-- it. A row is { names, what they are here }: `*` stands for the name itself, and each
-- `snn.…` and `x:…` (a method of tensors) in backticks is looked up. A row of members is
-- { names [, what they are here] } of the object that the class's entry makes; without the
-- second they are fields or methods of the same name.
local MODULES <const> = {
  { "inferno", {
    { "Module", "`snn.*`" },
    { "ShapedTensor", "none: fields check the shapes that are assigned to them" },
    { "RecordTensor", "`snn.*`, a module of its own; offsets count from the newest step, 1" },
    { "VirtualTensor", "none: `__get` of a class (`snn.class`) makes fields that are worked out" },
    { "Hook StateHook", "`snn.*`" },
    { "ContextualHook", "`snn.Hook`, whose hooks may be names of methods" },
    { "exp sqrt", "`x:*()`, `math.*` of a number" },
    { "normalize rescale exponential_smoothing holt_linear_smoothing isi", "`snn.*`" },
    { "victor_purpura_pair_dist", "`snn.*`" },
    { "zeros ones empty full uniform normal", "`snn.*`, of a shape; `snn.zeros_like` and its kin" },
    { "fullc", "`snn.full`" },
    { "scalar", "`snn.full({}, value)`; numbers broadcast" },
    { "astensors", "`snn.tensor`" },
    { "trace_nearest trace_cumulative trace_nearest_scaled trace_cumulative_scaled "
      .. "trace_cumulative_value exp_trace_nearest exprate_trace_nearest exp_trace_cumulative "
      .. "exprate_trace_cumulative", "`snn.trace.*`" },
  } },
  { "inferno.functional", {
    { "HalfBounding FullBounding Interpolation Extrapolation DimensionReduction "
      .. "SpikeTimeHalfKernel", "none: types; functions of these signatures are taken" },
    { "bound_upper_power bound_lower_power bound_upper_scaled_power bound_lower_scaled_power "
      .. "bound_upper_multiplicative bound_lower_multiplicative "
      .. "bound_upper_scaled_multiplicative bound_lower_scaled_multiplicative bound_upper_sharp "
      .. "bound_lower_sharp bound_power bound_scaled_power bound_multiplicative "
      .. "bound_scaled_multiplicative bound_sharp", "`snn.functional.*`" },
    { "interp_previous interp_next interp_nearest interp_linear interp_expdecay "
      .. "interp_expratedecay", "`snn.functional.*`" },
    { "extrap_previous extrap_next extrap_neighbors extrap_nearest extrap_linear_forward "
      .. "extrap_linear_backward extrap_expdecay extrap_expratedecay", "`snn.functional.*`" },
    { "sum nansum divsum nandivsum min absmin max absmax mean nanmean quantile nanquantile "
      .. "median nanmedian geomean nangeomean", "`snn.functional.*`" },
    { "exp_stdp_post_kernel exp_stdp_pre_kernel", "`snn.functional.*`" },
  } },
  { "inferno.neural", {
    { "Neuron Synapse Connection", "`snn.*`" },
    { "InfernoNeuron InfernoSynapse", "`snn.Neuron`, `snn.Synapse`" },
    { "SynapseConstructor MonitorConstructor",
      "none: a type; what `snn.DeltaCurrent.partialconstructor` and its kin return" },
    { "LIF ALIF GLIF1 GLIF2 QIF Izhikevich EIF AdEx", "`snn.*`" },
    { "DeltaCurrent DeltaPlusCurrent SingleExponentialCurrent DoubleExponentialCurrent",
      "`snn.*`" },
    { "LinearDense LinearDirect LinearLateral Conv2D", "`snn.*`" },
    { "HomogeneousPoissonEncoder HomogeneousPoissonApproxEncoder PoissonIntervalEncoder",
      "`snn.*`" },
    { "Accumulator Updater", "`snn.*`" },
    { "Updatable", "none: what `snn.Connection` has, `updater` and its methods" },
    { "Cell Layer Biclique Serial RecurrentSerial", "`snn.*`" },
    { "Normalization Clamping", "`snn.*`" },
  } },
  { "inferno.neural.functional", {
    { "homogeneous_poisson_exp_interval homogeneous_poisson_exp_interval_online "
      .. "homogenous_poisson_bernoulli_approx homogenous_poisson_bernoulli_approx_online "
      .. "inhomogeneous_poisson_bernoulli_approx poisson_interval poisson_interval_online",
      "`snn.functional.*`" },
    { "voltage_thresholding_constant voltage_thresholding_linear",
      "`snn.functional.*`; `voltages` is an option" },
    { "voltage_integration_linear voltage_integration_quadratic "
      .. "voltage_integration_exponential adaptive_currents_linear "
      .. "adaptive_thresholds_linear_voltage adaptive_thresholds_linear_spike "
      .. "adaptive_thresholds_constant_spike "
      .. "apply_adaptive_currents apply_adaptive_thresholds", "`snn.functional.*`" },
  } },
  { "inferno.observe", {
    { "Reducer RecordReducer FoldReducer", "`snn.*`" },
    { "NearestTraceReducer CumulativeTraceReducer ScaledNearestTraceReducer "
      .. "ScaledCumulativeTraceReducer ConditionalNearestTraceReducer "
      .. "ConditionalCumulativeTraceReducer EMAReducer CAReducer EventReducer "
      .. "PassthroughReducer", "`snn.*`" },
    { "Monitor InputMonitor OutputMonitor StateMonitor DifferenceMonitor MultiStateMonitor",
      "`snn.*`" },
    { "Observable MonitorPool", "`snn.*`" },
  } },
  { "inferno.learn", {
    { "CellTrainer IndependentCellTrainer LinearHomeostasis STDP TripletSTDP MSTDP MSTDPET "
      .. "KernelSTDP DelayAdjustedKernelSTDP DelayAdjustedKernelSTDPD DelayAdjustedSTDP "
      .. "DelayAdjustedSTDPD DelayAdjustedMSTDP DelayAdjustedMSTDPD", "`snn.*`" },
    { "StableSTDP StableTripletSTDP", "`snn.*`, of `inferno.learn.trainers`" },
    { "MaxRateClassifier", "`snn.*`" },
    { "EligibilityTraceReducer", "`snn.*`, of `inferno.learn.trainers`; those of `snn.MSTDPET` "
      .. "are the engine's" },
  } },
  { "inferno.stats", {
    { "Poisson Normal LogNormal", "`snn.stats.*`" },
    { "Distribution DiscreteDistribution ContinuousDistribution", "none: classes without a body" },
  } },
  { "inferno.extra", {
    { "ExactNeuron", "`snn.*`" },
    { "identity varidentity", "none: `function(...) return ... end`" },
    { "tuplewrap", "none: `function(x) return { x } end`" },
  } },
  { "inferno.types", {
    { "OneToOne ManyToOne OneToMany ManyToMany OneToOneMethod ManyToOneMethod OneToManyMethod "
      .. "ManyToManyMethod", "none: types" },
  } },
}

local SAME <const> = false

local MEMBERS <const> = {
  { "Module", "layer", {
    { "train eval training apply named_modules modules named_children named_parameters "
      .. "parameters named_buffers buffers state_dict load_state_dict register_forward_hook "
      .. "register_forward_pre_hook extra_repr forward", SAME },
    { "to", "`module:to(dtype)`, a copy; there are no devices" },
    { "children", "a list of `{ name, module }`" },
    { "register_extra get_extra get_extra_state set_extra_state register_buffer "
      .. "register_parameter register_module get_submodule",
      "none: fields of a module are its children, tensors among them its state" },
  } },
  { "Neuron, InfernoNeuron and their mixins", "neuron", {
    { "shape count batchsz batchedshape dt voltage refrac spike clear forward absrefrac", SAME },
    { "threshold_adaptation", "of `snn.ALIF`, `snn.GLIF2`" },
    { "current_adaptation", "of `snn.Izhikevich`, `snn.AdEx`" },
    { "current", "none: an argument of forward" },
  } },
  { "Synapse, InfernoSynapse", "synapse", {
    { "dt delay current spike current_at spike_at clear forward shape batchsz batchedshape",
      SAME },
    { "partialconstructor", "`snn.DeltaCurrent.*` and its kin" },
    { "pos_current neg_current pos_current_at neg_current_at",
      "of `snn.DoubleExponentialCurrent`" },
    { "inplace", "none: bytes are shared until they are written" },
  } },
  { "Connection", "connection", {
    { "synapse batchsz dt inshape outshape batched_inshape batched_outshape insize outsize "
      .. "weight bias delay selector biased delayedby syncurrent synspike like_input like_bias "
      .. "like_synaptic presyn_receptive postsyn_receptive forward clear", SAME },
    { "updater updatable defaultupdater update updatesome", SAME },
  } },
  { "Updater", "updater", { { "parent names clear forward weight", SAME } } },
  { "Accumulator", "accumulator", {
    { "pos neg reduction upperbound lowerbound fullbound clear update forward", SAME },
    { "reduce bind", "none: set by `reduction`, `upperbound`, `lowerbound`, `fullbound`" },
  } },
  { "Layer", "layer", {
    { "add_cell get_cell del_cell add_connection get_connection del_connection add_neuron "
      .. "get_neuron del_neuron connections neurons cells named_connections named_neurons "
      .. "named_cells named_synapses wiring forward update clear", SAME },
    { "synapses", "`layer.connections.NAME.synapse`" },
  } },
  { "Cell", "cell", {
    { "connection neuron synapse updater precurrent prespike postvoltage postspike monitors "
      .. "add_monitor local_remap realign_attribute forward", SAME },
  } },
  { "encoders", "encoder", {
    { "dt steps duration refrac frequency generator forward", SAME },
    { "compensated", SAME },
    { "online", "`encoder:steps_of(x)`" },
  } },
  { "Reducer", "reducer", { { "latest clear view dump peek push forward", SAME } } },
  { "RecordReducer, FoldReducer", "fold", {
    { "add_record dt duration fold interpolate view dump peek push forward clear data", SAME },
    { "inplace", "none: bytes are shared until they are written" },
  } },
  { "RecordTensor", "record", {
    { "dt duration inclusive recordsz shape latest peek pop push read write readrange writerange "
      .. "select insert reset initialize deinitialize", SAME },
    { "value", "`record.data`, newest first" },
    { "owner name attributes constraints ignored live strict valid dimensionality compatible "
      .. "reconstrain resize create", "none: it is a module, and of the shape of its first step" },
    { "pointer align incr decr", "none: where steps lie is no script's business" },
  } },
  { "Hook", "hook", { { "register deregister registered trainexec evalexec", SAME } } },
  { "StateHook", "statehook", { { "hook module register forward", SAME } } },
  { "Monitor", "monitor", {
    { "reducer latest clear view dump peek register deregister registered trainexec evalexec",
      SAME },
    { "partialconstructor", "`snn.StateMonitor.*` and its kin" },
  } },
  { "Observable", "observable", {
    { "monitors local_remap realign_attribute add_monitor", SAME },
  } },
  { "MonitorPool", "pool", {
    { "monitors named_monitors named_monitors_of add_observed get_observed del_observed "
      .. "add_monitor get_monitor del_monitor", SAME },
    { "pool", "none: `get_observed` and `named_monitors_of` give the same" },
  } },
  { "CellTrainer, IndependentCellTrainer", "trainer", {
    { "monitors named_monitors named_monitors_of cells named_cells add_cell get_cell del_cell "
      .. "add_monitor get_monitor del_monitor train clear update forward get_unit register_cell",
      SAME },
    { "Unit", "none: a table `{ cell, state, monitors }`" },
  } },
  { "MaxRateClassifier", "classifier", {
    { "assignments occurrences proportions rates ndim nclass shape decay regress classify update "
      .. "forward", SAME },
  } },
}

-- ------------------------------------------------------------- the page

local HEAD <const> = [[
# Names of Inferno 0.0.5

Where the public names of the Python library [Inferno](https://github.com/mdominijanni/inferno) are
here. What behaves otherwise is in [the README](../README.md), "Differences from Inferno". Where a
line begins with *none*, there is no such name.

The lines are made of `spec/every/inferno.lua` by `build/snnlua spec/every/inferno.lua`; a spec
looks each name up.
]]

local function names_of(row)
  local out = {}
  for name in row[1]:gmatch "%S+" do out[#out + 1] = "`" .. name .. "`" end
  return table.concat(out, " ")
end

local function section(out, title, rows, otherwise)
  out[#out + 1] = ("\n## %s\n\n| Inferno | here |\n|---|---|\n"):format(title)
  for _, row in ipairs(rows) do
    out[#out + 1] = ("| %s | %s |\n"):format(names_of(row), row[2] or otherwise)
  end
end

local function page()
  local out = { HEAD }
  for _, module in ipairs(MODULES) do section(out, "`" .. module[1] .. "`", module[2]) end
  for _, class in ipairs(MEMBERS) do
    section(out, "Members of " .. class[1], class[3], "the same names")
  end
  return (table.concat(out):gsub("none:", "*none*:"))
end

if arg and arg[0] and arg[0]:find "inferno%.lua$" then
  local file <close> = assert(io.open("lua/README.md", "w"))
  file:write(page())
end

return { MODULES = MODULES, MEMBERS = MEMBERS, page = page }
