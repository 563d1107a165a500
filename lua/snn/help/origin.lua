-- Where a public name is from: file and line, and of what is written in Lua its text, which
-- the program has inside. Of a model in C the name of its file.
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

-- Folders of models by the class above.
local FOLDERS <const> = { Neuron = "neuron", Synapse = "synapse", Connection = "connection",
  Encoder = "encode", Reducer = "observe", RecordReducer = "observe", FoldReducer = "observe",
  IndependentCellTrainer = "train", Module = "readout" }
local CLASSES <const> = "src/bind/" -- of classes that are no models

-- "hodgkin_huxley.c" of HodgkinHuxley, "adex.c" of AdEx, "stdp.c" of STDP.
local function file_name(name, family)
  if name == "AdEx" then return "adex.c" end
  if family == "IndependentCellTrainer" then
    name = name:gsub("M?STDP%u*$", function(word) return word:sub(1, 1) .. word:sub(2):lower() end)
  end
  local text = name:gsub("Encoder$", ""):gsub("Reducer$", ""):gsub("Classifier$", "")
    :gsub("Neuron$", "")
  text = text:gsub("(%u+)(%u%l)", "%1_%2"):gsub("(%l)(%u)", "%1_%2")
  return text:lower() .. ".c"
end

local function of_class(item, names)
  local class = item.value
  local is_model = class and rawget(class, "equations")
  local above = is_model and names.parent(class)
  local parent = above and names.of_value(tools.help_of.list, above)
  local folder = parent and FOLDERS[parent.name]
  if folder then return "src/" .. folder .. "/" .. file_name(item.name, parent.name) end
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
  local value = item and item.value or x
  local text = type(value) == "function" and of_function(value)
  if text then return text end
  if item and item.kind == "class" then text = of_class(item, names) end
  text = text or item and of_annotation(item)
  if text then return text end
  if item and item.class then
    local owner = names.find(help.list, item.class)
    return of_class(owner, names) or of_annotation(owner) or "in C, below " .. CLASSES
  end
  return type(value) == "function" and "a function that is written in C"
    or "nothing tells where that is from"
end

return origin
