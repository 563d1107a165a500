-- What a layer says of all its parts at once, and its time.
local snn = require "snn"
local parts = require "spec.layer.parts"
local fails = require("spec.support").fails

local function step(layer, times)
  local batch = layer.batchsz
  for _ = 1, times or 1 do
    layer { enc = snn.ones(batch, 3), rec = snn.zeros(batch, 2) }
  end
end

describe("layer.batchsz", function()
  it("is that of all parts, nil where they differ or there are none", function()
    local layer = parts.layer()
    assert.equal(1, layer.batchsz)
    layer.neurons.exc.batchsz = 2
    assert.is_nil(layer.batchsz)
    assert.is_nil(snn.Layer().batchsz)
  end)

  it("sets that of all parts", function()
    local layer = parts.layer()
    step(layer)
    layer.batchsz = 3
    for _, part in ipairs { layer.connections.enc, layer.connections.enc.synapse,
      layer.connections.rec, layer.neurons.exc, layer.neurons.inh } do
      assert.equal(3, part.batchsz)
    end
    step(layer)
    assert.same({ 3, 2 }, layer.neurons.exc.spike.shape)
  end)

  it("serves layers of a fixed shape", function()
    local serial = snn.Serial { connection = parts.dense(), neuron = parts.lif() }
    serial.batchsz = 4
    assert.same({ 4, 2 }, serial(snn.ones(4, 3)).shape)
    local recurrent = snn.RecurrentSerial {
      feedfwd_connection = parts.dense(), lateral_connection = parts.dense(2, 2),
      feedback_connection = parts.dense(2, 2), feedfwd_neuron = parts.lif(),
      feedback_neuron = parts.lif(),
    }
    recurrent(snn.ones(1, 3))
    recurrent.batchsz = 2
    assert.same({ 2, 2 }, recurrent(snn.ones(2, 3)).shape)
  end)

  it("sets none where one refuses", function()
    local layer = parts.layer()
    step(layer)
    local before = parts.state(layer)
    local reduce = parts.alif(2, { batch_reduction = function(data)
      assert.is_false(pcall(function() layer.batchsz = 2 end)) -- it is in the middle of a step
      return data:mean(1)
    end })
    layer:add_neuron("reduced", reduce)
    reduce(snn.full({ 1, 2 }, 1000))
    layer:del_neuron "reduced"
    assert.equal(1, layer.batchsz)
    assert.same(before, parts.state(layer))
  end)

  it("refuses what is no batch size, and a layer without parts", function()
    local layer = parts.layer()
    local function set(value) layer.batchsz = value end
    fails("ValueError", "Layer: 'batchsz'", set, 0)
    fails("TypeError", "Layer: 'batchsz'", set, "two")
    fails("RuntimeError", "Layer: 'batchsz' cannot be set: there are no connections and neurons",
      function() snn.Layer().batchsz = 2 end)
  end)
end)

describe("layer.dt", function()
  it("is that of all parts, and sets it", function()
    local layer = parts.layer()
    assert.equal(1, layer.dt)
    layer.dt = 0.5
    assert.equal(0.5, layer.dt)
    assert.equal(0.5, layer.connections.rec.dt)
    assert.equal(0.5, layer.connections.rec.synapse.dt)
    assert.equal(0.5, layer.neurons.inh.dt)
    step(layer)
    layer.neurons.inh.dt = 1
    assert.is_nil(layer.dt)
  end)

  it("sets none where one refuses", function()
    local layer = parts.layer()
    layer.neurons.exc.refrac_t = 30000 -- of at most so many steps
    local function set() layer.dt = 1e-4 end
    fails("ValueError", "'refrac_t' must be at most", set)
    assert.equal(1, layer.dt)
    step(layer)
  end)

  it("is greater than 0", function()
    local layer = parts.layer()
    for _, dt in ipairs { 0, -1, math.huge, 0 / 0 } do
      fails("ValueError", "Layer: 'dt' must be greater than 0", function() layer.dt = dt end)
    end
  end)
end)

describe("layer.time", function()
  it("is what the steps have taken, ms", function()
    local layer = parts.layer()
    assert.equal(0, layer.time)
    step(layer, 3)
    assert.equal(3, layer.time)
    layer.dt = 0.1
    step(layer, 10)
    assert.equal(3 + 10 * 0.1, layer.time)
  end)

  it("counts steps, and does not sum them", function()
    local layer = parts.layer()
    layer.dt = 0.1
    step(layer, 1000)
    assert.equal(1000 * 0.1, layer.time)
  end)

  it("can be set", function()
    local layer = parts.layer()
    step(layer, 2)
    layer.time = -5
    step(layer)
    assert.equal(-4, layer.time)
    fails("ValueError", "Layer: 'time' must be finite", function() layer.time = math.huge end)
    fails("TypeError", "Layer: 'time'", function() layer.time = "now" end)
  end)

  it("stands still in a step that fails", function()
    local layer = parts.layer(function() error("no", 0) end)
    assert.is_false(pcall(step, layer))
    assert.equal(0, layer.time)
  end)

  it("is the time before the step in its wiring", function()
    local seen = {}
    local layer = parts.layer(function(self, inputs)
      seen[#seen + 1] = self.time
      return { exc = inputs.enc, inh = inputs.rec }
    end)
    step(layer, 3)
    assert.same({ 0, 1, 2 }, seen)
  end)

  it("is not cleared", function()
    local layer = parts.layer()
    step(layer, 3)
    layer:clear()
    assert.equal(3, layer.time)
  end)

  it("is no part of the state", function()
    local layer = parts.layer()
    step(layer, 2)
    local state = layer:state_dict()
    layer.time = 9
    layer:load_state_dict(state)
    assert.equal(9, layer.time)
  end)
end)
