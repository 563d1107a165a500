-- `:save` and `:restore`: the session's objects in a file of snn.save.
local _, load_file, tools = ...
local _ENV <const> = tools.prompt_env

local who = load_file "snn.prompt.who"

local keep = {}

---The name of a file at the beginning of a text, and what is behind it.
local function split(rest)
  local path, names = rest:match "^[\"'](.-)[\"']%s*(.*)$"
  if not path then path, names = rest:match "^(%S+)%s*(.*)$" end
  return (path:gsub("^~/", (os.getenv "HOME" or "~") .. "/")), names
end

local NEVER <const> = { TypeError = true, ValueError = true }

---Whether a value can be saved; other failures (Ctrl-C, short memory) are raised.
local function can_save(name, value)
  local ok, failure = pcall(tools.gather, "save", { [name] = value })
  if not ok and not (type(failure) == "table" and NEVER[failure.kind]) then error(failure, 0) end
  return ok
end

---What is to be saved of the names that were typed; all must be there, and can be saved.
local function asked_objects(session, names)
  local objects = {}
  for name in names:gmatch "[^%s,]+" do
    local value = session:get(name)
    if value == nil then
      local near = tools.nearest(name, session:names())
      tools.fail("ValueError", ":save: there is no '%s'%s", name,
        near and (" (did you mean '%s'?)"):format(near) or "")
    end
    objects[name] = value
  end
  return objects
end

---All that can be saved of what there is; the names of what cannot.
local function all_objects(session)
  local objects, skipped = {}, {}
  for _, entry in ipairs(who.names(session)) do
    local value = session:get(entry.name)
    if value == nil then goto continue end
    if can_save(entry.name, value) then
      objects[entry.name] = value
    else
      skipped[#skipped + 1] = ("%s (%s)"):format(entry.name, type(value))
    end
    ::continue::
  end
  return objects, skipped
end

local function sorted(t)
  local names = {}
  for name in pairs(t) do names[#names + 1] = name end
  table.sort(names)
  return names
end

function keep.save(session, rest)
  tools.saving()
  local path, names = split(rest)
  local objects, skipped
  if names ~= "" then
    objects, skipped = asked_objects(session, names), {}
  else
    objects, skipped = all_objects(session)
  end
  if next(objects) == nil then
    tools.fail("ValueError", ":save: there is nothing yet that can be saved")
  end
  tools.save(path, objects)
  session.write(("saved %s to %s\n"):format(table.concat(sorted(objects), ", "), path))
  if #skipped > 0 then
    session.write(("left out, as they cannot be saved: %s\n"):format(table.concat(skipped, ", ")))
  end
end

---The variable that a name in the file belongs to: `net` of net.connections.enc.weight; nil:
---it is the file's own (the random state, who wrote it).
local function root_of(name) return name:match "^[%a_][%w_]*" end

---The path in a note: `class.net.neurons` is one on net.neurons.
local function noted_path(note)
  local kind, path = note:match "^(%a+)%.(.*)$"
  return kind ~= "about" and path or nil
end

---The variables that are in a file.
local function roots_of(job)
  local roots = {}
  for _, values in ipairs { job.tensors, job.texts } do
    for name in pairs(values) do roots[root_of(name) or 0] = true end
  end
  for note in pairs(job.notes) do roots[root_of(noted_path(note) or "") or 0] = true end
  roots[0] = nil
  return roots
end

---Takes all that belongs to these variables out of what was read.
local function leave_out(job, roots)
  for _, values in ipairs { job.tensors, job.texts } do
    for name in pairs(values) do
      if roots[root_of(name)] then values[name] = nil end
    end
  end
  for note in pairs(job.notes) do
    if roots[root_of(noted_path(note) or "")] then job.notes[note] = nil end
  end
end

function keep.restore(session, rest)
  tools.saving()
  local path, more = split(rest)
  if more ~= "" then tools.fail("ValueError", "usage: :restore file") end
  local job, metadata = tools.read_job("restore", path)
  local objects, missing = {}, {}
  for name in pairs(roots_of(job)) do
    local value = session:get(name)
    objects[name] = value
    if value == nil then missing[name] = true end
  end
  if next(objects) == nil then
    tools.fail("ValueError", ":restore: the session has none of what is in %s: %s", path,
      table.concat(sorted(missing), ", "))
  end
  leave_out(job, missing)
  local names <const> = sorted(objects)
  tools.put_back("restore", ("'%s'"):format(path), job, tools.gather("restore", objects), nil,
    metadata)
  for name, value in pairs(objects) do
    if not rawequal(session:get(name), value) then session.env[name] = value end
  end
  session.write(("restored %s\n"):format(table.concat(names, ", ")))
  if next(missing) then
    session.write(("not here, so left in the file: %s\n"):format(
      table.concat(sorted(missing), ", ")))
  end
end

return keep
