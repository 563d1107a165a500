-- The line that an error is about, and carets below what its message names of it.
local _, load_file, tools = ...
local _ENV <const> = tools.prompt_env or _G

local tokens = load_file "snn.prompt.tokens"

local caret = {}

local INDENT <const> = "    "
local LEAST_WIDTH <const> = 40

-- ---- what the message names ----

---The words that a message names, the likeliest first; what it only proposes is none of them.
local function named(message)
  local words = {}
  message = message:gsub("%(did you mean.-%)", ""):gsub("\n.*", "")
  for word in message:gmatch("'([^'\n]+)'") do words[#words + 1] = word end
  local index = message:match("index (%-?%d+)")
  if index then words[#words + 1] = index:match("%d+") end
  -- "KIND: what failed: …"
  words[#words + 1] = message:match("^%u%a+Error: ([%a_][%w_.:]*):") or nil
  return words
end

---Is that token of the list the word?
local function is_word(list, i, word)
  local token = list.word[i]
  return token == word or list.kind[i] == "string" and token:sub(2, -2) == word
end

---What stands before a token that a message calls so.
local BEFORE <const> = { field = ".", method = ":" }

---How well a token fits what the message says of it.
local function fit(list, i, role)
  local before, behind = list.word[i - 1], list.word[i + 1]
  if BEFORE[role] then return before == BEFORE[role] and 1 or 0 end
  if role == "argument" or role == "option" then return behind == "=" and 1 or 0 end
  if role == "global" or role == "local" or role == "upvalue" then
    return (before == "." or before == ":") and 0 or 1
  end
  return 0
end

---The tokens of a line that are the word, those that fit best.
local function places_of(list, word, role)
  local found, best = {}, 0
  for i = 1, list.n do
    if is_word(list, i, word) then
      local score = fit(list, i, role)
      if score > best then found, best = {}, score end
      if score == best then found[#found + 1] = i end
    end
  end
  return found
end

---The last part of a dotted word, which is what a line has as one token.
local function last_part(word) return word:match("[.:]([%a_][%w_]*)$") end

---First and last bytes in the line of what the message names of it; empty: nothing.
---@return { [1]: integer, [2]: integer }[]
function caret.spans(message, line)
  local list, spans = tokens.list(line), {}
  for _, word in ipairs(named(message)) do
    local role = message:match("(%a+) '" .. word:gsub("%p", "%%%0") .. "'")
    local places = places_of(list, word, role)
    if #places == 0 and last_part(word) then places = places_of(list, last_part(word), role) end
    for _, i in ipairs(places) do spans[#spans + 1] = { list.first[i], list.last[i] } end
    if #spans > 0 then break end
  end
  return spans
end

---The same of an error of syntax, `near '…'`: the first such token whose text up to it Lua
---refuses so too. `from`: the byte of the text that the line begins at.
function caret.syntax_spans(message, text, from, line)
  local word = message:match("near '(.*)'$")
  if not word or word == "" then return {} end
  local list = tokens.list(line)
  for i = 1, list.n do
    local first, last = list.first[i], list.last[i]
    local part = line:sub(first, first + #word - 1)
    if part == word and (list.kind[i] == "string" or #word == last - first + 1) then
      last = first + #word - 1
      local _, why = load(text:sub(1, from + last - 1), "=", "t")
      if why and why:sub(-#word - 7) == "near '" .. word .. "'" then
        return { { first, last } }
      end
    end
  end
  return {}
end

-- ---- how it is shown ----

---How many columns a text takes; bytes that are no text take one each.
local function columns(text) return utf8.len(text) or #text end

---Where to begin and end, in bytes, so that the line fits and shows `span`.
local function window(line, span, width)
  if columns(line) <= width then return 1, #line end
  local room = width - 2
  local first = math.max(1, (span and span[1] or 1) - room // 2)
  while first > 1 and line:byte(first) & 0xC0 == 0x80 do first = first - 1 end
  local last = math.min(#line, first + room - 1)
  while last < #line and line:byte(last + 1) & 0xC0 == 0x80 do last = last + 1 end
  return first, last
end

---A line of blanks and carets below bytes first to last of the line.
local function marks(line, spans, first, last)
  local parts, at = {}, first
  for _, span in ipairs(spans) do
    if span[1] >= first and span[1] <= last then
      parts[#parts + 1] = line:sub(at, span[1] - 1):gsub("[^\t\x80-\xBF]", " ")
        :gsub("[\x80-\xBF]", "")
      at = math.min(span[2], last) + 1
      parts[#parts + 1] = ("^"):rep(columns(line:sub(span[1], at - 1)))
    end
  end
  return table.concat(parts)
end

---The line, indented, and carets below it if there are spans.
---@param terminal { width: integer, utf8: boolean? }
function caret.draw(line, spans, terminal)
  local blanks = #line:match "^[ \t]*"
  line = line:sub(blanks + 1):gsub("[\0-\8\11-\31\127]", "?")
  local moved = {}
  for i, span in ipairs(spans) do moved[i] = { span[1] - blanks, span[2] - blanks } end
  spans = moved
  local first, last = window(line, spans[1], math.max(terminal.width, LEAST_WIDTH) - #INDENT - 1)
  local dots = terminal.utf8 == false and "-" or "…"
  local before = first > 1 and dots or ""
  local text = INDENT .. before .. line:sub(first, last) .. (last < #line and dots or "")
  local below = marks(line, spans, first, last)
  if below == "" then return text end
  return text .. "\n" .. INDENT .. (before ~= "" and " " or "") .. below
end

return caret
