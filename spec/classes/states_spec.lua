-- The table `states` of a script's class.
local snn = require "snn"
local own = require "spec.classes.own"
local fails = own.fails

local function class_of(states, parent)
  local class = snn.class("Mine", parent or snn.Module)
  class.states = states
  return class
end

local function neuron_of(states)
  local class = class_of(states, snn.Neuron)
  function class:forward(input) return input:gt(0) end
  return class { shape = { 2, 3 }, step_time = 1, batch_size = 4, dtype = "float64" }
end

describe("the states that a class declares", function()
  it("have the shapes and types that they say", function()
    local m = neuron_of { a = { of = "neuron" }, b = { of = "batch", type = "bool" },
      c = { of = "shape", type = "int64", init = 7 }, d = { of = "one", type = "float64" },
      e = { of = { 5, 0 } }, f = { of = 3 } }
    assert.same({ { 4, 2, 3 }, { 4 }, { 2, 3 }, {}, { 5, 0 }, { 3 } },
      { m.a.shape, m.b.shape, m.c.shape, m.d.shape, m.e.shape, m.f.shape })
    assert.same({ "float64", "bool", "int64", "float64" },
      { m.a.dtype, m.b.dtype, m.c.dtype, m.d.dtype })
    assert.equal(7, m.c[2][3])
    assert.same({}, class_of { g = { of = "one" } }().g.shape)
    local enc = class_of({ i = { of = "input" }, o = { of = "output" }, w = { of = "weight" } },
      snn.Connection) { in_shape = { 2, 2 }, out_shape = 3, step_time = 1,
      synapse = own.delta() }
    assert.same({ { 1, 2, 2 }, { 1, 3 }, { 3, 4 } }, { enc.i.shape, enc.o.shape, enc.w.shape })
  end)

  it("begin with a number or what a function of the object gives", function()
    local class, calls = class_of { a = { of = 2, init = function(self)
      return self.scale * snn.ones(2)
    end }, b = { of = 2, init = function(self) return self.scale end } }, 0
    function class.init(self, scale)
      snn.Module.init(self)
      self.scale, calls = scale, calls + 1
    end
    local m = class(3)
    assert.same({ { 3, 3 }, { 3, 3 } }, { m.a:totable(), m.b:totable() })
    m.a, m.scale = 5, 4
    assert.same({ 5, 5 }, m.a:totable())
    m:clear()
    assert.same({ 4, 4 }, m.a:totable())
  end)

  it("take tensors of their shape and numbers, and nothing else", function()
    local m = neuron_of { a = { of = "neuron" } }
    m.a = snn.full({ 4, 2, 3 }, 2, { dtype = "int64" })
    assert.equal("float64", m.a.dtype)
    m.a = 1.5
    assert.equal(36, m.a:sum():item())
    fails(function() m.a = snn.zeros(2, 3) end, "ValueError", "'a' must have shape {4, 2, 3}, got "
      .. "{2, 3}")
    fails(function() m.a = "x" end, "TypeError", "'a' must be a tensor or a number")
    fails(function() m.a = nil end, "TypeError", "'a' must be a tensor or a number")
    assert.equal(36, m.a:sum():item())
    fails(function() m.a:fill_(1) end, "RuntimeError", "field")
    local given = snn.zeros(4, 2, 3)
    m.a = given
    given:fill_(9)
    assert.equal(0, m.a:sum():item())
  end)

  it("are saved but for those that say not, and loaded", function()
    local states = { a = { of = 2 }, b = { of = 2, saved = false } }
    local class = class_of(states)
    local one, other = class(), class()
    one.a, one.b = 3, 4
    local state = one:state_dict()
    assert.is_nil(state.b)
    other:load_state_dict(state)
    assert.same({ { 3, 3 }, { 0, 0 } }, { other.a:totable(), other.b:totable() })
    fails(function() other:load_state_dict { a = snn.zeros(3) } end, "ValueError", "shape {3}")
  end)

  it("stand in class.state as those of the library do", function()
    local m = neuron_of { w = { of = "neuron", unit = "mV", doc = "what it wants" } }
    local rows = {}
    for _, row in ipairs(m.state) do rows[row.name] = row end
    assert.same({ name = "w", of = "neuron", type = "real", unit = "mV", doc = "what it wants",
      saved = true }, rows.w)
    assert.equal("mV", rows.voltage.unit)
    assert.is_nil(snn.Neuron.state[#snn.Neuron.state + 1])
  end)

  it("are those of the parents too", function()
    local Parent = class_of { a = { of = 1 }, b = { of = 1, init = 1 } }
    local Child = class_of({ b = { of = 2, init = 2 } }, Parent)
    local child = Child()
    assert.same({ { 0 }, { 2, 2 } }, { child.a:totable(), child.b:totable() })
    assert.same({ 1 }, Parent().b:totable())
  end)

  it("are refused where they say what is none", function()
    local cases = {
      { { a = 3 }, "TypeError", "'a' must be a table such as" },
      { { a = { of = "nueron" } }, "TypeError", "'a.of' must be 'neuron', 'batch', 'shape', 'one'"
        .. ", a list of sizes, got string 'nueron'" },
      { { a = {} }, "TypeError", "'a.of' must be" },
      { { a = { of = { -1 } } }, "ValueError", "sizes" },
      { { a = { of = "one", type = "float16" } }, "TypeError", "'a.type' must be" },
      { { a = { of = "one", init = "0" } }, "TypeError", "'a.init' must be a number or a" },
      { { a = { of = "one", saved = 1 } }, "TypeError", "'a.saved' must be true or false" },
      { { a = { of = "one", unti = "mV" } }, "TypeError", "did you mean 'unit'" },
      { { voltage = { of = "neuron" } }, "ValueError", "'voltage' cannot be declared, a Neuron" },
      { { clear = { of = "neuron" } }, "ValueError", "'clear' cannot be a state" },
      { { ["a b"] = { of = "one" } }, "ValueError", "an identifier" },
      { { [1] = { of = "one" } }, "ValueError", "an identifier" },
      { 5, "TypeError", "'states' must be a table" },
    }
    for _, case in ipairs(cases) do
      local ok, err = pcall(neuron_of, case[1])
      assert.is_false(ok, case[3])
      fails(function() error(err, 0) end, case[2], case[3])
    end
  end)

  it("tell of an init that is of no use", function()
    local m = neuron_of { a = { of = "one", init = function(self) return self.a end },
      b = { of = "neuron", init = function() return snn.zeros(2) end },
      c = { of = "one", init = function() return nil end },
      d = { of = "one", init = function() error("mine") end } }
    fails(function() return m.a end, "RuntimeError", "reads the state itself")
    fails(function() return m.b end, "ValueError", "'b' must have shape {4, 2, 3}")
    fails(function() return m.c end, "TypeError", "'c' must be a tensor or a number")
    fails(function() return m.d end, nil, "mine")
    m.d = 1
    assert.equal(1, m.d:item())
  end)

  it("are of classes below those of the library, and go back with a step", function()
    local Slow = class_of({ fired = { of = "shape", type = "int64" } }, snn.LIF)
    function Slow:forward(input)
      local spikes = snn.LIF.forward(self, input)
      self.fired = self.fired + spikes:to("int64"):sum(1)
      return spikes
    end
    local layer = snn.Layer()
    layer:add_connection("enc", snn.LinearDense { in_shape = 1, out_shape = 2, step_time = 1,
      synapse = own.delta(), weight_init = snn.full({ 2, 1 }, 100) })
    local exc = layer:add_neuron("exc", Slow { shape = 2, step_time = 1, rest_v = -60,
      reset_v = -60, thresh_v = -50, refrac_t = 1, time_constant = 20 })
    function layer:wiring(inputs) return { exc = inputs.enc } end
    layer { enc = snn.ones(1, 1) }
    assert.same({ 1, 1 }, exc.fired:totable())
    local monitor = snn.OutputMonitor { module = exc,
      reducer = snn.PassthroughReducer { step_time = 1 }, map = function() error("watcher") end }
    monitor:register()
    fails(function() layer { enc = snn.ones(1, 1) } end, nil, "watcher")
    assert.same({ 1, 1 }, exc.fired:totable())
  end)

  it("live as long as their object", function()
    local weak = setmetatable({}, { __mode = "v" })
    do
      local m = neuron_of { a = { of = "neuron", init = function(self) return self.voltage end } }
      weak[1], m.me = m, m
      assert.equal(0, m.a:sum():item())
    end
    collectgarbage()
    collectgarbage()
    assert.is_nil(weak[1])
  end)
end)
