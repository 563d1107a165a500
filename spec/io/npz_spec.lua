local snn = require "snn"

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

--- What gzip makes of `text`, without its header (10 bytes) and trailer (8).
local function deflated(text)
  local path = os.tmpname()
  local file = assert(io.open(path, "wb"))
  file:write(text)
  file:close()
  local pipe = assert(io.popen("gzip -nc " .. path))
  local packed = pipe:read("a")
  pipe:close()
  os.remove(path)
  return packed:sub(11, -9)
end

--- A member of an archive: fields may be set to lie.
local function member(name, text, fields)
  local m = { name = name, data = text, method = 0, flags = 0, sum = crc32(text), size = #text }
  for k, v in pairs(fields or {}) do m[k] = v end
  m.packed = m.packed or #m.data
  return m
end

local function packed_member(name, text, fields)
  local m = { method = 8, data = deflated(text) }
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
    refuses(": member 'a' has bytes too many: its header tells of 8 bytes of elements, "
      .. "shape (), 9 are there", zip { member("a.npy", npy(1) .. "x") })
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
    refuses(": member 'a.npy' is packed in an unknown way",
      zip { member("a.npy", npy(1), { method = 12 }) })
    refuses(": member 'notes.txt' is no NPY file", zip { member("notes.txt", "hello") })
    refuses(": member 'a' is no NPY file", zip { member("a.npy", "hello") })
  end)

  it("refuses what cannot be opened", function()
    local _, e = pcall(snn.load_npz, "/nonexistent/x.npz")
    assert.equal("IOError", e.kind)
    assert.equal("load_npz: cannot open '/nonexistent/x.npz': No such file or directory", e.message)
    _, e = pcall(snn.load_npz, "/")
    assert.equal("load_npz: '/' is no regular file", e.message)
  end)
end)
