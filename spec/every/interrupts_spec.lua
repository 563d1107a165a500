-- Ctrl-C in the middle of each operation, and of calls of each object: it is felt soon, and
-- what a call changes is as it was before it or after it (spec/every/interrupts.lua,
-- spec/every/interrupts_objects.lua).
local support = require "spec.support"

describe("an interrupt", function()
  it("ends every operation soon, and none in the middle", function()
    -- sanitised programs are slower, and their memory is
    local elements, limit = 1e7, 0.15
    if not support.cpath then elements, limit = 2e5, 0.15 end
    local result = support.snnlua(("spec/every/interrupts.lua %d %g"):format(elements, limit))
    assert.equal("interrupted\n", result.out, result.err)
  end)

  it("ends calls of every object, whose state is that before or after", function()
    local size = support.cpath and "12 0.15" or "4 0.15 . 1e5" -- sanitised: smaller ones
    local result = support.snnlua("spec/every/interrupts_objects.lua " .. size)
    assert.equal("interrupted\n", result.out, result.err)
  end)
end)
