-- Examples of fields and arguments: an object of the class's own example, or made of its
-- arguments, and what the field reads. So that none of hundreds is written by hand.
local snn, load, tools = ...
if tools.help_examples then return tools.help_examples end

local annotations = load "snn.help.annotations"

local examples = {}
tools.help_examples = examples -- read once

local WIDTH <const> = 76 -- columns of a line

---The example of a class: its descriptor's, or its annotation's.
---@param item table
---@return string|nil
function examples.of_class(item)
  local text = item.value and rawget(item.value, "example")
  local record = annotations.read()[item.name]
  return text or record and record.example or nil
end

-- The variable of an example that holds an object of the class: `local x = snn.Class`, or
-- one that is named as a part of the class: `local cell = ...`.
local function object_of(text, class)
  local name = text:match("local ([%w_]+) = snn%." .. class .. "%f[^%w_]")
  if name then return name end
  for variable in text:gmatch "local ([%w_]+)[ <>a-z]* =" do
    if class:lower():find(variable:lower(), 1, true) then return variable end
  end
end

---Lines that print are what the class's example shows, the field's own line comes last.
---@param text string
---@return string
function examples.without_prints(text)
  local lines = {}
  for line in (text .. "\n"):gmatch "(.-)\n" do
    if not line:find "^print%(" then lines[#lines + 1] = line end
  end
  return (table.concat(lines, "\n"):gsub("%s+$", ""))
end

-- `local x = snn.LIF { ... }` of the arguments that it needs, and of one more, with
-- what that one is of: `bias` beside `bias_init`.
local function made(class, name, variable, wanted)
  local head = ("local %s = snn.%s { "):format(variable, name)
  local lines = {}
  for _, argument in ipairs(class.arguments) do
    local is_replaced = wanted and argument.either == wanted
    if not (argument.optional or is_replaced) or argument.name == wanted
      or argument.name .. "_init" == wanted then
      local text = ("%s = %s, "):format(argument.name, argument.example)
      if #head + #text > WIDTH and #lines >= 0 then
        lines[#lines + 1], head = head:gsub("%s+$", ""), "  "
      end
      head = head .. text
    end
  end
  lines[#lines + 1] = head:gsub(", $", "") .. " }"
  return table.concat(lines, "\n")
end

local VARIABLES <const> = { "Neuron", "Synapse", "Connection", "Encoder", "Reducer", "Monitor",
  "Layer", "CellTrainer", "Hook", "Module" }

local function variable_of(class)
  while class do
    for _, name in ipairs(VARIABLES) do
      if rawequal(class, snn[name]) then return (name:gsub("Cell", ""):lower()) end
    end
    class = getmetatable(class).parent
  end
  return "object"
end

---Of an argument: an object that is made with it.
---@param item table
---@return string
function examples.of_argument(item)
  local class = snn[item.class]
  local variable = variable_of(class)
  return made(class, item.class, variable, item.key)
    .. ("\nprint(%s.%s)"):format(variable, item.key)
end

-- Can objects be asked for it? Of what they do not keep their text tells.
local function is_read(item)
  local class = rawget(snn, item.class)
  while class do
    if (rawget(class, "__get") or {})[item.key] then return true end
    class = getmetatable(class).parent
  end
  return item.field ~= nil or not item.argument
end

---Of a field: an object of the class's example, and it.
---@param item table
---@param owner table the item of its class
---@return string|nil
function examples.of_field(item, owner)
  local text = owner and examples.of_class(owner)
  local variable = text and object_of(text, item.class)
  if not variable then return end
  local argument, after = item.argument, ""
  if argument and argument.either then return examples.of_argument(item) end
  local is_extra = argument and argument.example and argument.optional
  if is_extra and not text:find("%f[%w_]" .. item.key .. " = ") then
    local is_file = argument.example:find "%.npy"
    local given = ("%s = %s,\n  "):format(item.key, is_file and "os.tmpname()" or argument.example)
    if is_file then after = ("\nos.remove(%s.%s)"):format(variable, item.key) end
    text = text:gsub("snn%." .. item.class .. " { ", function(head) return head .. given end, 1)
  end
  local asked = is_read(item) and variable .. "." .. item.key or variable
  return ("%s\nprint(%s)%s"):format(examples.without_prints(text), asked, after)
end

---Of a tensor's method in place: that of the method itself.
---@param item table
---@return string|nil
function examples.in_place(item)
  local plain = item.key:match "^(.*)_$"
  local record = plain and annotations.read()["Tensor." .. plain]
  if not (record and record.example) then return end
  local text, n = record.example:gsub(":" .. plain .. "%(", ":" .. item.key .. "(")
  return n > 0 and text or nil
end

return examples
