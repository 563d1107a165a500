local folder = require "spec.io.folder"
local snn = require "snn"
local support = require "spec.support"
local fails = support.fails

local path, tools

before_each(function()
  path = folder.name()
  tools = folder.tools()
end)
after_each(function() os.remove(path) end)

local function bytes() return folder.read(path) end

---The CRC-32 by its definition (ISO 3309), a bit at a time.
local function crc32(text)
  local sum = 0xffffffff
  for i = 1, #text do
    sum = sum ~ text:byte(i)
    for _ = 1, 8 do sum = sum & 1 == 1 and sum >> 1 ~ 0xedb88320 or sum >> 1 end
  end
  return ("%08x"):format(sum ~ 0xffffffff)
end

local function write(name, value)
  tools.write_saved("save", path, { [name or "a"] = snn.tensor { 1, 2, 3 } },
    { ["snnlua.version"] = value or "1", by = "hand" }, 1)
end

---Puts the header's own checksum right.
local function seal(text)
  local length = string.unpack("<I8", text)
  local header = text:sub(9, 8 + length):gsub('("snnlua.crc32":")%x+', "%100000000")
  local sum = crc32(header)
  return text:sub(1, 8) .. header:gsub('("snnlua.crc32":")%x+', "%1" .. sum) .. text:sub(9 + length)
end

describe("a safetensors file", function()
  it("has the CRC-32 of each tensor and of its header", function()
    assert.equal("cbf43926", crc32 "123456789") -- the check value of its catalogue
    write()
    local text = bytes()
    assert.truthy(text:find('"snnlua.crc32.a":"' .. crc32(string.pack("<fff", 1, 2, 3)) .. '"', 1,
      true))
    assert.equal('{"__metadata__":{"snnlua.crc32":"', text:sub(9, 41))
    assert.equal(text, seal(text))
  end)

  it("has them of tensors of any length", function()
    for _, n in ipairs { 0, 1, 31, 32, 33, 39, 40, 41, 63, 64, 65, 1000 } do
      local t = snn.rand({ n }, { dtype = "float64" })
      local values = t:totable()
      tools.write_saved("save", path, { a = t }, {}, 1)
      local sum = crc32(("<" .. ("d"):rep(n)):pack(table.unpack(values)))
      assert.truthy(bytes():find('"snnlua.crc32.a":"' .. sum .. '"', 1, true))
      assert.same(values, tools.read_saved("load", path).a:totable())
    end
  end)

  it("has them where it goes through a pipe, too", function()
    write()
    local pipe = io.popen(("cat '%s'"):format(path))
    local text = pipe:read "a"
    pipe:close()
    os.remove(path)
    assert(os.execute("mkfifo " .. path))
    local copy = folder.name()
    os.execute(("cat '%s' > '%s' &"):format(path, copy))
    write()
    os.execute "sleep 0.1"
    assert.equal(text, folder.read(copy))
    os.remove(copy)
  end)

  it("keeps checksums from scripts, and its own names", function()
    snn.save_safetensors(path, { a = snn.ones(1) }, { metadata = { by = "hand" } })
    local _, metadata = snn.load_safetensors(path)
    assert.same({ by = "hand" }, metadata)
    write()
    _, metadata = snn.load_safetensors(path)
    assert.same({ by = "hand" }, metadata)
    local t
    t, metadata = tools.read_saved("load", path)
    assert.same({ by = "hand", ["snnlua.version"] = "1" }, metadata)
    assert.same({ 1, 2, 3 }, t.a:totable())
    fails("ValueError", "begin with 'snnlua.' are the library's own, got 'snnlua.x'",
      snn.save_safetensors, path, {}, { metadata = { ["snnlua.x"] = "1" } })
  end)

  it("is refused with its name and the tensor's where a bit is another one", function()
    write()
    local whole = bytes()
    local size = string.unpack("<I8", whole)
    for at = 1, #whole do
      local bit = 1 << at % 8
      folder.write(path, whole:sub(1, at - 1) .. string.char(whole:byte(at) ~ bit)
        .. whole:sub(at + 1))
      local wanted = at > 8 + size and "tensor 'a' is damaged: its bytes do not fit their checksum"
        or path
      fails("IOError", wanted, snn.load_safetensors, path)
      fails("IOError", path, tools.read_saved, "load", path)
    end
  end)

  it("is refused where its length is another one", function()
    write()
    local whole = bytes()
    for length = 0, #whole - 1 do
      folder.write(path, whole:sub(1, length))
      fails("IOError", path, snn.load_safetensors, path)
    end
    folder.write(path, whole .. "\0")
    fails("IOError", "bytes too many", snn.load_safetensors, path)
  end)

  it("has a checksum for each of its tensors", function()
    write()
    local text = bytes():gsub('"snnlua.crc32.a"', '"snnlua.crc32.b"')
    folder.write(path, seal(text))
    fails("IOError", "tensor 'a' has no checksum", snn.load_safetensors, path)
  end)

  it("may come from another program, but not half of it", function()
    local header = '{"__metadata__":{"by":"x"},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}'
    folder.write(path, string.pack("<s8", header) .. "x")
    assert.equal(120, snn.load_safetensors(path).a[1])
    fails("IOError", "load: '" .. path .. "' was not written by snn.save", tools.read_saved, "load",
      path)
    header = header:gsub('"by"', '"snnlua.crc32.a"')
    folder.write(path, string.pack("<s8", header) .. "x")
    fails("IOError", "does not begin with its checksum", snn.load_safetensors, path)
  end)

  it("takes any text for a name", function()
    for _, name in ipairs { '"', "\\", "\n\1\127", "ü€𝄞", "", "a.b" } do
      write(name, name)
      local t, metadata = tools.read_saved("load", path)
      assert.same({ 1, 2, 3 }, t[name]:totable())
      assert.equal(name, metadata["snnlua.version"])
    end
  end)
end)
