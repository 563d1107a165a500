-- Runs one small script again and again and refuses one allocation more to the
-- right each time, until it runs through with none refused:
--   snnlua spec/oom/walk.lua spec/oom/cases/NAME.lua [STRIDE]   (each STRIDE-th allocation)
-- A case returns a table: run(objects) is what runs short of memory;
-- prepare(), if there, makes its objects before; check(objects, ok), if there,
-- asserts that they are usable afterwards (and unchanged where it failed).
-- Each place is tried three times: one refusal (for Lua's own allocations a
-- full collection at that place), two (an error), and all from there on.
local snn = require "snn"
local memory = snn._debug

local path, stride = arg[1], tonumber(arg[2] or 1)
local case = dofile(path)
local prepare = case.prepare or function() end
local check = case.check or function() end

---What a script in short memory may see: Lua's text or an error of snn.
local function is_fair(err)
  local text = tostring(err)
  return text:find("not enough memory", 1, true) ~= nil
end

---@return boolean fired whether an allocation was refused
---@return boolean ok
---@return any err
local function run_short(k, n, objects)
  -- a finalizer that Lua has no memory to call, by the chance of its collector, never runs
  if n == math.maxinteger then collectgarbage "stop" end
  local ok, err = pcall(function()
    memory.fail_at(k, n)
    case.run(objects)
  end)
  local fired = memory.fired()
  memory.fail_at(0)
  collectgarbage "restart"
  return fired, ok, err
end

local function live_after_collection()
  collectgarbage()
  collectgarbage()
  return memory.live()
end

---@return boolean fired
local function attempt(k, n)
  local objects = prepare()
  local fired, ok, err = run_short(k, n, objects)
  if not ok and not (fired and is_fair(err)) then
    error(("allocation %d (%d refused): %s"):format(k, n, tostring(err)), 0)
  end
  local checked, why = pcall(check, objects, ok)
  if not checked then
    error(("after allocation %d (%d refused): %s"):format(k, n, tostring(why)), 0)
  end
  return fired
end

---@return integer places how many allocations the case makes, within the stride
local function walk(n)
  local k = 1
  while attempt(k, n) do k = k + stride end
  return k - 1
end

attempt(0, 1) -- makes what is made once
local before = live_after_collection()
local places
for _, n in ipairs { 1, 2, math.maxinteger } do
  places = walk(n)
  local after = live_after_collection()
  if after ~= before then
    error(("%d blocks before, %d after (%d refused)"):format(before, after, n), 0)
  end
end
print(("%-40s %6d allocations"):format(path, places))
