-- All public names: what is in snn, the methods and fields of its classes, the objects
-- that its functions give, tensors, and the commands of the prompt. An item is { name =
-- "Layer.add_cell", kind =, class = the class's name, value =, field =, argument =, row = };
-- only what a class has of its own is an item, the rest is inherited.
local snn, load, tools = ...
if tools.help_names then return tools.help_names end

local annotations = load "snn.help.annotations"

local names = {}
tools.help_names = names -- read once

-- ------------------------------------------------------------- classes

---The class above, nil for what is no class.
---@param class any
function names.parent(class)
  local mt = type(class) == "table" and getmetatable(class)
  return type(mt) == "table" and mt.parent or nil
end

local parent = names.parent

local function is_class(t)
  return rawequal(t, snn.Module) or (parent(t) ~= nil and is_class(parent(t)))
end

local function by_name(list)
  local out = {}
  for _, entry in ipairs(list or {}) do out[entry.name] = entry end
  return out
end

---What a class or one above it has of that name, or nil.
function names.inherited(class, key)
  while class and rawget(class, key) == nil do class = parent(class) end
  return class and rawget(class, key)
end

-- Has a class above it, by the annotations or in fact?
local function is_above(class, key, all, name_of)
  local at = parent(class)
  while at do
    if rawget(at, key) ~= nil or all[(name_of[at] or "") .. "." .. key] then return true end
    at = parent(at)
  end
  return false
end

local function add(list, item)
  if not list.by[item.name] then
    list[#list + 1], list.by[item.name] = item, item
  end
end

local function add_methods(list, name, class, all, name_of)
  for key, value in next, class do
    local is_named = type(value) == "function" and type(key) == "string" and not key:find "^_"
    local path = name .. "." .. tostring(key)
    local is_own = key ~= "init" and not is_above(class, key, all, name_of)
    if all[path] and all[path].text ~= "" then is_own = true end
    if is_named and is_own then
      add(list, { name = path, kind = "method", class = name, key = key, value = value })
    elseif is_named then
      list.inherited[value] = { class, key }
    end
  end
end

-- Fields that annotations tell of, by "[...]" are none.
local function add_annotated(list, name, all)
  for _, field in ipairs(all[name] and all[name].fields or {}) do
    if not field.name:find "^%[" then
      add(list, { name = name .. "." .. field.name, kind = "field", class = name,
        key = field.name })
    end
  end
  for path in next, all do
    local owner, key = path:match "^(.*)%.([%w_]+)$"
    local is_call = all[path].arguments and not path:find "%._"
      and (all[path].text ~= "" or rawget(snn, name) == nil) -- else add_methods has it
    if owner == name and is_call and key ~= "init" then
      add(list, { name = path, kind = "method", class = name, key = key })
    end
  end
end

local function add_fields(list, name, class)
  local above = parent(class)
  local known = above and by_name(snn._debug.fields(above)) or {}
  local rows, arguments = by_name(rawget(class, "state")), by_name(rawget(class, "arguments"))
  for _, field in ipairs(snn._debug.fields(class)) do
    local key = field.name
    if not known[key] or arguments[key] then
      add(list, { name = name .. "." .. key, kind = arguments[key] and "argument" or "field",
        class = name, key = key, field = field, row = rows[key], argument = arguments[key] })
    end
  end
  for key, argument in next, arguments do
    add(list, { name = name .. "." .. key, kind = "argument", class = name, key = key,
      argument = argument })
  end
  local function has_above(key)
    local at = above
    while at do
      if (rawget(at, "__get") or {})[key] then return true end
      at = parent(at)
    end
  end
  for key in next, rawget(class, "__get") or {} do
    if not has_above(key) then
      add(list, { name = name .. "." .. key, kind = "field", class = name, key = key })
    end
  end
end

-- ------------------------------------------------------------- all

local function add_table(list, name, t)
  add(list, { name = name, kind = "table", value = t })
  for key, value in next, t do
    local path = name .. "." .. tostring(key)
    if type(value) == "function" then
      add(list, { name = path, kind = "function", value = value })
    elseif type(value) == "table" then
      add_table(list, path, value)
    end
  end
end

local function add_tensors(list, all)
  local index = debug.getmetatable(snn.zeros(1)).__index
  add(list, { name = "Tensor", kind = "class", is_plain = true })
  local _, methods = debug.getupvalue(index, 1)
  for key, value in next, methods do
    add(list, { name = "Tensor." .. key, kind = "method", class = "Tensor", key = key,
      value = value })
  end
  add_annotated(list, "Tensor", all)
end

local INSIDE <const> = { Saved = true, Running = true } -- no script gets one

-- Objects of the library that no class in snn makes: a set of data, a snapshot.
local function add_objects(list, all)
  local owners = {}
  for path, record in next, all do
    local owner = path:match "^(%u[%w_]*)%.[%w_]+$"
    if owner and record.is_method and all[owner] and all[owner].class then owners[owner] = true end
    if record.class and path:find "^%u%w*$" and #record.fields > 0 then owners[path] = true end
  end
  for name in next, owners do
    local is_ours = all[name].file:find "^lua/snn/prompt/" == nil and not INSIDE[name]
    if is_ours and rawget(snn, name) == nil and not list.by[name] then
      add(list, { name = name, kind = "class", is_plain = true })
      add_annotated(list, name, all)
    end
  end
end

local function add_commands(list)
  for name, command in next, tools.commands do
    add(list, { name = ":" .. name, kind = "command", value = command })
  end
end

---All items, sorted by name; `list.by` finds one by its name.
---@return table[]
function names.all()
  local list, all, name_of = { by = {}, inherited = {} }, annotations.read(), {}
  assert(snn.Module) -- the library opens at the first look
  for name, value in next, snn do
    if type(name) == "string" and is_class(value) then name_of[value] = name end
  end
  for name, value in next, snn do
    if type(name) ~= "string" or name:find "^_" or name == "commands" then
      goto continue
    elseif name_of[value] then
      add(list, { name = name, kind = "class", value = value })
      add_methods(list, name, value, all, name_of)
      add_fields(list, name, value)
      add_annotated(list, name, all)
    elseif type(value) == "function" then
      add(list, { name = name, kind = "function", value = value })
    elseif type(value) == "table" then
      add_table(list, name, value)
    else
      add(list, { name = name, kind = "value", value = value })
    end
    ::continue::
  end
  add_tensors(list, all)
  add_objects(list, all)
  add_commands(list)
  table.sort(list, function(a, b) return a.name < b.name end)
  return list
end

---The name as it is written: "snn.Layer:add_cell".
---@param item table
---@return string
function names.full(item)
  if item.kind == "command" then return item.name end
  local record = annotations.read()[item.name]
  local is_static = record and record.is_method == false
  if item.kind == "method" and not is_static then
    return "snn." .. item.class .. ":" .. item.key
  end
  return "snn." .. item.name
end

---Finds the item of a value: a function, a class, a table of functions.
---@param list table[]
---@param value any
---@return table|nil
function names.of_value(list, value)
  if not list.of then
    list.of = {}
    for _, item in ipairs(list) do
      if item.value ~= nil then list.of[item.value] = item end
    end
  end
  local item, from = list.of[value], list.inherited[value]
  if item or not from then return item end
  local owner = names.of_value(list, from[1])
  return owner and names.find(list, owner.name .. "." .. from[2])
end

---Finds the item of a name, with or without "snn.", by "." or ":"; also that of a method
---or a field that a class has from one above it.
---@param list table[]
---@param name string
---@return table|nil
function names.find(list, name)
  if name:find "^:" then return list.by[name] end
  local path = name:gsub(":", "."):gsub("^snn%.", "")
  if list.by[path] then return list.by[path] end
  local owner, key = path:match "^([%w_]+)%.([%w_]+)$"
  local class = owner and rawget(snn, owner)
  while is_class(class) do
    local above = parent(class)
    local item = above and names.of_value(list, above)
    if not item then return nil end
    if list.by[item.name .. "." .. key] then return list.by[item.name .. "." .. key] end
    class = above
  end
end

names.is_class = is_class

return names
