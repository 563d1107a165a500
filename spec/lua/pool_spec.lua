local snn = require "snn"
local support = require "spec.support"

local function trace(time_constant)
  return snn.StateMonitor.partialconstructor {
    reducer = snn.NearestTraceReducer { step_time = 1, time_constant = time_constant or 5,
      amplitude = 1, target = true },
  }
end

local function make_layer()
  return snn.Serial {
    connection = snn.LinearDense { in_shape = 3, out_shape = 2, step_time = 1,
      synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 100 } },
    neuron = snn.LIF { shape = 2, step_time = 1, rest_v = -60, reset_v = -65, thresh_v = -50,
      refrac_t = 3, time_constant = 20 },
  }
end

describe("MonitorPool", function()
  local pool, a, b

  before_each(function()
    pool, a, b = snn.MonitorPool(), make_layer(), make_layer()
    pool:add_observed("a", a.cell)
    pool:add_observed("b", b.cell)
  end)

  it("returns a monitor that has the name", function()
    local m = pool:add_monitor("a", "x", "prespike", trace())
    assert.equal(m, pool:add_monitor("a", "x", "postspike", trace()))
    assert.equal(m, pool:get_monitor("a", "x"))
  end)

  it("shares what is the same by object, attribute, reducer, options and tags", function()
    local m = pool:add_monitor("a", "x", "neuron.spike", trace(), false, { dt = 1 })
    assert.equal(m, pool:add_monitor("a", "y", "postspike", trace(), false, { dt = 1 }))
  end)

  it("does not share what differs", function()
    local m = pool:add_monitor("a", "x", "postspike", trace())
    local n = 0
    local function differs(...)
      n = n + 1
      assert.are_not.equal(m, pool:add_monitor("a", "n" .. n, ...))
    end
    differs("prespike", trace())
    differs("postspike", trace(6))
    differs("postspike", trace(), false, { tag = 1 })
    differs("postspike", trace(), true)
    differs("postspike", snn.StateMonitor.partialconstructor {
      reducer = snn.NearestTraceReducer { step_time = 1, time_constant = 5, amplitude = 1,
        target = true },
      eval_update = false,
    })
  end)

  it("refuses to change a reducer that two of its monitors share", function()
    local m = pool:add_monitor("a", "x", "postspike", trace())
    m.reducer.amplitude = 2 -- nobody else's
    m.reducer.amplitude = 1
    pool:add_monitor("a", "y", "postspike", trace())
    support.fails("RuntimeError", "share the reducer (a.x, a.y); add one of them with `unique`",
      function() m.reducer.amplitude = 3 end)
    assert.equal(1, m.reducer.amplitude)
    pool:del_monitor("a", "y")
    m.reducer.amplitude = 3
  end)

  it("shares no reducer that was changed", function()
    local constructor = trace()
    local m = pool:add_monitor("a", "x", "postspike", constructor)
    m.reducer.amplitude = 3
    local n = pool:add_monitor("a", "y", "postspike", constructor)
    assert.are_not.equal(m, n)
    assert.equal(1, n.reducer.amplitude)
    assert.equal(n, pool:add_monitor("a", "z", "postspike", trace()))
  end)

  it("never shares between layers", function()
    local constructor = trace()
    local m = pool:add_monitor("a", "x", "prespike", constructor)
    local n = pool:add_monitor("b", "x", "prespike", constructor)
    a(snn.ones(1, 3))
    assert.are_not.equal(m, n)
    assert.is_truthy(m:peek())
    assert.is_nil(n:peek())
  end)

  it("records in training mode only", function()
    local m = pool:add_monitor("a", "x", "prespike", trace())
    pool:eval()
    a(snn.ones(1, 3))
    assert.is_nil(m:peek())
    pool:train()
    a(snn.ones(1, 3))
    assert.is_truthy(m:peek())
  end)

  it("keeps a shared monitor until its last name is deleted", function()
    local m = pool:add_monitor("a", "x", "prespike", trace())
    pool:add_monitor("a", "y", "prespike", trace())
    pool:del_monitor("a", "x")
    assert.is_true(m.registered)
    pool:del_monitor("a", "y")
    assert.is_false(m.registered)
    assert.is_nil(pool:get_monitor("a", "y"))
  end)

  it("lets go of an object with its monitors", function()
    local m = pool:add_monitor("a", "x", "prespike", trace())
    pool:del_observed("a")
    assert.is_false(m.registered)
    support.fails("AttributeError", "'a' is not observed", pool.get_observed, pool, "a")
    pool:add_observed("a", a.cell)
  end)

  it("iterates in the order in which they were added", function()
    pool:add_monitor("b", "y", "prespike", trace())
    pool:add_monitor("a", "x", "prespike", trace())
    pool:add_monitor("b", "z", "postspike", trace())
    local names = {}
    for object, name in pool:named_monitors() do names[#names + 1] = object .. name end
    assert.same({ "ax", "by", "bz" }, names)
    names = {}
    for name in pool:named_monitors_of("b") do names[#names + 1] = name end
    assert.same({ "y", "z" }, names)
  end)

  it("clears all, and loads its state into a fresh one", function()
    pool:add_monitor("a", "x", "prespike", trace())
    a(snn.ones(1, 3))
    local other = snn.MonitorPool()
    other:add_observed("a", make_layer().cell)
    local m = other:add_monitor("a", "x", "prespike", trace())
    other:load_state_dict(pool:state_dict())
    assert.is_true(m:peek():equal(pool:get_monitor("a", "x"):peek()))
    pool:clear()
    assert.is_nil(pool:get_monitor("a", "x"):peek())
  end)

  it("names what is not there", function()
    support.fails("AttributeError", "'c' is not observed", pool.add_monitor, pool, "c", "x",
      "prespike", trace())
    support.fails("AttributeError", "no monitor 'x'", pool.del_monitor, pool, "a", "x")
    support.fails("RuntimeError", "already", pool.add_observed, pool, "a", b.cell)
    support.fails("TypeError", "must return a monitor", pool.add_monitor, pool, "a", "x",
      "prespike", function() return 1 end)
  end)
end)

describe("the monitors of a trainer", function()
  local layer, trainer, monitor

  before_each(function()
    layer = make_layer()
    layer.connection.updater = layer.connection:defaultupdater()
    trainer = snn.STDP { lr_post = 1, lr_pre = -1, tc_post = 20, tc_pre = 20 }
    trainer:register_cell("cell", layer.cell)
    monitor = trainer:add_monitor("cell", "x", "prespike", trace())
  end)

  it("are found with those of the trainer itself", function()
    assert.equal(monitor, trainer:get_monitor("cell", "x"))
    assert.equal(monitor, trainer:get_unit("cell").monitors.x)
    local last
    for _, name in trainer:named_monitors() do last = name end
    assert.equal("x", last)
  end)

  it("record while the trainer trains", function()
    trainer:eval()
    layer(snn.ones(1, 3))
    assert.is_nil(monitor:peek())
    trainer:train()
    layer(snn.ones(1, 3))
    assert.is_truthy(monitor:peek())
  end)

  it("are cleared with the trainer and go with the cell", function()
    layer(snn.ones(1, 3))
    trainer:clear()
    assert.is_nil(monitor:peek())
    trainer:del_cell("cell")
    layer(snn.ones(1, 3))
    assert.is_nil(monitor:peek())
  end)

  it("go by name", function()
    trainer:del_monitor("cell", "x")
    assert.is_nil(trainer:get_monitor("cell", "x"))
    support.fails("AttributeError", "x", trainer.del_monitor, trainer, "cell", "x")
  end)

  it("cannot take the name of one of the trainer's own", function()
    support.fails("RuntimeError", "trace_pre", trainer.add_monitor, trainer, "cell", "trace_pre",
      "prespike", trace())
  end)
end)
