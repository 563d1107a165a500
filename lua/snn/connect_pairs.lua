-- Pairs that are given to snn.connect.pairs: lists, tensors and files of them, as int64
-- tensors of numbers from 1.
local snn, _, tools = ...

local fail = tools.fail

local where <const> = "connect.pairs"

-- ------------------------------------------------------------- tensors

-- A tensor of one dimension, or a list, of whole numbers.
local function whole(name, value)
  if type(value) == "table" then value = snn.tensor(value, { dtype = "float64" }) end
  if not tools.is_tensor(value) then
    tools.wrong_argument(where, name, "a tensor or a list of integers", value)
  elseif value.ndim ~= 1 then
    fail("ValueError", "%s: '%s' must have one dimension, got the shape {%s}", where, name,
      table.concat(value.shape, ", "))
  elseif value.dtype == "bool" then
    fail("TypeError", "%s: '%s' must be of integers, got a bool tensor", where, name)
  end
  if value.dtype ~= "int64" then
    local wrong = value:ne(value:floor()):logical_or(value:isfinite():logical_not())
    if wrong:any():item() then
      local at = wrong:nonzero()[1][1]
      fail("ValueError", "%s: '%s' must be of integers, element %d is %s", where, name, at,
        value[at])
    end
    return value:to("int64")
  end
  return value:clone()
end

local function from_one(pre, post, base)
  if base > 1 then
    fail("ValueError", "%s: 'base' must be 0 or 1, got %d", where, base)
  end
  pre, post = whole("pre", pre), whole("post", post)
  if pre.numel ~= post.numel then
    fail("ValueError", "%s: 'pre' has %d elements, 'post' %d", where, pre.numel, post.numel)
  end
  for i, t in ipairs { pre, post } do
    local name = i == 1 and "pre" or "post"
    local least = t.numel > 0 and t:min():item() or base
    if least < base then
      fail("ValueError", "%s: '%s' has the number %d, they count from %d%s", where, name, least,
        base, least == 0 and " (base = 0 where they count from 0)" or "")
    end
  end
  if base == 0 then return pre + 1, post + 1 end
  return pre, post
end

-- ------------------------------------------------------------- files

local function of_npz(path)
  local found = snn.load_npz(path)
  for _, name in ipairs { "pre", "post" } do
    if not found[name] then
      local names = {}
      for other in pairs(found) do names[#names + 1] = ("'%s'"):format(other) end
      table.sort(names)
      fail("ValueError", "%s: '%s' has no array '%s', it has %s", where, path, name,
        #names > 0 and table.concat(names, ", ") or "none")
    end
  end
  return found.pre, found.post
end

-- The words of a line, between commas, semicolons or blanks, without quotes.
local function words_of(line)
  local words = {}
  local separated = line:find("[,;]")
  local each = separated and "([^,;]*)[,;]" or "(%S+)%s"
  for word in (line .. (separated and "," or " ")):gmatch(each) do
    words[#words + 1] = word:match('^%s*"?(.-)"?%s*$')
  end
  return words
end

-- What titles call the two sides.
local TITLES <const> = { { "pre", "post" }, { "source", "target" }, { "from", "to" }, { "i", "j" } }

-- Which columns are pre and post, by the line of titles.
local function columns_of(titles)
  local at = {}
  for i, title in ipairs(titles) do at[tools.lower(title)] = at[tools.lower(title)] or i end
  for _, names in ipairs(TITLES) do
    local pre, post = at[names[1]], at[names[2]]
    if pre and post then return pre, post, #titles end
  end
end

-- Lines that end in LF, CR LF or CR, without the mark of UTF-8.
local function lines_of(text)
  text = text:gsub("^\xEF\xBB\xBF", "")
  if text:find "\r" then text = text:gsub("\r\n?", "\n") end
  return text:gmatch "([^\n]*)\n?"
end

local function two_numbers(path, number, words, layout)
  local a = math.tointeger(tonumber(words[layout.pre]))
  local b = math.tointeger(tonumber(words[layout.post]))
  if #words ~= layout.count or not a or not b then
    fail("ValueError", "%s: '%s', line %d: wanted are %s, got '%s'", where, path, number,
      layout.count == 2 and "two integers" or ("%d columns"):format(layout.count),
      tools.plain(table.concat(words, ", ")))
  end
  return a, b
end

local function of_text(path)
  local file, reason = io.open(path, "r")
  if not file then fail("IOError", "%s: %s", where, reason) end
  local closing <close> = file -- luacheck: ignore
  local text, why = file:read "a"
  if not text then fail("IOError", "%s: %s: %s", where, path, why) end
  local pre, post, number, layout = {}, {}, 0, { pre = 1, post = 2, count = 2 }
  local is_first = true
  for line in lines_of(text) do
    number = number + 1
    local words = not line:find "^%s*#" and words_of(line) or {}
    if #words > 0 and not (#words == 1 and words[1] == "") then
      local is_title = is_first and not tonumber(words[1])
      is_first = false
      if is_title then
        local i, j, count = columns_of(words)
        if i then layout = { pre = i, post = j, count = count } end
      else
        pre[#pre + 1], post[#post + 1] = two_numbers(path, number, words, layout)
      end
    end
  end
  return pre, post
end

local function of_file(path)
  if type(path) ~= "string" or path == "" then
    tools.wrong_argument(where, "file", "the name of a file", path)
  end
  if tools.lower(path):find "%.npz$" then return of_npz(path) end
  return of_text(path)
end

--- The int64 tensors of what was given: { pre =, post = } or { file = }, and base.
local function read(given)
  local has_pairs = given.pre ~= nil or given.post ~= nil
  if has_pairs and given.file ~= nil then
    fail("ValueError", "%s: either 'file' or 'pre' and 'post'", where)
  elseif given.file ~= nil then
    given.pre, given.post = of_file(given.file)
  elseif given.pre == nil or given.post == nil then
    tools.missing(where, given.pre == nil and { "pre", "numbers of inputs" }
      or { "post", "numbers of outputs" })
  end
  return from_one(given.pre, given.post, given.base)
end

return { read = read }
