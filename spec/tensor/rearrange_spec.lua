-- Flips, rolls, differences, diagonals, triangles, cuts and distinct elements;
-- the numbers are NumPy's.
local snn = require "snn"
local support = require "spec.support"
local fails = support.fails
local NAN <const> = 0 / 0
local DTYPES <const> = { "bool", "int64", "float32", "float64" }

local function int(list) return snn.tensor(list, { dtype = "int64" }) end

---0 .. n - 1 in a shape, as a view whose strides fall the other way.
local function turned(...)
  local t = snn.arange(select(1, ...) * select(2, ...)):reshape(...)
  return t:transpose(1, 2):clone():transpose(1, 2)
end

---As lists of numbers, whatever the dtype.
local function numbers(t) return t:to("float64"):totable() end

describe("flip", function()
  it("goes backwards along all dimensions or those given", function()
    local t = turned(2, 3)
    assert.same({ { 5, 4, 3 }, { 2, 1, 0 } }, t:flip():totable())
    assert.same({ { 3, 4, 5 }, { 0, 1, 2 } }, t:flip(1):totable())
    assert.same({ { 2, 1, 0 }, { 5, 4, 3 } }, t:flip(-1):totable())
    assert.same(t:flip():totable(), t:flip(1, 2):totable())
    assert.same(t:flip():totable(), t:flip({ 2, 1 }):totable())
  end)

  it("is a copy in every dtype", function()
    for _, dtype in ipairs(DTYPES) do
      local t = snn.tensor({ 1, 0, 0, 1, 1 }, { dtype = dtype })
      local flipped = t:flip()
      assert.equal(dtype, flipped.dtype)
      assert.same({ 1, 1, 0, 0, 1 }, numbers(flipped))
      flipped:zero_()
      assert.same({ 1, 0, 0, 1, 1 }, numbers(t))
    end
  end)

  it("undoes itself on large and expanded tensors", function()
    local t = snn.arange(300 * 257):reshape(300, 257)
    assert.is_true(t:flip(2):flip(2) == t)
    assert.is_true(t:flip()[1][1] == 300 * 257 - 1)
    local wide = snn.arange(3):reshape(3, 1):expand(3, 200)
    assert.is_true(wide:flip(1) == snn.tensor({ 2, 1, 0 }):reshape(3, 1):expand(3, 200))
  end)

  it("chooses as an index that falls, whatever the strides", function()
    local t = snn.rand(5, 130, 70)
    for _, view in ipairs { t, t:transpose(1, 3), t:transpose(2, 3), t:permute(3, 1, 2),
      t:slice(2, 3, 99):transpose(1, 2), t:gt(0.5):transpose(2, 3) } do
      local want = view
      for dim = 1, 3 do
        local falling = snn.arange(view:size(dim), 0, -1)
        assert.is_true(view:flip(dim) == view:index_select(dim, falling))
        want = want:index_select(dim, falling)
        assert.is_true(view:flip(table.unpack({ 1, 2, 3 }, 1, dim)) == want)
      end
    end
  end)

  it("takes no elements and no dimensions", function()
    assert.same({ 0, 3 }, snn.zeros(0, 3):flip().shape)
    assert.equal(7, snn.tensor(7):flip():item())
  end)

  it("refuses other dimensions", function()
    fails("ValueError", "flip: 'dim' is 3", function() return snn.zeros(2, 2):flip(3) end)
    fails("ValueError", "flip: 'dim' has dimension 1 twice",
      function() return snn.zeros(2, 2):flip(1, -2) end)
    fails("TypeError", "flip", function() return snn.zeros(2):flip("x") end)
  end)
end)

describe("roll", function()
  it("rolls all elements as one row, or along dimensions", function()
    local t = turned(2, 3)
    assert.same({ { 5, 0, 1 }, { 2, 3, 4 } }, t:roll(1):totable())
    assert.same({ { 2, 0, 1 }, { 5, 3, 4 } }, t:roll(7, 2):totable())
    assert.same({ { 5, 3, 4 }, { 2, 0, 1 } }, t:roll({ 1, -2 }, { 1, 2 }):totable())
    assert.same({ { 5, 3, 4 }, { 2, 0, 1 } }, t:roll(1, { 1, 2 }):totable())
    assert.same({ { 1, 2, 0 }, { 4, 5, 3 } }, t:roll({ 1, 1 }, { 2, 2 }):totable())
  end)

  it("takes any shift", function()
    local t = snn.arange(5)
    assert.same({ 2, 3, 4, 0, 1 }, t:roll(math.maxinteger - 4):totable()) -- 2^63 - 5 = 3 mod 5
    assert.same({ 3, 4, 0, 1, 2 }, t:roll(math.mininteger, 1):totable())  -- -2^63 = 2 mod 5
    assert.is_true(t:roll(0) == t)
  end)

  it("takes no elements, no dimensions and every dtype", function()
    assert.same({ 0, 3 }, snn.zeros(0, 3):roll(1, 1).shape)
    assert.equal(7, snn.tensor(7):roll(3):item())
    for _, dtype in ipairs(DTYPES) do
      assert.same({ 1, 1, 0 }, numbers(snn.tensor({ 1, 0, 1 }, { dtype = dtype }):roll(1)))
    end
  end)

  it("refuses what does not fit", function()
    local t = snn.zeros(2, 2)
    fails("ValueError", "roll: 'shift' has 2 entries, 'dim' 1", t.roll, t, { 1, 2 }, 1)
    fails("TypeError", "roll: 'shift' must be an integer, got table", t.roll, t, { 1, 2 })
    fails("TypeError", "roll: 'shift' must be an integer, got number 0.5", t.roll, t, 0.5, 1)
    fails("ValueError", "roll: 'dim' is 3", t.roll, t, 1, 3)
  end)
end)

describe("diff", function()
  it("is the difference of neighbours along a dimension, the last one by default", function()
    local t = int { { 1, 4, 9, 16 }, { 0, -2, 5, 5 } }
    assert.same({ { 3, 5, 7 }, { -2, 7, 0 } }, t:diff():totable())
    assert.same({ { 2, 2 }, { 9, -7 } }, t:diff(2):totable())
    assert.same({ { -1, -6, -4, -11 } }, t:diff(1, 1):totable())
    assert.is_true(t:diff(0) == t)
    assert.same({ 2, 0 }, t:diff(4).shape)
    assert.same({ 2, 0 }, t:diff(math.maxinteger).shape)
    assert.equal("int64", t:diff().dtype)
  end)

  it("of bool tells where it changes", function()
    assert.same({ false, true, true }, snn.tensor({ true, true, false, true }):diff():totable())
  end)

  it("refuses what has no neighbours", function()
    fails("ValueError", "diff: a tensor without dimensions", function() snn.tensor(1):diff() end)
    fails("ValueError", "diff: 'n' must be at least 0, got -1", function() snn.ones(1):diff(-1) end)
  end)
end)

describe("diag", function()
  it("makes a matrix of a row", function()
    assert.same({ { 1, 0 }, { 0, 2 } }, snn.tensor({ 1, 2 }):diag():totable())
    assert.same({ { 0, 1, 0 }, { 0, 0, 2 }, { 0, 0, 0 } }, snn.tensor({ 1, 2 }):diag(1):totable())
    assert.same({ { 0, 0, 0 }, { 1, 0, 0 }, { 0, 2, 0 } }, int({ 1, 2 }):diag(-1):totable())
    assert.same({ 0, 0 }, snn.zeros(0):diag().shape)
  end)

  it("copies the diagonal of a matrix", function()
    local t = turned(3, 4)
    assert.same({ 0, 5, 10 }, t:diag():totable())
    assert.same({ 2, 7 }, t:diag(2):totable())
    assert.same({ 8 }, t:diag(-2):totable())
    assert.same({ 0 }, t:diag(5).shape)
    assert.same({ 0 }, t:diag(-(1 << 40)).shape)
    t:diag():zero_()
    assert.equal(5, t[2][2])
  end)

  it("refuses other numbers of dimensions", function()
    fails("ValueError", "must have 1 or 2 dimensions, got shape", snn.zeros(1).diag,
      snn.zeros(2, 2, 2))
    fails("ValueError", "diag", snn.zeros(1).diag, snn.tensor(1))
    fails("ValueError", "diag: 'k' must be from", snn.zeros(1).diag, snn.zeros(2),
      math.mininteger)
    fails("ValueError", "does not fit into memory", snn.zeros(1).diag, snn.zeros(2), 1 << 40)
  end)
end)

describe("tril and triu", function()
  local t

  before_each(function() t = snn.arange(1, 13):reshape(3, 4) end)

  it("keep one triangle", function()
    assert.same({ { 1, 0, 0, 0 }, { 5, 6, 0, 0 }, { 9, 10, 11, 0 } }, t:tril():totable())
    assert.same({ { 0, 0, 0, 0 }, { 5, 0, 0, 0 }, { 9, 10, 0, 0 } }, t:tril(-1):totable())
    assert.same({ { 0, 2, 3, 4 }, { 0, 0, 7, 8 }, { 0, 0, 0, 12 } }, t:triu(1):totable())
    assert.same({ { 1, 2, 3, 4 }, { 5, 6, 7, 8 }, { 0, 10, 11, 12 } }, t:triu(-1):totable())
  end)

  it("add up to the whole", function()
    for k = -5, 5 do assert.is_true(t:tril(k) + t:triu(k + 1) == t) end
  end)

  it("keep dtype, take batches, NaN and no elements", function()
    for _, dtype in ipairs(DTYPES) do
      local ones = snn.ones({ 2, 3, 3 }, { dtype = dtype }):triu()
      assert.equal(dtype, ones.dtype)
      assert.same({ { 1, 1, 1 }, { 0, 1, 1 }, { 0, 0, 1 } }, numbers(ones[2]))
    end
    assert.same({ { 1, 0 }, { 1, 1 } }, snn.tensor({ { 1, NAN }, { 1, 1 } }):tril():totable())
    assert.same({ 0, 3 }, snn.zeros(0, 3):tril().shape)
  end)

  it("work in place, through views too", function()
    assert.is_true(rawequal(t, t:tril_()))
    assert.same({ { 1, 0, 0, 0 }, { 5, 6, 0, 0 }, { 9, 10, 11, 0 } }, t:totable())
    t:transpose(1, 2):triu_(1)
    assert.same({ { 0, 0, 0, 0 }, { 5, 0, 0, 0 }, { 9, 10, 0, 0 } }, t:totable())
    fails("RuntimeError", "tril_", t.tril_, snn.zeros(1):expand(2, 2))
  end)

  it("refuse a row", function()
    fails("ValueError", "tril: 'self' must have 2 or more dimensions, got shape", t.tril,
      snn.zeros(3))
    fails("TypeError", "triu: 'k' must be an integer", t.triu, t, "x")
  end)
end)

describe("split and chunk", function()
  local function lengths(list, dim)
    local n = {}
    for i, piece in ipairs(list) do n[i] = piece:size(dim or 1) end
    return n
  end

  it("give views of pieces of a size", function()
    local t = snn.arange(10):reshape(5, 2)
    local pieces = t:split(2)
    assert.same({ 2, 2, 1 }, lengths(pieces))
    pieces[3]:fill_(-1)
    assert.same({ -1, -1 }, t[5]:totable())
    assert.same({ 1, 1 }, lengths(t:split(1, -1), 2))
    assert.is_true(snn.cat(t:split(3)) == t)
  end)

  it("give pieces of the sizes of a list", function()
    local t = snn.arange(6)
    local a, b, c = table.unpack(t:split { 1, 0, 5 })
    assert.same({ { 0 }, {}, { 1, 2, 3, 4, 5 } }, { a:totable(), b:totable(), c:totable() })
  end)

  it("give at most n pieces, of equal size but for the last", function()
    assert.same({ 4, 4, 3 }, lengths(snn.arange(11):chunk(3)))
    assert.same({ 2, 2, 2 }, lengths(snn.arange(6):chunk(4))) -- as torch: ceil(6 / 4) each
    assert.same({ 3, 2 }, lengths(snn.zeros(2, 5):chunk(2, 2), 2))
    assert.same({ 1, 1 }, lengths(snn.arange(2):chunk(math.maxinteger)))
  end)

  it("give one piece of no elements", function()
    assert.same({ 0 }, lengths(snn.zeros(0, 3):split(2)))
    assert.same({ 0 }, lengths(snn.zeros(0, 3):chunk(2)))
  end)

  it("refuse sizes that do not fit", function()
    local t = snn.zeros(5)
    fails("ValueError", "split: the sizes add up to 4, dimension 1 has 5", t.split, t, { 1, 3 })
    fails("ValueError", "split: the sizes add up to 0", t.split, t, {})
    fails("ValueError", "split: 'size' must be at least 0, got -1", t.split, t, { 6, -1 })
    fails("ValueError", "split: the sizes add up to", t.split, t, { math.maxinteger, 6 })
    fails("ValueError", "split: 'size' must be at least 1, got 0", t.split, t, 0)
    fails("TypeError", "split: 'size' must be an integer or a list", t.split, t)
    fails("ValueError", "chunk: 'n' must be at least 1", t.chunk, t, 0)
    fails("ValueError", "chunk: a tensor without dimensions", t.chunk, snn.tensor(1), 1)
  end)
end)

describe("unique", function()
  it("gives the distinct elements in order", function()
    assert.same({ -2, 0, 3 }, int({ { 3, 0 }, { -2, 3 } }):unique():totable())
    assert.same({ false, true }, snn.tensor({ true, false, true }):unique():totable())
    assert.same({ 0 }, snn.zeros(0):unique().shape)
    assert.same({ 5 }, snn.tensor(5):unique():totable())
  end)

  it("gives where they went and how many there are, if asked", function()
    local t = snn.tensor { { 3, 1, NAN }, { 1, 0, NAN } }
    local values, inverse, counts = t:unique { inverse = true, counts = true }
    assert.same({ 0, 1, 3 }, values[{ { 1, 3 } }]:totable())
    assert.is_true(values[4] ~= values[4])
    assert.same({ { 3, 2, 4 }, { 2, 1, 4 } }, inverse:totable())
    assert.same({ 1, 2, 1, 2 }, counts:totable())
    assert.same({ 1, 2, 1, 2 }, select(2, t:unique { counts = true }):totable())
    assert.equal(1, select("#", t:unique()))
  end)

  it("takes -0 and 0 for one", function()
    assert.same({ 2 }, select(2, snn.tensor({ 0.0, -0.0 }):unique { counts = true }):totable())
  end)

  it("gives back what was there, of large integers and both real types", function()
    for _, dtype in ipairs { "int64", "float32", "float64" } do
      local t = (snn.randint(-50, 50, { 40, 51 }) * 3):to(dtype)
      if dtype == "int64" then t = t + (1 << 60) end
      local values, inverse, counts = t:unique { inverse = true, counts = true }
      assert.is_true(values[inverse] == t)
      assert.is_true(values:diff():gt(0):all():item())
      assert.equal(40 * 51, counts:sum():item())
      for i, v in ipairs(values) do assert.equal(counts[i], t:eq(v):sum():item()) end
    end
  end)

  it("refuses other options", function()
    fails("TypeError", "did you mean 'counts'",
      function() return snn.zeros(1):unique { count = true } end)
    fails("TypeError", "unique", function() return snn.zeros(1):unique(1) end)
  end)
end)

describe("masked_select", function()
  it("gives the elements where the mask is true, in order", function()
    local t = turned(2, 3)
    assert.same({ 1, 3, 5 }, t:masked_select((t % 2):eq(1)):totable())
    assert.same({ 0 }, t:masked_select(t:lt(0)).shape)
  end)

  it("broadcasts both", function()
    local t = turned(2, 3)
    assert.same({ 0, 2, 3, 5 }, t:masked_select(snn.tensor { true, false, true }):totable())
    assert.same({ 7, 7 }, snn.tensor(7):masked_select(snn.tensor { true, false, true }):totable())
    fails("ValueError", "masked_select", t.masked_select, t, snn.tensor { true, false })
    fails("TypeError", "masked_select: 'mask' must be a tensor", t.masked_select, t, true)
  end)
end)

describe("size", function()
  it("is the shape, or the size of one dimension", function()
    local t = snn.zeros(2, 3)
    assert.same({ 2, 3 }, t:size())
    assert.equal(2, t:size(1))
    assert.equal(3, t:size(-1))
    assert.same({}, snn.tensor(1):size())
    fails("ValueError", "size: 'dim' is 3", t.size, t, 3)
  end)
end)
