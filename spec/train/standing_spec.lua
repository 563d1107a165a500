-- What rules of the last spikes' times keep from call to call (src/train/standing.c): it is
-- what the same rules work out anew on tensors in each call, which reductions and kernels by
-- functions ask for.
local snn = require "snn"
local cells = require "spec.train.cells"

local functional = snn.functional
local INPUTS <const>, OUTPUTS <const> = 37, 23

local function adjusted(rates)
  return { lr_pos = rates[1], lr_neg = rates[2], tc_pos = 12, tc_neg = 7 }
end

local function kernels(rates)
  return {
    kernel_post = functional.exp_stdp_post_kernel, kernel_pre = functional.exp_stdp_pre_kernel,
    kernel_post_kwargs = { learning_rate = rates[1], time_constant = 12 },
    kernel_pre_kwargs = { learning_rate = rates[2], time_constant = 7 },
  }
end

local RULES <const> = {
  { "KernelSTDP", kernels, no_delay = true }, { "DelayAdjustedSTDP", adjusted },
  { "DelayAdjustedKernelSTDP", kernels }, { "DelayAdjustedMSTDP", adjusted, signal = true },
  { "DelayAdjustedSTDPD", adjusted, param = "delay" },
}

-- The same by a function, of which the rule knows nothing.
local function slow(rule, args)
  args.batch_reduction = function(t, dim) return rule.signal and t:sum(dim) or t:mean(dim) end
  return args
end

-- A cell of spikes that are rare, so that most of what is kept stays; `plan.at(i, layer,
-- trainer)` runs before step i. Returns its weights and delays, and the layer.
local function train(rule, args, plan)
  snn.manual_seed(4)
  local batch = plan.batch or 1
  local layer = cells.serial(plan.synapses and "LinearSparse" or "LinearDense", {
    in_shape = INPUTS, out_shape = OUTPUTS, synapses = plan.synapses,
    step_time = plan.step_time or 1, batch_size = batch, dtype = plan.dtype or "float32",
    delay = not rule.no_delay and 4 or nil, weight_init = { "uniform", 0.2, 0.8 } })
  local connection = layer.connection
  if not rule.no_delay then connection.delay = snn.rand(connection.delay.shape) * 2 + 1 end
  local trainer = snn[rule[1]](args)
  trainer:register_cell("cell", layer.cell)
  if plan.bound then layer.updater[rule.param or "weight"]:upperbound(plan.bound, 4) end
  for i = 1, plan.steps or 30 do
    if plan.at then plan.at(i, layer, trainer) end
    cells.step(layer, snn.rand(batch, INPUTS):lt(0.03), snn.rand(batch, OUTPUTS):lt(0.03))
    for _ = 1, plan.calls or 1 do
      if rule.signal then trainer(plan.signal and plan.signal(i) or 0.5) else trainer() end
    end
    if i % (plan.every or 1) == 0 then layer:update() end
  end
  return layer, trainer
end

local function check(rule, rates, plan)
  local a, b = train(rule, rule[2](rates), plan), train(rule, slow(rule, rule[2](rates)), plan)
  for _, name in ipairs { "weight", "delay" } do
    local x, y = a.connection[name], b.connection[name]
    if x then assert.is_true(x:allclose(y, 1e-5, 1e-6), name) end
  end
end

for _, rule in ipairs(RULES) do
  describe("what " .. rule[1] .. " keeps", function()
    for _, batch in ipairs { 1, 4 } do
      it(("is worked out where it changes, of %d samples"):format(batch), function()
        for _, dtype in ipairs { "float32", "float64" } do
          for _, rates in ipairs { { 0.01, -0.02 }, { -0.01, 0.02 }, { 0.01, 0.02 },
            { 0, -0.01 } } do
            check(rule, rates, { batch = batch, dtype = dtype })
          end
        end
      end)

      it(("is bounded side by side, of %d samples"):format(batch), function()
        check(rule, { 0.01, -0.02 }, { batch = batch,
          bound = snn.functional.bound_upper_multiplicative })
      end)

      it(("adds up over calls and steps, of %d samples"):format(batch), function()
        check(rule, { 0.01, -0.02 }, { batch = batch, calls = 2 })
        check(rule, { 0.01, -0.02 }, { batch = batch, every = 3 })
      end)

      it(("follows settings, delays and clears, of %d samples"):format(batch), function()
        check(rule, { 0.01, -0.02 }, { batch = batch, at = function(i, layer, trainer)
          if i == 8 and layer.connection.delay then
            layer.connection.delay = layer.connection.delay * 0.5
          elseif i == 12 and rule[2] == adjusted then
            trainer.lr_pos, trainer.tc_neg = 0.03, 20
          elseif i == 17 then
            trainer:clear()
          elseif i == 20 then
            trainer:load_state_dict(trainer:state_dict())
          end
        end })
      end)
    end

    it("is one for each synapse where few are", function()
      for _, batch in ipairs { 1, 3 } do
        local synapses = snn.connect.bernoulli { p = 0.3 }
        check(rule, { 0.01, -0.02 }, { synapses = synapses, batch = batch })
        check(rule, { 0.01, -0.02 }, { synapses = synapses, batch = batch, every = 3,
          bound = snn.functional.bound_upper_multiplicative })
      end
    end)

    it("follows synapses that come and go", function()
      check(rule, { 0.01, -0.02 }, { synapses = snn.connect.bernoulli { p = 0.3 },
        at = function(i, layer)
          if i == 12 then layer.connection:prune { below = 0.3 } end
        end })
    end)

    it("stays exact with steps that are no whole milliseconds", function()
      check(rule, { 0.01, -0.02 }, { step_time = 0.1, steps = 80 })
      snn.warnings(false)
      finally(function() snn.warnings(true) end)
      check(rule, { 0.01, -0.02 }, { step_time = 0.7, at = function(i, layer)
        if i == 15 then layer.dt = 0.3 end
      end })
    end)

    if rule.signal then
      it("has means over the terms of a side", function()
        local plan = { signal = function(i) return snn.tensor { i % 3 - 1 } end }
        local found = {}
        for i, reduction in ipairs { "mean", function(t, dim) return t:mean(dim) end } do
          local args = rule[2] { 0.01, 0.02 }
          args.batch_reduction = reduction
          found[i] = train(rule, args, plan).connection.weight
        end
        assert.is_true(found[1]:allclose(found[2], 1e-5, 1e-6))
      end)

      it("goes to the sides that a signal says", function()
        local signals = { 0.5, -2, 0, 1 }
        check(rule, { 0.01, -0.02 }, { signal = function(i) return signals[i % 4 + 1] end })
        check(rule, { 0.01, -0.02 }, { batch = 3,
          signal = function(i) return signals[i % 4 + 1] end })
        check(rule, { 0.01, -0.02 }, { signal = function(i) return snn.tensor { i % 3 - 1 } end })
      end)
    end

    it("goes on from a saved state in all bits", function()
      local function continued(saved)
        local layer, state
        local twin = train(rule, rule[2] { 0.01, -0.02 }, { at = function(i, l, trainer)
          layer = l
          if i == 14 then
            state = { trainer:state_dict(), l:state_dict() }
            if saved then
              trainer:clear()
              trainer:load_state_dict(state[1])
              l:load_state_dict(state[2])
            end
          end
        end })
        assert.equal(layer, twin)
        return twin.connection
      end
      local a, b = continued(false), continued(true)
      assert.is_true(a.weight:equal(b.weight))
      assert.is_true(not a.delay or a.delay:equal(b.delay))
    end)
  end)
end

describe("what stands", function()
  it("is saved as it waits, of synapses too", function()
    local path = os.tmpname()
    finally(function() os.remove(path) end)
    local function at(i, layer)
      if i ~= 14 then return end
      snn.save(path, { layer = layer })
      snn.load(path, { layer = layer })
    end
    for _, synapses in ipairs { false, snn.connect.bernoulli { p = 0.3 } } do
      local plan = { every = 9, synapses = synapses or nil }
      local untouched = train(RULES[1], kernels { 0.01, -0.02 }, plan)
      plan.at = at
      local saved = train(RULES[1], kernels { 0.01, -0.02 }, plan)
      assert.is_true(untouched.connection.weight:equal(saved.connection.weight))
    end
  end)

  it("waits on each side as what is above 0 of it", function()
    local layer = train(RULES[1], kernels { 0.01, -0.02 }, { every = 100 })
    local acc = layer.updater.weight
    local pos, neg = acc.pos, acc.neg
    assert.is_true(pos:sum():item() > 0 and neg:sum():item() > 0)
    assert.is_true(pos:ge(0):all():item() and neg:ge(0):all():item())
  end)
end)
