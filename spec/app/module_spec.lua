-- The module in a stock lua5.4, in processes of their own.
local support = require "spec.support"

describe("the module in a stock interpreter", function()
  if not support.cpath then
    return it("is not there in a sanitised build", function() pending("no module") end)
  end

  it("is the same table at each require, and no global", function()
    local run = support.stock [[
      local snn = require "snn"
      print(snn == package.loaded.snn, rawget(_G, "snn"))]]
    assert.equal("true\tnil\n", run.out)
  end)

  it("names the script's line in an error", function()
    local run = support.stock("local snn = require 'snn'\nsnn.zeros('x')")
    assert.truthy(run.err:find("stdin:2: TypeError: ", 1, true))
  end)

  it("ends well 100 times with threads at work", function()
    local path = support.file [[
      local snn = require "snn"
      snn.set_num_threads(4)
      local a = snn.rand(256, 256)
      for _ = 1, 3 do a = a:matmul(a):sigmoid() end
      print(a.ndim)]]
    local command = ("n=0; for i in $(seq 100); do [ \"$(lua5.4 %s)\" = 2 ] && n=$((n + 1)); done;"
      .. " echo $n"):format(path)
    local run = support.shell(command, { env = { LUA_CPATH = support.cpath .. ";;" } })
    os.remove(path)
    assert.equal("100\n", run.out, run.err)
  end)
end)
