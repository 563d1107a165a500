-- The names of options and of arguments in tables are lists in the sources, in C
-- and in Lua: each of them stands in the annotations of what takes it.

local function lines_of(command)
  local out = {}
  for line in io.popen(command):lines() do out[#out + 1] = line end
  return out
end

local function read(path)
  local file <close> = assert(io.open(path, "rb"))
  return file:read("a")
end

-- The comment blocks above functions and classes of a text, by line number of what
-- they belong to, and by the last part of the function's name.
local function blocks_of(text)
  local by_name, block = {}, {}
  for line in (text .. "\n"):gmatch "([^\n]*)\n" do
    if line:find "^%s*%-%-" then
      block[#block + 1] = line
    else
      local name = line:match "function [%w_.:]-([%w_]+)%(" or line:match "^functional%.([%w_]+)"
        or line:match "^snn%.([%w_]+) = " or line:match "^local ([%w_]+) = snn%.class"
      if name then by_name[name] = (by_name[name] or "") .. table.concat(block, "\n") end
      block = {}
    end
  end
  return by_name
end

local texts = {}
for _, path in ipairs(lines_of "ls lua/meta/*.lua lua/meta/classes/*.lua lua/snn/*.lua") do
  texts[#texts + 1] = read(path)
end
local ALL <const> = table.concat(texts, "\n")
local BLOCKS <const> = blocks_of(ALL)

local function names_word(text, word)
  return text and text:find("%f[%w_]" .. word .. "%f[^%w_]") ~= nil
end

-- A word of the annotations of `name`, or of any where that is not told.
local function is_described(name, word)
  local last = name and name:match "([%w_]+)$"
  if last and names_word(BLOCKS.init, word) then return true end -- of a class
  if BLOCKS[last] then return names_word(BLOCKS[last], word) end
  for line in ALL:gmatch "[^\n]+" do
    if line:find "^%s*%-%-" and names_word(line, word) then return true end
  end
  return false
end

-- The list of that name that is nearest before a place of a text in C.
local function list_before(text, name, place)
  local list
  for at, words in text:gmatch("()const char %*const " .. name .. "%[%] = (%b{})") do
    if at < place then list = words end
  end
  return list
end

-- { where, words } of the lists in a file: in C of what reads options, in Lua the
-- list in the call.
local function lists_in_c(text)
  local out = {}
  for place, call in text:gmatch "()snn_arg_options(%b())" do
    for name in call:gmatch "[%w_]+" do
      local list = list_before(text, name, place)
      if list then out[#out + 1] = { call:match '"([%w_.]+)"', list } end
    end
  end
  return out
end

local function lists_in_lua(text)
  local out = {}
  for where, list in text:gmatch 'tools%.options%(([^,]+), [%w_]+, (%b{})' do
    out[#out + 1] = { where:match '^"([%w_.]+)"', list }
  end
  for list in text:gmatch "local COMMON = {(.-)\n}" do
    local words = {}
    for word in list:gmatch '{ ("[%w_]+")' do words[#words + 1] = word end
    out[#out + 1] = { nil, table.concat(words, " ") }
  end
  return out
end

describe("the annotations of options", function()
  it("name each that the sources know", function()
    local missing, count = {}, 0
    local function visit(path, lists)
      for _, entry in ipairs(lists) do
        for word in entry[2]:gmatch '"([%w_]+)"' do
          count = count + 1
          if not is_described(entry[1], word) then
            missing[#missing + 1] = ("%s: %s of %s"):format(path, word, entry[1] or "?")
          end
        end
      end
    end
    for _, path in ipairs(lines_of "ls src/bind/*/*.c") do visit(path, lists_in_c(read(path))) end
    for _, path in ipairs(lines_of "ls lua/snn/*.lua") do visit(path, lists_in_lua(read(path))) end
    print(("%d options, missing in the annotations: %d"):format(count, #missing))
    assert.same({}, missing)
  end)
end)
