-- The drawn digits: a pure function of their options, alike to MNIST.
local snn = require "snn"

local function glyphs(options) return snn.data.glyphs(options) end

--- Counts of each label, 1 to 10.
local function counts(labels)
  local found = {}
  for i = 1, 10 do found[i] = 0 end
  for _, label in ipairs(labels:totable()) do found[label] = found[label] + 1 end
  return found
end

describe("data.glyphs", function()
  context("given no options", function()
    it("draws 1000 pictures of 28 x 28 as float32", function()
      local set = glyphs()
      assert.same({ 1000, 28, 28 }, set.images.shape)
      assert.equal("float32", set.images.dtype)
    end)

    it("draws every digit equally often", function()
      assert.same({ 100, 100, 100, 100, 100, 100, 100, 100, 100, 100 }, counts(glyphs().labels))
    end)

    it("labels a digit with its number plus 1", function()
      local set = glyphs { n = 20 }
      assert.equal("int64", set.labels.dtype)
      assert.same({ 2, 2, 2, 2, 2, 2, 2, 2, 2, 2 }, counts(set.labels))
      assert.same({ "0", "1", "2", "3", "4", "5", "6", "7", "8", "9" }, set.classes)
    end)

    it("is about as bright as MNIST", function()
      assert.near(0.13, glyphs().images:mean():item(), 0.01)
    end)

    it("keeps to [0, 1]", function()
      local images = glyphs { n = 100, noise = 0.5 }.images
      assert.equal(0, images:min():item())
      assert.equal(1, images:max():item())
    end)
  end)

  context("given a seed", function()
    it("draws the same again", function()
      assert.is_true(glyphs { n = 50, seed = 7 }.images:equal(glyphs { n = 50, seed = 7 }.images))
    end)

    it("draws others with another seed", function()
      local a, b = glyphs { n = 50, seed = 7 }, glyphs { n = 50, seed = 8 }
      assert.is_false(a.images:equal(b.images))
      assert.is_false(a.labels:equal(b.labels))
    end)

    it("draws the same first ones for any number", function()
      local few, many = glyphs { n = 33 }, glyphs { n = 70 }
      assert.is_true(few.images:equal(many:slice(1, 33).images))
      assert.is_true(few.labels:equal(many:slice(1, 33).labels))
    end)

    it("draws the same bits with any number of threads", function()
      local threads = snn.get_num_threads()
      snn.set_num_threads(1)
      local one = glyphs { n = 200 }
      snn.set_num_threads(4)
      local four = glyphs { n = 200 }
      snn.set_num_threads(threads)
      assert.is_true(one.images:equal(four.images))
    end)

    it("neither reads nor moves the generator", function()
      snn.manual_seed(3)
      local expected = snn.rand(4)
      snn.manual_seed(3)
      local set = glyphs { n = 10 }
      assert.is_true(snn.rand(4):equal(expected))
      assert.is_true(glyphs { n = 10 }.images:equal(set.images))
    end)
  end)

  context("given no jitter and no noise", function()
    it("draws each digit in the few styles it has", function()
      local set = glyphs { n = 100, jitter = 0, noise = 0, digits = { 4 } }
      local first, seen = set.images:totable(), {}
      for _, picture in ipairs(first) do
        for i, row in ipairs(picture) do picture[i] = table.concat(row, " ") end
        seen[table.concat(picture, "\n")] = true
      end
      local styles = 0
      for _ in pairs(seen) do styles = styles + 1 end
      assert.equal(2, styles)
    end)

    it("keeps to a box of 20 x 20", function()
      local shadow = glyphs { n = 100, jitter = 0, noise = 0 }.images:gt(0)
      assert.equal(20, shadow:any(3):sum(2):max():item()) -- rows with ink
      assert.is_true(shadow:any(2):sum(2):max():item() <= 20)
    end)

    it("puts the centre of mass in the middle", function()
      local images = glyphs { n = 100, jitter = 0, noise = 0 }.images
      local place, mass = snn.arange(28) + 0.5, images:sum { 2, 3 }
      local x = images:sum(2):mul(place):sum(2) / mass
      local y = images:sum(3):mul(place):sum(2) / mass
      -- the strokes' centre; where they overlap, the ink's is a little off
      assert.is_true((x - 14):abs():max():item() < 0.6)
      assert.is_true((y - 14):abs():max():item() < 0.6)
    end)
  end)

  context("given digits", function()
    it("draws these alone", function()
      assert.same({ 0, 0, 0, 4, 0, 0, 0, 4, 0, 0 },
        counts(glyphs { n = 8, digits = { 7, 3 } }.labels))
    end)

    it("refuses a digit twice", function()
      local _, err = pcall(glyphs, { digits = { 1, 2, 1 } })
      assert.equal("ValueError", err.kind)
    end)

    it("refuses an empty list and what is no digit", function()
      for _, digits in ipairs { {}, { 10 }, { -1 } } do
        local _, err = pcall(glyphs, { digits = digits })
        assert.equal("ValueError", err.kind)
      end
    end)

    it("refuses what is no list of integers", function()
      for _, digits in ipairs { 3, "3", { "a" }, { 1.5 } } do
        local _, err = pcall(glyphs, { digits = digits })
        assert.equal("TypeError", err.kind)
      end
    end)
  end)

  it("draws none", function()
    assert.same({ 0, 28, 28 }, glyphs { n = 0 }.images.shape)
  end)

  it("refuses numbers out of their range", function()
    for key, value in pairs { n = -1, jitter = 4.5, noise = -0.1 } do
      local _, err = pcall(glyphs, { [key] = value })
      assert.equal("ValueError", err.kind)
      assert.truthy(err.message:find("'" .. key .. "'", 1, true), err.message)
    end
    local _, err = pcall(glyphs, { noise = 0 / 0 })
    assert.equal("ValueError", err.kind)
  end)

  it("refuses more pictures than memory holds", function()
    for _, n in ipairs { math.maxinteger, 1 << 50, 1 << 60 } do
      local ok = pcall(glyphs, { n = n })
      assert.is_false(ok)
    end
  end)

  it("names the nearest option", function()
    local _, err = pcall(glyphs, { sead = 1 })
    assert.equal("TypeError", err.kind)
    assert.truthy(err.message:find("did you mean 'seed'", 1, true))
  end)
end)
