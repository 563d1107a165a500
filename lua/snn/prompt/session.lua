-- A session of the prompt: the variables that stay, and how an input is read, run and
-- answered. src/app/prompt.c turns its step() until that is false; one more session is made
-- for each snn.repl() that runs inside of it.
local _, load_file, tools = ...
local _ENV <const> = tools.prompt_env

local compile = load_file "snn.prompt.compile"
local frames = load_file "snn.prompt.frames"
local print_values = load_file "snn.prompt.print"
local report = load_file "snn.prompt.report"
local commands = load_file "snn.prompt.commands"
local indentation = load_file "snn.prompt.indent"
local help = load_file "snn.prompt.ask"

local prompt = tools.prompt -- the functions in C
local call = prompt.call
local pack, unpack = table.pack, table.unpack
local globals = _G

local CHUNK <const> = "=stdin"

---@class snn.Session what the prompt's parts and commands work with
---@field env table what an input sees: the session's locals, globals, the prompt's own names
---@field failed table? the last error: { error =, text =, frames = }
---@field level integer? the frame of it that inputs are evaluated in
---@field loaded string? the file that ran last
---@field running function? what a command runs that was typed
---@field late function? tells what there is when a command is ended by Ctrl-C
---@field pending string? the lines of an input that is not whole yet
local Session = {}
Session.__index = Session

-- ---- variables ----

---What the names of an input mean: a cell; nil: a global, or a local of the function that
---snn.repl() stands in, which `env` knows.
local function find(self, name, is_set)
  local scope = self.level and frames.scope(self.failed.frames[self.level])
  local cell = scope and scope[name] or self.cells[name]
  if cell or self.place and self.place.index[name] then return cell end
  cell = self.outer[name] or self.parent and self.parent.cells[name]
  if cell or is_set or rawget(globals, name) ~= nil then return cell end
  return self.own[name]
end

---A table that has all names: for who compiles by himself.
local function make_env(self)
  return setmetatable({}, {
    __index = function(_, name)
      local cell = find(self, name, false)
      if cell then return compile.get(cell) end
      return self.globals[name]
    end,
    __newindex = function(_, name, value)
      local cell = find(self, name, true)
      if cell then compile.set(cell, value) else self.globals[name] = value end
    end,
  })
end

---Sorted names of the locals that an input sees.
function Session:names()
  local seen, names = {}, {}
  local scope = self.level and frames.scope(self.failed.frames[self.level]) or {}
  local index = self.place and self.place.index or {}
  local parents = self.parent and self.parent.cells or {}
  for _, list in ipairs { scope, self.cells, index, self.outer, parents } do
    for name in pairs(list) do
      if not seen[name] then names[#names + 1] = name end
      seen[name] = true
    end
  end
  table.sort(names)
  return names
end

---Is the name a local that an input sees, though it be nil?
function Session:has(name)
  return self.place and self.place.index[name] ~= nil or find(self, name, true) ~= nil
end

---The value that the name has in an input; no metamethod is called.
function Session:get(name)
  local cell = find(self, name, false)
  if cell then return compile.get(cell) end
  if self.place and self.place.index[name] then return self.place.globals[name] end
  return rawget(globals, name)
end

---Sets a local, which is made if there is none.
function Session:set(name, value)
  local cell = self.cells[name]
  if cell and cell.attribute then
    tools.fail("ValueError", "attempt to assign to const variable '%s'", name)
  end
  if cell then compile.set(cell, value) else self.cells[name] = compile.cell(value) end
end

function Session:declare(name, cell)
  self.cells[name] = cell
  local scope = self.level and frames.scope(self.failed.frames[self.level])
  if scope then scope[name] = cell end
end

function Session.write(text)
  io.stdout:write(text)
  io.stdout:flush()
end

-- ---- results ----

---A result this large is dropped with the next input that does not name it.
local LARGE <const> = 64 * 1024 * 1024

local function result_name(i) return i == 0 and "_" or "_" .. i end

---`_` is the first of these values, `_1 …` are all; older ones are let go.
local function set_results(self, values)
  for i = 0, self.results do self.own[result_name(i)] = nil end
  self.results = math.min(values.n, 200)
  for i = 0, self.results do
    self.own[result_name(i)] = compile.cell(values[math.max(i, 1)])
  end
end

local function drop_large(self, cells)
  for i = 0, self.results do
    local name = result_name(i)
    if cells[name] then return end
  end
  local bytes = 0
  for i = 1, self.results do
    bytes = bytes + print_values.bytes(compile.get(self.own[result_name(i)]))
  end
  if bytes > LARGE then set_results(self, { n = -1 }) end
end

---Own names that an input has set are the user's from then on: globals.
local function take_assigned(self, cells, before)
  for name, value in pairs(before) do
    local now = compile.get(cells[name])
    if self.own[name] == cells[name] and not rawequal(now, value) then
      compile.set(cells[name], value)
      rawset(globals, name, now)
    end
  end
end

-- ---- running ----

---An error that a call has ended with: kept, and told.
function Session:fail(failure, fn, prefix)
  if self.leaving then return end
  self.level = nil
  self.failed = frames.clean(failure, fn)
  prompt.tell((prefix or "") .. report.text(self, self.failed))
end

---The same of a command or a question: only when code of the user's failed in it, the kept
---frames are others.
function Session:fail_command(failure, fn)
  for _, frame in ipairs(failure.frames or {}) do
    if frames.is_own(frame) then return self:fail(failure, fn) end
  end
  if self.leaving then return end
  local value = failure.error
  local message = type(value) == "table" and rawget(value, "message")
  prompt.tell(type(message) == "string" and message or report.message(failure))
end

local function typed_options(self)
  local frame = self.level and self.failed.frames[self.level]
  return { find = function(name, is_set) return find(self, name, is_set) end,
    declare = function(name, cell) self:declare(name, cell) end,
    env = frame and frames.env(frame) or self.globals, all = self.env }
end

---The function of a text, as it would be run; nil, message, unfinished.
function Session:compile(text) return compile.typed(text, CHUNK, typed_options(self)) end

---`...` of an input: that of the function that it is evaluated in.
local function varargs(self)
  local frame = self.level and self.failed.frames[self.level] or self.frame
  local values = frame and frame.varargs
  if values then return unpack(values, 1, values.n) end
end

---Keeps the values of an input as `_`, `_1 …`, and prints them.
---@param values table with `n`
---@param is_silent? boolean
function Session:answer(values, is_silent)
  set_results(self, values)
  if not is_silent then print_values.print(self, values) end
end

---Runs a compiled text; its values are printed unless it is silent.
function Session:execute(fn, about)
  local before = {}
  drop_large(self, about.cells)
  for name, cell in pairs(about.cells) do
    if self.own[name] == cell then before[name] = compile.get(cell) end
  end
  report.note(fn, about.text)
  local results = pack(call(fn, varargs(self)))
  take_assigned(self, about.cells, before)
  if not results[1] then return self:fail(results[2], fn) end
  local values = pack(unpack(results, 2, results.n))
  local note = report.note_of(self, about.text, values)
  if note then prompt.tell(note) end
  if values.n == 0 then return end
  if values.n == 1 and rawequal(values[1], self.exit) then
    self.leaving = true
    return
  end
  local ok, failure = call(self.answer, self, values, about.is_silent)
  if not ok then self:fail(failure, fn) end
end

---Compiles, runs and prints as if it were typed.
---@param text string
function Session:run(text)
  if help.answer(self, text) or commands.run(self, text) then return end
  local fn, about = self:compile(text)
  if text then prompt.remember(text) end
  if fn then self:execute(fn, about) else self:refuse(about, text) end
end

---A text that is no Lua.
function Session.refuse(_, message, text, prefix)
  prompt.tell((prefix or "") .. report.refused(message, text))
end

---The function of a text as it would be run when it is typed, and whether it is silent;
---raises when it is no Lua.
---@param text string
---@return function fn, boolean is_silent
function Session:typed(text)
  local fn, about, is_unfinished = self:compile(text)
  if is_unfinished then _, about = load("return " .. text, CHUNK, "t") end
  if not fn then tools.fail("ValueError", "%s", about) end
  self.running = fn
  report.note(fn, about.text)
  if select("#", varargs(self)) == 0 then return fn, about.is_silent end
  return function() return fn(varargs(self)) end, about.is_silent
end

---The values of an expression; raises what it raises.
---@param text string
function Session:eval(text)
  local fn, about = self:compile("return " .. text)
  if not fn then error(about, 0) end
  return fn(varargs(self))
end

-- ---- scripts ----

local function compile_script(self, path)
  local text = compile.read(path)
  if not text then return loadfile(path) end
  local fn, message = compile.script(text, path and "@" .. path or CHUNK,
    function(...) self:declare(...) end)
  if fn then report.note(fn, text) end
  return fn, message, text
end

---Runs a file, whose locals at the top level stay here also when it fails.
---@param path string? nil: standard input
---@param prefix? string of an error's text
function Session:load(path, prefix, ...)
  local fn, message, text = compile_script(self, path)
  if not fn then return self:refuse(message, text, prefix) end
  self.loaded = path
  local ok, failure = call(fn, ...)
  if not ok then self:fail(failure, fn, prefix) end
end

-- ---- reading ----

local FIRST <const>, MORE <const> = "snn> ", "  .. "

---The text of the global _PROMPT or _PROMPT2, as lua5.4 has it.
local function text_of(name)
  local value = rawget(globals, name)
  if value == nil then return nil end
  local ok, text = call(tostring, value)
  return ok and text or nil
end

local function first_prompt(self)
  local text = text_of "_PROMPT"
  if text then return text end
  return self.level and ("snn [%d]> "):format(self.level) or FIRST
end

local function more_prompt(first)
  local text = text_of "_PROMPT2"
  if text then return text end
  return (" "):rep((utf8.len(first) or #first) - #MORE) .. MORE
end

local complete -- what lua/snn/prompt/complete.lua returns, once Tab was pressed

local function make_completer(self)
  return function(text, cursor)
    complete = complete or load_file "snn.prompt.complete"
    return complete(self, text, cursor)
  end
end

---An input, which may have several lines; then what compile has said of it. nil: the end;
---false: a line was dropped.
local function read_input(self)
  local first = first_prompt(self)
  self.pending = nil
  local text = prompt.read(first, "", "", self.completer)
  while text and not (help.is(text) or commands.is(text)) do
    local fn, about, is_unfinished = self:compile(text)
    local foreign = is_unfinished and report.unfinished(text, CHUNK:sub(2))
    if foreign or not is_unfinished then return text, fn, foreign or about end
    self.pending = text
    local indent = prompt.is_terminal() and indentation(text) or ""
    local more = prompt.read(more_prompt(first), text, indent, self.completer)
    if more == nil then return text, nil, about end
    text = more and text .. "\n" .. more
  end
  return text
end

---One input, read and answered. False when the session is over.
function Session:step()
  local text, fn, about = read_input(self)
  if text == nil then
    if prompt.is_terminal() then self.write "\n" end
    return false
  end
  if text then prompt.remember(text) end
  if fn then self:execute(fn, about)
  elseif about then self:refuse(about, text)
  elseif text then self:run(text)
  end
  return not self.leaving
end

-- ---- sessions ----

---Ends the session; one within a script leaves that to run, unless there is a code for the
---shell.
local function leave(self, code)
  self.leaving = true
  self.code = code == false and 1 or math.tointeger(code) or 0
  if self.code ~= 0 and self.place then os.exit(self.code) end
end

---What leaves the prompt: `exit` alone and exit(code).
local function make_exit(self)
  return setmetatable({}, {
    __name = "exit",
    __tostring = function() return "exit: leaves the prompt, as Ctrl-D does" end,
    __call = function(exit, code)
      leave(self, code)
      error(exit, 0) -- what is typed ends here
    end,
  })
end

---@param place table? where snn.repl() was called, from frames.place
local function new(place)
  local self = setmetatable({ cells = {}, outer = {}, own = {}, results = -1, code = 0 }, Session)
  self.place, self.frame = place, place and place.frame
  self.globals = place and place.globals or globals
  self.outer = place and place.outer or {}
  -- what was typed sees what was typed before
  local is_typed = self.frame and self.frame.source == CHUNK
  self.parent = is_typed and tools.session or nil
  self.env = make_env(self)
  self.completer = make_completer(self)
  self.exit = make_exit(self)
  for name, value in pairs(help.functions) do self.own[name] = compile.cell(value) end
  self.own.exit, self.own.quit = compile.cell(self.exit), compile.cell(self.exit)
  return self
end

---Runs fn(session, ...) while it is the one of the prompt's parts.
local function within(self, fn, ...)
  local outer <const> = tools.session
  local _ <close> = setmetatable({}, { __close = function() tools.session = outer end })
  tools.session = self
  return fn(self, ...)
end

local sessions = {}
local first -- the session of the program, once a script has run in it

function sessions.script(path, ...)
  first = first or new()
  within(first, Session.load, path, "snnlua: ", ...)
end

---The file of a person's own settings.
local function init_file()
  local home = os.getenv "HOME"
  local folder = os.getenv "XDG_CONFIG_HOME"
  if not folder or folder == "" then folder = home and home .. "/.config" end
  return folder and folder .. "/snnlua/init.lua"
end

---Runs that file, where there is one, unless -E was given. Its locals stay.
local function run_init(self)
  local path = not debug.getregistry().LUA_NOENV and init_file()
  local file = path and io.open(path)
  if not file then return end
  file:close()
  local loaded <const> = self.loaded
  self:load(path)
  self.loaded = loaded
end

---@return integer code for the shell
function sessions.prompt()
  first = first or new()
  within(first, run_init)
  within(first, prompt.loop)
  return first.code
end

function sessions.repl()
  local place <close> = frames.place()
  within(new(place), prompt.loop)
end

return sessions
