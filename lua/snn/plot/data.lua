-- What plots take: tensors, lists of numbers, and what monitors have recorded.
local snn, _, tools = ...

local data = {}

local fail = tools.fail

-- ------------------------------------------------------------- options

--- The option, or `default`, if it is a whole number from `least` to `most`.
function data.whole(where, options, name, default, least, most)
  local value = options[name]
  if value == nil then return default end
  local n = math.type(value) and math.tointeger(value)
  if not n then tools.wrong_argument(where, name, "an integer", value) end
  if n < least or n > most then
    fail("ValueError", "%s: '%s' must be from %d to %d, got %d", where, name, least, most, n)
  end
  return n
end

--- Of the given options `range`, { low, high }, as two numbers; nil where it is absent.
function data.range(where, given)
  local range = given.range
  if range == nil then return nil end
  local low, high
  if type(range) == "table" and rawlen(range) == 2 then low, high = range[1], range[2] end
  if math.type(low) == nil or math.type(high) == nil then
    tools.wrong_argument(where, "range", "{ low, high }, two numbers", range)
  end
  if not (low < high and high - low < math.huge) then
    fail("ValueError", "%s: 'range' must be { low, high }, finite, low below high, got { %g, %g }",
      where, low, high)
  end
  return low + 0.0, high + 0.0
end

--- The step time in ms; `default` where it is absent.
function data.step_time(where, options, default)
  local value = options.step_time
  if value == nil then return default end
  if type(value) ~= "number" then tools.wrong_argument(where, "step_time", "a number", value) end
  if not (value > 0 and value < math.huge) then
    fail("ValueError", "%s: 'step_time' must be above 0 and finite, got %g", where, value)
  end
  return value + 0.0
end

-- ------------------------------------------------------------- tensors

local function reducer_of(monitor) return monitor.reducer end

---The reducer that keeps what the value has recorded; nil where it records nothing.
local function recorded_by(value)
  if not tools.is_module(value) then return nil end
  if tools.is_instance(value, snn.Reducer) then return value end
  local ok, reducer = pcall(reducer_of, value)
  return ok and tools.is_instance(reducer, snn.Reducer) and reducer or nil
end

---All that it has recorded, oldest first, and its step time.
local function history(value, reducer)
  local all = value:dump()
  if all == nil then return snn.zeros(0), reducer.step_time end
  return all:flip(1), reducer.step_time
end

---A list of tensors of one shape, one on the other.
local function stacked(where, name, list)
  for i, t in ipairs(list) do
    if not tools.is_tensor(t) then
      fail("TypeError", "%s: '%s' must hold tensors alone, [%d] is %s", where, name, i,
        tools.describe(t))
    elseif table.concat(t.shape, ",") ~= table.concat(list[1].shape, ",") then
      fail("ValueError", "%s: tensors of '%s' must be of one shape, [1] is {%s}, [%d] is {%s}",
        where, name, table.concat(list[1].shape, ", "), i, table.concat(t.shape, ", "))
    end
  end
  return snn.stack(list)
end

local function from_list(where, name, list)
  if next(list) == nil then return snn.zeros(0) end
  if tools.is_tensor(list[1]) then return stacked(where, name, list) end
  local ok, result = pcall(snn.tensor, list, { dtype = "float64" })
  if ok then return result end
  local why = type(result) == "table" and result.message or tostring(result)
  fail(type(result) == "table" and result.kind or "TypeError",
    "%s: '%s' must be a tensor or a list of numbers: %s", where, name,
    (why:gsub("^.*tensor: ", "")))
end

--- The value as a tensor, and the step time where it knows one.
---@param value any a tensor, nested lists of numbers, a list of tensors of one shape, or a
---  monitor or reducer: all steps that it has recorded
function data.tensor(where, name, value)
  if tools.is_tensor(value) then return value end
  if type(value) == "number" then return snn.tensor({ value }, { dtype = "float64" }) end
  local reducer = recorded_by(value)
  if reducer then return history(value, reducer) end
  if type(value) ~= "table" or getmetatable(value) then
    tools.wrong_argument(where, name, "a tensor, a list of numbers or a monitor", value)
  end
  return from_list(where, name, value)
end

--- Values of time first, (T), (T, N) or (T, B, N...), as (T, N): those of one sample.
function data.steps(where, name, t, given)
  local shape = t.shape
  if #shape == 0 then return t:reshape(1, 1) end
  if #shape == 1 then
    data.whole(where, given, "sample", 1, 1, 1)
    return t:reshape(shape[1], 1)
  elseif #shape == 2 then
    data.whole(where, given, "sample", 1, 1, 1)
    return t
  end
  if shape[2] == 0 then
    fail("ValueError", "%s: '%s' has no samples, its shape is {%s}", where, name,
      table.concat(shape, ", "))
  end
  local one = t:select(2, data.whole(where, given, "sample", 1, 1, shape[2]))
  local count = 1
  for d = 3, #shape do count = count * shape[d] end
  return one:reshape(shape[1], count)
end

--- In float32 or float64.
function data.real(t)
  if t.dtype == "bool" then return t:to("float32") end
  return t.dtype == "int64" and t:to("float64") or t
end

--- The least and greatest finite value, nil where there is none, and how many are NaN or
--- infinite.
function data.extrema(t)
  if t.numel == 0 then return nil, nil, 0 end
  local low, high = t:amin():item(), t:amax():item()
  if low - low == 0 and high - high == 0 then return low, high, 0 end
  local finite = t:masked_select(t:isfinite())
  local dropped = t.numel - finite.numel
  if finite.numel == 0 then return nil, nil, dropped end
  return finite:amin():item(), finite:amax():item(), dropped
end

--- Item i of n equal parts of `size` places: its first place and how many it has.
function data.part(size, n, i)
  local from = (i - 1) * size // n
  return from + 1, i * size // n - from
end

--- Sums over n parts of a dimension of a tensor (A, B), which has at least n places.
function data.sums(t, dim, n)
  local list, size = {}, t.shape[dim]
  for i = 1, n do
    local first, length = data.part(size, n, i)
    list[i] = t:narrow(dim, first, length):sum(dim)
  end
  return snn.stack(list, dim)
end

--- "3 NaN not drawn", of so many values that are not finite.
function data.dropped(t, count)
  if count == 0 then return nil end
  local nan = t:isnan():sum():item()
  local infinite, texts = count - nan, {}
  if nan > 0 then texts[1] = ("%d NaN"):format(nan) end
  if infinite > 0 then texts[#texts + 1] = ("%d infinite"):format(infinite) end
  return table.concat(texts, ", ") .. " not drawn"
end

return data
