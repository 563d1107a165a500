-- Rules whose cells have learned delays outside of the synapse's history read
-- the nearer end, as the connection does.
local snn = require "snn"
local models = require "spec.every.models"
local trainers = require "spec.every.trainers"
local support = require "spec.support"

local function takes_delayed(class)
  for _, argument in ipairs(class.arguments) do
    if argument.name == "delayed" then return true end
  end
  return false
end

local MEAN = { name = "by name", value = "mean" }
local BY_FUNCTION = { name = "by a function", value = function(t, dim) return t:mean(dim) end }

-- The connection's delays become these, as an update leaves them.
local function learn(connection, wanted)
  connection.updater.delay = { wanted - connection.delay }
  connection:update()
end

for _, name in ipairs(models.below(snn.IndependentCellTrainer)) do
  if takes_delayed(snn[name]) then
    describe(name .. " with delayed = true and delays outside", function()
      for _, reduction in ipairs { MEAN, BY_FUNCTION } do
        it("trains as with those at the ends, reduced " .. reduction.name, function()
          local changes = { delayed = true }
          if not trainers.is_modulated(name) then changes.batch_reduction = reduction.value end
          local trainer, layer = trainers.pair(name, changes)
          local other, clamped = trainers.pair(name, changes)
          local delay = layer.connection.delay
          local far = delay + (delay:eq(4):to("float32") - delay:eq(0):to("float32")) * 3.5
          assert.is_true(far:gt(4):any():item() and far:lt(0):any():item())
          local got
          local texts = support.heard(function()
            learn(layer.connection, far)
            got = trainers.run(name, trainer, layer)
          end)
          assert.equal(1, #texts)
          clamped.connection.delay = far:clamp(0, 4)
          trainers.same(trainers.run(name, other, clamped), got)
        end)
      end
    end)
  end
end
