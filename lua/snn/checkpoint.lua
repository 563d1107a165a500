-- snn.checkpoint: saves a run's objects as it goes, and puts them back where a run goes
-- on from such a file. The count of calls is saved with them, so that a loop from the
-- next one on needs nothing else to find its place.
local _, _, tools = ...

local fail = tools.fail

-- What a checkpoint knows, by the empty table that scripts hold.
local known = setmetatable({}, { __mode = "k" })

local taken = tools.taken -- by: the path of the checkpoint that has taken --resume

--- Saves objects every so many calls: `c()` in a loop.
--- ```lua
--- local path = os.tmpname()
--- local counts = snn.zeros(2)
--- local checkpoint = snn.checkpoint { path = path, every = 2, resume = false,
---   objects = { counts = counts } }
--- for _ = 1, 4 do checkpoint() end
--- os.remove(path)
--- print(checkpoint.step)
--- ```
---@class snn.Checkpoint
---@field path string where it saves; assignable
---@field every integer so many calls from one save to the next; assignable
---@field keep integer so many files stay, path, path.1 (the one before), …; assignable
---@field step integer calls so far, with those before a resume
---@overload fun() counts, and saves every `every`-th call
local Checkpoint = {}
local meta = { __name = "Checkpoint", __metatable = false }

local function state_of(checkpoint, where)
  local state = known[checkpoint]
  if state then return state end
  fail("TypeError", "%s: 'self' must be a Checkpoint, got %s (call it as checkpoint:%s())", where,
    tools.describe(checkpoint), where)
end

-- ------------------------------------------------------------- settings

local CHECKS <const> = {}

for _, name in ipairs { "every", "keep" } do
  CHECKS[name] = function(value)
    if value == nil then return 1 end
    local n = math.type(value) and math.tointeger(value)
    if not n then tools.wrong_argument("checkpoint", name, "an integer", value) end
    if n < 1 then fail("ValueError", "checkpoint: '%s' must be at least 1, got %d", name, n) end
    return n
  end
end

-- Told now, not after an hour.
function CHECKS.path(value)
  if type(value) ~= "string" then
    tools.wrong_argument("checkpoint", "path", "a string", value)
  end
  tools.check_place("checkpoint", value)
  return value
end

local SETTINGS <const> = { "every", "keep", "path" } -- in this order: it asks the system last

-- The file to go on from; whether --resume says so.
local function file_to_resume(given)
  if given == nil then
    if tools.resume and taken.by then
      fail("ValueError", "checkpoint: the checkpoint of '%s' has taken --resume; this one needs "
        .. "resume = a path, or false", taken.by)
    end
    return tools.resume, true
  elseif given ~= false and type(given) ~= "string" then
    tools.wrong_argument("checkpoint", "resume", "a path or false", given)
  end
  return given, false
end

-- ------------------------------------------------------------- saving

local STEP <const> = "checkpoint.step" -- the count's name among the notes of a file

local function write(state)
  local job = tools.gather("checkpoint", state.objects)
  job.notes[STEP] = tostring(state.step)
  local metadata = tools.check_metadata("checkpoint", state.metadata)
  return tools.write_job("checkpoint", state.path, job, metadata, state.keep)
end

-- The file is written last: what fails, or is interrupted, counts nothing.
local function advance(state)
  state.step = state.step + 1
  if state.step % state.every == 0 then return write(state) end
end

function meta:__call()
  local state = state_of(self, "checkpoint")
  return tools.atomic({ state }, advance, state)
end

--- Saves now, whatever `every` says; counts nothing.
--- ```lua
--- local path = os.tmpname()
--- local checkpoint = snn.checkpoint { path = path, every = 100, resume = false,
---   objects = { counts = snn.ones(2) } }
--- checkpoint:save()
--- local loaded = { counts = snn.zeros(2) }
--- snn.load(path, loaded)
--- print(loaded.counts)
--- os.remove(path)
--- ```
function Checkpoint:save() return write(state_of(self, "save")) end

-- ------------------------------------------------------------- fields

local NAMES <const> = { "every", "keep", "path", "save", "step" }
meta.__names = NAMES

local function unknown(key)
  local near = type(key) == "string" and tools.nearest(key, NAMES)
  fail("AttributeError", "Checkpoint has no field '%s'%s", tools.text(key),
    near and (" (did you mean '%s'?)"):format(near) or "")
end

function meta:__index(key)
  if Checkpoint[key] then return Checkpoint[key] end
  if CHECKS[key] or key == "step" then return state_of(self, key)[key] end
  unknown(key)
end

function meta:__newindex(key, value)
  if CHECKS[key] then
    state_of(self, key)[key] = CHECKS[key](value)
  elseif key == "step" or Checkpoint[key] then
    fail("AttributeError", "Checkpoint: '%s' cannot be set", key)
  else
    unknown(key)
  end
end

function meta:__tostring()
  local state = state_of(self, "tostring")
  return ("Checkpoint('%s', step = %d, every = %d, keep = %d)"):format(tools.plain(state.path),
    state.step, state.every, state.keep)
end

-- ------------------------------------------------------------- making one

local OPTIONS <const> = { "path", "every", "keep", "objects", "resume", "metadata", "settings" }

-- Where the file is damaged, the error tells of the one before.
local function read(file)
  local ok, job = pcall(tools.read_job, "checkpoint", file)
  if ok then return job end
  local before <close> = type(job) == "table" and job.kind == "IOError" and io.open(file .. ".1")
    or nil
  if before then fail("IOError", "%s; '%s.1' is the one before", job.message, file) end
  error(job, 0)
end

-- The objects as the file has them, and the count. What is put back last cannot fail
-- any more.
local function resume(checkpoint, state, file, is_option, settings)
  local what = ("'%s'"):format(file)
  local to = tools.gather("checkpoint", state.objects)
  local from = read(file)
  local step = math.tointeger(tonumber(from.notes[STEP] or ""))
  if not step or step < 0 then
    fail("ValueError", "checkpoint: %s was written by snn.save, it has no count of steps", what)
  end
  return tools.atomic({ state, taken }, function()
    state.step = step
    if is_option then taken.by = state.path end
    return tools.put_back("checkpoint", what, from, to, settings, checkpoint)
  end)
end

---What snn.checkpoint does.
function tools.checkpoint(options)
  options = tools.options("checkpoint", options, OPTIONS, { "path", "objects" })
  local state = { step = 0, objects = options.objects, metadata = options.metadata }
  local file, is_option = file_to_resume(options.resume)
  tools.check_whose("checkpoint", options.settings)
  tools.check_metadata("checkpoint", options.metadata)
  tools.gather("checkpoint", options.objects) -- raises for what cannot be saved
  for _, name in ipairs(SETTINGS) do state[name] = CHECKS[name](options[name]) end
  local checkpoint = setmetatable({}, meta)
  known[checkpoint] = state
  if not file then return checkpoint end
  return resume(checkpoint, state, file, is_option, options.settings)
end
