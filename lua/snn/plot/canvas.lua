-- What plots are drawn on: a grid of character cells. A cell shows one glyph, or dots:
-- two by four of a braille sign, and where the screen has no UTF-8 one by two of `.:'`.
-- Cells count from 1, from the left and from the top; so do dots.
local canvas = {}
canvas.__index = canvas

-- Bits of a braille sign by column and row of the dot (Unicode 2800 to 28FF).
local BRAILLE <const> = { { 0x01, 0x02, 0x04, 0x40 }, { 0x08, 0x10, 0x20, 0x80 } }
local HALVES <const> = { { 0x01, 0x02 } }
local HALF_SIGNS <const> = { "'", ".", ":" }

--- An empty canvas of so many columns and rows of cells, for a screen { utf8 =, color = }.
---@return table canvas with `across` and `down`, its size in dots
function canvas.new(columns, rows, screen)
  local bits = screen.utf8 and BRAILLE or HALVES
  return setmetatable({
    columns = columns, rows = rows, screen = screen, bits = bits,
    across = columns * #bits, down = rows * #bits[1],
    dots = {}, glyphs = {}, styles = {},
  }, canvas)
end

--- Shows `glyph`, one column wide, in a cell, in the style of an SGR code ("36") or none.
function canvas:put(column, row, glyph, style)
  local cell = (row - 1) * self.columns + column
  self.glyphs[cell], self.styles[cell] = glyph, style
end

--- Sets the dot; with a `glyph` the dot's cell shows that in its place.
function canvas:dot(x, y, style, glyph)
  local wide, high = #self.bits, #self.bits[1]
  local column, row = (x - 1) // wide, (y - 1) // high
  if glyph then return self:put(column + 1, row + 1, glyph, style) end
  local cell = row * self.columns + column + 1
  self.dots[cell] = (self.dots[cell] or 0) | self.bits[(x - 1) % wide + 1][(y - 1) % high + 1]
  self.styles[cell] = style
end

--- A straight line of dots, both ends among them (Bresenham 1965).
function canvas:line(x, y, to_x, to_y, style, glyph)
  local dx, dy = math.abs(to_x - x), -math.abs(to_y - y)
  local step_x, step_y = x < to_x and 1 or -1, y < to_y and 1 or -1
  local rest = dx + dy
  while true do
    self:dot(x, y, style, glyph)
    if x == to_x and y == to_y then return end
    local twice = 2 * rest
    if twice >= dy then rest, x = rest + dy, x + step_x end
    if twice <= dx then rest, y = rest + dx, y + step_y end
  end
end

function canvas:sign(cell)
  local dots = self.dots[cell]
  if self.glyphs[cell] then return self.glyphs[cell] end
  if not dots then return " " end
  return self.screen.utf8 and utf8.char(0x2800 + dots) or HALF_SIGNS[dots]
end

--- `text` in a style, where the screen has colours.
function canvas.styled(screen, text, style)
  if not style or not screen.color then return text end
  return "\27[" .. style .. "m" .. text .. "\27[0m"
end

--- The text of a row, blanks at its end left out.
function canvas:line_of(row)
  local first, signs, last = (row - 1) * self.columns, {}, 0
  for column = 1, self.columns do
    local sign, style = self:sign(first + column), self.styles[first + column]
    if sign ~= " " or style then last = column end
    signs[column] = sign
  end
  local parts, from = {}, 1
  while from <= last do
    local style, to = self.styles[first + from], from
    while to < last and self.styles[first + to + 1] == style do to = to + 1 end
    parts[#parts + 1] = canvas.styled(self.screen, table.concat(signs, "", from, to), style)
    from = to + 1
  end
  return table.concat(parts)
end

return canvas
