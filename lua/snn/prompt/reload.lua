-- `:reload file`: the function statements of a file that was edited take the place of the
-- functions that the file has made, wherever these are held, with the variables that these
-- have (debug.upvaluejoin). Nothing else of the file runs. All is worked out first; a file
-- that fails changes nothing.
local _, load_file, tools = ...
local _ENV <const> = tools.prompt_env

local compile = load_file "snn.prompt.compile"
local reload_text = load_file "snn.prompt.reload_text"
local find = load_file "snn.prompt.reload_find"

local getupvalue, upvalueid, upvaluejoin = debug.getupvalue, debug.upvalueid, debug.upvaluejoin

---@class snn.Reload what one `:reload` works with
---@field session snn.Session
---@field path string
---@field source string of the functions that the file has made
---@field of_file table<function, table> these, with their places
---@field running table<function, true>
---@field waiting table<string, table> locals of the file where it waits for the prompt
---@field found table<string, table> the file's locals: name -> cell
---@field current function[] of the file's last run
---@field fresh table<string, table> those of them that are new
---@field changes { [1]: function, [2]: any, [3]: any }[] set(value), new, old
local Reload = {}
Reload.__index = Reload

-- ---- variables of the file ----

local function upvalue_named(fn, name)
  for i = 1, 255 do
    local found = getupvalue(fn, i)
    if found == name then return { fn = fn, index = i } end
    if not found then return nil end
  end
end

---The functions that the file itself has made, and those made inside of such.
local function sort_functions(self)
  self.outer, self.inner = {}, {}
  local all = {}
  for fn, places in pairs(self.of_file) do
    local is_own = places.info.what ~= "main" and not tools.prompt_keepers[fn]
    if is_own then all[#all + 1] = fn end
  end
  local function first(fn) return self.of_file[fn].info.linedefined end
  local function last(fn) return self.of_file[fn].info.lastlinedefined end
  table.sort(all, function(a, b)
    if first(a) ~= first(b) then return first(a) < first(b) end
    return last(a) > last(b)
  end)
  local upto, of = 0, 0 -- the last line of an outer function, and its first
  for _, fn in ipairs(all) do
    local is_same = first(fn) == of and last(fn) == upto
    local is_inner = last(fn) <= upto and not is_same
    table.insert(is_inner and self.inner or self.outer, fn)
    if not is_inner then upto, of = last(fn), first(fn) end
  end
end

---The variable of that name that these functions share; nil: none has one.
local function shared_cell(functions, name)
  local found
  for _, fn in ipairs(functions) do
    local one = upvalue_named(fn, name)
    if one and found and upvalueid(one.fn, one.index) ~= upvalueid(found.fn, found.index) then
      tools.fail("RuntimeError", "reload: '%s' is more than one variable: the file has run "
        .. "more than once (:load runs it again, whole)", name)
    end
    found = found or one
  end
  return found
end

---The cell of a local of the file: what functions of its last run share, the session's, what
---any of its functions share; nil.
local function known_cell(self, name)
  local current = shared_cell(self.current, name)
  local cell = self.session.cells[name]
  if current then return current end
  if cell and self.of_file[cell.fn] then return cell end
  return shared_cell(self.outer, name)
end

---The value of the module that the file is, when `return name` is its last statement.
local function module_value(self, name)
  if self.returned ~= name then return nil end
  for module, value in pairs(package.loaded) do
    local path = type(module) == "string" and package.searchpath(module, package.path)
    if path and find.whole_path(path) == self.whole then return value end
  end
end

---The variable of a local of the file; a new one where there is none.
local function cell_of(self, name, line)
  local cell = self.found[name] or known_cell(self, name)
  if not cell then
    local value = module_value(self, name)
    if self.waiting[name] then value = self.waiting[name][1] end
    cell = compile.cell(value)
    if value == nil then
      self.fresh[name] = cell
      self.new[#self.new + 1] = { name = name, line = line }
    end
  end
  self.found[name] = cell
  return cell
end

---The globals of the file's functions.
local function globals_of(self)
  for _, fn in ipairs(self.outer) do
    local cell = upvalue_named(fn, "_ENV")
    if cell then return cell end
  end
end

-- ---- one function ----

local function conflict(item, text, ...)
  tools.fail("RuntimeError", "reload: line %d: %s", item.line, text:format(...))
end

---The new function of an item, whose variables are the old one's.
local function make(self, item, old)
  local chunk, message = load(reload_text.chunk(item), self.source, "t")
  if not chunk then tools.fail("ValueError", "reload: %s", message) end
  local fn = chunk()
  for i = 1, 255 do
    local name = getupvalue(fn, i)
    if not name then return fn end
    local cell = old and upvalue_named(old, name)
    if not cell and name == "_ENV" then cell = globals_of(self)
    elseif not cell then cell = cell_of(self, name, item.line)
    end
    if cell then upvaluejoin(fn, i, cell.fn, cell.index) end
  end
end

local function has_fields(value) return type(value) == "table" or type(value) == "userdata" end

---The value of an item's root, and what sets it.
local function root_of(self, item)
  local name = item.keys[1]
  if reload_text.root(item) then
    local waiting = not known_cell(self, name) and self.waiting[name]
    local cell = cell_of(self, name, item.line)
    return compile.get(cell), function(value)
      compile.set(cell, value)
      if waiting then waiting[2](value) end
    end
  end
  local env = globals_of(self)
  env = env and compile.get(env) or _G
  return env[name], function(value) env[name] = value end
end

---What is now where an item's function is to be, and what sets it.
local function target_of(self, item)
  local value, set = root_of(self, item)
  local said = item.keys[1]
  for i = 2, #item.keys do
    local holder, key = value, item.keys[i]
    if not has_fields(holder) then
      conflict(item, "%s: '%s' is %s: it has no fields", item.label, said,
        tools.describe(holder))
    end
    value = holder[key]
    function set(new) holder[key] = new end
    said = said .. "." .. tostring(key)
  end
  return value, set
end

local function change(self, set, new, old)
  self.changes[#self.changes + 1] = { set, new, old }
end

local function plan_item(self, item)
  local value, set = target_of(self, item)
  local places = type(value) == "function" and self.of_file[value]
  local fn = make(self, item, places and value or nil)
  change(self, set, fn, value)
  for _, place in ipairs(places or {}) do
    change(self, function(new) place[1](place[2], place[3], new) end, fn, value)
  end
  if places then
    self.replaced[value] = true
    if self.running[value] then self.runs[#self.runs + 1] = item.label end
  end
  self.done[#self.done + 1] = item.label
end

---Makes all changes, or none.
local function commit(self)
  local n = 0
  local ok, failure = pcall(function()
    for i, c in ipairs(self.changes) do
      n = i
      c[1](c[2])
    end
  end)
  if ok then return end
  for i = n, 1, -1 do
    local c = self.changes[i]
    pcall(c[1], c[3])
  end
  error(failure, 0)
end

-- ---- the last run of the file ----

---What stands now where a global function statement puts its function; nil: nothing of the
---file's.
local function current_of(self, item)
  if reload_text.root(item) then return nil end
  local value = rawget(_G, item.keys[1])
  for i = 2, #item.keys do
    value = type(value) == "table" and rawget(value, item.keys[i]) or nil
  end
  return type(value) == "function" and self.of_file[value] and value or nil
end

---Adds a function of the file, and those that it has as upvalues.
local function add_current(self, fn, seen)
  if seen[fn] or not self.of_file[fn] then return end
  seen[fn] = true
  self.current[#self.current + 1] = fn
  for i = 1, 255 do
    local name, value = getupvalue(fn, i)
    if not name then return end
    if type(value) == "function" then add_current(self, value, seen) end
  end
end

---Finds functions that the last run has made: a file may have run several times, and older
---ones be held somewhere.
local function find_current(self, items)
  local seen = {}
  for _, item in ipairs(items) do
    local fn = current_of(self, item)
    if fn then add_current(self, fn, seen) end
  end
end

-- ---- what is told ----

local function lines_of(self, list)
  local lines, seen = {}, {}
  for _, fn in ipairs(list) do
    local line = self.of_file[fn].info.linedefined
    if not self.replaced[fn] and not seen[line] then lines[#lines + 1] = line end
    seen[line] = true
  end
  table.sort(lines)
  return lines
end

local function tell_old(self, list, what)
  local lines = lines_of(self, list)
  if #lines == 0 then return end
  self.session.write(("%s keep their code: line%s %s\n"):format(what, #lines > 1 and "s" or "",
    table.concat(lines, ", ")))
end

local function tell_others(self, others)
  local write, MOST <const> = self.session.write, 20
  for i = 1, math.min(#others, MOST) do
    write(("  line %d: %s\n"):format(others[i].line, others[i].text))
  end
  if #others > MOST then write(("  and %d more\n"):format(#others - MOST)) end
end

local function tell_new(self, entry)
  local value = compile.get(self.fresh[entry.name])
  if value ~= nil then return end
  self.session.write(("line %d uses the new local '%s', which is nil until it is set here\n")
    :format(entry.line, entry.name))
end

local function tell(self, others)
  local write = self.session.write
  local done = #self.done > 0 and table.concat(self.done, ", ") or "nothing"
  write(("reloaded %s%s\n"):format(done, #others == 0 and "" or
    ("; %d other statement%s did not run:"):format(#others, #others > 1 and "s" or "")))
  tell_others(self, others)
  for _, entry in ipairs(self.new) do tell_new(self, entry) end
  for _, label in ipairs(self.runs) do
    write(("%s runs now: that call goes on as it was\n"):format(label))
  end
  tell_old(self, self.outer, "functions that no such statement replaces")
  tell_old(self, self.inner, "functions that other functions have made")
end

-- ---- the command ----

---The name in `return name`, the last statement.
local function returned_name(text)
  return text:match "%f[%w_]return%s+([%a_][%w_]*)%s*;?%s*$"
end

---The name of the chunk that the file's functions have; nil: it has not run.
local function source_of(session, path, of_file)
  local _, places = next(of_file)
  if places then return places.info.source end
  local loaded = session.loaded
  local is_loaded = loaded and find.whole_path(loaded) == find.whole_path(path)
  return is_loaded and "@" .. loaded or nil
end

local function new(session, path)
  local text = compile.read(path)
  if not text then
    local _, why = io.open(path, "rb")
    tools.fail("IOError", "reload: %s", why or path .. " is no Lua text")
  end
  local fn, message = load(text, "@" .. path, "t")
  if not fn then tools.fail("ValueError", "reload: %s", message) end
  local of_file, running, waiting = find.functions(path, { session.failed })
  local self = setmetatable({ session = session, path = path, text = text,
    whole = find.whole_path(path), source = source_of(session, path, of_file), of_file = of_file,
    running = running, waiting = waiting, returned = returned_name(text),
    current = {}, found = {}, fresh = {}, new = {}, changes = {},
    replaced = {}, runs = {}, done = {} }, Reload)
  sort_functions(self)
  return self
end

---What was loaded last: by :load, by -i, or the script that snn.repl() stands in.
local function last_file(session)
  local frame = session.place and session.place.frame
  local path = session.loaded or frame and frame.source:match "^@(.*)"
  return path or tools.fail("ValueError", "usage: :reload file (none was loaded yet)")
end

---Replaces the functions of a file in what was made by it.
---@param session snn.Session
---@param path string? the file that was loaded last
return function(session, path)
  local self = new(session, path or last_file(session))
  if not self.source then
    tools.fail("RuntimeError", "reload: no function of %s is there: :load %s runs it", self.path,
      self.path)
  end
  local items, others = reload_text.read(self.text)
  if not items then
    tools.fail("ValueError", "reload: %s:%d: the statement is not understood", self.path, others)
  end
  find_current(self, items)
  for _, item in ipairs(items) do
    if not item.is_hidden then plan_item(self, item) end
  end
  commit(self)
  for name, cell in pairs(self.fresh) do
    if not session.cells[name] then session:declare(name, cell) end
  end
  tell(self, others)
end
