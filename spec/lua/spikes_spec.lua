local snn = require "snn"
local support = require "spec.support"
local fails = support.fails
local NAN <const> = 0 / 0

local function values(expected, t)
  local got = t:flatten():totable()
  assert.equal(#expected, #got)
  for i, v in ipairs(expected) do
    assert.is_true(got[i] == v or (v ~= v and got[i] ~= got[i]))
  end
end

local function spikes(list) return snn.tensor(list):to("bool") end

describe("isi", function()
  local trains = spikes { { 1, 0, 1, 1 }, { 0, 1, 0, 1 }, { 0, 0, 0, 1 } }

  it("gives the times between spikes, NaN behind the last", function()
    local t = snn.isi(trains, 0.5)
    assert.same({ 3, 2 }, t.shape)
    assert.equal("float32", t.dtype)
    values({ 1, 0.5, 1, NAN, NAN, NAN }, t)
  end)

  it("takes time as the first dimension", function()
    local t = snn.isi(trains:transpose(1, 2), 0.5, { time_first = true })
    assert.same({ 2, 3 }, t.shape)
    values({ 1, 1, NAN, 0.5, NAN, NAN }, t)
  end)

  it("takes more dimensions", function()
    local many = trains:reshape(3, 1, 4):expand(3, 2, 4)
    assert.same({ 3, 2, 2 }, snn.isi(many, 1).shape)
    local first = snn.isi(many:permute(3, 1, 2), 1, { time_first = true })
    assert.same({ 2, 3, 2 }, first.shape)
    values({ 2, 2, 2, 2, NAN, NAN, 1, 1, NAN, NAN, NAN, NAN }, first)
  end)

  it("counts steps without a step_time, and any non-zero element", function()
    values({ 3 }, snn.isi(snn.tensor { -0.5, 0, 0, 2 }))
  end)

  it("has no intervals where no train has two spikes", function()
    assert.same({ 3, 0 }, snn.isi(snn.zeros(3, 5), 1).shape)
    assert.same({ 0, 2 }, snn.isi(spikes { { 1, 0 }, { 0, 1 } }, 1, { time_first = true }).shape)
    assert.same({ 0, 0 }, snn.isi(snn.zeros(0, 5), 1).shape)
    assert.same({ 2, 0 }, snn.isi(snn.zeros(2, 0), 1).shape)
  end)

  it("names what is wrong", function()
    fails("TypeError", "'spikes' must be a tensor", snn.isi, { 1 }, 1)
    fails("TypeError", "'step_time' must be a number", snn.isi, trains, "1")
    fails("ValueError", "dimension of time", snn.isi, snn.tensor(1), 1)
    fails("TypeError", "'time_first'", snn.isi, trains, 1, { time_first = 1 })
  end)
end)

describe("victor_purpura_pair_dist", function()
  local dist = snn.victor_purpura_pair_dist
  local a, b = snn.tensor { 1, 5, 9 }, snn.tensor { 2, 9 }

  it("is the difference of the counts when moving is free", function()
    values({ 1 }, dist(a, b, 0))
  end)

  it("is the number of spikes that differ when moving is too dear", function()
    values({ 3 }, dist(a, b, math.huge))
    values({ 3 }, dist(a, b, 100))
  end)

  it("moves where that is cheaper than removing and adding", function()
    values({ 1.25 }, dist(a, b, 0.25)) -- 1 to 2, 5 removed
  end)

  it("gives one distance for each cost", function()
    values({ 1, 1.25, 3 }, dist(a, b, snn.tensor { 0, 0.25, 2 }))
    assert.equal("float64", dist(a:to("float64"), b, 1).dtype)
  end)

  it("is a metric", function()
    snn.manual_seed(1)
    local function train(n) return (snn.rand(n, { dtype = "float64" }) * 100):sort() end
    for i = 1, 10 do
      local x, y, z = train(i), train(11 - i), train(5)
      local xy, yz, xz = dist(x, y, 0.1)[1], dist(y, z, 0.1)[1], dist(x, z, 0.1)[1]
      assert.near(xy, dist(y, x, 0.1)[1], 1e-12)
      assert.equal(0, dist(x, x, 0.1)[1])
      assert.is_true(xz <= xy + yz + 1e-12)
    end
  end)

  it("counts the spikes beside an empty train", function()
    values({ 3 }, dist(a, snn.zeros(0), 1))
    values({ 0 }, dist(snn.zeros(0), snn.zeros(0), 1))
  end)

  it("names what is wrong", function()
    fails("TypeError", "'t0' must be a tensor", dist, 1, b, 1)
    fails("ValueError", "'t1' must have one dimension", dist, a, snn.ones(2, 2), 1)
    fails("ValueError", "'cost' must not be negative", dist, a, b, -1)
    fails("TypeError", "'cost' must be", dist, a, b, "1")
  end)
end)
