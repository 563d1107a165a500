-- What holds for every trainer that learns from spikes alone, also for those to
-- come.
local snn = require "snn"
local models = require "spec.every.models"
local cells = require "spec.train.cells"
local fails = require("spec.support").fails

local VALUES = {
  lr_post = 0.5, lr_pre = -0.25, tc_post = 20, tc_pre = 10,
}

local function spikes(batch, n, step, first)
  local rows = {}
  for b = 1, batch do
    rows[b] = {}
    for i = 1, n do rows[b][i] = (i * 5 + step * 3 + ((first or 0) + b) * 7) % 4 == 0 end
  end
  return snn.tensor(rows, { dtype = "bool" })
end

--- Runs steps on a cell; returns the weight after them.
local function run(trainer, layer, steps, first)
  local batch, connection = layer.connection.batchsz, layer.connection
  for step = 1, steps or 6 do
    cells.step(layer, spikes(batch, connection:insize(), step, first),
      spikes(batch, connection:outsize(), step + 1, first))
    trainer()
    layer:update()
  end
  return connection.weight
end

for _, name in ipairs(models.below(snn.IndependentCellTrainer)) do
  local class = snn[name]
  local make = {}
  function make.arguments(changes) return models.arguments(class, VALUES, changes) end
  function make.object(changes) return class(make.arguments(changes)) end

  --- A trainer on a cell of 7 inputs and 5 outputs.
  local function pair(changes, connection)
    local args = { in_shape = 7, out_shape = 5 }
    for k, v in pairs(connection or {}) do args[k] = v end
    local layer, trainer = cells.serial("LinearDense", args), make.object(changes)
    trainer:register_cell("cell", layer.cell)
    return trainer, layer
  end

  describe(name, function()
    for text, claim in pairs(models.claims(class, make)) do it(text, claim) end

    it("changes weights in the run of these specs", function()
      assert.is_true(run(pair()):abs():max():item() > 0)
    end)

    it("trains a batch by the sum of its samples", function()
      local trainer, layer =
        pair({ batch_reduction = "sum" }, { batch_size = 3, dtype = "float64" })
      local together, sum = run(trainer, layer), 0
      for b = 1, 3 do
        local t, l = pair({ batch_reduction = "sum" }, { dtype = "float64" })
        sum = run(t, l, 6, b - 1) + sum
      end
      assert.is_true(together:allclose(sum, 1e-9, 1e-9))
    end)

    it("trains by the mean at first", function()
      local trainer, layer = pair(nil, { batch_size = 3, dtype = "float64" })
      local t, l = pair({ batch_reduction = "sum" }, { batch_size = 3, dtype = "float64" })
      assert.is_true((run(trainer, layer) * 3):allclose(run(t, l), 1e-9, 1e-9))
    end)

    it("trains by a function as by its name", function()
      for reduction, fn in pairs {
        mean = function(x, dim) return x:mean(dim) end,
        sum = function(x, dim) return x:sum(dim) end,
        max = function(x, dim) return x:amax(dim) end,
        min = function(x, dim) return x:amin(dim) end,
      } do
        local t, l = pair({ batch_reduction = reduction }, { batch_size = 3, dtype = "float64" })
        local u, m = pair({ batch_reduction = fn }, { batch_size = 3, dtype = "float64" })
        assert.is_true(run(t, l):allclose(run(u, m), 1e-9, 1e-9))
      end
    end)

    it("trains in float64 as in float32", function()
      local single, double = run(pair()), run(pair(nil, { dtype = "float64" }))
      assert.is_true(single:to("float64"):allclose(double, 1e-4, 1e-5))
    end)

    it("is as new when cleared", function()
      local trainer, layer = pair()
      local first = run(trainer, layer)
      trainer:clear()
      layer:clear()
      layer.connection.weight = layer.connection.weight * 0
      assert.same(first:totable(), run(trainer, layer):totable())
    end)

    it("does nothing in evaluation mode", function()
      local trainer, layer = pair()
      trainer:eval()
      assert.equal(0, run(trainer, layer):abs():max():item())
    end)

    it("is an error before the first step", function()
      fails("RuntimeError", name .. ": ", (pair()))
    end)

    it("takes each argument per cell", function()
      for _, argument in ipairs(class.arguments) do
        if argument.type == "number" and not argument.optional then
          local by_cell, layer = make.object(), cells.serial()
          by_cell:register_cell("cell", layer.cell,
            { [argument.name] = VALUES[argument.name] * 3 })
          local for_all, other = make.object { [argument.name] = VALUES[argument.name] * 3 },
            cells.serial()
          for_all:register_cell("cell", other.cell)
          assert.same(run(for_all, other):totable(), run(by_cell, layer):totable())
        end
      end
    end)

    it("can be the parent of a script's class", function()
      local Mine = snn.class("Mine", class)
      function Mine:forward(...)
        self.calls = (self.calls or 0) + 1
        return class.forward(self, ...)
      end
      local trainer, layer = Mine(make.arguments()), cells.serial()
      trainer:register_cell("cell", layer.cell)
      run(trainer, layer, 4)
      assert.equal(4, trainer.calls)
    end)
  end)
end
