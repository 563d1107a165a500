-- How values and objects show themselves: bounds of tables, golden texts of a recurrent
-- net at 40, 80 and 200 columns (SNN_GOLDEN=write writes them), and that to be shown
-- changes nothing and calls nothing of a script.
local snn = require "snn"
local folder = require "spec.io.folder"
local net = require "spec.lua.show.net"
local support = require "spec.support"

local PLAIN <const> = { width = 80, color = false, utf8 = true }

local function show(value, options)
  local all = {}
  for k, v in pairs(PLAIN) do all[k] = v end
  for k, v in pairs(options or {}) do all[k] = v end
  local _ = snn.LIF -- opens the library
  return folder.tools().show(value, all)
end

local function letters(line) return select(2, line:gsub("[^\x80-\xBF]", "")) end

describe("show", function()
  it("writes strings plain at the top and quoted in tables", function()
    assert.equal("a\nb", show "a\nb")
    assert.equal([[{"a\nb", "\"", "\x00"}]], show { "a\nb", '"', "\0" })
  end)

  it("writes lists, then numbers, then names in order", function()
    assert.equal('{1, 2, [2.5] = 3, [10] = 4, a = true, b = {}, ["two words"] = nil}',
      (show { 1, 2, [10] = 4, [2.5] = 3, b = {}, a = true, ["two words"] = 5 }:gsub("5}$", "nil}")))
  end)

  it("writes shapes as scripts do", function()
    assert.equal("{2, 3}", show(snn.zeros(2, 3).shape))
  end)

  it("says how many entries are left out", function()
    local list = {}
    for i = 1, 1000 do list[i] = i end
    assert.equal("{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, … 990 more}", show(list))
    assert.equal("{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, ... 990 more}", show(list, { utf8 = false }))
  end)

  it("is quick with a million of keys", function()
    local names = {}
    for i = 1, 1000000 do names[i * 1.5] = i end
    local start = os.clock()
    assert.truthy(show(names):find("{\n  [1.5] = 1,\n  [3] = 2,", 1, true)
      or show(names):find("[3.0] = 2", 1, true))
    assert.is_true(os.clock() - start < 20)
  end)

  it("ends at cycles and at its depth", function()
    local t = { a = {} }
    t.a.up, t.a.self = t, t.a
    assert.equal("{a = {self = <cycle: a>, up = <cycle>}}", show(t))
    assert.equal("{{{{{…}}}}}", show { { { { { 1 } } } } })
    assert.equal("{{{…}}}", show({ { { 1 } } }, { depth = 2 }))
  end)

  it("breaks what is wider into lines, none of them too wide", function()
    local text = show({ first = ("x"):rep(60), second = { 1, 2 }, third = snn.zeros(9, 9) },
      { width = 40 })
    for line in text:gmatch "[^\n]+" do assert.is_true(letters(line) <= 40, line) end
    assert.truthy(text:find("\n  second = {1, 2},\n  third = tensor {9, 9} float32\n}", 1, true))
  end)

  it("names functions and where they stand", function()
    assert.equal("function print (C)", show(print))
    assert.matches("^function %(.*show_spec.lua:%d+%)$", show(function() end))
  end)

  it("calls no metamethod but __tostring, whose error is told", function()
    local function never() error "called" end
    local quiet = setmetatable({ 1 }, { __index = never, __pairs = never, __len = never })
    assert.equal("{{1}}", show { quiet })
    local loud = setmetatable({}, { __tostring = function() error("oh", 0) end })
    assert.equal("{<error in __tostring: oh>}", show { loud })
    assert.equal("<error in __tostring: oh>", show(loud))
    assert.equal("mine", show(setmetatable({}, { __tostring = function() return "mine" end })))
  end)

  it("writes the elements of an expanded tensor that are shown, and no other", function()
    local start = os.clock()
    local text = show(snn.rand(1000, 1, 1):expand(1000, 1000, 1000), { width = 60 })
    assert.is_true(os.clock() - start < 0.1)
    for line in text:gmatch "[^\n]+" do assert.is_true(#line < 60, line) end
  end)

  it("has colours only where it is told", function()
    local neuron = snn.LIF { shape = 1, step_time = 1, rest_v = -60, reset_v = -65, thresh_v = -50,
      refrac_t = 2, time_constant = 20 }
    assert.is_nil(show(neuron):find "\27")
    assert.equal(show(neuron), (show(neuron, { color = true }):gsub("\27%[%d*m", "")))
    assert.truthy(show(neuron, { color = true }):find("^\27%[1mLIF\27%[0m\n"))
    assert.is_nil(tostring(neuron):find "\27")
  end)

  it("has colours in a pipe only with --color=always", function()
    local script = support.quote "print(snn.Layer())"
    assert.is_nil(support.snnlua("-e " .. script).out:find "\27")
    assert.is_nil(support.snnlua("--color=never -e " .. script).out:find "\27")
    assert.truthy(support.snnlua("--color=always -e " .. script).out:find "\27%[1m")
  end)
end)

-- ------------------------------------------------------------- golden texts

local function read(path)
  local file = io.open(path)
  if not file then return nil end
  local text = file:read "a"
  file:close()
  return text
end

local function golden(name, text)
  local path = "spec/lua/show/golden/" .. name .. ".txt"
  if os.getenv "SNN_GOLDEN" == "write" then
    local file = assert(io.open(path, "w"))
    file:write(text, "\n")
    file:close()
  end
  assert.equal(read(path), text .. "\n")
end

describe("a recurrent net", function()
  local layer, trainer, model

  setup(function()
    layer, trainer = net.make()
    net.run(layer, 5)
    trainer()
    local Model = snn.class "Model"
    model = Model()
    model.net, model.encoder = layer, snn.HomogeneousPoissonEncoder { steps = 10, step_time = 1,
      frequency = 50 }
  end)

  local function texts(options)
    local enc, list = layer.connections.enc, {}
    for _, entry in ipairs {
      { "layer", layer }, { "neuron", layer.neurons.exc }, { "connection", enc },
      { "synapse", enc.synapse }, { "updater", enc.updater },
      { "accumulator", enc.updater.weight }, { "cell", layer.cells.enc.exc },
      { "trainer", trainer }, { "monitor", snn.StateMonitor { attr = "voltage" } },
      { "reducer", snn.EMAReducer { step_time = 1, alpha = 0.5 } },
      { "encoder", model.encoder }, { "model", model }, { "connections", layer.connections },
      { "classifier", snn.MaxRateClassifier { shape = 3, num_classes = 2, decay = 1e-3 } },
    } do list[#list + 1] = "-- " .. entry[1] .. "\n" .. show(entry[2], options) end
    return table.concat(list, "\n\n")
  end

  for _, width in ipairs { 40, 80, 200 } do
    it(("shows itself and its parts in %d columns"):format(width), function()
      local text = texts { width = width }
      for line in text:gmatch "[^\n]+" do assert.is_true(letters(line) <= width, line) end
      golden("net_" .. width, text)
    end)
  end

  it("is the layer that README.md shows", function()
    assert.truthy(read("README.md"):find("```text\n" .. show(layer) .. "\n```", 1, true))
  end)

  it("is ASCII where the locale is", function()
    local text = texts { utf8 = false }
    assert.is_nil(text:find "[\x80-\xFF]")
    golden("net_ascii", text)
  end)

  it("is as it was when it has been shown, and says the same again", function()
    local before = layer:state_dict()
    local first = texts()
    for name, value in pairs(layer:state_dict()) do
      assert.is_true(value:equal(before[name]), name)
    end
    assert.equal(first, texts())
  end)

  it("tells who trains a cell, and in which mode", function()
    trainer:eval()
    assert.truthy(show(layer):find("STDP 'enc' (evaluation mode)", 1, true))
    assert.truthy(show(trainer):find("^STDP  evaluation mode\n"))
    trainer:train()
  end)

  it("tells NaN", function()
    local other = net.make()
    net.run(other, 1)
    other.neurons.exc.voltage = snn.full({ 1, 20 }, 0 / 0)
    assert.truthy(show(other):find("exc +LIF +{20} +%d+ of 20 +NaN: 20 of 20"))
  end)

  it("is shown where members were deleted, or never stepped", function()
    local other, teacher = net.make()
    assert.truthy(show(other):find("\n  last step  none yet", 1, true))
    local cell = other.cells.enc.exc
    other:del_neuron "exc"
    assert.equal("Cell\n  deleted from its layer", show(cell))
    assert.truthy(show(teacher):find("enc  deleted from its layer", 1, true))
    assert.truthy(show(snn.Layer()):find("^Layer  0 steps\n"))
  end)
end)

-- One of each class that can be made of the examples of its arguments.
local function made_of_examples(class)
  local args = {}
  for _, argument in ipairs(rawget(class, "arguments")) do
    if argument.example ~= nil and argument.name ~= "file" then
      args[argument.name] = load("local snn = ...; return "
        .. tostring(argument.example))(snn)
    end
  end
  args.dtype, args.batch_size = args.dtype and "float64", args.batch_size and 3
  if tostring(class):find "Linear" or tostring(class):find "Conv2D" then
    args.synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 }
  end
  local ok, object = pcall(class, args)
  return ok and object
end

describe("every class", function()
  it("is shown, and so are its objects, within any width", function()
    local count, _ = 0, snn.LIF
    for name, class in pairs(snn) do
      local is_class = type(class) == "table" and debug.getmetatable(class)
        and rawget(class, "arguments")
      local object = is_class and made_of_examples(class)
      for _, width in ipairs(object and { 20, 40, 80, 200 } or {}) do
        local text = show(object, { width = width, utf8 = width > 40 })
        assert.is_nil(text:find "\n  %(" or text:find "not finished", text)
        for line in (text .. "\n" .. show(class, { width = width })):gmatch "[^\n]+" do
          assert.is_true(letters(line) <= width, name .. ": " .. line)
        end
      end
      if object then count = count + 1 end
    end
    assert.is_true(count > 50, tostring(count))
  end)
end)

describe("an object of a script's class", function()
  it("is shown by extra_repr and by __tostring, whose errors are told", function()
    local Mine = snn.class "Mine"
    function Mine.extra_repr() return "size=3" end
    assert.equal("Mine(size=3)", show(Mine()))
    assert.equal("{Mine(size=3)}", show { Mine() })
    local Text = snn.class "Text"
    function Text.__tostring() return "my text" end
    assert.equal("{my text}", show { Text() })
    local Broken = snn.class "Broken"
    function Broken.__tostring() error("oh", 0) end
    assert.equal("{<error in __tostring: oh>}", show { Broken() })
  end)

  it("is shown while it is half made", function()
    local Half, said = snn.class("Half", snn.LIF), nil
    function Half:init(args)
      said = show { self }
      snn.LIF.init(self, args)
    end
    local half = Half { shape = 1, step_time = 1, rest_v = -60, reset_v = -65, thresh_v = -50,
      refrac_t = 2, time_constant = 20 }
    assert.matches("^{Half", said)
    assert.matches("^Half %(a class below LIF%)\n", show(half))
  end)
end)
