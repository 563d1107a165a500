local snn = require "snn"
local cells = require "spec.train.cells"
local rates = require "spec.readout.rates"
local fails = require("spec.support").fails
local near = require "spec.near"
local step = cells.step

-- Two outputs, of which the first spikes at each of two steps: rates 1 and 0.
local function made(args, changes, class)
  local layer = cells.serial(class, changes)
  local trainer = snn.LinearHomeostasis(args)
  trainer:register_cell("cell", layer.cell)
  for _ = 1, 2 do step(layer, { { 1, 0 } }, { { 1, 0 } }) end
  return layer, trainer
end

local ARGS = { plasticity = 0.1, target = 0.5 }

local function with(more)
  local args = {}
  for k, v in pairs(ARGS) do args[k] = v end
  for k, v in pairs(more) do args[k] = v end
  return args
end

describe("LinearHomeostasis", function()
  it("lowers the weights of a fast neuron, raises those of a slow one", function()
    local layer, trainer = made(ARGS)
    trainer()
    local pos, neg = rates.terms(layer)
    near({ { 0, 0 }, { 0.1, 0.1 } }, pos)
    near({ { 0.1, 0.1 }, { 0, 0 } }, neg)
  end)

  it("does so for each weight of a direct connection", function()
    local layer, trainer = made(ARGS, nil, "LinearDirect")
    trainer()
    local pos, neg = rates.terms(layer)
    near({ 0, 0.1 }, pos)
    near({ 0.1, 0 }, neg)
  end)

  it("trains the bias", function()
    local layer, trainer = made(with { param = "bias" }, { bias = true })
    trainer()
    local pos, neg = rates.terms(layer, "bias")
    near({ 0, 0.1 }, pos)
    near({ 0.1, 0 }, neg)
  end)

  it("trains delays with the sign turned around", function()
    local layer, trainer = made(with { param = "delay" }, { delay = 2 })
    trainer()
    local pos, neg = rates.terms(layer, "delay")
    near({ { 0.1, 0.1 }, { 0, 0 } }, pos)
    near({ { 0, 0 }, { 0.1, 0.1 } }, neg)
  end)

  it("reduces the sides of samples apart", function()
    local layer = cells.serial("LinearDense", { batch_size = 2 })
    local trainer = snn.LinearHomeostasis(ARGS)
    trainer:register_cell("cell", layer.cell)
    step(layer, { { 0, 0 }, { 0, 0 } }, { { 1, 1 }, { 0, 1 } })
    trainer()
    local pos, neg = rates.terms(layer)
    near({ { 0.05, 0.05 }, { 0, 0 } }, pos)
    near({ { 0.05, 0.05 }, { 0.1, 0.1 } }, neg)
  end)

  it("takes a target for the call", function()
    local layer, trainer = made { plasticity = 0.1 }
    trainer { target = 0.25 }
    local _, neg = rates.terms(layer)
    near({ { 0.3, 0.3 }, { 0, 0 } }, neg)
  end)

  it("takes a target for each neuron, by cell", function()
    local layer = cells.serial()
    local trainer = snn.LinearHomeostasis(ARGS)
    trainer:register_cell("cell", layer.cell, { target = snn.tensor { { 0.25, 1 } } })
    step(layer, { { 0, 0 } }, { { 1, 0 } })
    trainer()
    local pos, neg = rates.terms(layer)
    near({ { 0, 0 }, { 0.1, 0.1 } }, pos)
    near({ { 0.3, 0.3 }, { 0, 0 } }, neg)
  end)

  it("uses the target of each cell", function()
    local a, b = cells.serial(), cells.serial()
    local trainer = snn.LinearHomeostasis { plasticity = 1 }
    trainer:register_cell("a", a.cell, { target = 1 })
    trainer:register_cell("b", b.cell, { target = 0.5 })
    for _, layer in ipairs { a, b } do step(layer, { { 0, 0 } }, { { 1, 1 } }) end
    trainer()
    local _, of_a = rates.terms(a)
    local _, of_b = rates.terms(b)
    near({ { 0, 0 }, { 0, 0 } }, of_a)
    near({ { 1, 1 }, { 1, 1 } }, of_b)
  end)

  it("fails without any target", function()
    local _, trainer = made { plasticity = 0.1 }
    fails("RuntimeError", "", trainer)
  end)

  for _, case in ipairs {
    { "a target of 0", { target = 0 }, "ValueError" },
    { "an unknown parameter", { param = "wait" }, "ValueError" },
    { "a target that is no number", { target = "x" }, "TypeError" },
    { "a tensor as the trainer's target", { target = snn.ones(2) }, "TypeError" },
  } do
    it("refuses " .. case[1], function()
      fails(case[3], "", function() snn.LinearHomeostasis(with(case[2])) end)
    end)
  end

  it("refuses a target of another shape", function()
    local _, trainer = made(ARGS)
    fails("ValueError", "", function() trainer { target = snn.ones(1, 3) } end)
  end)

  it("refuses a target that is 0 or less anywhere", function()
    local _, trainer = made(ARGS)
    for _, wrong in ipairs { 0, -1 } do
      fails("ValueError", "greater than 0 everywhere", function()
        trainer { target = snn.tensor { { 0.5, wrong } } }
      end)
    end
  end)

  it("refuses a cell without the parameter", function()
    fails("RuntimeError", "", function() made(with { param = "bias" }) end)
  end)
end)

describe("LinearHomeostasis by outputs", function()
  local REDUCTIONS <const> = {
    mean = function(t, dim) return t:mean(dim) end, sum = function(t, dim) return t:sum(dim) end,
  }

  -- Weights and delays after some steps; an update follows every third call.
  local function train(class, param, dtype, reduction, bound)
    snn.manual_seed(2)
    local options = { batch_size = 3, dtype = dtype, delay = 4, weight_init = { "uniform", 0, 1 } }
    if class == "LinearDense" then options.in_shape, options.out_shape = 9, 301
    elseif class == "LinearSparse" then
      options.in_shape, options.out_shape = 9, 31
      options.synapses = snn.connect.bernoulli { p = 0.4 }
    else options.shape = 13 end
    local layer = cells.serial(class, options)
    local connection = layer.connection
    connection.delay = snn.rand(connection.delay.shape) + 1
    local trainer = snn.LinearHomeostasis { plasticity = 0.03, target = 0.4, param = param,
      batch_reduction = reduction }
    trainer:register_cell("cell", layer.cell)
    if bound then layer.updater[param]:lowerbound(snn.functional.bound_lower_multiplicative, 0) end
    local sums = {}
    for i = 1, 7 do
      cells.step(layer, snn.rand(3, table.unpack(connection.inshape)):lt(0.3),
        snn.rand(3, table.unpack(connection.outshape)):lt(0.4))
      trainer()
      if i == 2 then sums[1], sums[2] = layer.updater[param].pos, layer.updater[param].neg end
      if i % 3 == 0 then layer:update() end
    end
    return { connection.weight, connection.delay, sums[1], sums[2] }
  end

  for _, class in ipairs { "LinearDense", "LinearLateral", "LinearDirect", "LinearSparse" } do
    it("is what it is on tensors of " .. class, function()
      for _, param in ipairs { "weight", "delay" } do
        for _, dtype in ipairs { "float32", "float64" } do
          for name, reduction in pairs(REDUCTIONS) do
            local a = train(class, param, dtype, name, dtype == "float32")
            local b = train(class, param, dtype, reduction, dtype == "float32")
            for i = 1, 4 do assert.is_true(a[i]:allclose(b[i], 1e-5, 1e-6)) end
          end
        end
      end
    end)
  end
end)
