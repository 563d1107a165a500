-- Whole networks beside other programs, in turn on one thread: CUBA and COBA (Vogels &
-- Abbott 2005) by Brian2's C++ standalone mode and as a plain C program, of 4,000 and of
-- 40,000 neurons, with a delay and with synapses that learn. Times are the processor's in the
-- loop alone, the median of some turns; that of Brian2 is what device._last_run_time says.
-- Without python3-brian its columns are missing.
--
--     make bench BENCH=peers ARGS='3 cuba'       three turns, of the cases of that name
local bench = require "spec.bench.support.harness"

local TURNS <const>, ONLY <const> = tonumber(arg[1]) or 5, arg[2] or ""
local PYTHON <const> = "/usr/bin/python3 -W ignore"
local HERE <const> = "spec/bench/peers/networks"

-- name, arguments of the three programs, the share of Brian2's time that is aimed at
local CASES <const> = {
  { "cuba", "cuba 4000 1 0", aim = 0.6 },
  { "cuba, delay", "cuba 4000 1 1.5" },
  { "cuba, stdp", "cuba 4000 1 0 stdp", aim = 0.6 },
  { "coba", "coba 4000 1 0", aim = 1 },
  { "cuba, 40000", "cuba 40000 1 0", aim = 0.6 },
  { "coba, 40000", "coba 40000 1 0", aim = 0.6 },
}

local function output(command)
  local pipe <close> = assert(io.popen(command))
  return pipe:read "a"
end

-- The numbers that a program prints, or an error with its words.
local function numbers(command)
  local text, out = output(command), {}
  for word in text:gmatch "%S+" do out[#out + 1] = tonumber(word) end
  if not out[2] then error(command .. ": " .. text, 0) end
  return out
end

-- Builds the network there; whether that went well, with its rate.
local function build_brian(case, folder)
  if case.has_brian == nil then
    local text = output(("%s %s.py %s %s 2>&1"):format(PYTHON, HERE, folder, case[2]))
    local rate = text:match "([%d.]+)%s*$"
    case.has_brian = rate ~= nil
    if rate then return tonumber(rate) end
    io.stderr:write("no Brian2 to compare with: apt-get install python3-brian (",
      text:match "[^\n]*\n?$" or "", ")\n")
  end
end

local function run_brian(folder)
  output(("cd %s && ./main >/dev/null 2>&1"):format(folder))
  local file <close> = assert(io.open(folder .. "/results/last_run_info.txt"))
  return file:read "n"
end

local function median(list)
  table.sort(list)
  return list[#list // 2 + 1]
end

-- This very program; what make builds lies beside it.
local program = assert(arg[-1], "run by `make bench BENCH=peers`")
local plain = program:gsub("[^/]*$", "peer_networks")

local function run(case)
  local folder = os.tmpname()
  os.remove(folder)
  local rate = { brian = build_brian(case, folder) }
  local times, peak = { own = {}, plain = {}, brian = {} }, nil
  for turn = 1, TURNS do
    local own = numbers(("%s %s.lua %s"):format(program, HERE, case[2]))
    times.own[turn], rate.own, peak = own[1], own[2], own[3]
    local c = numbers(("%s %s"):format(plain, case[2]))
    times.plain[turn], rate.plain = c[1], c[2]
    if case.has_brian then times.brian[turn] = run_brian(folder) end
  end
  os.execute("rm -rf " .. folder)
  local own, c, brian = median(times.own), median(times.plain), median(times.brian)
  bench.emit { workload = "peers", case = case[1], threads = 1, unit = "s a second of the network",
    min = times.own[1], median = own, max = times.own[#times.own], runs = TURNS, peak_kb = peak,
    rate = rate.own, plain = c, plain_rate = rate.plain, brian = brian, brian_rate = rate.brian,
    of_brian = brian and own / brian, of_plain = own / c, aim = case.aim }
end

for _, case in ipairs(CASES) do
  if case[1]:find(ONLY, 1, true) then run(case) end
end
