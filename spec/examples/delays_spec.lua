local run = require "spec.examples.run"

describe("examples/delays.lua", function()
  local result, rows

  setup(function()
    result, rows = run("delays"), {}
    for fires, spread, highest in result.out:gmatch("\n +%d+ +([%d.]+) +([%d.]+) +([%d.]+)") do
      rows[#rows + 1] = { fires = tonumber(fires), spread = tonumber(spread),
        highest = tonumber(highest) }
    end
  end)

  it("ends well", function()
    assert.equal("", result.err)
    assert.equal(0, result.code)
  end)

  it("brings spikes together to within a step or two", function()
    assert.is_true(rows[1].spread > 5)
    assert.is_true(rows[#rows].spread < 1)
  end)

  it("lifts the voltage to nearly what all spikes at once would give", function()
    -- 40 inputs of 10 nA for 0.5 ms on a membrane of 5 ms: 40 mV
    assert.is_true(rows[#rows].highest > 35 and rows[#rows].highest <= 40)
  end)

  it("detects the pattern that it learned and no other", function()
    local own, most = result.out:match("this pattern: ([%d.]+) mV.-at most ([%d.]+) mV")
    assert.is_true(tonumber(own) > 2 * tonumber(most))
  end)

  it("draws the arrivals and names the file", function()
    local name = result.out:match("arrivals: (%S+)")
    if name then assert.equal(name .. "\n", result.files) end
  end)
end)
