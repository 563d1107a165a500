-- The functions of a file that there are, and every place that holds one: fields, keys,
-- upvalues, what objects of C keep, locals of coroutines. All that Lua can reach is looked
-- at, and no metamethod called.
local _, _, tools = ...
local _ENV <const> = tools.prompt_env

local getinfo, getupvalue, getlocal = debug.getinfo, debug.getupvalue, debug.getlocal
local getuservalue, getmetatable = debug.getuservalue, debug.getmetatable
local next, type, rawget, rawset = next, type, rawget, rawset

-- ---- names of files ----

local function without_dots(path)
  local parts = {}
  for part in path:gmatch "[^/]+" do
    if part == ".." then
      parts[#parts] = nil
    elseif part ~= "." then
      parts[#parts + 1] = part
    end
  end
  return "/" .. table.concat(parts, "/")
end

---A file's name from the root, so that two names of one file are alike.
local function whole_path(path)
  if path:sub(1, 1) ~= "/" then path = (os.getenv "PWD" or "") .. "/" .. path end
  return without_dots(path)
end

-- ---- the walk ----

-- Places are { set, container, key }: set(container, key, value).
local SET <const> = {
  field = function(t, key, value) rawset(t, key, value) end,
  key = function(t, now, value) -- now: { the key }
    local held = rawget(t, now[1])
    rawset(t, now[1], nil)
    rawset(t, value, held)
    now[1] = value
  end,
  upvalue = function(fn, i, value) debug.setupvalue(fn, i, value) end,
  uservalue = function(u, n, value) debug.setuservalue(u, value, n) end,
  variable = function(thread, at, value) debug.setlocal(thread, at[1], at[2], value) end,
}

local Walk = {}
Walk.__index = Walk

---Looks at a value later, once; notes the place of a function of the file.
function Walk:visit(value, kind, container, key)
  local what = type(value)
  if what == "function" then
    local list = self.of_file[value]
    if list == nil and not self.seen[value] then
      local info = getinfo(value, "S")
      list = info.what ~= "C" and self.is_source(info.source) and { info = info } or false
      self.of_file[value] = list
    end
    if list and kind then list[#list + 1] = { SET[kind], container, key } end
  elseif what ~= "table" and what ~= "userdata" and what ~= "thread" then
    return
  end
  if self.seen[value] then return end
  self.seen[value] = true
  self.n = self.n + 1
  self.queue[self.n] = value
end

local LOOK = {}

function LOOK.table(walk, t)
  local meta = getmetatable(t)
  local mode = meta and rawget(meta, "__mode")
  -- (what is known of a function, kept while it lives, is not true of another one)
  local is_cache = type(mode) == "string" and mode:find("k", 1, true) ~= nil
  for key, value in next, t do
    if type(key) == "function" and not is_cache then
      walk:visit(key, "key", t, { key })
    else
      walk:visit(key)
    end
    walk:visit(value, "field", t, key)
  end
  walk:visit(meta)
end

LOOK["function"] = function(walk, fn)
  for i = 1, 255 do
    local name, value = getupvalue(fn, i)
    if not name then return end
    walk:visit(value, "upvalue", fn, i)
  end
end

function LOOK.userdata(walk, u)
  walk:visit(getmetatable(u))
  for n = 1, 255 do
    local value, is_there = getuservalue(u, n)
    if not is_there then return end
    walk:visit(value, "uservalue", u, n)
  end
end

---The functions and locals of a coroutine that waits.
function LOOK.thread(walk, thread)
  if coroutine.status(thread) ~= "suspended" then return end
  for level = 0, 200 do
    local info = getinfo(thread, level, "f")
    if not info then return end
    walk.running[info.func] = true
    walk:visit(info.func)
    for i = 1, 255 do
      local name, value = getlocal(thread, level, i)
      if not name then break end
      walk:visit(value, "variable", thread, { level, i })
    end
  end
end

---Is that the function of a whole file, or the one that compile has put around it?
local function is_chunk(fn, what) return what == "main" or tools.prompt_keepers[fn] ~= nil end

---Sets the local number `i` of a function that waits below.
local function set_waiting(fn, i, value)
  local level = 2
  while getinfo(level, "f").func ~= fn do level = level + 1 end
  debug.setlocal(level, i, value)
end

---The script's calls that wait for the prompt, and what their locals hold; of the file's own
---the names are kept.
local function look_at_stack(walk)
  for level = 2, 1000 do
    local info = getinfo(level, "Sf")
    if not info then return end
    local fn = info.func
    if info.what ~= "C" and info.source:sub(1, 6) ~= "=[snn]" then
      walk.running[fn] = true
      walk:visit(fn)
      local is_file = walk.is_source(info.source) and is_chunk(fn, info.what)
      for i = 1, 255 do
        local name, value = getlocal(level, i)
        if not name then break end
        walk:visit(value)
        if is_file then
          walk.waiting[name] = { value, function(new) set_waiting(fn, i, new) end }
        end
      end
    end
  end
end

local find = { whole_path = whole_path }

---The functions of a file that can be reached.
---@param path string
---@param hidden table[] tables that are not looked into
---@return table<function, table> of_file each with its places, and `info` of getinfo
---@return table<function, true> running
---@return table<string, table> waiting the locals of the file itself, while it waits for the
---  prompt: value and what sets it
function find.functions(path, hidden)
  local whole, known = whole_path(path), {}
  local walk = setmetatable({ seen = {}, of_file = {}, running = {}, waiting = {},
    queue = {}, n = 0 }, Walk)
  function walk.is_source(source)
    if known[source] == nil then
      known[source] = source:sub(1, 1) == "@" and whole_path(source:sub(2)) == whole
    end
    return known[source]
  end
  for _, own in ipairs { walk, walk.seen, walk.of_file, walk.running, walk.queue, walk.waiting,
    known } do
    walk.seen[own] = true
  end
  for _, t in ipairs(hidden) do walk.seen[t] = true end
  walk:visit(debug.getregistry())
  look_at_stack(walk)
  while walk.n > 0 do
    local value = walk.queue[walk.n]
    walk.queue[walk.n] = nil
    walk.n = walk.n - 1
    LOOK[type(value)](walk, value)
  end
  for fn, list in next, walk.of_file do
    if not list then walk.of_file[fn] = nil end
  end
  return walk.of_file, walk.running, walk.waiting
end

return find
