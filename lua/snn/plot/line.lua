-- snn.plot.line: values over time, or over x, as lines of dots. Where there are more
-- values than dots, a column shows the least and the greatest of its own.
local snn, _, tools = ...

local axes, data, figure = tools.plot.axes, tools.plot.data, tools.plot.figure

local WHERE <const> = "plot.line"
local CHUNK <const> = 1 << 20 -- values that are placed at once, in float64
-- So many points are joined one by one: over time, where a column's least and greatest
-- look the same, and over x, whose order may be any.
local FEW <const>, FEW_OVER_X <const> = 1000, 4000
local NAMED <const> = 8 -- so many lines are told apart
local STYLES <const> = { "36", "33", "35", "32", "31", "34", "96", "93" }
local GLYPHS <const> = { "*", "o", "+", "x", "#", "@", "%", "&" }

-- ------------------------------------------------------------- what is given

---Is it a table of series by name?
local function is_by_name(value)
  if type(value) ~= "table" or getmetatable(value) then return false end
  return type(next(value)) == "string"
end

local function one_dimension(name, t)
  if t.ndim > 1 then
    tools.fail("ValueError", "%s: '%s' must have one dimension, its shape is {%s}", WHERE, name,
      table.concat(t.shape, ", "))
  end
  return data.real(t:reshape(-1))
end

---A list of { name =, y = }: of tensors by name, of a list of series, or of columns.
local function series_of(value, options)
  local series = {}
  if is_by_name(value) then
    for name, y in pairs(value) do
      if type(name) ~= "string" then
        tools.fail("TypeError", "%s: lines have names, got the key %s", WHERE, tools.describe(name))
      end
      series[#series + 1] = { name = name, y = one_dimension(name, (data.tensor(WHERE, name, y))) }
    end
    table.sort(series, function(a, b) return a.name < b.name end)
    return series
  end
  local first = type(value) == "table" and not getmetatable(value) and rawget(value, 1)
  if tools.is_tensor(first) and first.ndim == 1 and first.numel > 1 then
    for i, y in ipairs(value) do
      series[i] = { name = tostring(i), y = one_dimension("y", (data.tensor(WHERE, "y", y))) }
    end
    return series
  end
  local given, step_time = data.tensor(WHERE, "y", value)
  local steps = data.real(data.steps(WHERE, "y", given, options))
  for i = 1, steps.shape[2] do series[i] = { name = tostring(i), y = steps:select(2, i) } end
  return series, step_time
end

---The arguments behind y: x or nil, options or nil.
local function split(x, options)
  if options ~= nil or type(x) ~= "table" or getmetatable(x) then return x, options end
  if type(next(x)) == "string" or next(x) == nil then return nil, x end
  return x, nil
end

-- ------------------------------------------------------------- drawing

---Dots of both axes by value.
local function places(drawn, frame)
  local across, down = drawn.across - 1, drawn.down - 1
  return function(x) return math.floor(frame.x(x) * across + 0.5) + 1 end,
    function(y) return drawn.down - math.floor(frame.y(y) * down + 0.5) end
end

local function is_finite(v) return v - v == 0 end

---Points joined one by one; the line ends at what is not finite or outside of the axes.
local function draw_points(drawn, frame, line, xs, ys)
  local at_x, at_y = places(drawn, frame)
  local last_x, last_y
  for i, y in ipairs(ys) do
    local x = xs and xs[i] or not xs and i * frame.step_time
    if is_finite(y) and is_finite(x) and y >= frame.low and y <= frame.high then
      local to_x, to_y = at_x(x), at_y(y)
      drawn:line(last_x or to_x, last_y or to_y, to_x, to_y, line.style, line.glyph)
      last_x, last_y = to_x, to_y
    else
      last_x, last_y = nil, nil
    end
  end
end

---The least and greatest drawn value of a part; nil where there is none.
local function ends_of(frame, part)
  local low, high = part:amin():item(), part:amax():item()
  if low >= frame.low and high <= frame.high then return low, high end
  part = part:masked_select(part:ge(frame.low) & part:le(frame.high))
  if part.numel == 0 then return nil end
  return part:amin():item(), part:amax():item()
end

---How many of n values lie in the column of each dot: `x_of(i)` ascends.
local function column_sizes(drawn, frame, n, x_of)
  local at_x = places(drawn, frame)
  local sizes, first = {}, 1
  for column = 1, drawn.across do
    local low, high = first, n + 1 -- the first of a later column is in low .. high
    while low < high do
      local middle = (low + high) // 2
      if at_x(x_of(middle)) > column then high = middle else low = middle + 1 end
    end
    sizes[column], first = low - first, low
  end
  return sizes
end

---Many values, those of each column of dots as its least and greatest. Lines go on over
---columns without a value.
local function draw_parts(drawn, frame, line, y, x_of)
  local _, at_y = places(drawn, frame)
  local first, last, before = 1, nil, nil -- where the line has come to
  local function is_drawn(v) return v >= frame.low and v <= frame.high end
  for x, length in ipairs(column_sizes(drawn, frame, y.numel, x_of)) do
    if length > 0 then
      local part = y:narrow(1, first, length)
      local low, high = ends_of(frame, part)
      if low then drawn:line(x, at_y(low), x, at_y(high), line.style, line.glyph) end
      if before and is_drawn(part[1]) then
        drawn:line(last, before, x, at_y(part[1]), line.style, line.glyph)
      end
      last, before = x, is_drawn(part[length]) and at_y(part[length]) or nil
    end
    first = first + length
  end
end

---Many points in any order: dots without lines between.
local function draw_cloud(drawn, frame, line, x, y)
  local across, down = drawn.across, drawn.down
  local counts = snn.zeros({ across * down }, { dtype = "int64" })
  for first = 1, x.numel, CHUNK do
    local length = math.min(CHUNK, x.numel - first + 1)
    local part_x, part_y = x:narrow(1, first, length), y:narrow(1, first, length)
    local good = part_x:isfinite() & part_y:ge(frame.low) & part_y:le(frame.high)
    part_x, part_y = part_x:masked_select(good):to("float64"), part_y:masked_select(good)
    if part_x.numel > 0 then
      local column = (frame.x(part_x) * (across - 1) + 0.5):floor()
      local row = (frame.y(part_y:to("float64")) * (down - 1) + 0.5):floor()
      local place = (row * across + column + 1):to("int64")
      counts:add_(place:bincount { minlength = across * down })
    end
  end
  for _, at in ipairs(counts:nonzero():reshape(-1):totable()) do
    drawn:dot((at - 1) % across + 1, down - (at - 1) // across, line.style, line.glyph)
  end
end

local function is_ascending(x)
  return x:narrow(1, 2, x.numel - 1):ge(x:narrow(1, 1, x.numel - 1)):all():item()
end

local function draw_over(drawn, frame, line, x, y)
  if not is_ascending(x) then return draw_cloud(drawn, frame, line, x, y) end
  draw_parts(drawn, frame, line, y, function(i) return x[i] end)
end

local function draw_line(drawn, frame, line, x)
  if line.y.numel <= (x and FEW_OVER_X or FEW) then
    draw_points(drawn, frame, line, x and x:totable(), line.y:totable())
  elseif x then
    draw_over(drawn, frame, line, x, line.y)
  else
    draw_parts(drawn, frame, line, line.y, function(i) return i * frame.step_time end)
  end
end

-- ------------------------------------------------------------- the plan

---Finite extrema of all lines, and what is told of the rest.
local function extrema(series)
  local low, high, nan, infinite = nil, nil, 0, 0
  for _, line in ipairs(series) do
    local least, most, dropped = data.extrema(line.y)
    if least then low, high = math.min(low or least, least), math.max(high or most, most) end
    if dropped > 0 then
      local n = line.y:isnan():sum():item()
      nan, infinite = nan + n, infinite + dropped - n
    end
  end
  local texts = {}
  if nan > 0 then texts[1] = nan .. " NaN" end
  if infinite > 0 then texts[#texts + 1] = infinite .. " infinite" end
  return low, high, #texts > 0 and table.concat(texts, ", ") .. " not drawn" or nil
end

---How each line is drawn, and the legend.
local function legend(series, screen)
  local notes = {}
  if #series == 1 and not series.is_named then return notes end
  if #series > NAMED then return { { text = #series .. " lines" } } end
  for i, line in ipairs(series) do
    local sign = screen.utf8 and "━" or "-"
    if screen.color then
      line.style = STYLES[i]
    elseif #series > 1 then
      line.glyph, sign = GLYPHS[i], GLYPHS[i]
    end
    notes[i] = { text = sign .. " " .. line.name, style = line.style }
  end
  return notes
end

local function plan_of(series, x, frame, notes)
  return {
    kept = #notes > 0 and 1 or 0,
    down = function(rows)
      local down = rows - 1
      return rows, axes.down(frame.low, frame.high, math.max(rows // 3, 3), function(value)
        return rows - math.min(math.max(math.floor(frame.y(value) * down + 0.5), 0), down)
      end)
    end,
    across = function(columns)
      return columns, axes.across(frame.left, frame.right, columns, function(value)
        local place = math.floor(frame.x(value) * (columns - 1) + 0.5)
        return math.min(math.max(place, 0), columns - 1) + 1
      end, frame.is_whole)
    end,
    draw = function(drawn)
      for _, line in ipairs(series) do draw_line(drawn, frame, line, x) end
      return notes
    end,
  }
end

---The ends of both axes; nil where there is nothing to draw.
local function frame_of(series, x, step_time, low, high)
  local longest = 0
  local left, right
  for _, line in ipairs(series) do longest = math.max(longest, line.y.numel) end
  if x then
    left, right = data.extrema(x)
  else
    left, right = step_time or 1, longest * (step_time or 1)
  end
  if not low or not left then return nil end
  local frame = { step_time = step_time or 1, is_whole = not x and not step_time }
  if frame.is_whole and longest == 1 then
    left, right = 0, 2
  end
  frame.left, frame.right = axes.span(left + 0.0, right + 0.0)
  frame.low, frame.high = axes.span(low + 0.0, high + 0.0)
  frame.x = axes.fraction(frame.left, frame.right)
  frame.y = axes.fraction(frame.low, frame.high)
  return frame
end

local function check_x(x, series, options)
  if x == nil then return nil end
  if type(x) == "number" then tools.wrong_argument(WHERE, "x", "a tensor or a list", x) end
  if options.step_time ~= nil then
    tools.fail("ValueError", "%s: 'step_time' says where values without 'x' lie, got both", WHERE)
  end
  x = one_dimension("x", (data.tensor(WHERE, "x", x)))
  for _, line in ipairs(series) do
    if line.y.numel ~= x.numel then
      tools.fail("ValueError", "%s: 'x' must be as long as 'y', %d, got %d", WHERE, line.y.numel,
        x.numel)
    end
  end
  return x
end

return function(y, x, options)
  x, options = split(x, options)
  options = figure.options(WHERE, options, { "step_time", "sample", "range", "unit" })
  if y == nil then tools.missing(WHERE, { "y", "a tensor (T) or (T, K), or tensors by name" }) end
  local series, its_step = series_of(y, options)
  series.is_named = is_by_name(y)
  x = check_x(x, series, options)
  local screen = figure.screen(WHERE, options)
  local step_time = data.step_time(WHERE, options, its_step)
  local low, high, dropped = extrema(series)
  local from, to = data.range(WHERE, options)
  local notes = legend(series, screen)
  if dropped then notes[#notes + 1] = { text = dropped } end
  local frame = frame_of(series, x, step_time, from or low, to or high)
  local plan
  if low and frame then
    plan = plan_of(series, x, frame, notes)
  else
    plan = figure.empty(dropped and "nothing finite" or "no data")
  end
  plan.xlabel = step_time and not x and "time (ms)" or nil
  plan.ylabel = options.unit
  options.ylabel = figure.label(options.ylabel, options.unit)
  return figure.new("line", screen, options, plan)
end
