-- STDP whose traces have the amplitude 1: the same changes, to rounding.
local snn = require "snn"
local cells = require "spec.train.cells"
local near = require "spec.near"

local HALF = cells.HALF -- halves each step

-- Three steps of two inputs and two outputs; the change of each.
local PRE = { { { 1, 0 } }, { { 0, 1 } }, { { 1, 1 } } }
local POST = { { { 0, 1 } }, { { 1, 0 } }, { { 0, 1 } } }

local function trained(class, layer, changes)
  local args = { lr_post = 1, lr_pre = -0.5, tc_post = HALF, tc_pre = HALF }
  for name, value in pairs(changes or {}) do args[name] = value end
  local trainer = snn[class](args)
  return trainer, trainer:register_cell("cell", layer.cell)
end

local function run(class, changes)
  local layer = cells.serial("LinearDense", { dtype = "float64" })
  local trainer, pos, neg = trained(class, layer, changes), {}, {}
  for i = 1, 3 do
    cells.step(layer, PRE[i], POST[i])
    trainer()
    pos[i] = layer.updater.weight.pos:totable()
    neg[i] = layer.updater.weight.neg:totable()
    layer.updater.weight:clear()
  end
  return pos, neg
end

describe("StableSTDP", function()
  it("adds the rate times the trace of the other side", function()
    -- traces of the inputs (1, 0), (0.5, 1), (1.25, 1.5); of the outputs (0, 1), (1, 0.5),
    -- (0.5, 1.25)
    local pos, neg = run "StableSTDP"
    near({ { { 0, 0 }, { 1, 0 } }, { { 0.5, 1 }, { 0, 0 } }, { { 0, 0 }, { 1.25, 1.5 } } }, pos)
    near({ { { 0, 0 }, { 0.5, 0 } }, { { 0, 0.5 }, { 0, 0.25 } },
      { { 0.25, 0.25 }, { 0.625, 0.625 } } }, neg)
  end)

  it("changes what STDP does, in either mode of its traces", function()
    for _, mode in ipairs { "cumulative", "nearest" } do
      local pos, neg = run("STDP", { trace_mode = mode, lr_pre = -0.3 })
      local same_pos, same_neg = run("StableSTDP", { trace_mode = mode, lr_pre = -0.3 })
      near(pos, same_pos)
      near(neg, same_neg)
    end
  end)

  it("has traces of amplitude 1, whatever the rates", function()
    local layer = cells.serial()
    local _, unit = trained("StableSTDP", layer, { lr_post = 7, lr_pre = 1e-9 })
    cells.step(layer, PRE[3], POST[3])
    assert.same({ { 1, 1 } }, unit.monitors.trace_pre:peek():totable())
    assert.same({ { 0, 1 } }, unit.monitors.trace_post:peek():totable())
  end)

  it("counts spikes of before with a rate that changes", function()
    local layer = cells.serial("LinearDense", { dtype = "float64" })
    local trainer = trained("StableSTDP", layer, { lr_pre = 0 })
    cells.step(layer, { { 1, 0 } }, { { 0, 0 } })
    trainer.lr_post = -3
    cells.step(layer, { { 0, 0 } }, { { 1, 0 } })
    trainer()
    near({ { 1.5, 0 }, { 0, 0 } }, layer.updater.weight.neg:totable())
  end)
end)
