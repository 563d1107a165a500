local snn = require "snn"
local support = require "spec.support"
local near = require "spec.near"
local fails = support.fails
local Poisson <const>, Normal <const>, LogNormal <const> =
  snn.stats.Poisson, snn.stats.Normal, snn.stats.LogNormal

local function f64(list) return snn.tensor(list, { dtype = "float64" }) end

---Asserts the elements within a relative error, of float64 1e-12.
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

-- From mpmath 1.2.1 with 60 digits: { arguments, value }, far out on either
-- side. The arguments are numbers of float32 too.
local TAILS <const> = {
  ["Normal.logcdf"] = {
    { { 40, 0, 1 }, -3.6558935409150297e-350 }, { { 12, 0, 1 }, -1.776482112077679e-33 },
    { { 5, 0, 1 }, -2.8665161296376359e-7 }, { { 1, 0, 1 }, -1.7275377902344989e-1 },
    { { 0, 0, 1 }, -6.9314718055994531e-1 }, { { -0.5, 0, 1 }, -1.1759117615936186 },
    { { -5, 0, 1 }, -1.5064998393988726e+1 }, { { -12, 0, 1 }, -7.5410673001568796e+1 },
    { { -14, 0, 1 }, -1.0156303440744996e+2 }, { { -14.5, 0, 1 }, -1.0872278815432047e+2 },
    { { -37.5, 0, 1 }, -7.0766898931750719e+2 }, { { -38.5, 0, 1 }, -7.4569527029041108e+2 },
    { { -40, 0, 1 }, -8.0460844201375379e+2 }, { { -79, 1, 2 }, -8.0460844201375379e+2 },
    { { -1000, 0, 1 }, -5.0000782669481218e+5 }, { { -1e5, 0, 1 }, -5.000000012431864e+9 },
    { { -1e15, 0, 1 }, -5e29 }, { { -1e19, 0, 1 }, -5e37 }, { { -1e150, 0, 1 }, -5e299 },
    { { -1e308, 1e308, 1e300 }, -2e16 }, { { -1 / 0, 0, 1 }, -1 / 0 }, { { 1 / 0, 0, 1 }, 0 },
  },
  ["Normal.logpdf"] = {
    { { 1000, 1, 2 }, -1.2475173708571376e+5 }, { { -1e15, 1, 2 }, -1.25e29 },
    { { 1e18, 0, 1 }, -5e35 }, { { 1e150, 1, 2 }, -1.25e299 },
    { { 16777216, 16777215, 0.5 }, -2.2257913526447274 },
    { { 0.25, 0.5, 0x1p-66 }, -1.7014118346046923e38 }, -- 2^127 within 1e-35
    { { -1e308, 1e308, 1e300 }, -2e16 }, { { 1 / 0, 0, 1 }, -1 / 0 },
  },
  ["LogNormal.logcdf"] = {
    { { 0x1p-100, 0.5, 0.25 }, -3.8999309948468819e+4 },
    { { 1e-300, 0.5, 0.25 }, -3.8229036875391396e+6 },
    { { 0.25, 0.5, 0.25 }, -3.1421552218860165e+1 }, { { 1, 0.5, 0.25 }, -3.7831843336820319 },
    { { 1.5, 0.5, 0.25 }, -1.0422410534833223 }, { { 2, 0.5, 0.25 }, -2.4831125580533095e-1 },
    { { 3, 0.5, 0.25 }, -8.3575023979754878e-3 }, { { 10, 0.5, 0.25 }, -2.7906094811501756e-13 },
    { { 1e30, 0.5, 0.25 }, 0 }, { { 0, 0.5, 0.25 }, -1 / 0 }, { { -1, 0.5, 0.25 }, -1 / 0 },
  },
  ["LogNormal.logpdf"] = {
    { { 1e-300, 0.5, 0.25 }, -3.8222036008839061e+6 },
    { { 0.25, 0.5, 0.25 }, -2.6611201145306462e+1 }, { { 1, 0.5, 0.25 }, -1.5326441720847821 },
    { { 1.5, 0.5, 0.25 }, -9.6040464729548863e-3 }, { { 2, 0.5, 0.25 }, -5.2423801951077635e-1 },
    { { 10, 0.5, 0.25 }, -2.7829733404953646e+1 },
    { { 1e300, 0.5, 0.25 }, -3.8125327434933312e+6 },
    { { 0, 0.5, 0.25 }, -1 / 0 }, { { -1, 0.5, 0.25 }, -1 / 0 }, { { 1 / 0, 0, 1 }, -1 / 0 },
  },
  ["Poisson.logpmf"] = {
    { { 0, 1000 }, -1000 }, { { 5, 0x1p-66 }, -2.3352606132756401e+2 },
    { { 3, 2 ^ 100 }, -2 ^ 100 },
    { { 100, 1 }, -3.6473937555556349e+2 }, { { 1000, 1e-5 }, -1.7425053653458392e+4 },
    { { 14, 15 }, -2.2785183673077406 }, { { 15, 15 }, -2.2785183673077406 },
    { { 16, 15 }, -2.3430568884453117 }, { { 1e6, 1e6 }, -7.8266938955201431 },
    { { 1e6, 2e6 }, -3.0686064613395021e+5 }, { { 1e6, 1001000 }, -8.3263608119869763 },
    { { 1e10, 1 }, -2.2025850931283643e+11 }, { { 1e15, 1e15 }, -1.8188326730660015e+1 },
    { { 2 ^ 80, 2 ^ 80 }, -2.8644825755602485e+1 }, { { 1e30, 1 }, -6.8077552789821372e+31 },
    { { 1, 1e300 }, -1e300 }, { { 1e300, 1e-300 }, -1.3805510557964275e+303 },
    { { 0, 0 }, 0 }, { { 1, 0 }, -1 / 0 }, { { -2, 3 }, -1 / 0 }, { { 1 / 0, 3 }, -1 / 0 },
  },
  ["Poisson.logcdf"] = {
    { { 0, 1000 }, -1000 }, { { 2, 10000 }, -9.9822722664366089e+3 },
    { { 5, 2 ^ 100 }, -2 ^ 100 }, { { 10, 0.5 }, -7.7408407392582099e-12 },
    { { 20, 0.001 }, -1.9554266734086515e-83 }, { { 100, 1 }, -3.9414758906375201e-161 },
    { { 50, 100 }, -1.7544548795064855e+1 }, { { 100, 100 }, -6.4138581852615169e-1 },
    { { 150, 100 }, -1.233095179421584e-6 }, { { 300, 100 }, -6.0323916150033762e-59 },
    { { 1000, 10 }, 0 }, { { 999000, 1e6 }, -1.840258986825423 },
    { { 1e6, 1e6 }, -6.9261539900825459e-1 }, { { 1001000, 1e6 }, -1.726100612357901e-1 },
    { { 1100000, 1e6 }, 0 }, { { 900000, 1e6 }, -5.1810074264882458e+3 },
    { { 49990000, 50000000 }, -2.5426647229138183 },
    { { 50010000, 50000000 }, -8.1907354369206641e-2 },
    { { 20000000, 50000000 }, -1.167419417625125e+7 }, { { 120000000, 50000000 }, 0 },
    { { -1, 3 }, -1 / 0 }, { { -7, 3 }, -1 / 0 }, { { -7, 0 }, -1 / 0 }, { { 1 / 0, 3 }, 0 },
    { { 4, 0 }, 0 },
  },
}

for name, rows in pairs(TAILS) do
  describe(name .. ", far out", function()
    local class, fn = name:match("(%w+)%.(%w+)")
    for dtype, least in pairs { float32 = 0x1p-149, float64 = 0x1p-1074 } do
      local tolerance = dtype == "float32" and 1e-6 or 1e-12
      for _, row in ipairs(rows) do
        local args, want = table.unpack(row)
        local fits = true
        for _, v in ipairs(args) do
          local held = snn.tensor(v, { dtype = dtype }):item()
          fits = fits and (held == v or math.abs(held / v - 1) < 1e-12)
        end
        local title = ("of (%s) is right in %s"):format(table.concat(args, ", "), dtype)
        if fits then
          it(title, function()
            local given = {}
            for i, v in ipairs(args) do given[i] = snn.tensor({ v }, { dtype = dtype }) end
            local got = snn.stats[class][fn](table.unpack(given))
            assert.equal(dtype, got.dtype)
            local nearest = snn.tensor(want, { dtype = dtype }):item() -- infinite beyond float32
            local error = math.abs(got[1] - want)
            assert.is_true(got[1] == nearest or error <= tolerance * math.abs(want) + least,
              ("want %.17g, got %.17g"):format(want, got[1]))
          end)
        end
      end
    end
  end)
end

describe("probabilities", function()
  it("are 0 where there are no numbers as low, not NaN", function()
    near({ 0, 0, 0 }, Poisson.cdf(f64 { -0.5, -1, -7 }, 3))
    near({ 0, 0, 0 }, Poisson.pmf(f64 { -1, -2, -7 }, 3))
    near({ 0, 0 }, LogNormal.pdf(f64 { 0, -1 }, 0.5, 1))
    near({ 0, 0 }, LogNormal.cdf(f64 { 0, -1 }, 0.5, 1))
  end)

  it("stay NaN where an argument is", function()
    local nan = 0 / 0
    for name in pairs(TAILS) do
      local class, fn = name:match("(%w+)%.(%w+)")
      local scale = class ~= "Poisson" and 1 or nil
      assert.is_true(snn.stats[class][fn](f64 { nan }, 1, scale):isnan():item(), name)
      assert.is_true(snn.stats[class][fn](f64 { 1 }, nan, scale):isnan():item(), name)
    end
  end)

  it("keep their digits in float32", function()
    -- k log(rate) - rate - log(k!) are terms of 1e8 here
    local got = Poisson.logpmf(snn.tensor { 1e7 }, 1e7):item()
    assert.near(-math.log(2 * math.pi * 1e7) / 2 - 1 / 12e7, got, 1e-6 * 9)
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
    fails("TypeError", "Poisson.pmf: argument 'rate' is missing (a number or a tensor)",
      Poisson.pmf, 1)
    fails("TypeError", "Normal.cdf: 'support'", Normal.cdf, "a", 0, 1)
    fails("TypeError", "LogNormal.params_mv: argument 'variance' is missing",
      LogNormal.params_mv, 1)
  end)
end)
