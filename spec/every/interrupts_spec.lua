-- Ctrl-C in the middle of each operation: it is felt soon, and what a call changes in
-- place is as it was before it or after it (spec/every/interrupts.lua).
local support = require "spec.support"

describe("an interrupt", function()
  it("ends every operation soon, and none in the middle", function()
    -- sanitised programs are slower, and their memory is
    local elements, limit = 1e7, 0.15
    if not support.cpath then elements, limit = 2e5, 0.15 end
    local result = support.snnlua(("spec/every/interrupts.lua %d %g"):format(elements, limit))
    assert.equal("interrupted\n", result.out, result.err)
  end)
end)
