-- The frames of an error that are kept until the next one, and the frame that snn.repl()
-- stands in: what their names mean to an input.
local _, load_file, tools = ...
local _ENV <const> = tools.prompt_env

local compile = load_file "snn.prompt.compile"

local getupvalue, getinfo = debug.getupvalue, debug.getinfo

local frames = {}

---Does the script's own code run there, not C or the library?
function frames.is_own(frame)
  return frame.what ~= "C" and frame.source:sub(1, 6) ~= "=[snn]"
end

local function hide(list)
  for i = #(list or {}), 1, -1 do
    if compile.hidden[list[i][1]] then table.remove(list, i) end
  end
end

---Without what compile has put in, and the prompt's function around a text is a chunk.
---@param failure { error: any, text: string?, frames: table? } from prompt.call
---@param fn function what was called
function frames.clean(failure, fn)
  failure.frames = failure.frames or {}
  for i, frame in ipairs(failure.frames) do
    if frame.func == fn then
      frame.what, frame.name, frame.namewhat = "main", nil, ""
      local callee = failure.frames[i - 1] -- called by a variable of the session
      if callee and callee.namewhat == "upvalue" then callee.namewhat = "local" end
    end
    hide(frame.locals)
    hide(frame.upvalues)
  end
  return failure
end

---The upvalues of a function as cells, by name.
local function upvalue_cells(fn)
  local cells = {}
  for i = 1, 255 do
    local name = getupvalue(fn, i)
    if not name then break end
    if name ~= "_ENV" and name ~= "" and not compile.hidden[name] then
      cells[name] = { fn = fn, index = i }
    end
  end
  return cells
end

---The globals of a function: its _ENV.
local function env_of(fn)
  for i = 1, 255 do
    local name, value = getupvalue(fn, i)
    if name == "_ENV" and type(value) == "table" then return value end
    if not name then return nil end
  end
end

---What the names of a kept frame mean: cells. Upvalues are the function's own variables,
---locals are copies: the call that had them is over.
function frames.scope(frame)
  if not frame.scope then
    local scope = upvalue_cells(frame.func)
    for _, entry in ipairs(frame.locals or {}) do scope[entry[1]] = compile.cell(entry[2]) end
    frame.scope = scope
  end
  return frame.scope
end

---The names and values of a kept frame as they are now: lists of { name, value }.
function frames.variables(frame)
  local scope, seen = frames.scope(frame), {}
  local now = { locals = {}, upvalues = {} }
  for _, kind in ipairs { "locals", "upvalues" } do
    for _, entry in ipairs(frame[kind] or {}) do
      local name = entry[1]
      if not seen[name] then
        table.insert(now[kind], { name, compile.get(scope[name]) })
        seen[name] = true
      end
    end
  end
  return now
end

---The globals of a kept frame; nil: as everywhere.
function frames.env(frame) return env_of(frame.func) end

-- ---- the frame of snn.repl() ----

---The locals that a running call has now: name -> number.
local function index_locals(place)
  local index = {}
  for n = 1, 255 do
    local name = place:get(n)
    if not name then return index end
    if name:sub(1, 1) ~= "(" and not compile.hidden[name] then index[name] = n end
  end
  return index
end

---A table whose fields are the locals of the call while it waits, then what they were, and
---else those of `env`.
local function live_globals(place, index, env)
  local left -- the values, once the call goes on
  local live = setmetatable({}, {
    __index = function(_, name)
      local n = index[name]
      if not n then return env[name] end
      if left then return left[name] end
      return select(2, place:get(n))
    end,
    __newindex = function(_, name, value)
      local n = index[name]
      if not n then env[name] = value
      elseif left then left[name] = value
      else place:set(n, value)
      end
    end,
  })
  return live, function()
    local values = {}
    for name, n in pairs(index) do values[name] = select(2, place:get(n)) end
    left = values
  end
end

---The level of the innermost call of a script's, as tools.prompt.frame counts from who calls
---this; nil: there is none.
local function script_level()
  local level = 2
  while true do
    local info = getinfo(level, "S")
    if not info then return nil end
    if frames.is_own(info) then return level - 1 end
    level = level + 1
  end
end

---The script's call that waits for who calls this: { frame =, index =, globals =, outer = },
---to be closed when it goes on; without a frame where no script has called.
function frames.place()
  local level = script_level()
  if not level then
    return setmetatable({ index = {}, outer = {}, globals = _G }, { __close = function() end })
  end
  local place, frame = tools.prompt.frame(level)
  local index = index_locals(place)
  local live, leave = live_globals(place, index, env_of(frame.func) or _G)
  return setmetatable({ frame = frame, index = index, globals = live,
    outer = upvalue_cells(frame.func) }, {
    __close = function()
      leave()
      place:close()
    end })
end

return frames
