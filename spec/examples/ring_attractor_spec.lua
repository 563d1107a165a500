local run = require "spec.examples.run"

describe("examples/ring_attractor.lua", function()
  it("holds the angle of the cue, which goes with the recurrent synapses", function()
    local result = run("ring_attractor", "--angle 250 --duration 500 --neurons 256")
    assert.equal("", result.err)
    assert.equal(0, result.code)
    local before = result.out:match "before [^\n]* (%d+)\n"
    local angle = result.out:match "\n500 ms later +([%d.]+)"
    local cut = result.out:match "cut [^\n]* (%d+)%s*$"
    assert.equal(0, tonumber(before))
    assert.near(250, tonumber(angle), 15)
    assert.equal(0, tonumber(cut))
  end)
end)
