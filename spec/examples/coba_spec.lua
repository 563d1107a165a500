local run = require "spec.examples.run"

describe("examples/coba.lua", function()
  it("keeps itself firing at the rate that is known", function()
    local result = run("coba", "--duration 200")
    assert.equal("", result.err)
    assert.equal(0, result.code)
    local rate = tonumber(result.out:match "rate ([%d.]+) Hz")
    assert.is_true(rate > 16 and rate < 24, rate)
  end)
end)
