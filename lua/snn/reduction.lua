-- snn.functional: tensors with fewer dimensions. Each is a function
-- (data, dim, keepdim, options); dim is a dimension or a list of them, all
-- without it. Those whose names begin with "nan" leave NaN out.
local snn, _, tools = ...
local functional = snn.functional

local fail = tools.fail

---Adds snn.functional.<name>: law(data, dim, keepdim, options), the options
---among `known`.
local function reduction(name, known, law)
  functional[name] = function(data, dim, keepdim, options)
    if not tools.is_tensor(data) then
      tools.wrong_argument(name, "data", "a tensor", data)
    end
    return law(data, dim, keepdim, tools.options(name, options, known), name)
  end
end

-- ------------------------------------------------------------- sums

---NaN as 0.
local function without_nan(data) return data:masked_fill(data:isnan(), 0) end

local function present(data, dim, keepdim) return data:isnan():logical_not():sum(dim, keepdim) end

local function denominator(name, options)
  local denom = options.denom or 1
  if type(denom) ~= "number" and not tools.is_tensor(denom) then
    tools.wrong_argument(name, "denom", "a number or a tensor", denom)
  end
  return denom
end

reduction("sum", {}, function(data, dim, keepdim) return data:sum(dim, keepdim) end)

reduction("nansum", {}, function(data, dim, keepdim)
  return without_nan(data):sum(dim, keepdim)
end)

-- the sum divided by denom: a part of a mean over more than is there
reduction("divsum", { "denom" }, function(data, dim, keepdim, options, name)
  return data:sum(dim, keepdim) / denominator(name, options)
end)

reduction("nandivsum", { "denom" }, function(data, dim, keepdim, options, name)
  return without_nan(data):sum(dim, keepdim) / denominator(name, options)
end)

reduction("mean", {}, function(data, dim, keepdim) return data:mean(dim, keepdim) end)

-- NaN where nothing is left
reduction("nanmean", {}, function(data, dim, keepdim)
  return without_nan(data):sum(dim, keepdim) / present(data, dim, keepdim)
end)

-- ------------------------------------------------------------- extrema

reduction("min", {}, function(data, dim, keepdim) return data:amin(dim, keepdim) end)
reduction("max", {}, function(data, dim, keepdim) return data:amax(dim, keepdim) end)

---The element whose magnitude `extremum` chooses, with its own sign; of two of
---one magnitude the positive one.
local function by_magnitude(data, dim, keepdim, extremum)
  if data.dtype == "bool" then return extremum(data, dim, keepdim) end
  local magnitude = extremum(data:abs(), dim, true)
  local is_positive = data:eq(magnitude):any(dim, keepdim)
  magnitude = keepdim and magnitude or extremum(data:abs(), dim)
  return is_positive:where(magnitude, -magnitude)
end

reduction("absmin", {}, function(data, dim, keepdim)
  return by_magnitude(data, dim, keepdim, functional.min)
end)

reduction("absmax", {}, function(data, dim, keepdim)
  return by_magnitude(data, dim, keepdim, functional.max)
end)

-- ------------------------------------------------------------- ranks

---The dimensions as a list of places from 1, in order.
local function places(name, data, dim)
  local is_chosen, list = {}, {}
  for _, d in ipairs(type(dim) == "table" and dim or { dim }) do
    local place = math.type(d) == "integer" and d < 0 and d + data.ndim + 1 or d
    if math.type(place) ~= "integer" or place < 1 or place > data.ndim then
      fail("ValueError", "%s: 'dim' must be from 1 to %d or from -%d to -1, got %s", name,
        data.ndim, data.ndim, tools.describe(d))
    elseif is_chosen[place] then
      fail("ValueError", "%s: dimension %d comes twice", name, place)
    end
    is_chosen[place] = true
  end
  for d = 1, data.ndim do list[#list + 1] = is_chosen[d] and d or nil end
  if #list == 0 then fail("ValueError", "%s: 'dim' must not be empty", name) end
  return list
end

---`data` with the dimensions of `list` as one last one.
local function joined(data, list)
  local order, shape, is_last = {}, {}, {}
  for _, d in ipairs(list) do is_last[d] = true end
  for d = 1, data.ndim do
    if not is_last[d] then
      order[#order + 1], shape[#shape + 1] = d, data.shape[d]
    end
  end
  local size = 1
  for _, d in ipairs(list) do
    order[#order + 1] = d
    size = size * data.shape[d]
  end
  shape[#shape + 1] = size
  return data:permute(order):reshape(shape)
end

---Applies fn(tensor, dim) -> tensor without dim to several dimensions as if
---they were one.
local function over_joined(name, data, dim, keepdim, fn)
  if dim == nil then
    local result = fn(data:flatten(), 1)
    if not keepdim then return result end
    local ones = {}
    for d = 1, data.ndim do ones[d] = 1 end
    return result:reshape(ones)
  end
  local list = places(name, data, dim)
  local result = fn(joined(data, list), -1)
  if keepdim then
    for _, d in ipairs(list) do result = result:unsqueeze(d) end
  end
  return result
end

local MODES <const> = {
  linear = "linear", lower = "lower", lowest = "lower", higher = "higher", nearest = "nearest",
  midpoint = "midpoint",
}

---q and the mode of an options table.
local function rank_of(name, options)
  local q, mode = options.q or 0.5, options.interpolation or "linear"
  local named = MODES[type(mode) == "string" and tools.lower(mode)]
  if type(q) ~= "number" then
    fail("TypeError", "%s: 'q' must be a number, got %s", name, tools.describe(q))
  elseif not (q >= 0 and q <= 1) then
    fail("ValueError", "%s: 'q' must be from 0 to 1, got %g", name, q)
  elseif not named then
    fail("ValueError", "%s: 'interpolation' must be 'linear', 'lower', 'higher', 'nearest' or "
      .. "'midpoint', got %s", name, tools.describe(mode))
  end
  return q, named
end

local function quantile(name, data, dim, keepdim, q, mode)
  return over_joined(name, data, dim, keepdim, function(t, d)
    return t:quantile(q, d, false, { interpolation = mode })
  end)
end

---The element at the ranks `at` (..., 1) of a sorted tensor, less its last
---dimension.
local function at_rank(sorted, at)
  return sorted:gather(-1, at:to("int64") + 1):squeeze(-1)
end

-- how the elements at two ranks and the place between them become one
local BETWEEN <const> = {
  linear = function(low, high, part)
    local gap = high - low
    local far = low * (1 - part) + high * part -- infinite, or farther than the type reaches
    return low:eq(high):where(low, gap:isfinite():where(low + gap * part, far))
  end,
  lower = function(low) return low end,
  higher = function(_, high, part, low) return part:gt(0):where(high, low) end,
  midpoint = function(low, high, part)
    local sum = low + high
    return part:gt(0):where(sum:isfinite():where(sum / 2, low / 2 + high / 2), low)
  end,
}

---A quantile of each row of what is no NaN there: NaN is sorted behind all.
local function nanquantile_of_rows(rows, q, mode)
  if rows.dtype ~= "float64" then rows = rows:to("float32") end
  local sorted = rows:sort(-1)
  local count = rows:isnan():logical_not():sum(-1, true):to("float64")
  local rank = ((count - 1) * q):clamp(0)
  if mode == "nearest" then rank, mode = rank:round(), "lower" end
  local whole = rank:floor()
  local low, high = at_rank(sorted, whole), at_rank(sorted, rank:ceil())
  local part = (rank - whole):to(rows.dtype):squeeze(-1)
  return BETWEEN[mode](low, high, part, low)
end

local function nanquantile(name, data, dim, keepdim, q, mode)
  return over_joined(name, data, dim, keepdim, function(t, d)
    if t.shape[t.ndim] == 0 then return t:quantile(q, d) end
    return nanquantile_of_rows(t, q, mode)
  end)
end

-- the element at rank q (n - 1), between two by `interpolation`
reduction("quantile", { "q", "interpolation" }, function(data, dim, keepdim, options, name)
  return quantile(name, data, dim, keepdim, rank_of(name, options))
end)

reduction("nanquantile", { "q", "interpolation" }, function(data, dim, keepdim, options, name)
  return nanquantile(name, data, dim, keepdim, rank_of(name, options))
end)

-- of an even number of elements the mean of the middle two
reduction("median", {}, function(data, dim, keepdim, _, name)
  return quantile(name, data, dim, keepdim, 0.5, "midpoint")
end)

reduction("nanmedian", {}, function(data, dim, keepdim, _, name)
  return nanquantile(name, data, dim, keepdim, 0.5, "midpoint")
end)

-- ------------------------------------------------------------- geometric means

---exp of the mean logarithm of the elements that `counts` (bool); 0 where
---there is none.
local function geometric(data, counts, dim, keepdim)
  local logs = counts:where(data:log(), 0)
  local number = counts:sum(dim, keepdim)
  return number:gt(0):where((logs:sum(dim, keepdim) / number):exp(), 0)
end

-- of all elements but zeros
reduction("geomean", {}, function(data, dim, keepdim)
  return geometric(data, data:ne(0), dim, keepdim)
end)

-- of all elements but zeros and NaN
reduction("nangeomean", {}, function(data, dim, keepdim)
  return geometric(data, data:ne(0):logical_and(data:isnan():logical_not()), dim, keepdim)
end)
