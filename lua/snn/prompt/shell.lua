-- `:!command` and `:edit`: other programs.
local _, load_file, tools = ...
local _ENV <const> = tools.prompt_env

local compile = load_file "snn.prompt.compile"

local shell = {}

local function quote(word) return "'" .. word:gsub("'", "'\\''") .. "'" end

---Runs a command; nil, or why it did not end well.
local function execute(command)
  io.stdout:flush()
  local ok, how, code = os.execute(command)
  if ok then return nil end
  if how == "signal" then return ("ended by signal %d"):format(code) end
  return code == 127 and "exit status 127: there is no such command"
    or ("exit status %d"):format(code)
end

function shell.run(session, command)
  local problem = execute(command)
  if problem then session.write(problem .. "\n") end
end

-- ---- :edit ----

-- editors that take +N, a line to begin at
local TAKES_LINE <const> = {}
for name in ([[vi vim nvim view gvim nano pico emacs emacsclient ed ex joe mg micro kak ne jed
  mcedit gedit]]):gmatch "%S+" do TAKES_LINE[name] = true end

---The editor's command, and whether it takes +N.
local function editor()
  for _, variable in ipairs { "VISUAL", "EDITOR" } do
    local command = os.getenv(variable)
    if command and command:find "%S" then
      local program = command:match "^%s*(%S+)":match "[^/]+$" or ""
      return command, TAKES_LINE[program]
    end
  end
  tools.fail("RuntimeError", ":edit: no editor is set: export EDITOR=nano (or VISUAL) in the "
    .. "shell that starts snnlua")
end

---The function that a value is, or has as its call.
local function function_of(value)
  if type(value) == "function" then return value end
  local meta = type(value) == "table" and debug.getmetatable(value)
  local called = type(meta) == "table" and rawget(meta, "__call")
  return type(called) == "function" and called or nil
end

---File and line of what a name means; nil: it is no function.
local function place_of(session, name)
  if not name:find "^[%a_][%w_.:%[%]\"' ]*$" then return nil end
  local ok, value = pcall(session.eval, session, (name:gsub(":([%a_][%w_]*)$", ".%1")))
  local fn = ok and function_of(value)
  if not fn then return nil end
  local info = debug.getinfo(fn, "S")
  local path = info.source:match "^@(.*)"
  if not path then
    tools.fail("ValueError", ":edit: '%s' stands in no file: %s", name,
      info.what == "C" and "it is written in C" or info.source:sub(1, 6) == "=[snn]"
        and "it is the library's (??" .. name .. " shows it)" or "it was typed")
  end
  return path, info.linedefined
end

local function exists(path)
  local file = io.open(path)
  if file then file:close() end
  return file ~= nil
end

---What is to be edited: a file, and a line or nil.
local function target(session, word)
  local path = word:match "^[\"'](.*)[\"']$" or word:gsub("^~/", (os.getenv "HOME" or "~") .. "/")
  if exists(path) then return path end
  local of_function, line = place_of(session, word)
  if of_function then return of_function, line end
  if path:find "[/.]" and not path:find "%s" then return path end -- a new one
  tools.fail("ValueError", ":edit: '%s' is neither a file nor a function of one", word)
end

local function is_loaded(path)
  local of_file = load_file("snn.prompt.reload_find").functions(path, {})
  return next(of_file) ~= nil
end

function shell.edit(session, word)
  local command, takes_line = editor()
  local path, line = target(session, word)
  local before = compile.read(path)
  local at = takes_line and line and ("+%d "):format(line) or ""
  local problem = execute(("%s %s%s"):format(command, at, quote(path)))
  if problem then
    tools.fail("RuntimeError", ":edit: %s: %s", command, problem)
  end
  if compile.read(path) == before then return session.write "not changed\n" end
  if not is_loaded(path) then
    return session.write(("changed; :load %s runs it\n"):format(path))
  end
  load_file("snn.prompt.reload")(session, path)
end

return shell
