-- The options that functions and methods take in a table, for complete.lua: by their
-- annotations inside the program (lua/snn/help/annotations.lua), which are read with the
-- first question. `---@param options? { keep?: integer }` of snn.save is
-- { name = "keep", optional = true, doc = "integer" }.
local snn, load, tools = ...

local path = load "snn.prompt.complete_path"
local values = path.values

local annotated = {}
local all -- name -> record, once it is read

local find, format, gmatch, gsub, match, sub = string.find, string.format, string.gmatch,
  string.gsub, string.match, string.sub
local concat, next, rawequal, rawget, type = table.concat, next, rawequal, rawget, type

-- ------------------------------------------------------------- where it is written

-- What leads to a table of the library: "" of snn, "data." of snn.data.
local function prefix_of(t)
  if rawequal(t, snn) then return "" end
  for name, value in next, snn do
    if type(t) == "table" and rawequal(value, t) then return name .. "." end
  end
end

local function name_of_class(class)
  local mt = values.metatable_of(class)
  local name = mt and rawget(mt, "__name")
  return type(name) == "string" and match(name, "^class (.*)$") or nil
end

-- What is written of a public name; all of it is read with the first.
local function written(name)
  all = all or load("snn.help.annotations").read()
  return all[name]
end

local function is_tensor(thing)
  return thing.is_tensor or thing.value ~= nil and tools.is_tensor(thing.value)
end

-- The record of a method, which a class above may have; of one in place that of the other.
local function of_method(thing, key)
  if is_tensor(thing) then
    return written("Tensor." .. key) or written("Tensor." .. gsub(key, "_$", ""))
  end
  local class = values.class_of(thing)
  for _ = 1, 32 do
    local name = class and name_of_class(class)
    if not name or rawget(class, key) ~= nil and not rawequal(class, rawget(snn, name)) then
      return nil -- a script's own
    end
    local record = rawequal(class, rawget(snn, name)) and written(name .. "." .. key)
    if record then return record end
    class = rawget(values.metatable_of(class), "parent")
  end
end

local function of_function(names, node)
  local thing = node.kind == "field" and names:thing(node.of)
  local prefix = thing and prefix_of(thing.value)
  return prefix and type(node.key) == "string" and written(prefix .. node.key) or nil
end

local function record_of(names, node)
  if node.kind ~= "method" then return of_function(names, node) end
  local thing = names:thing(node.of)
  return thing and of_method(thing, node.key)
end

-- ------------------------------------------------------------- what is written

local OPENS <const> = { ["{"] = 1, ["("] = 1, ["["] = 1, ["<"] = 1 }
local CLOSES <const> = { ["}"] = 1, [")"] = 1, ["]"] = 1, [">"] = 1 }

-- The parts of a text between commas that are in no brackets.
local function parts_of(text)
  local parts, depth, from = {}, 0, 1
  for i = 1, #text do
    local c = sub(text, i, i)
    depth = depth + (OPENS[c] or 0) - (CLOSES[c] or 0)
    if c == "," and depth == 0 then
      parts[#parts + 1], from = sub(text, from, i - 1), i + 1
    end
  end
  parts[#parts + 1] = sub(text, from)
  return parts
end

local aliases

-- `---@alias snn.dtype "float32"|"float64"`: the types that stand for others.
local function read_aliases()
  aliases = {}
  for _, text in next, load("snn.help.annotations").sources do
    for name, kind in gmatch(text, "\n%-%-%-@alias (snn%.[%w_]+) ([^\n]+)") do
      aliases[name] = match(kind, "^%b{}") or match(kind, "^%S+")
    end
  end
  return aliases
end

-- A type with what its names stand for.
local function spelled(kind)
  local stands_for = aliases or read_aliases()
  for _ = 1, 3 do kind = gsub(kind, "snn%.[%w_]+", stands_for) end
  return kind
end

-- The words of `"file"|"script"`; "" of other types.
local function words_of(kind)
  local words = {}
  if not find(kind, '^"') then return "" end
  for word in gmatch(kind, '"([^"]*)"') do words[#words + 1] = word end
  return concat(words, " ")
end

local function entry(name, kind, doc, is_optional)
  return { name = name, type = kind, optional = is_optional, choices = words_of(spelled(kind)),
    doc = doc and doc ~= "" and doc or gsub(kind, "snn%.", "") }
end

-- Adds those of `{ name?: type, … }` in a text.
local function add_table(list, text)
  local inside = match(text, "%b{}")
  for _, part in next, inside and parts_of(sub(inside, 2, -2)) or {} do
    local name, optional, kind = match(part, "^%s*([%a_][%w_]*)(%??):%s*(.-)%s*$")
    if name then list[#list + 1] = entry(name, kind, nil, optional == "?") end
  end
end

-- Adds the fields of the classes that a type names.
local function add_classes(list, kind)
  for name in gmatch(kind, "snn%.([%w_.]+)") do
    local record = find(name, "[Oo]ptions$") and written(name)
    for _, field in next, record and record.fields or {} do
      list[#list + 1] = entry(field.name, field.type, field.doc, true)
    end
  end
end

-- What is written of the parameter at that place; behind `...` all are that one.
local function parameter(record, place)
  local words, last = {}, nil
  for word in gmatch(record.arguments or "", "[%w_.]+") do words[#words + 1], last = word, word end
  local name = words[place] or last == "..." and last
  for _, param in next, record.params do
    if param.name == name then return param end
  end
end

---What a function takes in the table at that place of a call, as a list of arguments; nil
---where nothing is written of it.
---@param names table from path.names
---@param call table from path.call_around
---@return table[]?
function annotated.of(names, call)
  local record = record_of(names, call.node)
  local param = record and parameter(record, call.place)
  if not param then return nil end
  local list, kind = {}, spelled(param.type)
  add_classes(list, kind)
  add_table(list, kind)
  if find(param.doc, "^also {") then add_table(list, param.doc) end
  local is_only = #list == 1 and param.doc ~= "" and find(kind, "^{")
  if is_only then list[1].doc = list[1].doc .. "  " .. param.doc end
  return list[1] and list or nil
end

---The words that a string at that place of a call can be; nil where none are written.
function annotated.words(names, call)
  local record = record_of(names, call.node)
  local param = record and parameter(record, call.place)
  local words = {}
  for word in gmatch(param and words_of(spelled(param.type)) or "", "%S+") do
    words[#words + 1] = word
  end
  return words[1] and words or nil
end

-- ------------------------------------------------------------- what functions do

local function text_of(record)
  return format("(%s)  %s", record.arguments or "", load("snn.help.texts").summary(record.text))
end

---How what a call calls is called, and what it does; nil where nothing is written of it.
function annotated.usage(names, call)
  local record = record_of(names, call.node)
  return record and text_of(record) or nil
end

---What a call gives, as far as it is written: { is_tensor = true }, or an object of a class.
---@param names table from path.names
---@param node table of what is called
---@return table? thing
function annotated.result(names, node)
  local record = record_of(names, node)
  local result = record and record.returns[1]
  local name = result and match(result.type, "^snn%.([%w_]+)$")
  if name == "Tensor" then return { is_tensor = true } end
  local class = name and rawget(snn, name)
  return values.is_class(class) and { class = class } or nil
end

---Tells of the functions among a thing's members how they are called, and what they do.
---@param thing table
---@param list table[] candidates
function annotated.tell(thing, list)
  local is_class = values.is_class(thing.value)
  local prefix = not is_class and type(thing.value) == "table" and prefix_of(thing.value)
  if is_class then thing = { class = thing.value } end
  local function record_of_key(key)
    return prefix and written(prefix .. key) or not prefix and of_method(thing, key)
  end
  for _, one in next, list do
    local record = one.tail == "(" and one.about == "" and record_of_key(one.text)
    if record then one.about = text_of(record) end
  end
end

return annotated
