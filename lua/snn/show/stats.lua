-- A tensor in one row: what of it is true, or the smallest, the mean and the largest
-- element. Reads only.
local _, load, tools = ...

local text = load "snn.show.text"

local stats = {}

local function flat(t) return t.ndim == 0 and t:reshape(1) or t end

local function of_real(t)
  local wrong = t:isnan():sum():item()
  local n = t.numel
  local out = { nan = wrong, count = n }
  if wrong == n then return out end
  local good = t
  if wrong > 0 then good = t:masked_select(t:isnan():logical_not()) end
  out.min, out.max = good:amin():item(), good:amax():item()
  out.mean = good:mean():item()
  return out
end

---{ min, mean, max, nan, count } of numbers, { yes, count } of bool; nil of no elements.
---@param t snn.Tensor
function stats.of(t)
  if t.numel == 0 then return nil end
  local all = t.numel
  t = flat(tools.distinct(t))
  if t.dtype == "bool" then
    return { yes = t:sum():item() * (all // t.numel), count = all }
  elseif t.dtype == "int64" then
    t = t:to "float64"
  end
  return of_real(t)
end

local function nan_note(s)
  return s.nan > 0 and ("NaN: %d of %d"):format(s.nan, s.count) or ""
end

---The cells of a row behind its name: min, mean, max, unit.
---@param t snn.Tensor
---@param unit? string
function stats.cells(t, unit)
  local ok, s = pcall(stats.of, t)
  if not ok then return { { "?", wide = true } } end
  if not s then return { { "empty", "dim", wide = true } } end
  if s.yes then
    local share = s.count > 1 and (" (%s %%)"):format(text.number(100.0 * s.yes / s.count)) or ""
    return { { ("%d of %d%s"):format(s.yes, s.count, share), wide = true } }
  end
  if not s.min then return { { nan_note(s), "warn", wide = true } } end
  local cells = {}
  for i, v in ipairs { s.min, s.mean, s.max } do
    cells[i] = { text.number(v), right = true }
  end
  cells[4] = { unit or "", "dim" }
  cells[5] = { nan_note(s), "warn" }
  return cells
end

---The same in one text: "-65 … -50, mean -61".
function stats.range(t, ctx)
  local ok, s = pcall(stats.of, t)
  if not ok or not s then return "" end
  if s.yes then return ("%d of %d"):format(s.yes, s.count) end
  if not s.min then return nan_note(s) end
  if s.min == s.max then return text.number(s.min) .. (s.nan > 0 and ", " .. nan_note(s) or "") end
  return ("%s %s %s%s"):format(text.number(s.min), ctx.dots, text.number(s.max),
    s.nan > 0 and ", " .. nan_note(s) or "")
end

return stats
