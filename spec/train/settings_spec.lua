-- Arguments of trainers that change while cells are trained.
local snn = require "snn"
local cells = require "spec.train.cells"
local fails = require("spec.support").fails
local near = require "spec.near"

local X, Y, NONE = { { 1, 0 } }, { { 0, 1 } }, { { 0, 0 } }

local function collected(layer)
  local list = { layer.updater.weight.pos, layer.updater.weight.neg }
  layer.updater.weight:clear()
  return list
end

describe("an argument of a trainer", function()
  local trainer, layer, other

  before_each(function()
    trainer, layer, other = cells.stdp(), cells.serial(), cells.serial()
    trainer:register_cell("a", layer.cell)
    trainer:register_cell("b", other.cell, { lr_post = 3 })
  end)

  local function step(pre, post)
    cells.step(layer, pre, post)
    cells.step(other, pre, post)
    trainer()
    return collected(layer)[1], collected(other)[1]
  end

  it("is a field, also where it has its default", function()
    assert.same({ 1, -0.5, "cumulative", false, "mean" }, { trainer.lr_post, trainer.lr_pre,
      trainer.trace_mode, trainer.delayed, trainer.batch_reduction })
  end)

  it("reaches the cells without an override", function()
    trainer.lr_post = 2
    local a, b = step(X, Y)
    near({ { 0, 0 }, { 2, 0 } }, a)
    near({ { 0, 0 }, { 3, 0 } }, b)
  end)

  it("holds for cells that come later", function()
    trainer.lr_post = 2
    local third = cells.serial()
    trainer:register_cell("c", third.cell)
    cells.step(third, X, Y)
    cells.step(layer, X, Y)
    cells.step(other, X, Y)
    trainer()
    near({ { 0, 0 }, { 2, 0 } }, collected(third)[1])
  end)

  it("counts whole in the next call: a trace goes over to the new rate", function()
    step(X, NONE)
    trainer.lr_post = 4
    near({ { 2, 0 } }, trainer:get_monitor("a", "trace_pre"):peek() / 2)
    near({ { 0, 0 }, { 2, 0 } }, (step(NONE, Y))) -- halved once
  end)

  it("of 0 forgets: spikes count from the next one on", function()
    step(X, NONE)
    trainer.lr_post = 0
    near({ { 0, 0 } }, trainer:get_monitor("a", "trace_pre"):peek())
    trainer.lr_post = 1
    near({ { 0, 0 }, { 0, 0 } }, (step(NONE, Y)))
    near({ { 0, 0 }, { 1, 0 } }, (step(X, Y)))
  end)

  it("turns to the other side with its sign", function()
    step(X, NONE)
    trainer.lr_post = -1
    cells.step(layer, NONE, Y)
    cells.step(other, NONE, Y)
    trainer()
    near({ { 0, 0 }, { 0.5, 0 } }, collected(layer)[2])
  end)

  it("is checked as in the constructor, and nothing changes", function()
    step(X, NONE)
    local state = trainer:state_dict()
    for _, case in ipairs { { "TypeError", "lr_post", "1" }, { "ValueError", "tc_pre", 0 },
      { "ValueError", "trace_mode", "last" }, { "TypeError", "delayed", 1 },
      { "ValueError", "batch_reduction", "least" } } do
      local kind, name, value = table.unpack(case)
      fails(kind, "'" .. name .. "'", function() trainer[name] = value end)
    end
    fails("TypeError", "snn.none", function() trainer.tc_pre = nil end)
    fails("TypeError", "'tc_pre' is missing", function() trainer.tc_pre = snn.none end)
    assert.equal(1, trainer.lr_post)
    for path, value in pairs(state) do assert(value:equal(trainer:state_dict()[path])) end
  end)

  it("is refused whole where a cell cannot take it", function()
    local triplet = snn.TripletSTDP { lr_post_pair = 1, lr_post_triplet = 1, lr_pre_pair = 1,
      lr_pre_triplet = 1, tc_post_fast = 10, tc_post_slow = 50, tc_pre_fast = 10, tc_pre_slow = 50 }
    triplet:register_cell("a", layer.cell)
    triplet:register_cell("b", other.cell, { tc_post_slow = 20 })
    fails("ValueError", "'tc_post_fast' must be less than", function()
      triplet.tc_post_fast = 30
    end)
    assert.same({ 10, 10 }, { triplet.tc_post_fast, triplet:get_unit("a").state.tc_post_fast })
  end)

  it("that is absent by default is taken back by snn.none", function()
    trainer.batch_reduction = "sum"
    trainer.batch_reduction = snn.none
    assert.equal("mean", trainer.batch_reduction)
  end)

  it("may be a function", function()
    local function least(t, dim) return t:amin(dim) end
    trainer.batch_reduction = least
    assert.equal(least, trainer.batch_reduction)
    near({ { 0, 0 }, { 1, 0 } }, (step(X, Y)))
  end)

  it("of a cell is set by its name, and taken back by snn.none", function()
    trainer:set("a", { lr_post = 5 })
    trainer:set("b", { lr_post = snn.none })
    local a, b = step(X, Y)
    near({ { 0, 0 }, { 5, 0 } }, a)
    near({ { 0, 0 }, { 1, 0 } }, b)
    trainer.lr_post = 2
    assert.same({ 5, 2 }, { trainer:get_unit("a").state.lr_post,
      trainer:get_unit("b").state.lr_post })
  end)

  it("of a cell is known by name", function()
    fails("AttributeError", "'lr_pos' (did you mean 'lr_post'?)", trainer.set, trainer, "a",
      { lr_pos = 1 })
    fails("AttributeError", "'c' is not the name of a registered cell", trainer.set, trainer, "c",
      { lr_post = 1 })
    fails("TypeError", "one table of names", trainer.set, trainer, "a", 1)
  end)

  it("that gives what was recorded another meaning begins anew, and tells it", function()
    step(X, Y)
    snn.warnings "error"
    fails("RuntimeError", "'trace_post', 'trace_pre' begin anew", function()
      trainer.trace_mode = "nearest"
    end)
    snn.warnings(true)
    assert.equal("cumulative", trainer.trace_mode)
    snn.warnings(false)
    trainer.trace_mode = "nearest"
    snn.warnings(true)
    assert.is_nil(trainer:get_monitor("a", "trace_pre"):peek())
    assert.truthy(trainer:get_monitor("a", "spike_pre"):peek())
    step(X, NONE)
    near({ { 0, 0 }, { 1, 0 } }, (step(X, Y)))
  end)

  it("says what is trained once for all", function()
    local rule = snn.LinearHomeostasis { plasticity = 1, target = 0.5 }
    rule:register_cell("a", layer.cell)
    fails("AttributeError", "'param' cannot be assigned", function() rule.param = "bias" end)
    fails("AttributeError", "register it again", rule.set, rule, "a", { param = "bias" })
    rule.target = 0.25
    assert.equal(0.25, rule:get_unit("a").state.target)
    fails("ValueError", "'target' must be finite and greater than 0", function()
      rule.target = 0
    end)
    rule.target = snn.none
    assert.is_nil(rule.target)
  end)

  it("may be changed in the middle of a step", function()
    local connection = layer.connection
    connection:register_forward_hook(function() trainer.lr_post = 2 * trainer.lr_post end)
    near({ { 0, 0 }, { 2, 0 } }, (step(X, Y)))
    near({ { 0, 0 }, { 6, 0 } }, (step(X, Y)))
  end)
end)

describe("a remembered pair", function()
  it("goes over to the new rate", function()
    local function made(lr)
      local layer = cells.serial()
      local trainer = snn.MSTDPET { lr_post = lr, lr_pre = -lr, tc_post = 5, tc_pre = 5,
        tc_eligibility = 10 }
      trainer:register_cell("a", layer.cell)
      cells.step(layer, X, Y)
      cells.step(layer, Y, X)
      return trainer, layer
    end
    local trainer, layer = made(1)
    local other, wanted = made(1000)
    trainer.lr_post, trainer.lr_pre = 1000, -1000
    for _, pair in ipairs { { trainer, layer }, { other, wanted } } do
      cells.step(pair[2], X, Y)
      pair[1](0.5)
    end
    local got = collected(layer)
    for i, term in ipairs(collected(wanted)) do near(term:totable(), got[i]) end
  end)
end)
