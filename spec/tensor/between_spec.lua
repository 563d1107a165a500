-- What lies between two steps, on tensors of all kinds: broadcasting, dtypes. The laws
-- themselves: spec/lua/functional_spec.lua.
local snn = require "snn"
local near = require "spec.near"
local fails = require("spec.support").fails
local F <const> = snn.functional

local function t(list, dtype) return snn.tensor(list, { dtype = dtype }) end

describe("laws between steps", function()
  local prev, next = t { { 1, 2 }, { 3, 4 } }, t { { 5, 6 }, { 7, 8 } }

  it("broadcast what they read", function()
    near({ { 3, 3 }, { 5, 5 } }, F.interp_linear(prev, next, t { 1, 0.5 }, 2))
    near({ { 2, 2.5 } }, F.interp_linear(t { { 1 } }, t { { 5 } }, t { 0.5, 0.75 }, 2))
    near({ { 1, 6 }, { 3, 8 } }, F.interp_nearest(prev, next, t { 1, 1.5 }, 2))
    near({ { 0, 0 } },
      F.interp_expdecay(t { { 0 } }, t { 1 }, 1, 2, { time_constant = t { 1, 2 } }))
  end)

  it("leave what they choose in its dtype, and compute in the widest real one", function()
    local big = (1 << 53) + 1
    local whole = t({ 1, big }, "int64")
    assert.same({ 1, big }, F.interp_previous(whole, whole, 0, 1):totable())
    assert.equal("int64", F.interp_nearest(whole, whole, t { 0, 1 }, 1).dtype)
    assert.equal("bool", F.interp_next(whole:gt(0), whole:gt(1), 0, 1).dtype)
    assert.equal("float32", F.interp_linear(whole:gt(0), whole:gt(1), 0.5, 1).dtype)
    assert.equal("float32", F.interp_expdecay(whole, whole, 0, 1, { time_constant = 1 }).dtype)
    assert.equal("float64",
      F.interp_linear(prev, next, t({ 1, 1 }, "float64"), 2).dtype)
  end)

  it("compute in double, and round once", function()
    local a, b = t { 1e8 }, t { 1 }
    assert.equal(string.unpack("f", string.pack("f", 1e8 + (1 - 1e8) / 3 * 1)),
      F.interp_linear(a, b, 1, 3):item())
  end)

  it("do what the reducers do between theirs", function()
    local trace = snn.CumulativeTraceReducer {
      step_time = 1, time_constant = 5, amplitude = 1, target = true, duration = 2 }
    local rate = snn.EMAReducer { step_time = 1, alpha = 0.3, duration = 2 }
    local states = { {}, {} }
    for i = 1, 3 do
      local x = t { i % 2, 1 }
      trace(x:gt(0))
      rate(x)
      states[1][i], states[2][i] = trace:peek():clone(), rate:peek():clone()
    end
    local decay = { time_constant = 5 }
    near(F.interp_expdecay(states[1][2], states[1][3], 0.25, 1, decay):totable(),
      trace:view(0.75))
    near(F.interp_linear(states[2][2], states[2][3], 0.25, 1):totable(), rate:view(0.75))
  end)

  it("refuse shapes that do not broadcast, and name the function", function()
    fails("ValueError", "interp_linear: ", F.interp_linear, prev, next, snn.ones(3), 2)
    fails("ValueError", "extrap_expdecay: ", F.extrap_expdecay, prev, snn.ones(3), prev, next, 2,
      { time_constant = 1 })
  end)
end)
