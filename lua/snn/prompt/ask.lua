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

local function tell(...)
  local value = ...
  if select("#", ...) == 0 then value = "snn" end
  local text = help().text(value, width())
  if not text and type(value) == "string" then text = help().unknown(value) end
  tools.session.write(line(text or "no help for " .. tools.describe(value)))
end

local function search(...)
  local word = ...
  if type(word) ~= "string" or not word:find "%S" then
    tools.fail("TypeError", "apropos: 'word' must be a string to look for, as in "
      .. "apropos \"trace\", got %s", select("#", ...) == 0 and "none" or tools.describe(word))
  end
  tools.session.write(line(help().apropos(word)))
end

-- A function of the prompt's own that says how it is used when it is typed alone.
local function callable(fn, usage)
  return setmetatable({}, {
    __name = "function",
    __call = function(_, ...) return fn(...) end,
    __tostring = function() return usage end,
  })
end

---The prompt's own functions.
ask.functions = {
  help = callable(tell, "help(x) tells of a value, ?name of a name, ??name where it is from;\n"
    .. "help() lists all names, apropos \"word\" searches, :help lists the prompt's commands"),
  apropos = callable(search, "apropos \"word\" lists the names whose help speaks of it"),
}

---Is a line a question?
function ask.is(text) return text:find("^%s*%?") ~= nil end

---The value of a name or expression; nil when it has none.
local function value_of(session, name)
  local ok, value = pcall(session.eval, session, name)
  if ok then return value end
end

---A value in a line: "lif.thresh_v is -50.0"; nothing of functions.
local function value_line(name, value)
  if type(value) == "function" then return "" end
  local context = load_file "snn.show.text".context()
  context.short = load_file "snn.show.object".short
  local text = load_file "snn.show.table".short(value, context)
  return ("%s is %s\n"):format(name, text)
end

---What to say of `lif.thresh_v`, `lif:forward`: the argument, field or method, and its value.
local function text_of_member(session, name, is_source)
  local path, key = name:match "^(.-[%w_%]%)])%s*[.:]%s*([%a_][%w_]*)$"
  local owner = path and value_of(session, path)
  local full = owner ~= nil and help().member(owner, key)
  if not full then return end
  if is_source then return help().source(full) end
  local ok, value = pcall(function() return owner[key] end)
  return (ok and value_line(name, value) or "") .. help().text(full, width())
end

---The text of a name: of the value of what the session calls so, else of what snn does.
local function text_of(session, name, is_source)
  local own = ask.functions[name]
  if own and rawequal(session:get(name), own) then return tostring(own) end
  local about = is_source and help().source or help().text
  local root = name:match("^[%a_][%w_]*")
  local is_theirs = root and root ~= "snn" and session:get(root) ~= nil
  local text = not is_theirs and about(name, width()) or nil
  if text then return text end
  text = text_of_member(session, name, is_source)
  if text then return text end
  local value = value_of(session, name)
  if value ~= nil then text = about(value, width()) end
  return text or is_theirs and about(name, width()) or nil
end

---Of the function that failed: by its frames, or by the word that the message begins with.
local function text_of_failed(session)
  return help().failed(session.failed, width())
    or "no function of a name has failed, but what was typed; :tb and :locals tell more"
end

local function answer(session, marks, name)
  local text
  if name ~= "" then
    text = text_of(session, name, #marks == 2)
  elseif session.failed then
    text = text_of_failed(session)
  else
    text = help().text("snn", width())
  end
  if not text and name:find "^[%w_.:]+$" then text = help().unknown(name) end
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
