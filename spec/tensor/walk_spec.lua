-- Broadcasting and layouts: every way an operation may run gives what element
-- by element arithmetic gives.
local snn = require "snn"
local support = require "spec.support"
local fails = support.fails

---The elements of t as if expanded to shape, by indexing alone.
local function at(t, shape, index)
  local shift = #shape - t.ndim
  for d = 1, t.ndim do
    local i = t.shape[1] == 1 and 1 or index[d + shift]
    t = t[i]
  end
  return type(t) == "userdata" and t:item() or t
end

local function each_index(shape, fn)
  local index = {}
  local function go(d)
    if d > #shape then return fn(index) end
    for i = 1, shape[d] do
      index[d] = i
      go(d + 1)
    end
  end
  go(1)
end

---Asserts that c = 2 a - b, broadcast, element by element.
local function combines(shape, a, b, c)
  assert.same(shape, c.shape)
  each_index(shape, function(index)
    local expected = 2 * at(a, shape, index) - at(b, shape, index)
    local got = at(c, shape, index)
    if expected ~= got then
      error(("at %s: %s instead of %s"):format(table.concat(index, ","), got, expected), 0)
    end
  end)
end

local function numbers(shape, dtype)
  local n = 1
  for _, size in ipairs(shape) do n = n * size end
  return (snn.arange(n, { dtype = "float64" }) % 17 - 5):reshape(shape):to(dtype)
end

describe("broadcasting", function()
  local CASES <const> = {
    { { 3 }, { 3 }, { 3 } },
    { { 2, 3 }, { 3 }, { 2, 3 } },
    { { 2, 3 }, { 2, 1 }, { 2, 3 } },
    { { 2, 1 }, { 1, 3 }, { 2, 3 } },
    { { 4, 1, 3 }, { 2, 1 }, { 4, 2, 3 } },
    { {}, { 2, 2 }, { 2, 2 } },
    { { 1 }, {}, { 1 } },
    { { 1, 1, 1 }, { 1 }, { 1, 1, 1 } },
    { { 0, 3 }, { 3 }, { 0, 3 } },
    { { 0, 1 }, { 3 }, { 0, 3 } },
    { { 2, 0 }, { 1 }, { 2, 0 } },
    { { 30, 5 }, { 5 }, { 30, 5 } },       -- chunks across short rows
    { { 300, 3 }, { 300, 1 }, { 300, 3 } },
    { { 3, 700 }, { 700 }, { 3, 700 } },   -- rows longer than a chunk
    { { 3, 700 }, { 3, 1 }, { 3, 700 } },
    { { 2, 2, 2, 2, 2, 2, 2, 2 }, { 2, 1, 2, 1, 2, 1, 2 }, { 2, 2, 2, 2, 2, 2, 2, 2 } },
  }
  for _, case in ipairs(CASES) do
    local name = ("(%s) with (%s)"):format(table.concat(case[1], ", "), table.concat(case[2], ", "))
    it("combines " .. name, function()
      local a, b = numbers(case[1], "float32"), numbers(case[2], "float32")
      combines(case[3], a, b, a * 2 - b)
      combines(case[3], b, a, b * 2 - a)
    end)

    it("combines two dtypes, " .. name, function()
      local a, b = numbers(case[1], "float32"), numbers(case[2], "int64")
      combines(case[3], a, b, a * 2 - b)
      combines(case[3], b, a, b * 2 - a)
    end)
  end

  it("is refused for other shapes", function()
    fails("ValueError", "add: shapes {2, 3} and {2} do not broadcast",
      function() return snn.zeros(2, 3) + snn.zeros(2) end)
    fails("ValueError", "mul: shapes {0} and {2} do not broadcast",
      function() return snn.zeros(0) * snn.zeros(2) end)
    fails("ValueError", "where", function() return snn.zeros(2):where(snn.zeros(3), 1) end)
  end)
end)

describe("views as operands", function()
  local cube

  before_each(function() cube = numbers({ 4, 5, 6 }, "float64") end)

  local VIEWS <const> = {
    transposed = function(t) return t:transpose(1, 3) end,
    permuted = function(t) return t:permute(2, 3, 1) end,
    narrowed = function(t) return t:narrow(2, 2, 3) end,
    selected = function(t) return t:select(3, 4) end,
    expanded = function(t) return t:select(1, 2):unsqueeze(2):expand(5, 4, 6) end,
    sliced = function(t) return t:slice(3, 2, -2):transpose(2, 3) end,
  }
  for name, view in pairs(VIEWS) do
    it("are combined where " .. name, function()
      local v = view(cube)
      combines(v.shape, v, v, v * 2 - v)
      local plain = numbers(v.shape, "float32")
      combines(v.shape, v, plain, v * 2 - plain)
      combines(v.shape, plain, v, plain * 2 - v)
    end)

    it("are copied where " .. name, function()
      local v = view(cube)
      assert.same(v:totable(), v:clone():totable())
      assert.same(v:totable(), v:to("float32"):totable())
      assert.same(v:totable(), v:contiguous():totable())
    end)
  end

  it("may be larger than a part of the work", function()
    local t = snn.arange(300 * 400, { dtype = "float64" }):reshape(300, 400)
    local sum = t + t:transpose(1, 2):contiguous():transpose(1, 2)
    assert.is_true(sum:equal(t * 2))
    local turned = t:transpose(1, 2):clone()
    for i = 1, 300, 37 do
      for j = 1, 400, 41 do assert.equal((i - 1) * 400 + j - 1, turned[j][i]) end
    end
  end)
end)

describe("a result larger than the caches", function()
  local N <const> = (1 << 23) + 1029 -- 32 MiB and a ragged end
  local x = snn.arange(N):to("float32"):mul_(1e-3)
  local y = snn.arange(N):mul(-1):add_(N // 2):to("float32"):mul_(2e-3)

  local function equal(expected, got) assert.equal(0, expected:ne(got):sum():item()) end

  it("is what the same gives in place", function()
    equal(x:clone():add_(y), x + y)
    equal(x:clone():mul_(3), x * 3)
    equal(x:clone():clamp_(10, 4000), x:clamp(10, 4000))
  end)

  it("is what its parts are", function()
    local mask, n = x:gt(y), 1000
    local whole = mask:where(x, y)
    for _, first in ipairs { 1, N // 2, N - n } do
      local function part(t) return t:narrow(1, first, n) end
      equal(part(mask):where(part(x), part(y)), part(whole))
      equal(part(x) + part(mask), part(x + mask))
    end
  end)

  it("is broadcast from rows and columns", function()
    local rows, columns = 4100, 2051
    local a, row, column = snn.ones(rows, columns), snn.arange(columns), snn.arange(rows)
    local sum = a + row + column:view(rows, 1)
    equal(snn.ones(columns) + row + column[2077], sum[2077])
    equal(snn.ones(rows) + row[columns] + column, sum:transpose(1, 2)[columns])
  end)
end)
