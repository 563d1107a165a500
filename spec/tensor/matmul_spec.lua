local snn = require "snn"

local NAN <const> = 0 / 0
local DTYPES <const> = { "float32", "float64", "int64" }

-- whole numbers, so that every order of additions gives the same sum
local function numbers(dtype, ...)
  local n, x, list = 1, 7, {}
  for _, size in ipairs { ... } do n = n * size end
  for i = 1, n do
    x = x * 48271 % 2147483647
    list[i] = x % 17 - 8
  end
  return snn.tensor(list, { dtype = dtype }):reshape(...)
end

--- The textbook's three loops over nested lists.
local function naive(a, b)
  local c = {}
  for i = 1, #a do
    c[i] = {}
    for j = 1, #b[1] do
      local sum = 0
      for l = 1, #b do sum = sum + a[i][l] * b[l][j] end
      c[i][j] = sum
    end
  end
  return c
end

local function fails(kind, text, fn, ...)
  local ok, e = pcall(fn, ...)
  assert.is_false(ok)
  assert.equal(kind, e.kind)
  assert.equal(text, e.message)
end

describe("matmul", function()
  it("multiplies matrices", function()
    local a = snn.tensor { { 1, 2 }, { 3, 4 } }
    local b = snn.tensor { { 5, 6 }, { 7, 8 } }
    assert.same({ { 19, 22 }, { 43, 50 } }, a:matmul(b):totable())
  end)

  it("takes vectors as a row and as a column", function()
    local m = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
    assert.same({ 14, 32 }, m:matmul(snn.tensor { 1, 2, 3 }):totable())
    assert.same({ 9, 12, 15 }, snn.tensor({ 1, 2 }):matmul(m):totable())
    local dot = snn.tensor({ 1, 2 }):matmul(snn.tensor { 3, 4 })
    assert.same({}, dot.shape)
    assert.equal(11, dot:item())
  end)

  for _, dtype in ipairs(DTYPES) do
    context("of " .. dtype, function()
      for _, size in ipairs {
        { 1, 1, 1 }, { 2, 3, 4 }, { 1, 5, 7 }, { 7, 5, 1 }, { 33, 40, 70 }, { 2, 4100, 3 },
        { 3, 4100, 1 }, { 1, 4100, 3 }, { 1, 4100, 1 }, { 260, 3, 270 }, { 5, 1, 6 },
      } do
        local m, k, n = table.unpack(size)
        it(("is the naive product at %d x %d x %d, of any view"):format(m, k, n), function()
          local a, b = numbers(dtype, m, k), numbers(dtype, k, n)
          local want = naive(a:totable(), b:totable())
          local a_turned = a:transpose(1, 2):clone():transpose(1, 2)
          local b_turned = b:transpose(1, 2):clone():transpose(1, 2)
          local a_wide = snn.stack({ a, a }, 3):select(3, 1)
          for _, x in ipairs { a, a_turned, a_wide } do
            for _, y in ipairs { b, b_turned } do
              local c = x:matmul(y)
              assert.equal(dtype, c.dtype)
              assert.same(want, c:totable())
            end
          end
        end)
      end

      it("takes expanded factors", function()
        local row, column = numbers(dtype, 1, 3), numbers(dtype, 3, 1)
        local c = row:expand(4, 3):matmul(column:expand(3, 2))
        local want = naive(row:expand(4, 3):totable(), column:expand(3, 2):totable())
        assert.same(want, c:totable())
      end)
    end)
  end

  it("broadcasts over a batch", function()
    local a, b = numbers("float32", 4, 1, 2, 3), numbers("float32", 5, 3, 2)
    local c = a:matmul(b)
    assert.same({ 4, 5, 2, 2 }, c.shape)
    for i = 1, 4 do
      for j = 1, 5 do
        local want = a:select(1, i):select(1, 1):matmul(b:select(1, j)):totable()
        assert.same(want, c:select(1, i):select(1, j):totable())
      end
    end
  end)

  it("multiplies a batch with one matrix", function()
    local a, b = numbers("float64", 3, 4, 5), numbers("float64", 5, 2)
    local repeated = a:narrow(1, 1, 1):expand(3, 4, 5)
    local turned = a:transpose(1, 2):clone():transpose(1, 2)
    for _, x in ipairs { a, turned, a:narrow(2, 2, 2), repeated } do
      local c = x:matmul(b)
      for i = 1, x.shape[1] do
        assert.same(x:select(1, i):matmul(b):totable(), c:select(1, i):totable())
      end
    end
  end)

  it("multiplies a batch with a vector", function()
    local a = numbers("float32", 3, 4, 5)
    local c = a:matmul(snn.ones(5))
    assert.same({ 3, 4 }, c.shape)
    assert.same(a:sum(3):totable(), c:totable())
    assert.same({ 3, 5 }, snn.ones(4):matmul(a).shape)
    assert.same(a:sum(2):totable(), snn.ones(4):matmul(a):totable())
  end)

  it("promotes dtypes, bool to int64 with itself", function()
    local spikes = snn.tensor { { true, false }, { true, true } }
    assert.equal("int64", spikes:matmul(spikes).dtype)
    assert.same({ { 1, 0 }, { 2, 1 } }, spikes:matmul(spikes):totable())
    local w = snn.tensor({ { 0.5, 1 }, { 2, 4 } }, { dtype = "float64" })
    assert.equal("float64", spikes:matmul(w).dtype)
    assert.same({ { 0.5, 1 }, { 2.5, 5 } }, spikes:matmul(w):totable())
    assert.equal("float32", snn.ones(2, 2):matmul(spikes:to("int64")).dtype)
  end)

  it("over nothing is 0, of nothing is empty", function()
    for _, dtype in ipairs(DTYPES) do
      local function zeros(...) return snn.zeros({ ... }, { dtype = dtype }) end
      assert.same({ { 0, 0 }, { 0, 0 } }, zeros(2, 0):matmul(zeros(0, 2)):totable())
      assert.same({ 0, 4 }, zeros(0, 3):matmul(zeros(3, 4)).shape)
      assert.same({ 0, 2, 2 }, zeros(0, 2, 3):matmul(zeros(3, 2)).shape)
      assert.equal(0, zeros(0):dot(zeros(0)):item())
    end
  end)

  it("keeps NaN in its row and column", function()
    local a = snn.tensor { { 1, NAN }, { 1, 1 } }
    local c = a:matmul(snn.ones(2, 2)):totable()
    assert.is_true(c[1][1] ~= c[1][1] and c[1][2] ~= c[1][2])
    assert.same({ 2, 2 }, c[2])
  end)

  it("refuses shapes that do not fit", function()
    fails("ValueError", "matmul: shapes {2, 3} and {4, 5} do not fit each other",
      snn.zeros(1).matmul, snn.zeros(2, 3), snn.zeros(4, 5))
    fails("ValueError",
      "matmul: shapes {2, 2, 3} and {3, 3, 5} do not broadcast before the matrices",
      snn.zeros(1).matmul, snn.zeros(2, 2, 3), snn.zeros(3, 3, 5))
    fails("ValueError", "matmul: shapes {2, 3} and {} must have 1 or more dimensions",
      snn.zeros(1).matmul, snn.zeros(2, 3), snn.tensor(1))
    fails("TypeError", "matmul: 'other' must be a tensor, got number 2",
      snn.zeros(1).matmul, snn.zeros(2, 3), 2)
  end)
end)

describe("mv, dot and outer", function()
  it("multiply a matrix and a vector", function()
    local m = snn.tensor { { 1, 2 }, { 3, 4 }, { 5, 6 } }
    assert.same({ 5, 11, 17 }, m:mv(snn.tensor { 1, 2 }):totable())
    assert.same({ 9, 12 }, m:transpose(1, 2):mv(snn.ones(3)):totable())
  end)

  it("sum the products of two vectors", function()
    assert.equal(32, snn.tensor({ 1, 2, 3 }):dot(snn.tensor { 4, 5, 6 }):item())
    local spikes = snn.tensor { true, false, true }
    assert.equal(2, spikes:dot(spikes):item())
  end)

  it("multiply each with each", function()
    local o = snn.tensor({ 1, 2 }):outer(snn.tensor { 3, 4, 5 })
    assert.same({ { 3, 4, 5 }, { 6, 8, 10 } }, o:totable())
  end)

  it("refuse other dimensions", function()
    local m, v = snn.zeros(2, 2), snn.zeros(2)
    fails("ValueError", "mv: shapes {2} and {2, 2} must have 2 and 1 dimensions", v.mv, v, m)
    fails("ValueError", "mv: shapes {2, 2} and {3} do not fit each other", m.mv, m, snn.zeros(3))
    fails("ValueError", "dot: shapes {2, 2} and {2} must have 1 and 1 dimensions", m.dot, m, v)
    fails("ValueError", "dot: shapes {2} and {3} do not fit each other", v.dot, v, snn.zeros(3))
    fails("ValueError", "outer: shapes {2} and {2, 2} must have 1 and 1 dimensions", v.outer, v, m)
  end)
end)
