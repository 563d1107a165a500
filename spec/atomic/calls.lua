-- A call of every public method that changes something, for the walks of
-- walk.lua: "Class.method", "Class()" its constructor, behind a space which of
-- several calls it is. A call returns what its one call of the library returns,
-- as a tail call: what a call has done before it fails is then the library's.
-- A method that stands nowhere here fails the spec: give it a call.
local folder = require "spec.io.folder"
local snn = require "snn"
local watched = require "spec.atomic.watched"
local world = require "spec.atomic.world"

local calls = {}

-- What only reads, or makes an object that nothing else knows.
calls.READS = {}
for name in ([[
  Layer.wiring Serial.wiring Biclique.wiring RecurrentSerial.wiring
  Layer.get_connection Layer.get_neuron Layer.get_cell Layer.named_connections
  Layer.named_neurons Layer.named_synapses Layer.named_cells Layer.children
  Module.modules Module.named_children Module.parameters Module.named_parameters
  Module.buffers Module.named_buffers Module.extra_repr CellTrainer.cells
  CellTrainer.monitors CellTrainer.named_monitors_of MonitorPool.monitors
  Cell.local_remap Cell.realign_attribute Observable.local_remap
  Observable.realign_attribute
  Module.children Module.named_modules Module.state_dict Module()
  CellTrainer.children CellTrainer.get_cell CellTrainer.get_monitor CellTrainer.get_unit
  CellTrainer.named_cells CellTrainer.named_monitors CellTrainer.units
  CellTrainer.forward CellTrainer() IndependentCellTrainer() Layer()
  MonitorPool.children MonitorPool.get_monitor MonitorPool.get_observed
  MonitorPool.named_monitors MonitorPool.named_monitors_of MonitorPool()
  Monitor.dump Monitor.peek Monitor.view Monitor.flush Monitor.times Monitor.trains Monitor.rate
  Generator.initial_seed Reducer.dump Reducer.peek Reducer.view Reducer.fold Reducer.interpolate
  RecordTensor.read RecordTensor.readrange RecordTensor.select RecordReducer.forward
  FoldReducer.view EligibilityTraceReducer.fold EligibilityTraceReducer.interpolate
  Synapse.current_at Synapse.spike_at DoubleExponentialCurrent.neg_current_at
  DoubleExponentialCurrent.pos_current_at
  Connection.insize Connection.outsize Connection.like_bias Connection.like_input
  Connection.like_synaptic Connection.postsyn_receptive Connection.presyn_receptive
  LinearDirect.postsyn_receptive LinearDirect.presyn_receptive Conv2D.like_bias
  Conv2D.like_input Conv2D.like_synaptic Conv2D.postsyn_receptive Conv2D.presyn_receptive
  LinearSparse.to_dense LinearSparse.find LinearSparse.describe
  MaxRateClassifier.classify MaxRateClassifier.regress
  StateHook.hook Cell.forward Encoder.forward Encoder.steps_of Accumulator() Accumulator.update
  Neuron() Synapse() Connection() Encoder() Reducer() Accumulator.forward
]]):gmatch "%S+" do calls.READS[name] = true end
for name, class in pairs(snn) do
  local has = type(class) == "table" and rawget(class, "partialconstructor")
  if has then calls.READS[name .. ".partialconstructor"] = true end
end

-- ------------------------------------------------------------- the network

calls.areas = {}

---The calls on worlds that `make` makes, by name.
local function area(name, make)
  local list = {}
  calls.areas[name] = { make = make, calls = list }
  return list
end

local network = area("network", world.network)

network["Layer.forward"] = function(w) return w.layer:forward(w.x) end
network["Layer.forward as a call"] = function(w) return w.layer(w.x) end
network["Layer.clear"] = function(w) return w.layer:clear() end
network["Layer.clear with options"] = function(w)
  return w.layer:clear { keep_adaptations = false }
end
network["Layer.snapshot"] = function(w) return #tostring(w.layer:snapshot()) end
network["Layer.restore"] = function(w) return w.layer:restore(w.layer:snapshot()) end
network["Layer.update"] = function(w) return w.layer:update() end
network["Layer.update without clear"] = function(w) return w.layer:update { clear = false } end
network["Layer.add_connection"] = function(w) return w.layer:add_connection("new", w.conv) end
network["Layer.add_neuron"] = function(w) return w.layer:add_neuron("new", w.exc) end
network["Layer.add_cell"] = function(w) return w.layer:add_cell("enc", "own") end
network["Layer.del_connection"] = function(w) return w.layer:del_connection "enc" end
network["Layer.del_neuron"] = function(w) return w.layer:del_neuron "exc" end
network["Layer.del_cell"] = function(w) return w.layer:del_cell("enc", "exc") end

network["Module.load_state_dict"] = function(w) return w.layer:load_state_dict(w.saved) end
network["Module.load_state_dict of what fits"] = function(w)
  return w.layer:load_state_dict(w.saved, { strict = false })
end
network["Module.load_state_dict of a trainer"] = function(w)
  return w.stdp:load_state_dict(w.learned)
end
network["Module.to"] = function(w) return w.inh:to "float64" end
network["Module.with"] = function(w) return w.enc:with { out_shape = 2 } end
network["Module.to of parts"] = function(w) return w.enc:to "float32" end
network["Module.train"] = function(w) return w.layer:train(false) end
network["Module.train of a trainer"] = function(w) return w.free:train(false) end
network["Module.eval"] = function(w) return w.layer:eval() end
network["Module.apply"] = function(w) return w.layer:apply(world.trip) end
network["Module.register_forward_hook"] = function(w)
  return w.enc:register_forward_hook(world.trip, { prepend = true })
end
network["Module.register_forward_pre_hook"] = function(w)
  return w.exc:register_forward_pre_hook(world.trip)
end
network["Handle.remove"] = function(w) return w.handle:remove() end

network["Neuron.forward"] = function(w) return w.inh:forward(snn.full({ 2, 3 }, 30)) end
network["Neuron.clear"] = function(w) return w.inh:clear { keep_adaptations = false } end
network["Connection.forward"] = function(w) return w.lat:forward(w.x.lat) end
network["Connection.clear"] = function(w) return w.enc:clear() end
network["Connection.update"] = function(w) return w.enc:update() end
network["Connection.updatesome"] = function(w) return w.enc:updatesome("bias", "weight") end
network["Connection.defaultupdater"] = function(w) return w.enc:defaultupdater() end
network["Synapse.forward"] = function(w) return w.synapse:forward(snn.ones(2, 4):gt(0)) end
network["Synapse.clear"] = function(w) return w.synapse:clear() end
for _, class in ipairs { "LinearDense", "LinearLateral" } do
  local make = class == "LinearDense" and world.dense or world.lateral
  network[class .. "()"] = function() return make() end
end

local written = area("own", world.own)

written["Neuron.forward of a script's"] = function(w)
  return w.exc:forward(snn.full({ 2, 3 }, 30))
end
written["Neuron.clear of a script's"] = function(w) return w.exc:clear() end
written["Connection.forward of a script's"] = function(w) return w.enc(w.x) end
written["Connection.forward of a script's synapse"] = function(w) return w.dense(w.x) end
written["Connection.clear of a script's synapse"] = function(w) return w.dense:clear() end
written["Synapse.forward of a script's"] = function(w) return w.dense.synapse(w.x) end
written["Reducer.forward of a script's"] = function(w) return w.reducer(snn.ones(2, 3)) end
written["Module.clear"] = function(w) return snn.Module.clear(w.exc) end
written["Layer.forward"] = function(w) return w.layer(w.x) end
written["Layer.clear"] = function(w) return w.layer:clear() end
written["Module.load_state_dict"] = function(w) return w.layer:load_state_dict(w.saved) end

network["Updater()"] = function(w) return snn.Updater { module = w.lat, params = { "weight" } } end
network["Updater.forward"] = function(w) return w.updater:forward() end
network["Updater.forward of some"] = function(w) return w.updater:forward "weight" end
network["Updater.clear"] = function(w) return w.updater:clear() end
network["Accumulator.clear"] = function(w) return w.accumulator:clear() end
network["Accumulator.reduction"] = function(w) return w.accumulator:reduction "mean" end
network["Accumulator.upperbound"] = function(w)
  return w.accumulator:upperbound(snn.functional.bound_upper_power, 1, { power = 2 })
end
network["Accumulator.lowerbound"] = function(w)
  return w.accumulator:lowerbound(snn.functional.bound_lower_sharp, 0)
end
network["Accumulator.fullbound"] = function(w)
  return w.accumulator:fullbound(snn.functional.bound_multiplicative, 1, 0)
end

-- ------------------------------------------------------------- learning

network["CellTrainer.clear"] = function(w) return w.stdp:clear() end
network["CellTrainer.clear of a script's"] = function(w) return w.free:clear() end
network["CellTrainer.clear of traces"] = function(w) return w.mstdpet:clear() end
network["CellTrainer.update"] = function(w) return w.stdp:update() end
network["CellTrainer.register_cell"] = function(w) return w.free:register_cell("c", w.cell) end
network["CellTrainer.add_cell"] = function(w)
  return w.free:add_cell("c", w.cell, { n = 1 }, { "weight" })
end
network["CellTrainer.del_cell"] = function(w) return w.free:del_cell "a" end
network["CellTrainer.add_monitor"] = function(w)
  return w.free:add_monitor("b", "s", "postspike", w.make)
end
network["CellTrainer.del_monitor"] = function(w) return w.free:del_monitor("a", "v") end

network["STDP.forward"] = function(w) return w.stdp:forward() end
network["STDP.forward as a call"] = function(w) return w.stdp() end
network["STDP.register_cell"] = function(w)
  return w.stdp:register_cell("c", w.cell, { lr_post = 0.5 })
end
network["STDP.add_cell"] = function(w) return w.stdp:add_cell("c", w.cell) end
network["STDP.del_cell"] = function(w) return w.stdp:del_cell "a" end
network["MSTDPET.forward"] = function(w) return w.mstdpet:forward(0.5) end
network["MSTDPET.forward by sample"] = function(w) return w.mstdpet:forward(snn.ones(2)) end
network["LinearHomeostasis.forward"] = function(w) return w.homeostasis:forward { target = 0.5 } end
network["KernelSTDP.forward"] = function(w) return w.kernels:forward() end

network["MaxRateClassifier.forward"] = function(w)
  return w.classifier:forward(w.rates, w.labels)
end
network["MaxRateClassifier()"] = function()
  return snn.MaxRateClassifier { shape = 3, num_classes = 2 }
end
network["MaxRateClassifier.update"] = function(w) return w.classifier:update(w.rates, w.labels) end

-- ------------------------------------------------------------- observing

network["Generator.manual_seed"] = function(w) return w.generator:manual_seed(9) end
network["Encoder.clear"] = function(w) return w.encoder:clear() end
network["Generator()"] = function() return snn.Generator { seed = 3 } end

network["Reducer.forward"] = function(w) return w.reducer:forward(snn.ones(2, 3)) end
network["Reducer.push"] = function(w) return w.reducer:push(snn.ones(2, 3)) end
network["Reducer.clear"] = function(w) return w.reducer:clear() end

network["RecordTensor.write"] = function(w) return w.record:write(snn.tensor { 8, 9 }, 2) end
network["RecordTensor.writerange"] = function(w)
  return w.record:writerange(snn.tensor { { 8, 9 }, { 6, 7 } })
end
network["RecordTensor.insert"] = function(w)
  return w.record:insert(snn.tensor { 8, 9 }, 0.25, snn.functional.extrap_neighbors)
end
network["RecordTensor.pop"] = function(w) return w.record:pop() end
network["RecordTensor.initialize"] = function(w) return w.record:initialize(4, { fill = 1 }) end
network["RecordTensor.deinitialize"] = function(w) return w.record:deinitialize() end
network["RecordTensor.reset"] = function(w) return w.record:reset(3) end
network["RecordReducer.add_record"] = function(w) return w.kept:add_record "other" end
network["RecordReducer.clear"] = function(w) return w.kept:clear() end
network["FoldReducer.forward"] = function(w) return w.kept:forward(snn.ones(2)) end
network["EligibilityTraceReducer()"] = function(w)
  return snn.EligibilityTraceReducer {
    step_time = 1, time_constant = 5, obs_reshape = w.eligible.obs_reshape, cond_reshape = print,
  }
end

network["Monitor.register"] = function(w) return w.of_parts:register(w.enc) end
network["Monitor.register a cell"] = function(w) return w.of_cell:register(w.other) end
network["Monitor.deregister"] = function(w) return w.of_change:deregister() end
network["Monitor.deregister a cell"] = function(w) return w.of_cell:deregister() end
network["Monitor.forward"] = function(w) return w.of_cell:forward { force = true } end
network["Monitor.forward of events"] = function(w)
  return w.of_events:forward { force = true }
end
network["Monitor.forward of several"] = function(w) return w.of_parts:forward() end
-- Arguments of classes in Lua; those in C are among the fields below.
for name, value in pairs { every = 2, last = 1, prepend = true, map = world.trip } do
  network[("Monitor.%s ="):format(name)] = function(w) w.of_change[name] = value end
end
network["Monitor.attr ="] = function(w) w.of_change.attr = "neuron.spike" end
network["Monitor.reducer ="] = function(w) w.of_change.reducer = world.passthrough(1) end
network["Normalization.scale ="] = function(w) w.norm.scale = 3 end
network["Normalization.as_prehook ="] = function(w) w.norm.as_prehook = true end
network["Clamping.max ="] = function(w) w.clamp.max = 0.25 end
network["Hook.posthook ="] = function(w) w.hooking.posthook = world.trip end
network["Monitor.clear"] = function(w) return w.of_cell:clear() end
network["Monitor.clear every second"] = function(w)
  return w.of_change:clear { keepshape = true }
end
for class, attr in pairs {
  InputMonitor = "neuron", OutputMonitor = "connection", StateMonitor = "postspike",
  DifferenceMonitor = "neuron.voltage", MultiStateMonitor = "neuron",
} do
  network[class .. "()"] = function(w)
    return snn[class] {
      module = w.cell, attr = attr, reducer = world.passthrough(1), last = 2,
      subattrs = class == "MultiStateMonitor" and { "spike" } or nil,
    }
  end
end
network["Cell.add_monitor"] = function(w) return w.cell:add_monitor("m", "postspike", w.make) end

network["Observable()"] = function(w)
  return snn.Observable { basis = w.layer, realign = "state_dict" }
end
network["Observable.add_monitor"] = function(w)
  return w.observable:add_monitor("m", "x", w.make)
end
network["MonitorPool.add_monitor of an observable"] = function(w)
  return w.pool:add_monitor("view", "v", "x", w.make)
end
network["MonitorPool.add_observed"] = function(w) return w.pool:add_observed("exc", w.exc) end
network["MonitorPool.del_observed"] = function(w) return w.pool:del_observed "cell" end
network["MonitorPool.add_monitor"] = function(w)
  return w.pool:add_monitor("cell", "v", "prespike", w.make, true)
end
network["MonitorPool.del_monitor"] = function(w) return w.pool:del_monitor("cell", "s") end
network["MonitorPool.clear"] = function(w) return w.pool:clear() end

network["Hook.register"] = function(w) return w.free_hook:register(w.enc) end
network["Hook.deregister"] = function(w) return w.hooking:deregister() end
network["Hook()"] = function() return snn.Hook { prehook = world.trip, posthook = world.trip } end
network["StateHook.register"] = function(w) return w.unused:register() end
network["StateHook.forward"] = function(w) return w.norm:forward { force = true } end
network["StateHook()"] = function(w) return snn.StateHook { module = w.enc, prepend = true } end
network["Normalization.hook"] = function(w) return w.norm:hook(w.lat) end
network["Clamping.hook"] = function(w) return w.clamp:hook(w.lat) end
network["Clamping()"] = function(w)
  return snn.Clamping { module = w.enc, attr = "weight", max = snn.ones(3, 1) }
end
network["Normalization()"] = function(w)
  return snn.Normalization { module = w.enc, attr = "weight", order = 2, scale = 1 }
end

-- ------------------------------------------------------------- whole worlds

-- What of a world can be saved.
local function kept_of(w)
  local out = {}
  for name, value in pairs(w) do
    if type(value) == "userdata" and name ~= "handle" then out[name] = value end
  end
  out.saved, out.held, out.log = w.saved, w.held, { 1, 2.5, { "text" } }
  return out
end

local saved_world = folder.name()

---Removes the files of these calls.
function calls.clean_up()
  os.remove(saved_world)
  os.remove(saved_world .. ".new")
end

-- A world to go on from another's file, whose arguments and modes differ too.
local function loading()
  local other = world.network()
  for _ = 1, 3 do other:step() end
  other.layer:update()
  other.exc.thresh_v, other.stdp.lr_post = -49, 0.02
  other.inh:eval()
  snn.save(saved_world, kept_of(other))
  return world.network()
end

local whole = area("whole", loading)

whole["save"] = function(w) return snn.save(saved_world .. ".new", kept_of(w)) end
whole["load"] = function(w)
  local metadata = snn.load(saved_world, kept_of(w), { settings = "file" })
  return next(metadata)
end
whole["snapshot and restore"] = function(w) return snn.snapshot(kept_of(w)):restore() end
area("watched", watched.make)["load of what watches"] = function(w) return w.load() end

-- ------------------------------------------------------------- synapses one by one

local sparse = area("sparse", world.sparse)

sparse["LinearSparse()"] = function() return snn.LinearSparse(world.synapses()) end
sparse["LinearSparse.prune"] = function(w) return w.conn:prune { below = 1 } end
sparse["LinearSparse.add"] = function(w) return w.conn:add({ 1, 3 }, 2, 0.5, { 1, 0 }) end
sparse["Layer.forward"] = function(w) return w.layer { enc = w.x } end
sparse["Trainer()"] = function(w) return w.stdp(0.5) end

-- ------------------------------------------------------------- connected layers

local connected = area("connected", world.connected)

connected["Layer.connect"] = function(w)
  return w.layer:connect("exc", "own", w.conn, { from = { 1, 2 } })
end
connected["Layer.connect of one that is registered"] = function(w)
  return w.layer:connect("own", "exc", "ext")
end
connected["Layer.disconnect"] = function(w) return w.layer:disconnect "exc_exc" end
connected["Layer.forward"] = function(w) return w.layer {} end
connected["Layer.forward with an input"] = function(w) return w.layer { ext = w.x } end
connected["Layer.forward with options"] = function(w)
  return w.layer:forward({}, { capture_intermediate = true })
end
connected["Layer.clear"] = function(w) return w.layer:clear() end
connected["SpikeRecorder()"] = function(w) return snn.SpikeRecorder(w.layer, "own") end
connected["SpikeRecorder.attach"] = function(w) return w.recorder:attach() end
connected["SpikeRecorder.detach"] = function(w) return w.recorder:detach() end
connected["SpikeRecorder.clear"] = function(w) return w.recorder:clear() end
connected["SpikeRecorder.flush"] = function(w) return w.recorder:flush() end
connected["SpikeRecorder.close"] = function(w) return w.recorder:close() end
connected["SpikeRecorder.times"] = function(w) return w.recorder:times() end
connected["SpikeRecorder.pairs"] = function(w) return w.recorder:pairs() end
connected["SpikeRecorder.trains"] = function(w) return w.recorder:trains()[1] end
connected["SpikeRecorder.rate"] = function(w) return w.recorder:rate { bin = 2 } end
connected["snapshot of a SpikeRecorder"] = function(w)
  return snn.snapshot({ w.layer, w.recorder }):restore()
end
connected["Layer.del_neuron"] = function(w) return w.layer:del_neuron "exc" end
connected["Layer.del_connection"] = function(w) return w.layer:del_connection "exc_exc" end

-- ------------------------------------------------------------- layers of a fixed shape

local fixed = area("fixed", world.fixed)

fixed["Serial()"] = function(w) return snn.Serial { connection = w.enc, neuron = w.exc } end
fixed["Serial.forward"] = function(w) return w.serial:forward(w.x) end
fixed["Serial.forward as a call"] = function(w)
  return w.serial(w.x, { capture_intermediate = true })
end
fixed["Biclique()"] = function(w)
  return snn.Biclique {
    connections = { { "a", w.enc }, { "b", w.lat } }, neurons = { { "x", w.exc }, { "y", w.inh } },
  }
end
fixed["Layer.forward of a Biclique"] = function(w) return w.biclique:forward { a = w.x } end
fixed["Layer.clear of a Biclique"] = function(w) return w.biclique:clear() end
fixed["Layer.clear of a Serial"] = function(w) return w.serial:clear() end
fixed["RecurrentSerial()"] = function(w) return snn.RecurrentSerial(world.recurrent(w)) end
fixed["RecurrentSerial.forward"] = function(w) return w.recurrent:forward(w.x) end
fixed["RecurrentSerial.forward as a call"] = function(w) return w.recurrent(w.x) end
fixed["RecurrentSerial.clear"] = function(w) return w.recurrent:clear() end
fixed["Module.load_state_dict of a RecurrentSerial"] = function(w)
  return w.recurrent:load_state_dict(w.saved)
end

-- The registries of these are fixed.
for _, class in ipairs { "Serial", "Biclique", "RecurrentSerial" } do
  for _, kind in ipairs { "connection", "neuron", "cell" } do
    calls.READS[("%s.add_%s"):format(class, kind)] = true
    calls.READS[("%s.del_%s"):format(class, kind)] = true
  end
  calls.READS[class .. ".connect"], calls.READS[class .. ".disconnect"] = true, true
end

-- ------------------------------------------------------------- each trainer

-- An argument with half of its value: { name = value }.
local function other_argument(name)
  for _, argument in ipairs(snn[name].arguments) do
    local value = world.rule(name)[argument.name]
    if argument.type == "number" and value then return { [argument.name] = value / 2 } end
  end
  return { kernel_post_kwargs = { learning_rate = 0.5, time_constant = 5 } }
end

local function define_trainer(name)
  local key, value = next(other_argument(name))
  local rule = area(name, function() return world.trained(name) end)
  rule["Layer.forward with " .. name] = function(w) return w.layer:forward(w.x) end
  rule[name .. "()"] = function() return snn[name](world.rule(name)) end
  rule[name .. ".forward"] = function(w) return w.trainer:forward(w.signal) end
  rule[name .. ".register_cell"] = function(w) return w.trainer:register_cell("c", w.cell) end
  rule[name .. ".add_cell"] = function(w) return w.trainer:add_cell("c", w.other) end
  rule[name .. ".del_cell"] = function(w) return w.trainer:del_cell "a" end
  rule[name .. ".clear"] = function(w) return w.trainer:clear() end
  rule[name .. ".update"] = function(w) return w.trainer:update() end
  rule[name .. ".set"] = function(w) return w.trainer:set("a", { [key] = value }) end
  rule[("%s.%s ="):format(name, key)] = function(w) w.trainer[key] = value end
  rule[name .. ".load_state_dict"] = function(w) return w.trainer:load_state_dict(w.saved) end
end

for name, class in pairs(snn) do
  if type(class) == "table" and type(name) == "string" and rawget(class, "register_cell")
    and rawget(class, "arguments") then
    define_trainer(name)
  end
end

-- ------------------------------------------------------------- fields

-- What is assigned to a field of this name; other fields get their own value.
local VALUES = {
  batchsz = function() return 3 end,
  dt = function() return 0.5 end,
  time = function() return 7 end,
  tolerance = function() return 0.1 end,
  synapse = function(w, o) return o ~= w.conv and world.synapse_like(o) or nil end,
  updater = function(_, o) return o:defaultupdater() end,
}

local function value_for(w, object, name)
  if VALUES[name] then return VALUES[name](w, object) end
  local value = object[name]
  if debug.getmetatable(value) and debug.getmetatable(value).__name == "Accumulator" then
    return { snn.full(object.parent[name].shape, 0.5), snn.ones(object.parent[name].shape) }
  end
  return value
end

-- class -> the names of all its attributes, which lie where scripts do not see them
local function attributes()
  for _, records in pairs(debug.getregistry()) do
    local record = type(records) == "table" and rawget(records, snn.Layer)
    if type(record) == "table" then
      local out = {}
      for class, parts in pairs(records) do
        for _, part in pairs(parts) do
          if type(part) == "table" and rawget(part, "training") then out[class] = part end
        end
      end
      return out
    end
  end
end

local function is_settable(at, name)
  local w = world.network()
  local object = w[at]
  local ok, err = pcall(function() object[name] = value_for(w, object, name) end)
  if ok or tostring(err):find("cannot be set", 1, true)
    or tostring(err):find("cannot be assigned", 1, true) then
    return ok
  end
  error(("give '%s' a value in VALUES: %s"):format(name, err), 0)
end

-- Each field of each object of the network that can be assigned to.
local function define_fields()
  local fields, of_class, w = area("fields", world.network), attributes(), world.network()
  for name, object in pairs(w) do
    local class = type(object) == "userdata" and debug.getmetatable(object).class
    for attribute in pairs(of_class[class] or {}) do
      local has, value = pcall(value_for, w, object, attribute)
      if has and value ~= nil and is_settable(name, attribute) then
        fields[("%s.%s ="):format(name, attribute)] = function(own)
          local o = own[name]
          o[attribute] = value_for(own, o, attribute)
        end
      end
    end
  end
end

define_fields()

-- ------------------------------------------------------------- what is known

---Methods of the library that stand nowhere above, sorted.
---@return string[]
function calls.unknown()
  local known, out, seen = {}, {}, {}
  for name in pairs(calls.READS) do known[name] = true end
  for _, part in pairs(calls.areas) do
    for name in pairs(part.calls) do known[name:match "^%S+"] = true end
  end
  local function look(class)
    local meta = debug.getmetatable(class)
    local title = meta and tostring(rawget(meta, "__name")):match "^class (%w+)$"
    if not title or seen[class] then return end
    seen[class] = true
    for key, value in pairs(class) do
      local name = key == "init" and title .. "()" or ("%s.%s"):format(title, key)
      local is_model = key == "init" and rawget(class, "arguments")
      if type(value) == "function" and not key:find "^__" and not is_model and not known[name] then
        out[#out + 1] = name
      end
    end
    if meta.parent then look(meta.parent) end
  end
  for _, class in pairs(snn) do
    if type(class) == "table" then look(class) end
  end
  table.sort(out)
  return out
end

return calls
