-- snn.plot.hist: counts, edges, bars.
local snn = require "snn"
local fails = require "spec.support".fails

local hist = snn.plot.hist

describe("plot.hist", function()
  it("draws a bar for each bin, a full row for the greatest count but one for labels", function()
    local x = { 0, 0, 0, 0, 1, 1, 2, 2, 2 }
    local plot = hist(x, { width = 21, height = 12, utf8 = true, range = { 0, 3 }, bins = 3,
      ylabel = "", xlabel = "x" })
    assert.equal(table.concat({
      "  │  4",
      "4 ┤██████        3",
      "  │██████  2   ▆▆▆▆▆▆",
      "2 ┤██████▄▄▄▄▄▄██████",
      "  │██████████████████",
      "  │██████████████████",
      "0 ┴┬─────┬─────┬────┬",
      "   0     1     2    3",
      "           x",
      "9 values",
      "mean 0.8889",
      "std 0.928",
    }, "\n"), tostring(plot))
    assert.same({ 4, 2, 3 }, plot.counts:totable())
    assert.same({ 0, 1, 2, 3 }, plot.edges:totable())
  end)

  it("counts each value once, in float64", function()
    snn.manual_seed(1)
    for _, bins in ipairs { 1, 7, 20, 60 } do
      local x = snn.randn(1000)
      local plot = hist(x, { bins = bins, width = 80 })
      assert.equal(1000, plot.counts:sum():item())
      local edges, counts = plot.edges:totable(), plot.counts:totable()
      local below = 0
      for i = 1, bins - 1 do
        below = below + counts[i]
        local expected = x:to("float64"):lt(edges[i + 1]):sum():item()
        assert.is_true(math.abs(expected - below) <= 1)
      end
    end
  end)

  it("counts many values in parts as in one", function()
    local x = snn.arange(0, 3000000)
    assert.same({ 1000000, 1000000, 1000000 }, hist(x, { bins = 3 }).counts:totable())
  end)

  it("gives each of few whole numbers a bin", function()
    local plot = hist(snn.tensor { 1, 3, 3, 4 })
    assert.same({ 1, 0, 2, 1 }, plot.counts:totable())
    assert.same({ 0.5, 1.5, 2.5, 3.5, 4.5 }, plot.edges:totable())
    assert.same({ 1, 2 }, hist(snn.tensor { true, false, true }).counts:totable())
  end)

  it("leaves out what is not finite or not in the range, and says so", function()
    local plot = hist({ 0.5, 0 / 0, 1.5, 1 / 0, 20 }, { range = { 0, 2 }, bins = 2 })
    assert.same({ 1, 1 }, plot.counts:totable())
    assert.truthy(plot.text:find("1 outside of the range", 1, true))
    assert.truthy(plot.text:find("1 NaN, 1 infinite not drawn", 1, true))
    assert.truthy(plot.text:find("3 values   mean 7.333", 1, true))
  end)

  it("draws nothing, one value, equal values, extreme ones, matrices", function()
    assert.truthy(tostring(hist {}):find "no data")
    assert.truthy(tostring(hist { 0 / 0 }):find "nothing finite")
    assert.equal(0, hist({}).counts:sum():item())
    assert.equal(1, hist({ 3.5 }).counts:sum():item())
    assert.equal(2, hist({ 3.5, 3.5 }).counts:sum():item())
    local far = snn.tensor({ 1.7e308, -1.7e308 }, { dtype = "float64" })
    assert.equal(2, hist(far).counts:sum():item())
    assert.equal(2, hist({ 1e26, 1e26 }).counts:sum():item())
    assert.equal(6, hist(snn.rand(2, 3):transpose(1, 2)).counts:sum():item())
  end)

  it("is drawn in ASCII where there is no UTF-8", function()
    local text = tostring(hist({ 1, 1, 2 }, { utf8 = false, width = 30, height = 10 }))
    assert.is_nil(text:find "[\x80-\xff]")
    assert.truthy(text:find "2 %+#+")
  end)

  it("says the unit", function()
    assert.truthy(tostring(hist({ 1 }, { xlabel = "isi", unit = "ms" })):find("isi (ms)", 1, true))
  end)

  it("refuses what it cannot draw", function()
    fails("ValueError", "'bins' must be from 1 to 37 at this width, got 38", hist, { 1, 2 },
      { width = 40, bins = 38, height = 12, range = { 0, 1e9 }, title = "t", utf8 = true,
        ylabel = "counts" })
    fails("ValueError", "'bins' must be from 1 to 900, got 0", hist, { 1 }, { bins = 0 })
    fails("TypeError", "'bins' must be an integer", hist, { 1 }, { bins = 1.5 })
    fails("TypeError", "'x' is missing", hist)
  end)
end)
