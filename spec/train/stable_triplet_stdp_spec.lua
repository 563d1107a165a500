-- TripletSTDP whose traces have the amplitude 1: the same changes, to rounding.
local snn = require "snn"
local cells = require "spec.train.cells"
local near = require "spec.near"

local function made(class, changes, batch)
  local args = {
    lr_post_pair = 0.2, lr_post_triplet = 0.1, lr_pre_pair = -0.1, lr_pre_triplet = 0.3,
    tc_post_fast = 10, tc_post_slow = 30, tc_pre_fast = 15, tc_pre_slow = 40,
  }
  for name, value in pairs(changes or {}) do args[name] = value end
  local layer = cells.serial("LinearDense",
    { in_shape = 5, out_shape = 4, dtype = "float64", batch_size = batch })
  local trainer = snn[class](args)
  return layer, trainer, trainer:register_cell("cell", layer.cell)
end

-- The sides' terms of each step.
local function run(class, changes)
  local layer, trainer = made(class, changes, 3)
  local out = {}
  snn.manual_seed(4)
  for i = 1, 12 do
    cells.step(layer, snn.rand(3, 5):lt(0.4), snn.rand(3, 4):lt(0.4))
    trainer()
    local acc = layer.updater.weight
    out[i] = { acc.pos:totable(), acc.neg:totable() }
    acc:clear()
  end
  return out
end

describe("StableTripletSTDP", function()
  for _, mode in ipairs { "cumulative", "nearest" } do
    for _, slow in ipairs { "previous", "expdecay" } do
      it(("changes what TripletSTDP does: %s, %s"):format(mode, slow), function()
        local changes = { trace_mode = mode, slow_interp_mode = slow }
        near(run("TripletSTDP", changes), run("StableTripletSTDP", changes))
      end)
    end
  end

  it("adds a pair and the triplet that a spike before makes of it", function()
    local layer, trainer = made("StableTripletSTDP", nil, 1)
    local function step(pre, post)
      cells.step(layer, { { pre, 0, 0, 0, 0 } }, { { post, 0, 0, 0 } })
      layer.updater.weight:clear()
      trainer()
    end
    step(0, 1)
    step(1, 0)
    step(0, 1)
    local exp = math.exp
    near(exp(-1 / 15) * (0.2 + 0.1 * exp(-1 / 30)), layer.updater.weight.pos[1][1])
  end)

  it("has traces of amplitude 1, whatever the rates", function()
    local layer, _, unit = made("StableTripletSTDP", { lr_post_pair = 9 }, 1)
    cells.step(layer, { { 1, 0, 0, 0, 0 } }, { { 1, 0, 0, 0 } })
    for _, name in ipairs { "trace_pre_fast", "trace_pre_slow", "trace_post_fast",
      "trace_post_slow" } do
      assert.equal(1, unit.monitors[name]:peek():flatten()[1])
    end
  end)
end)
