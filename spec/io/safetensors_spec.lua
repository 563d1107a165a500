local snn = require "snn"
local support = require "spec.support"
local fails = support.fails

local path

---Writes a file of a header (text) and bytes; `length` lies about the header.
local function file(header, bytes, length)
  local out <close> = assert(io.open(path, "wb"))
  out:write(string.pack("<I8", length or #header), header, bytes or "")
end

local function load(header, bytes, length)
  file(header, bytes, length)
  return snn.load_safetensors(path)
end

---A header of one tensor "a".
local function one(dtype, shape, from, to)
  return ('{"a":{"dtype":"%s","shape":[%s],"data_offsets":[%d,%d]}}'):format(dtype, shape, from,
    to)
end

local function refused(text, header, bytes, length)
  fails("IOError", text, load, header, bytes, length)
end

before_each(function() path = os.tmpname() end)
after_each(function() os.remove(path) end)

describe("load_safetensors", function()
  it("reads tensors by name, whatever else the header holds", function()
    local t = load('{"__metadata__":{"by":"hand"},"x":{"dtype":"F32","shape":[2],'
      .. '"data_offsets":[8,16]},"n":{"dtype":"I64","shape":[],"data_offsets":[0,8]}}   ',
      string.pack("<i8ff", -7, 0.5, 2))
    assert.same({ 0.5, 2 }, t.x:totable())
    assert.equal(-7, t.n:item())
    assert.same({}, t.n.shape)
    assert.is_nil(t.__metadata__)
  end)

  local WIDTHS <const> = {
    { "F64", "<d", 8, "float64", { -2.5, 0x1p-60 } },
    { "F32", "<f", 4, "float32", { -2.5, 0x1p-60 } },
    { "I64", "<i8", 8, "int64", { math.mininteger, 3 } },
    { "I32", "<i4", 4, "int64", { -0x80000000, 3 } },
    { "I16", "<i2", 2, "int64", { -0x8000, 0x7fff } },
    { "I8", "<i1", 1, "int64", { -128, 127 } },
    { "U32", "<I4", 4, "int64", { 0xffffffff, 0 } },
    { "U16", "<I2", 2, "int64", { 0xffff, 0 } },
    { "U8", "<I1", 1, "int64", { 255, 0 } },
  }
  for _, w in ipairs(WIDTHS) do
    it("reads " .. w[1] .. " as " .. w[4], function()
      local bytes = string.pack(w[2], w[5][1]) .. string.pack(w[2], w[5][2])
      local a = load(one(w[1], "2", 0, 2 * w[3]), bytes).a
      assert.equal(w[4], a.dtype)
      assert.same(w[5], a:totable())
    end)
  end

  it("reads F16 and BF16 as float32", function()
    -- 1.5, -2, the least subnormal number, infinity
    local half = load(one("F16", "4", 0, 8), string.pack("<I2I2I2I2", 0x3e00, 0xc000, 1, 0x7c00)).a
    assert.same({ 1.5, -2, 0x1p-24, math.huge }, half:totable())
    local upper = load(one("BF16", "2", 0, 4), string.pack("<I2I2", 0x3fc0, 0xc000)).a
    assert.same({ 1.5, -2 }, upper:totable())
    assert.equal("float32", upper.dtype)
  end)

  it("reads BOOL", function()
    assert.same({ true, false, true }, load(one("BOOL", "3", 0, 3), "\1\0\7").a:totable())
  end)

  it("skips tensors of unknown dtypes, and names them", function()
    local header = [[{"a":{"dtype":"F8_E4M3","shape":[3],"data_offsets":[0,3]},
      "b":{"dtype":"F32","shape":[1],"data_offsets":[3,7]},
      "c":{"dtype":"F4","shape":[3,1,1,1,1,1,1,1,1],"data_offsets":[7,9]},
      "d":{"dtype":"I8","shape":[2],"data_offsets":[9,11]}}]]
    local t, metadata, skipped = load(header, "abc" .. string.pack("<f", 1.5) .. "de\1\255")
    assert.same({ 1.5 }, t.b:totable())
    assert.same({ 1, -1 }, t.d:totable())
    assert.same({ nil, nil, nil }, { t.a, t.c, metadata })
    assert.same({ "a", "c" }, skipped)
    -- their places count like others'
    refused("tensor 'b' lies behind a gap", header:gsub("0,3", "0,2"), ("x"):rep(11))
    refused("cut short", header, "abc")
  end)

  it("gives the metadata", function()
    local _, metadata, skipped = load '{"__metadata__":{"format":"pt","ü":"\\n"}}'
    assert.same({ format = "pt", ["ü"] = "\n" }, metadata)
    assert.same({}, skipped)
    refused("metadata other than strings", '{"__metadata__":{"n":1}}')
    refused("metadata that are no JSON object", '{"__metadata__":[]}')
  end)

  it("reads empty tensors and files without any", function()
    assert.same({ 0, 3 }, load(one("F32", "0,3", 0, 0)).a.shape)
    assert.is_nil(next(load "{}"))
  end)

  it("does not take a length for the mark of a gzip file", function()
    local header = "{}" .. (" "):rep(0x8b1f - 2)
    assert.is_nil(next(load(header)))
  end)

  context("given a broken file", function()
    it("names one that is missing", function()
      os.remove(path)
      fails("IOError", "cannot open", snn.load_safetensors, path)
    end)

    it("refuses what is too short, or tells of a header longer than it", function()
      local short = support.file("abc")
      fails("IOError", "too short", snn.load_safetensors, short)
      os.remove(short)
      refused("header would be longer", "{}", "", 3)
      refused("header would be longer", "{}", "", -1)
      refused("header would be longer", "{}", "", math.maxinteger)
    end)

    it("refuses headers that are no JSON object", function()
      refused("no JSON", "{")
      refused("no JSON", "")
      refused("no JSON", '{"a":1}{}')
      refused("no JSON object", "[]")
      refused("no JSON", ("["):rep(100000))
      refused("tensor 'a' is no JSON object", '{"a":1}')
    end)

    it("refuses a name given twice", function()
      local a = one("F32", "1", 0, 4):sub(2, -2)
      refused("duplicate", "{" .. a .. "," .. a .. "}", "abcd")
    end)

    it("names a tensor without a dtype", function()
      refused("has no dtype", '{"a":{"shape":[],"data_offsets":[0,0]}}')
    end)

    it("refuses shapes that are none", function()
      refused("other things than sizes", one("F32", "-1", 0, 4), "abcd")
      refused("other things than sizes", one("F32", "1.5", 0, 4), "abcd")
      refused("no memory holds", one("F32", "4611686018427387904,4", 0, 0))
      refused("more than 8 dimensions", one("F32", "1,1,1,1,1,1,1,1,1", 0, 4), "abcd")
      refused("has no shape", '{"a":{"dtype":"F32","data_offsets":[0,0]}}')
    end)

    it("refuses places that lie", function()
      refused("its shape {2} needs 8", one("F32", "2", 0, 4), "abcd")
      refused("no place", one("F32", "1", 4, 0), "abcd")
      refused("no place", one("F32", "1", -4, 0), "abcd")
      refused("behind a gap", one("F32", "1", 4, 8), "abcdabcd")
      refused("cut short", one("F32", "1", 0, 4), "abc")
      refused("bytes too many", one("F32", "1", 0, 4), "abcde")
      refused("overlaps", '{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},'
        .. '"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}', "abc")
    end)

    it("takes no memory for elements that are not there", function()
      refused("cut short", one("F64", "100000000000", 0, 800000000000))
    end)

    it("refuses unsigned integers that int64 does not hold", function()
      refused("above 2^63 - 1", one("U64", "1", 0, 8), ("\255"):rep(8))
      assert.equal(math.maxinteger, load(one("U64", "1", 0, 8),
        string.pack("<i8", math.maxinteger)).a[1])
    end)

    it("leaves no memory behind", function()
      collectgarbage()
      local before = snn._debug.live()
      for cut = 0, 60, 5 do
        local whole = one("F32", "1", 0, 4)
        pcall(load, whole:sub(1, cut), "abcd")
      end
      pcall(load, one("U64", "1", 0, 8), ("\255"):rep(8))
      collectgarbage()
      collectgarbage()
      assert.equal(before, snn._debug.live())
    end)
  end)
end)

describe("save_safetensors", function()
  it("gives back what load_safetensors reads, names, shapes, dtypes and bits", function()
    local t = {
      ["layer.weight"] = snn.rand(2, 3), ["ü"] = snn.rand(3, 4):transpose(1, 2),
      flag = snn.tensor { true, false, true }, n = snn.tensor({ 1 << 62 }, { dtype = "int64" }),
      wide = snn.rand({ 5 }, { dtype = "float64" }), none = snn.zeros(0, 2), one = snn.tensor(2),
    }
    snn.save_safetensors(path, t)
    local back = snn.load_safetensors(path)
    for name, tensor in pairs(t) do
      assert.equal(tensor.dtype, back[name].dtype)
      assert.is_true(tensor:equal(back[name]))
      back[name] = nil
    end
    assert.is_nil(next(back))
  end)

  it("writes the same bytes each time, tensors on multiples of their width", function()
    local function bytes(t)
      snn.save_safetensors(path, t)
      local input <close> = assert(io.open(path, "rb"))
      return input:read "a"
    end
    local x, y = snn.ones(1, { dtype = "bool" }), snn.ones(1, { dtype = "float64" })
    local text = bytes { b = x, a = y }
    assert.equal(text, bytes { a = y, b = x })
    assert.equal(0, (#text - 9) % 8)
    assert.equal(string.pack("<dI1", 1, 1), text:sub(-9))
  end)

  it("writes metadata, and the same bytes each time", function()
    local function bytes(metadata)
      snn.save_safetensors(path, { a = snn.ones(1) }, { metadata = metadata })
      local input <close> = assert(io.open(path, "rb"))
      return input:read "a"
    end
    local text = bytes { format = "snn", epoch = "3", ["ä"] = "" }
    local t, metadata = snn.load_safetensors(path)
    assert.same({ epoch = "3", format = "snn", ["ä"] = "" }, metadata)
    assert.same({ 1 }, t.a:totable())
    assert.truthy(text:find(',"epoch":"3","format":"snn","ä":""},"a":', 1, true))
    for i = 1, 9 do
      local other = {}
      local keys = i % 2 == 0 and { "ä", "format", "epoch" } or { "epoch", "ä", "format" }
      for _, key in ipairs(keys) do other[key] = metadata[key] end
      assert.equal(text, bytes(other))
    end
    assert.equal(bytes(nil), bytes {})
  end)

  it("refuses metadata that the format has not", function()
    local t = { a = snn.ones(1) }
    local function save(metadata) snn.save_safetensors(path, t, { metadata = metadata }) end
    fails("TypeError", "values of 'metadata' must be strings, got number 3", save, { epoch = 3 })
    fails("TypeError", "keys of 'metadata' must be strings, got number 1", save, { "x" })
    fails("TypeError", "'metadata' must be a table of strings, got string 'x'", save, "x")
    fails("ValueError", "zero byte", save, { a = "x\0" })
    fails("ValueError", "metadata must be UTF-8", save, { a = "\255" })
    fails("TypeError", "unknown option 'meta'", snn.save_safetensors, path, t, { meta = {} })
  end)

  it("writes nothing but a header for no tensors", function()
    snn.save_safetensors(path, {})
    assert.is_nil(next(snn.load_safetensors(path)))
  end)

  it("takes the state of a model there and back", function()
    local function model()
      local layer = snn.Layer()
      layer:add_connection("enc", snn.LinearDense { in_shape = 3, out_shape = 2, step_time = 1,
        bias = true, synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 30 } })
      layer:add_neuron("exc", snn.LIF { shape = 2, step_time = 1, rest_v = -65, reset_v = -60,
        thresh_v = -52, refrac_t = 3, time_constant = 20 })
      function layer:wiring(inputs) return { exc = inputs.enc } end -- luacheck: ignore 212
      return layer
    end
    snn.manual_seed(2)
    local a, b, x = model(), model(), snn.ones(1, 3)
    for _ = 1, 5 do a { enc = x } end
    snn.save_safetensors(path, a:state_dict())
    b:load_state_dict((snn.load_safetensors(path)))
    for _ = 1, 10 do assert.is_true(a { enc = x }.exc:equal(b { enc = x }.exc)) end
    assert.is_true(a.neurons.exc.voltage:equal(b.neurons.exc.voltage))
  end)

  it("keeps the old file when the new one cannot be", function()
    snn.save_safetensors(path, { a = snn.ones(1) })
    fails("ValueError", "UTF-8", snn.save_safetensors, path, { ["\255"] = snn.ones(1) })
    fails("IOError", "", snn.save_safetensors, path .. "/no", { a = snn.ones(1) })
    assert.equal(1, snn.load_safetensors(path).a[1])
  end)

  it("refuses names that the format has not", function()
    local t = snn.ones(1)
    fails("ValueError", "__metadata__", snn.save_safetensors, path, { __metadata__ = t })
    fails("ValueError", "zero byte", snn.save_safetensors, path, { ["a\0b"] = t })
    fails("TypeError", "keys", snn.save_safetensors, path, { t })
  end)

  it("refuses what are no tensors", function()
    fails("TypeError", "'a' must be a tensor, got number 1", snn.save_safetensors, path, { a = 1 })
    fails("TypeError", "'tensors' must be a table", snn.save_safetensors, path, snn.ones(1))
    fails("TypeError", "path", snn.save_safetensors, 1, {})
  end)
end)
