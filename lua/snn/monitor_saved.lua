-- What snn.save keeps of hooks and monitors beside their arguments and states: whether
-- they are registered and at which place, and of a monitor how many observations it
-- has counted, what `last` and `budget` have kept, and the rows of its file.
local snn, _, tools = ...

local monitors = tools.monitors
local fail = tools.fail

-- ------------------------------------------------------------- values of a file

local function is_flag(v) return type(v) == "boolean", "true or false" end
local function is_count(v) return math.type(v) == "integer" and v >= 0, "a whole number" end
local function is_number(v) return type(v) == "number", "a number" end
local function is_string(v) return type(v) == "string", "a string" end
local function is_sizes(v)
  return tools.is_tensor(v) and v.dtype == "int64" and v.ndim == 1, "a list of sizes"
end
local function is_time(v)
  return is_number(v) and v > 0 and v < math.huge, "a number above 0"
end

-- values[name] where it is what `check` asks for; absent if it may be.
local function read(where, values, name, check, is_optional)
  local value = values[name]
  if value == nil and is_optional then return nil end
  local good, wanted = check(value)
  if good then return value end
  fail("ValueError", "%s: the saved '%s' must be %s, got %s", where, name, wanted,
    tools.describe(value))
end

-- ------------------------------------------------------------- places of hooks

local function save_ranks(values, handles)
  for i, handle in ipairs(handles or {}) do values["place." .. i] = tools.hook_rank(handle) end
end

local function load_ranks(where, values, handles)
  for i, handle in ipairs(handles or {}) do
    local rank = read(where, values, "place." .. i, is_count, true)
    if rank then tools.rank_hook(handle, rank) end
  end
end

local function keep_handles(list, handles)
  for _, handle in ipairs(handles or {}) do tools.keep_handle(list, handle) end
end

-- ------------------------------------------------------------- hooks

-- What a module is told by, where a script has another one in its place.
local function watched(state) return state.module and tools.class_name(state.module) or nil end

local function check_watched(state, values)
  if values.registered ~= true then return end
  local is_dead = state.module and tools.is_dead(state.module)
  if not state.module or is_dead then
    return ("it is on %s, the saved one was registered: register it first"):format(
      is_dead and "a cell that was deleted" or "no module")
  end
  local class = watched(state)
  if class ~= values.module then
    return ("it is on a %s, the saved one on a %s"):format(class, tools.text(values.module))
  end
end

local function hook_of(hook)
  local state = tools.links(hook).state
  if not state then fail("RuntimeError", "save: the hook is not finished") end
  return state
end

tools.saves(snn.Hook, {
  save = function(hook)
    local state = hook_of(hook)
    local values = { registered = state.handles and true or false, module = watched(state) }
    save_ranks(values, state.handles)
    return values
  end,
  check = function(hook, values) return check_watched(hook_of(hook), values) end,
  keep = function(hook, list)
    local state = hook_of(hook)
    list[#list + 1] = state
    if state.module then tools.keep_all(list, state.module) end
    keep_handles(list, state.handles)
  end,
  load = function(hook, values)
    local state = hook_of(hook)
    tools.hooks.set_registered(state, read(state.where, values, "registered", is_flag))
    load_ranks(state.where, values, state.handles)
  end,
})

-- ------------------------------------------------------------- what a monitor keeps

-- A log like this one with the saved rows.
local function load_log(state, values)
  local log = state.store and state.store.log
  local rows = read(state.name, values, "log", function(v)
    return v == nil or (tools.is_tensor(v) and v.ndim > 0), "a tensor of rows"
  end, true)
  if not log and not rows then return nil end
  if not log then
    fail("ValueError", "%s: it has no 'last' or 'budget', the saved one kept rows", state.name)
  end
  local new, n = log:fresh(), rows and rows.shape[1] or 0
  if state.args.last then n = math.min(n, state.args.last) end
  for i = n, 1, -1 do
    tools.store_row(state.name, rows:select(1, i), new, nil)
  end
  return new
end

local function save_events(values, events)
  local steps, size, samples = events:size()
  if not steps then return end
  values.events, values.events_steps = events:dump(), steps
  values.events_size, values.events_samples = size, samples
end

-- The saved events, of a monitor that has some.
local function load_events(state, values)
  local steps = read(state.name, values, "events_steps", is_count, true)
  if not (state.store and state.store.events) then
    if steps then
      fail("ValueError", "%s: it has no 'events', the saved one kept some", state.name)
    end
    return nil
  end
  if not steps then return tools.new_events() end
  return tools.read_events(values.events, steps, values.events_size, values.events_samples)
end

-- The rows of a file that are there at the save, which are on the disk then.
local function save_file(values, store)
  local rows, dtype, shape, sum = store.stream:tell()
  values.file, values.file_rows, values.file_dtype, values.file_sum = store.path, rows, dtype, sum
  values.file_shape = snn.tensor(shape, { dtype = "int64" })
end

-- The file of this monitor, to go on with behind the saved rows; nil where there were
-- none: then it begins with the next row.
local function open_file(state, values)
  local rows = read(state.name, values, "file_rows", is_count, true)
  local path = state.store and state.store.path
  if not rows then return nil end
  if not path then
    fail("ValueError", "monitor: it has no 'file', the saved one had written rows")
  end
  return tools.reopen_stream(path, rows, read(state.name, values, "file_dtype", is_string),
    read(state.name, values, "file_shape", is_sizes):totable(),
    read(state.name, values, "file_sum", is_count))
end

-- ------------------------------------------------------------- monitors

local function state_of(monitor) return monitors.state_of(monitor, "save") end

-- Monitors of cells lie in a list of the cell's, beside the hooks of modules.
local function recorders_of(state) return state.cell and tools.links(state.cell).recorders or {} end

local function save_place(values, state)
  save_ranks(values, state.handles)
  for i, other in ipairs(recorders_of(state)) do
    if other == state then values.place = i end
  end
end

local function load_place(state, values)
  load_ranks(state.name, values, state.handles)
  local rank = read(state.name, values, "place", is_count, true)
  if not rank or not state.is_on or not state.cell then return end
  state.rank = rank
  tools.links(state.cell).recorders = tools.by_rank(recorders_of(state))
end

-- The step times that it follows (monitor_clock.lua).
local function save_clock(values, state)
  if state.clock then values.clock_dt = state.clock_dt end
  if state.clock and state.reducer_dt then values.reducer_dt = state.reducer_dt end
end

local function load_clock(state, values)
  local clock_dt = read(state.name, values, "clock_dt", is_time, true)
  local reducer_dt = read(state.name, values, "reducer_dt", is_time, true)
  if not clock_dt or not state.clock then return end
  state.clock_dt, state.reducer_dt = clock_dt, reducer_dt or false
end

-- What a difference is taken from.
local function is_value(v)
  local kind = type(v)
  return kind == "number" or kind == "boolean" or tools.is_tensor(v), "a tensor or a number"
end

local function save(monitor)
  local state = state_of(monitor)
  local values = { registered = state.is_on, seen = state.seen, module = watched(state) }
  save_place(values, state)
  save_clock(values, state)
  if state.old then
    values.is_between = true
    values.before = is_value(state.old[1]) and state.old[1] or nil
  end
  local store = state.store
  if store and store.log then values.log = store.log:dump() end
  if store and store.events then save_events(values, store.events) end
  if store and store.stream then save_file(values, store) end
  return values
end

-- The file is opened to look at it, and stays as it is.
local function check_file(state, values)
  local ok, err = pcall(open_file, state, values)
  if ok then return nil end
  if type(err) ~= "table" or err.kind ~= "ValueError" and err.kind ~= "IOError" then
    error(err, 0)
  end
  return (err.message:gsub("^monitor: ", ""))
end

local function check(monitor, values)
  local state = state_of(monitor)
  return check_watched(state, values) or check_file(state, values)
end

local function put_monitor(monitor, state, is_on)
  if not is_on then
    if state.is_on then monitors.take_off(monitor, state) end
  elseif not state.is_on then
    monitors.hook_up(state, state.module, monitors.find_target(state, state.module))
  end
end

-- Where it would hook, nil where there is no such thing.
local function target_of(state)
  if not state.module or tools.is_dead(state.module) then return nil end
  local ok, target = pcall(monitors.find_target, state, state.module)
  if ok then return target end
  if type(target) ~= "table" or target.kind ~= "AttributeError" then error(target, 0) end
end

local function keep(monitor, list)
  local state = state_of(monitor)
  monitors.keep(list, monitor, state)
  keep_handles(list, state.handles)
  if state.store then list[#list + 1] = state.store end
  if state.is_on or not state.module then return end
  local target = target_of(state)
  tools.keep_all(list, state.module)
  if target then tools.keep_all(list, target) end
end

local function load(monitor, values)
  local state, name = state_of(monitor), state_of(monitor).name
  local seen = read(name, values, "seen", is_count)
  local is_on = read(name, values, "registered", is_flag)
  local is_between = read(name, values, "is_between", is_flag, true)
  local before = read(name, values, "before", is_value, true)
  local log, stream = load_log(state, values), open_file(state, values)
  local events = load_events(state, values)
  put_monitor(monitor, state, is_on)
  load_place(state, values)
  load_clock(state, values)
  state.seen, state.pending = seen, false
  state.old = is_between and { n = 1, before } or false
  if state.store then
    state.store.log, state.store.stream, state.store.events = log, stream, events
  end
end

-- The script's path holds, if its file has the rows.
tools.saves(snn.Monitor, { save = save, check = check, load = load, keep = keep,
  apart = { "file" } })
