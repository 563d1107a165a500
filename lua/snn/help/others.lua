-- What help says of values that are no public name of the library: strings, numbers,
-- functions of Lua and of scripts, errors.
local snn, _, tools = ...

local others = {}

local MANUAL <const> = "https://www.lua.org/manual/5.4/manual.html#pdf-"

-- Functions of Lua's own libraries: function -> "string.format".
local function standard()
  local names = {}
  for name, value in next, _G do
    if type(value) == "function" then names[value] = name end
    if type(value) == "table" and value ~= _G and package.loaded[name] == value
      and type(name) == "string" and not rawequal(value, snn) then
      for key, fn in next, value do
        if type(fn) == "function" then names[fn] = name .. "." .. key end
      end
    end
  end
  return names
end

-- The comment above a line of a file, and the line.
local function lines_around(path, line)
  local file = io.open(path)
  if not file then return end
  local comment, at = {}, 0
  for text in file:lines() do
    at = at + 1
    if at == line then
      file:close()
      return table.concat(comment, "\n"), text
    end
    local said = text:match "^%s*%-%-+%s?(.*)$"
    if said then comment[#comment + 1] = said else comment = {} end
  end
  file:close()
end

local function of_function(fn)
  local name = standard()[fn]
  if name and debug.getinfo(fn, "S").what == "C" then
    return ("%s: a function of Lua's own, described at\n%s%s"):format(name, MANUAL, name)
  end
  local info = debug.getinfo(fn, "Su")
  if info.what == "C" then return end
  local arguments = {}
  for i = 1, info.nparams do arguments[i] = debug.getlocal(fn, i) end
  if info.isvararg then arguments[#arguments + 1] = "..." end
  local text = ("a function (%s), %s:%d"):format(table.concat(arguments, ", "), info.short_src,
    info.linedefined)
  local comment = info.source:find "^@" and lines_around(info.source:sub(2), info.linedefined)
  return comment and comment ~= "" and text .. "\n" .. comment or text
end

local KINDS <const> = {
  TypeError = "an argument is missing, not known, or of another type",
  ValueError = "a value or a shape is not allowed there",
  AttributeError = "there is no field or name like that",
  RuntimeError = "it cannot be done now, as things are",
  IOError = "a file cannot be read or written",
  Interrupt = "Ctrl-C has stopped the work",
}

-- An error object of the library has its kind and its message.
local function of_error(x)
  local ok, kind = pcall(function() return x.kind end)
  if not ok or not KINDS[kind] then return end
  return ("an error, %s: %s\n%s"):format(kind, KINDS[kind], tostring(x))
end

---A string that is no public name, and the nearest one.
---@param word string
---@param names string[] all
---@return string
function others.unknown(word, names)
  local list = {}
  for _, name in ipairs(names) do
    list[#list + 1] = name
    list[#list + 1] = name:gsub("^snn%.", "")
    list[#list + 1] = name:match "([%w_]+)$"
  end
  local close = tools.nearest(word, list)
  return ("'%s' is no public name%s; apropos \"%s\" looks for it in all texts"):format(word,
    close and (" (did you mean '%s'?)"):format(close) or "", word)
end

local function of_table(x)
  local count, length = 0, #x
  for _ in next, x do count = count + 1 end
  return ("a table: %d entries, %d of them a list"):format(count, length)
end

---@param x any
---@return string|nil
function others.text(x)
  local kind = math.type(x) or type(x)
  if kind == "string" then return end
  if kind == "function" then return of_function(x) end
  if kind == "nil" then
    return "nil: no value; a name that is not assigned reads nil"
  end
  if kind == "integer" or kind == "float" then
    return ("%s: a number of Lua, %s"):format(tostring(x),
      kind == "integer" and "an integer of 64 bits" or "a float of 64 bits")
  end
  if kind == "boolean" then return tostring(x) .. ": a boolean" end
  local text = (kind == "table" or kind == "userdata") and of_error(x)
  if text then return text end
  if kind == "table" then return of_table(x) end
  return "a " .. kind
end

return others
