-- A whole simulation for each seed, as a script would write it: epochs, batches of a
-- loader, steps of an encoder, a layer that learns, what watches it. Where it may be
-- saved it calls `tell`. What a script must know to go on stands in `at`, plain
-- values among the objects: also how much of a step is done.
local snn = require "snn"
local design = require "spec.resume.pairs"
local parts = require "spec.resume.parts"
local digest = require "spec.resume.digest"
local state = require "spec.atomic.state"

local EPOCHS <const> = 3

---@class spec.Network
---@field seed integer
---@field row table<string, any> factor -> value
---@field objects table all that is saved
---@field at table<string, any> where the simulation is
---@field moment { kind: string, nth: integer } where it is to be saved
local Network = {}
Network.__index = Network

-- ------------------------------------------------------------- layers

local LAYERS = {}

function LAYERS.Layer(net, connection, neuron, other)
  local layer = snn.Layer { wiring = function(_, inputs)
    return { exc = inputs.lat and inputs.enc + inputs.lat or inputs.enc, inh = inputs.enc,
      out = inputs.enc }
  end }
  layer:add_connection("enc", connection)
  layer:add_connection("lat", parts.loop(net))
  layer:add_neuron("exc", neuron)
  layer:add_neuron("inh", other)
  net.readout = layer:add_neuron("out", parts.readout(net))
  layer:add_cell("enc", "exc")
  layer:add_cell("lat", "exc")
  function net.step(spikes) -- the loop rests now and then
    local is_looped = net.at.step % 3 ~= 0
    return layer({ enc = spikes, lat = is_looped and neuron.spike or nil }).exc
  end
  return layer
end

function LAYERS.Serial(net, connection, neuron)
  local layer = snn.Serial {
    connection = connection, neuron = neuron,
    transform = net.rng(3) == 1 and function(t) return t * 1.5 end or nil,
  }
  function net.step(spikes) return layer(spikes) end
  return layer
end

function LAYERS.Biclique(net, connection, neuron, other)
  local layer = snn.Biclique {
    connections = { { "enc", connection }, { "too", parts.other(net) } },
    neurons = { { "exc", neuron }, { "inh", other } },
    combine = ({ "sum", "mean", "max" })[net.rng(3)],
  }
  function net.step(spikes) return layer({ enc = spikes, too = spikes }).exc end
  return layer
end

function LAYERS.RecurrentSerial(net, connection, neuron, other)
  local layer = snn.RecurrentSerial {
    feedfwd_connection = connection, lateral_connection = parts.loop(net),
    feedback_connection = parts.loop(net), feedfwd_neuron = neuron, feedback_neuron = other,
    trainable_feedback = net.rng(2) == 1,
  }
  function net.step(spikes)
    local forth, back = layer(spikes)
    return forth:logical_or(back)
  end
  return layer
end

-- ------------------------------------------------------------- making

local function learning(net, connection)
  local cells = {}
  for _, _, cell in net.layer:named_cells() do
    if cell.connection == connection then table.insert(cells, 1, cell)
    else cells[#cells + 1] = cell end
  end
  for _, cell in ipairs(cells) do
    if not cell.connection.updater then parts.updater(net, cell.connection) end
  end
  net.trainer, net.is_modulated = parts.trainer(net, cells[1])
  if cells[2] and net.row.rule ~= "own" then net.trainer:register_cell("too", cells[2]) end
  net.monitor = parts.monitor(net, cells[1])
  net.hook = parts.hook(net, connection)
end

-- What becomes of all of it, beside the layer.
local function reading(net)
  net.classifier = snn.MaxRateClassifier { shape = net.outshape, num_classes = 3, decay = 0.1 }
  net.record = snn.RecordTensor { step_time = 1, duration = 3 }
  local seen = snn.Module()
  seen.count = snn.zeros { net.row.batch, table.unpack(net.outshape) }
  seen.all, seen.best, seen.name = seen.count:clone(), 0.25, "nothing"
  seen.trail = 0 -- of all steps: what once was otherwise shows to the end
  net.seen, net.log = seen, { scores = {}, ["all of it"] = {} }
  -- by themselves: a generator of random numbers, terms that wait
  net.alone = { dice = snn.Generator { seed = net.seed }, sum = snn.Accumulator(),
    param = snn.ones(3) }
end

local EVENTS <const> = {
  "eval", "eval of the trainer", "settings", "hook", "monitor off", "monitor clear", "dt",
  "tensors", "overrides", "every", "encoder", "nothing",
}

local moment

-- What the run does: nothing of it is drawn while it runs.
local function plan(net)
  local rng, p = net.rng, {}
  p.every, p.clear_every, p.break_at = rng(3), rng(3), rng(4) == 1 and 3 or nil
  p.clears_trainer = rng(3) == 1
  p.events = { EVENTS[rng(#EVENTS)], EVENTS[rng(#EVENTS)], "nothing" }
  net.plan = p
  net.moment = moment(net)
end

-- Where it is saved: at the n-th of the row's kind of places, before the last epoch.
function moment(net)
  local kind, rng = net.row.point, net.rng
  local samples = net.loader and parts.samples // net.row.batch or net:batches()
  local steps = net.encoder and (net.plan.break_at or parts.steps) or 1
  if kind == "updated" and steps == 1 then kind = "last step" end
  local count = {
    begin = 1, epoch = 2, sample = 2 * (net:batches() - 1), ["last sample"] = 2,
    ["last step"] = 2 * samples, updated = 2 * samples * (steps - 1),
  }
  return { kind = kind, nth = rng(count[kind] or 2 * samples * steps) }
end

local function sizes(net)
  local is_large = net.row.size == "large"
  net.inputs, net.size = is_large and 90 or 7, is_large and 40 or 5
  if net.seed % 50 == 7 then net.inputs, net.size = 600, 200 end -- what threads share
end

---@param seed integer
---@param options { file: string, init?: integer } the monitor's file; what other
---  weights than others' a network begins with
---@return spec.Network
function Network.build(seed, options)
  local net = setmetatable({ seed = seed, row = design.row(seed), rng = design.draws(seed),
    file = options.file }, Network)
  net.at = { epoch = 0, batch = 0, step = 0, total = 0, phase = "" }
  sizes(net)
  snn.manual_seed(seed + (options.init or 0))
  local connection = parts.connection(net)
  local neuron = parts.neuron(net, net.row.neuron)
  local list = design.values.neuron
  local other = parts.neuron(net, list[net.rng(#list)])
  net.connection, net.neuron = connection, neuron
  net.layer = LAYERS[net.row.layer](net, connection, neuron, other)
  learning(net, connection)
  reading(net)
  net.encoder = parts.encoder(net)
  net.set = parts.set(net)
  net.loader = parts.loader(net, net.set)
  plan(net)
  net.objects = {
    at = net.at, layer = net.layer, trainer = net.trainer, monitor = net.monitor,
    hook = net.hook, classifier = net.classifier, record = net.record, seen = net.seen,
    coding = { encoder = net.encoder, loader = net.loader }, pool = net.pool, log = net.log,
    alone = net.alone,
  }
  snn.manual_seed(seed)
  return net
end

-- ------------------------------------------------------------- a step

local function with_noise(spikes)
  if spikes.dtype == "bool" then
    return spikes:logical_or(snn.rand(spikes.shape):lt(0.1))
  end
  return spikes * (snn.rand(spikes.shape) * 1.5 - 0.4):clamp(0, 1)
end

function Network:watch(out)
  local seen = self.seen
  local spikes = out:to "float32"
  seen.count = seen.count + spikes
  seen.all = seen.all * 0.9 + spikes
  seen.best = seen.best * 0.5 + seen.all:sum():item()
  seen.trail = (seen.trail * 1000003) ~ digest(state.bits(out) .. state.bits(self.neuron.voltage))
  self.record:push(spikes)
end

-- Three numbers, each 1 half of the time, wait for every fourth step.
function Network:throw()
  local alone = self.alone
  alone.sum.pos = snn.functional.inhomogeneous_poisson_bernoulli_approx(snn.full({ 1, 3 }, 500), 1,
    { generator = alone.dice }):to("float32")[1]
  if self.at.total % 4 == 0 then
    alone.param = alone.sum(alone.param * 0.5)
    alone.sum:clear()
  end
end

function Network:train()
  if not self.is_modulated then return self.trainer() end
  self.trainer(snn.rand(self.row.batch) - 0.5, { scale = 0.5 })
end

-- The rest of a step, from the phase that it is in.
function Network:finish_step()
  local at, steps = self.at, self.plan.break_at or parts.steps
  if at.phase == "stepped" then
    self:train()
    at.phase = "trained"
    self:tell "trained"
  end
  if at.phase == "trained" then
    if at.total % self.plan.every == 0 then self.layer:update() end
    at.phase = self.encoder and "" or "updated"
    self:tell((at.step == steps or not self.encoder) and "last step" or "updated")
  end
  if at.phase == "updated" then
    at.phase = ""
    self:end_sample(snn.randint(1, 4, { self.row.batch }))
  end
end

function Network:one_step(spikes)
  local at = self.at
  at.step, at.total = at.step + 1, at.total + 1
  self:watch(self.step(with_noise(spikes)))
  self:throw()
  at.phase = "stepped"
  self:tell "stepped"
  self:finish_step()
end

-- ------------------------------------------------------------- a sample

function Network:tell_sample()
  local at = self.at
  at.batch, at.step = at.batch + 1, 0
  self:tell(at.batch == self:batches() and "last sample" or "sample")
end

-- Lists that grow, of numbers, and of tables with a tensor among texts.
function Network:note(score, classes)
  local log, at = self.log, self.at
  log.scores[#log.scores + 1] = score
  log["all of it"][at.total] = { classes = classes, is_first = at.batch == 0, ["a\0b"] = "\xff" }
end

-- A script that goes on in the middle of samples clears behind them, not before.
function Network:end_sample(labels)
  local seen, at = self.seen, self.at
  local clears = (at.batch + 1) % self.plan.clear_every == 0 and at.epoch < EPOCHS
  local classes = self.classifier(seen.count / parts.steps, labels)
  self:note(seen.best, classes)
  seen.count = seen.count * 0
  if clears then
    self.layer:clear()
    if self.plan.clears_trainer then self.trainer:clear() end
  end
  self:tell_sample()
end

function Network:sample(x, y)
  if #x < self.row.batch then return self:tell_sample() end
  if not self.encoder then return self:one_step(x:gt(snn.rand(x.shape))) end
  for spikes in self.encoder:steps_of(x) do
    if self.at.step == self.plan.break_at then break end
    self:one_step(spikes)
  end
  self:end_sample(y)
end

function Network:batches() return self.loader and #self.loader or 3 end

-- ------------------------------------------------------------- an epoch

local PASSES = {}

function PASSES.none(net)
  local set, n = net.set, net.row.batch
  while net.at.batch < net:batches() do
    net:sample(set.images:narrow(1, 1, n):clone(), set.labels:narrow(1, 1, n))
  end
end

function PASSES.progress(net)
  for x, y in snn.progress(net.loader) do net:sample(x, y) end
end

PASSES["by hand"] = function(net)
  while true do
    local x, y = net.loader()
    if not x then return end
    net:sample(x, y)
  end
end

local function pass(net)
  for x, y in net.loader do net:sample(x, y) end
end

-- What an object has there; nil where there is no such field.
local function field(object, name)
  local ok, value = pcall(function() return object[name] end)
  return ok and value or nil
end

-- Between epochs the script changes something.
local HAPPENS = {}

function HAPPENS.nothing() end

function HAPPENS.eval(net) net.layer:train(not net.layer.training) end

HAPPENS["eval of the trainer"] = function(net) net.trainer:train(not net.trainer.training) end

function HAPPENS.settings(net)
  local synapse = net.connection.synapse
  if net.row.synapse ~= "own" then synapse.spike_charge = synapse.spike_charge * 0.9 end
  for _, name in ipairs { "lr_post", "lr_pos", "lr", "plasticity" } do
    local given = field(net.trainer, name)
    if type(given) == "number" then net.trainer[name] = given * 0.8 end
  end
  net.classifier.decay = 0.15
  net.monitor.train_update = not net.monitor.train_update
end

-- A value for each neuron in place of one for all.
function HAPPENS.tensors(net)
  for _, neuron in net.layer:named_neurons() do
    for _, name in ipairs { "thresh_v", "thresh_eq_v" } do
      local value = field(neuron, name)
      if type(value) == "number" and value < -40 then
        neuron[name] = snn.rand(net.outshape) * 2 + value
      end
    end
  end
end

function HAPPENS.overrides(net)
  for _, name in ipairs { "lr_post", "lr_neg", "plasticity" } do
    local given = field(net.trainer, name)
    if type(given) == "number" then net.trainer:set("cell", { [name] = given * 0.7 }) end
  end
end

function HAPPENS.every(net) net.monitor.every = 2 end

function HAPPENS.encoder(net)
  if net.encoder and field(net.encoder, "frequency") then net.encoder.frequency = 300 end
end

function HAPPENS.hook(net)
  if not net.hook then return end
  if net.hook.registered then net.hook:deregister()
  elseif net.row.hook == "Hook" then net.hook:register(net.connection)
  else net.hook:register() end
end

HAPPENS["monitor off"] = function(net)
  if net.monitor.registered then net.monitor:deregister() else net.monitor:register() end
end

HAPPENS["monitor clear"] = function(net)
  net.monitor:clear { keepshape = net.at.epoch == 1 }
end

function HAPPENS.dt(net)
  net.layer.dt = net.layer.dt == 1 and 0.5 or 1
end

function Network:end_epoch()
  local at = self.at
  HAPPENS[self.plan.events[at.epoch]](self)
  at.epoch, at.batch = at.epoch + 1, 0
  self:tell "epoch"
end

-- ------------------------------------------------------------- the run

---Runs to the end, from where the simulation is.
---@param tell? fun(kind: string) called where it may be saved
function Network:run(tell)
  self.told = tell
  local at, through = self.at, PASSES[self.row.loader] or pass
  if at.epoch == 0 then
    at.epoch = 1
    self:tell "begin"
  end
  if at.phase ~= "" then self:finish_step() end
  while at.epoch <= EPOCHS do
    through(self)
    self:end_epoch()
  end
end

function Network:tell(kind)
  if self.told then self.told(kind) end
end

return Network
