-- Terms that wait for an update: taken apart, put together in another accumulator, and
-- refused where they do not fit.
local snn = require "snn"
local state = require "spec.atomic.state"
local twin = require "spec.twin"

local tools = twin.tools

-- Values in bits, as one text for each name.
local function texts(values)
  local out = {}
  for name, v in pairs(values) do
    out[name] = type(v) == "userdata" and state.bits(v) or ("%s %s"):format(math.type(v), v)
  end
  return out
end

local function network(rule, args, dtype, batch)
  snn.manual_seed(3)
  local net = { batch = batch or 2 }
  net.connection = snn.LinearDense {
    in_shape = 20, out_shape = 33, step_time = 1, batch_size = net.batch, dtype = dtype,
    bias = true,
    synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 60 },
  }
  net.neuron = snn.LIF {
    shape = 33, step_time = 1, rest_v = -60, reset_v = -65, thresh_v = -50, refrac_t = 2,
    time_constant = 20, resistance = 5, batch_size = net.batch, dtype = dtype,
  }
  net.layer = snn.Serial { connection = net.connection, neuron = net.neuron }
  net.connection.updater = net.connection:defaultupdater()
  net.acc = net.connection.updater.weight
  net.trainer = rule(args)
  local _, _, cell = net.layer:named_cells()()
  net.trainer:register_cell("cell", cell)
  return net
end

local function steps(net, n)
  for _ = 1, n do net.layer(snn.rand(net.batch, 20):lt(0.2)) end
end

local STDP = { lr_post = 0.01, lr_pre = -0.02, tc_post = 20, tc_pre = 15 }
local function stdp(dtype) return network(snn.STDP, STDP, dtype) end

local function eligible(dtype)
  return network(snn.MSTDPET, {
    lr_post = 0.01, lr_pre = -0.02, tc_post = 20, tc_pre = 15, tc_eligibility = 30,
  }, dtype, 1)
end

-- form of a delta -> a network in which terms wait so
local FORMS = {
  ["pairings"] = function(dtype)
    local net = stdp(dtype)
    steps(net, 6)
    net.trainer()
    return net
  end,
  ["a matrix"] = function(dtype)
    local net = stdp(dtype)
    for _ = 1, 6 do
      steps(net, 1)
      net.trainer()
    end
    return net
  end,
  ["terms one by one"] = function(dtype)
    local net = stdp(dtype)
    net.acc:reduction "max"
    for _ = 1, 6 do
      steps(net, 1)
      net.trainer()
    end
    return net
  end,
  ["tensors beside"] = function(dtype)
    local net = stdp(dtype)
    steps(net, 6)
    net.acc.pos = snn.rand(33, 20, { dtype = dtype })
    net.trainer()
    net.acc.neg = snn.rand(20, 33):transpose(1, 2)
    return net
  end,
  ["a matrix that is lent"] = function(dtype)
    local net = eligible(dtype)
    steps(net, 6)
    net.trainer(0.5)
    return net
  end,
  ["a dense matrix"] = function(dtype)
    local net = eligible(dtype)
    for _ = 1, 3 do
      steps(net, 3)
      net.trainer(0.5)
    end
    return net
  end,
  ["nothing added"] = function(dtype)
    local net = stdp(dtype)
    net.layer(snn.zeros(2, 20):gt(0))
    net.trainer()
    return net
  end,
}

-- What each form must have among its names, so that it is this form.
local NAMES = {
  ["pairings"] = { "neg.delta.1.rows", "neg.delta.1.samples", "neg.delta.1.values",
    "pos.delta.1.columns", "pos.delta.1.sums" },
  ["a matrix"] = { "pos.delta.1.matrix", "pos.delta.1.dirty_columns", "neg.merged", "calls" },
  ["terms one by one"] = { "pos.delta.6.columns", "neg.delta.6.rows" },
  ["tensors beside"] = { "pos.tensor.1", "neg.tensor.1", "neg.delta.1.rows" },
  ["a matrix that is lent"] = { "pos.delta.1.lent", "pos.delta.1.factor" },
  ["a dense matrix"] = { "pos.delta.1.matrix" },
  ["nothing added"] = { "pos.delta.1.zero", "neg.delta.1.zero" },
}

describe("terms that wait", function()
  for name, make in pairs(FORMS) do
    for _, dtype in ipairs { "float32", "float64" } do
      context(("as %s of %s"):format(name, dtype), function()
        local net, twin_net, values

        before_each(function()
          net = make(dtype)
          values = tools.pending(net.acc)
          twin_net = network(snn.STDP, STDP, dtype, net.batch)
          twin_net.connection.weight = net.connection.weight
        end)

        it("have the names of their form", function()
          for _, key in ipairs(NAMES[name]) do assert.is_not_nil(values[key], key) end
        end)

        it("are the same once they are put in place", function()
          tools.set_pending(twin_net.acc, values)
          assert.same(texts(values), texts(tools.pending(twin_net.acc)))
        end)

        it("change a weight by the same bits", function()
          twin_net.acc:reduction(name == "terms one by one" and "max" or "sum")
          tools.set_pending(twin_net.acc, values)
          net.connection:update()
          twin_net.connection:update()
          assert.same(state.bits(net.connection.weight), state.bits(twin_net.connection.weight))
        end)

        it("go on as they were", function()
          tools.set_pending(twin_net.acc, values)
          local more = snn.full({ 33, 20 }, 0.125, { dtype = dtype })
          net.acc.pos, twin_net.acc.pos = more, more
          assert.same(texts(tools.pending(net.acc)), texts(tools.pending(twin_net.acc)))
        end)
      end)
    end
  end

  it("of a free accumulator have its shape and dtype", function()
    local acc, other = snn.Accumulator(), snn.Accumulator()
    acc.pos, acc.neg = snn.rand(2, 3, { dtype = "float64" }), snn.ones(2, 3)
    tools.set_pending(other, tools.pending(acc))
    assert.same(state.bits(acc.pos), state.bits(other.pos))
    assert.same(state.bits(acc.neg), state.bits(other.neg))
    tools.set_pending(other, {})
    other.pos = snn.ones(5)
    assert.same({ 5 }, other.pos.shape)
  end)
end)

-- ------------------------------------------------------------- what does not fit

local function refused(acc, values)
  local before = texts(tools.pending(acc))
  for _, only_check in ipairs { true, false } do
    local ok, err = pcall(tools.set_pending, acc, values, only_check)
    assert.is_false(ok)
    assert.is_true(err.kind == "ValueError" or err.kind == "TypeError", tostring(err))
  end
  assert.same(before, texts(tools.pending(acc)))
end

local function with(values, changes)
  local out = {}
  for name, value in pairs(values) do out[name] = value end
  for name, value in pairs(changes) do
    out[name] = value
    if value == snn.none then out[name] = nil end
  end
  return out
end

local I <const> = { dtype = "int64" }

describe("terms that do not fit", function()
  local pairings, matrix, acc

  before_each(function()
    pairings, matrix = tools.pending(FORMS.pairings().acc), tools.pending(FORMS["a matrix"]().acc)
    acc = FORMS["tensors beside"]().acc
  end)

  it("are refused by their indices", function()
    for _, bad in ipairs { -1, 20, 1 << 40, math.mininteger } do
      local rows = pairings["neg.delta.1.rows"]:clone()
      rows[1] = bad
      refused(acc, with(pairings, { ["neg.delta.1.rows"] = rows }))
    end
    for _, bad in ipairs { -1, 2, math.maxinteger } do
      local samples = pairings["neg.delta.1.samples"]:clone()
      samples[1] = bad
      refused(acc, with(pairings, { ["neg.delta.1.samples"] = samples }))
    end
    for _, bad in ipairs { -1, 33, 1 << 33 } do
      local columns = pairings["pos.delta.1.columns"]:clone()
      columns[1] = bad
      refused(acc, with(pairings, { ["pos.delta.1.columns"] = columns }))
    end
  end)

  it("are refused by their order", function()
    local rows = pairings["neg.delta.1.rows"]:clone()
    rows[2] = rows[1]
    refused(acc, with(pairings, { ["neg.delta.1.rows"] = rows }))
  end)

  it("are refused by shape, dtype and kind of each value", function()
    local others = { snn.zeros(3, 3, 3), snn.zeros(0, I), snn.zeros(2, 2, { dtype = "bool" }),
      snn.zeros(33, 20, I), snn.ones(20, 33, { dtype = "float64" }), 1.5, "text", true }
    for _, values in ipairs { pairings, matrix } do
      for name, value in pairs(values) do
        for _, other in ipairs(type(value) == "userdata" and others or { 0.5, -1, "text" }) do
          refused(acc, with(values, { [name] = other }))
        end
      end
    end
  end)

  it("are refused where a part is missing", function()
    for name, value in pairs(pairings) do
      if type(value) == "userdata" then refused(acc, with(pairings, { [name] = snn.none })) end
    end
    refused(acc, with(matrix, { ["pos.delta.1.dirty_rows"] = snn.none }))
    refused(acc, with(matrix, { ["pos.delta.1.matrix"] = snn.none }))
  end)

  it("are refused where there is more than terms", function()
    refused(acc, with(pairings, { ["pos.delta.3.lent"] = snn.ones(20, 33) }))
    refused(acc, with(pairings, { ["pos.tensor.2"] = snn.ones(33, 20) }))
    refused(acc, { ["pos.merged"] = 3 })
    refused(acc, { ["pos.delta.1.zero"] = false })
    refused(snn.Accumulator(), pairings)
  end)

  it("are refused where a matrix is not 0 and nobody would clear it", function()
    refused(acc, with(matrix, {
      ["pos.delta.1.dirty_columns"] = snn.zeros(33, { dtype = "bool" }),
    }))
  end)
end)

-- ------------------------------------------------------------- going back

describe("terms that were put in place", function()
  local values, acc, before

  before_each(function()
    values = tools.pending(FORMS["a matrix"]().acc)
    acc = FORMS.pairings().acc
    before = texts(tools.pending(acc))
  end)

  local function fail() error("the script", 0) end

  it("are gone after a composite call that fails, also twice and nested", function()
    local ok = pcall(tools.atomic, { acc, acc }, function()
      tools.set_pending(acc, values)
      tools.set_pending(acc, {})
      pcall(tools.atomic, { acc }, function()
        tools.set_pending(acc, values)
        fail()
      end)
      assert.same({}, tools.pending(acc))
      tools.atomic({ acc }, tools.set_pending, acc, values)
      fail()
    end)
    assert.is_false(ok)
    assert.same(before, texts(tools.pending(acc)))
  end)

  it("of a free one leave its shape as it was", function()
    local free, other = snn.Accumulator(), snn.Accumulator()
    free.pos, other.pos = snn.ones(2, 3), snn.ones(7, { dtype = "float64" })
    pcall(tools.atomic, { free }, function()
      tools.set_pending(free, tools.pending(other))
      fail()
    end)
    free.pos = snn.ones(2, 3)
    assert.same({ 2, 3 }, free.pos.shape)
    assert.equal("float32", free.pos.dtype)
  end)

  it("cannot come while an update of the parameter runs", function()
    local net, err = FORMS.pairings(), nil
    net.acc:reduction(function(t, dim)
      err = select(2, pcall(tools.set_pending, net.acc, values))
      return t:sum(dim)
    end)
    net.connection:update()
    assert.equal("RuntimeError", err.kind)
  end)

  it("may be cleared by a composite call within an update", function()
    local net = FORMS.pairings()
    net.connection.updater = net.connection:defaultupdater("weight", "bias")
    net.trainer()
    local updater, weight = net.connection.updater, state.bits(net.connection.weight)
    updater.bias.pos = snn.ones(33)
    updater.bias:upperbound(function(_, update)
      for _ = 1, 2 do
        tools.atomic({ updater, updater.weight }, updater.clear, updater)
        updater.weight.pos = snn.ones(33, 20)
      end
      return update
    end)
    net.connection:update()
    assert.equal(weight, state.bits(net.connection.weight))
    assert.same({}, tools.pending(updater.weight))
  end)
end)
