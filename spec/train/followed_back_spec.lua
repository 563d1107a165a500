-- Where pairs are remembered without events (delays of a Conv2D), that is the
-- last of a step: when it fails what was recorded before goes back too.
local snn = require "snn"
local cells = require "spec.train.cells"
local eligibility = require "spec.train.eligibility"

local memory = snn._debug

local function made()
  snn.manual_seed(3)
  local layer, trainer = eligibility.made("Conv2D", 2, nil, { delay = 3 })
  local connection = layer.connection
  connection.delay = snn.rand(connection.delay.shape) * 3
  local stdp = snn.STDP { lr_post = 1, lr_pre = -1, tc_post = 10, tc_pre = 10 }
  stdp:register_cell("cell", layer.cell)
  eligibility.play(layer, 4)
  return layer, trainer, stdp
end

local function bits(...)
  local out = {}
  for i, module in ipairs { ... } do
    for path, t in pairs(module:state_dict()) do out[i .. path] = t:totable() end
  end
  return out
end

describe("MSTDPET without events of pairs", function()
  local layer, trainer, stdp, input, output

  before_each(function()
    layer, trainer, stdp = made()
    input = snn.rand(2, table.unpack(layer.connection.inshape)):lt(0.5)
    output = snn.rand(2, table.unpack(layer.connection.outshape)):lt(0.5)
  end)

  it("takes back the record of a step that it cannot remember", function()
    local before = bits(layer, trainer, stdp)
    local calls = 0
    local ok
    for k = 1, 1000 do
      memory.fail_at(k, 2)
      ok = pcall(cells.step, layer, input, output)
      local fired = memory.fired()
      memory.fail_at(0)
      if not fired then break end
      calls = k
      if ok then break end
      assert.same(before, bits(layer, trainer, stdp))
    end
    assert.is_true(ok)
    assert.is_true(calls > 20, calls)
    local other, its, another = made()
    cells.step(other, input, output)
    assert.same(bits(other, its, another), bits(layer, trainer, stdp))
  end)
end)
