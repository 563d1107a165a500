-- Monitors: hooks that give what they see to a reducer. A monitor of a module
-- records at each call of it. A monitor of a cell records in a forward of the
-- layer in which both sides of the cell ran (src/bind/network/recording.c calls
-- tools.begin_cell and tools.end_cell), and in no other.
local snn, _, tools = ...

local check_args, default = tools.hooks.check_args, tools.hooks.default
local is_flag, is_path = tools.hooks.is_flag, tools.hooks.is_path
local note_clock, follow_clock = tools.clocks.note, tools.clocks.follow
local new_store, check_room, keep = tools.stores.new, tools.stores.check_room, tools.stores.keep

local fail = tools.fail

---@class snn.Monitor: snn.Module
---@field latest snn.Tensor? the newest state of the reducer
---@field train_update boolean it records in training mode
---@field eval_update boolean it records in evaluation mode
---@field trainexec boolean the same as train_update
---@field evalexec boolean the same as eval_update
---@field reducer snn.Reducer what keeps the observations
---@field registered boolean it records at each call of its module
snn.Monitor = snn.class "Monitor"
local Monitor = snn.Monitor

local function is_function(v) return type(v) == "function", "a function" end
local function is_count(v)
  return type(v) == "number" and (math.tointeger(v) or 0) > 0, "a whole number above 0"
end
local function is_bound(v)
  return v == math.huge or (is_count(v)), "a whole number above 0, or math.huge"
end
local function is_path_or_empty(v)
  if v == "" then return true end
  return is_path(v)
end
local function is_paths(v)
  local good = type(v) == "table" and #v > 0
  for _, path in ipairs(good and v or {}) do good = good and is_path(path) end
  return good, "a list of names of fields"
end
local function is_file(v)
  return type(v) == "string" and v ~= "" and not v:find("\0", 1, true), "the path of a file"
end

local FILE <const> = "the rows that are there stay there"
local EVENTS <const> = "what was recorded has its form"
local COMMON = {
  { "reducer", tools.is_module, type = "Reducer",
    example = 'snn.PassthroughReducer { step_time = 1, duration = 3 }',
    other = 'snn.EMAReducer { step_time = 1, alpha = 0.5 }',
    doc = "gets the values: reducer(value...); absent: a PassthroughReducer" },
  { "module", tools.is_module, type = "Module",
    doc = "the module to watch, or a cell; absent: register(module) gives it" },
  { "train_update", is_flag, type = "boolean", default = true,
    example = "true", other = "false",
    doc = "whether it records while the module is in training mode" },
  { "eval_update", is_flag, type = "boolean", default = true,
    example = "true", other = "false",
    doc = "whether it records while the module is in evaluation mode" },
  { "prepend", is_flag, type = "boolean", default = false,
    example = "true", other = "false",
    doc = "before the hooks that the module has" },
  { "filter", is_function, type = "function",
    example = 'function(x) return x:sum():item() > 0 end',
    other = 'function(x) return x:sum():item() < 0 end',
    doc = "(values...): whether to record; absent: no value is nil" },
  { "map", is_function, type = "function",
    example = 'function(x) return x * 2 end',
    other = 'function(x) return x * 3 end',
    doc = "(values...): what the reducer gets instead" },
  { "every", is_count, type = "integer",
    example = '2',
    other = '3', default = 1,
    doc = "records the first of so many, and no other" },
  { "last", is_bound, type = "integer",
    example = '2',
    other = '4',
    doc = "dump gives so many newest states, whatever the reducer keeps" },
  { "budget", is_bound, type = "number",
    example = '200',
    other = 'math.huge', unit = "byte",
    doc = "dump gives all states (with `last`: of those), more is an error" },
  { "file", is_file, type = "string",
    example = '"seen.npy"',
    other = '"other.npy"', fixed = FILE,
    doc = "an NPY file to which all states are written, oldest first; with `events` their rows" },
  { "events", is_flag, type = "boolean", default = false,
    example = "false", other = "true", fixed = EVENTS,
    doc = "of bool states: dump gives rows (step, element) of what was true, with the sample where "
      .. "there are several; all from 1, oldest first, in memory that grows with them alone" },
}

local function fields_with(own)
  local fields = table.move(COMMON, 1, #COMMON, 1, {})
  for _, field in ipairs(own) do fields[#fields + 1] = field end
  return fields
end

local function state_of(monitor, where)
  local state = tools.links(monitor, Monitor, where).state
  if not state or not state.reducer then
    fail("RuntimeError", "%s: the monitor is not finished", where)
  end
  return state
end

Monitor.__get, Monitor.__set = tools.hooks.modes(state_of)
function Monitor.__get.registered(monitor)
  return state_of(monitor, "registered").is_on
end
function Monitor.__get.latest(monitor)
  return state_of(monitor, "latest").reducer:peek()
end

-- ------------------------------------------------------------- paths

local function split(path)
  local parts = {}
  for part in (path or ""):gmatch("[^.]+") do parts[#parts + 1] = part end
  return parts
end

-- The value at the end of the path; nil only when the last field is.
local function follow(state, object, parts)
  for i, part in ipairs(parts) do
    if object == nil then
      fail("AttributeError", "%s: '%s' is nil", state.name, table.concat(parts, ".", 1, i - 1))
    end
    object = object[part]
  end
  return object
end

-- ------------------------------------------------------------- recording

-- Every k-th observation goes to the reducer.
local function is_skipped(state)
  if not state.every then return false end
  state.seen = state.seen + 1
  return (state.seen - 1) % state.every ~= 0
end

local function record(state, values)
  local store = state.store
  tools.take_mark(state.mark, state.seen, state.reducer, store and store.log,
    store and store.events)
  if is_skipped(state) then return end
  if state.clock then follow_clock(state) end
  check_room(state)
  state.reducer(table.unpack(values, 1, values.n))
  if state.store then return keep(state) end
end

-- What passes the filter, mapped; nil when it does not.
local function sift(state, ...)
  if state.filter then
    if not state.filter(...) then return nil end
  else
    for i = 1, select("#", ...) do
      if (select(i, ...)) == nil then return nil end
    end
    if select("#", ...) == 0 then return nil end
  end
  if state.map then return table.pack(state.map(...)) end
  return table.pack(...)
end

-- The modes of the module, and of the pool that the monitor is in.
local function is_wanted(state, module)
  if state.gate and not state.gate.training then return false end
  if module.training then return state.train_update end
  return state.eval_update
end

-- Whether a monitor looks at this step. A file that could not be written says so
-- until it is cleared, also where the step is not kept.
local function wants(state, module)
  if not is_wanted(state, module) then return false end
  local stream = state.store and state.store.stream
  if stream then stream:check() end
  return true
end

-- The hook before a call: what it sees is recorded now, on a cell at the end
-- of the layer's forward.
local function run_before(state, module, args)
  if not wants(state, state.cell or module) then return end
  local values = state.before(state, module, args)
  if not values then return end
  if state.cell then state.pending = values else record(state, values) end
end

local function run_after(state, module, ...)
  if not wants(state, state.cell or module) then return end
  local values = state.after(state, module, ...)
  if not values then return end
  if state.cell and state.target ~= state.cell then
    state.pending = values
  else
    record(state, values)
  end
end

-- ------------------------------------------------------------- on cells

-- Lists of a cell's monitors are replaced, never changed.
local function set_monitor(cell, state, is_on)
  local links, list = tools.links(cell), {}
  for _, s in ipairs(links.recorders or {}) do
    if s ~= state then list[#list + 1] = s end
  end
  if is_on then list[#list + 1] = state end
  links.recorders = #list > 0 and list
  tools.set_monitored(cell, #list > 0)
end

-- Before a forward: what an earlier one that failed has left is gone.
function tools.begin_cell(cell)
  for _, state in ipairs(tools.links(cell).recorders or {}) do
    state.pending, state.old = false, false
    if state.target == cell and state.before then run_before(state, cell) end
  end
end

-- After a forward in which both sides ran.
function tools.end_cell(cell)
  for _, state in ipairs(tools.links(cell).recorders or {}) do
    local pending = state.pending
    state.pending = false
    if state.target == cell and state.after then run_after(state, cell) end
    if pending then record(state, pending) end
  end
end

-- ------------------------------------------------------------- life

local function hook_on(state, module)
  state.handles = {}
  local options = { prepend = state.prepend }
  if state.before then
    state.handles[1] = module:register_forward_pre_hook(function(m, args)
      run_before(state, m, args)
    end, options)
  end
  if state.after then
    table.insert(state.handles, module:register_forward_hook(function(m, _, ...)
      run_after(state, m, ...)
    end, options))
  end
end

local function check_module(state, module)
  if not tools.is_module(module) then
    fail("TypeError", "%s: 'module' must be a module, got %s", state.where, tools.describe(module))
  end
end

-- Of a cell that its layer has deleted nothing is to be seen any more.
local function check_alive(where, module)
  if not tools.is_dead(module) then return end
  fail("RuntimeError", "%s: the cell was deleted from its layer, or its connection or neuron was; "
    .. "watch one that layer:add_cell gives: monitor:register(cell)", where)
end

-- What the monitor hooks when it watches `module`: the target, and the cell that
-- it is or false; a cell watches itself, but for monitors of calls.
local function find_target(state, module)
  check_module(state, module)
  check_alive(state.where, module)
  local target = module
  if state.of_calls then
    target = follow(state, module, state.path)
    check_module(state, target)
  end
  local cell = tools.is_cell(module) and module
  if cell and target == cell and state.of_calls then
    fail("ValueError", "%s: a cell is not called; give 'attr', the name of a part of it",
      state.where)
  end
  return target, cell
end

-- For tools.atomic: what registering and deregistering a monitor changes.
local function keep_target(list, target, cell)
  if target then tools.keep_all(list, target) end
  if cell then tools.keep_all(list, cell) end
end

local function keep_monitor(list, monitor, state)
  tools.keep_all(list, monitor)
  list[#list + 1] = state
  keep_target(list, state.target, state.cell)
  return list
end

local function take_off(_, state)
  if state.cell then set_monitor(state.cell, state, false) end
  for _, handle in ipairs(state.handles or {}) do handle:remove() end
  state.handles, state.is_on, state.pending, state.old = false, false, false, false
end

local function hook_up(state, module, target, cell)
  state.module, state.target, state.cell = module, target, cell
  note_clock(state)
  if cell then set_monitor(cell, state, true) end
  if target ~= cell then hook_on(state, target) end
  state.is_on = true
end

local function put_on(monitor, state, module, target, cell)
  if state.is_on then take_off(monitor, state) end
  hook_up(state, module, target, cell)
  if state.has_default then tools.clocks.set(state) end
end

--- From now on the monitor records. A registered monitor of the same module
--- stays as it is.
--- ```lua
--- -- as snn.Monitor:
--- monitor:deregister()
--- monitor:register()
--- print(monitor.registered)
--- ```
---@param module? snn.Module the one to watch; absent: the last one
function Monitor:register(module)
  local state = state_of(self, "register")
  if module == nil then
    if state.is_on then return end
    module = state.module
    if module == nil then
      fail("RuntimeError", "register: there is no module to watch; give one")
    end
  end
  local target, cell = find_target(state, module)
  local list = keep_monitor({}, self, state)
  keep_target(list, target, cell)
  return tools.atomic(list, put_on, self, state, module, target, cell)
end

--- The monitor records no more by itself; what it has recorded stays.
function Monitor:deregister()
  local state = state_of(self, "deregister")
  if not state.is_on then return end
  return tools.atomic(keep_monitor({}, self, state), take_off, self, state)
end

local function record_now(state)
  local values = (state.after or state.before)(state, state.module)
  if values then return record(state, values) end
end

-- For tools.atomic: what a monitor has recorded.
local function keep_records(list, state)
  list[#list + 1] = state
  if state.store then list[#list + 1] = state.store end
  for _, module in ipairs(tools.keep { state.reducer }) do list[#list + 1] = module end
  return list
end

--- Records now what a call would, if the monitor is registered or `force` is
--- set and its module is in a mode in which it records. RuntimeError of a cell
--- that its layer has deleted; what was recorded of it can still be read.
--- ```lua
--- -- as snn.Monitor:
--- monitor:forward()
--- print(monitor:dump().shape[1])
--- ```
---@param options? { force: boolean }
function Monitor:forward(options)
  local state = state_of(self, "forward")
  options = tools.options(state.where, options, { "force" })
  if options.force ~= nil and not is_flag(options.force) then
    fail("TypeError", "%s: 'force' must be true or false, got %s", state.where,
      tools.describe(options.force))
  elseif state.of_calls then
    fail("RuntimeError", "%s: it records calls, and there is none", state.where)
  elseif state.module == nil then
    fail("RuntimeError", "%s: there is no module to watch; register one", state.where)
  end
  if not (options.force or state.is_on) or not wants(state, state.module) then return end
  check_alive(state.where, state.module)
  return tools.atomic(keep_records({}, state), record_now, state)
end

--- The newest state of the reducer, nil before data.
--- ```lua
--- -- as snn.Monitor:
--- print(monitor:peek())
--- ```
---@return snn.Tensor?
function Monitor:peek() return state_of(self, "peek").reducer:peek() end

--- The state of the reducer `time` ms ago, nil before data.
--- ```lua
--- -- as snn.Monitor:
--- print(monitor:view(1))
--- ```
---@param time number|snn.Tensor ms
---@param tolerance? number ms
---@return snn.Tensor?
function Monitor:view(time, tolerance)
  return state_of(self, "view").reducer:view(time, tolerance)
end

--- All that was seen and is kept, newest first, nil before data: what `last` or
--- `budget` keeps, else the states of the reducer. With `events` the steps and elements
--- that were true, oldest first.
--- ```lua
--- -- as snn.Monitor:
--- print(monitor:dump())
--- ```
---@return snn.Tensor?
function Monitor:dump()
  local state = state_of(self, "dump")
  local store = state.store
  if store and store.events then return store.events:dump() end
  if store and store.log then return store.log:dump() end
  return tools.reducer_seen(state.reducer)
end

--- Waits until the rows of a monitor with `file` are on the disk: then a crash
--- of the system leaves them too. In the file is each row as soon as it is
--- recorded, however the program ends. Of a monitor that snn.load has loaded what
--- lies behind its rows is cut off.
function Monitor:flush()
  local store = state_of(self, "flush").store
  if store and store.stream then store.stream:sync() end
end

local function clear_records(state, options)
  state.reducer:clear(options)
  state.seen, state.pending, state.old = 0, false, false
  local store = state.store
  if not store then return end
  local log = store.log
  store.log = log and log:fresh()
  store.events = store.events and tools.new_events()
  return tools.end_store(log, store.stream)
end

--- Forgets what was recorded; options go to the reducer. A file stays and goes
--- on to grow, also one that could not be written before.
--- ```lua
--- -- as snn.Monitor:
--- monitor:clear()
--- print(monitor:peek())
--- ```
---@param options? { keepshape: boolean }
function Monitor:clear(options)
  local state = state_of(self, "clear")
  return tools.atomic(keep_records({}, state), clear_records, state, options)
end

-- What follows from the arguments, for a state at first or when one is assigned.
local function derive(state, args)
  local kind, as_prehook = state.kind, default(args.as_prehook, false)
  state.args, state.reducer = args, args.reducer
  state.name = ("%s of '%s'"):format(state.where, args.attr or "calls")
  state.path, state.op, state.prepend = split(args.attr), args.op, args.prepend
  state.train_update = default(args.train_update, true)
  state.eval_update = default(args.eval_update, true)
  state.filter, state.map = args.filter, args.map
  state.every = args.every ~= 1 and args.every or nil -- 1 is as absent: nothing is counted
  state.before = (as_prehook or kind.both) and kind.before or kind.only_before
  state.after = not as_prehook and kind.after or nil
  state.budget = default(args.budget, tools.default_budget)
  state.subpaths = args.subattrs and {} or nil
  for i, path in ipairs(args.subattrs or {}) do state.subpaths[i] = split(path) end
end

-- Where none is given: the newest value, in steps of what is watched.
local function default_reducer() return snn.PassthroughReducer { step_time = 1 } end

-- For init: `kind` has before and after.
local function set_up(monitor, where, args, fields, kind)
  check_args(where, args, fields)
  Monitor.init(monitor)
  local state, own = {
    where = where, kind = kind, seen = 0, of_calls = kind.of_calls,
    handles = false, is_on = false, pending = false, old = false,
  }, {}
  for name, value in next, args do own[name] = value end
  if own.reducer == nil then
    state.has_default = true
    own.reducer = default_reducer()
  end
  derive(state, own)
  if args.last or args.budget or args.file or args.events then
    state.store = new_store(args, where)
  end
  state.mark = tools.new_mark(state)
  local links = tools.links(monitor)
  tools.fields(monitor).reducer, links.order = own.reducer, { "reducer" } -- a child
  links.state = state
  if args.module ~= nil then return monitor:register(args.module) end
end

-- What others assign: monitor_settings.lua.
local function take_on(monitor, state, args, is_moved)
  local module, was_on = args.module, state.is_on
  if is_moved and was_on then take_off(monitor, state) end
  derive(state, args)
  if not was_on then
    state.module = module
  elseif is_moved then
    put_on(monitor, state, module, find_target(state, module))
  end
end

-- ------------------------------------------------------------- partial constructors

-- constructor -> what it makes, for pools
local made_of = setmetatable({}, { __mode = "k" })

-- A reducer for another monitor: the one that was given first, then others like
-- what it was then.
local function next_reducer(entry)
  local given = entry.args.reducer
  if type(given) == "function" then return given() end
  if given == nil then return nil end
  if not entry.is_used then
    entry.is_used = true
    return given
  end
  return tools.reducer_like(entry.template or given)
end

local function partial(class, name, fields)
  local known = {}
  for _, field in ipairs(fields) do
    if field[1] ~= "module" and field[1] ~= "attr" then known[#known + 1] = field end
  end
  known[1] = { "reducer", function(v)
    return type(v) == "function" or tools.is_module(v), "a reducer, or a function that makes one"
  end }
  return function(args)
    check_args(name .. ".partialconstructor", args, known)
    local entry = { class = class, args = {} }
    for k, v in next, args do entry.args[k] = v end
    if args.reducer and tools.reducer_same(args.reducer, args.reducer) then
      -- of the library: as it is now
      entry.template = tools.reducer_like(args.reducer)
    end
    local function make(attr, module)
      local own = {}
      for k, v in next, entry.args do own[k] = v end
      own.attr, own.module = attr, module
      if attr == "" then own.attr = nil end
      own.reducer = next_reducer(entry)
      return class(own)
    end
    local function constructor(attr, module)
      return tools.atomic({ entry }, make, attr, module)
    end
    made_of[constructor] = entry
    return constructor
  end
end

-- A class of monitors: `own` fields beside the common ones.
local function define(name, own, kind)
  local class = snn.class(name, Monitor)
  class.__optional = {}
  local fields = fields_with(own)
  function class:init(args)
    return tools.atomic({ self }, set_up, self, name, args, fields, kind)
  end
  tools.live_monitor(class, name, fields)
  tools.partialconstructor(class, function(of) return partial(of, name, fields) end)
  snn[name] = class
  return class
end

-- For pools.
tools.monitors = {
  fail = fail, made_of = made_of, keep = keep_monitor, keep_records = keep_records,
  check_alive = check_alive, state_of = state_of,
  -- for monitor_kinds.lua, monitor_settings.lua and monitor_saved.lua
  define = define, take_on = take_on, hook_up = hook_up, take_off = take_off,
  keep_target = keep_target, new_store = new_store,
  find_target = find_target, default_reducer = default_reducer,
  sift = sift, follow = follow, checks = {
    is_function = is_function, is_path_or_empty = is_path_or_empty, is_paths = is_paths,
  },
}
