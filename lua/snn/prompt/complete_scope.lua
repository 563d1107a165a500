-- The local names that a text has declared where it breaks off, for complete.lua: a name
-- of a parameter or loop hides what the session has under it, and of few is more known.
local scope = {}

local OPENS <const> = { ["("] = true, ["{"] = true, ["["] = true }
local CLOSES <const> = { [")"] = true, ["}"] = true, ["]"] = true }
local VALUES <const> = { ["nil"] = true, ["true"] = true, ["false"] = true, ["end"] = true }

---Can an operand end with the token at `i`?
function scope.is_end(list, i)
  local kind, word = list.kind[i], list.word[i]
  if kind == "keyword" then return VALUES[word] == true end
  return kind == "name" or kind == "number" or kind == "string"
    or kind == "operator" and (CLOSES[word] or word == "...") or false
end

-- Does a new statement begin with the token at `i`, in the middle of expressions?
local function begins_statement(list, i)
  if not scope.is_end(list, i - 1) then return false end
  local kind, word = list.kind[i], list.word[i]
  if kind == "keyword" then return word ~= "and" and word ~= "or" end
  return kind == "name" or word == ";" or word == "::"
end

local BEFORE <const> = { [";"] = true, ["do"] = true, ["then"] = true, ["else"] = true,
  ["repeat"] = true }

local Walk = {}
Walk.__index = Walk

function Walk:push(names)
  self.scopes[#self.scopes + 1] = names or {}
end

function Walk:pop()
  if #self.scopes > 1 then self.scopes[#self.scopes] = nil end
end

-- Names of a `local`, or one that is assigned, hold from the end of its statement on.
function Walk:settle(last)
  local pending = self.pending
  self.pending = nil
  local names, is_global = self.scopes[#self.scopes], pending.is_global
  for _, name in ipairs(pending.names) do names[name] = { is_global = is_global } end
  if #pending.names == 1 and pending.first then
    names[pending.names[1]] = { first = pending.first, last = last, is_global = is_global }
  end
end

-- Is the name at `i` assigned here?
local function is_assigned(list, i)
  return list.kind[i] == "name" and list.word[i + 1] == "=" and list.kind[i + 1] == "operator"
    and (i == 1 or begins_statement(list, i) or BEFORE[list.word[i - 1]])
end

-- The names from the token at `i` on, with commas; the index behind.
function Walk:list_of_names(i)
  local list, names = self.list, {}
  while list.kind[i] == "name" do
    names[#names + 1] = list.word[i]
    i = i + 1
    if list.word[i] == "<" then i = i + 3 end
    if list.word[i] ~= "," then return names, i end
    i = i + 1
  end
  if i > self.last then self.is_declaring = true end
  return names, i
end

Walk["local"] = function(self, i)
  local list = self.list
  if list.word[i + 1] == "function" then
    if i + 2 > self.last then
      self.is_declaring = true
      return self.last
    end
    self.scopes[#self.scopes][list.word[i + 2]] = {}
    return i
  end
  local names, behind = self:list_of_names(i + 1)
  self.pending = { names = names, depth = self.depth, level = #self.scopes }
  if list.word[behind] == "=" then
    self.pending.first = behind + 1
    return behind
  end
  if behind <= self.last or not self.is_declaring then self:settle(behind - 1) end
  return behind - 1
end

Walk["for"] = function(self, i)
  local names, behind = self:list_of_names(i + 1)
  self.of_loop = {}
  for _, name in ipairs(names) do self.of_loop[name] = {} end
  return behind - 1
end

Walk["function"] = function(self, i)
  local list, names, path = self.list, {}, i + 1
  i = path
  while list.kind[i] == "name" or list.word[i] == "." or list.word[i] == ":" do i = i + 1 end
  if i > path and list.word[i - 2] == ":" then names.self = { first = path, last = i - 3 } end
  self:push(names)
  if list.word[i] ~= "(" then return i - 1 end
  local params, behind = self:list_of_names(i + 1)
  for _, name in ipairs(params) do names[name] = {} end
  if list.word[behind] == "..." then behind = behind + 1 end
  if behind > self.last then self.is_declaring = true end
  return behind
end

Walk["do"] = function(self)
  self:push(self.of_loop)
  self.of_loop = nil
end

Walk["then"] = function(self) self:push() end
Walk["repeat"] = Walk["then"]
Walk["end"] = Walk.pop
Walk["until"] = Walk.pop
Walk["elseif"] = Walk.pop
Walk["else"] = function(self)
  self:pop()
  self:push()
end

local WORDS <const> = {}
for word in ("local for function do then repeat end until elseif else"):gmatch "%a+" do
  WORDS[word] = true
end

-- What the token at `i` does; the last token that this has looked at.
function Walk:step(i)
  local list, pending = self.list, self.pending
  local kind, word = list.kind[i], list.word[i]
  local is_over = pending and pending.depth == self.depth and pending.level == #self.scopes
    and begins_statement(list, i)
  if is_over then self:settle(i - 1) end
  if not self.pending and i < self.last and is_assigned(list, i) then
    self.pending = { names = { word }, first = i + 2, depth = self.depth, level = #self.scopes,
      is_global = true }
  end
  if kind == "operator" then
    self.depth = self.depth + (OPENS[word] and 1 or CLOSES[word] and -1 or 0)
  elseif kind == "keyword" and WORDS[word] then
    return self[word](self, i) or i
  end
  return i
end

---What is declared or assigned where the tokens up to `last` end, by name: { first =, last =,
---is_global = } of the tokens of what it stands for (of `self`: the table of the method), {}
---where that is not known; and whether a name is being declared there.
---@param list table from tokens.list
---@param last integer
---@return table<string, table> names, boolean is_declaring
function scope.names(list, last)
  local walk = setmetatable({ list = list, last = last, scopes = { {} }, depth = 0 }, Walk)
  local i = 1
  while i <= last do
    walk.is_declaring = false
    i = walk:step(i) + 1
  end
  local is_new = walk.pending and scope.is_end(list, last)
    and walk.pending.depth == walk.depth and walk.pending.level == #walk.scopes
  if is_new then walk:settle(last) end
  local names = {}
  for _, level in ipairs(walk.scopes) do
    for name, what in next, level do names[name] = what end
  end
  return names, walk.is_declaring
end

return scope
