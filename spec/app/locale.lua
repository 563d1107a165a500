-- What a program prints and writes that has numbers in it, for locale_spec.lua:
-- the same in every locale. Run with the name of a locale, or with none.
local snn = require "snn"
local models = require "spec.every.models"
local neurons = require "spec.every.neurons"
local synapses = require "spec.every.synapses"
local trainers = require "spec.every.trainers"

-- before the locale, which orders words its own way
local NEURONS, SYNAPSES = neurons.models(), models.below(snn.Synapse)
local TRAINERS = models.below(snn.IndependentCellTrainer)

if arg[1] then
  assert(os.setlocale(arg[1]), "no such locale")
  assert(tostring(0.5) == "0,5", "a locale with a point")
end

local function show(value) print((tostring(value):gsub("0x%x+", "0x"))) end
local function fails(fn, ...)
  local _, err = pcall(fn, ...)
  show(err.message)
end

-- every class: its text, and what it says of each number that is out of range
local function wrong_numbers(make, class)
  show(make.object())
  for _, argument in ipairs(class.arguments) do
    if argument.range and argument.type:find "^number" then
      local wrong = argument.range:find "huge" and -math.huge
        or argument.range == "not 0" and 0.0 or -0.5
      fails(make.object, { [argument.name] = wrong })
    end
  end
end
for _, name in ipairs(NEURONS) do
  wrong_numbers({ object = function(changes) return neurons.make(name, changes) end }, snn[name])
end
for _, name in ipairs(SYNAPSES) do
  wrong_numbers(synapses.maker(snn[name]), snn[name])
end
for _, name in ipairs(TRAINERS) do
  wrong_numbers(trainers.maker(snn[name]), snn[name])
end

-- tensors
show(snn.tensor { 0.5, 1 / 3, -65.25 })
show(snn.tensor({ 1.5e-15, 2.5 }, { dtype = "float64" }))

-- errors of functions in C and in Lua
fails(snn.normal, 0.5, -0.5, 3)
fails(snn.uniform, 1.5, 0.5, 3)
fails(snn.arange, 0.5, 1 / 0)
fails(snn.tensor { 0.5 }.quantile, snn.tensor { 0.5 }, 1.5)
fails(snn.zeros, 1.5)
fails(snn.bernoulli, snn.tensor { 1.5 })
fails(snn.functional.quantile, snn.ones(2), 1, false, { q = 1.5 })
fails(snn.functional.interp_linear, snn.ones(1), snn.ones(1), snn.ones(1), -0.5)
local reducer = snn.PassthroughReducer { step_time = 0.5, duration = 1 }
reducer(snn.ones(1))
fails(reducer.view, reducer, 1.5, -0.5)
fails(reducer.view, reducer, 2.5)

-- numbers that are read
show(load "return 1.5 + 0x.8p0"() == 2)
show(tonumber "1.5" == 1.5)

-- files: their bytes, and what comes back
local path = os.tmpname()
local function show_bytes()
  local file <close> = assert(io.open(path, "rb"))
  print(("%q"):format(file:read "a"))
end
local given = snn.tensor({ { 0.5, 1.5 } }, { dtype = "float64" })
snn.save_npy(path, given)
show_bytes()
show(snn.load_npy(path):equal(given))
snn.save_safetensors(path, { weight = given })
show_bytes()
show(snn.load_safetensors(path).weight:equal(given))
snn.save_png(path, given)
show_bytes()
os.remove(path)
