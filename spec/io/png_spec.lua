-- Pictures, read back by a small PNG reader of our own.
local snn = require "snn"

--- What `gzip` unpacks from a raw deflate stream (it complains about the sum
--- that we do not know, after having written everything).
local function inflate(raw)
  local path = os.tmpname()
  local file = assert(io.open(path, "wb"))
  file:write("\31\139\8\0\0\0\0\0\0\3", raw, ("\0"):rep(8))
  file:close()
  local pipe = assert(io.popen("gzip -dc < " .. path .. " 2>/dev/null", "r"))
  local text = pipe:read("a")
  pipe:close()
  os.remove(path)
  return text
end

local function paeth(a, b, c)
  local p = a + b - c
  local pa, pb, pc = math.abs(p - a), math.abs(p - b), math.abs(p - c)
  if pa <= pb and pa <= pc then return a end
  return pb <= pc and b or c
end

local predict = {
  [0] = function() return 0 end,
  function(a) return a end,
  function(_, b) return b end,
  function(a, b) return (a + b) // 2 end,
  paeth,
}

--- Rows of greys of an 8-bit grey PNG file.
local function read_png(path)
  local file <close> = assert(io.open(path, "rb"))
  local text = file:read("a")
  assert.equal("\137PNG\r\n\26\n", text:sub(1, 8))
  local at, data, width, height = 9, "", nil, nil
  while at < #text do
    local size, kind = string.unpack(">I4c4", text, at)
    local chunk = text:sub(at + 8, at + 7 + size)
    if kind == "IHDR" then
      local depth, colour
      width, height, depth, colour = string.unpack(">I4I4BB", chunk)
      assert.same({ 8, 0 }, { depth, colour })
    end
    if kind == "IDAT" then data = data .. chunk end
    at = at + 12 + size
  end
  local bytes, rows, place = inflate(data:sub(3, -5)), {}, 1
  for y = 1, height do
    local filter, row, up = bytes:byte(place), {}, rows[y - 1] or {}
    for x = 1, width do
      local a, b, c = row[x - 1] or 0, up[x] or 0, up[x - 1] or 0
      row[x] = (bytes:byte(place + x) + predict[filter](a, b, c)) % 256
    end
    rows[y], place = row, place + width + 1
  end
  return rows
end

describe("save_png", function()
  local path

  before_each(function() path = os.tmpname() end)
  after_each(function() os.remove(path) end)

  local function saved(values, options)
    local t = type(values) == "table" and snn.tensor(values) or values
    snn.save_png(path, t, options)
    return read_png(path)
  end

  local function assert_refused(kind, part, ...)
    local ok, err = pcall(snn.save_png, ...)
    assert.is_false(ok)
    assert.equal(kind, err.kind)
    assert.truthy(err.message:find(part, 1, true), err.message)
  end

  context("given a map", function()
    it("makes the least value black, the largest white", function()
      assert.same({ { 0, 51, 102 }, { 153, 204, 255 } },
        saved { { 0, 1, 2 }, { 3, 4, 5 } })
    end)

    it("takes the range that is asked for and cuts to it", function()
      assert.same({ { 0, 0, 51, 255, 255 } },
        saved({ { -3, 0, 1, 5, 9 } }, { min = 0, max = 5 }))
    end)

    it("takes the upper end alone", function()
      assert.same({ { 0, 51, 102 } }, saved({ { 0, 1, 2 } }, { max = 5 }))
    end)

    it("takes the lower end alone", function()
      assert.same({ { 51, 255 } }, saved({ { 1, 5 } }, { min = 0 }))
    end)

    it("writes int64", function()
      assert.same({ { 0, 255 } },
        saved(snn.tensor({ { -7, 900 } }, { dtype = "int64" })))
    end)

    it("writes bool with 0 black and 1 white, whatever is there", function()
      assert.same({ { 255, 255 } },
        saved(snn.tensor({ { true, true } }, { dtype = "bool" })))
    end)

    it("writes a view", function()
      assert.same({ { 0, 153 }, { 51, 204 }, { 102, 255 } },
        saved(snn.tensor({ { 0, 1, 2 }, { 3, 4, 5 } }):transpose(1, 2)))
    end)

    it("makes a constant grey", function()
      assert.same({ { 128, 128 } }, saved { { 3, 3 } })
    end)

    it("makes NaN black and leaves it out of the range", function()
      assert.same({ { 0, 0, 255 } }, saved { { 0 / 0, 1, 2 } })
    end)

    it("cuts infinities to the finite range", function()
      assert.same({ { 255, 0, 0, 255 } },
        saved { { math.huge, -math.huge, 1, 2 } })
    end)

    it("writes a tensor without a finite value", function()
      assert.same({ { 0, 0, 255 } }, saved { { 0 / 0, -math.huge, math.huge } })
    end)

    it("writes a range wider than the largest float64", function()
      assert.same({ { 0, 128, 255 } },
        saved(snn.tensor({ { -1.7e308, 0, 1.7e308 } }, { dtype = "float64" })))
    end)
  end)

  context("given a list of maps", function()
    local _ = 96

    it("puts them into a near square grid with lines between", function()
      assert.same({
        { _, _, _, _, _ },
        { _, 0, _, 85, _ },
        { _, _, _, _, _ },
        { _, 170, _, 255, _ },
        { _, _, _, _, _ },
      }, saved { { { 0 } }, { { 1 } }, { { 2 } }, { { 3 } } })
    end)

    it("takes the number of columns", function()
      assert.same({
        { _, _, _, _, _, _, _, _, _, _ },
        { _, 0, 51, _, 102, 153, _, 204, 255, _ },
        { _, _, _, _, _, _, _, _, _, _ },
      }, saved({ { { 0, 1 } }, { { 2, 3 } }, { { 4, 5 } } }, { columns = 3 }))
    end)

    it("leaves the rest of the last row empty", function()
      assert.same({
        { _, _, _, _, _ },
        { _, 0, _, 128, _ },
        { _, _, _, _, _ },
        { _, 255, _, _, _ },
        { _, _, _, _, _ },
      }, saved { { { 0 } }, { { 1 } }, { { 2 } } })
    end)
  end)

  context("given what is no picture", function()
    it("refuses other numbers of dimensions", function()
      assert_refused("ValueError", "{4}", path, snn.zeros(4))
      assert_refused("ValueError", "{1, 1, 1, 1}", path, snn.zeros(1, 1, 1, 1))
    end)

    it("refuses a picture without a pixel", function()
      assert_refused("ValueError", "{0, 5}", path, snn.zeros(0, 5))
      assert_refused("ValueError", "{3, 5, 0}", path, snn.zeros(3, 5, 0))
    end)

    it("refuses a side of more than a million", function()
      assert_refused("ValueError", "1000000", path, snn.zeros(1, 1000001))
      assert_refused("ValueError", "1000000", path, snn.zeros(2, 1, 1),
        { columns = math.maxinteger })
    end)

    it("refuses a range upside down", function()
      assert_refused("ValueError", "above", path, snn.zeros(2, 2),
        { min = 2, max = 1 })
    end)

    it("refuses a range that is not finite", function()
      assert_refused("ValueError", "'max'", path, snn.zeros(2, 2),
        { max = math.huge })
    end)

    it("names the nearest option", function()
      assert_refused("TypeError", "did you mean 'columns'", path,
        snn.zeros(2, 2), { colums = 2 })
    end)

    it("refuses what is no tensor", function()
      assert_refused("TypeError", "tensor", path, { { 1, 2 } })
    end)
  end)

  context("given a file that cannot be written", function()
    it("names the file and the reason", function()
      assert_refused("IOError", "/nowhere/x.png", "/nowhere/x.png",
        snn.zeros(2, 2))
      assert_refused("IOError", "/usr", "/usr", snn.zeros(2, 2))
    end)

    it("tells that the disk is full", function()
      assert_refused("IOError", "/dev/full", "/dev/full", snn.zeros(99, 99))
    end)
  end)

  context("given a file that is there", function()
    it("replaces it", function()
      saved { { 0, 1 } }
      assert.same({ { 255, 0 } }, saved { { 1, 0 } })
    end)

    it("leaves it where the picture is refused", function()
      saved { { 0, 1 } }
      pcall(snn.save_png, path, snn.zeros(0, 0))
      assert.same({ { 0, 255 } }, read_png(path))
    end)

    it("follows a link to it", function()
      local link = path .. ".link"
      assert(os.execute(("ln -s %s %s"):format(path, link)))
      snn.save_png(link, snn.tensor { { 1, 0 } })
      os.remove(link)
      assert.same({ { 255, 0 } }, read_png(path))
    end)

    it("leaves nothing beside it", function()
      saved { { 0, 1 } }
      local pipe <close> = assert(io.popen("ls -d " .. path .. "*"))
      assert.equal(path .. "\n", pipe:read("a"))
    end)
  end)
end)
