-- What can be seen of a world, in bits: path -> text. Two states are the same
-- when these tables are.
local state = {}

local FORMAT = { bool = "j", int64 = "j", float32 = "f", float64 = "d" }
local PACKED <const> = 100 -- numbers that are packed in one call

---A tensor's dtype, shape and bits.
---@param t snn.Tensor
---@return string
function state.bits(t)
  local format = FORMAT[t.dtype]
  local flat = (t.dtype == "bool" and t:to("int64") or t):flatten():totable()
  local out = { t.dtype, "{", table.concat(t.shape, ","), "}" }
  for first = 1, #flat, PACKED do
    local last = math.min(first + PACKED - 1, #flat)
    out[#out + 1] = format:rep(last - first + 1):pack(table.unpack(flat, first, last))
  end
  return table.concat(out)
end

---The name of a userdata's type, nil of all else.
function state.type(v)
  return type(v) == "userdata" and debug.getmetatable(v).__name or nil
end

local function read(object, name) return object[name] end

local function field(object, name)
  local ok, value = pcall(read, object, name)
  if ok then return value end
end

-- ------------------------------------------------------------- one value

local function text_of(of, v)
  local kind = state.type(v)
  if kind == "Tensor" then return state.bits(v) end
  if of.names[v] then return of.names[v] end
  if kind then return kind end
  if type(v) == "function" then return "function" end
  if math.type(v) == "float" then return ("%a"):format(v) end
  if type(v) ~= "table" then return tostring(v) end
  local out = {}
  for key, value in pairs(v) do
    out[#out + 1] = tostring(key) .. "=" .. text_of(of, value)
  end
  table.sort(out)
  return "{" .. table.concat(out, ";") .. "}"
end

-- What an iterator yields, in order.
local function listed(of, object, method, out, path)
  local step, s, control = object[method](object)
  for i = 1, math.huge do
    local row = table.pack(step(s, control))
    if row[1] == nil then return end
    control = row[1]
    for k = 1, row.n do row[k] = text_of(of, row[k]) end
    out[("%s:%s %d"):format(path, method, i)] = table.concat(row, ",")
  end
end

local ITERATORS = {
  "named_connections", "named_neurons", "named_synapses", "named_cells", "named_monitors",
}
local FIELDS = {
  "training", "batchsz", "dt", "time", "delay", "duration", "registered", "updater", "synapse",
  "monitors",
}

-- Which of these names a type knows; to ask for one that it does not is slow. There
-- are two types of one name: monitors of scripts, and those of trainers.
local known_of = {}

local function known(m, list)
  local kind = debug.getmetatable(m)
  known_of[kind] = known_of[kind] or {}
  local names = known_of[kind][list]
  if names then return names end
  names = {}
  for _, name in ipairs(list) do
    local ok, value = pcall(function() return m[name] end)
    if ok and (value ~= nil or list == FIELDS) then names[#names + 1] = name end
  end
  known_of[kind][list] = names
  return names
end

local function module_state(of, m, path, out)
  for _, name in ipairs(known(m, FIELDS)) do
    local value = field(m, name)
    if value ~= nil then out[path .. "." .. name] = text_of(of, value) end
  end
  for _, method in ipairs(known(m, ITERATORS)) do listed(of, m, method, out, path) end
  if state.type(m) ~= "Updater" then return end
  for _, name in ipairs(m.names) do
    for _, side in ipairs { "pos", "neg" } do
      out[("%s.%s.%s"):format(path, name, side)] = text_of(of, m[name][side])
    end
  end
end

-- ------------------------------------------------------------- a world

local function add_module(of, root, name, seen, out)
  if seen[root] then return end
  for path, m in root:named_modules() do
    if not seen[m] then
      seen[m] = true
      module_state(of, m, name .. "/" .. path, out)
    end
  end
  if state.type(root):find "%lMonitor$" then out[name .. ":dump"] = text_of(of, root:dump()) end
  for path, t in pairs(root:state_dict()) do out[name .. "/" .. path .. " ="] = state.bits(t) end
end

-- Those that hold others come first, so that these are looked at once.
local function ordered(w)
  local names = {}
  for name in pairs(w) do names[#names + 1] = name end
  table.sort(names, function(a, b)
    if (a == "layer") ~= (b == "layer") then return a == "layer" end
    return a < b
  end)
  return names
end

---@param w table<string, any> objects by name
---@return table<string, string>
function state.of(w)
  local of, seen, out, order = { names = {} }, {}, {}, ordered(w)
  for _, name in ipairs(order) do
    if type(w[name]) == "userdata" then of.names[w[name]] = name end
  end
  for _, name in ipairs(order) do
    local kind = state.type(w[name])
    if kind == "Tensor" then
      out[name] = state.bits(w[name])
    elseif kind == "Accumulator" then
      out[name] = text_of(of, { w[name].pos or 0, w[name].neg or 0 })
    elseif kind and field(w[name], "state_dict") then
      add_module(of, w[name], name, seen, out)
    end
  end
  return out
end

---What the result of a call looks like; names of objects as in the world.
function state.text(w, ...)
  local of, list = { names = {} }, table.pack(...)
  for name, v in pairs(w) do
    if type(v) == "userdata" then of.names[v] = name end
  end
  for i = 1, list.n do
    local v = list[i]
    local made = type(v) == "userdata" and not of.names[v] and field(v, "state_dict")
    list[i] = text_of(of, made and v:state_dict() or v)
  end
  return table.concat(list, " | ")
end

---Paths at which two states differ, sorted; nil when they are the same.
---@return string[]?
function state.differences(a, b)
  local out = {}
  for path, text in pairs(a) do
    if b[path] ~= text then out[#out + 1] = path end
  end
  for path in pairs(b) do
    if a[path] == nil then out[#out + 1] = path end
  end
  table.sort(out)
  return #out > 0 and out or nil
end

return state
