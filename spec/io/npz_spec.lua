local snn = require "snn"
local support = require "spec.support"

--- The check sum of zip files.
local function crc32(text)
  local sum = 0xffffffff
  for i = 1, #text do
    sum = sum ~ text:byte(i)
    for _ = 1, 8 do sum = (sum >> 1) ~ (0xedb88320 & -(sum & 1)) end
  end
  return sum ~ 0xffffffff
end

local function npy(value)
  local dict = "{'descr': '<f8', 'fortran_order': False, 'shape': (), }\n"
  return "\x93NUMPY\1\0" .. string.pack("<s2d", dict, value)
end

--- An NPY file of a type, with `bytes` zeros behind its header.
local function typed(descr, bytes, size)
  local dict = ("{'descr': %s, 'fortran_order': False, 'shape': (%d,), }\n"):format(descr,
    size or 1)
  return "\x93NUMPY\1\0" .. string.pack("<s2", dict) .. ("\0"):rep(bytes)
end

--- What gzip makes of `text`, without its header (10 bytes) and trailer (8), and
--- the check sum in that.
local function deflated(text)
  local path = os.tmpname()
  local file = assert(io.open(path, "wb"))
  file:write(text)
  file:close()
  local pipe = assert(io.popen("gzip -nc " .. path))
  local packed = pipe:read("a")
  pipe:close()
  os.remove(path)
  return packed:sub(11, -9), (string.unpack("<I4", packed, -8))
end

--- A member of an archive: fields may be set to lie.
local function member(name, text, fields)
  local m = { name = name, data = text, method = 0, flags = 0, size = #text }
  for k, v in pairs(fields or {}) do m[k] = v end
  m.sum = m.sum or crc32(text)
  m.packed = m.packed or #m.data
  return m
end

local function packed_member(name, text, fields)
  local m = { method = 8 }
  m.data, m.sum = deflated(text)
  for k, v in pairs(fields or {}) do m[k] = v end
  return member(name, text, m)
end

--- A zip file of these members; `wide`: with 64-bit fields as NumPy writes them.
local function zip(members, comment, wide)
  local body, table_of = "", ""
  for _, m in ipairs(members) do
    local place = m.place or #body
    local common = string.pack("<I2I2I2I2I4", m.flags, m.method, 0, 0, m.sum)
    local more = wide and string.pack("<I2I2I8I8", 1, 16, m.size, m.packed) or ""
    local sizes = wide and ("\xff"):rep(8) or string.pack("<I4I4", m.packed, m.size)
    body = body .. "PK\3\4" .. string.pack("<I2", 45) .. common .. sizes
      .. string.pack("<I2I2", #m.name, #more) .. m.name .. more .. m.data
    table_of = table_of .. "PK\1\2" .. string.pack("<I2I2", 45, 45) .. common .. sizes
      .. string.pack("<I2I2I2I2I2I4I4", #m.name, #more, 0, 0, 0, 0, place) .. m.name .. more
  end
  local ending = ""
  local entries, size, place = #members, #table_of, #body
  if wide then
    ending = "PK\6\6" .. string.pack("<I8I2I2I4I4I8I8I8I8", 44, 45, 45, 0, 0, entries, entries,
      size, place) .. "PK\6\7" .. string.pack("<I4I8I4", 0, place + size, 1)
    entries, size, place = 0xffff, 0xffffffff, 0xffffffff
  end
  return body .. table_of .. ending .. "PK\5\6"
    .. string.pack("<I2I2I2I2I4I4s2", 0, 0, entries, entries, size, place, comment or "")
end

describe("load_npz", function()
  local path

  before_each(function() path = os.tmpname() end)
  after_each(function() os.remove(path) end)

  local function load(text)
    local file = assert(io.open(path, "wb"))
    file:write(text)
    file:close()
    return snn.load_npz(path)
  end

  local function values(archive)
    local out = {}
    for name, t in pairs(archive) do out[name] = t:item() end
    return out
  end

  local function refuses(message, text)
    local ok, e = pcall(load, text)
    assert.is_false(ok)
    assert.equal("IOError", e.kind)
    assert.equal(("load_npz: '%s'%s"):format(path, message), e.message)
  end

  it("reads stored and deflated members", function()
    local archive = load(zip { member("a.npy", npy(1)), packed_member("b c.npy", npy(2.5)) })
    assert.same({ a = 1, ["b c"] = 2.5 }, values(archive))
  end)

  it("reads 64-bit fields", function()
    local archive = load(zip({ member("a.npy", npy(1)), packed_member("b.npy", npy(2)) }, "", true))
    assert.same({ a = 1, b = 2 }, values(archive))
  end)

  it("reads archives with a comment, and without members", function()
    assert.same({ a = 1 }, values(load(zip({ member("a.npy", npy(1)) }, "PK\5\6 a comment"))))
    assert.same({ a = 1 }, values(load(zip({ member("a.npy", npy(1)) }, ("x"):rep(60000)))))
    assert.same({}, load(zip {}))
  end)

  it("reads large members", function()
    local n = 100000
    local dict = ("{'descr': '|u1', 'fortran_order': False, 'shape': (%d,), }"):format(n)
    local text = "\x93NUMPY\1\0" .. string.pack("<s2", dict) .. ("\1\0\2\5"):rep(n // 4)
    local archive = load(zip { packed_member("x.npy", text), member("y.npy", text) })
    assert.equal(2 * n, archive.x:sum():item())
    assert.is_true(archive.x:eq(archive.y):all():item())
  end)

  it("leaves bytes behind the archive, with a warning", function()
    for _, wide in ipairs { false, true } do
      for _, comment in ipairs { "", "a comment", "PK\5\6 and a comment that is long enough" } do
        local text = zip({ member("a.npy", npy(1)), packed_member("b.npy", npy(2)) }, comment, wide)
        for _, rest in ipairs { "x", ("\0"):rep(512), ("PK"):rep(3000) } do
          local heard, archive = support.heard(load, text .. rest)
          assert.same({ a = 1, b = 2 }, values(archive))
          assert.equal(1, #heard)
          local told = ("'%s' has bytes behind its archive: %d are left"):format(path, #rest)
          assert.truthy(heard[1]:find(told, 1, true), heard[1])
        end
      end
    end
  end)

  it("refuses what is no archive", function()
    local none = " is no NPZ file (or is cut short: it has no end record)"
    refuses(none, "")
    refuses(none, "hello")
    refuses(none, npy(1))
    refuses(none, ("PK\5\6"):rep(30000))
  end)

  it("refuses an archive cut short anywhere", function()
    local whole = zip { member("a.npy", npy(1)), packed_member("b.npy", npy(2)) }
    for size = 0, #whole - 1 do
      local ok, e = pcall(load, whole:sub(1, size))
      assert.is_false(ok)
      assert.equal("IOError", e.kind)
    end
  end)

  it("refuses damaged data", function()
    refuses(": member 'a.npy' is damaged: its check sum differs",
      zip { member("a.npy", npy(1), { sum = 1 }) })
    refuses(": member 'a.npy' is damaged: its check sum differs",
      zip { packed_member("a.npy", npy(1), { sum = 1 }) })
    refuses(": member 'a.npy' is damaged: it does not unpack",
      zip { packed_member("a.npy", npy(1), { data = ("\xff"):rep(80) }) })
    refuses(": member 'a.npy' is damaged: it does not unpack",
      zip { packed_member("a.npy", npy(1), { data = deflated(npy(1)):sub(1, -3) }) })
    refuses(": member 'a.npy' is damaged: it unpacks to fewer bytes than it tells of",
      zip { packed_member("a.npy", npy(1), { data = deflated(npy(1):sub(1, -3)) }) })
  end)

  it("refuses members that lie about places and sizes", function()
    local lie = ": member 'a.npy' tells of bytes that are not there"
    refuses(lie, zip { member("a.npy", npy(1), { packed = 1000, size = 1000 }) })
    refuses(lie, zip { member("a.npy", npy(1), { size = 1000 }) })
    refuses(lie, zip { member("a.npy", npy(1), { place = 100000 }) })
    refuses(lie, zip { member("a.npy", npy(1), { place = 1 }) })
    refuses(lie, zip { packed_member("a.npy", npy(1), { size = 0xfffffff0 }) })
    refuses(lie, zip({ member("a.npy", npy(1), { packed = -1, size = -1 }) }, "", true))
  end)

  it("leaves bytes behind a member's array, with a warning", function()
    for _, make in ipairs { member, packed_member } do
      local text = zip { make("a.npy", npy(1) .. "xyz"), make("b.npy", npy(2)) }
      local heard, archive = support.heard(load, text)
      assert.same({ a = 1, b = 2 }, values(archive))
      assert.equal(1, #heard)
      assert.truthy(heard[1]:find("member 'a' has bytes behind its array: 3 are left", 1, true))
      -- the check sum is that of all bytes
      refuses(": member 'a.npy' is damaged: its check sum differs",
        zip { make("a.npy", npy(1) .. "xyz", { sum = 1 }) })
    end
  end)

  it("refuses tables that lie", function()
    local whole = zip { member("a.npy", npy(1)) }
    local function with_end(entries, size, place)
      return whole:sub(1, -23) .. "PK\5\6"
        .. string.pack("<I2I2I2I2I4I4I2", 0, 0, entries, entries, size, place, 0)
    end
    refuses(" is a damaged archive (its table of members lies outside)", with_end(1, 100000, 0))
    refuses(" is a damaged archive (its table of members lies outside)", with_end(9, 51, 0))
    refuses(" is a damaged archive (its table of members ends early)", with_end(1, 51, 0))
    refuses(" is a damaged archive", with_end(0xffff, 51, 0))
  end)

  it("refuses members it cannot read", function()
    refuses(": member 'a.npy' is encrypted", zip { member("a.npy", npy(1), { flags = 1 }) })
    for _, method in ipairs { 9, 12, 93 } do -- deflate64, bzip2, zstandard
      refuses((": member 'a.npy' is packed in an unknown way: method %d of zip files, known are 0 "
        .. "(stored) and 8 (deflated)"):format(method),
        zip { member("a.npy", npy(1), { method = method }) })
    end
    refuses(": member 'a' is no NPY file", zip { member("a.npy", "hello") })
  end)

  it("skips members that are no tensors, and names them", function()
    local archive, skipped = load(zip {
      member("text.npy", typed("'<U5'", 20)), member("a.npy", npy(1)),
      member("record.npy", typed("[('x', '<f4'), ('y', [('z', '<i8')])]", 12)),
      packed_member("object.npy", typed("'|O'", 30)), member("bytes.npy", typed("'|S3'", 3)),
      member("complex.npy", typed("'<c16'", 16)), member("date.npy", typed("'<M8[ns]'", 8)),
      member("notes.txt", "hello"), member("folder/", ""), member("folder/b.npy", npy(2)),
    })
    assert.same({ a = 1, ["folder/b"] = 2 }, values(archive))
    assert.same({ "text", "record", "object", "bytes", "complex", "date", "notes.txt" }, skipped)
  end)

  it("names nothing where all are tensors", function()
    local _, skipped = load(zip { member("a.npy", npy(1)) })
    assert.same({}, skipped)
  end)

  context("given names", function()
    local archive

    before_each(function()
      archive = zip {
        member("a.npy", npy(1)), packed_member("b.npy", npy(2)), member("t.npy", typed("'<U1'", 4)),
        member("broken.npy", npy(3), { sum = 1 }), member("locked.npy", npy(4), { flags = 1 }),
      }
      local file <close> = assert(io.open(path, "wb"))
      file:write(archive)
    end)

    it("reads these members and no others", function()
      assert.same({ a = 1 }, values((snn.load_npz(path, { "a" }))))
      local some, skipped = snn.load_npz(path, { "b", "t", "a" })
      assert.same({ a = 1, b = 2 }, values(some))
      assert.same({ "t" }, skipped)
      assert.same({}, (snn.load_npz(path, {})))
      support.fails("IOError", "encrypted", snn.load_npz, path, { "locked" })
      support.fails("IOError", "check sum", snn.load_npz, path, { "broken" })
    end)

    it("reads the last one of a name given twice in the archive", function()
      assert.same({ a = 2 }, values(load(zip { member("a.npy", npy(1)), member("a.npy", npy(2)) })))
      assert.same({ a = 2 }, values((snn.load_npz(path, { "a" }))))
    end)

    it("refuses those that are not there, and lists that are none", function()
      support.fails("ValueError", "has no member 'brokn' (did you mean 'broken'?)", snn.load_npz,
        path, { "brokn" })
      support.fails("ValueError", "has no member 'something'", snn.load_npz, path,
        { "a", "something" })
      support.fails("TypeError", "'names' must be a list of names, got string 'a'", snn.load_npz,
        path, "a")
      support.fails("TypeError", "'names' must be a list of names, got number 1", snn.load_npz,
        path, { 1 })
      support.fails("TypeError", "'max_ratio' (options come behind it)", snn.load_npz, path,
        { max_ratio = 3 })
    end)
  end)

  context("given little that unpacks to much", function()
    local n <const> = 40 << 20 -- bytes of each member
    local zeros

    lazy_setup(function() zeros = packed_member("z.npy", typed("'|b1'", n, n)) end)

    --- The same bytes under several names; the data of all but the first are
    --- those of the first.
    local function overlapping(count)
      local members = { zeros }
      for i = 2, count do
        members[i] = member("z.npy", "", { method = 8, size = zeros.size, packed = zeros.packed,
          sum = zeros.sum, place = 0 })
      end
      return members
    end

    it("reads 40 MiB", function() assert.equal(n, #load(zip { zeros }).z) end)

    it("refuses 80 MiB in members that share their bytes", function()
      local ok, e = pcall(load, zip(overlapping(2)))
      assert.same({ false, "IOError" }, { ok, e.kind })
      assert.truthy(e.message:find("unpacks to more than 67108864 bytes", 1, true), e.message)
      assert.equal(n, #snn.load_npz(path, nil, { max_ratio = math.huge }).z)
    end)

    it("refuses one member of it before it takes memory", function()
      local big = packed_member("z.npy", typed("'|b1'", 72 << 20, 72 << 20))
      local ok, e = pcall(load, zip { big })
      assert.same({ false, "IOError" }, { ok, e.kind })
      assert.truthy(e.message:find("member 'z.npy' unpacks to more than", 1, true), e.message)
    end)
  end)

  it("refuses what cannot be opened", function()
    local _, e = pcall(snn.load_npz, "/nonexistent/x.npz")
    assert.equal("IOError", e.kind)
    assert.equal("load_npz: cannot open '/nonexistent/x.npz': No such file or directory", e.message)
    _, e = pcall(snn.load_npz, "/")
    assert.equal("load_npz: '/' is no regular file", e.message)
  end)
end)
