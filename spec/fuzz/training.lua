-- A random training script for each seed: layers, connections with delays,
-- neurons, rules, monitors, hooks, updates, in both real types and with one to
-- four threads. It prints one line, the seed and a hash of all that was
-- computed, so that two builds can be compared in bits:
--
--   diff <(old/snnlua spec/fuzz/training.lua 1 250) <(build/snnlua spec/fuzz/training.lua 1 250)
--
-- With a third argument that many threads are used in place of the script's own.
local snn = require "snn"
local V = require "spec.fuzz.values"
local sorted = require "spec.sorted"

local pick, chance, rng = V.pick, V.chance, V.rng

-- ------------------------------------------------------------- the hash

local Hash = {}
Hash.__index = Hash

local function new_hash() return setmetatable({ value = 0xcbf29ce484222325 }, Hash) end

function Hash:integer(n) self.value = (self.value ~ n) * 0x100000001b3 ~ self.value >> 29 end

function Hash:text(s)
  for i = 1, #s do self:integer(s:byte(i)) end
end

function Hash:tensor(t)
  self:text(t.dtype .. table.concat(t.shape, ","))
  local as = (t.dtype == "bool" or t.dtype == "int64") and "int64" or "float64"
  for _, v in ipairs(t:to(as):flatten():totable()) do
    self:integer(string.unpack("j", string.pack(as == "int64" and "j" or "d", v)))
  end
end

---Tensors by name, in the order of the names.
function Hash:tensors(state)
  for _, name in ipairs(sorted(state)) do
    self:text(name)
    self:tensor(state[name])
  end
end

-- ------------------------------------------------------------- connections

local SYNAPSES = {
  function()
    return snn.DeltaCurrent.partialconstructor {
      spike_charge = 60 + rng(60), interp_mode = pick { "previous", "nearest" },
    }
  end,
  function() return snn.DeltaPlusCurrent.partialconstructor { spike_charge = 60 + rng(60) } end,
  function()
    return snn.SingleExponentialCurrent.partialconstructor {
      spike_charge = 100, time_constant = pick { 2, 5, 300 },
    }
  end,
  function()
    return snn.DoubleExponentialCurrent.partialconstructor {
      spike_charge = 200, tc_decay = pick { 5, 20 }, tc_rise = 2,
    }
  end,
}

local function drawn(scale)
  return function(w) return snn.rand(w.shape, { dtype = w.dtype }) * scale end
end

local function common(net, scale)
  local args = {
    step_time = net.dt, synapse = pick(SYNAPSES)(), dtype = net.dtype, batch_size = net.batch,
    bias = chance(30), weight_init = drawn(scale), delay = pick { 0, 1, 3, 4.5 },
  }
  if chance(40) then args.delay = nil end
  if args.delay then
    local longest, is_whole = args.delay, chance(50)
    args.delay_init = function(d)
      local delays = snn.rand(d.shape, { dtype = d.dtype }) * longest
      return is_whole and delays:floor() or delays
    end
  end
  return args
end

local CONNECTIONS = {
  function(net)
    local args = common(net, 2 / net.inputs ^ 0.5)
    args.in_shape, args.out_shape = net.inputs, net.size
    return snn.LinearDense(args)
  end,
  function(net)
    local args = common(net, 1)
    args.shape = net.size
    return snn.LinearDirect(args)
  end,
  function(net)
    local args = common(net, 1 / net.size ^ 0.5)
    args.shape = net.size
    return snn.LinearLateral(args)
  end,
}

local function conv(net)
  local args = common(net, 1)
  args.height, args.width, args.channels, args.filters = 6, 5, rng(2), rng(3)
  args.kernel, args.padding, args.stride = pick { 2, 3, { 2, 1 } }, rng(2) - 1, rng(2)
  return snn.Conv2D(args)
end

-- ------------------------------------------------------------- neurons

local function mean(t, dim) return t:mean(dim) end

-- Written here, and not read from descriptors: another build runs the same.
local NEURONS = { "ALIF", "AdEx", "EIF", "LIF", "GLIF1", "GLIF2", "Izhikevich", "LIF", "QIF" }
local CONSTANTS = {
  rest_v = -60, reset_v = -65, thresh_v = -50, thresh_eq_v = -50, time_constant = 20,
  tc_membrane = 20, tc_adaptation = { 50, 10 }, spike_increment = { 1, 0.5 },
  rc_adaptation = { 0.02, 0.1 }, reset_v_add = -4, reset_v_mul = 0.2, crit_v = -53, affinity = 0.1,
  rheobase_v = -53, sharpness = 2, voltage_coupling = { 0.2, 0.1 },
}

local function neuron(net, shape)
  local name = pick(NEURONS)
  local args = {
    shape = shape, step_time = net.dt, batch_size = net.batch, dtype = net.dtype,
    resistance = pick { 1, 3, 10 }, refrac_t = pick { 0, 1, 2.5 },
  }
  for _, argument in ipairs(snn[name].arguments) do
    if argument.name == "batch_reduction" then
      args.batch_reduction = pick { "mean", "max", "none", mean }
    elseif CONSTANTS[argument.name] then
      args[argument.name] = CONSTANTS[argument.name]
    end
  end
  return snn[name](args)
end

-- ------------------------------------------------------------- layers

local function wiring(net)
  local names, scale = net.names, pick { 1, 0.5 }
  return function(_, inputs)
    local sum
    for _, name in ipairs(names) do
      if inputs[name] then sum = sum and sum + inputs[name] or inputs[name] end
    end
    return { exc = sum * scale, inh = inputs.a }
  end
end

-- One or more connections into one or two groups.
local function free_layer(net)
  net.names = {}
  net.layer = snn.Layer { wiring = wiring(net) }
  for i = 1, rng(3) do
    local name = ("abc"):sub(i, i)
    net.names[i] = name
    net.layer:add_connection(name, i == 1 and CONNECTIONS[1](net) or pick(CONNECTIONS)(net))
  end
  for _, name in ipairs { "exc", "inh" } do
    net.layer:add_neuron(name, neuron(net, net.size))
  end
  for _, name in ipairs(net.names) do net.layer:add_cell(name, pick { "exc", "exc", "inh" }) end
  return function(options)
    local inputs = {}
    for _, name in ipairs(net.names) do
      local shape = net.layer.connections[name].batched_inshape
      if name == "a" or chance(80) then inputs[name] = net.spikes(shape) end
    end
    return net.layer(inputs, options)
  end
end

local function serial(net)
  local connection = chance(40) and conv(net) or pick(CONNECTIONS)(net)
  net.layer = snn.Serial {
    connection = connection, neuron = neuron(net, connection.outshape),
    transform = chance(30) and function(t) return t * 1.5 end or nil,
  }
  return function()
    local out, mid = net.layer(net.spikes(connection.batched_inshape),
      { capture_intermediate = true })
    return { out = out, mid = mid }
  end
end

local function biclique(net)
  local list, groups = {}, {}
  for i = 1, rng(2) + 1 do list[i] = { ("abc"):sub(i, i), CONNECTIONS[1](net) } end
  for i = 1, rng(2) do groups[i] = { ("xy"):sub(i, i), neuron(net, net.size) } end
  if chance(50) then list[1][3] = function(t) return t * 0.5 end end
  net.layer = snn.Biclique {
    connections = list, neurons = groups, combine = pick { "sum", "mean", "max", "min" },
  }
  return function()
    local inputs = {}
    for _, part in ipairs(list) do inputs[part[1]] = net.spikes(part[2].batched_inshape) end
    return net.layer(inputs)
  end
end

local function recurrent(net)
  net.layer = snn.RecurrentSerial {
    feedfwd_connection = CONNECTIONS[1](net), lateral_connection = CONNECTIONS[3](net),
    feedback_connection = CONNECTIONS[rng(2) + 1](net), feedfwd_neuron = neuron(net, net.size),
    feedback_neuron = neuron(net, net.size), trainable_feedback = chance(50),
  }
  return function()
    local forth, back, mid = net.layer(net.spikes { net.batch, net.inputs },
      { capture_intermediate = true })
    mid.forth, mid.back = forth, back
    return mid
  end
end

-- ------------------------------------------------------------- learning

local VALUES = {
  lr_post = { 0.02, 0.02, -0.01 }, lr_pre = { -0.01, 0.01 }, tc_post = { 20, 5 },
  tc_pre = { 15, 400 }, tc_eligibility = { 10, 25 }, lr_post_pair = { 0.02 },
  lr_post_triplet = { 0.01 }, lr_pre_pair = { -0.02 }, lr_pre_triplet = { -0.01 },
  tc_post_fast = { 10 }, tc_post_slow = { 30 }, tc_pre_fast = { 15 }, tc_pre_slow = { 40 },
  lr_pos = { 0.02, -0.02 }, lr_neg = { -0.01 }, tc_pos = { 10 }, tc_neg = { 15 },
  plasticity = { 0.01 }, target = { 0.3, 0.1 },
  kernel_post = { snn.functional.exp_stdp_post_kernel },
  kernel_pre = { snn.functional.exp_stdp_pre_kernel },
  kernel_post_kwargs = { { learning_rate = 0.02, time_constant = 10 } },
  kernel_pre_kwargs = { { learning_rate = -0.01, time_constant = 15 } },
}

local function sum_of(t, dim) return t:sum(dim) end

local OPTIONS = {
  trace_mode = { "cumulative", "nearest" }, delayed = { true, false },
  slow_interp_mode = { "previous", "expdecay" }, batch_reduction = { "mean", "sum", "max", sum_of },
}

-- The parameters that homeostasis may keep.
local function trained(connection)
  local out = { "weight" }
  if connection.biased then out[#out + 1] = "bias" end
  if (connection.delayedby or 0) > 0 then out[#out + 1] = "delay" end
  return out
end

local function arguments(class, connection)
  local args = {}
  for _, argument in ipairs(class.arguments) do
    local name = argument.name
    if VALUES[name] then args[name] = pick(VALUES[name]) end
    if OPTIONS[name] and chance(40) then args[name] = pick(OPTIONS[name]) end
    if name == "param" then args.param = pick(trained(connection)) end
  end
  return args
end

-- Written here as well.
local RULES = {
  "DelayAdjustedKernelSTDP", "DelayAdjustedKernelSTDPD", "DelayAdjustedMSTDP",
  "DelayAdjustedMSTDPD", "DelayAdjustedSTDP", "DelayAdjustedSTDPD", "KernelSTDP",
  "LinearHomeostasis", "MSTDP", "MSTDPET", "STDP", "TripletSTDP",
}

-- The rules that a cell's connection takes, those of delays where there are some.
local function rules_of(cell)
  local delay, out = cell.connection.delayedby, {}
  for _, name in ipairs(RULES) do
    if delay and delay > 0 or not name:find "^Delay" then out[#out + 1] = name end
  end
  return out
end

local BOUNDS = {
  function(acc) acc:upperbound(snn.functional.bound_upper_multiplicative, 1) end,
  function(acc) acc:lowerbound(snn.functional.bound_lower_sharp, 0) end,
  function(acc) acc:upperbound(snn.functional.bound_upper_power, 1, { power = 2 }) end,
  function(acc) acc:upperbound(function(_, update) return update * 0.5 end, 1) end,
  function(acc) acc:reduction "mean" end,
  function() end,
}

-- A rule of the script: it adds what a monitor of its own has seen.
local Own = snn.class("Own", snn.CellTrainer)
function Own:forward()
  for cell, state, monitors in self:units() do
    local seen = monitors.rate:peek()
    state.n = (state.n or 0) + 1
    if seen then
      local change = cell.connection.weight:gt(0):to(cell.connection.dtype)
      cell.updater.weight.pos = change * (seen:to("float64"):mean():item() * 0.01)
      if state.n % 3 == 0 then cell.updater.weight.neg = change * 0.001 end
    end
  end
end

local function own_rule(net, cell)
  local trainer = Own()
  trainer:add_cell("cell", cell)
  trainer:add_monitor("cell", "rate", "postspike", snn.StateMonitor.partialconstructor {
    reducer = snn.EMAReducer { step_time = net.dt, alpha = 0.25 },
  })
  return { trainer = trainer }
end

-- Returns the trainers, each { trainer, how it is called }.
local function learning(net)
  local list = {}
  for _, _, cell in net.layer:named_cells() do
    local connection = cell.connection
    if not connection.updater then
      connection.updater = connection:defaultupdater()
      pick(BOUNDS)(connection.updater.weight)
    end
    for _ = 1, rng(2) do
      local name = pick(rules_of(cell))
      local trainer = snn[name](arguments(snn[name], connection))
      trainer:register_cell("cell", cell)
      list[#list + 1] = { trainer = trainer, is_modulated = name:find "MSTDP" ~= nil }
    end
    if chance(20) then list[#list + 1] = own_rule(net, cell) end
  end
  return list
end

local function train(net, entry)
  if not entry.is_modulated then return entry.trainer() end
  local signal = pick { 0.5, -1, false } or snn.rand(net.batch) - 0.5
  entry.trainer(signal, { scale = pick { 1, 0.1 } })
end

-- ------------------------------------------------------------- what watches

local function reducer(dt)
  return pick {
    function() return snn.PassthroughReducer { step_time = dt, duration = pick { 0, 3 } } end,
    function() return snn.EMAReducer { step_time = dt, alpha = 0.25 } end,
    function() return snn.CAReducer { step_time = dt } end,
    function()
      return snn.CumulativeTraceReducer {
        step_time = dt, time_constant = 8, amplitude = 0.5, target = true, duration = 2,
      }
    end,
  }()
end

local function watching(net)
  local list = {}
  for _, name, cell in net.layer:named_cells() do
    list[#list + 1] = snn.StateMonitor {
      module = cell, attr = pick { "postspike", "prespike" }, reducer = reducer(net.dt),
      every = chance(30) and 2 or nil,
    }
    list[#list + 1] = snn.OutputMonitor {
      module = net.layer.neurons[name], reducer = reducer(net.dt), eval_update = chance(50),
    }
    list[#list + 1] = snn.DifferenceMonitor {
      module = net.layer.neurons[name], attr = "voltage", reducer = reducer(net.dt), last = 3,
    }
  end
  return list
end

-- The classes of samples, by the spikes of a group of neurons.
local function reading(net)
  local _, group = net.layer:named_neurons()()
  net.group = group
  net.classifier = snn.MaxRateClassifier { shape = group.shape, num_classes = 3, decay = 0.1 }
end

local function classify(net, hash)
  local rates = net.group.spike:to("float32")
  hash:tensors { classes = net.classifier(rates, snn.randint(1, 4, { rates.shape[1] })) }
end

local function hooks(net)
  for _, connection in net.layer:named_connections() do
    if chance(30) then
      snn.Clamping { module = connection, attr = "weight", min = 0, max = 1 }:register()
    elseif chance(30) then
      snn.Normalization { module = connection, attr = "weight", order = 1, scale = 2 }:register()
    end
  end
end

-- ------------------------------------------------------------- the script

-- What happens between two steps now and then.
local EVENTS = {
  function(net) net.layer:clear() end,
  function(net) net.layer:clear { keep_adaptations = false } end,
  function(net) for _, entry in ipairs(net.trainers) do entry.trainer:clear() end end,
  function(net) net.layer:load_state_dict(net.layer:state_dict()) end,
  function(net)
    local entry = pick(net.trainers)
    entry.trainer:load_state_dict(entry.trainer:state_dict())
  end,
  function(net) -- a step that fails changes nothing of connections and neurons
    local before = net.layer.wiring
    net.layer.wiring = function() error("a wiring", 0) end
    pcall(net.step)
    net.layer.wiring = before
  end,
  function(net)
    net.dt = pick { 1, 0.5, 2 }
    for _, n in net.layer:named_neurons() do n.dt = net.dt end
    for _, c in net.layer:named_connections() do c.dt = net.dt end
  end,
  function(net)
    local _, connection = net.layer:named_connections()()
    connection.weight = connection.weight:clamp(0, 0.8)
  end,
  function(net) net.layer:train(not net.layer.training) end,
  function(net) for _, m in ipairs(net.monitors) do m:clear() end end,
  function(net)
    net.batch = rng(4)
    for _, n in net.layer:named_neurons() do n.batchsz = net.batch end
    for _, c in net.layer:named_connections() do c.batchsz = net.batch end
    for _, entry in ipairs(net.trainers) do entry.trainer:clear() end
    for _, m in ipairs(net.monitors) do m:clear() end
  end,
}

local function network()
  local net = {
    dtype = pick { "float32", "float64" }, batch = pick { 1, 1, 2, 4 }, dt = pick { 1, 1, 0.5 },
    inputs = pick { 4, 7, 60, 300 }, size = pick { 3, 5, 40, 100 }, rate = pick { 0.02, 0.2, 0.6 },
  }
  function net.spikes(shape) return snn.rand(shape):lt(net.rate) end
  net.step = pick { free_layer, free_layer, free_layer, serial, serial, biclique, recurrent }(net)
  net.trainers, net.monitors = learning(net), watching(net)
  hooks(net)
  reading(net)
  return net
end

local function step(net, hash, i)
  if chance(8) then pick(EVENTS)(net) end
  local out = net.step()
  hash:tensors(out)
  for _, entry in ipairs(net.trainers) do
    local ok, err = pcall(train, net, entry) -- a part that did not run since a clear
    if not ok then hash:text(err.kind) end
  end
  if i % net.every == 0 then net.layer:update() end
  if i % 4 == 0 then classify(net, hash) end
end

---@return string what was computed, or the error that ended it
local function run(seed, threads)
  V.seed(seed)
  snn.manual_seed(seed)
  local its_own = pick { 1, 2, 4 }
  snn.set_num_threads(threads or its_own)
  local hash, net = new_hash(), nil
  local ok, err = pcall(function()
    net = network()
    net.every = rng(3)
    for i = 1, 10 + rng(20) do step(net, hash, i) end
  end)
  if not ok then hash:text(type(err) == "table" and err.kind or err) end
  if net then
    hash:tensors(net.layer:state_dict())
    if net.classifier then hash:tensors(net.classifier:state_dict()) end
    for _, entry in ipairs(net.trainers or {}) do hash:tensors(entry.trainer:state_dict()) end
    for _, m in ipairs(net.monitors or {}) do hash:tensors { dump = m.reducer:dump() } end
  end
  return ("%016x%s"):format(hash.value, ok and "" or " " .. tostring(err))
end

warn "@off"
local first = math.tointeger(arg[1]) or error("the first seed is missing", 0)
for seed = first, math.tointeger(arg[2]) or first do
  print(seed, run(seed, math.tointeger(arg[3])))
end
