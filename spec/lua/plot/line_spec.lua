-- snn.plot.line: lines of dots, gaps, ticks, many values.
local snn = require "snn"
local fails = require "spec.support".fails

local line = snn.plot.line
local NAN <const>, INF <const> = 0 / 0, 1 / 0

local function lines_of(plot)
  local list = {}
  for text in (tostring(plot) .. "\n"):gmatch "([^\n]*)\n" do list[#list + 1] = text end
  return list
end

local function ascii(y, ...)
  local options = select(select("#", ...), ...) or {}
  options.width, options.height, options.utf8 = 20, options.height or 10, false
  if select("#", ...) == 2 then return lines_of(line(y, (...), options)) end
  return lines_of(line(y, options))
end

describe("plot.line", function()
  -- 15 columns of one dot and 8 rows of two
  it("draws a step", function()
    local y = {}
    for i = 1, 15 do y[i] = i < 8 and 0 or 1 end
    assert.same({
      "1.0 +       :'''''''",
      "    |       :",
      "    |       :",
      "0.5 +       :",
      "    |      :",
      "    |      :",
      "    |      :",
      "0.0 +......:",
      "    +----+----+----+",
      "         5   10   15",
    }, ascii(y, {}))
  end)

  -- 16 columns of two dots and 8 rows of four: 32 each
  it("draws a diagonal of braille dots", function()
    local y = {}
    for i = 1, 32 do y[i] = i end
    assert.same({
      "30 ┤              ⡠⠊",
      "   │            ⡠⠊",
      "   │          ⡠⠊",
      "20 ┤        ⡠⠊",
      "   │      ⡠⠊",
      "10 ┤    ⡠⠊",
      "   │  ⡠⠊",
      "   │⡠⠊",
    }, table.move(lines_of(line(y, { width = 20, height = 10, utf8 = true })), 1, 8, 1, {}))
  end)

  it("leaves gaps where values are not finite, and says how many", function()
    local y = {}
    for i = 1, 17 do y[i] = 1 end
    y[4], y[5], y[9] = NAN, INF, -INF
    local lines = ascii(y, { height = 12 })
    local row
    for _, text in ipairs(lines) do row = row or text:match "^1.0 .(.*)" end
    local dots = {}
    for i = 1, #row do dots[i] = row:sub(i, i):find "[.':]" and 1 or 0 end
    assert.equal(0, dots[4])
    assert.equal("1 NaN, 2 infinite", lines[#lines]:sub(1, 17))
  end)

  it("draws one value, equal values, zeros, true and false, nothing", function()
    assert.truthy(table.concat(ascii({ 3 }, {}), "\n"):find "3.0 %+")
    assert.truthy(table.concat(ascii({ 0, 0 }, {}), "\n"):find "0 %+[.':]+\n")
    assert.truthy(table.concat(ascii(snn.tensor { true, false }, {}), "\n"):find "1.0 %+")
    assert.truthy(table.concat(ascii({}, {}), "\n"):find "no data")
    assert.truthy(table.concat(ascii({ NAN }, {}), "\n"):find "nothing finite")
  end)

  it("has round ticks, negative, small and large ones", function()
    local function ticks(low, high)
      local found = {}
      for _, text in ipairs(ascii({ low, high }, { height = 14 })) do
        found[#found + 1] = text:match "^ *(%S+) %+[^-]"
      end
      return table.concat(found, " ")
    end
    assert.equal("1.0 0.5 0.0", ticks(0, 1))
    assert.equal("-50 -60 -70", ticks(-73, -48))
    assert.equal("2e-05 1.5e-05 1e-05", ticks(1e-5, 2e-5))
    assert.equal("0 -1e+07 -2e+07", ticks(0, -2e7))
    assert.equal("1e+308 0 -1e+308", ticks(-1.7e308, 1.7e308))
  end)

  it("says the unit, and time where it knows the step time", function()
    local text = tostring(line({ 1, 2, 3 }, { ylabel = "voltage", unit = "mV", step_time = 0.5 }))
    assert.truthy(text:find("^voltage %(mV%)\n"))
    assert.truthy(text:find("time (ms)", 1, true))
    assert.truthy(tostring(line({ 1, 2 }, { unit = "mV" })):find "^mV\n")
  end)

  it("draws over x", function()
    assert.same(ascii({ 1, 3, 2 }, {}), ascii({ 1, 3, 2 }, { 1, 2, 3 }, { xlabel = "" }))
    local circle = snn.linspace(0, 6.3, 50)
    assert.truthy(tostring(line(circle:sin(), circle:cos(), { utf8 = true })):find "⡇")
  end)

  it("tells lines apart by signs or by colours, with a legend", function()
    local y = { low = { 1, 1 }, high = { 2, 2 } }
    local text = tostring(line(y, { width = 30, height = 12, utf8 = false }))
    assert.truthy(text:find "%+%*+\n")
    assert.truthy(text:find "%+o+\n")
    assert.truthy(text:find("* high   o low", 1, true))
    local columns = snn.tensor { { 2, 1 }, { 2, 1 } }
    assert.truthy(tostring(line(columns, { utf8 = false })):find("* 1   o 2", 1, true))
    local colored = tostring(line(y, { color = true, utf8 = true }))
    assert.truthy(colored:find("\27[36m━ high\27[0m", 1, true))
    assert.truthy(tostring(line(snn.rand(5, 20))):find "20 lines")
  end)

  it("takes steps of a batch, lists of series, monitors", function()
    local y = snn.rand(6, 2, 3)
    assert.same(ascii(y:select(2, 2), {}), ascii(y, { sample = 2 }))
    local one = snn.rand(6, 2)
    assert.same(ascii(one, {}), ascii({ one:select(2, 1), one:select(2, 2) }, {}))
    local reducer = snn.PassthroughReducer { step_time = 2, duration = 12 }
    for i = 1, 6 do reducer(one[i]:unsqueeze(1)) end
    assert.same(ascii(one, { step_time = 2 }), ascii(reducer, {}))
  end)

  context("given more values than dots", function()
    local function column_of(text, x) return text:sub(x + 5, x + 5) end

    it("shows the least and the greatest of each column", function()
      local y = snn.zeros(15000)
      y[7500] = 1 -- in the eighth of 15 columns
      local lines = ascii(y, {})
      assert.equal(":", column_of(lines[1], 8))
      for x = 1, 15 do
        assert.equal(x == 8 and ":" or ".", column_of(lines[8], x), x)
        if x ~= 8 then assert.matches("^ ?$", column_of(lines[4], x)) end
      end
    end)

    it("draws the same over an ascending x, and leaves gaps", function()
      snn.manual_seed(1)
      local y = snn.randn(5100):cumsum(1)
      assert.same(ascii(y, {}), ascii(y, snn.arange(1, 5101), {}))
      y:narrow(1, 1501, 600):fill_(NAN) -- columns 6 and 7
      local lines = ascii(y, { height = 11 })
      for row = 1, 8 do
        assert.matches("^ ?$", lines[row]:match "^ *%-?%d* *[|+](.*)$":sub(6, 6))
      end
      assert.equal("600 NaN not drawn", lines[#lines])
    end)

    it("draws dots where x has no order", function()
      snn.manual_seed(1)
      local x, y = snn.rand(20000), snn.rand(20000)
      local text = tostring(line(y, x, { width = 40, height = 12, utf8 = true }))
      local full = select(2, text:gsub("⣿", ""))
      assert.is_true(full > 200)
      y[1], x[2] = NAN, INF
      assert.truthy(tostring(line(y, x)):find "1 NaN not drawn")
    end)
  end)

  it("refuses what it cannot draw", function()
    fails("ValueError", "'x' must be as long as 'y', 3, got 2", line, { 1, 2, 3 }, { 1, 2 })
    fails("TypeError", "'x' must be a tensor or a list, got number 3", line, { 1 }, 3)
    fails("TypeError", "'y' must be a tensor or a list of numbers: [2] must be a number", line,
      { 1, "a" })
    fails("ValueError", "'x' must have one dimension", line, snn.ones(2), snn.ones(2, 2))
    fails("ValueError", "'low' must have one dimension", line, { low = snn.ones(2, 2) })
    fails("ValueError", "got both", line, { 1 }, { 1 }, { step_time = 1 })
    fails("ValueError", "'range' must be", line, { 1 }, { range = { 2, 1 } })
    fails("TypeError", "'range' must be", line, { 1 }, { range = 3 })
    fails("TypeError", "'y' is missing", line)
  end)
end)
