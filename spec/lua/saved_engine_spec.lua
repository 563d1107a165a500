-- What the engine's objects keep beside their states, saved and loaded into fresh ones.
local snn = require "snn"
local twin = require "spec.twin"

local function serial()
  local connection = snn.LinearDense {
    in_shape = 4, out_shape = 3, step_time = 0.1,
    synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 60 },
  }
  local neuron = snn.LIF {
    shape = 3, step_time = 0.1, rest_v = -60, reset_v = -65, thresh_v = -50, refrac_t = 2,
    time_constant = 20, resistance = 5,
  }
  return snn.Serial { connection = connection, neuron = neuron }
end

local function copied(from, to)
  twin.load({ object = to }, twin.save { object = from })
  return to
end

describe("a layer that was loaded", function()
  it("has its time to the last bit, now and later", function()
    local layer, other = serial(), serial()
    layer.time = 1 / 3
    for _ = 1, 7 do layer(snn.ones(1, 4):gt(0)) end
    copied(layer, other)
    for _ = 1, 100 do
      assert.equal(layer.time, other.time)
      layer(snn.ones(1, 4):gt(0))
      other(snn.ones(1, 4):gt(0))
    end
  end)

  it("counts its steps on in what it tells of a NaN", function()
    local layer = serial()
    for _ = 1, 7 do layer(snn.ones(1, 4):gt(0)) end
    local other = copied(layer, serial())
    local mode = snn.detect_anomaly(true)
    other.connection.weight = snn.full({ 3, 4 }, 0 / 0)
    local ok, err = pcall(other, snn.ones(1, 4):gt(0))
    snn.detect_anomaly(mode or false)
    assert.is_false(ok)
    assert.matches("step 8", tostring(err))
  end)

  it("refuses a time that is none, and is as it was", function()
    local layer, other = serial(), serial()
    layer(snn.ones(1, 4):gt(0))
    for _, change in ipairs { { "time.since", 1 / 0 }, { "time.dt", -1.0 }, { "time.steps", -1 },
      { "time.steps", 1 << 62 }, { "steps", 0.5 }, { "steps", "1" }, { "time.since", true },
      { "steps", nil } } do
      local saved = twin.save { object = layer }
      twin.set(saved, "object:" .. change[1], change[2])
      assert.is_false((pcall(twin.load, { object = other }, saved)))
      assert.equal(0, other.time)
    end
  end)
end)

describe("a reducer that was loaded", function()
  local function trace() return snn.CumulativeTraceReducer {
    step_time = 1, time_constant = 20, amplitude = 1, target = true,
  } end

  it("has the shape and dtype that a clear has kept", function()
    local reducer, other = trace(), trace()
    reducer(snn.ones(2, 3, { dtype = "float64" }))
    reducer:clear { keepshape = true }
    copied(reducer, other)
    assert.same({ 2, 3 }, other.shape)
    assert.is_false((pcall(other, snn.ones(3, 2))))
    other(snn.ones(2, 3))
    assert.equal("float64", other:peek().dtype)
  end)

  it("has none where the other one had none", function()
    local other = trace()
    other(snn.ones(2, 3))
    other:clear { keepshape = true }
    copied(trace(), other)
    assert.is_nil(other.shape)
  end)

  it("refuses counts that cannot be counted on", function()
    for _, bad in ipairs { -1, math.maxinteger } do
      local saved = twin.save { object = trace() }
      twin.set(saved, "object.observed", bad)
      assert.is_false((pcall(twin.load, { object = trace() }, saved)))
    end
  end)

  it("refuses what is no shape", function()
    for _, bad in ipairs { snn.ones(1, 3), snn.tensor(1), 2, "text", true } do
      local saved = twin.save { object = trace() }
      twin.set(saved, "object:kept_shape", bad)
      assert.is_false((pcall(twin.load, { object = trace() }, saved)))
    end
  end)
end)

-- ------------------------------------------------------------- trainers

local DELAY <const> = 3

local function network(rule, args)
  snn.manual_seed(4)
  local net = {}
  net.connection = snn.LinearDense {
    in_shape = 6, out_shape = 5, step_time = 1, batch_size = 2, delay = DELAY,
    synapse = snn.SingleExponentialCurrent.partialconstructor {
      spike_charge = 100, time_constant = 5,
    },
    delay_init = function(d) return snn.rand(d.shape) * DELAY end,
  }
  net.neuron = snn.LIF {
    shape = 5, step_time = 1, rest_v = -60, reset_v = -65, thresh_v = -55, refrac_t = 2,
    time_constant = 20, resistance = 5, batch_size = 2,
  }
  net.layer = snn.Serial { connection = net.connection, neuron = net.neuron }
  net.connection.updater = net.connection:defaultupdater()
  net.trainer, net.signal = rule(args), rule == snn.MSTDPET and 0.5 or nil
  local _, _, cell = net.layer:named_cells()()
  net.cell = cell
  net.trainer:register_cell("a cell", cell)
  return net
end

local function objects(net) return { layer = net.layer, trainer = net.trainer } end

local function steps(net, n, seed)
  snn.manual_seed(seed)
  for _ = 1, n do
    net.layer(snn.rand(2, 6):lt(0.4))
    net.trainer(net.signal)
  end
end

local function same(a, b)
  snn.manual_seed(0)
  assert.same({}, twin.differences(twin.texts(objects(a)), twin.texts(objects(b))))
end

local RULES = {
  STDP = { lr_post = 0.01, lr_pre = -0.02, tc_post = 20, tc_pre = 15, delayed = true },
  TripletSTDP = { lr_post_pair = 0.02, lr_post_triplet = 0.01, lr_pre_pair = -0.02,
    lr_pre_triplet = -0.01, tc_post_fast = 10, tc_post_slow = 30, tc_pre_fast = 15,
    tc_pre_slow = 40 },
  MSTDPET = { lr_post = 0.01, lr_pre = -0.02, tc_post = 20, tc_pre = 15, tc_eligibility = 30 },
  LinearHomeostasis = { plasticity = 0.01, target = 0.2, param = "weight" },
}

-- What a run may have changed before it is saved.
local CHANGES = {
  ["the step time"] = function(net)
    net.connection.dt, net.neuron.dt = 0.5, 0.5
    steps(net, 4, 7)
  end,
  ["the step time, without a step since"] = function(net)
    net.connection.dt, net.neuron.dt = 0.5, 0.5
  end,
  ["arguments of a cell"] = function(net, args)
    local changes = {}
    for name, value in pairs(args) do
      if type(value) == "number" then changes[name] = value * 1.5 end
    end
    changes.batch_reduction = "sum"
    net.trainer:set("a cell", changes)
    steps(net, 4, 7)
  end,
  ["a mode of traces"] = function(net, args)
    if args.tc_post then net.trainer:set("a cell", { trace_mode = "nearest" }) end
    steps(net, 4, 7)
  end,
  ["arguments of the trainer"] = function(net, args)
    for name, value in pairs(args) do
      if type(value) == "number" then net.trainer[name] = value * 1.5 end
    end
    steps(net, 4, 7)
  end,
}

describe("a trainer that was loaded", function()
  local mode
  setup(function() mode = snn.warnings(false) end)
  teardown(function() snn.warnings(mode) end)

  for rule, args in pairs(RULES) do
    for what, change in pairs(CHANGES) do
      it(("%s goes on in bits after %s changed"):format(rule, what), function()
        local net, other = network(snn[rule], args), network(snn[rule], args)
        steps(net, 6, 5)
        change(net, args)
        twin.load(objects(other), twin.save(objects(net)))
        same(net, other)
        for seed = 11, 15 do
          steps(net, 1, seed)
          steps(other, 1, seed)
          same(net, other)
        end
        for name in pairs(args) do
          assert.equal(net.trainer:get_unit("a cell").state[name],
            other.trainer:get_unit("a cell").state[name])
        end
      end)

      it(("%s is as it was when a load fails late, %s changed"):format(rule, what), function()
        local net, other = network(snn[rule], args), network(snn[rule], args)
        steps(net, 6, 5)
        change(net, args)
        steps(other, 3, 6)
        local saved = twin.save(objects(net))
        twin.set(saved, "layer:time.steps", -1)
        local before = twin.texts(objects(other))
        assert.is_false((pcall(twin.load, objects(other), saved)))
        assert.same({}, twin.differences(before, twin.texts(objects(other))))
        local third = network(snn[rule], args)
        steps(third, 3, 6)
        steps(other, 3, 8)
        steps(third, 3, 8)
        same(third, other)
      end)
    end
  end

  it("keeps overrides of the script where it says so", function()
    local net, other = network(snn.STDP, RULES.STDP), network(snn.STDP, RULES.STDP)
    net.trainer:set("a cell", { lr_post = 0.5 })
    twin.load(objects(other), twin.save(objects(net)), "script")
    assert.equal(0.01, other.trainer:get_unit("a cell").state.lr_post)
  end)

  it("tells cells of other names", function()
    local net, other = network(snn.STDP, RULES.STDP), network(snn.STDP, RULES.STDP)
    other.trainer:del_cell "a cell"
    other.trainer:register_cell("another", other.cell)
    local ok, err = pcall(twin.load, objects(other), twin.save(objects(net)))
    assert.is_false(ok)
    assert.matches("its cells are 'another', the saved ones 'a cell'", tostring(err))
  end)

  it("refuses a step time that is none", function()
    local net, other = network(snn.STDP, RULES.STDP), network(snn.STDP, RULES.STDP)
    for _, bad in ipairs { 0.0, -1.0, 0 / 0, 1 / 0, "text", true } do
      local saved = twin.save(objects(net))
      twin.set(saved, 'trainer:cells["a cell"].step_time', bad)
      assert.is_false((pcall(twin.load, objects(other), saved)))
    end
  end)
end)

local Own = snn.class("Own", snn.CellTrainer)
function Own:forward() end

describe("a trainer of a script that was loaded", function()
  local function own()
    local net = network(Own)
    return net, net.trainer:get_unit("a cell").state
  end

  it("has the tables that it keeps of its cells", function()
    local net, state = own()
    local other, now = own()
    state.n, state.name, state.is_new, state.trace = 3, "x", false, snn.ones(2)
    state.list = { 1.5, { deep = snn.zeros(3) }, ["two words"] = true }
    state.fn = print
    now.gone, now.fn = 1, print
    now.list = { keep = print }
    local list = now.list
    twin.load(objects(other), twin.save(objects(net)))
    assert.same({ 3, "x", false }, { now.n, now.name, now.is_new })
    assert.equal("integer", math.type(now.n))
    assert.is_true(now.trace:equal(snn.ones(2)))
    assert.equal(list, now.list)
    assert.same({ 1.5, true }, { list[1], list["two words"] })
    assert.is_true(list[2].deep:equal(snn.zeros(3)))
    assert.same({ print, print }, { now.fn, list.keep })
    assert.is_nil(now.gone)
  end)

  it("has them as they were when a load fails", function()
    local net, state = own()
    local other, now = own()
    state.n, state.list = 3, { 1, 2 }
    now.n, now.list = 1, { 7 }
    local saved = twin.save(objects(net))
    twin.set(saved, "layer:time.steps", -1)
    assert.is_false((pcall(twin.load, objects(other), saved)))
    assert.same({ n = 1, list = { 7 } }, now)
  end)
end)
