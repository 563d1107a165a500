-- Which networks are played: a design in which each value of a factor meets each
-- value of every other one, as far as the two go together. Models and rules are
-- those of the library, so that a new one is in at once; "own" is a class of a script.
local snn = require "snn"
local models = require "spec.every.models"
local trainers = require "spec.every.trainers"

local design = {}

---Draws of their own, apart from Lua's and the library's: the same on every machine.
---@param seed integer
---@return fun(n: integer): integer from 1 to n
function design.draws(seed)
  local state = seed * 0x9E3779B97F4A7C15
  return function(n)
    state = state + 0x9E3779B97F4A7C15
    local z = (state ~ state >> 30) * 0xBF58476D1CE4E5B9
    z = (z ~ z >> 27) * 0x94D049BB133111EB
    return ((z ~ z >> 31) >> 1) % n + 1
  end
end

-- ------------------------------------------------------------- factors

-- The classes right below a family that tell their arguments, and others.
local function classes(family, ...)
  local list = {}
  for _, name in ipairs(models.below(snn[family])) do
    if rawget(snn[name], "arguments") then list[#list + 1] = name end
  end
  return table.move({ ... }, 1, select("#", ...), #list + 1, list)
end

local FACTORS = {
  { "rule", classes("IndependentCellTrainer", "own") },
  { "reducer", classes("Reducer", "EligibilityTraceReducer", "own") },
  { "neuron", classes("Neuron", "own") },
  { "mode", { "plain", "every", "last", "budget", "file", "filter", "map", "pool", "prehook",
    "every last", "file every" } },
  { "point", { "begin", "stepped", "trained", "updated", "last step", "sample", "last sample",
    "epoch" } },
  { "encoder", classes("Encoder", "own", "none") },
  { "synapse", classes("Synapse", "own") },
  { "loader", { "shuffled", "ordered", "drop_last", "by hand", "progress", "none" } },
  { "connection", classes("Connection", "own") },
  { "monitor", classes "Monitor" },
  { "bound", { "none", "upper", "lower", "power", "full", "own" } },
  { "hook", { "none", "Normalization", "Clamping", "StateHook", "Hook" } },
  { "batch_reduction", { "mean", "sum", "max", "own" } },
  { "layer", { "Layer", "Serial", "Biclique", "RecurrentSerial" } },
  { "delay", { "none", "whole", "between" } },
  { "reduction", { "sum", "mean", "own" } },
  { "dtype", { "float32", "float64" } },
  { "batch", { 1, 3 } },
  { "size", { "small", "large" } },
  { "generator", { "global", "own" } },
  { "bias", { true, false } },
}

---@type table<string, table> values by factor
design.values = {}
for _, factor in ipairs(FACTORS) do design.values[factor[1]] = factor[2] end

-- Rules of delays, and on times that delays shift, need a delay.
local function goes_together(a, va, b, vb)
  if a == "rule" and b == "delay" and vb == "none" then
    return va == "own" or not trainers.needs_delays(va)
  end
  return true
end

local fits = {} -- of factors i < k: fits[i][k][value of i][value of k]

local function fill_fits()
  for i, one in ipairs(FACTORS) do
    fits[i] = {}
    for k = i + 1, #FACTORS do
      local other, rows = FACTORS[k], {}
      for p, vp in ipairs(one[2]) do
        rows[p] = {}
        for q, vq in ipairs(other[2]) do
          rows[p][q] = goes_together(one[1], vp, other[1], vq)
            and goes_together(other[1], vq, one[1], vp)
        end
      end
      fits[i][k] = rows
    end
  end
end

-- ------------------------------------------------------------- the design

local function new_open()
  local open, left = {}, 0
  for i = 1, #FACTORS do
    open[i] = {}
    for k = i + 1, #FACTORS do
      open[i][k] = {}
      for p, row in ipairs(fits[i][k]) do
        open[i][k][p] = {}
        for q, is_fit in ipairs(row) do
          open[i][k][p][q] = is_fit
          if is_fit then left = left + 1 end
        end
      end
    end
  end
  return open, left
end

local function at(pairs_of, i, p, k, q)
  if i < k then return pairs_of[i][k][p][q] end
  return pairs_of[k][i][q][p]
end

-- How many open pairs a value closes with those chosen; nil where it does not fit.
local function gain(open, row, i, p)
  local n = 0
  for k, q in pairs(row) do
    if not at(fits, i, p, k, q) then return nil end
    if at(open, i, p, k, q) then n = n + 1 end
  end
  return n
end

local function best(open, row, i, rng)
  local found, most, count = nil, -1, #FACTORS[i][2]
  local first = rng(count)
  for n = 0, count - 1 do
    local p = (first + n - 1) % count + 1
    local g = gain(open, row, i, p)
    if g and g > most then found, most = p, g end
  end
  return found, most
end

local function order_of(rng)
  local order = {}
  for i = 1, #FACTORS do table.insert(order, rng(i), i) end
  return order
end

-- A row that begins with an open pair, and how many pairs it closes.
local function candidate(open, rng, seed_pair)
  local row = { [seed_pair[1]] = seed_pair[2], [seed_pair[3]] = seed_pair[4] }
  local total = 1
  for _, i in ipairs(order_of(rng)) do
    if not row[i] then
      local p, g = best(open, row, i, rng)
      row[i], total = assert(p, "no value goes with the others"), total + g
    end
  end
  return row, total
end

local function first_open(open, from)
  for i = from, #FACTORS do
    for k = i + 1, #FACTORS do
      for p, row in ipairs(open[i][k]) do
        for q, is_open in ipairs(row) do
          if is_open then return { i, p, k, q } end
        end
      end
    end
  end
end

local function close_pairs(open, row)
  local closed = 0
  for i = 1, #FACTORS do
    for k = i + 1, #FACTORS do
      local list = open[i][k][row[i]]
      if list[row[k]] then list[row[k]], closed = false, closed + 1 end
    end
  end
  return closed
end

local function named(row)
  local out = {}
  for i, factor in ipairs(FACTORS) do out[factor[1]] = factor[2][row[i]] end
  return out
end

local TRIES <const> = 3 -- rows of which the best is taken: more make it hardly shorter

local function make()
  fill_fits()
  local open, left = new_open()
  local rng, rows = design.draws(12), {}
  while left > 0 do
    local from, found, most = first_open(open, 1), nil, 0
    for _ = 1, TRIES do
      local row, closes = candidate(open, rng, from)
      if closes > most then found, most = row, closes end
    end
    left = left - close_pairs(open, found)
    rows[#rows + 1] = named(found)
  end
  return rows
end

local made

---The rows of the design: factor -> value.
---@return table[]
function design.rows()
  made = made or make()
  return made
end

---The row of a seed: those of the design first, then any.
---@param seed integer from 1
---@return table<string, any>
function design.row(seed)
  local rows = design.rows()
  if rows[seed] then return rows[seed] end
  local rng, row = design.draws(seed), {}
  for i, factor in ipairs(FACTORS) do row[i] = rng(#factor[2]) end
  row = named(row)
  if not goes_together("rule", row.rule, "delay", row.delay) then row.delay = "between" end
  return row
end

return design
