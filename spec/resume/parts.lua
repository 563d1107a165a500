-- The parts of a network of spec/resume/network.lua, made as a row of the design
-- (pairs.lua) says; what that leaves open is drawn from the network's own `rng`.
local snn = require "snn"
local models = require "spec.every.models"
local trainers = require "spec.every.trainers"
local own = require "spec.classes.own"

local parts = {}

-- Arguments of a class: those that are fixed, examples of those that it needs, and
-- of some others; `skipped` are left out.
local function arguments(net, class, fixed, skipped)
  local args = {}
  for _, a in ipairs(class.arguments) do
    if a.optional and a.either then goto next end -- given in place of another
    local is_wanted = not a.optional or net.rng(3) == 1
    local which = net.rng(2) == 1 and "example" or "other"
    if fixed[a.name] == nil and is_wanted and not (skipped and skipped[a.name]) then
      args[a.name] = models.example(a, which)
    end
    ::next::
  end
  for name, value in pairs(fixed) do args[name] = value end
  return args
end

local function has(class, name)
  for _, a in ipairs(class.arguments) do
    if a.name == name then return true end
  end
  return false
end

local function mean(t, dim) return t:mean(dim) end

-- ------------------------------------------------------------- connections

local function synapse(net)
  local name = net.row.synapse
  if name == "own" then return own.Decaying.partialconstructor { tau = 8 } end
  local class = snn[name]
  local fixed = { spike_charge = 60 + net.rng(60) }
  return class.partialconstructor(arguments(net, class, fixed,
    { shape = true, step_time = true, delay = true, batch_size = true, dtype = true }))
end

local function drawn(scale)
  return function(w) return snn.rand(w.shape, { dtype = w.dtype }) * scale end
end

local LONGEST <const> = 4 -- ms

local function common(net, scale)
  local row = net.row
  local args = {
    step_time = 1, synapse = synapse(net), dtype = row.dtype, batch_size = row.batch,
    bias = row.bias, weight_init = drawn(scale), bias_init = drawn(0.5),
  }
  if row.delay == "none" then return args end
  args.delay = LONGEST
  function args.delay_init(d)
    local delays = drawn(LONGEST)(d)
    return row.delay == "whole" and delays:floor() or delays
  end
  return args
end

local MAKE = {}

function MAKE.LinearDense(net, class)
  local args = common(net, 2 / net.inputs ^ 0.5)
  args.in_shape, args.out_shape = net.inputs, net.size
  return class(args)
end

function MAKE.LinearSparse(net, class)
  local args = common(net, 4 / net.inputs ^ 0.5)
  args.in_shape, args.out_shape = net.inputs, net.size
  args.synapses = snn.connect.bernoulli { p = 0.5 }
  return class(args)
end

function MAKE.own(net)
  local args = common(net, 4 / net.inputs ^ 0.5)
  args.in_shape, args.out_shape, args.bias, args.bias_init = net.inputs, net.size, nil, nil
  return own.Half(args)
end

local function square(net, class)
  local args = common(net, 1)
  args.shape, net.inputs = net.size, net.size
  return class(args)
end

MAKE.LinearDirect, MAKE.LinearLateral = square, square

function MAKE.Conv2D(net, class)
  local args = common(net, 1)
  args.height, args.width, args.channels = 5, 4, net.rng(2)
  args.filters, args.kernel, args.padding = net.rng(2), 2, net.rng(2) - 1
  return class(args)
end

---The connection that is trained; `net.inputs` and `net.size` are its own after.
function parts.connection(net)
  local name = net.row.connection
  local connection = MAKE[name](net, rawget(snn, name))
  net.inshape, net.outshape = connection.inshape, connection.outshape
  return connection
end

---A connection from the outputs to themselves.
function parts.loop(net)
  local args = common(net, 0.5)
  args.shape = net.outshape
  return snn[net.rng(2) == 1 and "LinearDirect" or "LinearLateral"](args)
end

---Another one from the inputs to the outputs, for a Biclique.
function parts.other(net)
  local args = common(net, 0.5)
  args.in_shape, args.out_shape = net.inshape, net.outshape
  return snn.LinearDense(args)
end

-- ------------------------------------------------------------- neurons

-- Neurons that spike with the currents that there are: some are less willing.
function parts.neuron(net, name)
  local fixed = {
    shape = net.outshape, step_time = 1, batch_size = net.row.batch, dtype = net.row.dtype,
  }
  if name == "own" then return own.Leaky(fixed) end
  local class = snn[name]
  if has(class, "resistance") then fixed.resistance = 3 + net.rng(5) end
  if has(class, "batch_reduction") then
    local list = { "mean", "max", "none", mean }
    fixed.batch_reduction = list[net.rng(#list)]
  end
  return class(arguments(net, class, fixed))
end

-- A module that is no class of neurons, in their place in a layer.
local Readout = snn.class("Readout", snn.Module)

function Readout:init(net)
  snn.Module.init(self)
  self.shape, self.count = net.outshape, 0
  self.level = snn.ones({ net.row.batch, table.unpack(net.outshape) }, { dtype = net.row.dtype })
end

function Readout:forward(current)
  self.level = current * 0.1 + self.level * 0.9
  self.count = self.count + 1
  return self.level:gt(1)
end

function parts.readout(net) return Readout(net) end

-- ------------------------------------------------------------- learning

local function sum_of(t, dim) return t:sum(dim) end
local function half(_, update) return update * 0.5 end

local BOUNDS = {
  none = function() end,
  upper = function(acc) acc:upperbound(snn.functional.bound_upper_multiplicative, 2) end,
  lower = function(acc) acc:lowerbound(snn.functional.bound_lower_sharp, 0) end,
  power = function(acc) acc:upperbound(snn.functional.bound_upper_power, 2, { power = 2 }) end,
  full = function(acc) acc:fullbound(snn.functional.bound_multiplicative, 2, -2) end,
  own = function(acc) acc:upperbound(half, 1) end,
}

---An updater with the row's bound and reduction on all that it trains.
function parts.updater(net, connection)
  local updater, row = connection:defaultupdater(), net.row
  connection.updater = updater
  for _, name in ipairs(updater.names) do
    BOUNDS[row.bound](updater[name])
    if row.reduction ~= "sum" then
      updater[name]:reduction(row.reduction == "own" and sum_of or row.reduction)
    end
  end
end

-- A rule of the script: it adds what a monitor of its own has seen, and counts.
local Own = snn.class("Own", snn.CellTrainer)

function Own:forward()
  for cell, state, monitors in self:units() do
    local seen = monitors.rate:peek()
    state.n = (state.n or 0) + 1
    if seen then
      local change = cell.connection.weight:gt(0):to(cell.connection.dtype)
      cell.updater.weight.pos = change * (seen:to("float64"):mean():item() * 0.01)
      if state.n % 3 == 0 then cell.updater.weight.neg = change * 0.001 * state.n end
    end
  end
end

local function own_rule(cell)
  local trainer = Own()
  trainer:add_cell("cell", cell)
  trainer:add_monitor("cell", "rate", "postspike", snn.StateMonitor.partialconstructor {
    reducer = snn.EMAReducer { step_time = 1, alpha = 0.25 },
  })
  return trainer
end

-- Steps small enough that weights stay where bits matter.
local function slowed(args)
  for name, value in pairs(args) do
    local is_rate = name:find "^lr" or name == "plasticity"
    if is_rate and type(value) == "number" then args[name] = value / 10 end
  end
  for _, side in ipairs { "kernel_post", "kernel_pre" } do
    if args[side] then
      args[side] = snn.functional["exp_stdp_" .. side:sub(8) .. "_kernel"]
      args[side .. "_kwargs"] = { learning_rate = 0.02, time_constant = 10 }
    end
  end
  return args
end

local function trained_params(connection)
  local out = { "weight" }
  if connection.biased then out[2] = "bias" end
  if (connection.delayedby or 0) > 0 then out[#out + 1] = "delay" end
  return out
end

---The row's rule on a cell, and whether it is called with a signal.
---@return snn.CellTrainer trainer, boolean is_modulated
function parts.trainer(net, cell)
  local name, row = net.row.rule, net.row
  if name == "own" then return own_rule(cell), false end
  local class, fixed = snn[name], {}
  fixed.batch_reduction = row.batch_reduction == "own" and sum_of or row.batch_reduction
  if has(class, "param") then
    local params = trained_params(cell.connection)
    fixed.param = params[net.rng(#params)]
  end
  if has(class, "target") then fixed.target = 0.2 end
  for _, slow in ipairs { "tc_post_slow", "tc_pre_slow" } do
    if has(class, slow) then fixed[slow] = 40 end
  end
  local trainer = class(slowed(arguments(net, class, fixed)))
  local is_special = has(class, "lr_post") and net.rng(3) == 1
  trainer:register_cell("cell", cell, is_special and { lr_post = 0.013 } or nil)
  return trainer, trainers.is_modulated(name)
end

-- ------------------------------------------------------------- what watches

-- The largest values yet, and how many there were.
local Largest = snn.class("Largest", snn.Reducer)
Largest.states = { seen = { of = "one", type = "int64" } }

function Largest:forward(value)
  self.seen = self.seen + 1
  local latest = self.latest
  self:push(latest and latest:maximum(value) or value)
end

function parts.reducer(net)
  local name = net.row.reducer
  if name == "own" then return Largest { step_time = 1, duration = 2 } end
  return snn[name](arguments(net, snn[name], { step_time = 1 }))
end

-- What a reducer gets: some want numbers, some a condition beside them.
local function map_of(net, is_mapped)
  local wants_two = net.row.reducer:find "^Conditional" or net.row.reducer:find "^Eligibility"
  local scale = is_mapped and 0.5 or 1
  return function(x)
    x = x:to(net.row.dtype) * scale
    if wants_two then return x, x:gt(0) end
    return x
  end
end

local function few(x) return x:to("float32"):sum():item() ~= 0 end

local PATHS = { -- on a cell; those of calls name what is called
  InputMonitor = "connection", OutputMonitor = "neuron", StateMonitor = "neuron.voltage",
  DifferenceMonitor = "neuron.voltage", MultiStateMonitor = "neuron",
}

local function options(net)
  local mode = net.row.mode
  local args = { reducer = parts.reducer(net), map = map_of(net, mode == "map") }
  if net.row.monitor == "MultiStateMonitor" then args.subattrs = { "voltage" } end
  if mode:find "every" then args.every = 3 end
  if mode:find "last" then args.last = 4 end
  if mode:find "file" then args.file = net.file end
  if mode == "budget" then args.budget = 4e6 end
  if mode == "filter" then args.filter = few end
  if mode == "prehook" and net.row.monitor:find "StateMonitor" then args.as_prehook = true end
  if net.rng(4) == 1 then args.eval_update = false end
  return args
end

local function pooled(net, cell, class, args)
  net.pool = snn.MonitorPool()
  net.pool:add_observed("cell", cell)
  return net.pool:add_monitor("cell", "seen", PATHS[net.row.monitor],
    class.partialconstructor(args))
end

---The row's monitor, of a cell or of one of its parts.
function parts.monitor(net, cell)
  local class, args = snn[net.row.monitor], options(net)
  if net.row.mode == "pool" then return pooled(net, cell, class, args) end
  local of, attr = PATHS[net.row.monitor]:match "^(%a+)%.?(%a*)$"
  if net.rng(2) == 1 then
    args.module, args.attr = cell, PATHS[net.row.monitor]
  else
    args.module, args.attr = cell[of], attr ~= "" and attr or nil
    if args.subattrs then args.module, args.attr = cell, of end
  end
  return class(args)
end

-- ------------------------------------------------------------- hooks

local Bounded = snn.class("Bounded", snn.StateHook)

function Bounded:hook(module)
  self.calls = (self.calls or 0) + 1
  if self.calls % 4 == 0 then module.weight = module.weight * 0.99 end
end

---The row's hook on a connection, registered; nil for none.
function parts.hook(net, connection)
  local kind = net.row.hook
  if kind == "none" then return nil end
  local hook
  if kind == "Normalization" then
    local side = net.row.connection == "LinearSparse" and "post" or 1 -- of a neuron each
    hook = snn.Normalization { module = connection, attr = "weight", order = 1, scale = 3,
      dim = net.rng(2) == 1 and side or nil }
  elseif kind == "Clamping" then
    hook = snn.Clamping { module = connection, attr = "weight", min = 0, max = 0.9 }
  elseif kind == "StateHook" then
    hook = Bounded { module = connection }
  else
    hook = snn.Hook { posthook = function(m) m.weight = m.weight * 0.999 end }
    hook:register(connection)
    return hook
  end
  hook:register()
  return hook
end

-- ------------------------------------------------------------- data

local STEPS <const> = 5 -- of a sample

-- A train of the script's: the n-th of an encoder is another one than the first.
local Every = snn.class("Every", snn.Encoder)
Every.states = { calls = { of = "one", type = "int64" } }

function Every.init(self, args)
  snn.Encoder.init(self, { steps = args.steps, step_time = 1 })
end

function Every:forward(x)
  self.calls = self.calls + 1
  local shape = { self.steps }
  for i = 1, x.ndim do shape[i + 1] = 1 end
  local steps = (snn.arange(self.steps) + self.calls:item()):reshape(shape)
  return (steps % 3):eq(0):logical_and(x:gt(0.4):unsqueeze(1))
end

function parts.encoder(net)
  local name = net.row.encoder
  if name == "none" then return nil end
  if name == "own" then return Every { steps = STEPS } end
  local class, fixed = snn[name], { steps = STEPS, step_time = 1 }
  if has(class, "frequency") then fixed.frequency = 250 end
  if has(class, "generator") and net.row.generator == "own" then
    net.generator = snn.Generator { seed = net.rng(1000) }
    fixed.generator = net.generator
  end
  return class(arguments(net, class, fixed, { generator = true, refrac = true }))
end

local SAMPLES <const> = 8

---Pictures of the network's inputs, the same in each process.
function parts.set(net)
  snn.manual_seed(net.seed)
  local images = snn.rand { SAMPLES, table.unpack(net.inshape) }
  return snn.data.set { images = images, labels = snn.randint(1, 4, { SAMPLES }) }
end

function parts.loader(net, set)
  local kind = net.row.loader
  if kind == "none" then return nil end
  return snn.data.loader(set, {
    batch_size = net.row.batch, shuffle = kind ~= "ordered", drop_last = kind == "drop_last",
  })
end

parts.steps, parts.samples = STEPS, SAMPLES

return parts
