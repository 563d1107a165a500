local run = require "spec.examples.run"

describe("examples/reservoir.lua", function()
  local result, rows

  setup(function()
    result, rows = run("reservoir"), {}
    for name, input, liquid in result.out:gmatch("\n(%l[%w ]-) +(-?[%d.]+) +(-?[%d.]+)") do
      rows[name] = { input = tonumber(input), liquid = tonumber(liquid) }
    end
  end)

  it("ends well", function()
    assert.equal("", result.err)
    assert.equal(0, result.code)
  end)

  it("has a network that is neither silent nor in a seizure", function()
    local rate = tonumber(result.out:match("at ([%d.]+) Hz"))
    assert.is_true(rate > 1 and rate < 50)
  end)

  it("recalls letters that its input has forgotten", function()
    local before = rows["letter 40 ms ago"]
    assert.is_true(before.input < 0.2 and before.liquid > 0.3)
  end)

  it("multiplies, which no linear filter of the input does", function()
    local product = rows["product of the last two"]
    assert.is_true(math.abs(product.input) < 0.15 and product.liquid > 0.3)
  end)

  it("recalls less the longer ago it was", function()
    local before = 1
    for _, ms in ipairs { 0, 20, 40, 60, 80 } do
      local now = rows[("letter %d ms ago"):format(ms)].liquid
      assert.is_true(now < before)
      before = now
    end
  end)

  it("draws what was wanted and found and names the file", function()
    local name = result.out:match("found: (%S+)")
    if name then assert.equal(name .. "\n", result.files) end
  end)
end)
