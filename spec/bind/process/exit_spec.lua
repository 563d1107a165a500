-- A process that ends while threads of the engine are awake.
local support = require "spec.support"

local WORK = [[
  local snn = require "snn"
  snn.set_num_threads(4)
  local t = snn.rand(300, 300)
  for _ = 1, 4 do t = (t:matmul(t) * 0.001):exp():sort(1) end
]]
local RUNS = tonumber(os.getenv "SNN_EXIT_RUNS" or "3")

describe("the end of a process with threads", function()
  for name, run in pairs { program = support.run, ["stock interpreter"] = support.stock } do
    for how, code in pairs { [""] = 0, ["os.exit(0)"] = 0, ["os.exit(4, true)"] = 4,
      ["error 'x'"] = 1, ["io.popen('true'):close() t:exp()"] = 0 } do
      it("is quiet: " .. name .. " " .. how, function()
        for _ = 1, RUNS do
          local result = run(WORK .. how)
          if not result then return end -- no module to load
          assert.equal(code, result.code)
          if code ~= 1 then assert.equal("", result.err) end
        end
      end)
    end
  end
end)
