-- What monitors keep beside their reducers: logs, files, events.
local snn, _, tools = ...

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

-- The rows (step, element [, sample]) of the newest state, to the file.
local function write_events(store)
  local rows = store.events:newest()
  if not store.stream then
    store.stream = tools.new_stream(store.path, snn.zeros({ rows.shape[2] }, { dtype = "int64" }))
  end
  if rows.shape[1] > 0 then return tools.append_rows(rows, store.stream) end
end

local function keep(state)
  local store, value = state.store, state.reducer:peek()
  if value == nil then return end
  local events = store.events
  if events then
    events:push(value, state.name)
  elseif store.path and not store.stream then
    store.stream = tools.new_stream(store.path, value)
  end
  tools.store_row(state.name, value, store.log, not events and store.stream or nil)
  if events and store.path then return write_events(store) end
end

-- For monitor.lua.
tools.stores = { new = new_store, check_room = check_room, keep = keep }
