-- The prompt's reader (src/app/prompt.c runs what it returns): lines are
-- taken until they are a whole expression or statement.

local FIRST, MORE = "> ", ">> "

local function is_unfinished(message) return message:sub(-5) == "<eof>" end

---An expression gives its values, so that they are printed.
---@return function|nil statement, string|nil message, boolean|nil unfinished
local function compile(text)
  local fn, as_expression = load("return " .. text, "=stdin", "t")
  if fn then return fn end
  local message
  fn, message = load(text, "=stdin", "t")
  if fn then return fn end
  return nil, message, is_unfinished(message) or is_unfinished(as_expression)
end

---@param read fun(prompt: string): string|false|nil the next line; false: dropped
---@return function|nil statement, string|nil message neither: the end of the input
local function read_statement(read)
  local text = read(FIRST)
  while text do
    local fn, message, unfinished = compile(text)
    if not unfinished then return fn, message end
    local more = read(MORE)
    if more == nil then return nil, message end
    text = more and text .. "\n" .. more
  end
  if text == false then return read_statement(read) end
end

return read_statement
