-- What Tab offers. Returns complete(session, text, cursor): what may stand at byte
-- `cursor` of a text that is being typed. Nothing of the script is run for it, nothing is
-- printed or changed; where it knows nothing it offers nothing.
--
-- complete_path.lua: what the expression before the cursor is; complete_scope.lua: what
-- local names it has; complete_values.lua: which names values have; complete_options.lua:
-- keys and words of calls; complete_files.lua: files and modules.
local _, load, tools = ...

local tokens, path = load "snn.prompt.tokens", load "snn.prompt.complete_path"
local options, files = load "snn.prompt.complete_options", load "snn.prompt.complete_files"
local values, scope = path.values, path.scope

local find, format, gmatch, gsub, match, sub = string.find, string.format, string.gmatch,
  string.gsub, string.match, string.sub
local next, pcall, rawget, sort, type = next, pcall, rawget, table.sort, type

-- Of so many candidates each is told what it is: more are for the eye to run over.
local MOST_TOLD <const> = 50

local function words_of(text)
  local list = {}
  for word in gmatch(text, "%a+") do list[#list + 1] = word end
  return list
end

-- Where an expression may begin; where a statement may; behind an operand.
local IN_EXPRESSIONS <const> = words_of "false function nil not true"
local OF_STATEMENTS <const> = words_of [[break do else elseif end for function goto if local
  repeat return until while]]
local BEHIND_OPERANDS <const> = words_of "and or then do"
-- A statement begins behind these.
local BEFORE_STATEMENTS <const> = { [";"] = true }
for _, word in next, words_of "do then else repeat" do BEFORE_STATEMENTS[word] = true end

local KEYWORDS <const> = {}
for _, list in next, { IN_EXPRESSIONS, OF_STATEMENTS, BEHIND_OPERANDS, { "in" } } do
  for _, word in next, list do KEYWORDS[word] = true end
end

-- ------------------------------------------------------------- lists

-- By their names, those with "_" in front last.
local function sorted(list)
  sort(list, function(a, b)
    local is_hidden, other = sub(a.text, 1, 1) == "_", sub(b.text, 1, 1) == "_"
    if is_hidden ~= other then return other end
    return a.text < b.text
  end)
  return list
end

local function add_words(list, words, prefix, about)
  for _, word in next, words do
    if values.begins(word, prefix) and not list.seen[word] then
      list.seen[word] = true
      list[#list + 1] = { text = word, about = about }
    end
  end
end

-- What is typed in any case where nothing is spelled so.
local function in_any_case(list_of, prefix)
  local list = list_of(prefix)
  if list[1] or prefix == "" then return list end
  values.folds = true
  local ok, other = pcall(list_of, prefix)
  values.folds = false
  return ok and other or list
end

-- ------------------------------------------------------------- a place in a text

-- The tokens before the cursor without the word that is typed there: `at.last` is the
-- index of the last, `at.word` the word, `at.from` where it begins, `at.quote` that of a
-- string. nil: in a comment or a number.
local function place(text, cursor)
  local before = sub(text, 1, cursor - 1)
  local list = tokens.list(before)
  local n = list.n
  local gap = gsub(sub(before, (list.last[n] or 0) + 1), "%-%-%[(=*)%[.-%]%1%]", " ")
  if list.open == "comment" or find(gap, "%-%-[^\n]*$") then return nil end
  local at = { text = text, cursor = cursor, list = list, last = n, word = "", from = cursor }
  if n == 0 or list.last[n] ~= cursor - 1 then return at end
  local kind, word = list.kind[n], list.word[n]
  if kind == "number" then return nil end
  if kind == "string" and not tokens.list(word).open then return at end
  if kind == "operator" then return at end
  if kind == "string" then
    local opening = match(word, "^%[=*%[") or sub(word, 1, 1)
    at.quote = gsub(opening, "%[", "]")
    at.word = sub(word, #opening + 1)
  else
    at.word = word
  end
  at.from = cursor - #at.word
  at.last = n - 1
  list.n = n - 1
  list.kind[n], list.word[n], list.first[n], list.last[n] = nil, nil, nil, nil
  return at
end

local function word_behind(at, i)
  return at.list.kind[i] ~= "string" and at.list.word[i] or nil
end

-- The key whose value stands at the place, in the table of a call; nil: none.
local function key_of_value(at, call)
  local last, list = at.last, at.list
  local before = word_behind(at, last - 2)
  local is_value = call and call.open and word_behind(at, last) == "="
    and list.kind[last - 1] == "name" and (before == "{" or before == "," or before == ";")
  return is_value and list.word[last - 1] or nil
end

-- ------------------------------------------------------------- words in the text

-- Keys that are no names are written in brackets, from the dot on.
local function with_brackets(at, list)
  local dot, has_other = at.list.first[at.last], false
  for _, entry in next, list do
    local is_name = find(entry.text, "^[%a_][%w_]*$") and not KEYWORDS[entry.text]
    entry.is_other = not is_name
    has_other = has_other or not is_name
  end
  if not has_other then return at.from, sorted(list) end
  local out = {}
  for _, entry in next, list do
    if not entry.is_other then
      out[#out + 1] = { text = "." .. entry.text, about = entry.about, tail = entry.tail }
    elseif not find(entry.text, "[%c]") then
      out[#out + 1] = { text = format("[%q]", entry.text), about = entry.about }
    end
  end
  return dot, sorted(out)
end

local function members(at, names, separator)
  local thing = names:thing(path.parse(at.list, at.last - 1))
  if not thing then return at.from, {} end
  local list = in_any_case(function(prefix)
    local found = values.members(thing, separator, prefix)
    local out = {}
    for i = 1, found.n do out[i] = found[i] end
    return out
  end, at.word)
  if #list <= MOST_TOLD then options.tell(thing, list) end
  if separator == "." and type(thing.value) == "table" then return with_brackets(at, list) end
  return at.from, sorted(list)
end

-- All names that hold at the place.
local function all_names(names, prefix)
  local session = names.session
  local list = values.names(_G, prefix)
  for _, name in next, session:names() do
    if values.begins(name, prefix) then
      local entry = values.named(name, session:get(name))
      if list.seen[name] then
        for i = 1, list.n do
          if list[i].text == name then list[i] = entry end
        end
      else
        list[#list + 1], list.seen[name] = entry, true
      end
    end
  end
  for name in next, names:own() do
    if type(name) == "string" and values.begins(name, prefix) and not list.seen[name] then
      list[#list + 1], list.seen[name] = values.named(name, session:get(name)), true
    end
  end
  for name, what in next, names.declared do
    add_words(list, { name }, prefix, not what.is_global and "local" or "")
  end
  return list
end

local function keywords_at(at)
  local list, last = at.list, at.last
  local word = word_behind(at, last)
  if last == 0 or BEFORE_STATEMENTS[word] then return { OF_STATEMENTS, IN_EXPRESSIONS } end
  if scope.is_end(list, last) then return { OF_STATEMENTS, BEHIND_OPERANDS, IN_EXPRESSIONS } end
  return { IN_EXPRESSIONS }
end

local function names_here(at, names, without_keywords)
  local list = in_any_case(function(prefix)
    local found = all_names(names, prefix)
    if not without_keywords then
      for _, words in next, keywords_at(at) do add_words(found, words, prefix, "") end
    end
    local out = {}
    for i = 1, #found do out[i] = found[i] end
    return out
  end, at.word)
  return at.from, sorted(list)
end

-- In the table of a call: its keys, or what one may be; nil: anything.
local function in_call(at, names)
  local call = path.call_around(at.list, at.last)
  if not call or not call.open then return nil end
  local before = word_behind(at, at.last)
  if before == "{" or before == "," or before == ";" then
    local list = options.of(names, call)
    local given = list and options.given(tokens.list(at.text), call.open, at.from)
    if not list then return nil end
    local function keys(prefix) return options.keys(list, given, prefix) end
    return in_any_case(keys, at.word)
  end
  local key = at.word == "" and key_of_value(at, call)
  local list = key and options.of(names, call)
  if not list then return nil end
  local out = {}
  for _, word in next, options.words(list, key) do out[#out + 1] = { text = format("%q", word) } end
  if options.is_flag(list, key) then out = { { text = "true" }, { text = "false" } } end
  return out[1] and out or nil
end

-- Where an argument of a call may begin: the words that it may be, else what the function
-- takes; nil: anything.
local function in_arguments(at, names)
  local before = word_behind(at, at.last)
  if at.word ~= "" or before ~= "(" and before ~= "," then return nil end
  local call = path.call_around(at.list, at.last)
  if not call or call.open then return nil end
  local words, out = options.strings(names, call), {}
  for _, word in next, words or {} do out[#out + 1] = { text = format("%q", word) } end
  if out[1] then return out end
  local usage = before == "(" and options.usage(names, call)
  return usage and { { text = "", about = usage } } or nil
end

local function in_code(at, session)
  local list, last = at.list, at.last
  local before = word_behind(at, last)
  local names = path.names(session, list, last)
  if before == "." or before == ":" then return members(at, names, before) end
  if before == "<" and list.word[last - 2] == "local" then
    return at.from, { { text = "close" }, { text = "const" } }
  end
  if before == "::" or before == "goto" or names.is_declaring then return at.from, {} end
  local keys = in_call(at, names) or in_arguments(at, names)
  if keys then return at.from, keys end
  return names_here(at, names, before == "function")
end

-- ------------------------------------------------------------- strings

local function from_words(words, prefix, tail)
  local out = {}
  for _, word in next, words do
    if sub(word, 1, #prefix) == prefix then out[#out + 1] = { text = word, tail = tail } end
  end
  return out
end

-- t["…
local function in_index(at, names, tail)
  local thing = names:thing(path.parse(at.list, at.last - 1))
  if not thing or type(thing.value) ~= "table" then return {} end
  local found, out = values.members(thing, ".", at.word), {}
  for i = 1, found.n do
    out[i] = { text = found[i].text, about = found[i].about, tail = tail and tail .. "]" }
  end
  return sorted(out)
end

-- Names that would end the string are left out.
local function in_path(at, tail)
  local list, kept = files.paths(at.word, tail)
  local out, quote = {}, at.quote or ""
  for _, entry in next, list do
    local is_plain = not find(entry.text, "[%c\\]")
      and (quote == "" or not find(entry.text, quote, 1, true))
    if is_plain then out[#out + 1] = entry end
  end
  return at.from + kept, sorted(out)
end

local function is_require(at)
  local list, i = at.list, at.last
  if word_behind(at, i) == "(" then i = i - 1 end
  return list.kind[i] == "name" and list.word[i] == "require"
    and word_behind(at, i - 1) ~= "." and word_behind(at, i - 1) ~= ":"
end

local function in_string(at, session)
  local list, last = at.list, at.last
  if find(at.word, "[%c\\]") then return at.from, {} end
  local is_closed = sub(at.text, at.cursor, at.cursor + #at.quote - 1) == at.quote
  local tail = not is_closed and at.quote or nil
  if is_require(at) then return at.from, sorted(files.modules(at.word, tail)) end
  local names, before = path.names(session, list, last), word_behind(at, last)
  if before == "[" and scope.is_end(list, last - 1) then
    return at.from, in_index(at, names, tail)
  end
  local call = path.call_around(list, last)
  local key = key_of_value(at, call)
  local arguments = key and options.of(names, call)
  local words = arguments and options.words(arguments, key)
  if words and words[1] then return at.from, from_words(words, at.word, tail) end
  local is_argument = before == "(" or before == ","
  local known = call and is_argument and options.strings(names, call)
  if known then return at.from, from_words(known, at.word, tail) end
  return in_path(at, tail)
end

-- ------------------------------------------------------------- lines that are no Lua

local function in_lua(session, text, cursor)
  local at = place(text, cursor)
  if not at then return cursor, {} end
  if at.quote then return in_string(at, session) end
  return in_code(at, session)
end

-- Code that begins at byte `first`, and goes to the end of the text.
local function in_rest(session, text, cursor, first)
  local from, list = in_lua(session, sub(text, first), cursor - first + 1)
  return from + first - 1, list
end

local function in_file(text, cursor, first)
  return in_path { word = sub(text, first, cursor - 1), from = first, text = text, cursor = cursor }
end

local function commands()
  return tools.commands
end

-- Names of commands: `:name`, and of `:help name`.
local function in_command(session, text, cursor)
  local typed = sub(text, 1, cursor - 1)
  local head, name = match(typed, "^(%s*:)([%w_]*)$")
  if not name then head, name = match(typed, "^(%s*:help%s+)([%w_]*)$") end
  if name then
    local list = values.names(commands(), name)
    for _, entry in next, list do
      if type(entry) == "table" then
        local command = rawget(commands(), entry.text)
        local summary = type(command) == "table" and rawget(command, "summary")
        entry.about, entry.tail = type(summary) == "string" and summary or "", " "
      end
    end
    local out = {}
    for i = 1, list.n do out[i] = list[i] end
    return #head + 1, sorted(out)
  end
  local called, first = match(text, "^%s*:([%w_]+)%s+()")
  if not first or first > cursor then first = match(sub(text, 1, cursor - 1), "^%s*:!.-()%S*$") end
  local command = called and rawget(commands(), called)
  local kind = type(command) == "table" and rawget(command, "complete") or not called and "file"
  if not first then return cursor, {} end
  if kind == "file" then return in_file(text, cursor, first) end
  if kind == "expression" or kind == "name" then return in_rest(session, text, cursor, first) end
  return cursor, {}
end

local function anywhere(session, text, cursor)
  if find(text, "^%s*:[%w_!]*") and not find(text, "^%s*::") then
    return in_command(session, text, cursor)
  end
  local first = match(text, "^%s*%?+%s*()")
  if first and first <= cursor then return in_rest(session, text, cursor, first) end
  return in_lua(session, text, cursor)
end

-- Behind the cursor the word or its tail may stand already.
local function without_tails(list, rest)
  local is_in_word, next_one = find(rest, "^[%w_]"), match(rest, "^%s*(%S)")
  for _, entry in next, list do
    local tail = entry.tail and match(entry.tail, "%S")
    if tail and (is_in_word or tail == next_one) then entry.tail = nil end
  end
end

---What may stand at a place.
---@param session table names, values and commands (session.lua)
---@param text string all that is typed, lines with "\n" between
---@param cursor integer byte place: 1 is before the first byte
---@return integer from where the word begins, table[] candidates { text, about, tail }
local function complete(session, text, cursor)
  local ok, from, list = pcall(anywhere, session, text, cursor)
  if not ok then return cursor, {} end
  local is_long = #list > MOST_TOLD
  for _, entry in next, list do
    entry.is_other = nil
    entry.about = entry.about ~= "" and not is_long and entry.about or nil
  end
  without_tails(list, sub(text, cursor))
  return from, list
end

return complete
