local support = require "spec.support"

local program = support.program:gsub("[^/]*$", "mutate") -- made by `make test`
local COUNT <const> = support.cpath and 400000 or 50000 -- sanitised: fewer

describe("files of snn.save whose content is changed, with right checksums", function()
  it("are taken or refused whole, by errors of the library", function()
    local run = support.snnlua(("spec/mutate/saved.lua 1 %d"):format(COUNT // 1000))
    assert.equal("", run.err)
    assert.equal(0, run.code)
  end)
end)

describe("files of tensors that are cut, flipped and rewritten", function()
  local file = io.open(program)
  if not file then return pending "without mutate" end
  file:close()

  it("are refused, in memory by their size", function()
    local run = support.shell(("%s 1 %d"):format(support.quote(program), COUNT))
    assert.equal("", run.err)
    assert.equal(0, run.code, run.out)
    assert.truthy(run.out:find(COUNT .. " mutations", 1, true))
  end)
end)
