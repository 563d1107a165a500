local snn = require "snn"
local cells = require "spec.train.cells"
local fails = require("spec.support").fails
local near = require "spec.near"
local step = cells.step

-- three steps of two inputs and two outputs
local PRE = { { { 1, 0 } }, { { 0, 1 } }, { { 1, 1 } } }
local POST = { { { 0, 1 } }, { { 1, 0 } }, { { 0, 1 } } }
-- of weight (output, input): x_pre at post spikes, x_post at pre spikes; the
-- trace of the inputs is (1, 0), (0.5, 1), (1.25, 1.5), that of the outputs
-- (0, 0.5), (0.5, 0.25), (0.25, 0.625)
local AT_POST = { { { 0, 0 }, { 1, 0 } }, { { 0.5, 1 }, { 0, 0 } }, { { 0, 0 }, { 1.25, 1.5 } } }
local AT_PRE = { { { 0, 0 }, { 0.5, 0 } }, { { 0, 0.5 }, { 0, 0.25 } },
  { { 0.25, 0.25 }, { 0.625, 0.625 } } }

local function sum(a, b)
  if type(a) ~= "table" then return a + b end
  local out = {}
  for i in ipairs(a) do out[i] = sum(a[i], b[i]) end
  return out
end

--- Runs the three steps; pos and neg of each.
local function run(trainer, layer)
  local pos, neg, accumulator = {}, {}, layer.updater.weight
  for i = 1, 3 do
    step(layer, PRE[i], POST[i])
    trainer()
    pos[i] = accumulator.pos and accumulator.pos:totable()
    neg[i] = accumulator.neg and accumulator.neg:totable()
    accumulator:clear()
  end
  return pos, neg
end

local function trained(layer, changes, overrides)
  local trainer = cells.stdp(changes)
  trainer:register_cell("cell", layer.cell, overrides)
  return trainer
end

local ZERO = { { { 0, 0 }, { 0, 0 } }, { { 0, 0 }, { 0, 0 } }, { { 0, 0 }, { 0, 0 } } }

describe("STDP", function()
  for _, dtype in ipairs { "float32", "float64" } do
    context("in " .. dtype, function()
      local layer
      before_each(function() layer = cells.serial("LinearDense", { dtype = dtype }) end)

      it("is Hebbian with lr_post > 0 > lr_pre", function()
        local pos, neg = run(trained(layer), layer)
        near(AT_POST, pos)
        near(AT_PRE, neg)
      end)

      it("is anti-Hebbian with lr_post < 0 < lr_pre", function()
        local pos, neg = run(trained(layer, { lr_post = -1, lr_pre = 0.5 }), layer)
        near(AT_PRE, pos)
        near(AT_POST, neg)
      end)

      it("only adds with both positive", function()
        local pos, neg = run(trained(layer, { lr_pre = 0.5 }), layer)
        near(sum(AT_POST, AT_PRE), pos)
        assert.same({}, neg)
      end)

      it("only subtracts with both negative", function()
        local pos, neg = run(trained(layer, { lr_post = -1 }), layer)
        assert.same({}, pos)
        near(sum(AT_POST, AT_PRE), neg)
      end)

      it("sets its traces with trace_mode = 'nearest'", function()
        local pos, neg = run(trained(layer, { trace_mode = "nearest" }), layer)
        near({ AT_POST[1], AT_POST[2], { { 0, 0 }, { 1, 1 } } }, pos)
        near({ AT_PRE[1], AT_PRE[2], { { 0.25, 0.25 }, { 0.5, 0.5 } } }, neg)
      end)

      it("gives terms of the connection's dtype", function()
        run(trained(layer), layer)
        trained(layer)
        step(layer, PRE[1], POST[1])
        local trainer = trained(layer)
        step(layer, PRE[1], POST[1])
        trainer()
        assert.equal(dtype, layer.updater.weight.pos.dtype)
      end)
    end)
  end

  it("takes zero for a learning rate: that side is off", function()
    local layer = cells.serial()
    local pos, neg = run(trained(layer, { lr_post = 0 }), layer)
    near(ZERO, pos)
    near(AT_PRE, neg)
    layer = cells.serial()
    pos, neg = run(trained(layer, { lr_pre = 0 }), layer)
    near(AT_POST, pos)
    assert.same({}, neg)
  end)

  it("decays each trace with its own time constant", function()
    local layer = cells.serial()
    local trainer = trained(layer, { tc_pre = 20, tc_post = 5 })
    for _ = 1, 2 do step(layer, { { 1, 0 } }, { { 1, 0 } }) end
    local unit = trainer:get_unit "cell"
    near({ { 1 + math.exp(-1 / 20), 0 } }, unit.monitors.trace_pre:peek())
    near({ { 0.5 + 0.5 * math.exp(-1 / 5), 0 } }, unit.monitors.trace_post:peek())
  end)

  it("decays by the connection's step time", function()
    local layer = cells.serial("LinearDense", { step_time = 4 })
    local trainer = trained(layer, { tc_pre = 20 })
    step(layer, { { 1, 0 } }, { { 0, 0 } })
    step(layer, { { 0, 0 } }, { { 0, 0 } })
    near({ { math.exp(-4 / 20), 0 } }, trainer:get_monitor("cell", "trace_pre"):peek())
  end)

  it("trains a direct connection elementwise", function()
    local layer = cells.serial "LinearDirect"
    local pos, neg = run(trained(layer), layer)
    near({ { 0, 0 }, { 0.5, 0 }, { 0, 1.5 } }, pos)
    near({ { 0, 0 }, { 0, 0.25 }, { 0.25, 0.625 } }, neg)
  end)

  it("trains a lateral connection but for its diagonal", function()
    local layer = cells.serial "LinearLateral"
    local trainer = trained(layer)
    for i = 1, 3 do
      step(layer, PRE[i], POST[i])
      trainer()
      layer:update()
    end
    near({ { 0, 1 - 0.5 - 0.25 }, { 1 + 1.25 - 0.5 - 0.625, 0 } }, layer.connection.weight)
  end)

  it("takes connections of any shape", function()
    local layer = cells.serial("LinearDense", { in_shape = { 2, 1 }, out_shape = { 1, 2 } })
    local trainer = trained(layer)
    for i = 1, 2 do
      step(layer, snn.tensor(PRE[i]):reshape(1, 2, 1), snn.tensor(POST[i]):reshape(1, 1, 2))
    end
    trainer()
    near(AT_POST[2], layer.updater.weight.pos)
    near(AT_PRE[2], layer.updater.weight.neg)
  end)

  it("adds to what the updater has", function()
    local layer = cells.serial()
    local trainer = trained(layer)
    layer.updater.weight.pos = snn.ones(2, 2)
    step(layer, PRE[1], POST[1])
    trainer()
    near({ { 1, 1 }, { 2, 1 } }, layer.updater.weight.pos)
  end)

  it("counts a step again when it is called again", function()
    local layer = cells.serial()
    local trainer = trained(layer)
    step(layer, PRE[1], POST[1])
    trainer()
    trainer()
    near({ { 0, 0 }, { 2, 0 } }, layer.updater.weight.pos)
  end)

  it("has no use for delayed = true without delays", function()
    local layer, other = cells.serial(), cells.serial("LinearDense", { delay = 0 })
    local pos, neg = run(trained(layer, { delayed = true, interp_tolerance = 0.1 }), layer)
    near(AT_POST, pos)
    near(AT_PRE, neg)
    pos, neg = run(trained(other, { delayed = true }), other)
    near(AT_POST, pos)
    near(AT_PRE, neg)
  end)

  context("of a batch", function()
    -- the pairs of three samples, of which the second is the three steps above
    local function random_steps(class)
      snn.manual_seed(9)
      local steps, n = {}, class == "LinearDense" and 3 or 2
      for i = 1, 3 do
        local pre, post = snn.rand(3, 2):lt(0.5), snn.rand(3, n):lt(0.5)
        steps[i] = { pre, post }
      end
      return steps, n
    end

    local function terms(class, batch, reduction, steps, n, first)
      local changes = { batch_size = batch }
      if class == "LinearDense" then changes.out_shape = n end
      local layer = cells.serial(class, changes)
      local trainer = trained(layer, { batch_reduction = reduction })
      for _, s in ipairs(steps) do
        step(layer, s[1]:narrow(1, first, batch), s[2]:narrow(1, first, batch))
        trainer()
      end
      return layer.updater.weight.pos, layer.updater.weight.neg
    end

    for _, class in ipairs { "LinearDense", "LinearDirect" } do
      it("is the sum or the mean over the samples: " .. class, function()
        local steps, n = random_steps(class)
        local pos, neg = terms(class, 1, "sum", steps, n, 1)
        for b = 2, 3 do
          local p, q = terms(class, 1, "sum", steps, n, b)
          pos, neg = pos + p, neg + q
        end
        local got_pos, got_neg = terms(class, 3, "sum", steps, n, 1)
        near(pos:totable(), got_pos)
        near(neg:totable(), got_neg)
        got_pos, got_neg = terms(class, 3, "mean", steps, n, 1)
        near((pos / 3):totable(), got_pos)
        near((neg / 3):totable(), got_neg)
        got_pos = terms(class, 3, nil, steps, n, 1)
        near((pos / 3):totable(), got_pos)
      end)

      it("is the largest or the smallest of the samples: " .. class, function()
        local steps, n = random_steps(class)
        steps = { steps[1] }
        local each = {}
        for b = 1, 3 do each[b] = { terms(class, 1, "sum", steps, n, b) } end
        local pos, neg = terms(class, 3, "max", steps, n, 1)
        near(snn.stack({ each[1][1], each[2][1], each[3][1] }, 1):amax(1):totable(), pos)
        near(snn.stack({ each[1][2], each[2][2], each[3][2] }, 1):amax(1):totable(), neg)
        pos, neg = terms(class, 3, "min", steps, n, 1)
        near(snn.stack({ each[1][1], each[2][1], each[3][1] }, 1):amin(1):totable(), pos)
        near(snn.stack({ each[1][2], each[2][2], each[3][2] }, 1):amin(1):totable(), neg)
      end)

      it("is by events what it is for a function: " .. class, function()
        local steps, n = random_steps(class)
        for name, fn in pairs {
          mean = function(t, dim) return t:mean(dim) end,
          sum = function(t, dim) return t:sum(dim) end,
        } do
          local pos, neg = terms(class, 3, name, steps, n, 1)
          local by_fn, neg_by_fn = terms(class, 3, fn, steps, n, 1)
          near(pos:totable(), by_fn)
          near(neg:totable(), neg_by_fn)
        end
      end)
    end

    it("changes lateral weights by events as by a function", function()
      local weights = {}
      for i, reduction in ipairs { "mean", function(t, dim) return t:mean(dim) end } do
        local layer = cells.serial("LinearLateral", { shape = 7, batch_size = 4 })
        local trainer = trained(layer, { batch_reduction = reduction })
        snn.manual_seed(3)
        for _ = 1, 5 do
          step(layer, snn.rand(4, 7):lt(0.4), snn.rand(4, 7):lt(0.4))
          trainer()
          layer:update()
        end
        weights[i] = layer.connection.weight
      end
      near(weights[2]:totable(), weights[1])
      assert.equal(0, (weights[1] * snn.eye(7)):abs():sum():item())
    end)

    it("gives the function all samples and the first dimension", function()
      local layer, seen = cells.serial("LinearDense", { batch_size = 3 }), {}
      local trainer = trained(layer, {
        batch_reduction = function(t, dim)
          seen[#seen + 1] = { t.shape, dim }
          return t:sum(dim)
        end,
      })
      step(layer, snn.ones(3, 2), snn.ones(3, 2))
      trainer()
      assert.same({ { { 3, 2, 2 }, 1 }, { { 3, 2, 2 }, 1 } }, seen)
    end)

    it("wants a tensor of the weight's shape from the function", function()
      local result
      local layer = cells.serial("LinearDense", { batch_size = 3 })
      local trainer = trained(layer, { batch_reduction = function() return result end })
      step(layer, snn.ones(3, 2), snn.ones(3, 2))
      fails("TypeError", "STDP: 'batch_reduction' must return a tensor, got nil", trainer)
      result = snn.ones(3, 2, 2)
      fails("ValueError", "must return a tensor of shape {2, 2}, got {3, 2, 2}", trainer)
      assert.is_nil(layer.updater.weight.pos)
    end)

    it("passes on an error of the function", function()
      local layer = cells.serial()
      local trainer = trained(layer, { batch_reduction = function() error("mine", 0) end })
      step(layer, PRE[1], POST[1])
      assert.has_error(trainer, "mine")
      assert.is_nil(layer.updater.weight.pos)
    end)

    it("may change with the batch size: traces begin anew", function()
      local layer = cells.serial()
      local trainer = trained(layer)
      step(layer, PRE[1], POST[1])
      layer.connection.batchsz, layer.neuron.batchsz = 2, 2
      step(layer, { { 0, 1 }, { 1, 0 } }, { { 0, 0 }, { 0, 1 } })
      near({ { 0, 1 }, { 1, 0 } }, trainer:get_monitor("cell", "trace_pre"):peek())
      trainer()
      near({ { 0, 0 }, { 0.5, 0 } }, layer.updater.weight.pos)
    end)
  end)

  context("constructed", function()
    it("names what is wrong", function()
      fails("TypeError", "STDP: argument 'tc_pre' is missing", snn.STDP,
        { lr_post = 1, lr_pre = 1, tc_post = 1 })
      fails("TypeError", "one table of names", snn.STDP)
      fails("TypeError", "unknown argument 'lr_pos' (did you mean 'lr_post'?)", cells.stdp,
        { lr_pos = 1 })
      fails("ValueError", "'tc_post' must be greater than 0", cells.stdp, { tc_post = 0 })
      fails("ValueError", "'tc_pre' must be greater than 0", cells.stdp, { tc_pre = -1 })
      fails("ValueError", "'lr_post'", cells.stdp, { lr_post = 0 / 0 })
      fails("ValueError", "'interp_tolerance' must be at least 0", cells.stdp,
        { interp_tolerance = -1 })
      fails("ValueError", "'trace_mode' must be one of: cumulative nearest", cells.stdp,
        { trace_mode = "newest" })
      fails("TypeError", "'delayed' must be true or false", cells.stdp, { delayed = 1 })
      fails("ValueError", "'batch_reduction'", cells.stdp, { batch_reduction = "median" })
      fails("TypeError", "'batch_reduction'", cells.stdp, { batch_reduction = 1 })
    end)

    it("does not see later changes of its table", function()
      local args = { lr_post = 1, lr_pre = -0.5, tc_post = cells.HALF, tc_pre = cells.HALF }
      local trainer, layer = snn.STDP(args), cells.serial()
      args.lr_post = 100
      trainer:register_cell("cell", layer.cell)
      near(AT_POST, (run(trainer, layer)))
    end)
  end)
end)
