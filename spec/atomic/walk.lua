-- Makes calls of the library fail at every place and looks at what they leave:
--   snnlua spec/atomic/walk.lua AREA...      (none: all of calls.lua)
-- Each call of an area is made to fail
--   instruction   by an error before its k-th instruction of Lua
--   script        by an error of the k-th function of the script that it calls
--   once twice    by the k-th allocation, which is refused so often (Lua tries again
--                 after a collection, so that it is refused there the second time)
--   for good      by the k-th allocation and all after it
-- for k = 1, 2, ... until it succeeds. After each failure the world must be as
-- before, in bits; after the success it must be as without failures, also one
-- step later. Of many places some are tried, more of the last, which are behind
-- what has been done; each with SNN_ATOMIC=all, a third of them with SNN_ATOMIC=few.
local snn = require "snn"
warn "@off" -- of steps of another length, say
local calls = require "spec.atomic.calls"
local state = require "spec.atomic.state"
local world = require "spec.atomic.world"
local sorted = require "spec.sorted"

local memory = snn._debug
local EACH <const> = os.getenv "SNN_ATOMIC" == "all"
local FEW <const> = os.getenv "SNN_ATOMIC" == "few"
-- places that are tried
local AT_FIRST <const>, BETWEEN <const>, AT_LAST <const> = FEW and 1 or 3, FEW and 2 or 6,
  FEW and 3 or 8

-- ------------------------------------------------------------- ways to fail

-- Instructions of these functions are not the library's.
local own = setmetatable({}, { __mode = "k" })

-- An error before the k-th instruction, or the first after it that is not in a
-- function of this walk.
local interrupted
local function interrupt()
  if own[debug.getinfo(2, "f").func] then return debug.sethook(interrupt, "", 1) end
  debug.sethook()
  interrupted = true
  error("interrupted", 0)
end

local function refuse(n)
  return {
    arm = function(k) memory.fail_at(k, n) end,
    disarm = function()
      local fired = memory.fired()
      memory.fail_at(0)
      return fired
    end,
  }
end

local WAYS = {
  instruction = {
    arm = function(k)
      interrupted = false
      debug.sethook(interrupt, "", k)
    end,
    disarm = function()
      debug.sethook()
      return interrupted
    end,
  },
  script = {
    arm = world.trip_at,
    disarm = function()
      local fired = world.tripped()
      world.trip_at()
      return fired
    end,
  },
  once = refuse(1), twice = refuse(2), ["for good"] = refuse(math.maxinteger),
}
local ORDER = { "instruction", "script", "once", "twice", "for good" }

-- ------------------------------------------------------------- one attempt

local kept -- the results: of some there are weak tables

local function finish(way, w, ok, ...)
  local fired = way.disarm()
  kept = table.pack(...)
  return fired, ok, ok and state.text(w, ...) or tostring((...))
end

local function armed(way, k, call, w)
  way.arm(k)
  return call(w)
end

---@return boolean fired, boolean ok, string text of the results or of the error
local function attempt(way, k, call, w)
  snn.manual_seed(9)
  return finish(way, w, pcall(armed, way, k, call, w))
end

for _, fn in ipairs { finish, armed, attempt, WAYS.instruction.arm, WAYS.instruction.disarm } do
  own[fn] = true
end

-- The state, which may be such that it cannot be read.
local function look(w)
  local ok, found = pcall(state.of, w)
  return ok and found or { ["! the state, which cannot be read: " .. tostring(found)] = "" }
end

-- What one step more leaves, or why there is none.
local function one_more(w)
  snn.manual_seed(10)
  local ok, err = pcall(w.step, w)
  local out = look(w)
  out.step = ok and "" or tostring(err)
  return out
end

-- ------------------------------------------------------------- one call

-- How many instructions, functions of the script and allocations a call runs,
-- about: names and tables that are there already are not made again.
local FAR <const> = 1 << 40

local function count(make, call)
  local n, w = { script = 0 }, make()
  memory.fail_at(FAR)
  call(w)
  n.once = FAR - memory.left()
  memory.fail_at(0)
  n.twice, n["for good"] = n.once, n.once
  w, n.instruction = make(), 0
  world.trip_at()
  debug.sethook(function() n.instruction = n.instruction + 1 end, "", 1)
  call(w)
  debug.sethook()
  n.script = world.trips()
  return n
end

---What a call does when nothing fails.
local function reference(make, call)
  local w = make()
  local before = state.of(w)
  snn.manual_seed(9)
  kept = table.pack(pcall(call, w))
  if not kept[1] then error(kept[2], 0) end
  local text = state.text(w, table.unpack(kept, 2, kept.n))
  return {
    before = before, text = text, after = state.of(w), later = one_more(w),
    count = count(make, call),
  }
end

---What is wrong after an attempt, nil when nothing is.
---@return string?
local function judge(w, ref, fired, ok, text)
  if not fired and not ok then return "fails: " .. text end
  local wrong = state.differences(look(w), ok and ref.after or ref.before)
  if wrong then return (ok and "succeeds" or "fails") .. " and changes " .. wrong[1] end
  if not ok then return nil end
  if text ~= ref.text then return ("returns %q, not %q"):format(text, ref.text) end
  if ref.is_sound then return nil end
  wrong = state.differences(one_more(w), ref.later)
  ref.is_sound = not wrong
  return wrong and "a step later differs " .. wrong[1]
end

-- What a call may need more than was counted: twice of it and so much.
local SPARE <const> = 60

-- The place to try after the k-th of n.
local function following(k, n)
  if EACH or k < AT_FIRST or k >= n - AT_LAST then return k + 1 end
  return math.min(k + math.max(1, n // BETWEEN), n - AT_LAST)
end

---Walks over the places of a call.
---@return string? finding, integer tried
local function walk(make, call, ref, how)
  local w, k, tried = make(), 1, 0
  while true do
    local fired, ok, text = attempt(WAYS[how], k, call, w)
    local wrong = judge(w, ref, fired, ok, text)
    tried = tried + 1
    if wrong then return ("place %d: %s"):format(k, wrong), tried end
    if not fired then return nil, tried end
    if k > 2 * ref.count[how] + SPARE then return "gets longer with each failure", tried end
    if ok then w = make() end
    k = following(k, ref.count[how])
  end
end

-- ------------------------------------------------------------- all

local found, all = 0, 0

local function walk_call(make, name, call)
  own[call] = true
  local ref = reference(make, call)
  for _, how in ipairs(ORDER) do
    if how ~= "script" or ref.count.script > 0 then
      local finding, tried = walk(make, call, ref, how)
      all, found = all + tried, found + (finding and 1 or 0)
      if finding then print(("%s, %s: %s"):format(name, how, finding)) end
    end
  end
end

for _, name in ipairs(#arg > 0 and arg or sorted(calls.areas)) do
  local area = calls.areas[name]
  for _, call in ipairs(sorted(area.calls)) do walk_call(area.make, call, area.calls[call]) end
end
calls.clean_up()
print(("%d findings at %d places"):format(found, all))
os.exit(found == 0, true)
