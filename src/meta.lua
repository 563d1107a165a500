-- Writes what the program knows of its own classes: annotations for editors
-- (LuaCATS, lua/meta/classes/) and the README's list of models. All of it is asked
-- of the classes; a spec fails where the files are not as this makes them.
-- `make meta` runs it: snnlua src/meta.lua.
local snn = require "snn"

-- what help says too
local samples = assert(loadfile "lua/snn/help/samples.lua")(snn, nil, {
  format = function(_, value) return ("%.14g"):format(value) end,
})

local meta = {}

local FOLDER <const>, README <const> = "lua/meta/classes/", "README.md"
local WIDTH <const> = 100 -- columns
local BEGIN <const>, END <const> = "<!-- make meta: begin -->\n", "<!-- make meta: end -->"

local function read(path)
  local file <close> = assert(io.open(path, "rb"))
  return file:read("a")
end

-- ------------------------------------------------------------- classes

local function parent(class)
  local mt = getmetatable(class)
  return type(mt) == "table" and mt.parent or nil
end

-- What a class or one above it has of that name, or nil.
local function inherited(class, key)
  while class and rawget(class, key) == nil do class = parent(class) end
  return class and rawget(class, key)
end

-- All classes of the library by name, sorted, and the name of each.
local function classes()
  local names, name_of = {}, {}
  for name, class in pairs(snn) do
    if type(class) == "table" and pcall(snn._debug.fields, class) then
      names[#names + 1], name_of[class] = name, name
    end
  end
  table.sort(names)
  return names, name_of
end

---The names of the classes below a parent that have arguments, sorted.
---@param of table
function meta.below(of)
  local found = {}
  for _, name in ipairs((classes())) do
    local class = snn[name]
    while class and class ~= of do class = parent(class) end
    local is_model = class and snn[name] ~= of and rawget(snn[name], "arguments")
    if is_model then found[#found + 1] = name end
  end
  return found
end

local function by_name(list)
  local out = {}
  for _, entry in ipairs(list or {}) do out[entry.name] = entry end
  return out
end

-- The fields of a class that its parent has not, sorted.
local function own_fields(class)
  local above = parent(class) and by_name(snn._debug.fields(parent(class))) or {}
  local fields = {}
  for _, field in ipairs(snn._debug.fields(class)) do
    if not above[field.name] then fields[#fields + 1] = field end
  end
  table.sort(fields, function(a, b) return a.name < b.name end)
  return fields
end

-- ------------------------------------------------------------- annotations

local default_text, described = samples.default, samples.described

-- A field; what is too long for a line stands above it.
local function add_field(out, name, kind, text)
  local line = ("---@field %s %s"):format(name, kind)
  if #line + 1 + #text <= WIDTH then
    out[#out + 1] = line .. " " .. text
    return
  end
  local about = "---"
  for word in text:gmatch "%S+" do
    if #about + 1 + #word > WIDTH then about, out[#out + 1] = "---", about end
    about = about .. " " .. word
  end
  out[#out + 1] = about
  out[#out + 1] = line
end

local function add_arguments(out, name)
  out[#out + 1] = ("---@class snn.%s.Args"):format(name)
  for _, argument in ipairs(snn[name].arguments) do
    local may_be_absent = argument.optional or argument.either
    add_field(out, argument.name .. (may_be_absent and "?" or ""),
      samples.argument_type(argument), described(argument, samples.argument_notes(argument)))
  end
  out[#out + 1] = ""
end

-- nil too where an object has no such field.
local function value_of(object, name)
  local ok, value = pcall(function() return object[name] end)
  return ok and value or nil
end

-- A state, or something else of which an object has a value.
local function add_own(out, field, row, value, name_of)
  local fixed = field.fixed and "read-only" or false
  if row then
    add_field(out, field.name .. (value == nil and "?" or ""), "snn.Tensor",
      samples.described_state(row, fixed))
    return
  end
  local kind = samples.type(value, name_of)
  add_field(out, field.name .. (kind and "" or "?"), kind or "any",
    described({ doc = field.doc }, fixed))
end

local function add_head(out, name, name_of)
  local class, above = snn[name], {}
  local arguments = rawget(class, "arguments")
  if parent(class) then above[1] = "snn." .. name_of[parent(class)] end
  if arguments then
    add_arguments(out, name)
    above[#above + 1] = ("snn.%s.Args"):format(name)
  end
  local summary = rawget(class, "summary")
  if summary then out[#out + 1] = "--- " .. summary end
  out[#out + 1] = ("---@class snn.%s%s%s"):format(name, above[1] and ": " or "",
    table.concat(above, ", "))
  if arguments then
    out[#out + 1] = ("---@overload fun(args: snn.%s.Args): snn.%s"):format(name, name)
  end
end

local function add_class(out, name, name_of, sample)
  local class = snn[name]
  local rows, given = by_name(inherited(class, "state")), by_name(rawget(class, "arguments"))
  add_head(out, name, name_of)
  for _, field in ipairs(own_fields(class)) do
    if not given[field.name] then
      add_own(out, field, rows[field.name], value_of(sample, field.name), name_of)
    end
  end
  out[#out + 1] = ("snn.%s = {}"):format(name)
  out[#out + 1] = ""
end

local HEAD <const> = [[
---@meta
-- Annotations of classes, their arguments, states and other fields, for editors
-- (LuaCATS). `make meta` writes this file from the classes themselves.
-- luacheck: ignore
]]

-- Title, class at the top, name of the file.
local FAMILIES <const> = {
  { "Neurons", snn.Neuron, "neurons" }, { "Synapses", snn.Synapse, "synapses" },
  { "Connections", snn.Connection, "connections" }, { "Encoders", snn.Encoder, "encoders" },
  { "Learning rules", snn.CellTrainer, "rules" }, { "Reducers", snn.Reducer, "reducers" },
}

-- The file of a class.
local function file_of(class)
  for _, entry in ipairs(FAMILIES) do
    local at = class
    while at and at ~= entry[2] do at = parent(at) end
    if at then return FOLDER .. entry[3] .. ".lua" end
  end
  return FOLDER .. "others.lua"
end

---The annotations of all classes: path -> text.
---@return table<string, string>
function meta.annotations()
  local names, name_of = classes()
  local objects, lines, files = samples.all(names, name_of), {}, {}
  for _, name in ipairs(names) do
    if rawget(snn[name], "arguments") or #own_fields(snn[name]) > 0 then
      local path = file_of(snn[name])
      lines[path] = lines[path] or { HEAD }
      add_class(lines[path], name, name_of, objects[name])
    end
  end
  for path, list in pairs(lines) do files[path] = table.concat(list, "\n") end
  return files
end

-- ------------------------------------------------------------- operations

---The element operations of which no annotation has more to say; nil: none.
---@return string|nil
function meta.operations()
  local known, out = read "lua/meta/tensor.lua" .. read "lua/meta/elementwise.lua", { HEAD }
  for kind, op in read("src/kernel/ops.h"):gmatch "\n(T?_?%u+NARY)%(([%u_0-9]+)," do
    local name, is_binary = op:lower(), kind:find "BINARY"
    local is_known = known:find("function snn.Tensor:" .. name .. "(", 1, true)
    if not (is_known or kind:find "TERNARY") then
      if is_binary then out[#out + 1] = "---@param other snn.number" end
      out[#out + 1] = "---@return snn.Tensor" .. (kind:find "^T_" and " bool" or "")
      out[#out + 1] = ("function snn.Tensor:%s(%s) end"):format(name, is_binary and "other" or "")
    end
  end
  return out[2] and table.concat(out, "\n") .. "\n" or nil
end

-- ------------------------------------------------------------- README

local function argument_text(argument)
  if not argument.optional then return argument.name end
  local default = default_text(argument)
  return ("[%s%s]"):format(argument.name, default and " = " .. default or "")
end

-- How many of the classes have each argument, by its text.
local function counted(names)
  local count = {}
  for _, name in ipairs(names) do
    for _, argument in ipairs(snn[name].arguments) do
      local text = argument_text(argument)
      count[text] = (count[text] or 0) + 1
    end
  end
  return count
end

-- The texts of a class's arguments that all of `n` classes have, or not all.
local function arguments_text(class, count, n, is_shared)
  local out = {}
  for _, argument in ipairs(class.arguments) do
    local text = argument_text(argument)
    if (count[text] == n) == is_shared then out[#out + 1] = text end
  end
  return table.concat(out, " ")
end

---The README's list of models, between its marks.
---@return string
function meta.list()
  local out = {}
  for _, entry in ipairs(FAMILIES) do
    local names = meta.below(entry[2])
    local count, n = counted(names), #names
    out[#out + 1] = ("| %s | | %s |\n|---|---|---|"):format(entry[1],
      arguments_text(snn[names[1]], count, n, true))
    for _, name in ipairs(names) do
      out[#out + 1] = ("| `%s` | %s | %s |"):format(name, snn[name].summary,
        arguments_text(snn[name], count, n, false))
    end
    out[#out + 1] = ""
  end
  return table.concat(out, "\n")
end

local function write(path, text)
  local file <close> = assert(io.open(path, "wb"))
  assert(file:write(text))
end

---The files as they ought to be: path -> text.
---@return table<string, string>
function meta.files()
  local readme = read(README)
  local _, first = readme:find(BEGIN, 1, true)
  local last = readme:find(END, 1, true)
  local files = meta.annotations()
  files[FOLDER .. "operations.lua"] = meta.operations()
  files[README] = readme:sub(1, first) .. meta.list() .. readme:sub(last)
  return files
end

if arg and arg[0] and arg[0]:find("meta.lua", 1, true) then
  for path, text in pairs(meta.files()) do write(path, text) end
end

return meta
