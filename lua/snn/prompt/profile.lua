-- `:profile`: where the time of a call goes, by what src/util/profile.h has measured.
local snn, load_file, tools = ...
local _ENV <const> = tools.prompt_env

local who = load_file "snn.prompt.who"

-- ---- names of objects ----

local function class_of(object)
  local meta = debug.getmetatable(object)
  local name = type(meta) == "table" and rawget(meta, "__name")
  return type(name) == "string" and name or "module"
end

---Names of what the script's variables hold, and of fields of tables in them.
---@return table<any, string>
local function name_objects(session)
  local names, tables = {}, {}
  for _, entry in ipairs(who.names(session)) do
    local value = session:get(entry.name)
    if type(value) == "userdata" then
      names[value] = names[value] or entry.name
    elseif type(value) == "table" then
      tables[#tables + 1] = { entry.name, value }
    end
  end
  for _, entry in ipairs(tables) do
    for key, value in next, entry[2] do
      if type(value) == "userdata" and not names[value] then
        names[value] = type(key) == "string" and entry[1] .. "." .. key
          or ("%s[%s]"):format(entry[1], tostring(key))
      end
    end
  end
  return names
end

local FAMILIES <const> = { CellTrainer = "trainer", Layer = "layer", Connection = "connection",
  Neuron = "neuron", Encoder = "encoder", Monitor = "monitor", Updater = "updater" }

---What an object is: the word of its family, else its class.
local function kind_of(object)
  local line = tools.class_line(object)
  for family, word in pairs(FAMILIES) do
    for _, class in ipairs(line) do
      if class == rawget(snn, family) then return word end
    end
  end
  return class_of(object)
end

-- ---- rows ----

---Name and kind of a measured row.
local function describe(row, objects, names)
  local object, layer = objects[row.key], objects[row.of]
  if row.kind == "call" and object then
    local name = names[object]
    local kind = kind_of(object)
    return name or class_of(object), kind == "layer" and "layer, the rest" or kind
  end
  local of = layer and (names[layer] or class_of(layer))
  local kind = row.kind == "record" and "recording" or row.kind
  return of and of .. "." .. row.name or row.name, kind
end

local COUNT_MOST <const> = 40 -- rows

local function row_texts(name, kind, calls, seconds, all)
  return { name, kind, calls and tostring(calls) or "", tools.fixed(seconds * 1e3, 2) .. " ms",
    calls and tools.fixed(seconds * 1e6 / calls, 2) or "",
    tools.fixed(all > 0 and 100 * seconds / all or 0, 1) .. " %" }
end

---@param rows table[] from tools.prompt.profiled
---@param seconds number of all
local function tell(session, rows, objects, seconds)
  local names, texts = name_objects(session), {}
  table.sort(rows, function(a, b) return a.seconds > b.seconds end)
  texts[1] = { "member", "kind", "calls", "total", "us a call", "share" }
  local rest, left = seconds, 0
  for i, row in ipairs(rows) do
    rest = rest - row.seconds
    if i <= COUNT_MOST then
      local name, kind = describe(row, objects, names)
      texts[#texts + 1] = row_texts(name, kind, row.calls, row.seconds, seconds)
    else
      left = left + row.seconds
    end
  end
  if #rows > COUNT_MOST then
    texts[#texts + 1] = row_texts(("%d others"):format(#rows - COUNT_MOST), "", nil, left, seconds)
  end
  texts[#texts + 1] = row_texts("Lua", "all else, tensors too", nil, math.max(rest, 0), seconds)
  texts[#texts + 1] = row_texts("total", "", nil, seconds, seconds)
  session.write(who.table(texts, { [3] = true, [4] = true, [5] = true, [6] = true }))
end

---Runs a text while the parts of networks are measured; its values are kept, not printed.
---Ctrl-C tells what there is.
return function(session, text)
  local fn = session:typed(text)
  local from <const> = tools.clock()
  local is_done = false
  local function finish()
    local seconds <const> = tools.clock() - from
    local rows, objects = tools.prompt.profiled()
    if is_done then return end
    is_done = true
    tell(session, rows, objects, seconds)
  end
  session.late = finish
  tools.prompt.profile()
  local values = table.pack(fn())
  session.late = nil
  finish()
  if values.n > 0 then session:answer(values, true) end
end
