-- Updates of several modules of which one is a script's, or whose updater has
-- hooks: these run in turn, and all or none are made.
local snn = require "snn"
local parts = require "spec.layer.parts"

local function layer_of_two()
  local layer = parts.layer()
  for _, connection in layer:named_connections() do
    connection.updater = connection:defaultupdater()
    connection.updater.weight.pos = snn.full(connection.weight.shape, 0.5)
  end
  return layer
end

local function state(layer)
  local out = {}
  for name, connection in layer:named_connections() do
    out[name] = { connection.weight:totable(), connection.updater.weight.pos:totable() }
  end
  return out
end

describe("an update of modules in turn", function()
  it("changes none when a hook of one updater raises, and keeps the terms", function()
    for _, name in ipairs { "enc", "rec" } do
      local layer = layer_of_two()
      local before = state(layer)
      local handle = layer.connections[name].updater:register_forward_hook(function()
        error("no", 0)
      end)
      local ok, err = pcall(layer.update, layer)
      assert.same({ false, "no" }, { ok, err })
      assert.same(before, state(layer))
      handle:remove()
      layer:update()
      for _, connection in layer:named_connections() do
        assert.equal(100.5, connection.weight[1][1])
        assert.is_nil(connection.updater.weight.pos)
      end
    end
  end)

  it("changes none when a script's updater raises after it is cleared", function()
    local layer = layer_of_two()
    local Own = snn.class("Own", snn.Updater)
    local fails = true
    function Own:clear()
      snn.Updater.clear(self)
      if fails then error("no", 0) end
    end
    local rec = layer.connections.rec
    rec.updater = Own { module = rec, params = { "weight" } }
    rec.updater.weight.pos = snn.full(rec.weight.shape, 0.25)
    rec.updater.weight.neg = snn.full(rec.weight.shape, 0.125)
    local before = state(layer)
    assert.is_false(pcall(layer.update, layer))
    assert.same(before, state(layer))
    fails = false
    layer:update()
    assert.same({ 100.5, 100.125 }, { layer.connections.enc.weight[1][1], rec.weight[1][1] })
    assert.is_nil(rec.updater.weight.neg)
  end)

  it("makes all as one of plain modules does", function()
    local layer, plain = layer_of_two(), layer_of_two()
    local seen = 0
    layer.connections.rec.updater:register_forward_hook(function() seen = seen + 1 end)
    for _ = 1, 3 do
      for _, of in ipairs { layer, plain } do
        for _, connection in of:named_connections() do
          connection.updater.weight.pos = snn.full(connection.weight.shape, 0.1)
        end
        of:update()
      end
    end
    assert.equal(3, seen)
    for name, connection in plain:named_connections() do
      assert.is_true(connection.weight:equal(layer.connections[name].weight))
    end
  end)
end)
