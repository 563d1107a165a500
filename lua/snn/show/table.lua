-- Lua values as text: tables with bounds on depth, number of entries and cycles. No
-- metamethod of a script is called but __tostring, whose error is told.
local _, load, tools = ...

local text = load "snn.show.text"

local tables = {}

local MANY <const>, FEW <const> = 100, 20 -- entries of a table that are all shown, deeper in
local SHOWN <const> = 10                  -- of those that have more
local MOST <const> = 2000                 -- entries of all tables together
local LONGEST <const> = 200               -- bytes of a string in a table

-- ------------------------------------------------------------- single values

local function quote(s, ctx)
  local rest = #s > LONGEST and (" (%d bytes)"):format(#s) or ""
  if #s > LONGEST then s = s:sub(1, LONGEST):gsub("[\xC0-\xFF]?[\x80-\xBF]*$", "") end
  local known = { ["\n"] = "\\n", ["\t"] = "\\t", ["\r"] = "\\r", ["\\"] = "\\\\", ['"'] = '\\"' }
  s = s:gsub('[%c\127"\\]', function(c) return known[c] or ("\\x%02X"):format(c:byte()) end)
  if not utf8.len(s) then
    s = s:gsub("[\x80-\xFF]", function(c) return ("\\x%02X"):format(c:byte()) end)
  end
  return '"' .. s .. (rest ~= "" and ctx.dots or "") .. '"' .. rest
end

-- function -> its name, of what Lua and the library have.
local function known_name(fn)
  for name, module in next, package.loaded do
    if type(module) == "table" and type(name) == "string" then
      for key, value in next, module do
        if rawequal(value, fn) and type(key) == "string" then
          return name == "_G" and key or name .. "." .. key
        end
      end
    end
  end
end

---"function name (file:line)"
function tables.of_function(fn)
  local name, place = known_name(fn), text.place(fn)
  if not place then
    local is_c = debug.getinfo(fn, "S").what == "C"
    place = is_c and "C" or "of the library"
  end
  return ("function %s(%s)"):format(name and name .. " " or "", place)
end

-- A number as Lua writes it, with a point in every locale.
local function of_number(value) return (tostring(value):gsub("[^%w%+%-%.]+", ".")) end

-- What a __tostring says, or that it failed.
local function by_metamethod(value)
  local ok, said = pcall(tostring, value)
  if ok then return (tools.plain(said)) end
  local why = type(said) == "string" and said or select(2, pcall(tostring, said))
  return ("<error in __tostring: %s>"):format(tools.plain(tostring(why)))
end

local function of_tensor(t, ctx)
  local shape = text.shape(t.shape)
  if t.numel <= 8 and t.ndim <= 1 then
    local line = tools.tensor_text(t, 10000)
    if #line <= ctx.width then return line end
  end
  return ("tensor %s %s"):format(shape, t.dtype)
end

---Whether a table is a class, of the library or of a script.
function tables.is_class(value)
  local meta = debug.getmetatable(value)
  local name = type(meta) == "table" and rawget(meta, "__name")
  return type(name) == "string" and name:find "^class %w" ~= nil and rawget(meta, "parent") ~= nil
end

-- One line of what is no plain table; nil of a table to be walked.
local function short(value, ctx)
  local kind = type(value)
  if kind == "string" then return quote(value, ctx) end
  if kind == "function" then return tables.of_function(value) end
  if math.type(value) == "float" then return of_number(value) end
  if kind == "thread" then return ("thread (%s)"):format(coroutine.status(value)) end
  if tools.is_tensor(value) then return of_tensor(value, ctx) end
  if tools.is_module(value) then return ctx.short(value, ctx) end
  local meta = debug.getmetatable(value)
  if kind ~= "table" then return by_metamethod(value) end
  if tables.is_class(value) then return (tools.plain(meta.__name)) end
  if type(meta) ~= "table" or tools.proxies[value] then return nil end
  if rawget(meta, "__tostring") ~= nil then
    return by_metamethod(value):gsub("\n%s*", " ")
  end
end

-- ------------------------------------------------------------- entries

local RANK <const> = { number = 1, string = 2, boolean = 3 }

local function before(a, b)
  local x, y = RANK[type(a)] or 4, RANK[type(b)] or 4
  if x ~= y then return x < y end
  if x == 1 or x == 2 then return a < b end
  return x == 3 and not a and b
end

-- Keeps the first ones in order.
local function insert(keys, key, most)
  if #keys == most and not before(key, keys[most]) then return end
  local at = #keys + 1
  while at > 1 and before(key, keys[at - 1]) do at = at - 1 end
  table.insert(keys, at, key)
  keys[most + 1] = nil
end

-- The first keys outside of the list that the table begins with, in order, and how
-- many entries there are in all.
local function keys_of(t, length, most)
  local keys, count = {}, 0
  for key in next, t do
    count = count + 1
    if math.type(key) ~= "integer" or key < 1 or key > length then insert(keys, key, most) end
  end
  return keys, count
end

-- Entries { key or nil, value } to be shown, how many more there are. A proxy of the
-- library has its own iterator.
local function entries_of(t, level)
  local most = level == 1 and MANY or FEW
  local list = {}
  if tools.proxies[t] then
    for key, value in tools.proxies[t]() do list[#list + 1] = { key, value } end
    return list, 0
  end
  local length = 0
  local border = rawlen(t)
  while length < border and rawget(t, length + 1) ~= nil and length < most + 1 do
    length = length + 1
  end
  if length > most then length = border end
  local keys, count = keys_of(t, length, most + 1)
  local room = count > most and SHOWN or count
  for i = 1, math.min(length, room) do list[i] = { nil, rawget(t, i) } end
  for _, key in ipairs(keys) do
    if #list >= room then break end
    list[#list + 1] = { key, rawget(t, key) }
  end
  return list, count - #list
end

local function key_text(key, ctx)
  if type(key) == "string" then
    if key:find "^[%a_][%w_]*$" then return key end
    return "[" .. quote(key, ctx) .. "]"
  end
  local s = short(key, ctx)
  if not s then s = type(key) == "table" and "table" or tostring(key) end
  return "[" .. s .. "]"
end

-- ------------------------------------------------------------- walking

local walk

local function head_of(t)
  local meta = debug.getmetatable(t)
  local name = type(meta) == "table" and rawget(meta, "__name")
  return type(name) == "string" and tools.plain(name) .. " " or ""
end

-- Texts of the entries, each maybe of several lines; `indent` is where they begin.
local function items_of(t, ctx, state, path, level)
  local list, more = entries_of(t, level)
  local items = {}
  for i, entry in ipairs(list) do
    state.count = state.count + 1
    if state.count > MOST then
      more = more + #list - i + 1
      break
    end
    local key = entry[1] ~= nil and key_text(entry[1], ctx)
    local name = key and (key:sub(1, 1) == "[" and key or "." .. key) or ("[%d]"):format(i)
    local value = walk(entry[2], ctx, state, path .. name, level + 1)
    items[#items + 1] = key and key .. " = " .. value or value
  end
  if more > 0 then items[#items + 1] = ("%s %d more"):format(ctx.dots, more) end
  return items, more > 0
end

local function is_flat(items)
  for _, item in ipairs(items) do
    if item:find("\n", 1, true) then return false end
  end
  return true
end

-- Short entries side by side, each line begun at `indent`.
local function filled(items, indent, ctx)
  local lines = {}
  for i, item in ipairs(items) do items[i] = i < #items and item .. "," or item end
  text.words(lines, items, #indent, ctx)
  return table.concat(lines, "\n")
end

local function is_list(items)
  for _, item in ipairs(items) do
    if #item > 16 or item:find(" = ", 1, true) then return false end
  end
  return #items > 1
end

function walk(value, ctx, state, path, level)
  local line = short(value, ctx)
  if line then return line end
  if type(value) ~= "table" then return tostring(value) end
  if state.above[value] then
    local where = state.above[value]
    return where == "" and "<cycle>" or ("<cycle: %s>"):format((where:gsub("^%.", "")))
  end
  local head = head_of(value)
  if not tools.proxies[value] and next(value) == nil then return head .. "{}" end
  if level > ctx.depth then return head .. "{" .. ctx.dots .. "}" end
  state.above[value] = path
  local items = items_of(value, ctx, state, path, level)
  state.above[value] = nil
  if #items == 0 then return head .. "{}" end
  local indent = ("  "):rep(level)
  local flat = head .. "{" .. table.concat(items, ", ") .. "}"
  if is_flat(items) and text.length(flat) + 2 * level <= ctx.width - 8 then return flat end
  local inner
  if is_list(items) then
    inner = filled(items, indent, ctx)
  else
    for i, item in ipairs(items) do
      if not item:find("\n", 1, true) then item = text.cut(item, ctx.width - #indent - 1, ctx) end
      items[i] = indent .. item
    end
    inner = table.concat(items, ",\n")
  end
  return head .. "{\n" .. inner .. "\n" .. ("  "):rep(level - 1) .. "}"
end

---@param t table
---@param ctx table
function tables.show(t, ctx) return walk(t, ctx, { above = {}, count = 0 }, "", 1) end

---A value in one line.
function tables.short(value, ctx)
  local line = short(value, ctx)
  if not line then
    local depth = ctx.depth
    ctx.depth = 1
    line = tables.show(value, ctx):gsub("\n%s*", " ")
    ctx.depth = depth
  end
  return (line:gsub("\n%s*", " "))
end

return tables
