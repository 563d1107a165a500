-- A layer's forward: what runs, what wiring gets, where options go.
local snn = require "snn"
local parts = require "spec.layer.parts"
local fails = require("spec.support").fails

local ENC, REC = snn.tensor { { 1, 0, 1 } }, snn.tensor { { 0, 1 } }

local function routed() -- enc and rec both go to exc
  return parts.layer(function(_, inputs)
    return { exc = inputs.enc + (inputs.rec or 0) }
  end)
end

describe("a layer's forward", function()
  it("sends currents of connections through wiring to neurons", function()
    local layer = parts.layer()
    local out = layer { enc = ENC, rec = REC }
    assert.same({ { false, false } }, out.exc:totable())
    assert.near(-60 + 200 * (1 - math.exp(-1 / 20)), layer.neurons.exc.voltage[1][1], 1e-4)
    assert.near(-60 + 100 * (1 - math.exp(-1 / 20)), layer.neurons.inh.voltage[1][2], 1e-4)
    out = layer { enc = ENC, rec = REC }
    assert.same({ { true, true } }, out.exc:totable())
    assert.equal("bool", out.inh.dtype)
  end)

  it("is what calling the layer is", function()
    local one, other = parts.layer(), parts.layer()
    one { enc = ENC, rec = REC }
    other:forward { enc = ENC, rec = REC }
    assert.same(parts.state(one), parts.state(other))
  end)

  it("returns spikes that a later step does not change", function()
    local layer = parts.layer()
    layer { enc = ENC }
    local spikes = layer { enc = ENC }.exc
    layer { enc = ENC }
    assert.same({ { true, true } }, spikes:totable())
    spikes:fill_(false)
    assert.same({ { false, false } }, layer { enc = ENC }.exc:totable())
  end)

  context("runs", function()
    it("the connections that are named in the inputs only", function()
      local layer, seen = parts.layer(), nil
      layer.wiring = function(_, inputs)
        seen = inputs
        return {}
      end
      layer { enc = ENC }
      assert.same({ { 1, 0, 1 } }, layer.connections.enc.syncurrent:totable())
      assert.same({ { 0, 0 } }, layer.connections.rec.syncurrent:totable())
      assert.same({ "enc" }, parts.names(pairs(seen)))
      assert.same({ { 200, 200 } }, seen.enc:totable())
    end)

    it("the neurons that wiring returns only", function()
      local layer = parts.layer(function(_, inputs) return { inh = inputs.enc } end)
      local out = layer { enc = ENC }
      assert.same({ "inh" }, parts.names(pairs(out)))
      assert.same({ { -60, -60 } }, layer.neurons.exc.voltage:totable())
      assert.is_true(layer.neurons.inh.voltage[1][1] > -60)
    end)

    it("wiring also when nothing is given", function()
      local calls = 0
      local layer = parts.layer(function()
        calls = calls + 1
        return { exc = snn.full({ 1, 2 }, 300) }
      end)
      assert.same({ { true, true } }, layer({}).exc:totable())
      assert.equal(1, calls)
    end)

    it("connections and neurons in the order of registration", function()
      local order, layer = {}, parts.layer()
      for _, part in ipairs { layer.connections.enc, layer.connections.rec, layer.neurons.exc,
        layer.neurons.inh } do
        part:register_forward_hook(function(module)
          for name, c in layer:named_connections() do
            if c == module then order[#order + 1] = name end
          end
          for name, n in layer:named_neurons() do
            if n == module then order[#order + 1] = name end
          end
        end)
      end
      for _ = 1, 3 do layer { rec = REC, enc = ENC } end
      assert.same({ "enc", "rec", "exc", "inh", "enc", "rec", "exc", "inh", "enc", "rec", "exc",
        "inh" }, order)
    end)

    it("a list of inputs as positional arguments", function()
      local Mine, seen = snn.class("Mine", snn.LinearDense), nil
      function Mine:forward(...)
        seen = { ... }
        return snn.LinearDense.forward(self, (...))
      end
      local layer = parts.layer()
      layer:add_connection("mine", Mine {
        in_shape = 3, out_shape = 2, step_time = 1, synapse = parts.synapse,
      })
      local injected = snn.ones(1, 3)
      layer { enc = { ENC, injected }, rec = { REC }, mine = { ENC, injected, REC } }
      assert.same({ ENC, injected, REC }, seen)
    end)
  end)

  context("its wiring", function()
    it("is called as a method with currents and the other options", function()
      local layer, got = parts.layer(), nil
      function layer:wiring(inputs, kwargs)
        got = { self, inputs, kwargs }
        return { exc = inputs.enc * kwargs.gain }
      end
      layer({ enc = ENC }, { gain = 2, connection_kwargs = {}, neuron_kwargs = {},
        capture_intermediate = false })
      assert.equal(layer, got[1])
      assert.same({ gain = 2 }, got[3])
      assert.same({ { true, true } }, layer.neurons.exc.spike:totable())
    end)

    it("gets an empty table without options", function()
      local layer, got = parts.layer(), nil
      layer.wiring = function(_, _, kwargs)
        got = kwargs
        return {}
      end
      layer { enc = ENC }
      assert.same({}, got)
    end)

    it("may be replaced between two steps", function()
      local layer = parts.layer()
      assert.is_nil(layer { enc = ENC }.inh)
      layer.wiring = function(_, inputs) return { inh = inputs.enc } end
      local out = layer { enc = ENC }
      assert.is_nil(out.exc)
      assert.same({ { false, false } }, out.inh:totable())
    end)

    it("may be a method of a script's class", function()
      local Mine = snn.class("Mine", snn.Layer)
      function Mine:init(gain)
        snn.Layer.init(self)
        self.gain = gain
        self:add_connection("enc", parts.dense())
        self:add_neuron("exc", parts.lif())
      end
      function Mine:wiring(inputs) return { exc = inputs.enc * self.gain } end
      assert.same({ { false, false } }, Mine(1) { enc = ENC }.exc:totable())
      assert.same({ { true, true } }, Mine(2) { enc = ENC }.exc:totable())
    end)

    it("of an instance goes before that of its class, until it is nil", function()
      local Mine = snn.class("Mine", snn.Layer)
      function Mine:wiring() return {} end
      local layer = Mine { wiring = function() error("of the instance", 0) end }
      assert.has_error(function() layer {} end, "of the instance")
      layer.wiring = nil
      assert.same({}, layer {})
    end)

    it("must be there, a function", function()
      fails("RuntimeError", "wiring must be implemented", snn.Layer(), {})
      local layer = snn.Layer()
      layer.wiring = 3
      fails("TypeError", "'wiring' must be a function, got number 3", layer, {})
    end)

    it("may give one tensor to several neurons", function()
      local layer = parts.layer(function(_, inputs)
        return { exc = inputs.enc, inh = inputs.enc }
      end)
      layer { enc = ENC }
      assert.near(layer.neurons.exc.voltage[1][1], layer.neurons.inh.voltage[1][1], 1e-4)
    end)

    it("may return what it was given", function()
      local layer = snn.Layer { wiring = function(_, inputs) return inputs end }
      layer:add_connection("a", parts.dense())
      layer:add_neuron("a", parts.lif())
      assert.same({ { false, false } }, layer { a = ENC }.a:totable())
    end)

    it("may give any dtype and any view", function()
      local layer = parts.layer(function()
        return { exc = snn.tensor({ { 300 }, { 0 } }, { dtype = "int64" }):transpose(1, 2) }
      end)
      assert.same({ { true, false } }, layer({}).exc:totable())
    end)
  end)

  context("with capture_intermediate", function()
    it("returns the currents too", function()
      local layer = routed()
      local out, mid = layer({ enc = ENC, rec = REC }, { capture_intermediate = true })
      assert.same({ { true, true } }, out.exc:totable())
      assert.same({ { 200, 200 } }, mid.enc:totable())
      assert.same({ { 100, 100 } }, mid.rec:totable())
    end)

    it("false, or without it, returns one value", function()
      local layer = routed()
      assert.equal(1, select("#", layer { enc = ENC }))
      assert.equal(1, select("#", layer({ enc = ENC }, { capture_intermediate = false })))
    end)
  end)

  context("routes", function()
    it("neuron_kwargs to the neurons by name", function()
      local layer = parts.layer(function(_, inputs)
        return { exc = inputs.enc, inh = inputs.enc }
      end)
      for _, neuron in layer:named_neurons() do -- held below rest
        neuron.refrac = snn.full({ 1, 2 }, 2)
        neuron.voltage = snn.full({ 1, 2 }, -70)
      end
      layer({ enc = ENC }, { neuron_kwargs = { exc = { refrac_lock = false } } })
      assert.is_true(layer.neurons.exc.voltage[1][1] > -70)
      assert.equal(-70, layer.neurons.inh.voltage[1][1])
    end)

    it("override to an ExactNeuron", function()
      local layer = parts.layer(function(_, inputs) return { told = inputs.enc } end)
      layer:add_neuron("told", parts.exact())
      local out = layer({ enc = ENC }, { neuron_kwargs = { told = { override = REC } } })
      assert.same({ { false, true } }, out.told:totable())
    end)

    it("connection_kwargs to the connections by name, as their last argument", function()
      local Mine, seen = snn.class("Mine", snn.LinearDense), nil
      function Mine:forward(spikes, options)
        seen = options
        return snn.LinearDense.forward(self, spikes) * options.gain
      end
      local layer = parts.layer()
      layer:del_connection("enc")
      layer:add_connection("enc", Mine {
        in_shape = 3, out_shape = 2, step_time = 1, synapse = parts.synapse,
        weight_init = snn.ones(2, 3),
      })
      local options = { gain = 7 }
      local _, mid = layer({ enc = ENC, rec = REC },
        { connection_kwargs = { enc = options }, capture_intermediate = true })
      assert.equal(options, seen)
      assert.same({ { 14, 14 } }, mid.enc:totable())
    end)

    it("nothing to those that do not run, whose names must be right", function()
      local layer = parts.layer()
      layer({ enc = ENC }, {
        connection_kwargs = { rec = { nonsense = 1 } }, neuron_kwargs = { inh = { nonsense = 1 } },
      })
      fails("AttributeError", "'enk' is not a registered connection (registered: 'enc', 'rec'; did "
        .. "you mean 'enc'?)", layer, { enc = ENC }, { connection_kwargs = { enk = {} } })
      fails("AttributeError", "'ex' is not a registered neuron", layer, { enc = ENC },
        { neuron_kwargs = { ex = {} } })
    end)

    it("empty tables as nothing", function()
      local layer = parts.layer()
      layer({ enc = ENC }, { connection_kwargs = { enc = {} }, neuron_kwargs = { exc = {} } })
      assert.same({ { 1, 0, 1 } }, layer.connections.enc.syncurrent:totable())
    end)
  end)

  it("works inside of a coroutine", function()
    local layer, twin = parts.layer(), parts.layer()
    local step = coroutine.wrap(function()
      while true do coroutine.yield(layer { enc = ENC, rec = REC }) end
    end)
    for _ = 1, 5 do
      assert.same(twin { enc = ENC, rec = REC }.exc:totable(), step().exc:totable())
    end
    assert.same(parts.state(twin), parts.state(layer))
  end)

  it("may run coroutines in its wiring", function()
    local layer = parts.layer(function(_, inputs)
      local values = coroutine.wrap(function()
        coroutine.yield(inputs.enc)
        coroutine.yield(inputs.rec)
      end)
      return { exc = values(), inh = values() }
    end)
    assert.same({ { false, false } }, layer { enc = ENC, rec = REC }.exc:totable())
  end)

  it("steps a batch as it steps its samples", function()
    local function batched(n)
      local layer = snn.Layer { wiring = function(_, i) return { exc = i.enc, inh = i.enc } end }
      layer:add_connection("enc", parts.dense(3, 2, { batch_size = n }))
      layer:add_neuron("exc", parts.lif(2, { batch_size = n }))
      layer:add_neuron("inh", parts.alif(2, { batch_size = n }))
      return layer:eval()
    end
    snn.manual_seed(2)
    local batch, singles = batched(3), { batched(1), batched(1), batched(1) }
    for _ = 1, 20 do
      local x = snn.rand(3, 3):lt(0.4)
      local out = batch { enc = x }
      for b = 1, 3 do
        local one = singles[b] { enc = x:narrow(1, b, 1) }
        for _, name in ipairs { "exc", "inh" } do
          assert.same(out[name][b]:totable(), one[name][1]:totable())
          assert.same(batch.neurons[name].voltage[b]:totable(),
            singles[b].neurons[name].voltage[1]:totable())
        end
      end
    end
  end)
end)
