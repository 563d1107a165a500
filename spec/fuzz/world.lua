-- The objects that the fuzzer torments: a small network with everything that
-- belongs to it, and prints of their state, to see what a failed call changed.
local snn = require "snn"
local V = require "spec.fuzz.values"
local R = require "spec.fuzz.record"
local sorted = require "spec.sorted"
local sparse = require "spec.fuzz.sparse"

local W = {}

local function lif(shape, batch)
  return snn.LIF {
    shape = shape, step_time = 1, batch_size = batch, rest_v = -60, reset_v = -65, thresh_v = -50,
    refrac_t = 2, time_constant = 20,
  }
end

local function alif(shape, batch, reduction)
  return snn.ALIF {
    shape = shape, step_time = 1, batch_size = batch, rest_v = -60, reset_v = -65,
    thresh_eq_v = -52, refrac_t = 2, tc_membrane = 20, tc_adaptation = { 100, 50 },
    spike_increment = 0.5, batch_reduction = reduction, dtype = "float64",
  }
end

local function synapse()
  return V.pick {
    snn.DeltaCurrent.partialconstructor { spike_charge = 100 },
    snn.DeltaPlusCurrent.partialconstructor { spike_charge = 100, current_overbound = 2 },
    snn.SingleExponentialCurrent.partialconstructor { spike_charge = 100, time_constant = 5 },
    snn.DoubleExponentialCurrent.partialconstructor {
      spike_charge = 100, tc_decay = 5, tc_rise = 2,
    },
  }
end

local function dense(batch, bias)
  return snn.LinearDense {
    in_shape = { 2, 2 }, out_shape = 3, step_time = 1, synapse = synapse(), batch_size = batch,
    bias = bias, delay = V.pick { false, 0, 2 } or nil,
  }
end

local function conv()
  return snn.Conv2D {
    height = 4, width = 3, channels = 2, filters = 2, kernel = 2, padding = { 1, 0 },
    step_time = 1, synapse = synapse(), bias = V.chance(50), delay = V.chance(50) and 1.5 or nil,
  }
end

local function lateral(batch)
  return snn.LinearLateral { shape = 3, step_time = 1, synapse = synapse(), batch_size = batch }
end

local function direct(batch)
  return snn.LinearDirect {
    shape = 3, step_time = 1, synapse = synapse(), batch_size = batch, dtype = "float64",
  }
end

local function stdp(mode)
  return snn.STDP {
    lr_post = 0.1, lr_pre = -0.1, tc_post = 20, tc_pre = 20, trace_mode = mode,
    delayed = V.chance(50),
    batch_reduction = V.chance(30) and V.pick { "max", "sum", "min" } or nil,
  }
end

-- A network with a trainer, its parts named as scripts would.
local function network(w)
  local batch = V.rng(2)
  w.conn, w.lat, w.dir = dense(batch, V.chance(50)), lateral(batch), direct(batch)
  w.exc, w.inh = lif(3, batch), alif(3, batch, V.chance(50) and V.fn() or nil)
  w.layer = snn.Layer {
    wiring = function(_, inputs) return { exc = inputs.enc, inh = inputs.lat } end,
  }
  w.layer:add_connection("enc", w.conn)
  w.layer:add_connection("lat", w.lat)
  w.layer:add_neuron("exc", w.exc)
  w.layer:add_neuron("inh", w.inh)
  w.cell = w.layer:add_cell("enc", "exc")
  w.conn.updater = w.conn:defaultupdater()
  w.updater, w.acc = w.conn.updater, w.conn.updater.weight
  w.trainer = stdp(V.pick { "nearest", "cumulative" })
  w.trainer:register_cell("cell", w.cell)
  w.x = snn.bernoulli(snn.full({ batch, 2, 2 }, 0.5))
  W.step = function()
    w.layer { enc = w.x }
    w.trainer()
    w.layer:update()
  end
  w.step = W.step
  w.monitor = w.trainer:get_monitor("cell", "trace_pre")
  w.synapse = w.conn.synapse
end

local function rest(w)
  w.free = snn.Accumulator()
  w.module = snn.Module()
  w.module.child, w.module.t = w.exc, snn.ones(2)
  w.exact = snn.ExactNeuron { shape = 2, step_time = 1, rest_v = 0, thresh_v = 1 }
  w.classifier = snn.MaxRateClassifier { shape = 3, num_classes = 2 }
  w.generator = snn.Generator { seed = V.rng(5) }
  w.encoder = snn.HomogeneousPoissonEncoder {
    steps = 3, step_time = 1, frequency = 100, generator = V.chance(50) and w.generator or nil,
  }
  w.steps_of = w.encoder:steps_of(snn.rand(2, 3))
  w.set = snn.data.set { images = snn.rand(5, 2), labels = { 1, 2, 1, 2, 2 } }
  w.loader = snn.data.loader(w.set, { batch_size = 2, shuffle = true })
  w.progress = snn.progress(3)
  w.clamp = snn.Clamping { module = w.conn, attr = "weight", min = 0, max = 1 }
  w.norm = snn.Normalization {
    module = w.layer, attr = "connections.enc.weight", order = 1, scale = 1,
  }
  w.hook = w.conn:register_forward_hook(function() end)
  w.hooks = snn.Hook { prehook = V.fn(), posthook = V.chance(50) and V.fn() or nil }
  w.state_hook = snn.StateHook { module = w.exc, as_prehook = V.chance(50) }
  w.state_hook.hook = V.fn()
  w.serial = snn.Serial {
    connection = dense(1), neuron = lif(3, 1),
    transform = V.chance(50) and V.fn() or nil,
  }
  w.conv = conv()
  w.patches, w.image = w.conv.synapse, snn.ones(1, 2, 4, 3)
  w.connections, w.cells = w.layer.connections, w.layer.cells
end

-- Reducers, and monitors of all kinds.
local function observing(w)
  local function passthrough()
    return snn.PassthroughReducer { step_time = 1, duration = V.rng(3) }
  end
  w.event = snn.EventReducer { step_time = 1, criterion = V.fn(), duration = 2 }
  w.trace = snn.NearestTraceReducer {
    step_time = 1, time_constant = 5, amplitude = 1, target = true, duration = 3,
  }
  w.record = snn.RecordTensor { step_time = 1, duration = V.rng(4), fill = V.rng(3) }
  w.folded = snn.FoldReducer { step_time = 1, duration = V.rng(3) }
  w.folded.fold, w.folded.interpolate = V.fn(), V.fn()
  w.records = snn.RecordReducer { step_time = 1 }
  w.records.other = snn.RecordTensor { step_time = 2 }
  w.records:add_record "other"
  for i = 1, V.rng(4) do w.record:push(snn.full({ 2 }, i)) end
  w.of_cell = snn.StateMonitor {
    module = w.cell, attr = "postspike", reducer = w.trace, budget = 2000,
  }
  w.of_calls = snn.OutputMonitor {
    module = w.cell, attr = "neuron", reducer = passthrough(), last = 2,
    map = V.chance(30) and V.fn() or nil,
  }
  w.of_change = snn.DifferenceMonitor {
    module = w.exc, attr = "voltage", reducer = passthrough(), every = 2,
    op = V.chance(30) and V.fn() or nil,
  }
  w.make_monitor = snn.StateMonitor.partialconstructor { reducer = passthrough() }
  w.pool = snn.MonitorPool()
  w.pool:add_observed("cell", w.cell)
  w.pool:add_monitor("cell", "v", "neuron.voltage", w.make_monitor)
end

-- The other layers and rules, a neuron that adapts.
local function izhikevich(batch)
  return snn.Izhikevich {
    shape = 3, step_time = 1, batch_size = batch, rest_v = -60, crit_v = -50, affinity = 0.1,
    reset_v = -65, thresh_v = 30, refrac_t = 1, tc_membrane = 10, tc_adaptation = { 20, 50 },
    voltage_coupling = 0.2, spike_increment = 1,
  }
end

local PAIR = { lr_post = 0.1, lr_pre = -0.1, tc_post = 20, tc_pre = 20, tc_eligibility = 10 }
local ADJUSTED = { lr_pos = 0.1, lr_neg = -0.1, tc_pos = 20, tc_neg = 20 }

-- A rule, with the arguments that it knows; some need a delay.
local function rule(is_delayed)
  local names = { "MSTDP", "MSTDPET" }
  if is_delayed then names = { "MSTDP", "DelayAdjustedSTDP", "DelayAdjustedMSTDPD" } end
  local class = snn[V.pick(names)]
  local args = {}
  for _, argument in ipairs(class.arguments) do
    args[argument.name] = PAIR[argument.name] or ADJUSTED[argument.name]
  end
  return class(args)
end

local function zoo(w)
  local batch = V.rng(2)
  w.delayed, w.izhikevich = dense(batch), izhikevich(batch)
  w.history = w.delayed.synapse
  w.delayed.updater = w.delayed:defaultupdater()
  w.learner = snn.Serial { connection = w.delayed, neuron = w.izhikevich }
  w.rule = rule(w.delayed.delay ~= nil)
  w.rule:register_cell("cell", w.learner.cell)
  w.homeostasis = snn.LinearHomeostasis { plasticity = 0.1, target = 0.2 }
  w.homeostasis:register_cell("cell", w.learner.cell)
  w.kernels = snn.KernelSTDP { kernel_post = V.fn(), kernel_pre = V.fn() }
  w.kernels:register_cell("cell", w.learner.cell)
  w.learn = function()
    w.learner(snn.ones(batch, 2, 2), { capture_intermediate = true })
    w.rule(0.5)
    w.homeostasis()
    w.learner:update()
  end
  w.biclique = snn.Biclique {
    connections = { { "a", dense(1) }, { "b", dense(1), V.chance(50) and V.fn() or nil } },
    neurons = { { "x", lif(3, 1), V.chance(50) and V.fn() or nil } },
    combine = V.chance(30) and V.fn() or "sum",
  }
  w.recurrent = snn.RecurrentSerial {
    feedfwd_connection = dense(1), lateral_connection = lateral(1),
    feedback_connection = lateral(1), feedfwd_neuron = lif(3, 1), feedback_neuron = lif(3, 1),
    trainable_feedback = V.chance(50),
  }
  w.average = snn.EMAReducer { step_time = 1, alpha = 0.5, duration = 3 }
  w.conditional = snn.ConditionalCumulativeTraceReducer {
    step_time = 1, time_constant = 5, amplitude = 1, scale = 1,
  }
end

-- A class of a script: its init meddles with the object before and after the
-- parent has made it.
local function scripted(w)
  local class = snn.class("Own", snn.LIF)
  function class:init(args)
    w.half = self
    if V.chance(50) then V.act() end
    if V.chance(70) then snn.LIF.init(self, args) end
    if V.chance(50) then V.act() end
    if V.chance(20) then error(V.raised, 0) end
  end
  w.class = class
  local ok, own = pcall(class, {
    shape = 3, step_time = 1, rest_v = -60, reset_v = -65, thresh_v = -50, refrac_t = 2,
    time_constant = 20,
  })
  if ok then w.own = own end
end

-- Scripts' own classes of neurons, synapses and connections; they fail by chance,
-- after they have changed their states.
local function may_fail()
  if V.chance(15) then error(V.raised, 0) end
end

local function owned(w)
  local Neuron, Synapse = snn.class("OwnNeuron", snn.Neuron), snn.class("OwnSynapse", snn.Synapse)
  local Connection = snn.class("OwnConnection", snn.Connection)
  Neuron.states = { u = { of = "neuron", init = function(self) return self.voltage * 0.5 end },
    n = { of = "shape", type = "int64", stays = V.chance(50) } }
  Synapse.states = { left = { of = "input" } }
  Connection.states = { out = { of = "output" } }
  function Neuron:forward(input)
    self.voltage, self.u = self.voltage + input, self.u * 0.9 + input
    may_fail()
    return V.chance(90) and self.u:gt(5) or V.value()
  end
  function Synapse:forward(spikes)
    self.left = self.left * 0.5 + spikes
    may_fail()
    return self.left
  end
  function Connection:forward(spikes)
    self.out = 3
    local currents = self.synapse(spikes)
    may_fail()
    return currents:matmul(self.weight:transpose(1, 2))
  end
  local synapses = Synapse.partialconstructor {}
  w.own_neuron = Neuron { shape = 3, step_time = 1 }
  w.own_dense = snn.LinearDense { in_shape = { 2, 2 }, out_shape = 3, step_time = 1,
    synapse = synapses, delay = V.pick { false, 2 } or nil }
  w.own_layer = snn.Layer { wiring = function(_, inputs) return { exc = inputs.enc } end }
  w.own_layer:add_connection("enc", Connection { in_shape = 4, out_shape = 3, step_time = 1,
    synapse = synapses })
  w.own_layer:add_neuron("exc", Neuron { shape = 3, step_time = 1 })
end

local guards, back = 0, {}

--- Collects, and puts what came back by then among the objects: at the same rounds
--- of each run, whenever the collector ran before.
function W.revive()
  collectgarbage()
  collectgarbage()
  table.sort(back, function(a, b) return a.n < b.n end)
  for _, entry in ipairs(back) do V.objects[#V.objects + 1] = entry.object end
  back = {}
end

-- Objects that come back from their finalizers, after those of the objects
-- they refer to have run. When that is, is the collector's business: what they
-- choose is no part of the round.
local function guard(w)
  guards = guards + 1
  local n = guards
  local held = {}
  for _, name in ipairs(sorted(w)) do held[#held + 1] = w[name] end
  local function come_back()
    for _ = 1, 3 do V.act(held) end
    if #held > 0 then back[#back + 1] = { n = n, object = held[V.rng(#held)] } end
  end
  return setmetatable({}, { __gc = function()
    R.is_paused = true
    V.apart(-1, n, come_back)
    R.is_paused = false
  end })
end

--- A new set of objects; they are in V.objects, what meddling finds. The n-th of
--- a run of that seed.
function W.make(with_guards, seed, n)
  V.seed_at(seed, -n)
  guards = 2 * n
  local w = {}
  V.objects = {}
  if with_guards then w.early = guard(w) end
  network(w)
  local fine = pcall(rest, w) and pcall(observing, w) and pcall(zoo, w)
  if not fine then W.broken = true end
  pcall(scripted, w)
  pcall(owned, w)
  pcall(sparse.make, w)
  pcall(sparse.loops, w)
  if with_guards then guard(w) end
  for _, name in ipairs(sorted(w)) do
    V.objects[#V.objects + 1] = w[name]
    R.name(w[name], n .. "." .. name)
  end
  return w
end

--- Forgets all objects; returns the blocks that the engine still holds.
function W.drop()
  V.objects, W.step = {}, function() end
  for _ = 1, 30 do -- finalizers bring objects back
    back = {}
    collectgarbage()
  end
  back = {}
  V.objects = {}
  collectgarbage()
  return snn._debug.live()
end

-- ---------------------------------------------------------------- prints

-- A shape can be called, to say that it is a field.
local function is_list(v)
  local meta = getmetatable(v)
  return meta == nil or rawget(meta, "__index") == nil and rawget(meta, "__tostring") == nil
end

local function print_of(v)
  if math.type(v) == "float" then return ("%a"):format(v) end
  if type(v) == "table" and is_list(v) then
    local out = {}
    for i = 1, #v do out[i] = print_of(v[i]) end
    return "{" .. table.concat(out, ",") .. "}"
  end
  return type(v) == "userdata" and "userdata" or tostring(v)
end

local function tensor_print(t)
  return t.dtype .. print_of(t.shape) .. print_of(t:totable())
end

local PLAIN = { "batchsz", "dt", "delay", "training", "names", "inshape", "updatable", "shape" }

local function field(v, name)
  local ok, value = pcall(function() return v[name] end)
  return ok and print_of(value) or "-"
end

local function module_print(m)
  local ok, state = pcall(m.state_dict, m)
  if not ok then return "unfinished" end
  local out = {}
  for name, t in pairs(state) do out[#out + 1] = name .. "=" .. tensor_print(t) end
  table.sort(out)
  for _, name in ipairs(PLAIN) do out[#out + 1] = name .. "=" .. field(m, name) end
  for _, name in ipairs { "pos", "neg", "latest" } do
    local fine, text = pcall(function() return tensor_print(m[name]) end)
    out[#out + 1] = name .. "=" .. (fine and text or "-")
  end
  return table.concat(out, ";")
end

--- What can be seen of a value, as text; nil for what has no state.
function W.print(v)
  if type(v) ~= "userdata" then return nil end
  if pcall(snn.zeros_like, v) then return tensor_print(v) end
  local ok, text = pcall(module_print, v)
  return ok and text or nil
end

return W
