-- Time of tensor operations from 10^3 elements, where the call counts, to 10^7,
-- which no cache holds; each array counts once for each read and each write.
-- What changes an array is held against the triad in place; what writes another
-- against the triad that does, where the cache reads what is written, too; a sum
-- against reading. Where exp is slower than memory, its limit is exp of what
-- stays in the cache.
local snn = require "snn"
local bench = require "spec.bench.support.harness"

local CACHED <const> = 10000
local cached = snn.linspace(-1, 1, CACHED)

-- name, bytes an element, the operation on float32 a and b
local IN_PLACE = {
  { "a:add_(b)", 12, function(a, b) return a:add_(b) end },
  { "a:mul_(b)", 12, function(a, b) return a:mul_(b) end },
  { "a:add_(1)", 8, function(a) return a:add_(1) end },
  { "a:clamp_(0, 1)", 8, function(a) return a:clamp_(0, 1) end },
  { "a:neg_():exp_()", 16, function(a) return a:neg_():exp_() end, has_exp = true },
}
local ANOTHER = {
  { "a:copy_(b)", 8, function(a, b) return a:copy_(b) end },
  { "a:fill_(1)", 4, function(a) return a:fill_(1) end },
  { "a + b", 12, function(a, b) return a + b end },
  { "a * b", 12, function(a, b) return a * b end },
  { "a + 1", 8, function(a) return a + 1 end },
  { "a:exp()", 8, function(a) return a:exp() end, has_exp = true },
  { "a:lt(b)", 9, function(a, b) return a:lt(b) end },
  { "a:lt(0.5)", 5, function(a) return a:lt(0.5) end },
  { "a:clone()", 8, function(a) return a:clone() end },
  { "a:to('float64')", 12, function(a) return a:to("float64") end },
}
local READ = {
  { "a:sum()", 4, function(a) return a:sum() end },
}

local function limit_of(operation, count, triad)
  local by_memory = bench.by_triad(operation[2] * count, count, triad)
  return function(median_of)
    local memory, why = by_memory(median_of)
    local exp = operation.has_exp and median_of("exp in the cache") * count / CACHED or 0
    return math.max(memory, exp), exp > memory and "exp in the cache" or why
  end
end

local function add_cases(cases, operations, count, threads, triad)
  for _, operation in ipairs(operations) do
    local name, bytes, fn = table.unpack(operation)
    local a, b = snn.rand(count), snn.rand(count)
    table.insert(cases, { name = name, sizes = { elements = count }, threads = threads,
      bytes = bytes * count, limit = limit_of(operation, count, triad),
      fn = function() fn(a, b) end,
      check = function() return fn(snn.rand(count), snn.rand(count)):sum():item() end })
  end
end

local function run(count, threads)
  local cases = bench.triads(count, threads)
  table.insert(cases, { name = "exp in the cache", threads = 1, sizes = { elements = CACHED },
    fn = function() cached:exp() end })
  add_cases(cases, IN_PLACE, count, threads, "triad in place")
  add_cases(cases, ANOTHER, count, threads, "triad")
  add_cases(cases, READ, count, threads, "read")
  bench.compare("tensor", cases)
end

for _, count in ipairs { 1000, 100000, 10000000 } do run(count, 1) end
run(10000000, 2)
