-- Networks go on in bits from what was saved in the middle of their run, in another
-- process, with other threads and another instruction set (resume.lua tells how).
-- Here those of the design; `make long` plays others as well.
local design = require "spec.resume.pairs"
local support = require "spec.support"

-- Every so many-th of the design: sanitised programs are slower.
local SHARE <const> = support.cpath and 1 or 3

describe("a run that goes on from what was saved", function()
  it("has the bits of one that was not interrupted", function()
    local count = #design.rows()
    local run = support.snnlua(("spec/resume/resume.lua 1 %d %d"):format(count, SHARE),
      { env = { LUA_PATH = "./?.lua;;" } })
    assert.equal("", run.err)
    assert.equal(("%d networks, 0 failed\n"):format((count - 1) // SHARE + 1), run.out)
    assert.equal(0, run.code)
  end)

  it("is told apart from one that is not the same", function()
    local run = support.run([[
      local prints = require "spec.resume.prints"
      local digest = require "spec.resume.digest"
      local a, b = { x = 1, y = 2, ["a path"] = -5 }, { x = 1, y = 3, z = 1 }
      print(table.concat(prints.differences(a, b), ", "))
      print(digest "some text, longer" == digest "some text, longes")
      local path = os.tmpname()
      prints.write(path, a)
      print(#prints.differences(a, prints.read(path)))
      os.remove(path)
    ]], { LUA_PATH = "./?.lua;;" })
    assert.equal("a path, y, z\nfalse\n0\n", run.out)
  end)
end)
