-- Observable, and cells as such.
local snn = require "snn"
local support = require "spec.support"

local function neuron()
  return snn.LIF { shape = 2, step_time = 1, rest_v = -60, reset_v = -65, thresh_v = -50,
    refrac_t = 2, time_constant = 20 }
end

local function spikes() return snn.StateMonitor.partialconstructor {
  reducer = snn.PassthroughReducer { step_time = 1, duration = 2 } } end

-- Two groups, of which a view sees one.
local Pair = snn.class "Pair"
function Pair:init()
  snn.Module.init(self)
  self.left, self.right = neuron(), neuron()
end
function Pair:forward(x)
  self.left(x)
  return self.right(x)
end
function Pair:path_of(side, attr) return side .. "." .. attr end -- luacheck: no self

local View = snn.class("View", snn.Observable)
function View:local_remap(attr) -- luacheck: no self
  return attr == "v" and "voltage" or attr
end

local function view(pair, side)
  return View { basis = pair, realign = "path_of", realign_args = { side } }
end

describe("Observable", function()
  local pair

  before_each(function() pair = Pair() end)

  it("makes paths from its basis of paths from itself", function()
    assert.equal("left.voltage", view(pair, "left"):realign_attribute "v")
    assert.equal("right.spike", view(pair, "right"):realign_attribute "spike")
    assert.equal(pair, view(pair, "left").basis)
  end)

  it("has its arguments as fields", function()
    local seen, other = view(pair, "left"), Pair()
    seen.realign_args = { "right" }
    assert.equal("right.voltage", seen:realign_attribute "v")
    seen.basis = other
    assert.equal(other, seen.basis)
    support.fails("AttributeError", "no method 'path'", function() seen.realign = "path" end)
    support.fails("TypeError", "'realign_args' must be a list", function()
      seen.realign_args = 1
    end)
    support.fails("TypeError", "'basis'", function() seen.basis = nil end)
    assert.same({ other, "path_of", { "right" } }, { seen.basis, seen.realign, seen.realign_args })
  end)

  it("makes monitors on its basis", function()
    local seen = view(pair, "left")
    local monitor = seen:add_monitor("m", "v", spikes())
    pair(snn.full({ 1, 2 }, 5))
    assert.same(pair.left.voltage:totable(), monitor:peek():totable())
    assert.same({ m = monitor }, seen.monitors)
  end)

  it("shares monitors in a pool where basis and path are the same", function()
    local pool, second = snn.MonitorPool(), view(pair, "left")
    pool:add_observed("a", view(pair, "left"))
    pool:add_observed("b", second)
    pool:add_observed("c", view(pair, "right"))
    local a, b = pool:add_monitor("a", "m", "v", spikes()),
      pool:add_monitor("b", "m", "voltage", spikes())
    local c = pool:add_monitor("c", "m", "v", spikes())
    assert.equal(a, b)
    assert.are_not.equal(a, c)
    local count = 0
    for monitor in pool:monitors() do
      count = count + 1
      assert.is_true(monitor == a or monitor == c)
    end
    assert.equal(2, count)
    pair(snn.full({ 1, 2 }, 5))
    assert.same(pair.right.voltage:totable(), c:peek():totable())
    assert.equal(a, second.monitors.m)
    pool:del_observed "b"
    assert.is_true(a.registered)
  end)

  it("has its basis not below it", function()
    assert.same({}, view(pair, "left"):state_dict())
  end)

  it("names what is wrong", function()
    support.fails("AttributeError", "'basis' has no method 'path_to'", snn.Observable,
      { basis = neuron(), realign = "path_to" })
    support.fails("TypeError", "2 arguments are missing", snn.Observable, {})
    local bare = snn.Observable { basis = pair, realign = "path_of" }
    support.fails("RuntimeError", "local_remap must be implemented", bare.realign_attribute, bare,
      "x")
    function pair:path_of() end
    local seen = view(pair, "left")
    support.fails("TypeError", "'path_of' of the basis must return a string",
      seen.realign_attribute, seen, "v")
    support.fails("TypeError", "'attr' must be a string", seen.realign_attribute, seen, 1)
  end)
end)

describe("a cell, as an observable", function()
  local layer, cell

  before_each(function()
    layer = snn.Layer { wiring = function(_, inputs) return { exc = inputs.enc } end }
    layer:add_connection("enc", snn.LinearDense { in_shape = 3, out_shape = 2, step_time = 1,
      synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 } })
    layer:add_neuron("exc", neuron())
    cell = layer:add_cell("enc", "exc")
  end)

  it("says in which part a field is", function()
    local function remap(attr) return { cell:local_remap(attr) } end
    assert.same({ "connection", "weight" }, remap "connection.weight")
    assert.same({ "connection", "synapse.current" }, remap "synapse.current")
    assert.same({ "connection", "syncurrent" }, remap "precurrent")
    assert.same({ "neuron", "spike" }, remap "postspike")
    assert.same({ "neuron", "" }, remap "neuron")
    assert.same({ "cell", "" }, remap "")
    assert.same({ "cell", "training" }, remap "training")
    support.fails("AttributeError", "wait", cell.local_remap, cell, "wait.x")
  end)

  it("makes paths from its layer", function()
    for attr, path in pairs {
      ["connection.weight"] = "connections.enc.weight", postspike = "neurons.exc.spike",
      prespike = "connections.enc.synspike", updater = "connections.enc.updater",
      ["neuron"] = "neurons.exc", [""] = "cells.enc.exc", training = "cells.enc.exc.training",
    } do
      assert.equal(path, cell:realign_attribute(attr))
    end
  end)

  it("is found by its path", function()
    layer { enc = snn.ones(1, 3) }
    local at = layer
    for name in cell:realign_attribute("postvoltage"):gmatch "[^.]+" do at = at[name] end
    assert.same(cell.postvoltage:totable(), at:totable())
  end)

  it("has no path when its layer has deleted it", function()
    layer:del_cell("enc", "exc")
    support.fails("RuntimeError", "was deleted from its layer", cell.realign_attribute, cell,
      "postspike")
  end)
end)

describe("a trainer", function()
  local trainer, cells

  before_each(function()
    local function serial()
      local layer = snn.Serial {
        connection = snn.LinearDense { in_shape = 3, out_shape = 2, step_time = 1,
          synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 } },
        neuron = neuron(),
      }
      layer.connection.updater = layer.connection:defaultupdater()
      return layer
    end
    trainer, cells = snn.STDP { lr_post = 1, lr_pre = -1, tc_post = 20, tc_pre = 20 },
      { serial().cell, serial().cell }
    trainer:register_cell("a", cells[1])
    trainer:register_cell("b", cells[2])
  end)

  it("goes over its cells and their states", function()
    local out = {}
    for cell, state in trainer:cells() do
      out[#out + 1] = cell
      assert.equal(1, state.lr_post)
    end
    assert.equal(2, #out)
    assert.equal(cells[1], out[1])
    assert.equal(cells[2], out[2])
  end)

  it("goes over its monitors, and those of one cell", function()
    local all, of_b = {}, {}
    for monitor in trainer:monitors() do all[#all + 1] = monitor end
    for name, monitor in trainer:named_monitors_of "b" do
      of_b[#of_b + 1] = name
      assert.equal(trainer:get_monitor("b", name), monitor)
    end
    assert.equal(2 * #of_b, #all)
    table.sort(of_b)
    assert.truthy(("," .. table.concat(of_b, ",") .. ","):find(",trace_post,", 1, true))
    support.fails("AttributeError", "'c'", trainer.named_monitors_of, trainer, "c")
  end)
end)
