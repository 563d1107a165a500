-- Lua text as tokens, and its statements at the top level: what the prompt asks of a text
-- before it runs it. Any text can be given; of one that is no Lua the answers are as good
-- as they can be, and nothing is raised.
local ipairs <const> = ipairs
local tokens = {}

local KEYWORDS <const> = {}
for word in ([[and break do else elseif end false for function goto if in local nil not or
  repeat return then true until while]]):gmatch("%a+") do KEYWORDS[word] = true end

local BINARY <const> = {}
for word in ("+ - * / // % ^ .. == ~= < <= > >= & | ~ << >> and or"):gmatch("%S+") do
  BINARY[word] = true
end
local UNARY <const> = { ["-"] = true, ["not"] = true, ["#"] = true, ["~"] = true }
local OPENS <const> = { ["("] = true, ["{"] = true, ["["] = true }
local CLOSES <const> = { [")"] = true, ["}"] = true, ["]"] = true }
local BEGINS <const> = { ["do"] = true, ["if"] = true, ["repeat"] = true, ["function"] = true }
local ENDS <const> = { ["end"] = true, ["until"] = true }

-- ---- tokens ----

---The last byte of the long bracket at `at`, and whether it is closed; nil: there is none.
local function long_bracket(text, at)
  local level = text:match("^%[(=*)%[", at)
  if not level then return nil end
  local _, last = text:find("]" .. level .. "]", at + 2 + #level, true)
  return last or #text, last ~= nil
end

---The last byte of the string in quotes at `at`, and whether it is closed.
local function quoted(text, at)
  local quote, i = text:sub(at, at), at + 1
  while true do
    i = text:find("[\"'\\\r\n]", i)
    if not i then return #text, false end
    local c = text:sub(i, i)
    if c == quote then return i, true end
    if c == "\r" or c == "\n" then return i - 1, false end
    if c == "\\" then
      local _, blank = text:find("^\\z%s*", i)
      local _, line = text:find("^\\\r\n", i)
      i = blank or line or i + 1
    end
    i = i + 1
  end
end

---The last byte of the number at `at`: whatever Lua would take for one, also where it is none.
local function number(text, at)
  local sign = text:find("^0[xX]", at) and "^[pP][+-]?" or "^[eE][+-]?"
  local last = at
  repeat
    local _, next_one = text:find(sign, last + 1)
    if not next_one then _, next_one = text:find("^[%w_.]", last + 1) end
    last = next_one or last
  until not next_one
  return last
end

local OPERATORS <const> = { "^%.%.%.", "^%.%.", "^[=~<>]=", "^//", "^::", "^<<", "^>>" }

local function operator(text, at)
  for _, pattern in ipairs(OPERATORS) do
    local _, last = text:find(pattern, at)
    if last then return last end
  end
  return at
end

---Behind white space and comments; then whether a comment was left open.
local function skip_blank(text, at)
  while true do
    at = text:find("[^ \t\r\n\f\v]", at) or #text + 1
    if text:find("^%-%-", at) == nil then return at end
    local last, is_closed = long_bracket(text, at + 2)
    if last and not is_closed then return #text + 1, true end
    at = (last or (text:find("[\r\n]", at) or #text + 1) - 1) + 1
  end
end

---The kind and the last byte of the token at `at`; then whether it is not closed.
local function next_token(text, at)
  local _, last = text:find("^[A-Za-z_][A-Za-z0-9_]*", at)
  if last then return KEYWORDS[text:sub(at, last)] and "keyword" or "name", last end
  if text:find("^%.?%d", at) then return "number", number(text, at) end
  if text:find("^[\"']", at) then
    local stop, is_closed = quoted(text, at)
    return "string", stop, not is_closed
  end
  local stop, is_closed = long_bracket(text, at)
  if stop then return "string", stop, not is_closed end
  return "operator", operator(text, at)
end

---The tokens of a text: `list.kind[i]` is "name", "keyword", "number", "string" or
---"operator", `list.word[i]` its text (of long strings too), from byte `list.first[i]` to
---`list.last[i]`; `list.open`: "string" or "comment" where one has no end.
---@param text string
---@return { text: string, n: integer, kind: string[], word: string[], first: integer[],
---  last: integer[], open: string? }
function tokens.list(text)
  local kinds, words, firsts, lasts, n = {}, {}, {}, {}, 0
  local list = { text = text, kind = kinds, word = words, first = firsts, last = lasts }
  local at, is_open = skip_blank(text, 1)
  while at <= #text do
    local kind, last, open_string = next_token(text, at)
    n = n + 1
    kinds[n], words[n], firsts[n], lasts[n] = kind, text:sub(at, last), at, last
    if open_string then list.open = "string" end
    at, is_open = skip_blank(text, last + 1)
  end
  if is_open then list.open = "comment" end
  list.n = n
  return list
end

-- ---- expressions ----
-- Each takes the list and the index of a token and gives that of the first one behind.

---Behind what closes the nest that begins at `i`, by tokens of that kind.
local function skip_nest(list, i, kind, begins, ends)
  local depth, words, kinds = 0, list.word, list.kind
  while i <= list.n do
    if kinds[i] == kind then
      if begins[words[i]] then depth = depth + 1 end
      if ends[words[i]] then depth = depth - 1 end
    end
    i = i + 1
    if depth == 0 then break end
  end
  return i
end

---Behind what closes the bracket at `i`.
local function skip_bracket(list, i) return skip_nest(list, i, "operator", OPENS, CLOSES) end

---Behind the `end` (`until`) of the block that the keyword at `i` begins.
local function skip_block(list, i) return skip_nest(list, i, "keyword", BEGINS, ENDS) end

local function is_operator(list, i, word)
  return list.kind[i] == "operator" and list.word[i] == word
end

local function is_keyword(list, i, word)
  return list.kind[i] == "keyword" and list.word[i] == word
end

---Behind the calls, fields and indices of a name or a bracket.
local function skip_suffixes(list, i)
  while i <= list.n do
    local word, kind = list.word[i], list.kind[i]
    if kind == "string" or kind == "operator" and OPENS[word] then
      i = kind == "string" and i + 1 or skip_bracket(list, i)
    elseif kind == "operator" and (word == "." or word == ":") then
      i = i + 2
    else
      break
    end
  end
  return i
end

---Behind the operand at `i`; `i` itself where there is none.
local function skip_operand(list, i)
  local word, kind = list.word[i], list.kind[i]
  if kind == "name" then return skip_suffixes(list, i + 1) end
  if kind == "number" or kind == "string" then return i + 1 end
  if kind == "operator" then
    if word == "(" then return skip_suffixes(list, skip_bracket(list, i)) end
    if word == "{" then return skip_bracket(list, i) end
    return word == "..." and i + 1 or i
  end
  if word == "function" then return skip_block(list, i) end
  return (word == "nil" or word == "true" or word == "false") and i + 1 or i
end

local function skip_expression(list, i)
  while true do
    while i <= list.n and list.kind[i] ~= "string" and UNARY[list.word[i]] do i = i + 1 end
    i = skip_operand(list, i)
    if i > list.n or list.kind[i] == "string" or not BINARY[list.word[i]] then return i end
    i = i + 1
  end
end

local function skip_expressions(list, i)
  i = skip_expression(list, i)
  while is_operator(list, i, ",") do i = skip_expression(list, i + 1) end
  return i
end

-- ---- statements ----
-- Each takes the list, the index of its first token and the statement, which it may tell
-- more of, and gives the index behind.

---`local` names, with their attributes: told in statement.names, statement.attributes.
local function skip_local(list, i, statement)
  statement.names, statement.attributes = {}, {}
  if is_keyword(list, i + 1, "function") then
    statement.names[1] = list.word[i + 2]
    return skip_block(list, i + 1)
  end
  repeat
    i = i + 1
    local n = #statement.names + 1
    statement.names[n] = list.word[i]
    i = i + 1
    if is_operator(list, i, "<") then
      statement.attributes[n] = list.word[i + 1]
      i = i + 3
    end
  until not is_operator(list, i, ",")
  return is_operator(list, i, "=") and skip_expressions(list, i + 1) or i
end

---`while` and `for`: behind the `do` at the end of their head comes the block.
local function skip_loop(list, i)
  i = skip_expressions(list, i + 1)
  if is_operator(list, i, "=") or is_keyword(list, i, "in") then
    i = skip_expressions(list, i + 1)
  end
  return is_keyword(list, i, "do") and skip_block(list, i) or i
end

local STATEMENTS <const> = {
  ["local"] = skip_local,
  ["while"] = skip_loop,
  ["for"] = skip_loop,
  ["do"] = skip_block,
  ["if"] = skip_block,
  ["function"] = skip_block,
  ["break"] = function(_, i) return i + 1 end,
  ["goto"] = function(_, i) return i + 2 end,
  ["repeat"] = function(list, i) return skip_expression(list, skip_block(list, i)) end,
  ["return"] = function(list, i) return skip_expressions(list, i + 1) end,
}

---An assignment, or expressions: a call, or what the prompt may print.
local function skip_other(list, i, statement)
  local behind = skip_expressions(list, i)
  if not is_operator(list, behind, "=") then
    statement.kind = "expression"
    return behind
  end
  statement.kind = "assignment"
  statement.targets = {}
  for at = i, behind - 1 do
    local is_whole = (at == i or is_operator(list, at - 1, ","))
      and (is_operator(list, at + 1, ",") or is_operator(list, at + 1, "="))
    if list.kind[at] == "name" and is_whole then statement.targets[list.word[at]] = true end
  end
  return skip_expressions(list, behind + 1)
end

---The statements at the top level: { kind = keyword, "expression" or "assignment", first =,
---last = (tokens), names =, attributes = (of a local), targets = (of an assignment) }.
---Ends before what it does not understand.
---@param list table from tokens.list
---@return table[] statements, boolean whole all of the text is in them
function tokens.statements(list)
  local statements, i = {}, 1
  while i <= list.n do
    local word, behind = list.word[i]
    if is_operator(list, i, ";") then
      behind = i + 1
    elseif is_operator(list, i, "::") then
      behind = i + 3
    else
      local statement = { kind = word, first = i }
      local skip = list.kind[i] == "keyword" and STATEMENTS[word] or skip_other
      behind = skip(list, i, statement)
      statement.last = behind - 1
      if behind > i then statements[#statements + 1] = statement end
    end
    if behind <= i then return statements, false end
    i = behind
  end
  return statements, i == list.n + 1
end

---The names in a text, of variables, fields and labels alike.
---@param list table from tokens.list
---@return table<string, true>
function tokens.names(list)
  local names = {}
  for i = 1, list.n do
    if list.kind[i] == "name" then names[list.word[i]] = true end
  end
  return names
end

return tokens
