local snn = require "snn"
local support = require "spec.support"
local fails = support.fails

local function encoder(args)
  local all = { steps = 600, step_time = 1, frequency = 100 }
  for k, v in pairs(args or {}) do all[k] = v end
  return snn.PoissonIntervalEncoder(all)
end

---The intervals of the trains of n inputs of one intensity, in steps.
local function intervals(args, intensity, n)
  local train = encoder(args)(snn.full({ n }, intensity, { dtype = "float64" }))
  local all = snn.isi(train, 1, { time_first = true }):flatten():to("float64")
  return all:index_select(1, all:isfinite():nonzero():flatten())
end

describe("PoissonIntervalEncoder", function()
  before_each(function() snn.manual_seed(11) end)

  -- of n intervals of mean and variance m: bounds of four standard errors
  for name, case in pairs { small = { 1, 10 }, large = { 0.05, 200 } } do
    it("has intervals of Poisson's mean and variance, " .. name, function()
      local x, mean = case[1], case[2]
      local all = intervals({ steps = 100 * mean }, x, 100)
      assert.near(mean, all:mean():item(), 4 * math.sqrt(mean / all.numel))
      assert.near(mean, all:var():item(), 6 * mean * math.sqrt(2 / all.numel) + 1)
    end)
  end

  it("has intervals of Poisson's probabilities, 0 counting as 1", function()
    local all = intervals({ steps = 20000, frequency = 500 }, 1, 10)
    for k, weight in ipairs { 3, 2, 4 / 3 } do
      local p = weight * math.exp(-2)
      local part = all:eq(k):to("float64"):mean():item()
      assert.near(p, part, 4 * math.sqrt(p * (1 - p) / all.numel))
    end
  end)

  it("waits an interval before the first spike, whose first step may be the first", function()
    local first = encoder { steps = 1, frequency = 500 } (snn.ones(20000))
    local p = 3 * math.exp(-2)
    assert.near(p, first:to("float64"):mean():item(), 4 * math.sqrt(p * (1 - p) / 20000))
  end)

  it("spikes in every step at a frequency without end", function()
    assert.is_true(encoder { frequency = 1e12, steps = 10 } (snn.ones(3)):all():item())
  end)

  it("never spikes at intensity 0 or frequency 0, or when far too slow", function()
    assert.is_false(encoder()(snn.zeros(70)):any():item())
    assert.is_false(encoder { frequency = 0 } (snn.ones(70)):any():item())
    assert.is_false(encoder { frequency = 1e-300 } (snn.ones(70)):any():item())
  end)

  it("gives inputs and repetitions trains of their own", function()
    local enc, x = encoder(), snn.ones(2)
    local a, b = enc(x), enc(x)
    assert.is_false(a:select(2, 1):equal(a:select(2, 2)))
    assert.is_false(a:equal(b))
  end)

  it("gives the same train step by step and for any threads", function()
    local enc, x = encoder(), snn.linspace(0, 1, 1500):reshape(3, 500)
    local train = enc(x)
    local threads = snn.get_num_threads()
    for _, n in ipairs { 1, 4 } do
      snn.set_num_threads(n)
      snn.manual_seed(11)
      local t = 0
      for spikes in enc:steps_of(x) do
        t = t + 1
        assert.is_true(train[t]:equal(spikes))
      end
    end
    snn.set_num_threads(threads)
  end)

  it("refuses what it cannot take", function()
    fails("TypeError", "compensate", encoder, { compensate = true })
    fails("ValueError", "steps", encoder, { steps = 0 })
    fails("ValueError", "-0.5 at (1,)", encoder(), snn.tensor { -0.5 })
  end)
end)
