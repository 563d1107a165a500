-- NaN and infinity that a trainer is called with, or that its functions give, are a
-- ValueError, and change nothing: not even the cells before the one that they are of.
local snn = require "snn"
local models = require "spec.every.models"
local cells = require "spec.train.cells"
local trainers = require "spec.every.trainers"
local fails = require("spec.support").fails

local WRONG <const> = { 0 / 0, 1 / 0, -1 / 0 }
local DTYPES <const> = { "float32", "float64" }

-- Two cells of one trainer, three samples each, in which all has spiked and arrived.
local function made(name, changes, dtype)
  local trainer, layers = trainers.maker(snn[name]).object(changes), {}
  for i = 1, 2 do
    layers[i] = trainers.layer("LinearDense", { dtype = dtype })
    trainer:register_cell("cell" .. i, layers[i].cell)
    for _ = 1, 5 do -- longer than the delays
      cells.step(layers[i], snn.ones(layers[i].connection.batched_inshape),
        snn.ones(layers[i].connection.batched_outshape))
    end
  end
  return trainer, layers
end

-- Asserts that the call is a ValueError that names what is wrong and adds nothing.
local function refuses(name, what, changes, dtype, ...)
  local trainer, layers = made(name, changes, dtype)
  local before = models.state(trainer)
  fails("ValueError", what, trainer, ...)
  assert.same(before, models.state(trainer))
  for _, layer in ipairs(layers) do
    for _, param in ipairs { "weight", "delay" } do
      assert.is_nil(layer.updater[param].pos)
      assert.is_nil(layer.updater[param].neg)
    end
  end
end

local function mean(t, dim) return t:mean(dim) end

for _, name in ipairs(models.below(snn.IndependentCellTrainer)) do
  local class, has = snn[name], {}
  for _, argument in ipairs(class.arguments) do has[argument.name] = true end

  -- in C, and where rules run in Lua
  for how, changes in pairs { [""] = {}, [" in Lua"] = { batch_reduction = mean } } do
    if trainers.is_modulated(name) then
      it(name .. " refuses signals and scales that are not finite" .. how, function()
        for _, dtype in ipairs(DTYPES) do
          for _, wrong in ipairs(WRONG) do
            refuses(name, name .. ": 'signal'", changes, dtype, wrong)
            refuses(name, "for sample 3", changes, dtype, snn.tensor { 1, 0, wrong })
            refuses(name, name .. ": 'scale'", changes, dtype, 1, { scale = wrong })
          end
          refuses(name, "'signal', also times 'scale'", changes, dtype, 1e200, { scale = 1e200 })
        end
        refuses(name, "within float32", changes, "float32", 1e39)
        made(name, changes, "float64")(1e39)
        made(name, changes, "float32")(-3e38)
      end)
    end

    if has.target then
      it(name .. " refuses targets that are not finite" .. how, function()
        for _, dtype in ipairs(DTYPES) do
          for _, wrong in ipairs(WRONG) do
            refuses(name, "'target'", changes, dtype, { target = wrong })
            refuses(name, "'target'", changes, dtype, { target = snn.full({ 1, 13 }, wrong) })
            local trainer, layers = made(name, changes, dtype)
            fails("ValueError", "'target'", trainer.register_cell, trainer, "cell3",
              layers[1].cell, { target = snn.tensor { { 0.5, wrong } } })
          end
          refuses(name, "within " .. dtype, changes, dtype, { target = 5e-324 })
          if dtype == "float32" then refuses(name, "within", changes, dtype, { target = 1e300 }) end
        end
      end)
    end

    for _, kernel in ipairs(has.kernel_post and { "kernel_post", "kernel_pre" } or {}) do
      it(name .. " refuses what " .. kernel .. " gives that is not finite" .. how, function()
        for _, dtype in ipairs(DTYPES) do
          for _, wrong in ipairs(WRONG) do
            local calls = 0
            local function second(t)
              calls = calls + 1
              return t * 0 + (calls == 2 and wrong or 0) -- of the second cell
            end
            local all = { [kernel] = second }
            for k, v in pairs(changes) do all[k] = v end
            refuses(name, ("%s: '%s' must return finite numbers"):format(name, kernel), all, dtype)
            assert.equal(2, calls)
            for option in pairs { learning_rate = 0, time_constant = 0 } do
              local given = { learning_rate = 1, time_constant = 10, [option] = wrong }
              -- exp(-t / inf) is 1
              if option ~= "time_constant" or wrong ~= wrong then
                refuses(name, "'" .. kernel .. "'", { [kernel .. "_kwargs"] = given,
                  batch_reduction = changes.batch_reduction }, dtype)
              end
            end
          end
        end
      end)
    end
  end
end

it("kernels may give NaN where a side has not spiked", function()
  local layer = trainers.layer()
  local trainer = trainers.maker(snn.KernelSTDP).object { kernel_post = function(t) return t end }
  trainer:register_cell("cell", layer.cell)
  cells.step(layer, snn.zeros(layer.connection.batched_inshape),
    snn.ones(layer.connection.batched_outshape))
  trainer()
  assert.equal(0, layer.updater.weight.pos:abs():max():item())
end)
