-- The state of connections as rows, and their arguments as fields.
local snn = require "snn"
local support = require "spec.support"

local fails = support.fails

local function dense(changes)
  local args = { in_shape = { 2, 3 }, out_shape = 2, step_time = 1,
    synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 } }
  for k, v in pairs(changes or {}) do args[k] = v end
  return snn.LinearDense(args)
end

describe("a connection's arguments", function()
  it("read as they were given", function()
    local function half(w) return w * 0.5 end
    local connection = dense { weight_init = half, dtype = "float64", batch_size = 3 }
    assert.same({ 2, 3 }, connection.in_shape)
    assert.same({ 2 }, connection.out_shape)
    assert.equal(half, connection.weight_init)
    assert.is_nil(connection.bias_init)
    assert.equal("float64", connection.dtype)
    assert.same({ 3, 1 }, { connection.batch_size, connection.step_time })
    connection.batchsz, connection.dt = 4, 2
    assert.same({ 4, 2 }, { connection.batch_size, connection.step_time })
  end)

  it("say what to do where they cannot be assigned", function()
    local connection = dense()
    for name, advice in pairs { in_shape = "it fixes sizes; make a new LinearDense",
      dtype = "it fixes sizes; make a new LinearDense", step_time = "set 'dt'",
      batch_size = "set 'batchsz'", weight_init = "set 'weight'", bias_init = "set 'bias'",
      delay_init = "set 'delay'" } do
      fails("AttributeError", "'" .. name .. "' cannot be assigned", function()
        connection[name] = 1
      end)
      fails("AttributeError", advice, function() connection[name] = 1 end)
    end
  end)

  it("leave bias, delay and synapse what they are", function()
    local connection = dense { bias = true, delay = 2 }
    assert.same({ 2 }, connection.bias.shape)
    assert.same({ 2, 6 }, connection.delay.shape)
    assert.equal("DeltaCurrent", tostring(connection.synapse):match "^%w+")
  end)
end)

describe("a connection's rows", function()
  it("are its parameters, and what the synapse gives", function()
    local saved, others = {}, {}
    for _, row in ipairs(snn.LinearDense.state) do
      table.insert(row.saved and saved or others, row.name)
    end
    assert.same({ "pairs", "pairs_hash", "weight", "bias", "delay", "sums" }, saved)
    assert.same({ "selector", "syncurrent", "synspike" }, others)
  end)

  it("are refused where there is none", function()
    local connection = dense()
    assert.is_nil(connection.bias)
    fails("AttributeError", "LinearDense: this connection has no bias",
      function() connection.bias = snn.zeros(2) end)
    fails("AttributeError", "LinearDense: this connection has no delay",
      function() connection.delay = snn.zeros { 2, 6 } end)
  end)
end)
