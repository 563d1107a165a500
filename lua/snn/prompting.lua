-- Where scripts and the program reach the prompt. Its files (lua/snn/prompt/) are read
-- when it is opened first: most scripts run without.
local snn, load, tools = ...

--- The prompt's commands by name, `:name` there; a script can add some:
---
---     snn.commands.rate = { usage = ":rate layer", summary = "its spikes a second",
---       run = function(session, rest) … end, complete = "name" }
---
--- `rest` is what is typed behind the name; `session:eval(rest)` gives the values of an
--- expression, `session.write(text)` prints; `needs = true`: without `rest` the usage is told,
--- `needs = false`: with one. A row that lacks something is a TypeError. One of a name of the
--- prompt's own takes its place, until it is set to nil. These are there once the prompt is
--- open.
---@type table<string, snn.Command>
snn.commands = {}

tools.commands = {} -- the rows; snn.commands is what checks them
tools.own_commands = {} -- the prompt's own

local check_row -- (name, row)

---The names, for who prints the table.
local function list_commands()
  local names = {}
  for name in next, tools.commands do names[#names + 1] = ":" .. name end
  table.sort(names)
  return "snn.commands: " .. table.concat(names, " ")
end

setmetatable(snn.commands, {
  __name = "snn.commands",
  __index = tools.commands,
  __tostring = list_commands,
  __pairs = function() return next, tools.commands end,
  __newindex = function(_, name, row)
    check_row = check_row or load "snn.prompt.row"
    check_row(name, row)
    local own = tools.own_commands[name]
    if row == nil and tools.commands[name] ~= own then row = own end
    tools.commands[name] = row
  end,
})

-- () -> the program's functions (src/app/prompt.c); nil: this is a module of a stock Lua
local open_program <const> = debug.getregistry()["snn.prompt"]

local sessions -- what lua/snn/prompt/session.lua returns

local function open()
  if not open_program then
    tools.fail("RuntimeError", "repl: the prompt is part of the program snnlua: run the "
      .. "script with that")
  end
  if not sessions then
    tools.prompt = tools.prompt or open_program()
    -- the prompt stands also when a script or what is typed sets `table` to nil
    tools.prompt_env = {}
    for name, value in pairs(_G) do tools.prompt_env[name] = value end
    sessions = load "snn.prompt.session"
  end
  return sessions
end

---For the program: runs a script in the session that the prompt shows afterwards.
function tools.prompt_script(file, ...) open().script(file, ...) end

---For the program: the exit code.
function tools.prompt_run() return open().prompt() end

---For the program: an error's text, with its traceback, and what helps.
---@param has_line boolean show the line that it is about
function tools.explain(text, is_syntax, has_line)
  return load "snn.prompt.explain".script(text, is_syntax, has_line)
end

--- Opens the prompt here: what is typed sees the locals and upvalues of the function that
--- calls, and an assignment to them takes effect in it. Ctrl-D or `exit` goes on with the
--- script. RuntimeError: not in the program snnlua.
--- ```lua
--- local function gain(currents)
---   local mean = currents:mean():item()
---   if mean > 100 then snn.repl() end -- look around: currents, mean
---   return 1 / mean
--- end
--- print(gain(snn.tensor { 1, 3 }))
--- ```
function snn.repl()
  open().repl()
end
