-- Trainers with time constants that are long beside float32, also those to come:
-- their traces and eligibilities decay right, and go on in the same bits from
-- what was saved.
local snn = require "snn"
local models = require "spec.every.models"
local trainers = require "spec.every.trainers"
local cells = require "spec.train.cells"

local STEPS <const> = 20000
local SLOW = {
  tc_post = 1e7, tc_pre = 3e7, tc_eligibility = 1e8, tc_post_fast = 1e6, tc_post_slow = 1e7,
  tc_pre_fast = 1e5, tc_pre_slow = 1e8, tc = 1e7, tc_pos = 1e7, tc_neg = 1e6,
}

-- Those of SLOW that the trainer takes.
local function slow_of(name)
  local changes = {}
  for _, argument in ipairs(snn[name].arguments) do
    changes[argument.name] = SLOW[argument.name]
  end
  return changes
end

-- NaN, of times before a first event, counts as the same.
local function comparable(t)
  if t.dtype == "bool" or t.dtype == "int64" then return t end
  return t:masked_fill(t:isnan(), -1)
end

local function same_state(one, other)
  local twin = other:state_dict()
  for path, tensor in pairs(one:state_dict()) do
    assert(comparable(tensor):equal(comparable(twin[path])), path)
    twin[path] = nil
  end
  assert.is_nil(next(twin))
end

for _, name in ipairs(models.below(snn.IndependentCellTrainer)) do
  local changes = slow_of(name)

  describe(name .. " of slow decays", function()
    it("goes on in the same bits from its state", function()
      local one, layer = trainers.pair(name, changes)
      trainers.run(name, one, layer)
      for path, tensor in pairs(one:state_dict()) do
        if path:find "trace_.*%.fine$" then assert.is_true(tensor:ne(0):any():item(), path) end
      end
      local other, copy = trainers.pair(name, changes)
      copy:load_state_dict(layer:state_dict())
      other:load_state_dict(one:state_dict())
      for _ = 1, 2 do
        trainers.same(trainers.run(name, one, layer), trainers.run(name, other, copy))
      end
      same_state(one, other)
    end)
  end)

  if changes.tc_post or changes.tc_post_fast or changes.tc then
    it(("%s decays by exp(-n dt / tc) for n = %d"):format(name, STEPS), function()
      local trainer, layer = trainers.pair(name, changes, "LinearDense",
        { in_shape = 2, out_shape = 3, batch_size = 1, step_time = 0.5, delay = 0 })
      local on = { snn.ones(1, 2), snn.ones(1, 3) }
      cells.step(layer, on[1], on[2])
      local before, _, state = {}, trainer:get_cell "cell"
      for _, monitor, object in trainer:named_monitors() do before[monitor] = object:peek() end
      local off = { snn.zeros(1, 2), snn.zeros(1, 3) }
      for _ = 1, STEPS do cells.step(layer, off[1], off[2]) end
      local seen = 0
      for _, monitor, object in trainer:named_monitors() do
        local tc = trainers.time_constant(name, state, monitor)
        if tc then
          local left = object:peek():flatten()[1] / before[monitor]:flatten()[1]
          assert.near(1, (1 - left) / (1 - math.exp(-STEPS * 0.5 / tc)), 0.01)
          seen = seen + 1
        end
      end
      assert.is_true(seen >= 2)
    end)
  end
end

describe("eligibilities", function()
  it("read 0 below the smallest normal number, and are 0 for ever then", function()
    for _, dtype in ipairs { "float32", "float64" } do
      local least = dtype == "float32" and 2.0 ^ -126 or 2.0 ^ -1022
      local layer = cells.serial("LinearDense", { dtype = dtype })
      local trainer = snn.MSTDPET { lr_post = 1, lr_pre = 1, tc_post = 20, tc_pre = 20,
        tc_eligibility = 2 }
      trainer:register_cell("cell", layer.cell)
      cells.step(layer, { { 1, 1 } }, { { 1, 1 } })
      local was_small = false
      for _ = 1, dtype == "float32" and 200 or 1500 do
        cells.step(layer, { { 0, 0 } }, { { 0, 0 } })
        local z = trainer:get_monitor("cell", "elig_post"):peek()[1][1][1]
        assert.is_true(z == 0 or z >= least)
        was_small = was_small or z < 1e-20
      end
      assert.is_true(was_small)
      assert.equal(0, trainer:get_monitor("cell", "elig_post"):peek()[1][1][1])
    end
  end)
end)
