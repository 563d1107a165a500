-- What a saved object is, in memory: states, modes and what classes keep beside
-- their states, taken of some objects and put into others that are built alike.
local snn = require "snn"

local twin = {}

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
local tools = twin.tools

---What the classes of an object, from its own up, say of how it is saved.
local function ways(object)
  local list = {}
  for _, class in ipairs(tools.class_line(object)) do list[#list + 1] = tools.saved_by[class] end
  return list
end

local function visit(object, path, seen, out)
  if seen[object] then return end
  for name, module in object:named_modules() do
    if not seen[module] then
      seen[module] = true
      local at = path .. "/" .. name
      out[#out + 1] = { at, module }
      for _, way in ipairs(ways(module)) do
        for _, child in ipairs(way.children and way.children(module) or {}) do
          visit(child[2], at .. "." .. child[1], seen, out)
        end
      end
    end
  end
end

---All objects below some: a list of { path, object }.
---@param objects table<string, snn.Module>
function twin.nodes(objects)
  local names, seen, out = {}, {}, {}
  for name in pairs(objects) do names[#names + 1] = name end
  table.sort(names)
  for _, name in ipairs(names) do visit(objects[name], name, seen, out) end
  return out
end

---What the classes of the objects keep: path -> values.
function twin.values(objects)
  local out = {}
  for _, node in ipairs(twin.nodes(objects)) do
    local values = {}
    for _, way in ipairs(ways(node[2])) do
      for name, value in pairs(way.save(node[2])) do
        assert(values[name] == nil, name)
        values[name] = value
      end
    end
    out[node[1]] = values
  end
  return out
end

---@return table saved
function twin.save(objects)
  local saved = { states = {}, values = twin.values(objects), training = {} }
  for name, object in pairs(objects) do saved.states[name] = object:state_dict() end
  for _, node in ipairs(twin.nodes(objects)) do saved.training[node[1]] = node[2].training end
  return saved
end

local function put(objects, nodes, saved)
  for name, object in pairs(objects) do object:load_state_dict(saved.states[name]) end
  for _, node in ipairs(nodes) do
    local values = assert(saved.values[node[1]], node[1])
    for _, way in ipairs(ways(node[2])) do way.load(node[2], values) end
    tools.set_training(node[2], saved.training[node[1]])
  end
end

---Puts into `objects` what was saved of others, all or nothing.
function twin.load(objects, saved)
  local nodes, list = twin.nodes(objects), {}
  for _, node in ipairs(nodes) do
    list[#list + 1] = node[2]
    for _, way in ipairs(ways(node[2])) do
      local fault = way.check and way.check(node[2], saved.values[node[1]])
      if fault then error(node[1] .. ": " .. fault, 0) end
      if way.keep then way.keep(node[2], list) end
    end
  end
  tools.atomic(list, put, objects, nodes, saved)
end

return twin
