-- What the prompt says of an error: its text, the line that it is about, what may help, and
-- where the script stood.
local _, load_file, tools = ...
local _ENV <const> = tools.prompt_env

local frames = load_file "snn.prompt.frames"

local notes -- lua/snn/prompt/notes.lua, once something was typed
local explain -- lua/snn/prompt/explain.lua, once there was something to explain

local report = {}

-- of the script's frames so many are told; `:tb` tells all
local MOST <const> = 10

---Who runs in a frame, as lua5.4 says it.
local function who(frame)
  if frame.what == "main" then return "main chunk" end
  if frame.namewhat == "global" then return ("function '%s'"):format(frame.name) end
  if frame.namewhat ~= "" then return ("%s '%s'"):format(frame.namewhat, frame.name) end
  if frame.what == "C" then return "?" end
  return ("function <%s:%d>"):format(frame.short_src, frame.linedefined)
end

---A frame in one line.
function report.line(frame)
  local line = frame.line > 0 and frame.line .. ":" or ""
  local tail = frame.istailcall and "\n\t(...tail calls...)" or ""
  return ("%s:%s in %s%s"):format(frame.short_src, line, who(frame), tail)
end

local function skipped_line(n) return ("...\t(skipping %d levels)"):format(n) end

---The lines of all frames, those of C and of the library too.
---@return string
function report.traceback(failed)
  local lines, all = { "stack traceback:" }, failed.frames
  for i, frame in ipairs(all) do
    lines[#lines + 1] = report.line(frame)
    if all.skipped and i == 60 then lines[#lines + 1] = skipped_line(all.skipped) end
  end
  return table.concat(lines, "\n\t")
end

---The lines of the script's frames, not more than a few.
local function short_traceback(failed)
  local lines, own = { "stack traceback:" }, {}
  for _, frame in ipairs(failed.frames) do
    if frames.is_own(frame) then own[#own + 1] = frame end
  end
  if #own == 0 then return nil end
  local skipped = #own - MOST + (failed.frames.skipped or 0)
  for i, frame in ipairs(own) do
    if skipped <= 0 or i < MOST or i == #own then lines[#lines + 1] = report.line(frame) end
    if skipped > 0 and i == MOST then
      lines[#lines + 1] = ("...\t(%d more levels: `:tb` shows all)"):format(skipped)
    end
  end
  return table.concat(lines, "\n\t")
end

---The text of the error itself.
function report.message(failed)
  if failed.text then return failed.text end
  local value = failed.error
  if type(value) == "string" or type(value) == "number" then return tostring(value) end
  return ("(error object is a %s value)"):format(type(value))
end

---A value in one line, for lists of them.
function report.value(value)
  if type(value) == "string" then
    local text = ("%q"):format(value:sub(1, 60)):gsub("\\\n", "\\n")
    return #value > 60 and text .. "…" or text
  end
  local ok, text = pcall(tostring, value)
  if not ok then return type(value) end
  local first = text:match("^[^\n]*"):sub(1, 70)
  return #first < #text and first .. " …" or text
end

local function explainer()
  explain = explain or load_file "snn.prompt.explain"
  return explain
end

local function hints() return explainer().hints end

-- ---- the text that ran ----

local running -- { fn =, text = }: what was typed last

---Notes that a text of the session runs as `fn`, so that its lines can be shown.
function report.note(fn, text)
  running = { fn, text }
  if explain or text:find("function", 1, true) then explainer().sources.note(fn, text) end
end

---The frame that a message is about: of the script's, the innermost whose place it begins
---with, or the innermost.
local function frame_of(failed, chunk, number)
  local innermost
  for _, frame in ipairs(failed.frames) do
    if frames.is_own(frame) then
      innermost = innermost or frame
      if frame.short_src == chunk and frame.line == number then return frame end
    end
  end
  return innermost
end

---What to add to the message; nil: nothing.
local function added(failed, message)
  local explainer_ = explainer()
  local chunk, number, rest = explainer_.split(message)
  local frame = frame_of(failed, chunk, number)
  if not frame then return explainer_.running(message) end
  if running and frame.func == running[1] then explainer_.sources.note(running[1], running[2]) end
  local text = explainer_.sources.of_frame(frame)
  -- a line that was typed alone stands above
  local is_above = frame.source == "=stdin" and text and not text:find "\n"
  return explainer_.running(rest or message, text, frame.line, is_above and "named" or true)
end

---What to say of an input that went well but may not mean what was meant; nil: nothing.
function report.note_of(session, text, values)
  notes = notes or load_file "snn.prompt.notes"
  local ok, note = pcall(notes.of, session, text, values)
  return ok and note and "hint: " .. note or nil
end

---Without what goes wrong while an error is explained.
local function try(fn, ...)
  local ok, text = pcall(fn, ...)
  return ok and text and "\n" .. text or ""
end

---All that is said when it happens.
function report.text(_, failed)
  local trace, message = short_traceback(failed), report.message(failed)
  return message .. try(added, failed, message) .. (trace and "\n" .. trace or "")
end

---A text that is not whole by Lua's grammar, but can only be meant in another language:
---the message of that.
function report.unfinished(text, chunk)
  if text:find "else%s+if[^\n]*$" and tools.prompt.is_terminal() then
    tools.prompt.tell "hint: elseif is one word; `else if` needs an `end` of its own"
  end
  return text:find ":[^\n]*$" and hints().of_colon(text, chunk) or nil
end

---What is said of a text that is no Lua.
function report.refused(message, text)
  return message .. try(explainer().syntax, message, text, true)
end

return report
