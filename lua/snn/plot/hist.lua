-- snn.plot.hist: how many values lie in each of equal bins, as bars.
local snn, _, tools = ...

local axes, data, figure = tools.plot.axes, tools.plot.data, tools.plot.figure

local WHERE <const> = "plot.hist"
local BINS <const>, MOST <const> = 20, 900
local CHUNK <const> = 1 << 20 -- values that are counted at once, in float64
local MOST_WHOLE <const> = 40 -- so many whole numbers have a bin each
local LARGEST <const> = 1e15 -- the halves between larger ones are no numbers
local EIGHTHS <const> = { "▁", "▂", "▃", "▄", "▅", "▆", "▇" }
local QUARTERS <const> = { ".", ".", ":", ":", ":", "|", "|" }

---Counts of finite values in n bins from low to high, which is in the last; and how many
---lie outside.
local function count(values, n, low, high)
  local total, inside = snn.zeros({ n }, { dtype = "int64" }), 0
  local fraction = axes.fraction(low, high)
  for first = 1, values.numel, CHUNK do
    local part = values:narrow(1, first, math.min(CHUNK, values.numel - first + 1)):to("float64")
    local is_inside = part:ge(low) & part:le(high)
    if not is_inside:all():item() then part = part:masked_select(is_inside) end
    if part.numel > 0 then
      local bin = (fraction(part) * n + 1):floor():clamp(1, n):to("int64")
      total:add_(bin:bincount { minlength = n })
    end
    inside = inside + part.numel
  end
  return total, values.numel - inside
end

---One bin for each whole number, where there are no others and not too many.
local function whole_bins(values, low, high)
  if high - low >= MOST_WHOLE or low ~= math.floor(low) then return nil end
  if math.max(-low, high) > LARGEST then return nil end
  if not values:floor():eq(values):all():item() then return nil end
  return high - low + 1
end

---The bins: how many, the ends, and whether each is of one whole number.
local function bins_of(values, options, low, high)
  local n = data.whole(WHERE, options, "bins", nil, 1, MOST)
  local from, to = data.range(WHERE, options)
  if from then return n or BINS, from, to end
  if not low then return n or BINS, 0, 1 end
  local whole = not n and whole_bins(values, low, high)
  if whole then return math.tointeger(whole), low - 0.5, high + 0.5, true end
  return n or BINS, axes.span(low + 0.0, high + 0.0)
end

---The bar of a bin, `eighths` of a row high; its count above where there is room.
local function draw_bar(drawn, first, wide, eighths, text)
  local parts = drawn.screen.utf8 and EIGHTHS or QUARTERS
  local full = drawn.screen.utf8 and "█" or "#"
  for column = first, first + wide - 1 do
    for row = 1, eighths // 8 do drawn:put(column, drawn.rows - row + 1, full) end
    local rest = parts[eighths % 8]
    if rest then drawn:put(column, drawn.rows - eighths // 8, rest) end
  end
  if not text then return end
  local row = drawn.rows - (eighths + 7) // 8
  local left = first + (wide - #text) // 2
  for i = 1, #text do drawn:put(left + i - 1, row, text:sub(i, i)) end
end

local function plan_of(counts, low, high, is_whole, notes)
  local bins, most = #counts, math.max(table.unpack(counts))
  local is_labelled, height = false, 1
  return {
    kept = 1,
    down = function(rows)
      height = rows
      local ticks = axes.down(0, math.max(most, 1), math.max(rows // 3, 3), function(value)
        return rows + 1 - math.ceil(value / math.max(most, 1) * (rows - 1))
      end, true)
      return rows, ticks
    end,
    across = function(columns)
      if bins > columns then
        tools.fail("ValueError", "%s: 'bins' must be from 1 to %d at this width, got %d", WHERE,
          columns, bins)
      end
      local wide = columns // bins
      is_labelled = wide > #tostring(most)
      local fraction = axes.fraction(low, high)
      return wide * bins, axes.across(low, high, wide * bins, function(value)
        return math.min(math.max(math.floor(fraction(value) * wide * bins), 0) + 1, wide * bins)
      end, is_whole)
    end,
    draw = function(drawn)
      local wide = drawn.columns // bins
      for i, n in ipairs(counts) do
        local eighths = n == 0 and 0
          or math.max(math.floor(n / most * (height - 1) * 8 + 0.5), 1)
        draw_bar(drawn, (i - 1) * wide + 1, wide, eighths,
          is_labelled and n > 0 and tostring(n) or nil)
      end
      return notes
    end,
  }
end

---What is said below: how many, their mean and spread, and what is not among them.
local function notes_of(given, values, dropped, outside)
  local notes = { { text = ("%d value%s"):format(values.numel, values.numel == 1 and "" or "s") } }
  if values.numel > 1 then
    local mean, spread = values:mean():item(), values:std():item()
    if mean - mean == 0 then notes[#notes + 1] = { text = "mean " .. tools.rounded(mean, 4) } end
    if spread - spread == 0 then
      notes[#notes + 1] = { text = "std " .. tools.rounded(spread, 4) }
    end
  end
  if outside > 0 then notes[#notes + 1] = { text = ("%d outside of the range"):format(outside) } end
  local text = data.dropped(given, dropped)
  if text then notes[#notes + 1] = { text = text } end
  return notes
end

return function(x, options)
  options = figure.options(WHERE, options, { "bins", "range", "unit" })
  if x == nil then tools.missing(WHERE, { "x", "a tensor" }) end
  local given = data.real(data.tensor(WHERE, "x", x)):reshape(-1)
  local low, high, dropped = data.extrema(given)
  local values = dropped > 0 and given:masked_select(given:isfinite()) or given
  local bins, from, to, is_whole = bins_of(values, options, low, high)
  local counts, outside = count(values, bins, from, to)
  local screen = figure.screen(WHERE, options)
  local plan
  if low then
    plan = plan_of(counts:totable(), from, to, is_whole,
      notes_of(given, values, dropped, outside))
  else
    plan = figure.empty(dropped > 0 and "nothing finite" or "no data")
  end
  plan.ylabel = "count"
  plan.xlabel = options.unit
  options.xlabel = figure.label(options.xlabel, options.unit)
  plan.fields = { counts = counts,
    edges = snn.linspace(from, to, bins + 1, { dtype = "float64" }) }
  return figure.new("hist", screen, options, plan)
end
