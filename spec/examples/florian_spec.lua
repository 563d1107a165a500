local run = require "spec.examples.run"

describe("examples/florian.lua", function()
  local result, weights
  -- the pairs add up to this after 20 ms, when the two sides have fired once
  local first <const> = 0.2 + 0.2 * math.exp(-5 / 20)

  setup(function()
    result, weights = run("florian"), {}
    for ms, stdp, mstdp, mstdpet in result.out:gmatch("\n +(%d+) +([%d.]+) +([%d.]+) +([%d.]+)") do
      weights[tonumber(ms)] = { tonumber(stdp), tonumber(mstdp), tonumber(mstdpet) }
    end
  end)

  it("ends well", function()
    assert.equal("", result.err)
    assert.equal(0, result.code)
  end)

  it("learns the first pair alike with STDP and MSTDP, as long as the reward is 1", function()
    assert.near(first, weights[20][1], 1e-4)
    for ms = 20, 100, 20 do assert.equal(weights[ms][1], weights[ms][2]) end
  end)

  it("learns the opposite with MSTDP when the reward is -1", function()
    assert.near(weights[100][1] - weights[200][1], weights[200][2] - weights[100][2], 2e-4)
  end)

  it("learns with MSTDPET also between spikes", function()
    assert.is_true(weights[20][3] < weights[40][3] and weights[40][3] < weights[60][3])
    assert.is_true(weights[160][3] > weights[180][3] and weights[180][3] > weights[200][3])
  end)

  it("draws the figure and names the file", function()
    local name = result.out:match("figure: (%S+)")
    if name then assert.equal(name .. "\n", result.files) end
  end)
end)
