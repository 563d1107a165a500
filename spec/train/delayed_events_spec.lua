-- Rules at spikes whose delays may change, by the events that arrive (src/train/delayed.c),
-- against the same on tensors, which a reduction by a function asks for.
local snn = require "snn"
local cells = require "spec.train.cells"

local PAIR <const> = { lr_post = 0.02, lr_pre = -0.01, tc_post = 12, tc_pre = 9 }
local RULES <const> = {
  { "STDP", PAIR }, { "MSTDP", PAIR, signal = true },
  { "TripletSTDP", { lr_post_pair = 0.02, lr_post_triplet = 0.01, lr_pre_pair = -0.01,
    lr_pre_triplet = -0.02, tc_post_fast = 12, tc_post_slow = 40, tc_pre_fast = 9,
    tc_pre_slow = 30 } },
  { "VogelsSTDP", { lr = 0.01, tc = 12, target_rate = 10 } },
}

-- Some of 45 inputs to some of 70 outputs, a few of them twice, some ends without any.
local PAIRS <const> = { pre = {}, post = {} }
for i = 1, 45 do
  for j = 1, 70 do
    for _ = 1, i % 7 == 0 and 0 or (i * j % 5 == 0 and 1 or 0) + ((i + j) % 31 == 0 and 2 or 0) do
      table.insert(PAIRS.pre, i)
      table.insert(PAIRS.post, j)
    end
  end
end

local function arguments(rule, plan, is_slow)
  local args = { delayed = true, trace_mode = plan.trace_mode,
    interp_tolerance = plan.tolerance }
  for name, value in pairs(rule[2]) do args[name] = value end
  local by = rule.signal and "sum" or "mean"
  args.batch_reduction = is_slow and function(t, dim) return t[by](t, dim) end or by
  return args
end

local function train(rule, plan, is_slow)
  snn.manual_seed(4)
  local batch, class = plan.batch or 1, plan.class or "LinearDense"
  local options = { step_time = plan.step_time or 1, batch_size = batch, delay = plan.delay or 6,
    dtype = plan.dtype or "float32", weight_init = { "uniform", 0.2, 0.8 } }
  if class == "LinearDense" then options.in_shape, options.out_shape = { 5, 9 }, 70
  elseif class == "LinearSparse" then
    options.in_shape, options.out_shape = { 5, 9 }, 70
    options.synapses = snn.connect.pairs { pre = snn.tensor(PAIRS.pre),
      post = snn.tensor(PAIRS.post) }
  else options.shape = 31 end
  local layer = cells.serial(class, options)
  local connection = layer.connection
  local delays = snn.rand(connection.delay.shape) * options.delay
  connection.delay = plan.grid and delays:round() or delays
  local trainer = snn[rule[1]](arguments(rule, plan, is_slow))
  trainer:register_cell("cell", layer.cell)
  local other = plan.learns and snn.DelayAdjustedSTDPD { lr_pos = 0.01, lr_neg = -0.02,
    tc_pos = 9, tc_neg = 12 }
  if other then other:register_cell("cell", layer.cell) end
  if plan.bound then layer.updater.weight:upperbound(plan.bound, 4) end
  local input, output = connection.inshape, connection.outshape
  for i = 1, plan.steps or 16 do
    if plan.at then plan.at(i, layer, trainer) end
    cells.step(layer, snn.rand(batch, table.unpack(input)):lt(0.05),
      snn.rand(batch, table.unpack(output)):lt(0.05))
    local signal = ({ 0.5, -2, 0 })[i % 3 + 1]
    if rule.signal and plan.each then
      trainer(snn.tensor { signal, 1, -0.5, -signal }:narrow(1, 1, batch))
    elseif rule.signal then trainer(signal) else trainer() end
    if other then other() end
    if i % (plan.every or 1) == 0 then layer:update() end
  end
  return layer
end

local function check(rule, plan)
  local a, b = train(rule, plan), train(rule, plan, true)
  for _, name in ipairs { "weight", "delay" } do
    assert.is_true(a.connection[name]:allclose(b.connection[name], 1e-5, 2e-6), name)
  end
end

for _, rule in ipairs(RULES) do
  describe(rule[1] .. " by the events that arrive", function()
    for _, batch in ipairs { 1, 4 } do
      it(("is what it is on tensors, of %d samples"):format(batch), function()
        for _, class in ipairs { "LinearDense", "LinearLateral", "LinearSparse" } do
          check(rule, { class = class, batch = batch, grid = true })
          check(rule, { class = class, batch = batch, dtype = "float64", each = true })
        end
        check(rule, { batch = batch, trace_mode = "nearest", tolerance = 0.2 })
        check(rule, { batch = batch, every = 3, grid = true })
        check(rule, { batch = batch, bound = snn.functional.bound_upper_multiplicative })
      end)
    end

    it("follows delays that learn or are assigned", function()
      snn.warnings(false)
      finally(function() snn.warnings(true) end)
      check(rule, { learns = true })
      check(rule, { learns = true, class = "LinearSparse" })
      check(rule, { at = function(i, layer)
        if i == 9 then layer.connection.delay = layer.connection.delay * 0.5 end
        if i == 13 then layer.connection.delay = layer.connection.delay * 0 + 2 end
      end })
    end)

    it("looks back over more steps than a word has bits", function()
      if rule.signal then return end
      check(rule, { delay = 66, steps = 75, grid = true })
      check(rule, { delay = 66, steps = 75, grid = true, class = "LinearSparse" })
      check(rule, { delay = 9, step_time = 0.1, steps = 95 })
    end)
  end)
end

describe("places that wait for an update", function()
  local function state_of(at)
    local found
    local layer = train(RULES[1], { every = 9, at = function(i, layer)
      if i == 14 then found = at(layer) end
    end })
    return found, layer.connection.weight
  end

  it("are read as the matrix that they are, and go on", function()
    local neg, weight = state_of(function(layer) return layer.updater.weight.neg end)
    local _, untouched = state_of(function() end)
    assert.is_true(neg:gt(0):any():item())
    assert.is_true(weight:equal(untouched))
  end)

  it("are saved and loaded in all bits", function()
    local path = os.tmpname()
    finally(function() os.remove(path) end)
    local _, weight = state_of(function(layer)
      snn.save(path, { layer = layer })
      snn.load(path, { layer = layer })
    end)
    local _, untouched = state_of(function() end)
    assert.is_true(weight:equal(untouched))
  end)
end)
