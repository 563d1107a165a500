-- A layer: its neurons, connections, cells, where its wiring stands, and what fed what
-- in the last step. Only what is known is drawn: what ran the engine has noted; where a
-- current goes is known of layers of a fixed shape, of a wiring whose step was followed
-- (src/bind/network/follow.c), and of cells.
local _, load, tools = ...

local text = load "snn.show.text"
local stats = load "snn.show.stats"
local objects, family

local layers = {}

local NARROW <const> = 60 -- columns from which on a table has all that is told

local read

local function each(layer, what)
  local names, i = tools.layer_names(layer, what, "show"), 0
  return function()
    i = i + 1
    if names[i] then return names[i], tools.layer_get(layer, what, names[i]) end
  end
end

local function dim(word) return { word, "dim" } end
local function right(word) return { word, "dim", right = true } end
local function heading(word) return { word, "head" } end

-- ------------------------------------------------------------- parts

local function spikes_text(neuron)
  local spike = read(neuron, "spike")
  if not tools.is_tensor(spike) then return "" end
  local ok, s = pcall(stats.of, spike)
  if not ok or not s or not s.yes then return "" end
  return ("%d of %d"):format(s.yes, s.count)
end

local function add_neurons(lines, layer, ran, ctx)
  local rows = { { heading "neurons", dim "class", dim "shape", dim "last spikes",
    right "voltage min", right "mean", right "max" } }
  for name, neuron in each(layer, "neuron") do
    local voltage = read(neuron, "voltage")
    local cells = { { "  " .. name, "name" }, objects.class_name(neuron),
      text.shape(read(neuron, "shape") or {}), ran[name] and spikes_text(neuron) or "did not run" }
    if tools.is_tensor(voltage) then
      table.move(stats.cells(voltage, "mV"), 1, 5, 5, cells)
    end
    rows[#rows + 1] = cells
  end
  if #rows == 1 then rows[2] = { dim "  none" } end
  if ctx.width < NARROW then
    for _, row in ipairs(rows) do
      table.remove(row, 2)
      for i = #row, 4, -1 do row[i] = nil end
    end
    rows[1][3] = dim "last spikes"
  end
  text.columns(lines, rows, 2, ctx)
end

local function delay_text(connection, ctx)
  local delay = read(connection, "delay")
  if tools.is_tensor(delay) then return stats.range(delay, ctx) .. " ms" end
  return "none"
end

-- Three tables below one another, of rows without the class.
local function add_narrow(lines, rows, ctx)
  local shapes, weights, others = {}, {}, {}
  for i, row in ipairs(rows) do
    shapes[i] = { row[1], row[2] }
    weights[i] = { row[1], table.unpack(row, 4, 8) }
    others[i] = { row[1], row[3], row[9] }
  end
  text.columns(lines, shapes, 2, ctx)
  if type(rows[2][2]) ~= "string" then return end -- there are none
  weights[1] = { heading "weight", right "min", right "mean", right "max" }
  others[1] = { heading "learning", dim "delay", dim "updater" }
  text.columns(lines, weights, 2, ctx)
  text.columns(lines, others, 2, ctx)
end

local function add_connections(lines, layer, ctx)
  local rows = { { heading "connections", dim "class", dim "shape", dim "delay",
    right "weight min", right "mean", right "max", "", "", dim "updater" } }
  for name, c in each(layer, "connection") do
    local cells = { { "  " .. name, "name" }, objects.class_name(c),
      ("%s %s %s"):format(text.shape(read(c, "inshape") or {}), ctx.arrow,
        text.shape(read(c, "outshape") or {})), delay_text(c, ctx), "", "", "", "", "",
      family.updater_text(read(c, "updater")) }
    local weight = read(c, "weight")
    if tools.is_tensor(weight) then
      local found = stats.cells(weight)
      for i = 1, 5 do
        if type(found[i]) == "table" then found[i].wide = nil end
        cells[4 + i] = found[i] or ""
      end
    end
    rows[#rows + 1] = cells
  end
  if #rows == 1 then rows[2] = { dim "  none" } end
  if ctx.width < 100 then
    for _, row in ipairs(rows) do table.remove(row, 2) end
  end
  if ctx.width < NARROW then return add_narrow(lines, rows, ctx) end
  text.columns(lines, rows, 2, ctx)
end

local function add_cells(lines, layer, ctx)
  local rows = {}
  for _, cell in ipairs(tools.layer_cells(layer, "show")) do
    local from, to = tools.cell_names(cell)
    if from then
      rows[#rows + 1] = { { ("  %s %s %s"):format(from, ctx.arrow, to), "name" },
        family.trainers_text(cell) }
    end
  end
  if #rows == 0 then
    text.columns(lines, { { heading "cells", "none" } }, 2, ctx)
    return
  end
  table.insert(rows, 1, { heading "cells", dim "trained by" })
  text.columns(lines, rows, 2, ctx)
end

-- ------------------------------------------------------------- the wiring

local FIXED <const> = { "Serial", "Biclique", "RecurrentSerial" }

-- The function that wires the layer, if a script has written it.
local function wiring_of(layer)
  local own = tools.fields(layer).wiring
  if own ~= nil then return own end
  for _, class in ipairs(tools.class_line(layer)) do
    local fn = rawget(class, "wiring")
    if fn then return fn end
  end
end

local function kind_of(layer)
  for _, name in ipairs(FIXED) do
    if text.is(layer, name) then return name end
  end
end

local function wiring_text(layer)
  local fn, kind = wiring_of(layer), kind_of(layer)
  if type(fn) == "function" and text.place(fn) then return text.place(fn) end
  if kind then return "that of " .. kind end
  if tools.layer_feeds(layer) then return "the sum of what leads to each group" end
  return "none yet: function layer:wiring(inputs) ... end"
end

-- ------------------------------------------------------------- the last step

-- neuron -> list of connections into it, by the fixed shape of the layer's class.
local FIXED_EDGES <const> = {
  Serial = function(links)
    return { [links.serial.neuron] = { links.serial.connection } }
  end,
  RecurrentSerial = function(links)
    local names = links.recurrent
    return {
      [names.neuron.feedfwd] = { names.connection.feedfwd, names.connection.feedback },
      [names.neuron.feedback] = { names.connection.lateral },
    }, {
      [names.connection.lateral] = names.neuron.feedfwd,
      [names.connection.feedback] = names.neuron.feedback,
    }
  end,
  Biclique = function(_, layer)
    local edges = {}
    for _, n in ipairs(tools.layer_names(layer, "neuron", "show")) do
      edges[n] = tools.layer_names(layer, "connection", "show")
    end
    return edges
  end,
}

local function edges_of_cells(layer)
  local edges = {}
  for _, cell in ipairs(tools.layer_cells(layer, "show")) do
    local from, to = tools.cell_names(cell)
    if from then
      edges[to] = edges[to] or {}
      table.insert(edges[to], from)
    end
  end
  return edges
end

-- connection -> the neurons from which the layer feeds it, with the range of these.
local function fed_by(layer)
  local reads = {}
  for _, of in ipairs(tools.layer_connected(layer, "show")) do
    reads[of[1]] = of[4] and ("%s %d to %d"):format(of[2], of[4], of[5]) or of[2]
  end
  return reads
end

-- What the wiring of the library sums.
local function edges_of_sums(layer)
  local edges, connections = {}, tools.layer_names(layer, "connection", "show")
  for _, n in ipairs(tools.layer_names(layer, "neuron", "show")) do
    edges[n] = {}
    for _, c in ipairs(connections) do
      if tools.layer_leads(layer, c, n) then table.insert(edges[n], c) end
    end
  end
  return edges
end

-- neuron -> connections into it; connection -> the neurons that it reads, where known;
-- whether that is the whole of it.
local function edges_of(layer)
  local kind = kind_of(layer)
  local is_own = text.place(wiring_of(layer) or print) ~= nil
  if kind and not is_own then
    local into, reads = FIXED_EDGES[kind](tools.links(layer), layer)
    return into, reads or {}, true
  end
  local followed, reads = tools.links(layer).followed, fed_by(layer)
  if tools.layer_feeds(layer) and not is_own then return edges_of_sums(layer), reads, true end
  if followed then return followed, reads, true end
  return edges_of_cells(layer), reads, false
end

-- What joins k connections to their neuron, for the i-th.
local function joint(i, k, ctx)
  if ctx.utf8 then
    if k == 1 then return "───►" end
    return i == 1 and "─┬─►" or i < k and "─┤" or "─┘"
  end
  if k == 1 then return "--->" end
  return i == 1 and "-+->" or "-+"
end

-- Rows of a neuron and the connections into it.
local function add_group(rows, neuron, list, reads, ctx)
  for i, name in ipairs(list) do
    rows[#rows + 1] = { { "  " .. (reads[name] or "input"), reads[name] and "name" or "dim" },
      dim(ctx.arrow), name, dim(joint(i, #list, ctx)), i == 1 and { neuron, "name" } or "" }
  end
end

local function of_those(list, ran)
  local out = {}
  for _, name in ipairs(list or {}) do
    if ran[name] then out[#out + 1] = name end
  end
  return out
end

local function flow_rows(layer, ran_c, ran_n, ctx)
  local into, known, is_whole = edges_of(layer)
  local reads = setmetatable({}, { __index = function(_, name)
    return known[name] or type(ran_c[name]) == "string" and ran_c[name] or nil
  end })
  local rows, drawn, open = {}, {}, {}
  for _, neuron in ipairs(tools.layer_names(layer, "neuron", "show")) do
    local list = ran_n[neuron] and of_those(into[neuron], ran_c) or {}
    for _, name in ipairs(list) do drawn[name] = true end
    if #list > 0 then add_group(rows, neuron, list, reads, ctx) end
    if ran_n[neuron] and #list == 0 then
      rows[#rows + 1] = { dim "  ?", dim(ctx.arrow), is_whole and "none" or "?",
        dim(joint(1, 1, ctx)), { neuron, "name" } }
    end
  end
  for _, name in ipairs(tools.layer_names(layer, "connection", "show")) do
    if ran_c[name] and not drawn[name] then open[#open + 1] = name end
  end
  for _, name in ipairs(open) do
    rows[#rows + 1] = { dim("  " .. (reads[name] or "input")), dim(ctx.arrow), name,
      dim(joint(1, 1, ctx)), dim(is_whole and "(not used)" or "?") }
  end
  return rows, not is_whole and #rows > 0
end

local function add_flow(lines, layer, ran_c, ran_n, steps, ctx)
  if steps == 0 then
    text.columns(lines, { { heading "last step", "none yet" } }, 2, ctx)
    return
  end
  local rows, by_cells = flow_rows(layer, ran_c, ran_n, ctx)
  if #rows == 0 then
    text.columns(lines, { { heading "last step", "nothing of what is here now" } }, 2, ctx)
    return
  end
  text.columns(lines, { { heading "last step",
    dim(by_cells and "what ran, joined by cells" or "what fed what") } }, 2, ctx)
  text.columns(lines, rows, 2, ctx)
end

-- ------------------------------------------------------------- all of it

local function title(layer, steps)
  local dt, batch = read(layer, "dt"), read(layer, "batchsz")
  local words = { text.count(steps, "step") }
  if dt then words[1] = words[1] .. " of " .. text.exact(dt) .. " ms" end
  if batch then words[#words + 1] = "batch size " .. text.exact(batch) end
  return table.concat(words, ", ")
end

---Appends the lines of a layer.
function layers.add(lines, layer, ctx)
  local ran_c, ran_n, steps = tools.layer_ran(layer)
  text.line(lines, objects.title(layer, ctx, title(layer, steps)), "head", ctx)
  add_neurons(lines, layer, ran_n, ctx)
  add_connections(lines, layer, ctx)
  add_cells(lines, layer, ctx)
  text.columns(lines, { { heading "wiring", wiring_text(layer) } }, 2, ctx)
  add_flow(lines, layer, ran_c, ran_n, steps, ctx)
end

return function(shared, other)
  objects, family, read = shared, other, shared.read
  return layers
end
