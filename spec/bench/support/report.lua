-- The tables of README.md from the lines of benchmarks: `make bench-report`, or,
-- of lines that are there, `snnlua spec/bench/support/report.lua README.md
-- build/bench/*.jsonl`. What stands between the two marks is replaced; where there
-- are lines of `step` alone, the table of steps.
local json = require "dkjson"

local report = {}

local BEGIN <const>, END <const> = "<!-- make bench-report: begin -->",
  "<!-- make bench-report: end -->"

-- ---- words ----

---A time with its unit, to two or three digits.
---@param seconds number
---@return string
function report.time(seconds)
  local unit, scale = "ns", 1e9
  if seconds >= 1e-3 then
    unit, scale = "ms", 1e3
  elseif seconds >= 1e-6 then
    unit, scale = "µs", 1e6
  end
  local x = seconds * scale
  return (x >= 100 and "%.0f %s" or x >= 10 and "%.1f %s" or "%.2f %s"):format(x, unit)
end

local function times(lines)
  local words = {}
  for i, line in ipairs(lines) do words[i] = report.time(line.median) end
  return table.concat(words, " / ")
end

local function percent(line, of) return ("%.0f %% of %s"):format(100 * line.limit.share, of) end

local function speed(line) return ("%.0f GB/s"):format(line.bytes / line.median / 1e9) end

local function powers(of) return ("10^3 / 10^5 / 10^7 %s"):format(of) end

-- ---- rows: what, of which size, median time, beside what ----

local function quickstart(find, add)
  for _, batch in ipairs { 1, 20 } do
    for _, side in ipairs { 10, 20 } do
      local sizes = { side = side, batch = batch }
      local line = find("quickstart", "^training", sizes)
      local other = find("quickstart", "^evaluation", sizes)
      add("the quickstart's training / evaluation, a picture",
        ("%d neurons, batch %d"):format(side * side, batch), times { line, other },
        ("%.1f times a C program of the same steps, %.1f times one that rearranges them"):format(
          line.ratio_plain, line.ratio_rearranged))
    end
  end
  local line = find("quickstart", "^two threads", { side = 20, batch = 20 }, { threads = 2 })
  add("the training on two threads", "400 neurons, batch 20", times { line },
    ("%.2f times as fast; two programs at once do %.2f times the work of one"):format(line.gain,
      line.most))
end

local function neurons(find, add)
  for _, name in ipairs { "LIF", "GLIF1", "ALIF", "GLIF2", "QIF", "Izhikevich", "EIF", "AdEx",
    "ExactNeuron" } do
    local lines = {}
    for i, count in ipairs { 1000, 100000, 10000000 } do
      lines[i] = find("neuron", "^" .. name .. "$", { neurons = count })
    end
    local of = lines[3].limit.of == "exp" and "the speed of exp" or "the triad's speed"
    add(("a step of `%s`"):format(name), powers "neurons", times(lines), percent(lines[3], of))
  end
end

local function connections(find, add)
  for _, batch in ipairs { 1, 20 } do
    local lines, sizes = {}, { inputs = 784, outputs = 100, batch = batch }
    for i, share in ipairs { 0.01, 0.1, 1 } do
      sizes.share = share
      lines[i] = find("linear_dense", "", sizes)
    end
    add("`LinearDense`, 1 % / 10 % / all of the inputs spike",
      ("784 to 100, batch %d"):format(batch), times(lines))
  end
  local lines = {}
  for i, share in ipairs { 0.01, 0.1, 1 } do
    lines[i] = find("conv2d", "", { channels = 8, batch = 1, share = share })
  end
  add("`Conv2D`, the same", "8 x 24 x 24, 32 filters of 3 x 3", times(lines))
  for i, delay in ipairs { 0, 5, 20 } do
    lines[i] = find("delay", "^LinearDense", { batch = 1, delay = delay })
  end
  add("`LinearDense`, delays of 0 / to 5 / to 20 steps, 3 % spike", "784 to 100, batch 1",
    times(lines))
  local one = { batch = 1 }
  lines = { find("encoder", "step by step", one), find("encoder", "whole", one) }
  add("`HomogeneousPoissonEncoder`, a step of `steps_of` / of a whole train",
    "784 inputs, batch 1", times(lines))
end

local function learning(find, add)
  for _, rule in ipairs { "STDP", "TripletSTDP", "MSTDPET" } do
    local lines = {}
    for i, batch in ipairs { 1, 20 } do
      local sizes = { outputs = 100, batch = batch }
      local without = find("plasticity", "^no learning$", sizes)
      lines[i] = { median = find("plasticity", "^" .. rule .. "$", sizes).median - without.median }
    end
    add(("`%s`, what it adds to a step; 3 %% and 1 %% spike"):format(rule),
      "784 to 100, batch 1 / 20", times(lines))
  end
  for _, with in ipairs { "", ", STDP" } do
    local costs, sizes = {}, {}
    for power = 3, 6 do
      local inputs = math.tointeger(10 ^ power)
      local spikes = find("event", "^spikes" .. with .. "$", { inputs = inputs })
      local silence = find("event", "^silence" .. with .. "$", { inputs = inputs })
      local cost = (spikes.median - silence.median) / spikes.events
      costs[#costs + 1], sizes[#sizes + 1] = ("%.2f"):format(cost * 1e9), "10^" .. power
    end
    add("a spike at a synapse" .. (with == "" and "" or ", with `STDP`"),
      table.concat(sizes, " / ") .. " inputs to 100", table.concat(costs, " / ") .. " ns")
  end
  local still, learns = find("memory", "^no learning$"), find("memory", "^STDP$")
  add("memory of a dense synapse, still / with `STDP`", "2 10^4 to 2 10^3",
    ("%.1f / %.1f bytes"):format(still.median, learns.median))
  local costs = {}
  for i, name in ipairs { "no learning", "delays of whole steps", "STDP" } do
    costs[i] = ("%.1f"):format(find("sparse_memory", "^" .. name .. "$").median)
  end
  add("memory of a sparse synapse, still / with delays of whole steps / with `STDP`",
    "10^7 among 10^5 neurons", table.concat(costs, " / ") .. " bytes")
end

local function wirings(find, add)
  local lines = {}
  for i, additions in ipairs { 1, 2, 5, 20 } do
    lines[i] = find("wiring", "^layer", { neurons = 100, additions = additions })
  end
  add("a step of two connections, a wiring of 1 / 2 / 5 / 20 additions and `LIF`", "100 neurons",
    times(lines))
  for i, additions in ipairs { 1, 2, 5, 20 } do
    lines[i] = find("wiring", "^layer", { neurons = 100000, additions = additions })
  end
  add("the same", "10^5 neurons", times(lines))
end

local function tensors(find, add)
  for _, name in ipairs { "a:add_(b)", "a:copy_(b)", "a:sum()", "a + b", "a * b", "a:exp()",
    "a:lt(b)" } do
    local lines = {}
    for i, count in ipairs { 1000, 100000, 10000000 } do
      lines[i] = find("tensor", name, { elements = count }, { plain = true })
    end
    local of = lines[3].limit.of == "exp in the cache" and "the speed of exp" or "the triad's speed"
    add(("`%s`"):format(name), powers "elements", times(lines), percent(lines[3], of))
  end
  for threads, sides in ipairs { { 256, 1024, 2048 }, { 1024, 2048 } } do
    local lines, shares = {}, {}
    for i, side in ipairs(sides) do
      lines[i] = find("matmul", "^matmul$", { side = side }, { threads = threads })
      shares[i] = ("%.0f"):format(100 * lines[i].limit.share)
    end
    add(("`a:matmul(b)` on %s"):format(threads == 1 and "one thread" or "two threads"),
      table.concat(sides, " / ") .. " square", times(lines),
      table.concat(shares, " / ") .. " % of OpenBLAS alone")
  end
end

local function beside_numpy(find, add)
  for _, name in ipairs { "a:topk(10)", "a:median()", "a:sort()", "a:argmax()", "a:max()",
    "few:nonzero()", "half:nonzero()", "a:index_select(1, places)", "a:gather(1, places)",
    "half:to('float32')" } do
    local lines, ratios = {}, {}
    for i, count in ipairs { 10000, 1000000 } do
      local line = find("numpy", name, { elements = count }, { plain = true })
      lines[i] = { median = line.min }
      ratios[i] = line.ratio and ("%.2f"):format(line.ratio)
    end
    add(("`%s`"):format(name), "10^4 / 10^6 elements", times(lines),
      #ratios == 2 and ("%s times NumPy's"):format(table.concat(ratios, " / ")))
  end
end

-- ---- the table of steps: a row for each connection ----

-- Digits alone, in microseconds: a row has eight times.
local function short(seconds)
  local x = seconds * 1e6
  return (x >= 10 and "%.0f" or "%.1f"):format(x)
end

local function step_row(find, kind, synapse, power)
  local count = math.tointeger(10 ^ power)
  local cells = { ("%s, %s"):format(kind, synapse), ("10^%d"):format(power) }
  local function add(share, delay)
    local sizes = { kind = kind, synapse = synapse, neurons = count, share = share,
      delay = delay }
    cells[#cells + 1] = short(find("step", "", sizes).median)
  end
  for _, share in ipairs { 0, 0.001, 0.01, 0.1, 1 } do add(share, 0) end
  for _, delay in ipairs { 1, 20, 200 } do
    if kind == "dense" and count * delay > 1e8 then cells[#cells + 1] = "" else add(0.01, delay) end
  end
  return ("| %s |"):format(table.concat(cells, " | "))
end

local STEPS <const> = [[

What a step of a connection costs, µs: `LinearSparse` from as many neurons to as many, 20
synapses of each, and `LinearDense` from as many to 20, with `DeltaCurrent` and with
`SingleExponentialCurrent`; over the share of neurons that spike, and, where 1 %% do, over the
steps that each synapse's own delay may last.

| Connection, synapse | Neurons | 0 %% | 0.1 %% | 1 %% | 10 %% | 100 %% | 1 step | 20 | 200 |
|---|---|---|---|---|---|---|---|---|---|
%s
]]

local function steps(find)
  local rows = {}
  for _, kind in ipairs { "sparse", "dense" } do
    for _, synapse in ipairs { "delta", "exponential" } do
      for power = 3, 6 do rows[#rows + 1] = step_row(find, kind, synapse, power) end
    end
  end
  return STEPS:format(table.concat(rows, "\n"))
end

-- ---- the text ----

-- A function that finds the line of a case: by a pattern, or a plain text, in
-- its name and by some of its sizes.
local function finder(lines)
  return function(workload, case, sizes, options)
    options = options or {}
    for _, line in ipairs(lines) do
      local fits = line.workload == workload and line.threads == (options.threads or 1) and
        line.case:find(case, 1, options.plain)
      for name, value in pairs(sizes or {}) do fits = fits and line.sizes[name] == value end
      if fits then return line end
    end
    error(("no line of '%s', '%s': run `make bench BENCH=%s`"):format(workload, case, workload), 0)
  end
end

local function dates(lines)
  local days = {}
  for i, line in ipairs(lines) do days[i] = line.date end
  table.sort(days)
  return days[1] == days[#days] and days[1] or days[1] .. " to " .. days[#days]
end

---The table of steps alone, of its lines.
---@param lines table[] decoded
---@return string
function report.steps(lines) return steps(finder(lines)) end

---The tables and what must be known to read it.
---@param lines table[] decoded
---@return string
function report.text(lines)
  local find, rows = finder(lines), {}
  local function add(what, size, time, beside)
    rows[#rows + 1] = ("| %s | %s | %s | %s |"):format(what, size, time, beside or "")
  end
  for _, section in ipairs { quickstart, neurons, connections, learning, wirings, tensors,
    beside_numpy } do
    section(find, add)
  end
  local triad = find("neuron", "^triad in place$", { elements = 10000000 })
  local stream = find("neuron", "^triad$", { elements = 10000000 })
  return ("%s, %s, float32, one thread unless told; medians.\n" ..
    "The triad, a C loop in the same run, moves %s in place (a = a + s b), %s to an array\n" ..
    "of its own (a = b + s c); each array counts once for each read and each write.\n\n" ..
    "| What | Size | Time | Beside |\n|---|---|---|---|\n%s\n"):format(lines[1].processor,
    dates(lines), speed(triad), speed(stream), table.concat(rows, "\n")) .. steps(find)
end

---The page with a new text between the marks.
---@param page string
---@param text string
---@return string
function report.put(page, text)
  local _, from = page:find(BEGIN, 1, true)
  local to = page:find(END, 1, true)
  if not from or not to or to < from then error("no marks for the table", 0) end
  return page:sub(1, from) .. "\n" .. text .. page:sub(to)
end

-- The page with another table of steps, which is the last thing between the marks.
local function put_steps(page, lines)
  local from = page:find(STEPS:match "^[^:]+", 1, true)
  if not from then error("no table of steps", 0) end
  return page:sub(1, from - 1) .. report.steps(lines) .. page:sub(page:find(END, from, true), -1)
end

---The page with what these lines tell.
---@param page string
---@param lines table[] decoded
---@return string
function report.update(page, lines)
  for _, line in ipairs(lines) do
    if line.workload ~= "step" then return report.put(page, report.text(lines)) end
  end
  return put_steps(page, lines)
end

local function read(path)
  local file <close> = assert(io.open(path, "rb"))
  return file:read("a")
end

local function main(page, ...)
  local lines = {}
  for _, path in ipairs { ... } do
    for text in io.lines(path) do lines[#lines + 1] = assert(json.decode(text)) end
  end
  local new = report.update(read(page), lines)
  local file <close> = assert(io.open(page, "wb"))
  file:write(new)
end

if arg and arg[0] and arg[0]:find("report%.lua$") then main(table.unpack(arg)) end
return report
