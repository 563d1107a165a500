-- `:time` and `:bench`: what a call costs.
local _, _, tools = ...
local _ENV <const> = tools.prompt_env

local clock, prompt = tools.clock, tools.prompt

local timing = {}

-- ---- numbers as text ----

local UNITS <const> = { { 1, "s" }, { 1e-3, "ms" }, { 1e-6, "us" }, { 1e-9, "ns" } }

---Seconds with three digits.
function timing.seconds(s)
  for _, unit in ipairs(UNITS) do
    if s >= unit[1] or unit[2] == "ns" then
      local value = s / unit[1]
      local digits = value >= 100 and 0 or value >= 10 and 1 or 2
      return tools.fixed(value, digits) .. " " .. unit[2]
    end
  end
end

function timing.bytes(n)
  local unit, units = 1, { "B", "KB", "MB", "GB", "TB" }
  while n >= 1000 and unit < #units do n, unit = n / 1024, unit + 1 end
  return tools.fixed(n, (unit == 1 or n >= 100) and 0 or 1) .. " " .. units[unit]
end

-- ---- :time ----

---Runs fn while bytes are counted: seconds, of the processors too, bytes, what fn gave.
local function measure(fn)
  prompt.count()
  local _ <close> = setmetatable({}, { __close = prompt.counted })
  local from, cpu = clock(), prompt.cpu()
  local values = table.pack(fn())
  local seconds, used = clock() - from, prompt.cpu() - cpu
  local lua, tensors = prompt.counted()
  return { seconds = seconds, cpu = used, lua = lua, tensors = tensors, values = values }
end

function timing.time(session, text)
  local fn, is_silent = session:typed(text)
  local m = measure(fn)
  if m.values.n > 0 then session:answer(m.values, is_silent) end
  session.write(("%s wall, %s CPU, allocated %s of Lua, %s of tensors\n"):format(
    timing.seconds(m.seconds), timing.seconds(m.cpu), timing.bytes(m.lua),
    timing.bytes(m.tensors)))
end

-- ---- :bench ----

local ALL <const> = 1 -- s, of all rounds
local ROUNDS <const>, LEAST <const> = 20, 3

---Seconds of `count` calls.
local function round(fn, count)
  local from = clock()
  for _ = 1, count do fn() end
  return clock() - from
end

---How many calls make a round, and the seconds of one of the last that was tried.
local function calibrate(fn)
  local count, seconds = 1, round(fn, 1)
  while seconds < ALL / ROUNDS / 4 do
    local factor = seconds > 0 and ALL / ROUNDS / seconds or 1000
    count = math.ceil(count * math.max(2, math.min(factor, 1000)))
    seconds = round(fn, count)
  end
  return count, seconds
end

local function quantile(sorted, q)
  local at = 1 + (#sorted - 1) * q
  local low = math.floor(at)
  local high = math.min(low + 1, #sorted)
  return sorted[low] + (sorted[high] - sorted[low]) * (at - low)
end

---@param rounds number[] seconds of each
---@param count integer calls of each
local function tell(session, rounds, count)
  local calls = {}
  for i, seconds in ipairs(rounds) do calls[i] = seconds / count end
  table.sort(calls)
  local median = quantile(calls, 0.5)
  local spread = median > 0 and (quantile(calls, 0.75) - quantile(calls, 0.25)) / median or 0
  session.write(("median %s a call, min %s, spread %s %% (%d round%s of %d call%s)\n"):format(
    timing.seconds(median), timing.seconds(calls[1]), tools.fixed(100 * spread, 1), #rounds,
    #rounds > 1 and "s" or "", count, count > 1 and "s" or ""))
end

---Calls it for about a second. Ctrl-C ends that early, with what there is.
function timing.bench(session, text)
  local fn = session:typed(text)
  local rounds, count, seconds = {}, 1
  function session.late()
    if #rounds > 0 then tell(session, rounds, count) end
  end
  count, seconds = calibrate(fn)
  local wanted = math.max(LEAST, math.min(ROUNDS, math.floor(ALL / seconds)))
  for i = 1, wanted do rounds[i] = round(fn, count) end
  session.late = nil
  tell(session, rounds, count)
end

return timing
