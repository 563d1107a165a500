local snn = require "snn"
local support = require "spec.support"
local fails = support.fails

local function int(list) return snn.tensor(list, { dtype = "int64" }) end

describe("a method in place", function()
  it("changes the tensor and returns it", function()
    local t = snn.tensor { 1, 2 }
    assert.is_true(rawequal(t:add_(1), t))
    assert.same({ 2, 3 }, t:totable())
  end)

  it("exists for every operation", function()
    local t = snn.tensor { 4, 9 }
    assert.same({ 2, 3 }, t:clone():sqrt_():totable())
    assert.same({ 5, 10 }, t:clone():add_(1):totable())
    assert.same({ 3, 8 }, t:clone():sub_(1):totable())
    assert.same({ 8, 18 }, t:clone():mul_(2):totable())
    assert.same({ 2, 4.5 }, t:clone():div_(2):totable())
    assert.same({ 1, 0 }, t:clone():mod_(3):totable())
    assert.same({ 16, 81 }, t:clone():pow_(2):totable())
    assert.same({ -4, -9 }, t:clone():neg_():totable())
    assert.same({ 5, 8 }, t:clone():clamp_(5, 8):totable())
    assert.same({ 4, 8 }, t:clone():minimum_(8):totable())
    assert.same({ 5, 9 }, t:clone():maximum_(5):totable())
    assert.same({ 0, 1 }, t:clone():gt_(5):totable())
    assert.same({ 4, 0 }, t:clone():masked_fill_(snn.tensor { false, true }, 0):totable())
    for _, name in ipairs { "exp_", "log_", "tanh_", "sigmoid_", "abs_", "sign_", "floor_",
      "ceil_", "round_" } do
      local plain = name:sub(1, -2)
      local copy = t:clone()
      assert.is_true(copy[name](copy):equal(t[plain](t)))
    end
  end)

  it("fills, zeroes and copies", function()
    local t = snn.zeros(2, 2)
    assert.same({ { 3, 3 }, { 3, 3 } }, t:fill_(3):totable())
    assert.same({ { 0, 0 }, { 0, 0 } }, t:zero_():totable())
    assert.same({ { 1, 2 }, { 1, 2 } }, t:copy_(int { 1, 2 }):totable())
    fails("ValueError", "copy_: shape {3} does not broadcast to {2, 2}", t.copy_, t, snn.zeros(3))
    fails("TypeError", "fill_: 'value' must be a number or a boolean", t.fill_, t, "x")
  end)

  it("broadcasts its operands to the target, never the target", function()
    local t = snn.zeros(2, 3)
    assert.same({ { 1, 2, 3 }, { 1, 2, 3 } }, t:add_(snn.tensor { 1, 2, 3 }):totable())
    local row = snn.zeros(3)
    fails("ValueError", "add_: shape {2, 3} does not broadcast to {3}", row.add_, row, t)
    fails("ValueError", "add_: shape {1, 3} does not broadcast to {3}", row.add_, row,
      snn.zeros(1, 3))
    assert.same({ 0, 0, 0 }, row:totable())
  end)

  it("writes through views", function()
    local t = snn.zeros(2, 3)
    t:transpose(1, 2):add_(snn.tensor { 1, 2 })
    t:select(2, 2):mul_(10)
    assert.same({ { 1, 10, 1 }, { 2, 20, 2 } }, t:totable())
  end)

  it("computes in the common dtype and keeps the target's", function()
    local t = snn.tensor({ 1, 2 })
    t:add_(snn.tensor({ 0.5, 0.25 }, { dtype = "float64" }))
    assert.equal("float32", t.dtype)
    assert.same({ 1.5, 2.25 }, t:totable())
    assert.same({ 3, 4 }, int({ 1, 2 }):add_(snn.tensor({ true, true })):add_(1):totable())
    assert.same({ 1, 0 }, int({ 5, -5 }):gt_(0):totable())
  end)

  it("refuses a result that does not fit the target's dtype", function()
    local t, b = int { 1, 2 }, snn.tensor { true, false }
    fails("TypeError", "add_: the result is float32 and does not fit into a tensor of int64",
      t.add_, t, 0.5)
    fails("TypeError", "div_: the result is float32", t.div_, t, 2)
    fails("TypeError", "exp_: the result is float32", t.exp_, t)
    fails("TypeError", "add_: the result is int64 and does not fit into a tensor of bool", b.add_,
      b, 1)
    assert.same({ 1, 2 }, t:totable())
    assert.same({ true, false }, b:totable())
  end)

  it("works on empty tensors", function()
    assert.same({}, snn.zeros(0):add_(1):exp_():fill_(2):totable())
    assert.same({ 0, 3 }, snn.zeros(0, 3):add_(snn.zeros(3)).shape)
    assert.same({ 2, 0 }, snn.zeros(2, 0):fill_(1):copy_(snn.ones(2, 0)).shape)
  end)

  it("needs a tensor first", function()
    fails("TypeError", "add_: 'self' must be a tensor, got number 1", snn.zeros(1).add_, 1, 2)
  end)
end)

describe("a target that overlaps its operand", function()
  local t -- 0 .. 8 as 3 x 3

  before_each(function() t = snn.arange(9):reshape(3, 3) end)

  it("may be the same tensor", function()
    t:add_(t)
    assert.same({ { 0, 2, 4 }, { 6, 8, 10 }, { 12, 14, 16 } }, t:totable())
  end)

  it("may be its transpose", function()
    t:add_(t:transpose(1, 2))
    assert.same({ { 0, 4, 8 }, { 4, 8, 12 }, { 8, 12, 16 } }, t:totable())
  end)

  it("may be a row of it", function()
    t:mul_(t[2])
    assert.same({ { 0, 4, 10 }, { 9, 16, 25 }, { 18, 28, 40 } }, t:totable())
  end)

  it("may lie one element aside", function()
    local line = snn.arange(6)
    line:slice(1, 2, 6):copy_(line:slice(1, 1, 5))
    assert.same({ 0, 0, 1, 2, 3, 4 }, line:totable())
    line:slice(1, 1, 5):add_(line:slice(1, 2, 6))
    assert.same({ 0, 1, 3, 5, 7, 4 }, line:totable())
  end)

  it("may be large", function()
    local n = 70000
    local line = snn.arange(n, { dtype = "float64" })
    line:slice(1, 2, n):sub_(line:slice(1, 1, n - 1))
    assert.equal(0, line[1])
    assert.is_true(line:slice(1, 2, n):equal(snn.ones(n - 1, { dtype = "float64" })))
  end)

  it("may be copied onto its transpose", function()
    t:copy_(t:transpose(1, 2))
    assert.same({ { 0, 3, 6 }, { 1, 4, 7 }, { 2, 5, 8 } }, t:totable())
  end)

  it("may be the mask", function()
    local b = snn.tensor { { true, false }, { true, false } }
    b:masked_fill_(b:transpose(1, 2), false)
    assert.same({ { false, false }, { true, false } }, b:totable())
  end)
end)
