local snn = require "snn"
local support = require "spec.support"

local function fails(kind, text, fn, ...)
  local ok, e = pcall(fn, ...)
  assert.is_false(ok)
  assert.equal(kind, e.kind)
  assert.equal(text, e.message)
end

--- An NPY file: version, dict, bytes of elements.
local function npy(version, dict, elements)
  local size = version == 1 and "<I2" or "<I4"
  return "\x93NUMPY" .. string.char(version, 0) .. string.pack(size, #dict) .. dict .. elements
end

local function dict(descr, shape, fortran)
  return ("{'descr': '%s', 'fortran_order': %s, 'shape': %s, }\n"):format(descr,
    fortran and "True" or "False", shape)
end

local function pack(format, list)
  local out = {}
  for i, v in ipairs(list) do out[i] = string.pack(format, v) end
  return table.concat(out)
end

describe("load_npy", function()
  local path

  before_each(function() path = os.tmpname() end)
  after_each(function() os.remove(path) end)

  local function write(text)
    local file <close> = assert(io.open(path, "wb"))
    file:write(text)
  end

  local function load(text)
    write(text)
    return snn.load_npy(path)
  end

  --- Loading `text` fails; the message goes on after the path.
  local function refuses(message, text)
    write(text)
    fails("IOError", ("load_npy: '%s' %s"):format(path, message), snn.load_npy, path)
  end

  it("reads a matrix of floats", function()
    local t = load(npy(1, dict("<f4", "(2, 3)"), pack("<f", { 1, 2, 3, 4, 5, 6.5 })))
    assert.equal("float32", t.dtype)
    assert.same({ { 1, 2, 3 }, { 4, 5, 6.5 } }, t:totable())
  end)

  it("reads versions 1 to 3", function()
    for version = 1, 3 do
      assert.same({ 7 }, load(npy(version, dict("<f8", "(1,)"), pack("<d", { 7 }))):totable())
    end
  end)

  for _, type in ipairs {
    { "<f8", "<d", "float64", { -1.5, 0, math.huge } },
    { ">f8", ">d", "float64", { -1.5, 0, math.huge } },
    { ">f4", ">f", "float32", { -1.5, 0, 2.0 ^ 100 } },
    { "=f4", "=f", "float32", { -1.5, 0, 1 } },
    { "<i8", "<i8", "int64", { -1, math.maxinteger, math.mininteger } },
    { ">i8", ">i8", "int64", { -1, math.maxinteger, math.mininteger } },
    { "<i4", "<i4", "int64", { -1, 2147483647, -2147483648 } },
    { ">i4", ">i4", "int64", { -1, 2147483647, -2147483648 } },
    { "<i2", "<i2", "int64", { -1, 32767, -32768 } },
    { "|i1", "i1", "int64", { -1, 127, -128 } },
    { "|u1", "I1", "int64", { 0, 127, 255 } },
    { "<u2", "<I2", "int64", { 0, 1, 65535 } },
    { ">u2", ">I2", "int64", { 0, 1, 65535 } },
    { "<u4", "<I4", "int64", { 0, 1, 4294967295 } },
    { "<u8", "<i8", "int64", { 0, 1, math.maxinteger } },
  } do
    it("reads " .. type[1] .. " as " .. type[3], function()
      local t = load(npy(1, dict(type[1], "(3,)"), pack(type[2], type[4])))
      assert.equal(type[3], t.dtype)
      assert.same(type[4], t:totable())
    end)
  end

  it("reads bool, any byte but 0 as true", function()
    for _, descr in ipairs { "|b1", "?" } do
      local t = load(npy(1, dict(descr, "(3,)"), "\0\1\7"))
      assert.equal("bool", t.dtype)
      assert.same({ false, true, true }, t:totable())
      assert.equal(2, t:sum():item())
    end
  end)

  it("reads 16-bit floats", function()
    -- 1, -2, 65504, 2^-24, 2^-14, inf, 0.333251953125
    local bits = { 0x3c00, 0xc000, 0x7bff, 0x0001, 0x0400, 0x7c00, 0x3555 }
    local t = load(npy(1, dict("<f2", "(7,)"), pack("<I2", bits)))
    assert.equal("float32", t.dtype)
    assert.same({ 1, -2, 65504, 2 ^ -24, 2 ^ -14, math.huge, 0.333251953125 }, t:totable())
    local nan = load(npy(1, dict(">f2", "()"), "\x7e\0")):item()
    assert.is_true(nan ~= nan)
  end)

  it("reads Fortran's order", function()
    local t = load(npy(1, dict("<i8", "(2, 3)", true), pack("<i8", { 1, 4, 2, 5, 3, 6 })))
    assert.same({ { 1, 2, 3 }, { 4, 5, 6 } }, t:totable())
    assert.same({ 5, 7, 9 }, t:sum(1):totable())
  end)

  it("reads tensors without dimensions and without elements", function()
    assert.equal(2.5, load(npy(1, dict("<f8", "()"), pack("<d", { 2.5 }))):item())
    assert.same({}, snn.load_npy(path).shape)
    assert.same({ 0, 3 }, load(npy(1, dict("<f8", "(0, 3)"), "")).shape)
    assert.same({ 3, 0 }, load(npy(1, dict("<f8", "(3, 0)", true), "")).shape)
  end)

  it("reads dicts in other spellings", function()
    local data = pack("<f", { 1, 2 })
    for _, text in ipairs {
      "{'shape':(2,),'fortran_order':False,'descr':'<f4'}",
      '{ "descr" : "<f4" , "fortran_order" : False , "shape" : ( 2 , ) , }   \n',
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2L,), }",
      "{'descr': '<f4', 'fortran_order': True, 'shape': (2), }",
    } do
      assert.same({ 1, 2 }, load(npy(1, text, data)):totable())
    end
  end)

  it("reads large files", function()
    local n = 100003
    local t = load(npy(2, dict("|u1", ("(%d,)"):format(n)), ("\1\2"):rep(n // 2) .. "\3"))
    assert.equal(n // 2 * 3 + 3, t:sum():item())
    assert.equal(3, t[n])
  end)

  it("reads gzip", function()
    write(npy(1, dict("<f4", "(2,)"), pack("<f", { 1, 2 })))
    assert(os.execute("gzip -f " .. path))
    assert.same({ 1, 2 }, snn.load_npy(path .. ".gz"):totable())
    os.remove(path .. ".gz")
  end)

  it("refuses what is no NPY file", function()
    refuses("is no NPY file", "")
    refuses("is no NPY file", "\x93NUMP")
    refuses("is no NPY file", "hello, this is text")
    refuses("has NPY version 4, known are 1 to 3", npy(4, dict("<f4", "()"), "\0\0\0\0"))
    refuses("has NPY version 0, known are 1 to 3", npy(0, dict("<f4", "()"), "\0\0\0\0"))
  end)

  it("refuses files that are cut short", function()
    local whole = npy(1, dict("<f4", "(2, 3)"), pack("<f", { 1, 2, 3, 4, 5, 6 }))
    refuses("is cut short", whole:sub(1, 8))
    refuses("is cut short: its header has no end", whole:sub(1, 30))
    refuses("is cut short: its header tells of 24 bytes of elements, shape {2, 3}, 23 are there",
      whole:sub(1, -2))
    for size = 0, #whole - 1 do
      write(whole:sub(1, size))
      local ok, e = pcall(snn.load_npy, path)
      assert.is_false(ok)
      assert.equal("IOError", e.kind)
    end
  end)

  context("given bytes behind the array", function()
    local one = npy(1, dict("<f4", "(1,)"), string.pack("<f", 1))
    local two = npy(2, dict("<i8", "(2, 1)", true), string.pack("<i8i8", 2, 3))

    local function leaves(text, bytes, more, options)
      write(text)
      local heard, t = support.heard(snn.load_npy, path, options)
      assert.equal(1, #heard)
      local told = ("load_npy: '%s' has bytes behind its array: %d are left%s"):format(path, bytes,
        more or "")
      assert.equal(told, heard[1]:match("load_npy.*$"))
      return t
    end

    it("reads it, with one warning of how much is left", function()
      for _, rest in ipairs { "x", "hello", ("x"):rep(100000), "\x93NUMP" } do
        assert.same({ 1 }, leaves(one .. rest, #rest):totable())
      end
    end)

    it("says so where they are another array", function()
      local t = leaves(one .. two, #two, ", another array among them ({ all = true } reads all)")
      assert.same({ 1 }, t:totable())
    end)

    it("gives all arrays with all = true", function()
      write(one .. two .. one)
      local heard, all = support.heard(snn.load_npy, path, { all = true })
      assert.same({}, heard)
      assert.equal(3, #all)
      assert.same({ { 1 }, { { 2 }, { 3 } }, { 1 } },
        { all[1]:totable(), all[2]:totable(), all[3]:totable() })
      write(one)
      assert.equal(1, #snn.load_npy(path, { all = true }))
    end)

    it("gives those before what is none, or is cut short", function()
      for _, rest in ipairs { "junk", two:sub(1, 8), two:sub(1, 40), two:sub(1, -2) } do
        local all = leaves(one .. two .. rest, #rest, "", { all = true })
        assert.equal(2, #all)
        assert.same({ { 2 }, { 3 } }, all[2]:totable())
      end
    end)

    it("fails where there is no first, and where a later one is damaged", function()
      local function all(text)
        write(text)
        return snn.load_npy(path, { all = true })
      end
      support.fails("IOError", "no NPY file", all, "")
      support.fails("IOError", "cut short", all, one:sub(1, -2))
      support.fails("IOError", "type '<U3'", all, one .. npy(1, dict("<U3", "(1,)"), ("x"):rep(12)))
      support.fails("TypeError", "'all'", snn.load_npy, path, { all = 1 })
      support.fails("TypeError", "unknown option", snn.load_npy, path, { al = true })
    end)

    it("fails where warnings are errors", function()
      write(one .. "x")
      local mode = snn.warnings("error")
      local ok, e = pcall(snn.load_npy, path)
      snn.warnings(mode)
      assert.same({ false, "RuntimeError" }, { ok, e.kind })
    end)
  end)

  it("refuses a gzip file that unpacks to more than a hundred times its size", function()
    write(npy(1, dict("|b1", "(83886080,)"), ("\0"):rep(80 << 20)))
    assert(os.execute(("gzip -c %s >%s.gz"):format(path, path)))
    local packed = path .. ".gz"
    finally(function() os.remove(packed) end)
    support.fails("IOError", "unpacks to more than 67108864 bytes", snn.load_npy, packed)
    support.fails("IOError", "max_ratio is 200", snn.load_npy, packed, { max_ratio = 200 })
    assert.equal(80 << 20, #snn.load_npy(packed, { max_ratio = 2000 }))
  end)

  it("refuses headers that lie about sizes, and takes no memory for them", function()
    refuses("is cut short: its header tells of 4000000000000 bytes of elements, "
      .. "shape {1000000, 1000000}, 4 are there",
      npy(1, dict("<f4", "(1000000, 1000000)"), "\0\0\0\0"))
    refuses("has a shape too large for any memory",
      npy(1, dict("<f4", "(9223372036854775807, 2)"), "\0\0\0\0"))
    refuses("has a shape too large for any memory",
      npy(1, dict("<f4", "(99999999999999999999,)"), "\0\0\0\0"))
    refuses("has a shape too large for any memory",
      npy(1, dict("<f4", "(4611686018427387904, 0, 4611686018427387904)"), ""))
    refuses("tells of a header of 4294967295 bytes, at most 65536 are read",
      "\x93NUMPY\2\0\xff\xff\xff\xff" .. dict("<f4", "()"))
  end)

  it("refuses damaged headers", function()
    local function damaged(what, text) refuses(what, npy(1, text, "\0\0\0\0")) end
    damaged("has a damaged header (no '{' where one must be)", "                     ")
    damaged("has a damaged header (no 'shape')", "{'descr': '<f4', 'fortran_order': False}")
    damaged("has a damaged header (no 'descr')", "{'shape': (), 'fortran_order': False}")
    damaged("has a damaged header (no 'fortran_order')", "{'shape': (), 'descr': '<f4'}")
    damaged("has a damaged header (the key 'shape')",
      "{'shape': (), 'shape': (), 'descr': '<f4', 'fortran_order': False}")
    damaged("has a damaged header (the key 'x')", "{'x': 1}             ")
    damaged("has a damaged header (its order is neither True nor False)",
      "{'descr': '<f4', 'fortran_order': 1, 'shape': ()}")
    damaged("has a damaged header (its shape is no tuple of sizes)", dict("<f4", "(-1,)"))
    damaged("has a damaged header (its shape is no tuple of sizes)", dict("<f4", "(x)"))
    damaged("has a damaged header (no '(' where one must be)", dict("<f4", "4"))
    damaged("has a damaged header (no ')' where one must be)", dict("<f4", "(1 1)"))
    damaged("has a damaged header (something behind it)", dict("<f4", "(1,)") .. "x")
    damaged("has a damaged header (no ''' where one must be)", "{'descr': '<f4              ")
    damaged("has more than 8 dimensions", dict("<f4", "(1, 1, 1, 1, 1, 1, 1, 1, 1)"))
  end)

  it("refuses elements that no tensor holds", function()
    local read = "; read are b1, i1 to i8, u1 to u8, f2, f4 and f8"
    for _, descr in ipairs { "<c8", "<f16", "|S3", "<U2", "|O", "<M8[ns]", "", "f", "<f3" } do
      refuses(("holds elements of type '%s'%s"):format(descr, read),
        npy(1, dict(descr, "(1,)"), "\0\0\0\0"))
    end
    refuses("holds records, which are not supported",
      npy(1, "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}", "\0\0\0\0"))
    refuses("holds an unsigned integer above 2^63 - 1, which int64 does not hold",
      npy(1, dict("<u8", "(1,)"), ("\xff"):rep(8)))
  end)

  it("refuses what cannot be opened", function()
    local _, e = pcall(snn.load_npy, "/nonexistent/x.npy")
    assert.equal("IOError", e.kind)
    assert.equal("load_npy: cannot open '/nonexistent/x.npy': No such file or directory", e.message)
    _, e = pcall(snn.load_npy, "/")
    assert.equal("IOError", e.kind)
    fails("TypeError", "load_npy: 'path' must be a string, got number 1", snn.load_npy, 1)
  end)
end)

describe("save_npy", function()
  local path

  before_each(function() path = os.tmpname() end)
  after_each(function() os.remove(path) end)

  local function bytes()
    local file <close> = assert(io.open(path, "rb"))
    return file:read("a")
  end

  it("writes what NumPy writes", function()
    snn.save_npy(path, snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } })
    local header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }"
    local want = "\x93NUMPY\1\0\x76\0" .. header .. (" "):rep(117 - #header) .. "\n"
      .. pack("<f", { 1, 2, 3, 4, 5, 6 })
    assert.equal(128 + 24, #want)
    assert.is_true(want == bytes())
  end)

  it("aligns elements to 64 bytes", function()
    for ndim = 0, 8 do
      local shape = {}
      for i = 1, ndim do shape[i] = 1 end
      snn.save_npy(path, snn.ones(shape))
      assert.equal(4, #bytes() % 64)
      assert.same(shape, snn.load_npy(path).shape)
    end
  end)

  it("keeps every dtype, shape and value", function()
    local tensors = {
      snn.tensor { { true, false }, { false, true } },
      snn.tensor({ math.maxinteger, math.mininteger }, { dtype = "int64" }),
      snn.tensor { 0.1, -0.0, math.huge },
      snn.tensor({ 0.1, 1e300 }, { dtype = "float64" }),
      snn.tensor(3), snn.zeros(0, 2), snn.zeros(2, 0, 3),
    }
    for _, t in ipairs(tensors) do
      snn.save_npy(path, t)
      local back = snn.load_npy(path)
      assert.equal(t.dtype, back.dtype)
      assert.same(t.shape, back.shape)
      assert.same(t:totable(), back:totable())
    end
  end)

  it("writes views in their own order", function()
    local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
    snn.save_npy(path, t:transpose(1, 2))
    assert.same({ { 1, 4 }, { 2, 5 }, { 3, 6 } }, snn.load_npy(path):totable())
    snn.save_npy(path, snn.tensor({ 1, 2 }):expand(2, 2))
    assert.same({ { 1, 2 }, { 1, 2 } }, snn.load_npy(path):totable())
  end)

  it("replaces a file", function()
    snn.save_npy(path, snn.ones(1000))
    snn.save_npy(path, snn.ones(1))
    assert.same({ 1 }, snn.load_npy(path):totable())
  end)

  it("leaves the old file and nothing else when it fails", function()
    local _, e = pcall(snn.save_npy, "/nonexistent/x.npy", snn.ones(1))
    assert.equal("IOError", e.kind)
    assert.is_truthy(e.message:find("save_npy: ", 1, true))
    assert.is_truthy(e.message:find("/nonexistent/x.npy", 1, true))
    local full = io.open("/dev/full", "wb")
    if not full then return end
    full:close()
    _, e = pcall(snn.save_npy, "/dev/full", snn.ones(100000))
    assert.equal("IOError", e.kind)
  end)

  it("refuses what is no tensor", function()
    fails("TypeError", "save_npy: 'tensor' must be a tensor, got table (snn.tensor{...} makes " ..
      "one of a list)", snn.save_npy, path, { 1 })
    fails("ValueError", "save_npy: 'path' is empty and names no file",
      snn.save_npy, "", snn.ones(1))
  end)
end)
