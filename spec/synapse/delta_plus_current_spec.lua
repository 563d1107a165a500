local snn = require "snn"
local fails = require("spec.support").fails

local function make(changes)
  local args = { shape = 3, step_time = 2, spike_charge = 100 }
  for name, value in pairs(changes or {}) do args[name] = value end
  return snn.DeltaPlusCurrent(args)
end

describe("DeltaPlusCurrent", function()
  it("gives charge over time at spikes, for one step", function()
    local synapse = make()
    assert.same({ { 50, 0, 50 } }, synapse(snn.tensor { { 1, 0, 1 } }):totable())
    assert.same({ { 0, 50, 0 } }, synapse(snn.tensor { { 0, 1, 0 } }):totable())
  end)

  it("adds all injected currents", function()
    local synapse = make()
    local out = synapse(snn.tensor { { 1, 0, 0 } }, snn.tensor { { 1, 2, 3 } },
      snn.tensor({ { 10, 20, 30 } }, { dtype = "float64" }), snn.ones(1, 3))
    assert.same({ { 62, 23, 34 } }, out:totable())
    assert.same({ { true, false, false } }, synapse.spike:totable())
  end)

  it("scales with a graded input, of which any but 0 is a spike", function()
    local synapse = make()
    assert.same({ { 25, -50, 0 } }, synapse(snn.tensor { { 0.5, -1, 0 } }):totable())
    assert.same({ { true, true, false } }, synapse.spike:totable())
  end)

  it("keeps currents in its history, injected ones as well", function()
    local synapse = make { delay = 4 }
    synapse(snn.zeros(1, 3), snn.tensor { { 1, 2, 3 } })
    synapse(snn.tensor { { 1, 0, 0 } })
    synapse(snn.zeros(1, 3))
    local times = snn.tensor { { { 4, 2, 3 }, { 4, 2, 0.5 }, { 4, 9, 2.5 } } }
    assert.same({ { { 1, 50, 1 }, { 2, 0, 0 }, { 3, 0, 3 } } },
      synapse:current_at(times):totable())
  end)

  it("reads the nearer step with interp_mode = 'nearest'", function()
    local synapse = make { delay = 4, interp_mode = "nearest" }
    synapse(snn.zeros(1, 3), snn.ones(1, 3))
    synapse(snn.zeros(1, 3), snn.full({ 1, 3 }, 2))
    assert.same({ { 2, 1, 1 } }, synapse:current_at(snn.tensor { { 0.9, 1, 1.1 } }):totable())
  end)

  it("takes a current that is assigned as that of the newest step", function()
    local synapse = make()
    synapse.current = snn.tensor { { 1, 2, 3 } }
    assert.same({ { 1, 2, 3 } }, synapse.current:totable())
    fails("ValueError", "'current' must have shape {1, 3}",
      function() synapse.current = snn.ones(3) end)
  end)

  it("refuses an injected current of another shape, and stays as it was", function()
    local synapse = make()
    synapse(snn.tensor { { 1, 0, 1 } })
    fails("ValueError", "an injected current has shape {3}", synapse, snn.ones(1, 3), snn.ones(3))
    assert.same({ { 50, 0, 50 } }, synapse.current:totable())
  end)

  it("passes injected currents on through a connection and a layer", function()
    local connection = snn.LinearDense { in_shape = 2, out_shape = 1, step_time = 1,
      synapse = snn.DeltaPlusCurrent.partialconstructor { spike_charge = 1 } }
    connection.weight = snn.tensor { { 2, 3 } }
    local spikes, injected = snn.tensor { { 1, 0 } }, snn.tensor { { 0.5, 1 } }
    assert.same({ { 6 } }, connection(spikes, injected):totable())
    local layer = snn.Serial { connection = connection, neuron = snn.LIF { shape = 1,
      step_time = 1, rest_v = -60, reset_v = -65, thresh_v = -50, refrac_t = 2,
      time_constant = 20 } }
    local _, mid = layer:forward(spikes, injected, { capture_intermediate = true })
    assert.same({ { 6 } }, mid:totable())
  end)

  it("names a wrong mode", function()
    fails("RuntimeError", "'interp_mode' must be one of", make, { interp_mode = "linear" })
  end)
end)
