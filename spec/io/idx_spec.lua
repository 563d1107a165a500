-- IDX files: whole ones of each type, and every way not to be whole.
local snn = require "snn"
local support = require "spec.support"

local U8, I8, I16, I32, F32, F64 = 0x08, 0x09, 0x0b, 0x0c, 0x0d, 0x0e

--- An IDX header: type, sizes.
local function header(code, ...)
  local text = string.pack(">BBBB", 0, 0, code, select("#", ...))
  for _, n in ipairs { ... } do text = text .. string.pack(">I4", n) end
  return text
end

describe("data.idx", function()
  local path, packed

  before_each(function()
    path = os.tmpname()
    packed = nil
  end)

  after_each(function()
    os.remove(path)
    os.remove(path .. ".gz")
  end)

  local function write(text)
    local file <close> = assert(io.open(path, "wb"))
    file:write(text)
  end

  --- Writes `text` through gzip, then `change`s the packed bytes.
  local function write_gz(text, change)
    write(text)
    assert(os.execute("gzip -kf " .. path))
    packed = path .. ".gz"
    if not change then return end
    local file = assert(io.open(packed, "rb"))
    local bytes = change(file:read("a"))
    file:close()
    file = assert(io.open(packed, "wb"))
    file:write(bytes)
    file:close()
  end

  local function failure(name)
    local ok, err = pcall(snn.data.idx, name)
    assert.is_false(ok)
    return err
  end

  local function assert_io_error(name, ...)
    local err = failure(name)
    assert.equal("IOError", err.kind)
    for _, part in ipairs { ... } do
      assert.truthy(err.message:find(part, 1, true), err.message)
    end
  end

  --- Reading warns once, of so many bytes.
  local function assert_leaves(bytes, name)
    local heard, t = support.heard(snn.data.idx, name)
    assert.equal(1, t:flatten()[1])
    assert.equal(1, #heard)
    assert.truthy(heard[1]:find(("%s' has bytes behind its array: %d are left"):format(name, bytes),
      1, true), heard[1])
  end

  context("given a whole file", function()
    it("reads unsigned bytes as int64", function()
      write(header(U8, 2, 3) .. string.char(0, 1, 127, 128, 254, 255))
      local t = snn.data.idx(path)
      assert.equal("int64", t.dtype)
      assert.same({ { 0, 1, 127 }, { 128, 254, 255 } }, t:totable())
    end)

    it("reads signed bytes", function()
      write(header(I8, 4) .. string.pack("bbbb", -128, -1, 0, 127))
      assert.same({ -128, -1, 0, 127 }, snn.data.idx(path):totable())
    end)

    it("reads 16-bit integers, big end first", function()
      write(header(I16, 3) .. string.pack(">i2i2i2", -32768, 258, 32767))
      assert.same({ -32768, 258, 32767 }, snn.data.idx(path):totable())
    end)

    it("reads 32-bit integers, big end first", function()
      write(header(I32, 2) .. string.pack(">i4i4", -2147483648, 16909060))
      assert.same({ -2147483648, 16909060 }, snn.data.idx(path):totable())
    end)

    it("reads 32-bit floats as float32", function()
      write(header(F32, 3) .. string.pack(">fff", 0.5, -1.25, math.huge))
      local t = snn.data.idx(path)
      assert.equal("float32", t.dtype)
      assert.same({ 0.5, -1.25, math.huge }, t:totable())
    end)

    it("reads 64-bit floats as float64", function()
      write(header(F64, 2) .. string.pack(">dd", 0.1, -1e300))
      local t = snn.data.idx(path)
      assert.equal("float64", t.dtype)
      assert.same({ 0.1, -1e300 }, t:totable())
    end)

    it("reads a file without values", function()
      write(header(U8, 0, 28, 28))
      assert.same({ 0, 28, 28 }, snn.data.idx(path).shape)
    end)

    it("reads a file without dimensions as one value", function()
      write(header(U8) .. "\7")
      local t = snn.data.idx(path)
      assert.same({}, t.shape)
      assert.equal(7, t:item())
    end)

    it("reads more values than fit into one block", function()
      write(header(I16, 20000) .. string.pack(">i2", -3):rep(19999) .. "\1\0")
      local t = snn.data.idx(path)
      assert.equal(-3, t[19999])
      assert.equal(256, t[20000])
    end)
  end)

  context("given a gzip file", function()
    local text = header(U8, 2, 2) .. "\1\2\3\4"
    local values = { { 1, 2 }, { 3, 4 } }

    it("reads what it holds", function()
      write_gz(text)
      assert.same(values, snn.data.idx(packed):totable())
    end)

    it("tells gzip by the bytes, not by the name", function()
      write_gz(text)
      assert(os.rename(packed, path))
      assert.same(values, snn.data.idx(path):totable())
    end)

    it("reads a plain file named .gz", function()
      write(text)
      assert(os.rename(path, path .. ".gz"))
      assert.same(values, snn.data.idx(path .. ".gz"):totable())
    end)

    it("reads a file of several members", function()
      write_gz(text:sub(1, 9))
      local first = assert(io.open(packed, "rb")):read("a")
      write_gz(text:sub(10), function(second) return first .. second end)
      assert.same(values, snn.data.idx(packed):totable())
    end)

    it("reads more values than fit into one block", function()
      write_gz(header(U8, 100000) .. ("\5"):rep(99999) .. "\6")
      local t = snn.data.idx(packed)
      assert.equal(5, t[99999])
      assert.equal(6, t[100000])
    end)

    it("refuses one cut at any byte", function()
      for cut = 3, 40 do
        write_gz(text, function(bytes)
          return #bytes > cut and bytes:sub(1, cut) or bytes:sub(1, -2)
        end)
        assert.equal("IOError", failure(packed).kind)
      end
    end)

    it("says that one is cut short", function()
      write_gz(text, function(bytes) return bytes:sub(1, -5) end)
      assert_io_error(packed, packed, "cut short", "gzip")
    end)

    it("refuses a wrong checksum", function()
      write_gz(text, function(bytes)
        return bytes:sub(1, -9) .. "abcd" .. bytes:sub(-4)
      end)
      assert_io_error(packed, packed, "damaged")
    end)

    it("refuses damaged data", function()
      write_gz(text, function(bytes)
        return bytes:sub(1, -14) .. "\255\255\255" .. bytes:sub(-10)
      end)
      assert_io_error(packed, packed, "damaged")
    end)

    it("leaves bytes behind the packed data, with a warning", function()
      for _, rest in ipairs { "more", "\31", "\31x", ("\0"):rep(512), ("\0"):rep(1 << 16) } do
        write_gz(text, function(bytes) return bytes .. rest end)
        local heard, t = support.heard(snn.data.idx, packed)
        assert.same(values, t:totable())
        assert.equal(1, #heard)
        local want = ("data.idx: '%s' has bytes behind its gzip data: %d are left"):format(packed,
          #rest)
        assert.truthy(heard[1]:find(want, 1, true), heard[1])
      end
    end)

    it("refuses a second member that is cut short", function()
      write_gz(text, function(bytes) return bytes .. bytes:sub(1, 5) end)
      assert_io_error(packed, packed, "cut short")
    end)

    it("finds a second member whose two first bytes are not read at once", function()
      for size = 65534, 65537 do -- of the first member, by a longer name; 65536 are read at once
        write_gz(text:sub(1, 9))
        local first = assert(io.open(packed, "rb")):read("a")
        first = first:sub(1, 10) .. ("n"):rep(size - #first) .. first:sub(11)
        write_gz(text:sub(10), function(second) return first .. second end)
        local heard, t = support.heard(snn.data.idx, packed)
        assert.same({ {}, values }, { heard, t:totable() })
      end
    end)

    it("refuses fewer values than the header says", function()
      write_gz(text:sub(1, -2))
      assert_io_error(packed, "cut short", "{2, 2}", "4 bytes", "3 are there")
    end)

    it("leaves more values than the header says, with a warning", function()
      write_gz(text .. "\5")
      assert_leaves(1, packed)
    end)

    it("refuses what unpacks to more than a hundred times its size", function()
      -- 72 MiB of zeros, in about 72 kB
      write_gz(header(F64, 9 << 20) .. ("\0"):rep(72 << 20))
      assert_io_error(packed, "unpacks to more than 67108864 bytes", "max_ratio")
      assert.equal(9 << 20, #snn.data.idx(packed, { max_ratio = math.huge }))
      support.fails("ValueError", "'max_ratio' must be at least 1", snn.data.idx, packed,
        { max_ratio = 0 })
    end)

    it("takes no memory on the word of a header", function()
      write_gz(header(U8, 60000, 1000, 1000) .. "\1\2\3")
      assert_io_error(packed, "cut short", "60000000000 bytes", "3 are there")
    end)
  end)

  context("given a file that is not whole", function()
    it("refuses an empty file", function()
      write("")
      assert_io_error(path, path, "cut short", "4 bytes", "0 are there")
    end)

    it("refuses one cut within its header", function()
      write(header(U8, 2, 3):sub(1, 10))
      assert_io_error(path, "cut short", "12 bytes", "10 are there")
    end)

    it("refuses one cut within its values", function()
      write(header(F64, 2) .. string.pack(">d", 1) .. "\0\0\0")
      assert_io_error(path, "cut short", "{2}", "16 bytes", "11 are there")
    end)

    it("leaves bytes behind the values, with a warning", function()
      write(header(U8, 2) .. "\1\2\3")
      assert_leaves(1, path)
      write(header(F64, 1) .. string.pack(">d", 1) .. "four")
      assert_leaves(4, path)
    end)

    it("takes no memory on the word of a header", function()
      write(header(U8, 4294967295, 1000) .. "\1")
      assert_io_error(path, "cut short", "1 are there")
    end)

    it("refuses sizes whose product overflows", function()
      write(header(U8, 4294967295, 4294967295, 4294967295))
      assert_io_error(path, "4294967295, 4294967295")
    end)

    it("refuses an overflow behind a size of 0", function()
      write(header(U8, 0, 4294967295, 4294967295, 4294967295))
      assert_io_error(path, "4294967295, 4294967295")
    end)
  end)

  context("given what is no IDX file", function()
    it("shows the first bytes and what was expected", function()
      write("\137PNG\r\n")
      assert_io_error(path, path, "no IDX file", "89 50 4e 47", "00 00")
    end)

    it("refuses an unknown type", function()
      write("\0\0\10\1\0\0\0\1\0")
      assert_io_error(path, "no IDX file", "00 00 0a 01")
    end)

    it("refuses more dimensions than a tensor has", function()
      write(header(U8, 1, 1, 1, 1, 1, 1, 1, 1, 1) .. "\1")
      assert_io_error(path, "no IDX file", "at most 8")
    end)

    it("refuses a missing file", function()
      assert_io_error("/nowhere/at all", "/nowhere/at all", "No such file")
    end)

    it("refuses a directory", function()
      assert_io_error("/usr", "/usr", "directory")
    end)

    it("refuses a device", function()
      assert_io_error("/dev/zero", "no regular file")
    end)

    it("refuses a path with a zero byte", function()
      assert.equal("ValueError", failure("a\0b").kind)
    end)

    it("refuses an empty path", function()
      assert.equal("ValueError", failure("").kind)
    end)

    it("refuses what is no string", function()
      assert.equal("TypeError", failure(nil).kind)
      assert.equal("TypeError", failure({}).kind)
    end)
  end)

  it("reads a file again after a failure", function()
    write(header(U8, 2) .. "\1")
    failure(path)
    write(header(U8, 2) .. "\1\2")
    assert.same({ 1, 2 }, snn.data.idx(path):totable())
  end)
end)
