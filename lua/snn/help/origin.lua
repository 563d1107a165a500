-- Where a public name is from: file and line, and of what is written in Lua its text, which
-- the program has inside. Of a class in C where its descriptor stands.
local _, load, tools = ...

local annotations = load "snn.help.annotations"

local origin = {}

-- The function behind what counts arguments (src/bind/object/surplus.c).
local function inner(fn)
  local _, value = debug.getupvalue(fn, 1)
  local is_guard = debug.getinfo(fn, "S").what == "C" and type(value) == "function"
  return is_guard and value or fn
end

-- From a function's first line, with its comment, to its last.
local function lines_of(lines, first, last)
  local out = {}
  while lines[first - 1] and lines[first - 1]:find "^%s*%-%-" do first = first - 1 end
  for i = first, math.min(last, #lines) do out[#out + 1] = lines[i] end
  return table.concat(out, "\n"), first
end

local function read_lines(path)
  local file = io.open(path)
  if not file then return end
  local lines = {}
  for line in file:lines() do lines[#lines + 1] = line end
  file:close()
  return lines
end

local function of_function(fn)
  fn = inner(fn)
  local info = debug.getinfo(fn, "S")
  if info.what == "C" then return end
  local chunk = info.source:match "^=%[snn%] (.*)$"
  local file = chunk and "lua/" .. chunk:gsub("%.", "/") .. ".lua" or info.source:match "^@(.*)$"
  if not file then return ("%s:%d"):format(info.short_src, info.linedefined) end
  local lines = chunk and annotations.lines(file) or read_lines(file)
  local where = ("%s:%d"):format(file, info.linedefined)
  if not lines then return where end
  return where .. "\n\n" .. lines_of(lines, info.linedefined, info.lastlinedefined)
end

-- Of a class in C where its descriptor stands (SNN_HERE in src/util/field.h).
local function of_class(item)
  local class = item and item.value
  local where = class and rawget(class, "__where")
  return where and ("%s, the descriptor of %s"):format(where, item.name)
end

-- Of a class of a script, or an object of one, where each of its functions stands.
local function of_script(x, names)
  local meta = debug.getmetatable(x)
  local class = names.is_class(x) and x or type(meta) == "table" and meta.class
  if not names.is_class(class) or names.of_value(tools.help_of.list, class) then return end
  local rows = {}
  for key, value in next, class do
    local info = type(value) == "function" and debug.getinfo(value, "S")
    if info and info.what ~= "C" and not info.source:find "^=%[snn%]" then
      rows[#rows + 1] = ("%s  %s:%d"):format(key, info.short_src, info.linedefined)
    end
  end
  table.sort(rows)
  return rows[1] and tools.plain(debug.getmetatable(class).__name) .. "\n  "
    .. table.concat(rows, "\n  ")
end

-- The annotation of an item, where it is more than what the editor needs.
local function of_annotation(item)
  local record = annotations.read()[item.name]
  local lines = record and annotations.lines(record.file)
  if not lines then return end
  local is_meta = record.file:find "^lua/meta/"
  local where = ("%s:%d%s"):format(record.file, record.line,
    is_meta and ", of what is written in C" or "")
  return where .. "\n\n" .. lines_of(lines, record.line, record.line)
end

---@param x any
---@param help table
---@param names table
---@return string
function origin.text(x, help, names)
  local item = help.find(x)
  local own = of_script(x, names)
  if own then return own end
  local value = item and item.value or x
  local text = type(value) == "function" and of_function(value)
  if text then return text end
  if item and item.kind == "class" then text = of_class(item) end
  text = text or item and of_annotation(item)
  if text then return text end
  if item and item.class then
    local owner = names.find(help.list, item.class)
    return of_class(owner) or of_annotation(owner) or "in C, below src/bind/"
  end
  return type(value) == "function" and "a function that is written in C"
    or "nothing tells where that is from"
end

return origin
