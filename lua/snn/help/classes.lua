-- What help says of classes: arguments with unit, range and default, states and other
-- fields, methods, and what comes from the classes above.
local snn, load, tools = ...
if tools.help_classes then return tools.help_classes end

local annotations = load "snn.help.annotations"
local samples = load "snn.help.samples"

local classes = {}
tools.help_classes = classes -- read once

-- ------------------------------------------------------------- one row

-- "number | Tensor" of "number|snn.Tensor"
local function type_text(kind)
  return (kind:gsub("snn%.", ""):gsub("|", " | "))
end

---What an argument of a class is: type; unit; doc (range; default).
---@param argument table
---@return string
function classes.argument_text(argument)
  return type_text(samples.argument_type(argument)) .. "; "
    .. samples.described(argument, samples.argument_notes(argument))
end

-- The annotation of a field, nil without one.
local function annotated(item)
  local record = annotations.read()[item.class]
  for _, field in ipairs(record and record.fields or {}) do
    if field.name == item.key then return field end
  end
end

-- A field that is an argument by another name (absrefrac: refrac_t) has its text, and so
-- its unit.
local function unit_of(item)
  local class = item.field and rawget(snn, item.class)
  for _, argument in ipairs(class and rawget(class, "arguments") or {}) do
    if argument.doc == item.field.doc then return argument.unit end
  end
end

---What a field is, without its type: the state's row, the field's own text, or its
---annotation.
---@param item table
---@return string
function classes.field_doc(item)
  if item.argument then
    return samples.described(item.argument, samples.argument_notes(item.argument))
  end
  local fixed = item.field and item.field.fixed and "read-only" or false
  if item.row then return samples.described_state(item.row, fixed) end
  local field = annotated(item)
  local doc = item.field and item.field.doc or ""
  if doc == "" then doc = field and field.doc or "" end
  if doc == "" then return "" end
  return samples.described({ doc = doc, unit = unit_of(item) }, fixed)
end

---The example that stands by the field's own annotation, nil without one.
---@param item table
---@return string|nil
function classes.field_example(item)
  local field = annotated(item)
  return field and field.example
end

-- Objects of all classes are made once, without a trace in the random numbers.
local function sample_of(class, list)
  if not classes.samples then
    local names, name_of = {}, {}
    for _, item in ipairs(list) do
      if item.kind == "class" and item.value then
        names[#names + 1], name_of[item.value] = item.name, item.name
      end
    end
    local state = snn.get_rng_state()
    local ok, objects = pcall(samples.all, names, name_of)
    snn.set_rng_state(state)
    classes.samples, classes.name_of = ok and objects or {}, name_of
  end
  return classes.samples[class]
end

---The type of a field, nil where nothing says it.
---@param item table
---@param list table[] all items
---@return string|nil
function classes.field_type(item, list)
  if item.argument then return type_text(samples.argument_type(item.argument)) end
  if item.row then return "Tensor" end
  local field = annotated(item)
  if field then return type_text(field.type) end
  local object = sample_of(item.class, list)
  local ok, value = pcall(function() return object[item.key] end)
  local kind = ok and value ~= nil and samples.type(value, classes.name_of)
  return kind and type_text(kind) or nil
end

---Type and text of a field.
---@param item table
---@param list table[]
---@return string
function classes.field_text(item, list)
  local kind = item.field and classes.field_type(item, list) or annotated(item)
    and type_text(annotated(item).type)
  return (kind and kind .. "; " or "") .. classes.field_doc(item)
end

-- ------------------------------------------------------------- a class

local function items_of(list, class, kind)
  local out = {}
  for _, item in ipairs(list) do
    if item.class == class and item.kind == kind then out[#out + 1] = item end
  end
  return out
end

---The classes above, from the nearest: names.
local function above(item, list)
  local out, names = {}, load "snn.help.names"
  local class = item.value and names.parent(item.value)
  while class do
    local up = names.of_value(list, class)
    out[#out + 1] = up and up.name
    class = names.parent(class)
  end
  return out
end

-- Rows of what a class has of its own, then a row of names for each class above.
local function rows_of(item, list, kind, text_of)
  local rows, seen = {}, {}
  for _, own in ipairs(items_of(list, item.name, kind)) do
    rows[#rows + 1], seen[own.key] = text_of(own), true
  end
  for _, name in ipairs(above(item, list)) do
    local keys = {}
    for _, far in ipairs(items_of(list, name, kind)) do
      if not seen[far.key] then keys[#keys + 1], seen[far.key] = far.key, true end
    end
    if #keys > 0 then rows[#rows + 1] = { "of " .. name, table.concat(keys, ", ") } end
  end
  return rows
end

local function usage(item)
  local class, words = item.value, {}
  for _, argument in ipairs(rawget(class, "arguments") or {}) do
    local default = samples.default(argument)
    words[#words + 1] = not argument.optional and argument.name
      or ("[%s%s]"):format(argument.name, default and "=" .. default or "")
  end
  return words[1] and ("snn.%s { %s }"):format(item.name, table.concat(words, ", "))
end

local ERRORS <const> = "TypeError: an argument is missing, not known or of another type. "
  .. "ValueError: a number is out of its range, a tensor of another shape."

---Adds to the entry what the class has.
---@param entry table
---@param item table
---@param list table[] all items
---@param signature fun(item: table): string, string of a method: as it is called, its summary
function classes.describe(entry, item, list, signature)
  local class = item.value
  local parents = above(item, list)
  if class then
    entry.title = ("snn.%s: a class%s"):format(item.name,
      parents[1] and " below snn." .. parents[1] or "")
  end
  entry.fields = rows_of(item, list, "field", function(field)
    return { field.key, classes.field_text(field, list) }
  end)
  entry.methods = rows_of(item, list, "method", function(method)
    return { signature(method) }
  end)
  if not class then return end
  entry.usage = usage(item)
  entry.equations, entry.source = rawget(class, "equations"), rawget(class, "source")
  entry.arguments = {}
  for _, argument in ipairs(rawget(class, "arguments") or {}) do
    local text = classes.argument_text(argument)
    if argument.fixed then text = text .. "; fixed once it is made" end
    entry.arguments[#entry.arguments + 1] = { argument.name, text }
  end
  if entry.usage then entry.errors = entry.errors and entry.errors .. " " .. ERRORS or ERRORS end
  entry.see[#entry.see + 1] = parents[1] and "snn." .. parents[1]
end

return classes
