local snn = require "snn"
local support = require "spec.support"
local near = require "spec.near"
local fails = support.fails

local NAN <const>, INF <const> = 0 / 0, math.huge
local DTYPES <const> = { "bool", "int64", "float32", "float64" }
local REALS <const> = { "float32", "float64" }
local RANK <const> = { bool = 1, int64 = 2, float32 = 3, float64 = 4 }

local function int(list) return snn.tensor(list, { dtype = "int64" }) end

---Asserts the elements, NaN where NaN is expected.
local function values(expected, t)
  local got = t:flatten():totable()
  assert.equal(#expected, #got)
  for i, v in ipairs(expected) do
    if v ~= v then assert.is_true(got[i] ~= got[i]) else assert.equal(v, got[i]) end
  end
end

---Asserts |x - y| <= tolerance * |y| for all elements.
describe("arithmetic", function()
  for _, dtype in ipairs(REALS) do
    context("on " .. dtype, function()
      local function of(list) return snn.tensor(list, { dtype = dtype }) end

      it("has the operators", function()
        local a, b = of { 6, -3 }, of { 4, 2 }
        values({ 10, -1 }, a + b)
        values({ 2, -5 }, a - b)
        values({ 24, -6 }, a * b)
        values({ 1.5, -1.5 }, a / b)
        values({ 2, 1 }, a % b)
        values({ 1296, 9 }, a ^ b)
        values({ -6, 3 }, -a)
        assert.equal(dtype, (a ^ b).dtype)
      end)

      it("takes a number on either side", function()
        local a = of { 1, 2 }
        values({ 3, 4 }, a + 2)
        values({ 3, 4 }, 2 + a)
        values({ 1, 0 }, 2 - a)
        values({ 2, 1 }, 2 / a)
        values({ 2, 4 }, 2 ^ a)
        values({ 0, 1 }, 5 % a)
        assert.equal(dtype, (1.5 - a).dtype)
        assert.equal(dtype, (a + true).dtype)
      end)

      it("has methods", function()
        local a, b = of { 6, -3 }, of { 4, 2 }
        values({ 10, -1 }, a:add(b))
        values({ 2, -5 }, a:sub(b))
        values({ 24, -6 }, a:mul(b))
        values({ 1.5, -1.5 }, a:div(b))
        values({ 2, 1 }, a:mod(b))
        values({ 36, 9 }, a:pow(2))
        values({ -6, 3 }, a:neg())
      end)

      it("divides by zero as IEEE does", function()
        values({ INF, -INF, NAN }, of { 1, -1, 0 } / 0)
      end)

      it("gives remainders the sign of the divisor", function()
        values({ 1.5, 0.5, -0.5, -1.5 }, of { 5.5, -5.5, 5.5, -5.5 } % of { 2, 2, -2, -2 })
        values({ 5, INF, NAN, NAN }, of { 5, -5, INF, 5 } % of { INF, INF, 2, 0 })
      end)

      it("divides and rounds down, as NumPy", function()
        values({ 2, -3, -3, 2, 9, INF, -INF, NAN, NAN, 0, -1, NAN },
          of { 5.5, -5.5, 5.5, -5.5, 1, 1, -1, 0, INF, 5, -5, 7 }
          // of { 2, 2, -2, -2, 0.1, 0, 0, 0, 2, INF, INF, NAN })
        values({ 3, -4 }, of { 7, -7 } // 2)
        values({ 3, -4 }, 7 // of { 2, -2 })
        values({ 3, -4 }, of({ 7, -7 }):floor_divide(2))
        assert.equal(dtype, (of { 7 } // 2).dtype)
        local a, b = of(snn.randn(501):totable()) * 50, of(snn.randn(501):totable())
        assert.is_true((a // b * b + a % b):allclose(a, 0, 1e-4))
      end)

      it("raises to powers", function()
        near({ 2 ^ 0.5, 0.25, 1, 9.5 ^ 3.5 }, of { 2, 2, 7, 9.5 } ^ of { 0.5, -2, 0, 3.5 }, 3e-7)
        values({ 1.5 * 1.5, 4, INF }, of { 1.5, -2, INF } ^ 2)
        values({ NAN, -8, 1, 1 }, of { -8, -2, NAN, 1 } ^ of { 1 / 3, 3, 0, NAN })
      end)

      it("keeps NaN in its element", function() values({ NAN, 2 }, of { NAN, 1 } + 1) end)
    end)
  end

  context("on int64", function()
    it("stays int64 with an integral number", function()
      local sum = int { 1, 2 } + 2.0
      assert.equal("int64", sum.dtype)
      values({ 3, 4 }, sum)
    end)

    it("becomes float32 with a fractional number", function()
      local product = int { 1, 3 } * 0.5
      assert.equal("float32", product.dtype)
      values({ 0.5, 1.5 }, product)
      assert.equal("float32", (int { 1 } + INF).dtype)
      assert.equal("float32", (int { 1 } + 1e300).dtype)
    end)

    it("divides to float32", function()
      local quotient = int { 1, 3 } / 2
      assert.equal("float32", quotient.dtype)
      values({ 0.5, 1.5 }, quotient)
      assert.equal("float64", (int { 1 } / snn.tensor({ 2 }, { dtype = "float64" })).dtype)
    end)

    it("wraps around", function()
      values({ math.mininteger }, int { math.maxinteger } + 1)
      values({ math.maxinteger }, int { math.mininteger } - 1)
      values({ -2 }, int { math.maxinteger } * 2)
      values({ math.mininteger, math.mininteger }, (-int { math.mininteger,
        math.mininteger }):abs())
    end)

    it("gives remainders the sign of the divisor", function()
      values({ 1, 2, -2, -1 }, int { 7, -7, 7, -7 } % int { 3, 3, -3, -3 })
      values({ 0 }, int { math.mininteger } % -1)
    end)

    it("divides and rounds down", function()
      local quotient = int { 7, -7, 7, -7 } // int { 3, 3, -3, -3 }
      assert.equal("int64", quotient.dtype)
      values({ 2, -3, -3, 2 }, quotient)
      values({ math.mininteger, math.maxinteger - 1, 3, 2 },
        int { math.mininteger, math.maxinteger - 1, 9007199254740993, 5 }
        // int { -1, 1, 3002399751580331, 2 })
      values({ 3 }, int { 7 } // 2.0)
      assert.equal("float32", (int { 7 } // 2.5).dtype)
      values({ 1, 0 }, snn.tensor { true, false } // true)
      assert.equal("int64", (snn.tensor { true } // true).dtype)
    end)

    it("has the operators on bits", function()
      values({ 2, 3, 1 << 40 }, int { 6, -5, 1 << 40 } & int { 3, 3, -1 })
      values({ 7, -5, 13 }, int { 6, -5, 12 } | int { 3, 3, 1 })
      values({ 5, -8, 13 }, int { 6, -5, 12 } ~ int { 3, 3, 1 })
      values({ -1, -6, 0 }, ~int { 0, 5, -1 })
      values({ 2, 1 }, 3 & int { 6, 5 })
      values({ 1, 0 }, snn.tensor { true, false } & int { 3, 2 })
      assert.equal("int64", (snn.tensor { true } | 2).dtype)
      values({ 2, 1 }, int({ 6, 5 }):bitwise_and_(3))
    end)

    it("raises to integral powers", function()
      values({ 1024, -27, 1, 0 }, int { 2, -3, 5, 0 } ^ int { 10, 3, 0, 5 })
      values({ 1, -1, 1, 0, 0 }, int { 1, -1, -1, 2, 0 } ^ int { -5, -3, -2, -1, -1 })
      values({ 4052555153018976267 }, int { 3 } ^ 39)
    end)

    it("becomes float32 with a negative number as exponent", function()
      local inverse = int { 2, 4 } ^ -1
      assert.equal("float32", inverse.dtype)
      values({ 0.5, 0.25 }, inverse)
    end)
  end)

  context("on bool", function()
    local a, b = snn.tensor { true, true, false }, snn.tensor { true, false, false }

    it("adds as or, multiplies as and", function()
      values({ true, true, false }, a + b)
      values({ true, false, false }, a * b)
      values({ true, false, false }, a:minimum(b))
      values({ true, true, false }, a:maximum(b))
    end)

    it("has the operators & | ~", function()
      values({ true, false, false }, a & b)
      values({ true, true, false }, a | b)
      values({ false, true, false }, a ~ b)
      values({ false, false, true }, ~a)
      values({ true, true, false }, a & true)
      values({ true, true, true }, true | a)
      assert.equal("bool", (~a).dtype)
    end)

    it("counts with integral numbers", function()
      assert.equal("int64", (a + 1).dtype)
      values({ 2, 2, 1 }, a + 1)
      values({ 2, 2, 0 }, a * 2)
    end)

    it("becomes float32 with fractional numbers and by division", function()
      values({ 0.5, 0.5, 0 }, a * 0.5)
      values({ 1, INF, NAN }, a / b)
      assert.equal("float32", (a / 2).dtype)
    end)

    it("has no difference", function()
      fails("TypeError", "sub: bool tensors have no difference", function() return a - b end)
      fails("TypeError", "neg: bool tensors", function() return -a end)
      values({ 0, 1, 0 }, a - b:to("int64"))
    end)
  end)

  it("has no bits of real numbers", function()
    for _, dtype in ipairs(REALS) do
      local t = snn.ones(2, { dtype = dtype })
      fails("TypeError", "bitwise_and: needs bool or int64, got " .. dtype,
        function() return t & true end)
      fails("TypeError", "compare first (a:gt(0))", function() return true | t end)
      fails("TypeError", "bitwise_not: needs bool", function() return ~t end)
      fails("TypeError", "bitwise_xor", function() return int { 1, 2 } ~ t end)
      fails("TypeError", "bitwise_and_", t.bitwise_and_, t, 1)
    end
    fails("TypeError", "got float32", function() return int { 1 } & 0.5 end)
  end)

  it("refuses other operands", function()
    local t = snn.zeros(2)
    fails("TypeError", "add: 'other' must be a tensor, a number or a boolean, got string '1'",
      function() return t + "1" end)
    fails("TypeError", "mul: 'self' must be a tensor, a number or a boolean, got nil",
      function() return nil * t end)
    fails("TypeError", "pow: 'other' must be a tensor, a number or a boolean, got no value",
      t.pow, t)
    fails("TypeError", "got table", t.add, t, { 1, 2 })
  end)
end)

describe("promotion", function()
  for _, a in ipairs(DTYPES) do
    for _, b in ipairs(DTYPES) do
      it(("of %s with %s gives the higher one"):format(a, b), function()
        local x, y = snn.ones(2, { dtype = a }), snn.ones(2, { dtype = b })
        local higher = RANK[a] > RANK[b] and a or b
        assert.equal(higher, (x + y).dtype)
        assert.equal(higher, (x * y).dtype)
        assert.equal(higher, x:maximum(y).dtype)
        assert.equal("bool", x:eq(y).dtype)
        values({ true, true }, x:eq(y))
        local quotient = x / y
        assert.equal(RANK[higher] > 2 and higher or "float32", quotient.dtype)
        values({ 1, 1 }, quotient)
      end)
    end
  end

  it("does not look at the number of dimensions", function()
    assert.equal("float64", (snn.zeros(3) + snn.tensor(1, { dtype = "float64" })).dtype)
  end)
end)

describe("functions of one element", function()
  local X <const> = { -2.5, -1, -0.3, 0, 0.25, 1, 3.75, 20 }

  local function mapped(fn)
    local list = {}
    for i, x in ipairs(X) do list[i] = fn(x) end
    return list
  end

  local LAWS <const> = {
    exp = math.exp,
    tanh = function(x) return (math.exp(2 * x) - 1) / (math.exp(2 * x) + 1) end,
    sigmoid = function(x) return 1 / (1 + math.exp(-x)) end,
  }

  for _, dtype in ipairs(REALS) do
    local function of(list) return snn.tensor(list, { dtype = dtype }) end

    for name, law in pairs(LAWS) do
      it(("have %s on %s"):format(name, dtype), function()
        local x = of(X)
        local tolerance = dtype == "float32" and 2.5e-7 or 1e-15
        -- the law at the rounded argument
        local list = {}
        for i, v in ipairs(x:totable()) do list[i] = law(v) end
        near(list, x[name](x), tolerance)
        assert.equal(dtype, x[name](x).dtype)
      end)
    end

    it("have limits on " .. dtype, function()
      values({ 0, 1, INF, NAN }, of({ -INF, 0, INF, NAN }):exp())
      values({ -INF, 0, INF, NAN, NAN }, of({ 0, 1, INF, -1, NAN }):log())
      values({ -1, 0, 1, NAN }, of({ -INF, 0, INF, NAN }):tanh())
      values({ 0, 0.5, 1, NAN }, of({ -INF, 0, INF, NAN }):sigmoid())
      values({ 0, 1.5, INF, NAN, NAN }, of({ 0, 2.25, INF, -1, NAN }):sqrt())
    end)

    it("have log as the inverse of exp on " .. dtype, function()
      near(of({ 0.5, 2, 10 }):totable(), of({ 0.5, 2, 10 }):log():exp(),
        dtype == "float32" and 1e-6 or 1e-15)
    end)

    it("have floor, ceil, abs and sign on " .. dtype, function()
      local x = of { -1.5, -0.0, 0.5, 2, INF, -INF, NAN }
      values({ -2, 0, 0, 2, INF, -INF, NAN }, x:floor())
      values({ -1, 0, 1, 2, INF, -INF, NAN }, x:ceil())
      values({ 1.5, 0, 0.5, 2, INF, INF, NAN }, x:abs())
      values({ -1, 0, 1, 1, 1, -1, NAN }, x:sign())
    end)

    it("round half to even on " .. dtype, function()
      values({ 0, 2, 2, 4, 0, -2, -2, 3 }, of({ 0.5, 1.5, 2.5, 3.5, -0.5, -1.5, -2.5,
        2.51 }):round())
    end)

    it("know NaN and infinity on " .. dtype, function()
      local x = of { 1, NAN, INF, -INF }
      values({ false, true, false, false }, x:isnan())
      values({ false, false, true, true }, x:isinf())
      values({ true, false, false, false }, x:isfinite())
    end)
  end

  it("do not depend on an element's place", function()
    for _, dtype in ipairs(REALS) do
      local x = snn.linspace(-5, 5, 67, { dtype = dtype })
      for _, name in ipairs { "exp", "tanh", "sigmoid" } do
        local whole = x[name](x)
        for i = 1, 67, 11 do assert.equal(whole[i], x:slice(1, i, i)[name](x:slice(1, i, i))[1]) end
      end
    end
  end)

  it("make float32 of int64 and bool where results are real", function()
    for _, name in ipairs { "exp", "log", "sqrt", "tanh", "sigmoid" } do
      local t = int { 1 }
      assert.equal("float32", t[name](t).dtype)
    end
    values({ 3 }, int({ 9 }):sqrt())
    values({ 1, 0 }, snn.tensor({ true, false }):sqrt())
  end)

  it("keep int64 and bool where they are integral", function()
    for _, name in ipairs { "abs", "sign", "floor", "ceil", "round" } do
      local t = int { -3, 4 }
      assert.equal("int64", t[name](t).dtype)
      assert.equal("bool", snn.tensor({ true })[name](snn.tensor { true }).dtype)
    end
    values({ 3, 4 }, int({ -3, 4 }):abs())
    values({ -1, 0, 1 }, int({ -3, 0, 4 }):sign())
    values({ false, false }, int({ -3, 4 }):isnan())
    values({ true, true }, int({ -3, 4 }):isfinite())
  end)

  it("are the same of every number, by mapping", function()
    near(mapped(math.abs), snn.tensor(X):abs(), 1e-7)
  end)
end)

describe("comparisons", function()
  for _, dtype in ipairs { "int64", "float32", "float64" } do
    it("give bool on " .. dtype, function()
      local a = snn.tensor({ 1, 2, 3 }, { dtype = dtype })
      local b = snn.tensor({ 3, 2, 1 }, { dtype = dtype })
      values({ false, true, false }, a:eq(b))
      values({ true, false, true }, a:ne(b))
      values({ true, false, false }, a:lt(b))
      values({ true, true, false }, a:le(b))
      values({ false, false, true }, a:gt(b))
      values({ false, true, true }, a:ge(b))
      assert.equal("bool", a:lt(2).dtype)
    end)
  end

  it("take numbers in the tensor's dtype", function()
    values({ true }, snn.tensor({ 0.1 }):eq(0.1))
    values({ false, true }, int({ 1, 2 }):gt(1.5))
    values({ true, false }, snn.tensor({ true, false }):gt(0.5))
    values({ true, false }, snn.tensor({ true, false }):eq(true))
  end)

  it("are false for NaN, except ne", function()
    local x = snn.tensor { NAN }
    for _, name in ipairs { "eq", "lt", "le", "gt", "ge" } do values({ false }, x[name](x, x)) end
    values({ true }, x:ne(x))
  end)

  it("are exact on large int64", function()
    values({ true, false }, int({ math.maxinteger,
      math.maxinteger }):gt(int { math.maxinteger - 1, math.maxinteger }))
  end)
end)

describe("logical operations", function()
  it("take zero as false and the rest as true", function()
    local a, b = snn.tensor { 0, 0, 2, NAN }, snn.tensor({ 0, 1, 0, 5 }, { dtype = "int64" })
    values({ false, false, false, true }, a:logical_and(b))
    values({ false, true, true, true }, a:logical_or(b))
    values({ false, true, true, false }, a:logical_xor(b))
    values({ true, true, false, false }, a:logical_not())
    values({ false, false, true, true }, a:logical_and(true))
    values({ false, false, true, true }, a:logical_and(0.5))
  end)
end)

describe("where, clamp, minimum, maximum and masked_fill", function()
  it("where chooses by the condition", function()
    local cond = snn.tensor { true, false, true }
    values({ 1, 20, 3 }, cond:where(snn.tensor { 1, 2, 3 }, snn.tensor { 10, 20, 30 }))
    values({ 1, 0, 1 }, cond:where(1, 0))
    values({ 1, -1, 3 }, cond:where(snn.tensor { 1, 2, 3 }, -1))
    values({ 7, 8 }, snn.tensor({ 0, NAN }):where(8, 7))
  end)

  it("where promotes its choices and broadcasts all three", function()
    local cond = snn.tensor { { true }, { false } }
    local chosen = cond:where(int { 1, 2 }, snn.tensor({ 0.5 }, { dtype = "float64" }))
    assert.equal("float64", chosen.dtype)
    assert.same({ { 1, 2 }, { 0.5, 0.5 } }, chosen:totable())
    assert.equal("bool", cond:where(true, false).dtype)
    assert.equal("float32", cond:where(1, 0).dtype)
  end)

  it("where takes a NaN from the chosen side only", function()
    values({ 1, NAN }, snn.tensor({ true, false }):where(1, snn.tensor { NAN, NAN }))
  end)

  for _, dtype in ipairs(REALS) do
    it("clamp limits on " .. dtype, function()
      local x = snn.tensor({ -1, 0.5, 2, NAN, INF }, { dtype = dtype })
      values({ 0, 0.5, 1, NAN, 1 }, x:clamp(0, 1))
      values({ 0, 0.5, 2, NAN, INF }, x:clamp(0))
      values({ -1, 0.5, 1, NAN, 1 }, x:clamp(nil, 1))
      values({ 1, 1, 1, NAN, 1 }, x:clamp(2, 1))
      values({ 0, 0.25, 2, NAN, INF }, x:clamp(0, snn.tensor({ 0, 0.25, 9, 9, INF },
        { dtype = dtype })))
      assert.equal(dtype, x:clamp(0, 1).dtype)
    end)

    it("minimum and maximum pass NaN on, on " .. dtype, function()
      local a = snn.tensor({ 1, NAN, 3 }, { dtype = dtype })
      local b = snn.tensor({ 2, 2, NAN }, { dtype = dtype })
      values({ 1, NAN, NAN }, a:minimum(b))
      values({ 2, NAN, NAN }, a:maximum(b))
      values({ 1, NAN, 1 }, a:minimum(1))
    end)
  end

  it("clamp keeps int64 between integers", function()
    local c = int({ -5, 5, 50 }):clamp(0, 10)
    assert.equal("int64", c.dtype)
    values({ 0, 5, 10 }, c)
  end)

  it("clamp needs a limit", function()
    fails("ValueError", "clamp: neither 'min' nor 'max' is given", snn.zeros(1).clamp, snn.zeros(1))
    fails("TypeError", "clamp: 'max' must be", snn.zeros(1).clamp, snn.zeros(1), 0, "1")
  end)

  it("masked_fill replaces where the mask is true", function()
    local x = snn.tensor { { 1, 2 }, { 3, 4 } }
    assert.same({ { 1, -1 }, { 3, -1 } }, x:masked_fill(snn.tensor { false, true }, -1):totable())
    assert.same({ { 1, 2 }, { 3, 4 } }, x:totable())
    fails("TypeError", "masked_fill: 'mask' must be a tensor", x.masked_fill, x, true, 1)
  end)
end)

describe("equal and allclose", function()
  it("equal compares dtypes, shapes and values", function()
    local t = snn.tensor { { 1, 2 } }
    assert.is_true(t:equal(snn.tensor { { 1, 2 } }))
    assert.is_false(t:equal(snn.tensor { { 1, 3 } }))
    assert.is_false(t:equal(snn.tensor { 1, 2 }))
    assert.is_false(t:equal(int { { 1, 2 } }))
    assert.is_true(t:eq(int { { 1, 2 } }):all():item())
    assert.is_true(snn.zeros(0):equal(snn.zeros(0)))
    assert.is_false(snn.tensor({ NAN }):equal(snn.tensor { NAN }))
    fails("TypeError", "equal: 'other' must be a tensor", t.equal, t, 1)
  end)

  it("allclose allows atol + rtol |other|", function()
    local t = snn.tensor({ 100, 1 }, { dtype = "float64" })
    assert.is_true(t:allclose(t * 1.005, 0.01, 0))
    assert.is_false(t:allclose(t * 1.005, 0.001, 0))
    assert.is_true(t:allclose(t + 0.5, 0, 0.5))
    assert.is_false(t:allclose(t + 0.5, 0, 0.25))
    assert.is_true(t:allclose(t + 1e-9))
    assert.is_false(t:allclose(t + 1e-2))
  end)

  it("allclose wants infinities to match and no NaN", function()
    local t = snn.tensor { INF, -INF }
    assert.is_true(t:allclose(t))
    assert.is_false(t:allclose(-t))
    assert.is_false(snn.tensor({ 1 }):allclose(snn.tensor { INF }))
    assert.is_false(snn.tensor({ NAN }):allclose(snn.tensor { NAN }))
  end)

  it("allclose broadcasts", function()
    assert.is_true(snn.ones(2, 3):allclose(snn.tensor(1)))
    fails("ValueError", "allclose: shapes {2} and {3} do not broadcast", function()
      return snn.zeros(2):allclose(snn.zeros(3))
    end)
  end)
end)
