-- Rows of state as fields: what class.state lists is what objects have.
local snn = require "snn"
local support = require "spec.support"

local function row_of(class, name)
  for _, row in ipairs(class.state) do
    if row.name == name then return row end
  end
end

describe("class.state", function()
  it("says of a state what it is", function()
    assert.same({ name = "voltage", of = "neuron", type = "real", unit = "mV", saved = true,
      doc = "membrane voltage, mV" }, row_of(snn.LIF, "voltage"))
  end)

  it("has the model's own rows and those of its family, each once", function()
    local names = {}
    for _, row in ipairs(snn.ALIF.state) do names[#names + 1] = row.name end
    assert.same({ "threshold_adaptation", "adaptation_remainder", "voltage", "voltage_remainder",
      "refrac", "spike" }, names)
  end)

  it("lists what state_dict holds as saved", function()
    local neuron = snn.LIF { shape = 2, step_time = 1, rest_v = -60, reset_v = -65,
      thresh_v = -50, refrac_t = 2, time_constant = 20 }
    local saved, held = {}, {}
    for _, row in ipairs(snn.LIF.state) do saved[row.name] = row.saved or nil end
    for name in pairs(neuron:state_dict()) do held[name] = true end
    assert.same(saved, held)
  end)
end)

describe("a field that is a state", function()
  local neuron
  before_each(function()
    neuron = snn.LIF { shape = 2, step_time = 1, rest_v = -60, reset_v = -65, thresh_v = -50,
      refrac_t = 2, time_constant = 20 }
  end)

  it("is refused another shape, by its name", function()
    support.fails("ValueError", "LIF: 'voltage' has shape {3}, must be {1, 2}",
      function() neuron.voltage = snn.zeros(3) end)
  end)

  it("is refused what is no tensor", function()
    support.fails("TypeError", "LIF: 'voltage' must be a tensor, got nil",
      function() neuron.voltage = nil end)
  end)

  it("is offered to who misspells it", function()
    support.fails("AttributeError", "'voltage'", function() return neuron.volage end)
  end)

  it("cannot be set where only loading a state sets it", function()
    support.fails("AttributeError", "LIF: 'spike' cannot be set",
      function() neuron.spike = snn.zeros { 1, 2 } end)
  end)
end)
