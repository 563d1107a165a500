-- Eligibility traces against their law, written down in tensors of float64.
local snn = require "snn"
local cells = require "spec.train.cells"
local support = require "spec.support"
local fails = support.fails

local PAIR = { lr_post = 0.2, lr_pre = -0.1, tc_post = 10, tc_pre = 15, tc_eligibility = 20 }

local SIZES = {
  LinearDense = { in_shape = { 7, 11 }, out_shape = { 13 } },
  LinearDirect = { shape = { 3, 5 } },
  LinearLateral = { shape = { 19 } },
  Conv2D = { height = 5, width = 6, channels = 2, filters = 3, kernel = 3 },
}

local function with(args, more)
  local out = {}
  for k, v in pairs(args) do out[k] = v end
  for k, v in pairs(more or {}) do out[k] = v end
  return out
end

---A layer and its trainer.
local function made(class, batch, changes, of_connection)
  local layer = cells.serial(class, with(with(SIZES[class], { batch_size = batch }), of_connection))
  local trainer = snn.MSTDPET(with(PAIR, changes))
  trainer:register_cell("cell", layer.cell)
  return layer, trainer
end

local function monitor(trainer, name) return trainer:get_monitor("cell", name) end
local function peek(trainer, name) return monitor(trainer, name):peek() end

---Steps with random spikes; `each` is called after each of them.
local function play(layer, steps, each)
  local connection = layer.connection
  local function draw(shape) return snn.rand(connection.batchsz, table.unpack(shape)):lt(0.3) end
  for i = 1, steps do
    cells.step(layer, draw(connection.inshape), draw(connection.outshape))
    if each then each(i) end
  end
end

-- ------------------------------------------------------------- the law

---What a step adds to the two, from what the other recorders have.
local function pairs_of(layer, trainer)
  local connection = layer.connection
  local function pre(name)
    return connection:presyn_receptive(peek(trainer, name):to "float64")
  end
  local function post(name)
    return connection:postsyn_receptive(peek(trainer, name):to "float64")
  end
  return { elig_post = (pre "trace_pre" * post "spike_post"):sum(-1),
    elig_pre = (post "trace_post" * pre "spike_pre"):sum(-1) }
end

---A function to call after each step, and the table of what both are then.
local function law(layer, trainer, tc)
  local z = {}
  return function()
    for name, seen in pairs(pairs_of(layer, trainer)) do
      z[name] = seen / tc + (z[name] and z[name] * math.exp(-layer.connection.dt / tc) or 0)
    end
  end, z
end

local function assert_law(trainer, z, rtol)
  for name, want in pairs(z) do
    assert.is_true(peek(trainer, name):to("float64"):allclose(want, rtol, rtol * 1e-3))
  end
end

-- Terms of the two sides: a value of the signal for each sample.
local function terms_of(z, signal, args, reduction)
  local list = { {}, {} }
  for _, part in ipairs { { z.elig_post, args.lr_post }, { z.elig_pre, args.lr_pre } } do
    for b, s in ipairs(signal) do
      local side = (part[2] >= 0) == (s >= 0) and 1 or 2
      table.insert(list[side], part[1]:select(1, b) * math.abs(s))
    end
  end
  local out = {}
  for side, parts in ipairs(list) do
    local sum
    for _, t in ipairs(parts) do sum = sum and sum + t or t end
    if sum and reduction == "mean" then sum = sum / #parts end
    out[side] = sum
  end
  return out[1], out[2]
end

local function assert_term(want, got)
  if not want then return assert.is_nil(got) end
  assert.is_true(got:to("float64"):allclose(want, 1e-5, 1e-7))
end

-- ------------------------------------------------------------- values

for class in pairs(SIZES) do
  for _, dtype in ipairs { "float32", "float64" } do
    local rtol = dtype == "float64" and 1e-12 or 1e-5

    describe("eligibility traces on " .. class .. " of " .. dtype, function()
      before_each(function() snn.manual_seed(5) end)

      for _, batch in ipairs { 1, 3 } do
        it("follow their law, batch " .. batch, function()
          local layer, trainer = made(class, batch, nil, { dtype = dtype })
          local step, z = law(layer, trainer, 20)
          play(layer, 12, step)
          assert_law(trainer, z, rtol)
        end)
      end

      it("follow it with delays", function()
        local layer, trainer = made(class, 3, nil, { dtype = dtype, delay = 4 })
        local connection = layer.connection
        connection.delay = (snn.rand(connection.delay.shape) * 4):round():to(dtype)
        local step, z = law(layer, trainer, 20)
        play(layer, 12, step)
        assert_law(trainer, z, rtol)
      end)

      -- the last one leaves nothing of a step after the next
      for _, tc in ipairs { 1.5, 0.05, 1e-4 } do
        it("follow it for long, time constant " .. tc, function()
          local layer, trainer = made(class, 2, { tc_eligibility = tc }, { dtype = dtype })
          local step, z = law(layer, trainer, tc)
          play(layer, 60, step)
          assert_law(trainer, z, rtol)
        end)
      end

      for _, rates in ipairs { { 0.2, -0.1 }, { -0.2, 0.1 }, { 0.2, 0.1 }, { -0.2, -0.1 } } do
        for _, reduction in ipairs { "sum", "mean" } do
          it(("come to a %s by rates %g, %g and a signal for each sample"):format(reduction,
            rates[1], rates[2]), function()
            local args = { lr_post = rates[1], lr_pre = rates[2], batch_reduction = reduction }
            local layer, trainer = made(class, 4, args, { dtype = dtype })
            local step, z = law(layer, trainer, 20)
            play(layer, 6, step)
            trainer(snn.tensor { 1, -2, 0, 0.5 })
            local pos, neg = terms_of(z, { 1, -2, 0, 0.5 }, args, reduction)
            assert_term(pos, layer.updater.weight.pos)
            assert_term(neg, layer.updater.weight.neg)
          end)
        end
      end
    end)
  end
end

describe("a signal for all samples", function()
  for _, reduction in ipairs { "sum", "mean" } do
    it("weighs the " .. reduction .. " of each side", function()
      local layer, trainer = made("LinearDense", 3, { batch_reduction = reduction })
      local step, z = law(layer, trainer, 20)
      play(layer, 6, step)
      trainer(-3, { scale = 2 })
      local n = reduction == "mean" and 3 or 1
      assert_term(z.elig_pre:sum(1) * 6 / n, layer.updater.weight.pos)
      assert_term(z.elig_post:sum(1) * 6 / n, layer.updater.weight.neg)
    end)
  end

  it("joins both where they go to one side", function()
    local layer, trainer = made("LinearDense", 3, { lr_pre = 0.1 })
    local step, z = law(layer, trainer, 20)
    play(layer, 6, step)
    trainer(2)
    assert_term((z.elig_post + z.elig_pre):sum(1) * 2, layer.updater.weight.pos)
    assert.is_nil(layer.updater.weight.neg)
  end)

  it("that is 0 gives terms of zeros", function()
    local layer, trainer = made("LinearDense", 3)
    play(layer, 3)
    trainer(0)
    assert.equal(0, layer.updater.weight.pos:abs():sum():item())
  end)

  it("adds to the terms that are there", function()
    local layer, trainer = made("LinearDense", 3)
    local step, z = law(layer, trainer, 20)
    play(layer, 3, step)
    trainer(2)
    trainer(0)
    trainer(0.5)
    assert_term(z.elig_post:sum(1) * 2.5, layer.updater.weight.pos)
  end)

  it("adds to those of events, and they to it", function()
    local layer, trainer = made("LinearDense", 3)
    local plain = snn.MSTDP { lr_post = 0.2, lr_pre = -0.1, tc_post = 10, tc_pre = 15 }
    plain:register_cell("cell", layer.cell)
    local step, z = law(layer, trainer, 20)
    play(layer, 3, step)
    local events = pairs_of(layer, trainer).elig_post:sum(1)
    plain(1)
    trainer(2)
    plain(1)
    assert_term(z.elig_post:sum(1) * 2 + events * 2, layer.updater.weight.pos)
    layer:update()
    plain(1)
    assert_term(events, layer.updater.weight.pos)
  end)
end)

describe("NaN of a signal", function()
  it("leaves its sample out", function()
    local layer, trainer = made("LinearDense", 2)
    play(layer, 6)
    trainer(snn.tensor { 0 / 0, 1 })
    assert.is_true(layer.updater.weight.pos:allclose(peek(trainer, "elig_post"):select(1, 2)))
  end)
end)

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

-- ------------------------------------------------------------- updates

-- Of a single sample the update takes what the trainer keeps as it is.
describe("an update of one sample's traces", function()
  local layer, trainer, z, weight, law_step
  before_each(function()
    snn.manual_seed(5)
    layer, trainer = made("LinearDense", 1)
    law_step, z = law(layer, trainer, 20)
    layer.connection.weight = snn.rand(layer.connection.weight.shape)
    weight = layer.connection.weight:to "float64"
    play(layer, 4, law_step)
    trainer(2)
  end)

  local function assert_weight(want)
    assert.is_true(layer.connection.weight:to("float64"):allclose(want, 1e-5, 1e-6))
  end
  local function change() return (z.elig_post - z.elig_pre):squeeze(1) * 2 end

  it("adds their difference, once", function()
    layer:update()
    layer:update()
    assert_weight(weight + change())
  end)

  it("adds them again where they are not cleared", function()
    layer:update { clear = false }
    layer:update()
    assert_weight(weight + change() * 2)
  end)

  it("adds what they were at the call", function()
    local want = weight + change()
    play(layer, 3)
    layer:update()
    assert_weight(want)
  end)

  it("adds them after the trainer is cleared and gone", function()
    trainer:clear()
    trainer = nil
    for _ = 1, 3 do collectgarbage() end
    layer:update()
    assert_weight(weight + change())
  end)

  it("adds what two calls have, the second of other values", function()
    local want = weight + change()
    play(layer, 1, law_step)
    trainer(2)
    layer:update()
    assert_weight(want + change())
  end)

  it("adds what somebody has looked at", function()
    assert_term(z.elig_post:squeeze(1) * 2, layer.updater.weight.pos)
    layer:update()
    assert_weight(weight + change())
  end)

  it("adds them beside terms of the script's", function()
    layer.updater.weight.neg = snn.full(weight.shape, 0.25)
    layer:update()
    assert_weight(weight + change() - 0.25)
  end)

  it("adds nothing once the updater is cleared", function()
    layer.updater.weight:clear()
    layer:update()
    assert_weight(weight)
  end)

  it("bounds them", function()
    layer.updater.weight:upperbound(snn.functional.bound_upper_multiplicative, 1)
    layer.updater.weight:lowerbound(snn.functional.bound_lower_multiplicative, 0)
    layer:update()
    assert_weight(weight + (1 - weight) * z.elig_post:squeeze(1) * 2
      - weight * z.elig_pre:squeeze(1) * 2)
  end)

  it("goes on where each update comes a step late", function()
    layer:update()
    for _ = 1, 5 do
      play(layer, 1, law_step)
      layer:update()
      weight = layer.connection.weight:to "float64"
      trainer(2)
    end
    layer:update()
    assert_weight(weight + change())
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
  local first
  setup(function() first = support.run(SCRIPT:format(1), { SNN_ISA = "v1" }) end)

  for _, isa in ipairs { "v1", "v3", "v4" } do
    for _, threads in ipairs { 1, 2, 4 } do
      it(("are the same on %s with %d threads"):format(isa, threads), function()
        local result = support.run(SCRIPT:format(threads), { SNN_ISA = isa })
        assert.equal(0, result.code)
        assert.is_true(#result.out > 1000 and result.out == first.out)
      end)
    end
  end
end)
