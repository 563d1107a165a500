-- snn.plot.raster: a mark for each spike, time to the right, neurons upwards. Few neurons
-- have a row each; more a row of dots, and where there are more than dots several share
-- one. Where that fills the picture, shades say how many spikes are in a cell.
local snn, _, tools = ...

local axes, data, figure = tools.plot.axes, tools.plot.data, tools.plot.figure

local WHERE <const> = "plot.raster"
local DENSE <const> = 0.4 -- share of dots set from which shades say more
local TICK <const> = 3 -- dots of the four of a row that a spike takes: rows stay apart
local EACH <const> = 7 -- so many rows are all labelled
local SHADES <const> = { [true] = { "░", "▒", "▓", "█" }, [false] = { ".", ":", "+", "#" } }

---Place i of `size` among `count` dots: its own part's middle, or the part it is in.
local function spread(i, size, count)
  return math.min(math.floor((i - 0.5) / size * count) + 1, count)
end

---Counts in as many parts as there are dots, where a dimension has more places.
local function grouped(spikes, dim, dots)
  return spikes.shape[dim] > dots and data.sums(spikes, dim, dots) or spikes
end

---Spikes in the part of each dot, or of each neuron where these have rows. What has more
---places for a dot is added up first, which leaves less for the other.
local function counts_of(drawn, spikes)
  local dots = { drawn.across, drawn.down }
  if spikes.shape[2] <= drawn.rows then return grouped(spikes, 1, dots[1]) end
  local first = spikes.shape[2] / dots[2] > spikes.shape[1] / dots[1] and 2 or 1
  return grouped(grouped(spikes, first, dots[first]), 3 - first, dots[3 - first])
end

---A row of the canvas for each neuron.
local function draw_rows(drawn, counts)
  local steps, neurons = counts.shape[1], counts.shape[2]
  local glyph = not drawn.screen.utf8 and "|" or nil
  for _, at in ipairs(counts:nonzero():totable()) do
    local x, top = spread(at[1], steps, drawn.across), (neurons - at[2]) * (drawn.down // neurons)
    if glyph then drawn:dot(x, top + 1, nil, glyph) end
    for y = 1, glyph and 0 or TICK do drawn:dot(x, top + y) end
  end
end

---Dots' counts, added up to those of cells.
local function draw_shades(drawn, counts)
  counts = grouped(grouped(counts, 1, drawn.columns), 2, drawn.rows):to("float64")
  local most, shades = counts:amax():item(), SHADES[drawn.screen.utf8]
  for i, column in ipairs(counts:totable()) do
    for j, count in ipairs(column) do
      local shade = shades[math.ceil(count / most * #shades)]
      local x, y = spread(i, #counts, drawn.columns), spread(j, #column, drawn.rows)
      if shade then drawn:put(x, drawn.rows - y + 1, shade) end
    end
  end
  return { text = ("%s: to %d spikes a cell"):format(table.concat(shades), most) }
end

---A dot for each spike, or shades: then a note of them.
local function draw_dots(drawn, counts, steps, neurons)
  local places = counts:nonzero()
  local is_shared = steps > drawn.across or neurons > drawn.down
  if is_shared and places.shape[1] > DENSE * counts.numel
    and steps >= drawn.columns and neurons >= drawn.rows then
    return draw_shades(drawn, counts)
  end
  local rows, columns = counts.shape[2], counts.shape[1]
  for _, at in ipairs(places:totable()) do
    drawn:dot(spread(at[1], columns, drawn.across),
      drawn.down - spread(at[2], rows, drawn.down) + 1)
  end
  return nil
end

local function count_of(n, what) return ("%d %s%s"):format(n, what, n == 1 and "" or "s") end

local function notes_of(drawn, number, steps, neurons, shades)
  local texts = { count_of(number, "spike"), count_of(neurons, "neuron") }
  local high = neurons > drawn.rows and math.ceil(neurons / drawn.down) or 1
  local wide = math.ceil(steps / drawn.across)
  if shades then
    texts[3] = shades.text
  elseif high > 1 or wide > 1 then
    texts[3] = ("a dot: %s x %s"):format(count_of(high, "neuron"), count_of(wide, "step"))
  end
  for i, text in ipairs(texts) do texts[i] = { text = text } end
  return texts
end

---@param what { steps: integer, neurons: integer, duration: number, number: integer,
---  counts: fun(drawn): snn.Tensor } spikes in the parts of steps and neurons that are drawn
local function plan_of(what)
  local steps, neurons = what.steps, what.neurons
  local duration, number = what.duration, what.number
  return {
    xlabel = "time (ms)", ylabel = "neuron", fields = { spikes = number }, kept = 1,
    down = function(most)
      local rows = math.min(most, neurons)
      local most_ticks = rows <= EACH and rows or rows // 2
      return rows, axes.down(1, neurons, most_ticks, function(neuron)
        return rows - spread(neuron, neurons, rows) + 1
      end, true)
    end,
    across = function(most)
      return most, axes.across(0, duration, most, function(time)
        return math.min(math.floor(time / duration * most + 1e-9) + 1, most)
      end)
    end,
    draw = function(drawn)
      local counts, shades = what.counts(drawn), nil
      if neurons <= drawn.rows then
        draw_rows(drawn, counts)
      else
        shades = draw_dots(drawn, counts, steps, neurons)
      end
      return notes_of(drawn, number, steps, neurons, shades)
    end,
  }
end

local function of_tensor(spikes, step_time)
  local steps = spikes.shape[1]
  return { steps = steps, neurons = spikes.shape[2], duration = steps * step_time,
    number = spikes:sum():item(),
    counts = function(drawn) return counts_of(drawn, spikes) end }
end

---Of spikes that are kept as such.
local function of_log(log, steps, size, duration, sample)
  return { steps = steps, neurons = size, duration = duration,
    number = tools.recorder_spikes(log, sample).numel,
    counts = function(drawn)
      local rows = size <= drawn.rows and size or math.min(size, drawn.down)
      return tools.recorder_counts(log, sample, math.min(steps, drawn.across), rows)
    end }
end

---Of a snn.SpikeRecorder, whose spikes are counted where they will be drawn.
local function of_recorder(recorder, options)
  local size, samples, gone = tools.recorder_sizes(recorder)
  if gone > 0 then
    tools.fail("RuntimeError", "%s: the spikes are in the file '%s' alone (keep = false)", WHERE,
      tools.text(recorder.file))
  end
  if options.step_time then
    tools.fail("ValueError", "%s: 'step_time' is that of the recorder's steps", WHERE)
  end
  local sample = data.whole(WHERE, options, "sample", 1, 1, samples)
  return of_log(recorder, recorder.steps, size, recorder.duration, sample)
end

---Of a monitor with `events`, in the same way.
local function of_monitor(monitor, options)
  local events, spacing = tools.monitor_events(monitor)
  local steps, size, samples = events:size()
  local sample = data.whole(WHERE, options, "sample", 1, 1, samples)
  return of_log(events, steps, size, steps * data.step_time(WHERE, options, spacing), sample)
end

-- Whether it has `events`; whether it has seen a state.
local function has_events(value)
  if not tools.is_instance(value, snn.Monitor) then return false end
  local events = tools.monitor_events(value)
  return events ~= nil, events and events:size() ~= nil
end

return function(spikes, options)
  options = figure.options(WHERE, options, { "step_time", "sample" })
  local is_recorder, is_monitor, is_any = tools.is_instance(spikes, snn.SpikeRecorder),
    has_events(spikes)
  if is_recorder then is_any = spikes.steps > 0 end
  if is_any then
    local plan = plan_of((is_recorder and of_recorder or of_monitor)(spikes, options))
    return figure.new("raster", figure.screen(WHERE, options), options, plan)
  elseif is_recorder or is_monitor then
    spikes = snn.zeros(0)
  end
  if spikes == nil then tools.missing(WHERE, { "spikes", "a tensor (T, N)" }) end
  local given, its_step = data.tensor(WHERE, "spikes", spikes)
  local step_time = data.step_time(WHERE, options, its_step or 1)
  local steps = data.steps(WHERE, "spikes", given, options)
  if steps.dtype ~= "bool" then steps = steps:ne(0) & steps:eq(steps) end
  local screen = figure.screen(WHERE, options)
  if steps.numel == 0 then
    local plan = figure.empty "no data"
    plan.xlabel, plan.ylabel, plan.fields = "time (ms)", "neuron", { spikes = 0 }
    return figure.new("raster", screen, options, plan)
  end
  return figure.new("raster", screen, options, plan_of(of_tensor(steps, step_time)))
end
