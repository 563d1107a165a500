-- show(value, options): any value as a text for people, at the prompt and for
-- tostring of objects. options = { width =, color =, utf8 =, depth = }, what is absent
-- is the terminal's. Nothing is changed by being shown, and no function of a script is
-- called but __tostring and extra_repr.
local _, load, tools = ...

local text = load "snn.show.text"
local tables = load "snn.show.table"
local objects = load "snn.show.object"

-- What a library's class says of itself.
local function of_class(class, ctx)
  local meta = debug.getmetatable(class)
  local lines = {}
  text.line(lines, tostring(meta.__name), "head", ctx)
  local summary = rawget(class, "summary")
  if type(summary) == "string" then text.words(lines, { summary:match "^[^\n]*" }, 2, ctx) end
  local words = {}
  for _, argument in ipairs(rawget(class, "arguments") or {}) do
    words[#words + 1] = argument.name .. (argument.optional and "?" or "")
  end
  if #words > 0 then
    table.insert(words, 1, "arguments:")
    text.words(lines, words, 2, ctx)
  end
  return table.concat(lines, "\n")
end

---@param value any
---@param options? { width?: integer, color?: boolean, utf8?: boolean, depth?: integer }
---@param is_printed? boolean tostring for print, where no options are given
---@return string text lines without an end of the last one
local function show(value, options, is_printed)
  local ctx = text.context(options)
  if not options then -- what tostring gives may go anywhere
    ctx.color = ctx.color and (is_printed or tools.color == "always")
  end
  ctx.short = objects.short
  if type(value) == "string" then return value end
  if tools.is_tensor(value) then return tools.tensor_text(value, options and ctx.width or 0) end
  if tools.is_module(value) then return objects.show(value, ctx) end
  if type(value) == "table" then
    if tables.is_class(value) then return of_class(value, ctx) end
    local meta = debug.getmetatable(value)
    local says = type(meta) == "table" and rawget(meta, "__tostring") ~= nil
    if says and not tools.proxies[value] then
      local ok, said = pcall(tostring, value)
      if ok then return said end
    end
    return tables.show(value, ctx)
  end
  if type(value) == "function" then return tables.of_function(value) end
  if type(value) == "nil" or type(value) == "boolean" or type(value) == "number" then
    return tostring(value)
  end
  return tables.short(value, ctx)
end

return show
