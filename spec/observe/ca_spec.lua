local snn = require "snn"
local near = require "spec.near"

describe("CAReducer", function()
  it("is the mean of all observations", function()
    local mean = snn.CAReducer { step_time = 1 }
    for _, x in ipairs { 3, 5, 10 } do mean(snn.tensor { x }) end
    near({ 6 }, mean:peek())
  end)

  it("counts spikes as ones", function()
    local mean = snn.CAReducer { step_time = 1 }
    mean(snn.tensor { true, false })
    mean(snn.tensor { false, false })
    near({ 0.5, 0 }, mean:peek())
  end)

  it("begins anew after a clear", function()
    local mean = snn.CAReducer { step_time = 1 }
    mean(snn.tensor { 3 })
    mean:clear { keepshape = true }
    mean(snn.tensor { 5 })
    near({ 5 }, mean:peek())
  end)

  it("goes on from a loaded state", function()
    local mean, other = snn.CAReducer { step_time = 1 }, snn.CAReducer { step_time = 1 }
    for _, x in ipairs { 3, 5 } do mean(snn.tensor { x }) end
    other(snn.tensor { 0 })
    other:load_state_dict(mean:state_dict())
    other(snn.tensor { 10 })
    near({ 6 }, other:peek())
  end)
end)
