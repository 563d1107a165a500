-- Arguments of classes in Lua as fields of their objects: read as they were given
-- or by their defaults, and assigned with the checks of the constructor. Those of
-- models in C: src/bind/object/arguments.c.
local snn, _, tools = ...

local fail = tools.fail

local function copy(t)
  local out = {}
  for k, v in next, t or {} do out[k] = v end
  return out
end

-- What class.arguments lists of a field, as models in C have it.
local function describe(field)
  return {
    name = field[1], type = field.type or "any", doc = field.doc, optional = not field[3],
    default = field.default, fixed = field.fixed ~= nil or field.set_as ~= nil,
    set_as = field.set_as, unit = field.unit, range = field.range, example = field.example,
    other = field.other,
  }
end

--- What class.arguments of a class is, whose fields are made elsewhere.
function tools.describe_arguments(fields)
  local list = {}
  for i, field in ipairs(fields) do list[i] = describe(field) end
  return list
end

local function refuse(class, field)
  return function()
    fail("AttributeError", "%s: '%s' cannot be assigned, %s; make a new %s", class, field[1],
      field.fixed, class)
  end
end

local function reader(field, args_of)
  local name, default, read = field[1], field.default, field.read
  return function(object)
    local value = args_of(object, name)[name]
    if value == nil then return default end
    if read then return read(value) end
    return value
  end
end

local function writer(class, field, fields, args_of, take)
  local name, check = field[1], field[2]
  return function(object, value)
    local args = copy(args_of(object, name))
    if value == nil then
      local _, wanted = check(nil)
      tools.wrong_argument(class, name, (wanted or "a module")
        .. (field[3] and "" or ", or snn.none"), nil)
    end
    args[name] = value
    if value == snn.none then args[name] = nil end
    tools.hooks.check_args(class, args, fields)
    return take(object, args, name)
  end
end

--- Makes the arguments of a class in Lua its fields. A field is { name, check,
--- required, doc =, type =, default =, read =, fixed = }; `read(value)` is what a
--- script gets, `fixed` says why it cannot be assigned.
---@param class table
---@param name string of the class
---@param fields table[]
---@param args_of fun(object, field: string): table what the constructor was given
---@param take fun(object, args: table, field: string) puts other arguments into
---  effect, all or nothing; the type of each was checked
function tools.live(class, name, fields, args_of, take)
  local get, set, list = copy(class.__get), copy(class.__set), {}
  for i, field in ipairs(fields) do
    list[i] = describe(field)
    get[field[1]] = get[field[1]] or reader(field, args_of)
    set[field[1]] = field.fixed and refuse(name, field)
      or writer(name, field, fields, args_of, take)
  end
  class.__get, class.__set, class.arguments = get, set, list
end

-- ------------------------------------------------------------- layers of a fixed shape

--- Arguments of a class of layers: functions, which lie among the fields, can be
--- assigned and taken away by nil or snn.none; what the layer is made of cannot.
---@param class table
---@param name string of the class
---@param fields table[] { name, nil, required, doc = }, with `part = true` of parts
function tools.live_layer(class, name, fields)
  local set, list = copy(class.__set), {}
  for i, field in ipairs(fields) do
    list[i] = describe(field)
    list[i].fixed, list[i].part = field.part or false, field.part
    if field.part then
      field.fixed = "the layer is made of it"
      set[field[1]] = refuse(name, field)
    elseif not set[field[1]] then
      set[field[1]] = function(layer, value)
        if value == snn.none then value = nil end
        tools.fields(layer)[field[1]] = tools.optional_function(name, { [field[1]] = value },
          field[1])
      end
    end
  end
  class.__set, class.arguments = set, list
end
