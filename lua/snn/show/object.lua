-- Objects of the library and of scripts' classes: what they are, their arguments with
-- units, their state in numbers, by the descriptors of their classes alone. What a
-- family has beside these: family.lua; layers: layer.lua; trees of modules: module.lua.
local snn, load, tools = ...

local text = load "snn.show.text"
local stats = load "snn.show.stats"
local tables = load "snn.show.table"

local objects = {}

-- Reads a field; nil where that fails, as of an object that is half made.
local function read(object, name)
  local ok, value = pcall(function() return object[name] end)
  if ok then return value end
end

objects.read = read

function objects.class_name(object)
  local meta = debug.getmetatable(object)
  return tools.plain(tostring(meta.__name))
end

-- ------------------------------------------------------------- one line

-- Counts and names that tell objects of a family apart where there is no list of
-- arguments: class -> function(object) -> text.
local IN_SHORT = {
  Layer = function(layer)
    return ("%s, %s"):format(text.count(#tools.layer_names(layer, "connection", "show"),
      "connection"), text.count(#tools.layer_names(layer, "neuron", "show"), "neuron group"))
  end,
  CellTrainer = function(trainer)
    return text.count(#tools.links(trainer).unit_names, "cell")
  end,
  Updater = function(updater) return table.concat(updater.names, ", ") end,
  Cell = function(cell)
    if tools.is_dead(cell) then return "deleted" end
    return ("%s, %s"):format(tools.cell_names(cell))
  end,
  SpikeRecorder = function(recorder)
    return ("%s in %s"):format(text.count(recorder.count, "spike"),
      text.count(recorder.steps, "step"))
  end,
  Monitor = function(monitor) return tools.links(monitor).state.args.attr or "calls" end,
}

-- The text of a family, if the object is of one.
local function by_family(object, list)
  for name, fn in next, list do
    if text.is(object, name) then
      local ok, said = pcall(fn, object)
      return ok and said or "not finished"
    end
  end
end

-- "Mine(size=3)" of a script's class that says so itself.
local function own_repr(object)
  if not tools.is_scripted(object) then return nil end
  for _, class in ipairs(tools.class_line(object)) do
    local write = rawget(class, "extra_repr")
    if write == tools.extra_repr then return nil end
    if write then return tools.repr(object, objects.class_name(object)) end
  end
end

objects.own_repr = own_repr

-- Whether a script's class writes the text of its objects.
local function writes_itself(object)
  if not tools.is_scripted(object) then return false end
  for _, class in ipairs(tools.class_line(object)) do
    local write = rawget(class, "__tostring")
    if write then return debug.getinfo(write, "S").what ~= "C" end
  end
  return false
end

---An object within a line, as in tables and in trees.
function objects.short(object)
  if not pcall(tools.states, object) then
    return objects.class_name(object) .. " (not finished)"
  end
  if writes_itself(object) then
    local ok, said = pcall(tostring, object)
    if not ok then said = "<error in __tostring: " .. select(2, pcall(tostring, said)) .. ">" end
    return (tools.plain(said):gsub("\n%s*", " "))
  end
  local ok, said = pcall(own_repr, object)
  if not ok then return "<error in extra_repr: " .. tools.plain(tostring(said)) .. ">" end
  if said then return (tools.plain(said):gsub("\n%s*", " ")) end
  local family = by_family(object, IN_SHORT)
  if family then return ("%s(%s)"):format(objects.class_name(object), family) end
  local good, line = pcall(tools.short, object)
  return good and line or (objects.class_name(object) .. " (not finished)")
end

-- ------------------------------------------------------------- arguments

-- Of a connection other things than its arguments have their names.
local READ <const> = {
  bias = function(c) return c.biased end,
  delay = function(c) return c.delayedby end,
  weight_init = false, bias_init = false, delay_init = false, -- the state tells
}

local function arguments_of(object)
  local list = tools.arguments_of(object)
  if list then return list end
  for _, class in ipairs(tools.class_line(object)) do
    list = rawget(class, "arguments")
    if list then return list end
  end
  return {}
end

local function value_of(object, argument)
  local special = text.is(object, "Connection") and READ[argument.name]
  if special then return select(2, pcall(special, object)) end
  local links = tools.links(object)
  if text.is(object, "CellTrainer") and links.args then
    local value = links.args[argument.name]
    if value == nil then return argument.default end
    return value
  end
  return read(object, argument.set_as or argument.name)
end

local function is_skipped(object, argument)
  return argument.part or argument.name == "module" and text.is(object, "Monitor")
    or READ[argument.name] == false
    and text.is(object, "Connection")
end

---A value of an argument in a line.
function objects.value(value, ctx)
  if value == nil or value == snn.none then return "none" end
  if type(value) == "number" then return text.exact(value) end
  if tools.is_tensor(value) then
    if value.numel == 1 then return text.number(value:item()) end
    return ("%s %s"):format(text.shape(value.shape), stats.range(value, ctx))
  end
  if type(value) == "table" and #value > 0 and math.type(value[1]) == "integer" then
    return text.shape(value)
  end
  ctx.short = ctx.short or objects.short
  return tables.short(value, ctx)
end

local ROOM <const> = 24 -- columns that a row needs for what an argument is
local LONG <const> = 24 -- of a value; a longer one, as of an object, has its row alone

-- Adds what each argument is to its row where there is room beside all of them.
local function describe(rows, docs, ctx)
  local widest, value = 0, 0
  for _, row in ipairs(rows) do
    if row[3] then
      widest = math.max(widest, text.length(row[1][1]) + text.length(row[3][1]))
      value = math.max(value, text.length(row[2]))
    end
  end
  if ctx.width - widest - value - 8 < ROOM then return end
  for i, row in ipairs(rows) do row[4] = row[3] and { docs[i], "dim" } end
end

---Rows { name, value, unit, what it is } of what an object was made with.
function objects.argument_rows(object, ctx)
  local rows, docs = {}, {}
  for _, argument in ipairs(arguments_of(object)) do
    if not is_skipped(object, argument) then
      local value = value_of(object, argument)
      local is_set = value ~= nil and value ~= snn.none
      local name, said = { argument.name, "name" }, objects.value(value, ctx)
      local unit = is_set and argument.unit or ""
      local is_alone = unit == "" and text.length(said) > LONG
      rows[#rows + 1] = is_alone and { name, { said, wide = true } }
        or { name, said, { unit, "dim" } }
      docs[#rows] = argument.doc or ""
    end
  end
  describe(rows, docs, ctx)
  return rows
end

-- ------------------------------------------------------------- state

-- Histories, what rounding left and pairs as numbers are the library's affair; reading
-- some makes them.
local function is_told(row, object)
  local name = row.name
  if name:find "^pairs" and text.is(object, "LinearSparse") then return false end
  return row.of ~= "history" and row.of ~= "record" and name ~= "fine" and name ~= "selector"
    and not name:find "_$" and not name:find "_remainder" and not name:find "_fine$"
end

local function rows_of(object)
  for _, class in ipairs(tools.class_line(object)) do
    local rows = rawget(class, "state")
    if rows then return rows end
  end
  return {}
end

---Rows { name, shape, min, mean, max, unit, NaN } of the states that are there.
function objects.state_rows(object)
  local rows = {}
  if text.is(object, "Accumulator") then return rows end
  for _, row in ipairs(rows_of(object)) do
    local value = is_told(row, object) and read(object, row.name)
    if tools.is_tensor(value) then
      local cells = { { row.name, "name" }, { text.shape(value.shape), "dim" } }
      table.move(stats.cells(value, row.unit), 1, 5, 3, cells)
      rows[#rows + 1] = cells
    elseif math.type(value) then
      rows[#rows + 1] = { { row.name, "name" }, "", { text.number(value), right = true }, "", "",
        { row.unit or "", "dim" } }
    end
  end
  return rows
end

local function right(word) return { word, "dim", right = true } end

---Appends the table of states, if there are any.
function objects.add_states(lines, rows, indent, ctx)
  if #rows == 0 then return end
  local all = { { { "state", "head" }, { "shape", "dim" } } }
  for i, word in ipairs { "min", "mean", "max" } do all[1][2 + i] = right(word) end
  table.move(rows, 1, #rows, 2, all)
  if ctx.width < 60 then
    for _, row in ipairs(all) do table.remove(row, 2) end
  end
  text.columns(lines, all, indent, ctx)
end

-- ------------------------------------------------------------- the whole text

-- The files that need this one; `load` runs a file anew.
local family = load "snn.show.family" (objects)
local layers = load "snn.show.layer" (objects, family)
local modules = load "snn.show.module" (objects)

local function parent_name(object)
  local line = tools.class_line(object)
  if not tools.is_scripted(object) or rawget(snn, objects.class_name(object)) == line[1] then
    return nil
  end
  for _, class in ipairs(line) do
    local name = debug.getmetatable(class).__name:gsub("^class ", "")
    if rawget(snn, name) == class and name ~= objects.class_name(object) then return name end
  end
end

---"Mine, a Neuron; evaluation mode"
function objects.title(object, ctx, more)
  local name, above = objects.class_name(object), parent_name(object)
  local words = name
  if above and above ~= "Module" then words = ("%s (a class below %s)"):format(name, above) end
  if more and more ~= "" then words = words .. "  " .. more end
  if read(object, "training") == false then words = words .. "  evaluation mode" end
  return text.cut(words, ctx.width, ctx)
end

local function general(object, ctx)
  local lines = {}
  local ok, repr = pcall(own_repr, object)
  if not ok then
    repr = ("%s(<error in extra_repr: %s>)"):format(objects.class_name(object),
      tools.plain(tostring(repr)))
  end
  if repr then
    for line in (tools.plain(repr) .. "\n"):gmatch "([^\n]*)\n" do lines[#lines + 1] = line end
    return lines
  end
  text.line(lines, objects.title(object, ctx), "head", ctx)
  text.columns(lines, objects.argument_rows(object, ctx), 2, ctx)
  family.add(lines, object, ctx)
  objects.add_states(lines, objects.state_rows(object), 2, ctx)
  return lines
end

-- Each part of a text may fail where an object is half made; what is said then says so.
local function try(lines, fn, ...)
  local ok, why = pcall(fn, lines, ...)
  if not ok then lines[#lines + 1] = "  (" .. tools.plain(tostring(why)) .. ")" end
end

---@param object snn.Module
---@param ctx table
---@return string
function objects.show(object, ctx)
  ctx.short = objects.short
  if writes_itself(object) then return objects.short(object) end
  if not pcall(tools.states, object) then
    return objects.class_name(object) .. " (not finished)"
  end
  local lines
  if text.is(object, "Layer") then
    lines = {}
    try(lines, layers.add, object, ctx)
  else
    lines = general(object, ctx)
  end
  try(lines, modules.add, object, ctx)
  return table.concat(lines, "\n")
end

return objects
