-- Time of a process from its start to its end, with the library closed, open, and as
-- a prompt without input; beside it a process of the same shell that does nothing. And
-- from the start to the prompt on a terminal, where there is python3. Where there is
-- valgrind, also the instructions, which other work does not change.
local json = require "dkjson"
local snn = require "snn"
local bench = require "spec.bench.support.harness"

local RUNS <const> = 20

local program = os.getenv "SNN_PROGRAM" or "build/snnlua"

local CASES <const> = {
  { "nothing", "true" },
  { "closed", program .. " -e 'x = 1'" },
  { "open", program .. " -e 'x = snn.LIF'" },
  { "prompt, no input", program .. " -i </dev/null" },
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

local function emit(name, times, count)
  table.sort(times)
  bench.emit { workload = "start", case = name, unit = "s a start", min = times[1],
    median = (times[RUNS // 2] + times[RUNS // 2 + 1]) / 2, max = times[RUNS], runs = RUNS,
    instructions = count or json.null }
end

local times = {}
for i in ipairs(CASES) do times[i] = {} end
for _ = 1, RUNS do -- in turns
  for i, case in ipairs(CASES) do table.insert(times[i], seconds(case[2])) end
end
local has_valgrind = os.execute "command -v valgrind >/dev/null"
for i, case in ipairs(CASES) do
  emit(case[1], times[i], has_valgrind and i > 1 and instructions(case[2]))
end

if os.execute "command -v python3 >/dev/null" then
  local starts, script = {}, "python3 spec/bench/support/prompt.py"
  for line in io.popen(("%s %s %d '> '"):format(script, program, RUNS)):lines() do
    table.insert(starts, tonumber(line))
  end
  emit("to the prompt", starts)
end
