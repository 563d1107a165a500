-- Names that are not there, for every table, class and object of the library: they
-- are errors for reading and for writing, and leave things as they were.
local snn = require "snn"
local models = require "spec.every.models"
local support = require "spec.support"

local fails = support.fails
local NAME <const> = "nothing_like_that"

local function read(of, name) return of[name] end
local function write(of, name, value) of[name] = value end

-- name -> class, of all in snn
local function classes()
  local found = {}
  for name, class in pairs(snn) do
    local meta = type(class) == "table" and getmetatable(class)
    if meta and meta.__call then found[name] = class end
  end
  return found
end

local CLASSES <const> = classes()

-- ------------------------------------------------------------- objects

local function dense()
  return models.maker(snn.LinearDense).object { in_shape = 2, out_shape = 2 }
end
local function lif() return models.maker(snn.LIF).object { shape = 2 } end
local function serial() return snn.Serial { connection = dense(), neuron = lif() } end
local function reducer() return snn.PassthroughReducer { step_time = 1 } end
local function monitor(class, more)
  return function()
    local args = { module = lif(), reducer = reducer() }
    for key, value in pairs(more or {}) do args[key] = value end
    return snn[class](args)
  end
end

-- Of each class that has no list of arguments, and can be made.
local MAKE <const> = {
  Module = function() return snn.Module() end,
  Layer = function() return snn.Layer() end,
  Serial = serial,
  Biclique = function()
    return snn.Biclique { connections = { { "a", dense() } }, neurons = { { "b", lif() } } }
  end,
  RecurrentSerial = function()
    return snn.RecurrentSerial { feedfwd_connection = dense(), feedfwd_neuron = lif(),
      lateral_connection = dense(), feedback_connection = dense(), feedback_neuron = lif() }
  end,
  MaxRateClassifier = function()
    return snn.MaxRateClassifier { shape = 2, num_classes = 2 }
  end,
  Updater = function() return dense():defaultupdater() end,
  Accumulator = function() return snn.Accumulator() end,
  Cell = function() return serial().cell end,
  CellTrainer = function() return snn.CellTrainer() end,
  IndependentCellTrainer = function() return snn.IndependentCellTrainer() end,
  MonitorPool = function() return snn.MonitorPool() end,
  SpikeRecorder = function() return snn.SpikeRecorder(lif()) end,
  InputMonitor = monitor "InputMonitor",
  OutputMonitor = monitor "OutputMonitor",
  StateMonitor = monitor("StateMonitor", { attr = "voltage" }),
  DifferenceMonitor = monitor("DifferenceMonitor", { attr = "voltage" }),
  MultiStateMonitor = monitor("MultiStateMonitor", { attr = "", subattrs = { "voltage" } }),
  Normalization = function()
    return snn.Normalization { module = dense(), attr = "weight", order = 1, scale = 1 }
  end,
  Clamping = function() return snn.Clamping { module = dense(), attr = "weight", min = 0 } end,
  FoldReducer = function() return snn.FoldReducer { step_time = 1 } end,
  RecordReducer = function() return snn.RecordReducer { step_time = 1 } end,
  EligibilityTraceReducer = function()
    return snn.EligibilityTraceReducer { step_time = 1, time_constant = 5, obs_reshape = print,
      cond_reshape = print }
  end,
  Observable = function() return snn.Observable { basis = lif(), realign = "clear" } end,
  Hook = function() return snn.Hook { posthook = function() end } end,
  StateHook = function() return snn.StateHook { module = dense() } end,
}

-- What only has subclasses.
local BASES <const> = {
  Monitor = true, Neuron = true, Synapse = true, Connection = true, Encoder = true, Reducer = true,
}

-- What takes new fields.
local OPEN <const> = {
  Module = true, Layer = true, Serial = true, Biclique = true, RecurrentSerial = true,
}

-- An object of the class, nil of those that only have subclasses.
local function object_of(name)
  if MAKE[name] then return MAKE[name]() end
  if rawget(CLASSES[name], "arguments") then return models.maker(CLASSES[name]).object() end
  assert(BASES[name], "tell how to make " .. name)
end

-- ------------------------------------------------------------- tables

describe("a name that is not in the table", function()
  local function each_table(name, t, visit)
    visit(name, t)
    for key, value in pairs(t) do
      local is_plain = type(value) == "table" and not CLASSES[key]
      if is_plain then each_table(name .. "." .. key, value, visit) end
    end
  end

  each_table("snn", snn, function(name, t)
    if t == snn.commands then return end -- scripts ask whether a command is there
    it(name .. " is refused", function()
      fails("AttributeError", ("no field '%s' in %s"):format(NAME, name), read, t, NAME)
      assert.is_nil(rawget(t, NAME))
    end)
  end)

  it("of snn is refused in a script of the program", function()
    local run = support.run("print(pcall(function() return snn.Lif end))")
    assert.truthy(run.out:find("no field 'Lif' in snn (did you mean 'LIF'?)", 1, true))
  end)

  it("of snn can be asked for", function()
    assert.is_nil(rawget(snn, "Lif"))
    assert.equal(snn.LIF, rawget(snn, "LIF"))
  end)
end)

-- ------------------------------------------------------------- classes

-- A method of the class with a letter left out, and the method.
local function slip(class)
  while class do
    local names = {}
    for key, value in pairs(class) do
      if type(value) == "function" and #key > 5 and not key:find "^_" then
        names[#names + 1] = key
      end
    end
    table.sort(names)
    if names[1] then return names[1]:sub(1, 2) .. names[1]:sub(4), names[1] end
    class = getmetatable(class).parent
  end
end

for name, class in pairs(CLASSES) do
  describe("class " .. name, function()
    local wrong, right = slip(class)

    it("refuses to read what it has not, with the nearest name", function()
      fails("AttributeError", ("class %s has no field '%s'"):format(name, NAME), read, class, NAME)
      fails("AttributeError", ("(did you mean '%s'?)"):format(right), read, class, wrong)
    end)

    it("refuses a method that is a slip, and takes another", function()
      fails("AttributeError", ("no method '%s' (did you mean '%s'?)"):format(wrong, right),
        write, class, wrong, print)
      assert.is_nil(rawget(class, wrong))
      write(class, NAME, print)
      assert.equal(print, class[NAME])
      write(class, NAME, nil)
    end)
  end)
end

describe("a script's class", function()
  local Net = snn.class("Net", snn.Layer)
  function Net:wirings() return 1 end
  function Net:forwards() return 2 end

  it("reads nil of what it has not, and its parent's methods", function()
    assert.is_nil(Net[NAME])
    assert.equal(snn.Layer.add_cell, Net.add_cell)
    assert.equal(Net.add_cell, snn.class("Below", Net).add_cell)
    assert.is_nil(snn.class("Below", Net)[NAME])
  end)

  it("may have plurals, and names that it has given are no slips", function()
    local net = Net()
    net.forwards, net.neuron = print, print
    function Net.wirring() end
    net.wirring = print
    assert.equal(print, net.wirring)
    Net.wirring = nil
  end)
end)

-- ------------------------------------------------------------- objects

for name in pairs(CLASSES) do
  local made = object_of(name)
  if made then
    describe("an object of " .. name, function()
      it("refuses to read a field that it has not", function()
        fails("AttributeError", ("%s has no field '%s'"):format(name, NAME), read, made, NAME)
      end)

      if OPEN[name] then
        it("takes new fields", function()
          made[NAME] = 1
          assert.equal(1, made[NAME])
          made[NAME] = nil
        end)
      else
        it("refuses to write a field that it has not", function()
          for _, value in ipairs { 1, print } do
            fails("AttributeError", ("%s has no field '%s'"):format(name, NAME),
              write, made, NAME, value)
          end
          fails("AttributeError", name .. " has no field number 1", write, made, 1, 1)
          assert.is_false((pcall(read, made, NAME)))
        end)
      end

      it("refuses a function that is a slip of a method", function()
        local wrong, right = slip(CLASSES[name])
        fails("AttributeError", ("(did you mean '%s'?)"):format(right), write, made, wrong, print)
        assert.is_false((pcall(read, made, wrong)))
      end)

      it("takes a method in place of its own", function()
        local _, right = slip(CLASSES[name])
        made[right] = print
        assert.equal(print, made[right])
        made[right] = nil
      end)
    end)
  end
end

describe("a field of a layer that is a slip", function()
  it("is warned of once when it is data", function()
    local layer = snn.Layer()
    local heard = support.heard(function()
      layer.trainig = 1
      layer.batchz = 2
      layer.trainig = nil
      layer.trainig = 3
    end)
    assert.equal(2, #heard)
    assert.truthy(heard[1]:find("Layer: 'trainig' is a new field (did you mean 'training'?)", 1,
      true))
    assert.equal(3, layer.trainig)
  end)

  it("is refused where warnings are errors", function()
    local layer = snn.Layer()
    local ok, err = support.strictly(write, layer, "batchz", 2)
    assert.is_false(ok)
    assert.equal("RuntimeError", err.kind)
    assert.is_false((pcall(read, layer, "batchz")))
  end)

  it("is none when it is short, far away or a plural", function()
    local layer = snn.Layer()
    assert.same({}, support.heard(function()
      layer.tim, layer.trainings, layer.add_cells, layer.other = 1, 2, print, print
    end))
  end)
end)
