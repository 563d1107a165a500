local snn = require "snn"
local near = require "spec.near"

describe("EMAReducer", function()
  it("begins with the first observation and mixes the next ones in", function()
    local mean = snn.EMAReducer { step_time = 1, alpha = 0.25 }
    mean(snn.tensor { 4 })
    near({ 4 }, mean:peek())
    mean(snn.tensor { 8 })
    near({ 5 }, mean:peek())
  end)

  it("is linear between two steps", function()
    local mean = snn.EMAReducer { step_time = 2, alpha = 0.5, duration = 2, inclusive = true }
    mean(snn.tensor { 0 })
    mean(snn.tensor { 4 })
    near({ 1.5 }, mean:view(0.5))
  end)

  it("forgets all with an alpha of 1, infinities too", function()
    local mean = snn.EMAReducer { step_time = 1, alpha = 1 }
    mean(snn.tensor { math.huge })
    mean(snn.tensor { 3 })
    near({ 3 }, mean:peek())
  end)

  it("refuses an alpha outside of [0, 1]", function()
    for _, alpha in ipairs { -0.1, 1.5 } do
      local ok, err = pcall(snn.EMAReducer, { step_time = 1, alpha = alpha })
      assert.is_false(ok)
      assert.equal("ValueError", err.kind)
    end
  end)
end)
