-- Error objects beside strings, and what errors never carry to a terminal.
local snn = require "snn"
local support = require "spec.support"
local fails = support.fails

-- An error of the engine, and one of a Lua file of the library.
local function errors()
  local found = {}
  for i, fn in ipairs { function() snn.zeros(-1) end,
    function() snn.functional.mean(1) end } do
    found[i] = select(2, pcall(fn))
  end
  return found
end

describe("an error", function()
  it("joins with strings, numbers, tensors and errors as its text", function()
    for _, err in ipairs(errors()) do
      local text = tostring(err)
      assert.equal("failed: " .. text, "failed: " .. err)
      assert.equal(text .. "!", err .. "!")
      assert.equal(text .. "1", err .. 1)
      assert.equal("0.5" .. text, 0.5 .. err)
      assert.equal(text .. text, err .. err)
      assert.equal(text .. "tensor(1., shape={}, dtype=float32)", err .. snn.tensor(1))
    end
  end)

  it("joins with nothing that has no text", function()
    local err = errors()[1]
    for _, value in ipairs { {}, true, print } do
      fails("TypeError", "concat: ", function() return err .. value end)
      fails("TypeError", "concat: ", function() return value .. err end)
    end
    fails("TypeError", "got nil", function() return err .. nil end)
  end)

  it("has every method of strings, on its text", function()
    local err = errors()[1]
    local text = tostring(err)
    for name in pairs(string) do
      if ({ byte = 1, len = 1, lower = 1, upper = 1, reverse = 1 })[name] then
        assert.equal(text[name](text), err[name](err))
      else
        assert.is_function(err[name])
      end
    end
    assert.equal("zeros", err:match "ValueError: (%a+)")
    assert.equal(text:find("Value", 1, true), (err:find("Value", 1, true)))
    assert.equal(text:gsub("%d", "#"), (err:gsub("%d", "#")))
    assert.equal(text:sub(-4), err:sub(-4))
    assert.equal(#text, #err)
    local words = 0
    for _ in err:gmatch "%a+" do words = words + 1 end
    assert.is_true(words > 3)
  end)

  it("has methods that a script gives to strings", function()
    local methods = getmetatable("").__index
    methods.shout = function(s) return s:upper() .. "!" end
    local shouted = errors()[1]:shout()
    methods.shout = nil
    assert.truthy(shouted:find "VALUEERROR.*!$")
  end)

  it("keeps its fields, and has no others", function()
    local err = errors()[1]
    assert.equal("ValueError", err.kind)
    assert.truthy(err.message:find "^zeros: ")
    assert.is_nil(err.nothing)
    assert.is_nil(err[1])
  end)
end)

-- ---- control bytes ----

-- a colour, a line's end, a bell, C1 alone and as UTF-8, and text that is none
local NAME = "a\27[31m\n\7\155\194\155\255\127ä"
local SHOWN = [[a\x1B[31m\n\a\x9B\xC2\x9B\xFF\x7Fä]]

local function has_control(text)
  return text:find "%c" or text:find "[\128-\159]" and not utf8.len(text) or
    text:find "\194[\128-\159]"
end

local function message(fn, ...)
  local _, err = pcall(fn, ...)
  return tostring(err)
end

describe("control bytes", function()
  it("of names, keys and choices are escaped in errors", function()
    local layer = snn.Layer()
    local lif = { shape = 1, step_time = 1 }
    for _, text in ipairs {
      message(function() snn.LIF { [NAME] = 1 } end),
      message(function() return snn.ones(1)[NAME] end),
      message(function() return layer[NAME] end),
      message(layer.get_connection, layer, NAME),
      message(layer.add_neuron, layer, NAME, lif),
      message(layer, { [NAME] = snn.ones(1) }),
      message(snn.zeros, 1, { dtype = NAME }),
      message(snn.zeros, 1, { [NAME] = 1 }),
      message(snn.load_npy, NAME),
      message(snn.tensor, NAME),
      message(snn.Module().load_state_dict, snn.Module(), { [NAME] = snn.ones(1) }),
      message(load("require([[snn]]).zeros(-1)", "=" .. NAME)),
    } do
      assert.truthy(text:find(SHOWN, 1, true), text)
      assert.is_nil(has_control(text:gsub("ä", "")))
    end
  end)

  it("of files are escaped in errors", function()
    local path = support.file("\x93NUMPY\1\0" .. string.pack("<s2", "{'" .. NAME .. "': 1}"))
    local text = message(snn.load_npy, path)
    os.remove(path)
    assert.is_nil(has_control(text))
    local header = ('{"%s":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}')
      :format("a\\u001b[2J\\u009b")
    path = support.file(string.pack("<s8", header) .. "abcd")
    text = message(snn.load_safetensors, path)
    os.remove(path)
    assert.is_nil(has_control(text))
    assert.truthy(text:find("\\x1B", 1, true), text)
  end)

  it("of what is described come shortened", function()
    local text = message(snn.tensor, ("x"):rep(10000))
    assert.is_true(#text < 400)
    assert.truthy(text:find("xxx...'", 1, true))
  end)

  it("are escaped in warnings", function()
    local told, before = {}, snn.warnings()
    local old = warn
    snn.warnings(true)
    rawset(_G, "warn", function(text) told[#told + 1] = text end)
    snn.warn(NAME)
    rawset(_G, "warn", old)
    snn.warnings(before)
    assert.truthy(told[1]:find(SHOWN, 1, true))
  end)

  it("of a class's name are escaped in its text", function()
    local class = snn.class(NAME)
    function class.init(self) snn.Module.init(self) end
    assert.is_nil(has_control(tostring(class())))
    assert.is_nil(has_control(message(function() class().training = 1 end)))
    assert.is_nil(has_control(tostring(class)))
  end)
end)
