-- Reducers of scripts: RecordReducer, FoldReducer, EligibilityTraceReducer; fold and
-- interpolate of the library's own.
local snn = require "snn"
local near = require "spec.near"
local support = require "spec.support"
local models = require "spec.every.models"

describe("FoldReducer", function()
  local Max

  before_each(function()
    Max = snn.class("Max", snn.FoldReducer)
    function Max:fold(obs, state) return state and state:maximum(obs) or obs end
    function Max:interpolate(prev, next, sample_at, step_time) -- luacheck: no self
      return snn.functional.interp_linear(prev, next, sample_at, step_time)
    end
  end)

  for _, dtype in ipairs { "float32", "float64" } do
    it("records what its fold makes of observations, in " .. dtype, function()
      local m = Max { step_time = 1, duration = 3, fill = -1 }
      assert.is_nil(m:peek())
      assert.is_nil(m:view(0))
      m(snn.tensor({ 1, 5 }, { dtype = dtype }))
      m(snn.tensor({ 3, 2 }, { dtype = dtype }))
      near(snn.tensor({ 3, 5 }, { dtype = dtype }), m:peek())
      near(snn.tensor({ { 3, 5 }, { 1, 5 }, { -1, -1 } }, { dtype = dtype }), m:dump())
      near(snn.tensor({ 2.5, 5 }, { dtype = dtype }), m:view(0.25))
      near(snn.tensor({ 2, 5 }, { dtype = dtype }), m:view(snn.tensor { 0.5, 1 }))
    end)
  end

  it("takes several observations", function()
    local Sum = snn.class("Sum", snn.FoldReducer)
    function Sum:fold(a, b, state) return (state or 0) + a * b end -- luacheck: no self
    local s = Sum { step_time = 1 }
    s(snn.tensor { 1, 2 }, snn.tensor { 3, 4 })
    s(snn.tensor { 1, 1 }, snn.tensor { 1, 1 })
    near(snn.tensor { 4, 9 }, s:peek())
  end)

  it("begins anew after a clear", function()
    local m = Max { step_time = 1, duration = 2 }
    m(snn.tensor { 9 })
    m:clear { keepshape = true }
    assert.is_nil(m:peek())
    m(snn.tensor { 1 })
    near(snn.tensor { { 1 }, { 0 } }, m:dump())
  end)

  it("is saved, loaded and goes on", function()
    local one, other = Max { step_time = 1 }, Max { step_time = 1 }
    one(snn.tensor { 4, 1 })
    other:load_state_dict(one:state_dict())
    other(snn.tensor { 2, 2 })
    near(snn.tensor { 4, 2 }, other:peek())
  end)

  it("is a monitor's reducer, of a step that fails too", function()
    local n = snn.LIF { shape = 2, step_time = 1, rest_v = -60, reset_v = -65, thresh_v = -50,
      refrac_t = 2, time_constant = 20 }
    local c = snn.LinearDense { in_shape = 2, out_shape = 2, step_time = 1,
      synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 },
      weight_init = snn.ones(2, 2) }
    local broken = false
    local layer = snn.Layer { wiring = function(_, inputs) return { n = inputs.c } end }
    layer:add_connection("c", c)
    layer:add_neuron("n", n)
    local monitor = snn.OutputMonitor { module = n, reducer = Max { step_time = 1, duration = 2 },
      map = function(x) return x:to("float32") end }
    n:register_forward_hook(function() if broken then error("broken", 0) end end)
    layer { c = snn.tensor { { true, true } } }
    near(snn.tensor { { 0, 0 } }, monitor:peek())
    broken = true
    assert.is_false((pcall(layer, { c = snn.tensor { { true, true } } })))
    near(snn.tensor { { { 0, 0 } }, { { 0, 0 } } }, monitor:dump())
    assert.equal(1, monitor.reducer.observed:item())
  end)

  it("says what is missing or wrong, and records nothing then", function()
    local bare = snn.FoldReducer { step_time = 1, duration = 2 }
    support.fails("RuntimeError", "fold must be implemented", bare, snn.zeros(1))
    function bare:fold() end
    support.fails("TypeError", "fold: a tensor must be returned, got nil", bare, snn.zeros(1))
    assert.is_nil(bare:peek())
    function bare:fold(x) return x end -- luacheck: no self
    bare(snn.ones(2))
    support.fails("ValueError", "shape", bare, snn.ones(3))
    near(snn.ones(2), bare:view(0))
    support.fails("RuntimeError", "interpolate must be implemented", bare.view, bare, 0.5)
  end)
end)

describe("RecordReducer", function()
  local Two

  before_each(function()
    Two = snn.class("Two", snn.RecordReducer)
    function Two:init(args)
      snn.RecordReducer.init(self, args)
      self.a, self.b = snn.RecordTensor { step_time = 3 }, snn.RecordTensor { step_time = 7 }
      self:add_record("a", "b")
    end
    function Two:forward(x)
      self.a:push(x)
      self.b:push(x * 2)
    end
  end)

  it("gives its records its settings, also later", function()
    local two = Two { step_time = 0.5, duration = 2, inclusive = true }
    for _, record in ipairs { two.a, two.b } do
      assert.same({ 0.5, 2, true, 5 },
        { record.dt, record.duration, record.inclusive, record.recordsz })
    end
    two.dt, two.duration, two.inclusive = 1, 4, false
    for _, record in ipairs { two, two.a, two.b } do
      assert.same({ 1, 4, false, 4 },
        { record.dt, record.duration, record.inclusive, record.recordsz })
    end
  end)

  it("refuses a setting as a whole", function()
    local two = Two { step_time = 0.5, duration = 2 }
    support.fails("ValueError", "must be greater than 0", function() two.dt = -1 end)
    support.fails("ValueError", "'duration'", function() two.duration = -1 end)
    assert.same({ 0.5, 2, 0.5, 2 }, { two.dt, two.duration, two.a.dt, two.b.duration })
  end)

  it("has its records as part of its state, and clears them", function()
    local two, other = Two { step_time = 1 }, Two { step_time = 1 }
    two(snn.tensor { 1, 2 })
    other:load_state_dict(two:state_dict())
    near(snn.tensor { 2, 4 }, other.b:peek())
    other:clear()
    assert.is_nil(other.a:peek())
  end)

  it("says what is wrong", function()
    local two = Two { step_time = 1 }
    support.fails("AttributeError", "there is no field 'c'", two.add_record, two, "c")
    two.c = snn.PassthroughReducer { step_time = 1 }
    support.fails("TypeError", "'c' must be a RecordTensor", two.add_record, two, "c")
    local bare = snn.RecordReducer { step_time = 1 }
    support.fails("RuntimeError", "forward must be implemented", bare, snn.zeros(1))
  end)
end)

describe("EligibilityTraceReducer", function()
  -- z' = z exp(-dt / tc) + sum(x y) / tc
  for _, dtype in ipairs { "float32", "float64" } do
    it("sums over the receptive field and decays, in " .. dtype, function()
      local z = snn.EligibilityTraceReducer {
        step_time = 2, time_constant = 4,
        obs_reshape = function(x) return x:view(1, 2, 2) end,
        cond_reshape = function(x) return x:view(1, 1, 2) end,
      }
      local x, d = snn.tensor({ 1, 2, 3, 4 }, { dtype = dtype }), math.exp(-0.5)
      z(x, snn.tensor { true, true })
      near(snn.tensor({ { 3 / 4, 7 / 4 } }, { dtype = dtype }), z:peek())
      z(x, snn.tensor { false, true })
      near(snn.tensor({ { 3 / 4 * d + 2 / 4, 7 / 4 * d + 1 } }, { dtype = dtype }), z:peek())
      assert.equal(dtype, z:peek().dtype)
    end)
  end

  it("is the eligibility of MSTDPET on a dense connection", function()
    snn.manual_seed(3)
    local c = snn.LinearDense { in_shape = 3, out_shape = 2, step_time = 1,
      synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 },
      weight_init = snn.ones(2, 3) }
    local z = snn.EligibilityTraceReducer {
      step_time = 1, time_constant = 10, duration = 2,
      obs_reshape = function(x) return c:presyn_receptive(x) end,
      cond_reshape = function(x) return c:postsyn_receptive(x) end,
    }
    local want = snn.zeros(1, 2, 3)
    for _ = 1, 4 do
      local pre, post = snn.rand(1, 3), snn.rand(1, 2):lt(0.5)
      z(pre, post)
      want = want * math.exp(-0.1) + post:to("float32"):unsqueeze(3) * pre:unsqueeze(2) / 10
      near(want, z:peek(), 1e-6)
    end
    near(z:view(1) * math.exp(-0.05), z:view(0.5), 1e-6)
  end)

  it("has its arguments as fields", function()
    local function nothing() end
    local z = snn.EligibilityTraceReducer {
      step_time = 1, time_constant = 4, obs_reshape = nothing, cond_reshape = nothing,
    }
    assert.is_true(z.inclusive)
    z.time_constant = 8
    assert.equal(8, z.time_constant)
    support.fails("TypeError", "'time_constant' must be a number above 0", function()
      z.time_constant = -1
    end)
    support.fails("TypeError", "'cond_reshape' is missing", snn.EligibilityTraceReducer,
      { step_time = 1, time_constant = 4, obs_reshape = nothing })
    support.fails("TypeError", "'obs_reshape' must return a tensor", z, snn.ones(1), snn.ones(1))
  end)
end)

local VALUES = {
  step_time = 1, time_constant = 8, amplitude = 0.5, scale = 2, alpha = 0.25, target = 1,
  criterion = function(x) return x:gt(0.5) end,
}

for _, name in ipairs(models.below(snn.Reducer)) do
  local class = snn[name]
  if rawget(class, "arguments") then
    describe("fold of " .. name, function()
      local function make(more)
        local args = {}
        for _, a in ipairs(class.arguments) do args[a.name] = VALUES[a.name] end
        for key, value in pairs(more or {}) do args[key] = value end
        return class(args)
      end

      it("is what a step does, and records nothing", function()
        snn.manual_seed(11)
        local one, other = make(), make()
        for _ = 1, 3 do
          local x, where = snn.rand(2, 3), snn.rand(2, 3):lt(0.4)
          local before = one:peek()
          local got = one:fold(x, where, before)
          assert.same(before and before:totable(), one:peek() and one:peek():totable())
          one(x, where)
          other(x, where)
          near(one:peek(), got, 1e-6)
        end
      end)

      it("has the interpolation that view uses", function()
        snn.manual_seed(12)
        local r = make { duration = 3 }
        for _ = 1, 3 do r(snn.rand(2), snn.rand(2):lt(0.4)) end
        local prev, next = r:view(1), r:view(0)
        near(r:view(0.25), r:interpolate(prev, next, 0.75, 1), 1e-6)
        near(r:view(0.25), r:interpolate(prev, next, snn.full({ 2 }, 0.75), 1), 1e-6)
      end)
    end)
  end
end
