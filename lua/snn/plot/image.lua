-- snn.plot.image: a matrix as square pixels, its first row at the top. With colours a
-- pixel is two columns wide and a line high, or half of a line where that is too large;
-- without, two columns of a shade. What is larger than the screen is averaged.
local snn, _, tools = ...

local axes, data, figure = tools.plot.axes, tools.plot.data, tools.plot.figure
local styled = tools.plot.canvas.styled

local WHERE <const> = "plot.image"
local HEIGHT <const> = 48 -- lines, where the screen does not say
local EACH <const> = 7 -- so many rows are all labelled
local SHADES <const> = {
  [true] = { " ", "░", "▒", "▓", "█" },
  [false] = { " ", ".", ":", "-", "=", "+", "*", "#", "%", "@" },
}
-- From dark blue to yellow in the palette of 256 colours, nearly as matplotlib's viridis.
local PALETTE <const> = { 53, 54, 60, 61, 25, 31, 30, 36, 35, 41, 77, 113, 149, 185, 226 }

---The size of blocks that are averaged, and whether a pixel is half of a line.
local function fit(height, width, rows, columns, has_color)
  local across = math.max(columns // 2, 1)
  local factor = math.max(math.ceil(height / rows), math.ceil(width / across), 1)
  if factor == 1 or not has_color then return factor, false end
  return math.max(math.ceil(height / (2 * rows)), math.ceil(width / columns), 1), true
end

---Sums of blocks of factor x factor, smaller at the ends.
local function block_sums(t, factor)
  for dim = 1, 2 do
    local list, size = {}, t.shape[dim]
    for i = 1, math.ceil(size / factor) do
      local first = (i - 1) * factor + 1
      list[i] = t:narrow(dim, first, math.min(factor, size - first + 1)):sum(dim)
    end
    t = snn.stack(list, dim)
  end
  return t
end

---Means of blocks, of what is finite in each; NaN where nothing is.
local function reduced(t, factor, dropped)
  if factor == 1 then return t end
  t = t:to("float64")
  local finite = t:isfinite()
  local sums = block_sums(dropped > 0 and finite:where(t, 0) or t, factor)
  return sums / block_sums(finite:to("float64"), factor)
end

---The place of a value among n: NaN stays.
local function level(share, n)
  if share - share ~= 0 then return nil end
  return math.min(math.max(math.floor(share * n), 0), n - 1) + 1
end

local function draw_shades(drawn, list)
  local shades = SHADES[drawn.screen.utf8]
  local none = drawn.screen.utf8 and "×" or "x"
  for i, row in ipairs(list) do
    for j, share in ipairs(row) do
      local sign = shades[level(share, #shades)] or none
      drawn:put(2 * j - 1, i, sign)
      drawn:put(2 * j, i, sign)
    end
  end
end

local function color_of(share)
  return PALETTE[share and level(share, #PALETTE)]
end

local function draw_colors(drawn, list)
  for i, row in ipairs(list) do
    for j, share in ipairs(row) do
      local code = color_of(share)
      local style, sign = code and "48;5;" .. code, code and " " or "×"
      drawn:put(2 * j - 1, i, sign, style)
      drawn:put(2 * j, i, sign, style)
    end
  end
end

---Two pixels in a cell: the upper one is the sign's, the lower one its ground.
local function draw_halves(drawn, list)
  for i = 1, #list, 2 do
    for j, share in ipairs(list[i]) do
      local upper, lower = color_of(share), list[i + 1] and color_of(list[i + 1][j])
      if upper then
        drawn:put(j, (i + 1) // 2, "▀", "38;5;" .. upper .. (lower and ";48;5;" .. lower or ""))
      elseif lower then
        drawn:put(j, (i + 1) // 2, "▄", "38;5;" .. lower)
      end
    end
  end
end

---The scale: what the darkest and the lightest stand for.
local function scale(screen, low, high, unit)
  local first, last = axes.number(low), axes.number(high)
  if unit then last = last .. " " .. figure.plain(screen, unit) end
  local room = screen.width - #first - utf8.len(last) - 2
  if screen.color and screen.utf8 and room > 1 then
    local strip, n = {}, math.min(room, #PALETTE)
    for i = 1, n do
      strip[i] = styled(screen, " ", "48;5;" .. PALETTE[1 + (i - 1) * (#PALETTE - 1) // (n - 1)])
    end
    return { text = ("%s %s %s"):format(first, table.concat(strip), last),
      wide = screen.width - room + n }
  end
  return { text = ("%s [%s] %s"):format(first, table.concat(SHADES[screen.utf8]), last) }
end

local function notes_of(screen, m, factor, low, high, options, dropped)
  local notes = { scale(screen, low, high, options.unit) }
  if factor > 1 then notes[2] = { text = ("a pixel: mean of %d x %d"):format(factor, factor) } end
  local text = data.dropped(m, dropped)
  if text then notes[#notes + 1] = { text = text } end
  return notes
end

local function plan_of(m, low, high, dropped, options, screen)
  local height, width = m.shape[1], m.shape[2]
  local most, factor, is_half, rows = 1, 1, false, 1
  local has_color = screen.color and screen.utf8
  -- columns are known after rows: they are counted with a margin for the labels
  local columns = screen.width - #tostring(height) - 2
  local from, to = low, high
  if from == to then from, to = axes.span(from, to) end
  local fraction = axes.fraction(from, to)
  return {
    kept = 1,
    down = function(given)
      most = given
      factor, is_half = fit(height, width, most, columns, has_color)
      rows = math.ceil(math.ceil(height / factor) / (is_half and 2 or 1))
      local high_of = factor * (is_half and 2 or 1)
      return rows, axes.down(1, height, rows <= EACH and rows or rows // 2, function(i)
        return (i - 1) // high_of + 1
      end, true)
    end,
    across = function()
      local wide, pixels = is_half and 1 or 2, math.ceil(width / factor)
      return pixels * wide, axes.across(1, width, pixels * wide, function(i)
        return (i - 1) // factor * wide + 1
      end, true)
    end,
    draw = function(drawn)
      local list = fraction(reduced(m, factor, dropped):to("float64")):totable()
      local draw = is_half and draw_halves or has_color and draw_colors or draw_shades
      draw(drawn, list)
      return notes_of(screen, m, factor, low, high, options, dropped)
    end,
  }
end

---The matrix as a tensor of real numbers.
local function matrix(value)
  local m = data.tensor(WHERE, "m", value)
  if m.numel == 0 and m.ndim < 2 then m = m:reshape(0, 0) end
  if m.ndim ~= 2 then
    tools.fail("ValueError", "%s: 'm' must have two dimensions (rows, columns), its shape is {%s}",
      WHERE, table.concat(m.shape, ", "))
  end
  return data.real(m)
end

return function(m, options)
  options = figure.options(WHERE, options, { "range", "unit" })
  if m == nil then tools.missing(WHERE, { "m", "a tensor (rows, columns)" }) end
  m = matrix(m)
  local screen = figure.screen(WHERE, options, HEIGHT)
  local low, high, dropped = data.extrema(m)
  local from, to = data.range(WHERE, options)
  if not low then
    return figure.new("image", screen, options,
      figure.empty(dropped > 0 and "nothing finite" or "no data"))
  end
  return figure.new("image", screen, options,
    plan_of(m, from or low, to or high, dropped, options, screen))
end
