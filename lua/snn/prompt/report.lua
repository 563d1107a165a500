-- What the prompt says of an error: its text and where the script stood.
local _, load_file, tools = ...
local _ENV <const> = tools.prompt_env

local frames = load_file "snn.prompt.frames"

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

---All that is said when it happens.
function report.text(_, failed)
  local trace = short_traceback(failed)
  return report.message(failed) .. (trace and "\n" .. trace or "")
end

return report
