-- The events of views of spikes come from the list of the whole block: what a
-- connection makes of a view is what it makes of a copy of it.
local snn = require "snn"
local support = require "spec.support"

local function connection(shape, batch)
  local n = 1
  for _, size in ipairs(shape) do n = n * size end
  local places = snn.arange(1, n + 1, { dtype = "float64" })
  return snn.LinearDense {
    in_shape = shape, out_shape = 2, step_time = 1, batch_size = batch, dtype = "float64",
    synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 },
    weight_init = snn.stack({ places, places * places }, 1),
  }
end

---A view as a connection sees it and as it sees a copy; the state too.
local function same(view)
  local shape = { table.unpack(view.shape, 2) }
  local one, other = connection(shape, view.shape[1]), connection(shape, view.shape[1])
  assert.same(other(view:clone()):totable(), one(view):totable())
  assert.same(view:totable(), one.synapse.spike:reshape(view.shape):totable())
end

describe("a view of spikes", function()
  before_each(function() snn.manual_seed(3) end)

  for _, share in ipairs { 0, 0.02, 0.6, 1 } do
    for _, batch in ipairs { 1, 3 } do
      local function spikes(...)
        return snn.rand { batch, ... }:lt(share)
      end
      local title = ("of %g true, batch %d"):format(share, batch)

      it("by narrow has its events, " .. title, function()
        local x = spikes(200)
        for _, range in ipairs { { 1, 200 }, { 1, 150 }, { 51, 100 }, { 151, 50 }, { 7, 3 } } do
          same(x:narrow(2, range[1], range[2]))
        end
        same(x[{ {}, { 20, 90 } }])
      end)

      it("of planes has its events, " .. title, function()
        local x = spikes(5, 6, 20)
        same(x:narrow(2, 2, 3))
        same(x:narrow(3, 3, 2))
        same(x:narrow(4, 2, 17))
        same(x:narrow(2, 2, 3):narrow(3, 2, 4):narrow(4, 1, 16))
        same(x:transpose(2, 3))
        same(x:narrow(2, 3, 2):transpose(2, 3))
      end)

      it("of a train has its events, " .. title, function()
        local train = snn.rand { 6, batch, 40 }:lt(share)
        for t = 1, 6 do same(train[t]) end
        same(train:flatten(1, 2):narrow(1, 2, 4))
      end)
    end
  end

  it("sees what was written to its block between two steps", function()
    local x, conn = snn.zeros({ 2, 100 }, { dtype = "bool" }), connection({ 60 }, 2)
    assert.same({ { 0, 0 }, { 0, 0 } }, conn(x:narrow(2, 11, 60)):totable())
    x[{ {}, { 20, 20 } }] = true
    assert.same({ { 10, 100 }, { 10, 100 } }, conn(x:narrow(2, 11, 60)):totable())
    x:narrow(2, 11, 60):zero_()
    x[2][70] = true
    assert.same({ { 0, 0 }, { 60, 3600 } }, conn(x:narrow(2, 11, 60)):totable())
  end)

  it("leaves the whole block's events to others with other rows", function()
    local x = snn.rand { 4, 50 }:lt(0.3)
    local whole, flat = connection({ 50 }, 4), connection({ 100 }, 2)
    for _ = 1, 2 do
      same(x:narrow(2, 5, 40))
      assert.same(whole(x:clone()):totable(), whole(x):totable())
      local rows = x:reshape(2, 100)
      assert.same(flat(rows:clone()):totable(), flat(rows):totable())
      same(rows:narrow(2, 30, 60))
    end
  end)

  it("has its part of the events of a block, in a process of its own", function()
    local result = support.run [[
      local snn = require "snn"
      local conn = snn.LinearDense { in_shape = 20000, out_shape = 1, step_time = 1,
        synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 }, weight_init = 1 }
      local x = snn.zeros({ 1, 100000 }, { dtype = "bool" })
      for i = 1, 100000, 1000 do x[1][i] = true end
      for i = 0, 4 do print(conn(x:narrow(2, 1 + i * 20000, 20000)):item()) end
    ]]
    assert.equal("", result.err)
    assert.equal(("20.0\n"):rep(5), result.out)
  end)
end)
