local support = require "spec.support"

-- made by `make test`; a sanitised program is no host of it
local library = support.program:gsub("[^/]*$", "faults.so")

describe("a system call that fails while a file is saved", function()
  local file = support.cpath and io.open(library)
  if not file then return pending "without faults.so" end
  file:close()

  it("is an IOError, and all files are as they were", function()
    local run = support.snnlua("spec/faults/run.lua", { env = { LD_PRELOAD = library,
      LUA_CPATH = support.cpath .. ";;" } })
    assert.equal("", run.err)
    assert.equal(0, run.code)
    local savers = 0
    for count in run.out:gmatch "(%d+) faults" do
      assert.is_true(tonumber(count) > 15)
      savers = savers + 1
    end
    assert.equal(7, savers)
  end)
end)
