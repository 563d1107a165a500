-- Encoders as functions: rates by laws, trains by the encoders they stand on.
local snn = require "snn"
local support = require "spec.support"

local f = snn.functional

-- Spikes per second of 400 inputs in 2,000 steps of 0.5 ms.
local function rate_of(train) return train:to("float32"):mean():item() * 2000 end

local RATES = snn.cat({ snn.full({ 1, 400 }, 0), snn.full({ 1, 400 }, 40),
  snn.full({ 1, 400 }, 200) }, 2)

local function rates(train)
  local out = {}
  for i, part in ipairs(train:split(400, 3)) do out[i] = rate_of(part) end
  return out
end

-- four standard deviations of a Poisson count of 400 s are 4 sqrt(400 f) / 400 Hz
local function assert_rates(wanted, train)
  assert.same({ 2000, 1, 1200 }, train.shape)
  assert.equal("bool", train.dtype)
  for i, got in ipairs(rates(train)) do
    assert.is_true(math.abs(got - wanted[i]) <= 4 * math.sqrt(wanted[i] / 400) + 0.05 * wanted[i],
      ("%g Hz in place of %g"):format(got, wanted[i]))
  end
end

for _, dtype in ipairs { "float32", "float64" } do
  describe("encoders as functions, of " .. dtype, function()
    local x = RATES:to(dtype)

    before_each(function() snn.manual_seed(1) end)

    it("make Poisson trains by exponential intervals", function()
      assert_rates({ 0, 40, 200 }, f.homogeneous_poisson_exp_interval(x, 2000, 0.5))
    end)

    it("hold a refractory time that is not made up for", function()
      -- 1000 / (1000 / f + 3)
      local train = f.homogeneous_poisson_exp_interval(x, 2000, 0.5,
        { refrac = 3, compensate = false })
      assert_rates({ 0, 1000 / 28, 125 }, train)
    end)

    it("make Bernoulli trials", function()
      assert_rates({ 0, 40, 200 }, f.homogenous_poisson_bernoulli_approx(x, 2000, 0.5))
    end)

    it("make Poisson intervals", function()
      assert_rates({ 0, 40, 200 }, f.poisson_interval(x, 2000, 0.5))
    end)

    it("make spikes of rates that change", function()
      local ramp = x:unsqueeze(1):expand(2000, 1, 1200):clone()
      ramp:narrow(1, 1, 1000):mul_(0)
      local train = f.inhomogeneous_poisson_bernoulli_approx(ramp, 0.5)
      assert.equal(0, train:narrow(1, 1, 1000):sum():item())
      assert_rates({ 0, 20, 100 }, train)
    end)
  end)
end

describe("encoders as functions", function()
  it("spike in each step where a trial cannot fail", function()
    local sure = snn.tensor { { { 1e9, 2000, 0 } }, { { 0, 2000, math.huge } } }
    assert.same({ { { true, true, false } }, { { false, true, true } } },
      f.inhomogeneous_poisson_bernoulli_approx(sure, 0.5):totable())
    assert.is_true(f.homogenous_poisson_bernoulli_approx(snn.full({ 1, 3 }, 5000), 4, 1):all()
      :item())
  end)

  for name, class in pairs {
    homogeneous_poisson_exp_interval = "HomogeneousPoissonEncoder",
    homogenous_poisson_bernoulli_approx = "HomogeneousPoissonApproxEncoder",
    poisson_interval = "PoissonIntervalEncoder",
  } do
    it(name .. " is " .. class .. ", whole and step by step", function()
      local x = snn.tensor { { 0.25, 0.5, 0, 1 } }
      local function generator() return snn.Generator { seed = 9 } end
      local encoder = snn[class] { steps = 300, step_time = 1, frequency = 80,
        generator = generator() }
      local whole = encoder(x)
      assert.is_true(whole:equal(f[name](x * 80, 300, 1, { generator = generator() })))
      local t = 0
      for spikes in f[name .. "_online"](x * 80, 300, 1, { generator = generator() }) do
        t = t + 1
        assert.is_true(whole[t]:equal(spikes))
      end
      assert.equal(300, t)
    end)

    it(name .. " takes no inputs and no rates", function()
      assert.same({ 5, 2, 0 }, f[name](snn.zeros(2, 0), 5, 1).shape)
      assert.equal(0, f[name](snn.zeros(2, 3), 5, 1):sum():item())
    end)
  end

  it("draw from a generator", function()
    local p = snn.full({ 50, 1, 4 }, 300)
    local g = snn.Generator { seed = 2 }
    local one = f.inhomogeneous_poisson_bernoulli_approx(p, 1, { generator = g })
    assert.is_false(one:equal(f.inhomogeneous_poisson_bernoulli_approx(p, 1, { generator = g })))
    g:manual_seed(2)
    assert.is_true(one:equal(f.inhomogeneous_poisson_bernoulli_approx(p, 1, { generator = g })))
  end)

  it("name what is wrong", function()
    local x = snn.ones(1, 2)
    support.fails("ValueError", "'inputs' must be rates in Hz", f.poisson_interval, x * -1, 5, 1)
    support.fails("ValueError", "'inputs' must be rates in Hz", f.poisson_interval, x / 0, 5, 1)
    support.fails("TypeError", "'inputs' must be a tensor", f.poisson_interval, 1, 5, 1)
    support.fails("ValueError", "'steps'", f.poisson_interval, x, 0, 1)
    support.fails("ValueError", "'step_time'", f.homogenous_poisson_bernoulli_approx, x, 5, -1)
    support.fails("TypeError", "did you mean 'generator'", f.poisson_interval, x, 5, 1,
      { generatr = 1 })
    support.fails("ValueError", "'step_time' must be greater than 0",
      f.inhomogeneous_poisson_bernoulli_approx, x, 0)
    support.fails("ValueError", "'inputs' must be rates",
      f.inhomogeneous_poisson_bernoulli_approx, x * (0 / 0), 1)
    support.fails("TypeError", "'generator' must be a Generator",
      f.inhomogeneous_poisson_bernoulli_approx, x, 1, { generator = 3 })
  end)
end)
