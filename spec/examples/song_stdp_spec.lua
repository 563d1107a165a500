local run = require "spec.examples.run"

describe("examples/song_stdp.lua", function()
  local result, share, rates

  setup(function()
    result, share, rates = run("song_stdp", "--quick"), {}, {}
    for from, part in result.out:gmatch("\n([%d.]+) %- [%d.]+ +([%d.]+)") do
      share[tonumber(from)] = tonumber(part)
    end
    for rate, mean in result.out:gmatch("\n +%d+ +([%d.]+) +([%d.]+)") do
      rates[#rates + 1] = { tonumber(rate), tonumber(mean) }
    end
  end)

  it("ends well: what it asserts of the mean and of both ends holds", function()
    assert.equal("", result.err)
    assert.equal(0, result.code)
  end)

  it("drives weights apart: more at either end than in the six tenths between", function()
    local between = share[0.2] + share[0.3] + share[0.4] + share[0.5] + share[0.6] + share[0.7]
    assert.is_true(share[0.0] + share[0.9] > between)
  end)

  it("keeps a few Hz, and a mean weight below what would hold the threshold", function()
    -- 0.05517 is open of an input at 10 Hz: 0.01 / (1 - exp(-1 / 5)) per step; the mean
    -- voltage is the threshold for g_exc = 16 / 54 (1 + g_inh)
    local open = 0.01 / (1 - math.exp(-1 / 5))
    local balance = 16 / 54 * (1 + 200 * open * 0.05) / (1000 * open * 0.015)
    for _, row in ipairs(rates) do
      assert.is_true(row[1] > 1 and row[1] < 30)
      assert.is_true(row[2] < balance and row[2] > 0.8 * balance)
    end
    assert.equal(6, #rates)
  end)
end)
