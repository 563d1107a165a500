-- Runs the text of a rule, `snn.STDP.equations`, as it is written, in plain Lua
-- numbers, so that specs can hold it against the engine.
--
-- Lines that are not indented are for readers, but "at first:", "each step ..." and
-- "each call ..." say when the indented lines below them are done: assignments, from
-- the top. In these
--   two factors side by side are multiplied, "/" divides what is before it by one
--   a name that has not been assigned yet has its value of the step before, 0 at first
--   |x| is the absolute value, f(x) without a blank a call, else it is a product
--   [condition] is 1 or 0, and makes a product 0 whatever the others are
--   "x at condition, else y"; a condition is a comparison, a number (not 0), or two of
--   them and "and"; "=" compares
local equations = {}

local DONE <const> = { ["at first:"] = "first", ["each step"] = "step", ["each call"] = "call" }

-- ---- words ----

local PATTERNS <const> = { "^%d+%.?%d*", "^[%a_][%w_]*", "^>=", "^[-+/()|%[%]<>=,]" }

local function words_of(text)
  local list, at = {}, 1
  while at <= #text do
    local word
    if not text:find("^%s", at) then
      for _, pattern in ipairs(PATTERNS) do word = word or text:match(pattern, at) end
      if not word then error("what is this: " .. text:sub(at), 0) end
      list[#list + 1] = { text = word, glued = text:sub(at + #word, at + #word) == "(" }
    end
    at = at + #(word or " ")
  end
  return list
end

-- ---- expressions, turned into Lua ----

local Reader = {}
Reader.__index = Reader

function Reader:look() return self.words[self.at] and self.words[self.at].text end

function Reader:take(text)
  local word = self.words[self.at]
  if not word or (text and word.text ~= text) then
    error(("%s wanted, got %s in: %s"):format(text or "more", word and word.text, self.line), 0)
  end
  self.at = self.at + 1
  return word
end

function Reader:took(text)
  local found = self:look() == text
  if found then self.at = self.at + 1 end
  return found
end

-- A factor; true as the second result if it is a bracket.
function Reader:factor()
  if self:took "(" then
    local sum = self:sum()
    self:take ")"
    return "(" .. sum .. ")"
  elseif self:took "|" then
    self.in_bars = true
    local sum = self:sum()
    self.in_bars = false
    self:take "|"
    return "abs(" .. sum .. ")"
  elseif self:took "[" then
    local condition = self:condition()
    self:take "]"
    return condition, true
  end
  local word = self:take()
  if word.glued and word.text:find "^%a" then
    return word.text .. self:factor()
  end
  return word.text
end

function Reader:starts_factor()
  local word = self:look()
  if not word or word == "at" or word == "and" or word == "else" then return false end
  return word:find "^[%w_(%[]" ~= nil or word == "|" and not self.in_bars
end

function Reader:product()
  local factors, conditions = {}, {}
  repeat
    local divides = self:took "/"
    local factor, is_bracket = self:factor()
    if is_bracket then conditions[#conditions + 1] = factor
    else factors[#factors + 1] = (#factors == 0 and "" or divides and " / " or " * ") .. factor end
  until not (self:starts_factor() or self:look() == "/")
  local product = #factors == 0 and "1" or table.concat(factors)
  if #conditions == 0 then return product end
  return ("(%s and %s or 0)"):format(table.concat(conditions, " and "), product)
end

function Reader:sum()
  local list = { self:took "-" and "-" or "", self:product() }
  while self:look() == "+" or self:look() == "-" do
    list[#list + 1] = " " .. self:take().text .. " "
    list[#list + 1] = self:product()
  end
  return table.concat(list)
end

local COMPARES <const> = { [">="] = ">=", ["<"] = "<", [">"] = ">", ["="] = "==" }

function Reader:condition()
  local left, compares = self:sum(), COMPARES[self:look() or ""]
  local condition = left .. " ~= 0"
  if compares then
    self:take()
    condition = ("%s %s %s"):format(left, compares, self:sum())
  end
  if self:took "and" then condition = condition .. " and " .. self:condition() end
  return "(" .. condition .. ")"
end

local function assignment(line)
  local reader = setmetatable({ words = words_of(line), at = 1, line = line }, Reader)
  local name = reader:take().text
  reader:take "="
  local value = reader:sum()
  if reader:took "at" then
    local condition = reader:condition()
    reader:take ","
    reader:take "else"
    value = ("%s and %s or %s"):format(condition, value, reader:sum())
  end
  if reader:look() then error("too much: " .. line, 0) end
  return name, name .. " = " .. value
end

-- ---- texts ----

---@param text string the equations of a class
---@param given table what its names stand for: arguments, functions, words of choices
---@return { step: fun(seen: table), call: fun(seen: table), values: table } rule
---values by name; a step and a call get what is seen in it, an unknown name is an error
function equations.run(text, given)
  local lines, values, when = { first = {}, step = {}, call = {} }, {}, nil
  for line in text:gmatch "[^\n]+" do
    if line:find "^  " then
      local name, code = assignment(line:sub(3))
      values[name] = 0
      table.insert(lines[when], code)
    else
      when = DONE[line:match "^at first:$" or line:match "^each %a+" or ""]
    end
  end
  local now = setmetatable({}, {
    __index = function(_, name)
      local value = values[name]
      if value == nil then value = given[name] end
      if value == nil and name == "abs" then value = math.abs end
      if value == nil then error("the equations do not tell what '" .. name .. "' is", 0) end
      return value
    end,
    __newindex = values,
  })
  local rule = { values = values }
  for part, list in pairs(lines) do
    local run = assert(load(table.concat(list, "\n"), "=" .. part, "t", now))
    rule[part] = function(seen)
      for name, value in pairs(seen or {}) do given[name] = value end
      run()
    end
  end
  rule.first()
  return rule
end

return equations
