-- Traces and averages of slow decays in float32 (formula/fine.h): right over
-- many steps, and the same bits after a resume.
local snn = require "snn"

local TRACES = {
  "NearestTraceReducer", "CumulativeTraceReducer", "ScaledNearestTraceReducer",
  "ScaledCumulativeTraceReducer", "ConditionalNearestTraceReducer",
  "ConditionalCumulativeTraceReducer",
}
local STEPS <const> = 200000
local one, zero = snn.ones(3), snn.zeros(3)

local function trace(class, dt, tau, more)
  local args = { step_time = dt, time_constant = tau, amplitude = 1 }
  if class:find "^Nearest" or class:find "^Cumulative" then args.target = true
  else args.scale = 1 end
  for k, v in pairs(more or {}) do args[k] = v end
  local reducer = snn[class](args)
  return function(x)
    if class:find "^Conditional" then reducer(x, x) else reducer(x) end
  end, reducer
end

-- Scaled ones give scale 1 + amplitude 1.
local function amplitude_of(class)
  return (class:find "^Scaled" or class:find "^Cond") and 2 or 1
end

for _, class in ipairs(TRACES) do
  describe(class .. " that decays slowly", function()
    for _, case in ipairs { { 0.1, 1e8 }, { 0.1, 1e5 }, { 0.5, 1e7 }, { 1, 1e4 } } do
      local dt, tau = case[1], case[2]
      it(("is exp(-n dt / tau) for tau = %g at dt = %g"):format(tau, dt), function()
        local see, reducer = trace(class, dt, tau)
        see(one)
        for _ = 1, STEPS do see(zero) end
        local right = amplitude_of(class) * math.exp(-STEPS * dt / tau)
        assert.equal("float32", reducer:peek().dtype)
        assert.near(1, reducer:peek()[1] / right, 1e-6)
        -- what is gone is right too
        local gone = 1 - reducer:peek()[1] / amplitude_of(class)
        assert.near(1, gone / -(math.exp(-STEPS * dt / tau) - 1), 0.01)
      end)
    end

    it("goes on in the same bits from its state", function()
      local see, reducer = trace(class, 0.1, 1e6)
      for n = 1, 500 do see(n % 7 == 0 and one or zero) end
      local see_other, other = trace(class, 0.1, 1e6)
      other:load_state_dict(reducer:state_dict())
      assert.is_true(reducer.fine:ne(0):any():item())
      for n = 1, 500 do
        see(n % 7 == 0 and one or zero)
        see_other(n % 7 == 0 and one or zero)
      end
      assert.is_true(reducer:peek():equal(other:peek()))
      assert.is_true(reducer.fine:equal(other.fine))
    end)

    it("keeps what is infinite so", function()
      local see, reducer = trace(class, 0.1, 1e6)
      reducer:push(snn.tensor { math.huge, -math.huge, 1 })
      see(zero)
      assert.equal(math.huge, reducer:peek()[1])
      assert.equal(-math.huge, reducer:peek()[2])
      assert.equal(0, reducer.fine[1])
    end)
  end)
end

describe("a trace of a slow decay", function()
  it("adds up in steady input to what a geometric sum gives", function()
    local see, reducer = trace("CumulativeTraceReducer", 0.5, 1e7)
    for _ = 1, STEPS do see(one) end
    local gone = 0.5 / 1e7 -- 1 - exp(-gone), near enough
    assert.near(1, reducer:peek()[1] / ((1 - math.exp(-gone * STEPS)) / gone), 1e-6)
  end)

  it("does the same with any number of threads", function()
    local threads, results = snn.get_num_threads(), {}
    snn.manual_seed(2)
    local spikes = snn.rand(70001):lt(0.5)
    for i, n in ipairs { 1, 2, 4 } do
      snn.set_num_threads(n)
      local see, reducer = trace("CumulativeTraceReducer", 0.5, 1e7)
      for _ = 1, 5 do see(spikes) end
      results[i] = reducer
    end
    snn.set_num_threads(threads)
    for i = 2, 3 do
      assert.is_true(results[1]:peek():equal(results[i]:peek()))
      assert.is_true(results[1].fine:equal(results[i].fine))
    end
  end)

  it("does not change what was peeked at or saved before", function()
    local see, reducer = trace("CumulativeTraceReducer", 0.5, 1e7)
    see(one)
    for _ = 1, 3 do see(zero) end
    local before, fine = reducer:peek(), reducer.fine
    local value, rest = before:totable(), fine:totable()
    see(zero)
    assert.same(value, before:totable())
    assert.same(rest, fine:totable())
  end)

  it("has nothing beside its values in float64, or where it is not slow", function()
    local see, wide = trace("CumulativeTraceReducer", 0.5, 1e7)
    see(snn.ones(3, { dtype = "float64" }))
    assert.is_nil(wide.fine)
    local see_other, quick = trace("CumulativeTraceReducer", 1, 20)
    see_other(one)
    assert.is_nil(quick.fine)
  end)

  it("begins without a rest where its state is set", function()
    local see, reducer = trace("CumulativeTraceReducer", 0.5, 1e7)
    see(one)
    see(zero)
    reducer:push(snn.full({ 3 }, 0.25))
    assert.is_nil(reducer.fine)
    see(zero)
    assert.near(0.25, reducer:peek()[1], 1e-7)
  end)

  it("refuses a rest of another shape", function()
    local see, reducer = trace("CumulativeTraceReducer", 0.5, 1e7)
    see(one)
    local ok, err = pcall(function() reducer.fine = snn.zeros(4) end)
    assert.is_false(ok)
    assert.equal("ValueError", err.kind)
  end)
end)

describe("EMAReducer of a small alpha", function()
  for _, alpha in ipairs { 1e-9, 5e-8, 1e-5 } do
    it(("forgets (1 - alpha)^n for alpha = %g"):format(alpha), function()
      local mean = snn.EMAReducer { step_time = 0.1, alpha = alpha }
      mean(one)
      for _ = 1, STEPS do mean(zero) end
      local left = math.exp(STEPS * -(alpha + alpha * alpha / 2)) -- log(1 - alpha) to alpha^2
      assert.near(1, (1 - mean:peek()[1]) / (1 - left), 0.01)
      assert.near(1, mean:peek()[1] / left, 1e-6)
    end)
  end

  it("goes on in the same bits from its state", function()
    local function make() return snn.EMAReducer { step_time = 0.1, alpha = 1e-6 } end
    local a, b = make(), make()
    for n = 1, 300 do a(n % 3 == 0 and one or zero) end
    b:load_state_dict(a:state_dict())
    for n = 1, 300 do
      a(n % 3 == 0 and one or zero)
      b(n % 3 == 0 and one or zero)
    end
    assert.is_true(a:peek():equal(b:peek()) and a.fine:equal(b.fine))
  end)
end)

describe("CAReducer", function()
  it("is the mean of 200,000 observations", function()
    local mean = snn.CAReducer { step_time = 0.1 }
    for n = 1, STEPS do mean(n % 3 == 0 and one or zero) end
    assert.near(1, mean:peek()[1] / ((STEPS // 3) / STEPS), 1e-6)
  end)
end)

-- ---- numbers below the smallest normal one ----

local TINY <const> = 2.0 ^ -126

describe("a state that decays", function()
  for _, class in ipairs(TRACES) do
    it("becomes 0 below the smallest normal number: " .. class, function()
      for _, tau in ipairs { 1.5, 1000 } do -- a plain trace, and one with a rest
        local see, reducer = trace(class, 1, tau, { amplitude = 3 * TINY })
        if amplitude_of(class) == 2 then reducer.scale = 0 end
        see(one)
        local n = 0
        repeat
          see(zero)
          n = n + 1
          local x = reducer:peek()[1]
          assert.is_true(x == 0 or x >= TINY)
        until x == 0 or n > 2000
        -- 3 exp(-n / tau) is below 1 from here on
        assert.equal(math.ceil(tau * math.log(3)), n)
      end
    end)
  end

  it("is normal or 0 all the way from 1", function()
    for _, class in ipairs { "CumulativeTraceReducer", "NearestTraceReducer" } do
      local see, reducer = trace(class, 1, 1.5)
      see(one)
      local n = 0
      repeat
        see(zero)
        n = n + 1
        local x = reducer:peek()[1]
        assert.is_true(x == 0 or x >= TINY)
        assert.near(1, x / math.exp(-n / 1.5), x == 0 and 1 or 1e-5)
      until x == 0 or n > 200
      assert.equal(132, n) -- 126 log(2) 1.5 = 131.005
    end
  end)

  it("is looked at where an amplitude or a state was set", function()
    local see, reducer = trace("CumulativeTraceReducer", 1, 1.5)
    see(one)
    reducer.amplitude = 1.5 * TINY
    reducer:push(zero)
    see(one)
    see(zero)
    assert.equal(0, reducer:peek()[1]) -- 1.5 exp(-1/1.5) = 0.77 of the smallest
    local see_other, other = trace("NearestTraceReducer", 1, 1.5)
    see_other(one)
    other.data = snn.full({ 1, 3 }, 1.5 * TINY)
    see_other(zero)
    assert.equal(0, other:peek()[1])
  end)

  it("becomes 0 in float64 too", function()
    local see, reducer = trace("CumulativeTraceReducer", 1, 1.5, { amplitude = 2.0 ^ -1021 })
    see(snn.ones(3, { dtype = "float64" }))
    see(snn.zeros(3, { dtype = "float64" }))
    assert.is_true(reducer:peek()[1] > 0)
    see(snn.zeros(3, { dtype = "float64" }))
    assert.equal(0, reducer:peek()[1]) -- 2 exp(-4/3) = 0.53 of the smallest
  end)

  it("becomes 0 as an average", function()
    for _, alpha in ipairs { 0.5, 2.0 ^ -11 } do
      local mean = snn.EMAReducer { step_time = 1, alpha = alpha }
      mean(one * (1.5 * TINY))
      for _ = 1, 2000 do mean(zero) end -- 1.5 (1 - alpha)^2000 < 1
      assert.equal(0, mean:peek()[1])
    end
  end)

  it("keeps subnormal numbers where nothing decays", function()
    local kept = snn.PassthroughReducer { step_time = 1 }
    kept(one * (TINY / 4))
    assert.equal(TINY / 4, kept:peek()[1])
  end)

  it("decays from 1 to 0 within 88 time constants, with a rest", function()
    local see, reducer = trace("CumulativeTraceReducer", 1, 1000)
    see(one)
    for _ = 1, 88000 do see(zero) end -- exp(-87.34) is the smallest normal
    assert.equal(0, reducer:peek()[1])
  end)
end)

it("traces, averages and times have the same bits with all instruction sets and threads", function()
  require "spec.support".same_bits [[
    snn.set_num_threads(%d)
    snn.manual_seed(3)
    local is_high = function(x) return x:gt(0.5) end
    local trace = { step_time = 0.5, time_constant = 1e7, amplitude = 0.3, target = true }
    local scaled = { step_time = 0.5, time_constant = 1e6, amplitude = 0.3, scale = 0.7,
      criterion = is_high }
    local reducers = {
      snn.CumulativeTraceReducer(trace), snn.NearestTraceReducer(trace),
      snn.CumulativeTraceReducer { step_time = 0.5, time_constant = 0.1, amplitude = 0.3,
        target = true },
      snn.ScaledCumulativeTraceReducer(scaled), snn.ScaledNearestTraceReducer(scaled),
      snn.EMAReducer { step_time = 0.5, alpha = 1e-7 }, snn.CAReducer { step_time = 1 },
      snn.EventReducer { step_time = 0.1, initial = "zero", criterion = is_high },
    }
    for _ = 1, 100 do
      local x = snn.rand(1003):lt(0.1):to("float32")
      for _, reducer in ipairs(reducers) do reducer(x) end
    end
    local sum = 0
    for _, reducer in ipairs(reducers) do
      for _, t in ipairs { reducer:peek(), reducer.fine or reducer:peek() } do
        for _, v in ipairs(t:totable()) do
          sum = (sum * 31 + string.unpack("<i8", string.pack("<d", v))) & 0xffffffffffff
        end
      end
      print(sum)
    end
  ]]
end)
