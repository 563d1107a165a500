local snn = require "snn"
local support = require "spec.support"
local near = require "spec.near"
local fails = support.fails
local F <const> = snn.functional

---Asserts the elements within 1e-12 (float64) or 1e-6 relative.
for _, dtype in ipairs { "float32", "float64" } do
  local function of(list) return snn.tensor(list, { dtype = dtype }) end

  describe("interpolation in " .. dtype, function()
    local prev, next = of { 1, 2, -4 }, of { 3, 6, 4 }
    -- of steps of 2 ms: nearer to the previous, in the middle, nearer to the next
    local at = of { 0.5, 1, 1.5 }

    it("selects", function()
      near({ 1, 2, -4 }, F.interp_previous(prev, next, at, 2))
      near({ 3, 6, 4 }, F.interp_next(prev, next, at, 2))
      near({ 1, 2, 4 }, F.interp_nearest(prev, next, at, 2))
    end)

    it("follows a line", function()
      near({ 1.5, 4, 2 }, F.interp_linear(prev, next, at, 2))
    end)

    it("follows a decay", function()
      local want = { math.exp(-0.125), 2 * math.exp(-0.25), -4 * math.exp(-0.375) }
      near(want, F.interp_expdecay(prev, next, at, 2, { time_constant = 4 }))
      near(want, F.interp_expratedecay(prev, next, at, 2, { rate_constant = 0.25 }))
    end)

    it("keeps the dtype", function()
      assert.equal(dtype, F.interp_linear(prev, next, at, 2).dtype)
      assert.equal(dtype, F.interp_expdecay(prev, next, at, 2, { time_constant = 4 }).dtype)
    end)

    it("takes one time for all", function()
      near({ 1.5, 3, -2 }, F.interp_linear(prev, next, 0.5, 2))
      near({ 3, 6, 4 }, F.interp_nearest(prev, next, 1.5, 2))
    end)
  end)

  describe("extrapolation in " .. dtype, function()
    local prev, next, sample = of { 1, 2, 3 }, of { 10, 20, 30 }, of { 4, 5, 6 }
    local at = of { 0.5, 1, 1.5 }

    local function both(want_prev, want_next, ...)
      local p, n = ...
      near(want_prev, p)
      near(want_next, n)
    end

    it("selects", function()
      both({ 4, 5, 6 }, { 10, 20, 30 }, F.extrap_previous(sample, at, prev, next, 2))
      both({ 1, 2, 3 }, { 4, 5, 6 }, F.extrap_next(sample, at, prev, next, 2))
      both({ 4, 5, 6 }, { 4, 5, 6 }, F.extrap_neighbors(sample, at, prev, next, 2))
      both({ 4, 5, 3 }, { 10, 20, 6 }, F.extrap_nearest(sample, at, prev, next, 2))
    end)

    it("follows a line from either side", function()
      both({ 1, 2, 3 }, { 13, 8, 7 }, F.extrap_linear_forward(sample, at, prev, next, 2))
      both({ 2, -10, -66 }, { 10, 20, 30 }, F.extrap_linear_backward(sample, at, prev, next, 2))
    end)

    it("adjusts the end that it starts from", function()
      local options = { adjust = function(t) return -t end }
      both({ -1, -2, -3 }, { 19, 12, 9 },
        F.extrap_linear_forward(sample, at, prev, next, 2, options))
      both({ 26 / 3, 30, 114 }, { -10, -20, -30 },
        F.extrap_linear_backward(sample, at, prev, next, 2, options))
    end)

    it("is undone by interpolation", function()
      for name, options in pairs { expdecay = { time_constant = 3 }, expratedecay = {
        rate_constant = 0.2 } } do
        local p, n = F["extrap_" .. name](sample, at, prev, next, 2, options)
        near({ 4, 5, 6 }, F["interp_" .. name](p, n, at, 2, options))
        near(n:totable(), F["interp_" .. name](p, n, 2, 2, options))
      end
    end)
  end)

  describe("kernels in " .. dtype, function()
    it("share the time axis between them", function()
      local diff, options = of { -4, 0, 2 }, { learning_rate = 0.5, time_constant = 2 }
      near({ 0, 0.5, 0.5 * math.exp(-1) }, F.exp_stdp_post_kernel(diff, options))
      near({ 0.5 * math.exp(-2), 0, 0 }, F.exp_stdp_pre_kernel(diff, options))
      assert.equal(dtype, F.exp_stdp_pre_kernel(diff, options).dtype)
    end)

    it("are 0 at no spike and NaN at no time", function()
      local options = { learning_rate = 1, time_constant = 2 }
      near({ 0, 0 }, F.exp_stdp_post_kernel(of { math.huge, -math.huge }, options))
      assert.is_true(F.exp_stdp_post_kernel(of { 0 / 0 }, options):isnan()[1])
    end)
  end)
end

describe("functions between steps", function()
  local x = snn.ones(2)

  it("return tensors of their own", function()
    local y = F.interp_previous(x, x, 0, 1)
    y:fill_(7)
    assert.equal(1, x[1])
  end)

  it("select spikes", function()
    local spikes = snn.tensor { true, false }
    local nearest = F.interp_nearest(spikes, spikes:logical_not(), snn.tensor { 0, 1 }, 1)
    assert.same({ true, true }, nearest:totable())
  end)

  it("name what is wrong", function()
    fails("TypeError", "interp_linear: 'prev' must be a tensor, got nil", F.interp_linear)
    fails("TypeError", "'sample_at' must be a number or a tensor", F.interp_next, x, x, "1", 1)
    fails("TypeError", "'step_time' must be a number", F.interp_next, x, x, 1)
    fails("ValueError", "'step_time' must be greater than 0", F.interp_next, x, x, 1, 0)
    fails("TypeError", "'time_constant' is missing", F.interp_expdecay, x, x, 0, 1)
    fails("TypeError", "did you mean 'time_constant'", F.interp_expdecay, x, x, 0, 1,
      { time_constnt = 1 })
    fails("TypeError", "unknown option 'time_constant'", F.interp_linear, x, x, 0, 1,
      { time_constant = 1 })
    fails("TypeError", "'adjust' must return a tensor", F.extrap_linear_forward, x, 0.5, x, x, 1,
      { adjust = function() return 1 end })
    fails("TypeError", "'learning_rate'", F.exp_stdp_pre_kernel, x, { time_constant = 1 })
    fails("ValueError", "", F.interp_linear, x, snn.ones(3), 0, 1)
  end)
end)
