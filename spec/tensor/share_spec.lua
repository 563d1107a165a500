-- Copy-on-write: what a module hands out is shared, and nobody sees it change.
local snn = require "snn"
local support = require "spec.support"
local fails = support.fails

local function neuron()
  return snn.LIF {
    shape = 3, step_time = 1, rest_v = -65, reset_v = -60, thresh_v = -50, refrac_t = 2,
    time_constant = 20,
  }
end

describe("a tensor read from a field", function()
  local n, voltage

  before_each(function()
    n = neuron()
    voltage = n.voltage
  end)

  it("keeps its values when the module goes on", function()
    n:forward(snn.full({ 1, 3 }, 5))
    assert.same({ { -65, -65, -65 } }, voltage:totable())
    assert.is_false(n.voltage:equal(voltage))
  end)

  it("cannot be changed in place, nor can a view of it", function()
    local advice = "was read from a module's field and cannot be changed in place; assign a new one"
    for _, t in ipairs {
      voltage, voltage:transpose(1, 2), voltage[1], voltage:reshape(-1), voltage:narrow(2, 1, 2),
      voltage:squeeze(), voltage:contiguous(),
    } do
      fails("RuntimeError", advice, t.fill_, t, 0)
      fails("RuntimeError", advice, t.add_, t, 1)
      fails("RuntimeError", advice, t.copy_, t, t)
      fails("RuntimeError", advice, t.zero_, t)
      fails("RuntimeError", advice, t.clamp_, t, 0, 1)
      fails("RuntimeError", advice, t.uniform_, t)
      fails("RuntimeError", advice, function() t[1] = 0 end)
    end
    assert.same({ { -65, -65, -65 } }, n.voltage:totable())
  end)

  it("gives results and clones that may be changed", function()
    assert.same({ { 0, 0, 0 } }, voltage:clone():fill_(0):totable())
    assert.same({ { 0, 0, 0 } }, voltage:add(1):fill_(0):totable())
    assert.same({ { 0, 0, 0 } }, voltage:to("float64"):fill_(0):totable())
    assert.same({ { -65, -65, -65 } }, n.voltage:totable())
  end)
end)

describe("a tensor that was assigned to a field", function()
  it("may be changed afterwards without the module", function()
    local n, v = neuron(), snn.full({ 1, 3 }, -62)
    n.voltage = v
    v:fill_(-55)
    assert.same({ { -62, -62, -62 } }, n.voltage:totable())
  end)
end)

describe("a tensor that forward returned", function()
  it("keeps its values in later steps", function()
    local n = neuron()
    local first = n:forward(snn.full({ 1, 3 }, 1000))
    n:forward(snn.zeros(1, 3))
    assert.same({ { true, true, true } }, first:totable())
  end)

  it("may be changed without the module", function()
    local n = neuron()
    local spikes = n:forward(snn.full({ 1, 3 }, 1000))
    spikes:fill_(false)
    assert.same({ { false, false, false } }, spikes:totable())
    assert.same({ { true, true, true } }, n.spike:totable())
  end)
end)
