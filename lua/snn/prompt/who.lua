-- `:who` and `:mem`: what there is, and how much memory it takes.
local _, load_file, tools = ...
local _ENV <const> = tools.prompt_env

local print_values = load_file "snn.prompt.print"
local report = load_file "snn.prompt.report"
local timing = load_file "snn.prompt.timing"

local who = {}

local STANDARD <const> = {}
for name in ([[_G _VERSION _PROMPT _PROMPT2 arg assert collectgarbage coroutine debug dofile
  error getmetatable io ipairs load loadfile math next os package pairs pcall print rawequal
  rawget rawlen rawset require select setmetatable snn string table tonumber tostring type
  utf8 warn xpcall]]):gmatch "%S+" do STANDARD[name] = true end

---Names of the session's variables, then of globals that are not Lua's or the library's.
---@return { name: string, is_global: boolean }[]
function who.names(session)
  local list, seen = {}, {}
  for _, name in ipairs(session:names()) do
    list[#list + 1] = { name = name }
    seen[name] = true
  end
  for name in next, _G do
    if type(name) == "string" and not STANDARD[name] and not seen[name] then
      list[#list + 1] = { name = name, is_global = true }
    end
  end
  table.sort(list, function(a, b) return a.name < b.name end)
  return list
end

-- ---- one value ----

---The bytes of all tensors that an object saves.
local function object_bytes(object)
  local bytes = 0
  for _, value in next, object:state_dict() do bytes = bytes + print_values.bytes(value) end
  return bytes
end

---The name of an object's class.
local function class_of(value)
  local meta = debug.getmetatable(value)
  local name = type(meta) == "table" and rawget(meta, "__name")
  return type(name) == "string" and name or type(value)
end

local function shape_text(shape) return "{" .. table.concat(shape, ", ") .. "}" end

---Of neurons, or of what goes in and comes out of a connection.
local function shape_of(module)
  local ok, shape = pcall(function() return shape_text(module.shape) end)
  if ok then return shape end
  return shape_text(module.in_shape) .. " to " .. shape_text(module.out_shape)
end

local function count_fields(t)
  local n = 0
  for _ in next, t do n = n + 1 end
  return n
end

local OF = {}

function OF.string(value) return { shape = report.value(value), bytes = #value } end
function OF.number(value) return { shape = tostring(value), dtype = math.type(value) } end
function OF.boolean(value) return { shape = tostring(value) } end

function OF.table(value)
  local meta = debug.getmetatable(value)
  local n = count_fields(value)
  return { kind = meta and class_of(value), shape = ("%d field%s"):format(n, n == 1 and "" or "s") }
end

OF["function"] = function(value)
  local info = debug.getinfo(value, "S")
  return { shape = info.what == "C" and "of C"
    or ("%s:%d"):format(info.short_src, info.linedefined) }
end

function OF.userdata(value)
  if tools.is_tensor(value) then
    return { kind = "tensor", shape = shape_text(value.shape), dtype = value.dtype,
      bytes = print_values.bytes(value) }
  end
  local row = { kind = class_of(value) }
  if not tools.is_module(value) then return row end
  local ok, shape = pcall(shape_of, value)
  row.shape = ok and shape or nil
  local can, bytes = pcall(object_bytes, value)
  row.bytes = can and bytes or nil
  return row
end

---What is told of a value: kind, shape or value, dtype, bytes.
local function describe(value)
  local of = OF[type(value)]
  local ok, row = pcall(of or function() return {} end, value)
  if not ok and type(row) == "table" and row.kind == "Interrupt" then error(row, 0) end
  row = ok and row or {}
  row.kind = row.kind or type(value)
  return row
end

-- ---- tables of text ----

local function columns(rows)
  local widest = {}
  for _, row in ipairs(rows) do
    for i, text in ipairs(row) do
      widest[i] = math.max(widest[i] or 0, utf8.len(text) or #text)
    end
  end
  return widest
end

---Aligned rows; the columns of `right` to the right.
---@param rows string[][]
---@param right table<integer, true>
function who.table(rows, right)
  local widest, lines = columns(rows), {}
  for r, row in ipairs(rows) do
    local cells = {}
    for i, text in ipairs(row) do
      local blank = (" "):rep(widest[i] - (utf8.len(text) or #text))
      cells[i] = right[i] and blank .. text or text .. blank
    end
    lines[r] = table.concat(cells, "  "):gsub("%s+$", "")
  end
  return table.concat(lines, "\n") .. "\n"
end

-- ---- the commands ----

---Does the name fit what was typed: a pattern of Lua's, or a part of it?
local function fits(name, pattern)
  return name:find(pattern, 1, true) ~= nil or name:find(pattern) ~= nil
end

function who.who(session, pattern)
  local rows, total = {}, 0
  if not pcall(string.find, "", pattern) then
    tools.fail("ValueError", ":who: '%s' is no pattern", pattern)
  end
  for _, entry in ipairs(who.names(session)) do
    if fits(entry.name, pattern) then
      local row = describe(session:get(entry.name))
      total = total + (row.bytes or 0)
      rows[#rows + 1] = { entry.name, row.kind, row.shape or "", tostring(row.dtype or ""),
        row.bytes and timing.bytes(row.bytes) or "", entry.is_global and "global" or "" }
    end
  end
  if #rows == 0 then
    return session.write(pattern == "" and "no variables yet\n"
      or ("no variable fits '%s'\n"):format(pattern))
  end
  table.insert(rows, 1, { "name", "kind", "shape", "dtype", "bytes", "" })
  session.write(who.table(rows, { [5] = true }))
  session.write(("%d variable%s, %s\n"):format(#rows - 1, #rows == 2 and "" or "s",
    timing.bytes(total)))
end

function who.mem(session)
  local used, idle, resident, peak = tools.prompt.memory()
  session.write(who.table({
    { "Lua's heap", timing.bytes(collectgarbage "count" * 1024) },
    { "tensors and states", timing.bytes(used) },
    { "kept for the next ones", timing.bytes(idle) },
    { "the process", timing.bytes(resident) },
    { "the process at most", timing.bytes(math.max(peak, resident)) }, -- noted now and then
  }, { [2] = true }))
end

return who
