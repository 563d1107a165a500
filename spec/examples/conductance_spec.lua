local run = require "spec.examples.run"

describe("examples/conductance.lua", function()
  local result, rows

  setup(function()
    result, rows = run("conductance"), {}
    for excitatory, inhibitory, current, conductance in
      result.out:gmatch("\n +(%d+) +(%d+) +([%d.]+) +([%d.]+)") do
      rows[excitatory .. "+" .. inhibitory] = { tonumber(current), tonumber(conductance) }
    end
  end)

  it("ends well", function()
    assert.equal("", result.err)
    assert.equal(0, result.code)
  end)

  it("adds up currents", function()
    assert.near(4 * rows["5+0"][1], rows["20+0"][1], 0.02)
  end)

  it("saturates with conductances: 200 inputs stay below 70 mV", function()
    assert.is_true(rows["200+0"][1] > 70)
    assert.is_true(rows["200+0"][2] < 70 and rows["200+0"][2] > rows["50+0"][2])
  end)

  it("inhibits by shunting, which a current at its reversal potential cannot", function()
    assert.equal(rows["20+0"][1], rows["20+200"][1])
    assert.is_true(rows["20+200"][2] < rows["20+50"][2])
    assert.is_true(rows["20+50"][2] < rows["20+0"][2])
  end)

  it("draws the voltages and names the file", function()
    local name = result.out:match("voltages: (%S+)")
    if name then assert.equal(name .. "\n", result.files) end
  end)
end)
