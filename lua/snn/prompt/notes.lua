-- Inputs that Lua takes in silence though they are likely not what was meant: names that
-- nothing has, `x--`, `t[0]`.
local _, load_file, tools = ...
local _ENV <const> = tools.prompt_env

local hints = load_file "snn.prompt.hints"
local tokens = load_file "snn.prompt.tokens"

local notes = {}

local SHORTEST <const> = 3 -- name that is taken for a misspelled one

-- ---- names ----

---Is the token a variable that the text reads?
local function is_read(list, i)
  local before, behind = list.word[i - 1], list.word[i + 1]
  return list.kind[i] == "name" and before ~= "." and before ~= ":" and before ~= "goto"
    and before ~= "::" and behind ~= "="
end

---Adds the names from token i on, with commas between them.
local function add_names(list, i, made)
  while list.kind[i] == "name" do
    made[list.word[i]] = true
    i = i + 1
    if list.word[i] == "<" then i = i + 3 end
    if list.word[i] ~= "," then return end
    i = i + 1
  end
end

---The names that a text itself makes somewhere: locals, parameters, what it assigns.
local function made_names(list)
  local made = {}
  for i = 1, list.n do
    local word = list.word[i]
    if word == "local" or word == "for" then
      add_names(list, list.word[i + 1] == "function" and i + 2 or i + 1, made)
    elseif word == "function" then
      while i < list.n and list.word[i] ~= "(" do
        i = i + 1
        if list.kind[i] == "name" then made[list.word[i]] = true end
      end
      add_names(list, i + 1, made)
    elseif list.kind[i] == "name" and (list.word[i + 1] == "=" or list.word[i + 1] == ",") then
      made[word] = true
    end
  end
  return made
end

---All names that have a value here.
local function all_names(session)
  local names = session:names()
  for name in pairs(_G) do
    if type(name) == "string" then names[#names + 1] = name end
  end
  for name in pairs(session.own) do names[#names + 1] = name end
  return names
end

---"no variable", when another is near; nil: none is.
local function unknown(session, name)
  local near = tools.nearest(name, all_names(session))
  if near and near ~= name then
    return ("no variable '%s' (did you mean '%s'?)"):format(name, near)
  end
end

---Is the name a local of the session, or has it a value? A field of the session's globals
---counts, also of a script's metatable.
local function is_known(session, name)
  return session:has(name) or session:get(name) ~= nil or session.env[name] ~= nil
end

---What to say of a name that the text reads and nothing has.
local function of_names(session, list)
  local foreign = hints.of_names(list.text, function(name) return is_known(session, name) end)
  if foreign then return foreign end
  local alone = list.n == 1 and not is_known(session, list.word[1]) and hints.of_word(list.word[1])
  if alone then return alone end
  local made = made_names(list)
  for i = 1, list.n do
    local name = list.word[i]
    if is_read(list, i) and not made[name] and not is_known(session, name) then
      local hint = #name >= SHORTEST and unknown(session, name)
      if hint then return hint end
    end
  end
end

-- ---- tensors as conditions ----

-- methods that give a tensor of booleans, which is true whatever is in it
local COMPARE <const> = " gt lt ge le eq ne isnan "

---The method whose call ends before `then` or `do`, for the condition that begins at token i;
---nil: it is none.
local function last_method(list, i)
  local method
  while i <= list.n and list.word[i] ~= "then" and list.word[i] ~= "do" do
    if list.word[i] == ":" then method = list.word[i + 1] end
    i = i + 1
  end
  return list.word[i - 1] == ")" and method or nil
end

---`if x:gt(2) then`, `while t do`: a tensor is no condition.
local function of_condition(session, list)
  for i = 1, list.n do
    local word, behind = list.word[i], list.word[i + 2]
    if word == "if" or word == "elseif" or word == "while" then
      local is_bare = (behind == "then" or behind == "do") and list.kind[i + 1] == "name"
      if is_bare and tools.is_tensor(session:get(list.word[i + 1]))
        or COMPARE:find((" %s "):format(last_method(list, i)), 1, true) then
        return "a tensor is true in a condition whatever is in it: ask x:any():item(), x:item()"
      end
    end
  end
end

-- ---- comparisons ----

---`not x == 1`, `x == {}`: what they give is not what they look like.
local function of_comparison(list, values)
  for i = 1, list.n do
    local word, behind, then_ = list.word[i], list.word[i + 1], list.word[i + 2]
    if word == "not" and list.kind[i + 1] == "name" and (then_ == "==" or then_ == "~=") then
      return ("`not %s %s y` is `(not %s) %s y`: write not (%s %s y)"):format(behind, then_, behind,
        then_, behind, then_)
    end
    if word == "==" and behind == "{" and values.n == 1 and values[1] == false then
      return "a table equals only itself, not another with the same in it"
    end
  end
end

-- ---- all ----

---Is every value nil, and is there one?
local function is_nil(values)
  for i = 1, values.n do
    if values[i] ~= nil then return false end
  end
  return values.n > 0
end

---What may have been meant by an input that went well; nil: nothing to say.
---@param session snn.Session
---@param text string
---@param values table its results, with n
function notes.of(session, text, values)
  local list = tokens.list(text)
  local name = text:match "^%s*([%a_][%w_.]*)%-%-%s*$"
  if name then return ("-- begins a comment: write %s = %s - 1"):format(name, name) end
  local is_zero = text:find "%[%s*0%s*%]%s*$"
  if is_zero and is_nil(values) then return "nil: the first index is 1" end
  return of_condition(session, list) or of_comparison(list, values) or of_names(session, list)
end

return notes
