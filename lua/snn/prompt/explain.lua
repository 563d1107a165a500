-- An error's message, made longer: the line that it is about with carets below what it names
-- (caret.lua), and what may help (hints.lua).
local _, load_file, tools = ...
local _ENV <const> = tools.prompt_env or _G

local caret = load_file "snn.prompt.caret"
local hints = load_file "snn.prompt.hints"
local sources = load_file "snn.prompt.sources"

local explain = { sources = sources, hints = hints }

---The chunk, the line's number and the rest of a message; nil: it names no place.
---@return string? chunk, integer? line, string? rest
function explain.split(message)
  local chunk, number, rest = message:match "^([^\n]-):(%d+): (.*)$"
  return chunk, math.tointeger(number), rest
end

local function join(...)
  local lines = {}
  for i = 1, select("#", ...) do
    local text = select(i, ...)
    if text then lines[#lines + 1] = text end
  end
  return #lines > 0 and table.concat(lines, "\n") or nil
end

local function as_hint(text) return text and "hint: " .. text end

---The byte of the text that the line of that number begins at.
local function start_of(text, number)
  local at = 1
  for _ = 2, number do at = text:find("\n", at, true) + 1 end
  return at
end

---Below the message of an error about that line: the line with carets, if it is to be
---shown, and the hint; nil: nothing.
local function below(line, hint, spans, is_shown)
  if not is_shown or not line or not line:find "%S" then return hint end
  return join(caret.draw(line, spans, tools.terminal()), hint)
end

---What to write below the message of a text that is no Lua; nil: nothing.
---@param message string
---@param text string?
---@param has_line boolean show the line too
function explain.syntax(message, text, has_line)
  local _, number, rest = explain.split(message)
  local line = text and number and sources.line(text, number)
  local spans = line and caret.syntax_spans(rest, text, start_of(text, number), line)
  return below(line, as_hint(hints.of(rest or message, line, true)), spans, has_line)
end

---The same of an error that came while the line of that number ran.
---@param rest string the message without its position
---@param has_line boolean|"named" "named": show the line if the message names something of it
function explain.running(rest, text, number, has_line)
  local path, inner = rest:match "^error loading module '.-' from file '(.-)':\n\t(.*)$"
  if path then return explain.syntax(inner, sources.of_chunk("@" .. path), has_line) end
  local line = text and sources.line(text, number)
  local spans = line and caret.spans(rest, line)
  return below(line, as_hint(hints.of(rest, line, false)), spans,
    has_line == "named" and spans and #spans > 0 or has_line == true)
end

---The text of a script by what a message calls it, which of a long path is only the end.
local function text_of_chunk(chunk)
  local main, ending = arg and arg[0], chunk:match "^%.%.%.(.*)$"
  local path = ending and main and main:sub(-#ending) == ending and main or chunk
  return sources.of_chunk("@" .. path)
end

---A script's error as the program tells it: its traceback stays behind what is added.
---@param text string
---@return string
function explain.script(text, is_syntax, has_line)
  local message, trace = text:match "^(.-)(\nstack traceback:\n\t.*)$"
  message = message or text
  local chunk, number, rest = explain.split(message)
  local script = chunk and text_of_chunk(chunk)
  local more
  if is_syntax then
    more = explain.syntax(message, script, has_line)
  else
    more = explain.running(rest or message, script, number, has_line)
  end
  return message .. (more and "\n" .. more or "") .. (trace or "")
end

return explain
