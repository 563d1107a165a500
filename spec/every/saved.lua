-- Helpers of the walk over all classes that are saved: of each an object or a few,
-- and a step of them whose numbers are drawn.
local snn = require "snn"
local models = require "spec.every.models"
local trainers = require "spec.every.trainers"
local cells = require "spec.train.cells"

local saved = {}

-- ------------------------------------------------------------- recipes by family

-- A recipe makes objects by name; `step(objects)` is one step of them, what it returns is
-- compared too; `held(objects)` is an iterator for a variable where they are saved, and
-- `loaded(objects)` is called after a load.
local families = {}

local function drawn(shape, least, most)
  return snn.rand(shape) * ((most or 1) - (least or 0)) + (least or 0)
end

function families.Neuron(name)
  return {
    build = function() return { one = snn[name](models.arguments(snn[name], {
      batch_size = 2, shape = 4 })) } end,
    step = function(objects)
      local current = drawn(objects.one.batchedshape, -8, 52)
      local override = name == "ExactNeuron" and { override = current:gt(20) } or nil
      return objects.one(current, override)
    end,
  }
end

function families.Synapse(name)
  return {
    build = function() return { one = snn[name](models.arguments(snn[name], {
      delay = 3, batch_size = 2, shape = 4 })) } end,
    step = function(objects)
      local shape = objects.one.batchedshape
      objects.one(drawn(shape):lt(0.4) * drawn(shape, 0.5, 1.5))
      return objects.one.current, objects.one:current_at(snn.full(shape, 1.4))
    end,
  }
end

function families.Connection(name)
  return {
    build = function()
      local one = snn[name](models.arguments(snn[name], { bias = true, delay = 3 }))
      one.updater = one:defaultupdater()
      return { one = one }
    end,
    step = function(objects)
      local one = objects.one
      local out = one(drawn(one.batched_inshape):gt(0.6))
      if snn.rand(1):item() < 0.5 then one.updater() end
      one.updater.weight.pos = drawn(one.weight.shape) * 0.01
      return out
    end,
  }
end

-- One train goes over many steps; a loaded encoder goes on with that of the save.
local trains = setmetatable({}, { __mode = "k" })
local INTENSITIES <const> = snn.arange(20):reshape(2, 10) * 0.04

local function go_on(objects)
  local train = trains[objects] or table.pack(objects.one:steps_of(INTENSITIES))
  local spikes = train[1](train[2], train[3])
  trains[objects], train[3] = spikes and train, spikes
  return spikes
end

local function encoder(one)
  return {
    build = function() return { one = one() } end,
    step = function(objects) return go_on(objects), objects.one(drawn { 2, 20 } * 0.8) end,
    held = function(objects) return trains[objects][1] end,
    loaded = function(objects) trains[objects] = nil end,
  }
end

function families.Encoder(name)
  return encoder(function()
    local one = snn[name](models.arguments(snn[name], { steps = 15 }))
    if models.has(snn[name], "generator") then one.generator = snn.Generator { seed = 4 } end
    return one
  end)
end

function families.Reducer(name)
  return {
    build = function() return { one = snn[name](models.arguments(snn[name], {
      duration = 3 })) } end,
    step = function(objects)
      objects.one((drawn { 3, 4 } * 10):round() / 10, drawn { 3, 4 }:lt(0.5))
      return objects.one:dump()
    end,
  }
end

-- Terms wait at the save: an update comes with every fourth step.
function families.IndependentCellTrainer(name)
  return {
    build = function()
      local trainer, layer = trainers.pair(name)
      return { trainer = trainer, net = layer, count = { 0 } }
    end,
    step = function(objects)
      local connection, count = objects.net.connection, objects.count
      local function spikes(shape) return drawn { trainers.BATCH, table.unpack(shape) }:lt(0.3) end
      cells.step(objects.net, spikes(connection.inshape), spikes(connection.outshape))
      if trainers.is_modulated(name) then
        objects.trainer(snn.tensor { 1, -2, 0.5 })
      else
        objects.trainer()
      end
      count[1] = count[1] + 1
      if count[1] % 4 == 0 then objects.net:update() end
      return connection.weight, connection.delay
    end,
  }
end

local function dense()
  return snn.LinearDense { in_shape = 3, out_shape = 4, step_time = 1, batch_size = 2, delay = 2,
    synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 60 },
    weight_init = function(w) return snn.rand(w.shape) end }
end

local function lif()
  return snn.LIF { shape = 4, step_time = 1, rest_v = -60, reset_v = -65, thresh_v = -50,
    refrac_t = 2, time_constant = 20, batch_size = 2 }
end

local function serial() return snn.Serial { connection = dense(), neuron = lif() } end
local function run_net(objects) return objects.net(drawn { 2, 3 }:lt(0.5)) end

-- Some steps in, the script takes it off and puts it on again.
local function toggle(objects, object)
  local count = objects.count
  count[1] = count[1] + 1
  if count[1] % 5 == 0 then
    object:deregister()
  elseif count[1] % 5 == 2 then
    object:register(objects.module)
  end
end

function families.StateHook(name)
  return {
    build = function()
      local net = serial()
      local args = models.arguments(snn[name], { module = net, attr = "connection.weight" })
      if args.order then args.dim = 2 else args.max = 0.9 end
      return { net = net, hook = snn[name](args), count = { 0 } }
    end,
    step = function(objects)
      local connection = objects.net.connection
      connection.weight = connection.weight + drawn(connection.weight.shape) * 0.1
      local out = run_net(objects)
      toggle(objects, objects.hook)
      return out, connection.weight
    end,
  }
end

local WATCHED <const> = { InputMonitor = { attr = "connection" },
  OutputMonitor = { attr = "neuron" }, MultiStateMonitor = { attr = "neuron",
  subattrs = { "voltage" } } }

function families.Monitor(name)
  return {
    build = function()
      local net = serial()
      local args = { module = net, attr = "neuron.voltage", every = 3, last = 3 }
      for k, v in pairs(WATCHED[name] or {}) do args[k] = v end
      return { net = net, monitor = snn[name](args), count = { 0 } }
    end,
    step = function(objects)
      local out = run_net(objects)
      toggle(objects, objects.monitor)
      return out, objects.monitor:dump()
    end,
  }
end

-- ------------------------------------------------------------- recipes by class

local classes = {}

classes.MaxRateClassifier = {
  build = function() return { one = snn.MaxRateClassifier(models.arguments(
    snn.MaxRateClassifier)) } end,
  step = function(objects)
    local rates = drawn { 3, table.unpack(objects.one.shape) }
    local labels = snn.randint(1, objects.one.num_classes, { 3 })
    return objects.one(rates, labels, { logits = true })
  end,
}

classes.EligibilityTraceReducer = families.Reducer "EligibilityTraceReducer"

classes.RecordTensor = {
  build = function() return { one = snn.RecordTensor { step_time = 1, duration = 3 } } end,
  step = function(objects)
    objects.one(drawn { 2, 3 })
    return objects.one:dump()
  end,
}

local Two = snn.class("Two", snn.RecordReducer)
function Two:init()
  snn.RecordReducer.init(self, { step_time = 1, duration = 2 })
  self.one, self.other = snn.RecordTensor { step_time = 1 }, snn.RecordTensor { step_time = 1 }
  self:add_record("one", "other")
end
function Two:forward(x)
  self.one(x)
  self.other(x * 2)
end
function Two:view(time) return self.other:view(time) end

classes.RecordReducer = {
  build = function() return { one = Two() } end,
  step = function(objects)
    objects.one(drawn { 2, 3 })
    return objects.one:view(1)
  end,
}

local Sum = snn.class("Sum", snn.FoldReducer)
function Sum:fold(x, before) return before and before * 0.5 + x or x end -- luacheck: ignore self

classes.FoldReducer = {
  build = function() return { one = Sum { step_time = 1, duration = 2 } } end,
  step = function(objects)
    objects.one(drawn { 2, 3 })
    return objects.one:dump()
  end,
}

-- A clear may keep the shape, which tells then what is refused.
classes["Reducer that was cleared"] = {
  build = function() return { one = snn.EventReducer(models.arguments(snn.EventReducer)),
    count = { 0 } } end,
  step = function(objects)
    local one, count = objects.one, objects.count
    count[1] = count[1] + 1
    local is_taken = pcall(one, drawn { count[1] % 4 == 3 and 4 or 2, 3 })
    if count[1] % 4 == 2 then one:clear { keepshape = true } end
    if count[1] % 4 == 0 then one:clear() end
    return is_taken, pcall(one.view, one, 0)
  end,
}

classes.Serial = {
  build = function() return { net = serial() } end,
  step = run_net,
}

classes.Biclique = {
  build = function()
    return { net = snn.Biclique { connections = { { "a", dense() }, { "b", dense() } },
      neurons = { { "x", lif() }, { "y", lif() } }, combine = "mean" } }
  end,
  step = function(objects)
    local out = objects.net { a = drawn { 2, 3 }:lt(0.5), b = drawn { 2, 3 }:lt(0.3) }
    return out.x, out.y
  end,
}

classes.RecurrentSerial = {
  build = function()
    local function square()
      return snn.LinearDense { in_shape = 4, out_shape = 4, step_time = 1, batch_size = 2,
        synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 150 },
        weight_init = function(w) return snn.rand(w.shape) end }
    end
    return { net = snn.RecurrentSerial { feedfwd_connection = dense(),
      lateral_connection = square(), feedback_connection = square(), feedfwd_neuron = lif(),
      feedback_neuron = lif(), trainable_feedback = true } }
  end,
  step = run_net,
}

-- A connection and neurons that are modules of the script, which have stand-ins there.
local Through = snn.class "Through"
function Through:init()
  snn.Module.init(self)
  self.inshape, self.outshape, self.gain = { 3 }, { 4 }, snn.rand { 3, 4 }
end
function Through:forward(x)
  self.gain = self.gain * 0.9 + 0.1
  return x:to("float32"):matmul(self.gain) * 20
end
local Group = snn.class "Group"
function Group:init()
  snn.Module.init(self)
  self.shape, self.dt, self.batchsz, self.v, self.calls = { 4 }, 1, 2, snn.zeros { 2, 4 }, 0
end
function Group:forward(x)
  self.v, self.calls = self.v * 0.8 + x, self.calls + 1
  return self.v:gt(30)
end

classes.Layer = {
  build = function()
    local net = snn.Layer { wiring = function(_, inputs)
      return { exc = inputs.enc, own = inputs.through }
    end }
    net:add_connection("enc", dense())
    net:add_neuron("exc", lif())
    net:add_connection("through", Through())
    net:add_neuron("own", Group())
    local trainer = snn.STDP { lr_post = 0.1, lr_pre = -0.1, tc_post = 20, tc_pre = 20 }
    net.connections.enc.updater = net.connections.enc:defaultupdater()
    trainer:register_cell("c", net:add_cell("enc", "exc"))
    return { net = net, trainer = trainer }
  end,
  step = function(objects)
    local out = objects.net { enc = drawn { 2, 3 }:lt(0.5), through = drawn { 2, 3 }:lt(0.5) }
    objects.trainer()
    return out.exc, out.own
  end,
}

classes.SpikeRecorder = {
  build = function()
    local neurons = lif()
    return { neurons = neurons, one = snn.SpikeRecorder(neurons) }
  end,
  step = function(objects)
    objects.neurons(drawn(objects.neurons.batchedshape) * 300)
    local times, neurons = objects.one:times()
    return times, neurons, objects.one.steps
  end,
}

classes.Module = {
  build = function()
    local one = snn.Module()
    one.gain, one.calls, one.inner = snn.ones { 2 }, 0, snn.Module()
    one.inner.seen = snn.zeros { 3 }
    return { one = one }
  end,
  step = function(objects)
    local one = objects.one
    one.calls = one.calls + 1
    one.gain, one.inner.seen = one.gain * drawn { 2 }, one.inner.seen + drawn { 3 }
    one:train(one.calls % 2 == 0)
    return one.gain * one.calls
  end,
}

local Leaky = snn.class("Leaky", snn.Neuron)
Leaky.states = { u = { of = "neuron", init = 1 } }
function Leaky:forward(x)
  self.u = self.u * 0.5 + x
  return self.u:gt(3)
end

classes.Neuron = {
  build = function() return { one = Leaky { shape = 3, step_time = 1 } } end,
  step = function(objects) return objects.one(drawn { 1, 3 } * 3), objects.one.u end,
}

local Charge = snn.class("Charge", snn.Synapse)
Charge.states = { left = { of = "input" } }
function Charge:forward(x)
  self.left = self.left * 0.5 + x:to "float32"
  return self.left
end

classes.Synapse = {
  build = function() return { one = Charge { shape = 3, step_time = 1, delay = 2 } } end,
  step = function(objects) return objects.one(drawn { 1, 3 }:lt(0.5)) end,
}

local Own = snn.class("Own", snn.Connection)
Own.states = { calls = { of = "one", type = "int64" } }
function Own:forward(x)
  self.calls = self.calls + 1
  return self.synapse(x):matmul(self.weight:transpose(1, 2)) * self.calls:item()
end

classes.Connection = {
  build = function()
    return { one = Own { in_shape = 3, out_shape = 2, step_time = 1,
      synapse = Charge.partialconstructor {} } }
  end,
  step = function(objects) return objects.one(drawn { 1, 3 }:lt(0.5)) end,
}

local Every = snn.class("Every", snn.Encoder)
Every.states = { calls = { of = "one", type = "int64" } }
function Every.init(self) snn.Encoder.init(self, { steps = 15, step_time = 1 }) end
function Every:forward(x)
  self.calls = self.calls + 1
  local steps = (snn.arange(self.steps) + self.calls:item()):reshape(self.steps, 1, 1)
  return (steps % 3):eq(0):logical_and(x:gt(0.4):unsqueeze(1))
end

classes.Encoder = encoder(Every)

local Largest = snn.class("Largest", snn.Reducer)
Largest.states = { seen = { of = "one", type = "int64" } }
function Largest:forward(value)
  self.seen = self.seen + 1
  self:push(self.latest and self.latest:maximum(value) or value)
end

classes.Reducer = {
  build = function() return { one = Largest { step_time = 1, duration = 2 } } end,
  step = function(objects)
    objects.one(drawn { 2, 3 })
    return objects.one:dump()
  end,
}

local function trained(trainer)
  local net = serial()
  net.connection.updater = net.connection:defaultupdater()
  trainer:register_cell("cell", net.cell)
  trainer:add_monitor("cell", "rate", "postspike", snn.StateMonitor.partialconstructor {
    reducer = snn.EMAReducer { step_time = 1, alpha = 0.25 }, every = 2 })
  return { net = net, trainer = trainer }
end

local function train(objects)
  local out = run_net(objects)
  objects.trainer()
  return out
end

local Rule = snn.class("Rule", snn.IndependentCellTrainer)
function Rule:forward()
  for cell, state, monitors in self:units() do
    state.calls = (state.calls or 0) + 1
    local rate = monitors.rate:peek()
    if rate then
      cell.updater.weight.pos = snn.full({ 4, 3 }, rate:mean():item() * state.calls)
    end
  end
end

classes.IndependentCellTrainer = {
  build = function() return trained(Rule()) end,
  step = train,
}

local Free = snn.class("Free", snn.CellTrainer)
function Free:register_cell(name, cell) return self:add_cell(name, cell) end
Free.forward = Rule.forward

classes.CellTrainer = {
  build = function() return trained(Free()) end,
  step = train,
}

classes.Hook = {
  build = function()
    local net = serial()
    local hook = snn.Hook { posthook = function() net.connection.weight =
      net.connection.weight * 0.9 end }
    hook:register(net)
    return { net = net, hook = hook, count = { 0 }, module = net }
  end,
  step = families.StateHook "Clamping".step,
}

local Shrink = snn.class("Shrink", snn.StateHook)
function Shrink:hook(module)
  self.calls = (self.calls or 0) + 1
  module.connection.weight = module.connection.weight * (1 - 0.01 * self.calls)
end

classes.StateHook = {
  build = function()
    local net = serial()
    return { net = net, hook = Shrink { module = net }, count = { 0 } }
  end,
  step = families.StateHook "Clamping".step,
}

classes.MonitorPool = {
  build = function()
    local net, pool = serial(), snn.MonitorPool()
    local make = snn.StateMonitor.partialconstructor { last = 3, every = 2 }
    pool:add_observed("cell", net.cell)
    pool:add_monitor("cell", "one", "postvoltage", make)
    pool:add_monitor("cell", "again", "neuron.voltage", make)
    return { net = net, pool = pool }
  end,
  step = function(objects)
    local out = run_net(objects)
    return out, objects.pool:get_monitor("cell", "again"):dump()
  end,
}

local View = snn.class("View", snn.Observable)
function View:local_remap(attr) return attr end -- luacheck: ignore self
local Basis = snn.class "Basis"
function Basis:path(...) return table.concat({ ... }, ".") end -- luacheck: ignore self

classes.Observable = {
  build = function()
    return { one = View { basis = Basis(), realign = "path", realign_args = { "a" } } }
  end,
  step = function(objects)
    local path = objects.one:realign_attribute "v"
    objects.one.realign_args = { tostring(drawn { 1 }:item()) }
    return path
  end,
}

classes.Updater = {
  build = families.Connection "LinearDense".build,
  step = families.Connection "LinearDense".step,
}

classes.Accumulator = {
  build = function() return { one = snn.Accumulator() } end,
  step = function(objects)
    objects.one.pos, objects.one.neg = drawn { 2 }, drawn { 2 }
    return objects.one.pos
  end,
}

classes.Cell = {
  build = function() return { net = serial() } end,
  step = function(objects)
    objects.net.cell:train(drawn { 1 }:item() < 0.5)
    return run_net(objects)
  end,
}

classes.Generator = {
  build = function()
    local one = snn.Generator { seed = 5 }
    local made = snn.HomogeneousPoissonEncoder(models.arguments(
      snn.HomogeneousPoissonEncoder, { generator = one }))
    return { one = one, list = { made } }
  end,
  step = function(objects) return objects.list[1](drawn { 2, 5 }) end,
}

-- ------------------------------------------------------------- all of them

-- Classes of which there are no objects of their own.
saved.WITHOUT = { Monitor = "its kinds are what is made" }
-- Where a class is seen in the objects of another one.
saved.MADE_OF = { Monitor = "StateMonitor", Reducer = "Reducer that was cleared" }

local function is_class(value)
  return type(value) == "table" and models.is_below(value, snn.Module)
end

---The names of all classes that the library gives to scripts, sorted.
function saved.names()
  local names = {}
  for name, value in pairs(snn) do
    if is_class(value) and not saved.WITHOUT[name] then names[#names + 1] = name end
  end
  table.sort(names)
  return names
end

---How objects of a class are made and run, nil of a class that nothing here knows.
function saved.recipe(name)
  if classes[name] then return classes[name] end
  for family, make in pairs(families) do
    if models.is_below(snn[name], snn[family]) then return make(name) end
  end
end

return saved
