-- What helps who writes another language's Lua: one table. A row's hint is given where the
-- message has `says` and the line that it is about has `line`, both Lua patterns; a line is
-- its tokens with a blank around each, but a.b and a:b as one, strings as "". The first row
-- that fits is taken.
local _, load_file, tools = ...
local _ENV <const> = tools.prompt_env or _G

local tokens = load_file "snn.prompt.tokens"

local NIL <const> = "a nil value"
local KEYWORDS <const> = " and break do else elseif end false for function goto if in local nil "
  .. "not or repeat return then true until while "
local NAME <const> = "([%a_][%w_]*)"

---@class snn.HintRow
---@field says? string pattern of the message
---@field line? string pattern of the line's tokens
---@field hint string|fun(...): string? of what `line` (without: `says`) captures

---What is assigned to, where that is a name: else it is x.
local function name_of(target) return target:match "^[%a_][%w_.]*$" or "x" end

---"x = x + 1" for `x += 1`.
local function compound(target, operator)
  local name = name_of(target)
  return ("Lua has no %s=: write %s = %s %s ..."):format(operator, name, name, operator)
end

local function step(target)
  local name = name_of(target)
  return ("Lua has no ++: write %s = %s + 1"):format(name, name)
end

---@type snn.HintRow[]
local SYNTAX <const> = {
  -- comments
  { line = "^ # ", says = "near", hint = "a comment begins with --" },
  { line = " # ", says = "near '#'", hint = "a comment begins with --; #x is the length of x" },
  { line = "^ // ", says = "near", hint = "a comment begins with --" },
  { line = "^ ! [%a]", says = "near '!'",
    hint = "Lua writes `not x` for !x; :!ls runs a command of the shell" },
  { line = " / %* ", says = "near", hint = "a comment of several lines is --[[ ... ]]" },
  { line = "^[^/]* // [%a_][%w_]* [%a_]", says = "near",
    hint = "a comment begins with --; // divides and rounds down" },
  { says = "near '%('", line = " for %( ", hint = "Lua writes for i = 1, n do ... end" },
  -- operators
  { line = " ! == ", says = "near", hint = "Lua writes ~= for !==" },
  { line = " ! = ", says = "near", hint = "Lua writes ~= for !=" },
  { says = "near '!'", hint = "Lua writes `not x` for !x" },
  { line = " < > ", says = "near '>'", hint = "Lua writes ~= for <>" },
  { line = " & & ", says = "near '&'", hint = "Lua writes `and` for &&" },
  { line = " | | ", says = "near '|'", hint = "Lua writes `or` for ||" },
  { line = " == = ", says = "near '='", hint = "Lua writes == for ===" },
  { line = " %* %* ", says = "near '%*'", hint = "Lua writes x^2 for x**2" },
  { line = "^ %+ %+ (%S+) ", says = "near", hint = step },
  { line = " (%S+) %+ %+ ", says = "near", hint = step },
  { line = " = [%a_][%w_.]* = ", says = "near '='",
    hint = "an assignment is a statement: x = 1 y = 1, or x, y = 1, 1" },
  { line = " [%w_\"]+ if .* else ", says = "near",
    hint = "Lua writes `condition and a or b` for `a if condition else b`" },
  { line = " [%w_\"]+ if .* else ", says = "expected",
    hint = "Lua writes `condition and a or b` for `a if condition else b`" },
  { line = " [%[{] .* for .* in ", says = "near '?[%[{f]",
    hint = "Lua has no comprehensions: a loop fills a list, list[#list + 1] = x" },
  { line = " = ([-+]) ", says = "near '[-+]'",
    hint = function(sign) return compound("x", sign) end },
  { line = " (%S+) (%.%.) = ", says = "near", hint = compound },
  { line = " (%S+) (//) = ", says = "near", hint = compound },
  { line = " (%S+) ([-+*/%%^&|]) = ", says = "near", hint = compound },
  { line = " : = ", says = "near",
    hint = "Lua assigns with =, and makes a variable with local x =" },
  { line = " %? ", says = "near '%?'",
    hint = "Lua writes `condition and a or b` for condition ? a : b" },
  { line = " is not ", says = "near", hint = "Lua writes x ~= nil for `x is not None`" },
  { line = " is ", says = "near", hint = "Lua writes x == nil for `x is None`" },
  { says = "near 'not'", line = " not in ", hint = "ask t[key] == nil, or search the list" },
  { says = "'then' expected near 'in'", hint = "ask t[key] ~= nil, or search the list" },
  -- conditions
  { says = "'then' expected near '='", hint = "== compares, = assigns" },
  { says = "'do' expected near '='", line = " while ", hint = "== compares, = assigns" },
  { says = "near '{'", line = "^ [}%s]*for ",
    hint = "blocks are words: for i = 1, n do ... end" },
  { says = "near '{'", line = " while ", hint = "blocks are words: while x do ... end" },
  { says = "near '{'", line = " if ", hint = "blocks are words: if x then ... end" },
  { says = "near '{'", line = " function ",
    hint = "blocks are words: function f() ... end" },
  { says = "near '{'", line = " else ", hint = "blocks are words: else ... end" },
  -- Python's statements
  { line = "^ def (%S+) ", says = "near",
    hint = function(name) return ("write function %s(...) ... end"):format(name) end },
  { line = "^ class ", says = "near",
    hint = 'write local Name = snn.class("Name", snn.Module); ?snn.class tells more' },
  { line = "^ import (%S+) ", says = "near",
    hint = "snn is there already; other modules: local m = require \"m\"" },
  { line = "^ from %S+ import ", says = "near",
    hint = "snn is there already; other modules: local m = require \"m\"" },
  { line = " lambda ", says = "near", hint = "write function(x) return x + 1 end" },
  { line = " = > ", says = "near", hint = "write function(x) return x + 1 end" },
  { line = " elif ", says = "near", hint = "Lua writes elseif ... then" },
  { line = " else if ", says = "'end' expected",
    hint = "Lua writes elseif as one word; `else if` needs an `end` of its own" },
  { line = "^ try ", says = "near", hint = "write local ok, err = pcall(function() ... end)" },
  { line = "^ except ", says = "near", hint = "write local ok, err = pcall(function() ... end)" },
  { line = "^ with ", says = "near", hint = "write do local file <close> = io.open(...) ... end" },
  { line = "^ raise ", says = "near", hint = "write error(\"what is wrong\")" },
  { line = "^ throw ", says = "near", hint = "write error(\"what is wrong\")" },
  { line = "^ del ", says = "near", hint = "write x = nil" },
  { line = " pass ", says = "near", hint = "nothing is needed for an empty block" },
  { line = " continue ", says = "near",
    hint = "write goto continue, and ::continue:: before the loop's end" },
  { line = "^ switch ", says = "near", hint = "write if ... then ... elseif ... then ... end" },
  { line = '^ print "" , ', says = "near", hint = "print is a function: print(a, b)" },
  { line = "^ (%a+) " .. NAME .. " ", says = "near", hint = function(word, name)
    local types = " const let var int float double auto long bool string char size_t "
    if types:find(" " .. word .. " ", 1, true) then
      return ("Lua has no types: write local %s = ..."):format(name)
    end
  end },
  -- blocks without their word
  { says = "near ':'", line = "^ for .* in ",
    hint = "Lua writes for i = 1, n do ... end, or for i, x in ipairs(list) do ... end" },
  { says = "near ':'", line = "^ while ", hint = "Lua writes while x do ... end" },
  { says = "near ':'", line = "^ if ", hint = "Lua writes if x then ... end" },
  { says = "near ':'", line = "^ else ", hint = "Lua writes else without a colon" },
  { says = "'then' expected", line = "^ if ",
    hint = "a condition ends with `then`: if x then ... end" },
  { says = "'then' expected", hint = "a condition ends with `then`: if x then ... end" },
  { says = "'do' expected", line = " while ",
    hint = "a loop's head ends with `do`: while x do ... end" },
  { says = "'do' expected", hint = "a loop's head ends with `do`: for i = 1, n do ... end" },
  { says = "'=' expected near 'in'", hint = "Lua writes for i, x in ipairs(list) do ... end" },
  { says = "',' expected near 'do'", line = " for ",
    hint = "a counting loop needs both ends: for i = 1, n do ... end" },
  -- calls, lists
  { says = "'%)' expected near '='", line = " (%S+) %( ",
    hint = function(name)
      return ("arguments by name are a table: %s{ name = value, ... }"):format(name)
    end },
  { says = "'%]' expected near ':'", hint = "x[a:b] of a tensor is x[{ {a, b} }], from 1, both "
    .. "ends included; of a list table.move(x, a, b, 1, {})" },
  { says = "near ':'", line = " %[ : ", hint = "x[:, 1] of a tensor is x[{ {}, 1 }]" },
  { says = "'%]' expected near ','", line = "%.%.%. ,",
    hint = "x[..., 1] of a tensor is x:select(-1, 1)" },
  { says = "'%]' expected near ','",
    hint = "one index after the other: x[1][2]; of a tensor also x[{ {}, 2 }]" },
  { says = "unexpected symbol near '%['",
    hint = "a list is { 1, 2, 3 }, a tensor snn.tensor{ 1, 2, 3 }" },
  { says = "<name> expected near", line = " { .*: ",
    hint = "fields of a table are written { name = value }" },
  { says = "function arguments expected near '[,}]'", line = " { ",
    hint = "fields of a table are written { name = value }" },
  { says = "'}' expected near ':'", hint = "fields of a table are written { name = value }" },
  { says = "near '%%'", line = "^ %% ",
    hint = "the prompt's commands begin with a colon: :help lists them" },
  { says = "near '@'", line = "^ @ ", hint = "Lua has no decorators: f = wrap(f)" },
  { says = "near '@'", hint = "matrices are multiplied by x:matmul(y)" },
  { says = "near '<\\%d+>'", hint = "a sign that Lua does not know: quotes are \" and ', "
    .. "minus is -, names have letters of ASCII" },
  { says = "'%(' expected near", line = " function ",
    hint = "a function's head has its arguments in (): function f(x) ... end" },
  { says = "<name> expected near '(%l+)'$", hint = function(word)
    if KEYWORDS:find((" %s "):format(word), 1, true) then
      return ("`%s` is a word of Lua and no name"):format(word)
    end
  end },
  { says = "no visible label '(%w+)'", hint = function(name)
    return ("a label stands in the same block: ::%s:: before the loop's end"):format(name)
  end },
  { says = "'<eof>' expected near 'end'", hint = "there is an `end` too many" },
  { says = "<eof> expected near 'end'", hint = "there is an `end` too many" },
  { says = "unexpected symbol near '\"", line = '^ "" [.:] ',
    hint = "methods of a string in quotes: (\"abc\"):len()" },
  { says = "unexpected symbol near '{'", line = "^ { .* : ",
    hint = "a table is { name = value }, and no statement" },
  { says = "unexpected symbol near '{'", line = "^ { ",
    hint = "a table that is used at once stands in (): ({ 1, 2, 3 })[1]" },
  { says = "',' expected near 'to'", hint = "Lua writes for i = 1, 10 do ... end" },
  { says = "near 'end'", line = " end = ", hint = "`end` is a word of Lua: io.write(\"a\") "
    .. "prints without a line's end" },
  { says = "near 'def'", hint = "write function name(...) ... end" },
  { says = "near '1'", line = "^ case ",
    hint = "write if x == 1 then ... elseif x == 2 then ... end" },
  { says = "function arguments expected near '='", line = "^ [%a_][%w_]* *:",
    hint = "Lua has no types: write local x = ..." },
  { says = "function arguments expected",
    hint = "a colon calls a method, x:name(...); a field is x.name" },
  { says = "near '%$'", hint = "a name has no $" },
  { says = "near '\\'", hint = "a statement goes on in the next line by itself" },
  { line = '"" "" ""', says = "near", hint = "text of several lines is [[ ... ]]" },
  { says = "unfinished string",
    hint = "a string ends with its quote in the same line; [[ ... ]] may have several lines" },
  { says = "near '}'", line = "^ } ", hint = "a block ends with `end`" },
  { says = "'end' expected", line = " } ", hint = "a block ends with `end`" },
  { says = "'end' expected %(to close '(%a+)' at line (%d+)%)", hint = function(word, line)
    return ("the `%s` of line %s has no `end` of its own"):format(word, line)
  end },
  { says = "'end' expected near <eof>", hint = "a block is open: `end` closes it" },
  { says = "'}' expected %(to close '{' at line (%d+)%)", hint = function(line)
    return ("a `}` or a comma is missing in the table that line %s begins"):format(line)
  end },
  { says = "'}' expected near", hint = "the elements of a table have commas between them" },
  { says = "'%)' expected near", hint = "a `)` or a comma is missing before it" },
  { says = "attempt to assign to const variable", hint = "<const> may be set once: "
    .. "leave it away, or make another local" },
}

-- what others call it -> what it is here
local NULLS <const> = { None = "nil", null = "nil", NULL = "nil", undefined = "nil", NaN = "0/0",
  True = "true", False = "false", TRUE = "true", FALSE = "false", nan = "0/0", inf = "math.huge" }

local ELSEWHERE <const> = {
  len = "#x is the length of x", str = "tostring(x) is the text of x",
  int = "math.floor(x)", float = "tonumber(x)",
  range = "for i = 1, n do ... end counts from 1 to n",
  enumerate = "for i, x in ipairs(list) do ... end", zip = "for i = 1, #a do ... a[i], b[i]",
  abs = "math.abs(x); x:abs() of a tensor", max = "math.max(a, b); x:max() of a tensor",
  min = "math.min(a, b); x:min() of a tensor", sum = "x:sum() of a tensor",
  round = "math.floor(x + 0.5)", exp = "math.exp(x); x:exp() of a tensor",
  sqrt = "math.sqrt(x), x^0.5; x:sqrt() of a tensor", log = "math.log(x); x:log() of a tensor",
  sin = "math.sin(x)", cos = "math.cos(x)", pow = "x^2",
  isinstance = "type(x), math.type(x)",
  printf = "print((\"%s\"):format(x))",
  open = "io.open(path)", input = "io.read()",
  dir = "for name in pairs(x) do print(name) end; at the prompt x.<Tab>, ?name",
  list = "a list is { 1, 2, 3 }", dict = "a table is { name = value }",
  array = "snn.tensor{ 1, 2, 3 }", tensor = "snn.tensor{ 1, 2, 3 }",
  zeros = "snn.zeros(2, 3)", ones = "snn.ones(2, 3)", rand = "snn.rand(2, 3)",
  unpack = "table.unpack(list)", loadstring = "load(text)",
  sleep = "os.execute \"sleep 1\"", throw = "error(\"what is wrong\") raises",
  any = "x:any() of a tensor",
  all = "x:all() of a tensor",
  mean = "x:mean() of a tensor", ls = ":!ls runs a command of the shell",
  clear = "Ctrl-L clears the screen", cls = "Ctrl-L clears the screen",
  cd = ":!command runs a command of the shell", pwd = ":!pwd runs a command of the shell",
  np = "snn has tensors of its own: snn.tensor, snn.zeros, snn.arange ...",
  numpy = "snn has tensors of its own: snn.tensor, snn.zeros, snn.arange ...",
  torch = "snn has tensors of its own: snn.tensor, snn.zeros, snn.arange ...",
  nn = "modules are in snn: snn.Layer, snn.LIF, snn.LinearDense ...",
  plt = "snn.plot.line(x), snn.plot.raster(spikes) draw in the terminal",
  inferno = "its names are in snn: snn.LIF, snn.LinearDense, snn.STDP ...",
  random = "math.random(); snn.rand(2, 3)", time = "os.time(), os.clock()",
  sys = "arg has the script's arguments, os.exit ends it", this = "self, in a method",
  console = "print(x)", f = "(\"x = %s\"):format(x) formats", ["self"] = "self is there in "
    .. "methods: function Class:method() ... end",
}

local METHODS <const> = {
  append = "table.insert(x, value), or x[#x + 1] = value", push = "table.insert(x, value)",
  extend = "table.move(b, 1, #b, #a + 1, a)", insert = "table.insert(x, place, value)",
  pop = "table.remove(x)", remove = "table.remove(x, place)", sort = "table.sort(x)",
  keys = "for key in pairs(x) do ... end", values = "for _, value in pairs(x) do ... end",
  items = "for key, value in pairs(x) do ... end", length = "#x", size = "#x",
  pow = "x^2", round = "math.floor(x + 0.5)", getn = "#list", trim = "s:match \"^%s*(.-)%s*$\"",
  contains = "ask t[key] ~= nil, or search the list", map = "for i, x in ipairs(list) do ... end",
  filter = "for i, x in ipairs(list) do ... end", copy = "table.move(list, 1, #list, 1, {})",
  join = "table.concat(list, \", \")", split = "for word in s:gmatch \"%S+\" do ... end",
  strip = "s:match \"^%s*(.-)%s*$\"", replace = "s:gsub(\"old\", \"new\")",
  startswith = "s:sub(1, #t) == t", endswith = "s:sub(-#t) == t", toString = "tostring(x)",
}

local function of_global(name)
  if NULLS[name] then return ("Lua has no %s: it is %s"):format(name, NULLS[name]) end
  return ELSEWHERE[name]
end

---@type snn.HintRow[]
local RUNNING <const> = {
  { says = NIL .. " %(global '" .. NAME .. "'%)", hint = of_global },
  { says = "call " .. NIL .. " %(%a+ '" .. NAME .. "'%)", hint = function(name)
    return METHODS[name]
  end },
  { says = "attempt to index a nil value$", line = "io%.open ",
    hint = "the file could not be opened: assert(io.open(path)) tells why" },
  { says = "number has no integer representation",
    hint = "math.floor(x) is its whole part, %s in place of %d writes it" },
  { says = "attempt to get length of a nil value", line = " # [%a_][%w_]* $",
    hint = "a comment begins with --; #x is the length of x" },
  { says = NIL .. " %(field 'updater'%)",
    hint = "none yet: connection.updater = connection:defaultupdater()" },
  { says = "arithmetic on a nil value", line = '^ print "" ',
    hint = "print(...) gives nothing back: print((\"%d\"):format(x))" },
  { says = "attempt to mod a 'string'", hint = "write (\"%d\"):format(x)" },
  { says = "attempt to %a+ a '[%a]+' with a '[%a]+'", line = " %+ ",
    hint = "strings are joined by .. ; tonumber(s) is the number in one" },
  { says = "arithmetic on a string value", line = '"" %%',
    hint = "write (\"%d\"):format(x)" },
  { says = "arithmetic on a string value", line = " %+ ", hint = "strings are joined by .." },
  { says = "attempt to perform arithmetic on a nil value", line = " // ",
    hint = "a comment begins with --; // divides and rounds down" },
  { says = NIL .. " %(field '[%a?][ %a]*'%)", line = " %[ 0 %] ", hint = "the first index is 1" },
  { says = NIL .. " %(field 'integer index'%)", hint = "there is no such element: the first "
    .. "index is 1, the last #t" },
  { says = NIL .. " %(field '%?'%)", hint = "there is no such element: the first index is 1, "
    .. "the last #t" },
  { says = "index 0 is out of range", hint = "the first index is 1" },
  { says = "'for' initial value must be a number", hint = "for i = 1, n do counts; "
    .. "for i, x in ipairs(list) do goes through a list" },
  { says = "for iterator", line = " in %d",
    hint = "for i = 1, 3 do ... end counts" },
  { says = "for iterator", hint = "for i, x in ipairs(list) do goes through a list, "
    .. "pairs(t) through any table" },
  { says = "number expected, got Tensor", line = " math%.(%a+) ", hint = function(name)
    return ("of a tensor: x:%s(); x:item() is the number in one of one element"):format(name)
  end },
  { says = "number expected, got Tensor",
    hint = "x:item() is the number in a tensor of one element" },
  { says = "< and <= give one boolean", line = " math%.(m[axin]+) ", hint = function(name)
    return ("of a tensor: x:%s()"):format(name)
  end },
  { says = "'dtype' must be a string, got nil", hint = "names of types are strings: \"float64\"" },
  { says = "^module '(%a+)[^\n]*' not found", hint = function(name)
    return ELSEWHERE[name] or ("Lua looks for %s.lua in package.path"):format(name)
  end },
  { says = "concatenate " .. NIL, hint = "tostring(x) makes a text of nil too" },
  { says = "attempt to compare (%a+) with (%a+)", hint = function(a, b)
    if a == "nil" or b == "nil" then return "one of them is nil: has it got a value?" end
    if a ~= b then return ("convert one of them: tonumber(x), tostring(x)") end
  end },
  { says = "bad argument #1 to '(%a+)' %(string expected, got no value%)", hint = function(name)
    return ("methods of strings are called with a colon: s:%s()"):format(name)
  end },
}

local hints = { nulls = NULLS }

-- ---- search ----

---Is the token a dot or colon between two names?
local function is_path(list, i)
  local word = list.word[i]
  return (word == "." or word == ":") and list.kind[i - 1] == "name" and list.kind[i + 1] == "name"
end

---A line as rows of the table match it.
local function shape_of(line)
  local list, parts = tokens.list(line), {}
  for i = 1, list.n do
    local is_joined = is_path(list, i) or is_path(list, i - 1)
    parts[#parts + 1] = is_joined and "" or " "
    parts[#parts + 1] = list.kind[i] == "string" and '""' or list.word[i]
  end
  return table.concat(parts) .. " "
end

---Matches a pattern and gives its captures (or the whole); nil without a match. No pattern
---matches anything.
local function match(text, pattern)
  if not pattern then return true end
  return text:match(pattern)
end

local function fitting(row, message, shape)
  local of_message = table.pack(match(message, row.says))
  local of_line = table.pack(match(shape, row.line))
  if of_message[1] == nil or of_line[1] == nil then return nil end
  if type(row.hint) == "string" then return row.hint end
  return row.hint(table.unpack(row.line and of_line or of_message))
end

local function search(rows, message, shape)
  for _, row in ipairs(rows) do
    local hint = fitting(row, message, shape)
    if hint then return hint end
  end
end

---A name of another language in the line that has no value here.
---@param is_known fun(name: string): boolean
function hints.of_names(line, is_known)
  local list = tokens.list(line)
  for i = 1, list.n do
    local word, before, behind = list.word[i], list.word[i - 1], list.word[i + 1]
    local is_variable = list.kind[i] == "name" and before ~= "." and before ~= ":"
      and behind ~= "="
    if is_variable and NULLS[word] and not is_known(word) then return of_global(word) end
  end
end

-- words that begin a block, and the word that Lua wants before its body
local HEADS <const> = { ["for"] = "'do' expected", ["while"] = "'do' expected",
  ["if"] = "'then' expected",
  elif = "syntax error", ["else"] = "unexpected symbol", try = "syntax error",
  except = "syntax error", finally = "syntax error", class = "syntax error" }

---A text that Lua waits to see more of, though its last line can only be another language's
---`if x:`: the message that tells so.
---@param chunk string its name
function hints.of_colon(text, chunk)
  local _, before = text:gsub("\n", "")
  local line = text:match "[^\n]*$"
  local list = tokens.list(line)
  local head, colon = HEADS[list.word[1] or ""], nil
  for i = 1, list.n do
    if list.word[i] == "then" or list.word[i] == "do" then return nil end
    local behind = line:sub(list.last[i] + 1, list.last[i] + 1)
    if list.word[i] == ":" and (behind == "" or behind == " ") then colon = true end
  end
  return head and colon and ("%s:%d: %s near ':'"):format(chunk, before + 1, head) or nil
end

---What a name of another language, or a command of the shell, is here; nil: not known.
function hints.of_word(name) return of_global(name) end

local function is_global(name) return rawget(_G, name) ~= nil end

---The names that a misspelled global may have meant: of a prompt's session too.
local function of_misspelled(message)
  local name = message:match "%(global '([%w_]+)'%)"
  if not name then return nil end
  local names = tools.session and tools.session:names() or {}
  for known in pairs(_G) do
    if type(known) == "string" then names[#names + 1] = known end
  end
  local near = tools.nearest(name, names)
  if near and near ~= name then
    return ("no variable '%s' (did you mean '%s'?)"):format(name, near)
  end
end

---A function's name before the token that Lua stumbled over.
local function of_call(message, shape)
  local word = message:match "syntax error near '([%w_]+)'$"
  local before = word and shape:match("([%a_][%w_]*) " .. word .. " ")
  if before and type(rawget(_G, before)) == "function" then
    return ("%s is a function: %s(%s)"):format(before, before, word)
  end
end

---What helps, or nil.
---@param message string without its position
---@param line string? that it is about
---@param is_syntax boolean
function hints.of(message, line, is_syntax)
  message = message:match "^[^\n]*"
  local shape = shape_of(line or "")
  if is_syntax then return search(SYNTAX, message, shape) or of_call(message, shape) end
  return search(RUNNING, message, shape) or hints.of_names(line or "", is_global)
    or of_misspelled(message)
end

return hints
