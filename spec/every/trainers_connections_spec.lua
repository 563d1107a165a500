-- What holds for every trainer on every connection: with delays, with delays that may
-- change, and without; in each mode of its traces.
local snn = require "snn"
local models = require "spec.every.models"
local cells = require "spec.train.cells"
local trainers = require "spec.every.trainers"
local run, pair, same = trainers.run, trainers.pair, trainers.same

---Whether the rule has an argument of that name.
local function has(name, argument)
  for _, a in ipairs(snn[name].arguments) do
    if a.name == argument then return true end
  end
  return false
end

---{ what it is, changes of the rule, changes of the connection } of each way.
local function ways(name)
  local list = { { "delays", {}, {} } }
  if has(name, "delayed") then
    list[#list + 1] = { "delays that may change", { delayed = true }, {} }
  end
  if not trainers.needs_delays(name) then
    list[#list + 1] = { "no delays", {}, { delay = snn.none } }
  end
  for i = 1, has(name, "trace_mode") and #list or 0 do
    local text, rule, connection = table.unpack(list[i])
    local changes = { trace_mode = "nearest" }
    for k, v in pairs(rule) do changes[k] = v end
    list[#list + 1] = { text .. ", nearest traces", changes, connection }
  end
  return list
end

local function with(changes, more)
  local out = {}
  for k, v in pairs(changes) do out[k] = v end
  for k, v in pairs(more or {}) do out[k] = v end
  return out
end

-- Made per trainer, connection and way: the class's name is held by `name`.
local function claims(name, class, way)
  local is_modulated = trainers.is_modulated(name)

  local function new(changes, connection)
    return pair(name, with(way[2], changes), class, with(way[3], connection))
  end

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

  it("gives by a function what it gives by a name", function()
    for _, reduction in ipairs { "mean", "sum", "max", "min" } do
      local method = reduction == "max" and "amax" or reduction == "min" and "amin" or reduction
      same(run(name, new { batch_reduction = reduction }), run(name, new {
        batch_reduction = function(t, dim) return t[method](t, dim) end,
      }), "near")
    end
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
    for _, param in ipairs(layer.updater.names) do assert.is_nil(layer.updater[param].pos) end
  end)
end

for _, name in ipairs(models.below(snn.IndependentCellTrainer)) do
  for _, class in ipairs(models.below(snn.Connection)) do
    for _, way in ipairs(ways(name)) do
      describe(("%s on %s, %s"):format(name, class, way[1]), function()
        claims(name, class, way)
      end)
    end
  end
end
