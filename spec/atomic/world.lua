-- The small network on which calls are made to fail: connections with delays,
-- neurons (one adapts, one is a script's), trainers, monitors, hooks, terms that
-- wait for an update, layers of a fixed shape. Each function of the script in it
-- begins and ends with world.trip(), so that a walk can let any of them raise.
local snn = require "snn"
local models = require "spec.every.models"
local rules = require "spec.every.trainers"

local world = {}

-- ------------------------------------------------------------- functions of a script

local trips, raises_at = 0, nil

---Lets the k-th trip from now raise; without k none.
---@param k? integer
function world.trip_at(k) trips, raises_at = 0, k end

---How many there have been since.
function world.trips() return trips end

---Whether one has raised since.
function world.tripped() return raises_at ~= nil and trips >= raises_at end

function world.trip()
  trips = trips + 1
  if trips == raises_at then error("a function of the script", 0) end
end

local function scripted(fn)
  return function(...)
    world.trip()
    local results = table.pack(fn(...))
    world.trip()
    return table.unpack(results, 1, results.n)
  end
end

local Own = snn.class("Own", snn.LIF)
Own.clear = scripted(function(self, options) return snn.LIF.clear(self, options) end)
Own.forward = scripted(function(self, ...) return snn.LIF.forward(self, ...) end)

local Readout = snn.class("Readout", snn.Module)
function Readout:init()
  snn.Module.init(self)
  self.gain, self.inner = snn.ones(2), snn.Module()
  self.inner.seen = snn.zeros(3)
end

local OwnTrainer = snn.class("OwnTrainer", snn.CellTrainer)
function OwnTrainer:forward()
  for cell, state in self:units() do
    world.trip()
    state.calls = (state.calls or 0) + 1
    cell.updater.weight.pos = snn.full(cell.connection.weight.shape, 0.001)
    world.trip()
  end
end

-- ------------------------------------------------------------- parts

local single = snn.SingleExponentialCurrent.partialconstructor {
  spike_charge = 100, time_constant = 5,
}
local double = snn.DoubleExponentialCurrent.partialconstructor {
  spike_charge = 100, tc_decay = 5, tc_rise = 2,
}

local function drawn(w) return snn.rand(w.shape, { dtype = w.dtype }) end

function world.dense(changes)
  local args = {
    in_shape = 4, out_shape = 3, step_time = 1, synapse = single, bias = true, delay = 3,
    batch_size = 2, weight_init = scripted(drawn), delay_init = function(d) return drawn(d) * 3 end,
  }
  for name, value in pairs(changes or {}) do args[name] = value end
  return snn.LinearDense(args)
end

function world.lateral(changes)
  local args = {
    shape = 3, step_time = 1, synapse = double, delay = 2, batch_size = 2, weight_init = drawn,
  }
  for name, value in pairs(changes or {}) do args[name] = value end
  return snn.LinearLateral(args)
end

local LIF = {
  shape = 3, step_time = 1, rest_v = -60, reset_v = -65, thresh_v = -50, refrac_t = 2,
  time_constant = 20, resistance = 5, batch_size = 2,
}

function world.lif(class) return (class or snn.LIF)(LIF) end

function world.alif()
  return snn.ALIF {
    shape = 3, step_time = 1, rest_v = -60, reset_v = -65, thresh_eq_v = -52, refrac_t = 2,
    tc_membrane = 20, tc_adaptation = { 100, 50 }, spike_increment = 0.5, resistance = 5,
    batch_size = 2, batch_reduction = scripted(function(t, dim) return t:mean(dim) end),
  }
end

local function passthrough(duration)
  return snn.PassthroughReducer { step_time = 1, duration = duration or 2 }
end
world.passthrough = passthrough

function world.trace()
  return snn.CumulativeTraceReducer {
    step_time = 1, time_constant = 5, amplitude = 1, target = true, duration = 3,
  }
end

-- ------------------------------------------------------------- the layer and its learning

local function layer(w)
  w.enc, w.lat = world.dense(), world.lateral()
  w.exc, w.inh, w.own = world.lif(), world.alif(), world.lif(Own)
  w.layer = snn.Layer { wiring = scripted(function(_, inputs)
    return { exc = inputs.enc, inh = inputs.lat, own = inputs.enc and inputs.enc * 0.5 }
  end) }
  for _, name in ipairs { "enc", "lat" } do w.layer:add_connection(name, w[name]) end
  for _, name in ipairs { "exc", "inh", "own" } do w.layer:add_neuron(name, w[name]) end
  w.layer.readout = Readout()
  w.cell, w.other = w.layer:add_cell("enc", "exc"), w.layer:add_cell("lat", "inh")
  w.x = { enc = snn.ones(2, 4):gt(0), lat = snn.tensor { { 1, 0, 1 }, { 0, 1, 1 } } }
end

local function updates(w)
  for _, name in ipairs { "enc", "lat" } do w[name].updater = w[name]:defaultupdater() end
  w.updater, w.acc = w.enc.updater, w.enc.updater.weight
  w.acc:upperbound(snn.functional.bound_upper_multiplicative, 2)
  w.acc:lowerbound(scripted(function(_, update) return update end), 0)
  w.lat.updater.weight:reduction(scripted(function(t, dim) return t:sum(dim) end))
end

local PAIR = { lr_post = 0.01, lr_pre = -0.01, tc_post = 20, tc_pre = 15 }

local function pair(more)
  local args = {}
  for name, value in pairs(PAIR) do args[name] = value end
  for name, value in pairs(more or {}) do args[name] = value end
  return args
end
world.pair = pair

local function kernel(diff)
  return diff:masked_fill(diff:isnan(), 0):abs():mul(-0.1):exp() * 0.01
end

local function trainers(w)
  w.stdp = snn.STDP(pair { delayed = true })
  w.stdp:register_cell("a", w.cell)
  w.stdp:register_cell("b", w.other, {
    batch_reduction = scripted(function(t) return t:sum(1) end),
  })
  w.mstdpet = snn.MSTDPET(pair { tc_eligibility = 10 })
  w.mstdpet:register_cell("a", w.cell)
  w.homeostasis = snn.LinearHomeostasis { plasticity = 0.1, target = 0.3, param = "bias" }
  w.homeostasis:register_cell("a", w.cell)
  w.kernels = snn.KernelSTDP { kernel_post = scripted(kernel), kernel_pre = kernel }
  w.kernels:register_cell("a", w.cell)
  w.free = OwnTrainer()
  w.free:add_cell("a", w.cell)
  w.free:add_cell("b", w.other)
  w.free:add_monitor("a", "v", "neuron.voltage",
    snn.StateMonitor.partialconstructor { reducer = passthrough() })
end

-- ------------------------------------------------------------- what watches

local function watched(w)
  w.of_cell = snn.StateMonitor {
    module = w.cell, attr = "postvoltage", reducer = passthrough(), last = 3,
  }
  w.of_calls = snn.InputMonitor {
    module = w.enc, reducer = world.trace(), filter = scripted(function() return true end),
    map = function(x) return x:to("float32") end,
  }
  w.of_change = snn.DifferenceMonitor {
    module = w.exc, attr = "voltage", reducer = passthrough(), every = 2, budget = 1e5,
  }
  w.of_eval = snn.OutputMonitor {
    module = w.inh, reducer = passthrough(), train_update = false, prepend = true,
  }
  w.of_parts = snn.MultiStateMonitor {
    module = w.layer, attr = "neurons.exc", subattrs = { "voltage" }, reducer = passthrough(),
    as_prehook = true,
  }
  w.of_events = snn.StateMonitor {
    module = w.cell, attr = "postspike", reducer = passthrough(), last = 2, events = true,
  }
  w.make = snn.StateMonitor.partialconstructor { reducer = passthrough() }
  w.pool = snn.MonitorPool()
  w.pool:add_observed("cell", w.cell)
  w.pool:add_monitor("cell", "v", "neuron.voltage", w.make)
  w.pool:add_monitor("cell", "s", "postspike", w.make)
  w.held = {} -- a cell's list of them is weak
  for _, _, monitor in w.pool:named_monitors() do w.held[#w.held + 1] = monitor end
  for _, _, monitor in w.free:named_monitors() do w.held[#w.held + 1] = monitor end
end

local View = snn.class("View", snn.Observable)
View.local_remap = scripted(function() return "voltage" end)

-- The basis is a group of neurons: what is called on it by `realign` is a script's.
local function observed(w)
  function w.own:path_of(name) return name end -- luacheck: no self
  w.observable = View { basis = w.own, realign = "path_of" }
  w.pool:add_observed("view", w.observable)
end

local function hooked(w)
  w.norm = snn.Normalization { module = w.enc, attr = "weight", order = 1, scale = 2, dim = -1 }
  w.norm:register()
  w.clamp = snn.Clamping { module = w.enc, attr = "weight", min = 0 }
  w.clamp:register()
  w.handle = w.exc:register_forward_pre_hook(scripted(function() end))
  w.hook = w.inh:register_forward_hook(scripted(function() end))
  w.unused = snn.Clamping { module = w.exc, attr = "voltage", max = 100 }
  w.hooking = snn.Hook { prehook = scripted(function() end), posthook = scripted(function() end) }
  w.hooking:register(w.inh)
  w.free_hook = snn.Hook { posthook = scripted(function() end) }
end

local function labels(list) return snn.tensor(list, { dtype = "int64" }) end

local Kept = snn.class("Kept", snn.FoldReducer)

function Kept:init(args)
  snn.FoldReducer.init(self, args)
  self.other = snn.RecordTensor { step_time = 9 }
  self:add_record "other"
end

Kept.fold = scripted(function(_, x, state) return state and state + x or x end)

local function records(w)
  w.record, w.kept = snn.RecordTensor { step_time = 1, duration = 3 }, Kept { step_time = 1 }
  for i = 1, 4 do
    w.record:push(snn.tensor { i, -i })
    w.kept(snn.tensor { i, i })
  end
  w.kept.other:push(snn.ones(2))
  w.eligible = snn.EligibilityTraceReducer {
    step_time = 1, time_constant = 5, obs_reshape = scripted(function(x) return x end),
    cond_reshape = function(x) return x end,
  }
end

local function alone(w)
  w.classifier = snn.MaxRateClassifier { shape = 3, num_classes = 2 }
  w.classifier:update(snn.rand(4, 3), labels { 1, 2, 1, 2 })
  w.rates, w.labels = snn.rand(4, 3), labels { 2, 1, 1, 2 }
  w.generator = snn.Generator { seed = 3 }
  w.encoder = snn.HomogeneousPoissonEncoder {
    steps = 3, step_time = 1, frequency = 100, generator = w.generator,
  }
  w.reducer, w.accumulator = world.trace(), snn.Accumulator()
  w.reducer(snn.ones(2, 3):gt(0))
  w.accumulator.pos, w.accumulator.neg = snn.ones(2, 3), snn.full({ 2, 3 }, 0.5)
  w.synapse, w.conv = single(4, 1, 2, 2), snn.Conv2D {
    height = 3, width = 3, channels = 1, filters = 2, kernel = 2, step_time = 1, synapse = single,
  }
  w.synapse(snn.ones(2, 4):gt(0))
end

-- One step of all of it.
local function step(w)
  w.layer(w.x)
  for _, name in ipairs { "stdp", "homeostasis", "kernels", "free" } do w[name]() end
  w.mstdpet(0.5)
end

---A network in the middle of its learning: two steps, one update, and terms
---that wait for the next.
function world.network()
  snn.manual_seed(5)
  local w = { step = step }
  for _, part in ipairs { layer, updates, trainers, watched, observed, hooked, records,
    alone } do part(w) end
  w:step()
  w.layer:update()
  w.saved, w.learned = w.layer:state_dict(), w.stdp:state_dict()
  w:step()
  return w
end

-- ------------------------------------------------------------- layers of a fixed shape

function world.parts(w)
  w.enc, w.lat, w.back = world.dense(), world.lateral(), world.lateral()
  w.exc, w.inh = world.lif(Own), world.lif()
end

---The arguments of a RecurrentSerial of these parts.
function world.recurrent(w)
  return {
    feedfwd_connection = w.enc, lateral_connection = w.lat, feedback_connection = w.back,
    feedfwd_neuron = w.exc, feedback_neuron = w.inh, trainable_feedback = true,
    lateral_in_transform = scripted(function(t) return t end),
  }
end

local function fixed_step(w)
  w.serial(w.x)
  w.biclique { a = w.x, b = snn.ones(2, 4) }
  w.recurrent(w.x)
end

---A Serial, a Biclique, a RecurrentSerial after two steps each, and parts.
function world.fixed()
  snn.manual_seed(6)
  local w = { step = fixed_step, x = snn.ones(2, 4):gt(0) }
  w.serial = snn.Serial {
    connection = world.dense(), neuron = world.lif(Own),
    transform = scripted(function(t) return t * 2 end),
  }
  w.biclique = snn.Biclique {
    connections = { { "a", world.dense() }, { "b", world.dense(), scripted(drawn) } },
    neurons = { { "x", world.lif() }, { "y", world.alif(), scripted(function(t) return t end) } },
  }
  local loop = {}
  world.parts(loop)
  w.recurrent = snn.RecurrentSerial(world.recurrent(loop))
  world.parts(w)
  w:step()
  w.saved = w.recurrent:state_dict()
  w:step()
  return w
end

-- ------------------------------------------------------------- connected layers

---Layers that feed connections; in a step that is made `exc` alone runs.
function world.connected()
  snn.manual_seed(6)
  local function dense(inputs) return world.dense { in_shape = inputs } end
  local w = { layer = snn.Layer(), conn = dense(2), x = snn.ones(2, 3):gt(0) }
  w.layer:add_neuron("exc", world.lif())
  w.layer:add_neuron("own", world.lif())
  w.layer:connect("exc", "exc", dense(3))
  w.layer:connect("exc", "own", dense(2), { from = { 2, 3 } })
  w.layer:add_connection("ext", dense(3))
  w.layer:add_cell("ext", "exc")
  w.recorder = snn.SpikeRecorder(w.layer, "exc")
  function w:step()
    self.layer { ext = self.x }
    -- what it has recorded, for comparisons
    self.count = snn.tensor { self.recorder.count, self.recorder.steps }
    self.times = self.recorder:times()
  end
  for _ = 1, 3 do w:step() end
  return w
end

-- ------------------------------------------------------------- synapses one by one

---The arguments of a LinearSparse.
function world.synapses()
  return {
    in_shape = 4, out_shape = 3, step_time = 1, synapse = single, delay = 3, batch_size = 2,
    synapses = snn.connect.where(scripted(function(i, j) return ((i + j) % 2):eq(0) end))
      + snn.connect.fixed_total { n = 3 },
    weight_init = scripted(function(i, j) return i * 0.5 - j end),
    delay_init = scripted(function(i, j) return (i + j) % 3 end),
  }
end

---A layer with a LinearSparse that learns, after three steps and an update.
function world.sparse()
  snn.manual_seed(7)
  local w = { layer = snn.Layer { wiring = scripted(function(_, i) return { exc = i.enc } end) },
    conn = snn.LinearSparse(world.synapses()),
    x = snn.ones(2, 4):gt(0) }
  w.layer:add_connection("enc", w.conn)
  w.layer:add_neuron("exc", world.lif())
  w.conn.updater = w.conn:defaultupdater()
  w.stdp = snn.MSTDPET { lr_post = 0.1, lr_pre = -0.1, tc_post = 20, tc_pre = 20,
    tc_eligibility = 20 }
  w.stdp:register_cell("cell", w.layer:add_cell("enc", "exc"))
  function w:step()
    self.layer { enc = self.x }
    self.stdp(1)
    self.layer:update()
  end
  for _ = 1, 3 do w:step() end
  return w
end

-- ------------------------------------------------------------- scripts' own classes

local OwnSynapse = snn.class("OwnSynapse", snn.Synapse)
OwnSynapse.states = { left = { of = "input" } }
OwnSynapse.forward = scripted(function(self, spikes)
  self.left = self.left * 0.5 + spikes:to("float32") * 30
  return self.left
end)

local OwnConnection = snn.class("OwnConnection", snn.Connection)
OwnConnection.states = { calls = { of = "one", type = "int64" } }
OwnConnection.forward = scripted(function(self, spikes)
  self.calls = self.calls + 1
  return self.synapse(spikes):matmul(self.weight:transpose(1, 2))
end)

local OwnNeuron = snn.class("OwnNeuron", snn.Neuron)
OwnNeuron.states = { u = { of = "neuron", init = scripted(function(self)
  return self.voltage * 0.2
end) } }
OwnNeuron.forward = scripted(function(self, input)
  self.voltage = self.voltage * 0.9 + input
  world.trip()
  self.u = self.u + self.voltage
  return self.voltage:gt(20)
end)

local OwnReducer = snn.class("OwnReducer", snn.Reducer)
OwnReducer.states = { seen = { of = "one" } }
OwnReducer.forward = scripted(function(self, value)
  self.seen = self.seen + 1
  self:push(self.latest and self.latest + value or value)
end)

---A layer, and each part of another one alone, after two steps.
function world.own()
  snn.manual_seed(8)
  local function connection()
    return OwnConnection { in_shape = 4, out_shape = 3, step_time = 1, batch_size = 2,
      synapse = OwnSynapse.partialconstructor {} }
  end
  local function neuron() return OwnNeuron { shape = 3, step_time = 1, batch_size = 2 } end
  local w = { x = snn.ones(2, 4):gt(0), enc = connection(), exc = neuron(),
    layer = snn.Serial { connection = connection(), neuron = neuron() },
    reducer = OwnReducer { step_time = 1, duration = 2 },
    dense = world.dense { synapse = OwnSynapse.partialconstructor {} } }
  function w:step()
    self.layer(self.x)
    self.exc(self.dense(self.x) + self.enc(self.x))
    self.reducer(self.exc.voltage)
  end
  w:step()
  w.saved = w.layer:state_dict()
  w:step()
  return w
end

-- ------------------------------------------------------------- a trainer alone

local RULES = {
  tc_eligibility = 10, lr_post_pair = 0.2, lr_post_triplet = 0.1, lr_pre_pair = -0.1,
  lr_pre_triplet = 0.1, tc_post_fast = 10, tc_post_slow = 30, tc_pre_fast = 15,
  tc_pre_slow = 40, lr_pos = 0.2, lr_neg = -0.1, tc_pos = 10, tc_neg = 15, plasticity = 0.1,
  target = 0.3, kernel_post = scripted(kernel), kernel_pre = kernel,
}

---The arguments of a trainer of this name.
function world.rule(name)
  local args, pairs_of = {}, world.pair()
  for _, argument in ipairs(snn[name].arguments) do
    local given = pairs_of[argument.name] or RULES[argument.name]
    if not given and not argument.optional then given = models.example(argument) end
    args[argument.name] = given
  end
  return args
end

---The trainers whose call takes a signal.
function world.signal(name) return rules.is_modulated(name) and 0.5 or nil end

local function trained_step(w)
  w.layer(w.x)
  w.trainer(w.signal)
end

---A layer of two cells that a trainer of this name trains.
function world.trained(name)
  snn.manual_seed(7)
  local w = { step = trained_step, signal = world.signal(name) }
  layer(w)
  updates(w)
  w.trainer = snn[name](world.rule(name))
  w.trainer:register_cell("a", w.cell)
  w.trainer:register_cell("b", w.other)
  w:step()
  w.saved = w.trainer:state_dict()
  w:step()
  return w
end

---A new synapse for a connection of these.
function world.synapse_like(connection)
  local make = debug.getmetatable(connection).__name == "LinearLateral" and double or single
  return make(connection:insize(), connection.dt, connection.delayedby, connection.batchsz)
end

return world
