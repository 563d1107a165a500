-- Objects under scripts that go wrong: classes and objects used in ways that no
-- script should, at times when none should.
local snn = require "snn"
local support = require "spec.support"

local raises = support.fails

local function lif(args)
  local all = {
    shape = 3, step_time = 1, rest_v = -60, reset_v = -65, thresh_v = -50, refrac_t = 2,
    time_constant = 20,
  }
  for k, v in pairs(args or {}) do all[k] = v end
  return all
end

local function synapse(...)
  return snn.DeltaCurrent.partialconstructor { spike_charge = 100 } (...)
end

local function dense(class, fn)
  return class { in_shape = 4, out_shape = 3, step_time = 1, synapse = fn or synapse }
end

-- Runs fn in a finalizer of the next collection, after those of all objects
-- that are made later; the errors it collects come back.
local function at_end(fn)
  local errors = {}
  setmetatable({}, { __gc = function()
    fn(function(what, ...)
      local _, err = pcall(...)
      errors[what] = err
    end)
  end })
  return errors
end

describe("classes", function()
  it("are called as classes only", function()
    local construct = getmetatable(snn.LIF).__call
    raises("TypeError", "'class' must be a class, got table", construct, {})
    raises("TypeError", "'class' must be a class, got number 5", construct, 5)
    raises("TypeError", "'class' must be a class", construct)
  end)

  it("have nothing but their methods and texts in them", function()
    for key, value in pairs(snn.LIF) do
      assert.equal("string", type(key))
      assert.is_nil(type(value) == "table" and value.__gc or nil)
    end
  end)

  it("may be copied, which makes no class", function()
    local copy = {}
    for k, v in pairs(snn.LIF) do copy[k] = v end
    raises("TypeError", "'parent' must be a class, got table", snn.class, "Own", copy)
  end)

  it("go when nobody holds them", function()
    local weak = setmetatable({ snn.class "Gone" }, { __mode = "v" })
    collectgarbage()
    assert.is_nil(weak[1])
  end)
end)

describe("an init", function()
  it("that runs again while arguments are read ends once", function()
    local Twice = snn.class("Twice", snn.LIF)
    function Twice:init(args)
      local me, reads = self, {}
      for k, v in pairs(args) do reads[k] = v end
      args = setmetatable({ refrac_t = reads.refrac_t }, { __index = function(_, key)
        if key == "shape" then snn.LIF.init(me, reads) end
        return reads[key]
      end })
      snn.LIF.init(self, args)
    end
    raises("RuntimeError", "init: called twice on one object", Twice, lif())
  end)

  it("that runs again in the function of its synapse ends once", function()
    local Twice = snn.class("Twice", snn.LinearDense)
    function Twice:init(args)
      local me = self
      local again = { in_shape = 4, out_shape = 3, step_time = 1, synapse = synapse }
      args.synapse = function(...)
        snn.LinearDense.init(me, again)
        return synapse(...)
      end
      snn.LinearDense.init(self, args)
    end
    raises("RuntimeError", "init: called twice on one object", dense, Twice)
  end)
end)

describe("a call", function()
  it("of an object whose forward is no function is a TypeError", function()
    local neuron = snn.LIF(lif())
    neuron.forward = 5
    raises("TypeError", "'forward' must be a function, got number 5", neuron, snn.zeros(1, 3))
    neuron:register_forward_hook(function() end)
    raises("TypeError", "'forward' must be a function, got number 5", neuron, snn.zeros(1, 3))
  end)
end)

describe("in a finalizer", function()
  it("a connection is of no use when its synapse is gone", function()
    local Late = snn.class("Late", snn.LinearDense)
    local errors
    function Late:init(args)
      local me = self
      args.synapse = function(...)
        errors = at_end(function(try)
          try("forward", function() return me:forward(snn.ones(1, 4)) end)
          try("synspike", function() return me.synspike end)
        end)
        return synapse(...)
      end
      snn.LinearDense.init(self, args)
    end
    do dense(Late) end
    collectgarbage()
    assert.equal("RuntimeError", errors.forward.kind)
    assert.equal("RuntimeError", errors.synspike.kind)
  end)

  it("an updater is of no use when its accumulators are gone", function()
    local Late = snn.class("Late", snn.Updater)
    local errors
    function Late:init(args)
      local me = self
      errors = at_end(function(try)
        try("clear", function() me:clear() end)
        try("call", function() me() end)
      end)
      snn.Updater.init(self, args)
    end
    do Late { module = dense(snn.LinearDense) } end
    collectgarbage()
    assert.equal("RuntimeError", errors.clear.kind)
    assert.equal("RuntimeError", errors.call.kind)
  end)
end)
