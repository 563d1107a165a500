-- SpikeRecorder: (step, neuron) pairs of a group of neurons, recorded in C
-- (src/bind/models/spike_recorder.c). Here is what scripts ask of it.
local snn, _, tools = ...

local fail = tools.fail

--- Records which neurons of a group spike in which step, in memory that grows with the
--- spikes alone: `snn.SpikeRecorder(neurons)`, or `snn.SpikeRecorder(layer, "exc")`, behind
--- which a table may have `file`, the path of an NPY file. The steps are those of the group, in
--- a layer or not; a step that fails is not recorded. Step 1 is the first one that it sees, and
--- a spike's time is the end of its step: step x step time, from when the recorder was made or
--- cleared. snn.plot.raster draws it, snn.save keeps it.
--- ```lua
--- local neurons = snn.ExactNeuron { shape = 3, step_time = 0.5, rest_v = -60, thresh_v = -50 }
--- local recorder = snn.SpikeRecorder(neurons)
--- neurons(snn.tensor { { 0, 20, 0 } })
--- neurons(snn.tensor { { 20, 20, 0 } })
--- print(recorder:times())
--- ```
---@class snn.SpikeRecorder: snn.Module
local SpikeRecorder = snn.SpikeRecorder

-- ------------------------------------------------------------- construction

local construct = SpikeRecorder.init

-- The neurons that are meant: of the library, of a script's class or what stands for them.
local function group_of(group, name)
  if tools.is_instance(group, snn.Layer) then
    if type(name) ~= "string" then
      tools.wrong_argument("SpikeRecorder", "name", "the name of neurons of the layer", name)
    end
    group = tools.registry.find_neuron(group, "SpikeRecorder", name)
  elseif name ~= nil then
    tools.wrong_argument("SpikeRecorder", "options", "a table of options", name)
  end
  if tools.is_module(group) and not tools.is_instance(group, snn.Neuron) then
    group = tools.links(group).stand_in_neuron or group
  end
  if not tools.is_instance(group, snn.Neuron) then
    tools.wrong_argument("SpikeRecorder", "group", "a group of neurons, or a layer and the name "
      .. "of one", group)
  end
  return group
end

--- `snn.SpikeRecorder(neurons [, options])`, `snn.SpikeRecorder(layer, name [, options])`.
--- With `file` spikes go to an NPY file of int64 rows (step, neuron), of a batch (step, neuron,
--- sample), all from 1, in blocks of some thousand, which snn.load_npy and NumPy read: also where
--- the program was killed, up to the last block or `flush`. With `keep = false` such spikes are
--- nowhere else.
--- ```lua
--- local neurons = snn.ExactNeuron { shape = 3, step_time = 1, rest_v = -60, thresh_v = -50 }
--- local path = os.tmpname()
--- local recorder = snn.SpikeRecorder(neurons, { file = path })
--- neurons(snn.tensor { { 0, 20, 0 } })
--- recorder:close()
--- print(snn.load_npy(path))
--- os.remove(path)
--- ```
---@param group snn.Neuron|snn.Layer
---@param name? string|table the name of neurons of the layer, or the options
---@param options? { file: string, keep: boolean }
function SpikeRecorder.init(self, group, name, options)
  if options == nil and type(name) == "table" then name, options = nil, name end
  group = group_of(group, name)
  options = tools.options("SpikeRecorder", options, { "file", "keep" })
  local file, keep = options.file, options.keep
  if file ~= nil and type(file) ~= "string" then
    tools.wrong_argument("SpikeRecorder", "file", "the path of a file", file)
  end
  if file then tools.check_npy_path("SpikeRecorder", file) end
  if keep ~= nil and type(keep) ~= "boolean" then
    tools.wrong_argument("SpikeRecorder", "keep", "true or false", keep)
  end
  if keep == false and not file then
    fail("ValueError", "SpikeRecorder: 'keep' = false is for spikes that go to a 'file'")
  end
  return construct(self, group, file, keep ~= false)
end

-- ------------------------------------------------------------- what was recorded

local function check_sample(where, sample, samples)
  if sample ~= nil and (math.type(sample) ~= "integer" or sample < 1 or sample > samples) then
    fail(math.type(sample) and "ValueError" or "TypeError",
      "%s: 'sample' must be an integer from 1 to %d, got %s", where, samples,
      tools.describe(sample))
  end
end

-- The given bin of a rate, ms; all the time where there is none.
local function bin_of(bin, duration)
  if bin == nil then bin = duration > 0 and duration or 1 end
  if type(bin) ~= "number" then tools.wrong_argument("rate", "bin", "a number", bin) end
  if not (bin > 0 and bin < math.huge) then
    fail("ValueError", "rate: 'bin' must be above 0 and finite, got %g", bin)
  end
  return bin
end

-- For monitor_events.lua, which answers the same questions.
tools.spike_questions = { check_sample = check_sample, bin_of = bin_of }

-- Raises where spikes are in the file alone; the sample, if one is given.
local function check(recorder, where, options, known)
  tools.check_object(recorder, SpikeRecorder, where, "self")
  options = tools.options(where, options, known)
  local _, samples, gone = tools.recorder_sizes(recorder)
  if gone > 0 then
    fail("RuntimeError", "%s: the spikes are in the file '%s' alone (keep = false): "
      .. "snn.load_npy reads it", where, tools.text(recorder.file))
  end
  check_sample(where, options.sample, samples)
  return options
end

--- The times of all spikes in ms, ascending, their neurons, and of which samples they are:
--- three tensors of one length. RuntimeError: with `keep = false` they are in the file alone.
--- ```lua
--- -- as snn.SpikeRecorder:
--- local times, neurons, samples = recorder:times()
--- print(times, neurons, samples)
--- ```
---@param options? { sample: integer } those of that sample alone
---@return snn.Tensor times float64, ms
---@return snn.Tensor neurons int64, counted from 1
---@return snn.Tensor samples int64
function SpikeRecorder:times(options)
  options = check(self, "times", options, { "sample" })
  local times, neurons, samples = tools.recorder_spikes(self, options.sample)
  return times, neurons, samples
end

--- The steps of all spikes, counted from 1, their neurons, and of which samples they are, as
--- `times` has them.
--- ```lua
--- -- as snn.SpikeRecorder:
--- print(recorder:pairs())
--- ```
---@param options? { sample: integer } those of that sample alone
---@return snn.Tensor steps int64
---@return snn.Tensor neurons int64, counted from 1
---@return snn.Tensor samples int64
function SpikeRecorder:pairs(options)
  options = check(self, "pairs", options, { "sample" })
  local _, neurons, samples, steps = tools.recorder_spikes(self, options.sample)
  return steps, neurons, samples
end

--- For each neuron a tensor of the times of its spikes, ms.
--- ```lua
--- -- as snn.SpikeRecorder:
--- for neuron, train in ipairs(recorder:trains()) do print(neuron, train) end
--- ```
---@param options? { sample: integer } absent: the first
---@return snn.Tensor[] trains
function SpikeRecorder:trains(options)
  options = check(self, "trains", options, { "sample" })
  return tools.recorder_trains(self, options.sample or 1)
end

--- How often a neuron spikes in each of the bins of time, the mean over all of them in Hz, and
--- where the bins begin. The last one may be shorter.
--- ```lua
--- -- as snn.SpikeRecorder:
--- print(recorder:rate { bin = 0.5 })
--- ```
---@param options? { bin: number, sample: integer } bin: ms, absent: all the time is one;
---  sample: absent: the mean over all
---@return snn.Tensor rate float64, Hz
---@return snn.Tensor begin float64, ms
function SpikeRecorder:rate(options)
  options = check(self, "rate", options, { "bin", "sample" })
  return tools.recorder_rate(self, options.sample, bin_of(options.bin, self.duration))
end

-- ------------------------------------------------------------- life

--- Records the steps of its group again. RuntimeError: its file was closed.
--- ```lua
--- -- as snn.SpikeRecorder:
--- recorder:detach()
--- recorder:attach()
--- print(recorder.attached)
--- ```
function SpikeRecorder:attach() return tools.recorder_attach(self) end

--- Records no more until `attach`; the steps in between are not counted. What was recorded
--- stays.
--- ```lua
--- -- as snn.SpikeRecorder:
--- recorder:detach()
--- neurons(snn.tensor { { 20, 20, 20 } })
--- print(recorder.count)
--- ```
function SpikeRecorder:detach() return tools.recorder_detach(self) end

--- Writes what waits to the file, and waits until it is on the disk. Nothing without one.
--- ```lua
--- -- as snn.SpikeRecorder:
--- recorder:flush()
--- print(recorder.file)
--- ```
function SpikeRecorder:flush() return tools.recorder_flush(self) end

--- Ends the recording, and the file with all that was recorded.
--- ```lua
--- -- as snn.SpikeRecorder:
--- recorder:close()
--- print(recorder.attached)
--- ```
function SpikeRecorder:close() return tools.recorder_close(self) end

--- Forgets all spikes, and counts steps and time from here on. What is in a file stays there,
--- and other rows follow, whose steps begin with 1 again; one that could not be written is tried
--- again.
--- ```lua
--- -- as snn.SpikeRecorder:
--- recorder:clear()
--- print(recorder.count, recorder.steps)
--- ```
function SpikeRecorder:clear() return tools.recorder_clear(self) end

-- ------------------------------------------------------------- saved

local function is_integer(v) return math.type(v) == "integer" end

local function check_saved(recorder, values)
  local size = tools.recorder_sizes(recorder)
  if values.size ~= size then
    return ("it records %d neurons, the saved one %s"):format(size, tools.text(values.size))
  end
  if not values.file_rows then return nil end
  if not recorder.file then return "it has no 'file', the saved one had written rows" end
  local ok, err = pcall(tools.recorder_reopen, recorder, values.file_rows, values.file_columns,
    values.file_sum, true)
  if ok then return nil end
  if type(err) ~= "table" or err.kind ~= "ValueError" and err.kind ~= "IOError" then
    error(err, 0)
  end
  return (err.message:gsub("^SpikeRecorder: ", ""))
end

tools.saves(SpikeRecorder, {
  save = function(recorder)
    local rows, columns, sum = tools.recorder_tell(recorder)
    local size, samples, gone = tools.recorder_sizes(recorder)
    local index, runs, spans = tools.recorder_state(recorder)
    return { size = size, samples = samples, gone = gone, steps = recorder.steps, index = index,
      runs = runs, spans = spans, file_rows = rows, file_columns = columns, file_sum = sum }
  end,
  check = check_saved,
  load = function(recorder, values)
    for _, name in ipairs { "steps", "samples", "gone" } do
      if not is_integer(values[name]) then
        fail("ValueError", "SpikeRecorder: the saved '%s' must be a whole number, got %s", name,
          tools.describe(values[name]))
      end
    end
    local count = tools.is_tensor(values.index) and values.index.numel or 0
    local written = values.file_rows and values.gone + count or values.gone
    tools.set_recorder_state(recorder, values.steps, values.samples, values.gone, values.index,
      values.runs, values.spans, written)
    if values.file_rows then
      tools.recorder_reopen(recorder, values.file_rows, values.file_columns, values.file_sum)
    end
  end,
})
