-- What all trainers have in common: cells, monitors, modes, life.
local snn = require "snn"
local cells = require "spec.train.cells"
local fails = require("spec.support").fails
local near = require "spec.near"
local step = cells.step

local X, Y = { { 1, 0 } }, { { 0, 1 } }

local function collect() for _ = 1, 4 do collectgarbage() end end

describe("a trainer's cells", function()
  it("are registered under names", function()
    local trainer, layer = cells.stdp(), cells.serial()
    local unit = trainer:register_cell("cell", layer.cell)
    assert.equal(layer.cell, unit.cell)
    assert.equal(layer.cell, (trainer:get_cell "cell"))
    assert.equal(layer.cell, trainer:get_unit("cell").cell)
    assert.equal(trainer:get_monitor("cell", "trace_pre"), unit.monitors.trace_pre)
  end)

  it("are registered by add_cell too", function()
    local trainer, layer = cells.stdp(), cells.serial()
    assert.equal(layer.cell, trainer:add_cell("cell", layer.cell).cell)
  end)

  it("have the trainer's arguments, and overrides", function()
    local trainer, layer, other = cells.stdp(), cells.serial(), cells.serial()
    trainer:register_cell("a", layer.cell)
    trainer:register_cell("b", other.cell, { lr_post = 3, trace_mode = "nearest" })
    local _, a = trainer:get_cell "a"
    local _, b = trainer:get_cell "b"
    assert.equal(1, a.lr_post)
    assert.same({ 3, -0.5, "nearest" }, { b.lr_post, b.lr_pre, b.trace_mode })
    for _, l in ipairs { layer, other } do step(l, X, Y) end
    trainer()
    near({ { 0, 0 }, { 1, 0 } }, layer.updater.weight.pos)
    near({ { 0, 0 }, { 3, 0 } }, other.updater.weight.pos)
  end)

  it("show these as they hold now, with their defaults", function()
    local trainer, layer = cells.stdp(), cells.serial()
    local state = trainer:register_cell("a", layer.cell).state
    trainer.lr_post = 5
    assert.same({ 5, "cumulative", "mean" }, { state.lr_post, state.trace_mode,
      state.batch_reduction })
    local seen = {}
    for name, value in pairs(state) do seen[name] = value end
    assert.same({ 5, -0.5, false }, { seen.lr_post, seen.lr_pre, seen.delayed })
    fails("AttributeError", "there is no argument 'lr_pos' (did you mean 'lr_post'?)",
      function() return state.lr_pos end)
  end)

  it("tell how to set these", function()
    local trainer, layer = cells.stdp(), cells.serial()
    trainer:register_cell("a", layer.cell)
    fails("AttributeError", 'trainer:set("a", { lr_post = … })', function()
      select(2, trainer:get_cell "a").lr_post = 6
    end)
  end)

  it("are iterated in the order of registration", function()
    local trainer, seen = cells.stdp(), {}
    for _, name in ipairs { "z", "a", "m" } do trainer:register_cell(name, cells.serial().cell) end
    for name, cell, state in trainer:named_cells() do
      assert.equal((trainer:get_cell(name)), cell)
      assert.equal(1, state.lr_post)
      seen[#seen + 1] = name
      if name == "z" then trainer:del_cell "a" end
    end
    assert.same({ "z", "m" }, seen)
  end)

  it("may have any name", function()
    local trainer, layer = cells.stdp(), cells.serial()
    trainer:register_cell("1 and only!", layer.cell)
    assert.equal(layer.cell, (trainer:get_cell "1 and only!"))
  end)

  it("are known or an AttributeError", function()
    local trainer = cells.stdp()
    trainer:register_cell("cell", cells.serial().cell)
    for _, method in ipairs { "get_cell", "get_unit", "del_cell" } do
      fails("AttributeError", method .. ": 'cel' is not the name of a registered cell (did you "
        .. "mean 'cell'?)", trainer[method], trainer, "cel")
      fails("AttributeError", method, trainer[method], trainer)
    end
  end)

  it("need an updater that has what is trained", function()
    local trainer, layer = cells.stdp(), cells.serial("LinearDense", { bias = true })
    local connection = layer.connection
    connection.updater = nil
    fails("RuntimeError", "give its connection an updater", trainer.register_cell, trainer, "cell",
      layer.cell)
    connection.updater = connection:defaultupdater "bias"
    fails("RuntimeError", "does not have the parameter 'weight'", trainer.register_cell, trainer,
      "cell", layer.cell)
    fails("AttributeError", "'cell'", trainer.get_cell, trainer, "cell")
  end)

  it("name what is wrong with them", function()
    local trainer, layer = cells.stdp(), cells.serial()
    trainer:register_cell("cell", layer.cell)
    fails("ValueError", "'cell' is already the name", trainer.register_cell, trainer, "cell",
      layer.cell)
    fails("TypeError", "'name' must be a string", trainer.register_cell, trainer, 1, layer.cell)
    fails("TypeError", "'cell' must be a Cell, got Serial", trainer.register_cell, trainer, "x",
      layer)
    fails("TypeError", "'cell' must be a Cell, got nil", trainer.register_cell, trainer, "x")
    fails("TypeError", "'cell' must be a Cell, got string 'exc' (layer:add_cell(\"enc\", \"exc\") "
      .. "gives one)", trainer.register_cell, trainer, "enc", "exc")
    fails("TypeError", "'overrides' must be a table", trainer.register_cell, trainer, "x",
      layer.cell, 1)
    fails("TypeError", "unknown argument 'lr_pos' (did you mean", trainer.register_cell, trainer,
      "x", layer.cell, { lr_pos = 1 })
    fails("ValueError", "'tc_pre' must be greater than 0", trainer.register_cell, trainer, "x",
      layer.cell, { tc_pre = 0 })
    fails("ValueError", "'batch_reduction'", trainer.register_cell, trainer, "x", layer.cell,
      { batch_reduction = "no" })
    fails("AttributeError", "'x'", trainer.get_cell, trainer, "x")
    local names = {}
    for name in trainer:named_cells() do names[#names + 1] = name end
    assert.same({ "cell" }, names)
  end)

  it("are trained no more when deleted, and the name is free", function()
    local trainer, layer = cells.stdp(), cells.serial()
    trainer:register_cell("cell", layer.cell)
    trainer:del_cell "cell"
    step(layer, X, Y)
    trainer()
    assert.is_nil(layer.updater.weight.pos)
    fails("AttributeError", "'cell'", trainer.del_cell, trainer, "cell")
    trainer:register_cell("cell", layer.cell)
    step(layer, X, Y)
    trainer()
    near({ { 0, 0 }, { 1, 0 } }, layer.updater.weight.pos)
  end)

  it("of two layers with the same names share nothing", function()
    local trainer, one, other = cells.stdp(), cells.serial(), cells.serial()
    trainer:register_cell("one", one.cell)
    trainer:register_cell("other", other.cell)
    step(one, X, Y)
    step(other, { { 0, 0 } }, { { 0, 0 } })
    trainer()
    near({ { 0, 0 }, { 1, 0 } }, one.updater.weight.pos)
    near({ { 0, 0 }, { 0, 0 } }, other.updater.weight.pos)
  end)

  it("may be registered twice, and with two trainers", function()
    local layer = cells.serial()
    local one, other = cells.stdp(), cells.stdp { lr_post = 2 }
    one:register_cell("a", layer.cell)
    one:register_cell("b", layer.cell)
    other:register_cell("a", layer.cell)
    step(layer, X, Y)
    one()
    near({ { 0, 0 }, { 2, 0 } }, layer.updater.weight.pos)
    other()
    near({ { 0, 0 }, { 4, 0 } }, layer.updater.weight.pos)
  end)

  it("of one connection are updated once", function()
    local layer = snn.Layer { wiring = function(_, i) return { a = i.c, b = i.c } end }
    local connection = layer:add_connection("c", cells.serial().connection)
    for _, name in ipairs { "a", "b" } do
      layer:add_neuron(name, snn.ExactNeuron { shape = 2, step_time = 1, rest_v = 0, thresh_v = 1 })
    end
    connection.updater = connection:defaultupdater()
    local trainer = cells.stdp()
    trainer:register_cell("a", layer:add_cell("c", "a"))
    trainer:register_cell("b", layer:add_cell("c", "b"))
    layer({ c = snn.tensor(X) },
      { neuron_kwargs = { a = { override = snn.tensor(Y) }, b = { override = snn.tensor(X) } } })
    trainer()
    trainer:update { clear = false }
    near({ { 1 - 0.5, 0 }, { 1 - 0.5, 0 } }, connection.weight)
    trainer:update()
    near({ { 1, 0 }, { 1, 0 } }, connection.weight)
    trainer:update()
    near({ { 1, 0 }, { 1, 0 } }, connection.weight)
  end)
end)

describe("a trainer's update", function()
  local trainer, one, other
  before_each(function()
    trainer, one, other = cells.stdp(), cells.serial(), cells.serial()
    trainer:register_cell("one", one.cell)
    trainer:register_cell("other", other.cell)
    for _, layer in ipairs { one, other } do step(layer, X, Y) end
    trainer()
  end)

  it("applies and clears the updaters of its cells", function()
    trainer:update { clear = false }
    trainer:update()
    trainer:update()
    near({ { 0, 0 }, { 1, 0 } }, one.connection.weight)
    near({ { 0, 0 }, { 1, 0 } }, other.connection.weight)
  end)

  it("changes nothing when one of them fails", function()
    other.updater.weight:lowerbound(function() error("mine", 0) end, 0)
    assert.has_error(function() trainer:update() end, "mine")
    near({ { 0, 0 }, { 0, 0 } }, one.connection.weight)
    other.updater.weight:lowerbound(snn.none)
    trainer:update()
    near({ { 0, 0 }, { 0.5, 0 } }, one.connection.weight)
  end)

  it("names an unknown option", function()
    fails("TypeError", "unknown option 'clera' (did you mean 'clear'?)", trainer.update, trainer,
      { clera = true })
    fails("TypeError", "'options' must be a table", trainer.update, trainer, 1)
  end)
end)

describe("a trainer's call", function()
  it("before the first step is a RuntimeError", function()
    local trainer, layer = cells.stdp(), cells.serial()
    trainer:register_cell("cell", layer.cell)
    fails("RuntimeError", "STDP: the layer has made no step", trainer)
    assert.is_nil(layer.updater.weight.pos)
  end)

  it("after a clear too", function()
    local trainer, layer = cells.stdp(), cells.serial()
    trainer:register_cell("cell", layer.cell)
    step(layer, X, Y)
    trainer:clear()
    fails("RuntimeError", "no step", trainer)
  end)

  it("of which one cell has made no step adds nothing to the others", function()
    for _, reduction in ipairs { "mean", "max" } do
      local trainer = cells.stdp { batch_reduction = reduction }
      local one, other = cells.serial(), cells.serial()
      trainer:register_cell("one", one.cell)
      trainer:register_cell("other", other.cell)
      step(one, X, Y)
      fails("RuntimeError", "no step", trainer)
      assert.is_nil(one.updater.weight.pos)
    end
  end)

  it("of which one function fails adds nothing to the others", function()
    local trainer, one, other = cells.stdp(), cells.serial(), cells.serial()
    trainer:register_cell("one", one.cell)
    trainer:register_cell("other", other.cell,
      { batch_reduction = function() error("mine", 0) end })
    step(one, X, Y)
    step(other, X, Y)
    assert.has_error(trainer, "mine")
    assert.is_nil(one.updater.weight.pos)
  end)

  it("without cells does nothing", function() cells.stdp()() end)

  it("passes over connections that have lost their updater", function()
    local trainer, layer = cells.stdp(), cells.serial()
    trainer:register_cell("cell", layer.cell)
    layer.connection.updater = nil
    step(layer, X, Y)
    trainer()
    layer.connection.updater = layer.connection:defaultupdater()
    trainer()
    near({ { 0, 0 }, { 1, 0 } }, layer.updater.weight.pos)
  end)

  it("may delete its cells in a reduction", function()
    local trainer, layer = cells.stdp(), cells.serial()
    trainer:register_cell("cell", layer.cell, {
      batch_reduction = function(t, dim)
        if pcall(trainer.get_cell, trainer, "cell") then trainer:del_cell "cell" end
        collect()
        return t:sum(dim)
      end,
    })
    step(layer, X, Y)
    trainer()
    trainer()
  end)

  it("may clear itself in a reduction", function()
    local trainer, layer, other = cells.stdp(), cells.serial(), cells.serial()
    trainer:register_cell("plain", other.cell)
    trainer:register_cell("cell", layer.cell, {
      batch_reduction = function(t, dim)
        trainer:clear()
        return t:sum(dim)
      end,
    })
    step(layer, X, Y)
    step(other, X, Y)
    fails("RuntimeError", "no step", trainer)
  end)
end)

describe("a trainer's monitors", function()
  local trainer, layer
  before_each(function()
    trainer, layer = cells.stdp(), cells.serial()
    trainer:register_cell("cell", layer.cell)
  end)

  it("are four for STDP", function()
    local names = {}
    for cell, name, monitor in trainer:named_monitors() do
      assert.equal("cell", cell)
      assert.equal(trainer:get_monitor("cell", name), monitor)
      names[#names + 1] = name
    end
    table.sort(names)
    assert.same({ "spike_post", "spike_pre", "trace_post", "trace_pre" }, names)
  end)

  it("are nil by unknown names", function()
    assert.is_nil(trainer:get_monitor("cell", "trace"))
    assert.is_nil(trainer:get_monitor("cel", "trace_pre"))
    assert.is_nil(trainer:get_monitor("cell"))
    assert.is_nil(trainer:get_monitor())
  end)

  it("have nothing before the first step", function()
    local monitor = trainer:get_monitor("cell", "trace_pre")
    assert.is_nil(monitor:peek())
    assert.is_nil(monitor.latest)
    step(layer, X, Y)
    assert.same({ { 1, 0 } }, monitor:peek():totable())
    assert.same({ { 1, 0 } }, monitor.latest:totable())
  end)

  it("show what was recorded", function()
    step(layer, X, Y)
    local function peek(name) return trainer:get_monitor("cell", name):peek() end
    assert.same({ { true, false } }, peek("spike_pre"):totable())
    assert.same({ { false, true } }, peek("spike_post"):totable())
    assert.same({ { 0, 0.5 } }, peek("trace_post"):totable())
    assert.equal("bool", peek("spike_pre").dtype)
  end)

  it("give tensors that do not change by themselves", function()
    step(layer, X, Y)
    local trace = trainer:get_monitor("cell", "trace_pre"):peek()
    local spike = trainer:get_monitor("cell", "spike_pre"):peek()
    step(layer, Y, X)
    assert.same({ { 1, 0 } }, trace:totable())
    assert.same({ { true, false } }, spike:totable())
    trace:fill_(7)
    near({ { 0.5, 1 } }, trainer:get_monitor("cell", "trace_pre"):peek())
  end)

  it("record only when both sides have run", function()
    local other = snn.Layer { wiring = function(_, i) return { n = i.c, m = i.d } end }
    local c = other:add_connection("c", cells.serial().connection)
    other:add_connection("d", cells.serial().connection)
    for _, name in ipairs { "n", "m" } do
      other:add_neuron(name, snn.ExactNeuron { shape = 2, step_time = 1, rest_v = 0, thresh_v = 1 })
    end
    c.updater = c:defaultupdater()
    trainer:register_cell("crossed", other:add_cell("c", "m"))
    local function peek() return trainer:get_monitor("crossed", "spike_pre"):peek() end
    other { c = snn.tensor(X) }
    assert.is_nil(peek())
    other { d = snn.tensor(X) }
    assert.is_nil(peek())
    other { c = snn.tensor(X), d = snn.tensor(X) }
    assert.same({ { true, false } }, peek():totable())
  end)

  it("are forgotten by clear, one or all", function()
    step(layer, X, Y)
    local monitor = trainer:get_monitor("cell", "trace_pre")
    monitor:clear()
    assert.is_nil(monitor:peek())
    assert.not_nil(trainer:get_monitor("cell", "trace_post"):peek())
    trainer:clear()
    assert.is_nil(trainer:get_monitor("cell", "trace_post"):peek())
    step(layer, X, Y)
    assert.same({ { 1, 0 } }, monitor:peek():totable())
  end)

  it("tell whether they are registered", function()
    local monitor = trainer:get_monitor("cell", "trace_pre")
    assert.is_true(monitor.registered)
    step(layer, X, Y)
    trainer:del_cell "cell"
    assert.is_false(monitor.registered)
    step(layer, Y, X)
    assert.same({ { 1, 0 } }, monitor:peek():totable())
  end)
end)

describe("modes", function()
  local trainer, layer
  before_each(function()
    trainer, layer = cells.stdp(), cells.serial()
    trainer:register_cell("cell", layer.cell)
  end)

  it("eval of the trainer: nothing is recorded, nor added", function()
    trainer:eval()
    step(layer, X, Y)
    assert.is_nil(trainer:get_monitor("cell", "trace_pre"):peek())
    trainer()
    assert.is_nil(layer.updater.weight.pos)
    trainer:train()
    step(layer, X, Y)
    trainer()
    near({ { 0, 0 }, { 1, 0 } }, layer.updater.weight.pos)
  end)

  it("eval keeps what was recorded", function()
    step(layer, X, Y)
    trainer:eval()
    step(layer, Y, X)
    assert.same({ { 1, 0 } }, trainer:get_monitor("cell", "trace_pre"):peek():totable())
  end)

  it("eval of the layer: the same for its cells", function()
    layer:eval()
    step(layer, X, Y)
    assert.is_nil(trainer:get_monitor("cell", "trace_pre"):peek())
    trainer()
    assert.is_nil(layer.updater.weight.pos)
    layer:train()
    step(layer, X, Y)
    trainer()
    near({ { 0, 0 }, { 1, 0 } }, layer.updater.weight.pos)
  end)
end)

describe("the life of a trainer", function()
  it("ends while the layer lives on", function()
    local layer = cells.serial()
    local weak = setmetatable({}, { __mode = "v" })
    weak.trainer = cells.stdp()
    weak.trainer:register_cell("cell", layer.cell)
    step(layer, X, Y)
    collect()
    assert.is_nil(weak.trainer)
    step(layer, X, Y)
  end)

  it("is that of its layer too, while it has the cell", function()
    local trainer = cells.stdp()
    local connection
    do
      local layer = cells.serial()
      trainer:register_cell("cell", layer.cell)
      step(layer, X, Y)
      connection = layer.connection
    end
    collect()
    trainer()
    near({ { 0, 0 }, { 1, 0 } }, connection.updater.weight.pos)
    trainer:update()
    near({ { 0, 0 }, { 0.5, 0 } }, connection.weight)
  end)

  it("is not held up by a cycle", function()
    local weak = setmetatable({}, { __mode = "v" })
    do
      local trainer, layer = cells.stdp(), cells.serial()
      trainer:register_cell("cell", layer.cell)
      trainer.clear, layer.trainer = function() return layer end, trainer
      weak.trainer, weak.layer, weak.connection = trainer, layer, layer.connection
      step(layer, X, Y)
      trainer()
    end
    collect()
    assert.same({}, weak)
  end)

  it("leaves monitors that a script holds of use", function()
    local monitor
    do
      local trainer, layer = cells.stdp(), cells.serial()
      trainer:register_cell("cell", layer.cell)
      step(layer, X, Y)
      monitor = trainer:get_monitor("cell", "trace_pre")
    end
    collect()
    assert.same({ { 1, 0 } }, monitor:peek():totable())
  end)

  it("goes without growth while cells come and go", function()
    local trainer, layer = cells.stdp(), cells.serial()
    for _ = 1, 200 do
      trainer:register_cell("cell", layer.cell)
      step(layer, X, Y)
      trainer()
      trainer:del_cell "cell"
    end
    collect()
    trainer:register_cell("cell", layer.cell)
    step(layer, X, Y)
    trainer()
    layer.updater:clear()
  end)

  it("may end in a finalizer, in any order", function()
    for order = 1, 6 do
      local trainer, layer = cells.stdp(), cells.serial()
      trainer:register_cell("cell", layer.cell)
      step(layer, X, Y)
      local parts = { trainer, layer, layer.cell, layer.updater, layer.connection, layer.neuron }
      for i, part in ipairs(parts) do
        setmetatable({ part, parts[(i + order) % 6 + 1] }, { __gc = function(held)
          pcall(trainer)
          pcall(step, layer, X, Y)
          pcall(function() return held[1].training, held[2].updater end)
          pcall(layer.update, layer)
          pcall(trainer.clear, trainer)
        end })
      end
    end
    collect()
  end)
end)

describe("a script's trainer", function()
  it("can be below STDP", function()
    local Mine = snn.class("Mine", snn.STDP)
    function Mine:init(gain)
      snn.STDP.init(self,
        { lr_post = gain, lr_pre = -0.5, tc_post = cells.HALF, tc_pre = cells.HALF })
      self.count = 0
    end
    function Mine:forward()
      self.count = self.count + 1
      return snn.STDP.forward(self)
    end
    local trainer, layer = Mine(4), cells.serial()
    trainer:register_cell("cell", layer.cell)
    step(layer, X, Y)
    trainer()
    assert.equal(1, trainer.count)
    near({ { 0, 0 }, { 4, 0 } }, layer.updater.weight.pos)
  end)

  it("has hooks", function()
    local trainer, layer, order = cells.stdp(), cells.serial(), {}
    trainer:register_cell("cell", layer.cell)
    trainer:register_forward_pre_hook(function() order[#order + 1] = "before" end)
    trainer:register_forward_hook(function()
      order[#order + 1] = layer.updater.weight.pos ~= nil
    end)
    step(layer, X, Y)
    trainer()
    assert.same({ "before", true }, order)
  end)
end)
