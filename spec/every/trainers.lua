-- Helpers of the specs of all trainers: each is made from its own arguments and
-- trains one cell, whose spikes are the same in each run.
local snn = require "snn"
local models = require "spec.every.models"
local cells = require "spec.train.cells"

local trainers = {}

trainers.BATCH, trainers.STEPS = 3, 8
local SIGNAL = { 1, -2, 0.5 }

---Whether a trainer is called with a signal.
function trainers.is_modulated(name) return snn[name].equations:find "signal" ~= nil end

---The parameter that it trains.
local function trained_by(name)
  return snn[name].equations:find "dw =" and "weight" or "delay"
end

trainers.trained_by = trained_by

---Whether its cell's connection must have delays.
function trainers.needs_delays(name)
  return trained_by(name) == "delay" or snn[name].equations:find "delay" ~= nil
end

---The time constant of a trainer's trace or eligibility, nil of other monitors.
---@param name string of the trainer's class
---@param values table argument -> value
---@param monitor string
function trainers.time_constant(name, values, monitor)
  local found
  local of = monitor:find "^elig_" and "tc_eligibility" or monitor:gsub("^trace_", "tc_")
  for _, argument in ipairs(snn[name].arguments) do
    local fits = argument.name == of or argument.name == "tc" and monitor:find "^trace_"
    if fits then found = values[argument.name] end
  end
  return found
end

-- What a trainer needs, and what only its cells need: values of no fixed type.
local function arguments(class, changes)
  local args = models.arguments(class)
  for _, argument in ipairs(class.arguments) do
    if argument.type == "any" and not argument.choices then
      args[argument.name] = models.example(argument)
    end
  end
  for name, value in pairs(changes or {}) do args[name] = value end
  return args
end

---How to make a class: { arguments = function, object = function }.
function trainers.maker(class)
  local make = {}
  function make.arguments(changes) return arguments(class, changes) end
  function make.object(changes) return class(arguments(class, changes)) end
  return make
end

---A Serial with delays of whole milliseconds, up to 4 unless changed.
---@param class? string of the connection, LinearDense by default
---@param changes? table of its arguments
function trainers.layer(class, changes)
  class = class or "LinearDense"
  local args = models.arguments(snn[class], { batch_size = trainers.BATCH, delay = 4 })
  for k, v in pairs(changes or {}) do args[k] = v end
  if args.delay == snn.none then args.delay = nil end
  local layer = cells.serial(class, args)
  local connection = layer.connection
  if args.delay then
    snn.manual_seed(3)
    connection.delay = snn.rand(connection.delay.shape):mul(connection.delayedby):round()
      :to(connection.dtype)
  end
  return layer
end

-- Spikes of the whole batch for each step, of the two sides.
local function spikes_of(layer)
  snn.manual_seed(5)
  local connection, list = layer.connection, {}
  local function draw(shape) return snn.rand(trainers.BATCH, table.unpack(shape)):lt(0.3) end
  for i = 1, trainers.STEPS do
    list[i] = { draw(connection.inshape), draw(connection.outshape) }
  end
  return list
end

---Trains a layer for some steps, with the whole batch or with one sample of it.
---@param name string of the trainer's class
---@param trainer snn.CellTrainer
---@param layer snn.Serial
---@param options? { from: integer, to: integer, sample: integer }
---@return snn.Tensor[] terms what the updater would add to the parameter, by step
function trainers.run(name, trainer, layer, options)
  options = options or {}
  local list, out, param = spikes_of(layer), {}, trained_by(name)
  for i = options.from or 1, options.to or trainers.STEPS do
    local pre, post, signal = list[i][1], list[i][2], SIGNAL
    if options.sample then
      pre, post = pre:narrow(1, options.sample, 1), post:narrow(1, options.sample, 1)
      signal = { SIGNAL[options.sample] }
    end
    cells.step(layer, pre, post)
    if trainers.is_modulated(name) then trainer(snn.tensor(signal)) else trainer() end
    local accumulator, zero = layer.updater[param], layer.connection[param] * 0
    out[#out + 1] = (accumulator.pos or zero) - (accumulator.neg or zero)
    accumulator:clear()
  end
  return out
end

---A trainer, and the cell's layer.
function trainers.pair(name, changes, class, connection_changes)
  local layer = trainers.layer(class, connection_changes)
  local trainer = trainers.maker(snn[name]).object(changes)
  trainer:register_cell("cell", layer.cell)
  return trainer, layer
end

---Asserts that all steps are in bits the same, or near.
function trainers.same(a, b, is_near)
  assert(#a == #b)
  for i = 1, #a do
    local is_same
    if is_near then is_same = a[i]:to("float64"):allclose(b[i]:to("float64"), 1e-4, 1e-5)
    else is_same = a[i]:equal(b[i]) end
    if not is_same then error(("step %d: %s, %s"):format(i, a[i], b[i]), 2) end
  end
end

return trainers
