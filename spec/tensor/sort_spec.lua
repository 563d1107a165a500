local snn = require "snn"

local NAN <const> = 0 / 0

local function fails(kind, text, fn, ...)
  local ok, e = pcall(fn, ...)
  assert.is_false(ok)
  assert.equal(kind, e.kind)
  assert.equal(text, e.message)
end

--- Nested lists without NaN, which equals nothing.
local function shown(t)
  local list = t:totable()
  for i, v in ipairs(list) do if v ~= v then list[i] = "nan" end end
  return list
end

describe("sort", function()
  local t = snn.tensor { { 3, 1, 2 }, { 9, 7, 8 } }

  it("orders the last dimension and tells the places", function()
    local values, places = t:sort()
    assert.same({ { 1, 2, 3 }, { 7, 8, 9 } }, values:totable())
    assert.same({ { 2, 3, 1 }, { 2, 3, 1 } }, places:totable())
    assert.equal("int64", places.dtype)
  end)

  it("takes a dimension and a direction", function()
    local values, places = t:sort(1, true)
    assert.same({ { 9, 7, 8 }, { 3, 1, 2 } }, values:totable())
    assert.same({ { 2, 2, 2 }, { 1, 1, 1 } }, places:totable())
  end)

  it("sorts views", function()
    local values = t:transpose(1, 2):sort(1)
    assert.same({ { 1, 7 }, { 2, 8 }, { 3, 9 } }, values:totable())
  end)

  it("keeps the order of equals, in both directions", function()
    local equal = snn.tensor { 2, 1, 2, 1, -0.0, 0.0 }
    local _, up = equal:sort()
    assert.same({ 5, 6, 2, 4, 1, 3 }, up:totable())
    local _, down = equal:sort(1, true)
    assert.same({ 1, 3, 2, 4, 5, 6 }, down:totable())
  end)

  it("puts NaN above infinity", function()
    local odd = snn.tensor { NAN, math.huge, -math.huge, -1, 1 }
    local up = odd:sort()
    assert.same({ -math.huge, -1, 1, math.huge, "nan" }, shown(up))
    local down = odd:sort(1, true)
    assert.same({ "nan", math.huge, 1, -1, -math.huge }, shown(down))
  end)

  it("sorts every dtype", function()
    for _, dtype in ipairs { "int64", "float32", "float64" } do
      local values = snn.tensor({ 5, -7, 0, 3 }, { dtype = dtype }):sort()
      assert.equal(dtype, values.dtype)
      assert.same({ -7, 0, 3, 5 }, values:totable())
    end
    local values = snn.tensor({ true, false, true }):sort()
    assert.same({ false, true, true }, values:totable())
    local wide = snn.tensor({ math.maxinteger, math.mininteger, 0 }, { dtype = "int64" }):sort()
    assert.same({ math.mininteger, 0, math.maxinteger }, wide:totable())
  end)

  it("agrees with table.sort at every length", function()
    local x = 5
    for n = 0, 130 do
      local list = {}
      for i = 1, n do
        x = x * 48271 % 2147483647
        list[i] = x % 50
      end
      local values, places = snn.tensor(list, { dtype = "int64" }):sort()
      local sorted = table.move(list, 1, n, 1, {})
      table.sort(sorted)
      assert.same(sorted, values:totable())
      for i, place in ipairs(places:totable()) do assert.equal(sorted[i], list[place]) end
    end
  end)

  it("of an empty dimension is empty", function()
    assert.same({ 2, 0 }, (snn.zeros(2, 0):sort()).shape)
    assert.same({ 0, 2 }, (snn.zeros(0, 2):sort()).shape)
  end)

  it("refuses a tensor without dimensions", function()
    fails("ValueError", "sort: a tensor without dimensions has no order", t.sort, snn.tensor(1))
  end)
end)

describe("topk", function()
  local t = snn.tensor { { 3, 1, 2 }, { 9, 7, 8 } }

  it("gives the greatest in order", function()
    local values, places = t:topk(2)
    assert.same({ { 3, 2 }, { 9, 8 } }, values:totable())
    assert.same({ { 1, 3 }, { 1, 3 } }, places:totable())
  end)

  it("gives the least, along any dimension", function()
    local values, places = t:topk(1, 1, false)
    assert.same({ { 3, 1, 2 } }, values:totable())
    assert.same({ { 1, 1, 1 } }, places:totable())
  end)

  it("may give none, but no more than there are", function()
    assert.same({ 2, 0 }, (t:topk(0)).shape)
    fails("ValueError", "topk: 'k' is 4, dimension 2 has 3 elements", t.topk, t, 4)
    fails("ValueError", "topk: 'k' must be at least 0, got -1", t.topk, t, -1)
  end)
end)

describe("median", function()
  it("is the lower of two middle elements", function()
    assert.equal(2, snn.tensor({ 4, 1, 2, 3 }):median():item())
    assert.equal(2, snn.tensor({ 3, 1, 2 }):median():item())
    assert.same({}, snn.tensor({ 3, 1, 2 }):median().shape)
  end)

  it("gives values and places along a dimension", function()
    local t = snn.tensor { { 3, 1, 2 }, { 9, 7, 8 } }
    local values, places = t:median(2)
    assert.same({ 2, 8 }, values:totable())
    assert.same({ 3, 3 }, places:totable())
    assert.same({ { 3, 1, 2 } }, (t:median(1, true)):totable())
    assert.same({ { 3 } }, t:median(nil, true):totable())
    assert.same({ 3, 1, 2 }, (t:transpose(1, 2):median(2)):totable())
  end)

  it("is NaN where there is one", function()
    local values, places = snn.tensor({ { 1, NAN, NAN }, { 1, 2, 3 } }):median(2)
    assert.same({ "nan", 2 }, shown(values))
    assert.same({ 2, 2 }, places:totable())
  end)

  it("of nothing is an error", function()
    fails("ValueError", "median: no elements to choose from in a tensor of shape {0}",
      snn.zeros(0).median, snn.zeros(0))
  end)
end)

describe("quantile", function()
  local t = snn.tensor { 1, 2, 4, 8 }

  it("interpolates between elements", function()
    assert.equal(1, t:quantile(0):item())
    assert.equal(3, t:quantile(0.5):item())
    assert.equal(8, t:quantile(1):item())
    assert.equal(2.5, t:quantile(1.25 / 3):item())
  end)

  it("interpolates in other ways", function()
    local function at(q, how) return t:quantile(q, 1, false, { interpolation = how }):item() end
    assert.equal(2, at(0.5, "lower"))
    assert.equal(4, at(0.5, "higher"))
    assert.equal(4, at(0.5, "nearest")) -- rank 1.5 goes to the even one
    assert.equal(3, at(0.4, "midpoint"))
    assert.equal(2, at(0.4, "nearest"))
  end)

  it("goes along a dimension of any view", function()
    local m = snn.tensor { { 1, 2, 3 }, { 5, 7, 9 } }
    assert.same({ 2, 7 }, m:quantile(0.5, 2):totable())
    assert.same({ { 3, 4.5, 6 } }, m:quantile(0.5, 1, true):totable())
    assert.same({ 3, 4.5, 6 }, m:transpose(1, 2):quantile(0.5, 2):totable())
  end)

  it("puts the results of a list in a first dimension", function()
    assert.same({ 1, 3, 8 }, t:quantile({ 0, 0.5, 1 }):totable())
    local m = snn.tensor { { 1, 2, 3 }, { 5, 7, 9 } }
    assert.same({ { 1, 5 }, { 3, 9 } }, m:quantile({ 0, 1 }, 2):totable())
  end)

  it("keeps real dtypes and makes float32 of others", function()
    assert.equal("float64", t:to("float64"):quantile(0.5).dtype)
    local n = snn.tensor({ 1, 2 }, { dtype = "int64" }):quantile(0.5)
    assert.equal("float32", n.dtype)
    assert.equal(1.5, n:item())
  end)

  it("knows infinities and NaN", function()
    assert.equal(math.huge, snn.tensor({ math.huge, math.huge }):quantile(0.5):item())
    local odd = snn.tensor({ 1, NAN, 2 }):quantile(0):item()
    assert.is_true(odd ~= odd)
  end)

  it("interpolates towards infinities, and across all of the type's range", function()
    for _, dtype in ipairs { "float32", "float64" } do
      local big = dtype == "float32" and 2.0 ^ 127 or 2.0 ^ 1023
      local function at(q, values)
        local x = snn.tensor(values, { dtype = dtype })
        local v = x:quantile(q):item()
        -- the same of what is no NaN, along a dimension of two rows
        local rows = snn.stack { snn.cat { x, snn.tensor({ NAN }, { dtype = dtype }) },
          snn.tensor({ NAN, 1, NAN }, { dtype = dtype }) }
        local nan = snn.functional.nanquantile(rows, 2, false, { q = q })
        assert.equal(v, nan[1])
        assert.equal(1, nan[2])
        return v
      end
      assert.equal(-math.huge, at(0.25, { 1, -math.huge }))
      assert.equal(math.huge, at(0.25, { 1, math.huge }))
      assert.equal(math.huge, at(1, { 1, math.huge }))
      assert.equal(1, at(0, { 1, math.huge }))
      assert.equal(-math.huge, at(0.5, { -math.huge, -math.huge }))
      assert.equal(big / 2, at(0.75, { -big, big }))
      assert.equal(0, at(0.5, { big, -big }))
      local middle = snn.functional.nanmedian(snn.tensor({ big, big }, { dtype = dtype }), 1)
      assert.equal(big, middle:item())
      local both = snn.tensor({ -math.huge, math.huge }, { dtype = dtype }):quantile(0.5):item()
      assert.is_true(both ~= both)
    end
  end)

  it("refuses what is no fraction", function()
    fails("ValueError", "quantile: 'q' must be from 0 to 1, got 1.5", t.quantile, t, 1.5)
    fails("ValueError", "quantile: 'q' must be from 0 to 1, got nan", t.quantile, t, NAN)
    fails("ValueError", "quantile: 'interpolation' must be 'linear', 'lower', 'higher', "
      .. "'nearest' or 'midpoint', got 'cubic'", t.quantile, t, 0.5, 1, false,
      { interpolation = "cubic" })
    fails("ValueError", "quantile: no elements to choose from in a tensor of shape {0}",
      t.quantile, snn.zeros(0), 0.5)
  end)
end)
