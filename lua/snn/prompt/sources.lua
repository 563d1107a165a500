-- The text of what runs, by its lines: of files, of strings that were compiled, and of what
-- was typed, which is found again by the code of its functions.
local _, load_file, tools = ...
local _ENV <const> = tools.prompt_env or _G

local tokens = load_file "snn.prompt.tokens"

local sources = {}

local LARGEST <const> = 4 << 20 -- of a file that is read
local MOST_KEPT <const> = 200 -- inputs that have made functions
local LARGEST_KEPT <const> = 1 << 16 -- bytes of one

---The text of a file; nil when there is none, or one that is too large.
local function read(path)
  local file = io.open(path, "rb")
  if not file then return nil end
  local text = file:read(LARGEST + 1)
  file:close()
  return text and #text <= LARGEST and text:sub(1, 1) ~= "\27" and text or nil
end

---The text that a chunk of this name was compiled from, as it is now; nil: not known.
---@param name string as debug.getinfo has it in `source`
function sources.of_chunk(name)
  local mark = name:sub(1, 1)
  if mark == "@" then return read(name:sub(2)) end
  return mark ~= "=" and name or nil
end

-- ---- what was typed ----

local kept = {} -- { text =, code = } of inputs with functions, the newest last
local running -- { fn =, text = }: the newest input

-- of a dump, what stands before the function's code: a head that ends with the number 370.5,
-- then how many upvalues it has
local _, number_end <const> = string.dump(function() end, true):find("\x28\x77\x40", 1, true)
local HEADER <const> = number_end + 1

---The code of a function, as it stands in that of the one around it.
local function code_of(fn)
  local ok, code = pcall(string.dump, fn, true)
  return ok and code or nil
end

---Notes that a text runs as `fn`.
function sources.note(fn, text)
  running = { fn = fn, text = text }
  if #text > LARGEST_KEPT then return end
  local list = tokens.list(text)
  for i = 1, list.n do
    if list.word[i] == "function" then
      kept[#kept + 1] = { text = text, code = code_of(fn) or "" }
      if #kept > MOST_KEPT then table.remove(kept, 1) end
      return
    end
  end
end

---The text that was typed and has this function in it; nil: not known.
local function typed_text(fn)
  if running and running.fn == fn then return running.text end
  local code = type(fn) == "function" and code_of(fn)
  if not code then return nil end
  code = code:sub(HEADER + 1)
  for i = #kept, 1, -1 do
    if kept[i].code:find(code, 1, true) then return kept[i].text end
  end
end

---The text that a kept frame's function was compiled from; nil: not known.
---@param frame { source: string, func: function? }
function sources.of_frame(frame)
  if frame.source == "=stdin" then return typed_text(frame.func) end
  return sources.of_chunk(frame.source)
end

---The line of that number; nil: there is none.
function sources.line(text, number)
  local from = 1
  for _ = 2, number do
    from = text:find("\n", from, true)
    if not from then return nil end
    from = from + 1
  end
  return (text:match("^[^\n]*", from):gsub("\r$", ""))
end

return sources
