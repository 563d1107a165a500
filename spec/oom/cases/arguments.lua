-- Arguments that are assigned: of trainers with several cells, encoders, reducers,
-- hooks and monitors. Where that fails all of them are as they were.
local snn = require "snn"
local cells = require "spec.train.cells"

local X, Y = { { 1, 0 } }, { { 0, 1 } }

local function trained()
  local trainer, layers = snn.MSTDPET { lr_post = 1, lr_pre = -0.5, tc_post = 5, tc_pre = 5,
    tc_eligibility = 10 }, {}
  for i = 1, 2 do
    layers[i] = cells.serial()
    trainer:register_cell("c" .. i, layers[i].cell)
    cells.step(layers[i], X, Y)
  end
  return trainer, layers
end

-- What may change, as text.
local function seen(o)
  local list = { o.trainer.lr_post, o.trainer:get_unit("c1").state.lr_post,
    o.trainer:get_unit("c2").state.lr_post, o.encoder.frequency, o.reducer.amplitude,
    o.clamping.max, o.monitor.every }
  for _, cell in ipairs { "c1", "c2" } do
    list[#list + 1] = o.trainer:get_monitor(cell, "trace_pre"):peek()[1][1]
    list[#list + 1] = o.trainer:get_monitor(cell, "elig_post"):peek()[1][2][1]
  end
  return table.concat(list, " ")
end

return {
  prepare = function()
    local trainer, layers = trained()
    local connection = layers[1].connection
    local o = { trainer = trainer, layers = layers,
      encoder = snn.HomogeneousPoissonEncoder { steps = 3, step_time = 1, frequency = 50 },
      reducer = snn.NearestTraceReducer { step_time = 1, time_constant = 5, amplitude = 1,
        target = 1 },
      clamping = snn.Clamping { module = connection, attr = "weight", max = 1 },
      monitor = snn.StateMonitor { module = connection, attr = "weight", last = 3 } }
    o.clamping:register()
    o.before = seen(o)
    return o
  end,
  run = function(o)
    o.trainer.lr_post = 2
    o.trainer:set("c2", { lr_post = 3 })
    o.encoder.frequency = 60
    o.reducer.amplitude = 2
    o.clamping.max = 2
    o.monitor.every = 2
  end,
  check = function(o)
    -- each assignment is whole: the cells follow the trainer, their traces the rate
    local t = o.trainer
    assert(t:get_unit("c1").state.lr_post == t.lr_post)
    for _, cell in ipairs { "c1", "c2" } do
      local rate = t:get_unit(cell).state.lr_post
      assert(math.abs(t:get_monitor(cell, "trace_pre"):peek()[1][1] - rate) < 1e-5)
    end
    for i = 1, 2 do cells.step(o.layers[i], X, Y) end
    t(1)
    assert(seen(o) ~= o.before)
  end,
}
