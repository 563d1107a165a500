-- The function statements of a file, each as a text that can be compiled alone: what
-- `:reload` takes of it. All else is only listed.
local _, load_file, tools = ...
local _ENV <const> = tools.prompt_env

local tokens = load_file "snn.prompt.tokens"

local concat = table.concat

local reload_text = {}

---@class snn.ReloadItem a function statement
---@field line integer of its `function`
---@field number integer of the statement
---@field keys any[] what it is put under: a name, then fields
---@field label string the same as text
---@field is_local boolean it makes the variable
---@field sees_itself boolean `local function f`
---@field first integer the token `function`
---@field open integer the "(" behind it
---@field last integer its `end`
---@field is_method boolean with `self`

-- ---- what a statement sets ----

local function is(list, i, word) return list.word[i] == word and list.kind[i] ~= "string" end

---The fields behind the name at `i`, up to `stop`: keys and text; nil where one is no constant.
local function path_of(list, i, stop)
  if list.kind[i] ~= "name" then return nil end
  local keys, label = { list.word[i] }, list.word[i]
  i = i + 1
  while i < stop do
    local key = list.word[i + 1]
    if is(list, i, ".") or is(list, i, ":") then
      keys[#keys + 1] = key
      label, i = label .. "." .. key, i + 2
    elseif is(list, i, "[") and is(list, i + 2, "]") and
      (list.kind[i + 1] == "string" or list.kind[i + 1] == "number") then
      keys[#keys + 1] = load("return " .. key)()
      label, i = label .. "[" .. key .. "]", i + 3
    else
      return nil
    end
  end
  return keys, label
end

local function find_word(list, word, i, last)
  while i <= last do
    if is(list, i, word) then return i end
    i = i + 1
  end
end

---Is what stands from `i` to `last` one function, and nothing behind it?
local function is_function(list, i, last)
  local depth = 0
  if not is(list, i, "function") then return false end
  for at = i, last do
    if list.kind[at] == "keyword" then
      local word = list.word[at]
      if word == "do" or word == "if" or word == "repeat" or word == "function" then
        depth = depth + 1
      elseif word == "end" or word == "until" then
        depth = depth - 1
      end
      if depth == 0 then return at == last and word == "end" end
    end
  end
  return false
end

---`function a.b:c(...)`
local function of_function(list, s)
  local open = find_word(list, "(", s.first, s.last)
  if not open then return nil end
  local keys, label = path_of(list, s.first + 1, open)
  if not keys then return nil end
  return { keys = keys, label = label, first = s.first, open = open,
    is_method = is(list, open - 2, ":") }
end

---`local function f(...)`, `local f = function(...)`
local function of_local(list, s)
  if is(list, s.first + 1, "function") then
    return { keys = { s.names[1] }, label = s.names[1], first = s.first + 1,
      open = s.first + 3, is_local = true, sees_itself = true }
  end
  local equals = find_word(list, "=", s.first, s.last)
  if #s.names ~= 1 or not equals or s.attributes[1] == "close" or
    not is_function(list, equals + 1, s.last) then
    return nil
  end
  return { keys = { s.names[1] }, label = s.names[1], first = equals + 1, open = equals + 2,
    is_local = true }
end

---`a.b = function(...)`
local function of_assignment(list, s)
  local equals = find_word(list, "=", s.first, s.last)
  if not equals or not is_function(list, equals + 1, s.last) then return nil end
  local keys, label = path_of(list, s.first, equals)
  if not keys then return nil end
  return { keys = keys, label = label, first = equals + 1, open = equals + 2 }
end

local OF <const> = { ["function"] = of_function, ["local"] = of_local,
  assignment = of_assignment }

-- ---- names that functions see ----

local CONSTANT <const> = { ["true"] = true, ["false"] = true, ["nil"] = true }

---The text of the constant that stands from `i` to `last`, as the compiler puts it into the
---code of functions; nil: it is none.
local function constant(list, i, last)
  local is_one = i == last and (list.kind[i] == "string" or CONSTANT[list.word[i]])
  for at = i, last do
    local kind, word = list.kind[at], list.word[at]
    local is_part = kind == "number" or kind == "operator" and word:find "^[-+*/%%^&|~<>()]+$"
    if not (is_part or is_one) then return nil end
  end
  local fn = load("return " .. concat(list.word, " ", i, last))
  local ok, value = pcall(fn or error)
  return ok and (("%q"):format(value):gsub("\\\n", "\\n")) or nil
end

---Notes the names that a `local` makes: { number =, attribute =, constant = } each.
local function note_names(list, s, number, locals)
  local equals = #s.names == 1 and find_word(list, "=", s.first, s.last)
  for i, name in ipairs(s.names) do
    local is_const = s.attributes[i] == "const"
    local all = locals[name] or {}
    locals[name] = all
    all[#all + 1] = { number = number, attribute = s.attributes[i],
      constant = is_const and equals and constant(list, equals + 1, s.last) or nil }
  end
end

---What a name means in an item: the last local of that name before it; nil: a global.
local function local_at(locals, name, item)
  local found
  for _, entry in ipairs(locals[name] or {}) do
    local is_seen = entry.number < item.number or
      entry.number == item.number and item.sees_itself
    if is_seen then found = entry end
  end
  return found
end

-- ---- a file ----

---The number of the line that a byte stands in, from the one that was asked for before.
local function line_counter(text)
  local line, from = 1, 1
  return function(byte)
    for _ in text:sub(from, byte - 1):gmatch "\n" do line = line + 1 end
    from = byte
    return line
  end
end

---The beginning of a statement, in one line.
local function beginning(list, s)
  local MOST <const> = 60
  local text = list.text:sub(list.first[s.first], list.last[s.last])
  local line = text:match "^[^\r\n]*":gsub("%s+$", "")
  if utf8.len(line) and utf8.len(line) > MOST then
    line = line:sub(1, utf8.offset(line, MOST) - 1):gsub("%s+$", "")
  end
  return #line < #text and line .. " …" or line
end

---An item for each function statement, the last one where several set the same.
local function split(list, statements)
  local items, others, locals, last = {}, {}, {}, {}
  local line_of = line_counter(list.text)
  for number, s in ipairs(statements) do
    local item = OF[s.kind] and OF[s.kind](list, s)
    local line = line_of(list.first[s.first])
    if s.names then note_names(list, s, number, locals) end
    if item then
      item.number, item.last, item.locals = number, s.last, locals
      item.line = line_of(list.first[item.first])
      items[#items + 1] = item
    end
    local earlier = item and last[item.label]
    if item then last[item.label] = item end
    if earlier then earlier.is_hidden = true end
    if not item then others[#others + 1] = { line = line, text = beginning(list, s) } end
  end
  return items, others
end

---The function statements of a text that is Lua, and all others: { line =, text = }.
---@param text string
---@return snn.ReloadItem[]? items
---@return table[]|integer others; or, without items, the line that was not understood
function reload_text.read(text)
  local list = tokens.list(text)
  local statements, is_whole = tokens.statements(list)
  local items, others = split(list, statements)
  if not is_whole then
    local s = statements[#statements]
    return nil, line_counter(text)(s and list.last[s.last] or 1)
  end
  for _, item in ipairs(items) do item.list = list end
  return items, others
end

---What the root of an item's path means in the file: the local, or nil: a global.
function reload_text.root(item)
  return item.is_local or local_at(item.locals, item.keys[1], item)
end

---The text of a chunk that returns the function of an item, on its lines; the names that it
---has as upvalues are locals of the chunk.
function reload_text.chunk(item)
  local list, names, heads = item.list, {}, {}
  for i = item.open, item.last do
    if list.kind[i] == "name" then names[list.word[i]] = true end
  end
  local plain = {}
  for name in pairs(names) do
    local entry = name ~= "_ENV" and local_at(item.locals, name, item)
    if entry and entry.constant then
      heads[#heads + 1] = ("local %s<const> = %s;"):format(name, entry.constant)
    elseif entry then
      plain[#plain + 1] = name .. (entry.attribute and "<const>" or "")
    end
  end
  if #plain > 0 then heads[#heads + 1] = "local " .. concat(plain, ",") .. " = ...;" end
  local open = list.first[item.open]
  local self = not item.is_method and "" or is(list, item.open + 1, ")") and "self" or "self,"
  local lines = select(2, list.text:sub(list.last[item.first] + 1, open):gsub("\n", ""))
  return ("\n"):rep(item.line - 1) .. concat(heads) .. "return function" ..
    ("\n"):rep(lines) .. "(" .. self .. list.text:sub(open + 1, list.last[item.last])
end

return reload_text
