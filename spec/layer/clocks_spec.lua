-- Connections and neurons of one step have the same step time.
local snn = require "snn"
local parts = require "spec.layer.parts"

-- The error of a call, which must be a ValueError that has all the texts.
local function refused(fn, ...)
  local ok, err = pcall(fn)
  assert.is_false(ok)
  assert.equal("ValueError", err.kind)
  for _, text in ipairs { ... } do
    assert(err.message:find(text, 1, true), ("no '%s' in: %s"):format(text, err.message))
  end
end

local ones = snn.ones(1, 3)

describe("a layer", function()
  local layer, wired

  before_each(function()
    wired = 0
    layer = snn.Layer { wiring = function(_, inputs)
      wired = wired + 1
      return { exc = inputs.enc }
    end }
    layer:add_connection("enc", parts.dense())
    layer:add_neuron("exc", parts.lif())
  end)

  it("takes no step of a connection and a neuron of different dt", function()
    layer.connections.enc.dt = 0.5
    local before = parts.state(layer)
    refused(function() layer { enc = ones } end, "connection 'enc'", "0.5 ms", "neuron 'exc'",
      "1 ms")
    assert.equal(0, wired) -- it is seen when the step begins
    assert.same(before, parts.state(layer))
    layer.neurons.exc.dt = 0.5
    layer { enc = ones }
    assert.equal(1, wired)
  end)

  it("says so of a cell", function()
    layer:add_neuron("other", parts.lif(2, { step_time = 0.5 }))
    layer:add_cell("enc", "exc")
    layer { enc = ones } -- the other one does not step
    layer.neurons.exc.dt = 0.25
    layer.neurons.other.dt = 1
    refused(function() layer { enc = ones } end, "'enc'", "1 ms", "'exc'", "0.25 ms")
    assert.equal(1, wired)
  end)

  it("makes no cell of a connection and a neuron of different dt", function()
    layer.neurons.exc.dt = 0.1
    refused(function() layer:add_cell("enc", "exc") end, "add_cell", "'enc'", "1 ms", "'exc'",
      "0.1 ms")
    assert.same({}, parts.names(layer:named_cells()))
    layer.connections.enc.dt = 0.1
    local cell = layer:add_cell("enc", "exc")
    layer.neurons.exc.dt = 1
    refused(function() layer:add_cell("enc", "exc") end, "'enc'", "0.1 ms")
    assert.equal(cell, layer:get_cell("enc", "exc"))
  end)

  it("steps parts of different dt in steps of their own", function()
    layer:add_connection("slow", parts.dense(3, 2, { step_time = 2 }))
    layer:add_neuron("late", parts.lif(2, { step_time = 2 }))
    function layer:wiring(inputs) -- luacheck: ignore self
      return { exc = inputs.enc, late = inputs.slow }
    end
    layer { enc = ones }
    layer { slow = ones }
    refused(function() layer { enc = ones, slow = ones } end, "'slow'", "2 ms", "1 ms")
  end)

  it("undoes a step whose wiring brings the wrong neuron", function()
    layer:add_neuron("late", parts.lif(2, { step_time = 2 }))
    function layer:wiring(inputs) return { late = inputs.enc } end -- luacheck: ignore self
    local before = parts.state(layer)
    refused(function() layer { enc = ones } end, "'enc'", "1 ms", "'late'", "2 ms")
    assert.same(before, parts.state(layer))
  end)

  it("takes the dt that a wiring sets for the next step", function()
    layer:add_cell("enc", "exc")
    function layer:wiring(inputs)
      self.connections.enc.dt = 0.5
      return { exc = inputs.enc }
    end
    layer { enc = ones }
    refused(function() layer { enc = ones } end, "0.5 ms")
    layer.neurons.exc.dt = 0.5
    layer { enc = ones }
  end)

  it("tells of a synapse that was set alone", function()
    layer.connections.enc.synapse.dt = 0.5
    refused(function() layer { enc = ones } end, "'enc'", "1 ms", "synapse", "0.5 ms")
  end)
end)

describe("a step", function()
  it("is refused by Serial", function()
    local serial = snn.Serial { connection = parts.dense(), neuron = parts.lif() }
    serial.neuron.dt = 0.5
    refused(function() serial(ones) end, "'serial'", "1 ms", "0.5 ms")
    serial.connection.dt = 0.5
    serial(ones)
  end)

  it("is refused by Biclique", function()
    local both = snn.Biclique { connections = { { "a", parts.dense() }, { "b", parts.dense() } },
      neurons = { { "x", parts.lif() }, { "y", parts.lif() } }, combine = "sum" }
    both:get_connection "b".dt = 0.5
    refused(function() both { a = ones, b = ones } end, "'b'", "0.5 ms", "1 ms")
  end)

  local function recurrent()
    return snn.RecurrentSerial {
      feedfwd_connection = parts.dense(3, 2), lateral_connection = parts.dense(2, 2),
      feedback_connection = parts.dense(2, 2), feedfwd_neuron = parts.lif(),
      feedback_neuron = parts.lif(),
    }
  end

  it("is refused by RecurrentSerial, before any part steps", function()
    for _, part in ipairs { "feedfwd_connection", "lateral_connection", "feedback_connection",
      "feedfwd_neuron", "feedback_neuron" } do
      local layer = recurrent()
      layer(ones)
      layer[part].dt = 0.5
      local before = parts.state(layer)
      refused(function() layer(ones) end, "0.5 ms", "1 ms")
      assert.same(before, parts.state(layer))
    end
  end)

  it("goes on where all have the new dt", function()
    local layer = recurrent()
    layer(ones)
    for _, c in layer:named_connections() do c.dt = 0.5 end
    for _, n in layer:named_neurons() do n.dt = 0.5 end
    layer(ones)
  end)
end)

describe("a Serial", function()
  it("is not made of parts of different dt", function()
    refused(function()
      snn.Serial { connection = parts.dense(), neuron = parts.lif(2, { step_time = 0.5 }) }
    end, "1 ms", "0.5 ms")
  end)
end)
