local snn = require "snn"
local parts = require "spec.layer.parts"
local fails = require("spec.support").fails

describe("a cell", function()
  local layer, cell
  before_each(function()
    layer = parts.layer()
    cell = layer:add_cell("enc", "exc")
  end)

  it("is made once", function()
    assert.equal(cell, layer:add_cell("enc", "exc"))
    assert.equal(cell, layer:get_cell("enc", "exc"))
    assert.same({ "enc exc" }, parts.names(layer:named_cells()))
  end)

  it("is one for each pair", function()
    assert.not_equal(cell, layer:add_cell("enc", "inh"))
  end)

  it("has the fields of its two sides", function()
    local enc, exc = layer.connections.enc, layer.neurons.exc
    layer { enc = snn.tensor { { 1, 0, 1 } } }
    assert.equal(enc, cell.connection)
    assert.equal(exc, cell.neuron)
    assert.equal(enc.synapse, cell.synapse)
    assert.same({ { true, false, true } }, cell.prespike:totable())
    assert.same({ { 1, 0, 1 } }, cell.precurrent:totable())
    assert.same(exc.voltage:totable(), cell.postvoltage:totable())
    assert.same(exc.spike:totable(), cell.postspike:totable())
  end)

  it("has the updater of its connection", function()
    assert.is_nil(cell.updater)
    local enc = layer.connections.enc
    enc.updater = enc:defaultupdater()
    assert.equal(enc.updater, cell.updater)
  end)

  it("follows a synapse that is replaced", function()
    local synapse = parts.synapse({ 3 }, 1, 0, 1)
    layer.connections.enc.synapse = synapse
    assert.equal(synapse, cell.synapse)
  end)

  it("has fields that cannot be set", function()
    for _, name in ipairs { "connection", "neuron", "synapse", "updater", "precurrent", "prespike",
      "postvoltage", "postspike" } do
      fails("AttributeError", "'" .. name .. "' cannot be set", function() cell[name] = 1 end)
    end
    fails("AttributeError", "Cell has no field 'prespikes' (did you mean 'prespike'?)",
      function() return cell.prespikes end)
  end)

  it("shows tensors that are not to be changed in place", function()
    layer { enc = snn.ones(1, 3) }
    fails("RuntimeError", "cannot be changed in place", cell.postvoltage.zero_, cell.postvoltage)
  end)

  it("cannot be called", function()
    fails("RuntimeError", "a cell cannot be called", cell)
    fails("RuntimeError", "a cell cannot be called", cell, snn.ones(1, 3))
  end)

  it("cannot be made by scripts", function()
    fails("TypeError", "cannot be made", snn.Cell)
    fails("TypeError", "cannot be made", snn.Cell, layer.connections.enc, layer.neurons.exc)
  end)

  it("needs a connection whose outputs have the neuron's shape", function()
    layer:add_neuron("wide", parts.lif(3))
    layer:add_neuron("column", parts.lif { 2, 1 })
    fails("RuntimeError", "output shape {2} is not the neuron's shape {3}", layer.add_cell, layer,
      "enc", "wide")
    fails("RuntimeError", "{2, 1}", layer.add_cell, layer, "enc", "column")
    assert.same({ "enc exc" }, parts.names(layer:named_cells()))
    assert.same({ "exc" }, parts.names(pairs(layer.cells.enc)))
    fails("AttributeError", "no cell", layer.get_cell, layer, "enc", "wide")
    assert.is_nil(layer:del_cell("enc", "wide"))
    layer { enc = snn.ones(1, 3) }
  end)

  it("leaves nothing of its own in the state of the layer", function()
    for path in pairs(layer:state_dict()) do assert.is_nil(path:find("^cells")) end
  end)

  it("is in the mode of its layer", function()
    assert.is_true(cell.training)
    layer:eval()
    assert.is_false(cell.training)
    assert.is_false(layer:add_cell("rec", "inh").training)
    layer:train()
    assert.is_true(cell.training)
  end)

  it("of another layer is another, also of the same parts", function()
    local other = snn.Layer()
    other:add_connection("enc", layer.connections.enc)
    other:add_neuron("exc", layer.neurons.exc)
    assert.not_equal(cell, other:add_cell("enc", "exc"))
  end)
end)
