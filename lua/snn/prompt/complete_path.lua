-- What the expression before a place in a text is, for complete.lua: read backwards from
-- there, then followed without running anything: `a.b["c d"].e`, `layer.connections.enc`,
-- `("x")`, `snn.LIF { … }`. What a function would return is not known.
local _, load, tools = ...
if tools.complete_path then return tools.complete_path end

local values, scope = load "snn.prompt.complete_values", load "snn.prompt.complete_scope"

local path = { values = values, scope = scope }
tools.complete_path = path -- read once

local annotated -- is read when it is first asked

local next, pcall, rawequal, rawget, type = next, pcall, rawequal, rawget, type
local find, match, sub = string.find, string.match, string.sub
local preloaded = package

local OPENS <const> = { ["("] = 1, ["{"] = 1, ["["] = 1 }
local CLOSES <const> = { [")"] = 1, ["}"] = 1, ["]"] = 1 }
local BLOCKS <const> = { ["end"] = 1, ["until"] = 1, ["do"] = -1, ["if"] = -1, ["repeat"] = -1,
  ["function"] = -1, ["then"] = 0, ["else"] = 0, ["elseif"] = 0 }
local MOST_PARTS <const> = 64

-- ------------------------------------------------------------- reading backwards

---The index of the bracket that the one at `i` closes, or nil.
local function opening(list, i)
  local depth = 0
  for k = i, 1, -1 do
    if list.kind[k] == "operator" then
      depth = depth + (CLOSES[list.word[k]] or 0) - (OPENS[list.word[k]] or 0)
      if depth == 0 then return k end
    end
  end
end

---The text that a string of the source stands for; nil where it has escapes.
function path.unquoted(word)
  local level = match(word, "^%[(=*)%[")
  if level then return sub(word, #level + 3, -#level - 3) end
  return not find(word, "\\", 1, true) and sub(word, 2, -2) or nil
end

local function is_callable_end(list, i)
  local kind, word = list.kind[i], list.word[i]
  return kind == "name" or kind == "string" or kind == "operator" and CLOSES[word] == 1
end

local parse

local function unknown(i) return { kind = "unknown", first = i } end

local function parse_name(list, i, depth)
  local word, before = list.word[i], list.kind[i - 1] == "operator" and list.word[i - 1]
  if before ~= "." and before ~= ":" then return { kind = "name", name = word, first = i } end
  local of = parse(list, i - 2, depth)
  return { kind = before == "." and "field" or "method", of = of, key = word, first = of.first }
end

local function parse_index(list, i, first, depth)
  if not is_callable_end(list, first - 1) then return unknown(first) end
  local of = parse(list, first - 1, depth)
  local node = { kind = "field", of = of, first = of.first }
  local kind, word = list.kind[i - 1], list.word[i - 1]
  if first == i - 2 and kind == "number" then
    node.key = tonumber(word)
  elseif first == i - 2 and kind == "string" then
    node.key = path.unquoted(word)
  else
    local inner = parse(list, i - 1, depth)
    if inner.first == first + 1 then node.key_node = inner end
  end
  return node
end

local function parse_brackets(list, i, depth)
  local first, word = opening(list, i), list.word[i]
  if not first then return unknown(i) end
  if word == "]" then return parse_index(list, i, first, depth) end
  if is_callable_end(list, first - 1) then
    local of = parse(list, first - 1, depth)
    return { kind = "call", of = of, first = of.first, from = first + 1, to = i - 1 }
  end
  local inner = word == ")" and parse(list, i - 1, depth)
  if not inner or inner.first ~= first + 1 then return unknown(first) end
  inner.first = first
  return inner
end

-- The operand that ends with the token at `i`.
function parse(list, i, depth)
  depth = (depth or 0) + 1
  local kind, word = list.kind[i], list.word[i]
  if not kind or depth > MOST_PARTS then return unknown(i) end
  if kind == "name" then return parse_name(list, i, depth) end
  if kind == "operator" and CLOSES[word] then return parse_brackets(list, i, depth) end
  if kind ~= "string" then return unknown(i) end
  if is_callable_end(list, i - 1) then
    local of = parse(list, i - 1, depth)
    return { kind = "call", of = of, first = of.first, from = i, to = i }
  end
  return { kind = "string", value = path.unquoted(word), first = i }
end

path.parse = parse

---The call whose brackets hold the place behind token `last`: { node of what is called,
---place = the number of the argument, open = index of the `{` or nil where the place is in
---round brackets alone }; nil: there is none.
function path.call_around(list, last)
  local i, commas, depth = last, 0, 0
  while i >= 1 do
    local kind, word = list.kind[i], list.word[i]
    if kind == "operator" and CLOSES[word] then
      i = opening(list, i)
      if not i then return nil end
    elseif kind == "operator" and depth == 0 then
      if word == "," then commas = commas + 1 end
      if OPENS[word] then return path.call_of_bracket(list, i, commas) end
    elseif kind == "keyword" then
      if BLOCKS[word] and depth == 0 then return nil end -- in the body of a function
      depth = depth + (BLOCKS[word] or 0)
    end
    i = i - 1
  end
end

function path.call_of_bracket(list, i, commas)
  local word = list.word[i]
  if word == "[" then return nil end
  if is_callable_end(list, i - 1) then
    return { node = parse(list, i - 1), place = word == "(" and commas + 1 or 1,
      open = word == "{" and i or nil }
  end
  if word ~= "{" then return nil end
  local before = list.kind[i - 1] == "operator" and list.word[i - 1]
  if before ~= "(" and before ~= "," then return nil end
  local around = path.call_around(list, i - 1) -- f(a, { |
  if not around or around.open then return nil end
  around.open = i
  return around
end

-- ------------------------------------------------------------- following

local Names = {}
Names.__index = Names

---What names stand for behind token `last`.
---@param session table
---@param list table from tokens.list
---@param last integer
function path.names(session, list, last)
  local declared, is_declaring = scope.names(list, last)
  return setmetatable({ session = session, list = list, declared = declared,
    is_declaring = is_declaring, depth = 0 }, Names)
end

local function value_of(value) return value ~= nil and { value = value } or nil end

---The session's, the globals, then those of the prompt.
function Names:global(name)
  local session = self.session
  for _, own in next, session:names() do
    if own == name then return value_of(session:get(name)) end
  end
  local value = values.lookup(_G, name)
  if value == nil and rawget(self:own(), name) ~= nil then value = session:get(name) end
  return value_of(value)
end

---The table of the names that the prompt has beside them.
function Names:own()
  local own = rawget(self.session, "own")
  return type(own) == "table" and own or {}
end

-- A local: `self` is of the class, or the table, of its method.
local function follow_declared(self, name, what)
  if not what.first or self.depth > 8 then return nil end
  local node = parse(self.list, what.last)
  if node.first ~= what.first then return nil end
  local hidden = self.declared[name]
  self.declared[name] = nil
  self.depth = self.depth + 1
  local thing = self:thing(node)
  self.declared[name], self.depth = hidden, self.depth - 1
  local is_of_class = name == "self" and thing and values.is_class(thing.value)
  return is_of_class and { class = thing.value } or thing
end

local function required(self, node)
  local list = self.list
  if node.from ~= node.to or list.kind[node.from] ~= "string" then return nil end
  local name = path.unquoted(list.word[node.from])
  return name and value_of(rawget(preloaded.loaded, name))
end

-- What annotations say that a function gives; nil of all others.
local function result_of(names, node)
  annotated = annotated or load "snn.prompt.complete_annotated"
  return annotated.result(names, node)
end

-- Of calls the objects of classes are known, modules, and what annotations tell.
local function follow_call(self, node)
  local of = node.of
  if of.kind == "name" and of.name == "require" then return required(self, node) end
  if of.kind == "method" then
    local object = of.key == "with" and self:thing(of.of)
    local class = object and values.class_of(object)
    if class then return { class = class } end
  end
  local thing = of.kind ~= "method" and self:thing(of)
  if thing and values.is_class(thing.value) then return { class = thing.value } end
  local ok, result = pcall(result_of, self, of)
  return ok and result or nil
end

local FOLLOW <const> = {
  name = function(self, node)
    local what = self.declared[node.name]
    if what then return follow_declared(self, node.name, what) end
    return self:global(node.name)
  end,
  field = function(self, node)
    local key, thing = node.key, self:thing(node.of)
    if thing and node.key_node then
      local of = self:thing(node.key_node)
      key = of and of.value
    end
    local is_key = type(key) == "string" or type(key) == "number"
    return thing and is_key and values.field(thing, key) or nil
  end,
  string = function(_, node) return value_of(node.value) end,
  call = follow_call,
}

---What is known of a node, or nil.
function Names:thing(node)
  local follow = FOLLOW[node.kind]
  return follow and follow(self, node) or nil
end

---Is it an object of a class below `of`, or of that?
function path.is_below(class, of)
  for _ = 1, 32 do
    if rawequal(class, of) then return true end
    local mt = class and values.metatable_of(class)
    class = mt and rawget(mt, "parent")
    if type(class) ~= "table" then return false end
  end
end

return path
