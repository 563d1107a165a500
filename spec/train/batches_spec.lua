-- What a trainer does when connection and neurons were not recorded for the
-- same number of samples.
local snn = require "snn"
local raises = require("spec.support").fails

local function connection(batch)
  return snn.LinearDense {
    in_shape = 4, out_shape = 3, step_time = 1, batch_size = batch,
    synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 100 },
  }
end

local function neurons(batch)
  return snn.LIF {
    shape = 3, step_time = 1, batch_size = batch, rest_v = -60, reset_v = -65, thresh_v = -50,
    refrac_t = 2, time_constant = 20,
  }
end

describe("STDP", function()
  it("refuses a step with other batch sizes on its two sides", function()
    local layer = snn.Layer { wiring = function() return { exc = snn.ones(5, 3) } end }
    local enc = layer:add_connection("enc", connection(2))
    layer:add_neuron("exc", neurons(5))
    enc.updater = enc:defaultupdater()
    local trainer = snn.STDP { lr_post = 1, lr_pre = 1, tc_post = 20, tc_pre = 20 }
    trainer:register_cell("cell", layer:add_cell("enc", "exc"))
    layer { enc = snn.ones(2, 4) }
    raises("RuntimeError", "'trace_post' was recorded for 5 samples, 'trace_pre' for 2", trainer)
    assert.is_nil(enc.updater.weight.pos)
  end)
end)
