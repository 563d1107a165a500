local snn = require "snn"

local NAN <const> = 0 / 0
local REALS <const> = { "float32", "float64" }

local function is_nan(x) return x ~= x end

--- A 2 x 3 tensor, and views that hold the same numbers.
local function layouts(dtype)
  local options = { dtype = dtype }
  local turned = snn.tensor({ { 1, 4 }, { 2, 5 }, { 3, 6 } }, options)
  local pairs_of = { { { 1, 9 }, { 2, 9 }, { 3, 9 } }, { { 4, 9 }, { 5, 9 }, { 6, 9 } } }
  return {
    contiguous = snn.tensor({ { 1, 2, 3 }, { 4, 5, 6 } }, options),
    transposed = turned:transpose(1, 2),
    strided = snn.tensor(pairs_of, options):select(3, 1),
  }
end

local function fails(kind, text, fn, ...)
  local ok, e = pcall(fn, ...)
  assert.is_false(ok)
  assert.equal(kind, e.kind)
  assert.equal(text, e.message)
end

describe("a reduction", function()
  for _, dtype in ipairs(REALS) do
    for name, t in pairs(layouts(dtype)) do
      context(("of a %s %s tensor"):format(name, dtype), function()
        it("takes all elements without dim", function()
          assert.equal(21, t:sum():item())
          assert.same({}, t:sum().shape)
        end)

        it("goes along one dimension", function()
          assert.same({ 5, 7, 9 }, t:sum(1):totable())
          assert.same({ 6, 15 }, t:sum(2):totable())
          assert.same({ 6, 15 }, t:sum(-1):totable())
        end)

        it("keeps reduced dimensions as 1 when asked to", function()
          assert.same({ { 6 }, { 15 } }, t:sum(2, true):totable())
          assert.same({ { 5, 7, 9 } }, t:sum(1, true):totable())
          assert.same({ { 21 } }, t:sum(nil, true):totable())
        end)

        it("takes a list of dimensions", function()
          assert.same({}, t:sum({ 1, 2 }).shape)
          assert.equal(21, t:sum({ 2, -2 }):item())
        end)

        it("keeps the dtype of real tensors", function()
          for _, method in ipairs { "sum", "mean", "prod", "amin", "amax", "norm", "std", "var" } do
            assert.equal(dtype, t[method](t).dtype)
          end
        end)

        it("gives mean, prod, amin and amax", function()
          assert.same({ 2, 5 }, t:mean(2):totable())
          assert.same({ 4, 10, 18 }, t:prod(1):totable())
          assert.same({ 1, 2, 3 }, t:amin(1):totable())
          assert.same({ 3, 6 }, t:amax(2):totable())
        end)

        it("gives unbiased variance", function()
          assert.same({ 4.5, 4.5, 4.5 }, t:var(1):totable())
          assert.same({ 1, 1 }, t:std(2):totable())
          assert.equal(3.5, t:var():item())
        end)

        it("gives running sums", function()
          assert.same({ { 1, 3, 6 }, { 4, 9, 15 } }, t:cumsum(2):totable())
          assert.same({ { 1, 2, 3 }, { 5, 7, 9 } }, t:cumsum(1):totable())
        end)
      end)
    end
  end

  it("goes over dimensions that are not beside each other", function()
    local t = snn.tensor { { { 1, 2 }, { 3, 4 } }, { { 5, 6 }, { 7, 8 } } }
    assert.same({ 14, 22 }, t:sum({ 1, 3 }):totable())
    assert.same({ { { 14 }, { 22 } } }, t:sum({ 1, 3 }, true):totable())
    assert.same({ 14, 22 }, t:transpose(1, 3):sum({ 1, 3 }):totable())
  end)

  it("goes over repeated elements of an expanded tensor", function()
    local t = snn.tensor { { 1 }, { 2 } }
    assert.same({ 5, 10 }, t:expand(2, 5):sum(2):totable())
    assert.same({ 3, 3, 3, 3, 3 }, t:expand(2, 5):sum(1):totable())
    assert.equal(15, t:expand(2, 5):sum():item())
  end)

  it("of a tensor without dimensions is its element", function()
    local t = snn.tensor(3.5)
    assert.equal(3.5, t:sum():item())
    assert.equal(3.5, (t:max()):item())
    assert.equal(3.5, t:norm():item())
    assert.equal(1, t:argmax():item())
  end)

  it("does not lose small addends beside large ones", function()
    -- 2^24 + 1 is no float32: a plain float32 sum would stay at 2^24
    local t = snn.ones(1 << 12)
    t[1] = 2.0 ^ 24
    assert.equal(2.0 ^ 24 + 4095 + 1, t:sum():item())
  end)

  it("of long and wide tensors agrees with closed forms", function()
    for _, n in ipairs { 15, 16, 17, 1000, 100003 } do
      local t = snn.arange(1, n + 1):to("float64")
      assert.equal(n * (n + 1) / 2, t:sum():item())
      assert.equal(n, t:amax():item())
      assert.equal(n, t:argmax():item())
      assert.equal((n + 1) / 2, t:mean():item())
    end
    local wide = snn.ones(3, 40000)
    assert.equal(3, wide:sum(1):amin():item())
    assert.same({ 40000, 40000, 40000 }, wide:sum(2):totable())
    local narrow = snn.ones({ 90001, 3 }, { dtype = "int64" })
    assert.same({ 90001, 90001, 90001 }, narrow:sum(1):totable())
  end)

  it("refuses what is no dimension", function()
    local t = snn.zeros(2, 3)
    fails("ValueError", "sum: 'dim' is 3, a tensor with 2 dimensions takes 1 to 2 or -2 to -1",
      t.sum, t, 3)
    fails("ValueError", "sum: 'dim' is 0, a tensor with 2 dimensions takes 1 to 2 or -2 to -1",
      t.sum, t, 0)
    fails("ValueError", "mean: 'dim' has dimension 2 twice", t.mean, t, { 2, -1 })
    fails("ValueError", "sum: 'dim' is an empty list; leave it out to take all dimensions",
      t.sum, t, {})
    fails("TypeError", "sum: 'dim' must be an integer or a list of integers, got string 'x'",
      t.sum, t, "x")
    fails("TypeError", "sum: 'dim' must be an integer, got number 1.5", t.sum, t, { 1.5 })
    fails("TypeError", "sum: 'keepdim' must be true or false, got number 1", t.sum, t, 1, 1)
    fails("TypeError", "sum: 'self' must be a tensor, got no value (call it as x:sum(...))", t.sum)
    fails("ValueError", "sum: 'dim' is 1, a tensor without dimensions takes none",
      t.sum, snn.tensor(1), 1)
  end)
end)

describe("of bool and int64 tensors", function()
  local b = snn.tensor { { true, false, true }, { true, true, true } }
  local n = snn.tensor({ { 7, -2 }, { 3, 4 } }, { dtype = "int64" })

  it("sum and prod are int64", function()
    assert.equal("int64", b:sum().dtype)
    assert.equal(5, b:sum():item())
    assert.equal("integer", math.type(b:sum():item()))
    assert.same({ 2, 1, 2 }, b:sum(1):totable())
    assert.same({ 0, 1 }, b:prod(2):totable())
    assert.same({ -14, 12 }, n:prod(2):totable())
    assert.equal("int64", n:prod().dtype)
  end)

  it("sum is exact beyond 2^53", function()
    local t = snn.tensor({ 2 ^ 53 | 0, 1, 1 }, { dtype = "int64" })
    assert.equal((1 << 53) + 2, t:sum():item())
  end)

  it("running sums are int64", function()
    assert.equal("int64", b:cumsum(1).dtype)
    assert.same({ { 1, 1, 2 }, { 1, 2, 3 } }, b:cumsum(2):totable())
  end)

  it("mean, norm, std and var are float32", function()
    for _, method in ipairs { "mean", "norm", "std", "var" } do
      assert.equal("float32", b[method](b).dtype)
      assert.equal("float32", n[method](n).dtype)
    end
    assert.equal(3, n:mean():item())
    assert.equal(0.75, b:narrow(2, 2, 2):mean():item())
    assert.equal(5, n:norm(2, 2)[2])
  end)

  it("extrema keep the dtype", function()
    assert.equal("bool", b:amin().dtype)
    assert.same({ false, true }, b:amin(2):totable())
    assert.equal("int64", n:amax().dtype)
    assert.same({ 7, 4 }, n:amax(2):totable())
    assert.equal(-2, (n:min()):item())
  end)
end)

describe("min and max", function()
  local t = snn.tensor { { 3, 1, 2 }, { 0, 5, 5 } }

  it("give values and places from 1 along a dimension", function()
    local values, places = t:max(2)
    assert.same({ 3, 5 }, values:totable())
    assert.same({ 1, 2 }, places:totable())
    assert.equal("int64", places.dtype)
    values, places = t:min(1)
    assert.same({ 0, 1, 2 }, values:totable())
    assert.same({ 2, 1, 1 }, places:totable())
  end)

  it("keep the dimension when asked to", function()
    local values, places = t:max(2, true)
    assert.same({ { 3 }, { 5 } }, values:totable())
    assert.same({ { 1 }, { 2 } }, places:totable())
  end)

  it("give one value without dim", function()
    assert.equal(5, t:max():item())
    assert.equal(0, t:min():item())
    assert.equal(1, select("#", t:max()))
  end)

  it("find the first of equals", function()
    assert.equal(5, t:argmax():item())
    assert.equal(2, t:argmax(2)[2])
    local bool = snn.tensor { false, true, true }
    assert.equal(2, bool:argmax():item())
    assert.equal(1, bool:argmin():item())
  end)

  it("count places in the order of a view", function()
    assert.equal(4, t:transpose(1, 2):argmax():item())
    assert.same({ 1, 2, 2 }, t:transpose(1, 2):argmax(2):totable())
  end)

  it("let NaN win", function()
    local nan = snn.tensor { { 3, NAN, 2 }, { 0, 5, 7 } }
    for _, method in ipairs { "amin", "amax" } do
      local rows = nan[method](nan, 2)
      assert.is_true(is_nan(rows[1]))
      assert.is_false(is_nan(rows[2]))
      assert.is_true(is_nan(nan[method](nan):item()))
      local columns = nan[method](nan, 1):totable()
      assert.is_true(is_nan(columns[2]) and not is_nan(columns[1]) and not is_nan(columns[3]))
    end
    assert.equal(2, nan:argmax():item())
    assert.equal(2, nan:argmin():item())
    local _, places = nan:max(1)
    assert.same({ 1, 1, 2 }, places:totable())
  end)

  it("know infinities", function()
    local inf = snn.tensor { math.huge, -math.huge }
    assert.equal(math.huge, inf:amax():item())
    assert.equal(-math.huge, inf:amin():item())
    assert.equal(-math.huge, snn.tensor({ -math.huge }):amax():item())
    assert.equal(2, inf:argmin():item())
  end)

  it("find NaN and extrema in any lane of a long run", function()
    for _, place in ipairs { 1, 16, 17, 47, 49 } do
      local long = snn.zeros(49)
      long[place] = NAN
      assert.is_true(is_nan(long:amax():item()))
      assert.equal(place, long:argmax():item())
      long[place] = -3
      assert.equal(-3, long:amin():item())
      assert.equal(place, long:argmin():item())
    end
  end)
end)

describe("any and all", function()
  local t = snn.tensor { { 0, 0 }, { 0, 2 } }

  it("are bool", function()
    assert.equal("bool", t:any().dtype)
    assert.is_true(t:any():item())
    assert.is_false(t:all():item())
    assert.same({ false, true }, t:any(2):totable())
    assert.same({ false, false }, t:all({ 1 }):totable())
  end)

  it("count NaN as true", function()
    assert.is_true(snn.tensor({ NAN }):any():item())
    assert.is_true(snn.tensor({ NAN }):all():item())
  end)

  it("take every dtype", function()
    for _, dtype in ipairs { "bool", "int64", "float32", "float64" } do
      assert.same({ true, false }, snn.eye(2, { dtype = dtype }):narrow(1, 1, 1):any(1):totable())
      assert.is_true(snn.ones(40, { dtype = dtype }):all():item())
    end
  end)
end)

describe("norm", function()
  local t = snn.tensor { { 3, -4 }, { 0, 0 } }

  it("is Euclidean by default", function()
    assert.equal(5, t:norm():item())
    assert.same({ 5, 0 }, t:norm(nil, 2):totable())
  end)

  it("takes an order", function()
    assert.same({ 7, 0 }, t:norm(1, 2):totable())
    assert.same({ { 7 }, { 0 } }, t:norm(1, 2, true):totable())
    assert.near(91 ^ (1 / 3), t:norm(3):item(), 1e-6)
    assert.near((3 ^ 0.5 + 2) ^ 2, t:norm(0.5):item(), 1e-5)
    assert.near(1 / (1 / 3 + 1 / 4), snn.tensor({ 3, -4 }):norm(-1):item(), 1e-6)
  end)

  it("of infinite order is the largest absolute value, of order 0 a count", function()
    assert.same({ 4, 0 }, t:norm(math.huge, 2):totable())
    assert.same({ 3, 0 }, t:norm(-math.huge, 2):totable())
    assert.same({ 2, 0 }, t:norm(0, 2):totable())
  end)

  it("does not overflow where the result is a float32", function()
    assert.near(5e30, snn.tensor({ 3e30, -4e30 }):norm():item(), 1e24)
  end)

  it("takes a list of dimensions", function()
    assert.equal(10, snn.ones(4, 5, 5):norm(2, { 1, 2, 3 }):item())
    assert.equal(2, snn.ones(4, 5, 5):norm(2, { 1 })[1][1])
  end)

  it("refuses an order that is no number", function()
    fails("ValueError", "norm: 'p' must be a number, got nan", t.norm, t, NAN)
    fails("TypeError", "norm: 'p' must be a number, got string '2'", t.norm, t, "2")
  end)
end)

describe("of empty tensors", function()
  local t = snn.zeros(0, 3)

  it("sums are 0, products 1, means NaN", function()
    assert.equal(0, t:sum():item())
    assert.same({ 0, 0, 0 }, t:sum(1):totable())
    assert.equal(1, t:prod():item())
    assert.is_true(is_nan(t:mean():item()))
    assert.is_true(is_nan(t:mean(1)[2]))
    assert.equal(0, t:norm():item())
    assert.is_false(t:any():item())
    assert.is_true(t:all():item())
  end)

  it("reductions of the other dimension are empty", function()
    assert.same({ 0 }, t:sum(2).shape)
    assert.same({ 0 }, t:amax(2).shape)
    assert.same({ 0, 3 }, t:cumsum(1).shape)
  end)

  it("extrema are errors", function()
    local text = "%s: no elements to choose from in a tensor of shape {0, 3}"
    for _, method in ipairs { "min", "max", "amin", "amax", "argmin", "argmax" } do
      fails("ValueError", text:format(method), t[method], t)
      fails("ValueError", text:format(method), t[method], t, 1)
    end
  end)

  it("var of fewer than two elements is NaN", function()
    assert.is_true(is_nan(t:var():item()))
    assert.is_true(is_nan(snn.ones(1):var():item()))
    assert.is_true(is_nan(snn.ones(1):std():item()))
    assert.is_true(is_nan(snn.ones(3, 1):var(2)[1]))
  end)
end)

describe("the sum of a bool tensor", function()
  it("counts what is true in long runs", function()
    for _, n in ipairs { 63, 64, 16383, 64 * 255 + 64, 100001 } do
      assert.equal(n, snn.ones(n):gt(0):sum():item())
      assert.equal((n + 2) // 3, snn.arange(n):mod(3):eq(0):sum():item())
    end
  end)

  it("counts along each dimension", function()
    local t = snn.arange(70 * 130):mod(2):eq(0):view(70, 130)
    assert.same(snn.full({ 70 }, 65, { dtype = "int64" }):totable(), t:sum(2):totable())
    assert.equal(70, t:sum(1)[1])
    assert.equal(0, t:sum(1)[2])
    assert.equal(70, t:transpose(1, 2)[129]:sum():item())
  end)
end)
