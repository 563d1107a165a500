-- Sparse objects for the fuzzer: connectors, a LinearSparse that learns, with delays or
-- without, groups that are connected within a layer, and what records their spikes.
local snn = require "snn"
local V = require "spec.fuzz.values"

local sparse = {}

local CONNECTORS = {
  function() return snn.connect.all_to_all { self = V.chance(50) } end,
  function() return snn.connect.bernoulli { p = V.pick { 0, 0.5, 1 } } end,
  function() return snn.connect.fixed_in_degree { n = 2, multiple = V.chance(50) } end,
  function() return snn.connect.fixed_out_degree { n = 1 } end,
  function() return snn.connect.fixed_total { n = 5 } end,
  function() return snn.connect.distance { kernel = "disc", radius = 2 } end,
  function() return snn.connect.distance { kernel = V.fn(), p = 0.5 } end,
  function() return snn.connect.where(V.fn()) end,
  function() return snn.connect.pairs { pre = { 1, 4, 1, 1 }, post = { 3, 2, 3, 1 } } end,
  function() return snn.connect.mask(snn.ones(3, 4)) end,
}

local function connector(depth)
  local one = V.pick(CONNECTORS)()
  local kind = (depth or 0) < 2 and V.rng(6) or 6
  if kind == 1 then return one + connector((depth or 0) + 1) end
  if kind == 2 then return one:without(connector((depth or 0) + 1)) end
  return one
end

local SYNAPSES = {
  function() return snn.DeltaCurrent.partialconstructor { spike_charge = 100 } end,
  function()
    return snn.SingleExponentialCurrent.partialconstructor { spike_charge = 100, time_constant = 5 }
  end,
  function()
    return snn.DoubleExponentialCurrent.partialconstructor {
      spike_charge = 100, tc_decay = 5, tc_rise = 2,
    }
  end,
}

local function synapses()
  local kind = V.rng(3)
  if kind == 1 then return connector() end
  if kind == 2 then return snn.connect.fixed_total { n = 6 } end
  return { pre = snn.tensor { 4, 1, 1, 2, 3 }, post = snn.tensor { 1, 3, 3, 2, 1 } }
end

local function connection(batch)
  local delay = V.pick { false, 0, 2 } or nil
  return snn.LinearSparse {
    in_shape = { 2, 2 }, out_shape = 3, step_time = 1, synapse = V.pick(SYNAPSES)(),
    synapses = synapses(), batch_size = batch, bias = V.chance(30), delay = delay,
    delay_init = delay and V.pick { 1, function(d) return snn.rand(d.shape) * delay end } or nil,
    weight_init = V.chance(20) and V.fn() or 0.5, dtype = V.pick { "float32", "float64" },
  }
end

local function lif(dtype, batch)
  return snn.LIF {
    shape = 3, step_time = 1, batch_size = batch, rest_v = -60, reset_v = -65, thresh_v = -50,
    refrac_t = 2, time_constant = 20, dtype = dtype,
  }
end

local PAIR = { lr_post = 0.1, lr_pre = -0.1, tc_post = 20, tc_pre = 20, tc_eligibility = 10 }

local function rule()
  local class = snn[V.pick { "STDP", "MSTDPET", "KernelSTDP" }]
  local args = {}
  for _, argument in ipairs(class.arguments) do args[argument.name] = PAIR[argument.name] end
  if class == snn.KernelSTDP then args.kernel_post, args.kernel_pre = V.fn(), V.fn() end
  return class(args)
end

---Puts these objects into `w`.
function sparse.make(w)
  local batch = V.rng(2)
  w.connector = connector()
  w.sparse = connection(batch)
  w.sparse.updater = w.sparse:defaultupdater()
  w.sparse_synapse, w.sparse_acc = w.sparse.synapse, w.sparse.updater.weight
  w.sparse_layer = snn.Serial { connection = w.sparse, neuron = lif(w.sparse.dtype, batch) }
  w.sparse_rule = rule()
  w.sparse_rule:register_cell("cell", w.sparse_layer.cell)
  w.sparse_norm = snn.Normalization {
    module = w.sparse, attr = "weight", order = 1, scale = 1, dim = V.pick { "post", "pre" },
  }
  w.sparse_step = function()
    w.sparse_layer(snn.ones(batch, 2, 2))
    w.sparse_rule(0.5)
    w.sparse_layer:update()
  end
end

---Those that go round within a layer, and their spikes.
function sparse.loops(w)
  w.loop_group, w.loop = lif("float32", 1), snn.Layer()
  w.loop:add_neuron("exc", w.loop_group)
  w.loop.wiring = function(_, inputs) return { exc = inputs.exc_exc or inputs.enc } end
  w.recurrence = snn.LinearSparse {
    in_shape = 3, out_shape = 3, step_time = 1, synapse = V.pick(SYNAPSES)(),
    synapses = snn.connect.all_to_all { self = false }, weight_init = 0.5,
  }
  w.loop:connect("exc", "exc", w.recurrence, V.chance(50) and { from = { 1, 3 } } or nil)
  w.recorder = snn.SpikeRecorder(w.loop_group)
  w.loop_step = function() w.loop {} end
end

return sparse
