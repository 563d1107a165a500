-- States are named by their rows alone (src/tensor/state.h): no getter or setter of
-- the bindings and of the library in Lua knows one, and all classes list theirs.
local snn = require "snn"

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read "a"
  file:close()
  return text
end

local function files(pattern)
  local command = "find src/bind lua/snn lua/snn.lua -name '" .. pattern .. "'"
  local pipe, out = assert(io.popen(command)), {}
  for path in pipe:lines() do out[#out + 1] = path end
  pipe:close()
  table.sort(out)
  return out
end

-- All classes of the library that have rows, by name; also those that are not for
-- scripts. Classes of scripts declare `states`.
local function classes()
  local out = {}
  for _, records in pairs(debug.getregistry()) do
    if type(records) == "table" and rawget(records, snn.Layer) then
      for class in pairs(records) do
        local state = rawget(class, "state")
        local is_ours = type(state) == "table" and not rawget(class, "states")
        if is_ours then out[tostring(getmetatable(class).__name)] = state end
      end
    end
  end
  return out
end

local CLASSES = classes()
local NAMES = {}
for _, rows in pairs(CLASSES) do
  for _, row in ipairs(rows) do NAMES[row.name] = true end
end

-- "file:line: name" for each string that is a state's name.
local function find(path, text, first, out)
  local line = first
  for part in (text .. "\n"):gmatch "(.-)\n" do
    for word in part:gmatch '"([%w_]+)"' do
      if NAMES[word] then out[#out + 1] = ("%s:%d: %s"):format(path, line, word) end
    end
    line = line + 1
  end
end

-- Line of a place in a text.
local function line_of(text, place) return 1 + select(2, text:sub(1, place):gsub("\n", "")) end

local OF = { neuron = true, adaptation = true, input = true, history = true, weight = true,
  bias = true, delay = true, synapses = true, record = true, observed = true, classes = true,
  shape = true, class = true, one = true, parameter = true }
local TYPE = { real = true, bool = true, int64 = true, float64 = true, any = true }

describe("rows of state", function()
  it("are there for all families", function()
    for _, name in ipairs { "LIF", "HodgkinHuxley", "DeltaCurrent", "LinearDense", "EMAReducer",
      "MaxRateClassifier", "Generator", "Accumulator" } do
      assert.is_truthy(#snn[name].state > 0, name)
    end
    assert.is_truthy(NAMES.kept and NAMES.voltage and NAMES.weight)
  end)

  it("say what they are of, of what type, and what for", function()
    for class, rows in pairs(CLASSES) do
      local seen = {}
      for _, row in ipairs(rows) do
        local what = class .. "." .. row.name
        assert.is_true(OF[row.of], what)
        assert.is_true(TYPE[row.type], what)
        assert.is_true(#row.doc > 0, what)
        assert.is_boolean(row.saved, what)
        assert.is_nil(seen[row.name], what)
        seen[row.name] = true
      end
    end
  end)

  it("are named in no getter or setter of the bindings", function()
    local found = {}
    for _, path in ipairs(files "*.c") do
      local text = read(path):gsub("/%*.-%*/", function(c) return (c:gsub("[^\n]", "")) end)
      for place, head in text:gmatch "()\n(static [^;{}]-)\n{" do
        if head:find("snn_attribute %*a") or head:find "%f[%w][gs]et_%w+%(lua_State" then
          local body = text:match("\n{(.-)\n}", place)
          find(path, body, line_of(text, place), found)
        end
      end
      for place, body in text:gmatch "()snn_attribute [%w_]+%[[^%]]*%] = (%b{})" do
        for at, name in body:gmatch '()%.name = "([%w_]+)"' do
          if NAMES[name] and not path:find "updater%.c$" then
            found[#found + 1] = ("%s:%d: %s"):format(path, line_of(text, place + at), name)
          end
        end
      end
    end
    assert.same({}, found)
  end)

  it("are named nowhere in what all objects have", function()
    local found = {}
    for _, path in ipairs(files "*.c") do
      if path:find "^src/bind/object/" and not path:find "/missing%.c$" then
        local text = read(path):gsub("/%*.-%*/", function(c) return (c:gsub("[^\n]", "")) end)
        for line in text:gmatch "[^\n]+" do
          if line:find "lua_getinfo" or line:find '"n"' then line = "" end
          find(path, line, 0, found)
        end
      end
    end
    assert.same({}, found)
  end)

  it("are named in no getter or setter of the library in Lua", function()
    local found = {}
    for _, path in ipairs(files "*.lua") do
      local text = read(path):gsub("%-%-[^\n]*", "")
      for place, own, body in text:gmatch "()%f[%w_]__[gs]et%.([%w_]+)%b()(.-)\nend" do
        find(path, body:gsub('"' .. own .. '"', ""), line_of(text, place), found)
      end
      for place, body in text:gmatch "()%f[%w_]__[gs]et = (%b{})" do
        find(path, body, line_of(text, place), found)
      end
    end
    for _, path in ipairs { "lua/snn/module.lua", "lua/snn/connection.lua" } do
      local text = read(path):gsub("%-%-[^\n]*", "")
      find(path, text, 1, found)
    end
    assert.same({}, found)
  end)
end)
