-- What a table of objects keeps, as flat values by name: the walk behind snn.save,
-- snn.load and snapshots. Names are the paths by which a script reaches a value,
-- `net.connections.enc.weight`, `log[3]`, `best["two words"]`; what no field of an
-- object has (saved.lua) follows a colon, `monitor:seen`.
local snn, _, tools = ...

local fail = tools.fail

-- ------------------------------------------------------------- names

-- As scripts write it: what a key adds to a path.
local function suffix(key)
  if math.type(key) == "integer" then return ("[%d]"):format(key) end
  if key:match "^[%a_][%w_]*$" then return "." .. key end
  return '["' .. key:gsub('[%c"\\]', function(c) return ("\\%03d"):format(c:byte()) end) .. '"]'
end

local function join(path, part)
  if path == "" then return (part:gsub("^%.", "")) end
  return path .. part
end

---The key of a suffix; a number that is no integer here is a name.
local function key_of(part)
  local number = math.tointeger(tonumber(part:match "^%[(-?%d+)%]$"))
  if number then return number end
  local quoted = part:match '^%["(.*)"%]$'
  if not quoted then return (part:gsub("^%.", "")) end
  return (quoted:gsub("\\(%d%d%d)", function(code) return string.char(tonumber(code) & 255) end))
end

-- Keys in an order that is the same in every process: whole numbers, then strings.
local function sorted_keys(t)
  local keys = {}
  for key in next, t do keys[#keys + 1] = key end
  table.sort(keys, function(a, b)
    local x, y = type(a) == "number", type(b) == "number"
    if x ~= y then return x end
    if x then return a < b end
    return tostring(a) < tostring(b)
  end)
  return keys
end

-- ------------------------------------------------------------- kinds of values

local PLAIN <const> = { number = true, boolean = true, string = true }

---How the object's classes say it is saved, a list; nil of what is no object.
local function ways_of(value)
  if tools.is_module(value) then
    local list = {}
    for _, class in ipairs(tools.class_line(value)) do
      list[#list + 1] = tools.saved_by[class]
    end
    return list
  end
  local way = type(value) == "table" and tools.saved_by[tools.metatable(value)]
  return way and { way } or nil
end

local function is_list_of(t, is_one)
  for i = 1, #t do
    if not is_one(t[i]) then return false end
  end
  local count = 0
  for _ in next, t do count = count + 1 end
  return count == #t
end

local function is_float(v) return math.type(v) == "float" end
local function is_integer(v) return math.type(v) == "integer" end
local function is_boolean(v) return type(v) == "boolean" end

-- Lists that become one tensor: of one type throughout.
local PACKED <const> = {
  { "floats", is_float, "float64" }, { "integers", is_integer, "int64" },
  { "booleans", is_boolean, "bool" },
}

local function packing(t)
  if #t == 0 then return end
  for _, entry in ipairs(PACKED) do
    if entry[2](t[1]) and is_list_of(t, entry[2]) then return entry end
  end
end

local function scalar(value)
  local kind = math.type(value)
  local dtype = kind == "float" and "float64" or kind == "integer" and "int64" or "bool"
  return snn.tensor(value, { dtype = dtype })
end

-- ------------------------------------------------------------- the walk

-- A job: tensors and texts by name; notes on them, `class.PATH`, `same.PATH`,
-- `table.PATH`, `fields.PATH`, `tensor.PATH`, `resized.PATH`; nodes, the objects;
-- `problems`, a list of texts; `root`, the script's table.
local function new_job(where)
  return { where = where, tensors = {}, texts = {}, notes = {}, nodes = {}, problems = {},
    seen = {}, depth = 0 }
end

-- Of a tensor of no dimensions is noted that it is no number.
local function put(job, path, value, is_state)
  if job.tensors[path] or job.texts[path] then
    table.insert(job.problems, ("'%s' is the name of two values"):format(path))
  elseif tools.is_tensor(value) then
    job.tensors[path] = value
    if value.ndim == 0 and not is_state then job.notes["tensor." .. path] = "" end
  elseif type(value) == "string" then
    job.texts[path] = value
  else
    job.tensors[path] = scalar(value)
  end
end

-- Whether the object, tensor or table was met before; notes where.
local function is_known(job, path, value)
  local first = job.seen[value]
  if first then
    job.notes["same." .. path] = first
    return true
  end
  job.seen[value] = path
  return false
end

local MOST_DEEP <const> = 200 -- tables in tables: names grow with each

local gather

local function gather_table(job, path, t, is_field)
  local packed = packing(t)
  if packed then
    job.notes["table." .. path] = packed[1]
    job.tensors[path] = snn.tensor(t, { dtype = packed[3] })
    return
  end
  job.depth = job.depth + 1
  if job.depth > MOST_DEEP then
    fail("ValueError", "%s: tables in tables go deeper than %d: '%s...'", job.where, MOST_DEEP,
      path:sub(1, 40))
  end
  local parts = {}
  for _, key in ipairs(sorted_keys(t)) do
    if type(key) ~= "string" and math.type(key) ~= "integer" then
      table.insert(job.problems, ("'%s' has the key %s; keys are strings and whole numbers"):format(
        path, tools.describe(key)))
    elseif gather(job, join(path, suffix(key)), t[key], is_field) then
      parts[#parts + 1] = suffix(key)
    end
  end
  job.notes["table." .. path] = table.concat(parts, "\n")
  job.depth = job.depth - 1
end

-- ------------------------------------------------------------- objects

local function arguments_of(module)
  local list = tools.arguments_of(module)
  if list then return list end
  for _, class in ipairs(tools.class_line(module)) do
    list = rawget(class, "arguments")
    if list then return list end
  end
  return {}
end

local function is_data(value)
  if PLAIN[type(value)] or tools.is_tensor(value) then return true end
  if type(value) ~= "table" or tools.metatable(value) then return false end
  for _, v in next, value do
    if not is_data(v) then return false end
  end
  return true
end

-- The arguments that hold now, but for those that are states, modules or functions.
local function gather_settings(job, node, module, apart)
  local is_state, settings = {}, {}
  for _, name in ipairs(tools.states(module)) do is_state[name] = true end
  for _, argument in ipairs(arguments_of(module)) do
    local name = argument.set_as or argument.name
    local is_kept = not argument.part and not apart[name]
    if is_kept and not is_state[name] and not is_state[argument.name] then
      local value = module[name]
      if value == nil or value ~= snn.none and is_data(value) then
        settings[#settings + 1] = { name = name, value = value, argument = argument }
        if value ~= nil then gather(job, join(node.path, "." .. name), value) end
      end
    end
  end
  node.settings = settings
  if tools.is_resized(module) then job.notes["resized." .. node.path] = "" end
end

-- Of a state whose elements are all one number in one place that number is kept.
local function put_state(job, path, value)
  local one = value.numel > 1 and tools.distinct(value)
  if one and one.numel == 1 then
    job.notes["one." .. path], value = "", one
  end
  put(job, path, value, true)
end

local function gather_states(job, node, module)
  node.states = {}
  for _, name in ipairs(tools.states(module)) do
    local value, is_open = module[name], tools.is_open(module, name)
    if value ~= nil or is_open then
      local path = join(node.path, "." .. name)
      table.insert(node.states, { name = name, path = path, value = value, is_open = is_open })
      if value ~= nil then put_state(job, path, value) end
    end
  end
end

local function gather_fields(job, node, module, apart)
  local fields, is_child = tools.fields(module), {}
  for _, name in ipairs(tools.links(module).order or {}) do
    is_child[name] = tools.is_module(fields[name])
  end
  node.fields = { table = fields }
  local parts = {}
  for _, key in ipairs(sorted_keys(fields)) do
    if type(key) == "string" and not is_child[key] and not apart[key] then
      local path = join(node.path, suffix(key))
      if gather(job, path, fields[key], true) then parts[#parts + 1] = suffix(key) end
    end
  end
  if #parts > 0 then job.notes["fields." .. node.path] = table.concat(parts, "\n") end
end

local function gather_module(job, node, module, apart)
  put(job, join(node.path, ".training"), module.training)
  gather_states(job, node, module)
  gather_settings(job, node, module, apart)
  gather_fields(job, node, module, apart)
  for _, child in ipairs(tools.children_of(module)) do
    gather(job, join(node.path, "." .. child[1]), child[2])
  end
end

local function gather_object(job, path, object, ways)
  local node = { path = path, object = object, ways = ways, class = tools.describe(object) }
  local apart = {}
  job.notes["class." .. path] = node.class
  table.insert(job.nodes, node)
  for _, way in ipairs(ways) do
    for name, value in next, way.save and way.save(object) or {} do
      put(job, path .. ":" .. name, value)
    end
    for _, name in ipairs(way.apart or {}) do apart[name] = true end
  end
  if tools.is_module(object) then gather_module(job, node, object, apart) end
  for _, way in ipairs(ways) do
    for _, child in ipairs(way.children and way.children(object) or {}) do
      gather(job, join(path, "." .. child[1]), child[2])
    end
  end
end

---Whether the value is kept. Functions and objects of other kinds are not, and a
---problem but in the fields of a module, which its script makes.
gather = function(job, path, value, is_field)
  if tools.is_tensor(value) then
    if is_known(job, path, value) then return true end
    put(job, path, value)
    return true
  elseif PLAIN[type(value)] then
    put(job, path, value)
    return true
  end
  local ways = ways_of(value)
  if ways then
    if not is_known(job, path, value) then gather_object(job, path, value, ways) end
    return true
  elseif type(value) == "table" and not tools.metatable(value) then
    if not is_known(job, path, value) then gather_table(job, path, value, is_field) end
    return true
  elseif not is_field then
    table.insert(job.problems, ("'%s' is a %s%s, which cannot be saved"):format(path,
      tools.describe(value), type(value) == "table" and " with a metatable" or ""))
  end
  return false
end

---All that is to be saved of `objects`, a table or one object.
---@param where string begins the errors
---@param objects table|snn.Module
---@return table job
function tools.gather(where, objects)
  if not ways_of(objects) and (type(objects) ~= "table" or tools.metatable(objects)) then
    tools.wrong_argument(where, "objects", "a table of objects, or one", objects)
  end
  local job = new_job(where)
  gather(job, "", objects)
  job.root = not ways_of(objects) and objects or nil
  put(job, ":random_state", snn.get_rng_state())
  if #job.problems > 0 then
    fail("TypeError", "%s: %s", where, table.concat(job.problems, "; "))
  end
  return job
end

---Whether two values of arguments are the same; tensors and tables by what is in them.
local function is_same(a, b)
  if tools.is_tensor(a) and tools.is_tensor(b) then return a:equal(b) end
  if type(a) ~= "table" or type(b) ~= "table" then return a == b or a ~= a and b ~= b end
  for key, value in next, a do
    if not is_same(value, b[key]) then return false end
  end
  for key in next, b do
    if a[key] == nil then return false end
  end
  return true
end

-- For snapshots, which make a job of what they have kept (snapshot.lua).
tools.jobs = { new = new_job, put = put, gather = gather, ways_of = ways_of,
  is_same = is_same }

tools.paths = { suffix = suffix, join = join, key_of = key_of }
