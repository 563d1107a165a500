-- What the engine's objects keep beside their states, saved and loaded into fresh ones.
local snn = require "snn"
local twin = require "spec.twin"

local function serial()
  local connection = snn.LinearDense {
    in_shape = 4, out_shape = 3, step_time = 0.1,
    synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 60 },
  }
  local neuron = snn.LIF {
    shape = 3, step_time = 0.1, rest_v = -60, reset_v = -65, thresh_v = -50, refrac_t = 2,
    time_constant = 20, resistance = 5,
  }
  return snn.Serial { connection = connection, neuron = neuron }
end

local function copied(from, to)
  twin.load({ object = to }, twin.save { object = from })
  return to
end

describe("a layer that was loaded", function()
  it("has its time to the last bit, now and later", function()
    local layer, other = serial(), serial()
    layer.time = 1 / 3
    for _ = 1, 7 do layer(snn.ones(1, 4):gt(0)) end
    copied(layer, other)
    for _ = 1, 100 do
      assert.equal(layer.time, other.time)
      layer(snn.ones(1, 4):gt(0))
      other(snn.ones(1, 4):gt(0))
    end
  end)

  it("counts its steps on in what it tells of a NaN", function()
    local layer = serial()
    for _ = 1, 7 do layer(snn.ones(1, 4):gt(0)) end
    local other = copied(layer, serial())
    local mode = snn.detect_anomaly(true)
    other.connection.weight = snn.full({ 3, 4 }, 0 / 0)
    local ok, err = pcall(other, snn.ones(1, 4):gt(0))
    snn.detect_anomaly(mode or false)
    assert.is_false(ok)
    assert.matches("step 8", tostring(err))
  end)

  it("refuses a time that is none, and is as it was", function()
    local layer, other = serial(), serial()
    layer(snn.ones(1, 4):gt(0))
    for _, change in ipairs { { ["time.since"] = 1 / 0 }, { ["time.dt"] = -1 },
      { ["time.steps"] = -1 }, { ["time.steps"] = 1 << 62 }, { steps = 0.5 }, { steps = "1" },
      { ["time.since"] = true } } do
      local saved = twin.save { object = layer }
      for _, values in pairs(saved.values) do
        if values["time.since"] then
          for name, value in pairs(change) do values[name] = value end
        end
      end
      assert.is_false((pcall(twin.load, { object = other }, saved)))
      assert.equal(0, other.time)
    end
  end)
end)
