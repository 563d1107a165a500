-- Functions on tensors, distributions, and the statistics of encoders.
local snn = require "snn"
local check = require "spec.golden.check"
local value = require "spec.golden.value"

-- The positional arguments by the first letters of a function's name; all
-- others go into a table at the end.
local POSITIONAL = {
  { "^bound_upper_", { "param", "update", "limit" } },
  { "^bound_lower_", { "param", "update", "limit" } },
  { "^bound_", { "param", "pos", "neg", "max", "min" } },
  { "^adaptive_currents_linear$", { "adaptations", "voltages", "spikes" } },
  { "^adaptive_thresholds_linear_spike$", { "adaptations", "spikes" } },
  { "^adaptive_thresholds_linear_voltage$", { "adaptations", "voltages" } },
  { "^apply_adaptive_currents$", { "current", "adaptations" } },
  { "^apply_adaptive_thresholds$", { "threshold", "adaptations" } },
  { "^voltage_integration_", { "masked_inputs", "voltages" } },
  { "^interp_", { "prev_data", "next_data", "sample_at", "step_time" } },
  { "^extrap_", { "sample", "sample_at", "prev_data", "next_data", "step_time" } },
  { "^exp_stdp_", { "diff" } },
  { "^normalize$", { "data", "order" } },
  { "^rescale$", { "data", "resmin", "resmax" } },
  { "^exponential_smoothing$", { "obs", "level" } },
  { "^holt_linear_smoothing$", { "obs", "level", "trend" } },
  { "^isi$", { "spikes", "step_time" } },
  { "^victor_purpura_pair_dist$", { "t0", "t1", "cost" } },
  { "trace_", { "obs", "trace" } },
  { "", { "data", "dim", "keepdim" } }, -- reductions
}

local function positional(name)
  for _, entry in ipairs(POSITIONAL) do
    if name:find(entry[1]) then return entry[2] end
  end
end

-- Positional arguments (with their number) and the table of the others.
local function arguments(case)
  local names = positional(case.fn)
  local list, rest, is_positional = { n = #names }, {}, {}
  for i, name in ipairs(names) do
    list[i] = value.argument(name, case.args[name])
    is_positional[name] = true
  end
  for name, v in pairs(case.args) do
    if not is_positional[name] then rest[name] = value.argument(name, v) end
  end
  return list, next(rest) and rest or nil
end

local function results(case, got, want)
  if value.is_tensor(want) then return check.value("result", got[1], want) end
  for i, w in ipairs(want) do check.value("result " .. i, got[i], w) end
  assert(#want > 0, case.name .. " expects nothing")
end

local function play(case, fn)
  local list, rest = arguments(case)
  results(case, table.pack(value.call(fn, list, rest)), case.expect)
end

local function functional(case) play(case, snn.functional[case.fn]) end

-- ---- functions with a state ----

-- Row i of a recorded tensor.
local function row(record, i)
  local shape = table.move(record.shape, 2, #record.shape, 1, {})
  local size = 1
  for _, s in ipairs(shape) do size = size * s end
  return { shape = shape, data = table.move(record.data, (i - 1) * size + 1, i * size, 1, {}) }
end

-- The function of the rows of obs in turn, which begins without a state; a
-- state that is not there yet is recorded as NaN.
local function sequence(case, fn)
  local names, options = positional(case.fn), value.args(case.args)
  local list = {}
  for i = 1, case.obs.shape[1] do
    list[1] = value.tensor(row(case.obs, i))
    list[#names + 1] = options
    local got = table.pack(fn(table.unpack(list, 1, #names + 1)))
    for k = 2, #names do
      list[k] = got[k - 1]
      local want = row(case.expect[names[k]], i)
      local is_absent = want.data[1] == "nan" and list[k] == nil
      check.value(names[k], list[k], is_absent and "none" or want)
    end
  end
end

local function core(case)
  local fn = case.fn:find("trace_") and snn.trace[case.fn] or snn[case.fn]
  if case.sequence == 1 then return sequence(case, fn) end
  play(case, fn)
end

-- ---- distributions ----

local PARAMETERS <const> = { "support", "rate", "loc", "scale", "mean", "variance" }

local function stats(case)
  local list = {}
  for _, name in ipairs(PARAMETERS) do
    if case.args[name] then list[#list + 1] = value.tensor(case.args[name]) end
  end
  local got = table.pack(snn.stats[case.dist][case.fn](table.unpack(list)))
  results(case, got, case.documented or case.expect)
end

-- ---- encoders ----

-- The steps (from 1) at which the only train of an encoder has a spike, and
-- their number.
local function spike_steps(encoder, intensity, is_stream)
  local input, steps, total = snn.tensor { intensity }, {}, 0
  local function note(is_spike)
    total = total + 1
    if is_spike ~= 0 then steps[#steps + 1] = total end
  end
  if is_stream then
    for spikes in encoder:steps_of(input) do note(select(2, check.numbers(spikes))[1]) end
  else
    for _, v in ipairs(select(2, check.numbers(encoder(input)))) do note(v) end
  end
  return steps, total
end

-- Standard deviation over mean of the intervals.
local function variation(steps)
  local n, sum, squares = #steps - 1, 0, 0
  for i = 1, n do
    local d = steps[i + 1] - steps[i]
    sum, squares = sum + d, squares + d * d
  end
  local mean = sum / n
  return math.sqrt(math.max(squares / n - mean * mean, 0)) / mean
end

local function near(field, got, want, tolerance)
  local gap = math.abs(got - want)
  if gap ~= gap or gap > tolerance then
    check.fail(field, ("%g +- %g"):format(want, tolerance), got)
  end
end

-- A stream may also keep the rate of a whole train: frequency x intensity.
local function encoder(case)
  snn.manual_seed(1)
  local args, expect, is_stream = case.args, case.expect, case.online == 1
  local steps, total = spike_steps(value.build(case.class, args), case.intensity, is_stream)
  check.value("steps", total, args.steps, true)
  local rate, whole = #steps * 1000 / (args.steps * args.step_time), args.frequency * case.intensity
  if not is_stream or math.abs(rate - whole) > expect.rate_tol then
    near("rate_hz", rate, expect.rate_hz, expect.rate_tol)
  end
  if expect.cv and #steps > 2 then near("cv", variation(steps), expect.cv, expect.cv_tol) end
end

return {
  functional = functional, ["neural.functional"] = functional, ["core functions"] = core,
  stats = stats, encoders = encoder,
}
