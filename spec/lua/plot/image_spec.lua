-- snn.plot.image: shades, colours, averages.
local snn = require "snn"
local fails = require "spec.support".fails

local image = snn.plot.image

describe("plot.image", function()
  it("draws a pixel as two columns of a shade, the first row at the top", function()
    local plot = image({ { 0, 1, 2 }, { 3, 4, 5 } }, { utf8 = true, unit = "mV", title = "w" })
    assert.equal(table.concat({
      "     w",
      "1 ┤  ░░▒▒",
      "2 ┤▓▓████",
      "  └┬─┬─┬─",
      "   1 2 3",
      "0 [ ░▒▓█] 5 mV",
    }, "\n"), tostring(plot))
  end)

  it("is drawn in ASCII where there is no UTF-8", function()
    local text = tostring(image({ { 0, 9 } }, { utf8 = false }))
    assert.truthy(text:find("1 +  @@\n", 1, true))
    assert.truthy(text:find("0 [ .:-=+*#%@] 9", 1, true))
  end)

  it("averages blocks of what is larger than the screen", function()
    local blocks = snn.tensor { { 0, 1 }, { 1, 0.5 } }
    local m = blocks:reshape(2, 1, 2, 1):expand(2, 20, 2, 20):reshape(40, 40)
    local text = tostring(image(m, { utf8 = true, width = 20, height = 10 }))
    assert.truthy(text:find "a pixel: mean of", 1, true)
    assert.truthy(text:find " ██████\n" and text:find "┤██████▒▒▒▒▒▒\n")
    local whole = snn.arange(16):reshape(4, 4)
    assert.equal(tostring(image(whole, { utf8 = true })),
      tostring(image(whole:transpose(1, 2):contiguous():transpose(1, 2), { utf8 = true })))
  end)

  it("draws NaN as a cross, leaves it out of averages, and says so", function()
    local text = tostring(image({ { 3, 0 / 0 }, { 1, 2 } }, { utf8 = true }))
    assert.truthy(text:find("1 ┤██××", 1, true))
    assert.truthy(text:find("1 NaN not drawn", 1, true))
    local m = snn.ones(40, 40)
    m[1][1] = 0 / 0
    m[40][40] = 0
    assert.is_nil(tostring(image(m, { utf8 = true, width = 20 })):find "×")
  end)

  it("draws nothing, one value, equal values, true and false", function()
    assert.truthy(tostring(image {}):find "no data")
    assert.truthy(tostring(image(snn.zeros(0, 3))):find "no data")
    assert.truthy(tostring(image { { 0 / 0 } }):find "nothing finite")
    assert.truthy(tostring(image({ { 3 } }, { utf8 = true })):find "1 ┤▒▒")
    assert.truthy(tostring(image(snn.ones(2, 2), { utf8 = true })):find "1 ┤▒▒▒▒")
    assert.truthy(tostring(image(snn.eye(2):ne(0), { utf8 = true })):find "1 ┤██\n")
  end)

  it("has a scale of its own in a range", function()
    local text = tostring(image({ { 5, 10, 99 } }, { utf8 = true, range = { 0, 10 } }))
    assert.truthy(text:find("1 ┤▒▒████\n", 1, true))
    assert.truthy(text:find("0 [ ░▒▓█] 10", 1, true))
  end)

  it("has two rows of pixels in a line of colours where lines are few", function()
    local m = snn.tensor { { 0, 1 } }:expand(16, 2)
    local few = image(m, { color = true, utf8 = true, height = 12 })
    assert.truthy(few.text:find("\27[38;5;53;48;5;53m▀\27[0m", 1, true))
    assert.truthy(few.text:find("\27[38;5;226;48;5;226m▀\27[0m", 1, true))
    local room = image(m, { color = true, utf8 = true, height = 20 })
    assert.truthy(room.text:find("\27[48;5;53m  \27[0m\27[48;5;226m  \27[0m", 1, true))
  end)

  it("has a scale as wide as there is room", function()
    local options = { color = true, utf8 = true, unit = "mV", width = 20 }
    local text = tostring(image(snn.eye(3) / 7e5, options))
    local last = text:gsub("\27%[[%d;]*m", ""):match "[^\n]*$"
    assert.equal("0       1.429e-06 mV", last)
  end)

  it("refuses what is no matrix", function()
    fails("ValueError", "'m' must have two dimensions (rows, columns), its shape is {2}", image,
      { 1, 2 })
    fails("ValueError", "its shape is {2, 2, 2}", image, snn.ones(2, 2, 2))
    fails("TypeError", "'m' must be a tensor", image, true)
    fails("TypeError", "'m' is missing", image)
  end)
end)
