-- int64 at the ends of its range and beside reals: what is told by the table
-- in README.md, and nothing that is silently another number.
local snn = require "snn"
local fails = require("spec.support").fails

local MOST <const>, LEAST <const> = math.maxinteger, math.mininteger
local NAN <const>, INF <const> = 0 / 0, 1 / 0

local function int(list) return snn.tensor(list, { dtype = "int64" }) end
local function f64(list) return snn.tensor(list, { dtype = "float64" }) end

local OPS <const> = { "eq", "ne", "lt", "le", "gt", "ge" }
local TURNED <const> = { eq = "eq", ne = "ne", lt = "gt", le = "ge", gt = "lt", ge = "le" }

---What Lua says: it compares integers with floats as the numbers that they are.
local function by_lua(op, a, b)
  if op == "eq" then return a == b end
  if op == "ne" then return a ~= b end
  if op == "lt" then return a < b end
  if op == "le" then return a <= b end
  if op == "gt" then return a > b end
  return a >= b
end

local INTEGERS <const> = { MOST, MOST - 1, MOST - 511, MOST - 512, LEAST, LEAST + 1, LEAST + 1024,
  0, 1, -1, 5, -5, 1 << 53, (1 << 53) + 1, -(1 << 53) - 1, 1 << 24, (1 << 24) + 1, 1 << 62 }
local REALS <const> = { 0x1p63, -0x1p63, 0x1p63 - 1024, -0x1p63 - 2048, 0x1p64, -0x1p64, 0.0, -0.0,
  0.5, -0.5, 1.0, -1.0, 5.0, 5.5, -5.5, 0x1p53, 0x1p53 + 2, -0x1p53, 0x1p24, 0x1p24 + 0.5, 0x1p62,
  1e300, -1e300, INF, -INF, NAN }

describe("int64 compared with reals", function()
  for _, op in ipairs(OPS) do
    it("by " .. op .. " is as Lua compares the numbers", function()
      local reals = f64(REALS)
      for _, a in ipairs(INTEGERS) do
        local whole = int { a }
        local got, turned = whole[op](whole, reals), reals[TURNED[op]](reals, whole)
        for i, b in ipairs(REALS) do
          local want, what = by_lua(op, a, b), ("%d %s %g"):format(a, op, b)
          assert.equal(want, got[i], what .. ", of float64")
          assert.equal(want, turned[i], what .. ", turned")
          assert.equal(want, whole[op](whole, b)[1], what .. ", a number")
        end
      end
    end)
  end

  it("of float32 are its values", function()
    local reals = snn.tensor { 0x1p24, 0x1p63, 0.5, NAN }
    assert.same({ false, false, false, false }, int { (1 << 24) + 1 }:eq(reals):totable())
    assert.same({ false, true, false, false }, int { MOST }:lt(reals):totable())
    assert.same({ false, true, false, false }, reals:gt(int { MOST }):totable())
  end)

  it("are the same for long, turned and broadcast operands, and in place", function()
    local a, b = int(INTEGERS), f64(REALS)
    local grid = a:unsqueeze(2):lt(b):totable()
    local many = a:unsqueeze(2):unsqueeze(3):expand(#INTEGERS, 40, 1):lt(b)
    local turned = b:unsqueeze(2):gt(a):transpose(1, 2):totable()
    assert.same(grid, turned)
    assert.same(grid, many:select(2, 33):totable())
    local place = a:unsqueeze(2):expand(#INTEGERS, #REALS):clone()
    place:lt_(b)
    for i = 1, #INTEGERS do
      for j = 1, #REALS do assert.equal(grid[i][j] and 1 or 0, place[i][j]) end
    end
  end)

  it("are equal and close only where they are", function()
    assert.is_false(int { MOST }:allclose(int { MOST - 1 }, 0, 0))
    assert.is_true(int { MOST }:allclose(int { MOST - 1 }, 0, 1))
    assert.is_true(int { LEAST }:allclose(int { LEAST }, 0, 0))
    assert.is_false(int { (1 << 53) + 1 }:allclose(f64 { 0x1p53 }, 0, 0.5))
    assert.is_false(int { MOST }:allclose(f64 { 0x1p63 }, 0, 0))
    assert.is_true(f64 { 0x1p63 }:allclose(int { MOST }, 0, 1))
    assert.is_false(int { MOST }:equal(int { MOST - 1 }))
  end)
end)

describe("arange of whole numbers", function()
  local function range(...)
    local args = { ... }
    args[#args + 1] = { dtype = "int64" }
    return snn.arange(table.unpack(args)):totable()
  end

  it("is exact at the ends of int64", function()
    assert.same({ MOST - 3, MOST - 2, MOST - 1 }, range(MOST - 3, MOST))
    assert.same({ MOST - 3, MOST - 1 }, range(MOST - 3, MOST, 2))
    assert.same({ LEAST, LEAST + 1 }, range(LEAST, LEAST + 2))
    assert.same({ LEAST + 2, LEAST + 1 }, range(LEAST + 2, LEAST, -1))
    assert.same({ LEAST, -1, MOST - 1 }, range(LEAST, MOST, MOST))
    assert.same({ MOST, -1 }, range(MOST, LEAST, LEAST))
    assert.same({}, range(MOST, LEAST))
    assert.same({ MOST - 2, MOST - 1, MOST }, range(MOST - 2, 0x1p63))
  end)

  it("is exact beyond 2^53, and rounded once to a real dtype", function()
    local first = 1 << 53
    assert.same({ first, first + 1, first + 2, first + 3 }, range(first, first + 4))
    assert.same({ 0x1p53, 0x1p53, 0x1p53 + 2, 0x1p53 + 4 },
      snn.arange(first, first + 4, 1, { dtype = "float64" }):totable())
    assert.equal(3, #snn.arange(MOST - 3, MOST))
  end)

  it("stops before a stop that is no whole number", function()
    assert.same({ 0, 1, 2, 3 }, range(3.5))
    assert.same({ 3, 2, 1 }, range(3, 0.5, -1))
  end)

  it("is refused where it leaves int64 or is endless", function()
    fails("ValueError", "arange: 1.9e+19 is beyond int64", snn.arange, 0, 2e19, 1e18,
      { dtype = "int64" })
    fails("ValueError", "too many", snn.arange, LEAST, MOST, 1, { dtype = "int64" })
    fails("ValueError", "too many", snn.arange, 1e30)
    fails("ValueError", "finite", snn.arange, 0, NAN)
    fails("ValueError", "finite", snn.arange, 0, 1, INF)
    fails("ValueError", "linspace: 1e+19 is beyond int64", snn.linspace, 0, 1e19, 3,
      { dtype = "int64" })
  end)

  it("has linspace of whole ends beside it", function()
    local function line(...) return snn.linspace(...):totable() end
    local whole = { dtype = "int64" }
    assert.same({ MOST - 2, MOST - 1, MOST }, line(MOST - 2, MOST, 3, whole))
    assert.same({ LEAST, 0, MOST }, line(LEAST, MOST, 3, whole)) -- -1/2, cut
    assert.same({ -5, -1, 1, 5 }, line(-5, 5, 4, whole)) -- -5/3 and 5/3, cut
    assert.same({ 7 }, line(7, 9, 1, whole))
  end)
end)

describe("int64 and what it cannot hold", function()
  local WRONG <const> = { 1.5, -0.25, NAN, INF, -INF, 0x1p63, -0x1p63 - 2048, 1e300 }

  for _, v in ipairs(WRONG) do
    it(("takes no %g by an index, fill_ or full_like, and stays"):format(v), function()
      local t, grid = int { 1, 2 }, int { { 1, 2 }, { 3, 4 } }
      local text = "an int64 tensor takes whole numbers from -2^63 to 2^63 - 1, got "
      fails("ValueError", text, function() t[1] = v end)
      fails("ValueError", text, function() grid[2] = v end)
      fails("ValueError", text, function() grid[{ 1, 2 }] = v end)
      fails("ValueError", text, function() grid[{ { 1, 2 }, 1 }] = v end)
      fails("ValueError", text, function() grid[grid:gt(1)] = v end)
      fails("ValueError", text, function() t[int { 1 }] = v end)
      fails("ValueError", "fill_: " .. text, t.fill_, t, v)
      fails("ValueError", "full_like: " .. text, snn.full_like, t, v)
      assert.same({ 1, 2 }, t:totable())
      assert.same({ { 1, 2 }, { 3, 4 } }, grid:totable())
    end)
  end

  it("takes whole floats and booleans", function()
    local t = int { 1, 2, 3 }
    t[1], t[2], t[3] = -0x1p63, true, 2.0
    assert.same({ LEAST, 1, 2 }, t:totable())
    assert.same({ 7, 7, 7 }, t:fill_(7.0):totable())
  end)

  it("is cut, saturates, and has 0 for NaN where it is asked for by dtype", function()
    local reals, want = { 1.9, -1.9, 1e300, -INF, NAN, 0x1p63 }, { 1, -1, MOST, LEAST, 0, MOST }
    assert.same(want, int(reals):totable())
    assert.same(want, f64(reals):to("int64"):totable())
    assert.same(want, int { 1, 2, 3, 4, 5, 6 }:copy_(f64(reals)):totable())
    for i, v in ipairs(reals) do
      assert.equal(want[i], snn.full({ 1 }, v, { dtype = "int64" })[1])
    end
  end)

  it("has no quotient and no remainder by 0", function()
    local t, text = int { 5, -5, 0 }, "the divisor of int64 is 0"
    fails("ValueError", "mod: " .. text, function() return t % 0 end)
    fails("ValueError", "mod: " .. text, function() return t % 0.0 end)
    fails("ValueError", text .. " at index (2,)", function() return t % int { 1, 0, 0 } end)
    fails("ValueError", text .. " at index (1, 2)", function()
      return t:unsqueeze(2) % int { { 1, 0, 2 } }
    end)
    fails("ValueError", text, function() return 5 % t end)
    fails("ValueError", text, function() return t % snn.tensor { true, true, false } end)
    fails("ValueError", "mod_: " .. text, t.mod_, t, 0)
    fails("ValueError", "floor_divide: " .. text, function() return t // 0 end)
    fails("ValueError", text .. " at index (2,)", function() return t // int { 1, 0, 0 } end)
    fails("ValueError", "floor_divide_: " .. text, t.floor_divide_, t, false)
    assert.same({ 5, -5, 0 }, t:totable())
    local real = snn.tensor { 5 } % 0
    assert.is_true(real[1] ~= real[1])
  end)

  it("wraps around, in sums, products and powers too", function()
    assert.same({ LEAST }, (int { MOST } + 1):totable())
    assert.equal(LEAST, int { MOST, 1 }:sum():item())
    assert.equal(-2, int { MOST, 2 }:prod():item())
    assert.same({ MOST, LEAST }, int { MOST, 1 }:cumsum(1):totable())
    assert.same({ LEAST }, (int { 2 } ^ 63):totable())
    assert.equal(LEAST, int { MOST, 1 }:dot(int { 1, 1 }):item())
  end)
end)
