-- What the networks of twins.lua are drawn from: connectors, synapses, delays, rules,
-- bounds, hooks. All chance comes from the network's own `rng`.
local snn = require "snn"
local sorted = require "spec.sorted"

local parts = {}

local function pick(rng, list) return list[rng(#list)] end

parts.pick = pick

-- ------------------------------------------------------------- connectors

local CONNECTORS = {}

function CONNECTORS.all_to_all(rng) return snn.connect.all_to_all { self = rng(2) == 1 } end

function CONNECTORS.bernoulli(rng)
  return snn.connect.bernoulli { p = pick(rng, { 0, 0.05, 0.3, 1 }), self = rng(2) == 1 }
end

function CONNECTORS.fixed_in_degree(rng, n)
  local multiple = rng(3) == 1
  local degree = multiple and rng(7) - 1 or rng(math.min(n, 7)) - 1
  return snn.connect.fixed_in_degree { n = degree, multiple = multiple }
end

function CONNECTORS.fixed_out_degree(rng, _, m)
  return snn.connect.fixed_out_degree { n = rng(math.min(m, 7)) - 1 }
end

function CONNECTORS.fixed_total(rng, n, m)
  return snn.connect.fixed_total { n = rng(n * m) // 2 }
end

function CONNECTORS.distance(rng)
  local kernel = pick(rng, { "gaussian", "exponential", "disc" })
  return snn.connect.distance {
    kernel = kernel, sigma = kernel ~= "disc" and 2 or nil, radius = 3,
    p = pick(rng, { 0.5, 1 }), periodic = rng(2) == 1,
  }
end

function CONNECTORS.where(rng)
  local k = rng(4) + 1
  return snn.connect.where(function(i, j) return ((i + j * 2) % k):eq(0) end)
end

-- Pairs in any order; some come twice.
function CONNECTORS.pairs(rng, n, m)
  local pre, post = {}, {}
  for k = 1, rng(3 * n) do pre[k], post[k] = rng(n), rng(m) end
  return snn.connect.pairs {
    pre = snn.tensor(pre, { dtype = "int64" }), post = snn.tensor(post, { dtype = "int64" }),
  }
end

function CONNECTORS.mask(rng, n, m)
  local rows = {}
  for o = 1, m do
    rows[o] = {}
    for i = 1, n do rows[o][i] = rng(5) == 1 end
  end
  return snn.connect.mask(snn.tensor(rows, { dtype = "bool" }))
end

-- Those that need as many outputs as inputs.
local SQUARE = {}

function SQUARE.one_to_one() return snn.connect.one_to_one {} end

function SQUARE.small_world(rng)
  return snn.connect.small_world { k = 2, p = pick(rng, { 0, 0.2, 1 }) }
end

local ANY <const>, ONLY_SQUARE <const> = sorted(CONNECTORS), sorted(SQUARE)

local function simple(rng, n, m)
  if n == m and n > 2 and rng(3) == 1 then return SQUARE[pick(rng, ONLY_SQUARE)](rng, n, m) end
  return CONNECTORS[pick(rng, ANY)](rng, n, m)
end

---A connector of n inputs to m outputs.
function parts.connector(rng, n, m)
  local kind = rng(8)
  if kind == 1 then return simple(rng, n, m) + simple(rng, n, m) end
  if kind == 2 then return simple(rng, n, m):without(simple(rng, n, m)) end
  return simple(rng, n, m)
end

-- ------------------------------------------------------------- synapses

-- Charges are such that what arrives by weights that are multiples of 2^-10 is exact.
local SYNAPSES = {
  DeltaCurrent = { spike_charge = { 64, 32, -16 }, interp_mode = { "previous", "nearest" } },
  DeltaPlusCurrent = { spike_charge = { 64, -16 }, interp_mode = { "previous", "nearest" } },
  SingleExponentialCurrent = {
    spike_charge = { 100, -30 }, time_constant = { 2, 5, 20 },
    spike_interp_mode = { "previous", "nearest" },
  },
  DoubleExponentialCurrent = {
    spike_charge = { 100, 64 }, tc_decay = { 5, 20 }, tc_rise = { 1, 2 },
  },
  AlphaCurrent = { spike_charge = { 100 }, time_constant = { 2, 5 } },
  TsodyksMarkram = {
    spike_charge = { 100 }, time_constant = { 2, 5 }, tc_recovery = { 30, 200 },
    tc_facilitation = { 0, 50 }, utilization = { 0.3, 0.6 },
  },
}

parts.SYNAPSES = sorted(SYNAPSES)

-- Time constants so long that nothing decays, or so short that all does: currents are so
-- many times 64 nA.
local FOREVER <const>, AT_ONCE <const> = 0x1p80, 0x1p-30

local WHOLE = {
  DeltaCurrent = SYNAPSES.DeltaCurrent, DeltaPlusCurrent = SYNAPSES.DeltaPlusCurrent,
  SingleExponentialCurrent = {
    spike_charge = { 64 * FOREVER, -32 * FOREVER }, time_constant = { FOREVER },
    spike_interp_mode = { "previous", "nearest" },
  },
  DoubleExponentialCurrent = {
    spike_charge = { 64 * FOREVER }, tc_decay = { FOREVER }, tc_rise = { AT_ONCE },
  },
}

parts.WHOLE_SYNAPSES = sorted(WHOLE)

function parts.synapse(rng, name, is_whole)
  local args = {}
  local values = (is_whole and WHOLE or SYNAPSES)[name]
  for _, key in ipairs(sorted(values)) do args[key] = pick(rng, values[key]) end
  return snn[name].partialconstructor(args)
end

-- ------------------------------------------------------------- learning

local KERNEL = {
  kernel_post = snn.functional.exp_stdp_post_kernel,
  kernel_pre = snn.functional.exp_stdp_pre_kernel,
  kernel_post_kwargs = { learning_rate = 0.02, time_constant = 10 },
  kernel_pre_kwargs = { learning_rate = -0.01, time_constant = 15 },
}

local VALUES = {
  lr_post = { 0.02, -0.01 }, lr_pre = { -0.01, 0.01 }, tc_post = { 20, 5 }, tc_pre = { 15, 40 },
  tc_eligibility = { 10, 25 }, lr_post_pair = { 0.02 }, lr_post_triplet = { 0.01 },
  lr_pre_pair = { -0.02 }, lr_pre_triplet = { -0.01 }, tc_post_fast = { 10 },
  tc_post_slow = { 30 }, tc_pre_fast = { 15 }, tc_pre_slow = { 40 }, lr_pos = { 0.02, -0.02 },
  lr_neg = { -0.01 }, tc_pos = { 10 }, tc_neg = { 15 }, plasticity = { 0.01 },
  target = { 0.3, 0.1 }, lr = { 0.02 }, tc = { 20 }, target_rate = { 10 },
}

-- Traces that do not decay, and rates that are powers of 2: all changes are exact.
local WHOLE_KERNEL = {
  kernel_post = KERNEL.kernel_post, kernel_pre = KERNEL.kernel_pre,
  kernel_post_kwargs = { learning_rate = 0x1p-6, time_constant = FOREVER },
  kernel_pre_kwargs = { learning_rate = -0x1p-7, time_constant = FOREVER },
}

local function whole_value(rng, key)
  if key:find "^tc" then return key:find "slow" and 2 * FOREVER or FOREVER end
  if key == "target" then return 0.25 end
  if key == "target_rate" then return 125 / FOREVER end -- Hz, with tc: 0.25 a spike
  if key:find "^lr" or key == "plasticity" then
    return pick(rng, { 0x1p-6, -0x1p-7 })
  end
  return pick(rng, VALUES[key])
end

local function sum_of(t, dim) return t:sum(dim) end

local OPTIONS = {
  trace_mode = { "cumulative", "nearest" }, delayed = { true, false },
  slow_interp_mode = { "previous", "expdecay" }, batch_reduction = { "mean", "sum", "max", sum_of },
}

parts.RULES = {
  "DelayAdjustedKernelSTDP", "DelayAdjustedKernelSTDPD", "DelayAdjustedMSTDP",
  "DelayAdjustedMSTDPD", "DelayAdjustedSTDP", "DelayAdjustedSTDPD", "KernelSTDP",
  "LinearHomeostasis", "MSTDP", "MSTDPET", "STDP", "StableSTDP", "StableTripletSTDP",
  "TripletSTDP", "VogelsSTDP", "own",
}

-- A rule of a script: Hebb's, on what a connection hands to rules.
local Own = snn.class("Own", snn.CellTrainer)

function Own:forward()
  for cell in self:units() do
    local connection = cell.connection
    local function real(t) return t:to(connection.dtype) end
    local pre = connection:presyn_receptive(real(connection.synspike))
    local post = connection:postsyn_receptive(real(cell.postspike))
    cell.updater.weight.pos = (pre * post):sum(-1):sum(1):reshape(connection.weight.shape) / 128
  end
end

local function arguments(rng, name, has_delays, is_whole)
  local args = {}
  for _, argument in ipairs(snn[name].arguments) do
    local key = argument.name
    args[key] = (is_whole and WHOLE_KERNEL or KERNEL)[key]
    if VALUES[key] then
      args[key] = is_whole and whole_value(rng, key) or pick(rng, VALUES[key])
    end
    if OPTIONS[key] and rng(5) <= 2 then args[key] = pick(rng, OPTIONS[key]) end
    if key == "param" then args.param = has_delays and rng(2) == 1 and "delay" or "weight" end
  end
  return args
end

---A rule for some cells, the same for each: { trainer, is_modulated }.
function parts.trainers(rng, name, cells, is_whole)
  local list = {}
  local args = name ~= "own" and arguments(rng, name, cells[1].connection.delay ~= nil, is_whole)
  for i, cell in ipairs(cells) do
    local trainer = args and snn[name](args) or Own()
    if args then trainer:register_cell("cell", cell) else trainer:add_cell("cell", cell) end
    list[i] = { trainer = trainer, is_modulated = name:find "MSTDP" ~= nil }
  end
  return list
end

local BOUNDS = {
  function(acc) acc:upperbound(snn.functional.bound_upper_multiplicative, 2) end,
  function(acc) acc:lowerbound(snn.functional.bound_lower_multiplicative, -2) end,
  function(acc) acc:upperbound(snn.functional.bound_upper_power, 2, { power = 2 }) end,
  function(acc) acc:upperbound(function(_, update) return update * 0.5 end, 2) end,
  function(acc) acc:reduction "mean" end,
  function() end,
}

---A bound of the weight's changes, the same for each connection.
function parts.bound(rng, connections)
  local bound = pick(rng, BOUNDS)
  for _, connection in ipairs(connections) do
    connection.updater = connection:defaultupdater()
    bound(connection.updater.weight)
  end
end

---Hooks on the sparse connection and on its twins; a norm belongs to a single twin.
function parts.hooks(rng, sparse, twins)
  local kind = rng(5)
  if kind == 1 then
    for _, connection in ipairs { sparse, table.unpack(twins) } do
      snn.Clamping { module = connection, attr = "weight", min = -0.75, max = 0.75 }:register()
    end
  elseif kind == 2 and #twins == 1 then
    local which = rng(3)
    local function normalize(module, dim)
      snn.Normalization { module = module, attr = "weight", order = rng(1), scale = 2,
        dim = dim }:register()
    end
    normalize(sparse, ({ "post", "pre" })[which])
    normalize(twins[1], ({ 2, 1 })[which])
  end
end

return parts
