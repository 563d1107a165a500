-- What snn.save and snn.load do, in memory: all that some objects keep is taken out and
-- put into others that are built alike, or compared in bits.
local snn = require "snn"
local state = require "spec.atomic.state"

local twin = {}

snn.snapshot(snn.Module()) -- what saves is read when it is first called

-- The library's own table, an upvalue of functions that use it, or of those within.
local function find_tools(fn, depth)
  for i = 1, math.huge do
    local name, value = debug.getupvalue(fn, i)
    if not name then return nil end
    if type(value) == "table" and rawget(value, "saves") then return value end
    local found = type(value) == "function" and depth > 0 and find_tools(value, depth - 1)
    if found then return found end
  end
end
twin.tools = assert(find_tools(snn.copy, 4), "the library's tools are not found")

---@param objects table<string, any>
---@return table saved tensors, texts and notes by path
function twin.save(objects) return twin.tools.gather("save", objects) end

---@param objects table<string, any> like those of which it was saved
---@param settings? "file"|"script"
function twin.load(objects, saved, settings)
  local now = twin.tools.gather("load", objects)
  return twin.tools.put_back("load", "it", saved, now, settings or "file")
end

---Another value in what was saved; nil takes it out.
function twin.set(saved, path, value)
  saved.tensors[path], saved.texts[path] = nil, nil
  if type(value) == "string" then
    saved.texts[path] = value
  elseif type(value) == "userdata" then
    saved.tensors[path] = value
  elseif value ~= nil then
    local dtype = math.type(value) == "integer" and "int64" or type(value) == "boolean" and "bool"
    saved.tensors[path] = snn.tensor(value, { dtype = dtype or "float64" })
  end
end

---All of it in bits, as texts by path.
---@return table<string, string>
function twin.texts(objects)
  local saved, out = twin.save(objects), {}
  for path, t in pairs(saved.tensors) do out[path] = state.bits(t) end
  for path, text in pairs(saved.texts) do out[path] = text end
  for path, note in pairs(saved.notes) do out["note " .. path] = note end
  return out
end

---The paths at which two such tables differ.
function twin.differences(a, b) return state.differences(a, b) or {} end

return twin
