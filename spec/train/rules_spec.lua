-- What holds for every rule on every connection, with delays and without.
local snn = require "snn"
local cells = require "spec.train.cells"

local PAIR = { lr_post = 0.2, lr_pre = -0.1, tc_post = 10, tc_pre = 15 }
local ADJUSTED = { lr_pos = 0.2, lr_neg = -0.1, tc_pos = 10, tc_neg = 15 }
local KERNELS = {
  kernel_post = snn.functional.exp_stdp_post_kernel,
  kernel_pre = snn.functional.exp_stdp_pre_kernel,
  kernel_post_kwargs = { learning_rate = 0.2, time_constant = 10 },
  kernel_pre_kwargs = { learning_rate = -0.1, time_constant = 15 },
}

local function with(args, more)
  local out = {}
  for k, v in pairs(args) do out[k] = v end
  for k, v in pairs(more or {}) do out[k] = v end
  return out
end

-- class, arguments, what it is called with, parameter
local TRAINERS = {
  { "STDP", PAIR },
  { "TripletSTDP", { lr_post_pair = 0.2, lr_post_triplet = 0.1, lr_pre_pair = -0.1,
    lr_pre_triplet = 0.1, tc_post_fast = 10, tc_post_slow = 30, tc_pre_fast = 15,
    tc_pre_slow = 40 } },
  { "MSTDP", PAIR, signal = true },
  { "MSTDPET", with(PAIR, { tc_eligibility = 20 }), signal = true },
  { "KernelSTDP", KERNELS },
  { "DelayAdjustedSTDP", ADJUSTED },
  { "DelayAdjustedSTDPD", ADJUSTED, param = "delay" },
  { "DelayAdjustedKernelSTDP", KERNELS },
  { "DelayAdjustedKernelSTDPD", KERNELS, param = "delay" },
  { "DelayAdjustedMSTDP", ADJUSTED, signal = true },
  { "DelayAdjustedMSTDPD", ADJUSTED, param = "delay", signal = true },
  { "LinearHomeostasis", { plasticity = 0.1, target = 0.3 } },
}

local SIZES = {
  LinearDense = { in_shape = { 7, 11 }, out_shape = { 13 } },
  LinearDirect = { shape = { 3, 5 } },
  LinearLateral = { shape = { 19 } },
  Conv2D = { height = 5, width = 6, channels = 2, filters = 3, kernel = 3 },
}

local BATCH, STEPS = 3, 8

-- Spikes of the whole batch for each step, of the two sides.
local function spikes_of(layer)
  snn.manual_seed(5)
  local connection, list = layer.connection, {}
  local function draw(shape) return snn.rand(BATCH, table.unpack(shape)):lt(0.3) end
  for i = 1, STEPS do list[i] = { draw(connection.inshape), draw(connection.outshape) } end
  return list
end

local function made(entry, class, batch, changes)
  local args = with(SIZES[class], { batch_size = batch, delay = entry.delay })
  local layer = cells.serial(class, args)
  local connection = layer.connection
  snn.manual_seed(3)
  if entry.delay then connection.delay = (snn.rand(connection.delay.shape) * 4):round() end
  local trainer = snn[entry[1]](with(entry[2], changes))
  trainer:register_cell("cell", layer.cell)
  return layer, trainer
end

local SIGNAL = { 1, -2, 0.5 }

-- Trains for some steps on one sample or on all; the parameter after each.
local function run(entry, layer, trainer, from, to, sample)
  local list, out, param = spikes_of(layer), {}, entry.param or "weight"
  for i = from, to do
    local pre, post = list[i][1], list[i][2]
    local signal = SIGNAL
    if sample then
      pre, post = pre:narrow(1, sample, 1), post:narrow(1, sample, 1)
      signal = { SIGNAL[sample] }
    end
    cells.step(layer, pre, post)
    if entry.signal then trainer(snn.tensor(signal)) else trainer() end
    local accumulator = layer.updater[param]
    local zero = layer.connection[param] * 0
    out[#out + 1] = (accumulator.pos or zero) - (accumulator.neg or zero)
    accumulator:clear()
  end
  return out
end

local function same(a, b)
  for i = 1, #a do assert.is_true(a[i]:equal(b[i])) end
end

-- All of them with delays, and without those that need none.
local ENTRIES = {}
for _, entry in ipairs(TRAINERS) do
  ENTRIES[#ENTRIES + 1] = with(entry, { delay = 4 })
  if not entry[1]:find "^DelayAdjusted" then ENTRIES[#ENTRIES + 1] = entry end
  if (entry[2].lr_post or entry[2].lr_post_pair) and not entry[2].tc_eligibility then
    ENTRIES[#ENTRIES + 1] = with(entry, { entry[1], with(entry[2], { delayed = true }), delay = 4 })
  end
end

for _, entry in ipairs(ENTRIES) do
  for class in pairs(SIZES) do
    local how = entry[2].delayed and " with changing delays" or entry.delay and " with delays" or ""
    describe(entry[1] .. " on " .. class .. how, function()
      it("learns the same with any number of threads", function()
        local results = {}
        for _, n in ipairs { 1, 2, 4 } do
          snn.set_num_threads(n)
          local layer, trainer = made(entry, class, BATCH)
          results[#results + 1] = run(entry, layer, trainer, 1, STEPS)
        end
        snn.set_num_threads(1)
        same(results[1], results[2])
        same(results[1], results[3])
      end)

      it("changes something", function()
        local layer, trainer = made(entry, class, BATCH)
        assert.is_true(run(entry, layer, trainer, 1, STEPS)[STEPS]:abs():sum():item() > 0)
      end)

      it("sums up a batch as single samples", function()
        local layer, trainer = made(entry, class, BATCH, { batch_reduction = "sum" })
        local together = run(entry, layer, trainer, 1, STEPS)
        local apart
        for sample = 1, BATCH do
          local one, single = made(entry, class, 1, { batch_reduction = "sum" })
          local terms = run(entry, one, single, 1, STEPS, sample)
          for i, t in ipairs(terms) do terms[i] = apart and apart[i] + t or t end
          apart = terms
        end
        for i = 1, STEPS do assert.is_true(together[i]:allclose(apart[i], 1e-4, 1e-5)) end
      end)

      it("gives by a function what it gives by a name", function()
        local layer, trainer = made(entry, class, BATCH, { batch_reduction = "mean" })
        local other, by_function = made(entry, class, BATCH, {
          batch_reduction = function(t, dim) return t:mean(dim) end })
        local a = run(entry, layer, trainer, 1, STEPS)
        local b = run(entry, other, by_function, 1, STEPS)
        for i = 1, STEPS do assert.is_true(a[i]:allclose(b[i], 1e-4, 1e-5)) end
      end)

      it("is as new when layer and trainer are cleared", function()
        local layer, trainer = made(entry, class, BATCH)
        local first = run(entry, layer, trainer, 1, STEPS)
        layer:clear()
        trainer:clear()
        same(first, run(entry, layer, trainer, 1, STEPS))
      end)

      it("goes on from its state", function()
        local layer, trainer = made(entry, class, BATCH)
        run(entry, layer, trainer, 1, 4)
        local other, fresh = made(entry, class, BATCH)
        other:load_state_dict(layer:state_dict())
        fresh:load_state_dict(trainer:state_dict())
        same(run(entry, layer, trainer, 5, STEPS), run(entry, other, fresh, 5, STEPS))
      end)

      it("fails before the layer's first step", function()
        local _, trainer = made(entry, class, BATCH)
        local ok, err = pcall(trainer, entry.signal and 1 or nil)
        assert.is_false(ok)
        assert.equal("RuntimeError", err.kind)
      end)

      it("refuses a reduction that leaves the batch", function()
        local layer, trainer = made(entry, class, BATCH, {
          batch_reduction = function(t) return t end })
        cells.step(layer, table.unpack(spikes_of(layer)[1]))
        local ok, err = pcall(trainer, entry.signal and 1 or nil)
        assert.is_false(ok)
        assert.equal("ValueError", err.kind)
        assert.is_nil(layer.updater[entry.param or "weight"].pos)
      end)
    end)
  end
end
