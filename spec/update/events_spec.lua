-- Updates that grow from events: what is touched, and the same result as
-- tensor arithmetic over everything.
local snn = require "snn"
local support = require "spec.support"

local f = snn.functional

-- A connection between neurons that spike as told, and its trainer.
local function setup(class, args, dtype, batch, outputs)
  local all = {
    step_time = 1, batch_size = batch, dtype = dtype,
    synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 },
  }
  for k, v in pairs(args) do all[k] = v end
  local connection = snn[class](all)
  connection.updater = connection:defaultupdater()
  local neuron = snn.ExactNeuron {
    shape = outputs, step_time = 1, rest_v = -60, thresh_v = -40, batch_size = batch, dtype = dtype,
  }
  local layer = snn.Serial { connection = connection, neuron = neuron }
  local trainer = snn.STDP { lr_post = 0.5, lr_pre = -0.25, tc_post = 20, tc_pre = 20 }
  trainer:register_cell("cell", layer.cell)
  return connection, function(pre, post)
    layer(pre, { neuron_kwargs = { override = post } })
    trainer()
  end
end

local function spikes(density, ...)
  return snn.rand(...):lt(density)
end

local SHAPES = {
  { "LinearDense", { in_shape = 150, out_shape = 37 }, 150, 37 },
  { "LinearDense", { in_shape = 5, out_shape = 300 }, 5, 300 },
  { "LinearLateral", { shape = 40 }, 40, 40 },
  { "LinearDirect", { shape = 70 }, 70, 70 },
}
local BOUNDS = {
  none = function() end,
  power = function(acc)
    acc:fullbound(f.bound_power, 1, 0, { upper_power = 1.5, lower_power = 2 })
  end,
  multiplicative = function(acc) acc:upperbound(f.bound_upper_multiplicative, 1) end,
  scaled_multiplicative = function(acc) acc:fullbound(f.bound_scaled_multiplicative, 2, -1) end,
  sharp = function(acc) acc:fullbound(f.bound_sharp, 0.75, 0.25) end,
  tensor = function(acc) acc:upperbound(f.bound_upper_multiplicative, snn.tensor(0.875)) end,
}

-- The weight that the terms make, over all elements; a lateral weight keeps
-- its diagonal.
local function expected(connection)
  local acc, weight = connection.updater.weight, connection.weight
  local change = acc:update(weight)
  if connection.inshape[1] == 40 then change = change * (1 - snn.eye(40)) end
  return weight + change
end

for name, bound in pairs(BOUNDS) do
  describe(("events and the bound '%s'"):format(name), function()
    for _, dtype in ipairs { "float32", "float64" } do
      for _, shape in ipairs(SHAPES) do
        local class, args, inputs, outputs = table.unpack(shape)
        it(("change a %s of %d and %d in %s as tensors do"):format(class, inputs, outputs, dtype),
          function()
            snn.manual_seed(7)
            local connection, step = setup(class, args, dtype, 3, outputs)
            bound(connection.updater.weight)
            for i, density in ipairs { 0.02, 0, 0.004, 0.5, 0.02 } do
              step(spikes(density, 3, inputs), spikes(density * 0.5, 3, outputs))
              local want = expected(connection)
              connection:update { clear = i ~= 3 }
              assert.truthy(connection.weight:equal(want))
              if i ~= 3 then assert.is_nil(connection.updater.weight.pos) end
            end
          end)
      end
    end
  end)
end

describe("terms of events", function()
  local connection, step

  before_each(function()
    snn.manual_seed(3)
    connection, step = setup("LinearDense", { in_shape = 20, out_shape = 10 }, "float32", 2, 10)
    connection.weight = snn.full({ 10, 20 }, 0.5)
  end)

  local function run() step(spikes(0.3, 2, 20), spikes(0.3, 2, 10)) end

  it("read in the shape of the parameter", function()
    run()
    assert.same({ 10, 20 }, connection.updater.weight.pos.shape)
    assert.same({ 10, 20 }, connection.updater.weight.neg.shape)
  end)

  it("count although nothing was added", function()
    step(snn.zeros(2, 20), snn.zeros(2, 10))
    assert.equal(0, connection.updater.weight.pos:abs():sum():item())
  end)

  it("add up until the update", function()
    run()
    local first = connection.updater.weight.pos
    run()
    local second = connection.updater.weight.pos
    connection.updater:clear()
    assert.is_false(first:equal(second))
    assert.is_nil(connection.updater.weight.pos)
    run()
    connection:update()
    run()
    assert.truthy(connection.updater.weight.pos:isfinite():all())
  end)

  it("mix with tensors", function()
    run()
    local events = connection.updater.weight.pos
    connection.updater.weight = { snn.ones(10, 20), snn.ones(10, 20) * 0.5 }
    assert.truthy(connection.updater.weight.pos:allclose(events + 1))
    local want = expected(connection)
    connection:update()
    assert.truthy(connection.weight:equal(want))
  end)

  for _, reduction in ipairs { "mean", "max", "min" } do
    it(("reduce to their %s"):format(reduction), function()
      connection.updater.weight:reduction(reduction)
      run()
      local first = connection.updater.weight.pos
      run()
      local both = connection.updater.weight.pos
      connection.updater.weight:reduction("sum")
      local second = connection.updater.weight.pos - first
      connection.updater.weight:reduction(reduction)
      local want = ({
        mean = function(a, b) return (a + b) / 2 end,
        max = function(a, b) return a:maximum(b) end,
        min = function(a, b) return a:minimum(b) end,
      })[reduction](first, second)
      assert.truthy(both:allclose(want, 1e-5, 1e-6))
      want = expected(connection)
      connection:update()
      assert.truthy(connection.weight:equal(want))
    end)
  end

  it("that were merged into a sum have its mean", function()
    run()
    run()
    local sum = connection.updater.weight.pos
    connection.updater.weight:reduction("mean")
    assert.truthy(connection.updater.weight.pos:allclose(sum / 2))
  end)

  it("go through bounds in Lua", function()
    connection.updater.weight:upperbound(function(p, u, max) return (max - p) * u end, 1)
    run()
    local pos, neg = connection.updater.weight.pos, connection.updater.weight.neg
    connection:update()
    assert.truthy(connection.weight:allclose(0.5 + 0.5 * pos - neg))
  end)

  it("keep NaN and infinity in their element", function()
    local weight = snn.full({ 10, 20 }, 0.5)
    weight[1][1], weight[2][3] = 0 / 0, math.huge
    connection.weight = weight
    connection.updater.weight:fullbound(f.bound_multiplicative, 1, 0)
    step(snn.ones(2, 20), snn.ones(2, 10))
    connection:update()
    local finite = connection.weight:isfinite()
    assert.equal(198, finite:sum():item())
    assert.is_false(finite[1][1])
    assert.is_false(finite[2][3])
  end)

  it("leave weights that were read before", function()
    local before = connection.weight
    local copy = before:clone()
    run()
    connection:update()
    assert.truthy(before:equal(copy))
    assert.is_false(connection.weight:equal(copy))
  end)
end)

describe("a clamped weight", function()
  it("is inside after every update", function()
    snn.manual_seed(5)
    local args = { in_shape = 90, out_shape = 30 }
    local connection, step = setup("LinearDense", args, "float32", 1, 30)
    local clamping = snn.Clamping {
      module = connection.updater, attr = "parent.weight", min = 0.25, max = 0.75,
    }
    clamping:register()
    for i = 1, 6 do
      step(spikes(0.05, 1, 90), spikes(0.05, 1, 30))
      if i == 4 then connection.weight = snn.rand(30, 90) * 3 - 1 end
      local want = expected(connection):clamp(0.25, 0.75)
      connection:update()
      assert.truthy(connection.weight:equal(want))
    end
  end)

  it("of a lateral connection keeps its diagonal", function()
    local connection = setup("LinearLateral", { shape = 4 }, "float32", 1, 4)
    snn.Clamping { module = connection, attr = "weight", min = 0.5 }:forward { force = true }
    local weight = connection.weight
    assert.equal(0, (weight * snn.eye(4)):sum():item())
    assert.equal(12, weight:ge(0.5):sum():item())
  end)
end)

describe("updates", function()
  local SCRIPT = [[
    snn.set_num_threads(%d)
    snn.manual_seed(1)
    local c = snn.LinearDense {
      in_shape = 784, out_shape = 100, step_time = 1,
      synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 },
    }
    c.updater = c:defaultupdater()
    local f = snn.functional
    c.updater.weight:fullbound(f.bound_power, 1, 0, { upper_power = 1.5, lower_power = 0.5 })
    local n = snn.ExactNeuron { shape = 100, step_time = 1, rest_v = -60, thresh_v = -40 }
    local layer = snn.Serial { connection = c, neuron = n }
    local trainer = snn.STDP { lr_post = 0.5, lr_pre = -0.25, tc_post = 20, tc_pre = 20 }
    trainer:register_cell("cell", layer.cell)
    for _, density in ipairs { 0.01, 0.9, 0.1 } do
      layer(snn.rand(1, 784):lt(density), {
        neuron_kwargs = { override = snn.rand(1, 100):lt(density) } })
      trainer()
      c.updater.weight = { snn.rand(100, 784) * 0.01 }
      c:update()
    end
    print(("%%a"):format(c.weight:to("float64"):sum():item()))
  ]]

  it("give the same bits with any threads and instruction set", function()
    assert.is_true(#support.same_bits(SCRIPT) > 0)
  end)
end)
