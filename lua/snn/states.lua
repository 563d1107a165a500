-- States that a script's class declares (src/bind/object/declared.h): its table
-- `states`, with those of the classes above it, is checked and put in order here
-- when an object is made. The values are the engine's.
local _, _, tools = ...

local fail = tools.fail

--- What a class of a script says of a state in its table `states`: a field of the
--- objects, which is saved, cleared and taken back with a failed step.
--- ```lua
--- local state = { of = "neuron", type = "real", unit = "nA", doc = "what it has gathered",
---   init = 0, stays = false, saved = true }
--- local Slow = snn.class("Slow", snn.Neuron)
--- Slow.states = { gathered = state }
--- function Slow:init(args) snn.Neuron.init(self, args) end
--- function Slow:forward(current)
---   self.gathered = self.gathered + current
---   return self.gathered:gt(10)
--- end
--- local neuron = Slow { shape = 2, step_time = 1 }
--- neuron(snn.tensor { { 4, 20 } })
--- print(neuron.gathered)
--- ```
---@class snn.DeclaredState
---@field of "neuron"|"input"|"output"|"weight"|"shape"|"batch"|"one"|integer|integer[] its shape
---@field type? "real"|"float64"|"int64"|"bool" "real", the object's, unless given
---@field unit? string that of its values, such as mV
---@field doc? string a sentence for help
---@field init? number|fun(self: snn.Module): number|snn.Tensor what it begins with; 0
---@field stays? boolean clear leaves it (of a neuron unless keep_adaptations = false)
---@field saved? boolean true unless given: it is part of state_dict

local KEYS = { "of", "type", "unit", "init", "doc", "stays", "saved" }
local TYPES = { real = true, float64 = true, int64 = true, bool = true }
local MOST = 64 -- letters of a name

local function name_of(class)
  local meta = getmetatable(class)
  return meta and meta.__name and tostring(meta.__name):gsub("^class ", "") or "class"
end

local function check_name(where, class, name)
  if type(name) ~= "string" or not name:match("^[%a_][%w_]*$") or #name > MOST then
    fail("ValueError", "%s: the name of a state is an identifier, got %s", where,
      tools.describe(name))
  elseif class[name] ~= nil then
    fail("ValueError", "%s: '%s' cannot be a state, the class has that name already", where, name)
  end
end

local function check_of(where, name, of, words)
  if math.type(of) == "integer" then of = { of } end
  if type(of) == "table" then
    for i = 1, #of do
      if math.type(of[i]) ~= "integer" or of[i] < 0 then
        fail("ValueError", "%s: the sizes of the state '%s' must be integers, 0 or more", where,
          name)
      end
    end
    return table.move(of, 1, #of, 1, {})
  end
  local known = {}
  for word in words:gmatch("%S+") do
    if word == of then return of end
    known[#known + 1] = "'" .. word .. "'"
  end
  known[#known + 1] = "a list of sizes"
  tools.wrong_argument(where, name .. ".of", table.concat(known, ", "), of)
end

local function check_flag(where, name, key, value)
  if value ~= nil and type(value) ~= "boolean" then
    tools.wrong_argument(where, name .. "." .. key, "true or false", value)
  end
end

local function check_row(where, name, row, words)
  if type(row) ~= "table" then
    tools.wrong_argument(where, name, 'a table such as { of = "neuron" }', row)
  end
  for key in next, row do
    local known = false
    for _, k in ipairs(KEYS) do known = known or k == key end
    if not known then tools.unknown_argument(where .. "." .. name, tools.text(key), KEYS) end
  end
  local init, kind = row.init, row.type
  if init ~= nil and type(init) ~= "number" and type(init) ~= "function" then
    tools.wrong_argument(where, name .. ".init", "a number or a function of the object", init)
  elseif kind ~= nil and not TYPES[kind] then
    tools.wrong_argument(where, name .. ".type", "'real', 'float64', 'int64' or 'bool'", kind)
  end
  check_flag(where, name, "stays", row.stays)
  check_flag(where, name, "saved", row.saved)
  return { name = name, of = check_of(where, name, row.of, words), init = init or 0,
    type = kind or "real", unit = row.unit and tostring(row.unit) or "", doc = row.doc,
    stays = row.stays, passing = row.saved == false }
end

-- name -> its row, of the class and of those above it.
local function collect(class, rows)
  local meta = getmetatable(class)
  local above = meta and meta.parent
  if above then collect(above, rows) end
  local own = rawget(class, "states")
  if own == nil then return end
  if type(own) ~= "table" then
    tools.wrong_argument(name_of(class), "states", "a table of states by name", own)
  end
  for name, row in next, own do rows[name] = row end
end

local listed = setmetatable({}, { __mode = "k" }) -- lists that list_states made

-- Sets class.state, as classes of the library have it: the rows of these, then its
-- own.
local function list_states(class, own)
  local above, all = class, {}
  while above do
    local rows, meta = rawget(above, "state"), getmetatable(above)
    if rows and not listed[rows] then
      table.move(rows, 1, #rows, 1, all)
      break
    end
    above = meta and meta.parent
  end
  for _, row in ipairs(own) do
    all[#all + 1] = { name = row.name, of = row.of, type = row.type, unit = row.unit ~= "" and
      row.unit or nil, doc = row.doc, saved = not row.passing }
  end
  listed[all] = true
  rawset(class, "state", all)
end

--- The states of objects of the class, by name: a list of checked copies; `words`
--- are those that `of` may be.
function tools.declared(class, words)
  local rows, list, where = {}, {}, name_of(class) .. ".states"
  collect(class, rows)
  for name, row in next, rows do
    check_name(where, class, name)
    list[#list + 1] = check_row(where, name, row, words)
  end
  table.sort(list, function(a, b) return a.name < b.name end)
  list_states(class, list)
  return list
end

