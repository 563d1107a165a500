-- Help: what there is to say of each public name, as an entry (a table) and as text. All
-- of it comes from descriptors, rows of states and annotations; nothing is read before
-- the first call.
local snn, load, tools = ...
if tools.help_of then return tools.help_of end

local annotations = load "snn.help.annotations"
local classes = load "snn.help.classes"
local examples = load "snn.help.examples"
local names = load "snn.help.names"
local render = load "snn.help.render"
local texts = load "snn.help.texts"

local help = {}
tools.help_of = help -- read once

local WIDTH <const> = 80 -- columns where no terminal says how many

-- All items; anew when commands were added.
local function all()
  local count = 0
  for _ in next, tools.commands do count = count + 1 end
  if not help.list or help.command_count ~= count then
    help.list, help.command_count = names.all(), count
  end
  return help.list
end

-- ------------------------------------------------------------- the text of a name

local IN_PLACE <const> = "Writes the result of `%s` into the tensor itself, which it gives back: %s"

local function command_text(command)
  return command.summary or ""
end

-- A method in place of which nothing is said is the method that it is in the place of.
local function in_place_text(item)
  local plain = item.class == "Tensor" and item.key:match "^(.*)_$"
  local record = plain and annotations.read()["Tensor." .. plain]
  if not record or record.text == "" then return "" end
  local summary = texts.summary(record.text)
  return IN_PLACE:format(plain, summary)
end

local function text_of(item)
  if item.kind == "command" then return command_text(item.value) end
  if item.kind == "field" or item.kind == "argument" then return classes.field_doc(item) end
  local record = annotations.read()[item.name]
  local text = record and record.text or ""
  local summary = item.kind == "class" and item.value and rawget(item.value, "summary")
  if summary then return text == "" and summary or summary .. "\n\n" .. text end
  if text == "" and item.kind == "method" then return in_place_text(item) end
  return text
end

local function own_example(item)
  if item.kind == "command" then return item.value.example end
  if item.kind == "class" then return examples.of_class(item) end
  local owner = all().by[item.class]
  if item.kind == "argument" then
    local is_model = rawget(snn[item.class], "equations") ~= nil
    return classes.field_example(item) or not is_model and examples.of_field(item, owner)
      or examples.of_argument(item)
  end
  local record = annotations.read()[item.name]
  if item.kind == "field" then
    return classes.field_example(item) or examples.of_field(item, owner)
  end
  return record and record.example or item.class == "Tensor" and examples.in_place(item) or nil
end

-- An example that begins with `-- as snn.Layer:` goes on with that class's, without what
-- that prints.
local function example_of(item)
  local text = own_example(item)
  local class = text and text:match "^%-%- as snn%.(%w+):\n"
  local owner = class and all().by[class]
  if not owner then return text end
  return examples.without_prints(examples.of_class(owner)) .. "\n" .. text:gsub("^[^\n]*\n", "")
end

-- ------------------------------------------------------------- functions

local function short(kind) return (kind:gsub("snn%.", ""):gsub("|", " | ")) end

-- "add_cell(connection, neuron) -> Cell"
local function call_text(item)
  local record = annotations.read()[item.name] or { params = {}, returns = {} }
  local words, is_optional = {}, {}
  for _, param in ipairs(record.params) do is_optional[param.name] = param.optional end
  for name in (record.arguments or ""):gmatch "[%w_.]+" do
    words[#words + 1] = is_optional[name] and "[" .. name .. "]" or name
  end
  local text = ("%s(%s)"):format(item.key or item.name, table.concat(words, ", "))
  local results = {}
  for _, result in ipairs(record.returns) do results[#results + 1] = short(result.type) end
  if results[1] then text = text .. " -> " .. table.concat(results, ", ") end
  return text
end

-- The row of a method in its class.
local function signature(item) return call_text(item), texts.summary(text_of(item)) end

local function describe_call(entry, item)
  local record = annotations.read()[item.name]
  local owner = item.kind == "method" and names.full(item):match "^(.*[.:])" or "snn."
  entry.usage = owner .. call_text(item)
  entry.arguments, entry.results = {}, {}
  for _, param in ipairs(record and record.params or {}) do
    local kind = short(param.type) .. (param.optional and ", may be absent" or "")
    entry.arguments[#entry.arguments + 1] = { param.name,
      param.doc ~= "" and kind .. "; " .. param.doc or kind }
  end
  for i, result in ipairs(record and record.returns or {}) do
    if result.doc ~= "" then
      entry.results[#entry.results + 1] = { tostring(i), short(result.type) .. "; " .. result.doc }
    end
  end
end

-- ------------------------------------------------------------- an entry

-- Names that the text speaks of.
local function mentioned(item, text)
  local out, seen = {}, { [item.name] = true }
  for path in text:gmatch "%f[%w]snn%.([%a_][%w_.:]*)" do
    local found = names.find(all(), (path:gsub("[.:]+$", "")))
    if found and not seen[found.name] then
      out[#out + 1], seen[found.name] = names.full(found), true
    end
  end
  return out
end

local function add_members(entry, item)
  entry.members = {}
  for _, other in ipairs(all()) do
    local key = other.name:match("^" .. item.name .. "%.([^.]+)$")
    if key then entry.members[#entry.members + 1] = { key, texts.summary(text_of(other)) } end
  end
end

local function add_operators(entry, item)
  local record = annotations.read()[item.name]
  entry.operators = {}
  for _, text in ipairs(record and record.operators or {}) do
    entry.operators[#entry.operators + 1] = { text:match "^([%w_]+)", text:match "^[%w_]+(.*)$" }
  end
end

local DESCRIBE <const> = {
  class = function(entry, item)
    classes.describe(entry, item, all(), signature)
    add_operators(entry, item)
  end,
  ["function"] = describe_call,
  method = describe_call,
  table = add_members,
  field = function(entry, item)
    local kind = classes.field_type(item, all())
    if kind then entry.text = kind .. "; " .. entry.text end
  end,
  command = function(entry, item) entry.usage = item.value.usage end,
}
DESCRIBE.argument = DESCRIBE.field

local TITLES <const> = { class = ": objects", argument = ": an argument", command = "" }

local function make_entry(item)
  local text, errors = texts.without_errors(text_of(item))
  local full = names.full(item)
  local entry = { name = full, item = item, kind = item.kind, text = text, errors = errors,
    example = example_of(item), see = mentioned(item, text) }
  entry.summary, entry.doc = texts.summary(text), text
  entry.title = full .. (TITLES[item.kind] or ": a " .. item.kind)
  if DESCRIBE[item.kind] then DESCRIBE[item.kind](entry, item) end
  if item.class then table.insert(entry.see, 1, "snn." .. item.class) end
  return entry
end

---What there is of a public name, with or without "snn.", by "." or ":".
---@param name string
---@return table|nil entry
function help.entry(name)
  local item = names.find(all(), name)
  return item and make_entry(item)
end

---All public names as they are written, sorted: of what a class inherits the one where it
---is from.
---@return string[]
function help.names()
  local out = {}
  for i, item in ipairs(all()) do out[i] = names.full(item) end
  return out
end

---How many public names there are, and which have no text or no example.
---@return { names: integer, without: string[] }
function help.counts()
  local without = {}
  for _, item in ipairs(all()) do
    local lacks = {}
    if text_of(item) == "" then lacks[#lacks + 1] = "text" end
    if not example_of(item) and item.kind ~= "command" then lacks[#lacks + 1] = "example" end
    local what = table.concat(lacks, ", ")
    if what ~= "" then without[#without + 1] = names.full(item) .. ": " .. what end
  end
  return { names = #all(), without = without }
end

-- ------------------------------------------------------------- any value

---Finds the item of any value: of a name, a function, a class, an object.
---@param x any
---@return table|nil item
---@return string|nil about what the value is beside that
function help.find(x)
  local list = all()
  if type(x) == "string" then return names.find(list, x) end
  local item = x ~= nil and names.of_value(list, x)
  if item then return item end
  local mt = debug.getmetatable(x)
  if type(x) == "userdata" and mt and mt.__name == "Tensor" then
    local sizes = table.concat(x.shape, ", ")
    return list.by.Tensor, ("a tensor of shape {%s}, %s"):format(sizes, x.dtype)
  end
  local class = type(mt) == "table" and (mt.class or (names.parent(x) and names.parent(x)))
  local at = names.is_class(class) and class or nil
  while at do
    item = names.of_value(list, at)
    if item then
      local own = not rawequal(at, class) and debug.getmetatable(class).__name
      if own and not names.is_class(x) then
        return item, ("an object of %s, which is below snn.%s"):format(tools.plain(own), item.name)
      end
      return item, (names.is_class(x) and "a class below snn.%s" or "an object of snn.%s")
        :format(item.name)
    end
    at = names.parent(at)
  end
  local name = type(mt) == "table" and type(mt.__name) == "string" and mt.__name:gsub("^snn%.", "")
  local is_class = name and list.by[name] and list.by[name].kind == "class"
  if is_class then return list.by[name], "an object of snn." .. name end
end

---The full name of what an object, a class or a table has by a key: "snn.LIF.thresh_v".
---@param owner any
---@param key string
---@return string|nil
function help.member(owner, key)
  local item = type(owner) ~= "string" and owner ~= nil and help.find(owner)
  item = item and names.find(all(), item.name .. "." .. key)
  return item and names.full(item) or nil
end

---The width and whether colours: of the terminal.
local function terminal(width)
  local about = tools.terminal and tools.terminal()
  if type(about) ~= "table" then about = { width = about } end
  return width or about.width or WIDTH, about.color
end

---Help as text; nil for a string that is no name, and a function of C that is none of
---the library's.
---@param x any a value, or a name as a string
---@param width? integer columns; those of the terminal
---@return string|nil
function help.text(x, width)
  local columns, color = terminal(width)
  if x == "snn" or rawequal(x, snn) then
    return load("snn.help.overview").text(all(), columns, color)
  end
  local item, about = help.find(x)
  if item then
    local entry = make_entry(item)
    if about then entry.title = about .. "; " .. entry.title end
    return render.entry(entry, columns, color)
  end
  local text = load("snn.help.others").text(x)
  return text and render.wrap(text, columns, "")
end

---What is said of a string that is no name: the nearest one.
---@param x string
---@return string
function help.unknown(x) return load("snn.help.others").unknown(x, help.names()) end

-- The word of a message that names the function or the class that failed.
local function failed_word(failed)
  local ok, message = pcall(function() return failed.error.message end)
  if not ok or type(message) ~= "string" then message = tostring(failed.error or failed.text) end
  message = message:gsub("^[^%s:]+:%d+: ", ""):gsub("^%u%a+Error: ", "")
  if message:find "^tensor: unknown name" then return "Tensor" end
  return message:match "^([%w_.]+): " or message:match "^([%w_.]+) has no field"
    or message:match "^no field '[^']*' in ([%w_.]+)"
end

-- The item of such a word: a name, or the last part of a method's, of tensors first.
local function item_of_word(list, word)
  local found = names.find(list, word) or list.by["Tensor." .. word]
  for _, item in ipairs(found and {} or list) do
    if item.key == word and item.kind == "method" then found = item end
  end
  return found
end

---The function that failed: of the innermost frame that has a public name, else of the
---word that the message begins with, else the script's own.
---@param failed { error: any, text: string, frames: table[] } lua/snn/prompt/session.lua
---@param width? integer
---@return string|nil
function help.failed(failed, width)
  local list, word, own = all(), failed_word(failed), nil
  for _, frame in ipairs(failed.frames or {}) do
    local item = frame.func and names.of_value(list, frame.func)
    if item and not (word and item.key ~= word and item.name ~= word) then
      return help.text(item.name, width)
    end
    if frame.what == "Lua" and not tostring(frame.source):find "^=%[snn%]" then
      own = own or frame
    end
  end
  if word == "snn" then return help.text("snn", width) end
  local inner = failed.frames and failed.frames[1]
  if inner and tostring(failed.error):find "bad argument #" then
    return help.text(inner.func, width)
  end
  local found = word and item_of_word(list, word)
  if found then return help.text(found.name, width) end
  return own and own.func and (own.name and own.name .. ": " or "") .. help.text(own.func, width)
end

-- Are all words in its name or text? What a class has counts by its own name: the class's
-- finds the class.
local function speaks_of(item, words)
  local name = item.class and item.key or names.full(item)
  local text = (name .. " " .. text_of(item)):lower()
  for word in words:gmatch "%S+" do
    if not text:find(word, 1, true) then return false end
  end
  return true
end

---What words are in names and texts of: a line each, name and summary.
---@param words string one or several, all of which must be there
---@param width? integer
---@return string
function help.apropos(words, width)
  local columns, rows, members, same = terminal(width), {}, {}, {}
  for _, item in ipairs(all()) do
    if speaks_of(item, words:lower()) then
      local summary = texts.summary(text_of(item))
      local key = item.class and item.key .. ":" .. summary
      local row = key and same[key] or { names.full(item), summary }
      if key and same[key] then
        row[1] = row[1]:gsub(",? …$", "") .. ", …" -- of more classes than the first
      elseif key then
        same[key], members[#members + 1] = row, row
      else
        rows[#rows + 1] = row
      end
    end
  end
  table.move(members, 1, #members, #rows + 1, rows)
  if #rows == 0 then return ("nothing speaks of '%s'"):format(words) end
  return render.list(rows, columns)
end

---Where something is from: file, line and its text.
---@param x any
---@return string
function help.source(x)
  return load("snn.help.origin").text(x, help, names)
end

return help
