-- What is below a module, as a tree with the number of its parameters.
local snn, load, tools = ...

local text = load "snn.show.text"

local MOST <const> = 200 -- modules of one tree

local modules, objects = {}, nil

-- Families whose own text tells their parts.
local TELL <const> = { "Layer", "Neuron", "Synapse", "Encoder", "Reducer", "CellTrainer", "Updater",
  "Cell", "Monitor", "MonitorPool", "Connection" }

local function tells(object)
  for _, name in ipairs(TELL) do
    if text.is(object, name) then return true end
  end
  return false
end

-- The children that lie in fields, and a layer's parts; no method of a script is called.
-- `is_first`  of the module whose tree it is: a layer's own text has told these.
local function children_of(object, is_first)
  if text.is(object, "Layer") and not is_first then
    local list = {}
    for _, child in ipairs(snn.Layer.children(object)) do
      if not child[1]:find "^cells%." then list[#list + 1] = child end
    end
    return list
  end
  if text.is(object, "CellTrainer") or text.is(object, "MonitorPool")
    or text.is(object, "Cell") then
    return {}
  end
  local list, links = {}, tools.links(object)
  for _, name in ipairs(tools.children(object)) do
    local child = objects.read(object, name)
    if child ~= nil then list[#list + 1] = { name, child } end
  end
  local fields = tools.fields(object)
  for _, name in ipairs(links.order or {}) do
    if tools.is_module(fields[name]) then list[#list + 1] = { name, fields[name] } end
  end
  return list
end

-- Parameters are what an updater can train.
local PARAMETERS <const> = { "weight", "bias", "delay" }

local function own_parameters(object)
  local sum = 0
  if not text.is(object, "Connection") then return sum end
  for _, name in ipairs(PARAMETERS) do
    local t = objects.read(object, name)
    if tools.is_tensor(t) then sum = sum + t.numel end
  end
  return sum
end

local function count_below(object, seen)
  if seen[object] then return 0 end
  seen[object] = true
  local sum = own_parameters(object)
  for _, child in ipairs(children_of(object)) do sum = sum + count_below(child[2], seen) end
  return sum
end

local function shape_of(object)
  if text.is(object, "Connection") then
    local from, to = objects.read(object, "inshape"), objects.read(object, "outshape")
    return from and to and text.shape(from), to and text.shape(to)
  end
  local shape = (text.is(object, "Neuron") or text.is(object, "Synapse"))
    and objects.read(object, "shape")
  return shape and text.shape(shape)
end

local function thousands(n)
  local s = tostring(n):reverse():gsub("(%d%d%d)", "%1,"):reverse()
  return (s:gsub("^,", ""))
end

local function branch(prefix, is_last, ctx)
  if ctx.utf8 then return prefix .. (is_last and "└─ " or "├─ ") end
  return prefix .. (is_last and "`- " or "|- ")
end

local function add_rows(rows, object, prefix, seen, ctx)
  local list = children_of(object, #rows == 0)
  for i, child in ipairs(list) do
    if #rows >= MOST then
      rows[#rows + 1] = { prefix .. ctx.dots }
      return
    end
    local name, module, is_last = child[1], child[2], i == #list
    local from, to = shape_of(module)
    local n = count_below(module, {})
    local ok, said = pcall(objects.own_repr, module)
    said = ok and said and tools.plain(said):gsub("\n%s*", " ") or objects.class_name(module)
    if seen[module] then said = said .. " (the same as above)" end
    rows[#rows + 1] = { branch(prefix, is_last, ctx) .. tools.plain(name), { said, "dim" },
      from and (to and from .. " " .. ctx.arrow .. " " .. to or from) or "",
      { n > 0 and thousands(n) or "", right = true } }
    if not seen[module] then
      seen[module] = true
      local below = ctx.utf8 and "│  " or "|  "
      add_rows(rows, module, prefix .. (is_last and "   " or below), seen, ctx)
    end
  end
end

---Appends the tree below a module, if its own text does not tell its parts.
function modules.add(lines, object, ctx)
  if tells(object) and not text.is(object, "Layer") then return end
  local rows = {}
  add_rows(rows, object, "  ", { [object] = true }, ctx)
  if #rows == 0 then return end
  table.insert(rows, 1, { "  module", { "class", "dim" }, { "shape", "dim" },
    { "parameters", "dim", right = true } })
  if ctx.width < 60 then
    for i, row in ipairs(rows) do rows[i] = { row[1], row[4] } end
  end
  text.columns(lines, rows, 0, ctx)
  text.line(lines, ("  %s parameters"):format(thousands(count_below(object, {}))), nil, ctx)
end

return function(shared)
  objects = shared
  return modules
end
