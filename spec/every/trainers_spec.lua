-- What holds for every trainer of the library, also for those to come.
local snn = require "snn"
local models = require "spec.every.models"
local cells = require "spec.train.cells"
local trainers = require "spec.every.trainers"
local fails = require("spec.support").fails
local run, pair, same = trainers.run, trainers.pair, trainers.same

local REDUCTIONS = {
  mean = function(x, dim) return x:mean(dim) end,
  sum = function(x, dim) return x:sum(dim) end,
  max = function(x, dim) return x:amax(dim) end,
  min = function(x, dim) return x:amin(dim) end,
}

for _, name in ipairs(models.below(snn.IndependentCellTrainer)) do
  local class = snn[name]
  local make = trainers.maker(class)

  describe(name, function()
    for text, claim in pairs(models.claims(class, make)) do it(text, claim) end

    it("trains by a function as by its name", function()
      for reduction, fn in pairs(REDUCTIONS) do
        -- a reduction of some of the samples is none of all
        if not trainers.is_modulated(name) or reduction == "sum" then
          same(run(name, pair(name, { batch_reduction = reduction })),
            run(name, pair(name, { batch_reduction = fn })), "near")
        end
      end
    end)

    it("trains in float64 as in float32", function()
      local double = run(name, pair(name, nil, "LinearDense", { dtype = "float64" }))
      assert.equal("float64", double[1].dtype)
      same(run(name, pair(name)), double, "near")
    end)

    it("does nothing in evaluation mode", function()
      local trainer, layer = pair(name)
      trainer:eval()
      for _, terms in ipairs(run(name, trainer, layer)) do
        assert.equal(0, terms:abs():max():item())
      end
    end)

    it("takes each argument per cell", function()
      for _, argument in ipairs(class.arguments) do
        if argument.type == "number" and not argument.optional then
          local changes = { [argument.name] = models.example(argument) * 1.25 }
          local trainer, layer = make.object(), trainers.layer()
          trainer:register_cell("cell", layer.cell, changes)
          same(run(name, pair(name, changes)), run(name, trainer, layer))
        end
      end
    end)

    it("counts a wrong argument of a cell as one of its own", function()
      local trainer, layer = make.object(), trainers.layer()
      for _, argument in ipairs(class.arguments) do
        if argument.type == "number" then
          fails("TypeError", "'" .. argument.name .. "'", trainer.register_cell, trainer, "cell",
            layer.cell, { [argument.name] = "1" })
        end
      end
      fails("TypeError", "nothing_like_that", trainer.register_cell, trainer, "cell",
        layer.cell, { nothing_like_that = 1 })
      assert.is_nil(trainer:named_cells()())
    end)

    it("can be the parent of a script's class", function()
      local Mine = snn.class("Mine", class)
      function Mine:forward(...)
        self.times = (self.times or 0) + 1
        return class.forward(self, ...)
      end
      local mine, layer = Mine(make.arguments()), trainers.layer()
      mine:register_cell("cell", layer.cell)
      same(run(name, pair(name)), run(name, mine, layer))
      assert.equal(trainers.STEPS, mine.times)
    end)

    it("keeps what it has when its arguments are wrong", function()
      if not trainers.is_modulated(name) and name ~= "LinearHomeostasis" then return end
      local trainer, layer = pair(name)
      cells.step(layer, snn.ones(layer.connection.batched_inshape),
        snn.ones(layer.connection.batched_outshape))
      local before = models.state(trainer)
      fails("TypeError", name, trainer, "no")
      assert.is_false(pcall(trainer, snn.ones(99, 99)))
      assert.same(before, models.state(trainer))
      assert.is_nil(layer.updater.weight.pos)
    end)
  end)
end
