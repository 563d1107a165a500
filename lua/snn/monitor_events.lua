-- What monitors with `events` are asked of the places that they keep: the questions of
-- SpikeRecorder, about any bool state of which they see the steps.
local snn, _, tools = ...

local fail = tools.fail
local Monitor = snn.Monitor
local state_of = tools.monitors.state_of
local questions = tools.spike_questions

-- Its events and how far apart they are, ms; nil of a monitor that keeps states.
local function events_of(state)
  local events = state.store and state.store.events
  if not events then return nil end
  local step_time = state.reducer.step_time
  -- a reducer of the script has the step time of what it is given
  return events, state.has_default and step_time * (state.every or 1) or step_time
end

-- For snn.plot.raster.
function tools.monitor_events(monitor)
  local state = tools.links(monitor).state
  return events_of(state and state.reducer and state or {})
end

-- The events, nil before a state, their distance, and the options.
local function ask(monitor, where, options, known)
  local state = state_of(monitor, where)
  options = tools.options(where, options, known)
  local events, spacing = events_of(state)
  if not events then
    fail("RuntimeError", "%s: %s keeps states; it is made with events = true to keep what is true",
      where, state.name)
  end
  local steps, _, samples = events:size()
  questions.check_sample(where, options.sample, samples or math.huge)
  return steps and events, spacing, options
end

local function none(dtype) return snn.zeros({ 0 }, { dtype = dtype }) end

--- With `events`: the times in ms of all that was true, ascending, the elements, and of which
--- samples they are, three tensors of one length. The first state is step 1, and a time the end
--- of its step, by the step time of the reducer. RuntimeError without `events`.
--- ```lua
--- local neurons = snn.ExactNeuron { shape = 3, step_time = 0.5, rest_v = -60, thresh_v = -50 }
--- local monitor = snn.StateMonitor { module = neurons, attr = "spike", events = true }
--- neurons(snn.tensor { { 0, 20, 0 } })
--- neurons(snn.tensor { { 20, 20, 0 } })
--- print(monitor:times())
--- ```
---@param options? { sample: integer } those of that sample alone
---@return snn.Tensor times float64, ms
---@return snn.Tensor elements int64, counted from 1
---@return snn.Tensor samples int64
function Monitor:times(options)
  local events, spacing
  events, spacing, options = ask(self, "times", options, { "sample" })
  if not events then return none "float64", none "int64", none "int64" end
  local steps, elements, samples = tools.recorder_spikes(events, options.sample)
  return steps * spacing, elements, samples
end

--- With `events`: for each element a tensor of the times at which it was true, ms; none before
--- a state. RuntimeError without `events`.
--- ```lua
--- local neurons = snn.ExactNeuron { shape = 2, step_time = 0.5, rest_v = -60, thresh_v = -50 }
--- local monitor = snn.StateMonitor { module = neurons, attr = "spike", events = true }
--- for _ = 1, 2 do neurons(snn.tensor { { 0, 20 } }) end
--- for element, train in ipairs(monitor:trains()) do print(element, train) end
--- ```
---@param options? { sample: integer } absent: the first
---@return snn.Tensor[] trains
function Monitor:trains(options)
  local events, spacing
  events, spacing, options = ask(self, "trains", options, { "sample" })
  if not events then return {} end
  local trains = tools.recorder_trains(events, options.sample or 1)
  for i, train in ipairs(trains) do trains[i] = train * spacing end
  return trains
end

--- With `events`: how often an element is true in each of the bins of time, the mean over all
--- of them in Hz, and where the bins begin. The last one may be shorter. RuntimeError without
--- `events`.
--- ```lua
--- local neurons = snn.ExactNeuron { shape = 2, step_time = 0.5, rest_v = -60, thresh_v = -50 }
--- local monitor = snn.StateMonitor { module = neurons, attr = "spike", events = true }
--- for _ = 1, 2 do neurons(snn.tensor { { 0, 20 } }) end
--- print(monitor:rate { bin = 0.5 })
--- ```
---@param options? { bin: number, sample: integer } bin: ms, absent: all the time is one;
---  sample: absent: the mean over all
---@return snn.Tensor rate float64, Hz
---@return snn.Tensor begin float64, ms
function Monitor:rate(options)
  local events, spacing
  events, spacing, options = ask(self, "rate", options, { "bin", "sample" })
  local steps = events and events:size() or 0
  local bin = questions.bin_of(options.bin, steps * spacing)
  if not events then return none "float64", none "float64" end
  local rate, begin = tools.recorder_rate(events, options.sample, bin / spacing)
  return rate / spacing, begin * spacing
end
