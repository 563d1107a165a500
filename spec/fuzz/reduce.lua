-- Reduces a finding of the fuzzer to a script of the few calls that it needs, by
-- delta debugging: calls are left out, in halves, quarters and so on down to single
-- ones, as long as a process that makes the others finds the same.
--
--   snnlua spec/fuzz/reduce.lua LOG    prints the script of the crash that ended a run with
--                                      this SNN_FUZZ_LOG, in the environment of that run
local reduce = {}

local RUNS <const> = 400 -- processes that one reduction may take
local FIELDS <const> = { "gc", "is_short", "with", "guards" }

-- ------------------------------------------------------------- scripts

---What stays the same of a finding when calls are left out.
local function signature(finding)
  return ("found: %s %s"):format(finding.what, finding.is_change and "changes" or "fails")
end

local function entry_text(entry)
  local quoted = {}
  for i, name in ipairs(entry.chosen) do quoted[i] = ("%q"):format(name) end
  return ("  { %d, { %s } }, -- %s"):format(entry.n, table.concat(quoted, ", "), entry.what)
end

local function script_text(seed, rounds, what, options)
  local lines = {
    "-- " .. what, "-- Run it with snnlua, in the folder that has spec/ in it.",
    'package.path = "./?.lua;" .. package.path', 'require("spec.fuzz.reduce").run {',
    ("  seed = %d,"):format(seed),
  }
  for _, name in ipairs(FIELDS) do
    local value = options[name]
    if value then
      lines[#lines + 1] = ("  %s = %s,"):format(name,
        type(value) == "string" and ("%q"):format(value) or tostring(value))
    end
  end
  for _, entry in ipairs(rounds) do lines[#lines + 1] = entry_text(entry) end
  lines[#lines + 1] = "}"
  return table.concat(lines, "\n")
end

local function describe(v, name)
  if name then return name end
  if type(v) == "string" then return ("%q"):format(v:sub(1, 30)) end
  local meta = type(v) == "userdata" and debug.getmetatable(v)
  if meta then return tostring(meta.__name) end
  return type(v) == "number" and tostring(v) or type(v)
end

--- Makes the calls of a script, tells what each gave, and ends the process: 1
--- when something is wrong.
function reduce.run(script)
  if script.with then require(script.with) end
  local F = require "spec.fuzz.fuzz"
  warn "@off"
  local report = F.replay(script.seed, script, script, function(round)
    print(("%5d %s(%s) -> %s"):format(round.n, round.what, round.given, round.text or "ok"))
  end)
  for _, line in ipairs(report) do print(line) end
  for _, finding in ipairs(report.findings) do print(signature(finding)) end
  os.exit(#report == 0, true)
end

--- A text of the arguments of a call, before it runs.
function reduce.given(args, name_of)
  local out = {}
  for i = 1, args.n do out[i] = describe(args[i], name_of(args[i])) end
  return table.concat(out, ", ")
end

-- ------------------------------------------------------------- one process

local function program()
  local i = 0
  while arg[i - 1] do i = i - 1 end
  return arg[i]
end

-- The output of a script, and whether a signal ended it.
local function outcome(text)
  local path = os.tmpname()
  local file = assert(io.open(path, "w"))
  file:write(text)
  file:close()
  local pipe = assert(io.popen(("'%s' %s 2>&1; echo \"code $?\""):format(program(), path)))
  local out = pipe:read "a"
  pipe:close()
  os.remove(path)
  return out, tonumber(out:match "code (%d+)\n$") >= 128
end

-- ------------------------------------------------------------- fewer calls

-- All entries but those from `first` to `last`.
local function without(list, first, last)
  local out = table.move(list, 1, first - 1, 1, {})
  return table.move(list, last + 1, #list, first, out)
end

---A list from which nothing can be left out, by parts of ever smaller sizes.
---@param list table which is_enough
---@param is_enough fun(list: table): boolean
function reduce.least(list, is_enough)
  local size = #list // 2
  while size >= 1 do
    local first, has_changed = 1, false
    while first <= #list do
      local fewer = without(list, first, math.min(first + size - 1, #list))
      if is_enough(fewer) then list, has_changed = fewer, true else first = first + size end
    end
    if size > 1 then
      size = math.min(size // 2, math.max(#list // 2, 1))
    elseif not has_changed then
      break
    end
  end
  return list
end

-- Rounds from the first of the list on up to the one that was wrong; those with
-- the same objects first.
local function candidates(rounds, last)
  local all, near = {}, {}
  for _, entry in ipairs(rounds) do
    if entry.n <= last then
      all[#all + 1] = entry
      if (entry.n - 1) // 200 == (last - 1) // 200 then near[#near + 1] = entry end
    end
  end
  return { near, all }
end

local function reduced(seed, rounds, last, title, options, is_it)
  local runs = 0
  local function is_enough(list)
    runs = runs + 1
    return runs <= RUNS and is_it(outcome(script_text(seed, list, title, options)))
  end
  for _, list in ipairs(candidates(rounds, last)) do
    if is_enough(list) then
      return script_text(seed, reduce.least(list, is_enough), title, options)
    end
  end
  return "-- not found again by itself: " .. title
end

--- The script of a finding.
---@param rounds table what a run has noted
function reduce.script(seed, rounds, finding, options)
  local title = finding.key:gsub("%c", " "):sub(1, 200)
  return reduced(seed, rounds, finding.round, title, options, function(out)
    return out:find(signature(finding), 1, true) ~= nil
  end)
end

-- ------------------------------------------------------------- crashes

local function read_log(path)
  local rounds, by_number = {}, {}
  for line in io.lines(path) do
    local n, what, names = line:match "^(%d+)\t(.-)\t(.*)$"
    local entry = { n = tonumber(n), what = what, chosen = {} }
    for name in names:gmatch "%S+" do table.insert(entry.chosen, name) end
    if not by_number[entry.n] then rounds[#rounds + 1] = entry end
    by_number[entry.n] = entry
    rounds[#rounds] = entry
  end
  return rounds
end

if arg and arg[0] and arg[0]:find("fuzz/reduce.lua", 1, true) then
  package.path = "./?.lua;" .. package.path
  local rounds = read_log(assert(arg[1], "the path of a log is missing"))
  local options = require("spec.fuzz.fuzz").options()
  print(reduced(tonumber(os.getenv "SNN_FUZZ_SEED"), rounds, rounds[#rounds].n, "a crash", options,
    function(_, is_crash) return is_crash end))
end

return reduce
