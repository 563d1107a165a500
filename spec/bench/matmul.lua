-- Time of products of square matrices against bare cblas, on one thread and on
-- two, and of a matrix with a vector, which memory or the cache limits.
local snn = require "snn"
local bench = require "spec.bench.support.harness"
local yardstick = bench.yardstick()

-- OpenBLAS's threads wait busily before they sleep.
local function settle() yardstick.pause(0.05) end

local function product(n, threads)
  local arrays = yardstick.arrays(n * n)
  local a, b = snn.rand(n, n), snn.rand(n, n)
  bench.compare("matmul", {
    { name = "cblas_sgemm", sizes = { side = n }, threads = threads, flops = 2 * n ^ 3,
      fn = function() arrays:sgemm(n, threads) end, after = threads > 1 and settle or nil },
    { name = "matmul", sizes = { side = n }, threads = threads, flops = 2 * n ^ 3,
      fn = function() a:matmul(b) end, check = function() return a:matmul(b):sum():item() end,
      limit = function(median_of) return median_of("cblas_sgemm"), "cblas_sgemm" end },
  })
end

local function by_vector(n)
  local arrays = yardstick.arrays(n * n)
  local a, x = snn.rand(n, n), snn.rand(n)
  bench.compare("matmul", {
    { name = "cblas_sgemv", sizes = { side = n }, flops = 2 * n ^ 2, bytes = 4 * n ^ 2,
      fn = function() arrays:sgemv(n) end },
    { name = "mv", sizes = { side = n }, flops = 2 * n ^ 2, bytes = 4 * n ^ 2,
      fn = function() a:mv(x) end, check = function() return a:mv(x):sum():item() end,
      limit = function(median_of) return median_of("cblas_sgemv"), "cblas_sgemv" end },
  })
end

snn.manual_seed(1)
for threads = 1, 2 do
  for _, n in ipairs { 64, 256, 1024, 2048 } do product(n, threads) end
end
for _, n in ipairs { 256, 4096 } do by_vector(n) end
