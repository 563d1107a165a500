local snn = require "snn"
local support = require "spec.support"
local fails = support.fails

local NAN <const> = 0 / 0

describe("snn.tensor", function()
  it("takes a number", function()
    local t = snn.tensor(2.5)
    assert.same({}, t.shape)
    assert.equal(2.5, t:item())
  end)

  it("takes nested lists", function()
    local t = snn.tensor { { { 1, 2 }, { 3, 4 }, { 5, 6 } } }
    assert.same({ 1, 3, 2 }, t.shape)
    assert.same({ { { 1, 2 }, { 3, 4 }, { 5, 6 } } }, t:totable())
  end)

  it("gives float32 for integers too", function()
    assert.equal("float32", snn.tensor({ 1, 2 }).dtype)
  end)

  it("gives bool for booleans", function()
    local t = snn.tensor { true, false }
    assert.equal("bool", t.dtype)
    assert.same({ true, false }, t:totable())
  end)

  it("lets numbers win over booleans", function()
    local t = snn.tensor { true, 2.5 }
    assert.equal("float32", t.dtype)
    assert.same({ 1, 2.5 }, t:totable())
  end)

  it("keeps the sizes of empty lists", function()
    assert.same({ 0 }, snn.tensor({}).shape)
    assert.same({ 2, 0 }, snn.tensor({ {}, {} }).shape)
  end)

  it("rounds to float32", function()
    assert.equal(string.unpack("f", string.pack("f", 0.1)), snn.tensor(0.1):item())
    assert.equal(0.1, snn.tensor(0.1, { dtype = "float64" }):item())
  end)

  it("keeps all bits of integers in int64", function()
    local t = snn.tensor({ math.maxinteger, math.mininteger }, { dtype = "int64" })
    assert.same({ math.maxinteger, math.mininteger }, t:totable())
  end)

  it("truncates to int64, saturates, and makes 0 of NaN", function()
    local t = snn.tensor({ 1.9, -1.9, 1e300, -math.huge, NAN }, { dtype = "int64" })
    assert.same({ 1, -1, math.maxinteger, math.mininteger, 0 }, t:totable())
  end)

  it("counts all but zero as true", function()
    local t = snn.tensor({ 0, -0.0, 0.5, NAN }, { dtype = "bool" })
    assert.same({ false, false, true, true }, t:totable())
  end)

  it("copies a tensor", function()
    local t = snn.tensor { 1, 2 }
    local copy = snn.tensor(t, { dtype = "float64" })
    t[1] = 5
    assert.same({ 1, 2 }, copy:totable())
    assert.equal("float64", copy.dtype)
  end)

  it("names the place where lists are ragged", function()
    fails("ValueError", "the list at [2] has 1 entries, the first one of that depth has 2",
      snn.tensor,
      { { 1, 2 }, { 3 } })
    fails("ValueError", "[2] must be a list like its neighbours, got number 3", snn.tensor,
      { { 1 }, 3 })
    fails("ValueError", "[1][2] must be a number like its neighbours, got a list", snn.tensor,
      { { 1, { 2 } } })
  end)

  it("refuses other values", function()
    fails("TypeError", "tensor: [2] must be a number, a boolean or a list of them, got string 'x'",
      snn.tensor, { 1, "x" })
    fails("TypeError", "tensor: the value must be", snn.tensor, nil)
    fails("TypeError", "tensor: the value must be", snn.tensor, print)
  end)

  it("refuses lists deeper than 8", function()
    local deep = 1
    for _ = 1, 9 do deep = { deep } end
    fails("ValueError", "deeper than 8", snn.tensor, deep)
  end)

  it("refuses a list that holds itself", function()
    local list = {}
    list[1] = list
    fails("ValueError", "deeper than 8", snn.tensor, list)
  end)

  it("refuses an unknown option and dtype", function()
    fails("TypeError", "tensor: unknown option 'dtyp' (did you mean 'dtype'?)", snn.tensor, 1,
      { dtyp = "bool" })
    fails("ValueError", "got 'float16'", snn.tensor, 1, { dtype = "float16" })
    fails("TypeError", "'options' must be a table", snn.tensor, 1, "float64")
  end)

  it("reads lists without their metamethods", function()
    local list = setmetatable({ 1, 2 }, { __index = function() error("called") end,
      __len = function() return 9 end })
    assert.same({ 1, 2 }, snn.tensor(list):totable())
  end)
end)

describe("item", function()
  it("gives the only element", function()
    assert.equal(7, snn.tensor({ { 7 } }):item())
    assert.is_true(snn.tensor(true):item())
    assert.equal("integer", math.type(snn.tensor(3, { dtype = "int64" }):item()))
  end)

  it("refuses more or fewer", function()
    fails("ValueError", "item: a tensor of shape {2} has not exactly one element",
      snn.zeros(2).item, snn.zeros(2))
    fails("ValueError", "{0}", snn.zeros(2).item, snn.zeros(0))
  end)
end)

describe("totable", function()
  it("refuses lists that would take all memory", function()
    local wide = snn.zeros(1):expand(1 << 40)
    fails("RuntimeError", "makes lists of 1099511627776 entries, at most 268435456",
      wide.totable, wide)
    fails("RuntimeError", "at most 268435456", wide.totable, snn.zeros(2, 1 << 45, 0))
  end)

  it("follows views", function()
    local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
    assert.same({ { 1, 4 }, { 2, 5 }, { 3, 6 } }, t:transpose(1, 2):totable())
    assert.same({ 3, 6 }, t:select(2, 3):totable())
  end)

  it("gives the number of a tensor without dimensions", function()
    assert.equal(4, snn.tensor(4):totable())
  end)

  it("gives empty lists", function() assert.same({ {}, {} }, snn.zeros(2, 0):totable()) end)
end)
