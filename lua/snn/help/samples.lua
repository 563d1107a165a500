-- Objects of each class, made of the examples of its arguments: help and the annotations
-- (src/meta.lua) ask them what fields are of.
local snn, _, tools = ...

local samples = {}

local function parent(class)
  local mt = getmetatable(class)
  return type(mt) == "table" and mt.parent or nil
end

-- What an object needs to have all of its fields.
local FILLED <const> = { bias = true, delay = true }

local function value_of(argument)
  return load("local snn = ... return " .. argument.example)(snn)
end

---An object of a class; what takes no arguments may need none.
---@param class table
function samples.made(class)
  local args = {}
  if not rawget(class, "arguments") then return class() end
  for _, argument in ipairs(class.arguments) do
    local is_wanted = not argument.optional or FILLED[argument.name]
    if is_wanted then args[argument.name] = value_of(argument) end
  end
  return class(args)
end

---A layer, and what is only there in one; an object for each class of C.
---@param names string[] of classes
---@param name_of table<table, string>
---@return table<string, any>
function samples.all(names, name_of)
  local out = {}
  local function put(object)
    local class = debug.getmetatable(object).class
    while class do
      out[name_of[class] or ""] = out[name_of[class] or ""] or object
      class = parent(class)
    end
  end
  local connection = samples.made(snn.LinearDense)
  connection.updater = connection:defaultupdater()
  local neuron = snn.ExactNeuron { shape = connection.outshape, step_time = 1, rest_v = 0,
    thresh_v = 1 }
  local layer = snn.Serial { connection = connection, neuron = neuron }
  for _, object in ipairs { layer, layer.cell, connection.updater, connection.updater.weight } do
    put(object)
  end
  for _, name in ipairs(names) do
    local ok, object = pcall(samples.made, snn[name])
    if ok and not out[name] then put(object) end
  end
  return out
end

-- The family of a module: the class right below Module.
local function family(object, name_of)
  local class = debug.getmetatable(object).class
  while parent(parent(class)) do class = parent(class) end
  return "snn." .. name_of[class]
end

-- nil of what is no list
local function list_type(list)
  local value = rawget(list, 1)
  return value ~= nil and (math.type(value) or type(value)) or nil
end

---What a value is, nil where that does not say it.
---@param value any
---@param name_of table<table, string>
function samples.type(value, name_of)
  if type(value) == "number" then return math.type(value) == "integer" and "integer" or "number" end
  if type(value) == "table" then
    local of = list_type(value)
    return of and of .. "[]" or "table"
  end
  local mt = type(value) == "userdata" and debug.getmetatable(value)
  if mt and mt.__name == "Tensor" then return "snn.Tensor" end
  if mt and type(mt.class) == "table" then return family(value, name_of) end
  return type(value) ~= "userdata" and type(value) ~= "nil" and type(value) or nil
end

-- ------------------------------------------------------------- arguments in words

local OF_ARGUMENTS <const> = {
  ["number or list"] = "number|number[]", ["integer or list"] = "integer|integer[]",
  ["integer, list or string"] = "integer|integer[]|string",
  ["number or tensor"] = "number|snn.Tensor",
  ["number, tensor or list"] = "number|snn.Tensor|(number|snn.Tensor)[]",
}

---@param argument table of a class's `arguments`
---@return string
function samples.argument_type(argument)
  local words = {}
  for word in (argument.choices or ""):gmatch "%S+" do words[#words + 1] = ('"%s"'):format(word) end
  if argument.type == "any" and words[1] then words[#words + 1] = "function" end
  if words[1] then return table.concat(words, "|") end
  return OF_ARGUMENTS[argument.type] or argument.type
end

local function text_of(value)
  return type(value) == "string" and ('"%s"'):format(value)
    or tools.format("%g", value)
end

---nil: it has none that can be written
function samples.default(argument)
  local value = argument.default
  if value == nil or value ~= value then return nil end
  return type(value) == "boolean" and tostring(value) or text_of(value)
end

---unit; doc (notes)
function samples.described(entry, ...)
  local notes = {}
  for _, note in pairs { ... } do notes[#notes + 1] = note or nil end
  local text = (entry.unit and entry.unit .. "; " or "") .. entry.doc
  return text .. (notes[1] and (" (%s)"):format(table.concat(notes, "; ")) or "")
end

---range, limits and default of an argument; false for each that it has not.
function samples.argument_notes(argument)
  local default = argument.optional and samples.default(argument)
  return argument.range or false, argument.below and "below " .. argument.below or false,
    argument.at_most and "at most " .. argument.at_most or false,
    argument.either and not argument.optional and "or " .. argument.either or false,
    default and "default " .. default or false
end

---The shape of a state, by what its row says that it is of.
samples.shapes = {
  neuron = "(B, shape...)", adaptation = "(shape..., K), of samples apart (B, shape..., K)",
  input = "(B, shape...)", history = "(steps, B, inputs), newest first", weight = "as the weight",
  bias = "as the bias", delay = "as the weight", parameter = "as the parameter",
  synapses = "(B, synapse...), with delays (B, synapse..., D)",
  record = "(steps, observed...), newest first",
  observed = "as what is observed", classes = "(shape..., classes)", shape = "(shape...)",
  class = "(classes)", one = "one number",
}

---unit; doc (type; shape; ...) of a state
function samples.described_state(row, fixed)
  local shape = not row.doc:find("(shape", 1, true) and (samples.shapes[row.of] or row.of)
  return samples.described(row, row.type ~= "real" and row.type, shape, fixed)
end

return samples
