-- A figure: title, axes and notes around a canvas, and the object that scripts get. A
-- kind of plot says by a plan what is between the axes:
--
--     plan.down(most)            rows that it takes of `most`, ticks { text =, at = row }
--     plan.across(most, rows)    columns, ticks { text =, at = column }
--     plan.draw(canvas)          draws; a list of notes { text =, style = }
--     plan.kept                  lines that notes may need: if more, it is drawn again
--     plan.xlabel, plan.ylabel   where the options have none
--     plan.fields                what the object has besides
--
-- Another way to show plots (a file) needs another canvas, a plan stays what it is.
local _, _, tools = ...

local canvas, data = tools.plot.canvas, tools.plot.data

local figure = {}

--- Options that all kinds take.
local COMMON <const> = { "title", "width", "height", "xlabel", "ylabel", "utf8", "color" }

local MIN_WIDTH <const>, MIN_HEIGHT <const>, MAX <const> = 20, 10, 1000
local MIN_ROWS <const> = 3 -- between the axes
local HEIGHT <const> = 20 -- where the screen does not say or has more

-- ------------------------------------------------------------- texts

---How many columns it takes: one for each character.
local function width_of(text) return utf8.len(text) or #text end

--- The text without what a screen could not show as one column for each character.
function figure.plain(screen, text)
  text = tools.plain(text)
  if not utf8.len(text) then return (text:gsub("[\x80-\xff]", "?")) end
  return screen.utf8 and text or (text:gsub("[\xC2-\xFD][\x80-\xBF]*", "?"))
end

local function cut(screen, text, width)
  if width_of(text) <= width then return text end
  local tail = screen.utf8 and "…" or "."
  return text:sub(1, utf8.offset(text, width) - 1) .. tail
end

local function centred(text, width)
  return (" "):rep((width - width_of(text)) // 2) .. text
end

---Notes, side by side where they fit, in at most `most` lines.
local function note_lines(screen, notes, width, most)
  local lines, used = {}, 0
  for _, note in ipairs(notes) do
    local text = note.wide and note.text or cut(screen, figure.plain(screen, note.text), width)
    local wide = note.wide or width_of(text)
    text = canvas.styled(screen, text, note.style)
    if #lines > 0 and used + 3 + wide <= width then
      lines[#lines], used = lines[#lines] .. "   " .. text, used + 3 + wide
    elseif #lines == most then
      return lines
    else
      lines[#lines + 1], used = text, wide
    end
  end
  return lines
end

-- ------------------------------------------------------------- options

local function of_kind(where, options, name, wanted, kind)
  local value = options[name]
  if value ~= nil and type(value) ~= kind then tools.wrong_argument(where, name, wanted, value) end
  return value
end

local function pick(given, default)
  if given == nil then return default end
  return given
end

--- The screen that a plot is drawn for, from the terminal and the options.
---@return table screen { width =, height =, utf8 =, color = }
function figure.screen(where, options, height)
  local known = tools.terminal()
  local wide = math.min(math.max(known.width, MIN_WIDTH), MAX)
  local high = known.rows > 0 and known.rows - 2 or MAX
  high = math.max(math.min(high, height or HEIGHT), MIN_HEIGHT)
  local color = of_kind(where, options, "color", "true or false", "boolean")
  local as_utf8 = of_kind(where, options, "utf8", "true or false", "boolean")
  return {
    width = data.whole(where, options, "width", wide, MIN_WIDTH, MAX),
    height = data.whole(where, options, "height", high, MIN_HEIGHT, MAX),
    color = pick(color, known.color),
    utf8 = pick(as_utf8, known.utf8),
  }
end

--- `options` if all are known: the common ones and those of the list.
function figure.options(where, options, more)
  local known = table.move(more, 1, #more, #COMMON + 1, table.move(COMMON, 1, #COMMON, 1, {}))
  options = tools.options(where, options, known)
  for _, name in ipairs { "title", "xlabel", "ylabel", "unit" } do
    of_kind(where, options, name, "a string", "string")
  end
  return options
end

--- "voltage (mV)", of what there is of the two.
function figure.label(label, unit)
  if not unit then return label end
  return label and ("%s (%s)"):format(label, unit) or unit
end

-- ------------------------------------------------------------- frames

local FRAME <const> = {
  [true] = { side = "│", tick = "┤", corner = "└", zero = "┴", floor = "─", foot = "┬" },
  [false] = { side = "|", tick = "+", corner = "+", zero = "+", floor = "-", foot = "+" },
}

local function widest(ticks)
  local most = 0
  for _, tick in ipairs(ticks) do most = math.max(most, #tick.text) end
  return most
end

local function by_place(ticks)
  local at = {}
  for _, tick in ipairs(ticks) do at[tick.at] = at[tick.at] or tick.text end
  return at
end

---The lines between the axes with the vertical axis before them.
local function add_rows(lines, signs, drawn, ticks, margin)
  local at = by_place(ticks)
  for row = 1, drawn.rows do
    local label = at[row]
    local text = (" "):rep(margin - #(label or "")) .. (label or "") .. " "
    lines[#lines + 1] = text .. (label and signs.tick or signs.side) .. drawn:line_of(row)
  end
end

---The horizontal axis and its labels below; a vertical tick one row below all stands on it.
local function add_floor(lines, signs, drawn, down, across, margin, width)
  local zero, at = by_place(down)[drawn.rows + 1], by_place(across)
  local line = { (" "):rep(margin - #(zero or "")) .. (zero or "") .. " "
    .. (zero and signs.zero or signs.corner) }
  for column = 1, drawn.columns do line[#line + 1] = at[column] and signs.foot or signs.floor end
  lines[#lines + 1] = table.concat(line)
  local labels = ""
  for _, tick in ipairs(across) do
    local left = math.max(margin + 2 + tick.at - 1 - #tick.text // 2, 0)
    left = math.min(left, width - #tick.text)
    if left >= #labels then labels = labels .. (" "):rep(left - #labels) .. tick.text end
  end
  if #across > 0 then lines[#lines + 1] = labels end
end

---One layout with so many lines kept free for notes: the lines above the notes, and these.
local function attempt(screen, plan, texts, kept)
  local others = 2
  for _ in pairs(texts) do others = others + 1 end
  local rows, down = plan.down(math.max(screen.height - others - kept, MIN_ROWS))
  local margin = widest(down)
  local columns, across = plan.across(math.max(screen.width - margin - 2, 2), rows)
  local drawn = canvas.new(columns, rows, screen)
  local notes = note_lines(screen, plan.draw(drawn), screen.width,
    math.max(screen.height - others - MIN_ROWS, 1))
  local signs, lines = FRAME[screen.utf8], {}
  local function centre(text)
    lines[#lines + 1] = (" "):rep(math.min(margin + 2, screen.width - width_of(text)))
      .. centred(text, math.min(columns, screen.width - margin - 2))
    if width_of(lines[#lines]) > screen.width then lines[#lines] = centred(text, screen.width) end
  end
  if texts.title then centre(texts.title) end
  if texts.ylabel then lines[#lines + 1] = texts.ylabel end
  add_rows(lines, signs, drawn, down, margin)
  add_floor(lines, signs, drawn, down, across, margin, screen.width)
  if texts.xlabel then centre(texts.xlabel) end
  return lines, notes
end

-- ------------------------------------------------------------- objects

local function text_of_plot(plot) return plot.text end

---What scripts get: these fields, to read.
local function object(fields)
  local names = {}
  for name in pairs(fields) do names[#names + 1] = name end
  table.sort(names)
  local function refuse(_, name)
    tools.fail("AttributeError", "a plot does not change: '%s' cannot be assigned",
      tools.text(name))
  end
  setmetatable(fields, { __index = function(_, name)
    local near = type(name) == "string" and tools.nearest(name, names)
    tools.fail("AttributeError", "a plot has no field '%s'%s", tools.text(name),
      near and (" (did you mean '%s'?)"):format(near) or "")
  end })
  return setmetatable({}, { __name = "snn.Plot", __index = fields, __newindex = refuse,
    __tostring = text_of_plot,
    __concat = function(a, b) return tostring(a) .. tostring(b) end })
end

--- The plot of a kind ("raster") by its plan, drawn for the screen.
---@return snn.Plot
function figure.new(kind, screen, options, plan)
  local texts = {}
  for _, name in ipairs { "title", "xlabel", "ylabel" } do
    local text = pick(options[name], plan[name])
    if text and text ~= "" then
      texts[name] = cut(screen, figure.plain(screen, text), screen.width)
    end
  end
  local kept, lines, notes = plan.kept or 0, nil, nil
  for _ = 1, 3 do
    lines, notes = attempt(screen, plan, texts, kept)
    if #notes <= kept then break end
    kept = #notes
  end
  table.move(notes, 1, #notes, #lines + 1, lines)
  for i, line in ipairs(lines) do lines[i] = line:gsub(" +$", "") end
  local fields = { kind = kind, title = options.title or "", width = screen.width,
    height = #lines, text = table.concat(lines, "\n") }
  for name, value in pairs(plan.fields or {}) do fields[name] = value end
  return object(fields)
end

--- A plan without anything to draw: an empty frame that says why.
function figure.empty(why)
  return {
    down = function(most) return math.min(most, 3), {} end,
    across = function(most) return most, {} end,
    draw = function(drawn)
      local text = why or "no data"
      local first = math.max((drawn.columns - #text) // 2, 0)
      for i = 1, math.min(#text, drawn.columns) do drawn:put(first + i, 2, text:sub(i, i)) end
      return {}
    end,
  }
end

return figure
