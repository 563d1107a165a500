local snn = require "snn"
local support = require "spec.support"
local fails = support.fails

describe("a creator", function()
  it("takes sizes or a list of them", function()
    assert.same({ 2, 3 }, snn.zeros(2, 3).shape)
    assert.same({ 2, 3 }, snn.zeros({ 2, 3 }).shape)
    assert.same({ 4 }, snn.ones(4).shape)
    assert.same({}, snn.ones({}).shape)
  end)

  it("takes a dtype after either", function()
    for _, dtype in ipairs { "bool", "int64", "float32", "float64" } do
      assert.equal(dtype, snn.zeros(2, { dtype = dtype }).dtype)
      assert.equal(dtype, snn.ones({ 2, 1 }, { dtype = dtype }).dtype)
    end
  end)

  it("makes float32 by default", function()
    for _, name in ipairs { "zeros", "ones", "empty", "arange", "eye", "rand", "randn" } do
      assert.equal("float32", snn[name](3).dtype)
    end
  end)

  it("allows sizes of 0", function() assert.equal(0, snn.zeros(0, 5).numel) end)

  it("refuses what is no shape", function()
    fails("TypeError", "zeros: 'shape' must be integers or a list of integers, got no value",
      snn.zeros)
    fails("TypeError", "'shape' must be an integer, got number 1.5", snn.zeros, 1.5)
    fails("ValueError", "'shape' must be at least 0, got -1", snn.zeros, 2, -1)
    fails("TypeError", "got string 'x'", snn.zeros, { 2, "x" })
    fails("ValueError", "at most 8", snn.zeros, { 1, 1, 1, 1, 1, 1, 1, 1, 1 })
    fails("ValueError", "at most 8", snn.zeros, 1, 1, 1, 1, 1, 1, 1, 1, 1)
  end)

  it("refuses what memory cannot hold", function()
    fails("ValueError", "does not fit into memory", snn.zeros, 1 << 40, 1 << 40)
    fails("ValueError", "does not fit into memory", snn.zeros, math.maxinteger, 0, math.maxinteger)
    fails("RuntimeError", "not enough memory", snn.zeros, 1 << 45)
    fails("ValueError", "", snn.rand, 1 << 40, 1 << 40)
    fails("ValueError", "", snn.eye, 1 << 40)
    fails("ValueError", "too many numbers", snn.arange, 1e30)
  end)
end)

describe("zeros, ones, empty and full", function()
  it("have one value everywhere", function()
    assert.same({ { 0, 0 }, { 0, 0 } }, snn.zeros(2, 2):totable())
    assert.same({ 1, 1 }, snn.ones(2):totable())
    assert.same({ 2.5, 2.5 }, snn.full(2, 2.5):totable())
    assert.same({ 2 }, snn.empty(2).shape)
  end)

  it("take the value's dtype where it is a boolean", function()
    local t = snn.full({ 2 }, true)
    assert.equal("bool", t.dtype)
    assert.same({ true, true }, t:totable())
  end)

  it("take the tensor's shape and dtype in the forms with _like", function()
    local t = snn.tensor({ { 3, 4 } }, { dtype = "int64" })
    assert.same({ { 0, 0 } }, snn.zeros_like(t):totable())
    assert.same({ { 1, 1 } }, snn.ones_like(t):totable())
    assert.same({ { 7, 7 } }, snn.full_like(t, 7):totable())
    assert.equal("int64", snn.empty_like(t).dtype)
    assert.equal("float64", snn.zeros_like(t, { dtype = "float64" }).dtype)
  end)

  it("refuse a value that is none", function()
    fails("TypeError", "full: 'value' must be a number or a boolean, got nil", snn.full, 2, nil)
    fails("TypeError", "full_like: 'value'", snn.full_like, snn.zeros(2), "x")
    fails("TypeError", "zeros_like: 'tensor' must be a tensor, got number 2", snn.zeros_like, 2)
  end)
end)

describe("eye", function()
  it("is square or has the given columns", function()
    assert.same({ { 1, 0 }, { 0, 1 } }, snn.eye(2):totable())
    assert.same({ { 1, 0, 0 }, { 0, 1, 0 } }, snn.eye(2, 3):totable())
    assert.same({ { true }, { false } }, snn.eye(2, 1, { dtype = "bool" }):totable())
  end)

  it("may be empty", function() assert.same({ 0, 3 }, snn.eye(0, 3).shape) end)
end)

describe("arange", function()
  it("excludes stop", function()
    assert.same({ 0, 1, 2 }, snn.arange(3):totable())
    assert.same({ 2, 3 }, snn.arange(2, 4):totable())
    assert.same({ 1, 1.5 }, snn.arange(1, 2, 0.5):totable())
    assert.same({ 1, 1.5, 2 }, snn.arange(1, 2.1, 0.5):totable())
  end)

  it("goes down with a negative step", function()
    assert.same({ 3, 2, 1 }, snn.arange(3, 0, -1):totable())
  end)

  it("is empty when the step leads away", function() assert.same({ 0 }, snn.arange(3, 0).shape) end)

  it("takes a dtype behind any form", function()
    assert.same({ 0, 1 }, snn.arange(2, { dtype = "int64" }):totable())
    assert.equal("int64", snn.arange(1, 9, 2, { dtype = "int64" }).dtype)
  end)

  it("refuses a step of 0 and what is not finite", function()
    fails("ValueError", "the step not 0", snn.arange, 0, 1, 0)
    fails("ValueError", "all must be finite", snn.arange, 0, math.huge)
    fails("TypeError", "arange: 'stop' must be a number, got no value", snn.arange)
  end)
end)

describe("linspace", function()
  it("includes both ends", function()
    assert.same({ 0, 0.25, 0.5, 0.75, 1 }, snn.linspace(0, 1, 5):totable())
    assert.equal(0.3, snn.linspace(0.1, 0.3, 7, { dtype = "float64" })[7])
  end)

  it("passes over a distance that is no number", function()
    local t = snn.linspace(-1e308, 1e308, 3, { dtype = "float64" })
    assert.same({ -1e308, 0, 1e308 }, t:totable())
  end)

  it("has the first number alone, or none", function()
    assert.same({ 4 }, snn.linspace(4, 9, 1):totable())
    assert.same({}, snn.linspace(4, 9, 0):totable())
  end)
end)
