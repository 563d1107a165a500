-- Lists of arguments and states, which are made when a script first looks at them.
local snn = require "snn"

describe("a list of arguments", function()
  local list
  before_each(function() list = snn.EIF.arguments end)

  it("has its entries for each way to look", function()
    assert.equal("shape", list[1].name)
    assert.is_nil(list[#list + 1])
    local count = 0
    for i, argument in pairs(list) do
      count = count + 1
      assert.equal(argument, list[i])
    end
    assert.equal(#list, count)
    for _, argument in ipairs(snn.QIF.state) do assert.is_string(argument.name) end
    assert.equal(#snn.Izhikevich.arguments, select("#", table.unpack(snn.Izhikevich.arguments)))
  end)

  it("is the same list each time, and may be written to", function()
    local state = snn.GLIF1.state
    state.note = "mine"
    assert.equal("mine", snn.GLIF1.state.note)
    assert.equal("voltage", state[1].name)
    assert.equal(state[1], snn.GLIF1.state[1])
  end)
end)
