-- What was registered of a cell goes on after the layer has deleted it: a call
-- that would record or apply is an error, what was recorded can be read.
local snn = require "snn"
local fails = require("spec.support").fails

local PAIR = { lr_post = 1, lr_pre = -0.5, tc_post = 20, tc_pre = 20 }
local DEAD = [[the cell 'x' was deleted from its layer, or its connection or neuron was; take it ]]
  .. [[from the trainer too: trainer:del_cell("x")]]

local function neuron()
  return snn.ExactNeuron { shape = 2, step_time = 1, rest_v = -60, thresh_v = -40 }
end

local function made()
  local layer = snn.Layer { wiring = function(_, inputs) return { n = inputs.c } end }
  local connection = layer:add_connection("c", snn.LinearDense { in_shape = 2, out_shape = 2,
    step_time = 1, synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 100 } })
  connection.updater = connection:defaultupdater()
  layer:add_neuron("n", neuron())
  return layer, layer:add_cell("c", "n"), connection
end

local function step(layer) return layer { c = snn.ones(1, 2) } end

-- How a cell dies.
local WAYS = {
  { "del_cell", function(layer) layer:del_cell("c", "n") end },
  { "del_neuron", function(layer) layer:del_neuron "n" end },
  { "del_connection", function(layer) layer:del_connection "c" end },
  { "a new neuron of its name", function(layer)
    layer:del_neuron "n"
    layer:add_neuron("n", neuron())
    layer:add_cell("c", "n")
  end },
}

local function names(trainer)
  local list = {}
  for name in trainer:named_cells() do list[#list + 1] = name end
  return list
end

for _, entry in ipairs(WAYS) do
  local way, kill = table.unpack(entry)

  describe("a trainer's cell after " .. way, function()
    local layer, cell, connection, trainer

    before_each(function()
      layer, cell, connection = made()
      trainer = snn.STDP(PAIR)
      trainer:register_cell("x", cell)
      step(layer)
      trainer()
      kill(layer)
    end)

    it("makes a call an error that names it, and adds nothing", function()
      local before = connection.updater.weight.pos
      fails("RuntimeError", "STDP: " .. DEAD, trainer)
      assert.truthy(before:eq(connection.updater.weight.pos):all():item())
      trainer:eval()
      trainer()
    end)

    it("makes an update an error, which applies nothing", function()
      local before = connection.weight:clone()
      fails("RuntimeError", "update: " .. DEAD, function() trainer:update() end)
      assert.truthy(before:eq(connection.weight):all():item())
    end)

    it("is not listed, but can be asked for", function()
      assert.same({}, names(trainer))
      for _ in trainer:units() do error "is listed" end
      assert.equal(cell, (trainer:get_cell "x"))
    end)

    it("leaves what was recorded to be read, saved, loaded and cleared", function()
      local monitor = trainer:get_monitor("x", "trace_post")
      assert.is_false(monitor.registered)
      assert.equal("1 2", table.concat(monitor:peek().shape, " "))
      local state = trainer:state_dict()
      trainer:clear()
      assert.is_nil(monitor:peek())
      trainer:load_state_dict(state)
      assert.equal("1 2", table.concat(monitor:peek().shape, " "))
    end)

    it("is gone after del_cell, and the name is free", function()
      trainer:del_cell "x"
      trainer()
      trainer:update()
      fails("RuntimeError", "register_cell: the cell was deleted from its layer", function()
        trainer:register_cell("x", cell)
      end)
      local other, living = made()
      trainer:register_cell("x", living)
      step(other)
      trainer()
      assert.same({ "x" }, names(trainer))
    end)

    it("holds up no other trainer's call", function()
      local other = snn.STDP(PAIR)
      other()
      layer:update()
    end)
  end)

  describe("a monitor of a cell after " .. way, function()
    local layer, cell, monitor

    before_each(function()
      layer, cell = made()
      monitor = snn.StateMonitor { reducer = snn.PassthroughReducer { step_time = 1 },
        module = cell, attr = "postspike" }
      step(layer)
      kill(layer)
    end)

    it("can be read and cleared, a call is an error", function()
      assert.equal("1 2", table.concat(monitor:peek().shape, " "))
      fails("RuntimeError", "StateMonitor: the cell was deleted from its layer", monitor)
      monitor:clear()
      assert.is_nil(monitor:peek())
      fails("RuntimeError", "", function() monitor { force = true } end)
    end)

    it("is of use on another cell", function()
      local other, living = made()
      monitor:register(living)
      step(other)
      monitor()
      monitor:deregister()
      fails("RuntimeError", "watch one that layer:add_cell gives", function()
        monitor:register(cell)
      end)
    end)

    it("cannot be added, also to pools", function()
      local constructor = snn.StateMonitor.partialconstructor {
        reducer = snn.PassthroughReducer { step_time = 1 } }
      fails("RuntimeError", "", function() cell:add_monitor("m", "postspike", constructor) end)
      fails("RuntimeError", "add_observed: the cell was deleted", function()
        snn.MonitorPool():add_observed("x", cell)
      end)
    end)
  end)
end

describe("a monitor of a neuron", function()
  it("goes on where another layer runs it", function()
    local layer = made()
    local n = layer.neurons.n
    local monitor = snn.StateMonitor { reducer = snn.PassthroughReducer { step_time = 1 },
      module = n, attr = "voltage" }
    layer:del_neuron "n"
    n(snn.ones(1, 2))
    assert.equal("1 2", table.concat(monitor:peek().shape, " "))
    monitor()
  end)
end)

describe("a pool that observes a cell which then dies", function()
  it("gives the monitors that it has, and no new ones", function()
    local layer, cell = made()
    local pool = snn.MonitorPool()
    local constructor = snn.StateMonitor.partialconstructor {
      reducer = snn.PassthroughReducer { step_time = 1 } }
    pool:add_observed("x", cell)
    local monitor = pool:add_monitor("x", "m", "postspike", constructor)
    layer:del_cell("c", "n")
    assert.equal(monitor, pool:add_monitor("x", "m", "postspike", constructor))
    fails("RuntimeError", "add_monitor: the cell was deleted", function()
      pool:add_monitor("x", "other", "postspike", constructor)
    end)
    fails("RuntimeError", "", monitor)
    pool:clear()
    pool:del_observed "x"
  end)
end)

describe("a script's trainer", function()
  it("does not see dead cells in units, and its update tells of them", function()
    local layer, cell = made()
    local Own = snn.class("OwnTrainer", snn.CellTrainer)
    local count = 0
    function Own:forward() -- luacheck: ignore
      for _ in self:units() do count = count + 1 end
    end
    local trainer = Own()
    trainer:add_cell("x", cell)
    trainer()
    layer:del_cell("c", "n")
    trainer()
    assert.equal(1, count)
    fails("RuntimeError", "update: " .. DEAD, function() trainer:update() end)
  end)
end)
