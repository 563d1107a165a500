-- Questions at the prompt: `?name`, `??name`, `?` alone after an error, help(x), apropos(word).
-- The answers are those of lua/snn/help/help.lua.
local _, load_file, tools = ...
local _ENV <const> = tools.prompt_env

local ask = {}

local texts -- what help.lua returns, once something was asked; false: not there

local function help()
  if texts == nil then
    local ok, found = pcall(load_file, "snn.help.help")
    texts = ok and found or false
  end
  if not texts then tools.fail("RuntimeError", "help: there are no texts in this build") end
  return texts
end

local function width()
  local terminal = tools.terminal()
  return type(terminal) == "table" and terminal.width or 80
end

local function line(text) return (text:gsub("\n*$", "\n")) end

---@class snn.PromptHelp the prompt's own functions
ask.functions = {}

function ask.functions.help(...)
  local value = ...
  if select("#", ...) == 0 then value = "snn" end
  local text = help().text(value, width())
  tools.session.write(line(text or "no help for " .. tools.describe(value)))
end

function ask.functions.apropos(word) tools.session.write(line(help().apropos(word))) end

---Is a line a question?
function ask.is(text) return text:find("^%s*%?") ~= nil end

---The value of a name or expression; nil when it has none.
local function value_of(session, name)
  local ok, value = pcall(session.eval, session, name)
  if ok then return value end
end

---The text of a name: of the value of what the session calls so, else of what snn does.
local function text_of(session, name, about)
  local root = name:match("^[%a_][%w_]*")
  local is_theirs = root and root ~= "snn" and session:get(root) ~= nil
  local text = not is_theirs and about(name, width()) or nil
  if text then return text end
  local value = value_of(session, name)
  if value ~= nil then text = about(value, width()) end
  return text or is_theirs and about(name, width()) or nil
end

---Of the function that failed: by its frames, or by the word that the message begins with.
local function text_of_failed(session)
  return help().failed(session.failed, width())
end

local function answer(session, marks, name)
  local text
  if name ~= "" then
    text = text_of(session, name, #marks == 1 and help().text or help().source)
  elseif session.failed then
    text = text_of_failed(session)
  else
    text = help().text("snn", width())
  end
  session.write(line(text or ("no help for '%s': apropos \"word\" searches, :help lists commands")
    :format(name)))
end

---Answers a question; false when the text is none.
function ask.answer(session, text)
  local marks, name = text:match("^%s*(%?%??)%s*(.-)%s*$")
  if not marks then return false end
  local ok, failure = tools.prompt.call(answer, session, marks, name)
  if not ok then session:fail_command(failure, answer) end
  return true
end

return ask
