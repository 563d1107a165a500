-- The prompt's commands: one table, public as snn.commands, to which scripts can add. A line
-- that begins with `:` and a name of it is a command, never Lua.
local _, load_file, tools = ...
local _ENV <const> = tools.prompt_env

local frames = load_file "snn.prompt.frames"
local report = load_file "snn.prompt.report"

---@class snn.Command
---@field usage string ":name what"
---@field summary string one line
---@field run fun(session: snn.Session, rest: string) `rest` is typed behind the name
---@field complete? "expression"|"file"|"name" what Tab offers behind the name
---@field needs? boolean true: the usage is told when nothing is behind the name; false: when
---  something is

local all = {} -- name -> the prompt's own

-- ---- frames of an error ----

---The failure, or an error: there was none.
local function failed_of(session)
  return session.failed or tools.fail("RuntimeError", "there was no error yet")
end

---The indices of the script's own frames, innermost first.
local function own_frames(failed)
  local own = {}
  for i, frame in ipairs(failed.frames) do
    if frames.is_own(frame) then own[#own + 1] = i end
  end
  if #own == 0 then tools.fail("RuntimeError", "no frame of this error was kept") end
  return own
end

local function place_of(own, level)
  for place, index in ipairs(own) do
    if index == level then return place end
  end
end

---Chooses the frame that is `steps` outwards of the chosen one, at first the innermost.
local function choose(session, steps)
  local failed = failed_of(session)
  local own = own_frames(failed)
  local place = (place_of(own, session.level) or 1) + steps
  local best = math.max(1, math.min(#own, place))
  session.level = own[best]
  local note = place > #own and " (the outermost)" or place < 1 and " (the innermost)" or ""
  session.write(("%s%s\n"):format(report.line(failed.frames[session.level]), note))
end

all.up = { usage = ":up", needs = false,
  summary = "to the caller in the last error: names are its",
  run = function(session) choose(session, 1) end }

all.down = { usage = ":down", needs = false,
  summary = "back to what it called",
  run = function(session) choose(session, -1) end }

local function write_variables(session, title, list)
  for i, entry in ipairs(list) do
    local text = report.value(entry[2])
    session.write(("%s%s = %s\n"):format(i == 1 and title .. "\n  " or "  ", entry[1], text))
  end
end

---The locals of the call that snn.repl() stands in, and of the session.
local function write_place(session)
  local list = {}
  for i, name in ipairs(session:names()) do list[i] = { name, session:get(name) } end
  write_variables(session, "locals:", list)
end

all.locals = { usage = ":locals", needs = false,
  summary = "names and values there; to assign changes copies",
  run = function(session)
    if session.place and not session.failed then return write_place(session) end
    choose(session, 0)
    local frame = session.failed.frames[session.level]
    local now = frames.variables(frame)
    write_variables(session, "locals:", now.locals)
    write_variables(session, "upvalues:", now.upvalues)
    for i = 1, frame.varargs and frame.varargs.n or 0 do
      session.write(("  (vararg %d) = %s\n"):format(i, report.value(frame.varargs[i])))
    end
  end }

all.top = { usage = ":top", needs = false,
  summary = "leaves the names of the error",
  run = function(session) session.level = nil end }

all.tb = { usage = ":tb", needs = false,
  summary = "all frames of the last error, the library's too",
  run = function(session)
    local failed = failed_of(session)
    session.write(report.message(failed) .. "\n" .. report.traceback(failed) .. "\n")
  end }

-- ---- files ----

---What is typed as the name of a file; nil: nothing.
local function file_name(rest)
  local path = rest:match("^[\"'](.*)[\"']$") or rest
  if path == "" then return nil end
  return (path:gsub("^~/", (os.getenv "HOME" or "~") .. "/"))
end

all.load = { usage = ":load file", summary = "runs a file, whose locals stay here",
  complete = "file", needs = true,
  run = function(session, rest) session:load(file_name(rest)) end }

-- ---- the work of most lies in files of their own, read at use ----

local files = {} -- name -> what it returns

---@param name string below lua/snn/prompt/
---@param key? string of what it returns
local function from(name, key)
  return function(session, rest)
    files[name] = files[name] or load_file("snn.prompt." .. name)
    local run = key and files[name][key] or files[name]
    return run(session, rest)
  end
end

local reload = from "reload"

all.reload = { usage = ":reload [file]", complete = "file",
  summary = "its functions as they are now, in what it has made",
  run = function(session, rest) reload(session, file_name(rest)) end }

all.time = { usage = ":time expr", summary = "wall time, CPU time, allocated bytes of a call",
  complete = "expression", needs = true, run = from("timing", "time") }

all.bench = { usage = ":bench expr", summary = "time of a call: median, min, spread",
  complete = "expression", needs = true, run = from("timing", "bench") }

all.profile = { usage = ":profile expr", summary = "time by connection, neuron, trainer, wiring",
  complete = "expression", needs = true, run = from "profile" }

all.who = { usage = ":who [pattern]", summary = "variables: kinds, shapes, types, bytes",
  run = from("who", "who") }

all.mem = { usage = ":mem", summary = "memory: Lua, tensors, the process", needs = false,
  run = from("who", "mem") }

all.set = { usage = ":set [name value]", summary = "threads, seed, warnings, color; alone: lists",
  run = from "set" }

all.save = { usage = ":save file [names ...]",
  summary = "writes objects, all that can be by default",
  complete = "file", needs = true, run = from("keep", "save") }

all.restore = { usage = ":restore file", summary = "puts them back into objects of these names",
  complete = "file", needs = true, run = from("keep", "restore") }

all.edit = { usage = ":edit name|file", summary = "in $EDITOR, then :reload if it has changed",
  complete = "name", needs = true, run = from("shell", "edit") }

all["!"] = { usage = ":!command", summary = "runs a command of the shell", complete = "file",
  needs = true, run = from("shell", "run") }

-- ---- help ----

local function sorted_names()
  local names = {}
  for name in pairs(tools.commands) do names[#names + 1] = name end
  table.sort(names)
  return names
end

local INTRODUCTION <const> = [[
What is typed is Lua. The values of the last expression are printed, unless
a `;` is its end; _ is the first of them, _1, _2, ... are all. `local x` stays.
?name tells of a name, ??name where it stands; ? after an error, of what failed.
]]

---A command of that name, or an error with those that may have been meant.
local function command_of(name)
  local command = tools.commands[name]
  if command then return command end
  local names, begin = sorted_names(), {}
  for _, known in ipairs(names) do
    if known:sub(1, #name) == name then begin[#begin + 1] = known end
  end
  local meant = #begin > 0 and table.concat(begin, "', ':") or tools.nearest(name, names)
  meant = meant and meant:gsub("^(.*), (.-)$", "%1 or %2")
  tools.fail("ValueError", "there is no command ':%s'%s; :help lists them", name,
    meant and (" (did you mean ':%s'?)"):format(meant) or "")
end

---All commands, aligned.
local function list_commands(session)
  local widest, names = 0, sorted_names()
  for _, name in ipairs(names) do
    widest = math.max(widest, utf8.len(tools.commands[name].usage) or 0)
  end
  session.write(INTRODUCTION)
  for _, name in ipairs(names) do
    local usage, summary = tools.commands[name].usage, tools.commands[name].summary
    local blank = (" "):rep(widest - (utf8.len(usage) or 0))
    session.write(("  %s%s  %s\n"):format(usage, blank, summary))
  end
  session.write("  exit, quit, Ctrl-D leave\n")
end

all.help = { usage = ":help [command]", summary = "this list; :help name as ?name",
  complete = "name",
  run = function(session, rest)
    local name = rest:gsub("^:", "")
    if rest == "" then return list_commands(session) end
    local is_value = name:find(".", 1, true) or session:get(name) ~= nil
    if not tools.commands[name] and is_value then return session:run("?" .. name) end
    local one = command_of(name)
    session.write(("%s\n  %s\n"):format(one.usage, one.summary))
  end }

-- a script's command of the same name holds
for name, command in pairs(all) do
  tools.own_commands[name] = command
  tools.commands[name] = tools.commands[name] or command
end

-- ---- dispatch ----

local commands = {}

---The name of a command and what is behind it; nil: the line is none.
local function split(text)
  local name, rest = text:match("^%s*:([%a_][%w_]*)%s*(.-)%s*$")
  if not name then name, rest = text:match("^%s*:([^%s%w_:])%s*(.-)%s*$") end
  return name, rest
end

---Is a line a command?
function commands.is(text) return split(text) ~= nil end

---Runs fn(...) protected, then, however it ended, what the command has left to tell: a
---Ctrl-C ends what runs, and the next call is not ended by it.
local function protected(session, fn, ...)
  local ok, failure = tools.prompt.call(fn, session, ...)
  local late = session.late
  session.late = nil
  if not ok then session:fail_command(failure, session.running or fn) end
  session.running = nil
  if late and not ok then tools.prompt.call(late) end
end

local function run(session, name, rest)
  local command = command_of(name)
  if command.needs ~= nil and command.needs ~= (rest ~= "") then
    tools.fail("ValueError", "usage: %s", command.usage)
  end
  return command.run(session, rest)
end

---Runs a command; false when the text is none.
function commands.run(session, text)
  local name, rest = split(text)
  if not name then return false end
  protected(session, run, name, rest)
  return true
end

return commands
