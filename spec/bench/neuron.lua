-- Time of a neuron's step, from small groups, where the call counts, to 10^7
-- neurons, where memory does, or SLEEF's exp: the limits are the triad in place
-- on as many elements, and exp of a group that stays in the cache. Each array of
-- a step is counted once for each read and each write. Groups whose arguments
-- differ between neurons are held against the same group of numbers, by bytes.
local snn = require "snn"
local bench = require "spec.bench.support.harness"

local BASE = { step_time = 1, rest_v = -60, reset_v = -65, refrac_t = 3 }
local QUADRATIC = { crit_v = -52, affinity = 0.1, thresh_v = -50 }
local EXPONENTIAL = { rheobase_v = -52, sharpness = 2, thresh_v = -50 }
local CURRENT = {
  tc_membrane = 20, tc_adaptation = 50, voltage_coupling = 0.1, spike_increment = 0.1,
}

-- bytes: input read, voltage, its rest and hold read and written, spikes written
local PLAIN = 4 + 2 * (4 + 4 + 4) + 1
local ADAPTIVE = PLAIN + 2 * (4 + 4)

local MODELS = {
  { "LIF", PLAIN, { thresh_v = -50, time_constant = 20 } },
  { "GLIF1", PLAIN, { thresh_v = -50, time_constant = 20 } },
  { "ALIF", ADAPTIVE, { thresh_eq_v = -50, tc_membrane = 20, tc_adaptation = 50,
    spike_increment = 0.1 } },
  { "GLIF2", ADAPTIVE, { thresh_eq_v = -50, tc_membrane = 20, rc_adaptation = 0.02,
    spike_increment = 0.1, reset_v_add = 2, reset_v_mul = 0.2 }, skips = "reset_v" },
  { "QIF", PLAIN, { time_constant = 20 }, QUADRATIC },
  { "Izhikevich", ADAPTIVE, CURRENT, QUADRATIC },
  { "EIF", PLAIN, { time_constant = 20 }, EXPONENTIAL, has_exp = true },
  { "AdEx", ADAPTIVE, CURRENT, EXPONENTIAL, has_exp = true },
  { "ExactNeuron", 4 + 4 + 1, { rest_v = -60, thresh_v = -50 }, is_bare = true },
}
-- tensors in place of numbers: how many, of which
local EACH = {
  { 1, "LIF", { "time_constant" } },
  { 6, "LIF", { "rest_v", "reset_v", "thresh_v", "refrac_t", "time_constant", "resistance" } },
  { 1, "ALIF", { "thresh_eq_v" } },
}
local CACHED <const>, STEPS <const> = 10000, 20

local function make(model, count, tensors)
  local args = { shape = count, resistance = not model.is_bare and 1 or nil }
  for _, list in ipairs { model.is_bare and {} or BASE, model[3], model[4] or {} } do
    for name, value in pairs(list) do
      if name ~= model.skips then args[name] = value end
    end
  end
  args.step_time = 1
  for _, name in ipairs(tensors or {}) do
    args[name] = snn.normal(args[name], 0.01, { count })
  end
  return snn[model[1]](args)
end

-- The slower of memory and, where the model has one, of exp.
local function limit_of(model, count)
  return function(median_of)
    local memory = model[2] / 12 * median_of("triad in place")
    local exp = model.has_exp and median_of("exp") * count / CACHED or 0
    return math.max(memory, exp), exp > memory and "exp" or "triad in place"
  end
end

local function case_of(model, count, threads, tensors)
  local neuron, input = make(model, count, tensors), snn.linspace(0, 30, count):view(1, count)
  return { name = model[1], unit = "step", sizes = { neurons = count }, threads = threads,
    bytes = model[2] * count, limit = limit_of(model, count), fn = function() neuron(input) end,
    check = function()
      local spikes = 0
      for _ = 1, STEPS do spikes = spikes + neuron(input):sum():item() end
      return spikes
    end }
end

local function case_of_each(each, count, threads)
  local number, name, tensors = table.unpack(each)
  local model
  for _, m in ipairs(MODELS) do
    if m[1] == name then model = m end
  end
  local case = case_of(model, count, threads, tensors)
  local more = 4 * number
  case.name = ("%s, tensors in place of %d numbers"):format(name, number)
  case.bytes = (model[2] + more) * count
  case.limit = function(median_of) return (1 + more / model[2]) * median_of(name), name end
  return case
end

local cached = snn.linspace(-10, 10, CACHED)

local function run(count, threads)
  local cases = bench.triads(count, threads)
  table.insert(cases,
    { name = "exp", sizes = { elements = CACHED }, fn = function() cached:exp() end })
  for _, model in ipairs(MODELS) do table.insert(cases, case_of(model, count, threads)) end
  for _, each in ipairs(EACH) do table.insert(cases, case_of_each(each, count, threads)) end
  bench.compare("neuron", cases)
end

for power = 3, 7 do run(math.tointeger(10 ^ power), 1) end
run(math.tointeger(1e7), 2)
