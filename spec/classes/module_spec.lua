-- Any module of a script as a connection or as neurons of a layer.
local snn = require "snn"
local own = require "spec.classes.own"
local fails = own.fails

local Counter = snn.class("Counter", snn.Module)
Counter.states = { calls = { of = "one", type = "int64" } }
function Counter.init(self, fields)
  snn.Module.init(self)
  for name, value in pairs(fields) do self[name] = value end
end
function Counter:forward(...)
  self.calls = self.calls + 1
  return self.says(self, ...)
end

local function neurons(says, fields)
  fields = fields or {}
  fields.shape, fields.says = fields.shape or 2, says
  return Counter(fields)
end

local function layer_of(exc, enc)
  local layer = snn.Layer()
  layer:add_connection("enc", enc or snn.LinearDense { in_shape = 3, out_shape = 2, step_time = 0.5,
    batch_size = 2, synapse = own.delta(), weight_init = snn.ones(2, 3) })
  layer:add_neuron("exc", exc)
  function layer:wiring(inputs) return { exc = inputs.enc } end
  return layer
end

local INPUT <const> = snn.ones(2, 3):to("bool")

describe("a module with a shape", function()
  it("is neurons of a layer", function()
    local exc = neurons(function(_, x) return x:gt(10) end)
    local layer = layer_of(exc)
    assert.is_true(layer.neurons.exc == exc and layer:get_neuron "exc" == exc)
    assert.equal(4, layer { enc = INPUT }.exc:sum():item())
    assert.equal(1, exc.calls:item())
    assert.same({ 2, 0.5 }, { layer.batchsz, layer.dt })
    assert.is_true(layer:state_dict()["neurons.exc.calls"]:item() == 1)
    local names = {}
    for name, m in layer:named_neurons() do names[name] = m end
    assert.is_true(names.exc == exc)
  end)

  it("is trained in a cell", function()
    local exc = neurons(function(_, x) return x:gt(10) end)
    local layer = layer_of(exc)
    local enc = layer.connections.enc
    enc.updater = enc:defaultupdater()
    local cell = layer:add_cell("enc", "exc")
    local trainer = snn.STDP { lr_post = 0.1, lr_pre = -0.01, tc_post = 20, tc_pre = 20 }
    trainer:register_cell("only", cell)
    local spikes = layer { enc = INPUT }.exc
    layer { enc = INPUT }
    trainer()
    layer:update()
    assert.is_true(cell.neuron == exc and cell.postspike == spikes)
    assert.is_false(enc.weight == snn.ones(2, 3))
  end)

  it("has its batch size and step time set by the layer", function()
    local exc = neurons(function(self, x)
      self.seen = x.shape
      return x:gt(10)
    end, { dt = 0.5, batchsz = 2 })
    local layer = layer_of(exc)
    layer.batchsz, layer.dt = 3, 1
    assert.same({ 3, 1 }, { exc.batchsz, exc.dt })
    layer { enc = snn.ones(3, 3):to("bool") }
    assert.same({ 3, 2 }, exc.seen)
    layer:clear()
    assert.equal(0, exc.calls:item())
  end)

  it("is as before when the step fails, and refuses what it must not give", function()
    local exc = neurons(function(self) return self.given end)
    local layer = layer_of(exc)
    local before = layer:state_dict()
    for _, case in ipairs {
      { nil, "TypeError", "neuron 'exc' must give a tensor, got nil" },
      { snn.zeros(2, 2), "TypeError", "must give spikes, a bool tensor, got one of float32" },
      { snn.zeros(2):to("bool"), "ValueError", "a tensor of shape {2, 2}, got one of {2}" },
    } do
      exc.given = case[1]
      fails(function() layer { enc = INPUT } end, case[2], case[3])
      before.given = case[1]
      for name, value in pairs(layer:state_dict()) do
        if not name:find "given" then assert.is_true(value == before[name], name) end
      end
    end
  end)

  it("is taken out of a layer, deletes itself, and is of two layers", function()
    local layer
    local exc = neurons(function(_, x)
      layer:del_neuron "exc"
      collectgarbage()
      return x:gt(10)
    end)
    layer = layer_of(exc)
    assert.equal(4, layer { enc = INPUT }.exc:sum():item())
    fails(function() return layer.neurons.exc end, "AttributeError", "exc")
    assert.is_true(layer:add_neuron("exc", exc) == exc)
    layer_of(exc)
    assert.is_true(layer:del_neuron "exc" == exc)
  end)
end)

describe("a module with an inshape and an outshape", function()
  it("is a connection of a layer", function()
    local enc = Counter { inshape = 3, outshape = { 2 }, dt = 0.5, batchsz = 2,
      says = function(_, x) return x:to("float32"):narrow(2, 1, 2) * 40 end }
    local layer = layer_of(neurons(function(_, x) return x:gt(30) end), enc)
    local out, currents = layer({ enc = INPUT }, { capture_intermediate = true })
    assert.equal(4, out.exc:sum():item())
    assert.is_true(currents.enc == snn.full({ 2, 2 }, 40))
    enc.says = function() return snn.zeros(3) end
    fails(function() layer { enc = INPUT } end, "ValueError", "'enc' must give a tensor of shape "
      .. "{2, 2}, got one of {3}")
    assert.equal(1, enc.calls:item())
    fails(function() layer:add_cell("enc", "exc") end, "TypeError", "'connection' must be a "
      .. "Connection, got Counter")
  end)
end)

describe("a module that is both", function()
  it("has a stand-in for each, which lives on", function()
    local both = Counter { inshape = 3, outshape = 2, shape = 2, dt = 1, says = function(_, x)
      return x:gt(10)
    end }
    local one, other = snn.Layer(), snn.Layer()
    one:add_neuron("exc", both)
    other:add_connection("enc", both)
    collectgarbage()
    collectgarbage()
    one:add_connection("enc", snn.LinearDense { in_shape = 3, out_shape = 2, step_time = 1,
      synapse = own.delta(), weight_init = snn.ones(2, 3) })
    function one:wiring(inputs) return { exc = inputs.enc } end
    assert.equal(2, one { enc = snn.ones(1, 3):to("bool") }.exc:sum():item())
    both.says = function(_, x) return x:to("float32"):narrow(2, 1, 2) end
    other:add_neuron("exc", own.Leaky { shape = 2 })
    function other:wiring(inputs) return { exc = inputs.enc } end
    assert.equal(0, other { enc = snn.ones(1, 3):to("bool") }.exc:sum():item())
  end)
end)

describe("a layer", function()
  it("refuses modules that tell no shape or step time", function()
    local layer = snn.Layer()
    fails(function() layer:add_neuron("x", Counter {}) end, "TypeError",
      "'neuron' must be a Neuron, or a module with a forward and the field 'shape', got Counter")
    fails(function() layer:add_neuron("x", 5) end, "TypeError", "got number 5")
    fails(function() layer:add_connection("x", Counter { inshape = 3 }) end, "TypeError",
      "'connection' must be a Connection, or a module with a forward and the fields 'inshape' and "
      .. "'outshape', got Counter")
    fails(function() layer:add_neuron("x", Counter { shape = 2 }) end, "RuntimeError",
      "the module needs a field 'dt'")
    fails(function() layer:add_neuron("x", Counter { shape = "a", dt = 1 }) end, "TypeError",
      "'shape'")
  end)
end)
