-- All that can be seen of a network of network.lua, in bits, as a number for each
-- path: two networks are in the same state when these are the same.
local snn = require "snn"
local state = require "spec.atomic.state"
local digest = require "spec.resume.digest"

local prints = {}

-- Objects by their paths in nested tables; plain values go to `out` as text.
local function flatten(objects, path, flat, out)
  for name, value in pairs(objects) do
    local at = path .. name
    if state.type(value) == "Tensor" then
      out[at] = state.bits(value)
    elseif state.type(value) then
      flat[at] = value
    elseif type(value) == "table" and not getmetatable(value) then
      flatten(value, at .. ".", flat, out)
    elseif type(value) ~= "table" then
      out[at] = math.type(value) == "float" and ("%a"):format(value) or tostring(value)
    end
  end
end

-- A number, a text, a tensor or a list of such; nil of all else.
local function text(value)
  if value == snn.none then return "none" end
  if state.type(value) == "Tensor" then return state.bits(value) end
  if type(value) == "userdata" or type(value) == "function" then return nil end
  if type(value) == "table" and getmetatable(value) ~= nil then return nil end
  if math.type(value) == "float" then return ("%a"):format(value) end
  if type(value) ~= "table" then return tostring(value) end
  local out = {}
  for i, v in ipairs(value) do out[i] = text(v) or "" end
  return "{" .. table.concat(out, ",") .. "}"
end

-- The arguments of all modules: scripts assign to them.
local function settings(flat, out)
  for name, root in pairs(flat) do
    for path, m in root:named_modules() do
      local class = rawget(snn, state.type(m))
      for _, a in ipairs(class and rawget(class, "arguments") or {}) do
        local ok, value = pcall(function() return m[a.name] end)
        local at = ("%s/%s:%s"):format(name, path, a.name)
        if ok and a.name ~= "file" then out[at] = text(value) end
      end
    end
  end
end

local function bytes_of(path)
  local file = io.open(path, "rb")
  if not file then return "" end
  local bytes = file:read "a"
  file:close()
  return bytes
end

---What there is to see, as text by path.
---@param net spec.Network
---@return table<string, string>
function prints.texts(net)
  local flat, out = {}, {}
  flatten(net.objects, "", flat, out)
  for path, bits in pairs(state.of(flat)) do out[path] = bits end
  settings(flat, out)
  out["the plain fields"] = ("%a %d %s %s"):format(net.seen.best, net.seen.trail, net.seen.name,
    net.row.hook == "StateHook" and net.hook.calls)
  out["the readout"] = net.readout and tostring(net.readout.count)
  out[prints.file] = bytes_of(net.file)
  out[prints.random] = state.bits(snn.get_rng_state())
  return out
end

---The names of the random state and of the monitor's file among the paths.
prints.random, prints.file = "the random state", "the monitor's file"

---@param net spec.Network
---@return table<string, integer>
function prints.of(net)
  local out = {}
  for path, bits in pairs(prints.texts(net)) do out[path] = digest(bits) end
  return out
end

---The paths at which two states differ, sorted.
---@return string[]
function prints.differences(a, b) return state.differences(a, b) or {} end

---@param path string of the file
---@param values table<string, integer>
function prints.write(path, values)
  local file = assert(io.open(path, "w"))
  for name, value in pairs(values) do file:write(("%d %s\n"):format(value, name)) end
  assert(file:close())
end

---@param path string
---@return table<string, integer>
function prints.read(path)
  local out = {}
  for line in io.lines(path) do
    local value, name = line:match "^(%-?%d+) (.*)$"
    out[name] = math.tointeger(value)
  end
  return out
end

return prints
