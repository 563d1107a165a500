-- Which iterators go on where snn.save is called, for what it keeps of them: those of
-- the generic `for` loops that led to there, and trains whose iterator a variable in
-- scope holds (src/bind/lua/scope.c).
--
-- What a loop handed out last comes again if another one began after it and goes on:
-- then the body is in the middle of it. So a resumed script enters its loops one in
-- the other as it did at first.
local _, _, tools = ...

-- Iterators that hand on what another one gives: object -> that one (progress.lua).
local inner_of = {}
function tools.hands_on(find) inner_of[#inner_of + 1] = find end

-- What a value in a loop is, or nil: a table { of, begun, latest } (data.lua).
local known = {}
function tools.is_looped(find) known[#known + 1] = find end

local function first_of(list, value)
  for _, find in ipairs(list) do
    local found = find(value)
    if found ~= nil then return found end
  end
end

local function note(list, seen, key, entry)
  if seen[key] then return end
  seen[key] = true
  list[#list + 1] = entry
end

local function note_train(list, seen, value, in_loop)
  local train = tools.train(first_of(inner_of, value) or value)
  if train and not train.is_over then
    train.in_loop = in_loop
    note(list, seen, train.train, train)
  end
  return train ~= nil
end

-- A train by hand that has given all its steps goes on in the body of a loop that
-- began after it, else no more.
local function without_full(list)
  local out, last = {}, #list
  local function is_full(entry) return not entry.in_loop and entry.is_full end
  while last > 0 and is_full(list[last]) do last = last - 1 end
  return table.move(list, 1, last, 1, out)
end

---@class snn.Running an iterator that goes on
---@field of table|snn.Encoder whose it is
---@field begun integer tick
---@field latest integer tick of what it handed out last
---@field train? userdata
---@field in_loop boolean a `for` holds it, else a variable
---@field again boolean what it handed out last comes again

--- All that go on, in the order in which they began.
---@return snn.Running[]
function tools.running()
  local loops, variables = tools.scope()
  local list, seen = {}, {}
  for _, value in ipairs(loops) do
    if not note_train(list, seen, value, true) then
      local pass = first_of(known, value)
      if pass then
        pass.in_loop = true
        note(list, seen, pass, pass)
      end
    end
  end
  for _, value in ipairs(variables) do note_train(list, seen, value, false) end
  table.sort(list, function(a, b) return a.begun < b.begun end)
  list = without_full(list)
  for _, entry in ipairs(list) do entry.again = tools.is_within(list, entry.latest) end
  return list
end

--- Does one of the list go on that began after that tick?
function tools.is_within(list, tick)
  local last = list[#list]
  return last ~= nil and last.begun > tick
end

local function is_same(a, b, names)
  for _, name in ipairs(names) do
    local x, y = a[name], b[name]
    if x ~= y and not (tools.is_tensor(x) and tools.is_tensor(y) and x:equal(y)) then
      return false
    end
  end
  return true
end

--- The first of the places in the list that waits for its loop, linked to the next by
--- `next`. A loop that goes on now, where it was then (snn.snapshot and its restore in
--- one body), needs none.
---@param list table[] loaded
---@param now table[] of what goes on, with in_loop
---@param names string[] of what makes up a place
function tools.waiting(list, now, names)
  local first = 1
  while now[first] and list[first] and now[first].in_loop
    and is_same(list[first], now[first], names) do
    first = first + 1
  end
  for i = first, #list do list[i].next = list[i + 1] end
  return list[first]
end
