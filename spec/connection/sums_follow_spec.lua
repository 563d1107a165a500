-- Weights that learn beside sums at the outputs (src/connection/sums_follow.c): the
-- currents are those of the product of all currents with the weights of now.
local snn = require "snn"
local cells = require "spec.train.cells"

local INPUTS <const>, OUTPUTS <const>, STEPS <const> = 70, 40, 60

local SYNAPSES <const> = {
  single = snn.SingleExponentialCurrent.partialconstructor { spike_charge = 5, time_constant = 6 },
  double = snn.DoubleExponentialCurrent.partialconstructor { spike_charge = 5, tc_decay = 9,
    tc_rise = 3 },
}

local function build(plan)
  snn.manual_seed(3)
  local args = { in_shape = INPUTS, out_shape = OUTPUTS, batch_size = plan.batch,
    dtype = plan.dtype, synapse = SYNAPSES[plan.synapse], weight_init = { "uniform", 0, 1 } }
  if plan.delay then
    args.delay = 4
    args.delay_init = plan.delay == "shared" and 2 or { "uniform", 0, 4 }
    if plan.delay == "grid" then
      args.delay_init = function(like) return snn.randint(0, 4, like.shape):to(plan.dtype) end
    end
  end
  if plan.class == "LinearSparse" then args.synapses = snn.connect.bernoulli { p = 0.3 } end
  if plan.class == "LinearLateral" then
    args.shape, args.in_shape, args.out_shape = INPUTS, nil, nil
  end
  local layer = cells.serial(plan.class, args)
  local trainer = snn.STDP { lr_post = 0.1, lr_pre = -0.12, tc_post = 20, tc_pre = 20 }
  trainer:register_cell("cell", layer.cell)
  local updater = layer.connection.updater
  if plan.bound then
    updater.weight:upperbound(snn.functional.bound_upper_multiplicative, 1)
    updater.weight:lowerbound(snn.functional.bound_lower_multiplicative, 0)
  end
  if plan.clamp then
    snn.Clamping { module = updater, attr = "parent.weight", min = 0.4, max = 0.6 }:register()
  end
  return layer, trainer
end

---The currents and the weight at the end of a run, and how often the sums were kept
---over an update; `spoil(i, connection)` is called before each step.
local function run(plan, spoil)
  local layer, trainer = build(plan)
  local connection, kept = layer.connection, 0
  local post = connection.outshape[1]
  for i = 1, STEPS do
    if spoil then spoil(i, connection) end
    local rare = function(n, p) return snn.rand(plan.batch, n):lt(p) end
    cells.step(layer, rare(connection.inshape[1], i % 5 == 0 and 0 or 0.02), rare(post, 0.01))
    trainer()
    if i % plan.every == 0 then layer:update() end
    if connection.sums then kept = kept + 1 end
  end
  local silent = snn.zeros({ plan.batch, connection.inshape[1] }, { dtype = "bool" })
  return connection(silent), connection.weight, kept
end

local function product(plan, spoil)
  snn._debug.sums(false)
  local ok, currents, weight = pcall(run, plan, spoil)
  snn._debug.sums(true)
  assert(ok, currents)
  return currents, weight
end

local PLANS <const> = {}
for _, class in ipairs { "LinearDense", "LinearSparse", "LinearLateral" } do
  for _, synapse in ipairs { "single", "double" } do
    PLANS[#PLANS + 1] = { class = class, synapse = synapse, batch = 1, dtype = "float32",
      every = 1 }
    PLANS[#PLANS + 1] = { class = class, synapse = synapse, batch = 3, dtype = "float64",
      every = 3 }
  end
  PLANS[#PLANS + 1] = { class = class, synapse = "single", batch = 2, dtype = "float32", every = 1,
    bound = true }
  PLANS[#PLANS + 1] = { class = class, synapse = "single", batch = 1, dtype = "float64", every = 1,
    clamp = true }
  for _, delay in ipairs { "shared", "grid", "own" } do
    PLANS[#PLANS + 1] = { class = class, synapse = "single", batch = 1, dtype = "float32",
      every = 1, delay = delay, clamp = true }
    PLANS[#PLANS + 1] = { class = class, synapse = "single", batch = 2, dtype = "float64",
      every = 2, delay = delay, bound = true }
  end
  PLANS[#PLANS + 1] = { class = class, synapse = "double", batch = 2, dtype = "float64", every = 1,
    delay = "shared" }
end

describe("sums at the outputs, of weights that learn,", function()
  for _, plan in ipairs(PLANS) do
    local name = ("%s, %s, batch %d, each %d%s"):format(plan.class, plan.synapse, plan.batch,
      plan.every, plan.bound and ", bounds" or plan.clamp and ", clamped" or "")
    if plan.delay then name = name .. ", delays: " .. plan.delay end
    it("follow: " .. name, function()
      local currents, weight, kept = run(plan)
      local wanted, same = product(plan)
      assert.is_true(kept > STEPS / 2, "kept in " .. kept)
      assert.equal(0, (weight - same):abs():max():item())
      local scale = wanted:abs():max():item()
      assert.is_true(scale > 0)
      local close = plan.dtype == "float64" and 1e-13 or 1e-6
      assert.is_true((currents - wanted):abs():max():item() <= close * scale)
    end)
  end

  it("have the same bits with any threads, and beside what is read", function()
    for _, plan in ipairs {
      { class = "LinearSparse", synapse = "double", batch = 1, dtype = "float32", every = 1 },
      { class = "LinearSparse", synapse = "single", batch = 1, dtype = "float32", every = 1,
        delay = "own" },
      { class = "LinearSparse", synapse = "double", batch = 1, dtype = "float32", every = 1,
        delay = "shared" },
      { class = "LinearDense", synapse = "single", batch = 1, dtype = "float32", every = 1,
        delay = "grid", clamp = true },
    } do
      local wanted = run(plan)
      for _, threads in ipairs { 2, 4 } do
        snn.set_num_threads(threads)
        local currents = run(plan, function(i, c) return i % threads == 0 and c.syncurrent end)
        snn.set_num_threads(1)
        assert.is_true(currents:eq(wanted):all():item())
      end
    end
  end)

  -- The last currents and the weight of a run that is saved at step `at` between the
  -- trainer's call and the update, and goes on in other objects; 0: of one in one piece.
  local function resumed(plan, at)
    local layer, trainer = build(plan)
    local pre, post = layer.connection.inshape[1], layer.connection.outshape[1]
    local path, spikes = os.tmpname(), {}
    for i = 1, STEPS do
      spikes[i] = { snn.rand(plan.batch, pre):lt(0.04), snn.rand(plan.batch, post):lt(0.03) }
    end
    for i = 1, STEPS do
      cells.step(layer, spikes[i][1], spikes[i][2])
      trainer()
      if i == at then
        snn.save(path, { layer = layer, trainer = trainer })
        layer, trainer = build(plan)
        snn.load(path, { layer = layer, trainer = trainer })
      end
      layer:update()
    end
    os.remove(path)
    return layer.connection(snn.zeros(plan.batch, pre):gt(0)), layer.connection.weight
  end

  it("go on in bits after a load, also of one before an update", function()
    for _, class in ipairs { "LinearDense", "LinearSparse" } do
      for _, delay in ipairs { false, "shared", "grid", "own" } do
        for batch = 1, 2 do
          local plan = { class = class, synapse = "single", batch = batch, dtype = "float32",
            delay = delay, clamp = batch == 2, every = 1 }
          local currents, weight = resumed(plan, 0)
          local same, same_weight = resumed(plan, STEPS)
          assert.is_true(weight:equal(same_weight))
          assert.is_true(currents:equal(same), class .. " " .. tostring(delay))
        end
      end
    end
  end)

  it("are summed anew after a weight was assigned or has been infinite", function()
    local plan = { class = "LinearDense", synapse = "single", batch = 1, dtype = "float64",
      every = 1 }
    local function spoil(i, c)
      if i == 20 then c.weight = c.weight * 0.5 end
      if i == 30 then
        local w = c.weight:clone()
        w[{ 3, 4 }] = math.huge
        c.weight = w
      end
      if i == 35 then c.weight = c.weight:clamp(0, 1) end
    end
    local currents, wanted = run(plan, spoil), product(plan, spoil)
    assert.is_true((currents - wanted):abs():max():item() < 1e-12)
  end)
end)

-- Delays of few kinds are held as codes of these.
describe("sums beside delays that are held as codes", function()
  local function make(kind)
    snn.manual_seed(1)
    local connection = snn.LinearSparse { in_shape = 9, out_shape = 5, step_time = 0.5,
      dtype = "float64", batch_size = 2, synapses = snn.connect.bernoulli { p = 0.5 }, delay = 4,
      delay_init = 1.5, weight_init = { "uniform", 0, 1 },
      synapse = snn.SingleExponentialCurrent.partialconstructor { spike_charge = 20,
        time_constant = 5 } }
    connection.updater = connection:defaultupdater()
    local delays = snn.rand(connection.count) * 4
    connection.delay = kind == "alike" and connection.delay:clone()
      or kind == "grid" and (delays * 2):floor() / 2 or delays
    local layer = snn.Serial { connection = connection, neuron = snn.ExactNeuron { shape = 5,
      step_time = 0.5, batch_size = 2, rest_v = -60, thresh_v = -50, dtype = "float64" } }
    local rule = snn.STDP { lr_post = 0.02, lr_pre = -0.01, tc_post = 20, tc_pre = 20 }
    rule:register_cell("cell", layer.cell)
    return function(spikes, post)
      local _, currents = layer:forward(spikes, { neuron_kwargs = { override = post },
        capture_intermediate = true })
      rule()
      layer:update()
      return currents
    end
  end

  for _, kind in ipairs { "alike", "grid", "between" } do
    it("follow weights that learn, of delays " .. kind, function()
      local one, other = make(kind), make(kind)
      for _ = 1, 30 do
        local spikes, post = snn.rand(2, 9):lt(0.15), snn.rand(2, 5):lt(0.2)
        local currents = one(spikes, post)
        snn._debug.sums(false)
        local ok, summed = pcall(other, spikes, post)
        snn._debug.sums(true)
        assert(ok, summed)
        assert.is_true((currents - summed):abs():max():item() < 1e-12)
      end
    end)
  end
end)
