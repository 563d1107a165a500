local run = require "spec.examples.run"

describe("examples/learning_rate_schedule.lua", function()
  local result, rows

  setup(function()
    result, rows = run("learning_rate_schedule"), {}
    for pair, rate, high, low, falling in result.out:gmatch(
      "\n +(%d+) +([%d.]+) +([%d.]+) +([%d.]+) +([%d.]+)") do
      rows[tonumber(pair)] = { rate = tonumber(rate), high = tonumber(high), low = tonumber(low),
        falling = tonumber(falling) }
    end
  end)

  it("ends well", function()
    assert.equal("", result.err)
    assert.equal(0, result.code)
  end)

  it("shows the rate that it has set", function()
    assert.near(0.1, rows[10].rate, 1e-4)
    assert.near(0.0025, rows[400].rate, 1e-4)
  end)

  it("learns at once with a high rate, and never better", function()
    assert.is_true(rows[10].high < 0.3 and rows[400].high > 0.12)
  end)

  it("learns too slowly with a low one", function()
    assert.is_true(rows[10].low > 0.25 and rows[400].low > 0.04)
  end)

  it("learns soon and well with one that falls", function()
    assert.is_true(rows[100].falling < 0.06)
    assert.is_true(rows[400].falling < 0.04)
    assert.is_true(rows[400].falling < rows[400].low and rows[400].falling < rows[400].high / 3)
  end)
end)
