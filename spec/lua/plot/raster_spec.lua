-- snn.plot.raster, and what all plots have in common: sizes, letters, options, objects.
-- Pictures are small enough to be drawn by hand.
local snn = require "snn"
local fails = require "spec.support".fails

local raster = snn.plot.raster

-- Spikes (steps, neurons) at { step, neuron } each.
local function spikes_at(steps, neurons, places)
  local t = snn.zeros(steps, neurons):ne(0)
  for _, at in ipairs(places) do t[at[1]][at[2]] = true end
  return t
end

local function lines_of(plot)
  local list = {}
  for line in (tostring(plot) .. "\n"):gmatch "([^\n]*)\n" do list[#list + 1] = line end
  return list
end

-- The signs between the axes, row by row from the top.
local function area(plot)
  local rows = {}
  for _, line in ipairs(lines_of(plot)) do
    local _, side = line:find("│", 1, true)
    if not side then _, side = line:find("┤", 1, true) end
    if side then rows[#rows + 1] = line:sub(side + 1) end
  end
  return rows
end

local function count_dots(plot)
  local n = 0
  for _, row in ipairs(area(plot)) do
    for _, code in utf8.codes(row) do
      local bits = code >= 0x2800 and code <= 0x28ff and code - 0x2800 or 0
      while bits > 0 do
        n, bits = n + (bits & 1), bits >> 1
      end
    end
  end
  return n
end

describe("plot.raster", function()
  -- 34 steps are the 34 dots of 17 columns: 20 less the labels' and the axis' 3
  it("has a row for each of few neurons, the first at the bottom, a mark for a spike", function()
    local plot = raster(spikes_at(34, 3, { { 1, 1 }, { 2, 2 }, { 18, 3 }, { 34, 3 } }),
      { width = 20, utf8 = true })
    assert.same({
      "neuron",
      "3 ┤        ⠸       ⠸",
      "2 ┤⠸",
      "1 ┤⠇",
      "  └┬────┬────┬────┬─",
      "   0   10   20   30",
      "       time (ms)",
      "4 spikes   3 neurons",
    }, lines_of(plot))
  end)

  it("is drawn in ASCII where there is no UTF-8", function()
    local plot = raster(spikes_at(17, 2, { { 1, 1 }, { 9, 2 }, { 17, 1 } }),
      { width = 20, utf8 = false, title = "µ", xlabel = "", ylabel = "" })
    assert.same({
      "           ?",
      "2 +        |",
      "1 +|               |",
      "  ++----+----+----+-",
      "   0    5   10   15",
      "3 spikes   2 neurons",
    }, lines_of(plot))
  end)

  it("has time in ms by the step time", function()
    local plot = raster(spikes_at(34, 1, {}), { width = 20, step_time = 0.1, utf8 = false })
    assert.truthy(plot.text:find("   0    1    2    3", 1, true))
  end)

  it("shows each spike of more neurons as one dot, while there are dots", function()
    snn.manual_seed(1)
    local spikes = snn.rand(100, 40):lt(0.05)
    for _, width in ipairs { 80, 200 } do
      local plot = raster(spikes, { width = width, utf8 = true })
      assert.equal(spikes:sum():item(), plot.spikes)
      assert.equal(plot.spikes, count_dots(plot))
    end
  end)

  it("shows some of each dot's spikes where neurons share dots, and says so", function()
    local plot = raster(spikes_at(4, 1000, { { 1, 1 }, { 1, 2 }, { 4, 1000 } }), { utf8 = true })
    assert.equal(2, count_dots(plot))
    assert.truthy(plot.text:find "a dot: %d+ neurons x 1 step\n?$")
  end)

  it("shades a crowd by how many spikes are in a cell", function()
    local spikes = snn.zeros(1000, 400):ne(0)
    spikes:narrow(1, 1, 500):fill_(true)
    local plot = raster(spikes, { width = 45, height = 10, utf8 = true })
    for _, row in ipairs(area(plot)) do assert.equal(("█"):rep(20), row) end
    assert.truthy(plot.text:find("░▒▓█: to 2500 spikes a cell", 1, true))
  end)

  describe("takes", function()
    local function text(value, options)
      options = options or {}
      options.width, options.utf8 = 20, false
      return tostring(raster(value, options))
    end
    local spikes <const> = spikes_at(5, 2, { { 1, 1 }, { 3, 2 } })
    local expected <const> = text(spikes)

    it("numbers, other types and views", function()
      assert.equal(expected, text(spikes:to "float32"))
      assert.equal(expected, text(spikes:to "int64" * -3))
      assert.equal(expected, text(spikes:to("float64"):totable()))
      assert.equal(expected, text(spikes:transpose(1, 2):contiguous():transpose(1, 2)))
    end)

    it("one sample of a batch, its neurons in a row", function()
      local batch = snn.stack({ spikes:logical_not(), spikes }, 2)
      assert.equal(expected, text(batch, { sample = 2 }))
      assert.equal(text(spikes:logical_not()), text(batch))
      assert.equal(expected, text(batch:unsqueeze(3), { sample = 2 }))
    end)

    it("a list of steps", function()
      local list = {}
      for i = 1, 5 do list[i] = spikes[i] end
      assert.equal(expected, text(list))
    end)

    it("what a monitor has recorded, oldest first, with its step time", function()
      local reducer = snn.PassthroughReducer { step_time = 2, duration = 10 }
      for i = 1, 5 do reducer(spikes[i]:unsqueeze(1)) end
      assert.equal(text(spikes, { step_time = 2 }), text(reducer))
    end)

    it("nothing, no spikes, one step, NaN", function()
      for _, none in ipairs { snn.zeros(0, 3), snn.zeros(3, 0), {} } do
        assert.truthy(text(none):find "no data")
      end
      assert.truthy(text(snn.zeros(5, 2)):find "0 spikes")
      assert.truthy(text(snn.ones(1, 1)):find("1 spike   1 neuron", 1, true))
      assert.truthy(text(snn.tensor { 0 / 0, 1 }):find "1 spike ")
    end)
  end)

  it("is in the README as it is drawn", function()
    local file <close> = assert(io.open "README.md")
    local text = file:read "a":match "## Look in the terminal\n(.-)\n## "
    local code, picture = text:match "```lua\n(.-)```\n\n(.-)\n\n%- "
    code = code:gsub("print(%b())", "return %1"):gsub("width =", "utf8 = true, width =")
    local plot = assert(load(code, "README", "t", { snn = snn }))()
    assert.equal(picture:gsub("^    ", ""):gsub("\n    ", "\n"), tostring(plot))
  end)

  it("refuses what it cannot draw", function()
    fails("TypeError", "'spikes' must be a tensor, a list of numbers or a monitor, got string 'x'",
      raster, "x")
    fails("TypeError", "'spikes' is missing", raster)
    fails("ValueError", "'sample' must be from 1 to 2, got 3", raster, snn.ones(3, 2, 1),
      { sample = 3 })
    fails("ValueError", "'spikes' has no samples", raster, snn.ones(3, 0, 1))
    fails("ValueError", "'step_time' must be above 0", raster, snn.ones(3, 2), { step_time = 0 })
    fails("ValueError", "[2] is {3}", raster, { snn.ones(2), snn.ones(3) })
    fails("TypeError", "'spikes' must hold tensors alone, [2] is number 3", raster,
      { snn.ones(2), 3 })
  end)
end)

describe("plots", function()
  local PLOTS <const> = {
    raster = snn.rand(300, 700):lt(0.02), line = snn.randn(3000, 3), hist = snn.randn(500),
    image = snn.rand(70, 90),
  }

  it("are within their width and height", function()
    for kind, value in pairs(PLOTS) do
      for _, width in ipairs { 20, 40, 80, 200 } do
        for _, utf8_height in ipairs { { true }, { false }, { true, 10 } } do
          local options = { utf8 = utf8_height[1], height = utf8_height[2] }
          options.width, options.title = width, ("a long title "):rep(9)
          if kind == "hist" then options.bins = 9 end
          local lines = lines_of(snn.plot[kind](value, options))
          assert.is_true(#lines <= (options.height or 22), kind)
          for _, line in ipairs(lines) do
            assert.is_true(utf8.len(line) <= width, kind .. width .. line)
            assert.is_falsy(not options.utf8 and line:find "[\x80-\xff]")
          end
        end
      end
    end
  end)

  it("are texts that do not change", function()
    local plot = snn.plot.line({ 1, 2 }, { title = "t" })
    assert.equal(plot.text, tostring(plot))
    assert.equal("t", plot.title)
    assert.equal("line", plot.kind)
    assert.equal(#lines_of(plot), plot.height)
    fails("AttributeError", "cannot be assigned", function() plot.text = "x" end)
    fails("AttributeError", "no field 'txt' (did you mean 'text'?)", function() return plot.txt end)
  end)

  it("have colours where they are asked for", function()
    for kind, value in pairs(PLOTS) do
      local plain = snn.plot[kind](value, { color = false, utf8 = true })
      assert.is_nil(plain.text:find "\27")
    end
    assert.truthy(snn.plot.image(PLOTS.image, { color = true, utf8 = true }).text:find "\27%[")
    assert.truthy(snn.plot.line(PLOTS.line, { color = true, utf8 = true }).text:find "\27%[")
  end)

  it("refuse sizes and options that are not allowed", function()
    for kind, value in pairs(PLOTS) do
      local plot = snn.plot[kind]
      fails("ValueError", "plot." .. kind .. ": 'width' must be from 20 to 1000, got 3", plot,
        value, { width = 3 })
      fails("ValueError", "'height' must be from 10 to 1000, got 0", plot, value, { height = 0 })
      fails("TypeError", "'width' must be an integer, got string 'a'", plot, value, { width = "a" })
      fails("TypeError", "'title' must be a string", plot, value, { title = 3 })
      fails("TypeError", "'utf8' must be true or false", plot, value, { utf8 = 1 })
      fails("TypeError", "did you mean 'width'?", plot, value, { widht = 30 })
    end
    fails("AttributeError", "did you mean 'raster'?", function() return snn.plot.rastr end)
  end)
end)
