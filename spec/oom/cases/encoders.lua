-- Every encoder: whole trains, step by step, and arguments that change.
local snn = require "snn"
local models = require "spec.every.models"

local NAMES <const> = models.below(snn.Encoder)

return {
  prepare = function()
    local made = {}
    for i, name in ipairs(NAMES) do made[i] = models.maker(snn[name]).object { steps = 5 } end
    return { made = made, x = snn.tensor { { 0.5, 0, 1 }, { 0.25, 0.5, 0.75 } } }
  end,
  run = function(o)
    for _, encoder in ipairs(o.made) do
      encoder(o.x)
      for _ in encoder:steps_of(o.x) do end
      encoder.steps = 6
    end
  end,
  check = function(o, ok)
    for _, encoder in ipairs(o.made) do
      assert(encoder.steps == 6 or encoder.steps == 5 and not ok)
      assert(encoder(o.x).shape[1] == encoder.steps)
    end
  end,
}
