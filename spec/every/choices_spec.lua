-- Choices by name compare without case, wherever one is read: "Mean", "MEAN" and
-- "mean" are the same. Names of things (arguments, parameters, layers' parts)
-- are no choices.
local snn = require "snn"
local models = require "spec.every.models"
local neurons = require "spec.every.neurons"
local synapses = require "spec.every.synapses"
local trainers = require "spec.every.trainers"
local fails = require("spec.support").fails

local function title(word) return word:sub(1, 1):upper() .. word:sub(2) end

-- What objects of a family do: nested lists of numbers.
local FAMILIES = {
  [snn.Neuron] = function(name, changes)
    changes.batch_size = 3
    local group = neurons.make(name, changes)
    snn.manual_seed(4)
    for _ = 1, 20 do group(snn.rand(3, 5) * 60) end
    return models.state(group)
  end,
  [snn.Synapse] = function(name, changes)
    changes.delay = 3
    local synapse = synapses.maker(snn[name]).object(changes)
    synapses.run(synapse, 6)
    local times = snn.tensor { { 0, 0.4, 0.6, 1.3, 2.7 } }
    return { synapse:current_at(times):totable(), synapse:spike_at(times):totable(),
      tostring(synapse) }
  end,
  [snn.Reducer] = function(name, changes)
    changes.step_time, changes.criterion = 1, function(x) return x:gt(0.5) end
    changes.duration = 2
    local reducer = snn[name](changes)
    reducer(snn.tensor { 0, 1, 0.2 })
    return reducer:dump():eq(reducer:dump()):totable(), tostring(reducer:dump())
  end,
  [snn.IndependentCellTrainer] = function(name, changes)
    if changes.param then -- what is trained; only the weight is looked at by run
      changes.param = changes.param:lower() == "weight" and changes.param or nil
    end
    if trainers.is_modulated(name) and changes.batch_reduction then
      changes.batch_reduction = changes.batch_reduction:lower() == "sum" and changes.batch_reduction
        or nil
    end
    local all = {}
    for i, terms in ipairs(trainers.run(name, trainers.pair(name, changes))) do
      all[i] = terms:totable()
    end
    return all
  end,
}

for parent, run in pairs(FAMILIES) do
  for _, name in ipairs(models.below(parent)) do
    for _, argument in ipairs(snn[name].arguments) do
      if argument.choices then
        it(("%s reads %s without case"):format(name, argument.name), function()
          for word in argument.choices:gmatch "%S+" do
            local want = { run(name, { [argument.name] = word }) }
            for _, other in ipairs { word:upper(), title(word) } do
              assert.same(want, { run(name, { [argument.name] = other }) })
            end
          end
        end)
      end
    end
  end
end

describe("a choice", function()
  it("of dtype, for every kind of object", function()
    for _, dtype in ipairs { "Float64", "FLOAT64" } do
      assert.equal("float64", snn.zeros(2, { dtype = dtype }).dtype)
      assert.equal("float64", snn.zeros(2):to(dtype).dtype)
      assert.equal("float64", neurons.make("LIF", { dtype = dtype }).dtype)
    end
    assert.equal("bool", snn.ones(2):to("Bool").dtype)
  end)

  it("of the parameter that is kept at a rate", function()
    for _, param in ipairs { "weight", "bias", "delay" } do
      local layer = trainers.layer(nil, { bias = true })
      local trainer = snn.LinearHomeostasis { plasticity = 0.5, target = 1, param = param:upper() }
      layer.connection.updater = layer.connection:defaultupdater()
      trainer:register_cell("cell", layer.cell)
      layer(snn.zeros(layer.connection.batched_inshape):gt(0), { neuron_kwargs = {
        override = snn.zeros(layer.connection.batched_outshape):gt(0) } })
      trainer()
      for _, other in ipairs { "weight", "bias", "delay" } do
        local acc = layer.updater[other]
        assert.equal(other == param, acc.pos ~= nil or acc.neg ~= nil)
      end
    end
  end)

  it("of a reduction of an accumulator", function()
    for name, want in pairs { Sum = 4, MEAN = 2, Max = 3, mIn = 1 } do
      local acc = snn.Accumulator()
      acc:reduction(name)
      acc.pos = snn.tensor { 1 }
      acc.pos = snn.tensor { 3 }
      assert.equal(want, acc.pos:item())
    end
    fails("ValueError", "'summ'", function() snn.Accumulator():reduction("summ") end)
  end)

  it("of an interpolation of quantiles", function()
    local t = snn.tensor { 1, 2, 4, 8 }
    for name, want in pairs { Linear = 2.5, LOWER = 2, Higher = 4, Midpoint = 3 } do
      local q = name == "Linear" and 0.4166666666666667 or 0.4
      assert.near(want, t:quantile(q, nil, false, { interpolation = name }):item(), 1e-6)
      local options = { q = q, interpolation = name }
      assert.near(want, snn.functional.quantile(t, 1, false, options):item(), 1e-6)
    end
    assert.equal(2, snn.functional.nanquantile(t, 1, false, { q = 0.4, interpolation = "Lowest" })
      :item())
  end)

  it("of a combination", function()
    assert.truthy(pcall(snn.Biclique, { combine = "Mean",
      connections = { { "c", snn.LinearDirect { shape = 1, step_time = 1,
        synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 } } } },
      neurons = { { "n", neurons.make("LIF", { shape = 1 }) } } }))
  end)

  it("of what becomes of warnings", function()
    local before = snn.warnings()
    snn.warnings "Error"
    local now = snn.warnings(before)
    assert.equal("error", now)
    fails("ValueError", "'mode' must be", snn.warnings, "errors")
  end)

  it("that is near none is an error with the words as they are written", function()
    fails("RuntimeError", "must be one of: previous nearest; got 'Linear'", function()
      snn.DeltaCurrent { shape = 1, step_time = 1, spike_charge = 1, interp_mode = "Linear" }
    end)
  end)
end)
