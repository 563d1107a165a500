-- Time of a process from its start to its end: with the library closed, open, and to
-- the prompt; and beside it a process of the same shell that does nothing. Where
-- there is valgrind, also the instructions, which other work does not change.
local json = require "dkjson"
local snn = require "snn"
local bench = require "spec.bench.support.harness"

local RUNS <const> = 20

local program = os.getenv "SNN_PROGRAM" or "build/snnlua"

local CASES <const> = {
  { "nothing", "true" },
  { "closed", program .. " -e 'x = 1'" },
  { "open", program .. " -e 'x = snn.LIF'" },
  { "prompt", program .. " -i </dev/null" },
}

local function seconds(command)
  local start = snn.clock()
  assert(os.execute(command .. " >/dev/null"))
  return snn.clock() - start
end

local function instructions(command)
  local counts = os.tmpname()
  local tool = "valgrind --tool=callgrind --callgrind-out-file=" .. counts
  local pipe <close> = io.popen(("%s %s 2>&1"):format(tool, command))
  local count = pipe:read("a"):match "Collected : (%d+)"
  os.remove(counts)
  return math.tointeger(tonumber(count))
end

local times = {}
for _ = 1, RUNS do -- in turns
  for i, case in ipairs(CASES) do
    times[i] = times[i] or {}
    table.insert(times[i], seconds(case[2]))
  end
end
local has_valgrind = os.execute "command -v valgrind >/dev/null"
for i, case in ipairs(CASES) do
  table.sort(times[i])
  bench.emit { workload = "start", case = case[1], unit = "s a process", min = times[i][1],
    median = (times[i][RUNS // 2] + times[i][RUNS // 2 + 1]) / 2, max = times[i][RUNS],
    runs = RUNS,
    instructions = has_valgrind and i > 1 and instructions(case[2]) or json.null }
end
