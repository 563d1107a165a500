-- What all shown texts are made of: lines within a width, aligned columns, colours,
-- numbers. A *cell* is a text, or { text, style, right = true, wide = true }; a row is a
-- list of cells.
local snn, _, tools = ...

local text = {}

local CODES <const> = { head = "1", dim = "2", name = "36", warn = "33" }

---How texts come out: { width, color, utf8, depth }, what is not given by the terminal.
---@param options? { width?: integer, color?: boolean, utf8?: boolean, depth?: integer }
function text.context(options)
  local known, out = tools.terminal(), {}
  for _, name in ipairs { "width", "color", "utf8" } do
    out[name] = known[name]
    if options and options[name] ~= nil then out[name] = options[name] end
  end
  out.width = math.max(out.width, 20)
  out.depth = options and options.depth or 4
  out.dots = out.utf8 and "…" or "..."
  out.arrow = out.utf8 and "─►" or "->"
  return out
end

---Letters, as a terminal counts them: bytes that begin one in UTF-8.
function text.length(s)
  local _, inner = s:gsub("[\x80-\xBF]", "")
  return #s - inner
end

---At most so many letters, the last ones dots where some had to go.
function text.cut(s, width, ctx)
  if text.length(s) <= width then return s end
  local keep, at = width - text.length(ctx.dots), 1
  if keep <= 0 then return ctx.dots:sub(1, ctx.utf8 and #ctx.dots or math.max(width, 0)) end
  for _ = 1, keep do at = s:find("[^\x80-\xBF]", at + 1) or #s + 1 end
  return s:sub(1, at - 1) .. ctx.dots
end

function text.paint(s, style, ctx)
  if not ctx.color or not style or s == "" then return s end
  return "\27[" .. CODES[style] .. "m" .. s .. "\27[0m"
end

-- ------------------------------------------------------------- columns

local function parts(cell)
  if type(cell) == "table" then return cell[1] or "", cell[2], cell.right, cell.wide end
  return cell or "", nil, nil, nil
end

local function widths_of(rows)
  local widths = {}
  for _, row in ipairs(rows) do
    for i = 1, #row do
      local s, _, _, wide = parts(row[i])
      widths[i] = math.max(widths[i] or 0, wide and 0 or text.length(s))
    end
  end
  return widths
end

-- Too wide a table: its widest columns give way, those before the last one at most to
-- a third of the room.
local function fit(widths, room, gap)
  local function total()
    local sum = -gap
    for _, w in ipairs(widths) do sum = sum + (w > 0 and w + gap or 0) end
    return sum
  end
  while total() > room do
    local widest = 1
    for i, w in ipairs(widths) do
      if w >= widths[widest] then widest = i end
    end
    if widths[widest] <= 3 then return end
    widths[widest] = math.max(widths[widest] - (total() - room > 20 and 4 or 1), 3)
  end
end

local function add_cell(out, cell, width, room, ctx)
  local s, style, right, wide = parts(cell)
  s = text.cut(s, wide and room or width, ctx)
  local blank = (" "):rep(wide and 0 or width - text.length(s))
  local painted = text.paint(s, style, ctx)
  out[#out + 1] = right and blank .. painted or painted .. blank
  return wide and text.length(s) or width
end

---Appends rows as lines whose columns are aligned, each indented by so many blanks.
---@param lines string[]
---@param rows table[]
---@param indent integer
function text.columns(lines, rows, indent, ctx)
  local gap, widths = 2, widths_of(rows)
  fit(widths, ctx.width - indent, gap)
  for _, row in ipairs(rows) do
    local out, column = { (" "):rep(indent) }, indent
    for i = 1, #row do
      if (widths[i] or 0) > 0 or select(4, parts(row[i])) then
        if column > indent then
          out[#out + 1], column = (" "):rep(gap), column + gap
        end
        local left = ctx.width - column
        if left < 1 then break end
        column = column + add_cell(out, row[i], math.min(widths[i], left), left, ctx)
      end
    end
    lines[#lines + 1] = (table.concat(out):gsub(" +$", ""))
  end
end

---Appends words as lines of a paragraph, joined by blanks, each indented.
function text.words(lines, words, indent, ctx)
  local line = (" "):rep(indent)
  for i, word in ipairs(words) do
    word = text.cut(word, ctx.width - indent, ctx)
    local begins = line:find "^ *$"
    if not begins and text.length(line) + 1 + text.length(word) > ctx.width then
      lines[#lines + 1] = line
      line, begins = (" "):rep(indent), true
    end
    line = line .. (begins and "" or " ") .. word
    if i == #words then lines[#lines + 1] = line end
  end
end

---Appends a line, cut where it is too wide.
function text.line(lines, s, style, ctx)
  lines[#lines + 1] = text.paint(text.cut(s, ctx.width, ctx), style, ctx)
end

-- ------------------------------------------------------------- values

---A number in so few digits that a table of them can be read.
function text.number(v)
  if math.type(v) == "integer" then return tostring(v) end
  if v ~= v then return "NaN" end
  if v == math.huge then return "inf" elseif v == -math.huge then return "-inf" end
  return tools.rounded(v, 4)
end

---All digits that a number has.
function text.exact(v)
  if math.type(v) == "integer" then return tostring(v) end
  if v ~= v then return "NaN" end
  return tools.format("%g", v)
end

---A shape as scripts write it: {2, 3}.
function text.shape(shape)
  local sizes = {}
  for i = 1, #shape do sizes[i] = tostring(shape[i]) end
  return "{" .. table.concat(sizes, ", ") .. "}"
end

---n things: the word's plural but for one.
function text.count(n, word) return ("%d %s%s"):format(n, word, n == 1 and "" or "s") end

---Whether an object is of the class of that name, or of one below it.
function text.is(object, name)
  for _, class in ipairs(tools.class_line(object)) do
    if class == snn[name] then return true end
  end
  return false
end

---Where a function stands, "script.lua:12"; nil of one in C or of the library.
function text.place(fn)
  local info = debug.getinfo(fn, "S")
  if info.what == "C" or info.source:find "^=%[snn%]" then return nil end
  return tools.plain(info.short_src) .. ":" .. info.linedefined
end

return text
