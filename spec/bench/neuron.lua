-- Time of a neuron's step, from small groups, where the call counts, to 10^7
-- neurons, where memory does, or SLEEF's exp. Both limits are measured here: a
-- triad c = c + b (in place: two reads and a write), and exp of a group that
-- stays in the cache. Each array of a step is counted once for each read and
-- each write; `ratio` is the time over the greater limit.
local snn = require "snn"

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
  { "EIF", PLAIN, { time_constant = 20 }, EXPONENTIAL, exp = true },
  { "AdEx", ADAPTIVE, CURRENT, EXPONENTIAL, exp = true },
  { "ExactNeuron", 4 + 4 + 1, { rest_v = -60, thresh_v = -50 }, is_bare = true },
}

---Seconds of one call of each function: the best of five series, which take
---turns so that what else the machine does meets all alike.
local function times(fns)
  local calls, best = {}, {}
  for i, fn in ipairs(fns) do
    fn()
    local start = snn.clock()
    fn()
    calls[i], best[i] = math.max(1, math.ceil(0.02 / (snn.clock() - start))), math.huge
  end
  for _ = 1, 5 do
    for i, fn in ipairs(fns) do
      local start = snn.clock()
      for _ = 1, calls[i] do fn() end
      best[i] = math.min(best[i], (snn.clock() - start) / calls[i])
    end
  end
  return best
end

local function make(model, count)
  local args = { shape = count }
  for _, list in ipairs { model.is_bare and {} or BASE, model[3], model[4] or {} } do
    for name, value in pairs(list) do
      if name ~= model.skips then args[name] = value end
    end
  end
  if model.is_bare then args.step_time = 1 end
  return snn[model[1]](args)
end

local CACHED = 10000
local cached = snn.linspace(-10, 10, CACHED)
local function exp() cached:exp() end

for power = 3, 7 do
  local count = math.tointeger(10 ^ power)
  local b, c = snn.full({ count }, 1e-3), snn.zeros(count)
  print(count .. " neurons")
  for _, model in ipairs(MODELS) do
    local neuron, input = make(model, count), snn.linspace(0, 30, count):view(1, count)
    local taken = times { function() neuron(input) end, function() c:add_(b) end, exp }
    local memory = model[2] * taken[2] / (3 * 4)
    local limit = math.max(memory, model.exp and taken[3] * count / CACHED or 0)
    print(("  %-11s %11.3f us %7.3f ns a neuron, ratio %5.2f"):format(model[1], taken[1] * 1e6,
      taken[1] * 1e9 / count, taken[1] / limit))
  end
end
