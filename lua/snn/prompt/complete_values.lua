-- What has which names: the members of values for complete.lua, found without running
-- anything of the script. Tables are read raw, objects of the library by its own lists
-- and getters.
--
-- A *thing* is what is known of an expression: { value = } where there is one, { class = }
-- for an object of that class that was not made, { is_tensor = true } for some tensor.
local snn, _, tools = ...

local debug, next, pcall, rawequal, rawget, rawlen, type =
  debug, next, pcall, rawequal, rawget, rawlen, type
local format, gsub, lower, sub = string.format, string.gsub, string.lower, string.sub
local fields_of_class = snn._debug.fields

local values = {}

-- Keys looked at in one table (some 10 ms), and names taken of it.
local MOST_KEYS <const>, MOST_NAMES <const> = 100000, 2000
local MOST_PARENTS <const> = 32

-- Fields that are objects: these alone are read of an object to go on with theirs. Others
-- are tensors, which need not be there, or may ask functions of the script.
local OBJECTS <const> = {}
for word in ([[cell cells connection connections monitors neuron neurons parent synapse
  updater]]):gmatch "%a+" do OBJECTS[word] = true end

local function is_object_name(name)
  return OBJECTS[name] or OBJECTS[gsub(name, "^.*_", "")]
end

local function metatable_of(value)
  local mt = debug.getmetatable(value)
  return type(mt) == "table" and mt or nil
end

-- A function of the library's Lua half: no script can make one.
local function is_ours(fn)
  return type(fn) == "function" and sub(debug.getinfo(fn, "S").source, 1, 6) == "=[snn]"
end

-- ------------------------------------------------------------- classes

local function is_class(value)
  local mt = type(value) == "table" and metatable_of(value)
  local name = mt and rawget(mt, "__name")
  return type(name) == "string" and sub(name, 1, 6) == "class " and (pcall(fields_of_class, value))
end

local function parent_of(class)
  local mt = metatable_of(class)
  local parent = mt and rawget(mt, "parent")
  return type(parent) == "table" and parent or nil
end

-- A class and those above it.
local function line_of(class)
  local line = {}
  while class and #line < MOST_PARENTS do
    line[#line + 1] = class
    class = parent_of(class)
  end
  return line
end

local function in_line(line, key)
  for _, class in next, line do
    local value = rawget(class, key)
    if value ~= nil then return value end
  end
end

-- Classes of the library take no new names, by a function in C.
local function is_closed(class)
  local mt = metatable_of(class)
  local closes = mt and rawget(mt, "__newindex")
  return type(closes) == "function" and debug.getinfo(closes, "S").what == "C"
end

---The arguments of a class as a list (name, unit, doc, optional, choices …), or nil.
---@param class table
---@param is_made? boolean as its constructor takes them: nil where a script has its own
function values.arguments(class, is_made)
  for _, above in next, line_of(class) do
    local list = is_closed(above) and rawget(above, "arguments")
    if type(list) == "table" then return list end
    if is_made and rawget(above, "init") ~= nil then return nil end
  end
end

-- The rows of its states, as a list.
local function states_of(class)
  local out = {}
  for _, above in next, line_of(class) do
    local list = rawget(above, "state")
    local is_plain = type(list) == "table" and (is_closed(above) or not metatable_of(list))
    if is_plain then
      for i = 1, #list do
        local row = list[i]
        if type(row) == "table" and not metatable_of(row) then out[#out + 1] = row end
      end
    end
  end
  return out
end

---What a list of the library's says of an argument or a state: unit and meaning.
function values.about(entry)
  local unit = entry.unit
  if type(unit) ~= "string" or unit == "" then return entry.doc or "" end
  return unit .. "  " .. (entry.doc or "")
end

local function class_of_object(object)
  local mt = metatable_of(object)
  return mt and rawget(mt, "class")
end

-- ------------------------------------------------------------- what values are

local function tensor_text(t)
  local shape = t.shape
  local sizes = {}
  for i = 1, #shape do sizes[i] = format("%d", shape[i]) end
  return format("tensor {%s} %s", table.concat(sizes, ", "), t.dtype)
end

local function string_text(text)
  local short = #text > 30 and sub(text, 1, 27) .. "..." or text
  return '"' .. gsub(short, "%c", " ") .. '"'
end

local function table_text(value)
  if not is_class(value) then return "" end
  local summary = rawget(value, "summary")
  return type(summary) == "string" and summary or "class"
end

local SHORT <const> = {
  boolean = function(value) return value and "true" or "false" end,
  number = function(value)
    return math.type(value) == "integer" and format("%d", value) or format("%.6g", value)
  end,
  string = string_text,
  table = table_text,
  userdata = function(value)
    if tools.is_tensor(value) then return tensor_text(value) end
    local mt = metatable_of(value)
    local name = mt and rawget(mt, "__name")
    return type(name) == "string" and name or "userdata"
  end,
}

---A few words on a value; "" of what they would not tell more than its name.
---@return string
function values.short(value)
  local how = SHORT[type(value)]
  local ok, text = pcall(how or type, value)
  return how and ok and text or ""
end

-- ------------------------------------------------------------- lists of names

-- Names that begin with `prefix`, each once: { text =, about =, tail =, key = }.
local function new_list(prefix)
  return { prefix = prefix, seen = {}, n = 0 }
end

---Do names begin with what is typed whatever the case?
values.folds = false

local function begins(name, prefix)
  local start = sub(name, 1, #prefix)
  return start == prefix or values.folds and lower(start) == lower(prefix)
end
values.begins = begins

-- The prompt's help and apropos are tables that are called.
local function is_called(value)
  local meta = type(value) == "table" and debug.getmetatable(value)
  return type(value) == "function" or type(meta) == "table" and rawget(meta, "__name") == "function"
end

---An entry for a name of that value.
function values.named(name, value, about)
  return { text = name, about = about or values.short(value),
    tail = is_called(value) and "(" or nil }
end

local function add(list, name, value, about)
  if type(name) ~= "string" or list.seen[name] or list.n >= MOST_NAMES then return end
  local prefix = list.prefix
  if not begins(name, prefix) then return end
  if sub(name, 1, 1) == "_" and sub(prefix, 1, 1) ~= "_" then return end
  list.seen[name] = true
  list.n = list.n + 1
  list[list.n] = values.named(name, value, about)
end

local function walk(list, t, from, wants)
  local key, value = next(t, from)
  for _ = 1, MOST_KEYS do
    if key == nil or list.n >= MOST_NAMES then return true end
    if type(key) == "string" and (not wants or wants(value)) then add(list, key, value) end
    key, value = next(t, key)
  end
  return false
end

-- The string keys of a table. Where it is long, those behind its numbers too.
local function add_keys(list, t, wants)
  if walk(list, t, nil, wants) then return end
  local n = rawlen(t)
  if n > 0 and rawget(t, n) ~= nil then walk(list, t, n, wants) end
end

-- The names that a view of a registry goes over, by the library's own iterator; nil of
-- all other tables.
local function each_registered(t)
  local mt = metatable_of(t)
  local pairs_of = mt and rawget(mt, "__pairs")
  if not is_ours(pairs_of) then return nil end
  local ok, step, state, name = pcall(pairs_of, t)
  if not ok then return nil end
  return function()
    local went, value
    went, name, value = pcall(step, state, name)
    if went and name ~= nil then return name, value end
  end
end

-- What a table of that metatable is looked up in next, or nil.
local function next_table(t)
  local mt = metatable_of(t)
  local index = mt and rawget(mt, "__index")
  if type(index) == "table" then return index end
  return mt and is_class(t) and parent_of(t) or nil
end

-- The names of an object of the library that is an empty table and has them in its
-- metatable, or nil.
local function listed_names(t)
  local mt = metatable_of(t)
  local names = mt and rawget(mt, "__names")
  return type(names) == "table" and is_ours(rawget(mt, "__index")) and names or nil
end

local function read_listed(t, name)
  for _, known in next, listed_names(t) or {} do
    if known == name then
      local ok, value = pcall(function() return t[name] end)
      return ok and value or nil
    end
  end
end

local function add_view(list, step, wants)
  for name, value in step do
    if not wants or wants(value) then add(list, name, value) end
  end
end

local function add_table(list, t, wants)
  local depth = 0
  while t and depth < MOST_PARENTS do
    local step = each_registered(t)
    if step then add_view(list, step, wants) else add_keys(list, t, wants) end
    for _, name in next, listed_names(t) or {} do
      local value = read_listed(t, name)
      if value ~= nil and (not wants or wants(value)) then add(list, name, value) end
    end
    t, depth = next_table(t), depth + 1
  end
end

-- ------------------------------------------------------------- objects

local function is_function(value) return type(value) == "function" end

local function add_methods(list, class, object)
  if object ~= nil then add_keys(list, tools.fields(object), is_function) end
  for _, above in next, line_of(class) do add_keys(list, above, is_function) end
end

local function add_fields(list, class, object)
  local arguments = values.arguments(class)
  for i = 1, arguments and #arguments or 0 do
    add(list, arguments[i].name, nil, values.about(arguments[i]))
  end
  for _, row in next, states_of(class) do add(list, row.name, nil, values.about(row)) end
  for _, field in next, fields_of_class(class) do add(list, field.name, nil, field.doc) end
  local get = in_line(line_of(class), "__get")
  if type(get) == "table" then
    local names = new_list(list.prefix)
    add_keys(names, get)
    for i = 1, names.n do add(list, names[i].text, nil, "") end
  end
  if object == nil then return end
  for _, name in next, tools.states(object) do add(list, name, nil, "") end
  local function is_data(value) return not is_function(value) end
  add_keys(list, tools.fields(object), is_data)
end

-- ------------------------------------------------------------- tensors, strings, files

local TENSOR_FIELDS <const> = { shape = "its sizes, as a list", ndim = "how many dimensions",
  dtype = "float32, float64, int64 or bool", numel = "how many elements" }

local tensor_methods

-- The table of its methods, which its __index has as an upvalue.
local function methods_of_tensors()
  if not tensor_methods then
    local _, found = debug.getupvalue(debug.getregistry().Tensor.__index, 1)
    tensor_methods = found
  end
  return tensor_methods
end

local function add_tensor(list, separator)
  if separator == ":" then return add_keys(list, methods_of_tensors(), is_function) end
  for name, doc in next, TENSOR_FIELDS do add(list, name, nil, doc) end
end

-- Values whose metatable says it all: strings, files.
local function add_indexed(list, value, wants)
  local mt = metatable_of(value)
  local index = mt and rawget(mt, "__index")
  if type(index) == "table" then add_table(list, index, wants) end
end

-- ------------------------------------------------------------- the two questions

local function add_value(list, value, separator)
  local wants = separator == ":" and is_function or nil
  if type(value) == "table" then
    add_table(list, value, wants)
  elseif type(value) ~= "userdata" then
    add_indexed(list, value, wants)
  elseif tools.is_tensor(value) then
    add_tensor(list, separator)
  elseif tools.is_module(value) then
    local class = class_of_object(value)
    local put = separator == ":" and add_methods or add_fields
    put(list, class, value)
  else
    add_indexed(list, value, wants)
  end
end

---The names behind `thing.` or `thing:` that begin with `prefix`, in no order.
---@param thing table
---@param separator "."|":"
---@param prefix string
---@return table[]
function values.members(thing, separator, prefix)
  local list = new_list(prefix)
  if thing.is_tensor then
    add_tensor(list, separator)
  elseif thing.class then
    local put = separator == ":" and add_methods or add_fields
    put(list, thing.class, nil)
  else
    add_value(list, thing.value, separator)
  end
  return list
end

---The names in a table that begin with `prefix`, through its metatable.
function values.names(t, prefix)
  local list = new_list(prefix)
  add_table(list, t)
  return list
end

local function lookup(t, key)
  for _ = 1, MOST_PARENTS do
    if type(t) ~= "table" then return nil end
    local step = each_registered(t)
    local value = rawget(t, key)
    if value == nil then value = read_listed(t, key) end
    while step and value == nil do
      local name, found = step()
      if name == nil then break end
      if rawequal(name, key) then value = found end
    end
    if value ~= nil then return value end
    t = next_table(t)
  end
end

---What t[key] is, raw, but for tables that are looked up in others.
values.lookup = lookup

local function named(list, name)
  for i = 1, list and #list or 0 do
    if list[i].name == name then return list[i] end
  end
end

local function thing_of(value) return value ~= nil and { value = value } or nil end

-- A field of an object that the library reads.
local function read(object, name)
  local ok, value = pcall(function() return object[name] end)
  return ok and thing_of(value) or nil
end

-- A field that a class of the library in Lua reads by its __get; scripts' are not asked.
local function read_by_getter(line, object, name)
  local get = in_line(line, "__get")
  local getter = type(get) == "table" and rawget(get, name)
  if not is_ours(getter) then return nil end
  local ok, value = pcall(getter, object)
  return ok and thing_of(value) or nil
end

local function field_of_object(object, name)
  local class = class_of_object(object)
  local line = line_of(class)
  if named(states_of(class), name) then return { is_tensor = true } end
  local is_read = named(values.arguments(class), name) or is_object_name(name)
    or is_class(class) and rawequal(class, snn.Updater)
  if named(fields_of_class(class), name) then return is_read and read(object, name) or nil end
  for _, state in next, tools.states(object) do
    if state == name then return { is_tensor = true } end
  end
  local value = rawget(tools.fields(object), name)
  if value == nil then value = in_line(line, name) end
  if value ~= nil then return { value = value } end
  return is_read and read_by_getter(line, object, name) or nil
end

-- Of an object that is not made: its tensors.
local function field_of_class(class, name)
  if named(states_of(class), name) then return { is_tensor = true } end
  return thing_of(in_line(line_of(class), name))
end

local function field_of_tensor(tensor, name)
  if type(name) == "number" then
    return tensor and tensor.ndim > 1 and { is_tensor = true } or nil
  end
  if tensor and TENSOR_FIELDS[name] then return { value = tensor[name] } end
  return thing_of(rawget(methods_of_tensors(), name))
end

---What `thing[key]` is, nil where that is not known.
---@param thing table
---@param key string|number
---@return table?
function values.field(thing, key)
  if thing.is_tensor then return field_of_tensor(nil, key) end
  if thing.class then return field_of_class(thing.class, key) end
  local value = thing.value
  if type(value) == "table" then return thing_of(lookup(value, key)) end
  if type(value) == "userdata" then
    if tools.is_tensor(value) then return field_of_tensor(value, key) end
    if tools.is_module(value) then return field_of_object(value, key) end
  end
  local mt = metatable_of(value)
  local index = mt and rawget(mt, "__index")
  return type(index) == "table" and thing_of(lookup(index, key)) or nil
end

---The class of which a thing is an object, nil where it is none.
function values.class_of(thing)
  if thing.class then return thing.class end
  local value = thing.value
  return type(value) == "userdata" and tools.is_module(value) and class_of_object(value) or nil
end

values.is_class, values.metatable_of = is_class, metatable_of

return values
