-- Putting what was saved back into objects: all of it is compared first, and what does
-- not fit is told whole; then it is put in place in one call that changes all or nothing.
local snn, _, tools = ...

local fail = tools.fail
local join, key_of = tools.paths.join, tools.paths.key_of
local is_same = tools.jobs.is_same

-- What was saved, and what the objects are now, have one form, a job of gather.lua. A
-- plan says what is going to change: `tables`, { table, contents } each; `entries`,
-- { table, key, value }; `targets` and `values`, tensors that are overwritten; states,
-- settings, modes and loads of objects; `rewired`, connections that get other synapses;
-- `kept`, all of which goes back on a failure.
-- `used` are names that have a place, `refused` those that have none, `lists` why.

-- ------------------------------------------------------------- Lua values

local IS_PACKED <const> = { floats = true, integers = true, booleans = true }

local decode

local function decode_table(plan, from, path, into)
  local parts, contents = from.notes["table." .. path], {}
  local out = into or contents
  plan.made[path] = out
  if IS_PACKED[parts] then
    plan.used[path] = true
    local packed = from.tensors[path]
    if not packed or packed.ndim ~= 1 then
      fail("IOError", "%s: %s is damaged: it has no list '%s'", plan.where, plan.what, path)
    end
    for i, value in ipairs(packed:totable()) do contents[i] = value end
  else
    for part in parts:gmatch "[^\n]+" do
      local key = key_of(part)
      contents[key] = decode(plan, from, join(path, part), into and into[key])
    end
  end
  if into then table.insert(plan.tables, { into, contents }) end
  return out
end

-- A tensor that the script has already gets the values in place, where it can.
local function decode_tensor(plan, path, now, value)
  if not tools.is_tensor(now) then return value:clone() end
  if tools.misfit(plan, path, now, value) then return now end
  if not tools.can_overwrite(now) then return value:clone() end
  table.insert(plan.targets, now)
  table.insert(plan.values, value)
  return now
end

---The value of that name: `now` is what its place holds, whose tables and tensors stay
---the same ones.
decode = function(plan, from, path, now)
  plan.used[path] = true
  local first = from.notes["same." .. path]
  -- What an argument shares with that of another object is read for itself.
  if first and plan.is_apart and plan.made[first] == nil then
    return decode(plan, from, first, nil)
  elseif first then
    return plan.made[first]
  end
  if from.texts[path] then return from.texts[path] end
  if from.notes["table." .. path] then
    return decode_table(plan, from, path, type(now) == "table" and now or nil)
  end
  local value = from.tensors[path]
  if value == nil or value.ndim == 0 and not from.notes["tensor." .. path] then
    return value and value:item()
  end
  plan.made[path] = decode_tensor(plan, path, now, value)
  return plan.made[path]
end

-- ------------------------------------------------------------- what does not fit

local function complain(plan, list, ...)
  table.insert(plan.lists[list], (...):format(select(2, ...)))
end

local function shape_text(t) return ("%s {%s}"):format(t.dtype, table.concat(t.shape, ", ")) end

---Whether the tensor cannot take the place of what there is; tells it.
function tools.misfit(plan, path, now, new)
  local a, b = shape_text(now), shape_text(new)
  if a == b then return false end
  complain(plan, "misshapen", "'%s' is %s, %s here", path, b, a)
  return true
end

local TITLES <const> = {
  { "missing", "missing: " }, { "unexpected", "unexpected: " },
  { "misshapen", "of another shape or type: " }, { "other", "" },
}

local function check_lists(plan)
  local lines = {}
  for _, entry in ipairs(TITLES) do
    local list = plan.lists[entry[1]]
    table.sort(list)
    if #list > 0 then lines[#lines + 1] = entry[2] .. table.concat(list, ", ") end
  end
  if #lines > 0 then
    fail("ValueError", "%s: %s does not fit these objects, nothing was changed: %s", plan.where,
      plan.what, table.concat(lines, "; "))
  end
end

local function kind_of(from, path)
  local class = from.notes["class." .. path]
  if class then return class end
  if from.notes["same." .. path] then return "a second name" end
  if from.notes["table." .. path] then return "a table" end
  if from.texts[path] then return "a string" end
  local t = from.tensors[path]
  if not t then return nil end
  if t.ndim > 0 or from.notes["tensor." .. path] then return "a tensor" end
  return t.dtype == "bool" and "a boolean" or "a number"
end

-- ------------------------------------------------------------- tables of the script

-- Lua values may take each other's place where one of them is false, which is how a
-- script says "none yet"; else they must be of one kind.
local function is_free(from, path)
  local t = from.tensors[path]
  return t and kind_of(from, path) == "a boolean" and not t:item()
end

local function check_kind(plan, from, to, path)
  local a, b = kind_of(from, path), kind_of(to, path)
  if a == b or is_free(from, path) or is_free(to, path) then return true end
  plan.used[path] = true
  plan.refused[path] = true
  complain(plan, "other", "'%s' is %s, %s here", path, a, b)
  return false
end

local match_table

-- A value in a table of the script.
local function match_value(plan, from, to, path, holder, key)
  if not check_kind(plan, from, to, path) then return end
  local a, b = from.notes["same." .. path], to.notes["same." .. path]
  if a ~= b then
    complain(plan, "other", "'%s' is the same as '%s', here as '%s'", path, a or path, b or path)
  elseif a or to.notes["class." .. path] then
    plan.used[path] = true
  elseif to.notes["table." .. path] and from.notes["table." .. path] then
    match_table(plan, from, to, path, holder[key])
  else
    table.insert(plan.entries, { holder, key, decode(plan, from, path, holder[key]) })
  end
end

local function parts_of(job, path)
  local parts, is_there = {}, {}
  for part in (job.notes["table." .. path] or ""):gmatch "[^\n]+" do
    parts[#parts + 1], is_there[part] = part, true
  end
  return parts, is_there
end

-- A table with objects below it has the same names; one of Lua values alone becomes
-- what was saved.
match_table = function(plan, from, to, path, t)
  plan.used[path] = true
  plan.made[path] = t
  table.insert(plan.kept, t)
  if path ~= "" and not from.holds[path] and not to.holds[path] then
    decode_table(plan, from, path, t)
    return
  end
  local _, there = parts_of(from, path)
  for _, part in ipairs(parts_of(to, path)) do
    local name = join(path, part)
    if there[part] then
      match_value(plan, from, to, name, t, key_of(part))
    else
      plan.refused[name] = true
      complain(plan, "missing", "'%s'", name)
    end
  end
end

-- ------------------------------------------------------------- objects

-- Connections of which other synapses were saved: these come first, with as many weights
-- and delays, and their accumulators are of other shapes until then.
local function match_pairs(plan, from, node)
  if not tools.is_instance(node.object, snn.LinearSparse) then return end
  local path = join(node.path, ".pairs")
  local new = from.tensors[path]
  if from.notes["class." .. node.path] ~= node.class or new == nil then return end
  local differ, why = tools.pairs_differ(node.object, new)
  if why then complain(plan, "other", "'%s': %s", path, why) end
  if not differ then return end
  plan.used[path] = true
  plan.counts[node.object] = new.numel
  table.insert(plan.rewired, { node.object, new })
  local updater = node.object.updater
  for _, name in ipairs(updater and updater.names or {}) do plan.later[updater[name]] = true end
end

local IS_OF_SYNAPSES <const> = { weight = true, delay = true }

-- A state that was saved as one number is it everywhere.
local function saved_state(from, state, count)
  local new, now = from.tensors[state.path], state.value
  if count and IS_OF_SYNAPSES[state.name] and new and new.numel == 1 and new.ndim <= 1
    and from.notes["one." .. state.path] then
    return new:expand(count)
  end
  if new == nil or now == nil or not from.notes["one." .. state.path] then return new end
  if new.numel ~= 1 or new.ndim > now.ndim then return new end
  return new:expand(table.unpack(now.shape))
end

local function match_states(plan, from, node)
  for _, state in ipairs(node.states) do
    local new = saved_state(from, state, plan.counts[node.object])
    plan.used[state.path] = true
    if new == nil and not state.is_open then
      complain(plan, "missing", "'%s'", state.path)
    else
      table.insert(plan.states, { node.object, state.name, new, not state.is_open and state })
    end
  end
end

-- Arguments that the shapes of states follow.
local SHAPING <const> = { batchsz = true, delay = true, dt = true, duration = true,
  inclusive = true }

local function text(value)
  if tools.is_tensor(value) then return shape_text(value) end
  if type(value) == "table" then
    local parts = {}
    for i, part in ipairs(value) do parts[i] = text(part) end
    return "{" .. table.concat(parts, ", ") .. "}"
  end
  return type(value) == "string" and '"' .. value .. '"' or tostring(value)
end

-- Whether it is of another size as it was made: neither run has assigned its batch size.
local function is_other_size(name, from, to, path)
  local note = "resized." .. path
  return name == "batchsz" and not from.notes[note] and not to.notes[note]
end

local function match_settings(plan, from, to, node)
  for _, setting in ipairs(node.settings) do
    local name, argument, path = setting.name, setting.argument, join(node.path,
      "." .. setting.name)
    local scratch = { where = plan.where, what = plan.what, used = plan.used, made = {},
      tables = {}, targets = {}, values = {}, is_apart = true }
    local value = decode(scratch, from, path, nil)
    if is_same(value, setting.value) then goto continue end
    if argument.fixed and not argument.set_as or is_other_size(name, from, to, node.path) then
      complain(plan, "other", "'%s' is %s, %s here", path, text(value), text(setting.value))
    else
      plan.is_reshaped = plan.is_reshaped or SHAPING[name]
      table.insert(plan.settings, { node.object, name, value, ("%s %s (%s here)"):format(path,
        text(value), text(setting.value)) })
    end
    ::continue::
  end
end

-- Values of a module that its script has given it: Lua values come and go, tensors are
-- state.
local function match_fields(plan, from, to, node)
  local fields, there = node.fields.table, {}
  for part in (from.notes["fields." .. node.path] or ""):gmatch "[^\n]+" do
    there[part] = true
    local key, path = key_of(part), join(node.path, part)
    local is_new = kind_of(to, path) == nil
    if is_new and kind_of(from, path) ~= "a tensor" and not from.notes["class." .. path] then
      table.insert(plan.entries, { fields, key, decode(plan, from, path, nil) })
    elseif not is_new then
      match_value(plan, from, to, path, fields, key)
    end
  end
  for part in (to.notes["fields." .. node.path] or ""):gmatch "[^\n]+" do
    local path = join(node.path, part)
    if there[part] then goto continue end
    if kind_of(to, path) == "a tensor" or to.notes["class." .. path] or to.holds[path] then
      complain(plan, "missing", "'%s'", path)
    else
      table.insert(plan.entries, { fields, key_of(part), nil })
    end
    ::continue::
  end
end

local function match_ways(plan, from, node)
  local values = {}
  for name in next, from.hidden[node.path] or {} do
    local path = node.path .. ":" .. name
    plan.used[path] = true
    values[name] = decode(plan, from, path, nil)
  end
  for _, way in ipairs(node.ways) do
    local is_checked = way.check and not plan.later[node.object]
    local wrong = is_checked and way.check(node.object, values)
    if wrong then complain(plan, "other", "'%s': %s", node.path, wrong) end
    if way.keep then way.keep(node.object, plan.kept) end
    if way.arrange then
      table.insert(plan.arranged, { way.arrange, node.object, values })
    end
    if way.load then table.insert(plan.loads, { way.load, node.object, values }) end
  end
end

local function is_below_refused(plan, path)
  for refused in next, plan.refused do
    local next_letter = path:sub(#refused + 1, #refused + 1)
    if path:sub(1, #refused) == refused and next_letter:find "^[.:%[]" then return true end
  end
  return false
end

local function match_mode(plan, from, node)
  local path = join(node.path, ".training")
  local training = decode(plan, from, path, nil)
  if type(training) ~= "boolean" then
    complain(plan, training == nil and "missing" or "other", "'%s'%s", path,
      training == nil and "" or " is no boolean")
  end
  table.insert(plan.modes, { node.object, training })
end

local function match_object(plan, from, to, node)
  local path, class = node.path, from.notes["class." .. node.path]
  if plan.refused[path] or is_below_refused(plan, path) then return end
  plan.used[path] = true
  if class ~= node.class then
    plan.refused[path] = true
    if class then
      complain(plan, "other", "'%s' is a %s, a %s here", path, class, node.class)
    elseif not kind_of(from, path) then
      complain(plan, "missing", "'%s' (%s)", path, node.class)
    end
    return
  end
  if tools.is_module(node.object) then
    tools.keep_all(plan.kept, node.object)
    match_mode(plan, from, node)
    match_states(plan, from, node)
    match_settings(plan, from, to, node)
    match_fields(plan, from, to, node)
  end
  match_ways(plan, from, node)
end

-- ------------------------------------------------------------- all of it

-- Names with no place here; of an object that has none its own name alone.
local function match_rest(plan, from)
  local names = {}
  for name in next, from.notes do
    local class = name:match "^class%.(.+)$"
    if class and not plan.used[class] then names[#names + 1] = class end
  end
  for _, values in ipairs { from.tensors, from.texts } do
    for name in next, values do
      if not plan.used[name] then names[#names + 1] = name end
    end
  end
  table.sort(names)
  for _, name in ipairs(names) do
    if not plan.refused[name] and not is_below_refused(plan, name) then
      plan.refused[name] = true
      local class = from.notes["class." .. name]
      complain(plan, "unexpected", "'%s'%s", name, class and " (" .. class .. ")" or "")
    end
  end
end

-- Paths of tables with an object below them, and what follows a colon by its path.
local function index(job)
  job.holds, job.hidden = {}, {}
  for name in next, job.notes do
    local path = name:match "^class%.(.*)$"
    while path and path ~= "" do
      path = path:match "^(.*)%.[^.%[%]]*$" or path:match '^(.*)%[%-?%d+%]$'
        or path:match '^(.*)%[".-"%]$' or ""
      job.holds[path] = true
    end
  end
  for _, values in ipairs { job.tensors, job.texts } do
    for name in next, values do
      for at in name:gmatch "():" do
        local path = name:sub(1, at - 1)
        job.hidden[path] = job.hidden[path] or {}
        job.hidden[path][name:sub(at + 1)] = true
      end
    end
  end
end

local function new_plan(where, what)
  return { where = where, what = what, used = {}, made = {}, refused = {}, kept = {},
    lists = { missing = {}, unexpected = {}, misshapen = {}, other = {} },
    tables = {}, entries = {}, targets = {}, values = {}, states = {}, settings = {},
    modes = {}, arranged = {}, loads = {}, rewired = {}, counts = {}, later = {} }
end

local function set(object, name, value)
  if is_same(object[name], value) then return end -- with that of the object around it
  if value == nil then value = snn.none end
  object[name] = value
end

-- Arguments may be bound to one another: those that are refused come again after others.
local function set_all(settings)
  while #settings > 0 do
    local refused, err = {}, nil
    for _, s in ipairs(settings) do
      local ok, why = pcall(set, s[1], s[2], s[3])
      if not ok and (type(why) ~= "table" or why.kind ~= "ValueError") then error(why, 0) end
      if not ok then refused[#refused + 1], err = s, why end
    end
    if #refused == #settings then error(err, 0) end
    settings = refused
  end
end

-- What the script said and the file has otherwise, so that nobody wonders. Of batch
-- sizes nobody does: a run assigns them as it goes.
local function tell_settings(plan)
  local changed = {}
  for _, s in ipairs(plan.settings) do
    if s[2] ~= "batchsz" then changed[#changed + 1] = s[4] end
  end
  if #changed == 0 or plan.is_silent then return end
  snn.warn(("%s: arguments that differ were taken from %s: %s; { settings = \"script\" } keeps "
    .. "the script's, { settings = \"file\" } is silent"):format(plan.where, plan.what,
    table.concat(changed, ", ")))
end

-- States must have the shapes that they have here, with the arguments that hold then.
local function check_states(plan)
  for _, state in ipairs(plan.states) do
    local object, name, new, now = table.unpack(state, 1, 4)
    if now then
      local value = plan.is_reshaped and object[name] or now.value
      if value then tools.misfit(plan, now.path, value, new) end
    end
  end
  check_lists(plan)
end

-- What is new comes before what goes: then a table has room for what it was, should a
-- later step fail (src/bind/object/atomic.c).
local function fill_tables(plan)
  for _, entry in ipairs(plan.tables) do
    for key, value in next, entry[2] do entry[1][key] = value end
  end
  for _, entry in ipairs(plan.entries) do
    if entry[3] ~= nil then entry[1][entry[2]] = entry[3] end
  end
  for _, entry in ipairs(plan.tables) do
    for key in next, entry[1] do
      if entry[2][key] == nil then entry[1][key] = nil end
    end
  end
  for _, entry in ipairs(plan.entries) do
    if entry[3] == nil then entry[1][entry[2]] = nil end
  end
end

local function change(plan)
  set_all(plan.settings)
  for _, entry in ipairs(plan.rewired) do tools.load_pairs(entry[1], entry[2]) end
  for _, a in ipairs(plan.arranged) do a[1](a[2], a[3], plan.whose) end
  if plan.is_reshaped then check_states(plan) end
  for _, mode in ipairs(plan.modes) do tools.set_training(mode[1], mode[2]) end
  for _, state in ipairs(plan.states) do
    tools.restore(state[1], state[2], state[3] and tools.cloned(state[3]))
  end
  fill_tables(plan)
  for _, load in ipairs(plan.loads) do load[1](load[2], load[3]) end
end

-- Bytes of memory for each byte of what was saved, and those that are free: sizes among
-- the settings may ask for any number.
local FACTOR <const>, FREE <const> = 16, 1 << 20

local function room_of(job)
  local bytes = 0
  for _, t in next, job.tensors do bytes = bytes + t.numel * 8 end
  return FACTOR * bytes + FREE
end

local function apply(plan, from, result)
  tell_settings(plan)
  tools.below_ceiling(room_of(from), change, plan)
  local random = from.tensors[":random_state"]
  return tools.overwrite(plan.targets, plan.values, random, result)
end

---Puts what was saved, `from`, into the objects of `to`, and returns `result`.
---@param where string begins the errors
---@param what string names what was saved
---@param settings? "file"|"script" whose arguments hold; nil: the file's, with a warning
function tools.put_back(where, what, from, to, settings, result)
  local plan = new_plan(where, what)
  index(from)
  index(to)
  local random = from.tensors[":random_state"]
  plan.used[":random_state"] = true
  if random == nil then
    complain(plan, "missing", "the random state")
  else
    tools.misfit(plan, ":random_state", to.tensors[":random_state"], random)
  end
  if to.root then match_table(plan, from, to, "", to.root) end
  for _, node in ipairs(to.nodes) do match_pairs(plan, from, node) end
  for _, node in ipairs(to.nodes) do match_object(plan, from, to, node) end
  match_rest(plan, from)
  if settings == "script" then plan.settings, plan.is_reshaped = {}, false end
  plan.is_reshaped = plan.is_reshaped or #plan.rewired > 0
  if plan.is_reshaped then check_lists(plan) else check_states(plan) end
  plan.whose, plan.is_silent = settings, settings ~= nil
  for _, entry in ipairs(plan.tables) do table.insert(plan.kept, entry[1]) end
  for _, entry in ipairs(plan.rewired) do
    tools.keep_synaptic(plan.kept, entry[1], where, true)
  end
  return tools.atomic(plan.kept, apply, plan, from, result)
end
