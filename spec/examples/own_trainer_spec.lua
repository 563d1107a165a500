local example = require "spec.examples.run"

describe("examples/own_trainer.lua", function()
  local result

  setup(function() result = example("own_trainer", "") end)

  it("ends well, and silently where there is no terminal", function()
    assert.equal("", result.err)
    assert.equal(0, result.code)
  end)

  it("finds the inputs that fire together", function()
    local weights = {}
    for w in result.out:gmatch "weight ([%d.]+)" do weights[#weights + 1] = tonumber(w) end
    assert.equal(16, #weights)
    for i = 1, 8 do
      assert.is_true(weights[i] > 0.8)
      assert.is_true(weights[i + 8] < 0.5)
    end
  end)
end)
