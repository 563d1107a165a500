-- What help says of each public name, and what it lacks: a text that says no more than
-- the name, or the same as another's; a unit where one exists; an example that prints
-- nothing or raises. Run as a program it prints the names that lack something:
-- build/snnlua spec/every/help.lua.
local snn = require "snn"

local M = {}

-- The library's own table of help: an upvalue of snn.help.
local function library()
  local function upvalues(fn)
    for i = 1, 10 do
      local name, value = debug.getupvalue(fn, i)
      if name == "load" then return value end
      if not name then return end
      local found = type(value) == "function" and upvalues(value)
      if found then return found end
    end
  end
  return upvalues(snn.help) "snn.help.help"
end

M.help = library()

-- ------------------------------------------------------------- words

local SMALL = {}
for word in ([[the a an of is are to in and or as by for its it with that this on at from be
  x y v]]):gmatch "%a+" do SMALL[word] = true end

local function stem(word) return (word:lower():gsub("ies$", "y"):gsub("s$", "")) end

-- "LinearDense.batch_size" -> linear, dense, batch, size and their joins
local function words_of_name(name)
  local words = {}
  for part in name:gmatch "[%w]+" do
    words[stem(part)] = true
    for word in part:gsub("(%l)(%u)", "%1 %2"):gmatch "%a+" do words[stem(word)] = true end
  end
  return words
end

-- Does the text say no more than the name?
function M.is_name_alone(name, text)
  local words, count = words_of_name(name), 0
  for word in text:gmatch "[%w']+" do
    if not SMALL[word:lower()] and not words[stem(word)] then count = count + 1 end
  end
  return count == 0
end

-- ------------------------------------------------------------- units

local UNITS <const> = { "ms", "mV", "nA", "MOhm", "uS", "Hz", "kHz", "pC", "pF", "mS", "uF", "uA" }

-- Names of what has a unit.
local IS_TIME <const> = { step_time = true, dt = true, duration = true, time_constant = true,
  refrac_t = true, absrefrac = true, refrac = true }

local function has_unit(text)
  for _, unit in ipairs(UNITS) do
    if text:find("%f[%w]" .. unit .. "%f[%W]") then return true end
  end
  return false
end

local function wants_unit(key)
  return IS_TIME[key] or key:find "^tc_" or key:find "_v$" and key ~= "clear_v"
end

-- The key of an entry that lacks its unit, nil where none does.
local function without_unit(entry)
  local item = entry.item
  local is_value = item.kind == "argument" or item.kind == "field"
  if is_value and wants_unit(item.key) and not has_unit(entry.text) then return item.key end
  local is_call = item.kind == "function" or item.kind == "method"
  for _, row in ipairs(is_call and entry.arguments or {}) do
    local is_number = not row[2]:find "^fun" and not row[2]:find "^table"
    if wants_unit(row[1]) and is_number and not has_unit(row[2]) then return row[1] end
  end
end

-- ------------------------------------------------------------- examples

local MOST <const> = 2e7 -- instructions of Lua

-- A table of functions that writes what is printed into `out`.
local function environment(out)
  local env = setmetatable({ snn = snn }, { __index = _G })
  function env.print(...)
    local words = table.pack(...)
    for i = 1, words.n do words[i] = tostring(words[i]) end
    out[#out + 1] = table.concat(words, "\t")
  end
  env.io = setmetatable({ write = function(...) out[#out + 1] = table.concat { ... } end },
    { __index = io })
  return env
end

---Runs an example: what it printed, or nil and why it failed.
function M.run(text, name)
  local out = {}
  local env = environment(out)
  local fn, message = load(text, "=example of " .. name, "t", env)
  if not fn then return nil, message end
  snn.manual_seed(1)
  local print_before = print
  if name == "snn.help" then _G.print = env.print end
  debug.sethook(function() error("does not end", 0) end, "", MOST)
  local ok, err = pcall(fn)
  debug.sethook()
  _G.print = print_before
  if not ok then return nil, tostring(err) end
  return table.concat(out, "\n")
end

local function lack_of_example(entry, name)
  if not entry.example then return entry.kind ~= "command" and "example" or nil end
  if entry.kind == "command" then return end
  local printed, why = M.run(entry.example, name)
  if not printed then return "example raises: " .. why:gsub("\n.*", "") end
  if not printed:find "%S" then return "example prints nothing" end
  local is_value = entry.kind == "argument" or entry.kind == "field"
  local is_nil = is_value and printed:match "[^\n]*$" == "nil"
  if is_nil and not entry.doc:find "%f[%w]nil%f[%W]" then return "example prints nil" end
end

-- ------------------------------------------------------------- all

-- What other name has this text, of which it may not be: values of two classes may.
local function other_with(seen, entry, name)
  local text = entry.doc:lower():gsub("%W+", " ")
  local is_value = entry.kind == "argument" or entry.kind == "field"
  if is_value then text = entry.item.class .. ": " .. text end
  local key = is_value and "." .. entry.item.key or name
  local other = seen[text]
  seen[text] = other or { key, name }
  if other and other[1] ~= key then return other[2] end
end

---name -> what it lacks, for all names that lack something; and how many names there are.
function M.lacks()
  local lacks, seen, count = {}, {}, 0
  for _, name in ipairs(M.help.names()) do
    local entry, list = M.help.entry(name), {}
    count = count + 1
    if entry.doc == "" then
      list[1] = "text"
    elseif M.is_name_alone(name, entry.doc) then
      list[1] = "text says its name alone"
    else
      local other = other_with(seen, entry, name)
      if other then list[1] = "text is that of " .. other end
    end
    local key = without_unit(entry)
    if key then list[#list + 1] = "unit of " .. key end
    list[#list + 1] = lack_of_example(entry, name)
    if list[1] then lacks[name] = table.concat(list, "; ") end
  end
  return lacks, count
end

if arg and arg[0] and arg[0]:find("every/help.lua", 1, true) then
  local lacks, count = M.lacks()
  local total = 0
  for name, what in pairs(lacks) do
    total = total + 1
    print(name .. ": " .. what)
  end
  print(("%d public names, %d lack something"):format(count, total))
end

return M
