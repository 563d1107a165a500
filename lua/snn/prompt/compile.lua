-- How what is typed becomes a function.
--
-- A session's local is a variable of Lua's own, kept by a closure that has it as an upvalue:
-- a cell { fn =, index =, attribute = }. A text that names it is compiled inside of a
-- function that has a local of that name, whose upvalue is then joined to the cell's
-- (debug.upvaluejoin): what is typed is as quick as in a script, and shares the variable
-- with the closures of earlier lines. Behind each `local` at the top level of a text a call
-- is put that keeps the new variable the same way, so that it stays when the rest fails, and
-- a second `local x` is another variable. Nothing of that adds a line, or a word to a message.
local _, load_file, tools = ...
local _ENV <const> = tools.prompt_env

local tokens = load_file "snn.prompt.tokens"

local getupvalue, upvaluejoin = debug.getupvalue, debug.upvaluejoin
local load, concat, pack = load, table.concat, table.pack

local KEEP <const>, GUARD <const> = "_snn_keep", "_snn_guard"
-- of a function that holds the variables: Lua has 200 locals
local MOST_CELLS <const> = 190

-- functions around texts and those that keep variables: none of them is the script's
tools.prompt_keepers = tools.prompt_keepers or setmetatable({}, { __mode = "k" })
local keepers = tools.prompt_keepers

local compile = { tokens = tokens, hidden = { [KEEP] = true, [GUARD] = true } }

-- what was compiled here: a chunk, though it is a function within one (src/bind/lua/trace.h)
local registry <const>, CHUNKS <const> = debug.getregistry(), "snn.prompt.chunks"
local chunks = registry[CHUNKS] or setmetatable({}, { __mode = "k" })
registry[CHUNKS] = chunks

-- ---- cells ----

---A variable of its own.
---@param value any
---@param attribute? string "const" or "close"
function compile.cell(value, attribute)
  return { fn = function() return value end, index = 1, attribute = attribute }
end

function compile.get(cell)
  local _, value = getupvalue(cell.fn, cell.index)
  return value
end

function compile.set(cell, value) debug.setupvalue(cell.fn, cell.index, value) end

local function upvalue_index(fn, name)
  for i = 1, 255 do
    local found = getupvalue(fn, i)
    if found == name then return i end
    if not found then return nil end
  end
end

---What the call behind a `local` does: hands each of its variables to declare(name, cell).
---A constant that the compiler has put into the code has no upvalue.
local function keeper(statements, declare)
  return function(number, fn)
    local statement, values = statements[number], nil
    keepers[fn] = true
    for i, name in ipairs(statement.names) do
      local index, attribute = upvalue_index(fn, name), statement.attributes[i]
      if not index then values = values or pack(fn()) end
      -- (an _ENV of the user's would be that of all that is typed later)
      if name ~= "_ENV" then
        declare(name, index and { fn = fn, index = index, attribute = attribute }
          or compile.cell(values[i], attribute))
      end
    end
  end
end

-- ---- the text that is compiled ----

---Puts pieces into a text: list of { byte that they stand before, text }, in order.
local function insert(text, pieces)
  local parts, from = {}, 1
  for _, piece in ipairs(pieces) do
    parts[#parts + 1] = text:sub(from, piece[1] - 1)
    parts[#parts + 1] = piece[2]
    from = piece[1]
  end
  parts[#parts + 1] = text:sub(from)
  return concat(parts)
end

---The call that keeps the variables of statement `number`.
local function keep_call(statements, number)
  return (" %s(%d,function()return %s end);"):format(KEEP, number,
    concat(statements[number].names, ","))
end

---The pieces to put into a text: a call behind each local, `return` before the last
---expression if `returns`.
local function pieces_of(list, statements, returns)
  local pieces = {}
  for number, statement in ipairs(statements) do
    if statement.kind == "local" then
      pieces[#pieces + 1] = { list.last[statement.last] + 1, keep_call(statements, number) }
    end
  end
  if returns then
    pieces[#pieces + 1] = { list.first[statements[#statements].first], "return " }
  end
  return pieces
end

---What parts a text from the `end` behind it: a line's end where it ends in a comment, else
---what fails at its end would be told one line too far.
local function gap_behind(list)
  local last = list.n > 0 and list.last[list.n] or 0
  return list.text:find("--", last + 1, true) and "\n" or " "
end

---The function around the text: its locals are the names of cells. The guard keeps Lua from
---tail calls, which would take what is typed off the stack.
local function wrap(text, names, cells, options)
  local heads = { KEEP }
  for _, name in ipairs(names) do
    local attribute = cells[name].attribute and "<const>" or ""
    heads[#heads + 1] = name .. attribute
  end
  return ("local %s = ... return function(...)%s %s%send"):format(concat(heads, ","),
    options.has_guard and "local " .. GUARD .. "<close> = nil" or "", text, options.gap)
end

---The function of a text whose names in `cells` are these variables.
local function build(text, name, cells, options)
  local names = {}
  for key in pairs(cells) do names[#names + 1] = key end
  table.sort(names)
  local env = options.env
  if #names > MOST_CELLS then -- (nobody types so many)
    env, names = options.all, {}
  end
  local chunk, message = load(wrap(text, names, cells, options), name, "t", env)
  if not chunk then return nil, message end
  local fn = chunk(options.keep)
  keepers[fn] = true
  chunks[fn] = true
  for i = 1, 255 do
    local upvalue = getupvalue(fn, i)
    if not upvalue then break end
    local cell = cells[upvalue]
    if cell then upvaluejoin(fn, i, cell.fn, cell.index) end
  end
  return fn
end

-- ---- what is typed ----

local function ends_unfinished(message) return message:sub(-5) == "<eof>" end

---What is wrong with a text; then whether more lines can mend it, also as an expression.
local function explain(text, name, message, why_no_expression)
  if not ends_unfinished(message) then return message, ends_unfinished(why_no_expression) end
  if message:find("unfinished string", 1, true) then -- unless the line goes on, "\" at its end
    local _, with_end = load(text .. "\n", name, "t")
    if with_end and not ends_unfinished(with_end) then return with_end, false end
  end
  return message, true
end

---Does the message say that a block is open, so that no expression can end the text?
local function is_open(message) return message:find("' expected .*near <eof>$") ~= nil end

---Is there a statement at the end of the list that is an expression?
local function is_expression_last(statements, is_whole)
  local last = statements[#statements]
  return is_whole and last ~= nil and last.kind == "expression"
end

---How the text is to be compiled: the list of its tokens, its statements, the pieces to put
---in; nil with a message and whether it is only unfinished.
local function analyse(text, name)
  local as_expression, why_no_expression = load("return " .. text, name, "t")
  if as_expression then return tokens.list(text), {}, { { 1, "return " } } end
  local is_lua, message = load(text, name, "t")
  if not is_lua and is_open(message) then
    return nil, explain(text, name, message, why_no_expression)
  end
  local list = tokens.list(text)
  local statements, is_whole = tokens.statements(list)
  if is_expression_last(statements, is_whole) then
    local at = list.first[statements[#statements].first]
    if load(insert(text, { { at, "return " } }), name, "t") then
      return list, statements, pieces_of(list, statements, true)
    end
  end
  if is_lua then return list, statements, pieces_of(list, statements, false) end
  return nil, explain(text, name, message, why_no_expression)
end

---The names that a text sets at its top level as globals: by `x = …`, by `function x`.
local function targets_of(list, statements)
  local targets = {}
  for _, statement in ipairs(statements) do
    for name in pairs(statement.targets or {}) do targets[name] = true end
    if statement.kind == "function" then targets[list.word[statement.first + 1]] = true end
  end
  return targets
end

---The function of a typed text. Options: `find(name, is_set)` -> the cell of that name or
---nil; `declare(name, cell)` for each local at its top level; `env`: its globals; `all`: a
---table that has the cells too.
---@param text string
---@param name string of the chunk
---@return function? fn, table|string about { is_silent =, cells =, text = }; or a message
---@return boolean? unfinished more lines can mend it
function compile.typed(text, name, options)
  text = text:gsub("^%s*=", "", 1)
  local list, statements, pieces = analyse(text, name)
  if not list then return nil, statements, pieces end
  local cells, targets = {}, targets_of(list, statements)
  for key in pairs(tokens.names(list)) do
    if key ~= "_ENV" then cells[key] = options.find(key, targets[key]) end
  end
  local fn, message = build(insert(text, pieces), name, cells, { env = options.env,
    all = options.all, keep = keeper(statements, options.declare), has_guard = true,
    gap = gap_behind(list) })
  if not fn then return nil, message, false end
  return fn, { cells = cells, is_silent = list.word[list.n] == ";", text = text }
end

---The text of a file as Lua reads it: without a first line that is the shell's; nil when
---it cannot be read, or is compiled.
---@param path string? nil: standard input
function compile.read(path)
  local file = path and io.open(path, "rb") or not path and io.stdin
  local text = file and file:read("a")
  if path and file then file:close() end
  if not text then return nil end
  text = text:gsub("^\xEF\xBB\xBF", "")
  text = text:gsub("^#[^\n]*", "", 1)
  return text:sub(1, 1) ~= "\27" and text or nil
end

---The function of a script's text, which sees nothing of the session but leaves its locals
---there; nil and the message.
---@param text string
---@param name string of the chunk
---@param declare fun(name: string, cell: table)
function compile.script(text, name, declare)
  local fn, message = load(text, name, "t")
  if not fn then return nil, message end
  local list = tokens.list(text)
  local statements = tokens.statements(list)
  local kept = build(insert(text, pieces_of(list, statements, false)), name, {},
    { env = _G, keep = keeper(statements, declare), has_guard = false,
      gap = gap_behind(list) })
  return kept or fn -- (at Lua's limits there is no room to keep anything)
end

return compile
