-- Rules of spike pairs on connections with delays: by events, as the rules on
-- tensors have it, which a function as reduction asks for.
local snn = require "snn"
local support = require "spec.support"
local cells = require "spec.train.cells"

local BATCH <const>, STEPS <const>, DELAY <const> = 4, 8, 4

local RULES <const> = {
  STDP = { lr_post = 0.3, lr_pre = -0.2, tc_post = 10, tc_pre = 15 },
  MSTDP = { lr_post = 0.3, lr_pre = -0.2, tc_post = 10, tc_pre = 15 },
  TripletSTDP = { lr_post_pair = 0.3, lr_post_triplet = 0.2, lr_pre_pair = -0.2,
    lr_pre_triplet = 0.1, tc_post_fast = 10, tc_post_slow = 30, tc_pre_fast = 15,
    tc_pre_slow = 40 },
}
local SIZES <const> = {
  LinearDense = { in_shape = { 3, 5 }, out_shape = 7 },
  LinearDirect = { shape = { 3, 5 } },
  LinearLateral = { shape = 11 },
}
local DELAYS <const> = {
  ["on the grid"] = function(d) return (d * DELAY):round() end,
  ["between steps"] = function(d) return d * DELAY end,
  ["near the grid"] = function(d)
    return ((d * DELAY):round() + (d - 0.5) * 0.3):clamp(0, DELAY)
  end,
}
local SIGNALS <const> = {
  ["one signal"] = -0.7,
  ["a signal of 0"] = 0,
  ["a signal for each sample"] = { 1, -2, 0, 0.5 },
}
local REDUCTIONS <const> = {
  sum = function(t, dim) return t:sum(dim) end,
  mean = function(t, dim) return t:mean(dim) end,
}

local function with(args, more)
  local out = {}
  for k, v in pairs(args) do out[k] = v end
  for k, v in pairs(more) do out[k] = v end
  return out
end

-- What a rule adds to pos and neg in each step.
local function run(rule, class, signal, changes, dtype, delays)
  snn.manual_seed(7)
  local layer = cells.serial(class, with(SIZES[class], { batch_size = BATCH, delay = DELAY,
    dtype = dtype }))
  local connection, weight = layer.connection, layer.updater.weight
  connection.delay = DELAYS[delays](snn.rand(connection.delay.shape)):to(dtype)
  local trainer = snn[rule](with(RULES[rule], changes))
  trainer:register_cell("cell", layer.cell)
  local out = {}
  for i = 1, STEPS do
    cells.step(layer, snn.rand(BATCH, table.unpack(connection.inshape)):lt(0.3),
      snn.rand(BATCH, table.unpack(connection.outshape)):lt(0.3))
    trainer(type(signal) == "table" and snn.tensor(signal) or signal)
    local zero = connection.weight * 0
    out[i] = { pos = weight.pos or zero, neg = weight.neg or zero }
    weight:clear()
    if i == STEPS // 2 and changes.delayed then connection.delay = connection.delay * 0.5 end
  end
  return out
end

local function claim(rule, class, signal)
  for reduction, fn in pairs(REDUCTIONS) do
    for delays in pairs(DELAYS) do
      for _, dtype in ipairs { "float32", "float64" } do
        for _, mode in ipairs { "cumulative", "nearest" } do
          for _, delayed in ipairs { false, true } do
            local changes = { trace_mode = mode, delayed = delayed,
              interp_tolerance = delays == "near the grid" and 0.1 or nil }
            local function by(how)
              return run(rule, class, signal, with(changes, { batch_reduction = how }), dtype,
                delays)
            end
            local events, tensors = by(reduction), by(fn)
            for i = 1, STEPS do
              for _, side in ipairs { "pos", "neg" } do
                local off = (events[i][side] - tensors[i][side]):abs():amax():item()
                assert.is_true(off <= (dtype == "float64" and 1e-12 or 2e-6),
                  ("%s %s %s %s %s %s: step %d is off by %g"):format(reduction, delays, dtype, mode,
                    tostring(delayed), side, i, off))
              end
            end
          end
        end
      end
    end
  end
end

for class in pairs(SIZES) do
  describe(class .. " with delays", function()
    for _, rule in ipairs { "STDP", "TripletSTDP" } do
      it("learns by " .. rule .. " as the rule on tensors says", function() claim(rule, class) end)
    end
    for name, signal in pairs(SIGNALS) do
      it("learns by MSTDP with " .. name .. " as the rule on tensors says", function()
        claim("MSTDP", class, signal)
      end)
    end
  end)
end

describe("A delay that has become too long for what is kept", function()
  for rule in pairs(RULES) do
    it("is refused by " .. rule .. ", and nothing is added", function()
      local reward = rule:find "^MSTDP" and 1 or nil
      local layer = cells.serial("LinearDense", { delay = 2 })
      local trainer = snn[rule](with(RULES[rule], { delayed = true }))
      trainer:register_cell("cell", layer.cell)
      cells.step(layer, { { 1, 0 } }, { { 0, 1 } })
      layer.connection.synapse.delay = 3
      layer.connection.delay = snn.tensor { { 0, 1 }, { 2.5, 0 } }
      support.fails("ValueError", "view: 'time' 2.5 is outside of what is kept", trainer, reward)
      assert.is_nil(layer.updater.weight.pos)
      assert.is_nil(layer.updater.weight.neg)
      layer.connection.delay = snn.tensor { { 0, 1 }, { 2, 0 } }
      trainer(reward)
      assert.is_not_nil(layer.updater.weight.pos)
    end)
  end
end)

-- ------------------------------------------------------------- bits

-- More elements than one part has.
local SCRIPT <const> = [[
  local snn = require "snn"
  snn.set_num_threads(%d)
  snn.manual_seed(3)
  local pair = { lr_post = 0.2, lr_pre = -0.1, tc_post = 10, tc_pre = 15 }
  local triplet = { lr_post_pair = 0.2, lr_post_triplet = 0.1, lr_pre_pair = -0.1,
    lr_pre_triplet = 0.1, tc_post_fast = 10, tc_post_slow = 30, tc_pre_fast = 15, tc_pre_slow = 40 }
  for _, rule in ipairs { "STDP", "MSTDP", "TripletSTDP" } do
    for _, setting in ipairs { { "float32", 5, false }, { "float32", 5, true },
                               { "float64", 1, true } } do
      local dtype, batch, delayed = table.unpack(setting)
      local c = snn.LinearDense { in_shape = 300, out_shape = 131, step_time = 1,
        batch_size = batch, delay = 4, dtype = dtype,
        synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 } }
      c.delay = (snn.rand(c.delay.shape) * 4):to(dtype)
      c.updater = c:defaultupdater()
      local layer = snn.Serial { connection = c, neuron = snn.ExactNeuron { shape = 131,
        step_time = 1, batch_size = batch, rest_v = -60, thresh_v = -40, dtype = dtype } }
      local args = rule == "TripletSTDP" and triplet or pair
      args.delayed = delayed
      local trainer = snn[rule](args)
      trainer:register_cell("cell", layer.cell)
      for i = 1, 8 do
        layer(snn.rand(batch, 300):lt(0.3),
          { neuron_kwargs = { override = snn.rand(batch, 131):lt(0.3) } })
        local reward = i %% 2 == 0 and 0.5 or snn.tensor { 1, -1, 0, 0.3, -0.7 }:narrow(1, 1, batch)
        trainer(rule == "MSTDP" and reward or nil)
        layer:update()
      end
      local flat = c.weight:flatten()
      for i = 1, flat.shape[1], 7 do io.write(("%%a "):format(flat[i])) end
    end
  end
]]

describe("the bits of pairs with delays", function()
  it("are the same on each instruction set with 1, 2 and 4 threads", function()
    assert.is_true(#support.same_bits(SCRIPT) > 1000)
  end)
end)
