-- Every neuron, synapse in every connection, reducer and rule: saved after some steps and
-- put into a fresh one, it goes on as the other does, in all that both keep, in bits.
local snn = require "snn"
local cells = require "spec.train.cells"
local models = require "spec.every.models"
local trainers = require "spec.every.trainers"
local twin = require "spec.twin"

local BEFORE <const>, AFTER <const> = 7, 6
local BATCH <const> = 3
local DTYPES <const> = { "float32", "float64" }

-- A matrix that is lent to an update may as well be copied, as memory is shared.
local function is_lent(path, a, b)
  local term = path:match "^.*:%a+%.delta%.%d+%."
  return term and (a[term .. "lent"] or b[term .. "lent"])
end

local function same(a, b, when)
  snn.manual_seed(1)
  local x, y, found = twin.texts(a), twin.texts(b), {}
  for _, path in ipairs(twin.differences(x, y)) do
    if not is_lent(path, x, y) then found[#found + 1] = path end
  end
  assert.same({}, found, when)
end

---Drives one object of `make`, then another one that was loaded from it, side by side.
---@param make fun(): table objects by name
---@param drive fun(objects: table, step: integer)
local function check(make, drive)
  local a, b = make(), make()
  for step = 1, BEFORE do drive(a, step) end
  drive(b, 99)
  snn.manual_seed(1)
  twin.load(b, twin.save(a))
  same(a, b, "at once")
  for step = BEFORE + 1, BEFORE + AFTER do
    drive(a, step)
    drive(b, step)
    same(a, b, "step " .. step)
  end
end

local function optional(class, which)
  local args = {}
  for _, a in ipairs(class.arguments) do
    local skips = a.name == "dtype" or a.name == "batch_size" or a.type == "function"
    -- a jump is one of a layer's neurons: spec/synapse/jump_spec.lua
    skips = skips or a.name == "spike_voltage"
    if a.optional and which and not skips then args[a.name] = models.example(a, which) end
  end
  return args
end

local function changed(args, changes)
  for name, value in pairs(changes) do args[name] = value end
  return args
end

local mode
setup(function() mode = snn.warnings(false) end) -- delays that are learned leave their range
teardown(function() snn.warnings(mode) end)

describe("a neuron that was loaded goes on in bits:", function()
  for _, name in ipairs(models.below(snn.Neuron)) do
    for _, which in ipairs { "example", "other" } do
      for _, dtype in ipairs(DTYPES) do
        it(("%s, %s, %s arguments"):format(name, dtype, which), function()
          local class = snn[name]
          check(function()
            local changes = changed(optional(class, which), { batch_size = BATCH, dtype = dtype })
            return { neuron = class(models.arguments(class, changes)) }
          end, function(objects, step)
            snn.manual_seed(step)
            local shape = objects.neuron.voltage.shape
            objects.neuron(snn.rand(shape, { dtype = dtype }) * 60 - 5)
          end)
        end)
      end
    end
  end
end)

describe("a connection that was loaded goes on in bits:", function()
  local function connection(class, synapse, delay, which, dtype)
    local own = changed(models.arguments(snn[synapse], optional(snn[synapse], which)), {
      shape = nil, step_time = nil, delay = nil, batch_size = nil, dtype = nil,
    })
    own.shape, own.step_time, own.delay, own.graded = nil, nil, nil, nil
    snn.manual_seed(2)
    return snn[class](models.arguments(snn[class], {
      synapse = snn[synapse].partialconstructor(own), delay = delay or nil, batch_size = BATCH,
      bias = true, dtype = dtype,
      delay_init = delay and function(d) return snn.rand(d.shape, { dtype = dtype }) * delay end,
    }))
  end

  for _, synapse in ipairs(models.below(snn.Synapse)) do
    for _, class in ipairs(models.below(snn.Connection)) do
      for _, delay in ipairs { false, 3 } do
        for i, dtype in ipairs(DTYPES) do
          it(("%s in %s, %s%s"):format(synapse, class, dtype, delay and ", delays" or ""),
            function()
              check(function()
                return { it = connection(class, synapse, delay, i == 1 and "example", dtype) }
              end, function(objects, step)
                snn.manual_seed(step)
                local spikes = snn.rand(objects.it.batched_inshape):lt(0.4)
                objects.seen = objects.it(spikes)
              end)
            end)
        end
      end
    end
  end
end)

describe("a reducer that was loaded goes on in bits:", function()
  for _, name in ipairs(models.below(snn.Reducer)) do
    for _, which in ipairs { false, "example", "other" } do
      for _, dtype in ipairs(DTYPES) do
        it(("%s, %s, %s arguments"):format(name, dtype, which or "few"), function()
          local class = snn[name]
          check(function()
            return { reducer = class(models.arguments(class, optional(class, which))) }
          end, function(objects, step)
            snn.manual_seed(step)
            local x = snn.rand({ 2, 3 }, { dtype = dtype })
            objects.reducer(x:round(), snn.rand(2, 3):lt(0.3))
          end)
        end)
      end
    end
  end
end)

describe("a classifier that was loaded goes on in bits:", function()
  it("MaxRateClassifier", function()
    check(function()
      return { it = snn.MaxRateClassifier { shape = 6, num_classes = 3, decay = 1e-4 } }
    end, function(objects, step)
      snn.manual_seed(step)
      objects.seen = objects.it(snn.rand(4, 6), snn.randint(1, 4, { 4 }))
    end)
  end)
end)

-- ------------------------------------------------------------- rules

local function mean(t, dim) return t:mean(dim) end
local function sum(t, dim) return t:sum(dim) end

-- A hook looks at what has changed since it did so last.
local HOOKS <const> = {
  clamping = function(c)
    return snn.Clamping { module = c, attr = "weight", min = 0.2, max = 0.8 }
  end,
  normalization = function(c)
    return snn.Normalization { module = c, attr = "weight", order = 1, scale = 2 }
  end,
}

local function learning(name, how)
  local delay = trainers.needs_delays(name) and 4 or how.delay or snn.none
  local trainer, layer = trainers.pair(name, { batch_reduction = how.batch_reduction },
    how.class, { delay = delay, dtype = how.dtype, batch_size = BATCH })
  snn.manual_seed(8)
  local connection = layer.connection
  connection.weight = snn.rand(connection.weight.shape, { dtype = how.dtype })
  local updater = connection.updater
  if how.reduction then updater.weight:reduction(how.reduction) end
  if how.bound then updater.weight:upperbound(snn.functional.bound_upper_multiplicative, 2) end
  local objects = { layer = layer, trainer = trainer }
  objects.hook = how.hook and HOOKS[how.hook](connection)
  if objects.hook then objects.hook:register() end
  return objects
end

local function layer_step(objects, step)
  local connection = objects.layer.connection
  snn.manual_seed(100 + step)
  local pre = snn.rand(connection.batched_inshape):lt(0.4)
  cells.step(objects.layer, pre, snn.rand(connection.batched_outshape):lt(0.4))
end

local function train(name, objects, step)
  if not trainers.is_modulated(name) then return objects.trainer() end
  snn.manual_seed(200 + step)
  objects.trainer(step % 2 == 0 and 0.5 or snn.rand(BATCH) - 0.3)
end

-- What is done, again and again; after how much of it is saved: an update, a step, a
-- call, two of them, a step that follows a call.
local function actions(name)
  local function learn(objects, step) train(name, objects, step) end
  local function update(objects) objects.layer:update() end
  return { layer_step, learn, layer_step, learn, update, layer_step, layer_step, learn, learn }
end

local LAST <const> = { 5, 7, 8, 9, 12 }

local function check_rule(name, how)
  local list = actions(name)
  for _, last in ipairs(LAST) do
    local a, b = learning(name, how), learning(name, how)
    local function act(objects, i) list[(i - 1) % #list + 1](objects, i) end
    for i = 1, last do act(a, i) end
    for i = 1, 2 do act(b, i) end
    snn.manual_seed(1)
    twin.load(b, twin.save(a))
    same(a, b, "at once after action " .. last)
    for i = last + 1, last + 6 do
      act(a, i)
      act(b, i)
      same(a, b, ("action %d after %d"):format(i, last))
    end
  end
end

local HOW <const> = {
  { dtype = "float32" },
  { dtype = "float64", delay = 4, class = "LinearDirect", batch_reduction = "sum" },
  { dtype = "float64", class = "Conv2D", delay = 4, batch_reduction = "max", hook = "clamping",
    reduction = "mean" },
  { dtype = "float32", class = "LinearLateral", batch_reduction = mean, reduction = sum,
    hook = "normalization", bound = true },
}

for _, name in ipairs(models.below(snn.IndependentCellTrainer)) do
  describe(name .. ", saved at any time and loaded, goes on in bits:", function()
    for i, how in ipairs(HOW) do
      it(("way %d, %s, %s"):format(i, how.dtype, how.class or "LinearDense"), function()
        check_rule(name, how)
      end)
    end
  end)
end
