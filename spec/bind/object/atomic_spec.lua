-- Composite calls change all or nothing (spec/every/atomic_spec.lua walks over
-- each of them): here what their own walks do not do, functions of scripts that
-- change much before they fail.
local snn = require "snn"
local parts = require "spec.layer.parts"

---A neuron whose clear does `first` and then fails, until `mended` is set.
local function failing(first)
  local Own = snn.class("Own", snn.LIF)
  function Own:clear(options)
    first(self)
    snn.LIF.clear(self, options)
    if not self.mended then error("no", 0) end
  end
  return Own {
    shape = 2, step_time = 1, rest_v = -60, reset_v = -65, thresh_v = -50, refrac_t = 2,
    time_constant = 20,
  }
end

local function layer_with(neuron)
  local layer = parts.layer(function(_, inputs)
    return { exc = inputs.enc, inh = inputs.rec, own = inputs.rec }
  end)
  layer:add_neuron("own", neuron)
  layer { enc = snn.tensor { { 1, 1, 1 } }, rec = snn.tensor { { 1, 0 } } }
  return layer
end

local function clears_nothing(layer, neuron)
  local before = parts.state(layer)
  local ok, err = pcall(layer.clear, layer)
  assert.is_false(ok)
  assert.equal("no", err)
  assert.same(before, parts.state(layer))
  neuron.mended = true
  layer:clear()
  assert.equal(-60, neuron.voltage[1][1])
  assert.is_false(layer.neurons.exc.spike:any():item())
end

describe("a composite call that fails", function()
  it("leaves what it had cleared as it was", function()
    local neuron = failing(function() end)
    clears_nothing(layer_with(neuron), neuron)
  end)

  it("takes back arguments, batch size and step time of a neuron", function()
    local neuron = failing(function(self)
      self.thresh_v, self.batchsz, self.dt = -40, 3, 0.5
      self.thresh_v = -30
    end)
    local layer = layer_with(neuron)
    assert.is_false(pcall(layer.clear, layer))
    assert.same({ -50, 1, 1 }, { neuron.thresh_v, neuron.batchsz, neuron.dt })
    assert.same({ 1, 2 }, neuron.voltage.shape)
    layer { enc = snn.tensor { { 1, 1, 1 } }, rec = snn.tensor { { 1, 0 } } }
  end)

  it("takes back weights, batch size and step time of a connection", function()
    local connection
    local neuron = failing(function()
      connection.weight = connection.weight * 2
      connection.batchsz, connection.dt = 3, 0.5
    end)
    local layer = layer_with(neuron)
    connection = layer.connections.enc
    local weight, spike = connection.weight, connection.synapse.spike
    clears_nothing(layer, neuron)
    connection.batchsz, connection.dt = 1, 1
    assert.same(weight * 2, connection.weight)
    assert.same(spike.shape, connection.synapse.spike.shape)
  end)

  it("goes back over several, the inner ones done", function()
    local inner = parts.layer()
    inner { enc = snn.tensor { { 1, 1, 1 } }, rec = snn.tensor { { 1, 0 } } }
    local neuron = failing(function(self)
      self.thresh_v = -45
      self.inner:clear()
      self.thresh_v = -44
    end)
    neuron.inner = inner
    local before = parts.state(inner)
    local layer = layer_with(neuron)
    clears_nothing(layer, neuron)
    assert.are_not.same(before, parts.state(inner))
    assert.equal(-44, neuron.thresh_v)
  end)

  it("keeps the error's value", function()
    local value = {}
    local neuron = failing(function() error(value, 0) end)
    local ok, err = pcall(snn.Layer.clear, layer_with(neuron))
    assert.is_false(ok)
    assert.equal(value, err)
  end)

  it("cannot yield", function()
    local neuron = failing(function() coroutine.yield() end)
    local layer = layer_with(neuron)
    local ok, err = coroutine.resume(coroutine.create(function() layer:clear() end))
    assert.is_false(ok)
    assert.truthy(tostring(err):find("cannot yield", 1, true))
  end)

  it("leaves an object whose init failed without one", function()
    local Mine = snn.class("Mine", snn.Serial)
    local failed
    function Mine:init(args)
      failed = { pcall(snn.Serial.init, self, args) }
      if failed[1] then return end
      local ok, err = pcall(function() return self.connection end)
      failed[3], failed[4] = ok, tostring(err)
      args.neuron_name = "n"
      snn.Serial.init(self, args)
    end
    local mine = Mine { connection = parts.dense(), neuron = parts.lif(), neuron_name = "no name" }
    assert.is_false(failed[1])
    assert.is_false(failed[3])
    assert.truthy(failed[4]:find("init", 1, true), failed[4])
    assert.equal(mine.neuron, mine:get_neuron "n")
  end)

  it("loads no part of a state", function()
    local layer = parts.layer()
    layer { enc = snn.tensor { { 1, 1, 1 } }, rec = snn.tensor { { 1, 0 } } }
    local before, state = parts.state(layer), layer:state_dict()
    for path, tensor in pairs(state) do
      if tensor.dtype == "float32" then state[path] = tensor * 2 end
    end
    state["neurons.inh.refrac"] = snn.full({ 1, 2 }, -1)
    local ok, err = pcall(layer.load_state_dict, layer, state)
    assert.is_false(ok)
    assert.equal("ValueError", err.kind)
    assert.same(before, parts.state(layer))
  end)
end)
