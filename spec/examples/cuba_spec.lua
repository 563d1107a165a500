local run = require "spec.examples.run"

describe("examples/cuba.lua", function()
  it("keeps itself firing at the rate that is known, also with a delay", function()
    for _, options in ipairs { "--duration 200", "--duration 200 --delay 1.5" } do
      local result = run("cuba", options)
      assert.equal("", result.err)
      assert.equal(0, result.code)
      local rate = tonumber(result.out:match "rate ([%d.]+) Hz")
      assert.is_true(rate > 5 and rate < 7, options .. ": " .. rate)
      assert.is_truthy(result.out:find "spikes")
    end
  end)
end)
