-- Sizes that a file asks for: what it is worth bounds the memory that they get.
local folder = require "spec.io.folder"
local snn = require "snn"
local support = require "spec.support"

describe("a file whose sizes are not those of its states", function()
  local path, tools

  local function neuron()
    return snn.LIF { shape = 1000, step_time = 1, rest_v = -65, reset_v = -60, thresh_v = -52,
      refrac_t = 3, time_constant = 20 }
  end

  before_each(function()
    path = folder.name()
    tools = folder.tools()
  end)
  after_each(function() os.remove(path) end)

  it("is refused before it gets the memory", function()
    local n = neuron()
    snn.save(path, { n = n })
    local tensors, metadata = tools.read_saved("load", path)
    tensors["n.batchsz"] = snn.tensor(100000, { dtype = "int64" })
    metadata["snnlua.resized.n"] = "" -- as if the run had assigned it
    tools.write_saved("save", path, tensors, metadata, 1)
    support.fails("RuntimeError", "not enough memory", snn.load, path, { n = n })
    assert.equal(1, n.batchsz)
    assert.same({ 1, 1000 }, n.voltage.shape)
  end)

  it("has no bound afterwards, nor does one of its own size", function()
    local n, small = neuron(), neuron()
    n.batchsz = 3000
    snn.save(path, { n = n })
    snn.load(path, { n = small })
    assert.same({ 3000, 1000 }, small.voltage.shape)
    assert.equal(50000000, snn.zeros(50000000).numel)
  end)
end)
