-- Reads the LuaCATS annotations inside the program: those beside the sources (lua/snn/)
-- and those of what is written in C (lua/meta/). They are read with the first help call.
--
--     --- One sentence. More of it, errors by kind ("ValueError: ...").
--     --- ```lua
--     --- print(snn.eye(2))
--     --- ```
--     ---@param n integer rows
--     ---@return snn.Tensor
--     function snn.eye(n, m, options) end
--
-- A name is known by its path without "snn.", with dots: "eye", "Layer.add_cell".
-- `---@class snn.Name` above `local X = ...` makes X the class's name in that file.
local _, _, tools = ...
if tools.help_annotations then return tools.help_annotations end

local annotations = {}
tools.help_annotations = annotations -- read once

-- ------------------------------------------------------------- one comment

local OPENS <const> = { ["{"] = "}", ["("] = ")", ["["] = "]", ["<"] = ">" }
local CLOSES <const> = { ["}"] = true, [")"] = true, ["]"] = true, [">"] = true }

---The type that `text` begins with, and what follows it: a type goes on in brackets,
---and after `:` of a function's results, `|` and `,` of several.
local function split_type(text)
  local depth, i = 0, 1
  while i <= #text do
    local c = text:sub(i, i)
    if OPENS[c] then depth = depth + 1 end
    if CLOSES[c] then depth = depth - 1 end
    if c == " " and depth <= 0 and not text:sub(i - 1, i - 1):find "[:|]" then break end
    i = i + 1
  end
  return text:sub(1, i - 1), (text:sub(i + 1):gsub("^%s+", ""))
end

-- Of a type is it still inside brackets?
local function is_open(text)
  local depth = 0
  for c in text:gmatch "[%[%](){}]" do depth = depth + (OPENS[c] and 1 or -1) end
  return depth > 0
end

local function add_named(list, rest)
  local name, more = rest:match "^(%S+)%s*(.*)$"
  if rest:find "^%[" then name, more = rest:match "^(%b[])%s*(.*)$" end
  if not name then return end
  local kind, doc = split_type(more)
  local is_optional = name:sub(-1) == "?"
  list[#list + 1] = { name = name:gsub("%?$", ""), type = kind, doc = doc, optional = is_optional }
end

local ADD <const> = {
  param = function(out, rest) add_named(out.params, rest) end,
  ["return"] = function(out, rest)
    local kind, doc = split_type(rest)
    while kind:sub(-1) == "," do -- several results in one line
      out.returns[#out.returns + 1] = { type = kind:sub(1, -2), doc = "" }
      kind, doc = split_type(doc)
    end
    out.returns[#out.returns + 1] = { type = kind, doc = doc }
  end,
  field = function(out, rest, about)
    rest = rest:gsub("^private ", ""):gsub("^public ", "")
    add_named(out.fields, rest)
    local field = out.fields[#out.fields]
    if field and #about.text > 0 then
      field.doc = (#field.doc > 0 and field.doc .. "; " or "") .. table.concat(about.text, " ")
    end
    if field then field.example = about.example end
  end,
  class = function(out, rest)
    out.class = rest:match "^snn%.([%w_.]+)" or rest:match "^([%w_.]+)"
    out.above = rest:match ":%s*snn%.([%w_]+)"
  end,
  operator = function(out, rest) out.operators[#out.operators + 1] = rest end,
}

local function new_about() return { text = {} } end

-- ```lua ... ``` is the example, not a part of the text. Gives the line behind it.
local function read_example(lines, i, about)
  local example = {}
  i = i + 1
  while lines[i] and not lines[i]:find "^%s*```" do
    example[#example + 1] = lines[i]:gsub("^ ", "", 1)
    i = i + 1
  end
  about.example = table.concat(example, "\n")
  return i + 1
end

-- A directive with the lines that go on with it. Of a class a line with one space is
-- what the next field is about.
local function read_directive(lines, i, is_class)
  local line = lines[i]
  local next_line = lines[i + 1]
  while next_line and not next_line:find "^@" and not next_line:find "^%s*```"
    and (is_open(line) or next_line:find "^  " or not is_class) and next_line:find "%S" do
    line, i = line .. " " .. next_line:gsub("^%s+", ""), i + 1
    next_line = lines[i + 1]
  end
  return line, i + 1
end

---What a comment says; `lines` are without `---`.
local function read_comment(lines)
  local out = { params = {}, returns = {}, fields = {}, operators = {} }
  local about, i, is_class = new_about(), 1, false
  for _, line in ipairs(lines) do is_class = is_class or line:find "^@class" ~= nil end
  local head
  while i <= #lines do
    if lines[i]:find "^%s*```lua" then
      i = read_example(lines, i, about)
    elseif lines[i]:find "^@" then
      local line, after = read_directive(lines, i, is_class)
      i = after
      local what, rest = line:match "^@(%a+)%s*(.*)$"
      if what ~= "field" then head, about = head or about, head and about or new_about() end
      if ADD[what] then ADD[what](out, rest, about) end
      if what == "field" then about = new_about() end
    else
      about.text[#about.text + 1] = lines[i]:gsub("^ ", "", 1)
      i = i + 1
    end
  end
  head = head or about
  out.text, out.example = table.concat(head.text, "\n"), head.example or about.example
  return out
end

-- ------------------------------------------------------------- a file

-- Takes a record into all: of what several comments tell the first text holds.
local function take(all, name, record)
  local old = all[name]
  if not old then
    all[name] = record
    return
  end
  if old.text == "" then old.text = record.text end
  old.example, old.above = old.example or record.example, old.above or record.above
  for _, list in ipairs { "fields", "params", "returns", "operators" } do
    if list == "fields" or #old[list] == 0 then
      table.move(record[list], 1, #record[list], #old[list] + 1, old[list])
    end
  end
end

local function path_of(name, aliases)
  name = name:gsub(":", ".")
  local first, rest = name:match "^([%w_]+)(.*)$"
  if first == "snn" then return (rest:gsub("^%.", "")) end
  return aliases[first] and aliases[first] .. rest or nil
end

-- What the line behind a comment gives: path, its arguments as they are written.
local function statement(line, aliases)
  local name, arguments = line:match "^function ([%w_.:]+)%((.*)$"
  if name then return path_of(name, aliases), arguments, name:find ":" ~= nil end
  name, arguments = line:match "^([%w_.]+) = function%((.*)$"
  name = name or line:match "^([%w_]+%.[%w_.]+) = "
  if name then return path_of(name, aliases), arguments, false end
end

local function note_alias(line, class, aliases)
  local name, of = line:match "^local (%w+)[ <>a-z]* = snn%.([%w_.]+)$"
  if not name then of, name = line:match "^snn%.([%w_]+) = (%w+)$" end
  name = name or line:match "^local (%w+)"
  if name and (of or class) then aliases[name] = class or of end
end

---The lines of a text, and the next pieces that comments are read of.
local function read_file(all, file, text)
  local aliases, comment, at = {}, {}, 0
  for line in (text .. "\n"):gmatch "(.-)\n" do
    at = at + 1
    local said = line:match "^%-%-%-(.*)$"
    if said and not said:find "^[-@]meta" and not said:find "^%-" then
      comment[#comment + 1] = said
    else
      local record = #comment > 0 and read_comment(comment) or nil
      note_alias(line, record and record.class, aliases)
      local path, arguments, is_method = statement(line, aliases)
      if record and record.class then
        record.file, record.line = file, at
        take(all, record.class, record)
      elseif path then
        record = record or read_comment {}
        record.file, record.line, record.is_method = file, at, is_method
        record.arguments = arguments and arguments:gsub("%).*$", "")
        take(all, path, record)
      end
      comment = {}
    end
  end
end

-- ------------------------------------------------------------- all

local PLAIN <const> = "^snn%.help%." -- has no public name

---name -> record { text, example, params, returns, fields, file, line }, of all files.
---@return table<string, table>
function annotations.read()
  if annotations.all then return annotations.all end
  annotations.all, annotations.sources = {}, tools.sources()
  local names = {}
  for name in next, annotations.sources do names[#names + 1] = name end
  table.sort(names)
  for _, name in ipairs(names) do
    if not name:find(PLAIN) then
      read_file(annotations.all, "lua/" .. name:gsub("%.", "/") .. ".lua",
        annotations.sources[name])
    end
  end
  return annotations.all
end

---The lines of an embedded file: "lua/snn/layer.lua"; nil of another.
---@param file string
---@return string[]|nil
function annotations.lines(file)
  annotations.read()
  local text = annotations.sources[file:gsub("^lua/", ""):gsub("%.lua$", ""):gsub("/", ".")]
  if not text then return end
  local lines = {}
  for line in (text .. "\n"):gmatch "(.-)\n" do lines[#lines + 1] = line end
  return lines
end

return annotations
