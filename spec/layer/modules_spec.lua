-- Layers as modules: children, modes, state, hooks, classes of scripts.
local snn = require "snn"
local parts = require "spec.layer.parts"
local fails = require("spec.support").fails
local sorted = require "spec.sorted"

local ENC, REC = snn.tensor { { 1, 0, 1 } }, snn.tensor { { 0, 1 } }

describe("a layer as a module", function()
  it("has connections, neurons and cells below it, by paths", function()
    local layer, names = parts.layer(), {}
    layer:add_cell("enc", "exc")
    layer.extra = snn.Module()
    for name in layer:named_modules() do names[#names + 1] = name end
    assert.same({ "", "connections.enc", "connections.enc.synapse", "connections.rec",
      "connections.rec.synapse", "neurons.exc", "neurons.inh", "cells.enc.exc", "extra" }, names)
  end)

  it("gives its mode to all of them", function()
    local layer = parts.layer()
    local cell = layer:add_cell("enc", "exc")
    layer:eval()
    for _, module in layer:named_modules() do assert.is_false(module.training) end
    layer:train()
    assert.same({ true, true, true },
      { cell.training, layer.neurons.inh.training, layer.connections.enc.synapse.training })
  end)

  it("adapts its neurons in training mode only", function()
    local layer = parts.layer():eval()
    layer.neurons.inh.threshold_adaptation = snn.full({ 2, 1 }, 4)
    layer { enc = ENC, rec = REC }
    assert.equal(4, layer.neurons.inh.threshold_adaptation[1][1])
    layer:train()
    layer { enc = ENC, rec = REC }
    assert.is_true(layer.neurons.inh.threshold_adaptation[1][1] < 4)
  end)

  it("has the state of all of them", function()
    assert.same({
      "connections.enc.synapse.spike_", "connections.enc.weight", "connections.rec.synapse.spike_",
      "connections.rec.weight", "neurons.exc.refrac", "neurons.exc.spike", "neurons.exc.voltage",
      "neurons.exc.voltage_remainder", "neurons.inh.adaptation_remainder", "neurons.inh.refrac",
      "neurons.inh.spike", "neurons.inh.threshold_adaptation", "neurons.inh.voltage",
      "neurons.inh.voltage_remainder",
    }, sorted(parts.layer():state_dict()))
  end)

  it("goes on exactly from a loaded state", function()
    snn.manual_seed(1)
    local function both(_, inputs) return { exc = inputs.enc, inh = inputs.enc } end
    local layer, twin = parts.layer(both), parts.layer(both)
    layer.connections.enc.weight = snn.rand(2, 3) * 300
    local function run(l, steps)
      local out = {}
      for i = 1, steps do
        local spikes = l { enc = snn.rand(1, 3):lt(0.5), rec = snn.rand(1, 2):lt(0.5) }
        out[i] = { spikes.exc:totable(), spikes.inh:totable() }
      end
      return out
    end
    run(layer, 17)
    twin:load_state_dict(layer:state_dict())
    assert.same(parts.state(layer), parts.state(twin))
    snn.manual_seed(2)
    local want = run(layer, 40)
    snn.manual_seed(2)
    assert.same(want, run(twin, 40))
    assert.same(parts.state(layer), parts.state(twin))
  end)

  it("keeps a state that was read while it steps on", function()
    local layer = parts.layer()
    layer { enc = ENC, rec = REC }
    local state, before = layer:state_dict(), parts.state(layer)
    for _ = 1, 5 do layer { enc = ENC, rec = REC } end
    layer.connections.enc.weight = snn.zeros(2, 3)
    local now = {}
    for path, tensor in pairs(state) do now[path] = tensor:totable() end
    assert.same(before, now)
  end)

  it("stays as it was when a state cannot be loaded", function()
    local layer = parts.layer()
    layer { enc = ENC, rec = REC }
    local before = parts.state(layer)
    local function try(kind, text, changes)
      local state = parts.layer():state_dict()
      for path, value in pairs(changes) do state[path] = value or nil end
      fails(kind, text, layer.load_state_dict, layer, state)
      assert.same(before, parts.state(layer))
    end
    try("ValueError", "'neurons.exc.voltage' is missing", { ["neurons.exc.voltage"] = false })
    try("ValueError", "'neurons.exc.volt' is not part", { ["neurons.exc.volt"] = snn.ones(1) })
    try("ValueError", "'connections.enc.weight' has shape {3, 2}",
      { ["connections.enc.weight"] = snn.ones(3, 2) })
    try("ValueError", "'refrac'", { ["neurons.inh.refrac"] = snn.full({ 1, 2 }, -1) })
    try("TypeError", "'neurons.inh.spike' must be a tensor", { ["neurons.inh.spike"] = 1 })
  end)

  it("has the state of what its scripts add", function()
    local layer = parts.layer()
    layer.gain = snn.full({ 2 }, 3)
    layer.extra = snn.Module()
    layer.extra.offset = snn.ones(1)
    local state = layer:state_dict()
    assert.same({ 3, 3 }, state.gain:totable())
    assert.same({ 1 }, state["extra.offset"]:totable())
  end)
end)

describe("hooks of a layer", function()
  it("see inputs, options and results", function()
    local layer, seen = parts.layer(), {}
    layer:register_forward_pre_hook(function(module, args)
      seen.before = { module, args[1], args[2], args.n }
    end)
    layer:register_forward_hook(function(_, args, out) seen.after = { args[1], out } end)
    local inputs, options = { enc = ENC }, { gain = 1 }
    local out = layer(inputs, options)
    assert.same({ layer, inputs, options, 2 }, seen.before)
    assert.equal(inputs, seen.after[1])
    assert.equal(out, seen.after[2])
  end)

  it("may replace both", function()
    local layer = parts.layer()
    layer:register_forward_pre_hook(function() return { { rec = REC } } end)
    layer:register_forward_hook(function(_, _, out) return { only = out.inh } end)
    local out = layer { enc = ENC }
    assert.same({ "only" }, sorted(out))
    assert.same({ { 0, 0, 0 } }, layer.connections.enc.syncurrent:totable())
  end)

  it("of its parts run in its forward", function()
    local layer, order = parts.layer(), {}
    local function note(word) return function() order[#order + 1] = word end end
    layer:register_forward_pre_hook(note "layer before")
    layer:register_forward_hook(note "layer after")
    layer.connections.enc:register_forward_pre_hook(note "enc before")
    layer.connections.enc:register_forward_hook(note "enc after")
    layer.neurons.exc:register_forward_pre_hook(note "exc before")
    layer.neurons.exc:register_forward_hook(note "exc after")
    layer { enc = ENC }
    assert.same({ "layer before", "enc before", "enc after", "exc before", "exc after",
      "layer after" }, order)
  end)

  it("of a connection may replace spikes and currents", function()
    local layer = parts.layer()
    local enc = layer.connections.enc
    enc:register_forward_pre_hook(function(_, args) return { args[1] * 0 } end)
    enc:register_forward_hook(function(_, _, current) return current + 300 end)
    local out, mid = layer({ enc = ENC }, { capture_intermediate = true })
    assert.same({ { 300, 300 } }, mid.enc:totable())
    assert.same({ { true, true } }, out.exc:totable())
    assert.same({ { 0, 0, 0 } }, enc.syncurrent:totable())
  end)

  it("of a neuron may replace currents and spikes", function()
    local layer = parts.layer()
    layer.neurons.exc:register_forward_pre_hook(function(_, args) return { args[1] * 2 } end)
    layer.neurons.exc:register_forward_hook(function(_, _, spikes) return spikes:logical_not() end)
    assert.same({ { false, false } }, layer { enc = ENC }.exc:totable())
    assert.same({ { true, true } }, layer.neurons.exc.spike:totable())
  end)

  it("may be removed while they run", function()
    local layer, calls = parts.layer(), 0
    for _, module in ipairs { layer, layer.connections.enc, layer.neurons.exc } do
      local handle
      handle = module:register_forward_hook(function()
        calls = calls + 1
        handle:remove()
      end)
    end
    layer { enc = ENC }
    layer { enc = ENC }
    assert.equal(3, calls)
  end)
end)

describe("a script's model", function()
  --- A layer within a module, with a readout of its own.
  local Model = snn.class("Model", snn.Module)
  function Model:init()
    snn.Module.init(self)
    self.layer = parts.layer()
    self.count = snn.zeros(2)
  end
  function Model:forward(x)
    local out = self.layer { enc = x }
    self.count = self.count + out.exc[1]:to("float32")
    return self.count
  end

  it("may hold a layer", function()
    local model = Model()
    for _ = 1, 2 do model(ENC) end
    assert.same({ 1, 1 }, model.count:totable())
    model:eval()
    assert.is_false(model.layer.neurons.exc.training)
    assert.not_nil(model:state_dict()["layer.neurons.exc.voltage"])
    assert.same({ 1, 1 }, model:state_dict().count:totable())
  end)

  it("takes its state from a twin", function()
    local model, twin = Model(), Model()
    for _ = 1, 3 do model(ENC) end
    twin:load_state_dict(model:state_dict())
    for _ = 1, 5 do assert.same(model(ENC):totable(), twin(ENC):totable()) end
  end)

  it("may have neurons of its own class", function()
    local Noisy = snn.class("Noisy", snn.LIF)
    function Noisy:init(shape)
      snn.LIF.init(self, {
        shape = shape, step_time = 1, rest_v = -60, reset_v = -65, thresh_v = -50, refrac_t = 2,
        time_constant = 20,
      })
      self.offset = snn.full({ 1, 2 }, 300)
    end
    function Noisy:forward(current, options)
      return snn.LIF.forward(self, current + self.offset, options)
    end
    local layer = snn.Layer { wiring = function(_, i) return { exc = i.enc } end }
    layer:add_connection("enc", parts.dense())
    local noisy = layer:add_neuron("exc", Noisy(2))
    assert.same({ { true, true } }, layer { enc = snn.zeros(1, 3) }.exc:totable())
    layer:add_cell("enc", "exc")
    assert.not_nil(layer:state_dict()["neurons.exc.offset"])
    noisy:clear()
    assert.same({ { -60, -60 } }, noisy.voltage:totable())
  end)

  it("may have connections of its own class, which are trained", function()
    local Half = snn.class("Half", snn.LinearDense)
    function Half:forward(...) return snn.LinearDense.forward(self, ...) * 0.5 end
    local half = Half {
      in_shape = 3, out_shape = 2, step_time = 1, synapse = parts.synapse,
      weight_init = snn.full({ 2, 3 }, 100),
    }
    half.updater = half:defaultupdater()
    local layer = snn.Serial { connection = half, neuron = parts.exact() }
    local trainer = snn.STDP { lr_post = 1, lr_pre = 1, tc_post = 20, tc_pre = 20 }
    trainer:register_cell("cell", layer.cell)
    local _, mid = layer(ENC,
      { capture_intermediate = true, neuron_kwargs = { override = snn.ones(1, 2) } })
    assert.same({ { 100, 100 } }, mid:totable())
    trainer()
    layer:update()
    assert.same({ { 102, 100, 102 }, { 102, 100, 102 } }, half.weight:totable())
  end)

  it("may replace a layer's forward", function()
    local Counting = snn.class("Counting", snn.Layer)
    function Counting:init(...)
      snn.Layer.init(self, ...)
      self.calls = 0
    end
    function Counting:forward(...)
      self.calls = self.calls + 1
      return snn.Layer.forward(self, ...)
    end
    local layer = Counting { wiring = function(_, i) return { exc = i.enc } end }
    layer:add_connection("enc", parts.dense())
    layer:add_neuron("exc", parts.lif())
    layer { enc = ENC }
    assert.same({ { true, true } }, layer { enc = ENC }.exc:totable())
    assert.equal(2, layer.calls)
  end)

  it("may give an instance a forward of its own", function()
    local layer = parts.layer()
    layer.forward = function(self, x) return snn.Layer.forward(self, { enc = x }).exc end
    layer(ENC)
    assert.same({ { true, true } }, layer(ENC):totable())
    local neuron = layer.neurons.exc
    neuron.forward = function(self, x) return snn.LIF.forward(self, x * 0) end
    layer:clear()
    layer(ENC)
    assert.same({ { -60, -60 } }, neuron.voltage:totable())
  end)
end)
