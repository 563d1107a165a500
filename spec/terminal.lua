-- A real terminal for specs: the program runs inside of tmux, whose server is this
-- spec's own, and is driven by keys; what a person would see is read from the screen.
-- Nothing here sleeps for a fixed time: `wait` looks until a pattern is there.
local support = require "spec.support"

local terminal = {}
terminal.__index = terminal

local POLL <const> = "0.02" -- s between two looks at the screen
-- s of patience: sanitised programs on busy machines are slow
local PATIENCE <const> = tonumber(os.getenv "SNN_PATIENCE") or 60

local opened = 0

---Whether terminals can be opened here.
---@return boolean
function terminal.is_there() return (os.execute "command -v tmux >/dev/null 2>&1") == true end

local function run(command)
  local pipe = assert(io.popen(command .. " 2>&1"))
  local text = pipe:read "a"
  local _, _, code = pipe:close()
  return text, code
end

-- `VAR=value` words of an `env` command.
local function assignments(env)
  local words = {}
  for name, value in pairs(env) do words[#words + 1] = support.quote(name .. "=" .. value) end
  table.sort(words)
  return table.concat(words, " ")
end

---Opens a terminal in which the program, or another command, runs.
---@param options? { columns?: integer, rows?: integer, env?: table<string, string>,
---  args?: string, command?: string, term?: string }
--- args: of the program, for the shell; command: instead of the program
---@return table terminal
function terminal.open(options)
  options = options or {}
  opened = opened + 1
  local home = os.tmpname()
  os.remove(home)
  assert(os.execute("mkdir -p " .. home))
  local self = setmetatable({
    socket = home .. "/tmux", home = home,
    columns = options.columns or 80, rows = options.rows or 24,
  }, terminal)
  -- a home of its own: no history, no settings of who runs the specs
  local env = {
    HOME = home, LC_ALL = "C.UTF-8", TERM = options.term or "tmux-256color", LUA_INIT = "",
    XDG_STATE_HOME = home .. "/state", XDG_CONFIG_HOME = home .. "/config",
  }
  for name, value in pairs(options.env or {}) do env[name] = value end
  local program = options.command or
    (support.quote(support.program) .. " " .. (options.args or ""))
  -- the window stays when the program has ended, and shows how; an interrupt that the
  -- program has felt is none of the shell's
  local line = ("trap : INT; env -u COLUMNS -u LINES -u NO_COLOR -u LUA_INIT %s %s; "
    .. "echo \"[ended $?]\"; while :; do sleep 60; done"):format(assignments(env), program)
  -- the shell that tmux gives the line to is not that of who runs the specs
  local text, code = run(("env -u TMUX SHELL=/bin/sh LC_ALL=C.UTF-8 tmux -u -S %s -f /dev/null "
    .. "new-session -d -x %d -y %d %s"):format(self.socket, self.columns, self.rows,
    support.quote(line)))
  if code ~= 0 then error("tmux: " .. text, 2) end
  self:tmux "set-option -g status off"
  self:tmux "set-option -g escape-time 0"
  self:tmux "set-option -g history-limit 20000"
  return self
end

---Runs a command of tmux.
---@param command string
---@return string output
function terminal:tmux(command)
  local text, code = run(("env LC_ALL=C.UTF-8 tmux -u -S %s %s"):format(self.socket, command))
  if code ~= 0 then error("tmux: " .. text, 2) end
  return text
end

---Types text, as it is; newlines are the key Enter.
---@param text string
function terminal:type(text)
  for piece, newline in text:gmatch "([^\n]*)(\n?)" do
    -- a semicolon at the end would be tmux's own
    local keys = piece:gsub(";$", "\\;")
    if piece ~= "" then self:tmux("send-keys -l -- " .. support.quote(keys)) end
    if newline ~= "" then self:key "Enter" end
  end
end

---Presses keys by tmux's names: "Enter", "Tab", "C-c", "M-b", "C-Left", "Up".
---@param ... string
function terminal:key(...)
  for _, name in ipairs { ... } do self:tmux("send-keys " .. support.quote(name)) end
end

---Sends bytes as the terminal would, e.g. an escape sequence.
---@param bytes string
function terminal:send(bytes)
  local hex = bytes:gsub(".", function(c) return ("%02x "):format(c:byte()) end)
  self:tmux("send-keys -H " .. hex)
end

---Pastes text as terminals do (its newlines are sent as carriage returns); bracketed where
---the program has asked for it.
---@param text string
function terminal:paste(text)
  local path = support.file(text)
  self:tmux("load-buffer " .. path)
  self:tmux "paste-buffer -p"
  os.remove(path)
end

---What the screen shows, without spaces at the ends of lines and empty lines at the end.
---@param options? { history?: boolean, colors?: boolean } with what has scrolled away; with escapes
---@return string
function terminal:screen(options)
  options = options or {}
  local text = self:tmux("capture-pane -p" .. (options.history and " -S -" or "")
    .. (options.colors and " -e" or ""))
  return (text:gsub(" +\n", "\n"):gsub("\n+$", ""))
end

-- What there is when `found(screen)` is, or an error that shows the screen.
local function wait(self, found, what)
  local ends = os.time() + PATIENCE
  repeat
    local screen = self:screen { history = true }
    local result = table.pack(found(screen))
    if result[1] then return screen, table.unpack(result, 1, result.n) end
    os.execute("sleep " .. POLL)
  until os.time() > ends
  error(("waited for %s; the screen shows:\n%s"):format(what, self:screen()), 3)
end

---Waits until the screen, with what has scrolled away, shows a pattern.
---@param pattern string one of Lua's
---@param plain? boolean it is plain text
---@return string screen, integer from, integer to, ... captures
function terminal:wait(pattern, plain)
  return wait(self, function(screen) return screen:find(pattern, 1, plain) end,
    ("%q"):format(pattern))
end

---Waits until the last line of the screen is this text: most often the prompt.
---@param text? string
---@return string screen
function terminal:ready(text)
  text = text or "snn>"
  return (wait(self, function(screen) return screen:match "[^\n]*$" == text end,
    ("%q as the last line"):format(text)))
end

---Types a line and gives what was shown for it, without the line and the next prompt.
---@param line string
---@param prompt? string the prompt that comes after it
---@return string output
function terminal:enter(line, prompt)
  self:clear()
  self:type(line .. "\n")
  local begin = line:sub(1, 20) -- else it may be the prompt before the line
  wait(self, function(screen) return screen:find(begin, 1, true) end, ("%q"):format(begin))
  local screen = self:ready(prompt)
  return (screen:gsub("^[^\n]*\n?", "", 1):gsub("\n?[^\n]*$", "", 1))
end

---Forgets what the screen has shown; the line with the cursor stays, drawn anew by Ctrl-L.
function terminal:clear()
  self:key "C-l"
  wait(self, function() return not self:screen():find "\n" end, "an empty screen")
  self:tmux "clear-history"
end

---Another size.
---@param columns integer
---@param rows integer
function terminal:resize(columns, rows)
  self:tmux(("resize-window -x %d -y %d"):format(columns, rows))
  self.columns, self.rows = columns, rows
end

---Column and row of the cursor, from 0.
---@return integer column, integer row
function terminal:cursor()
  local x, y = self:tmux "display-message -p '#{cursor_x} #{cursor_y}'":match "(%d+) (%d+)"
  return math.tointeger(x), math.tointeger(y)
end

---The process that runs in the terminal: the program.
---@return integer pid
function terminal:pid()
  local shell = self:tmux "display-message -p '#{pane_pid}'":match "%d+"
  return math.tointeger(run("pgrep -P " .. shell .. " | head -1"):match "%d+")
end

---Waits until the program has ended.
---@return integer code
function terminal:code()
  local _, _, _, code = self:wait "%[ended (%d+)%]"
  return math.tointeger(code)
end

---Ends all of it; also done for a terminal that nobody holds any more.
function terminal:close()
  if self.is_closed then return end
  self.is_closed = true
  run(("tmux -S %s kill-server"):format(self.socket))
  os.execute("rm -rf " .. support.quote(self.home))
end

terminal.__gc = terminal.close

return terminal
