local snn = require "snn"

local ARGS = {
  shape = { 3 }, step_time = 0.5, rest_v = -60, reset_v = -65, thresh_v = -50, refrac_t = 2,
  time_constant = 20, resistance = 2,
}

describe("GLIF1", function()
  it("is LIF by another name", function()
    local one, other = snn.GLIF1(ARGS), snn.LIF(ARGS)
    for step = 1, 50 do
      local input = snn.linspace(0, 20 + step % 7, 3):view(1, 3)
      assert.same(other(input):totable(), one(input):totable())
    end
    assert.same(other.voltage:totable(), one.voltage:totable())
    assert.same(other.refrac:totable(), one.refrac:totable())
  end)

  it("is named in its text", function()
    assert.truthy(tostring(snn.GLIF1(ARGS)):find("^GLIF1\n  shape +{3}"))
  end)

  it("is no class below LIF", function()
    assert.equal(snn.Neuron, getmetatable(snn.GLIF1).parent)
  end)
end)
