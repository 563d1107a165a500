-- The registry of a layer: names, cells, proxies, iterators, update and clear.
local snn = require "snn"
local parts = require "spec.layer.parts"
local fails = require("spec.support").fails

local function empty() return snn.Layer() end

local function add(layer, name) return layer:add_connection(name, parts.dense()) end

describe("Layer", function()
  context("registering", function()
    it("returns what it is given", function()
      local layer, connection, neuron = empty(), parts.dense(), parts.lif()
      assert.equal(connection, layer:add_connection("enc", connection))
      assert.equal(neuron, layer:add_neuron("exc", neuron))
      assert.equal(connection, layer:get_connection("enc"))
      assert.equal(neuron, layer:get_neuron("exc"))
    end)

    it("takes identifiers as names", function()
      local layer = empty()
      for _, name in ipairs { "a", "_", "A1", "snake_case", "endd", "self", "named_cells" } do
        add(layer, name)
        layer:add_neuron(name, parts.lif())
        assert.equal(layer:get_connection(name), layer.connections[name])
      end
    end)

    it("refuses other names", function()
      local layer = empty()
      for _, name in ipairs { "", "1a", "a b", "a.b", "a-b", "ä", " a", "a\n", "end", "nil",
        "goto", "function", "and" } do
        local shown = name:gsub("\n", "\\n")
        fails("ValueError", "add_connection: '" .. shown .. "' is not a valid identifier",
          layer.add_connection, layer, name, parts.dense())
        fails("ValueError", "add_neuron: '" .. shown .. "' is not a valid identifier",
          layer.add_neuron, layer, name, parts.lif())
      end
      for _, name in ipairs { 1, true, {} } do
        fails("TypeError", "'name' must be a string", layer.add_neuron, layer, name, parts.lif())
      end
      fails("TypeError", "'name' must be a string, got nil", layer.add_connection, layer)
      assert.same({}, parts.names(layer:named_connections()))
    end)

    it("refuses a name that is taken, in its own registry only", function()
      local layer = empty()
      local first = add(layer, "a")
      fails("RuntimeError", "add_connection: 'a' is already a registered connection",
        layer.add_connection, layer, "a", parts.dense())
      assert.equal(first, layer:get_connection("a"))
      layer:add_neuron("a", parts.lif())
      fails("RuntimeError", "add_neuron: 'a' is already a registered neuron", layer.add_neuron,
        layer, "a", parts.lif())
    end)

    it("refuses what is no connection, no neuron", function()
      local layer = empty()
      for _, value in ipairs { 3, "enc", {}, parts.lif(), snn.ones(1), snn.LinearDense } do
        fails("TypeError", "'connection' must be a Connection", layer.add_connection, layer, "enc",
          value)
      end
      fails("TypeError", "'neuron' must be a Neuron, got LinearDense", layer.add_neuron, layer,
        "exc", parts.dense())
      fails("TypeError", "'neuron' must be a Neuron, got nil", layer.add_neuron, layer, "exc")
      assert.same({}, parts.names(layer:named_neurons()))
    end)

    it("takes one object under two names", function()
      local layer, connection = empty(), parts.dense()
      layer:add_connection("a", connection)
      layer:add_connection("b", connection)
      assert.equal(layer.connections.a, layer.connections.b)
    end)
  end)

  context("asked for unknown names", function()
    it("tells the registered ones and the nearest", function()
      local layer = parts.layer()
      fails("AttributeError", "get_connection: 'enk' is not a registered connection (registered: "
        .. "'enc', 'rec'; did you mean 'enc'?)", layer.get_connection, layer, "enk")
      fails("AttributeError", "get_neuron: 'exk' is not a registered neuron (registered: 'exc', "
        .. "'inh'; did you mean 'exc'?)", layer.get_neuron, layer, "exk")
      fails("AttributeError", "get_connection: 'nothing_like_it' is not a registered connection "
        .. "(registered: 'enc', 'rec')", layer.get_connection, layer, "nothing_like_it")
      fails("AttributeError", "(registered: none)", empty().get_neuron, empty(), "exc")
      fails("AttributeError", "get_connection: 'nil'", layer.get_connection, layer)
    end)

    it("is an AttributeError, but a ValueError of del_neuron", function()
      local layer = parts.layer()
      fails("AttributeError", "del_connection: 'x'", layer.del_connection, layer, "x")
      fails("ValueError", "del_neuron: 'x' is not a registered neuron", layer.del_neuron, layer,
        "x")
      fails("AttributeError", "add_cell: 'x' is not a registered connection", layer.add_cell,
        layer, "x", "exc")
      fails("AttributeError", "add_cell: 'x' is not a registered neuron", layer.add_cell, layer,
        "enc", "x")
      fails("AttributeError", "del_cell: 'x'", layer.del_cell, layer, "x", "exc")
      fails("AttributeError", "del_cell: 'x'", layer.del_cell, layer, "enc", "x")
      fails("AttributeError", "no cell of the pair ('enc', 'exc')", layer.get_cell, layer, "enc",
        "exc")
      fails("AttributeError", "no cell of the pair ('x', 'nil')", layer.get_cell, layer, "x")
    end)
  end)

  context("deleting", function()
    it("returns what was there and frees the name", function()
      local layer = parts.layer()
      local enc, exc = layer.connections.enc, layer.neurons.exc
      assert.equal(enc, layer:del_connection("enc"))
      assert.equal(exc, layer:del_neuron("exc"))
      fails("AttributeError", "'enc'", layer.get_connection, layer, "enc")
      fails("AttributeError", "'exc'", layer.get_neuron, layer, "exc")
      assert.equal(enc, layer:add_connection("enc", enc))
    end)

    it("takes the cells along", function()
      local layer = parts.layer()
      layer:add_cell("enc", "exc")
      layer:add_cell("enc", "inh")
      layer:add_cell("rec", "inh")
      layer:del_connection("enc")
      assert.same({ "rec inh" }, parts.names(layer:named_cells()))
      layer:del_neuron("inh")
      assert.same({}, parts.names(layer:named_cells()))
      fails("AttributeError", "no cell", layer.get_cell, layer, "rec", "inh")
    end)

    it("leaves a cell that a script holds of use", function()
      local layer = parts.layer()
      local cell = layer:add_cell("enc", "exc")
      local connection = layer:del_connection("enc")
      assert.equal(connection, cell.connection)
      assert.same({ { -60, -60 } }, cell.postvoltage:totable())
    end)

    it("of a cell returns it, or nil where there is none", function()
      local layer = parts.layer()
      local cell = layer:add_cell("enc", "exc")
      assert.equal(cell, layer:del_cell("enc", "exc"))
      assert.is_nil(layer:del_cell("enc", "exc"))
      assert.is_nil(layer:del_cell("rec", "exc"))
    end)

    it("makes room for another cell", function()
      local layer = parts.layer()
      local cell = layer:add_cell("enc", "exc")
      layer:del_cell("enc", "exc")
      assert.not_equal(cell, layer:add_cell("enc", "exc"))
      assert.same({ "enc exc" }, parts.names(layer:named_cells()))
    end)
  end)

  context("its iterators", function()
    local function numbered()
      local layer = empty()
      for _, name in ipairs { "z", "a", "m" } do
        add(layer, name)
        layer:add_neuron(name .. "n", parts.lif())
      end
      return layer
    end

    it("follow the order of registration", function()
      local layer = numbered()
      assert.same({ "z", "a", "m" }, parts.names(layer:named_connections()))
      assert.same({ "zn", "an", "mn" }, parts.names(layer:named_neurons()))
      assert.same({ "z", "a", "m" }, parts.names(layer:named_synapses()))
      layer:del_connection("z")
      add(layer, "z")
      assert.same({ "a", "m", "z" }, parts.names(layer:named_connections()))
    end)

    it("yield the objects", function()
      local layer = numbered()
      for name, connection in layer:named_connections() do
        assert.equal(layer:get_connection(name), connection)
      end
      for name, neuron in layer:named_neurons() do assert.equal(layer:get_neuron(name), neuron) end
      for name, synapse in layer:named_synapses() do
        assert.equal(layer:get_connection(name).synapse, synapse)
      end
    end)

    it("follow the order of creation for cells", function()
      local layer = parts.layer()
      local first, second = layer:add_cell("rec", "inh"), layer:add_cell("enc", "exc")
      assert.same({ "rec inh", "enc exc" }, parts.names(layer:named_cells()))
      local cells = {}
      for _, _, cell in layer:named_cells() do cells[#cells + 1] = cell end
      assert.same({ first, second }, cells)
    end)

    it("pass over what is deleted meanwhile and do not see what is added", function()
      local layer, seen = numbered(), {}
      for name in layer:named_connections() do
        seen[#seen + 1] = name
        if name == "z" then
          layer:del_connection("a")
          add(layer, "new")
        end
      end
      assert.same({ "z", "m" }, seen)
    end)

    it("may delete what they are at", function()
      local layer = numbered()
      layer:add_cell("z", "an")
      layer:add_cell("a", "an")
      for c, n in layer:named_cells() do layer:del_cell(c, n) end
      for name in layer:named_connections() do layer:del_connection(name) end
      for name in layer:named_neurons() do layer:del_neuron(name) end
      assert.same({}, parts.names(layer:named_connections()))
      assert.same({}, parts.names(layer:named_cells()))
    end)
  end)

  context("its proxies", function()
    it("give the objects behind names", function()
      local layer = parts.layer()
      local cell = layer:add_cell("enc", "exc")
      assert.equal(layer:get_connection("enc"), layer.connections.enc)
      assert.equal(layer:get_neuron("exc"), layer.neurons.exc)
      assert.equal(cell, layer.cells.enc.exc)
    end)

    it("follow the registry", function()
      local layer = parts.layer()
      local connections, row = layer.connections, layer.cells.enc
      layer:add_connection("new", parts.dense())
      assert.equal(layer:get_connection("new"), connections.new)
      layer:del_connection("new")
      fails("AttributeError", "'new'", function() return connections.new end)
      local cell = layer:add_cell("enc", "exc")
      assert.equal(cell, row.exc)
      layer:del_neuron("exc")
      fails("AttributeError", "no cell with 'exc'", function() return row.exc end)
    end)

    it("name what they do not have", function()
      local layer = parts.layer()
      layer:add_cell("enc", "exc")
      fails("AttributeError", "layer.connections: 'enk' is not a registered connection "
        .. "(registered: 'enc', 'rec'; did you mean 'enc'?)",
        function() return layer.connections.enk end)
      fails("AttributeError", "layer.neurons: 'exk'", function() return layer.neurons.exk end)
      fails("AttributeError", "layer.cells: 'x' is not", function() return layer.cells.x end)
      fails("AttributeError", "layer.cells.enc: there is no cell with 'inh'",
        function() return layer.cells.enc.inh end)
      fails("AttributeError", "number 1", function() return layer.connections[1] end)
    end)

    it("work with pairs, in order", function()
      local layer = parts.layer()
      layer:add_cell("rec", "inh")
      layer:add_cell("enc", "exc")
      layer:add_cell("enc", "inh")
      assert.same({ "enc", "rec" }, parts.names(pairs(layer.connections)))
      assert.same({ "exc", "inh" }, parts.names(pairs(layer.neurons)))
      local found = {}
      for connection, row in pairs(layer.cells) do
        for neuron, cell in pairs(row) do
          assert.equal(layer:get_cell(connection, neuron), cell)
          found[#found + 1] = connection .. " " .. neuron
        end
      end
      assert.same({ "rec inh", "enc exc", "enc inh" }, found)
    end)

    it("cannot be assigned to, nor deleted from", function()
      local layer = parts.layer()
      local cell = layer:add_cell("enc", "exc")
      fails("AttributeError", "layer.connections: 'enc' cannot be set or deleted",
        function() layer.connections.enc = nil end)
      fails("AttributeError", "layer.connections: 'new' cannot be set",
        function() layer.connections.new = parts.dense() end)
      fails("AttributeError", "layer.neurons: 'exc' cannot be set",
        function() layer.neurons.exc = parts.lif() end)
      fails("AttributeError", "layer.cells: 'enc' cannot be set",
        function() layer.cells.enc = {} end)
      fails("AttributeError", "layer.cells.enc: 'exc' cannot be set",
        function() layer.cells.enc.exc = cell end)
      fails("AttributeError", "'connections' cannot be set", function() layer.connections = {} end)
      assert.equal(cell, layer.cells.enc.exc)
    end)

    it("let the objects behind them be changed", function()
      local layer = parts.layer()
      layer.connections.enc.weight = snn.zeros(2, 3)
      layer.neurons.exc.voltage = snn.full({ 1, 2 }, -55)
      assert.equal(0, layer:get_connection("enc").weight:sum():item())
      assert.equal(-55, layer:get_neuron("exc").voltage[1][1])
    end)

    it("hide their metatables", function()
      assert.is_false(getmetatable(parts.layer().connections))
    end)
  end)

  context("updating", function()
    local function learning()
      local layer = parts.layer()
      for _, connection in layer:named_connections() do
        connection.updater = connection:defaultupdater()
        connection.updater.weight.pos = snn.ones(connection.weight.shape)
      end
      return layer
    end

    it("applies and clears all updaters", function()
      local layer = learning()
      layer:update()
      layer:update()
      assert.equal(101, layer.connections.enc.weight[1][1])
      assert.equal(101, layer.connections.rec.weight[1][1])
    end)

    it("keeps what was gathered with clear = false", function()
      local layer = learning()
      layer:update { clear = false }
      layer:update()
      assert.equal(102, layer.connections.enc.weight[1][1])
      assert.is_nil(layer.connections.enc.updater.weight.pos)
    end)

    it("passes over connections without an updater", function()
      local layer = learning()
      layer.connections.enc.updater = nil
      layer:update()
      assert.equal(100, layer.connections.enc.weight[1][1])
      assert.equal(101, layer.connections.rec.weight[1][1])
    end)

    it("names an unknown option, also without updaters", function()
      for _, layer in ipairs { learning(), parts.layer(), empty() } do
        fails("TypeError", "update: unknown option 'clera' (did you mean 'clear'?)", layer.update,
          layer, { clera = true })
        fails("TypeError", "'options' must be a table", layer.update, layer, 3)
      end
    end)

    it("changes nothing when a bound of one connection fails", function()
      local layer = learning()
      layer.connections.rec.updater.weight:upperbound(function() error("mine", 0) end, 1)
      assert.has_error(function() layer:update() end, "mine")
      assert.equal(100, layer.connections.enc.weight[1][1])
      assert.equal(100, layer.connections.rec.weight[1][1])
      layer.connections.rec.updater.weight:upperbound(snn.none)
      layer:update()
      assert.equal(101, layer.connections.enc.weight[1][1])
      assert.equal(101, layer.connections.rec.weight[1][1])
    end)

    it("lets a bound change and delete", function()
      local layer = learning()
      local rec = layer.connections.rec
      rec.updater.weight:upperbound(function(_, update)
        layer.connections.enc.weight = snn.zeros(2, 3)
        layer.connections.enc.updater:clear()
        layer.connections.enc.updater = nil
        layer:del_connection "rec"
        parts.collect()
        return update * 2
      end, 1)
      layer:update()
      assert.equal(102, rec.weight[1][1])
    end)

    it("calls an update that a connection was given", function()
      local layer, options = learning(), nil
      layer.connections.enc.update = function(_, given) options = given end
      layer:update { clear = false }
      assert.same({ clear = false }, options)
      assert.equal(100, layer.connections.enc.weight[1][1])
      assert.equal(101, layer.connections.rec.weight[1][1])
    end)

    it("calls a hooked updater, in the order of registration", function()
      local layer, order = learning(), {}
      for name, connection in layer:named_connections() do
        connection.updater:register_forward_hook(function() order[#order + 1] = name end)
      end
      layer:update()
      assert.same({ "enc", "rec" }, order)
      assert.equal(101, layer.connections.enc.weight[1][1])
      assert.is_nil(layer.connections.enc.updater.weight.pos)
    end)

    it("calls the update of a script's connection", function()
      local Mine, options = snn.class("Mine", snn.LinearDense), nil
      function Mine:update(given) options = given end
      local layer, mine = learning(), { clear = true, more = 1 }
      layer:add_connection("mine", Mine {
        in_shape = 1, out_shape = 1, step_time = 1, synapse = parts.synapse,
      })
      for _, name in ipairs { "enc", "rec" } do layer:del_connection(name) end
      layer:update(mine)
      assert.equal(mine, options)
    end)
  end)

  context("clearing", function()
    local function stepped()
      local layer = parts.layer(function(_, inputs)
        return { exc = inputs.enc, inh = inputs.enc }
      end)
      layer.neurons.inh.threshold_adaptation = snn.ones(2, 1)
      layer { enc = snn.ones(1, 3), rec = snn.ones(1, 2) }
      return layer
    end

    it("resets connections and neurons but adaptations", function()
      local layer = stepped()
      layer:clear()
      assert.same({ { 0, 0, 0 } }, layer.connections.enc.syncurrent:totable())
      assert.same({ { 0, 0 } }, layer.connections.rec.syncurrent:totable())
      assert.same({ { -60, -60 } }, layer.neurons.exc.voltage:totable())
      assert.same({ { 0, 0 } }, layer.neurons.inh.refrac:totable())
      assert.is_true(layer.neurons.inh.threshold_adaptation[1][1] > 0.5)
    end)

    it("gives its options to the neurons", function()
      local layer = stepped()
      layer:clear { keep_adaptations = false }
      assert.same({ { 0 }, { 0 } }, layer.neurons.inh.threshold_adaptation:totable())
    end)

    it("does nothing with submodules = false", function()
      local layer = stepped()
      local before = parts.state(layer)
      layer:clear { submodules = false }
      assert.same(before, parts.state(layer))
    end)

    it("with wrong options does nothing", function()
      local layer = stepped()
      local before = parts.state(layer)
      fails("TypeError", "clear: unknown option 'keep_adaptation' (did you mean", layer.clear,
        layer, { keep_adaptation = false })
      fails("TypeError", "'keep_adaptations' must be true or false", layer.clear, layer,
        { keep_adaptations = 1 })
      fails("TypeError", "'submodules' must be true or false", layer.clear, layer,
        { submodules = "no" })
      fails("TypeError", "'options' must be a table", layer.clear, layer, true)
      assert.same(before, parts.state(layer))
    end)
  end)

  context("made", function()
    it("takes a wiring and nothing else", function()
      fails("TypeError", "unknown option 'wring' (did you mean 'wiring'?)", snn.Layer,
        { wring = 1 })
      fails("TypeError", "'wiring' must be a function, got number 3", snn.Layer, { wiring = 3 })
      fails("TypeError", "must be a table", snn.Layer, 3)
    end)

    it("names a method that it does not have", function()
      fails("AttributeError", "has no field 'add_conection' (did you mean 'add_connection'?)",
        function() return empty().add_conection end)
    end)
  end)
end)
