-- Histories of tensors: what RecordTensor (src/observe/record_tensor.c) has in Lua,
-- which reads and writes its steps by places and times. A place is counted from the
-- newest step, which is 1; `recordsz` is that of the oldest. Times are ms before the
-- newest step.
local snn, _, tools = ...

---@class snn.RecordTensor: snn.Reducer
local Record = snn.RecordTensor

local fail = tools.fail

-- ------------------------------------------------------------- arguments

local function check_tensor(where, name, value)
  if not tools.is_tensor(value) then tools.wrong_argument(where, name, "a tensor", value) end
end

local function check_function(where, name, value)
  if value ~= nil and type(value) ~= "function" then
    tools.wrong_argument(where, name, "a function", value)
  end
end

local function text_of(shape) return "{" .. table.concat(shape, ", ") .. "}" end

local function same_shape(a, b)
  if #a ~= #b then return false end
  for i = 1, #a do
    if a[i] ~= b[i] then return false end
  end
  return true
end

local function check_shape(where, name, got, want)
  if same_shape(got, want) then return end
  fail("ValueError", "%s: '%s' has shape %s, a step has %s", where, name, text_of(got),
    text_of(want))
end

---A shape and one dimension behind it.
local function with_last(shape, size)
  local out = table.move(shape, 1, #shape, 1, {})
  out[#out + 1] = size
  return out
end

---The shape of a step of what dump gives.
local function step_shape(rows) return table.move(rows.shape, 2, #rows.shape, 1, {}) end

---All steps, newest first, as a tensor of the caller's; RuntimeError before data.
local function rows_of(record, where)
  tools.check_object(record, Record, where, "self")
  local rows = Record.dump(record)
  if rows == nil then
    fail("RuntimeError", "%s: nothing is recorded yet; push or initialize(shape) comes first",
      where)
  end
  return rows
end

-- ------------------------------------------------------------- places

---A place among n; a tensor of places, of a step's shape, as int64.
local function check_place(where, name, place, rows)
  local n = rows.shape[1]
  if tools.is_tensor(place) then
    check_shape(where, name, place.shape, step_shape(rows))
    local whole = place:to("int64")
    if not whole:eq(place):all():item() then
      fail("ValueError", "%s: '%s' must be whole numbers", where, name)
    elseif whole:lt(1):logical_or(whole:gt(n)):any():item() then
      fail("ValueError", "%s: '%s' must be from 1 to %d", where, name, n)
    end
    return whole
  end
  local whole = type(place) == "number" and math.tointeger(place)
  if not whole then
    tools.wrong_argument(where, name, "a whole number or a tensor of such", place)
  elseif whole < 1 or whole > n then
    fail("ValueError", "%s: '%s' must be from 1 to %d, got %d", where, name, n, whole)
  end
  return whole
end

---The step at a place, or of each element at its own.
local function get(rows, place)
  if not tools.is_tensor(place) then return rows:select(1, place) end
  return rows:gather(1, place:unsqueeze(1)):select(1, 1)
end

local function set(rows, place, value)
  if not tools.is_tensor(place) then
    rows:select(1, place):copy_(value)
    return
  end
  value = value:to(rows.dtype)
  for i = 1, rows.shape[1] do
    local row = rows:select(1, i)
    row:copy_(place:eq(i):where(value, row))
  end
end

local function put(record, rows, observed)
  record.data = rows
  record.observed = observed
end

---Makes these steps, newest first, those of the record.
local function keep(record, rows)
  return tools.atomic({ record }, put, record, rows, record.observed)
end

---A copy of the step at a place, the newest by default; with a tensor of places, of
---a step's shape, each element of its own.
--- ```lua
--- local record = snn.RecordTensor { step_time = 1, duration = 2 }
--- for step = 1, 3 do record:push(snn.full({ 2 }, step)) end
--- print(record:read(2)) -- the step before the newest
--- ```
---@param offset? integer|snn.Tensor
---@return snn.Tensor
function Record:read(offset)
  local rows = rows_of(self, "read")
  return get(rows, check_place("read", "offset", offset == nil and 1 or offset, rows)):clone()
end

---Writes a step over that at a place, the oldest by default.
--- ```lua
--- local record = snn.RecordTensor { step_time = 1, duration = 2 }
--- for step = 1, 3 do record:push(snn.full({ 2 }, step)) end
--- record:write(snn.zeros(2), 1)
--- print(record:dump())
--- ```
---@param obs snn.Tensor of a step's shape
---@param offset? integer|snn.Tensor
function Record:write(obs, offset)
  local rows = rows_of(self, "write")
  check_tensor("write", "obs", obs)
  check_shape("write", "obs", obs.shape, step_shape(rows))
  local place = check_place("write", "offset", offset == nil and rows.shape[1] or offset, rows)
  set(rows, place, obs)
  return keep(self, rows)
end

---The places of `length` steps in the order of time, of which `offset` is that of the
---last one, or (`forward`) of the first.
local function range(where, length, offset, forward, rows)
  local whole = type(length) == "number" and math.tointeger(length)
  if not whole then tools.wrong_argument(where, "length", "a whole number", length) end
  if whole < 1 or whole > rows.shape[1] then
    fail("ValueError", "%s: 'length' must be from 1 to %d, got %d", where, rows.shape[1], whole)
  end
  if forward ~= nil and type(forward) ~= "boolean" then
    tools.wrong_argument(where, "forward", "true or false", forward)
  end
  local first, places = forward and offset or offset + (whole - 1), {}
  for i = 1, whole do places[i] = check_place(where, "offset", first - (i - 1), rows) end
  return places
end

local function check_offset(where, offset, rows)
  return check_place(where, "offset", offset == nil and 1 or offset, rows)
end

---Steps that follow each other, the older first, along a last dimension.
--- ```lua
--- local record = snn.RecordTensor { step_time = 1, duration = 2 }
--- for step = 1, 3 do record:push(snn.full({ 2 }, step)) end
--- print(record:readrange(2))
--- ```
---@param length integer
---@param offset? integer|snn.Tensor the place of the last one, 1 by default
---@param forward? boolean it is that of the first one
---@return snn.Tensor of shape (step's shape..., length)
function Record:readrange(length, offset, forward)
  local rows, out = rows_of(self, "readrange"), {}
  offset = check_offset("readrange", offset, rows)
  for i, place in ipairs(range("readrange", length, offset, forward, rows)) do
    out[i] = get(rows, place)
  end
  return snn.stack(out, -1)
end

---Writes steps that follow each other, as readrange gives them.
--- ```lua
--- local record = snn.RecordTensor { step_time = 1, duration = 2 }
--- for step = 1, 3 do record:push(snn.full({ 2 }, step)) end
--- record:writerange(snn.tensor { { 7, 8 }, { 9, 10 } })
--- print(record:dump())
--- ```
---@param obs snn.Tensor of shape (step's shape..., length)
---@param offset? integer|snn.Tensor the place of the last one, 1 by default
---@param forward? boolean it is that of the first one
function Record:writerange(obs, offset, forward)
  local rows = rows_of(self, "writerange")
  check_tensor("writerange", "obs", obs)
  local length = obs.ndim > 0 and obs.shape[obs.ndim] or 1
  check_shape("writerange", "obs", obs.shape, with_last(step_shape(rows), length))
  offset = check_offset("writerange", offset, rows)
  for i, place in ipairs(range("writerange", length, offset, forward, rows)) do
    set(rows, place, obs:select(-1, i))
  end
  return keep(self, rows)
end

-- ------------------------------------------------------------- times

---@class snn.record.moment
---@field older integer|snn.Tensor places of the steps around a time, alike on the grid
---@field newer integer|snn.Tensor
---@field since number|snn.Tensor ms behind the older one

---A time of float32, and a quotient of times, may be a little off the grid.
local function slack_of(tolerance, dt, largest)
  return math.max(tolerance, 1e-6 * dt, 1.2e-7 * largest)
end

local function refuse_time(where, low, high)
  fail("ValueError", "%s: 'time' must be from %g to %g ms, with the tolerance", where, low, high)
end

local function moment_of_number(time, dt, slack, first)
  local age = time / dt
  local nearest = math.floor(age + 0.5)
  if math.abs(nearest * dt - time) <= slack then age = nearest end
  local newer, older = math.floor(age), math.ceil(age)
  return { newer = first + newer, older = first + older, since = (older - age) * dt }
end

local function moment_of_tensor(time, dt, slack, first)
  local age = time / dt
  local nearest = age:round()
  age = (nearest * dt - time):abs():le(slack):where(nearest, age)
  local newer, older = age:floor(), age:ceil()
  return { newer = newer + first, older = older + first, since = (older - age) * dt }
end

---Where in the record a time is; `first` is the place that time 0 is at.
local function find_moment(where, record, time, tolerance, first, n)
  local dt, is_tensor = record.dt, tools.is_tensor(time)
  if not is_tensor and type(time) ~= "number" then
    tools.wrong_argument(where, "time", "a number or a tensor", time)
  end
  local double = is_tensor and time:to("float64")
  local is_narrow = is_tensor and time.dtype == "float32"
  local low, high = time, time
  if is_tensor then
    if time.numel == 0 then return moment_of_tensor(double, dt, 0, first) end
    low, high = double:min():item(), double:max():item()
  end
  local slack = slack_of(tolerance, dt, is_narrow and high or 0)
  local last = dt * (n - first)
  if not (low >= -slack and high <= last + slack) then refuse_time(where, 0, last) end
  if is_tensor then
    return moment_of_tensor(double:clamp(0, last), dt, slack, first)
  end
  return moment_of_number(math.min(math.max(time, 0), last), dt, slack, first)
end

---What select and insert take: tolerance, offset and the options of a law.
local function read_options(where, options, kwargs)
  options = tools.options(where, options, { "tolerance", "offset", kwargs })
  local tolerance = options.tolerance or 1e-6
  if type(tolerance) ~= "number" then
    tools.wrong_argument(where, "tolerance", "a number", tolerance)
  elseif not (tolerance >= 0 and tolerance < math.huge) then
    fail("ValueError", "%s: 'tolerance' must be at least 0, got %g", where, tolerance)
  end
  if options[kwargs] ~= nil and type(options[kwargs]) ~= "table" then
    tools.wrong_argument(where, kwargs, "a table", options[kwargs])
  end
  return tolerance, options.offset, options[kwargs]
end

---A time for each element of a step and of several: those come first.
local function times_first(time)
  local order = { time.ndim }
  for i = 1, time.ndim - 1 do order[i + 1] = i end
  return time:permute(table.unpack(order))
end

local function times_last(t)
  local order = {}
  for i = 2, t.ndim do order[i - 1] = i end
  order[t.ndim] = 1
  return t:permute(table.unpack(order)):clone()
end

local function check_result(where, name, result, like)
  if not tools.is_tensor(result) then
    fail("TypeError", "%s: '%s' must return tensors, got %s", where, name,
      tools.describe(result))
  end
  check_shape(where, name, result.shape, like.shape)
  return result
end

local function real(t, dtype)
  return t:to(dtype == "float64" and "float64" or "float32")
end

local function select_number(rows, m, interp, dt, kwargs)
  if m.older == m.newer then return get(rows, m.older):clone() end
  local prev, next = get(rows, m.older):clone(), get(rows, m.newer):clone()
  local since = real(snn.full(prev.shape, m.since, { dtype = "float64" }), rows.dtype)
  return check_result("select", "interp", interp(prev, next, since, dt, kwargs), prev)
end

---All times of a step's shape behind a first dimension.
local function select_tensor(rows, m, interp, dt, kwargs)
  local older, newer = m.older:to("int64"), m.newer:to("int64")
  local prev, next = rows:gather(1, older), rows:gather(1, newer)
  local between = interp(prev, next, real(m.since, rows.dtype), dt, kwargs)
  return older:eq(newer):where(prev, check_result("select", "interp", between, prev))
end

local function check_times(where, time, rows)
  local shape = step_shape(rows)
  if time.ndim == #shape then
    check_shape(where, "time", time.shape, shape)
    return time:unsqueeze(-1), true
  end
  check_shape(where, "time", time.shape, with_last(shape, time.shape[time.ndim] or 1))
  return time, false
end

---The state at a time, or at one for each element: a tensor of a step's shape, or with
---one more dimension behind it for several.
--- ```lua
--- local record = snn.RecordTensor { step_time = 1, duration = 2 }
--- for step = 1, 3 do record:push(snn.full({ 2 }, step)) end
--- print(record:select(0.5, snn.functional.interp_linear)) -- half a ms ago
--- ```
---@param time number|snn.Tensor ms ago
---@param interp? fun(prev: snn.Tensor, next: snn.Tensor, sample_at: snn.Tensor,
---  step_time: number, kwargs: table?): snn.Tensor what is between two steps, as in
---  snn.functional; absent: the nearer one
---@param options? { tolerance: number, offset: integer, interp_kwargs: table } so many ms off
---  a step are on it (1e-6); the place that time 0 is at (1); what interp gets at last
---@return snn.Tensor
function Record:select(time, interp, options)
  local rows = rows_of(self, "select")
  check_function("select", "interp", interp)
  interp = interp or snn.functional.interp_nearest
  local tolerance, offset, kwargs = read_options("select", options, "interp_kwargs")
  local first = check_offset("select", offset, rows)
  if tools.is_tensor(first) then
    tools.wrong_argument("select", "offset", "a whole number", first)
  end
  local n, dt = rows.shape[1], self.dt
  if not tools.is_tensor(time) then
    local m = find_moment("select", self, time, tolerance, first, n)
    return select_number(rows, m, interp, dt, kwargs)
  end
  local times, is_single = check_times("select", time, rows)
  local m = find_moment("select", self, times_first(times), tolerance, first, n)
  local out = times_last(select_tensor(rows, m, interp, dt, kwargs))
  return is_single and out:select(-1, 1):clone() or out
end

local function spread(rows, m, obs, extrap, dt, kwargs)
  local prev, next = get(rows, m.older):clone(), get(rows, m.newer):clone()
  local since = m.since
  if not tools.is_tensor(since) then
    since = snn.full(obs.shape, since, { dtype = "float64" })
  end
  local before, after = extrap(obs, real(since, rows.dtype), prev, next, dt, kwargs)
  check_result("insert", "extrap", before, prev)
  return before, check_result("insert", "extrap", after, prev)
end

---Writes an observation at a time, or each element of it at its own: on the steps
---around it.
--- ```lua
--- local record = snn.RecordTensor { step_time = 1, duration = 2 }
--- for step = 1, 3 do record:push(snn.full({ 2 }, step)) end
--- record:insert(snn.full({ 2 }, 9), 1)
--- print(record:dump())
--- ```
---@param obs snn.Tensor of a step's shape
---@param time number|snn.Tensor ms ago
---@param extrap? fun(sample: snn.Tensor, sample_at: snn.Tensor, prev: snn.Tensor,
---  next: snn.Tensor, step_time: number, kwargs: table?): snn.Tensor, snn.Tensor what the two
---  steps become, as in snn.functional; absent: the nearer one takes it
---@param options? { tolerance: number, offset: integer, extrap_kwargs: table } as in select
function Record:insert(obs, time, extrap, options)
  local rows = rows_of(self, "insert")
  check_tensor("insert", "obs", obs)
  local shape = step_shape(rows)
  check_shape("insert", "obs", obs.shape, shape)
  check_function("insert", "extrap", extrap)
  extrap = extrap or snn.functional.extrap_nearest
  local tolerance, offset, kwargs = read_options("insert", options, "extrap_kwargs")
  local first = check_offset("insert", offset, rows)
  if tools.is_tensor(first) then
    tools.wrong_argument("insert", "offset", "a whole number", first)
  end
  if tools.is_tensor(time) then check_shape("insert", "time", time.shape, shape) end
  local m = find_moment("insert", self, time, tolerance, first, rows.shape[1])
  if m.older == m.newer then
    set(rows, m.older, obs)
    return keep(self, rows)
  end
  local before, after = spread(rows, m, obs, extrap, self.dt, kwargs)
  if tools.is_tensor(time) then
    local is_on = m.older:eq(m.newer)
    before, after = is_on:where(obs, before), is_on:where(obs, after)
  end
  set(rows, m.older, before)
  set(rows, m.newer, after)
  return keep(self, rows)
end

-- ------------------------------------------------------------- life

---A count, as `observed` is.
local function count(n) return snn.tensor(n, { dtype = "int64" }) end

local function drop_newest(record, rows, observed)
  local n, newest = rows.shape[1], rows:select(1, 1):clone()
  if n == 1 then
    record:clear { keepshape = true }
  else
    record.data = rows:narrow(1, 2, n - 1)
  end
  record.observed = observed
  return newest
end

---Takes back the newest step and returns it, nil before data; the one before it is
---the newest then.
--- ```lua
--- local record = snn.RecordTensor { step_time = 1, duration = 2 }
--- for step = 1, 3 do record:push(snn.full({ 2 }, step)) end
--- print(record:pop())
--- print(record:dump())
--- ```
---@return snn.Tensor?
function Record:pop()
  tools.check_object(self, Record, "pop", "self")
  local rows = self.data
  if rows == nil then return nil end
  local left = count(math.max(self.observed:item() - 1, 0))
  return tools.atomic({ self }, drop_newest, self, rows, left)
end

local function start(record, rows)
  record:clear()
  record.data = rows
  record.observed = count(0)
end

---Makes all steps `fill`, as if there had been such before the first push.
--- ```lua
--- local record = snn.RecordTensor { step_time = 1, duration = 2 }
--- record:initialize({ 2 }, { fill = 1 })
--- print(record:dump())
--- ```
---@param shape integer|integer[] of a step
---@param options? { fill: number, dtype: string } by default the record's fill, float32
function Record:initialize(shape, options)
  tools.check_object(self, Record, "initialize", "self")
  options = tools.options("initialize", options, { "fill", "dtype" })
  if type(shape) == "number" then shape = { shape } end
  if type(shape) ~= "table" then
    tools.wrong_argument("initialize", "shape", "a whole number or a list of such", shape)
  end
  local whole = table.move(shape, 1, #shape, 2, { self.recordsz })
  local fill = options.fill == nil and self.fill or options.fill
  local rows = snn.full(whole, fill, { dtype = options.dtype or "float32" })
  return tools.atomic({ self }, start, self, rows)
end

---Forgets all, also the shape: the same as clear().
--- ```lua
--- local record = snn.RecordTensor { step_time = 1, duration = 2 }
--- for step = 1, 3 do record:push(snn.full({ 2 }, step)) end
--- record:deinitialize()
--- print(record:peek())
--- ```
function Record:deinitialize()
  tools.check_object(self, Record, "deinitialize", "self")
  return self:clear()
end

---Makes all steps that are kept `fill` again, the record's own by default; before data
---nothing happens.
--- ```lua
--- local record = snn.RecordTensor { step_time = 1, duration = 2 }
--- for step = 1, 3 do record:push(snn.full({ 2 }, step)) end
--- record:reset(0)
--- print(record:dump())
--- ```
---@param fill? number
function Record:reset(fill)
  tools.check_object(self, Record, "reset", "self")
  if fill ~= nil and type(fill) ~= "number" then
    tools.wrong_argument("reset", "fill", "a number", fill)
  end
  local rows = Record.dump(self)
  if rows == nil then return end
  return tools.atomic({ self }, start, self, rows:fill_(fill or self.fill))
end
