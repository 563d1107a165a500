-- A script's own class of neurons: what its forward says, and all that a group of
-- the library does beside.
local snn = require "snn"
local own = require "spec.classes.own"
local fails = own.fails

local function leaky(args)
  args = args or {}
  args.shape = args.shape or 3
  return own.Leaky(args)
end

--- The group of the library that computes the same.
local function lif(args)
  return snn.LIF { shape = 3, step_time = 1, rest_v = -60, reset_v = -60, thresh_v = -50,
    refrac_t = 0, time_constant = 20, batch_size = args and args.batch_size,
    dtype = args and args.dtype }
end

--- Says of its forward what it returns.
local Told = snn.class("Told", snn.Neuron)
Told.states = { w = { of = "neuron" } }
function Told:forward(...) return self.says(self, ...) end

local function told(says)
  local neuron = Told { shape = 2, step_time = 1 }
  neuron.says = says
  return neuron
end

describe("a script's class of neurons", function()
  before_each(function() snn.manual_seed(1) end)

  it("computes what its forward says", function()
    for _, dtype in ipairs { "float32", "float64" } do
      local mine, theirs = leaky { dtype = dtype, batch_size = 2 },
        lif { dtype = dtype, batch_size = 2 }
      for _ = 1, 50 do
        local current = snn.rand(2, 3) * 40
        assert.is_true(mine(current) == theirs(current))
        assert.is_true(mine.voltage:allclose(theirs.voltage))
      end
      assert.equal(dtype, mine.trace.dtype)
    end
  end)

  it("has the fields of a group", function()
    local neuron = leaky { shape = { 2, 2 }, batch_size = 3 }
    assert.same({ 2, 2 }, neuron.shape)
    assert.same({ 3, 2, 2 }, neuron.batchedshape)
    assert.same({ 4, 3, 1, -60 }, { neuron.count, neuron.batchsz, neuron.dt, neuron.rest_v })
    assert.same({ 3, 2, 2 }, neuron.spike.shape)
    assert.is_true(neuron.voltage:eq(-60):all():item())
    assert.equal('shape={2, 2}, step_time=1, batch_size=3, dtype="float32", rest_v=-60',
      neuron:extra_repr())
    assert.truthy(tostring(neuron):find("\n  trace +{3, 2, 2} "))
  end)

  it("keeps the spikes of its last step, however it is called", function()
    local neuron = leaky()
    local first = neuron(snn.tensor { { 0, 500, 0 } })
    assert.is_true(neuron.spike == first)
    local second = neuron:forward(snn.tensor { { 500, 0, 0 } })
    assert.is_true(neuron.spike == second)
    assert.same({ 1, 1, 0 }, neuron.spikes:totable())
  end)

  it("refuses what is no current of its shape", function()
    local neuron = leaky()
    fails(function() neuron(snn.zeros(1, 2)) end, "ValueError",
      "Leaky: 'input' has shape {1, 2}, must be {1, 3}")
    fails(function() neuron {} end, "TypeError", "Leaky: 'input' must be a tensor")
    fails(function() neuron.forward(snn.zeros(1, 3)) end, "TypeError", "call it as")
    fails(function() neuron.forward(snn.Module()) end, "TypeError", "'self' must be an object of")
  end)

  it("refuses what its forward must not return, and is as before", function()
    local cases = {
      { function() end, "TypeError", "forward must return spikes, a bool tensor of shape {1, 2}"
        .. ", got nil" },
      { function() return { 1, 0 } end, "TypeError", "snn.tensor{...} makes one" },
      { function() return snn.zeros(1, 2) end, "TypeError", "got one of float32" },
      { function() return snn.zeros(2):to("bool") end, "ValueError", "got a tensor of shape {2}" },
      { function() error("mine") end, nil, "mine" },
      { coroutine.yield, "RuntimeError", "yield" },
      { function(self, x) return self(x) end, nil, "overflow" },
    }
    for _, case in ipairs(cases) do
      local neuron = told(function(self, ...)
        self.w, self.voltage = self.w + 1, self.voltage + 1
        return case[1](self, ...)
      end)
      local ok, err = pcall(neuron, snn.ones(1, 2))
      assert.is_false(ok)
      assert.truthy(tostring(err):find(case[3], 1, true), tostring(err))
      if case[2] then assert.equal(case[2], err.kind) end
      assert.same({ { 0, 0 } }, neuron.w:totable())
      assert.same({ { 0, 0 } }, neuron.voltage:totable())
    end
  end)

  it("says so when it has no forward", function()
    local Mute = snn.class("Mute", snn.Neuron)
    local neuron = Mute { shape = 1, step_time = 1 }
    local text = "Mute: forward must be implemented: function Mute:forward(...) ... end"
    fails(function() neuron(snn.zeros(1, 1)) end, "RuntimeError", text)
    fails(function() snn.Neuron.forward(neuron, snn.zeros(1, 1)) end, "RuntimeError", text)
    fails(function() snn.Neuron { shape = 1, step_time = 1 } end, "TypeError", "cannot be made")
  end)

  it("calls its parent's forward, which is no step of its own", function()
    local Child = snn.class("Child", own.Leaky)
    function Child:forward(input) return own.Leaky.forward(self, input * 2) end
    local child, parent = Child { shape = 3 }, leaky()
    for _ = 1, 20 do
      local current = snn.rand(1, 3) * 20
      assert.is_true(child(current) == parent(current * 2))
    end
    assert.is_true(child.spikes == parent.spikes)
  end)

  it("runs hooks around the step", function()
    local neuron, seen = leaky(), nil
    neuron:register_forward_pre_hook(function(_, args) return { args[1] * 0 } end)
    neuron:register_forward_hook(function(_, _, spikes) seen = spikes end)
    assert.equal(0, neuron(snn.full({ 1, 3 }, 500)):sum():item())
    assert.is_true(seen == neuron.spike)
  end)
end)

describe("a layer", function()
  local function layer_of(neuron)
    local layer = snn.Layer()
    layer:add_connection("enc", snn.LinearDense { in_shape = 4, out_shape = 3, step_time = 1,
      synapse = own.delta(), weight_init = snn.ones(3, 4) })
    layer:add_neuron("exc", neuron)
    function layer:wiring(inputs) return { exc = inputs.enc } end
    return layer
  end

  before_each(function() snn.manual_seed(2) end)

  it("steps and trains a script's neurons as the library's", function()
    local results = {}
    for i, neuron in ipairs { leaky(), lif() } do
      snn.manual_seed(3)
      local layer = layer_of(neuron)
      local enc = layer.connections.enc
      enc.updater = enc:defaultupdater()
      local trainer = snn.STDP { lr_post = 0.01, lr_pre = -0.01, tc_post = 20, tc_pre = 20 }
      trainer:register_cell("only", layer:add_cell("enc", "exc"))
      for _ = 1, 40 do
        layer { enc = snn.rand(1, 4):lt(0.5) }
        trainer()
        layer:update()
      end
      results[i] = enc.weight
    end
    assert.is_true(results[1] == results[2])
    assert.is_false(results[1] == snn.ones(3, 4))
  end)

  it("is as before when another group fails in the step", function()
    local layer = layer_of(leaky())
    local other = layer:add_neuron("late", told(function() error("late") end))
    layer:add_connection("c", snn.LinearDense { in_shape = 4, out_shape = 2, step_time = 1,
      synapse = own.delta() })
    layer { enc = snn.ones(1, 4):to("bool") }
    local exc = layer.neurons.exc
    local before = layer:state_dict()
    function layer:wiring(inputs) return { exc = inputs.enc, late = inputs.c } end
    local input = snn.ones(1, 4):to("bool")
    fails(function() layer { enc = input, c = input } end, nil, "late")
    for name, value in pairs(layer:state_dict()) do assert.is_true(value == before[name], name) end
    other.says = function(self) return self.w:ge(0) end
    assert.equal(2, layer { enc = input, c = input }.late:sum():item())
    assert.is_false(exc.trace == before["neurons.exc.trace"])
  end)

  it("clears them, sets their batch size and step time", function()
    local layer = layer_of(leaky())
    local exc = layer.neurons.exc
    layer { enc = snn.ones(1, 4):to("bool") }
    layer { enc = snn.ones(1, 4):to("bool") }
    local spikes = exc.spikes
    layer:clear()
    assert.same({ { 2, 2, 2 } }, exc.trace:totable())
    assert.is_true(exc.voltage:eq(-60):all():item())
    assert.is_true(exc.spikes == spikes and spikes:sum():item() > 0)
    layer:clear { keep_adaptations = false }
    assert.same({ 0, 0, 0 }, exc.spikes:totable())
    layer.batchsz, layer.dt = 2, 0.5
    assert.same({ { 2, 2, 2 }, { 2, 2, 2 } }, exc.trace:totable())
    assert.same({ 2, 0.5 }, { exc.batchsz, exc.dt })
    assert.same({ 2, 3 }, layer { enc = snn.ones(2, 4):to("bool") }.exc.shape)
  end)

  it("refuses them in a cell or a step of another step time or shape", function()
    local layer = layer_of(leaky { step_time = 0.5 })
    fails(function() layer:add_cell("enc", "exc") end, "ValueError", "dt of")
    layer = layer_of(leaky { shape = 2 })
    fails(function() layer:add_cell("enc", "exc") end, "RuntimeError", "shape")
  end)

  it("finds a NaN in what they declare", function()
    local neuron = told(function(self)
      self.w = snn.tensor { { 0, 0 / 0 } }
      return self.w:gt(0)
    end)
    local layer = snn.Layer()
    layer:add_connection("c", snn.LinearDense { in_shape = 1, out_shape = 2, step_time = 1,
      synapse = own.delta() })
    layer:add_neuron("told", neuron)
    function layer:wiring(inputs) return { told = inputs.c } end
    local input = snn.ones(1, 1):to("bool")
    layer { c = input }
    layer:clear()
    snn.detect_anomaly(true)
    local ok, err = pcall(layer, { c = input })
    snn.detect_anomaly(false)
    assert.is_false(ok)
    assert.truthy(err.message:find("neuron 'told': the state 'w' is nan at index (1, 2)", 1, true))
    assert.same({ { 0, 0 } }, neuron.w:totable())
  end)

  it("survives a forward that deletes its own part and steps the layer", function()
    local layer
    local neuron = told(function(self)
      self.w = self.w + 1
      layer:del_neuron("exc")
      collectgarbage()
      return self.w:gt(0)
    end)
    layer = snn.Layer()
    layer:add_connection("enc", snn.LinearDense { in_shape = 1, out_shape = 2, step_time = 1,
      synapse = own.delta() })
    layer:add_neuron("exc", neuron)
    function layer:wiring(inputs) return { exc = inputs.enc } end
    local input = snn.ones(1, 1):to("bool")
    assert.equal(2, layer { enc = input }.exc:sum():item())
    fails(function() layer { enc = input } end, "AttributeError", "exc")
    layer:add_neuron("exc", neuron)
    neuron.says = function(self)
      self.w = self.w + 1
      if self.deep then return self.w:gt(0) end
      self.deep = true
      layer { enc = input }
      return self.w:gt(5)
    end
    assert.equal(0, layer { enc = input }.exc:sum():item())
    assert.same({ { 3, 3 } }, neuron.w:totable())
  end)

  it("records their states by monitors", function()
    local layer = layer_of(leaky())
    local monitor = snn.StateMonitor { module = layer.neurons.exc, attr = "trace",
      reducer = snn.PassthroughReducer { step_time = 1, duration = 3 } }
    monitor:register()
    for _ = 1, 3 do layer { enc = snn.zeros(1, 4):to("bool") } end
    assert.same({ 0.25, 0.5, 1 }, { monitor:dump()[1][1][1], monitor:dump()[2][1][1],
      monitor:dump()[3][1][1] })
  end)
end)
