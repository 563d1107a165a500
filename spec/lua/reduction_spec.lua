local snn = require "snn"
local support = require "spec.support"
local near = require "spec.near"
local fails = support.fails
local F <const>, NAN <const> = snn.functional, 0 / 0

---Asserts the elements within 1e-6 (relative), NaN where NaN is expected.
for _, dtype in ipairs { "float32", "float64" } do
  describe("reductions of " .. dtype, function()
    local function of(list) return snn.tensor(list, { dtype = dtype }) end
    local t = of { { 3, 4, 1 }, { -7, -5, 2 } }
    local holes = of { { 3, NAN, 1 }, { NAN, NAN, 2 } }

    it("sum, and divide", function()
      near({ -4, -1, 3 }, F.sum(t, 1))
      near({ -0.5 }, F.divsum(t, nil, false, { denom = 4 }))
      near({ 4, 2 }, F.nansum(holes, 2))
      near({ 2, 1 }, F.nandivsum(holes, 2, false, { denom = 2 }))
      near({ 8 / 3, -10 / 3 }, F.mean(t, 2))
      near({ 3, NAN, 1.5 }, F.nanmean(holes, 1))
      assert.equal(dtype, F.nanmean(holes, 1).dtype)
    end)

    it("choose", function()
      near({ -7, -5, 1 }, F.min(t, 1))
      near({ 4, 2 }, F.max(t, 2))
      near({ 3, 4, 1 }, F.absmin(t, 1))
      near({ -7, -5, 2 }, F.absmax(t, 1))
      near({ 4, -7 }, F.absmax(t, 2))
      near({ 2 }, F.absmax(of { -2, 2 }))
      near({ NAN }, F.absmax(of { -2, NAN }))
    end)

    it("rank", function()
      local list = of { 5, 1, 3, 2 }
      near({ 2.5 }, F.median(list))
      near({ 2.5 }, F.quantile(list))
      local at = { linear = 1.75, lower = 1, lowest = 1, higher = 2, nearest = 2, midpoint = 1.5 }
      for mode, want in pairs(at) do
        near({ want }, F.quantile(list, nil, false, { q = 0.25, interpolation = mode }))
        near({ want }, F.nanquantile(of { 5, NAN, 1, 3, 2, NAN }, 1, false,
          { q = 0.25, interpolation = mode }))
      end
      near({ NAN, 2 }, F.median(of { { 1, NAN }, { 2, 2 } }, 2))
    end)

    it("rank what is no NaN", function()
      near({ 2, 2 }, F.nanmedian(holes, 2))
      near({ 3, NAN, 1.5 }, F.nanmedian(holes, 1))
      near({ 3, NAN, 2 }, F.nanquantile(holes, 1, false, { q = 1 }))
      assert.equal(dtype, F.nanmedian(holes, 1).dtype)
    end)

    it("give geometric means of what is not 0", function()
      near({ 4 }, F.geomean(of { 2, 0, 8 }))
      near({ 0 }, F.geomean(of { 0, 0 }))
      near({ 4 }, F.nangeomean(of { 1, 4, 16, NAN, 0 }))
      near({ 4 }, F.geomean(of { 1, 4, 16 }))
      near({ 0 }, F.nangeomean(of { 0, NAN }))
      near({ NAN }, F.geomean(of { 2, NAN }))
    end)
  end)
end

describe("reductions along dimensions", function()
  local NAMES <const> = {}
  for name in ([[sum nansum divsum nandivsum min absmin max absmax mean nanmean quantile nanquantile
    median nanmedian geomean nangeomean]]):gmatch "%S+" do NAMES[#NAMES + 1] = name end
  local t = snn.arange(1, 25):reshape(2, 3, 4)

  for _, name in ipairs(NAMES) do
    it("are those of the joined elements: " .. name, function()
      local joined = t:permute(2, 1, 3):reshape(3, 8)
      local want = F[name](joined, 2)
      assert.is_true(want:allclose(F[name](t, { 1, 3 })))
      assert.is_true(want:allclose(F[name](t, { -1, 1 })))
      assert.same({ 1, 3, 1 }, F[name](t, { 1, 3 }, true).shape)
      assert.is_true(want:allclose(F[name](t, { 1, 3 }, true):flatten()))
      assert.same({}, F[name](t).shape)
      assert.same({ 1, 1, 1 }, F[name](t, nil, true).shape)
      assert.is_true(F[name](t):allclose(F[name](t:flatten(), 1)))
    end)

    it("take views: " .. name, function()
      assert.is_true(F[name](t, 3):allclose(F[name](t:transpose(1, 3), 1):transpose(1, 2)))
    end)

    it("refuse what is no dimension: " .. name, function()
      fails("ValueError", "dim", F[name], t, 4)
      fails("ValueError", "dim", F[name], t, { 1, -3 })
      fails("TypeError", "'data' must be a tensor, got number 1", F[name], 1)
      fails("TypeError", "unknown option", F[name], t, 1, false, { quantil = 1 })
    end)
  end

  it("take integers and spikes", function()
    local spikes = snn.tensor { { true, false }, { true, true } }
    assert.same({ 2, 1 }, F.sum(spikes, 1):totable())
    assert.same({ 1, 0.5 }, F.divsum(spikes, 1, false, { denom = 2 }):totable())
    assert.same({ -3 }, F.absmax(snn.tensor({ { 2, -3 } }, { dtype = "int64" }), 2):totable())
    assert.equal(1.5, F.nanmedian(snn.tensor({ 1, 2 }, { dtype = "int64" })):item())
  end)

  it("refuse ranks and denominators that are none", function()
    fails("ValueError", "'q' must be from 0 to 1, got 1.5", F.quantile, t, 1, false, { q = 1.5 })
    fails("TypeError", "'q'", F.nanquantile, t, 1, false, { q = "a" })
    fails("ValueError", "'interpolation' must be", F.quantile, t, 1, false,
      { interpolation = "cubic" })
    fails("TypeError", "'denom'", F.divsum, t, 1, false, { denom = "a" })
    fails("ValueError", "", F.median, snn.zeros(0))
    fails("ValueError", "", F.nanmedian, snn.zeros(0))
  end)
end)
