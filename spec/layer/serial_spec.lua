local snn = require "snn"
local parts = require "spec.layer.parts"
local fails = require("spec.support").fails

local X = snn.tensor { { 1, 0, 1 } }

local function serial(changes)
  local args = { connection = parts.dense(), neuron = parts.lif() }
  for name, value in pairs(changes or {}) do args[name] = value end
  return snn.Serial(args)
end

describe("Serial", function()
  it("sends spikes through its connection to its neurons", function()
    local layer = serial()
    assert.same({ { false, false } }, layer(X):totable())
    assert.same({ { true, true } }, layer(X):totable())
    assert.same({ { 1, 0, 1 } }, layer.connection.syncurrent:totable())
  end)

  it("has its parts as fields", function()
    local connection, neuron = parts.dense(), parts.lif()
    local layer = serial { connection = connection, neuron = neuron }
    connection.updater = connection:defaultupdater()
    assert.equal(connection, layer.connection)
    assert.equal(neuron, layer.neuron)
    assert.equal(connection.synapse, layer.synapse)
    assert.equal(connection.updater, layer.updater)
    assert.equal(layer:get_cell("serial", "serial"), layer.cell)
    assert.is_nil(serial().updater)
  end)

  it("has fields that cannot be set", function()
    local layer = serial()
    for _, name in ipairs { "synapse", "updater", "cell" } do
      fails("AttributeError", "'" .. name .. "' cannot be set", function() layer[name] = 1 end)
    end
    for _, name in ipairs { "connection", "neuron", "connection_name" } do
      fails("AttributeError", "'" .. name .. "' cannot be assigned, the layer is made of it; make "
        .. "a new Serial", function() layer[name] = 1 end)
    end
  end)

  it("is a layer of one cell", function()
    local layer = serial()
    assert.same({ "serial" }, parts.names(layer:named_connections()))
    assert.same({ "serial" }, parts.names(layer:named_neurons()))
    assert.same({ "serial serial" }, parts.names(layer:named_cells()))
    assert.equal(layer.connection, layer.connections.serial)
    assert.equal(layer.cell, layer.cells.serial.serial)
  end)

  it("has other names when asked", function()
    local layer = serial { connection_name = "enc", neuron_name = "exc" }
    assert.same({ "enc exc" }, parts.names(layer:named_cells()))
    assert.equal(layer.connection, layer:get_connection("enc"))
    assert.equal(layer.neuron, layer:get_neuron("exc"))
    layer(X)
    assert.same({ { true, true } }, layer(X):totable())
  end)

  it("applies its transform to the currents", function()
    local layer = serial { transform = function(current) return current * 2 end }
    assert.same({ { true, true } }, layer(X):totable())
  end)

  it("may change its transform", function()
    local layer = serial()
    layer.transform = function(current) return current * 2 end
    assert.same({ { true, true } }, layer(X):totable())
    layer.transform = nil
    layer:clear()
    assert.same({ { false, false } }, layer(X):totable())
    layer.transform = snn.none
    assert.is_nil(layer.transform)
    fails("TypeError", "'transform' must be a function", function() layer.transform = 2 end)
  end)

  it("returns the currents too, before the transform", function()
    local layer = serial { transform = function(current) return current * 0 end }
    local out, mid = layer(X, { capture_intermediate = true })
    assert.same({ { false, false } }, out:totable())
    assert.same({ { 200, 200 } }, mid:totable())
  end)

  it("refuses options that its wiring has no use for", function()
    local layer = serial()
    fails("TypeError", "forward: unknown option 'capture_intermediat' (did you mean "
      .. "'capture_intermediate'?)", layer, X, { capture_intermediat = true })
  end)

  it("gives its kwargs to its two modules", function()
    local layer = serial { neuron = parts.exact() }
    assert.same({ { true, false } },
      layer(X, { neuron_kwargs = { override = snn.tensor { { 1, 0 } } } }):totable())
    layer(X, { connection_kwargs = {} })
    fails("TypeError", "LinearDense: unknown option 'gain'", layer, X,
      { connection_kwargs = { gain = 1 } })
    fails("TypeError", "unknown option 'overide' (did you mean 'override'?)", layer, X,
      { neuron_kwargs = { overide = 1 } })
    fails("TypeError", "'neuron_kwargs.serial' must be a table", layer, X, { neuron_kwargs = 1 })
  end)

  it("leaves the table of options as it is", function()
    local options = { neuron_kwargs = { refrac_lock = true } }
    serial()(X, options)
    assert.same({ neuron_kwargs = { refrac_lock = true } }, options)
  end)

  it("takes injected currents beside the spikes", function()
    local layer = serial()
    assert.same({ { false, false } }, layer(X, snn.ones(1, 3)):totable())
  end)

  it("is fixed", function()
    local layer = serial()
    for _, method in ipairs { "add_connection", "add_neuron", "add_cell", "del_connection",
      "del_neuron", "del_cell" } do
      fails("RuntimeError", "Serial does not support", layer[method], layer, "a", "b")
    end
    assert.same({ "serial serial" }, parts.names(layer:named_cells()))
  end)

  it("names what is wrong with its arguments", function()
    fails("TypeError", "'connection' (a connection), 'neuron' (a neuron)", snn.Serial, {})
    fails("TypeError", "'connection' (a connection), 'neuron' (a neuron)", snn.Serial)
    fails("TypeError", "'connection' must be a Connection, got number 1", serial,
      { connection = 1 })
    fails("TypeError", "'neuron' must be a Neuron, got LinearDense", serial,
      { neuron = parts.dense() })
    fails("TypeError", "'transform' must be a function", serial, { transform = 2 })
    fails("TypeError", "unknown option 'neurons' (did you mean 'neuron'?)", serial, { neurons = 1 })
    fails("ValueError", "'a b' is not a valid identifier", serial, { connection_name = "a b" })
    fails("TypeError", "'name' must be a string", serial, { neuron_name = 1 })
    fails("RuntimeError", "is not the neuron's shape", serial, { neuron = parts.lif(3) })
  end)

  it("names what is wrong with its inputs, and stays as it was", function()
    local layer = serial()
    layer(X)
    local before = parts.state(layer)
    fails("ValueError", "list of inputs of 'serial' is empty", layer)
    fails("ValueError", "list of inputs of 'serial' is empty", layer,
      { capture_intermediate = true })
    fails("TypeError", "'serial' must be a tensor, got number 3", layer, 3)
    fails("ValueError", "connection 'serial': the input has shape {3}", layer, snn.ones(3))
    fails("TypeError", "'capture_intermediate' must be", layer, X, { capture_intermediate = 1 })
    assert.same(before, parts.state(layer))
  end)

  it("passes on an error of its transform, and stays as it was", function()
    local layer = serial()
    layer(X)
    local before = parts.state(layer)
    layer.transform = function() error("mine", 0) end
    assert.has_error(function() layer(X) end, "mine")
    layer.transform = function() return 3 end
    fails("TypeError", "wiring must give a tensor for neuron 'serial', got number 3", layer, X)
    layer.transform = function(t) return t:reshape(2, 1) end
    fails("ValueError", "neuron 'serial'", layer, X)
    assert.same(before, parts.state(layer))
  end)

  it("can be the parent of a script's class", function()
    local Mine = snn.class("Mine", snn.Serial)
    function Mine:init(gain)
      snn.Serial.init(self, {
        connection = parts.dense(), neuron = parts.lif(),
        transform = function(current) return current * gain end,
      })
    end
    local layer = Mine(2)
    assert.same({ { true, true } }, layer(X):totable())
    assert.equal(layer.connection.synapse, layer.synapse)
  end)
end)
