-- Arguments of monitors as fields: one that is assigned counts from the next call
-- on, and what was recorded stays. What is watched elsewhere is hooked anew.
local snn, _, tools = ...

-- Those that say where a monitor hooks.
local MOVES = { module = true, attr = true, as_prehook = true, prepend = true }

-- What was kept beside the reducer, in a log that holds other many.
local function refill(state, args)
  local old, rows = state.store and state.store.log, nil
  local store = tools.monitors.new_store { last = args.last, budget = args.budget }
  if old then rows = old:dump() end
  local n = rows and rows.shape[1] or 0
  if args.last and args.last < n then
    snn.warn(("%s: `last` is %d now: older states that were kept (%d) are cleared"):format(
      state.name, args.last, n - args.last), state.reducer, "last")
  end
  for i = n, 1, -1 do
    if store.log then tools.store_row(state.name, rows[i], store.log, nil) end
  end
  if not state.store then
    state.store = store
  else
    state.store.log = store.log
  end
end

-- The store is no more than a file, a log and events.
local function drop_store(state)
  local store = state.store
  if store and not (store.log or store.path or store.events) then state.store = nil end
end

-- What was recorded is another thing than what will be.
local function begin_anew(state, args, name)
  if args[name] == state.args[name] or state.reducer:peek() == nil then return end
  snn.warn(("%s: with another '%s' something else is recorded: what there was is cleared"):format(
    state.name, name), state.reducer, name)
  state.reducer:clear()
  state.seen = 0
  if state.store and state.store.log then state.store.log = state.store.log:fresh() end
  if state.store and state.store.events then state.store.events = tools.new_events() end
end

local function take(monitor, state, args, name)
  if name == "attr" or name == "subattrs" then begin_anew(state, args, name) end
  if name == "last" or name == "budget" then
    refill(state, args)
    drop_store(state)
  end
  if name == "reducer" then
    state.has_default = args.reducer == nil
    args.reducer = args.reducer or tools.monitors.default_reducer()
    tools.fields(monitor).reducer = args.reducer
    if state.store and state.store.log then state.store.log = state.store.log:fresh() end
    if state.store and state.store.events then state.store.events = tools.new_events() end
  end
  tools.monitors.take_on(monitor, state, args, MOVES[name])
  if name == "reducer" then
    tools.clocks.note(state)
    if state.has_default then tools.clocks.set(state) end
    tools.note_pool_reducer(monitor, state)
  end
end

local function assign(monitor, args, name)
  local state = tools.monitors.state_of(monitor, name)
  if args.module == nil and name == "module" then
    tools.fail("TypeError", "%s: 'module' must be a module, got %s; deregister() ends the watching",
      state.where, tools.describe(snn.none))
  end
  tools.check_shared_reducer(state.reducer, name)
  local list = tools.monitors.keep(tools.monitors.keep_records({}, state), monitor, state)
  if tools.is_module(args.module) then tools.monitors.keep_target(list, args.module) end
  args.module = name == "module" and args.module or state.module
  return tools.atomic(list, take, monitor, state, args, name)
end

local function args_of(monitor, name)
  local state = tools.monitors.state_of(monitor, name)
  local args = state.args
  args.module, args.reducer = state.module, state.reducer
  return args
end

--- Makes the arguments of a class of monitors its fields.
function tools.live_monitor(class, name, fields)
  tools.live(class, name, fields, args_of, assign)
end
