local snn = require "snn"

return {
  prepare = function()
    return {
      encoder = snn.HomogeneousPoissonEncoder { steps = 5, step_time = 1, frequency = 100 },
      x = snn.ones(2, 3),
    }
  end,
  run = function(o)
    o.encoder(o.x)
    for _ in o.encoder:steps_of(o.x) do end
    snn.HomogeneousPoissonEncoder { steps = 2, step_time = 1, frequency = 10 }
  end,
  check = function(o) assert(o.encoder(o.x).shape[1] == 5) end,
}
