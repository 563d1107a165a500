-- What names of other libraries are here (lua/snn/foreign.lua): each row is
-- tried, what it advises runs, and no name in it is one of ours.
local snn = require "snn"
local support = require "spec.support"
local neurons = require "spec.every.neurons"
local synapses = require "spec.every.synapses"
local trainers = require "spec.every.trainers"

local ROWS <const> = dofile "lua/snn/foreign.lua"

local function connection()
  return snn.LinearDense {
    in_shape = 3, out_shape = 2, step_time = 1,
    synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 },
  }
end

-- an object of each place that is a class
local MAKE = {
  Module = function() return snn.Module() end,
  Neuron = function() return neurons.make "LIF" end,
  Connection = connection,
  Layer = function() return snn.Layer() end,
  CellTrainer = function() return trainers.maker(snn.STDP).object() end,
}

local function words(text)
  local list = {}
  for word in text:gmatch "%S+" do list[#list + 1] = word end
  return list
end

-- What a line of advice may use.
local function surroundings()
  return setmetatable({
    snn = snn, x = snn.rand(2, 3), q = snn.tensor({ 1, 2 }, { dtype = "int64" }),
    lif = neurons.make "LIF", conn = connection(), layer = snn.Layer(),
    stdp = trainers.maker(snn.STDP).object(),
  }, { __index = _G })
end

local function run(code)
  local fn = assert(load(code, code, "t", surroundings()) or
    load("return " .. code, code, "t", surroundings()))
  return fn()
end

local function message(fn, ...)
  local ok, err = pcall(fn, ...)
  assert.is_false(ok)
  return err
end

local function index(object, name) return object[name] end

-- Raises unless the name is an AttributeError of the object with that advice.
local function advises(object, name, here)
  local err = message(index, object, name)
  assert.equal("AttributeError", err.kind)
  assert.truthy(err.message:find("'" .. name .. "'", 1, true))
  assert.truthy(err.message:find(" (here: " .. here .. ")", 1, true), err.message)
end

local count = 0
for place, make in pairs {
  tensor = function() return snn.rand(2, 3) end, snn = function() return snn end,
} do MAKE[place] = make end

for place, make in pairs(MAKE) do
  describe("names of other libraries, of " .. place, function()
    for _, row in ipairs(ROWS[place]) do
      count = count + 1
      it(row[1], function()
        for _, name in ipairs(words(row[1])) do advises(make(), name, row[2]) end
        run(row[3])
      end)
    end
  end)
end

-- ---- arguments ----

local VALUES = {
  Conv2D = { height = 3, width = 3, channels = 1, filters = 1, kernel = 2, step_time = 1 },
}

-- The class's constructor with one more argument.
local function construct(class, name)
  local args = {}
  for key, value in pairs(VALUES[class] or {}) do args[key] = value end
  args[name] = 1
  return snn[class](args)
end

describe("arguments of other libraries", function()
  for _, row in ipairs(ROWS.argument) do
    count = count + 1
    it(row[1], function()
      local known = {}
      for _, argument in ipairs(snn[row[3]].arguments) do known[argument.name] = true end
      local here = {}
      for _, name in ipairs(words(row[2])) do
        if known[name] then here[#here + 1] = name end
      end
      assert.is_true(#here > 0)
      for _, name in ipairs(words(row[1])) do
        assert.is_nil(known[name])
        local err = message(construct, row[3], name)
        assert.equal("TypeError", err.kind)
        local advice = err.message:match("unknown argument '" .. name .. "' %(here: (.*)%)$")
        assert.truthy(advice, err.message)
        local told = {}
        for word in advice:gmatch "'([%w_]+)'" do told[#told + 1] = word end
        table.sort(told)
        table.sort(here)
        assert.same(here, told)
      end
    end)
  end

  it("are told with what a class has, and only that", function()
    support.fails("TypeError", "unknown argument 'tau' (here: 'time_constant')", construct, "LIF",
      "tau")
    support.fails("TypeError", "unknown argument 'tau' (here: 'tc_membrane')", construct, "ALIF",
      "tau")
    support.fails("TypeError", "unknown argument 'tau' (there are 'step_time'", construct,
      "EventReducer", "tau")
  end)
end)

describe("the table of names of other libraries", function()
  it("has at least 80 rows", function() assert.is_true(count >= 80) end)

  it("has no name twice in a place", function()
    for place, rows in pairs(ROWS) do
      local seen = {}
      for _, row in ipairs(rows) do
        for _, name in ipairs(words(row[1])) do
          assert.is_nil(seen[name], place .. " has '" .. name .. "' twice")
          seen[name] = true
        end
      end
    end
  end)
end)

-- ---- names nearby ----

describe("the nearest name", function()
  it("is told within a third of what was written, not farther", function()
    local x = snn.ones(2)
    -- of 9 letters up to 3 edits, of 5 letters 1, of 2 none
    for name, near in pairs { logicalor = "logical_or", totble = "totable", mediam = "median",
      tranpsose = "transpose", sqr = "sqrt", clmap = "clamp" } do
      support.fails("AttributeError", "'" .. name .. "' (did you mean '" .. near .. "'?)", index,
        x, name)
    end
    for _, name in ipairs { "xx", "slce_xyz", "tt", "qwertz", "wh" } do
      assert.is_nil(message(index, x, name).message:find("did you mean", 1, true))
    end
  end)

  it("of snn and its tables is an AttributeError", function()
    support.fails("AttributeError", "no field 'Lif' in snn (did you mean 'LIF'?)", index, snn,
      "Lif")
    support.fails("AttributeError", "no field 'Posson' in snn.stats (did you mean 'Poisson'?)",
      index, snn.stats, "Posson")
    for _, name in ipairs { "functional", "stats", "trace", "data" } do
      local own = next(snn[name])
      local text = ("no field '%sx' in snn.%s (did you mean '%s'?)"):format(own, name, own)
      support.fails("AttributeError", text, index, snn[name], own .. "x")
      support.fails("AttributeError", "no field 'qwertz' in snn." .. name, index, snn[name],
        "qwertz")
    end
    support.fails("AttributeError", "no field 'pfd' in snn.stats.Normal (did you mean 'pdf'?)",
      index, snn.stats.Normal, "pfd")
  end)

  it("may stand elsewhere in snn", function()
    support.fails("AttributeError", "no field 'exp_trace_nearest' in snn (here: "
      .. "snn.trace.exp_trace_nearest)", index, snn, "exp_trace_nearest")
    support.fails("AttributeError", "no field 'sigmoid' in snn (here a method of tensors: "
      .. "x:sigmoid(...))", index, snn, "sigmoid")
    support.fails("AttributeError", "(here: snn.LIF)", index, snn.functional, "LIF")
    -- what is a method of tensors elsewhere is often a function there
    for _, name in ipairs { "softmax", "argsort", "square" } do
      local here = message(index, snn.ones(1), name).message:match " %(here: .*$"
      support.fails("AttributeError", "no field '" .. name .. "' in snn" .. here, index, snn, name)
    end
  end)

  it("leaves snn open for names of a script, and what is no name nil", function()
    rawset(snn, "mine", 1)
    assert.equal(1, snn.mine)
    snn.mine = nil
    assert.is_nil(snn[1])
    assert.is_nil(rawget(snn, "Lif"))
    assert.is_nil(snn.__index)
  end)

  it("is told of classes that the library has in Lua", function()
    local lif = neurons.make("LIF", { shape = 2 })
    local serial = snn.Serial { connection = connection(), neuron = lif }
    support.fails("AttributeError", "Serial has no field 'neurons_' (did you mean 'neurons'?)",
      index, serial, "neurons_")
    assert.is_nil(serial.transform)
    serial.note = 1
    assert.equal(1, serial.note)
    local monitor = snn.StateMonitor { module = lif, attr = "voltage",
      reducer = snn.PassthroughReducer { step_time = 1 } }
    support.fails("AttributeError", "StateMonitor has no field 'pek' (did you mean 'peek'?)",
      index, monitor, "pek")
    support.fails("AttributeError", "MonitorPool has no field 'qwertz'", index, snn.MonitorPool(),
      "qwertz")
    local clamping = snn.Clamping { module = connection(), attr = "weight", min = 0 }
    support.fails("AttributeError", "Clamping has no field 'regster' (did you mean 'register'?)",
      index, clamping, "regster")
    -- a script's class is open, whatever its parent
    local Mine = snn.class("Mine", snn.Serial)
    assert.is_nil(Mine { connection = connection(), neuron = neurons.make("LIF",
      { shape = 2 }) }.qwertz)
  end)

  it("is told of every class's arguments and fields", function()
    for _, name in ipairs(neurons.models()) do
      local lif = neurons.make(name)
      support.fails("AttributeError", "(did you mean 'voltage'?)", index, lif, "voltag")
    end
    support.fails("AttributeError", "(did you mean 'current'?)", index,
      synapses.maker(snn.DeltaCurrent).object(), "curent")
  end)
end)
