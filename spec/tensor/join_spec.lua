local snn = require "snn"

local DTYPES <const> = { "bool", "int64", "float32", "float64" }

local function ints(list) return snn.tensor(list, { dtype = "int64" }) end

local function fails(kind, text, fn, ...)
  local ok, e = pcall(fn, ...)
  assert.is_false(ok)
  assert.equal(kind, e.kind)
  assert.equal(text, e.message)
end

describe("cat", function()
  local a, b = snn.tensor { { 1, 2 }, { 3, 4 } }, snn.tensor { { 5, 6 } }

  it("puts tensors behind each other along the first dimension", function()
    assert.same({ { 1, 2 }, { 3, 4 }, { 5, 6 } }, snn.cat({ a, b }):totable())
  end)

  it("takes a dimension, also from the end", function()
    local wide = { { 1, 2, 1, 3 }, { 3, 4, 2, 4 } }
    assert.same(wide, snn.cat({ a, a:transpose(1, 2) }, 2):totable())
    assert.same(wide, snn.cat({ a, a:transpose(1, 2) }, -1):totable())
  end)

  it("promotes dtypes", function()
    local c = snn.cat { snn.tensor { true, false }, ints { 7 } }
    assert.equal("int64", c.dtype)
    assert.same({ 1, 0, 7 }, c:totable())
    assert.equal("float64", snn.cat({ b, b:to("float64") }).dtype)
  end)

  it("takes empty tensors", function()
    assert.same({ { 5, 6 } }, snn.cat({ snn.zeros(0, 2), b, snn.zeros(0, 2) }):totable())
  end)

  it("is a copy", function()
    local c = snn.cat { b }
    c[1][1] = 9
    assert.equal(5, b[1][1])
  end)

  it("refuses what does not fit", function()
    fails("ValueError", "cat: tensor 2 has shape {2, 3}, the first has {2, 2}: "
      .. "they must be equal but in dimension 1", snn.cat, { a, snn.zeros(2, 3) })
    fails("ValueError", "cat: tensor 3 has shape {2}, the first has {2, 2}: "
      .. "they must be equal but in dimension 2", snn.cat, { a, a, snn.zeros(2) }, 2)
    fails("ValueError", "cat: 'list' has no tensors", snn.cat, {})
    fails("TypeError", "cat: element 2 of 'list' must be a tensor, got number 1", snn.cat, { a, 1 })
    fails("TypeError", "cat: 'list' must be a list of tensors, got Tensor", snn.cat, a)
    fails("ValueError", "cat: 'dim' is 3, a tensor with 2 dimensions takes 1 to 2 or -2 to -1",
      snn.cat, { a, a }, 3)
    fails("ValueError", "cat: tensors without dimensions cannot be joined; use stack",
      snn.cat, { snn.tensor(1) })
  end)
end)

describe("stack", function()
  local a, b = snn.tensor { 1, 2, 3 }, snn.tensor { 4, 5, 6 }

  it("puts tensors beside each other in a new dimension", function()
    assert.same({ { 1, 2, 3 }, { 4, 5, 6 } }, snn.stack({ a, b }):totable())
    assert.same({ { 1, 4 }, { 2, 5 }, { 3, 6 } }, snn.stack({ a, b }, 2):totable())
    assert.same({ { 1, 4 }, { 2, 5 }, { 3, 6 } }, snn.stack({ a, b }, -1):totable())
  end)

  it("makes a vector of tensors without dimensions", function()
    assert.same({ 1, 2 }, snn.stack({ snn.tensor(1), snn.tensor(2) }):totable())
  end)

  it("refuses other shapes and too many dimensions", function()
    fails("ValueError", "stack: tensor 2 has shape {2}, the first has {3}: they must be equal",
      snn.stack, { a, snn.zeros(2) })
    fails("ValueError", "stack: a tensor has at most 8 dimensions",
      snn.stack, { snn.zeros(1, 1, 1, 1, 1, 1, 1, 1) })
  end)
end)

describe("index_select", function()
  for _, dtype in ipairs(DTYPES) do
    it("chooses slices of a " .. dtype .. " tensor", function()
      local t = snn.eye(3, { dtype = dtype })
      local chosen = t:index_select(1, ints { 3, 1, 3 })
      assert.equal(dtype, chosen.dtype)
      assert.same({ { 0, 0, 1 }, { 1, 0, 0 }, { 0, 0, 1 } }, chosen:to("int64"):totable())
      local columns = t:index_select(2, ints { 2, 2 })
      assert.same({ { 0, 0 }, { 1, 1 }, { 0, 0 } }, columns:to("int64"):totable())
    end)
  end

  it("takes views", function()
    local t = snn.tensor { { 1, 2 }, { 3, 4 } }
    assert.same({ { 2, 4 } }, t:transpose(1, 2):index_select(1, ints { 2 }):totable())
    local every_other = ints({ { 2, 9 }, { 1, 9 } }):select(2, 1)
    assert.same({ { 3, 4 }, { 1, 2 } }, t:index_select(1, every_other):totable())
  end)

  it("counts negative indices from the end", function()
    assert.same({ 3, 1 }, snn.tensor({ 1, 2, 3 }):index_select(1, ints { -1, -3 }):totable())
  end)

  it("chooses nothing with an empty index", function()
    local none = snn.zeros({ 0 }, { dtype = "int64" })
    assert.same({ 0, 3 }, snn.zeros(2, 3):index_select(1, none).shape)
  end)

  it("refuses indices out of range and of other dtypes", function()
    local t = snn.zeros(2, 3)
    fails("ValueError", "index_select: index 4 is out of range, dimension 2 has 1 to 3",
      t.index_select, t, 2, ints { 1, 4 })
    fails("ValueError", "index_select: index 0 is out of range, dimension 2 has 1 to 3",
      t.index_select, t, 2, ints { 0 })
    fails("ValueError", "index_select: index 1 is out of range, dimension 1 is empty",
      t.index_select, snn.zeros(0, 3), 1, ints { 1 })
    fails("TypeError", "index_select: 'index' must be a tensor of whole numbers, got bool; a bool "
      .. "tensor is a mask: t[mask], t:masked_select(mask)",
      t.index_select, t, 1, snn.tensor { true })
    fails("ValueError", "index_select: 'index' must hold whole numbers, element 2 is 1.5",
      t.index_select, t, 1, snn.tensor { 1, 1.5 })
    fails("ValueError", "index_select: 'index' must have 1 dimension, got shape {1, 1}",
      t.index_select, t, 1, ints { { 1 } })
  end)
end)

describe("gather", function()
  local t = snn.tensor { { 1, 2 }, { 3, 4 } }

  it("takes an element for each index", function()
    assert.same({ { 1, 1 }, { 4, 3 } }, t:gather(2, ints { { 1, 1 }, { 2, 1 } }):totable())
    assert.same({ { 3, 2 } }, t:gather(1, ints { { 2, 1 } }):totable())
    assert.same({ { 2, 3 } }, t:transpose(1, 2):gather(1, ints { { 2, 1 } }):totable())
  end)

  it("refuses an index that does not fit", function()
    fails("ValueError",
      "gather: 'index' has shape {3, 1}, which does not lie inside that of 'self', {2, 2}",
      t.gather, t, 2, ints { { 1 }, { 1 }, { 1 } })
    fails("ValueError", "gather: index 3 is out of range, dimension 2 has 1 to 2",
      t.gather, t, 2, ints { { 3 } })
  end)
end)

describe("scatter_add_", function()
  it("adds at the places of an index, in its order", function()
    local t = snn.zeros(2, 3)
    local same = t:scatter_add_(2, ints { { 1, 1 }, { 3, 2 } }, snn.tensor { { 1, 2 }, { 3, 4 } })
    assert.equal(t, same)
    assert.same({ { 3, 0, 0 }, { 0, 4, 3 } }, t:totable())
  end)

  it("writes through views", function()
    local t = snn.zeros(2, 2)
    t:transpose(1, 2):scatter_add_(1, ints { { 2, 2 } }, snn.ones(1, 2))
    assert.same({ { 0, 1 }, { 0, 1 } }, t:totable())
  end)

  it("may add a tensor to itself, by itself", function()
    local t = ints { 3, 1, 2 }
    t:scatter_add_(1, t, t)
    assert.same({ 4, 3, 5 }, t:totable())
  end)

  it("converts a lower dtype and refuses a higher one", function()
    local t = snn.zeros(1):scatter_add_(1, ints { 1 }, snn.tensor { true })
    assert.same({ 1 }, t:totable())
    fails("TypeError", "scatter_add_: float64 cannot be added to a float32 tensor in place",
      t.scatter_add_, t, 1, ints { 1 }, snn.ones({ 1 }, { dtype = "float64" }))
    fails("TypeError", "scatter_add_: bool cannot be added to a bool tensor in place",
      t.scatter_add_, snn.tensor { true }, 1, ints { 1 }, snn.tensor { true })
  end)

  it("changes nothing when an index is out of range", function()
    local t = snn.zeros(2)
    fails("ValueError", "scatter_add_: index 3 is out of range, dimension 1 has 1 to 2",
      t.scatter_add_, t, 1, ints { 1, 3 }, snn.ones(2))
    assert.same({ 0, 0 }, t:totable())
  end)

  it("refuses an index beyond src", function()
    fails("ValueError",
      "scatter_add_: 'index' has shape {2}, which does not lie inside that of 'src', {1}",
      snn.zeros(1).scatter_add_, snn.zeros(2), 1, ints { 1, 2 }, snn.ones(1))
  end)
end)

describe("nonzero", function()
  it("lists places from 1 in their order", function()
    local t = snn.tensor { { 0, 2 }, { 0 / 0, 0 } }
    assert.equal("int64", t:nonzero().dtype)
    assert.same({ { 1, 2 }, { 2, 1 } }, t:nonzero():totable())
    assert.same({ { 1, 2 }, { 2, 1 } }, t:transpose(1, 2):nonzero():totable())
  end)

  it("of zeros has no rows", function()
    assert.same({ 0, 2 }, snn.zeros(2, 3):nonzero().shape)
    assert.same({ 0, 2 }, snn.zeros(0, 3):nonzero().shape)
  end)

  it("of a tensor without dimensions has no columns", function()
    assert.same({ 1, 0 }, snn.tensor(5):nonzero().shape)
    assert.same({ 0, 0 }, snn.tensor(0):nonzero().shape)
  end)
end)

describe("bincount", function()
  it("counts 1 to the greatest element", function()
    local counts = ints({ 4, 1, 4, 2 }):bincount()
    assert.equal("int64", counts.dtype)
    assert.same({ 1, 1, 0, 2 }, counts:totable())
  end)

  it("gives at least minlength counts", function()
    assert.same({ 1, 0, 0 }, ints({ 1 }):bincount({ minlength = 3 }):totable())
    assert.same({ 0, 1 }, ints({ 2 }):bincount({ minlength = 1 }):totable())
    assert.same({ 0 }, snn.zeros({ 0 }, { dtype = "int64" }):bincount().shape)
  end)

  it("refuses what cannot be counted", function()
    local t = ints { 1 }
    fails("ValueError", "bincount: element 2 is 0, counted are whole numbers from 1",
      t.bincount, ints { 1, 0 })
    fails("TypeError", "bincount: 'self' must be a tensor of whole numbers, got bool",
      t.bincount, snn.tensor { true })
    fails("ValueError", "bincount: 'self' must hold whole numbers, element 1 is 0.5",
      t.bincount, snn.tensor { 0.5 })
    fails("TypeError", "bincount: unknown option 'min_length' (did you mean 'minlength'?)",
      t.bincount, t, { min_length = 2 })
    fails("ValueError",
      "bincount: a tensor of shape {4611686018427387904} does not fit into memory",
      t.bincount, ints { 1 << 62 })
  end)
end)
