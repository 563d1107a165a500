-- What holds for every trainer on every connection.
local snn = require "snn"
local models = require "spec.every.models"
local cells = require "spec.train.cells"
local trainers = require "spec.every.trainers"
local run, pair, same = trainers.run, trainers.pair, trainers.same

-- Made per trainer and connection: the class's name is held by `name`.
local function claims(name, class)
  local is_modulated = trainers.is_modulated(name)

  local function new(changes, connection) return pair(name, changes, class, connection) end

  it("changes something", function()
    local terms = run(name, new())
    assert.is_true(terms[trainers.STEPS]:abs():sum():item() > 0)
  end)

  it("learns the same with any number of threads", function()
    local before, results = snn.get_num_threads(), {}
    for i, n in ipairs { 1, 2, 4 } do
      snn.set_num_threads(n)
      results[i] = run(name, new())
    end
    snn.set_num_threads(before)
    same(results[1], results[2])
    same(results[1], results[3])
  end)

  it("sums up a batch as single samples", function()
    local trainer, layer = new { batch_reduction = "sum" }
    local together, apart = run(name, trainer, layer), nil
    for sample = 1, trainers.BATCH do
      local one, single = new({ batch_reduction = "sum" }, { batch_size = 1 })
      local terms = run(name, one, single, { sample = sample })
      for i, t in ipairs(terms) do terms[i] = apart and apart[i] + t or t end
      apart = terms
    end
    same(together, apart, "near")
  end)

  it("is as new when layer and trainer are cleared", function()
    local trainer, layer = new()
    local first = run(name, trainer, layer)
    layer:clear()
    trainer:clear()
    same(first, run(name, trainer, layer))
  end)

  it("goes on from its state", function()
    local trainer, layer = new()
    run(name, trainer, layer, { to = 4 })
    local fresh, other = new()
    other:load_state_dict(layer:state_dict())
    fresh:load_state_dict(trainer:state_dict())
    same(run(name, trainer, layer, { from = 5 }), run(name, fresh, other, { from = 5 }))
  end)

  it("fails before the layer's first step", function()
    local ok, err = pcall((new()), is_modulated and 1 or nil)
    assert.is_false(ok)
    assert.equal("RuntimeError", err.kind)
    assert.truthy(err.message:find(name .. ": ", 1, true))
  end)

  it("refuses a reduction that leaves the batch", function()
    local trainer, layer = new { batch_reduction = function(t) return t end }
    cells.step(layer, snn.ones(layer.connection.batched_inshape),
      snn.ones(layer.connection.batched_outshape))
    local ok, err = pcall(trainer, is_modulated and 1 or nil)
    assert.is_false(ok)
    assert.equal("ValueError", err.kind)
    assert.is_nil(layer.updater.weight.pos)
    assert.is_nil(layer.updater.delay.pos)
  end)
end

for _, name in ipairs(models.below(snn.IndependentCellTrainer)) do
  for _, class in ipairs(models.below(snn.Connection)) do
    describe(name .. " on " .. class, function() claims(name, class) end)
  end
end
