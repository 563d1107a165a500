local run = require "spec.examples.run"

describe("examples/conv2d.lua", function()
  local result, random, learned

  setup(function()
    result = run("conv2d", "--quick")
    random = tonumber(result.out:match("random filters: +([%d.]+) %%"))
    learned = tonumber(result.out:match("learned filters: +([%d.]+) %%"))
  end)

  it("ends well, and silently where there is no terminal", function()
    assert.equal("", result.err)
    assert.equal(0, result.code)
  end)

  it("tells digits by what it learned far better than by chance", function()
    assert.is_true(learned > 50) -- 10 % by chance
  end)

  it("tells digits better than with filters that are random", function()
    assert.is_true(learned > random + 10)
  end)

  it("draws the filters and names the file", function()
    local name = result.out:match("filters: (%S+)\n")
    if name then assert.equal(name .. "\n", result.files) end
  end)
end)
