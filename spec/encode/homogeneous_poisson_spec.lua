local snn = require "snn"
local support = require "spec.support"

local function encoder(args)
  local all = { steps = 600, step_time = 1, frequency = 100 }
  for k, v in pairs(args or {}) do all[k] = v end
  return snn.HomogeneousPoissonEncoder(all)
end

-- ---- trains as lists ----

---The steps (from 0) in which input `i` (from 1) of a train spikes.
local function steps_of_input(train, i)
  local list = {}
  for t, v in ipairs(train:reshape(#train, -1):select(2, i):totable()) do
    if v then list[#list + 1] = t - 1 end
  end
  return list
end

---Rate in spikes a step; variation and least of the intervals.
local function statistics(args, intensity)
  local steps = steps_of_input(encoder(args)(snn.tensor { intensity }), 1)
  local n, sum, squares, least = #steps - 1, 0, 0, math.huge
  for i = 1, n do
    local d = steps[i + 1] - steps[i]
    sum, squares, least = sum + d, squares + d * d, math.min(least, d)
  end
  local mean = sum / n
  return #steps / args.steps, math.sqrt(squares / n - mean * mean) / mean, least
end

-- ---- the law, written down plainly ----

---Philox 4x32-10 (Salmon et al. 2011): four words for a counter and a key.
local function philox(c, k0, k1)
  local low = 0xffffffff
  for _ = 1, 10 do
    local a, b = 0xD2511F53 * c[1], 0xCD9E8D57 * c[3]
    c = { (b >> 32) ~ c[2] ~ k0, b & low, (a >> 32) ~ c[4] ~ k1, a & low }
    k0, k1 = (k0 + 0x9E3779B9) & low, (k1 + 0xBB67AE85) & low
  end
  return c
end

---Spike s (from 0) of input i (from 0): its exponential number of mean 1, in
---the first stream after manual_seed(seed).
local function exponential(seed, i, s)
  local index = (s // 4 << 36) + i
  local words = philox({ index & 0xffffffff, index >> 32, 0, 0 }, seed, 0)
  return -math.log(((words[s % 4 + 1] >> 8) + 1) * 2 ^ -24)
end

local function reference(args, seed, i, intensity)
  local mean = 1000 / (args.frequency * intensity)
  local scale = args.compensate and mean - args.refrac or mean
  local list, time = {}, 0
  for s = 0, math.huge do
    time = time + args.refrac + scale * exponential(seed, i, s)
    local step = math.max(time // args.step_time, (list[s] or -1) + 1)
    if step >= args.steps then return list end
    list[s + 1] = step
  end
end

local function raises(kind, part, fn, ...)
  local ok, err = pcall(fn, ...)
  assert.is_false(ok)
  assert.equal(kind, err.kind)
  assert.is_truthy(err.message:find(part, 1, true), err.message)
end

describe("HomogeneousPoissonEncoder", function()
  before_each(function() snn.manual_seed(7) end)

  context("as a process", function()
    for _, refrac in ipairs { 0, 0.25, 1, 3 } do
      for _, compensate in ipairs { true, false } do
        it(("is its law, refrac = %g, compensate = %s"):format(refrac, compensate), function()
          local args = { steps = 900, step_time = 0.5, frequency = 300, refrac = refrac,
            compensate = compensate }
          local x = { 1.0, 0.5, 0.0, 0.015625 }
          local train = encoder(args)(snn.tensor { x })
          for i, v in ipairs(x) do
            local want = v > 0 and reference(args, 7, i - 1, v) or {}
            assert.same(want, steps_of_input(train, i))
          end
        end)
      end
    end

    -- of a renewal process: n spikes vary by cv sqrt(n), cv itself by about
    -- sqrt(cv^2 / 2 / n); bounds are four of these
    it("has rate f x and variation 1 - refrac f x when compensated", function()
      for _, refrac in ipairs { 1, 2, 5 } do
        local args = { steps = 100000, frequency = 100, refrac = refrac }
        local rate, cv, least = statistics(args, 0.5)
        assert.near(0.05, rate, 4 * math.sqrt(5000) / 100000)
        assert.near(1 - refrac * 0.05, cv, 0.05)
        assert.equal(refrac, least)
      end
    end)

    it("adds refrac to the mean interval when not compensated", function()
      local args = { steps = 100000, frequency = 100, refrac = 5, compensate = false }
      local rate, cv, least = statistics(args, 1)
      assert.near(1 / 15, rate, 4 * math.sqrt(6667) / 100000)
      assert.near(10 / 15, cv, 0.05)
      assert.equal(5, least)
    end)

    it("keeps the rate at one spike a step at most without a refractory time", function()
      local rate, _, least = statistics({ steps = 20000, frequency = 500, refrac = 0 }, 1)
      assert.near(0.5, rate, 4 * math.sqrt(10000) / 20000)
      assert.equal(1, least)
    end)

    it("spikes in every step but the first at frequency * refrac = 1000", function()
      local train = encoder { frequency = 1000, refrac = 1, steps = 5 } (snn.ones(1))
      assert.same({ 1, 2, 3, 4 }, steps_of_input(train, 1))
    end)

    it("never spikes at intensity 0 or frequency 0", function()
      assert.equal(0, encoder { frequency = 1000 } (snn.zeros(3, 4)):sum():item())
      assert.equal(0, encoder { frequency = 0 } (snn.ones(3, 4)):sum():item())
    end)

    it("may be far too slow to spike", function()
      local enc = encoder { frequency = 1e-300, steps = 2000 }
      assert.equal(0, enc(snn.full({ 70 }, 1e-10, { dtype = "float64" })):sum():item())
    end)
  end)

  context("called", function()
    it("gives bool spikes {steps, batch, ...}", function()
      local train = encoder { steps = 10 } (snn.full({ 2, 3, 4 }, 0.5))
      assert.same({ 10, 2, 3, 4 }, train.shape)
      assert.equal("bool", train.dtype)
    end)

    it("gives other spikes each time, the same after the same seed", function()
      local enc, x = encoder(), snn.full({ 2, 30 }, 0.5)
      local first, second = enc(x), enc(x)
      assert.is_false(first:equal(second))
      snn.manual_seed(7)
      assert.is_true(enc(x):equal(first))
    end)

    it("gives a sample the same spikes in any batch", function()
      local enc, x = encoder(), snn.full({ 3, 50 }, 0.3)
      local three = enc(x)
      snn.manual_seed(7)
      assert.is_true(enc(x:narrow(1, 1, 1)):equal(three:narrow(2, 1, 1)))
    end)

    it("takes views and any dtype", function()
      local x = snn.tensor { { 1, 0, 1 }, { 0, 1, 1 } }
      local want = encoder()(x)
      for _, same in ipairs { x:transpose(1, 2):contiguous():transpose(1, 2), x:to("bool"),
        x:to("int64"), x:to("float64") } do
        snn.manual_seed(7)
        assert.is_true(encoder()(same):equal(want))
      end
    end)

    it("takes empty batches", function()
      assert.same({ 600, 0, 3 }, encoder()(snn.zeros(0, 3)).shape)
    end)
  end)

  context("step by step", function()
    it("gives the train of a call", function()
      local enc, x = encoder { steps = 700 }, snn.linspace(0, 1, 300):reshape(3, 100)
      local whole, t = enc(x), 0
      snn.manual_seed(7)
      for spikes in enc:steps_of(x) do
        t = t + 1
        assert.is_true(spikes:equal(whole[t]))
      end
      assert.equal(700, t)
    end)

    it("gives spikes {batch, ...} for each step", function()
      local count = 0
      for spikes in encoder { steps = 5 }:steps_of(snn.ones(2, 3)) do
        count = count + 1
        assert.same({ 2, 3 }, spikes.shape)
      end
      assert.equal(5, count)
    end)

    it("may run twice at once", function()
      local enc, x = encoder { steps = 300 }, snn.full({ 40 }, 0.5)
      local first, second = enc(x), enc(x)
      snn.manual_seed(7)
      local next_b, b = enc:steps_of(x)
      snn.manual_seed(7)
      local t = 0
      for a in enc:steps_of(x) do
        t = t + 1
        assert.is_true(a:equal(first[t]) and next_b(b):equal(first[t]))
      end
      assert.is_false(first:equal(second))
    end)

    it("goes on as it began when the encoder is changed", function()
      local enc, x = encoder { steps = 300 }, snn.full({ 40 }, 0.5)
      local whole, t = enc(x), 0
      snn.manual_seed(7)
      for spikes in enc:steps_of(x) do
        t = t + 1
        if t == 10 then enc.frequency, enc.steps, enc.dt = 1, 20, 5 end
        assert.is_true(spikes:equal(whole[t]))
      end
      assert.equal(300, t)
    end)

    it("gives its memory back when the loop ends early", function()
      local enc, x = encoder(), snn.ones(100, 100)
      collectgarbage()
      local before = snn._debug.live()
      local next_step, train, _, closing = enc:steps_of(x)
      do
        local _ <close> = closing
        next_step(train)
      end
      collectgarbage()
      assert.equal(before, snn._debug.live())
      assert.is_nil(next_step(train))
    end)

    it("ends for good", function()
      local next_step, train = encoder { steps = 1 }:steps_of(snn.ones(1))
      assert.is_truthy(next_step(train))
      assert.is_nil(next_step(train))
      assert.is_nil(next_step(train))
    end)

    it("needs no argument by hand, and any 'for' will do", function()
      local enc, x = encoder { steps = 4 }, snn.ones(2, 3)
      local whole = enc(x)
      snn.manual_seed(7)
      local next_step = enc:steps_of(x)
      for t = 1, 4 do assert.is_true(next_step() == whole[t]) end
      assert.is_nil(next_step())
      assert.is_nil(next_step(1, 2))
      for _, walk in ipairs {
        function() return (enc:steps_of(x)) end,
        function() return snn.progress(enc:steps_of(x)) end,
        function() return snn.progress((enc:steps_of(x)), { total = 4 }) end,
        function() return coroutine.wrap(function()
          for spikes in enc:steps_of(x) do coroutine.yield(spikes) end
        end) end,
      } do
        local t = 0
        snn.manual_seed(7)
        for spikes in walk() do
          t = t + 1
          assert.is_true(spikes == whole[t])
        end
        assert.equal(4, t)
      end
    end)
  end)

  it("gives the same bits for any threads and instruction set", function()
    local script = [[
      local enc = snn.HomogeneousPoissonEncoder { steps = 300, step_time = 0.5, frequency = 150 }
      local train = enc(snn.linspace(0, 1, 5000):reshape(5, 1000))
      for _, t in ipairs { train:sum(1), train:sum({ 2, 3 }) } do
        print(table.concat(t:flatten():totable(), " "))
      end]]
    local function run(threads, isa)
      return support.snnlua(("--seed 3 --threads %d -"):format(threads),
        { input = script, env = { SNN_ISA = isa } }).out
    end
    local plain = run(1, "v1")
    assert.is_true(#plain > 1000)
    for _, isa in ipairs { "v1", "v3", "v4" } do
      for _, threads in ipairs { 1, 2, 4 } do assert.is_true(run(threads, isa) == plain) end
    end
  end)

  context("with its fields", function()
    it("tells and takes its arguments", function()
      local enc = encoder { refrac = 2, compensate = false }
      enc.steps, enc.dt, enc.frequency, enc.refrac, enc.compensated = 20, 0.5, 80, 3, true
      assert.same({ 20, 0.5, 0.5, 80, 3, true, 10 }, { enc.steps, enc.dt, enc.step_time,
        enc.frequency, enc.refrac, enc.compensated, enc.duration })
    end)

    it("lets refrac follow step_time until it is set, and again with nil", function()
      local enc = encoder()
      enc.dt = 2
      assert.equal(2, enc.refrac)
      enc.refrac = 3
      enc.dt = 1
      assert.equal(3, enc.refrac)
      enc.refrac = nil
      assert.equal(1, enc.refrac)
    end)

    it("refuses values that contradict each other, and keeps the old ones", function()
      local enc = encoder()
      raises("ValueError", "1000", function() enc.frequency = 1001 end)
      raises("ValueError", "1000", function() enc.refrac = 10.5 end)
      raises("ValueError", "1000", function() enc.dt = 11 end)
      assert.same({ 100, 1, 1 }, { enc.frequency, enc.refrac, enc.dt })
      enc.compensated = false
      enc.refrac = 10.5
      raises("ValueError", "1000", function() enc.compensated = true end)
      assert.is_false(enc.compensated)
    end)

    it("refuses values out of range", function()
      local enc = encoder()
      raises("ValueError", "steps", function() enc.steps = 0 end)
      raises("TypeError", "steps", function() enc.steps = nil end)
      raises("ValueError", "'dt'", function() enc.dt = 0 end)
      raises("AttributeError", "duration", function() enc.duration = 3 end)
    end)
  end)

  context("given what it cannot take", function()
    it("names an intensity that is none", function()
      local x = snn.full({ 2, 3 }, 0.5)
      for value, text in pairs { [-0.25] = "-0.25", [1.5] = "1.5", [math.huge] = "inf" } do
        x[2][3] = value
        raises("ValueError", text .. " at (2, 3)", encoder(), x)
        raises("ValueError", text .. " at (2, 3)", encoder().steps_of, encoder(), x)
      end
      x[2][3] = 0 / 0
      raises("ValueError", "nan at (2, 3)", encoder(), x)
    end)

    it("names arguments that are wrong", function()
      raises("ValueError", "frequency", encoder, { frequency = -1 })
      raises("ValueError", "1000", encoder, { frequency = 500, refrac = 2.5 })
      raises("ValueError", "refrac", encoder, { refrac = -1 })
      raises("TypeError", "did you mean 'refrac'", encoder, { refract = 1 })
      raises("TypeError", "steps", snn.HomogeneousPoissonEncoder, { step_time = 1, frequency = 1 })
    end)

    it("refuses other things than tensors, and too many dimensions", function()
      raises("TypeError", "intensities", encoder(), { 0.5 })
      raises("ValueError", "8 dimensions", encoder(), snn.zeros(1, 1, 1, 1, 1, 1, 1, 1))
    end)

    it("refuses a train that no memory holds", function()
      raises("RuntimeError", "memory", encoder { steps = 1 << 50 }, snn.ones(100))
      raises("ValueError", "", encoder { steps = math.maxinteger }, snn.ones(100))
    end)

    it("takes no random numbers for a call that fails", function()
      local want = encoder()(snn.ones(3))
      snn.manual_seed(7)
      pcall(encoder(), snn.full({ 3 }, 2))
      assert.is_true(encoder()(snn.ones(3)):equal(want))
    end)
  end)
end)
