local run = require "spec.examples.run"

describe("examples/izhikevich_2003.lua", function()
  local result, bars

  setup(function()
    result, bars = run("izhikevich_2003"), {}
    for hz, bar in result.out:gmatch("\n *(%d+) Hz  (#*)") do bars[tonumber(hz)] = #bar end
  end)

  local function highest(from, to)
    local most = 0
    for hz = from, to, 2 do most = math.max(most, bars[hz]) end
    return most
  end

  it("ends well", function()
    assert.equal("", result.err)
    assert.equal(0, result.code)
  end)

  it("fires at some 7 Hz", function()
    local rate = tonumber(result.out:match("mean rate ([%d.]+) Hz"))
    assert.is_true(rate > 5 and rate < 10, rate)
  end)

  it("has the rhythms of the paper: alpha, about 10 Hz, and gamma, about 40 Hz", function()
    local alpha, gamma = result.out:match("alpha (%d+) Hz, gamma (%d+) Hz")
    assert.is_true(tonumber(alpha) >= 7 and tonumber(alpha) <= 13, alpha)
    assert.is_true(tonumber(gamma) >= 30 and tonumber(gamma) <= 45, gamma)
  end)

  it("has peaks there, twice and 1.5 times as high as what lies between and above", function()
    local alpha, between = highest(6, 12), math.min(bars[12], bars[14], bars[16])
    local gamma, above = highest(30, 44), highest(54, 60)
    assert.is_true(alpha >= 2 * between)
    assert.is_true(gamma >= 1.5 * between)
    assert.is_true(gamma >= 2 * above)
  end)

  it("draws the spikes and names the file", function()
    local name = result.out:match("first second: (%S+)")
    if name then assert.equal(name .. "\n", result.files) end
  end)
end)
