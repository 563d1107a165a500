-- The rules of the last spikes' times in one pass (src/train/times.c)
-- against the same rules on tensors, which a reduction by a function asks for.
local snn = require "snn"
local cells = require "spec.train.cells"
local support = require "spec.support"

local functional = snn.functional

local function adjusted(pos, neg)
  return { lr_pos = pos, lr_neg = neg, tc_pos = 12, tc_neg = 7 }
end

local function kernels(post, pre)
  return {
    kernel_post = functional.exp_stdp_post_kernel, kernel_pre = functional.exp_stdp_pre_kernel,
    kernel_post_kwargs = { learning_rate = post, time_constant = 12 },
    kernel_pre_kwargs = { learning_rate = pre, time_constant = 7 },
  }
end

local RULES = {
  DelayAdjustedSTDP = { adjusted }, DelayAdjustedSTDPD = { adjusted, param = "delay" },
  DelayAdjustedMSTDP = { adjusted, signal = true },
  DelayAdjustedMSTDPD = { adjusted, signal = true, param = "delay" },
  KernelSTDP = { kernels }, DelayAdjustedKernelSTDP = { kernels },
  DelayAdjustedKernelSTDPD = { kernels, param = "delay" },
}

-- Runs are of 128 columns; vectors of 2 to 16.
local SIZES = {
  { "LinearDense", { in_shape = 5, out_shape = 131 } },
  { "LinearDense", { in_shape = { 4, 10 }, out_shape = 3 } },
  { "LinearDirect", { shape = 150 } },
  { "LinearLateral", { shape = 17 } },
}

local BATCH, STEPS = 3, 6
local SIGNALS = {
  0.5, -2, 0, snn.tensor { 1, -0.5, 0 }, snn.tensor { -1, 0.25, -2 }, snn.tensor { 0, 0, 0 },
}

local SPARSE = { "LinearSparse", { in_shape = 13, out_shape = 9,
  synapses = snn.connect.bernoulli { p = 0.4 } } }

local function made(rule, size, dtype, args, is_on_grid)
  local options = { batch_size = BATCH, dtype = dtype, delay = 4 }
  for k, v in pairs(size[2]) do options[k] = v end
  snn.manual_seed(11)
  local layer = cells.serial(size[1], options)
  local delays = snn.rand(layer.connection.delay.shape) * 4
  layer.connection.delay = is_on_grid and delays:round() or delays
  local trainer = snn[rule](args)
  trainer:register_cell("cell", layer.cell)
  return layer, trainer
end

-- pos and neg of each step, false without a term.
local function run(rule, size, dtype, args, is_on_grid)
  local layer, trainer = made(rule, size, dtype, args, is_on_grid)
  local connection, out = layer.connection, {}
  snn.manual_seed(3)
  for i = 1, STEPS do
    cells.step(layer, snn.rand(BATCH, table.unpack(connection.inshape)):lt(0.2),
      snn.rand(BATCH, table.unpack(connection.outshape)):lt(0.2))
    if RULES[rule].signal then trainer(SIGNALS[i], { scale = -1.5 }) else trainer() end
    local accumulator = layer.updater[RULES[rule].param or "weight"]
    out[#out + 1], out[#out + 2] = accumulator.pos or false, accumulator.neg or false
    accumulator:clear()
  end
  return out
end

local function with(args, name, value)
  local out = {}
  for k, v in pairs(args) do out[k] = v end
  out[name] = value
  return out
end

local function same(a, b)
  assert.equal(2 * STEPS, #a)
  for i = 1, 2 * STEPS do
    assert.equal(not a[i], not b[i])
    assert.is_true(not a[i] or a[i]:allclose(b[i], 1e-5, 1e-7))
  end
end

local REDUCTIONS = {
  mean = function(t, dim) return t:mean(dim) end,
  sum = function(t, dim) return t:sum(dim) end,
}

for rule, about in pairs(RULES) do
  describe(rule .. " in one pass", function()
    for _, size in ipairs(SIZES) do
      for _, dtype in ipairs { "float32", "float64" } do
        for name, reduction in pairs(REDUCTIONS) do
          it(("is %s on tensors of %s by the %s"):format(size[1], dtype, name), function()
            for _, rates in ipairs { { 0.3, -0.2 }, { 0.3, 0.2 }, { -0.3, -0.2 }, { 0, -0.2 } } do
              local args = about[1](table.unpack(rates))
              same(run(rule, size, dtype, with(args, "batch_reduction", name)),
                run(rule, size, dtype, with(args, "batch_reduction", reduction)))
            end
          end)
        end
      end
    end

    it("refuses records of another shape", function()
      local layer, trainer = made(rule, SIZES[1], "float32", about[1](1, -1))
      local other, donor = made(rule, SIZES[2], "float32", about[1](1, -1))
      cells.step(layer, snn.zeros(BATCH, 5), snn.zeros(BATCH, 131))
      cells.step(other, snn.zeros(BATCH, 4, 10), snn.zeros(BATCH, 3))
      trainer:load_state_dict(donor:state_dict())
      assert.is_false(pcall(trainer, about.signal and 1 or nil))
      assert.is_nil(layer.updater[about.param or "weight"].pos)
    end)
  end)
end

describe("terms of spikes long ago", function()
  -- The term of an input `steps` steps after its spike and the neuron's now.
  local function after(steps, dtype)
    local args = kernels(1, -1)
    args.kernel_post_kwargs.time_constant = 1
    local layer, trainer = made("KernelSTDP", { "LinearDirect", { shape = 1 } }, dtype, args)
    layer.connection.delay = snn.zeros(1)
    local no, yes = snn.zeros(BATCH, 1), snn.ones(BATCH, 1)
    for i = 0, steps do cells.step(layer, i == 0 and yes or no, i == steps and yes or no) end
    trainer()
    return layer.updater.weight.pos[1]
  end

  for dtype, last in pairs { float32 = 64, float64 = 680 } do
    it("are as the law says as long as they are no denormal numbers, in " .. dtype, function()
      assert.near(1, after(last, dtype) * math.exp(last), 1e-5)
      assert.equal(0, after(last + 10, dtype))
    end)
  end
end)

describe("kernels of snn.functional in rules", function()
  local SIZE = SIZES[1]

  -- The same functions, but not known as such.
  local function unknown(args)
    local post, pre = args.kernel_post, args.kernel_pre
    return with(with(args, "kernel_post", function(t, k) return post(t, k) end), "kernel_pre",
      function(t, k) return pre(t, k) end)
  end

  local function swapped()
    local args = kernels(0.3, -0.2)
    args.kernel_post, args.kernel_pre = args.kernel_pre, args.kernel_post
    return args
  end

  for _, rule in ipairs { "KernelSTDP", "DelayAdjustedKernelSTDP", "DelayAdjustedKernelSTDPD" } do
    it("give what other functions give to " .. rule, function()
      same(run(rule, SIZE, "float32", kernels(0.3, -0.2)),
        run(rule, SIZE, "float32", unknown(kernels(0.3, -0.2))))
    end)

    it("may be the other way around in " .. rule, function()
      same(run(rule, SIZE, "float32", swapped()), run(rule, SIZE, "float32", unknown(swapped())))
    end)

    it("may have tensors as options in " .. rule, function()
      local args = kernels(0.3, -0.2)
      args.kernel_pre_kwargs.learning_rate = snn.tensor(-0.2)
      same(run(rule, SIZE, "float32", kernels(0.3, -0.2)), run(rule, SIZE, "float32", args))
    end)

    it("refuse unknown options in " .. rule, function()
      local args = kernels(0.3, -0.2)
      args.kernel_pre_kwargs.rate = 1
      support.fails("TypeError", "unknown option 'rate'", function()
        run(rule, SIZE, "float32", args)
      end)
    end)
  end

  it("have the options of the moment of the call", function()
    local args = kernels(1, -1)
    local layer, trainer = made("KernelSTDP", { "LinearDirect", { shape = 1 } }, "float32", args)
    layer.connection.delay = snn.zeros(1)
    cells.step(layer, snn.ones(BATCH, 1), snn.ones(BATCH, 1))
    for _, rate in ipairs { 3, -2 } do
      args.kernel_post_kwargs.learning_rate = rate
      trainer()
      local accumulator = layer.updater.weight
      assert.equal(math.max(rate, 0), accumulator.pos[1])
      assert.equal(math.max(-rate, 0), accumulator.neg[1])
      accumulator:clear()
    end
  end)

  for _, tolerance in ipairs { 0, 0.2 } do
    it("see delays that change, with a tolerance of " .. tolerance, function()
      local args = with(with(kernels(0.3, -0.2), "delayed", true), "interp_tolerance", tolerance)
      for _, size in ipairs { SPARSE, table.unpack(SIZES) } do
        for _, is_on_grid in ipairs { false, true } do
          same(run("KernelSTDP", size, "float64", args, is_on_grid),
            run("KernelSTDP", size, "float64", unknown(args), is_on_grid))
        end
      end
    end)
  end
end)

-- Seven rules move the delays about, out as well.
local SCRIPT = [[
  snn.set_num_threads(%d)
  snn.warnings(false)
  local ADJUSTED = { lr_pos = 0.3, lr_neg = -0.2, tc_pos = 12, tc_neg = 7 }
  local KERNELS = {
    kernel_post = snn.functional.exp_stdp_post_kernel,
    kernel_pre = snn.functional.exp_stdp_pre_kernel,
    kernel_post_kwargs = { learning_rate = 0.3, time_constant = 12 },
    kernel_pre_kwargs = { learning_rate = -0.2, time_constant = 7 },
  }
  for _, dtype in ipairs { "float32", "float64" } do
    local connection = snn.LinearDense {
      in_shape = 301, out_shape = 259, step_time = 1, batch_size = 5, delay = 4, dtype = dtype,
      synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 },
    }
    snn.manual_seed(1)
    connection.delay = snn.rand(connection.delay.shape) * 2 + 1
    connection.updater = connection:defaultupdater()
    local neuron = snn.ExactNeuron {
      shape = 259, step_time = 1, rest_v = -60, thresh_v = -40, batch_size = 5, dtype = dtype,
    }
    local layer = snn.Serial { connection = connection, neuron = neuron }
    local trainers = {
      snn.DelayAdjustedSTDP(ADJUSTED), snn.DelayAdjustedSTDPD(ADJUSTED),
      snn.DelayAdjustedMSTDP(ADJUSTED), snn.DelayAdjustedMSTDPD(ADJUSTED), snn.KernelSTDP(KERNELS),
      snn.DelayAdjustedKernelSTDP(KERNELS), snn.DelayAdjustedKernelSTDPD(KERNELS),
    }
    for i, t in ipairs(trainers) do t:register_cell("c" .. i, layer.cell) end
    for _ = 1, 3 do
      local pre, post = snn.rand(5, 301):lt(0.3), snn.rand(5, 259):lt(0.3)
      layer(pre, { neuron_kwargs = { override = post } })
      for i, t in ipairs(trainers) do
        if i == 3 or i == 4 then t(snn.tensor { 1, -1, 0, 0.3, -0.7 }) else t() end
        layer:update()
      end
    end
    for _, name in ipairs { "weight", "delay" } do
      local t = connection[name]:flatten()
      for i = 1, t.numel, 7 do io.write(("%%a "):format(t[i])) end
      io.write(("%%a\n"):format(t:to "float64":sum():item()))
    end
  end
]]

describe("the bits of the terms of lags", function()
  it("are the same on each instruction set with 1, 2 and 4 threads", function()
    assert.is_true(#support.same_bits(SCRIPT) > 1000)
  end)
end)
