-- Intensities as they are, in each step.
local snn = require "snn"

describe("DirectEncoder", function()
  it("presents the intensities in each step", function()
    local x = snn.tensor { { 0.25, 1 }, { 0, 0.5 } }
    local train = snn.DirectEncoder { steps = 3, step_time = 1 }(x)
    assert.same({ 3, 2, 2 }, train.shape)
    for step = 1, 3 do assert.is_true(train[step]:equal(x)) end
  end)

  it("scales them by the amplitude, and takes any finite number", function()
    local encoder = snn.DirectEncoder { steps = 1, step_time = 1, amplitude = -3 }
    assert.same({ { { 6, -0.75 } } }, encoder(snn.tensor { { -2, 0.25 } }):totable())
  end)

  it("keeps a real dtype, and gives float32 for others", function()
    local encoder = snn.DirectEncoder { steps = 2, step_time = 1 }
    for given, want in pairs { float64 = "float64", float32 = "float32", bool = "float32",
      int64 = "float32" } do
      local x = snn.ones({ 1, 2 }, { dtype = given })
      assert.equal(want, encoder(x).dtype)
      assert.equal(want, encoder:steps_of(x)().dtype)
    end
  end)

  -- dV/dt = -(V - rest)/tau + I/tau with a threshold: T = tau ln(I / (I - theta))
  it("makes a neuron spike at the interval of its constant current", function()
    local neuron = snn.LIF { shape = 1, step_time = 0.1, rest_v = 0, reset_v = 0, thresh_v = 10,
      refrac_t = 0, time_constant = 20 }
    local encoder = snn.DirectEncoder { steps = 5000, step_time = 0.1, amplitude = 20 }
    local spikes = {}
    local step = 0
    for now in encoder:steps_of(snn.tensor { { 0.8 } }) do
      step = step + 1
      if neuron(now):item() then spikes[#spikes + 1] = step * 0.1 end
    end
    local interval = 20 * math.log(16 / 6)
    assert.near(interval, (spikes[#spikes] - spikes[1]) / (#spikes - 1), 0.1)
  end)
end)
