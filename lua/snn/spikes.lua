-- Measures of spike trains.
local snn, _, tools = ...

local fail = tools.fail

local function check_tensor(where, name, value)
  if not tools.is_tensor(value) then
    tools.wrong_argument(where, name, "a tensor", value)
  end
end

-- ------------------------------------------------------------- intervals

---The steps of spikes in rows (N, T) as (N, C), ascending, T + 1 where a row
---has fewer than C, the most of any row.
local function spike_steps(rows)
  local steps = rows.shape[2]
  local at = rows:where(snn.arange(1, steps + 1, { dtype = "int64" }), steps + 1)
  local most = rows:sum(2):amax():item()
  return (at:sort(2):narrow(2, 1, most))
end

---Intervals in steps (N, C - 1) of spikes (N, T), NaN where there is none.
local function intervals(rows)
  local none = snn.zeros(rows.shape[1], 0)
  if rows.numel == 0 then return none end
  local at = spike_steps(rows)
  local spikes = at.shape[2]
  if spikes < 2 then return none end
  local later, earlier = at:narrow(2, 2, spikes - 1), at:narrow(2, 1, spikes - 1)
  return later:le(rows.shape[2]):where((later - earlier):to("float32"), 0 / 0)
end

--- Intervals between the spikes of each train, ms: (N..., T) gives (N..., K - 1) where the
--- train with the most spikes has K. Others have NaN at the end; without two spikes in any
--- train the last size is 0. ValueError: the tensor has no dimension.
--- ```lua
--- print(snn.isi(snn.tensor { { 1, 0, 0, 1, 1 }, { 0, 1, 0, 0, 1 } }, 0.5))
--- local encoder = snn.HomogeneousPoissonEncoder { steps = 1000, step_time = 1, frequency = 50 }
--- print(snn.isi(encoder(snn.ones(1)), 1, { time_first = true }):mean())
--- ```
---@param spikes snn.Tensor (N..., T), any non-zero element is a spike
---@param step_time? number ms; 1 when absent: the intervals are in steps
---@param options? { time_first?: boolean } (T, N...) when true, also the result
---@return snn.Tensor float32
function snn.isi(spikes, step_time, options)
  check_tensor("isi", "spikes", spikes)
  if step_time ~= nil and type(step_time) ~= "number" then
    fail("TypeError", "isi: 'step_time' must be a number, got %s", tools.describe(step_time))
  elseif spikes.ndim == 0 then
    fail("ValueError", "isi: 'spikes' must have a dimension of time, got no dimensions")
  end
  local first = tools.options("isi", options, { "time_first" }).time_first
  if first ~= nil and type(first) ~= "boolean" then
    fail("TypeError", "isi: 'time_first' must be a boolean, got %s", tools.describe(first))
  end
  local order = {}
  for d = 1, spikes.ndim do order[d] = first and d % spikes.ndim + 1 or d end
  local trains = spikes:permute(order):ne(0)
  local shape = trains.shape
  local steps, count = table.remove(shape), 1
  for _, size in ipairs(shape) do count = count * size end
  local result = intervals(trains:reshape(count, steps)) * (step_time or 1)
  shape[#shape + 1] = result.shape[2]
  result = result:reshape(shape)
  if not first then return result end
  table.insert(order, 1, table.remove(order))
  for d = 1, #order do order[d] = d == 1 and #order or d - 1 end
  return result:permute(order):contiguous()
end

-- ------------------------------------------------------------- distance

---Times as a list of numbers, ascending.
local function times(where, name, tensor)
  check_tensor(where, name, tensor)
  if tensor.ndim ~= 1 then
    fail("ValueError", "%s: '%s' must have one dimension, got %d", where, name, tensor.ndim)
  end
  return tensor:to("float64"):totable()
end

---The least sum of 1 for each spike added or removed and cost |t - t'| for
---each one moved. `row[j]` is that of the first i spikes of a and j of b.
local function distance(a, b, cost)
  local row = {}
  for j = 0, #b do row[j] = j end
  for i = 1, #a do
    local before = row[0]
    row[0] = i
    for j = 1, #b do
      local gap = math.abs(a[i] - b[j])
      local moved = before + (gap == 0 and 0 or cost * gap)
      before = row[j]
      row[j] = math.min(row[j] + 1, row[j - 1] + 1, moved)
    end
  end
  return row[#b]
end

--- Victor-Purpura distance of two spike trains: the least cost of changing one
--- into the other, where adding and removing a spike cost 1 and moving it by a
--- time t costs cost * t.
---
--- Source: Victor & Purpura (1996), J. Neurophysiol. 76:1310.
--- ```lua
--- print(snn.victor_purpura_pair_dist(snn.tensor { 1, 5 }, snn.tensor { 2, 9 }, 0.5))
--- ```
---@param t0 snn.Tensor times of the spikes, ascending
---@param t1 snn.Tensor
---@param cost number|snn.Tensor for a unit of time; a number, or one dimension of them
---@return snn.Tensor one distance for each cost
function snn.victor_purpura_pair_dist(t0, t1, cost)
  local where = "victor_purpura_pair_dist"
  local a, b = times(where, "t0", t0), times(where, "t1", t1)
  local costs, dtype = { cost }, "float32"
  if tools.is_tensor(cost) then
    costs = times(where, "cost", cost:reshape(-1))
    if cost.dtype == "float64" then dtype = "float64" end
  elseif type(cost) ~= "number" then
    tools.wrong_argument(where, "cost", "a number or a tensor", cost)
  end
  if t0.dtype == "float64" or t1.dtype == "float64" then dtype = "float64" end
  local list = {}
  for i, c in ipairs(costs) do
    if c < 0 or c ~= c then
      fail("ValueError", "%s: 'cost' must not be negative, got %g", where, c)
    end
    list[i] = distance(a, b, c)
  end
  if #list == 0 then return snn.zeros({ 0 }, { dtype = dtype }) end
  return snn.tensor(list, { dtype = dtype })
end
