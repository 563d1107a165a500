local snn = require "snn"

local function fails(kind, text, fn, ...)
  local ok, e = pcall(fn, ...)
  assert.is_false(ok)
  assert.equal(kind, e.kind)
  assert.equal(text, e.message)
end

describe("rescale", function()
  local t = snn.tensor { { 1, 2, 5 }, { 3, 4, 9 } }

  it("maps the extrema to the given ends", function()
    assert.same({ { 0, 0.125, 0.5 }, { 0.25, 0.375, 1 } }, snn.rescale(t, 0, 1):totable())
    assert.same({ { 1, 0.75, 0 }, { 0.5, 0.25, -1 } }, snn.rescale(t, 1, -1):totable())
  end)

  it("takes extrema along a dimension", function()
    assert.same({ { 0, 0.25, 1 }, { 0, 1 / 6, 1 } },
      snn.rescale(t:to("float64"), 0, 1, { dim = 2 }):totable())
    assert.same({ { 0, 0, 0 }, { 1, 1, 1 } }, snn.rescale(t, 0, 1, { dim = 1 }):totable())
    assert.same(snn.rescale(t, 0, 1):totable(), snn.rescale(t, 0, 1, { dim = { 1, 2 } }):totable())
  end)

  it("keeps an end that is not given", function()
    assert.same({ { 1, 3.25, 10 }, { 5.5, 7.75, 19 } }, snn.rescale(t, nil, 19):totable())
    assert.same({ { -7, -5, 1 }, { -3, -1, 9 } }, snn.rescale(t, -7):totable())
  end)

  it("takes the source's ends from the caller", function()
    local n = snn.rescale(t, 0, 1, { srcmin = -7, srcmax = 9 })
    assert.same({ { 0.5, 0.5625, 0.75 }, { 0.625, 0.6875, 1 } }, n:totable())
  end)

  it("is NaN where the source is constant", function()
    local n = snn.rescale(snn.ones(1), 0, 1)[1]
    assert.is_true(n ~= n)
  end)

  it("refuses wrong arguments", function()
    fails("TypeError", "rescale: 'data' must be a tensor, got number 1", snn.rescale, 1, 0, 1)
    fails("TypeError", "rescale: 'resmax' must be a number or a tensor, got string 'x'",
      snn.rescale, t, 0, "x")
    fails("TypeError", "rescale: unknown option 'src_min' (did you mean 'srcmin'?)",
      snn.rescale, t, 0, 1, { src_min = 0 })
  end)

  it("blames the caller", function()
    local _, e = pcall(function() return snn.rescale(1) end)
    assert.is_truthy(e.where:find("math_spec.lua", 1, true))
  end)
end)
