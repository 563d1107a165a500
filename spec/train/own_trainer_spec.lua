-- Trainers that scripts make: classes below CellTrainer, IndependentCellTrainer.
local snn = require "snn"
local cells = require "spec.train.cells"
local fails = require("spec.support").fails
local near = require "spec.near"
local step = cells.step

-- Counts the spikes of a cell's neurons and adds the count to all weights.
local Count = snn.class("Count", snn.IndependentCellTrainer)

function Count:init(lr)
  snn.IndependentCellTrainer.init(self)
  self.lr = lr
end

function Count:register_cell(name, cell)
  self:add_cell(name, cell, { seen = 0 }, { "weight" })
  self:add_monitor(name, "spike", "neuron.spike", snn.StateMonitor.partialconstructor {
    reducer = snn.PassthroughReducer { step_time = 1 } })
  return self:get_unit(name)
end

function Count:forward()
  for cell, state, monitors in self:units() do
    state.seen = state.seen + monitors.spike:peek():sum():item()
    cell.updater.weight.pos = snn.full(cell.connection.weight.shape, self.lr * state.seen)
  end
end

local function made()
  local layer, trainer = cells.serial(), Count(0.5)
  trainer:register_cell("cell", layer.cell)
  return layer, trainer
end

describe("a trainer of a script", function()
  it("goes over its units", function()
    local layer, trainer = made()
    step(layer, { { 0, 0 } }, { { 1, 1 } })
    trainer()
    near({ { 1, 1 }, { 1, 1 } }, layer.updater.weight.pos)
  end)

  it("keeps a state of each cell, its own table", function()
    local layer, trainer = made()
    for _ = 1, 2 do
      step(layer, { { 0, 0 } }, { { 1, 0 } })
      trainer()
    end
    local cell, state = trainer:get_cell "cell"
    assert.equal(layer.cell, cell)
    assert.equal(2, state.seen)
  end)

  it("applies each updater once", function()
    local layer, trainer = made()
    trainer:register_cell("again", layer.cell)
    step(layer, { { 0, 0 } }, { { 1, 0 } })
    trainer()
    trainer:update()
    near({ { 1, 1 }, { 1, 1 } }, layer.connection.weight)
  end)

  it("leaves out cells that are not trained", function()
    local layer, trainer = made()
    step(layer, { { 0, 0 } }, { { 1, 0 } })
    layer:eval()
    trainer()
    assert.is_nil(layer.updater.weight.pos)
  end)

  it("records in training mode only", function()
    local layer, trainer = made()
    trainer:eval()
    step(layer, { { 0, 0 } }, { { 1, 0 } })
    assert.is_nil(trainer:get_monitor("cell", "spike"):peek())
    trainer:train()
    step(layer, { { 0, 0 } }, { { 1, 0 } })
    assert.is_truthy(trainer:get_monitor("cell", "spike"):peek())
  end)

  it("forgets what its monitors recorded when cleared", function()
    local layer, trainer = made()
    step(layer, { { 0, 0 } }, { { 1, 0 } })
    trainer:clear()
    assert.is_nil(trainer:get_monitor("cell", "spike"):peek())
  end)

  it("lists cells and monitors", function()
    local _, trainer = made()
    local list = {}
    for cell, name in trainer:named_monitors() do list[#list + 1] = cell .. "." .. name end
    for name in trainer:named_cells() do list[#list + 1] = name end
    assert.same({ "cell.spike", "cell" }, list)
  end)

  it("forgets a cell that is deleted", function()
    local layer, trainer = made()
    local monitor = trainer:get_monitor("cell", "spike")
    trainer:del_cell "cell"
    step(layer, { { 0, 0 } }, { { 1, 0 } })
    assert.is_nil(monitor:peek())
    assert.is_nil(trainer:get_monitor("cell", "spike"))
    trainer:register_cell("cell", layer.cell)
  end)

  it("has the state of its monitors", function()
    local layer, trainer = made()
    step(layer, { { 0, 0 } }, { { 1, 0 } })
    local _, fresh = made()
    fresh:load_state_dict(trainer:state_dict())
    assert.is_true(trainer:get_monitor("cell", "spike"):peek():equal(
      fresh:get_monitor("cell", "spike"):peek()))
  end)

  it("needs a forward", function()
    fails("RuntimeError", "forward must be implemented", snn.CellTrainer())
  end)

  it("registers cells with overrides as their state, unless it says else", function()
    local trainer, layer = snn.IndependentCellTrainer(), cells.serial()
    local unit = trainer:register_cell("cell", layer.cell, { lr = 3 })
    assert.equal(3, unit.state.lr)
    assert.same({}, unit.monitors)
  end)

  for _, case in ipairs {
    { "a name that is taken", "ValueError", function(t, l) t:add_cell("cell", l.cell) end },
    { "a name that is none", "TypeError", function(t, l) t:add_cell(1, l.cell) end },
    { "a cell that is none", "TypeError", function(t) t:add_cell("x", {}) end },
    { "a state that is no table", "TypeError", function(t, l) t:add_cell("x", l.cell, 1) end },
    { "a parameter that the cell has not", "RuntimeError",
      function(t, l) t:add_cell("x", l.cell, {}, { "bias" }) end },
    { "an unknown cell", "AttributeError", function(t) t:get_unit "cel" end },
    { "a monitor of an unknown cell", "AttributeError",
      function(t) t:add_monitor("cel", "m", "neuron.spike", print) end },
    { "a constructor that is none", "TypeError",
      function(t) t:add_monitor("cell", "m", "neuron.spike", 1) end },
  } do
    it("refuses " .. case[1], function()
      local layer, trainer = made()
      fails(case[2], "", function() case[3](trainer, layer) end)
    end)
  end
end)
