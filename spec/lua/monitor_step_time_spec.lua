-- Monitors follow the step time of what they watch.
local snn = require "snn"
local parts = require "spec.layer.parts"

local function trace(changes)
  local args = { step_time = 1, time_constant = 20, amplitude = 1, target = true }
  for k, v in pairs(changes or {}) do args[k] = v end
  return snn.CumulativeTraceReducer(args)
end

local ones, zeros = snn.ones(1, 3), snn.zeros(1, 3)

describe("a monitor's reducer", function()
  local layer, connection, neuron

  before_each(function()
    layer = snn.Layer { wiring = function(_, inputs) return { exc = inputs.enc } end }
    connection = layer:add_connection("enc", parts.dense())
    neuron = layer:add_neuron("exc", parts.lif())
  end)

  local function set_dt(dt)
    connection.dt = dt
    neuron.dt = dt
  end

  local WATCHED = {
    ["a cell"] = { "prespike", function() return layer:add_cell("enc", "exc") end },
    ["a connection"] = { "synspike", function() return connection end },
    ["a synapse"] = { "spike", function() return connection.synapse end },
    ["a layer, by a path"] = { "connections.enc.synspike", function() return layer end },
  }
  for what, how in pairs(WATCHED) do
    it("decays by the new dt of " .. what, function()
      local m = snn.StateMonitor { reducer = trace(), module = how[2](), attr = how[1] }
      layer { enc = ones }
      layer { enc = zeros }
      set_dt(0.5)
      layer { enc = zeros }
      assert.equal(0.5, m.reducer.dt)
      assert.near(math.exp(-1.5 / 20), m:peek()[1][1], 1e-6)
    end)
  end

  it("does so in a trainer's pool and of a cell's monitor", function()
    local cell = layer:add_cell("enc", "exc")
    connection.updater = connection:defaultupdater()
    local trainer = snn.STDP { lr_post = 1, lr_pre = -1, tc_post = 20, tc_pre = 20 }
    trainer:register_cell("cell", cell)
    local make = snn.StateMonitor.partialconstructor { reducer = trace() }
    local own = trainer:add_monitor("cell", "own", "prespike", make)
    local free = cell:add_monitor("free", "prespike", make)
    layer { enc = ones }
    set_dt(0.5)
    layer { enc = zeros }
    assert.near(math.exp(-0.5 / 20), own:peek()[1][1], 1e-6)
    assert.near(math.exp(-0.5 / 20), free:peek()[1][1], 1e-6)
  end)

  it("does so with calls as well as states", function()
    local input = snn.InputMonitor { reducer = trace { target = 1 }, module = connection }
    layer { enc = ones }
    set_dt(0.5)
    layer { enc = zeros }
    assert.equal(0.5, input.reducer.dt)
  end)

  it("counts times since events on", function()
    local m = snn.StateMonitor { module = connection, attr = "synspike",
      reducer = snn.EventReducer { step_time = 1, criterion = function(x) return x end } }
    layer { enc = ones }
    for _ = 1, 3 do layer { enc = zeros } end
    set_dt(0.5)
    layer { enc = zeros }
    assert.equal(3.5, m:peek()[1][1])
  end)

  it("keeps its proportion where it records one of k steps", function()
    local m = snn.StateMonitor { reducer = trace { step_time = 10 }, module = neuron,
      attr = "voltage", every = 10 }
    layer { enc = zeros }
    set_dt(0.5)
    for _ = 1, 10 do layer { enc = zeros } end
    assert.equal(5, m.reducer.dt)
  end)

  it("stays as the script has set it", function()
    local m = snn.StateMonitor { reducer = trace(), module = neuron, attr = "voltage" }
    layer { enc = zeros }
    set_dt(0.5)
    m.reducer.dt = 0.25
    layer { enc = zeros }
    assert.equal(0.25, m.reducer.dt)
    set_dt(1)
    layer { enc = zeros }
    assert.equal(0.5, m.reducer.dt)
  end)

  it("tells of a history that is in steps of the old dt", function()
    local heard, before = {}, warn
    _G.warn = function(text) heard[#heard + 1] = text end
    local m = snn.StateMonitor { reducer = snn.PassthroughReducer { step_time = 1, duration = 5 },
      module = neuron, attr = "voltage" }
    for _ = 1, 3 do layer { enc = zeros } end
    set_dt(0.5)
    layer { enc = zeros }
    _G.warn = before
    assert.equal(1, #heard)
    assert.truthy(heard[1]:find("PassthroughReducer: the step time is 0.5 ms now", 1, true))
    assert.same({ 2, 1, 2 }, m.reducer.data.shape) -- the newest before, and this one
  end)

  it("may be of a script's class, without a dt", function()
    local Last = snn.class("Last", snn.Module)
    function Last:forward(x) self.last = x end
    function Last:peek() return self.last end
    local m = snn.StateMonitor { reducer = Last(), module = neuron, attr = "voltage" }
    layer { enc = zeros }
    set_dt(0.5)
    layer { enc = zeros }
    assert.same({ 1, 2 }, m:peek().shape)
  end)
end)
