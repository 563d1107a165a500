-- A forward that fails leaves connections and neurons as they were: the same
-- state, and the same results later as in a layer that has not tried.
local snn = require "snn"
local parts = require "spec.layer.parts"
local fails = require("spec.support").fails

local INPUT = { enc = snn.tensor { { 1, 0, 1 } }, rec = snn.tensor { { 0, 1 } } }

--- A connection whose forward can be told what to do.
local Told = snn.class("Told", snn.LinearDense)
function Told:forward(...)
  if self.told then return self.told(self, ...) end
  return snn.LinearDense.forward(self, ...)
end

--- The same of neurons.
local ToldLIF = snn.class("ToldLIF", snn.LIF)
function ToldLIF:forward(...)
  if self.told then return self.told(self, ...) end
  return snn.LIF.forward(self, ...)
end

local function told_dense()
  return Told {
    in_shape = 3, out_shape = 2, step_time = 1, synapse = parts.synapse,
    weight_init = snn.full({ 2, 3 }, 70),
  }
end

local function told_lif()
  return ToldLIF {
    shape = 2, step_time = 1, rest_v = -60, reset_v = -65, thresh_v = -50, refrac_t = 2,
    time_constant = 20,
  }
end

-- layer -> a wiring that goes before the usual one
local tricks = setmetatable({}, { __mode = "k" })

local function wiring(layer, inputs)
  local trick = tricks[layer]
  if trick then return trick(layer, inputs) end
  return { exc = inputs.enc, inh = inputs.rec, told = inputs.told }
end

--- A layer with a trained cell that has made a few steps.
local function make()
  local layer = parts.layer(wiring)
  layer:add_connection("told", told_dense())
  layer:add_neuron("told", told_lif())
  layer.neurons.inh.threshold_adaptation = snn.full({ 2, 1 }, 0.5)
  local enc = layer.connections.enc
  enc.updater = enc:defaultupdater()
  local trainer = snn.STDP { lr_post = 1, lr_pre = -1, tc_post = 20, tc_pre = 20 }
  trainer:register_cell("cell", layer:add_cell("enc", "exc"))
  for i = 1, 3 do
    layer { enc = INPUT.enc, rec = i == 2 and snn.zeros(1, 2) or INPUT.rec, told = INPUT.enc }
  end
  return layer, trainer
end

local function monitors(trainer)
  local out = {}
  for _, name, monitor in trainer:named_monitors() do out[name] = monitor:peek():totable() end
  return out
end

--- Runs `attempt(layer)`, which must fail, and compares with a twin.
local function leaves_as_it_was(attempt)
  local layer, trainer = make()
  local twin, twin_trainer = make()
  attempt(layer, trainer)
  tricks[layer] = nil
  assert.same(parts.state(twin), parts.state(layer))
  assert.same(monitors(twin_trainer), monitors(trainer))
  for _ = 1, 4 do
    local inputs = { enc = INPUT.enc, rec = INPUT.rec, told = INPUT.enc }
    local want, got = twin(inputs), layer(inputs)
    for name, tensor in pairs(want) do assert.same(tensor:totable(), got[name]:totable()) end
    assert.same(monitors(twin_trainer), monitors(trainer))
  end
  assert.same(parts.state(twin), parts.state(layer))
  twin_trainer()
  trainer()
  twin:update()
  layer:update()
  assert.same(parts.state(twin), parts.state(layer))
end

local function all() return { enc = INPUT.enc, rec = INPUT.rec, told = INPUT.enc } end

--- An attempt with this wiring.
local function with_wiring(kind, text, trick)
  return function(layer)
    tricks[layer] = trick
    fails(kind, text, layer, all())
  end
end

describe("a forward that fails", function()
  local function case(name, attempt)
    it("leaves all as it was: " .. name, function() leaves_as_it_was(attempt) end)
  end

  context("in its inputs", function()
    case("an unknown connection", function(layer)
      fails("AttributeError", "'enk' is not a registered connection (registered: 'enc', 'rec', "
        .. "'told'; did you mean 'enc'?)", layer, { enc = INPUT.enc, enk = INPUT.enc })
    end)
    case("a key that is no name", function(layer)
      fails("TypeError", "connections are given by name, got the key number 1", layer,
        { INPUT.enc, enc = INPUT.enc })
    end)
    case("no table", function(layer)
      fails("TypeError", "'inputs' must be a table", layer, INPUT.enc)
      fails("TypeError", "'inputs' must be a table", layer)
    end)
    case("an input that is no tensor", function(layer)
      fails("TypeError", "'rec' must be a tensor, got number 1", layer,
        { enc = INPUT.enc, rec = 1 })
      fails("TypeError", "'rec' must be a tensor, got string 'x'", layer,
        { enc = INPUT.enc, rec = { INPUT.rec, "x" } })
      fails("ValueError", "the list of inputs of 'rec' is empty", layer,
        { enc = INPUT.enc, rec = {} })
    end)
    case("the second of wrong shape", function(layer)
      fails("ValueError", "forward: connection 'rec': the input has shape {1, 3}, the connection "
        .. "wants {1, 2}", layer, { enc = INPUT.enc, rec = INPUT.enc })
    end)
    case("a connection's option that it does not know", function(layer)
      fails("TypeError", "unknown option 'gain'", layer, all(),
        { connection_kwargs = { rec = { gain = 1 } } })
    end)
    case("options that are no tables", function(layer)
      fails("TypeError", "'options' must be a table", layer, all(), 1)
      fails("TypeError", "'connection_kwargs' must be a table", layer, all(),
        { connection_kwargs = 1 })
      fails("TypeError", "'connection_kwargs.rec' must be a table of options", layer, all(),
        { connection_kwargs = { rec = 1 } })
      fails("TypeError", "'neuron_kwargs.inh' must be a table of options", layer, all(),
        { neuron_kwargs = { inh = true } })
      fails("TypeError", "'capture_intermediate' must be true or false", layer, all(),
        { capture_intermediate = "yes" })
    end)
  end)

  context("in wiring", function()
    case("that throws a string", function(layer)
      tricks[layer] = function() error("mine", 0) end
      local ok, err = pcall(layer, all())
      assert.is_false(ok)
      assert.equal("mine", err)
    end)
    case("that throws any value", function(layer)
      for _, value in ipairs { {}, true, 7, print, coroutine.create(print) } do
        tricks[layer] = function() error(value) end
        local _, err = pcall(layer, all())
        assert.equal(value, err)
      end
    end)
    case("that throws nil", function(layer)
      tricks[layer] = function() error(nil) end
      local ok, err = pcall(layer, all())
      assert.is_false(ok)
      assert.is_nil(err)
    end)
    case("that throws an error of the library", function(layer)
      tricks[layer] = function() return snn.ones(2, 3) + snn.ones(4) end
      local _, err = pcall(layer, all())
      assert.equal("ValueError", err.kind)
    end)
    case("that recurses for ever", function(layer)
      tricks[layer] = function(self) return self(all()) end
      assert.is_false(pcall(layer, all()))
    end)
    case("that overflows the stack", function(layer)
      local function deep() return 1 + deep() end
      tricks[layer] = deep
      assert.is_false(pcall(layer, all()))
    end)
    case("that yields in a coroutine", function(layer)
      tricks[layer] = function() coroutine.yield() end
      coroutine.wrap(function()
        fails("RuntimeError", "cannot yield", layer, all())
      end)()
    end)
    case("that yields outside of a coroutine", function(layer)
      tricks[layer] = function() coroutine.yield() end
      local text = [[
        local layer = snn.Layer { wiring = function() coroutine.yield() end }
        print(select(2, pcall(layer, {})).kind)
      ]]
      assert.equal("RuntimeError\n", require("spec.support").run(text).out)
      coroutine.wrap(function() assert.is_false(pcall(layer, all())) end)()
    end)
    case("that gives no table", with_wiring("TypeError", "wiring must return a table of tensors by "
      .. "the names of neurons, got nil", function() end))
    case("that gives a tensor", with_wiring("TypeError", "wiring must return a table",
      function(_, i) return i.enc end))
    case("that names an unknown neuron", with_wiring("AttributeError", "'ex' is not a registered "
      .. "neuron (registered: 'exc', 'inh', 'told'; did you mean 'exc'?)", function(_, i)
      return { inh = i.rec, ex = i.enc }
    end))
    case("that gives a list", with_wiring("TypeError", "neurons are given by name, got the key "
      .. "number 1", function(_, i) return { i.enc } end))
    case("that gives a number", with_wiring("TypeError", "wiring must give a tensor for neuron "
      .. "'inh', got number 3", function(_, i) return { exc = i.enc, inh = 3 } end))
    case("that gives a wrong shape", with_wiring("ValueError", "neuron 'inh': 'input' has shape "
      .. "{2}, must be {1, 2}", function(_, i)
      return { exc = i.enc, inh = i.rec:reshape(2) }
    end))
  end)

  context("in a neuron", function()
    case("by an option that it does not know", function(layer)
      fails("TypeError", "forward: neuron 'inh': unknown option 'adpat' (did you mean 'adapt'?)",
        layer, all(), { neuron_kwargs = { inh = { adpat = true } } })
    end)
    case("by an option of the wrong type", function(layer)
      fails("TypeError", "'refrac_lock' must be true or false", layer, all(),
        { neuron_kwargs = { inh = { adapt = true }, told = { refrac_lock = 0 } } })
    end)
    case("by a hook after", function(layer)
      local handle = layer.neurons.inh:register_forward_hook(function() error("hook", 0) end)
      assert.has_error(function() layer(all()) end, "hook")
      handle:remove()
    end)
    case("by a hook before", function(layer)
      local handle = layer.neurons.inh:register_forward_pre_hook(function() error("hook", 0) end)
      assert.has_error(function() layer(all()) end, "hook")
      handle:remove()
    end)
    case("by a hook that gives no tensor", function(layer)
      local handle = layer.neurons.inh:register_forward_hook(function() return 3 end)
      fails("TypeError", "neuron 'inh' must give a tensor, got number 3", layer, all())
      handle:remove()
    end)
    case("that is a script's and throws after its step", function(layer)
      layer.neurons.told.told = function(self, ...)
        snn.LIF.forward(self, ...)
        snn.LIF.forward(self, ...)
        error("late", 0)
      end
      assert.has_error(function() layer(all()) end, "late")
      layer.neurons.told.told = nil
    end)
    case("that is a script's and gives nothing", function(layer)
      layer.neurons.told.told = function() end
      fails("TypeError", "neuron 'told' must give a tensor, got nil", layer, all())
      layer.neurons.told.told = nil
    end)
    case("that clears itself and throws", function(layer)
      layer.neurons.told.told = function(self)
        self:clear()
        error("cleared", 0)
      end
      assert.has_error(function() layer(all()) end, "cleared")
      layer.neurons.told.told = nil
    end)
  end)

  context("in a connection", function()
    case("that is a script's and throws before its step", function(layer)
      layer.connections.told.told = function() error("early", 0) end
      assert.has_error(function() layer(all()) end, "early")
      layer.connections.told.told = nil
    end)
    case("that is a script's and throws after its step", function(layer)
      layer.connections.told.told = function(self, ...)
        snn.LinearDense.forward(self, ...)
        error("late", 0)
      end
      assert.has_error(function() layer(all()) end, "late")
      layer.connections.told.told = nil
    end)
    case("that is a script's and gives no tensor", function(layer)
      layer.connections.told.told = function(self, ...)
        snn.LinearDense.forward(self, ...)
        return "currents"
      end
      fails("TypeError", "connection 'told' must give a tensor, got string 'currents'", layer,
        all())
      layer.connections.told.told = nil
    end)
    case("by a hook after", function(layer)
      local handle = layer.connections.rec:register_forward_hook(function() error("hook", 0) end)
      assert.has_error(function() layer(all()) end, "hook")
      handle:remove()
    end)
    case("by a hook before that changes its arguments", function(layer)
      local handle = layer.connections.rec:register_forward_pre_hook(function()
        return { snn.ones(7) }
      end)
      fails("ValueError", "the input has shape {7}", layer, all())
      handle:remove()
    end)
    case("that stands twice in the layer, or shares its synapse", function(layer)
      layer:add_connection("again", layer.connections.enc)
      local sharing = parts.dense()
      sharing.synapse = layer.connections.enc.synapse
      layer:add_connection("sharing", sharing)
      tricks[layer] = function() error("mine", 0) end
      assert.has_error(function()
        layer { enc = INPUT.enc, again = snn.ones(1, 3), sharing = snn.zeros(1, 3) }
      end, "mine")
      layer:del_connection("again")
      layer:del_connection("sharing")
    end)
  end)

  context("without touching the engine", function()
    case("on a half-made neuron", function(layer)
      local Half, half = snn.class("Half", snn.LIF), nil
      function Half:init() half = self end
      pcall(Half)
      fails("RuntimeError", "is not finished", layer.add_neuron, layer, "half", half)
    end)
  end)
end)

describe("a single plain neuron", function()
  it("that fails its step stays as it was", function()
    local wrong
    local layer = snn.Layer { wiring = function(_, inputs) return { exc = inputs.enc } end }
    layer:add_connection("enc", parts.dense())
    layer:add_neuron("exc", parts.alif(2, {
      batch_reduction = function(t, dim)
        if wrong then return wrong end
        return t:mean(dim)
      end,
    }))
    layer { enc = INPUT.enc }
    local before = parts.state(layer)
    wrong = 3
    fails("TypeError", "forward: neuron 'exc': 'batch_reduction's result' must be a tensor", layer,
      { enc = INPUT.enc })
    wrong = snn.ones(5)
    fails("ValueError", "forward: neuron 'exc'", layer, { enc = INPUT.enc })
    assert.same(before, parts.state(layer))
  end)
end)

describe("a step within the wiring of a step", function()
  ---A layer whose wiring makes `steps` steps of it, one in the other; in the
  ---innermost `last` says what the wiring returns.
  local function nested(steps, last)
    local depth = 0
    local layer = parts.layer(function(_, inputs) return { exc = inputs.enc } end)
    layer { enc = INPUT.enc }
    function layer:wiring(inputs)
      depth = depth + 1
      if depth == steps then return last(inputs) end
      self { enc = INPUT.enc }
      return { exc = inputs.enc }
    end
    return layer
  end

  for steps = 1, 4 do
    it("leaves all as it was when it fails: the innermost of " .. steps, function()
      local layer = nested(steps, function() error("enough", 0) end)
      local before = parts.state(layer)
      assert.same({ false, "enough" }, { pcall(layer, { enc = INPUT.enc }) })
      assert.same(before, parts.state(layer))
      assert.equal(1, layer.time)
    end)
  end
end)
