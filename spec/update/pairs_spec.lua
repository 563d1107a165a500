-- Pairings that wait for the update: the same bits as through the matrix of
-- changes, which reading an accumulator makes.
local snn = require "snn"

local f = snn.functional
local BATCH <const>, INPUTS <const>, MANY <const> = 6, 130, 1300

local function setup(outputs, dtype, rates, prepare, inputs)
  snn.manual_seed(3)
  local connection = snn.LinearDense { in_shape = inputs or INPUTS, out_shape = outputs,
    step_time = 1, batch_size = BATCH, dtype = dtype,
    synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 } }
  connection.updater = connection:defaultupdater()
  prepare(connection)
  local neuron = snn.ExactNeuron { shape = outputs, step_time = 1, rest_v = -60, thresh_v = -40,
    batch_size = BATCH, dtype = dtype }
  local layer = snn.Serial { connection = connection, neuron = neuron }
  local trainer = snn.STDP { lr_post = rates[1], lr_pre = rates[2], tc_post = 20, tc_pre = 20 }
  trainer:register_cell("cell", layer.cell)
  return connection, function(pre, post)
    layer(pre, { neuron_kwargs = { override = post } })
    trainer()
  end
end

local function spikes(share, n) return snn.rand(BATCH, n):lt(share) end

-- Few and many events on either side, and none. Twins learn alike, but the
-- second one's changes are looked at.
local STEPS <const> = { { 0.1, 0.02 }, { 0.3, 0.01 }, { 0, 0.02 }, { 0.2, 0 }, { 0.9, 0.03 },
  { 0.1, 0.5 }, { 0.15, 0.02 } }

local function same_as_seen(outputs, dtype, rates, prepare, inputs)
  local waits, step = setup(outputs, dtype, rates, prepare, inputs)
  local seen, other_step = setup(outputs, dtype, rates, prepare, inputs)
  for _, share in ipairs(STEPS) do
    local pre, post = spikes(share[1], inputs or INPUTS), spikes(share[2], outputs)
    step(pre, post)
    other_step(pre, post)
    local _, _ = seen.updater.weight.pos, seen.updater.weight.neg
    waits:update()
    seen:update()
    assert.truthy(waits.weight:equal(seen.weight))
  end
end

local RATES <const> = { hebbian = { 0.01, -0.02 }, ["anti-hebbian"] = { -0.01, 0.02 },
  ["only rising"] = { 0.01, 0.02 }, ["of one side"] = { 0.01, 0 } }
local PREPARE <const> = {
  plainly = function() end,
  ["with bounds"] = function(connection)
    connection.updater.weight:upperbound(f.bound_upper_multiplicative, 1)
    connection.updater.weight:lowerbound(f.bound_lower_power, 0, { power = 1.5 })
  end,
  clamped = function(connection)
    connection.updater.weight:upperbound(f.bound_upper_multiplicative, 1)
    snn.Clamping { module = connection.updater, attr = "parent.weight", min = 0.2,
      max = 0.8 }:register()
  end,
}

describe("pairings that wait", function()
  for kind, rates in pairs(RATES) do
    for how, prepare in pairs(PREPARE) do
      for _, outputs in ipairs { 3, 16, 17, 37, 100, 150 } do
        it(("change weights of %d outputs, %s, %s"):format(outputs, kind, how), function()
          same_as_seen(outputs, "float32", rates, prepare)
        end)
      end
      it(("change float64 weights, %s, %s"):format(kind, how), function()
        same_as_seen(70, "float64", rates, prepare)
      end)
    end
  end

  for how, prepare in pairs(PREPARE) do
    it("change weights of many inputs, in parts, " .. how, function()
      for threads = 1, 2 do
        snn.set_num_threads(threads)
        same_as_seen(40, "float32", RATES.hebbian, prepare, MANY)
      end
      snn.set_num_threads(1)
    end)
  end

  it("change weights of very many outputs", function()
    same_as_seen(1100, "float32", RATES.hebbian, PREPARE.plainly)
  end)

  it("stay within a clamp that looks at what is outside alone", function()
    local connection, step = setup(50, "float32", { 0.3, -0.3 }, PREPARE.clamped)
    for _ = 1, 8 do
      step(spikes(0.2, INPUTS), spikes(0.03, 50))
      connection:update()
      assert.truthy(connection.weight:ge(0.2):all():item())
      assert.truthy(connection.weight:le(0.8):all():item())
    end
  end)

  it("add up over two steps before an update", function()
    local rates = { 0.01, -0.02 }
    local once, step = setup(40, "float64", rates, PREPARE.plainly)
    local each, other_step = setup(40, "float64", rates, PREPARE.plainly)
    for _ = 1, 2 do
      local pre, post = spikes(0.2, INPUTS), spikes(0.03, 40)
      step(pre, post)
      other_step(pre, post)
      each:update()
    end
    once:update()
    assert.truthy(once.weight:allclose(each.weight, 1e-12, 1e-12))
  end)

  it("are there for another update when they are not cleared", function()
    local connection, step = setup(40, "float64", { 0.01, -0.02 }, PREPARE.plainly)
    step(spikes(0.2, INPUTS), spikes(0.03, 40))
    step(spikes(0, INPUTS), spikes(0.05, 40))
    local before = connection.weight
    connection.updater()
    local change = connection.weight - before
    connection.updater()
    assert.truthy((connection.weight - before):allclose(2 * change, 1e-9, 1e-12))
  end)

  it("are gone when they are cleared", function()
    local connection, step = setup(40, "float32", { 0.01, -0.02 }, PREPARE.plainly)
    step(spikes(0.2, INPUTS), spikes(0.03, 40))
    local before = connection.weight
    connection.updater:clear()
    connection:update()
    assert.truthy(connection.weight:equal(before))
    assert.is_nil(connection.updater.weight.pos)
  end)

  it("give the same with any threads", function()
    local weights = {}
    for _, threads in ipairs { 1, 2, 4 } do
      snn.set_num_threads(threads)
      local connection, step = setup(2000, "float32", { 0.01, -0.02 }, PREPARE.clamped)
      for _ = 1, 3 do
        step(spikes(0.4, INPUTS), spikes(0.01, 2000))
        connection:update()
      end
      weights[#weights + 1] = connection.weight
    end
    snn.set_num_threads(1)
    assert.truthy(weights[1]:equal(weights[2]) and weights[1]:equal(weights[3]))
  end)
end)
