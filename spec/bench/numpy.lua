-- Tensor operations beside Debian's NumPy, at 10^4 and 10^6 elements on one
-- thread: the least time of short runs on both sides, which take turns, so that
-- other work on the machine falls out. Without python3-numpy the times stand
-- alone. NumPy is run as /usr/bin/python3, with the OpenBLAS kernels it chooses.
local snn = require "snn"
local bench = require "spec.bench.support.harness"

local PYTHON <const> = "env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE /usr/bin/python3"
local TURNS <const>, RUNS <const>, RUN_SECONDS <const> = 3, 20, 0.002

-- The names are those of support/numpy_cases.py.
local function cases_of(n)
  local a, whole = snn.randn(n), snn.randint(0, 1000, { n })
  local places, rows = snn.randint(1, n + 1, { n }), a:view(n // 100, 100)
  local few, half = snn.rand(n):lt(0.02), snn.rand(n):lt(0.5)
  return {
    { "a:topk(10)", function() return a:topk(10) end },
    { "a:topk(n // 10)", function() return a:topk(n // 10) end },
    { "a:median()", function() return a:median() end },
    { "a:quantile(0.3)", function() return a:quantile(0.3) end },
    { "rows:median(2)", function() return rows:median(2) end },
    { "a:sort()", function() return a:sort() end },
    { "whole:sort()", function() return whole:sort() end },
    { "rows:sort(2)", function() return rows:sort(2) end },
    { "a:argmax()", function() return a:argmax() end },
    { "a:argmin()", function() return a:argmin() end },
    { "rows:argmax(2)", function() return rows:argmax(2) end },
    { "rows:argmax(1)", function() return rows:argmax(1) end },
    { "a:max()", function() return a:max() end },
    { "few:any()", function() return few:any() end },
    { "few:nonzero()", function() return few:nonzero() end },
    { "half:nonzero()", function() return half:nonzero() end },
    { "a:index_select(1, places)", function() return a:index_select(1, places) end },
    { "a:gather(1, places)", function() return a:gather(1, places) end },
    { "half:where(a, a)", function() return half:where(a, a) end },
    { "a:cumsum(1)", function() return a:cumsum(1) end },
    { "half:to('float32')", function() return half:to("float32") end },
    { "half:to('float64')", function() return half:to("float64") end },
    { "whole:to('float32')", function() return whole:to("float32") end },
    { "a:to('int64')", function() return a:to("int64") end },
  }
end

-- The least seconds of a call, as numpy_cases.py has it.
local function least(fn)
  fn()
  local start = snn.clock()
  fn()
  local calls = math.max(1, RUN_SECONDS // math.max(snn.clock() - start, 1e-7))
  local best = math.huge
  for _ = 1, RUNS do
    start = snn.clock()
    for _ = 1, calls do fn() end
    best = math.min(best, (snn.clock() - start) / calls)
  end
  return best
end

-- Lowers best[name] to what NumPy takes; nothing without it.
local function ask_numpy(n, best)
  local pipe <close> = assert(io.popen(("%s spec/bench/support/numpy_cases.py %d 2>/dev/null")
    :format(PYTHON, n)))
  for line in pipe:lines() do
    local name, seconds = line:match("^(.-)\t(%S+)$")
    if name then best[name] = math.min(best[name] or math.huge, tonumber(seconds)) end
  end
end

local function run(n)
  local own, numpy, cases = {}, {}, cases_of(n)
  for _ = 1, TURNS do
    ask_numpy(n, numpy)
    for _, case in ipairs(cases) do
      own[case[1]] = math.min(own[case[1]] or math.huge, least(case[2]))
    end
  end
  if not next(numpy) then
    io.stderr:write("no NumPy to compare with: apt-get install python3-numpy\n")
  end
  for _, case in ipairs(cases) do
    local name = case[1]
    bench.emit { workload = "numpy", case = name, sizes = { elements = n }, threads = 1,
      unit = "s a call", min = own[name], numpy = numpy[name],
      ratio = numpy[name] and own[name] / numpy[name] }
  end
end

snn.set_num_threads(1)
snn.manual_seed(1)
for _, n in ipairs { 10000, 1000000 } do run(n) end
