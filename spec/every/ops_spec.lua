-- Every element operation, by the one list of them (src/kernel/ops.h).
local snn = require "snn"

local DTYPES <const> = { "bool", "int64", "float32", "float64" }

local function read(path)
  local file <close> = assert(io.open(path))
  return file:read("a")
end

local function operations()
  local operator, list = {}, {}
  for op, event in read("src/bind/tensor/math.c"):gmatch '%[SNN_OP_([%w_]+)%] = "(__%l+)"' do
    operator[op] = event
  end
  for kind, op in read("src/kernel/ops.h"):gmatch "\n(T?_?%u+NARY)%(([%u_0-9]+)," do
    local name, arity = op:lower(), kind:find "UNARY" and 1 or kind:find "BINARY" and 2
    if arity then
      list[#list + 1] = { name = name, in_place = name .. "_", operator = operator[op],
        arity = arity }
    end
  end
  return list
end

local LIST <const> = operations()

---Numbers from 0.05 to 0.95, or what the dtype makes of larger ones, in a shape.
local function numbers(shape, dtype, from)
  local n = 1
  for _, size in ipairs(shape) do n = n * size end
  local t = (snn.arange(n, { dtype = "float64" }) * 0.37 + from) % 0.9 + 0.05
  if dtype == "int64" then t = (t * 7):floor() + 1 end
  if dtype == "bool" then t = (t * 7):floor() - 3 end
  return (dtype == "bool" and t:gt(0) or t:to(dtype)):reshape(shape)
end

---op(a, b), or nil where it does not exist for the dtype, or for whole numbers
---beside a divisor of 0.
local function apply(op, a, b)
  local ok, result = pcall(a[op.name], a, op.arity > 1 and b or nil)
  if ok then return result end
  if not (a.dtype == "bool" and result.message:find "divisor of int64 is 0") then
    assert.equal("TypeError", result.kind)
  end
end

local function each_pair(fn)
  for _, op in ipairs(LIST) do
    for _, dtype in ipairs(DTYPES) do fn(op, dtype) end
  end
end

-- NaN has no equal: as numbers, in which it is one word
local function same(a, b)
  assert.equal(a.dtype, b.dtype)
  assert.same(a.shape, b.shape)
  assert.is_true(a:isnan():equal(b:isnan()))
  assert.is_true(a:masked_fill(a:isnan(), false):equal(b:masked_fill(b:isnan(), false)))
end

describe("every element operation", function()
  it("is found", function() assert.is_true(#LIST >= 48) end)

  it("exists for float32 and has a method in place", function()
    for _, op in ipairs(LIST) do
      local t = numbers({ 3 }, op.name:find "^bitwise" and "int64" or "float32", 0)
      assert.is_truthy(apply(op, t, t), op.name)
      assert.equal("function", type(t[op.in_place]), op.in_place)
    end
  end)

  it("gives of a view what it gives of its elements, of odd sizes too", function()
    each_pair(function(op, dtype)
      for _, shape in ipairs { { 1 }, { 17 }, { 7, 3 }, { 130, 9 }, { 2, 3, 5 } } do
        local a, b = numbers(shape, dtype, 0), numbers(shape, dtype, 0.2)
        local plain = apply(op, a, b)
        if plain then
          local turned = apply(op, a:transpose(1, -1):clone():transpose(1, -1), b)
          same(plain, turned)
          local every = snn.stack({ a, b }, a.ndim + 1):select(a.ndim + 1, 1)
          same(plain, apply(op, every, b))
          same(plain:flatten(), apply(op, a:flatten(), b:flatten()))
        end
      end
    end)
  end)

  it("takes no elements and no dimensions", function()
    each_pair(function(op, dtype)
      local none = snn.zeros({ 0, 3 }, { dtype = dtype })
      local result = apply(op, none, none)
      if result then
        assert.same({ 0, 3 }, result.shape)
        local one = numbers({ 1 }, dtype, 0.4)
        local point = one:reshape({})
        local alone = apply(op, one, one)
        if alone then same(alone:reshape({}), apply(op, point, point)) end
      end
    end)
  end)

  it("gives in place what it gives anew, where the dtype holds it", function()
    each_pair(function(op, dtype)
      local a, b = numbers({ 5, 13 }, dtype, 0), numbers({ 5, 13 }, dtype, 0.2)
      local result, target = apply(op, a, b), a:clone()
      if result then
        local ok, err = pcall(target[op.in_place], target, op.arity > 1 and b or nil)
        if ok then
          same(result:to(dtype), target)
        else
          assert.equal("TypeError", err.kind)
          assert.is_true(a:equal(target))
        end
      end
    end)
  end)

  it("has its operator", function()
    local events = { __add = "a + b", __sub = "a - b", __mul = "a * b", __div = "a / b",
      __idiv = "a // b", __mod = "a % b", __pow = "a ^ b", __unm = "-a", __band = "a & b",
      __bor = "a | b", __bxor = "a ~ b", __bnot = "~a" }
    for _, op in ipairs(LIST) do
      if op.operator then
        local fn = assert(load("local a, b = ... return " .. assert(events[op.operator])))
        local a, b = numbers({ 9 }, "int64", 0), numbers({ 9 }, "int64", 0.2)
        same(apply(op, a, b), fn(a, b))
        events[op.operator] = nil
      end
    end
    assert.is_nil(next(events))
  end)

  it("is described for editors", function()
    local meta, missing = read "lua/meta/tensor.lua" .. read "lua/meta/elementwise.lua", {}
    for _, op in ipairs(LIST) do
      if not meta:find("function snn.Tensor:" .. op.name .. "(", 1, true) then
        missing[#missing + 1] = op.name
      end
    end
    assert.same({}, missing)
  end)
end)
