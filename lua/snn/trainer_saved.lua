-- What trainers keep beside the states of their monitors, for snn.save: of each cell
-- its overrides and the step time that it is recorded by; of trainers of scripts the
-- tables that they keep of their cells.
local snn, _, tools = ...

local suffix, key_of = tools.paths.suffix, tools.paths.key_of
local is_same = tools.jobs.is_same

local PLAIN <const> = { number = true, boolean = true, string = true }

local function is_plain(value) return PLAIN[type(value)] or tools.is_tensor(value) end

local function is_key(key) return type(key) == "string" or math.type(key) == "integer" end

-- ------------------------------------------------------------- tables as flat values

---Adds the numbers, strings, booleans and tensors of a table and of those in it, by
---paths; each table once. Functions and objects are the script's.
local function flatten(out, path, t, seen)
  if seen[t] then return end
  seen[t] = true
  for key, value in next, t do
    if not is_key(key) then goto continue end
    if is_plain(value) then
      out[path .. suffix(key)] = value
    elseif type(value) == "table" and not tools.metatable(value) then
      flatten(out, path .. suffix(key), value, seen)
    end
    ::continue::
  end
end

-- The next key of a path and what is behind it.
local function next_key(path)
  for _, pattern in ipairs { "^(%.[%a_][%w_]*)", "^(%[%-?%d+%])", '^(%["[^"]*"%])' } do
    local part = path:match(pattern)
    if part then return key_of(part), path:sub(#part + 1) end
  end
end

---The table that flatten has made `values` of, whose names begin with `path`.
local function unflatten(values, path)
  local tree = {}
  for name, value in next, values do
    local rest = name:sub(1, #path) == path and name:sub(#path + 1)
    local at, key = tree, nil
    while rest and rest ~= "" do
      if key ~= nil then
        at[key] = type(at[key]) == "table" and at[key] or {}
        at = at[key]
      end
      key, rest = next_key(rest)
    end
    if rest and key ~= nil then at[key] = value end
  end
  return tree
end

-- ------------------------------------------------------------- tables in place

---The table gets the values of the tree; what it has of functions and objects stays.
local function fill(t, tree)
  local gone = {}
  for key, value in next, t do
    if is_key(key) and is_plain(value) and tree[key] == nil then gone[#gone + 1] = key end
    if type(value) == "table" and not tools.metatable(value) and not tree[key] then
      fill(value, {})
    end
  end
  for key, value in next, tree do
    if type(value) == "table" and type(t[key]) == "table" then
      fill(t[key], value)
    else
      t[key] = value
    end
  end
  for _, key in ipairs(gone) do t[key] = nil end -- last, as in restore.lua
end

-- Adds it and the tables in it to a list of tools.atomic.
local function keep_tables(list, t, seen)
  if seen[t] then return end
  seen[t] = true
  list[#list + 1] = t
  for _, value in next, t do
    if type(value) == "table" and not tools.metatable(value) then
      keep_tables(list, value, seen)
    end
  end
end

-- ------------------------------------------------------------- cells

-- Calls fn(name, links of the unit, unit, path) for each cell.
local function each_cell(trainer, fn)
  local links = tools.links(trainer)
  for _, name in ipairs(links.unit_names) do
    local unit = links.unit_map[name]
    fn(name, tools.links(unit), unit, "cells" .. suffix(name))
  end
end

local function is_table(own) return own.is_free and type(own.state) == "table" end

local function save(trainer)
  local out = { cells = table.concat(tools.links(trainer).unit_names, "\n") }
  each_cell(trainer, function(_, own, unit, path)
    if is_table(own) then flatten(out, path .. ".state", own.state, {}) end
    if own.is_free then return end
    flatten(out, path .. ".overrides", own.overrides, {})
    out[path .. ".step_time"] = tools.unit_step_time(unit)
  end)
  return out
end

-- The cell's own overrides that are no plain values, and those that were saved.
local function overrides_of(own, values, path)
  local out = unflatten(values, path .. ".overrides")
  for key, value in next, own.overrides do
    local is_saved = is_plain(value) or type(value) == "table"
    if not is_saved then out[key] = value end
  end
  return out
end

-- What is recorded is counted in steps of this length, and means what it does by
-- these arguments: both are there before it is.
local function arrange(trainer, values, whose)
  each_cell(trainer, function(name, own, unit, path)
    if own.is_free then return end
    local overrides = overrides_of(own, values, path)
    if whose ~= "script" and not is_same(overrides, own.overrides) then
      tools.set_overrides(trainer, name, overrides)
    end
    tools.set_unit_step_time(unit, values[path .. ".step_time"])
  end)
end

local function load(trainer, values)
  each_cell(trainer, function(_, own, _, path)
    if is_table(own) then fill(own.state, unflatten(values, path .. ".state")) end
  end)
end

local function keep(trainer, list)
  each_cell(trainer, function(_, own, unit)
    list[#list + 1], list[#list + 2] = unit, own
    if is_table(own) then keep_tables(list, own.state, {}) end
  end)
end

local function check(trainer, values)
  local now = table.concat(tools.links(trainer).unit_names, "\n")
  if now == values.cells then return end
  return ("its cells are '%s', the saved ones '%s'"):format(now:gsub("\n", "', '"),
    (tools.text(values.cells):gsub("\n", "', '")))
end

-- Modules that a trainer of a script keeps of its cells.
local function children(trainer)
  local list = {}
  each_cell(trainer, function(_, own, _, path)
    if own.is_free and tools.is_module(own.state) then
      list[#list + 1] = { path .. ".state", own.state }
    end
  end)
  return list
end

tools.saves(snn.CellTrainer, { save = save, arrange = arrange, load = load, keep = keep,
  check = check, children = children })
