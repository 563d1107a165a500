-- What families of objects say beside arguments and state: a connection its synapse and
-- updater, a trainer its cells, an updater what waits, a monitor what it has seen.
local snn, load, tools = ...

local text = load "snn.show.text"
local stats = load "snn.show.stats"
local objects

local family = {}

local function name_cell(word) return { word, "name" } end

-- ------------------------------------------------------------- updates

-- How many terms wait on each side: keys are "pos.tensor.1", "pos.rows" and so on.
local function waiting(accumulator)
  local seen, count = {}, { pos = 0, neg = 0 }
  for key in next, tools.pending(accumulator) do
    local side, what = key:match "^(%l+)%.(.+)$"
    local term = what and what:match "^tensor%.%d+" or what and what:match "^[%l_]+"
    if count[side] and not seen[side .. term] then
      seen[side .. term] = true
      count[side] = count[side] + 1
    end
  end
  return count
end

local function waits_text(accumulator)
  local ok, n = pcall(waiting, accumulator)
  if not ok then return "?" end
  if n.pos + n.neg == 0 then return "nothing waits" end
  return ("%d to add, %d to subtract"):format(n.pos, n.neg)
end

-- Bounds of a parameter: "upper power at 1".
local function bounds_text(accumulator)
  local ok, how = pcall(tools.bounding, accumulator)
  if not ok then return "" end
  local words = {}
  for _, side in ipairs { "upper", "lower" } do
    local law = how[side .. ".law"]
    if law then
      local limit = how[side .. ".limit"]
      words[#words + 1] = ("%s bound: %s%s"):format(side, law,
        type(limit) == "number" and " at " .. text.exact(limit) or "")
    end
  end
  if how.full then words[#words + 1] = "full bound: " .. how.full end
  if how.reduction then words[#words + 1] = "reduction: " .. how.reduction end
  return table.concat(words, ", ")
end

---What an updater is about in a few words: the parameters, what waits; "none".
function family.updater_text(updater)
  if updater == nil then return "none" end
  local words = {}
  for i, name in ipairs(updater.names) do words[i] = name end
  return table.concat(words, ", ")
end

local function add_updater(lines, updater, ctx)
  local rows = {}
  for i, name in ipairs(updater.names) do
    local accumulator = updater[name]
    rows[i] = { name_cell(name), waits_text(accumulator), { bounds_text(accumulator), "dim" } }
  end
  text.columns(lines, rows, 2, ctx)
end

local function add_accumulator(lines, accumulator, ctx)
  local rows = { { name_cell "waits", waits_text(accumulator) } }
  local bounds = bounds_text(accumulator)
  rows[2] = { name_cell "bounds", bounds ~= "" and bounds or "none" }
  text.columns(lines, rows, 2, ctx)
end

-- ------------------------------------------------------------- connections, cells

local function add_connection(lines, connection, ctx)
  local updater = connection.updater
  local said = updater == nil and "none" or "of " .. family.updater_text(updater)
  local rows = { { name_cell "updater", said } }
  if text.is(connection, "LinearSparse") then
    local count, all = connection.count, connection:insize() * connection:outsize()
    table.insert(rows, 1, { name_cell "count", ("%s, %s %% of all pairs"):format(
      text.count(count, "synapse"), tools.rounded(all > 0 and 100 * count / all or 0, 3)) })
  end
  text.columns(lines, rows, 2, ctx)
end

---Who trains a cell: a list of { trainer, name of the cell there }.
function family.trainers_of(cell)
  local list = {}
  for trainer in next, tools.trainers do
    local ok, links = pcall(tools.links, trainer)
    for _, name in ipairs(ok and links.unit_names or {}) do
      local unit = links.unit_map[name]
      if unit and tools.links(unit).cell == cell then list[#list + 1] = { trainer, name } end
    end
  end
  table.sort(list, function(a, b)
    local x, y = objects.class_name(a[1]), objects.class_name(b[1])
    return x < y or x == y and a[2] < b[2]
  end)
  return list
end

---"STDP 'enc', MSTDP 'enc'"; "nobody".
function family.trainers_text(cell)
  local words = {}
  for i, entry in ipairs(family.trainers_of(cell)) do
    words[i] = ("%s '%s'%s"):format(objects.class_name(entry[1]), tools.plain(entry[2]),
      objects.read(entry[1], "training") == false and " (evaluation mode)" or "")
  end
  return #words > 0 and table.concat(words, ", ") or "nobody"
end

local function add_cell(lines, cell, ctx)
  if tools.is_dead(cell) then
    text.line(lines, "  deleted from its layer", "warn", ctx)
    return
  end
  local from, to = tools.cell_names(cell)
  local monitors = {}
  for name in next, tools.links(cell).monitors or {} do monitors[#monitors + 1] = name end
  table.sort(monitors)
  text.columns(lines, {
    { name_cell "connection", ("%s, %s"):format(from, objects.short(cell.connection)) },
    { name_cell "neuron", ("%s, %s"):format(to, objects.short(cell.neuron)) },
    { name_cell "trained by", family.trainers_text(cell) },
    { name_cell "monitors", #monitors > 0 and table.concat(monitors, ", ") or "none" },
  }, 2, ctx)
end

-- ------------------------------------------------------------- trainers, monitors

local function overrides_text(unit, ctx)
  local words, names = {}, {}
  for name in next, tools.links(unit).overrides or {} do names[#names + 1] = tools.text(name) end
  table.sort(names)
  for i, name in ipairs(names) do
    words[i] = ("%s=%s"):format(name, objects.value(tools.links(unit).overrides[name], ctx))
  end
  return table.concat(words, " ")
end

local function add_trainer(lines, trainer, ctx)
  local links, rows, monitors, count = tools.links(trainer), {}, {}, 0
  for i, name in ipairs(links.unit_names) do
    local unit = links.unit_map[name]
    local cell = tools.links(unit).cell
    local where = "deleted from its layer"
    if not tools.is_dead(cell) then
      local from, to = tools.cell_names(cell)
      where = ("%s %s %s"):format(from, ctx.arrow, to)
      if objects.read(cell.connection, "updater") == nil then where = where .. ", no updater" end
    end
    rows[i] = { name_cell(tools.plain(name)), where, { overrides_text(unit, ctx), "dim" } }
  end
  local heading = #rows > 0 and "cells" or "cells  none"
  text.line(lines, "  " .. heading, "head", ctx)
  text.columns(lines, rows, 4, ctx)
  for _, name, _ in snn.CellTrainer.named_monitors(trainer) do
    count = count + 1
    if not monitors[name] then
      monitors[name] = true
      monitors[#monitors + 1] = name
    end
  end
  if count > 0 then
    local words = { "monitors" }
    table.move(monitors, 1, #monitors, 2, words)
    text.words(lines, words, 2, ctx)
  end
end

local function add_recorder(lines, recorder, ctx)
  local rows = { { name_cell "records", ("%s, %s%s"):format(objects.short(recorder.group),
    text.count(recorder.group.count, "neuron"), recorder.attached and "" or " (detached)") },
    { name_cell "seen", ("%s in %s, %s ms"):format(text.count(recorder.count, "spike"),
      text.count(recorder.steps, "step"), text.exact(recorder.duration)) } }
  if recorder.file then rows[3] = { name_cell "file", tools.plain(recorder.file) } end
  text.columns(lines, rows, 2, ctx)
end

local function add_monitor(lines, monitor, ctx)
  local state = tools.links(monitor).state
  if not state then return end
  local latest = state.reducer and objects.read(state.reducer, "latest")
  text.columns(lines, {
    { name_cell "watches", not state.module and "nothing" or state.is_on
      and objects.short(state.module) or "nothing: not registered" },
    { name_cell "latest", tools.is_tensor(latest)
      and ("%s  %s"):format(text.shape(latest.shape), stats.range(latest, ctx)) or "none" },
  }, 2, ctx)
end

local function add_pool(lines, pool, ctx)
  local rows = {}
  for observed, name, monitor in snn.MonitorPool.named_monitors(pool) do
    rows[#rows + 1] = { name_cell(tools.plain(observed)), tools.plain(name),
      objects.short(monitor) }
  end
  text.columns(lines, rows, 2, ctx)
end

-- class -> what adds its lines; the first that fits.
local ADD <const> = {
  { "Updater", add_updater }, { "Accumulator", add_accumulator },
  { "Connection", add_connection }, { "Cell", add_cell }, { "CellTrainer", add_trainer },
  { "SpikeRecorder", add_recorder }, { "Monitor", add_monitor }, { "MonitorPool", add_pool },
}

---Appends the lines of the family that the object is of.
function family.add(lines, object, ctx)
  for _, entry in ipairs(ADD) do
    if text.is(object, entry[1]) then
      local ok, why = pcall(entry[2], lines, object, ctx)
      if not ok then lines[#lines + 1] = "  (" .. tools.plain(tostring(why)) .. ")" end
      return
    end
  end
end

return function(shared)
  objects = shared
  return family
end
