-- The prompt's commands: one table, public as snn.commands, to which scripts can add. A line
-- that begins with `:` and a name of it is a command, never Lua.
local snn, load_file, tools = ...
local _ENV <const> = tools.prompt_env

local frames = load_file "snn.prompt.frames"
local report = load_file "snn.prompt.report"

---@class snn.Command
---@field usage string ":name what"
---@field summary string one line
---@field run fun(session: snn.Session, rest: string) `rest` is typed behind the name
---@field complete? "expression"|"file"|"name" what Tab offers behind the name

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

all.up = { usage = ":up", summary = "to the caller in the last error: what is typed sees its names",
  run = function(session) choose(session, 1) end }

all.down = { usage = ":down", summary = "back to what it called",
  run = function(session) choose(session, -1) end }

local function write_variables(session, title, list)
  for i, entry in ipairs(list) do
    local text = report.value(entry[2])
    session.write(("%s%s = %s\n"):format(i == 1 and title .. "\n  " or "  ", entry[1], text))
  end
end

all.locals = { usage = ":locals", summary = "names and values there; to assign changes copies",
  run = function(session)
    choose(session, 0)
    local frame = session.failed.frames[session.level]
    local now = frames.variables(frame)
    write_variables(session, "locals:", now.locals)
    write_variables(session, "upvalues:", now.upvalues)
    for i = 1, frame.varargs and frame.varargs.n or 0 do
      session.write(("  (vararg %d) = %s\n"):format(i, report.value(frame.varargs[i])))
    end
  end }

all.top = { usage = ":top", summary = "leaves the names of the error",
  run = function(session) session.level = nil end }

all.tb = { usage = ":tb", summary = "all frames of the last error, the library's too",
  run = function(session)
    local failed = failed_of(session)
    session.write(report.message(failed) .. "\n" .. report.traceback(failed) .. "\n")
  end }

-- ---- files ----

all.load = { usage = ":load file", summary = "runs a file, whose locals stay here",
  complete = "file", run = function(session, rest)
    local path = rest:match("^[\"'](.*)[\"']$") or rest
    if path == "" then tools.fail("ValueError", ":load needs the name of a file") end
    session:load((path:gsub("^~/", (os.getenv "HOME" or "~") .. "/")))
  end }

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

---What is typed as the name of a file; nil: nothing.
local function file_name(rest)
  local path = rest:match("^[\"'](.*)[\"']$") or rest
  if path == "" then return nil end
  return (path:gsub("^~/", (os.getenv "HOME" or "~") .. "/"))
end

local reload = from "reload"

all.reload = { usage = ":reload [file]", complete = "file",
  summary = "its functions as they are now, in what the file has made",
  run = function(session, rest) reload(session, file_name(rest)) end }

-- ---- help ----

local function sorted_names()
  local names = {}
  for name, command in pairs(snn.commands) do
    if type(command) == "table" and type(name) == "string" then names[#names + 1] = name end
  end
  table.sort(names)
  return names
end

local INTRODUCTION <const> = [[
What is typed is Lua. The values of the last expression are printed, unless
a `;` is its end; _ is the first of them, _1, _2, ... are all. `local x` stays.
?name tells of a name, ??name where it stands; ? after an error, of what failed.
]]

all.help = { usage = ":help [command]", summary = "this list", complete = "name",
  run = function(session, rest)
    local wanted = rest:gsub("^:", "")
    local one = rawget(snn.commands, wanted)
    if rest ~= "" and type(one) ~= "table" then
      tools.fail("ValueError", "there is no command '%s': :help lists them", rest)
    end
    if one then
      return session.write(("%s\n  %s\n"):format(one.usage or ":" .. wanted, one.summary or ""))
    end
    local widest, names = 0, sorted_names()
    for _, name in ipairs(names) do
      widest = math.max(widest, utf8.len(rawget(snn.commands, name).usage or name) or 0)
    end
    session.write(INTRODUCTION)
    for _, name in ipairs(names) do
      local command = rawget(snn.commands, name)
      local usage = command.usage or ":" .. name
      session.write(("  %s%s  %s\n"):format(usage, (" "):rep(widest - (utf8.len(usage) or 0)),
        command.summary or ""))
    end
    session.write("  exit, quit, Ctrl-D leave\n")
  end }

-- a script's command of the same name holds
for name, command in pairs(all) do
  if rawget(snn.commands, name) == nil then snn.commands[name] = command end
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

---What may have been meant by a name that is none.
local function unknown(name)
  local names = sorted_names()
  local meant = tools.nearest(name, names)
  for _, known in ipairs(names) do
    if known:sub(1, #name) == name then meant = known end
  end
  tools.fail("ValueError", "there is no command ':%s'%s; :help lists them", name,
    meant and (" (did you mean ':%s'?)"):format(meant) or "")
end

local function run(session, name, rest)
  local command = rawget(snn.commands, name) or unknown(name)
  if type(command) ~= "table" or type(command.run) ~= "function" then
    tools.fail("TypeError", "snn.commands.%s must be a table with a function 'run', got %s", name,
      tools.describe(command))
  end
  return command.run(session, rest)
end

---Runs a command; false when the text is none.
function commands.run(session, text)
  local name, rest = split(text)
  if not name then return false end
  local ok, failure = tools.prompt.call(run, session, name, rest)
  if not ok then session:fail_command(failure, run) end
  return true
end

return commands
