local snn = require "snn"
local support = require "spec.support"

local function values(t) return t:flatten():totable() end

local function pass(duration)
  return snn.PassthroughReducer { step_time = 1, duration = duration, inclusive = true }
end

local function make_neuron()
  return snn.LIF { shape = 2, step_time = 1, rest_v = -60, reset_v = -65, thresh_v = -50,
    refrac_t = 3, time_constant = 20 }
end

local function make_connection()
  return snn.LinearDense { in_shape = 3, out_shape = 2, step_time = 1,
    weight_init = function(w) return w * 0 + 1 end,
    synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 5 } }
end

describe("a monitor of a module", function()
  local neuron

  before_each(function() neuron = make_neuron() end)

  it("records a field after each call", function()
    local m = snn.StateMonitor { reducer = pass(), module = neuron, attr = "voltage" }
    neuron(snn.full({ 1, 2 }, 3))
    assert.is_true(m:peek():equal(neuron.voltage))
  end)

  it("records a field before each call as a prehook", function()
    local m = snn.StateMonitor { reducer = pass(), module = neuron, attr = "voltage",
      as_prehook = true }
    neuron(snn.full({ 1, 2 }, 3))
    assert.same({ -60, -60 }, values(m:peek()))
  end)

  it("records how a field changes", function()
    local m = snn.DifferenceMonitor { reducer = pass(), module = neuron, attr = "voltage" }
    neuron(snn.full({ 1, 2 }, 3))
    assert.is_true(m:peek():equal(neuron.voltage + 60))
  end)

  it("takes another difference, also from a partial constructor", function()
    local constructor = snn.DifferenceMonitor.partialconstructor {
      reducer = pass(), op = function(after, before) return after * 0 + before end,
    }
    local m = constructor("voltage", neuron)
    neuron(snn.full({ 1, 2 }, 3))
    assert.same({ -60, -60 }, values(m:peek()))
  end)

  it("records arguments and results of calls", function()
    local input = snn.InputMonitor { reducer = pass(), module = neuron }
    local output = snn.OutputMonitor { reducer = pass(), module = neuron }
    neuron(snn.full({ 1, 2 }, 1000), { refrac_lock = true })
    assert.same({ 1000, 1000 }, values(input:peek()))
    assert.same({ true, true }, values(output:peek()))
  end)

  it("gives several fields to one reducer", function()
    local m = snn.MultiStateMonitor {
      module = neuron, attr = "", subattrs = { "voltage", "spike" },
      reducer = snn.ConditionalNearestTraceReducer { step_time = 1, time_constant = 1,
        amplitude = 0, scale = 1 },
    }
    neuron(snn.tensor { { 1000, 0 } })
    assert.same({ -65, 0 }, values(m:peek()))
  end)

  it("filters, then maps", function()
    local m = snn.StateMonitor {
      reducer = pass(), module = neuron, attr = "spike",
      filter = function(spike) return spike:any():item() end,
      map = function(spike) return spike:sum() end,
    }
    neuron(snn.zeros(1, 2))
    assert.is_nil(m:peek())
    neuron(snn.full({ 1, 2 }, 1000))
    assert.equal(2, m:peek():item())
  end)

  it("records in the modes that were asked for", function()
    local train = snn.StateMonitor { reducer = pass(), module = neuron, attr = "voltage",
      eval_update = false }
    local eval = snn.StateMonitor { reducer = pass(), module = neuron, attr = "voltage",
      train_update = false }
    neuron(snn.zeros(1, 2))
    assert.is_truthy(train:peek())
    assert.is_nil(eval:peek())
    train:clear()
    neuron:eval()
    neuron(snn.zeros(1, 2))
    assert.is_nil(train:peek())
    assert.is_truthy(eval:peek())
  end)

  it("stops and goes on", function()
    local m = snn.StateMonitor { reducer = pass(), module = neuron, attr = "voltage" }
    m:deregister()
    m:deregister()
    assert.is_false(m.registered)
    neuron(snn.zeros(1, 2))
    assert.is_nil(m:peek())
    m:register()
    m:register()
    assert.is_true(m.registered)
    neuron(snn.zeros(1, 2))
    assert.is_truthy(m:peek())
  end)

  it("records now when called, unregistered when forced", function()
    local m = snn.StateMonitor { reducer = pass(), module = neuron, attr = "voltage" }
    m()
    assert.same({ -60, -60 }, values(m:peek()))
    m:deregister()
    m:clear()
    m()
    assert.is_nil(m:peek())
    m { force = true }
    assert.same({ -60, -60 }, values(m:peek()))
    support.fails("TypeError", "'force'", m, { force = 1 })
    support.fails("RuntimeError", "records calls",
      snn.InputMonitor { reducer = pass(), module = neuron })
  end)

  it("moves to another module", function()
    local other = make_neuron()
    local m = snn.StateMonitor { reducer = pass(), attr = "voltage" }
    assert.is_false(m.registered)
    m:register(neuron)
    m:register(other)
    neuron(snn.zeros(1, 2))
    assert.is_nil(m:peek())
    other(snn.zeros(1, 2))
    assert.is_truthy(m:peek())
  end)

  it("knows no module to watch before it had one", function()
    local m = snn.StateMonitor { reducer = pass(), attr = "voltage" }
    support.fails("RuntimeError", "no module", m.register, m)
  end)

  it("works on modules made in Lua, on paths through their fields", function()
    local Model = snn.class "Model"
    function Model:init()
      snn.Module.init(self)
      self.part = make_neuron()
    end
    function Model:forward(x) return self.part(x) end
    local model = Model()
    local m = snn.StateMonitor { reducer = pass(), module = model, attr = "part.voltage" }
    model(snn.full({ 1, 2 }, 3))
    assert.is_true(m:peek():equal(model.part.voltage))
  end)

  it("views between steps, dumps newest first", function()
    local m = snn.StateMonitor { reducer = pass(2), module = neuron, attr = "voltage",
      map = function(v) return v:sum() end }
    local sums = {}
    for i = 1, 3 do
      neuron(snn.full({ 1, 2 }, i))
      sums[4 - i] = neuron.voltage:sum():item()
    end
    assert.same(sums, values(m:dump()))
    assert.equal(sums[2], m:view(0.5):item())
  end)

  it("keeps its reducer's history in its state", function()
    local one = snn.StateMonitor { reducer = pass(3), module = neuron, attr = "voltage" }
    local other = snn.StateMonitor { reducer = pass(3), attr = "voltage" }
    for i = 1, 2 do neuron(snn.full({ 1, 2 }, i)) end
    other:load_state_dict(one:state_dict())
    assert.same(values(one:dump()), values(other:dump()))
  end)

  it("names what is wrong with its arguments", function()
    support.fails("TypeError", "'attr' is missing", snn.StateMonitor, { reducer = pass() })
    support.fails("TypeError", "'reducer' must be", snn.StateMonitor, { attr = "x", reducer = 1 })
    support.fails("TypeError", "did you mean 'attr'", snn.StateMonitor,
      { reducer = pass(), atr = "voltage" })
    support.fails("TypeError", "'module' must be", snn.InputMonitor,
      { reducer = pass(), module = 3 })
    support.fails("TypeError", "'every' must be", snn.InputMonitor, { reducer = pass(), every = 0 })
  end)

  it("names a field that is not there when it is first asked for", function()
    snn.StateMonitor { reducer = pass(), module = neuron, attr = "volage" }
    support.fails("AttributeError", "did you mean 'voltage'", neuron, snn.zeros(1, 2))
  end)

  it("is finished by its init only", function()
    local Half = snn.class("Half", snn.StateMonitor)
    function Half:init() snn.Monitor.init(self) end
    support.fails("RuntimeError", "not finished", Half().peek, Half())
  end)
end)

describe("a monitor of a synapse", function()
  local connection, synapse

  before_each(function()
    connection = make_connection()
    synapse = connection.synapse
  end)

  it("records the steps that its connection makes", function()
    local input = snn.InputMonitor { reducer = pass(), module = synapse }
    local output = snn.OutputMonitor { reducer = pass(), module = synapse }
    local spike = snn.StateMonitor { reducer = pass(), module = synapse, attr = "spike" }
    connection(snn.tensor { { 1, 0, 1 } })
    assert.same({ 1, 0, 1 }, values(input:peek()))
    assert.same({ 5, 0, 5 }, values(output:peek()))
    assert.same({ true, false, true }, values(spike:peek()))
  end)

  it("does so in a layer, too, and gives the same currents", function()
    local layer = snn.Serial { connection = connection, neuron = make_neuron() }
    local m = snn.DifferenceMonitor { reducer = pass(), module = synapse, attr = "current" }
    local _, current = layer(snn.tensor { { 1, 1, 0 } }, { capture_intermediate = true })
    assert.same({ 5, 5, 0 }, values(m:peek()))
    assert.same({ 10, 10 }, values(current))
  end)

  it("takes the layer's forward back when it fails", function()
    local layer = snn.Serial { connection = connection, neuron = make_neuron() }
    snn.StateMonitor { reducer = pass(), module = synapse, attr = "spike",
      map = function() error("no") end }
    assert.is_false((pcall(layer, snn.ones(1, 3))))
    assert.is_false(synapse.spike:any():item())
  end)
end)

describe("a monitor of a cell", function()
  local layer, cell, both

  before_each(function()
    layer = snn.Layer()
    layer:add_connection("enc", make_connection())
    layer:add_connection("inh", make_connection())
    layer:add_neuron("exc", make_neuron())
    function layer:wiring(inputs) return { exc = inputs.enc or inputs.inh } end
    cell = layer:add_cell("enc", "exc")
    both = { enc = snn.tensor { { 1, 0, 1 } } }
  end)

  it("records when both sides have run, and else not", function()
    local m = snn.StateMonitor { reducer = pass(2), module = cell, attr = "neuron.voltage" }
    layer { inh = snn.ones(1, 3) }
    assert.is_nil(m:peek())
    layer(both)
    assert.is_true(m:peek():equal(layer.neurons.exc.voltage))
  end)

  it("sees the cell's own fields and those of its parts", function()
    local paths = {
      prespike = "connection.synapse.spike", postspike = "neuron.spike",
      ["synapse.spike"] = "prespike", ["connection.weight"] = "connection.weight",
    }
    for path, same in pairs(paths) do
      local m = snn.StateMonitor { reducer = pass(), module = cell, attr = path }
      local n = snn.StateMonitor { reducer = pass(), module = cell, attr = same }
      layer(both)
      assert.is_true(m:peek():equal(n:peek()))
    end
  end)

  it("sees calls of its parts, in a forward of both only", function()
    local m = snn.OutputMonitor { reducer = pass(), module = cell, attr = "neuron" }
    layer { inh = snn.ones(1, 3) }
    assert.is_nil(m:peek())
    layer(both)
    assert.is_true(m:peek():equal(layer.neurons.exc.spike))
  end)

  it("sees what was before the forward", function()
    local m = snn.StateMonitor { reducer = pass(), module = cell, attr = "neuron.voltage",
      as_prehook = true }
    local d = snn.DifferenceMonitor { reducer = pass(), module = cell, attr = "neuron.voltage" }
    layer(both)
    assert.same({ -60, -60 }, values(m:peek()))
    assert.is_true(d:peek():equal(layer.neurons.exc.voltage + 60))
  end)

  it("takes the forward back when it fails", function()
    local before = layer.neurons.exc.voltage
    snn.StateMonitor { reducer = pass(), module = cell, attr = "postspike",
      map = function() error("no") end }
    assert.is_false((pcall(layer, both)))
    assert.is_true(before:equal(layer.neurons.exc.voltage))
    assert.is_false(layer.connections.enc.synapse.spike:any():item())
  end)

  it("may deregister itself while it records", function()
    local m
    m = snn.StateMonitor { reducer = pass(), module = cell, attr = "postspike",
      map = function(x)
        m:deregister()
        return x
      end }
    layer(both)
    layer(both)
    assert.is_false(m.registered)
  end)

  it("may delete the cell while it records", function()
    snn.StateMonitor { reducer = pass(), module = cell, attr = "postspike",
      map = function(x)
        layer:del_cell("enc", "exc")
        return x
      end }
    layer(both)
    layer(both)
  end)

  it("is made by add_monitor and found in monitors", function()
    local m = cell:add_monitor("v", "neuron.voltage",
      snn.StateMonitor.partialconstructor { reducer = pass() })
    layer(both)
    assert.equal(m, cell.monitors.v)
    assert.is_true(m:peek():equal(layer.neurons.exc.voltage))
  end)

  it("cannot be one of calls of the cell itself", function()
    support.fails("ValueError", "a cell is not called", snn.InputMonitor,
      { reducer = pass(), module = cell })
  end)
end)

describe("a monitor with bounds", function()
  local neuron, path

  before_each(function()
    neuron = make_neuron()
    path = support.file()
  end)
  after_each(function() os.remove(path) end)

  local function run(n)
    local seen = {}
    for i = 1, n do
      neuron(snn.tensor { { 3 * (i % 5), 1000 * (i % 2) } })
      seen[i] = { neuron.voltage, neuron.spike }
    end
    return seen
  end

  local function monitor(attr, args)
    args.reducer, args.module, args.attr = pass(), neuron, attr
    return snn.StateMonitor(args)
  end

  it("keeps the last n states, newest first", function()
    local m = monitor("voltage", { last = 3 })
    local seen = run(50)
    local dump = m:dump()
    assert.equal(3, #dump)
    for i = 1, 3 do assert.is_true(dump[i]:equal(seen[51 - i][1])) end
  end)

  it("keeps every k-th, the first too", function()
    local m = monitor("voltage", { every = 3, last = 100 })
    local seen = run(7)
    local dump = m:dump()
    assert.equal(3, #dump)
    for i, step in ipairs { 7, 4, 1 } do assert.is_true(dump[i]:equal(seen[step][1])) end
  end)

  it("counts nothing with every = 1, as without it", function()
    local m = monitor("voltage", { every = 1, last = 100 })
    run(1)
    m.every = 2
    local seen = run(2)
    assert.equal(2, #m:dump())
    assert.is_true(m:dump()[1]:equal(seen[1][1]))
  end)

  it("keeps whole histories of spikes, few or many", function()
    local m = monitor("spike", { budget = math.huge })
    local seen = run(40)
    local dump = m:dump()
    assert.equal("bool", dump.dtype)
    for i = 1, 40 do assert.is_true(dump[i]:equal(seen[41 - i][2])) end
  end)

  it("keeps spikes of large groups as bits or events", function()
    local Model = snn.class "Model"
    function Model:init() snn.Module.init(self) end
    function Model:forward(x) self.x = x end
    local model = Model()
    local m = snn.StateMonitor { reducer = pass(), module = model, attr = "x", budget = 8000 }
    local seen = {}
    for i = 1, 20 do -- 1000 bytes each
      seen[i] = snn.rand(10, 100):lt(i % 2 == 0 and 0.005 or 0.5)
      model(seen[i])
    end
    local dump = m:dump()
    for i = 1, 20 do assert.is_true(dump[i]:equal(seen[21 - i])) end
  end)

  it("ends with an error that says what to do, before the budget is passed", function()
    local m = monitor("voltage", { budget = 2000 })
    support.fails("RuntimeError", "StateMonitor of 'voltage'", run, 100)
    local kept = #m:dump()
    support.fails("RuntimeError", "'file'", run, 1)
    assert.equal(kept, #m:dump())
    m:clear()
    run(1)
    assert.equal(1, #m:dump())
  end)

  it("bounds the reducer's history as well", function()
    snn.StateMonitor { reducer = pass(1e6), module = neuron, attr = "voltage", budget = 4000 }
    support.fails("RuntimeError", "budget", run, 1000)
  end)

  it("writes all states to a file, oldest first", function()
    local m = monitor("voltage", { file = path })
    local seen = run(30)
    m:flush()
    local file = snn.load_npy(path)
    assert.same({ 30, 1, 2 }, file.shape)
    for i = 1, 30 do assert.is_true(file[i]:equal(seen[i][1])) end
    run(5)
    m:deregister()
    assert.equal(35, #snn.load_npy(path))
  end)

  it("replaces a file that is there only when it has something to write", function()
    snn.save_npy(path, snn.ones(3))
    local m = monitor("spike", { file = path })
    assert.equal(3, #snn.load_npy(path))
    run(2)
    m:flush()
    assert.same({ 2, 1, 2 }, snn.load_npy(path).shape)
  end)

  it("fails where no file can be made", function()
    monitor("spike", { file = "/nowhere/at/all.npy" })
    support.fails("IOError", "/nowhere/at/all.npy", run, 1)
  end)

  it("needs no more memory for more steps with last = n or a file", function()
    monitor("voltage", { last = 10 })
    monitor("spike", { file = path })
    run(50)
    collectgarbage()
    collectgarbage()
    local before = snn._debug.live()
    run(500)
    collectgarbage()
    collectgarbage()
    assert.is_true(snn._debug.live() <= before + 2)
  end)
end)

describe("a monitor's modes", function()
  it("can be set, by both names", function()
    local module = snn.class("Twice")()
    function module:forward(x) return x * 2 end -- luacheck: no self
    local monitor = snn.OutputMonitor {
      module = module, reducer = snn.PassthroughReducer { step_time = 1 },
    }
    module(snn.tensor { 1 })
    assert.same({ 2 }, monitor.latest:totable())
    monitor.trainexec = false
    assert.is_false(monitor.train_update)
    module(snn.tensor { 2 })
    assert.same({ 2 }, monitor.latest:totable())
    monitor.train_update = true
    module(snn.tensor { 3 })
    assert.same({ 6 }, monitor.latest:totable())
    local ok, err = pcall(function() monitor.evalexec = 1 end)
    assert.is_false(ok)
    assert.truthy(err.message:find("'evalexec' must be true or false", 1, true))
    assert.is_true(monitor.eval_update)
  end)
end)

describe("an argument of a monitor", function()
  local neuron

  before_each(function() neuron = make_neuron() end)

  local function monitor(changes)
    local args = { reducer = pass(), module = neuron, attr = "voltage" }
    for k, v in pairs(changes or {}) do args[k] = v end
    return snn.StateMonitor(args)
  end

  local function run(n)
    for i = 1, n do neuron(snn.full({ 1, 2 }, i)) end
  end

  it("is a field", function()
    local m = monitor { last = 3 }
    assert.same({ neuron, "voltage", 3, 1, true, true, false, true }, { m.module, m.attr, m.last,
      m.every, m.train_update, m.eval_update, m.as_prehook, m.registered })
    assert.same({}, { m.filter, m.map, m.file, m.budget })
  end)

  it("counts from the next call on", function()
    local m = monitor()
    run(1)
    m.map = function(v) return v * 0 end
    run(1)
    assert.same({ 0, 0 }, values(m:peek()))
    m.map, m.filter = snn.none, function() return false end
    run(1)
    assert.same({ 0, 0 }, values(m:peek()))
    m.filter, m.train_update = snn.none, false
    run(1)
    assert.same({ 0, 0 }, values(m:peek()))
    m.train_update, m.as_prehook = true, true
    neuron.voltage = snn.full({ 1, 2 }, -70)
    run(1)
    assert.same({ -70, -70 }, values(m:peek()))
    m.every = 3
    neuron.voltage = snn.full({ 1, 2 }, -80)
    run(1)
    assert.equal(3, m.every)
  end)

  it("that keeps other many states keeps the newest", function()
    local m = monitor { last = 4 }
    run(4)
    local all = m:dump()
    snn.warnings "error"
    support.fails("RuntimeError", "`last` is 2 now: older states that were kept (2) are cleared",
      function() m.last = 2 end)
    snn.warnings(false)
    m.last = 2
    snn.warnings(true)
    assert.is_true(m:dump():equal(all:narrow(1, 1, 2)))
    m.last = 3
    run(4)
    assert.equal(3, m:dump().shape[1])
    m.last = snn.none
    assert.equal(1, m:dump().shape[1])
  end)

  it("may be another reducer, module or field", function()
    local m, other, reducer = monitor { last = 4 }, make_neuron(), pass(2)
    run(2)
    m.reducer = reducer
    assert.is_nil(m:dump())
    run(2)
    assert.same({ reducer, 2 }, { m.reducer, m:dump().shape[1] })
    m.module = other
    run(2)
    assert.equal(2, m:dump().shape[1])
    other(snn.full({ 1, 2 }, 3))
    assert.is_true(m:peek():equal(other.voltage))
    snn.warnings(false)
    m.attr = "refrac"
    snn.warnings(true)
    assert.is_nil(m:peek())
    other(snn.full({ 1, 2 }, 3))
    assert.is_true(m:peek():equal(other.refrac))
  end)

  it("is checked as in the constructor, and nothing changes", function()
    local m = monitor { last = 3 }
    for _, case in ipairs { { "TypeError", "every", 0 }, { "TypeError", "filter", 1 },
      { "TypeError", "filter", nil }, { "TypeError", "attr", "a..b" }, { "TypeError", "module", 1 },
      { "TypeError", "attr", snn.none }, { "AttributeError", "file", "x.npy" },
      { "TypeError", "module", snn.none }, { "AttributeError", "registered", true } } do
      support.fails(case[1], "'" .. case[2] .. "'", function() m[case[2]] = case[3] end)
    end
    run(2)
    assert.equal(2, m:dump().shape[1])
  end)

  it("is refused while monitors of a pool are one", function()
    local pool = snn.MonitorPool()
    pool:add_observed("n", neuron)
    local make = snn.StateMonitor.partialconstructor { reducer = pass() }
    local m = pool:add_monitor("n", "a", "voltage", make)
    assert.equal(m, pool:add_monitor("n", "b", "voltage", make))
    support.fails("RuntimeError", "n.a, n.b", function() m.every = 2 end)
    pool:del_monitor("n", "b")
    m.every = 2
    assert.are_not.equal(m, pool:add_monitor("n", "b", "voltage", make))
  end)
end)
