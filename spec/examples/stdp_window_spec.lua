local run = require "spec.examples.run"

describe("examples/stdp_window.lua", function()
  local result, change

  setup(function()
    result, change = run("stdp_window"), {}
    for ms, percent in result.out:gmatch("\n *(-?%d+) +(-?[%d.]+)") do
      change[math.tointeger(ms)] = tonumber(percent)
    end
  end)

  it("ends well", function()
    assert.equal("", result.err)
    assert.equal(0, result.code)
  end)

  it("strengthens where the input was first, less the longer it was before", function()
    assert.is_true(change[5] > change[10] and change[10] > change[40] and change[40] > 0)
  end)

  it("weakens where the target was first", function()
    assert.is_true(change[-5] < change[-10] and change[-10] < change[-40] and change[-40] < 0)
  end)

  it("follows the law: 77.7 % exp(-10 ms / 16.8 ms) at 10 ms", function()
    assert.near(77.7 * math.exp(-10 / 16.8), change[10], 0.01)
  end)

  it("draws the window and names the file", function()
    local name = result.out:match("window: (%S+)")
    if name then assert.equal(name .. "\n", result.files) end
  end)
end)
