-- Time of a neuron's step, from small groups, where the call counts, to 10^7
-- neurons, where memory does, or SLEEF's exp: the limits are the triad in place
-- on as many elements, and exp of a group that stays in the cache. Each array of
-- a step is counted once for each read and each write.
local snn = require "snn"
local bench = require "spec.bench.support.harness"

local BASE = { step_time = 1, rest_v = -60, reset_v = -65, refrac_t = 3 }
local QUADRATIC = { crit_v = -52, affinity = 0.1, thresh_v = -50 }
local EXPONENTIAL = { rheobase_v = -52, sharpness = 2, thresh_v = -50 }
local CURRENT = {
  tc_membrane = 20, tc_adaptation = 50, voltage_coupling = 0.1, spike_increment = 0.1,
}

-- bytes: input read, voltage and hold read and written, spikes written
local PLAIN = 4 + 2 * (4 + 4) + 1
local ADAPTIVE = PLAIN + 2 * 4

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
local CACHED <const>, STEPS <const> = 10000, 20

local function make(model, count)
  local args = { shape = count }
  for _, list in ipairs { model.is_bare and {} or BASE, model[3], model[4] or {} } do
    for name, value in pairs(list) do
      if name ~= model.skips then args[name] = value end
    end
  end
  args.step_time = 1
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

local function case_of(model, count, threads)
  local neuron, input = make(model, count), snn.linspace(0, 30, count):view(1, count)
  return { name = model[1], unit = "step", sizes = { neurons = count }, threads = threads,
    bytes = model[2] * count, limit = limit_of(model, count), fn = function() neuron(input) end,
    check = function()
      local spikes = 0
      for _ = 1, STEPS do spikes = spikes + neuron(input):sum():item() end
      return spikes
    end }
end

local cached = snn.linspace(-10, 10, CACHED)

local function run(count, threads)
  local cases = bench.triads(count, threads)
  table.insert(cases,
    { name = "exp", sizes = { elements = CACHED }, fn = function() cached:exp() end })
  for _, model in ipairs(MODELS) do table.insert(cases, case_of(model, count, threads)) end
  bench.compare("neuron", cases)
end

for power = 3, 7 do run(math.tointeger(10 ^ power), 1) end
run(math.tointeger(1e7), 2)
