local run = require "spec.examples.run"

describe("examples/brunel.lua", function()
  it("fires at the rate of the mean field where it is asynchronous and irregular", function()
    local result = run("brunel", "--scale 0.1 --duration 200 --state AI")
    assert.equal("", result.err)
    assert.equal(0, result.code)
    local rate, theory, cv = result.out:match "hold +([%d.]+) Hz +([%d.]+) Hz +([%d.]+)"
    assert.near(tonumber(theory), tonumber(rate), 0.06 * theory)
    assert.is_true(tonumber(cv) > 0.3)
  end)

  it("is regular where excitation wins", function()
    local result = run("brunel", "--scale 0.05 --duration 60 --state SR")
    assert.equal(0, result.code)
    assert.is_true(tonumber(result.out:match "Hz +([%d.]+) +[%d.]+%s*$") < 0.3)
  end)
end)
