-- The lists of sizes that tensors and objects give.
local snn = require "snn"
local support = require "spec.support"

describe("a shape", function()
  it("is text as scripts write it", function()
    assert.equal("{2, 3}", tostring(snn.zeros(2, 3).shape))
    assert.equal("{}", tostring(snn.tensor(1).shape))
    local neuron = snn.ExactNeuron { shape = { 4, 5 }, step_time = 1, rest_v = -60, thresh_v = -50 }
    assert.equal("{4, 5}", tostring(neuron.shape))
  end)

  it("is text of what a script has made of it", function()
    local shape = snn.zeros(2, 3).shape
    shape[3] = "x"
    assert.equal("{2, 3, x}", tostring(shape))
  end)

  it("equals a shape, and a plain list, of the same sizes", function()
    local shape = snn.zeros(2, 3).shape
    assert.is_true(shape == snn.ones(2, 3).shape)
    assert.is_true(shape == { 2, 3 } and { 2, 3 } == shape)
    assert.is_false(shape == { 2 } or shape == { 2, 3, 4 } or shape == { 3, 2 })
    assert.is_false(shape == "{2, 3}" or shape == 2)
  end)

  it("is a list for all else", function()
    local shape = snn.zeros(2, 3).shape
    assert.same({ 2, 3 }, shape)
    assert.equal("2 3", table.concat(shape, " "))
    assert.equal(2, #shape)
    local sum = 0
    for _, size in ipairs(shape) do sum = sum + size end
    assert.equal(5, sum)
    assert.same({ 2, 3 }, snn.zeros(shape).shape)
  end)

  it("is copied and saved as a list", function()
    local Keeps = snn.class("KeepsShape", snn.Module)
    function Keeps:init()
      snn.Module.init(self)
      self.sizes = snn.zeros(2, 3).shape
    end
    local object = Keeps()
    local copy = snn.copy(object)
    copy.sizes[1] = 7
    assert.equal("{7, 3}", tostring(copy.sizes))
    assert.equal("{2, 3}", tostring(object.sizes))
    local path = support.file ""
    snn.save(path, { sizes = object.sizes })
    local back = { sizes = {} }
    snn.load(path, back)
    os.remove(path)
    assert.same({ 2, 3 }, back.sizes)
  end)
end)
