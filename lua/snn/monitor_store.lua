-- What monitors keep beside their reducers: logs, files, events.
local _, _, tools = ...

local OTHERS <const> = { csv = true, h5 = true, hdf5 = true, json = true, mat = true,
  npz = true, pt = true, tsv = true, txt = true }

-- Raises where the path ends with the name of another format than NPY.
function tools.check_npy_path(where, path)
  local ending = path:match "%.(%w+)$"
  if ending and OTHERS[ending:lower()] then
    tools.fail("ValueError", "%s: 'file' must be the path of an NPY file (.npy), got %s", where,
      tools.describe(path))
  end
end

-- What a monitor keeps beside the reducer's states: with `last` or `budget` a
-- log of the newest states or of all, with `events` the places of what was true, with
-- `file` an NPY file of all of these places or states.
local function new_store(args, where)
  if args.file then tools.check_npy_path(where, args.file) end
  local store = { path = args.file, events = args.events and tools.new_events() or nil }
  if args.last or args.budget then
    local last, budget = args.last, args.budget
    store.log = tools.new_log(last and last < math.huge and last or 0,
      budget and budget < math.huge and budget or tools.default_budget)
  end
  return store
end

-- A history, be it the reducer's, ends with an error before memory does.
local function check_room(state)
  local log = state.store and state.store.log
  if log then log:check(state.name) end
  tools.check_room(state.reducer, state.budget, state.name)
end

-- In one call behind all that may fail.
local function keep(state)
  local store, value = state.store, state.reducer:peek()
  if value == nil then return end
  local events = store.events
  if store.path and not store.stream then
    local row = events and events:row(value, state.name) or value
    store.stream = tools.new_stream(store.path, row)
  end
  return tools.store_row(state.name, value, store.log, store.stream, events)
end

-- For monitor.lua.
tools.stores = { new = new_store, check_room = check_room, keep = keep }
