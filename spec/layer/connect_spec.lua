-- layer:connect: connections that a layer feeds with the last spikes of its groups.
local snn = require "snn"
local fails = require("spec.support").fails

local N, FIRST <const> = 12, 9 -- neurons, of which so many excite

local charge = snn.DeltaCurrent.partialconstructor { spike_charge = 1 }
local slow = snn.SingleExponentialCurrent.partialconstructor { spike_charge = 10,
  time_constant = 5 }

local function dense(inputs, outputs, sign, changes)
  local args = { in_shape = inputs, out_shape = outputs, step_time = 1, synapse = charge,
    weight_init = function(w) return w:uniform_(0, 1) * sign end }
  for k, v in pairs(changes or {}) do args[k] = v end
  return snn.LinearDense(args)
end

-- Neurons that spike by themselves, at other times.
local function group(n, changes)
  local args = { shape = n, step_time = 1, rest_v = -42, reset_v = -60, thresh_v = -50,
    refrac_t = 3, time_constant = 8 }
  for k, v in pairs(changes or {}) do args[k] = v end
  local neuron = snn.LIF(args)
  neuron.voltage = snn.rand(neuron.batchedshape, { dtype = args.dtype }) * 10 - 60
  return neuron
end

---Two layers of the same values: one whose script passes spikes around, one that feeds.
local function pair(changes, wiring)
  local function parts()
    snn.manual_seed(7)
    local of_group = { batch_size = changes.batch_size, dtype = changes.dtype }
    return group(N, of_group), dense(FIRST, N, 30, changes), dense(N - FIRST, N, -60, changes)
  end
  local by_hand, fed = snn.Layer(), snn.Layer { wiring = wiring }
  function by_hand:wiring(c) return { all = c.exc + c.inh } end -- luacheck: ignore self
  local neuron, exc, inh = parts()
  by_hand:add_connection("exc", exc)
  by_hand:add_connection("inh", inh)
  by_hand:add_neuron("all", neuron)
  neuron, exc, inh = parts()
  fed:add_neuron("all", neuron)
  fed:connect("all", "all", exc, { from = { 1, FIRST }, name = "exc" })
  fed:connect("all", "all", inh, { from = { FIRST + 1, N }, name = "inh" })
  local last = snn.zeros(neuron.batchedshape, { dtype = "bool" })
  local function step_by_hand(options)
    local out, more = by_hand:forward({ exc = last:narrow(2, 1, FIRST),
      inh = last:narrow(2, FIRST + 1, N - FIRST) }, options)
    last = out.all
    return last, more
  end
  return fed, step_by_hand, by_hand
end

local function sum(_, currents) return { all = currents.exc + currents.inh } end

local function totals(fed, steps)
  local list = {}
  for i = 1, steps do list[i] = fed({}).all:totable() end
  return list
end

local function any(t) return t:sum():item() > 0 end

describe("a connected layer", function()
  for title, changes in pairs {
    ["float32"] = {}, ["three samples"] = { batch_size = 3 }, ["float64"] = { dtype = "float64" },
    ["a synapse with memory"] = { synapse = slow },
  } do
    for how, wiring in pairs { ["its own sum"] = false, ["a wiring"] = sum } do
      it("steps as one whose script passes spikes around, " .. how .. ", " .. title, function()
        local fed, by_hand = pair(changes, wiring or nil)
        local spikes = 0
        for _ = 1, 60 do
          local want = by_hand()
          assert.is_true(fed({}).all:equal(want))
          spikes = spikes + want:sum():item()
        end
        assert.is_true(spikes > 50)
      end)
    end
  end

  it("gives no spikes before the first step and after a clear", function()
    local seen
    local fed = pair({}, function(_, c)
      seen = { c.exc:abs():sum():item(), c.inh:abs():sum():item() }
      return { all = c.exc + c.inh }
    end)
    fed {}
    assert.same({ 0, 0 }, seen)
    repeat fed {} until any(fed.neurons.all.spike:narrow(2, 1, FIRST))
    fed {}
    assert.is_true(seen[1] > 0)
    repeat fed {} until any(fed.neurons.all.spike)
    fed:clear()
    fed {}
    assert.same({ 0, 0 }, seen)
  end)

  it("takes an input that is given in place of the spikes, for that step", function()
    local seen
    local fed = pair({}, function(_, c)
      seen = c.exc
      return { all = c.exc + c.inh }
    end)
    local given = snn.ones(1, FIRST):gt(0)
    fed { exc = given }
    local conn = fed.connections.exc
    assert.is_true(seen:allclose(conn.weight:sum(2):reshape(1, N)))
    assert.is_true(conn.synapse.spike:reshape(1, FIRST):equal(given))
    local spike = fed.neurons.all.spike
    fed {}
    assert.is_true(conn.synapse.spike:reshape(1, FIRST):equal(spike:narrow(2, 1, FIRST)))
  end)

  it("takes no spikes of a group that did not run in the step before", function()
    local runs = true
    local fed = pair({}, function(_, c) return runs and { all = c.exc + c.inh } or {} end)
    repeat fed {} until any(fed.neurons.all.spike:narrow(2, 1, FIRST))
    local function taken() return any(fed.connections.exc.synspike) end
    runs = false
    fed {}
    assert.is_true(taken())
    fed {}
    assert.is_false(taken())
    runs = true
    local path = os.tmpname()
    snn.save(path, { layer = fed })
    fed {}
    assert.is_false(taken())
    fed.connections.exc.synapse:clear()
    fed {}
    snn.load(path, { layer = fed })
    os.remove(path)
    local copy = snn.copy(fed)
    fed {}
    copy {}
    assert.is_false(taken())
    assert.is_false(any(copy.connections.exc.synspike))
  end)

  it("goes on where it was after a step that failed", function()
    local breaks = false
    local fed, by_hand = pair({}, function(_, c)
      if breaks then error "broken" end
      return { all = c.exc + c.inh }
    end)
    for i = 1, 40 do
      breaks = i % 3 == 0
      if breaks then assert.has.errors(function() fed {} end) end
      breaks = false
      assert.is_true(fed({}).all:equal(by_hand()))
    end
  end)

  it("goes on with the same bits after a save, a snapshot and in a copy", function()
    local fed = pair { batch_size = 2 }
    totals(fed, 17)
    local path = os.tmpname()
    snn.save(path, { layer = fed })
    local snapshot, copy = fed:snapshot(), snn.copy(fed)
    local want = totals(fed, 30)
    assert.same(want, totals(copy, 30))
    fed:restore(snapshot)
    assert.same(want, totals(fed, 30))
    local other = pair { batch_size = 2 }
    snn.load(path, { layer = other })
    os.remove(path)
    assert.same(want, totals(other, 30))
  end)

  it("gives currents to who asks, and options to its parts", function()
    for _, wiring in ipairs { sum, false } do
      local fed, by_hand = pair({}, wiring or nil)
      for _ = 1, 20 do
        local out, mid = fed:forward({}, { capture_intermediate = true,
          neuron_kwargs = { all = { refrac_lock = false } } })
        local want, want_mid = by_hand { capture_intermediate = true,
          neuron_kwargs = { all = { refrac_lock = false } } }
        assert.is_true(out.all:equal(want))
        for name, current in pairs(want_mid) do assert.is_true(mid[name]:equal(current)) end
      end
      if not wiring then
        fails("TypeError", "unknown option 'gain'", fed.forward, fed, {}, { gain = 2 })
      end
    end
  end)

  it("calls hooks of its parts, and parts of scripts' classes", function()
    local fed, by_hand = pair {}
    local calls = 0
    fed.connections.exc:register_forward_hook(function() calls = calls + 1 end)
    for _ = 1, 20 do assert.is_true(fed({}).all:equal(by_hand())) end
    assert.equal(20, calls)

    local Twice = snn.class("Twice", snn.Module)
    function Twice:init()
      snn.Module.init(self)
      self.inshape, self.outshape = { N }, { N }
    end
    function Twice:forward(spikes) return spikes:to("float32") * 2 end -- luacheck: ignore self
    local layer = snn.Layer()
    layer:add_neuron("all", group(N))
    layer:connect("all", "all", Twice(), { name = "twice" })
    for _ = 1, 10 do
      local before = layer.neurons.all.spike
      local _, mid = layer:forward({}, { capture_intermediate = true })
      assert.is_true(mid.twice:equal(before:to("float32") * 2))
      layer {}
    end
  end)

  it("trains the cell that it gives", function()
    local function weights(connects)
      local fed, by_hand, layer = pair({ batch_size = 2 }, sum)
      layer = connects and fed or layer
      local cell = connects and fed:get_cell("exc", "all") or layer:add_cell("exc", "all")
      local conn = layer.connections.exc
      conn.updater = conn:defaultupdater()
      local trainer = snn.STDP { lr_post = 0.1, lr_pre = -0.1, tc_post = 20, tc_pre = 20 }
      trainer:register_cell("c", cell)
      for _ = 1, 40 do
        if connects then fed {} else by_hand() end
        trainer()
        layer:update()
      end
      return conn.weight
    end
    assert.is_true(weights(true):equal(weights(false)))
  end)

  it("follows another batch size", function()
    local fed = pair {}
    totals(fed, 10)
    fed.batchsz = 4
    assert.same({ 4, N }, fed({}).all.shape)
    fed.connections.exc.batchsz = 2
    fails("ValueError", "shape", fed.forward, fed, {})
  end)

  it("is drawn in the layer's text", function()
    local fed = pair {}
    fed {}
    local text = tostring(fed)
    assert.is_truthy(text:find "sum of what leads to each group")
    assert.is_truthy(text:find("all 1 to 9 [^\n]* exc "))
    assert.is_truthy(text:find("all 10 to 12 [^\n]* inh "))
  end)
end)

describe("layer:connect", function()
  local layer
  before_each(function()
    layer = snn.Layer()
    layer:add_neuron("a", group(4))
    layer:add_neuron("b", group { 2, 3 })
  end)

  it("names connections by their ends, and returns cell and name", function()
    local cell, name = layer:connect("a", "b", dense(4, { 2, 3 }, 1))
    assert.equal("a_b", name)
    assert.equal(layer.connections.a_b, cell.connection)
    assert.equal(layer.neurons.b, cell.neuron)
    assert.equal("a_b_2", select(2, layer:connect("a", "b", dense(4, { 2, 3 }, 1))))
    assert.equal("rec", select(2, layer:connect("b", "b", dense({ 2, 3 }, { 2, 3 }, 1),
      { name = "rec" })))
    assert.equal("b_a", select(2, layer:connect("b", "a", dense({ 2, 2 }, 4, 1),
      { from = { 2, 5 } })))
    layer {}
  end)

  it("takes a connection that is registered, by its name", function()
    local conn = layer:add_connection("x", dense(4, 4, 1))
    local cell, name = layer:connect("a", "a", "x")
    assert.equal(conn, cell.connection)
    assert.equal("x", name)
    fails("RuntimeError", "takes the spikes of 'a' already", layer.connect, layer, "a", "a", "x")
    fails("AttributeError", "'y' is not a registered connection", layer.connect, layer, "a", "a",
      "y")
  end)

  it("sums what leads to a group, zeros where nothing does", function()
    layer:connect("b", "a", dense({ 2, 3 }, 4, 1))
    local ext = layer:add_connection("ext", dense(5, 4, 1))
    fails("RuntimeError", "the current of connection 'ext' leads nowhere", layer.forward, layer,
      { ext = snn.ones(1, 5):gt(0) })
    layer:add_cell("ext", "a")
    local out, mid = layer:forward({ ext = snn.ones(1, 5):gt(0) }, { capture_intermediate = true })
    assert.same({ 1, 2, 3 }, out.b.shape)
    assert.is_true(mid.ext:allclose(ext.weight:sum(2):reshape(1, 4)))
    local voltage = layer.neurons.a.voltage
    layer { ext = snn.ones(1, 5):gt(0) }
    assert.is_false(layer.neurons.a.voltage:equal(voltage))
    assert.same({ 1, 2, 3 }, layer({}).b.shape)
  end)

  it("has no wiring without a connection", function()
    layer:add_connection("x", dense(4, 4, 1))
    layer:add_cell("x", "a")
    fails("RuntimeError", "wiring must be implemented", layer.forward, layer,
      { x = snn.ones(1, 4):gt(0) })
  end)

  it("lets go of parts that are deleted", function()
    local conn = dense(4, { 2, 3 }, 1)
    layer:connect("a", "b", conn)
    layer:connect("b", "b", dense({ 2, 3 }, { 2, 3 }, 1))
    layer {}
    assert.equal(conn, layer:del_connection("a_b"))
    layer {}
    layer:connect("a", "b", conn)
    layer:del_neuron "a"
    layer {}
    assert.equal(conn, layer.connections.a_b)
    fails("RuntimeError", "'a_b' is not connected", layer.disconnect, layer, "a_b")
    layer:del_neuron "b"
    fails("RuntimeError", "wiring must be implemented", layer.forward, layer,
      { a_b = snn.ones(1, 4):gt(0) })
  end)

  it("ends with disconnect, which leaves the connection", function()
    layer:connect("a", "a", dense(4, 4, 1))
    layer:connect("b", "b", dense({ 2, 3 }, { 2, 3 }, 1))
    local conn = layer:disconnect "a_a"
    local _, mid = layer:forward({}, { capture_intermediate = true })
    assert.is_nil(mid.a_a)
    assert.equal(conn, layer.connections.a_a)
    layer { a_a = snn.ones(1, 4):gt(0) }
    fails("AttributeError", "'x' is not a registered connection", layer.disconnect, layer, "x")
  end)

  it("refuses what does not fit, and registers nothing", function()
    local function refuses(kind, text, ...)
      fails(kind, text, layer.connect, layer, ...)
      assert.same({}, { layer:named_connections()() })
    end
    refuses("AttributeError", "'c' is not a registered neuron", "c", "a", dense(4, 4, 1))
    refuses("AttributeError", "'c' is not a registered neuron", "a", "c", dense(4, 4, 1))
    refuses("ValueError", "has 3 inputs, 'a' has 4 neurons: say which of them, from = "
      .. "{ first, last }", "a", "a", dense(3, 4, 1))
    refuses("ValueError", "has 3 inputs, 'from' = { 1, 2 } are 2 neurons", "a", "a",
      dense(3, 4, 1), { from = { 1, 2 } })
    refuses("ValueError", "'from' must be { first, last } within 1 to 4", "a", "a",
      dense(3, 4, 1), { from = { 3, 5 } })
    refuses("ValueError", "'from' must be { first, last }, counted from 1", "a", "a",
      dense(3, 4, 1), { from = { 0, 2 } })
    refuses("TypeError", "'from' must be { first, last }", "a", "a", dense(3, 4, 1),
      { from = 3 })
    refuses("TypeError", "'from' must be { first, last }", "a", "a", dense(3, 4, 1),
      { from = { 1, 2.5 } })
    refuses("ValueError", "gives currents of shape {3}, 'a' has the shape {4}", "a", "a",
      dense(4, 3, 1))
    refuses("ValueError", "dt", "a", "a", dense(4, 4, 1, { step_time = 0.5 }))
    refuses("TypeError", "connect: 'connection' must be a Connection", "a", "a", 3)
    refuses("ValueError", "'1' is not a valid identifier", "a", "a", dense(4, 4, 1),
      { name = "1" })
    refuses("TypeError", "unknown option 'form'", "a", "a", dense(4, 4, 1), { form = { 1, 4 } })
    layer:connect("a", "a", dense(4, 4, 1))
    fails("RuntimeError", "'a_a' is already a registered connection", layer.connect, layer, "a",
      "a", dense(4, 4, 1), { name = "a_a" })
  end)

  it("takes an output of another shape where a wiring was written", function()
    function layer:wiring(c) -- luacheck: ignore self
      return { a = snn.cat({ c.half, c.half }, 2) }
    end
    local cell, name = layer:connect("a", "a", dense(4, 2, 1), { name = "half" })
    assert.is_nil(cell)
    assert.equal("half", name)
    assert.same({ 1, 4 }, layer({}).a.shape)
  end)

  it("is refused by layers of a fixed shape", function()
    local serial = snn.Serial { connection = dense(4, 4, 1), neuron = group(4) }
    fails("RuntimeError", "Serial does not support connecting neurons", serial.connect, serial,
      "serial", "serial", dense(4, 4, 1))
  end)
end)
