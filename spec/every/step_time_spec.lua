-- A new step time of a cell is followed by all that is recorded of it, for every
-- trainer, also for those to come.
local snn = require "snn"
local models = require "spec.every.models"
local trainers = require "spec.every.trainers"
local cells = require "spec.train.cells"

local function set_dt(layer, dt)
  layer.connection.dt = dt
  layer.neuron.dt = dt
end

local function silence(layer, steps)
  for _ = 1, steps do
    local connection = layer.connection
    cells.step(layer, snn.zeros(trainers.BATCH, table.unpack(connection.inshape)),
      snn.zeros(trainers.BATCH, table.unpack(connection.outshape)))
  end
end

-- Asserts that b is a times the factor, plus more, in every place that is a number.
local function follows(a, b, factor, more)
  local want, got = a:flatten():totable(), b:flatten():totable()
  local seen = 0
  for i, w in ipairs(want) do
    if w == w and w ~= 0 then
      assert.near(1, got[i] / (w * factor + more), 1e-5)
      seen = seen + 1
    end
  end
  assert.is_true(seen > 0)
end

-- name of the monitor, its value before and after a step of 0.5 ms without spikes
local function check_step(tc, name, before, after)
  if tc then follows(before, after, math.exp(-0.5 / tc), 0)
  elseif name == "spike_rate" then assert.equal(0, after:sum():item()) -- begins anew
  elseif before.dtype ~= "bool" then follows(before, after, 1, 0.5) -- times since events
  end
end

local function quiet(fn)
  local mode = snn.warnings(false)
  local ok, err = pcall(fn)
  snn.warnings(mode)
  if not ok then error(err, 0) end
end

for _, class in ipairs { "LinearDense", "Conv2D" } do
  for _, name in ipairs(models.below(snn.IndependentCellTrainer)) do
    it(("%s on %s records steps of the cell's new length"):format(name, class), function()
      quiet(function()
        local trainer, layer = trainers.pair(name, nil, class)
        trainers.run(name, trainer, layer)
        silence(layer, 6) -- until nothing is on its way
        local before, _, state = {}, trainer:get_cell "cell"
        for _, monitor, object in trainer:named_monitors() do before[monitor] = object:peek() end
        set_dt(layer, 0.5)
        silence(layer, 1)
        for _, monitor, object in trainer:named_monitors() do
          if object.dt then assert.equal(0.5, object.dt) end
          local tc = trainers.time_constant(name, state, monitor)
          check_step(tc, monitor, before[monitor], object:peek())
        end
      end)
    end)
  end
end

for _, name in ipairs(models.below(snn.IndependentCellTrainer)) do
  it(name .. " learns at a new step time what a new trainer does", function()
    quiet(function()
      -- silence before the change, so that both begin without a past
      local old, layer = trainers.pair(name)
      silence(layer, 3)
      set_dt(layer, 0.5)
      old:clear()
      local new, other = trainers.pair(name, nil, nil, { step_time = 0.5 })
      trainers.same(trainers.run(name, new, other), trainers.run(name, old, layer))
    end)
  end)
end

describe("STDP", function()

  it("pairs spikes by their distance in ms after the cell's dt has changed", function()
    local layer = cells.serial()
    local trainer = snn.STDP { lr_post = 1, lr_pre = -1, tc_post = 20, tc_pre = 20 }
    trainer:register_cell("cell", layer.cell)
    set_dt(layer, 0.5)
    cells.step(layer, { { 1, 0 } }, { { 0, 0 } })
    for _ = 1, 9 do cells.step(layer, { { 0, 0 } }, { { 0, 0 } }) end
    layer.updater:clear()
    cells.step(layer, { { 0, 0 } }, { { 1, 0 } })
    trainer()
    assert.near(math.exp(-5 / 20), layer.updater.weight.pos[1][1], 1e-6) -- 0.7788
  end)

  it("pairs spikes on both sides of the change", function()
    local layer = cells.serial()
    local trainer = snn.STDP { lr_post = 1, lr_pre = -1, tc_post = 20, tc_pre = 20 }
    trainer:register_cell("cell", layer.cell)
    cells.step(layer, { { 1, 0 } }, { { 0, 0 } })
    cells.step(layer, { { 0, 0 } }, { { 0, 0 } })
    set_dt(layer, 0.5)
    cells.step(layer, { { 0, 0 } }, { { 1, 0 } })
    trainer()
    assert.near(math.exp(-1.5 / 20), layer.updater.weight.pos[1][1], 1e-6)
  end)

  it("warns where spikes on their way were kept in steps of the old dt", function()
    local heard, before = {}, warn
    _G.warn = function(text) heard[#heard + 1] = text end
    local layer = cells.serial("LinearDense", { delay = 4 })
    layer.connection.delay = snn.full({ 2, 2 }, 3)
    local trainer = snn.STDP { lr_post = 1, lr_pre = -1, tc_post = 20, tc_pre = 20,
      delayed = true }
    trainer:register_cell("cell", layer.cell)
    for _ = 1, 3 do cells.step(layer, { { 1, 0 } }, { { 0, 0 } }) end
    set_dt(layer, 0.5)
    for _ = 1, 3 do cells.step(layer, { { 1, 0 } }, { { 0, 0 } }) end
    _G.warn = before
    local told = 0
    for _, text in ipairs(heard) do
      if text:find("STDP: the step time is 0.5 ms now, was 1: the older states of 'trace_pre'", 1,
        true) then told = told + 1 end
    end
    assert.equal(1, told)
  end)

  it("warns of nothing where nothing was kept", function()
    local mode = snn.warnings("error")
    local layer = cells.serial()
    local trainer = snn.TripletSTDP { lr_post_pair = 1, lr_post_triplet = 1, lr_pre_pair = 1,
      lr_pre_triplet = 1, tc_post_fast = 10, tc_post_slow = 20, tc_pre_fast = 10,
      tc_pre_slow = 20 }
    trainer:register_cell("cell", layer.cell)
    local ok, err = pcall(function()
      for _ = 1, 3 do cells.step(layer, { { 1, 0 } }, { { 0, 1 } }) end
      set_dt(layer, 0.5)
      for _ = 1, 3 do cells.step(layer, { { 1, 0 } }, { { 0, 1 } }) end
      trainer()
    end)
    snn.warnings(mode)
    assert(ok, err)
  end)
end)
