local snn = require "snn"
local support = require "spec.support"
local fails = support.fails

local function encoder(args)
  local all = { steps = 600, step_time = 1, frequency = 100 }
  for k, v in pairs(args or {}) do all[k] = v end
  return snn.HomogeneousPoissonApproxEncoder(all)
end

---Rate in spikes a step, and variation of the intervals, of one train.
local function statistics(args, intensity)
  local train = encoder(args)(snn.tensor { intensity })
  local intervals = snn.isi(train, 1, { time_first = true })
  return train:to("float64"):mean():item(), (intervals:std() / intervals:mean()):item()
end

describe("HomogeneousPoissonApproxEncoder", function()
  before_each(function() snn.manual_seed(5) end)

  -- n trials vary by sqrt(n p (1 - p)); bounds are four of these
  it("spikes with probability f x dt / 1000, intervals vary by sqrt(1 - p)", function()
    for p, x in pairs { [0.05] = 0.5, [0.1] = 1 } do
      local rate, variation = statistics({ steps = 100000 }, x)
      assert.near(p, rate, 4 * math.sqrt(p * (1 - p) / 100000))
      assert.near(math.sqrt(1 - p), variation, 0.06)
    end
  end)

  it("spikes in the first step as in any other", function()
    local train = encoder { steps = 3, frequency = 300 } (snn.ones(20000))
    for t = 1, 3 do
      assert.near(0.3, train[t]:to("float64"):mean():item(), 4 * math.sqrt(0.21 / 20000))
    end
  end)

  it("spikes in neighbouring steps independently", function()
    local train = encoder { steps = 2, frequency = 500 } (snn.ones(20000))
    local both = train[1]:logical_and(train[2]):to("float64"):mean():item()
    assert.near(0.25, both, 4 * math.sqrt(0.1875 / 20000))
  end)

  it("spikes in every step where f x dt is 1000 or more", function()
    assert.is_true(encoder { steps = 20, frequency = 1000 } (snn.ones(3)):all():item())
    assert.is_true(encoder { steps = 20, frequency = 5000 } (snn.full({ 3 }, 0.5)):all():item())
  end)

  it("never spikes at intensity 0 or frequency 0", function()
    assert.is_false(encoder()(snn.zeros(70)):any():item())
    assert.is_false(encoder { frequency = 0 } (snn.ones(70)):any():item())
  end)

  it("gives the same train step by step", function()
    local enc, x = encoder(), snn.linspace(0, 1, 150):reshape(3, 50)
    local train = enc(x)
    snn.manual_seed(5)
    local t = 0
    for spikes in enc:steps_of(x) do
      t = t + 1
      assert.is_true(train[t]:equal(spikes))
    end
    assert.equal(600, t)
  end)

  it("takes another frequency", function()
    local enc = encoder()
    enc.frequency = 1000
    assert.is_true(enc(snn.ones(2)):all():item())
  end)

  it("has no refractory time", function()
    fails("TypeError", "refrac", encoder, { refrac = 2 })
    fails("AttributeError", "refrac", function() return encoder().refrac end)
  end)

  it("refuses what it cannot take", function()
    fails("ValueError", "frequency", encoder, { frequency = -1 })
    fails("ValueError", "1.5 at (2,)", encoder(), snn.tensor { 0.5, 1.5 })
  end)
end)
