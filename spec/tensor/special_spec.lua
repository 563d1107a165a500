-- Special functions of elements against closed forms.
local snn = require "snn"
local support = require "spec.support"
local fails = support.fails
local NAN <const>, INF <const> = 0 / 0, math.huge

for _, dtype in ipairs { "float32", "float64" } do
  local EPS <const> = dtype == "float32" and 0x1p-23 or 0x1p-52

  local function of(list) return snn.tensor(list, { dtype = dtype }) end

  ---Asserts the elements within some units in the last place, NaN where NaN is
  ---expected.
  local function near(expected, t, units)
    assert.equal(dtype, t.dtype)
    local got = t:totable()
    for i, v in ipairs(expected) do
      local same = v == got[i] or (v ~= v and got[i] ~= got[i])
        or math.abs(got[i] - v) <= (units or 4) * EPS * math.abs(v)
      assert.is_true(same, ("element %d is %.17g instead of %.17g"):format(i, got[i], v))
    end
  end

  describe("special functions of " .. dtype, function()
    it("expm1 and log1p are exact near 0", function()
      near({ 0x1p-60, -0.5, 1, INF, NAN }, of({ 0x1p-60, math.log(0.5), math.log(2), INF,
        NAN }):expm1(), 6)
      near({ 0x1p-60, math.log(2), -INF, NAN }, of({ 0x1p-60, 1, -1, -2 }):log1p())
    end)

    -- NumPy's numbers at arguments that both types have exactly
    local X <const> = { -2.5, -1, -0.3125, 0, 0.25, 1, 3.75, 20, 1000.5, 1e6 }
    local Y <const> = { -1, -0.75, -0.3125, 0, 0.25, 0.5, 0.9375, 1 }

    it("sin, cos and tan are NumPy's", function()
      near({ -0.5984721441039564, -0.8414709848078965, -0.3074385145803809, 0,
        0.24740395925452296, 0.8414709848078965, -0.5715613187423437, 0.9129452507276276,
        0.9952739571052134, -0.349993502171293 }, of(X):sin())
      near({ -0.8011436155469338, 0.5403023058681397, 0.9515679480481722, 1, 0.968912421710645,
        0.5403023058681397, -0.8205593573395608, 0.40808206181339196, 0.09710690144438527,
        0.9367521275331447 }, of(X):cos())
      near({ 0.7470222972386602, -1.557407724654902, -0.32308624435174554, 0,
        0.25534192122103627, 1.557407724654902, 0.6965508511114601, 2.237160944224742,
        10.249260786837313, -0.3736244539875991 }, of(X):tan())
    end)

    it("asin, acos and atan are NumPy's", function()
      near({ -1.5707963267948966, -0.8480620789814809, -0.31782370392788073, 0,
        0.25268025514207865, 0.5235987755982989, 1.2153751251046732, 1.5707963267948966 },
        of(Y):asin())
      near({ 3.141592653589793, 2.4188584057763776, 1.8886200307227772, 1.5707963267948966,
        1.318116071652818, 1.0471975511965976, 0.3554212016902235, 0 }, of(Y):acos())
      near({ -1.1902899496825317, -0.7853981633974483, -0.3028848683749714, 0,
        0.24497866312686414, 0.7853981633974483, 1.3101939350475555, 1.5208379310729538,
        1.569796826877855, 1.5707953267948966 }, of(X):atan())
    end)

    it("trigonometric ones have their limits, and are NaN where they are undefined", function()
      for _, name in ipairs { "sin", "cos", "tan" } do
        local x = of { INF, -INF, NAN }
        near({ NAN, NAN, NAN }, x[name](x))
      end
      near({ NAN, NAN, NAN }, of({ 1.5, -INF, NAN }):asin())
      near({ NAN, NAN, NAN }, of({ -1.5, INF, NAN }):acos())
      near({ math.pi / 2, -math.pi / 2, NAN }, of({ INF, -INF, NAN }):atan())
      assert.equal(-INF, 1 / of({ -0.0 }):sin()[1]) -- the sign of 0 stays
    end)

    it("erf and erfc add up to 1", function()
      near({ 0, 1, -1, NAN }, of({ 0, INF, -INF, NAN }):erf())
      near({ 1, 0, 2, NAN }, of({ 0, INF, -INF, NAN }):erfc())
      local x = snn.linspace(-3, 3, 41, { dtype = dtype })
      assert.is_true((x:erf() + x:erfc()):allclose(snn.ones(41, { dtype = dtype }), 0, 4 * EPS))
      assert.is_true(x:erf():allclose(-(-x):erf(), 0, 0))
    end)

    it("erfc keeps its digits far out", function()
      -- the asymptotic series exp(-x^2) / (x sqrt(pi)) (1 - 1/(2 x^2) + 3/(4 x^4) - ...)
      local x, sum, term = 8, 1, 1
      for n = 1, 20 do
        term = -term * (2 * n - 1) / (2 * x * x)
        sum = sum + term
      end
      near({ math.exp(-x * x) / (x * math.sqrt(math.pi)) * sum }, of({ x }):erfc(), 1000)
    end)

    it("lgamma is the logarithm of the factorial", function()
      local want, log = {}, 0
      for n = 1, 12 do
        want[n], log = log, log + math.log(n)
      end
      near(want, snn.arange(1, 13, 1, { dtype = dtype }):lgamma(), 16)
      near({ math.log(math.pi) / 2, INF, INF }, of({ 0.5, 0, INF }):lgamma())
    end)

    it("gammaincc of an integer is a sum of Poisson's probabilities", function()
      for _, x in ipairs { 0.25, 2, 9, 30 } do
        local want, p, sum = {}, math.exp(-x), 0
        for a = 1, 20 do
          sum = sum + p
          want[a], p = sum, p * x / a
        end
        near(want, snn.arange(1, 21, 1, { dtype = dtype }):gammaincc(x), 64)
      end
    end)

    it("gammaincc of a half is an error function", function()
      local x = of { 0.01, 0.3, 1, 4, 20 }
      near(x:sqrt():erfc():totable(), of({ 0.5 }):gammaincc(x), 64)
    end)

    it("gammaincc has its limits, and is NaN where it is undefined", function()
      near({ 1, 0, 1, 0, NAN, NAN, NAN, NAN },
        of({ 2, 2, INF, 0, 0, -1, 2, NAN }):gammaincc(of { 0, INF, 2, 2, 0, 1, -1, 1 }))
      near({ 1, 0, 1 }, of({ 1e30, 1e30, 1e30 }):gammaincc(of { 1e20, 1e38, 0 }))
    end)

    it("work in place", function()
      local t = of { 0, 1 }
      t:erf_()
      t:gammaincc_(0)
      assert.equal(1, t[2])
    end)
  end)
end

describe("special functions", function()
  it("make float32 of integers and booleans", function()
    assert.equal("float32", snn.tensor({ 3 }, { dtype = "int64" }):lgamma().dtype)
    assert.equal("float32", snn.tensor({ true }):erf().dtype)
    assert.equal("float32", snn.tensor({ 3 }, { dtype = "int64" }):gammaincc(2).dtype)
  end)

  it("name what is wrong", function()
    fails("TypeError", "gammaincc", function() return snn.ones(1):gammaincc("a") end)
  end)
end)
