local support = require "spec.support"

describe("a process that is killed while it saves", function()
  it("leaves the old file or the new one, and nothing for the next save", function()
    local run = support.snnlua "spec/io/kills.lua 20 1"
    assert.equal("", run.err)
    assert.equal(0, run.code)
    assert.truthy(run.out:find "^20 kills")
  end)
end)
