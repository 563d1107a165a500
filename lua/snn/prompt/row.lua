-- What a row of snn.commands must be; read when a script adds one.
local _, _, tools = ...

local COMPLETE <const> = { expression = true, file = true, name = true }

local function fail(name, text, ...)
  tools.fail("TypeError", "snn.commands.%s: %s", name, text:format(...))
end

---Raises unless `row` is a command; nil takes one away.
return function(name, row)
  if type(name) ~= "string" or not (name:find "^[%a_][%w_]*$" or name:find "^[^%s%w_:]$") then
    tools.fail("TypeError", "snn.commands: the name of a command is a word or one sign, got %s",
      tools.describe(name))
  end
  if row == nil then return end
  if type(row) ~= "table" then
    fail(name, "must be a table with usage, summary and run, got %s", tools.describe(row))
  end
  for _, key in ipairs { "usage", "summary" } do
    if type(row[key]) ~= "string" or row[key] == "" then
      fail(name, "'%s' must be a text, got %s", key, tools.describe(row[key]))
    end
  end
  if type(row.run) ~= "function" then
    fail(name, "'run' must be a function of the session and the text behind the name, got %s",
      tools.describe(row.run))
  end
  if row.complete ~= nil and not COMPLETE[row.complete] then
    fail(name, "'complete' must be 'expression', 'file' or 'name', got %s",
      tools.describe(row.complete))
  end
  if row.needs ~= nil and type(row.needs) ~= "boolean" then
    fail(name, "'needs' must be a boolean, got %s", tools.describe(row.needs))
  end
end
