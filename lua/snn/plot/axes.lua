-- Ranges, round ticks, and where a value lies between two ends.
local _, _, tools = ...

local axes = {}

local HUGEST <const> = 2 ^ 1022 -- differences of what is below are finite

--- The ends of an axis for values from `low` to `high`: wider where these are the same.
function axes.span(low, high)
  local size = math.max(math.abs(low), math.abs(high))
  if high - low > size * 1e-14 then return low, high end
  local more = size == 0 and 1 or size < HUGEST and size * 0.1 or 0
  if size > 0 and size * 0.1 == 0 then more = size end -- the least of all numbers
  if more == 0 then return low * 0.5, high end
  return low - more, high + more
end

--- A function of numbers and tensors: 0 at `low`, 1 at `high`, straight between.
function axes.fraction(low, high)
  local scale = math.max(math.abs(low), math.abs(high)) > HUGEST and 0.25 or 1
  local from, size = low * scale, high * scale - low * scale
  return function(value) return (value * scale - from) / size end
end

-- ------------------------------------------------------------- ticks

local ROUND <const> = { 1, 2, 5 }
local SHORT <const> = 6 -- digits of a number that is written with a power of ten

local function decimal(digit, exponent)
  return exponent < 0 and exponent > -300 and digit / 10.0 ^ -exponent
    or digit * 10.0 ^ exponent
end

---The multiples of digit * 10^exponent from low to high: from the first to the last.
local function multiples(low, high, digit, exponent)
  local step = decimal(digit, exponent)
  local slack = 1e-9
  return math.ceil(low / step - slack), math.floor(high / step + slack)
end

---The finest of the steps 1, 2, 5 times a power of ten that has at most `most` multiples.
local function step_of(low, high, most, whole)
  local exponent = math.floor(math.log((high * 0.5 - low * 0.5) / most * 2, 10)) - 1
  if exponent < -323 then exponent = -323 end
  if whole then exponent = math.max(exponent, 0) end
  local finer
  while true do
    for _, digit in ipairs(ROUND) do
      local first, last = multiples(low, high, digit, exponent)
      if last - first < most then
        if last <= first and finer then return finer[1], finer[2] end
        return digit, exponent
      end
      finer = last - first < most + 2 and { digit, exponent } or finer
    end
    exponent = exponent + 1
  end
end

---How the multiples of a step are written: all with as many decimals, or as 1.5e-05.
local function text_of(value, exponent, largest)
  if largest < 1e6 and exponent >= -4 then
    return tools.fixed(value == 0 and 0 or value, math.max(0, -exponent))
  end
  if value == 0 then return "0" end
  local power = math.floor(math.log(math.abs(value), 10) + 1e-12)
  local digits = math.min(math.max(power - exponent + 1, 1), 15)
  if digits > SHORT or largest < 1e6 then return tools.rounded(value, digits) end
  return tools.rounded(value / 10.0 ^ power, digits) .. ("e+%02d"):format(power)
end

--- Round numbers from `low` to `high`, at most about `most`: a list of { value, text }.
--- `whole`: whole numbers alone.
function axes.ticks(low, high, most, whole)
  local digit, exponent = step_of(low, high, math.max(most, 2), whole)
  local first, last = multiples(low, high, digit, exponent)
  local ticks, largest = {}, math.max(math.abs(low), math.abs(high))
  for i = first, last do
    local value = exponent < 0 and exponent > -300 and i * digit / 10.0 ^ -exponent
      or i * decimal(digit, exponent)
    ticks[#ticks + 1] = { value = value, text = text_of(value, exponent, largest) }
  end
  return ticks
end

--- Ticks of a horizontal axis whose labels do not touch: `at(value)` is a tick's column.
function axes.across(low, high, columns, at, whole)
  local most = math.min(math.max(2, columns // 4), 9)
  while true do
    local ticks, free, fits = axes.ticks(low, high, most, whole), -99, true
    for _, tick in ipairs(ticks) do
      tick.at = at(tick.value)
      local left = tick.at - #tick.text // 2
      fits = fits and left > free
      free = left + #tick.text + (#tick.text > 2 and 1 or 0)
    end
    if fits then return ticks end
    if most <= 2 then return { ticks[1] } end
    most = most - 1
  end
end

--- Ticks of a vertical axis: `at(value)` is a tick's row.
function axes.down(low, high, most, at, whole)
  local ticks = axes.ticks(low, high, most, whole)
  for _, tick in ipairs(ticks) do tick.at = at(tick.value) end
  return ticks
end

--- A number for a line of text: four digits.
function axes.number(value)
  if math.type(value) == "integer" then return ("%d"):format(value) end
  return tools.rounded(value, 4)
end

return axes
