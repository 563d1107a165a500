-- What every class and every tensor says to frequent mistakes: arguments that
-- are missing, a dot for a colon, a field that is called, no dimension for the
-- batch, a list where a tensor is wanted.
local snn = require "snn"
local models = require "spec.every.models"
local neurons = require "spec.every.neurons"
local synapses = require "spec.every.synapses"
local fails = require("spec.support").fails

-- The classes of the library by name, sorted, and their own methods.
local function classes()
  local names = {}
  for name, class in pairs(snn) do
    local meta = type(class) == "table" and getmetatable(class)
    if meta and meta.__call then names[#names + 1] = name end
  end
  table.sort(names)
  return names
end

local function methods(class)
  local names = {}
  for name, value in pairs(class) do
    if type(value) == "function" and name:sub(1, 2) ~= "__" and name ~= "init"
      and name ~= "partialconstructor" then
      names[#names + 1] = name
    end
  end
  table.sort(names)
  return names
end

local function message(fn, ...)
  local ok, err = pcall(fn, ...)
  assert.is_false(ok)
  return err.message, err.kind
end

-- ---- arguments that are missing ----

-- What a class in Lua has to have that does not say it itself.
local WANTS = {
  Biclique = "connections neurons", Serial = "connection neuron",
  RecurrentSerial = "feedfwd_connection lateral_connection feedback_connection feedfwd_neuron "
    .. "feedback_neuron",
}

local function wanted(name)
  local list = {}
  for word in (WANTS[name] or ""):gmatch "%S+" do list[#list + 1] = { name = word } end
  for _, argument in ipairs(not WANTS[name] and rawget(snn[name], "arguments") or {}) do
    if not argument.optional then list[#list + 1] = argument end
  end
  return list
end

describe("a constructor without arguments", function()
  for _, name in ipairs(classes()) do
    local list = wanted(name)
    if #list > 0 then
      it("of " .. name .. " tells all that are missing, with units", function()
        local text, kind = message(snn[name], {})
        assert.equal("TypeError", kind)
        for _, argument in ipairs(list) do
          local unit = argument.unit and argument.unit .. "; " or ""
          local told = ("'%s'%s ("):format(argument.name, #list == 1 and " is missing" or "")
          assert.truthy(text:find(told .. unit, 1, true), text)
        end
        local count = #list > 1 and #list .. " arguments are missing: " or "argument "
        assert.truthy(text:find(name .. ": " .. count, 1, true), text)
      end)
    end
  end

  it("tells what is missing beside what is there", function()
    local text = message(snn.LIF, { shape = 3, rest_v = -60, time_constant = 20, reset_v = -65 })
    assert.equal("LIF: 3 arguments are missing: 'step_time' (ms; length of a step), 'thresh_v' "
      .. "(mV; voltage at which the neuron spikes), 'refrac_t' (ms; refractory time after a spike)",
      text)
  end)

  it("of a monitor's reducer's kin says so for each of them", function()
    local found = 0
    for _, name in ipairs(classes()) do found = found + (#wanted(name) > 0 and 1 or 0) end
    assert.is_true(found >= 40, tostring(found))
  end)
end)

-- ---- a dot for a colon ----

-- without `self` there is nothing to say of these
local OTHER = { Cell = "forward", CellTrainer = "forward", Layer = "wiring" }

describe("a method called with a dot", function()
  for _, name in ipairs(classes()) do
    for _, method in ipairs(methods(snn[name])) do
      local fn = snn[name][method]
      local is_change = method:find "^add_" or method:find "^del_" or method:find "connect$"
      local is_fixed = is_change and snn[name] ~= snn.Layer
        and models.is_below(snn[name], snn.Layer)
      if OTHER[name] ~= method and not is_fixed then
        it(("says how to call %s:%s"):format(name, method), function()
          for _, self in ipairs { "x", snn.ones(1), {} } do
            local text, kind = message(fn, self)
            assert.equal("TypeError", kind)
            local called = text:match "'self' must be .*%(call it as %l+:([%w_]+)%(%.%.%.%)%)$"
            -- the same function may have two names
            assert.equal(fn, called and snn[name][called], text)
          end
          assert.truthy(message(fn):find("(call it as ", 1, true))
        end)
      end
    end
  end

  it("is called by the name that the script writes", function()
    local layer, x = snn.Layer(), snn.ones(1, 3)
    fails("TypeError", "add_neuron: 'self' must be a Layer, got string 'exc' (call it as "
      .. "layer:add_neuron(...))", function() layer.add_neuron("exc", neurons.make "LIF") end)
    fails("TypeError", "(call it as neuron:forward(...))", function()
      neurons.make("LIF").forward(x)
    end)
    fails("TypeError", "(call it as trainer:add_cell(...))", function()
      snn.STDP.add_cell("cell")
    end)
    fails("TypeError", "(call it as x:sum(...))", function() return x.sum() end)
  end)

  it("may be a wiring, which took the layer for its inputs", function()
    local layer = snn.Layer()
    layer:add_connection("enc", snn.LinearDense {
      in_shape = 3, out_shape = 2, step_time = 1,
      synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 },
    })
    function layer.wiring(inputs) return { exc = inputs.enc } end
    fails("AttributeError", "takes self first (function layer:wiring(inputs))", layer,
      { enc = snn.ones(1, 3) })
  end)

  it("is told from an operator", function()
    local ok, err = pcall(function() return {} + snn.ones(1) end)
    assert.is_false(ok)
    assert.is_nil(err.message:find("call it as", 1, true))
  end)
end)

describe("a method of tensors called with a dot", function()
  local _, list = debug.getupvalue(debug.getmetatable(snn.ones(1)).__index, 1)
  for name, fn in pairs(list) do
    it("says how to call x:" .. name, function()
      local text, kind = message(fn, "x")
      assert.equal("TypeError", kind)
      local called = text:match "'self' must be .*%(call it as x:([%w_]+)%(%.%.%.%)%)$"
      assert.equal(fn, list[called], text)
    end)
  end
end)

-- ---- a field that is called ----

local function synapse(name) return synapses.maker(snn[name]).object() end

local CONNECTIONS = models.below(snn.Connection)
local function connection(name)
  return snn[name](models.arguments(snn[name]))
end

local function field_of(object, name)
  fails("TypeError", ("'%s' is a field, not a method: write it without ()"):format(name),
    load("local object = ... object:" .. name .. "()"), object)
end

describe("a field that is called as a method", function()
  it("says so of neurons, synapses and connections", function()
    for _, name in ipairs(neurons.models()) do
      local neuron = neurons.make(name)
      for _, field in ipairs { "voltage", "spike", "shape", "batchedshape" } do
        field_of(neuron, field)
      end
    end
    for _, name in ipairs(models.below(snn.Synapse)) do
      for _, field in ipairs { "current", "spike", "shape" } do field_of(synapse(name), field) end
    end
    for _, name in ipairs(CONNECTIONS) do
      for _, field in ipairs { "weight", "inshape", "outshape", "selector", "batched_inshape" } do
        field_of(connection(name), field)
      end
    end
  end)

  it("says so of tensors and layers", function()
    field_of(snn.ones(2), "shape")
    local layer = snn.Layer()
    for _, name in ipairs { "connections", "neurons", "cells" } do
      fails("TypeError", ("'layer.%s' is a field, not a method"):format(name),
        load("local layer = ... layer:" .. name .. "()"), layer)
    end
  end)

  -- Lua's own error: the program adds to it what it can
  it("says so of numbers and names where the program tells the error", function()
    local support = require "spec.support"
    for _, call in ipairs { "snn.ones(2):ndim()", "snn.ones(2):numel()", "snn.ones(2):dtype()",
      "snn.Module():training()" } do
      local result = support.run(call)
      assert.truthy(result.err:find("a field, not a method: write it without ()", 1, true))
    end
  end)

  it("is told from a tensor in a variable and in a for", function()
    local t = snn.ones(2)
    fails("TypeError", "a tensor cannot be called; t[i] takes from it", function() t(1) end)
    fails("TypeError", "encoder:steps_of(x)", function() for _ in t do t = nil end end)
  end)

  it("leaves lists of sizes what they are", function()
    local shape = snn.ones(2, 3).shape
    assert.same({ 2, 3 }, shape)
    assert.equal("2, 3", table.concat(shape, ", "))
    assert.equal(2, #shape)
    shape[1] = 5
    assert.equal(5, shape[1])
  end)
end)

-- ---- no dimension for the batch ----

local HINT <const> = "; the first dimension is the batch: x:unsqueeze(1)"

describe("a tensor without the dimension of the batch", function()
  it("is told what it lacks by every neuron", function()
    for _, name in ipairs(neurons.models()) do
      local neuron = neurons.make(name)
      fails("ValueError", "has shape {5}, must be {1, 5}" .. HINT, neuron, snn.ones(5))
      fails("ValueError", HINT, function() neuron.voltage = snn.ones(5) end)
      fails("ValueError", "1 sample", neurons.make(name, { batch_size = 2 }), snn.ones(5))
    end
  end)

  it("is told what it lacks by every synapse", function()
    for _, name in ipairs(models.below(snn.Synapse)) do
      fails("ValueError", "{1, 5}" .. HINT, synapse(name), snn.ones(5))
      fails("ValueError", HINT, synapse(name).current_at, synapse(name), snn.zeros(5))
      fails("ValueError", HINT, function() synapse(name).spike = snn.ones(5) end)
    end
  end)

  it("is told what it lacks by every connection, also in layers", function()
    for _, name in ipairs(CONNECTIONS) do
      local c = connection(name)
      local x = snn.ones(c.inshape)
      fails("ValueError", HINT, c, x)
      local layer = snn.Layer()
      layer:add_connection("enc", c)
      function layer.wiring() return {} end
      fails("ValueError", HINT, layer, { enc = x })
    end
  end)

  it("is told what it lacks by a classifier", function()
    local classifier = snn.MaxRateClassifier { shape = { 2, 3 }, num_classes = 2 }
    fails("ValueError", HINT, classifier.classify, classifier, snn.ones(2, 3))
  end)

  it("works once it has it, as is said", function()
    for _, name in ipairs(neurons.models()) do
      assert.same({ 1, 5 }, neurons.make(name)(snn.ones(5):unsqueeze(1)).shape)
    end
  end)

  it("is not spoken of where other sizes are wrong", function()
    assert.is_nil(message(neurons.make "LIF", snn.ones(4)):find("unsqueeze", 1, true))
    assert.is_nil(message(neurons.make "LIF", snn.ones(2, 5)):find("unsqueeze", 1, true))
  end)
end)

-- ---- a list where a tensor is wanted ----

describe("a list where a tensor is wanted", function()
  local LIST <const> = "got table (snn.tensor{...} makes one of a list)"

  it("is told of by every neuron, synapse and connection", function()
    for _, name in ipairs(neurons.models()) do
      fails("TypeError", LIST, neurons.make(name), { 1, 2, 3 })
      fails("TypeError", LIST, function() neurons.make(name).voltage = { 1 } end)
    end
    for _, name in ipairs(models.below(snn.Synapse)) do
      fails("TypeError", LIST, synapse(name), { 1, 2, 3 })
      fails("TypeError", LIST, synapse(name).current_at, synapse(name), { 1 })
    end
    for _, name in ipairs(CONNECTIONS) do
      local c = connection(name)
      fails("TypeError", LIST, c, { 1, 2, 3 })
      fails("TypeError", LIST, function() c.weight = { 1 } end)
      fails("TypeError", LIST, c.like_bias, c, { 1 })
    end
  end)

  it("is told of by methods of tensors", function()
    local x = snn.ones(2, 2)
    for _, name in ipairs { "add", "sub", "mul", "div", "matmul", "dot", "outer", "copy_", "equal",
      "allclose", "maximum", "eq", "logical_and", "where", "masked_fill" } do
      fails("TypeError", LIST, x[name], x, { 1, 2 })
    end
    fails("TypeError", LIST, x.gather, x, 1, { 1 })
  end)

  it("is told of by functions in Lua", function()
    for name, fn in pairs(snn.functional) do
      if name:find "mean" or name:find "sum" or name == "max" or name == "min" then
        fails("TypeError", LIST, fn, { 1, 2 })
      end
    end
    fails("TypeError", LIST, snn.rescale, { 1, 2 }, 0, 1)
    fails("TypeError", LIST, snn.isi, { 1, 2 }, 1)
    fails("TypeError", LIST, snn.stats.Normal.pdf, { 1 }, 0, 1)
    fails("TypeError", LIST, snn.trace.exp_trace_nearest, { 1 }, nil, {})
  end)

  it("is told of by layers, whose lists hold tensors", function()
    local layer = snn.Layer()
    layer:add_connection("enc", connection "LinearDense")
    function layer.wiring() return {} end
    fails("TypeError", "'enc' must be a tensor, got number 1 (a list holds tensors, one for each "
      .. "argument: snn.tensor{...} makes one of numbers)", layer, { enc = { 1, 0, 1 } })
  end)

  it("is not spoken of for what is no list", function()
    assert.is_nil(message(neurons.make "LIF", 1):find("snn.tensor", 1, true))
    assert.is_nil(message(neurons.make "LIF", snn.Layer()):find("snn.tensor", 1, true))
  end)
end)
