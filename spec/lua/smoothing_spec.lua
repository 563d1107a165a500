local snn = require "snn"
local support = require "spec.support"
local fails = support.fails

local function x(v) return snn.tensor({ v }, { dtype = "float64" }) end

describe("exponential_smoothing", function()
  it("begins with the observation, then weighs", function()
    local level = snn.exponential_smoothing(x(4), nil, { alpha = 0.25 })
    assert.equal(4, level[1])
    level = snn.exponential_smoothing(x(8), level, { alpha = 0.25 })
    assert.equal(5, level[1])
    assert.equal("float64", level.dtype)
  end)

  it("takes a factor for each element", function()
    local level = snn.exponential_smoothing(snn.tensor { 1, 1 }, snn.zeros(2),
      { alpha = snn.tensor { 0, 0.5 } })
    assert.same({ 0, 0.5 }, level:totable())
  end)

  it("gives a tensor of its own", function()
    local obs = snn.ones(1)
    snn.exponential_smoothing(obs, nil, { alpha = 0.5 }):fill_(3)
    assert.equal(1, obs[1])
  end)

  it("names what is wrong", function()
    fails("TypeError", "'obs' must be a tensor", snn.exponential_smoothing, 1, nil, { alpha = 1 })
    fails("TypeError", "'level' must be a tensor or nil", snn.exponential_smoothing, x(1), 1,
      { alpha = 1 })
    fails("TypeError", "'alpha' is missing", snn.exponential_smoothing, x(1), nil)
  end)
end)

describe("holt_linear_smoothing", function()
  it("has no trend at first, then follows a line exactly", function()
    local options, level, trend = { alpha = 0.5, beta = 0.25 }, nil, nil
    for t = 0, 5 do
      level, trend = snn.holt_linear_smoothing(x(3 + 2 * t), level, trend, options)
      assert.equal(3 + 2 * t, level[1])
      if t == 0 then assert.is_nil(trend) else assert.equal(2, trend[1]) end
    end
  end)

  it("is 0 below the smallest normal number", function()
    local level = x(3 * 0x1p-1022)
    level = snn.exponential_smoothing(x(0), level, { alpha = 0.5 })
    assert.equal(1.5 * 0x1p-1022, level[1])
    assert.equal(0, snn.exponential_smoothing(x(0), level, { alpha = 0.5 })[1])
    local a, b = snn.holt_linear_smoothing(x(0), level, x(0), { alpha = 0.5, beta = 0.5 })
    assert.equal(0, a[1])
    assert.equal(0, b[1])
  end)

  it("weighs level and trend", function()
    local level, trend = snn.holt_linear_smoothing(x(8), x(2), x(2), { alpha = 0.5, beta = 0.25 })
    assert.equal(6, level[1])    -- 0.5 * 8 + 0.5 * (2 + 2)
    assert.equal(2.5, trend[1])  -- 0.25 * (6 - 2) + 0.75 * 2
  end)

  it("names what is wrong", function()
    fails("TypeError", "'beta' is missing", snn.holt_linear_smoothing, x(1), nil, nil,
      { alpha = 1 })
    fails("TypeError", "did you mean 'beta'", snn.holt_linear_smoothing, x(1), nil, nil,
      { alpha = 1, betta = 1 })
  end)
end)
