-- Eligibility traces and what calls make of them, against their law.
local snn = require "snn"
local fails = require("spec.support").fails
local eligibility = require "spec.train.eligibility"
local PAIR, SIZES = eligibility.PAIR, eligibility.SIZES
local made, play = eligibility.made, eligibility.play
local monitor, peek = eligibility.monitor, eligibility.peek
local pairs_of, law, assert_law = eligibility.pairs_of, eligibility.law, eligibility.assert_law
local terms_of, assert_term = eligibility.terms_of, eligibility.assert_term

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

  for class in pairs(SIZES) do
    it("and those of events add to it, of one sample on " .. class, function()
      snn.manual_seed(5)
      local layer, trainer = made(class, 1)
      local plain = snn.STDP { lr_post = 0.2, lr_pre = -0.1, tc_post = 10, tc_pre = 15 }
      plain:register_cell("cell", layer.cell)
      local step, z = law(layer, trainer, 20)
      play(layer, 3, step)
      local want = z.elig_post:sum(1) * 2 + pairs_of(layer, trainer).elig_post:sum(1)
      trainer(2)
      plain()
      assert_term(want, layer.updater.weight.pos)
    end)
  end
end)

describe("NaN of a signal", function()
  it("is refused, and what is remembered stays", function()
    local layer, trainer = made("LinearDense", 2)
    play(layer, 6)
    local before = peek(trainer, "elig_post")
    fails("ValueError", "for sample 1", trainer, snn.tensor { 0 / 0, 1 })
    assert.is_nil(layer.updater.weight.pos)
    assert.is_true(peek(trainer, "elig_post"):equal(before))
  end)
end)

-- ------------------------------------------------------------- totals

-- While signals are for all samples, the sum over the batch is kept too.
describe("the total of eligibility traces", function()
  for class in pairs(SIZES) do
    it("follows its law for long on " .. class, function()
      snn.manual_seed(5)
      local layer, trainer = made(class, 3, { tc_eligibility = 2 })
      local step, z = law(layer, trainer, 2)
      play(layer, 60, function(i)
        step()
        local signal = i % 20 == 19 and { 1, -2, 0.5 } or { 2, 2, 2 }
        trainer(i % 20 == 19 and snn.tensor(signal) or 2)
        local pos, neg = terms_of(z, signal, PAIR, "sum")
        assert_term(pos, layer.updater.weight.pos)
        assert_term(neg, layer.updater.weight.neg)
        layer:update()
      end)
    end)
  end

  it("is kept until samples have signals of their own", function()
    local layer, trainer = made("LinearDense", 2)
    play(layer, 3)
    for _, case in ipairs { { 0, false }, { 2, true }, { 0, true }, { snn.ones(2), false } } do
      trainer(case[1])
      assert.equal(case[2], monitor(trainer, "elig_post").total ~= nil)
    end
  end)

  it("is forgotten with what it is of", function()
    local layer, trainer = made("LinearDense", 2)
    play(layer, 3)
    trainer(1)
    monitor(trainer, "elig_post"):clear()
    assert.is_nil(monitor(trainer, "elig_post").total)
    layer.connection.batchsz, layer.neuron.batchsz = 3, 3
    play(layer, 1)
    assert.is_nil(monitor(trainer, "elig_pre").total)
  end)

  it("must fit the weight", function()
    local layer, trainer = made("LinearDense", 2)
    play(layer, 3)
    trainer(1)
    local state = trainer:state_dict()
    state["cells.cell.elig_pre.total"] = snn.ones(2, 13, 77)
    fails("ValueError", "elig_pre", trainer.load_state_dict, trainer, state)
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
