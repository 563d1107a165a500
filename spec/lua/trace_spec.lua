local snn = require "snn"
local support = require "spec.support"
local fails = support.fails
local T <const> = snn.trace

---The traces of the observations in turn, one element each.
local function run(fn, observations, options)
  local list, trace = {}, nil
  for i, h in ipairs(observations) do
    trace = fn(snn.tensor { h }, trace, options)
    list[i] = trace[1]
  end
  return list
end

describe("traces", function()
  it("decay, and start again at a match (nearest)", function()
    local options = { decay = 0.5, amplitude = 2, target = 1 }
    assert.same({ 0, 2, 1, 2, 1 }, run(T.trace_nearest, { 0, 1, 0, 1, 0 }, options))
  end)

  it("decay, and add at a match (cumulative)", function()
    local options = { decay = 0.5, amplitude = 2, target = 1 }
    assert.same({ 0, 2, 1, 2.5, 1.25 }, run(T.trace_cumulative, { 0, 1, 0, 1, 0 }, options))
  end)

  it("match within a tolerance", function()
    local options = { decay = 0.5, amplitude = 2, target = 1, tolerance = 0.25 }
    assert.same({ 2, 2, 1 }, run(T.trace_nearest, { 0.75, 1.25, 1.5 }, options))
  end)

  it("match spikes", function()
    local options = { decay = 0.5, amplitude = 2, target = true }
    assert.same({ 2, 1, 2 }, run(T.trace_nearest, { true, false, true }, options))
    options.target, options.tolerance = 1, 0
    assert.same({ 2, 1, 2.5 }, run(T.trace_cumulative, { true, false, true }, options))
  end)

  it("add what they observe, scaled", function()
    local options = { decay = 0.5, amplitude = 1, scale = 2,
      matchfn = function(h) return h:gt(1) end }
    assert.same({ 0, 5, 2.5, 7 }, run(T.trace_nearest_scaled, { 1, 2, 0, 3 }, options))
    assert.same({ 0, 5, 2.5, 8.25 }, run(T.trace_cumulative_scaled, { 1, 2, 0, 3 }, options))
    assert.same({ 2, 5 }, run(T.trace_cumulative_value, { 1, 2 }, { decay = 0.5, scale = 2 }))
  end)

  for _, name in ipairs { "trace_nearest", "trace_cumulative" } do
    it("take their decay from a time or a rate constant: " .. name, function()
      local h = snn.tensor({ 0, 1 }, { dtype = "float64" })
      local before = snn.tensor({ 3, 4 }, { dtype = "float64" })
      local function options(extra)
        extra.amplitude, extra.target = 1, 1
        return extra
      end
      local want = T[name](h, before, options { decay = math.exp(-0.2) })
      local by_time = T["exp_" .. name](h, before, options { step_time = 2, time_constant = 10 })
      local rate = options { step_time = 2, rate_constant = 0.1 }
      local by_rate = T["exprate_" .. name](h, before, rate)
      assert.equal("float64", want.dtype)
      assert.is_true(want:equal(by_time))
      assert.is_true(want:allclose(by_rate, 1e-15))
    end)
  end

  -- halved: 1.5 of the smallest normal number, then 0 instead of 0.75 of it
  local halving = { decay = 0.5, step_time = math.log(2), time_constant = 1, rate_constant = 1,
    amplitude = 0, target = 1, scale = 0, matchfn = function(h) return h:ne(0) end }
  for name, fn in pairs(T) do
    it("end: below the smallest normal number they are 0: " .. name, function()
      local given = {}
      for key, value in pairs(halving) do
        local own = { [key] = value }
        if not tostring(select(2, pcall(fn, snn.zeros(1), nil, own))):find "unknown option" then
          given[key] = value
        end
      end
      for dtype, least in pairs { float32 = 0x1p-126, float64 = 0x1p-1022 } do
        local trace, zero = snn.tensor({ 3 * least, -3 * least }, { dtype = dtype }),
          snn.zeros({ 2 }, { dtype = dtype })
        trace = fn(zero, trace, given)
        assert.near(1.5, trace[1] / least, 1e-6)
        assert.near(-1.5, trace[2] / least, 1e-6)
        assert.same({ 0, 0 }, fn(zero, trace, given):totable())
      end
    end)
  end

  it("leave the trace that they are given", function()
    local before = snn.ones(1)
    T.trace_cumulative(snn.ones(1), before, { decay = 0.5, amplitude = 2, target = 1 })
    assert.equal(1, before[1])
  end)

  it("name what is wrong", function()
    local x, options = snn.ones(1), { decay = 0.5, amplitude = 2 }
    fails("TypeError", "'obs' must be a tensor", T.trace_nearest, 1, nil, options)
    fails("TypeError", "'trace' must be a tensor or nil", T.trace_nearest, x, 1, options)
    fails("TypeError", "trace_nearest: argument 'target' is missing", T.trace_nearest, x, nil,
      options)
    fails("TypeError", "'matchfn' must be a function", T.trace_nearest_scaled, x, nil,
      { decay = 1, amplitude = 1, scale = 1, matchfn = 1 })
    fails("TypeError", "unknown option 'decay'", T.exp_trace_nearest, x, nil, options)
  end)
end)
