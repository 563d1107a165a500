local run = require "spec.examples.run"

describe("examples/microcircuit.lua", function()
  it("has the populations' rates", function()
    local result = run("microcircuit", "--scale 0.02 --duration 100")
    assert.equal("", result.err)
    assert.equal(0, result.code)
    local rows = 0
    for _ in result.out:gmatch "\nL%w+ +%d+ +[%d.]+ +[%d.]+" do rows = rows + 1 end
    assert.equal(8, rows)
  end)
end)
