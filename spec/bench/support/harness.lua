-- How a benchmark measures and what it prints: a line of JSON for each case,
-- with its sizes, the time of a unit (a step, a call) as least, median and most
-- of some runs, bytes, flops and memory, and a check value, which changes only
-- when results do. Cases that are compared take turns run by run, so that what
-- else the machine does meets all alike; only their ratios count.
local snn = require "snn"
local ok, json = pcall(require, "dkjson")
if not ok then error("benchmarks need dkjson: apt-get install lua-dkjson", 0) end

---@class bench.case
---@field name string
---@field fn fun() one call, of `units` units
---@field units? integer 1 if absent
---@field unit? string what is timed, "call" if absent
---@field sizes? table<string, integer|number>
---@field threads? integer 1 if absent
---@field dtype? string
---@field bytes? number that a unit moves: an array once for each read and each write
---@field flops? number of a unit
---@field events? number of a unit: spikes times the synapses that each reaches
---@field check? fun(): number|integer run once at first, after a seed of 1
---@field after? fun() what a run needs behind it, untimed
---@field limit? fun(median: fun(name: string): number): number?, string? seconds a unit and why
---@field peak? integer measured elsewhere, kB

local harness = {}

local RUNS <const>, RUN_SECONDS <const> = 7, 0.02
local KEYS <const> = { "workload", "case", "sizes", "threads", "dtype", "unit", "min", "median",
  "max", "runs", "bytes", "flops", "events", "limit", "peak_kb", "check", "processor", "date",
  "kind", "synapse", "synapses", "inputs", "outputs", "channels", "side", "filters", "kernel",
  "neurons", "batch", "share", "delay", "steps", "of" }

local function read(path)
  local file <close> = io.open(path)
  return file and file:read("a") or ""
end

---The processor's name and how many there are.
---@return string
function harness.processor()
  local info = read("/proc/cpuinfo")
  local _, count = info:gsub("model name", "")
  return ("%s, %d cores"):format(info:match("model name%s*:%s*([^\n]*)") or "unknown processor",
    count)
end

---The most memory that the process has held since `forget_peak`, kB; 0 where
---Linux does not tell.
---@return integer
function harness.peak()
  return math.tointeger(tonumber(read("/proc/self/status"):match("VmHWM:%s*(%d+)"))) or 0
end

---Lets the peak begin anew.
function harness.forget_peak()
  local file <close> = io.open("/proc/self/clear_refs", "w")
  if file then file:write("5\n") end
end

---The module of yardsticks: what the machine can do.
function harness.yardstick()
  local found, module = pcall(require, "yardstick")
  if not found then error("build/yardstick.so is missing: run by `make bench BENCH=name`", 0) end
  return module
end

-- Seconds of so many calls.
local function time(case, calls)
  snn.set_num_threads(case.threads or 1)
  local fn, start = case.fn, snn.clock()
  for _ = 1, calls do fn() end
  local taken = snn.clock() - start
  if case.after then case.after() end
  return taken
end

local function median(list)
  local sorted = table.move(list, 1, #list, 1, {})
  table.sort(sorted)
  return (sorted[(#sorted + 1) // 2] + sorted[#sorted // 2 + 1]) / 2
end

-- Five digits say more than a clock knows.
local function rounded(x) return x and tonumber(("%.5g"):format(x)) end

-- A sum of floats may come from OpenBLAS, whose last bits vary.
local function checked(value)
  return math.type(value) == "float" and rounded(value) or value
end

-- Check value, memory, and how many calls make a run of some length.
local function prepare(case)
  harness.forget_peak()
  snn.set_num_threads(case.threads or 1)
  snn.manual_seed(1)
  local state = { case = case, times = {}, check = checked(case.check and case.check()) }
  time(case, 1)
  local calls, taken = 1, time(case, 1)
  while taken < RUN_SECONDS and calls < 1e7 do
    calls = math.ceil(calls * math.min(10, math.max(1.2, 1.1 * RUN_SECONDS / taken)))
    taken = time(case, calls)
  end
  state.calls, state.peak = calls, case.peak or harness.peak()
  return state
end

local lines -- where they are written besides standard output

---Prints a line of JSON, for a report too.
---@param line table
function harness.emit(line)
  line.processor, line.date = harness.processor(), os.date("%Y-%m-%d")
  local text = json.encode(line, { keyorder = KEYS }) .. "\n"
  io.stdout:write(text)
  io.stdout:flush()
  local path = os.getenv("SNN_BENCH_LINES")
  if path then
    lines = lines or assert(io.open(path, "w"))
    lines:write(text)
    lines:flush()
  end
end

local function line_of(workload, state, medians)
  local case = state.case
  local own, limit = median(state.times), nil
  if case.limit then
    local seconds, why = case.limit(medians)
    if seconds then
      limit = { of = why, median = rounded(seconds), share = rounded(seconds / own) }
    end
  end
  return { workload = workload, case = case.name, sizes = case.sizes, threads = case.threads or 1,
    dtype = case.dtype or "float32", unit = "s a " .. (case.unit or "call"),
    min = rounded(math.min(table.unpack(state.times))), median = rounded(own),
    max = rounded(math.max(table.unpack(state.times))), runs = #state.times, bytes = case.bytes,
    flops = case.flops, events = case.events, limit = limit, peak_kb = state.peak,
    check = state.check }
end

---Measures cases that are compared, and prints a line for each.
---@param workload string
---@param cases bench.case[]
---@return fun(name: string): number median seconds a unit of the case of that name
function harness.compare(workload, cases)
  local states, by_name = {}, {}
  for i, case in ipairs(cases) do
    states[i] = prepare(case)
    by_name[case.name] = states[i]
  end
  for _ = 1, RUNS do
    for _, state in ipairs(states) do
      collectgarbage()
      local taken = time(state.case, state.calls)
      table.insert(state.times, taken / state.calls / (state.case.units or 1))
    end
  end
  local function medians(name)
    local state = by_name[name] or error("no case '" .. name .. "'", 2)
    return median(state.times)
  end
  for _, state in ipairs(states) do harness.emit(line_of(workload, state, medians)) end
  return medians
end

---What memory, or a cache, gives to a loop in C on arrays of so many floats, as
---cases to compare with: "triad in place", a = a + s b; "triad", that of STREAM,
---a = b + s c, whose write makes the cache read as well; "read", the sum of a.
---Each array counts once for each read and each write.
---@param count integer
---@param threads? integer
---@return bench.case[]
function harness.triads(count, threads)
  local arrays = harness.yardstick().arrays(count)
  local function case(name, method, bytes)
    return { name = name, fn = function() method(arrays, threads or 1) end, threads = threads,
      sizes = { elements = count }, bytes = bytes * count }
  end
  return { case("triad in place", arrays.in_place, 12), case("triad", arrays.triad, 12),
    case("read", arrays.read, 4) }
end

---A limit: so many bytes at the speed of one of these.
---@param bytes number
---@param count integer of elements of the triad
---@param name? string "triad in place" if absent
function harness.by_triad(bytes, count, name)
  name = name or "triad in place"
  local own = (name == "read" and 4 or 12) * count
  return function(median_of) return bytes / own * median_of(name), name end
end

return harness
