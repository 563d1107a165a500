-- The same bits for any number of threads and any instruction set.
local snn = require "snn"
local support = require "spec.support"

-- prints results to the last bit; `numbers(n, dtype)` are irregular
local HEAD <const> = [[
local snn = require "snn"
local function numbers(n, dtype)
  local list, x = {}, 1
  for i = 1, n do
    x = x * 48271 % 2147483647
    list[i] = (x / 2147483647 - 0.5) * 2 ^ (x % 5)
  end
  return snn.tensor(list, { dtype = dtype })
end
local function show(t)
  t = t:flatten():to("float64"):totable()
  for i = 1, #t do t[i] = ("%a"):format(t[i]) end
  print(table.concat(t, " "))
end
]]

local REDUCTIONS <const> = HEAD .. [[
for _, dtype in ipairs { "float32", "float64" } do
  local x = numbers(90000, dtype)
  for _, shape in ipairs { { 90000 }, { 300, 300 }, { 3, 30000 }, { 30000, 3 }, { 30, 100, 30 } } do
    local t = x:reshape(shape)
    for _, view in ipairs { t, t:transpose(1, -1) } do
      for _, method in ipairs { "sum", "mean", "var", "prod" } do
        show(view[method](view))
        for d = 1, #shape do
          local result = view[method](view, d)
          if result.numel <= 1000 then show(result) end
        end
      end
      for _, order in ipairs { 1, 2, 2.5, math.huge } do show(view:norm(order)) end
    end
  end
  show(x:narrow(1, 1, 1000):cumsum(1))
end
]]

local PRODUCTS <const> = HEAD .. [[
for _, dtype in ipairs { "float32", "float64" } do
  local a = numbers(300 * 310, dtype):reshape(300, 310)
  local b = numbers(310 * 290, dtype):reshape(310, 290)
  show(a:matmul(b):sum(1))
  show(b:transpose(1, 2):matmul(a:transpose(1, 2)):select(1, 77))
  show(a:matmul(b:select(2, 1)))
  show(a:select(1, 7):matmul(b))
  show(a:reshape(30, 10, 310):matmul(b:reshape(1, 310, 290)):sum({ 1, 2 }))
  show(a:reshape(30, 31, 100):matmul(numbers(30 * 100 * 5, dtype):reshape(30, 100, 5)):sum(2))
end
]]

local function run(script, threads, isa)
  local result = support.snnlua(("--threads %d -"):format(threads),
    { input = script, env = { SNN_ISA = isa } })
  assert.equal("", result.err)
  assert.is_true(#result.out > 1000)
  return result.out
end

describe("the bits of", function()
  it("reductions are those of one thread", function()
    local one = run(REDUCTIONS, 1, "v4")
    for _, threads in ipairs { 2, 4 } do assert.is_true(one == run(REDUCTIONS, threads, "v4")) end
  end)

  it("reductions are those of plain x86-64", function()
    local one = run(REDUCTIONS, 2, "v1")
    for _, isa in ipairs { "v3", "v4" } do assert.is_true(one == run(REDUCTIONS, 2, isa)) end
  end)

  it("products are those of one thread", function()
    local one = run(PRODUCTS, 1, "v4")
    for _, threads in ipairs { 2, 4 } do assert.is_true(one == run(PRODUCTS, threads, "v4")) end
  end)

  it("an integer dtype never depend on the order", function()
    local t = snn.arange(1, 10001):to("int64")
    assert.equal(50005000, t:sum():item())
    assert.equal(50005000, t:reshape(100, 100):transpose(1, 2):sum():item())
  end)
end)
