local snn = require "snn"
local support = require "spec.support"
local fails = support.fails

local REALS <const> = { "float32", "float64" }

before_each(function() snn.manual_seed(7) end)

---The part of the elements that a condition holds for.
local function part(cond) return cond:sum():item() / cond.numel end

---Asserts mean and standard deviation within five standard errors.
local function has_moments(t, mean, std)
  t = t:to("float64"):flatten()
  local n = t.numel
  assert(math.abs(t:mean():item() - mean) <= 5 * std / n ^ 0.5, "mean is " .. t:mean():item())
  -- a fourth moment of at most 9 std^4 bounds the error of the deviation
  assert(math.abs(t:std():item() - std) <= 5 * std * (2 / n) ^ 0.5, "std is " .. t:std():item())
end

describe("manual_seed", function()
  it("starts the same numbers again", function()
    local a, b = snn.rand(5), snn.randn(5)
    snn.manual_seed(7)
    assert.is_true(snn.rand(5):equal(a))
    assert.is_true(snn.randn(5):equal(b))
  end)

  it("tells seeds apart, also negative and large ones", function()
    local seen = {}
    for _, seed in ipairs { 0, 1, -1, math.maxinteger, math.mininteger, 1 << 32 } do
      snn.manual_seed(seed)
      local first = snn.rand(1, { dtype = "float64" })[1]
      assert.is_nil(seen[first])
      seen[first] = true
    end
  end)

  it("refuses what is no integer", function()
    fails("TypeError", "manual_seed: 'n' must be an integer, got number 1.5", snn.manual_seed, 1.5)
    fails("TypeError", "got no value", snn.manual_seed)
  end)

  it("is untouched by a call that fails", function()
    local a = snn.rand(3)
    snn.manual_seed(7)
    pcall(snn.rand, -1)
    pcall(snn.rand, 1 << 45)
    pcall(snn.bernoulli, 2, 3)
    assert.is_true(snn.rand(3):equal(a))
  end)
end)

describe("get_rng_state and set_rng_state", function()
  it("go on from where the numbers were", function()
    snn.manual_seed(-3)
    snn.rand(2)
    local state = snn.get_rng_state()
    assert.equal("int64", state.dtype)
    assert.same({ -3, 1 }, state:totable())
    local numbers = { snn.rand(5), snn.randn(5), snn.randperm(9) }
    assert.same({ -3, 4 }, snn.get_rng_state():totable())
    assert.same({ -3, 1 }, state:totable()) -- a tensor of its own
    snn.manual_seed(8)
    snn.set_rng_state(state)
    assert.is_true(numbers[1]:equal(snn.rand(5)))
    assert.is_true(numbers[2]:equal(snn.randn(5)))
    assert.is_true(numbers[3]:equal(snn.randperm(9)))
  end)

  it("take all bits, and views", function()
    local state = snn.tensor({ { math.mininteger, 5 }, { -1, 5 } }, { dtype = "int64" })
    snn.set_rng_state(state:select(2, 1))
    assert.same({ math.mininteger, -1 }, snn.get_rng_state():totable())
    snn.rand(1)
    assert.same({ math.mininteger, 0 }, snn.get_rng_state():totable())
  end)

  it("leave a generator of its own alone", function()
    local g = snn.Generator { seed = 4 }
    local encoder = snn.PoissonIntervalEncoder { steps = 4, step_time = 1, frequency = 500,
      generator = g }
    encoder(snn.ones(1, 3))
    assert.same({ 7, 0 }, snn.get_rng_state():totable())
    snn.set_rng_state(snn.tensor({ 1, 1 }, { dtype = "int64" }))
    assert.same({ 4, 1 }, { g.seed_:item(), g.stream_:item() })
  end)

  it("refuse what is no such state, and change nothing", function()
    local set = snn.set_rng_state
    fails("TypeError", "set_rng_state: 'state' must be a tensor, got number 1", set, 1)
    fails("TypeError", "int64 tensor of shape {2}, got one of float32", set, snn.zeros(2))
    fails("ValueError", "int64 tensor of shape {2}, got one of shape {3}", set,
      snn.zeros(3, { dtype = "int64" }))
    fails("ValueError", "of shape {2}, got one of shape {2, 1}", set,
      snn.zeros(2, 1, { dtype = "int64" }))
    assert.same({ 7, 0 }, snn.get_rng_state():totable())
  end)
end)

describe("a random tensor", function()
  it("has new numbers at each call", function() assert.is_false(snn.rand(4):equal(snn.rand(4))) end)

  it("has elements that do not depend on how many follow", function()
    for _, make in ipairs { snn.rand, snn.randn } do
      for _, dtype in ipairs(REALS) do
        snn.manual_seed(3)
        local many = make(1000, { dtype = dtype })
        for _, n in ipairs { 1, 5, 33, 300 } do
          snn.manual_seed(3)
          assert.is_true(make(n, { dtype = dtype }):equal(many:slice(1, 1, n)))
        end
      end
    end
  end)

  it("may be empty", function()
    assert.same({ 0, 2 }, snn.rand(0, 2).shape)
    assert.same({ 0 }, snn.randperm(0).shape)
    assert.same({ 0 }, snn.poisson(snn.zeros(0)).shape)
  end)
end)

describe("rand and uniform", function()
  for _, dtype in ipairs(REALS) do
    it("are uniform on " .. dtype, function()
      local t = snn.rand(200, 500, { dtype = dtype })
      assert.equal(dtype, t.dtype)
      has_moments(t, 0.5, (1 / 12) ^ 0.5)
      assert.is_true(t:amin():item() >= 0 and t:amax():item() < 1)
      assert(math.abs(part(t:lt(0.25)) - 0.25) < 0.01)
    end)

    it("lie below the upper end on " .. dtype, function()
      local t = snn.uniform(-2, 6, { 300, 300 }, { dtype = dtype })
      has_moments(t, 2, 8 / 12 ^ 0.5)
      assert.is_true(t:amin():item() >= -2 and t:amax():item() < 6)
      -- so narrow that rounding would reach it
      local narrow = snn.uniform(1, 1 + 2 ^ -22, 1000, { dtype = dtype })
      assert.is_true(narrow:amax():item() < 1 + 2 ^ -22)
    end)
  end

  it("allow a range of one number", function()
    assert.same({ 3, 3 }, snn.uniform(3, 3, 2):totable())
  end)

  it("fill in place", function()
    local t = snn.zeros(100, 100)
    assert.is_true(t:uniform_(2, 3) == t)
    has_moments(t, 2.5, (1 / 12) ^ 0.5)
    has_moments(snn.zeros(10000):uniform_(), 0.5, (1 / 12) ^ 0.5)
  end)

  it("refuse other ranges and dtypes", function()
    fails("ValueError", "uniform: from 3 to 1", snn.uniform, 3, 1, 2)
    fails("ValueError", "the range must be finite", snn.uniform, 0, math.huge, 2)
    fails("ValueError", "the range must be finite", snn.uniform, 0 / 0, 1, 2)
    fails("ValueError", "rand: 'dtype' must be 'float32' or 'float64', got 'int64'", snn.rand, 2,
      { dtype = "int64" })
    fails("TypeError", "uniform: 'low' must be a number", snn.uniform, { 2 })
  end)
end)

describe("randn and normal", function()
  for _, dtype in ipairs(REALS) do
    it("are normal on " .. dtype, function()
      local t = snn.randn(400, 500, { dtype = dtype })
      has_moments(t, 0, 1)
      -- the distribution function at 0, 1 and 2
      assert(math.abs(part(t:lt(0)) - 0.5) < 0.006)
      assert(math.abs(part(t:lt(1)) - 0.841345) < 0.005)
      assert(math.abs(part(t:lt(2)) - 0.977250) < 0.002)
      assert.equal(t.numel, t:isfinite():sum():item())
    end)

    it("have neighbours that are independent on " .. dtype, function()
      local t = snn.randn(6400, 32, { dtype = dtype })
      local product = (t:transpose(1, 2):matmul(t)) / 6400 -- about the unit matrix
      assert.is_true(product:allclose(snn.eye(32, { dtype = dtype }), 0, 0.08))
    end)
  end

  it("take mean and deviation", function()
    has_moments(snn.normal(-3, 0.5, { 100, 1000 }), -3, 0.5)
    assert.same({ 4, 4 }, snn.normal(4, 0, 2):totable())
    has_moments(snn.zeros(100, 100):normal_(1, 2), 1, 2)
  end)

  it("refuse a negative deviation", function()
    fails("ValueError", "normal: 'std' must be at least 0, got -1", snn.normal, 0, -1, 2)
  end)
end)

describe("randint and randperm", function()
  it("randint excludes its upper end", function()
    local t = snn.randint(1, 7, { 100, 600 })
    assert.equal("int64", t.dtype)
    for face = 1, 6 do assert(math.abs(part(t:eq(face)) - 1 / 6) < 0.01) end
    assert.equal(1, part(t:ge(1):logical_and(t:lt(7))))
  end)

  it("randint spans all integers and one", function()
    local t = snn.randint(math.mininteger, math.maxinteger, 1000)
    assert(math.abs(part(t:lt(0)) - 0.5) < 0.1)
    assert.same({ 5, 5 }, snn.randint(5, 6, 2):totable())
    assert.equal("float32", snn.randint(0, 2, 3, { dtype = "float32" }).dtype)
    fails("ValueError", "randint: 'low' must be below 'high', got 3 and 3", snn.randint, 3, 3, 2)
  end)

  it("randperm has each of 1 .. n once", function()
    for _, n in ipairs { 1, 2, 10, 1000 } do
      local p = snn.randperm(n)
      assert.equal("int64", p.dtype)
      local seen = {}
      for _, v in ipairs(p:totable()) do seen[v] = true end
      assert.equal(n, #seen)
    end
  end)

  it("randperm has all orders equally often", function()
    local count = {}
    for _ = 1, 1200 do
      local key = table.concat(snn.randperm(3):totable())
      count[key] = (count[key] or 0) + 1
    end
    local orders = 0
    for _, n in pairs(count) do
      orders = orders + 1
      assert(math.abs(n - 200) < 70)
    end
    assert.equal(6, orders)
  end)
end)

describe("bernoulli", function()
  it("is true as often as its probability", function()
    local t = snn.bernoulli(0.3, { 200, 500 })
    assert.equal("bool", t.dtype)
    assert(math.abs(part(t) - 0.3) < 0.01)
  end)

  it("takes a probability for each element", function()
    local p = snn.tensor({ { 0, 1 }, { 0.5, 0.25 } }):unsqueeze(1):expand(5000, 2, 2)
    local mean = snn.bernoulli(p, { dtype = "float64" }):mean(1)
    assert.is_true(mean:allclose(snn.tensor { { 0, 1 }, { 0.5, 0.25 } }, 0, 0.04))
    assert.equal(0, mean[1][1])
    assert.equal(1, mean[1][2])
  end)

  it("refuses what is no probability", function()
    fails("ValueError", "bernoulli: 'p' must be from 0 to 1, got 1.5", snn.bernoulli, 1.5, 2)
    fails("ValueError", "bernoulli: 'p' must be from 0 to 1, got", snn.bernoulli,
      snn.tensor { 0.5, 0 / 0 })
    fails("TypeError", "bernoulli: 'p' must be a tensor or a number, got string 'x'",
      snn.bernoulli, "x", 2)
  end)
end)

describe("poisson", function()
  for _, rate in ipairs { 0.3, 4, 9.99, 10, 35, 1000, 1e7 } do
    it("has mean and variance " .. rate, function()
      local t = snn.poisson(rate, { 200, 200 }, { dtype = "float64" })
      t = t - rate
      local n = t.numel
      assert(math.abs(t:mean():item()) < 5 * (rate / n) ^ 0.5)
      assert(math.abs(t:var():item() / rate - 1) < 5 * ((2 + 1 / rate) / n) ^ 0.5)
    end)
  end

  it("has the probabilities of the law", function()
    local t = snn.poisson(2, 100000)
    for k, p in pairs { [0] = 0.135335, 0.270671, 0.270671, 0.180447, 0.090224 } do
      assert(math.abs(part(t:eq(k)) - p) < 0.008)
    end
    t = snn.poisson(12, 100000)
    for k, p in pairs { [8] = 0.065523, [12] = 0.114368, [16] = 0.054293 } do
      assert(math.abs(part(t:eq(k)) - p) < 0.006)
    end
  end)

  it("takes a rate for each element and keeps its dtype", function()
    local t = snn.poisson(snn.tensor({ 0, 1e3 }, { dtype = "float64" }))
    assert.equal("float64", t.dtype)
    assert.equal(0, t[1])
    assert(math.abs(t[2] - 1000) < 200)
    assert.equal("float32", snn.poisson(snn.tensor({ 3 }, { dtype = "int64" })).dtype)
  end)

  it("refuses rates below 0 and not finite", function()
    for _, rate in ipairs { -1, 0 / 0, math.huge } do
      fails("ValueError", "poisson: 'rate' must be finite and at least 0", snn.poisson, rate, 2)
    end
  end)
end)

describe("the forms with _like", function()
  it("take shape and, if real, dtype", function()
    local t = snn.zeros(2, 3, { dtype = "float64" })
    assert.same({ 2, 3 }, snn.rand_like(t).shape)
    assert.equal("float64", snn.rand_like(t).dtype)
    assert.equal("float64", snn.randn_like(t).dtype)
    assert.equal("float32", snn.randn_like(t:to("int64")).dtype)
    assert.equal("int64", snn.randint_like(t:to("int64"), 1, 5).dtype)
  end)
end)
