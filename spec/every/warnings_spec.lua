-- What can be done but is likely not meant is warned of, once for each object; under
-- snn.warnings("error") it is refused, and nothing has changed.
local snn = require "snn"
local models = require "spec.every.models"
local support = require "spec.support"

local heard, strictly = support.heard, support.strictly

local function one(texts, want)
  assert.equal(1, #texts, table.concat(texts, "\n"))
  assert.truthy(texts[1]:find(want, 1, true), texts[1])
end

local function lif(changes)
  local args = { shape = 2, step_time = 1, rest_v = -60, reset_v = -65, thresh_v = -50,
    refrac_t = 2, time_constant = 20 }
  for name, value in pairs(changes or {}) do args[name] = value end
  return snn.LIF(args)
end

local function learning()
  local connection = models.maker(snn.LinearDense).object { in_shape = 3, out_shape = 2,
    batch_size = 1, dtype = "float32" }
  connection.updater = connection:defaultupdater()
  local layer = snn.Serial { connection = connection, neuron = lif { step_time = connection.dt } }
  local trainer = snn.STDP { lr_post = 1, lr_pre = -1, tc_post = 10, tc_pre = 10 }
  trainer:register_cell("cell", layer.cell)
  layer(snn.ones(1, 3))
  return layer, trainer
end

describe("spikes in place of currents", function()
  local spikes = snn.ones(1, 2):gt(0)

  for _, name in ipairs(models.below(snn.Neuron)) do
    it("are warned of by " .. name, function()
      local neuron = models.maker(snn[name]).object { shape = 2 }
      local texts = heard(function()
        neuron(spikes)
        neuron(spikes)
      end)
      if name == "ExactNeuron" then return assert.same({}, texts) end -- which takes them
      one(texts, name .. ": 'input' is bool: spikes are no currents")
    end)
  end

  it("are warned of in a layer, which goes back where that is an error", function()
    local layer = snn.Layer { wiring = function() return { exc = spikes } end }
    layer:add_connection("enc", models.maker(snn.LinearDense).object { in_shape = 2,
      out_shape = 2 })
    local exc = layer:add_neuron("exc", lif { step_time = layer.connections.enc.dt })
    local before = exc.voltage
    local ok, err = strictly(layer, { enc = snn.ones(1, 2) })
    assert.is_false(ok)
    assert.equal("RuntimeError", err.kind)
    assert.is_true(before == exc.voltage)
    one(heard(function() layer { enc = snn.ones(1, 2) } end), "'input' is bool")
    assert.is_false(before == exc.voltage)
  end)

  it("are no matter where they are numbers", function()
    assert.same({}, heard(function() lif()(spikes:to("float32") * 3) end))
  end)
end)

describe("volts in place of millivolts", function()
  for _, name in ipairs(models.below(snn.Neuron)) do
    local volts, is_one = {}, false
    for _, argument in ipairs(snn[name].arguments) do
      local has_sign = not argument.range or argument.range == "finite or math.huge"
      if argument.unit == "mV" and has_sign and not argument.type:find "list" then
        volts[argument.name] = models.example(argument) / 1000
        is_one = is_one or volts[argument.name] ~= 0
      end
    end
    if is_one then
      it("are warned of by " .. name, function()
        local make = models.maker(snn[name])
        one(heard(function() make.object(volts) end), name .. ": no voltage is above ")
        assert.is_false((strictly(make.object, volts)))
        assert.same({}, heard(function() make.object() end))
      end)
    end
  end

  it("are not where all is 0, or one is large", function()
    assert.same({}, heard(function() lif { rest_v = 0, reset_v = 0, thresh_v = 1 } end))
    assert.same({}, heard(function() lif { rest_v = 0, reset_v = 0, thresh_v = 0.2 } end))
  end)
end)

describe("seconds in place of milliseconds", function()
  for _, parent in ipairs { "Neuron", "Synapse", "Connection", "Encoder", "Reducer" } do
    for _, name in ipairs(models.below(snn[parent])) do
      if rawget(snn[name], "arguments") then
        it("are warned of by " .. name, function()
          local texts = heard(function() models.maker(snn[name]).object { step_time = 0.0005 } end)
          assert.truthy(table.concat(texts, "\n"):find(name
            .. ": 'step_time' is 0.0005 ms: times are in ms, 1 and not 0.001", 1, true))
        end)
      end
    end
  end

  it("are warned of where dt is set, and refused where that is an error", function()
    local neuron = lif()
    assert.is_false((strictly(function() neuron.dt = 0.0005 end)))
    assert.equal(1, neuron.dt)
    one(heard(function() neuron.dt = 0.0005 end), "LIF: 'dt' is 0.0005 ms")
    one(heard(function() lif { step_time = 0.001 } end), "LIF: 'step_time' is 0.001 ms")
    assert.same({}, heard(function() lif { step_time = 0.0011 } end))
  end)
end)

describe("a layer", function()
  it("in which nothing runs says so once, and names a connection", function()
    local layer = snn.Layer { wiring = function(_, inputs) return { exc = inputs.enc } end }
    layer:add_connection("enc", models.maker(snn.LinearDense).object { batch_size = 1 })
    assert.is_false((strictly(layer, {})))
    assert.truthy(tostring(layer):find('^Layer  0 steps'))
    one(heard(function()
      layer {}
      layer {}
    end), "forward: no input was given and nothing has run; inputs are tensors by the names of "
      .. "connections: layer{ enc = spikes }")
  end)

  it("that is updated without an updater says so once", function()
    local layer = snn.Layer()
    one(heard(function()
      layer:update()
      layer:update()
    end), "update: no connection of the layer has an updater")
    layer = learning()
    assert.same({}, heard(layer.update, layer))
  end)
end)

describe("a trainer that is called", function()
  it("while its cells are in evaluation mode says so once", function()
    local layer, trainer = learning()
    layer:eval()
    one(heard(function()
      trainer()
      trainer()
    end), "STDP: its cells are in evaluation mode and learn nothing; layer:train() ends that")
    layer:train()
    assert.same({}, heard(trainer))
    assert.is_not_nil(layer.updater.weight.pos)
  end)

  it("in evaluation mode itself is meant", function()
    local layer, trainer = learning()
    layer:eval()
    trainer:eval()
    assert.same({}, heard(trainer))
  end)

  it("without cells says how to give it one, once", function()
    local trainer = snn.STDP { lr_post = 1, lr_pre = -1, tc_post = 10, tc_pre = 10 }
    one(heard(function()
      trainer()
      trainer()
    end), "STDP: it has no cells, and nothing is learned; trainer:register_cell(")
  end)

  it("10000 times without an update says so, and not with one in between", function()
    local layer, trainer = learning()
    local function call(times)
      return function()
        for _ = 1, times do trainer() end
      end
    end
    assert.same({}, heard(call(9999)))
    layer:update { clear = false }
    assert.same({}, heard(call(9999)))
    layer.updater:clear()
    assert.same({}, heard(call(9999)))
    one(heard(call(1)), "STDP: 10000 calls without an update")
    assert.same({}, heard(call(20000)))
  end)
end)
