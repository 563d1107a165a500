-- Snapshots: a branch is tried, and left again.
local snn = require "snn"
local support = require "spec.support"

local function neuron()
  return snn.ALIF { shape = 4, step_time = 1, rest_v = -60, reset_v = -65, thresh_eq_v = -50,
    refrac_t = 3, tc_membrane = 20, tc_adaptation = 20, spike_increment = 1 }
end

local function build()
  snn.manual_seed(1)
  local layer = snn.Layer()
  local charge = snn.DeltaCurrent.partialconstructor { spike_charge = 90 }
  layer:add_connection("enc", snn.LinearDense { in_shape = 6, out_shape = 4, step_time = 1,
    synapse = charge, weight_init = { "uniform", 0, 1 } })
  layer:add_connection("back", snn.LinearLateral { shape = 4, step_time = 1, synapse = charge })
  layer:add_neuron("exc", neuron())
  function layer:wiring(inputs) return { exc = inputs.enc + inputs.back } end
  local enc = layer.connections.enc
  enc.updater = enc:defaultupdater()
  local trainer = snn.STDP { lr_post = 0.1, lr_pre = -0.1, tc_post = 20, tc_pre = 20 }
  trainer:register_cell("c", layer:add_cell("enc", "exc"))
  return layer, trainer
end

-- What some steps give, in bits.
local function run(layer, trainer, steps)
  local out = {}
  for i = 1, steps do
    local spikes = layer.neurons.exc.spike
    out[i] = layer { enc = snn.rand { layer.neurons.exc.batchsz, 6 }:lt(0.5), back = spikes }.exc
    trainer()
    if i % 3 > 0 then layer:update() end
  end
  local sum = snn.stack(out):sum():item()
  return { sum, layer.connections.enc.weight, layer.neurons.exc.voltage, layer.time,
    layer.neurons.exc.threshold_adaptation }
end

local function assert_same(a, b)
  for i = 1, #a do
    local same = type(a[i]) == "number" and a[i] == b[i]
      or type(a[i]) ~= "number" and a[i]:equal(b[i])
    assert.is_true(same, tostring(i))
  end
end

describe("a snapshot", function()
  it("of a layer is gone back to again and again, with its random numbers", function()
    local layer, trainer = build()
    run(layer, trainer, 20)
    local all, s = snn.snapshot { trainer = trainer }, layer:snapshot()
    local first = run(layer, trainer, 20)
    for _ = 1, 2 do
      all:restore()
      layer:restore(s)
      assert_same(first, run(layer, trainer, 20))
    end
  end)

  it("has terms that wait for an update", function()
    local layer, trainer = build()
    run(layer, trainer, 3)
    local updater = layer.connections.enc.updater
    local pos = updater.weight.pos
    assert.is_not_nil(pos)
    local s = layer:snapshot()
    layer:update()
    assert.is_nil(updater.weight.pos)
    s:restore()
    assert.is_true(updater.weight.pos:equal(pos))
  end)

  it("has arguments, modes and the batch size", function()
    local layer, trainer = build()
    run(layer, trainer, 5)
    local s = layer:snapshot()
    local first = run(layer, trainer, 1)
    layer:eval()
    for _, part in ipairs { layer.neurons.exc, layer.connections.enc, layer.connections.back } do
      part.batchsz = 3
    end
    layer.neurons.exc.thresh_eq_v = -45
    layer.connections.enc.synapse.spike_charge = 1
    layer.connections.enc.weight = layer.connections.enc.weight * 2
    layer:restore(s)
    assert.is_true(layer.training)
    assert.are.equal(-50, layer.neurons.exc.thresh_eq_v)
    assert.are.equal(90, layer.connections.enc.synapse.spike_charge)
    assert.are.equal(1, layer.batchsz)
    assert.are.equal(first[1], run(layer, trainer, 1)[1])
  end)

  it("has the absence of an argument", function()
    local layer = build()
    local synapse = layer.connections.enc.synapse
    synapse.current_overbound = snn.none
    local s = layer:snapshot()
    synapse.current_overbound = 3
    layer:restore(s)
    assert.are_not.equal(3, synapse.current_overbound)
  end)

  it("is not changed by what follows", function()
    local t = snn.ones(3)
    local values = { t = t, log = { 1, 2 }, deep = { name = "a" } }
    local s = snn.snapshot(values)
    t:mul_(5)
    values.log[3], values.deep.name = 3, "b"
    s:restore()
    assert.are.equal(t, values.t)
    assert.are.same({ 1, 1, 1 }, t:totable())
    assert.are.same({ 1, 2 }, values.log)
    assert.are.equal("a", values.deep.name)
  end)

  it("of a layer with modules of scripts has their states", function()
    local Own = snn.class("Own", snn.LIF)
    Own.states = { seen = { of = "one", init = 1 } }
    local layer = build()
    local own = Own { shape = 4, step_time = 1, rest_v = -60, reset_v = -65, thresh_v = -50,
      refrac_t = 3, time_constant = 20 }
    layer:add_neuron("own", own)
    local s = layer:snapshot()
    own.seen = snn.tensor(2.0)
    layer:restore(s)
    assert.are.equal(1, own.seen:item())
  end)

  it("refuses other members and other layers", function()
    local layer, other = build(), build()
    local s = layer:snapshot()
    support.fails("ValueError", "not one of this layer", other.restore, other, s)
    support.fails("TypeError", "a snapshot", layer.restore, layer, {})
    layer:add_neuron("new", neuron())
    support.fails("ValueError", "neurons.new", layer.restore, layer, s)
    layer:del_neuron("new")
    layer:restore(s)
    layer:del_neuron("exc")
    support.fails("ValueError", "not there any more", layer.restore, layer, s)
  end)

  it("names itself", function()
    assert.are.equal("Snapshot(Layer)", tostring((build()):snapshot()))
  end)
end)
