local snn = require "snn"

local NAN <const> = 0 / 0

local function fails(kind, text, fn, ...)
  local ok, e = pcall(fn, ...)
  assert.is_false(ok)
  assert.equal(kind, e.kind)
  assert.equal(text, e.message)
end

describe("normalize", function()
  for _, dtype in ipairs { "float32", "float64" } do
    context("of a " .. dtype .. " tensor", function()
      local t = snn.tensor({ { 3, -4 }, { 6, 8 } }, { dtype = dtype })

      it("divides by the norm of all elements without dim", function()
        local n = snn.normalize(t, 1)
        assert.equal(dtype, n.dtype)
        local want = snn.tensor({ { 3 / 21, -4 / 21 }, { 6 / 21, 8 / 21 } }, { dtype = dtype })
        assert.same(want:totable(), n:totable())
      end)

      it("divides by the norms along a dimension", function()
        local want = snn.tensor({ { 0.6, -0.8 }, { 0.6, 0.8 } }, { dtype = dtype })
        assert.same(want:totable(), snn.normalize(t, 2, { dim = 2 }):totable())
        assert.same({ { 0.5, -0.5 }, { 1, 1 } },
          snn.normalize(t, math.huge, { dim = 1 }):totable())
        assert.same({ { 1, -1 }, { 2, 2 } },
          snn.normalize(t, math.huge, { dim = { 1 }, scale = 2 }):totable())
      end)

      it("takes views and keeps their order in memory", function()
        local view = t:transpose(1, 2)
        local n = snn.normalize(view, 2, { dim = 1 })
        local want = snn.tensor({ { 0.6, 0.6 }, { -0.8, 0.8 } }, { dtype = dtype })
        assert.same(want:totable(), n:totable())
        assert.same({ 2, 2 }, n.shape)
        assert.same(want:transpose(1, 2):totable(), n:transpose(1, 2):totable())
      end)
    end)
  end

  it("takes several dimensions", function()
    local t = snn.ones(2, 3, 4)
    local n = snn.normalize(t, 1, { dim = { 1, 3 } })
    assert.same({ 2, 3, 4 }, n.shape)
    assert.equal(1 / 8, n[1][2][3])
    local turned = snn.normalize(t:permute(3, 1, 2), 1, { dim = -1, scale = 1.5 })
    assert.same({ 4, 2, 3 }, turned.shape)
    assert.equal(0.5, turned[4][2][3])
  end)

  it("divides by epsilon where the norm is below it", function()
    local t = snn.tensor { { 0, 0 }, { 0.25, 0.25 } }
    assert.same({ { 0, 0 }, { 0.5, 0.5 } }, snn.normalize(t, 1, { dim = 2 }):totable())
    assert.same({ { 0, 0 }, { 0.25, 0.25 } },
      snn.normalize(t, 1, { dim = 2, epsilon = 1 }):totable())
  end)

  it("keeps NaN in what it is divided into", function()
    local n = snn.normalize(snn.tensor { { 1, NAN }, { 1, 3 } }, 1, { dim = 2 }):totable()
    assert.is_true(n[1][1] ~= n[1][1] and n[1][2] ~= n[1][2])
    assert.same({ 0.25, 0.75 }, n[2])
  end)

  it("makes float32 of int64 and bool", function()
    local n = snn.normalize(snn.tensor({ 1, 3 }, { dtype = "int64" }), 1)
    assert.equal("float32", n.dtype)
    assert.same({ 0.25, 0.75 }, n:totable())
    assert.same({ 1, 0 }, snn.normalize(snn.tensor { true, false }, 2):totable())
  end)

  it("gives 1 for an element that is its own norm", function()
    local t = snn.arange(1, 200):to("float64")
    local ones = snn.normalize(t:reshape(199, 1), 1, { dim = 2 })
    assert.equal(199, ones:eq(1):sum():item())
  end)

  it("takes empty tensors and tensors without dimensions", function()
    assert.same({ 0, 3 }, snn.normalize(snn.zeros(0, 3), 2).shape)
    assert.same({ 0, 3 }, snn.normalize(snn.zeros(0, 3), 2, { dim = 1 }).shape)
    assert.equal(-1, snn.normalize(snn.tensor(-5), 2):item())
  end)

  it("makes large tensors sum to the scale", function()
    local w = snn.ones(100, 784)
    for _, view in ipairs { w, snn.ones(784, 100):transpose(1, 2) } do
      local n = snn.normalize(view, 1, { dim = 2, scale = 78.5 })
      assert.near(78.5, n:sum(2):amin():item(), 1e-4)
      assert.near(78.5, n:sum(2):amax():item(), 1e-4)
    end
  end)

  it("refuses wrong arguments", function()
    local t = snn.ones(2, 2)
    fails("TypeError", "normalize: 'data' must be a tensor, got number 1", snn.normalize, 1, 2)
    fails("TypeError", "normalize: 'order' must be a number, got no value", snn.normalize, t)
    fails("ValueError", "normalize: 'order' must be a number, got nan", snn.normalize, t, NAN)
    fails("TypeError", "normalize: unknown option 'epsilo' (did you mean 'epsilon'?)",
      snn.normalize, t, 1, { epsilo = 1 })
    fails("ValueError",
      "normalize: 'dim' is 3, a tensor with 2 dimensions takes 1 to 2 or -2 to -1",
      snn.normalize, t, 1, { dim = 3 })
  end)
end)
