-- What eligibility traces keep, and who may look at it.
local snn = require "snn"
local cells = require "spec.train.cells"
local support = require "spec.support"
local fails = support.fails
local eligibility = require "spec.train.eligibility"
local PAIR = eligibility.PAIR
local made, play = eligibility.made, eligibility.play
local monitor, peek = eligibility.monitor, eligibility.peek
local law, assert_law = eligibility.law, eligibility.assert_law

-- ------------------------------------------------------------- state

describe("the state of eligibility traces", function()
  before_each(function() snn.manual_seed(7) end)

  ---40 steps with so short a memory that the scale is renewed in between.
  local function run(between)
    local layer, trainer = made("LinearDense", 2, { tc_eligibility = 2 })
    play(layer, 40, function(i)
      trainer(1)
      layer:update()
      if between then between(layer, trainer, i) end
    end)
    return layer, trainer
  end

  it("is the same whether somebody looks or not", function()
    local plain = run().connection.weight
    snn.manual_seed(7)
    local watched = run(function(_, trainer)
      peek(trainer, "elig_post")
      trainer:state_dict()
    end).connection.weight
    assert.is_true(plain:equal(watched))
  end)

  it("is not changed later by steps", function()
    local state, before
    run(function(_, trainer, i)
      if i ~= 20 then return end
      state = trainer:state_dict()
      before = state["cells.cell.elig_post.kept"]:clone()
    end)
    assert.is_true(before:equal(state["cells.cell.elig_post.kept"]))
  end)

  it("lets a fresh trainer go on with the same bits, whenever it is taken", function()
    for _, at in ipairs { 1, 11, 22, 23, 39 } do
      local other, fresh = made("LinearDense", 2, { tc_eligibility = 2 })
      snn.manual_seed(7)
      local layer, trainer = run(function(layer, trainer, i)
        if i ~= at then return end
        other:load_state_dict(layer:state_dict())
        fresh:load_state_dict(trainer:state_dict())
        snn.manual_seed(9)
      end)
      snn.manual_seed(9)
      play(other, 40 - at, function()
        fresh(1)
        other:update()
      end)
      assert.is_true(layer.connection.weight:equal(other.connection.weight))
      assert.is_true(peek(trainer, "elig_pre"):equal(peek(fresh, "elig_pre")))
    end
  end)

  it("has the steps since the clear", function()
    local _, trainer = run()
    assert.equal(40, monitor(trainer, "elig_pre").observed:item())
    trainer:clear()
    assert.equal(0, monitor(trainer, "elig_pre").observed:item())
  end)

  it("must fit the weight", function()
    local _, trainer = run()
    local state, before = trainer:state_dict(), peek(trainer, "elig_post")
    state["cells.cell.elig_pre.kept"] = snn.ones(2, 3)
    fails("ValueError", "elig_pre", trainer.load_state_dict, trainer, state)
    assert.is_true(before:equal(peek(trainer, "elig_post")))
  end)

  it("has a scale above 0", function()
    local _, trainer = run()
    for _, scale in ipairs { 0, -1, 0 / 0, 1 / 0 } do
      local state = trainer:state_dict()
      state["cells.cell.elig_pre.scale"] = snn.full({}, scale, { dtype = "float64" })
      fails("ValueError", "'scale' must be greater than 0", trainer.load_state_dict, trainer, state)
    end
  end)

  it("may be taken before the first step", function()
    local _, trainer = made("LinearDense", 2)
    local _, other = run()
    other:load_state_dict(trainer:state_dict())
    assert.is_nil(peek(other, "elig_post"))
  end)
end)

-- ------------------------------------------------------------- monitors

describe("a monitor of eligibility traces", function()
  local trainer
  before_each(function()
    local layer
    layer, trainer = made("LinearDense", 2)
    play(layer, 3)
  end)

  it("looks at the newest values", function()
    local m, now = monitor(trainer, "elig_post"), peek(trainer, "elig_post")
    assert.is_true(now:equal(m.latest))
    assert.is_true(now:equal(m:view(0)))
    assert.is_true(now:unsqueeze(1):equal(m:dump()))
    assert.is_true(m.registered)
  end)

  it("has no older ones", function()
    fails("ValueError", "", function() monitor(trainer, "elig_post"):view(1) end)
  end)

  it("forgets by itself", function()
    monitor(trainer, "elig_post"):clear()
    for _, look in ipairs { "peek", "dump" } do
      assert.is_nil(monitor(trainer, "elig_post")[look](monitor(trainer, "elig_post")))
    end
    assert.is_nil(monitor(trainer, "elig_post"):view(0))
    assert.is_nil(monitor(trainer, "elig_post").latest)
    assert.is_not_nil(peek(trainer, "elig_pre"))
    fails("RuntimeError", "no step", trainer, 1)
  end)

  it("gives values that are the script's", function()
    local before = peek(trainer, "elig_post")
    peek(trainer, "elig_post"):fill_(3)
    assert.is_true(before:equal(peek(trainer, "elig_post")))
  end)

  it("is of its class", function()
    local m = monitor(trainer, "elig_post")
    fails("TypeError", "", m.peek, monitor(trainer, "trace_pre"))
    fails("AttributeError", "", function() m.kept = nil end)
  end)
end)

-- ------------------------------------------------------------- steps

describe("a step of eligibility traces", function()
  it("starts anew with another batch size", function()
    local layer, trainer = made("LinearDense", 2)
    play(layer, 3)
    layer.connection.batchsz, layer.neuron.batchsz = 3, 3
    play(layer, 1)
    local step, z = law(layer, trainer, 20)
    step()
    assert_law(trainer, z, 1e-5)
    trainer(snn.tensor { 1, 2, 3 })
  end)

  it("that fails leaves them as they were", function()
    local layer, trainer = made("LinearDense", 2)
    play(layer, 3)
    local before = peek(trainer, "elig_pre")
    local handle = layer.neuron:register_forward_hook(function() error("mine", 0) end)
    assert.has_error(function() play(layer, 1) end, "mine")
    handle:remove()
    assert.is_true(before:equal(peek(trainer, "elig_pre")))
    assert.equal(3, monitor(trainer, "elig_pre").observed:item())
  end)

  it("that fails leaves them empty", function()
    local layer, trainer = made("LinearDense", 2)
    layer.neuron:register_forward_hook(function() error("mine", 0) end)
    assert.has_error(function() play(layer, 1) end, "mine")
    assert.is_nil(peek(trainer, "elig_pre"))
  end)

  it("goes on where the synapse has delays from now on", function()
    local layer, trainer = made("LinearDense", 2)
    local step, z = law(layer, trainer, 20)
    play(layer, 3, step)
    layer.connection.synapse = snn.DeltaCurrent { shape = 77, step_time = 1, batch_size = 2,
      spike_charge = 1, delay = 4 }
    play(layer, 3, step)
    assert.equal(6, monitor(trainer, "elig_post").observed:item())
    assert_law(trainer, z, 1e-5)
  end)

  it("of other batches on its sides remembers nothing", function()
    local layer = snn.Layer { wiring = function() return { exc = snn.ones(5, 3) } end }
    layer:add_connection("enc", cells.serial("LinearDense", {
      in_shape = 4, out_shape = 3, batch_size = 2 }).connection)
    layer:add_neuron("exc", snn.ExactNeuron { shape = 3, step_time = 1, batch_size = 5,
      rest_v = -60, thresh_v = -40 })
    local trainer = snn.MSTDPET(PAIR)
    trainer:register_cell("cell", layer:add_cell("enc", "exc"))
    layer { enc = snn.ones(2, 4) }
    fails("RuntimeError", "was recorded for 5 samples, 'trace_pre' for 2", trainer, 1)
    assert.is_nil(peek(trainer, "elig_post"))
  end)
end)

-- ------------------------------------------------------------- bits

-- More elements than one part has, samples with signals of all kinds.
local SCRIPT = [[
  local snn = require "snn"
  snn.set_num_threads(%d)
  snn.manual_seed(3)
  for _, setting in ipairs { { "float32", 7 }, { "float64", 7 }, { "float32", 1 } } do
    local dtype, batch = table.unpack(setting)
    local c = snn.LinearDense { in_shape = 150, out_shape = 131, step_time = 1, batch_size = batch,
      synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 }, dtype = dtype }
    c.updater = c:defaultupdater()
    local layer = snn.Serial { connection = c, neuron = snn.ExactNeuron { shape = 131,
      step_time = 1, batch_size = batch, rest_v = -60, thresh_v = -40, dtype = dtype } }
    local trainer = snn.MSTDPET { lr_post = 0.2, lr_pre = -0.1, tc_post = 10, tc_pre = 15,
      tc_eligibility = 2 }
    trainer:register_cell("cell", layer.cell)
    for i = 1, 30 do
      layer(snn.rand(batch, 150):lt(0.3),
        { neuron_kwargs = { override = snn.rand(batch, 131):lt(0.3) } })
      trainer(snn.tensor({ 1, -1, 0, 0.3, -0.7, i, 2 }):narrow(1, 1, batch))
      layer:update()
    end
    local z = trainer:get_monitor("cell", "elig_pre"):peek()
    for _, t in ipairs { c.weight, z } do
      for _, v in ipairs(t:flatten():totable()) do io.write(("%%a "):format(v)) end
    end
  end
]]

describe("the bits of eligibility traces", function()
  it("are the same on each instruction set with 1, 2 and 4 threads", function()
    assert.is_true(#support.same_bits(SCRIPT) > 1000)
  end)
end)
