local example = require "spec.examples.run"

local function run(arguments) return example("quickstart", arguments) end

describe("examples/quickstart.lua", function()
  local tiny

  setup(function() tiny = run("--samples 40 --test 20 --side 4 --threads 1") end)

  it("ends well, and silently where there is no terminal", function()
    assert.equal("", tiny.err)
    assert.equal(0, tiny.code)
  end)

  it("tells accuracy and speed in its last lines", function()
    assert.is_truthy(tiny.out:find("\naccuracy [%d.]+ %%\n[%d.]+ samples/s\n"))
  end)

  it("writes the receptive fields and names the file", function()
    local name = tiny.out:match("receptive fields: (%S+)")
    if name then assert.equal(name .. "\n", tiny.files) end
  end)

  it("learns the same for the same seed, with any number of threads", function()
    local again = run("--samples 40 --test 20 --side 4 --threads 2")
    assert.equal(tiny.out:match("[%d.]+ spikes a sample\n[^\n]+"),
      again.out:match("[%d.]+ spikes a sample\n[^\n]+"))
  end)

  it("takes any batch size, and no test at all", function()
    local result = run("--samples 5 --test 0 --side 2 --batch 3 --seed 9")
    assert.equal("", result.err)
    assert.is_nil(result.out:find("accuracy"))
    assert.is_truthy(result.out:find("samples/s"))
  end)

  it("refuses options that it does not have", function()
    local result = run("--sample 5")
    assert.equal(2, result.code)
    assert.is_truthy(result.err:find("--sample", 1, true))
  end)
end)
