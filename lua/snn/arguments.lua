-- snn.arguments: the options of a script, by one table: what they are called, what they
-- are without a word of the command line, what they mean. `--help` is made of the same
-- table; a word that is none of them ends the script with the exit code 2, as of the
-- program itself.
local _, _, tools = ...

local fail = tools.fail

local WRONG_USAGE <const> = 2 -- exit code
local TEXT <const> = "snn.arguments" -- in errors of a script's table

---@param values string what the option takes, e.g. "a whole number"
local function reader(convert, values)
  return { takes = true, read = convert, values = values }
end

-- How the words behind an option are read, by the type of its default.
local READERS <const> = {
  boolean = { takes = false },
  integer = reader(function(word) return math.tointeger(tonumber(word)) end, "a whole number"),
  float = reader(tonumber, "a number"),
  string = reader(function(word) return word end, "a text"),
}

--- An option in the table of snn.arguments: { name, default, meaning }.
--- ```lua
--- local row = { "mode", "fast", "how it learns", value = "MODE", choices = { "fast", "slow" } }
--- print(snn.arguments({ args = { "--mode", "slow" }, row }).mode)
--- ```
---@class snn.ArgumentRow: { [1]: string, [2]: any, [3]: string }
--- What the help says that the option takes, e.g. "DIR".
--- ```lua
--- local row = { "data", nil, "folder of the digits", value = "DIR" }
--- print(row.value, snn.arguments({ args = {}, row }).data)
--- ```
---@field value? string
--- What it may be; another word ends the script.
--- ```lua
--- local row = { "mode", "fast", "how it learns", choices = { "fast", "slow" } }
--- print(row.choices[2], snn.arguments({ args = { "--mode=slow" }, row }).mode)
--- ```
---@field choices? any[]

-- ------------------------------------------------------------- the table

local function check_row(row, i, names)
  if type(row) ~= "table" or type(row[1]) ~= "string" or not row[1]:find "^%a[%w_-]*$" then
    fail("TypeError", "%s: row %d must be { \"name\", default, \"what it means\" }", TEXT, i)
  end
  local kind = math.type(row[2]) or type(row[2])
  if row[2] ~= nil and not READERS[kind] then
    fail("TypeError", "%s: the default of '%s' must be a number, string, boolean or nil, got %s",
      TEXT, row[1], tools.describe(row[2]))
  end
  if type(row[3]) ~= "string" then
    fail("TypeError", "%s: '%s' needs a text that says what it means, got %s", TEXT, row[1],
      tools.describe(row[3]))
  end
  if names[row[1]] or row[1] == "help" then
    fail("ValueError", "%s: '%s' is there twice", TEXT, row[1])
  end
end

local KEYS <const> = { true, true, true, value = true, choices = true }

-- A key of a row that has no meaning is a mistake that would be silent.
local function check_keys(row)
  for key in pairs(row) do
    if not KEYS[key] then
      local near = type(key) == "string" and tools.nearest(key, { "value", "choices" })
      fail("TypeError", "%s: '%s' has an unknown key '%s'%s", TEXT, row[1], tostring(key),
        near and (" (did you mean '%s'?)"):format(near) or "")
    end
  end
  if row.choices ~= nil and type(row.choices) ~= "table" then
    fail("TypeError", "%s: 'choices' of '%s' must be a list, got %s", TEXT, row[1],
      tools.describe(row.choices))
  end
end

-- name on the command line -> { row, reader, key }
local function read_rows(rows)
  local names = {}
  for i, row in ipairs(rows) do
    check_row(row, i, names)
    check_keys(row)
    local kind = row[2] == nil and "string" or math.type(row[2]) or type(row[2])
    names[row[1]] = { row = row, how = READERS[kind], key = (row[1]:gsub("-", "_")) }
  end
  return names
end

-- ------------------------------------------------------------- the help

local function script_name()
  return type(arg) == "table" and type(arg[0]) == "string" and arg[0] or "script.lua"
end

local function default_text(row)
  if row[2] == nil or type(row[2]) == "boolean" then return "" end
  return (" (%s)"):format(tostring(row[2]))
end

local function help(about, rows, names)
  local lines = { ("usage: snnlua %s [options]"):format(script_name()) }
  if about then lines[#lines + 1] = "\n" .. about end
  lines[#lines + 1] = "\noptions:"
  local words, widest = {}, #"--help"
  for i, row in ipairs(rows) do
    local takes = names[row[1]].how.takes
    local value = row.value or (row.choices and "WORD") or (row[2] == nil and "TEXT") or "N"
    words[i] = "--" .. row[1] .. (takes and " " .. value or "")
    widest = math.max(widest, #words[i])
  end
  local function add(word, text)
    lines[#lines + 1] = ("  %s%s  %s"):format(word, (" "):rep(widest - #word), text)
  end
  for i, row in ipairs(rows) do add(words[i], row[3] .. default_text(row)) end
  add("--help", "show this list")
  return table.concat(lines, "\n")
end

-- ------------------------------------------------------------- the words

-- Ends the script: a wrong word is a user's mistake, for which a traceback is no help.
local function refuse(text, ...)
  io.stderr:write(("%s: %s\n`snnlua %s --help` lists the options\n"):format(script_name(),
    text:format(...), script_name()))
  os.exit(WRONG_USAGE, true)
end

local function refuse_word(word, names)
  local list = {}
  for name in pairs(names) do list[#list + 1] = name end
  local near = tools.nearest(word:match "^%-%-([^=]*)" or "", list)
  refuse("'%s' is no option%s", word, near and (" (did you mean '--%s'?)"):format(near) or "")
end

local function check_choice(row, value)
  if not row.choices then return end
  local texts = {}
  for i, choice in ipairs(row.choices) do
    if choice == value then return end
    texts[i] = tostring(choice)
  end
  refuse("--%s: must be one of %s, got '%s'", row[1], table.concat(texts, ", "), value)
end

-- The script's words; none where no script runs: `arg` has the program's own then.
local function script_words()
  return type(arg) == "table" and arg[-1] ~= nil and arg or {}
end

-- Reads the option at words[i]; the place behind it.
local function take(words, i, names, out)
  local word = tostring(words[i])
  local name, joined = word:match "^%-%-([^=]+)=?(.*)$"
  local entry = name and names[name]
  if not entry then refuse_word(word, names) end
  if not entry.how.takes then
    if word:find("=", 1, true) then refuse("'%s' takes no value", "--" .. name) end
    out[entry.key] = not entry.row[2]
    return i + 1
  end
  local is_joined = word:find("=", 1, true) ~= nil
  local given = is_joined and joined or words[i + 1]
  if given == nil then refuse("--%s needs %s", name, entry.how.values) end
  local value = entry.how.read(given)
  if value == nil then refuse("--%s needs %s, got '%s'", name, entry.how.values, given) end
  check_choice(entry.row, value)
  out[entry.key] = value
  return i + (is_joined and 1 or 2)
end

return function(options)
  if type(options) ~= "table" then
    fail("TypeError", "%s: 'options' must be a table, got %s", TEXT, tools.describe(options))
  end
  local rows = { table.unpack(options) }
  local named = {}
  for key, value in pairs(options) do
    if not (math.type(key) == "integer" and rows[key]) then named[key] = value end
  end
  named = tools.options("arguments", named, { "about", "args" })
  local names, out = read_rows(rows), {}
  for _, entry in pairs(names) do out[entry.key] = entry.row[2] end
  if named.args ~= nil and type(named.args) ~= "table" then
    fail("TypeError", "%s: 'args' must be a list, got %s", TEXT, tools.describe(named.args))
  end
  local words = named.args or script_words()
  for _, word in ipairs(words) do
    if word == "--help" or word == "-h" then
      print(help(named.about, rows, names))
      os.exit(0, true)
    end
  end
  local i = 1
  while words[i] ~= nil do i = take(words, i, names, out) end
  return out
end
