-- What is found without sorting, or by radix, is what a plain sort of a list
-- finds: random and patterned lanes of all dtypes, of sizes around those where
-- another way is taken.
local snn = require "snn"

local NAN <const>, INF <const> = 0 / 0, math.huge
local SIZES <const> = { 1, 2, 24, 25, 100, 400, 401, 2000 }

local PATTERNS = {
  random = function(i, n) return (i * 7919 + i * i * 31) % (2 * n) - n end,
  ties = function(i) return (i * 7919 + i * i * 31) % 5 - 2 end,
  equal = function() return 3 end,
  rising = function(i) return i end,
  falling = function(i) return -i end,
  pipe = function(i, n) return math.min(i, n - i) end,
  alternating = function(i) return i % 2 == 0 and 1 or -1 end,
}
-- among real numbers
local ODD <const> = { NAN, INF, -INF, -0.0, 0.0, 1e-42, -1e-42, 0.1, 1e30 }

local function list_of(pattern, n, dtype)
  local list = {}
  for i = 1, n do
    local v = PATTERNS[pattern](i, n)
    if dtype == "bool" then v = v > 0
    elseif dtype ~= "int64" then
      v = pattern == "random" and i % 11 == 5 and ODD[i // 11 % #ODD + 1] or v / 4
    end
    list[i] = v
  end
  return list
end

local function number(v) return v == true and 1 or v == false and 0 or v end

-- NaN is the greatest; equals keep their order.
local function is_before(x, y, descending)
  if descending then x, y = y, x end
  if x ~= x or y ~= y then return x == x and y ~= y end
  return x < y
end

---The places of a list in order.
local function order_of(list, descending)
  local places = {}
  for i = 1, #list do places[i] = i end
  table.sort(places, function(i, j)
    local x, y = number(list[i]), number(list[j])
    if is_before(x, y, descending) then return true end
    return not is_before(y, x, descending) and i < j
  end)
  return places
end

local function chosen(list, places, n)
  local out = {}
  for i = 1, n do
    local v = list[places[i]]
    out[i] = v ~= v and "nan" or v
  end
  return out
end

local function shown(t)
  local list = t:totable()
  for i, v in ipairs(list) do list[i] = v ~= v and "nan" or v end
  return list
end

local function first_nan(list)
  for i, v in ipairs(list) do if v ~= v then return i end end
end

---Calls visit(tensor, its elements as a list) for every lane.
local function each_lane(dtype, visit)
  for pattern in pairs(PATTERNS) do
    for _, n in ipairs(SIZES) do
      local t = snn.tensor(list_of(pattern, n, dtype), { dtype = dtype })
      visit(t, t:totable())
      local apart = snn.stack({ t, t }, 2):select(2, 1) -- steps of two
      visit(apart, t:totable())
    end
  end
end

for _, dtype in ipairs { "bool", "int64", "float32", "float64" } do
  describe("the order of " .. dtype, function()
    it("is that of a plain sort, up and down", function()
      each_lane(dtype, function(t, list)
        for _, descending in ipairs { false, true } do
          local want = order_of(list, descending)
          local values, places = t:sort(1, descending)
          assert.same(want, places:totable())
          assert.same(chosen(list, want, #list), shown(values))
        end
      end)
    end)

    it("begins with what topk takes", function()
      each_lane(dtype, function(t, list)
        local down, up = order_of(list, true), order_of(list, false)
        for _, k in ipairs { 0, 1, (#list + 2) // 3, #list } do
          local _, greatest = t:topk(k)
          local values, least = t:topk(k, 1, false)
          assert.same(table.move(down, 1, k, 1, {}), greatest:totable())
          assert.same(table.move(up, 1, k, 1, {}), least:totable())
          assert.same(chosen(list, up, k), shown(values))
        end
      end)
    end)

    it("has the median in its middle", function()
      each_lane(dtype, function(t, list)
        local value, place = t:median(1)
        local want = first_nan(list) or order_of(list)[(#list + 1) // 2]
        assert.equal(want, place:item())
        assert.equal(tostring(list[want]), tostring(value:item()))
      end)
    end)

    it("has quantiles at its ranks, few and many of them", function()
      each_lane(dtype, function(t, list)
        local order, q, want = order_of(list), {}, {}
        for i = 0, 5 do
          q[i + 1] = i / 5
          local v = number(list[order[math.floor(i / 5 * (#list - 1)) + 1]])
          want[i + 1] = first_nan(list) and "nan" or v
        end
        local lower = { interpolation = "lower" }
        local many = shown(t:quantile(q, 1, false, lower))
        for i, v in ipairs(q) do
          local one = t:quantile(v, 1, false, lower):item()
          assert.equal(want[i], one ~= one and "nan" or one + 0)
          assert.equal(want[i], many[i])
        end
      end)
    end)

    it("has the extremes at its ends", function()
      each_lane(dtype, function(t, list)
        local up, down = order_of(list), order_of(list, true)
        assert.equal(first_nan(list) or up[1], t:argmin():item())
        assert.equal(down[1], t:argmax():item())
        local value, place = t:max(1)
        assert.equal(down[1], place:item())
        assert.equal(tostring(list[down[1]]), tostring(value:item()))
        assert.equal(number(list[down[1]]) == 0 or tostring(list[down[1]]),
          number(t:amax():item()) == 0 or tostring(t:amax():item()))
      end)
    end)

    it("is the same in columns side by side, with extremes", function()
      for pattern in pairs(PATTERNS) do
        local list = list_of(pattern, 67 * 70, dtype)
        local t = snn.tensor(list, { dtype = dtype }):view(67, 70)
        local values, places = t:max(1)
        local _, least = t:min(1)
        local median = select(2, t:median(1))
        for j = 1, 70 do
          local column = t:select(2, j):contiguous()
          assert.equal(column:argmax():item(), places[j])
          assert.equal(column:argmin():item(), least[j])
          assert.equal(tostring(column[places[j]]), tostring(values[j]))
          assert.equal(select(2, column:median(1)):item(), median[j])
        end
      end
    end)
  end)
end

describe("extremes of a long run", function()
  it("are found in any part of it, the first of equals", function()
    local t = snn.zeros(300000)
    for _, at in ipairs { 1, 65536, 65537, 199999, 300000 } do
      local one = t:clone()
      one[at] = 1
      if at < 300000 then one[300000] = 1 end
      assert.equal(at, one:argmax():item())
      assert.equal(at, (one * -1):argmin():item())
      one[at] = NAN
      assert.equal(at, one:argmax():item())
      assert.equal(at, one:argmin():item())
      assert.equal(at, one:ne(0):argmax():item())
    end
  end)
end)

describe("what is chosen", function()
  local function naive_nonzero(list, columns)
    local out = {}
    for i, v in ipairs(list) do
      if v then
        out[#out + 1] = columns and { (i - 1) // columns + 1, (i - 1) % columns + 1 } or { i }
      end
    end
    return out
  end

  it("by nonzero is every true element, in order", function()
    for _, n in ipairs { 1, 63, 64, 65, 4095, 4096, 4097, 10000 } do
      for _, share in ipairs { 0, 0.02, 0.5, 1 } do
        local t = snn.bernoulli(snn.full({ n }, share)):to("bool")
        assert.same(naive_nonzero(t:totable()), t:nonzero():totable())
      end
    end
    local t = snn.bernoulli(snn.full({ 90 * 70 }, 0.3)):to("bool")
    assert.same(naive_nonzero(t:totable(), 70), t:view(90, 70):nonzero():totable())
  end)

  it("by index_select and gather is what single reads give", function()
    for _, dtype in ipairs { "bool", "int64", "float32", "float64" } do
      local t = snn.randint(-9, 10, { 40, 30 }):to(dtype)
      local columns = snn.tensor({ 30, -1, 1, -30, 7 }, { dtype = "int64" })
      local picked = t:index_select(2, columns)
      local index = snn.randint(1, 31, { 40, 9 })
      local along = t:gather(2, index)
      local down = t:gather(1, index)
      for i = 1, 40 do
        assert.same({ t[i][30], t[i][30], t[i][1], t[i][1], t[i][7] }, picked[i]:totable())
        for j = 1, 9 do
          assert.equal(t[i][index[i][j]], along[i][j])
          assert.equal(t[index[i][j]][j], down[i][j])
        end
      end
    end
  end)
end)

describe("any and all", function()
  it("see the one element, wherever it is", function()
    for _, dtype in ipairs { "bool", "int64", "float32", "float64" } do
      for _, n in ipairs { 1, 15, 16, 17, 4096, 4097, 100000 } do
        for _, at in ipairs { 1, (n + 1) // 2, n } do
          local t = snn.zeros({ n }, { dtype = dtype })
          assert.is_false(t:any():item())
          t[at] = dtype == "bool" or 1
          assert.is_true(t:any():item())
          local ones = t:eq(0):to(dtype)
          assert.is_false(ones:all():item())
          assert.is_true(snn.ones({ n }, { dtype = dtype }):all():item())
        end
      end
    end
  end)
end)
