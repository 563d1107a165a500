local snn = require "snn"

local function exact(changes)
  local args = { shape = 3, step_time = 1, rest_v = -60, thresh_v = -40 }
  for name, value in pairs(changes or {}) do args[name] = value end
  return snn.ExactNeuron(args)
end

local function fails(kind, text, fn, ...)
  local ok, err = pcall(fn, ...)
  assert.is_false(ok)
  assert.equal(kind, err.kind)
  assert.truthy(err.message:find(text, 1, true), err.message)
end

describe("ExactNeuron", function()
  it("spikes where the input is positive", function()
    local neuron = exact()
    assert.same({ { true, false, false } }, neuron(snn.tensor { { 0.5, 0, -2 } }):totable())
    assert.same({ { true, false, false } }, neuron.spike:totable())
    assert.same({ { -40, -60, -60 } }, neuron.voltage:totable())
  end)

  it("emits the override whatever the input is", function()
    local neuron = exact()
    local spikes = neuron(snn.tensor { { 1, 1, -1 } }, { override = snn.tensor { { 0, -0.5, 2 } } })
    assert.same({ { false, true, true } }, spikes:totable())
    assert.same({ { -60, -40, -40 } }, neuron.voltage:totable())
  end)

  it("takes an override of bool, also as a view", function()
    local override = snn.tensor { { true }, { false }, { true } }
    local spikes = exact()(snn.zeros(1, 3), { override = override:transpose(1, 2) })
    assert.same({ { true, false, true } }, spikes:totable())
  end)

  it("does not share its spikes with the override", function()
    local override = snn.tensor { { true, false, true } }
    local neuron = exact()
    neuron(snn.zeros(1, 3), { override = override })
    override:fill_(false)
    assert.same({ { true, false, true } }, neuron.spike:totable())
  end)

  it("spikes step after step and is never refractory", function()
    local neuron = exact()
    for _ = 1, 3 do
      assert.same({ { true, true, true } }, neuron(snn.ones(1, 3)):totable())
      assert.same({ { 0, 0, 0 } }, neuron.refrac:totable())
    end
  end)

  it("does not spike on NaN", function()
    assert.same({ { false, false, true } }, exact()(snn.tensor { { 0 / 0, 0, 1 } }):totable())
  end)

  it("has a new shape at once with another batch size", function()
    local neuron = exact()
    neuron(snn.ones(1, 3))
    neuron.batchsz = 2
    assert.same({ 2, 3 }, neuron.spike.shape)
    assert.same({ { -60, -60, -60 }, { -60, -60, -60 } }, neuron.voltage:totable())
    assert.same({ 2, 3 }, neuron.refrac.shape)
  end)

  it("refuses an override of another shape and stays as it was", function()
    local neuron = exact()
    neuron(snn.ones(1, 3))
    fails("ValueError", "'override' has shape {3}, must be {1, 3}", neuron, snn.zeros(1, 3),
      { override = snn.ones(3) })
    fails("TypeError", "'override' must be a tensor", neuron, snn.zeros(1, 3), { override = true })
    assert.same({ { true, true, true } }, neuron.spike:totable())
  end)

  it("refuses wrong arguments", function()
    fails("ValueError", "'rest_v' must be less than 'thresh_v'", exact, { rest_v = -40 })
    fails("ValueError", "'step_time'", exact, { step_time = 0 })
    fails("TypeError", "unknown argument 'refrac_t'", exact, { refrac_t = 1 })
    fails("TypeError", "unknown argument 'resistance'", exact, { resistance = 1 })
  end)
end)
