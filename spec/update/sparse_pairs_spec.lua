-- A connection of compressed rows learns as a dense twin of it does, whose weights
-- elsewhere are looked away from: by every rule, in bits where spikes are paired.
local snn = require "snn"
local models = require "spec.every.models"
local trainers = require "spec.every.trainers"

local INPUTS, OUTPUTS, BATCH, STEPS = 40, 70, 3, 14
local charge = snn.DeltaCurrent.partialconstructor { spike_charge = 2 }

---A layer whose neurons spike as told, with its cell trained.
local function network(class, args, rule)
  local connection = class(args)
  connection.updater = connection:defaultupdater()
  local layer = snn.Serial {
    connection = connection,
    neuron = snn.ExactNeuron { shape = OUTPUTS, step_time = 1, batch_size = args.batch_size,
      rest_v = -60, thresh_v = -40, dtype = args.dtype },
  }
  local trainer = trainers.maker(snn[rule.name]).object(rule.args)
  local _, _, cell = layer:named_cells()()
  trainer:register_cell("cell", cell)
  return { connection = connection, layer = layer, trainer = trainer }
end

---The sparse network, the dense one, and the places of the sparse one's elements in
---the dense weight.
local function twins(rule, changes)
  snn.manual_seed(5)
  local args = { in_shape = INPUTS, out_shape = OUTPUTS, step_time = 1, synapse = charge,
    batch_size = BATCH }
  for k, v in pairs(changes or {}) do args[k] = v end
  local dense = network(snn.LinearDense, args, rule)
  local found = snn.rand(INPUTS, OUTPUTS):lt(0.2):nonzero():transpose(1, 2):contiguous()
  args.synapses = { pre = found[1], post = found[2] }
  local sparse = network(snn.LinearSparse, args, rule)
  local c = sparse.connection
  local at = (c.post - 1) * INPUTS + c.pre
  if c.delay then
    dense.connection.delay = snn.rand(OUTPUTS, INPUTS):round():mul(2):add(3):to(c.dtype)
    c.delay = dense.connection.delay:reshape(-1):index_select(1, at)
  end
  c.weight = dense.connection.weight:reshape(-1):index_select(1, at)
  return sparse, dense, function(t) return t:reshape(-1):index_select(1, at) end
end

local function step(sparse, dense, k, call)
  local pre = snn.rand(BATCH, INPUTS):lt(0.06)
  local post = snn.rand(BATCH, OUTPUTS):lt(0.04)
  for _, net in ipairs { sparse, dense } do
    net.layer(pre, { neuron_kwargs = { override = post } })
    call(net, k)
  end
end

-- Rules of the last spikes' times work out exponentials in another order.
local function same(sparse, dense, pick, param, name)
  local a, b = sparse.connection[param], pick(dense.connection[param])
  local by_times = name:find "Kernel" or name:find "Adjusted"
  return (a - b):abs():max():item() <= (by_times and 1e-6 or 0)
end

local function call_of(name, every)
  local signal = trainers.is_modulated(name)
  return function(net, k)
    if signal then net.trainer(snn.tensor { 1, -2, 0.5 }) else net.trainer() end
    if k % every == 0 then net.layer:update() end
  end
end

---Whether it learned, and has the same bits.
local function compare(name, args, changes, every, prepare)
  local param = trainers.trained_by(name)
  local sparse, dense, pick = twins({ name = name, args = args }, changes)
  if prepare then prepare(sparse) prepare(dense) end
  local before = sparse.connection[param]:clone()
  for k = 1, STEPS do step(sparse, dense, k, call_of(name, every)) end
  assert.is_true((sparse.connection[param] - before):abs():max():item() > 0, "nothing learned")
  return same(sparse, dense, pick, param, name)
end

describe("compressed rows", function()
  for _, name in ipairs(models.below(snn.IndependentCellTrainer)) do
    if not name:find "Homeostasis" then
      it("learn by " .. name .. " what a matrix learns", function()
        for _, dtype in ipairs { "float32", "float64" } do
          local delay = trainers.needs_delays(name) and 8 or nil
          for _, every in ipairs { 1, 3 } do
            assert.is_true(compare(name, nil, { dtype = dtype, delay = delay }, every))
          end
        end
      end)
    end
  end

  local stdp = { lr_post = 0.01, lr_pre = -0.02, tc_post = 20, tc_pre = 15 }

  it("learn so with delays, and with those that may change", function()
    for _, delayed in ipairs { false, true } do
      local args = { delayed = delayed }
      for k, v in pairs(stdp) do args[k] = v end
      assert.is_true(compare("STDP", args, { delay = 8 }, 2))
    end
  end)

  it("are bounded by what they were", function()
    for _, bound in ipairs { "multiplicative", "power", "sharp" } do
      local ok = compare("STDP", stdp, nil, 1, function(net)
        local acc = net.connection.updater.weight
        acc:upperbound("bound_upper_" .. bound, 1, bound == "power" and { power = 1.5 } or nil)
        acc:lowerbound("bound_lower_" .. bound, 0, bound == "power" and { power = 1.5 } or nil)
      end)
      assert.is_true(ok, bound)
    end
  end)

  it("are clamped where an update took them out", function()
    local ok = compare("STDP", { lr_post = 0.3, lr_pre = -0.3, tc_post = 20, tc_pre = 15 }, nil, 1,
      function(net)
        snn.Clamping { module = net.connection, attr = "weight", min = 0.2, max = 0.7 }:register()
      end)
    assert.is_true(ok)
  end)

  it("have the same bits with any number of threads", function()
    local results = {}
    local before = snn.get_num_threads()
    for i, n in ipairs { 1, 2, 4 } do
      snn.set_num_threads(n)
      local sparse, dense = twins { name = "STDP", args = stdp }
      for k = 1, STEPS do step(sparse, dense, k, call_of("STDP", 1)) end
      results[i] = sparse.connection.weight:totable()
    end
    snn.set_num_threads(before)
    assert.same(results[1], results[2])
    assert.same(results[1], results[3])
  end)

  it("wait in a file as they wait in memory", function()
    local path = os.tmpname()
    for _, since in ipairs { 1, 2 } do
      local one, other = twins { name = "STDP", args = stdp }, twins { name = "STDP", args = stdp }
      local _, dense = twins { name = "STDP", args = stdp }
      for k = 1, 5 do step(one, dense, k, call_of("STDP", 5)) end
      for k = 1, since do step(one, dense, k, call_of("STDP", 7)) end
      snn.save(path, { net = one.layer, trainer = one.trainer })
      snn.load(path, { net = other.layer, trainer = other.trainer })
      for k = 1, 4 do step(one, other, k, call_of("STDP", 2)) end
      local weight = one.connection.weight
      assert.is_true(weight:ne(twins({ name = "STDP" }).connection.weight):any():item())
      assert.same(weight:totable(), other.connection.weight:totable())
    end
    os.remove(path)
  end)
end)
