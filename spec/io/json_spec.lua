local folder = require "spec.io.folder"
local snn = require "snn"
local support = require "spec.support"
local fails = support.fails

local path

before_each(function() path = os.tmpname() end)
after_each(function() os.remove(path) end)

local function load(header)
  folder.write(path, string.pack("<s8", header))
  local _, metadata = snn.load_safetensors(path)
  return metadata
end

---The text of a string as it is read.
local function read(inside) return load('{"__metadata__":{"x":"' .. inside .. '"}}').x end

local function refused(why, header) fails("IOError", why, load, header) end

describe("the JSON of a header", function()
  it("has escapes", function()
    assert.equal('"\\/\b\f\n\r\t', read [[\"\\\/\b\f\n\r\t]])
    assert.equal("Aéü€𝄞", read [[\u0041\u00e9\u00FC\u20ac\ud834\udd1e]])
  end)

  it("has white space between all of its parts", function()
    local header = ' { "__metadata__"\t:\r{\n"a" : "b" } , "t" : { "shape" : [ 0 , 2 ] , '
      .. '"dtype" : "F32" , "more" : [ { } , null , true , false , -1.5e+3 , "x" ] , '
      .. '"data_offsets" : [ 0 , 0 ] } } '
    assert.same({ a = "b" }, load(header))
  end)

  it("is UTF-8 by RFC 3629", function()
    assert.equal("\u{7ff}\u{800}\u{ffff}\u{10000}\u{10ffff}",
      read "\u{7ff}\u{800}\u{ffff}\u{10000}\u{10ffff}")
    for _, bytes in ipairs { "\x80", "\xc0\x80", "\xc1\xbf", "\xc3", "\xe0\x9f\xbf", "\xed\xa0\x80",
      "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\xe2\x82" } do
      refused("bytes that are no UTF-8", '{"__metadata__":{"x":"' .. bytes .. '"}}')
      fails("ValueError", "UTF-8", snn.save_safetensors, path, { [bytes] = snn.ones(1) })
    end
  end)

  it("is refused with the place of the fault", function()
    for header, why in pairs {
      [""] = "it ends too early, byte 0",
      ["{"] = "it ends too early, byte 1",
      ["{,}"] = "an unexpected byte, byte 1",
      ['{"a"}'] = "an unexpected byte, byte 4",
      ['{"a'] = "a string without an end, byte 3",
      ['{"\\x":1}'] = "an escape that is none",
      ['{"\\u12g4":1}'] = "an escape that is none",
      ['{"\\ud834":1}'] = "half a character",
      ['{"\\ud834\\u0041":1}'] = "half a character",
      ['{"\\udd1e":1}'] = "half a character",
      ['{"\\u0000":1}'] = "a zero byte",
      ['{"\n":1}'] = "a control byte in a string",
      ['{"a":{"x":01}}'] = "a number that begins with 0",
      ['{"a":{"x":-}}'] = "a number without digits",
      ['{"a":{"x":1.}}'] = "a number without digits",
      ['{"a":{"x":1e}}'] = "a number without digits",
      ['{"a":{"x":tru}}'] = "an unexpected byte",
      ['{"a":{"x":[1,]}}'] = "a number without digits",
      ['{"a":{"x":[1 2]}}'] = "an unexpected byte",
      ['{"a":{"dtype":"U8","dtype":"U8"}}'] = "duplicate keys",
      ["{}x"] = "text behind it, byte 2",
      ["{}\0"] = "an unexpected byte, byte 2",
      ['{"a":{"x":' .. ("["):rep(100) .. "}}"] = "values nested too deeply",
    } do refused(why, header) end
    refused("duplicate", '{"__metadata__":{"a":"1","a":"1"}}')
    refused("duplicate", '{"__metadata__":{},"__metadata__":{}}')
  end)

  it("takes no integer that int64 does not hold", function()
    refused("other things than sizes",
      '{"a":{"dtype":"U8","shape":[9223372036854775808],"data_offsets":[0,0]}}')
    refused("no place", '{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,-0.0]}}')
    refused("has 9223372036854775807 bytes",
      '{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,9223372036854775807]}}')
  end)
end)
