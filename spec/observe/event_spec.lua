local snn = require "snn"
local near = require "spec.near"

local function values(t) return t:flatten():totable() end
describe("EventReducer", function()
  local function make(initial, duration)
    return snn.EventReducer { step_time = 0.5, initial = initial, duration = duration,
      inclusive = true, criterion = function(x) return x:ge(1) end }
  end

  it("counts the time since the last event", function()
    local time = make()
    time(snn.tensor { 1, 0 })
    time(snn.tensor { 0, 0 })
    time(snn.tensor { 0, 1 })
    near({ 1, 0 }, time:peek())
  end)

  it("is infinite before the first event", function()
    local time = make()
    time(snn.tensor { 0 })
    time(snn.tensor { 0 })
    assert.equal(math.huge, time:peek():item())
  end)

  it("counts from the first step with an initial of zero", function()
    local time = make "zero"
    time(snn.tensor { 0 })
    near({ 0 }, time:peek())
    time(snn.tensor { 0 })
    near({ 0.5 }, time:peek())
  end)

  it("is nan before the first event when asked for", function()
    local time = make "nan"
    time(snn.tensor { 0, 1 })
    assert.is_true(time:peek():isnan()[1])
    near({ 0 }, time:peek():narrow(1, 2, 1))
  end)

  it("grows between two steps", function()
    local time = make("inf", 1)
    time(snn.tensor { 1 })
    time(snn.tensor { 0 })
    near({ 0.25 }, time:view(0.25))
  end)

  it("reads as its initial value before the first step", function()
    local time = make("inf", 1)
    time(snn.tensor { 1 })
    assert.same({ 0, math.huge, math.huge }, values(time:dump()))
  end)

  it("refuses another initial value", function()
    local ok, err = pcall(make, "one")
    assert.is_false(ok)
    assert.equal("ValueError", err.kind)
  end)

  it("needs a criterion", function()
    local ok, err = pcall(snn.EventReducer, { step_time = 1 })
    assert.is_false(ok)
    assert.equal("TypeError", err.kind)
  end)

  it("is looked up at times that the samples share as at those of each", function()
    snn.manual_seed(5)
    local time = snn.EventReducer { step_time = 0.5, duration = 2, inclusive = true,
      initial = "nan", criterion = function(x) return x:gt(0) end }
    for _ = 1, 6 do time(snn.rand(3, 4):lt(0.4)) end
    for _, depth in ipairs { 1, 64, 65, 130 } do
      local shared = (snn.rand(1, 4, depth) * 8):round() / 4
      local all = time:view(shared:expand { 3, 4, depth })
      local each = time:view(shared:expand({ 3, 4, depth }):contiguous())
      assert.same({ 3, 4, depth }, all.shape)
      assert.is_true(all:masked_fill(all:isnan(), -1):equal(each:masked_fill(each:isnan(), -1)))
      assert.is_true(all:gt(0):any():item())
    end
    assert.has_error(function() time:view(snn.full({ 1, 4, 1 }, 2.1):expand { 3, 4, 1 }) end)
  end)
end)
