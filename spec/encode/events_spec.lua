-- Events that an encoder hands on with a step.
local snn = require "snn"

describe("the events of a step", function()
  -- A connection goes by events; a copy of the spikes has to find them anew.
  local function currents(shape, x)
    local inputs = math.tointeger(x:reshape(#x, -1).shape[2])
    local connection = snn.LinearDense { in_shape = shape, out_shape = 20, step_time = 1,
      batch_size = #x, synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 } }
    local encoder = snn.HomogeneousPoissonEncoder { steps = 20, step_time = 1, frequency = 100 }
    assert.equal(connection.weight.shape[2], inputs)
    local checked = 0
    for spikes in encoder:steps_of(x) do
      assert.truthy(connection(spikes):equal(connection(spikes:clone())))
      checked = checked + 1
    end
    return checked
  end

  it("are those of its spikes, also where samples are blank", function()
    snn.manual_seed(2)
    local x = snn.rand(6, 5, 31) * snn.rand(6, 5, 31):lt(0.4)
    x[1], x[3], x[6] = 0, 0, 0
    assert.equal(20, currents({ 5, 31 }, x))
  end)

  it("are none of a blank batch", function()
    assert.equal(20, currents({ 40 }, snn.zeros(3, 40)))
  end)

  it("are those of many spikes in small samples", function()
    assert.equal(20, currents({ 3 }, snn.ones(50, 3)))
  end)

  -- lists of a step's spikes are made otherwise where many inputs spike
  for frequency, what in pairs { [5] = "few", [900] = "many" } do
    it(("come with the spikes of the whole train where %s inputs spike"):format(what), function()
      local x = snn.rand(4, 90) * snn.rand(4, 90):lt(0.7)
      local encoder = snn.HomogeneousPoissonEncoder { steps = 300, step_time = 1,
        frequency = frequency, refrac = 0 }
      snn.manual_seed(3)
      local train, step = encoder(x), 0
      snn.manual_seed(3)
      for spikes in encoder:steps_of(x) do
        step = step + 1
        assert.truthy(spikes:equal(train[step]))
      end
      assert.equal(300, step)
    end)
  end
end)
