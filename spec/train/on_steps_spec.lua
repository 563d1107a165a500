-- interp_tolerance where nothing is looked up: arrivals, and delays that are taken
-- off a time.
local snn = require "snn"
local cells = require "spec.train.cells"
local near = require "spec.near"

local X, NONE = { { 1, 0 } }, { { 0, 0 } }

local function layer_of(delay, longest)
  local layer = cells.serial("LinearDense", { delay = longest or 4 })
  layer.connection.delay = layer.connection.delay * 0 + delay
  return layer
end

-- The traces of one input spike after so many steps.
local function traced(trainer, delay, steps, longest)
  local layer = layer_of(delay, longest)
  trainer:register_cell("cell", layer.cell)
  for i = 1, steps do cells.step(layer, i == 1 and X or NONE, NONE) end
  return trainer:get_monitor("cell", "trace_pre"):peek():flatten():totable()[1]
end

describe("a delay near a step", function()
  it("lets spikes arrive on it", function()
    for tolerance, seen in pairs { [0] = 0, [0.1] = 0, [0.25] = 1 } do
      near(seen, traced(cells.stdp { interp_tolerance = tolerance }, 1.2, 2))
      near(seen, traced(snn.MSTDPET { lr_post = 1, lr_pre = 1, tc_post = 5, tc_pre = 5,
        tc_eligibility = 5, interp_tolerance = tolerance }, 1.2, 2))
    end
  end)

  it("is not on one beyond the longest delay", function()
    near(1, traced(cells.stdp { interp_tolerance = 0.5 }, 3.6, 5, 3.6))
  end)

  it("counts as it where delays are taken off", function()
    -- the neuron spikes 2 ms after the input, its delay is a little more
    for tolerance, sides in pairs { [0] = { 0, 1 }, [0.01] = { 1, 0 } } do
      local layer = layer_of(2.005)
      local trainer = snn.DelayAdjustedSTDP { lr_pos = 1, lr_neg = -1, tc_pos = 1e9, tc_neg = 1e9,
        interp_tolerance = tolerance }
      trainer:register_cell("cell", layer.cell)
      for i = 1, 3 do cells.step(layer, i == 1 and X or NONE, { { i == 3 and 1 or 0, 0 } }) end
      trainer()
      local weight = layer.updater.weight
      near(sides[1], weight.pos[1][1], 1e-5)
      near(sides[2], weight.neg[1][1], 1e-5)
    end
  end)
end)
