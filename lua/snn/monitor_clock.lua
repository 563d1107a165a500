-- The step times of monitors: a reducer follows that of what is watched.
local _, _, tools = ...

local function read(object, key) return object[key] end

-- The field, nil where there is none; not for want of memory, nor where the script
-- was interrupted.
local function try(object, key)
  local ok, value = pcall(read, object, key)
  if ok then return value end
  if type(value) ~= "table" or value.kind ~= "AttributeError" then error(value, 0) end
end

-- Layers are no clocks: they may have several.
local function dt_of(object)
  if tools.is_module(object) and tools.class_name(object) == "Layer" then return nil end
  local dt = try(object, "dt")
  return type(dt) == "number" and dt or nil
end

-- Whose step time the observations follow: the module's, a cell's connection's,
-- or that of the first part along the path that has one; nil where none has.
local function find_clock(state)
  if state.cell then return state.cell.connection end
  local object = state.target
  if dt_of(object) then return object end
  for _, part in ipairs(state.path) do
    object = try(object, part)
    if not (tools.is_module(object) or type(object) == "table") then return nil end
    if dt_of(object) then return object end
  end
end

-- When a monitor begins to watch.
local function note_clock(state)
  state.clock = find_clock(state) or false
  state.clock_dt = state.clock and state.clock.dt
  state.reducer_dt = dt_of(state.reducer) or false
end

-- Observations are as far apart as the steps of what is watched, or some of
-- them: the reducer gets another step time with it, unless the script has set
-- that itself meanwhile.
local function follow_clock(state)
  local dt = state.clock.dt
  if dt == state.clock_dt then return end
  if state.reducer_dt then
    local now = state.reducer.dt
    if now == state.reducer_dt then
      now = now == state.clock_dt and dt or now * dt / state.clock_dt
      state.reducer.dt = now
    end
    state.reducer_dt = now
  end
  state.clock_dt = dt
end

-- When a monitor begins to watch whose reducer is of its own making: observations
-- are as far apart as the steps of what is watched.
local function set_clock(state)
  local dt = state.clock and state.clock.dt
  if dt and state.reducer.dt ~= dt and state.reducer:peek() == nil then
    state.reducer.dt, state.reducer_dt = dt, dt
  end
end

-- For monitor.lua.
tools.clocks = { note = note_clock, follow = follow_clock, set = set_clock }
