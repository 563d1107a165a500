-- Arguments of reducers that change after some observations.
local snn = require "snn"
local fails = require("spec.support").fails
local near = require "spec.near"

local ONE, ZERO = snn.tensor { 1.0, 0 }, snn.tensor { 0.0, 0 }

local function trace(changes)
  local args = { step_time = 1, time_constant = 1 / math.log(2), amplitude = 1, target = 1 }
  for k, v in pairs(changes or {}) do args[k] = v end
  return snn.CumulativeTraceReducer(args)
end

local function play(reducer, ...)
  for _, x in ipairs { ... } do reducer(x) end
  return reducer
end

describe("an argument of a reducer", function()
  it("counts from the next observation on, and the state stays", function()
    local reducer = play(trace(), ONE)
    reducer.amplitude = 4
    near({ 1, 0 }, reducer:peek())
    near({ 4.5, 0 }, play(reducer, ONE):peek())
    reducer.time_constant = 1 / math.log(4)
    near({ 4.5 / 4, 0 }, play(reducer, ZERO):peek())
  end)

  it("may be given as it is", function()
    local reducer = trace()
    for _, argument in ipairs(snn.CumulativeTraceReducer.arguments) do
      if not argument.fixed then reducer[argument.name] = reducer[argument.name] end
    end
    near({ 1, 0 }, play(reducer, ONE):peek())
  end)

  it("may be another target", function()
    local reducer = trace()
    reducer.target = false
    near({ 0, 1 }, play(reducer, ONE):peek())
    reducer.target = snn.tensor { 1.0, 1 }
    near({ 1, 0.5 }, play(reducer, ONE):peek())
    fails("TypeError", "'target' must be true, a number or a tensor", function()
      reducer.target = "1"
    end)
    near({ 1.5, 0.25 }, play(reducer, ONE):peek())
  end)

  it("may be another criterion, or none where that is allowed", function()
    local reducer = snn.ScaledNearestTraceReducer { step_time = 1, time_constant = 5,
      amplitude = 0, scale = 2 }
    reducer.criterion = function(x) return x:eq(0) end
    near({ 0, 0 }, play(reducer, ONE):peek())
    reducer.criterion = snn.none
    near({ 2, 0 }, play(reducer, ONE):peek())
    fails("TypeError", "snn.none", function() reducer.criterion = nil end)
    local event = snn.EventReducer { step_time = 1, criterion = function(x) return x:gt(0) end }
    fails("TypeError", "'criterion' must be a function", function() event.criterion = snn.none end)
  end)

  it("is checked with the others, and nothing changes", function()
    local reducer = play(snn.EMAReducer { step_time = 1, alpha = 0.5 }, ONE)
    fails("ValueError", "'alpha' must be in [0, 1]", function() reducer.alpha = 2 end)
    assert.equal(0.5, reducer.alpha)
    near({ 0.5, 0 }, play(reducer, ZERO):peek())
  end)

  it("that makes the history shorter keeps the newest, and tells it", function()
    local reducer = play(trace { duration = 3 }, ONE, ZERO, ZERO)
    snn.warnings "error"
    fails("RuntimeError", "the older states (2) are cleared", function() reducer.duration = 1 end)
    assert.equal(3, reducer.data.shape[1])
    reducer.duration = 5 -- no loss
    snn.warnings(false)
    reducer.duration = 1
    snn.warnings(true)
    near({ { 0.25, 0 } }, reducer:dump())
  end)

  it("says by which name the step time is set", function()
    local reducer = trace()
    assert.equal(1, reducer.step_time)
    fails("AttributeError", "set 'dt'", function() reducer.step_time = 2 end)
  end)

  it("of time before an event holds for states that nobody has seen", function()
    local reducer = snn.EventReducer { step_time = 1, criterion = function(x) return x:gt(0) end }
    reducer.initial, reducer.duration = "zero", 2
    assert.equal("zero", reducer.initial)
    near({ { 0, 1 }, { 0, 0 } }, play(reducer, ONE, ONE):dump())
  end)
end)

describe("an argument of a classifier", function()
  local classifier

  before_each(function() classifier = snn.MaxRateClassifier { shape = 2, num_classes = 2 } end)

  it("counts from the next update on", function()
    local rates, label = snn.tensor { { 1.0, 0 } }, snn.tensor({ 1 }, { dtype = "int64" })
    classifier(rates, label)
    classifier.decay = math.log(2)
    classifier(rates, label)
    near({ { 1.5, 0 }, { 0, 0 } }, classifier.rates)
  end)

  it("that fixes sizes says what to do", function()
    for _, name in ipairs { "shape", "num_classes" } do
      fails("AttributeError", "'" .. name .. "' cannot be assigned, it fixes sizes; make a new "
        .. "MaxRateClassifier", function() classifier[name] = 3 end)
    end
  end)
end)
