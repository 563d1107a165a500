local snn = require "snn"
local support = require "spec.support"

local NAN = 0 / 0

local function make(neuron)
  local layer = snn.Layer()
  layer:add_connection("enc", snn.LinearDense { in_shape = 2, out_shape = 3, step_time = 1,
    synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 10 },
    weight_init = function(w) return snn.ones(w.shape) end })
  layer:add_neuron("exc", neuron or snn.LIF { shape = 3, step_time = 1, rest_v = -60,
    reset_v = -65, thresh_v = -50, refrac_t = 2, time_constant = 20 })
  function layer:wiring(inputs) return { exc = inputs.enc } end
  return layer
end

local IN = snn.ones(1, 2)

describe("detect_anomaly", function()
  after_each(function() snn.detect_anomaly(false) end)

  it("is off at first and says what it was", function()
    assert.is_false(snn.detect_anomaly(true))
    assert.is_true(snn.detect_anomaly())
    assert.is_true(snn.detect_anomaly(false))
  end)

  it("lets NaN pass while it is off, and keeps it in its neuron", function()
    local layer = make()
    layer.neurons.exc.voltage = snn.tensor { { -60, NAN, -60 } }
    layer { enc = IN }
    assert.same({ { false, true, false } }, layer.neurons.exc.voltage:isnan():totable())
  end)

  it("changes no result where there is no NaN", function()
    local one, other = make(), make()
    for _ = 1, 5 do
      snn.detect_anomaly(false)
      local spikes = one { enc = IN }.exc
      snn.detect_anomaly(true)
      assert.same(spikes:totable(), other { enc = IN }.exc:totable())
    end
    assert.same(one.neurons.exc.voltage:totable(), other.neurons.exc.voltage:totable())
  end)

  it("names layer, step, group and index of a voltage", function()
    local layer = make()
    layer { enc = IN }
    layer { enc = IN }
    layer.neurons.exc.voltage = snn.tensor { { -60, -60, NAN } }
    snn.detect_anomaly(true)
    support.fails("RuntimeError",
      "Layer: step 3: the voltage of neuron 'exc' is nan at index (1, 3)", layer, { enc = IN })
  end)

  it("names the class of a script's layer", function()
    local Mine = snn.class("Mine", snn.Layer)
    function Mine:init() snn.Layer.init(self) end
    local layer = Mine()
    layer:add_neuron("exc", make().neurons.exc)
    function layer:wiring() return { exc = snn.tensor { { 0, NAN, 0 } } } end
    snn.detect_anomaly(true)
    support.fails("RuntimeError", "Mine: step 1: the input of neuron 'exc' is nan at index (1, 2)",
      layer, {})
  end)

  it("names a connection whose current it is", function()
    local layer = make()
    layer.connections.enc.weight = snn.tensor { { 1, 1 }, { 1, 1 }, { 1, NAN } }
    snn.detect_anomaly(true)
    support.fails("RuntimeError", "the current of connection 'enc' is nan at index (1, 3)", layer,
      { enc = IN })
  end)

  it("names an adaptation", function()
    local layer = make(snn.Izhikevich { shape = 3, step_time = 1, rest_v = -60, crit_v = -50,
      affinity = 0.1, reset_v = -65, thresh_v = -40, refrac_t = 2, tc_membrane = 10,
      tc_adaptation = 10, voltage_coupling = 0, spike_increment = 1 })
    local neuron = layer.neurons.exc
    neuron.refrac = snn.full({ 1, 3 }, 2) -- held: the voltage stays as it is
    neuron.current_adaptation = snn.tensor { { 0 }, { NAN }, { 0 } }
    snn.detect_anomaly(true)
    support.fails("RuntimeError", "the current_adaptation of neuron 'exc' is nan at index (2, 1)",
      layer,
      { enc = IN })
  end)

  it("names a state of a synapse, which its current does not show", function()
    local layer = make()
    local connection = snn.LinearDense { in_shape = 3, out_shape = 3, step_time = 1,
      synapse = snn.TsodyksMarkram.partialconstructor { spike_charge = 1, time_constant = 5,
        tc_recovery = 100, tc_facilitation = 50, utilization = 0.5 } }
    layer:add_connection("other", connection)
    connection.synapse.u = snn.tensor { { 0, NAN, 0 } }
    snn.detect_anomaly(true)
    support.fails("RuntimeError",
      "the u of the synapse of connection 'other' is nan at index (1, 2)", layer,
      { enc = IN, other = snn.zeros { 1, 3 } })
  end)

  it("names a neuron that was given options as it names the others", function()
    local layer = make()
    function layer:wiring(inputs) return { exc = inputs.enc * NAN } end -- luacheck: ignore
    snn.detect_anomaly(true)
    support.fails("RuntimeError", "the input of neuron 'exc' is nan", layer, { enc = IN },
      { neuron_kwargs = { exc = { refrac_lock = true } } })
  end)

  it("leaves the layer as it was before the step", function()
    local layer = make()
    layer { enc = IN }
    local before = snn.tensor { { -60, -55, NAN } }
    layer.neurons.exc.voltage = before
    snn.detect_anomaly(true)
    pcall(layer, { enc = IN })
    local after = layer.neurons.exc.voltage
    assert.same({ -60, -55 }, { after[1][1], after[1][2] })
    snn.detect_anomaly(false)
    layer.neurons.exc.voltage = snn.full({ 1, 3 }, -60)
    snn.detect_anomaly(true)
    layer { enc = IN }
  end)

  it("refuses what is no boolean", function()
    support.fails("TypeError", "'on'", snn.detect_anomaly, 1)
  end)
end)
