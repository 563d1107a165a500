-- What is below a module and what it holds, to go over.
local snn = require "snn"
local support = require "spec.support"

local function layer_of()
  local layer = snn.Layer()
  layer:add_connection("c", snn.LinearDense {
    in_shape = 3, out_shape = 2, step_time = 1, bias = true, delay = 4,
    synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 },
  })
  layer:add_neuron("n", snn.LIF { shape = 2, step_time = 1, rest_v = -60, reset_v = -65,
    thresh_v = -50, refrac_t = 2, time_constant = 20 })
  layer:add_cell("c", "n")
  return layer
end

local function names(iterator)
  local out = {}
  for name in iterator do out[#out + 1] = name end
  return out
end

describe("Module", function()
  local layer
  before_each(function() layer = layer_of() end)

  it("goes over itself and all below, each once", function()
    local all, named = {}, {}
    for module in layer:modules() do all[#all + 1] = module end
    for _, module in layer:named_modules() do named[#named + 1] = module end
    assert.equal(layer, all[1])
    assert.equal(5, #all)
    for i, module in ipairs(named) do assert.equal(module, all[i]) end
  end)

  it("goes over those right below", function()
    assert.same({ "connections.c", "neurons.n", "cells.c.n" }, names(layer:named_children()))
    for name, child in layer.connections.c:named_children() do
      assert.equal("synapse", name)
      assert.equal(layer.connections.c.synapse, child)
    end
  end)

  it("tells what can be trained from other state; both are state_dict", function()
    assert.same({ "connections.c.weight", "connections.c.bias", "connections.c.delay" },
      names(layer:named_parameters()))
    local all = {}
    for name, t in layer:named_parameters() do all[name] = t end
    for name, t in layer:named_buffers() do
      assert.is_nil(all[name])
      all[name] = t
    end
    local state = layer:state_dict()
    for name, t in pairs(state) do assert.is_true(t:equal(all[name]), name) end
    for name in pairs(all) do assert.truthy(state[name], name) end
  end)

  it("counts its parameters", function()
    local n, buffers = 0, 0
    for p in layer:parameters() do n = n + p.numel end
    for b in layer:buffers() do buffers = buffers + (b.dtype and 1) end
    assert.equal(6 + 2 + 6, n)
    assert.equal(#names(layer:named_buffers()), buffers)
  end)

  it("takes a script's tensors for buffers", function()
    local Model = snn.class "Model"
    function Model:init()
      snn.Module.init(self)
      self.b, self.a, self.layer = snn.ones(2), snn.zeros(1), layer
    end
    local model = Model()
    local found = names(model:named_buffers())
    assert.same({ "a", "b" }, { found[1], found[2] })
    assert.same({ "layer.connections.c.weight", "layer.connections.c.bias",
      "layer.connections.c.delay" }, names(model:named_parameters()))
  end)

  it("has the arguments of its text", function()
    local poisson = snn.PoissonIntervalEncoder { steps = 3, step_time = 1, frequency = 5 }
    assert.equal("steps=3, step_time=1, frequency=5", poisson:extra_repr())
    assert.equal("", layer:extra_repr())
  end)

  it("has the text that a script's class gives", function()
    local Model = snn.class "Model"
    function Model:extra_repr() return "size=" .. self.size end
    local model = Model()
    model.size = 3
    assert.equal("Model(size=3)", tostring(model))
    local Broken = snn.class "Broken"
    function Broken:extra_repr() end
    assert.truthy(tostring(Broken()):find("^Broken%(<error in extra_repr: .*TypeError: extra_repr: "
      .. "a string must be returned"))
  end)

  it("names what is wrong", function()
    for _, name in ipairs { "modules", "named_children", "parameters", "named_parameters",
      "buffers", "named_buffers", "extra_repr" } do
      support.fails("TypeError", name, layer[name], 3)
    end
  end)
end)

describe("members as Inferno has them", function()
  it("absrefrac is a neuron's refractory time", function()
    local n = layer_of().neurons.n
    assert.equal(2, n.absrefrac)
    n.refrac_t = 3
    assert.equal(3, n.absrefrac)
    support.fails("AttributeError", "'absrefrac' cannot be set", function() n.absrefrac = 1 end)
    n.refrac_t = snn.tensor { 1, 4 }
    assert.same({ 1, 4 }, n.absrefrac:totable())
  end)

  it("ndim and nclass are a classifier's sizes", function()
    local c = snn.MaxRateClassifier { shape = { 2, 3 }, num_classes = 4 }
    assert.same({ 2, 4 }, { c.ndim, c.nclass })
  end)
end)
