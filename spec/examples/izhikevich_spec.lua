local run = require "spec.examples.run"

describe("examples/izhikevich.lua", function()
  local result, patterns

  setup(function()
    result, patterns = run("izhikevich"), {}
    for name, spikes, shortest, longest in
      result.out:gmatch("\n(%a[^\n]-) +(%d+)  ([%d.]+) to ([%d.]+)") do
      patterns[name] = { spikes = tonumber(spikes), shortest = tonumber(shortest),
        longest = tonumber(longest) }
    end
  end)

  it("ends well", function()
    assert.equal("", result.err)
    assert.equal(0, result.code)
  end)

  it("lets the regular spiking neuron adapt", function()
    local regular = patterns["regular spiking"]
    assert.is_true(regular.longest > 2 * regular.shortest)
    assert.is_true(regular.spikes > 4 and regular.spikes < 15)
  end)

  it("lets chattering neurons pause for tens of ms between intervals of few", function()
    local chattering = patterns["chattering"]
    assert.is_true(chattering.shortest < 4 and chattering.longest > 20)
  end)

  it("lets the fast spiking neuron spike most", function()
    local fast = patterns["fast spiking"]
    for _, other in pairs(patterns) do assert.is_true(other.spikes <= fast.spikes) end
  end)

  it("lets a neuron released from a negative current burst", function()
    assert.is_true(patterns["rebound burst (thalamic)"].spikes > 1)
  end)

  it("draws the voltages and names the file", function()
    local name = result.out:match("voltages: (%S+)")
    if name then assert.equal(name .. "\n", result.files) end
  end)
end)
