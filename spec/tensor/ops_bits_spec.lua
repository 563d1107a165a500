-- Element operations and random numbers give the same bits for any number of
-- threads and any instruction set.
local support = require "spec.support"

local SCRIPT <const> = [[
local snn = require "snn"

-- a checksum of every bit (of NaN: that it is one) and the last number in full
local function show(name, t)
  local bits, list = 0, t:flatten():to("float64"):totable()
  for i, v in ipairs(list) do
    local word = v ~= v and 1 or string.unpack("<i8", string.pack("<d", v))
    bits = (bits ~ word) * 0x100000001b3 + i
  end
  local last = list[#list]
  print(("%s %016x %a"):format(name, bits, last ~= last and 0 or last))
end

local function numbers(n, dtype)
  local x, list = 1, {}
  for i = 1, n do
    x = x * 48271 % 2147483647
    list[i] = (x / 2147483647 - 0.5) * 2.0 ^ (x % 9)
  end
  return snn.tensor(list, { dtype = dtype })
end

-- every operation on runs with a ragged end
for _, dtype in ipairs { "float32", "float64" } do
  local a, b = numbers(1003, dtype), numbers(2006, dtype):slice(1, 1004)
  for _, name in ipairs { "exp", "log", "sqrt", "tanh", "sigmoid", "sin", "cos", "tan", "asin",
    "acos", "atan", "expm1", "log1p", "erf", "erfc", "lgamma", "floor", "ceil", "round", "abs",
    "neg", "sign" } do
    show(name, a[name](a))
    show(name, a:slice(1, 3, 40)[name](a:slice(1, 3, 40)))
  end
  for _, name in ipairs { "add", "sub", "mul", "div", "floor_divide", "mod", "pow", "minimum",
    "maximum", "lt", "eq" } do
    show(name, a[name](a, b))
    show(name, a[name](a, 1.7))
  end
  show("gammaincc", a:abs():gammaincc(b:abs()))
  show("abs pow", a:abs():pow(0.37))
  show("clamp", a:clamp(-1, 1.5))
  show("where", a:gt(b):where(a, b))
  show("to int64", (a * 1e18):to("int64"))
end
do
  local a = numbers(1003, "int64") * 77
  show("int", a % 13)
  for _, name in ipairs { "floor_divide", "bitwise_and", "bitwise_or", "bitwise_xor" } do
    show(name, a[name](a, numbers(1003, "int64"):flip() * 2 + 1)) -- none is 0
  end
  show("bitwise_not", ~a)
end

-- enough elements for several threads
for _, dtype in ipairs { "float32", "float64" } do
  local a = numbers(70000, dtype)
  show("large exp", a:exp())
  show("large rows", a:reshape(700, 100) * a:slice(1, 1, 100))
  show("large transposed", a:reshape(700, 100):transpose(1, 2) - a:reshape(100, 700))
  local c = a:slice(1, 1, 250 * 250):reshape(250, 250):clone()
  show("large in place", c:add_(c:transpose(1, 2)))
  snn.manual_seed(11)
  show("rand", snn.rand(40001, { dtype = dtype }))
  show("randn", snn.randn(40001, { dtype = dtype }))
  show("uniform", snn.uniform(-1, 3, { 40001 }, { dtype = dtype }))
  show("poisson", snn.poisson(snn.linspace(0, 40, 40001, { dtype = dtype })))
end
show("randint", snn.randint(-5, 1000, { 40001 }))
show("bernoulli", snn.bernoulli(0.2, { 40001 }))
show("randperm", snn.randperm(5000))
]]

local function run(threads, isa)
  local result = support.snnlua(("--threads %d -"):format(threads), { input = SCRIPT,
    env = { SNN_ISA = isa } })
  assert.equal("", result.err)
  assert.is_true(#result.out > 1000)
  return result.out
end

describe("element operations and random numbers", function()
  local one

  setup(function() one = run(1, "v4") end)

  for _, threads in ipairs { 2, 4 } do
    it(("have the same bits with %d threads"):format(threads), function()
      assert.equal(one, run(threads, "v4"))
    end)
  end

  for _, isa in ipairs { "v1", "v3" } do
    it("have the same bits on " .. isa, function() assert.equal(one, run(2, isa)) end)
  end
end)
