local snn = require "snn"
local support = require "spec.support"
local fails = support.fails
local Poisson <const>, Normal <const>, LogNormal <const> =
  snn.stats.Poisson, snn.stats.Normal, snn.stats.LogNormal

local function f64(list) return snn.tensor(list, { dtype = "float64" }) end

---Asserts the elements within a relative error, of float64 1e-12.
local function near(expected, t, tolerance)
  local got = t:flatten():totable()
  assert.equal(#expected, #got)
  for i, v in ipairs(expected) do
    assert.is_true(math.abs(got[i] - v) <= (tolerance or 1e-12) * math.abs(v) + 1e-300,
      ("element %d is %.17g instead of %.17g"):format(i, got[i], v))
  end
end

---Probabilities of 0 .. n, one after the other from the law p(k + 1) = p(k) rate / (k + 1).
local function poisson(rate, n)
  local p, sum, mass, below = math.exp(-rate), 0, {}, {}
  for k = 0, n do
    sum = sum + p
    mass[k + 1], below[k + 1] = p, sum
    p = p * rate / (k + 1)
  end
  return mass, below
end

describe("Poisson", function()
  for _, rate in ipairs { 0.5, 3, 40 } do
    it("has its probabilities, rate " .. rate, function()
      local k = snn.arange(0, 60, 1, { dtype = "float64" })
      local mass, below = poisson(rate, 59)
      near(mass, Poisson.pmf(k, rate))
      near(below, Poisson.cdf(k, rate))
      near(mass, Poisson.logpmf(k, rate):exp())
      near(below, Poisson.logcdf(k, rate):exp())
    end)
  end

  it("is certain at rate 0", function()
    near({ 1, 0 }, Poisson.pmf(f64 { 0, 1 }, 0))
    near({ 1, 1 }, Poisson.cdf(f64 { 0, 1 }, 0))
  end)

  it("rounds the support of cdf down", function()
    near({ Poisson.cdf(1, 2):item() }, Poisson.cdf(1.75, 2))
  end)

  it("has rate as mean and variance", function()
    near({ 3 }, Poisson.mean(3))
    near({ 3, 4 }, Poisson.variance(snn.tensor { 3, 4 }))
  end)

  it("has its median near the rate where that is large", function()
    for _, a in ipairs { 1e4, 1e6, 1e8, 1e12 } do -- to O(a^-3/2)
      local below = Poisson.cdf(f64 { a - 1 }, a):item()
      assert.near(0.5 - 1 / (3 * math.sqrt(2 * math.pi * a)), below, 1e-8)
    end
  end)

  it("draws one number for each rate", function()
    snn.manual_seed(3)
    local draws = Poisson.sample(snn.full({ 20000 }, 4))
    assert.near(4, draws:mean():item(), 4 * 2 / math.sqrt(20000))
  end)
end)

describe("Normal", function()
  local x = f64 { -3, 0, 1, 2.5 }

  it("has its density", function()
    local want = {}
    for i, v in ipairs(x:totable()) do
      want[i] = math.exp(-((v - 1) / 2) ^ 2 / 2) / (2 * math.sqrt(2 * math.pi))
    end
    near(want, Normal.pdf(x, 1, 2))
    near(want, Normal.logpdf(x, 1, 2):exp())
  end)

  it("keeps logarithms far out, where the density is 0", function()
    near({ -1e6 / 2 - math.log(2 * math.pi) / 2 }, Normal.logpdf(f64 { 1000 }, 0, 1))
  end)

  it("has its distribution, also far below", function()
    -- Abramowitz & Stegun, table 26.1 and 26.2: Q(1), Q(2), Q(5)
    near({ 0.5, 0.841344746068543, 0.977249868051821 }, Normal.cdf(f64 { 0, 1, 2 }, 0, 1))
    near({ 2.866515718791946e-7 }, Normal.cdf(f64 { -5 }, 0, 1), 1e-11)
    near({ math.log(2.866515718791946e-7) }, Normal.logcdf(f64 { -9 }, 1, 2), 1e-11)
  end)

  it("turns mean and variance into location and scale", function()
    local loc, scale = Normal.params_mv(f64 { 3 }, 16)
    near({ 3 }, loc)
    near({ 4 }, scale)
    near({ 16 }, Normal.variance(4))
    near({ 3 }, Normal.mean(3))
  end)

  it("draws numbers with a mean and a variance", function()
    snn.manual_seed(4)
    for _, draws in ipairs { Normal.sample(snn.full({ 20000 }, 3), 2),
      Normal.sample_mv(3, snn.full({ 20000 }, 4)) } do
      assert.near(3, draws:mean():item(), 4 * 2 / math.sqrt(20000))
      assert.near(2, draws:std():item(), 0.06)
    end
  end)
end)

describe("LogNormal", function()
  it("is Normal of the logarithm", function()
    local x = f64 { 0.25, 1, 3, 40 }
    local want = Normal.pdf(x:log(), 0.5, 0.75) / x
    near(want:totable(), LogNormal.pdf(x, 0.5, 0.75))
    near(want:log():totable(), LogNormal.logpdf(x, 0.5, 0.75))
    near(Normal.cdf(x:log(), 0.5, 0.75):totable(), LogNormal.cdf(x, 0.5, 0.75))
    near(Normal.logcdf(x:log(), 0.5, 0.75):totable(), LogNormal.logcdf(x, 0.5, 0.75))
  end)

  it("turns mean and variance into location and scale, and back", function()
    local loc, scale = LogNormal.params_mv(f64 { 1, 2.5 }, f64 { 0.5, 4 })
    near({ 1, 2.5 }, LogNormal.mean(loc, scale))
    near({ 0.5, 4 }, LogNormal.variance(loc, scale))
  end)

  it("draws positive numbers with a mean", function()
    snn.manual_seed(5)
    local draws = LogNormal.sample_mv(2, snn.full({ 50000 }, 1))
    assert.is_true(draws:gt(0):all():item())
    assert.near(2, draws:mean():item(), 4 / math.sqrt(50000) + 0.005)
    assert.is_true(LogNormal.sample(0, 1).ndim == 0)
  end)
end)

describe("distributions", function()
  it("are real: float64 where an argument is", function()
    assert.equal("float32", Normal.cdf(1, 0, 1).dtype)
    assert.equal("float32", Poisson.pmf(snn.tensor({ 1 }, { dtype = "int64" }), 2).dtype)
    assert.equal("float64", Normal.cdf(1, f64 { 0 }, 1).dtype)
  end)

  it("broadcast", function()
    assert.same({ 2, 3 }, Normal.pdf(snn.ones(2, 1), snn.ones(3), 1).shape)
  end)

  it("name what is wrong", function()
    fails("TypeError", "Poisson.pmf: 'rate' must be a number or a tensor, got nil", Poisson.pmf, 1)
    fails("TypeError", "Normal.cdf: 'support'", Normal.cdf, "a", 0, 1)
    fails("TypeError", "LogNormal.params_mv: 'variance'", LogNormal.params_mv, 1)
  end)
end)
