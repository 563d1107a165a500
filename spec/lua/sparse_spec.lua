local snn = require "snn"
local support = require "spec.support"

local connect = snn.connect
local charge = snn.DeltaCurrent.partialconstructor { spike_charge = 1 }

local function make(changes)
  local args = { in_shape = 4, out_shape = 3, step_time = 1, synapse = charge }
  for k, v in pairs(changes or {}) do args[k] = v end
  return snn.LinearSparse(args)
end

-- From 1 to 2; from 3 to 1 and 3; twice from 4 to 2.
local function five(changes)
  local args = { synapses = connect.pairs { pre = { 1, 3, 3, 4, 4 }, post = { 2, 1, 3, 2, 2 } },
    weight_init = snn.tensor { 1, 2, 3, 4, 5 } }
  for k, v in pairs(changes or {}) do args[k] = v end
  return make(args)
end

-- A layer that learns by the rule, one sample, and what steps it.
local function learning(connection, rule)
  local layer = snn.Layer()
  layer:add_connection("enc", connection)
  layer:add_neuron("out", snn.ExactNeuron { shape = 3, step_time = 1, rest_v = -60,
    thresh_v = -50 })
  local cell = layer:add_cell("enc", "out")
  connection.updater = connection:defaultupdater()
  rule:register_cell("cell", cell)
  local given
  function layer:wiring() return { out = given } end -- luacheck: ignore
  return layer, function(spikes, out)
    given = snn.tensor { out or { true, true, true } }
    return layer { enc = snn.tensor { spikes } }
  end
end

describe("LinearSparse of a connector", function()
  before_each(function() snn.manual_seed(1) end)

  it("has what it draws between its shapes", function()
    local c = make { in_shape = { 5, 4 }, out_shape = { 5, 4 },
      synapses = connect.distance { kernel = "disc", radius = 1, self = false } }
    assert.equal(2 * (4 * 4 + 5 * 3), c.count)
    assert.equal("distance", c.synapses.kind)
    assert.equal(4, c.in_degree:max():item())
    assert.same(c.in_degree:totable(), c.out_degree:totable())
  end)

  it("is the same after the same seed, and not otherwise", function()
    local args = { synapses = connect.bernoulli { p = 0.5 }, in_shape = 20, out_shape = 20 }
    local first, second = make(args), make(args)
    snn.manual_seed(1)
    local again = make(args)
    assert.is_true(first.post:equal(again.post) and first.weight:equal(again.weight))
    assert.is_true(first.count ~= second.count or not first.post:equal(second.post))
  end)

  it("may be empty, and steps", function()
    local c = make { synapses = connect.fixed_in_degree { n = 0 }, bias = true, bias_init = 2 }
    assert.equal(0, c.count)
    assert.same({ { 2, 2, 2 } }, c(snn.ones(1, 4)):totable())
    assert.is_nil(c:describe().weight)
  end)

  it("begins with a number, a distribution or uniform numbers", function()
    local synapses = connect.all_to_all()
    assert.is_true(make { synapses = synapses, weight_init = 2 }.weight:eq(2):all():item())
    local normal = make { synapses = synapses, weight_init = { "normal", 10, 0 } }
    assert.is_true(normal.weight:eq(10):all():item())
    local half = make { synapses = synapses, weight_init = function(w) return w * 0.5 end }
    assert.is_true(half.weight:lt(0.5):all():item() and half.weight:gt(0):any():item())
  end)

  it("begins with what functions of inputs, outputs and distances give", function()
    local c = make { in_shape = 3, out_shape = 3, delay = 4,
      synapses = connect.distance { kernel = "disc", radius = 1 },
      weight_init = function(pre, post) return pre * 10 + post end,
      delay_init = function(_, _, d) return 2 - d end }
    assert.same({ 12, 11, 21, 23, 22, 32, 33 }, c.weight:totable()) -- by delay within a row
    assert.same({ 1, 2, 1, 1, 2, 1, 2 }, c.delay:totable())
    local seen
    make { synapses = connect.all_to_all(), weight_init = function(pre, _, d)
      seen = d == nil and pre.dtype
      return pre:to "float32"
    end }
    assert.equal("int64", seen)
  end)

  it("takes tensors in the order of the pairs that were given", function()
    local c = make { synapses = { pre = { 4, 1, 4 }, post = { 3, 2, 1 } }, delay = 5,
      weight_init = snn.tensor { 1, 2, 3 }, delay_init = snn.tensor { 2, 0, 4 } }
    assert.same({ 2, 1, 3 }, c.weight:totable()) -- input 4: delay 2 comes before 4
    assert.same({ 1, 4, 4 }, c.pre:totable())
    assert.same({ 2, 3, 1 }, c.post:totable())
    assert.same({ 0, 2, 4 }, c.delay:totable())
  end)

  it("refuses what is no connector and what a function returns else", function()
    support.fails("TypeError", "'synapses' must be a connector", make, { synapses = 3 })
    support.fails("ValueError", "as many inputs as outputs", make,
      { synapses = connect.one_to_one() })
    support.fails("TypeError", "'weight_init' must return a tensor, got number", make,
      { synapses = connect.all_to_all(), weight_init = function(_, _) return 1 end })
    support.fails("ValueError", "must have shape {12}", make,
      { synapses = connect.all_to_all(), weight_init = function(_, _) return snn.ones(3) end })
  end)
end)

describe("LinearSparse", function()
  it("tells degrees, a matrix, places", function()
    local c = five()
    assert.same({ 1, 3, 1 }, c.in_degree:totable())
    assert.same({ 1, 0, 2, 2 }, c.out_degree:totable())
    assert.same({ { 0, 0, 2, 0 }, { 1, 0, 0, 9 }, { 0, 0, 3, 0 } }, c:to_dense():totable())
    assert.same({ 4, 5 }, c:find(4, 2):totable())
    assert.equal(0, c:find(2, 2).numel)
    support.fails("ValueError", "'j' must be from 1 to 3, got 4", c.find, c, 1, 4)
  end)

  it("describes itself", function()
    local about = five { delay = 2 }:describe()
    assert.equal(5, about.count)
    assert.same({ min = 1, mean = 5 / 3, max = 3 }, about.in_degree)
    assert.equal(3, about.weight.mean)
    assert.truthy(tostring(about):find("5 of 4 inputs and 3 outputs, 41.7 %", 1, true))
    assert.truthy(tostring(about):find("delay       0 to 0, mean 0 ms", 1, true))
    local rounded = five { weight_init = 0.1 }
    assert.truthy(tostring(rounded:describe()):find("weight      0.1 to 0.1, mean 0.1", 1, true))
    assert.truthy(tostring(rounded):find("count *5 synapses, 41.7 %% of all pairs"))
    assert.is_nil(tostring(rounded):find "pairs_hash")
  end)

  it("lets go of the pairs and the mask that it was given", function()
    local gone = setmetatable({}, { __mode = "k" })
    local function made()
      local pre, post, mask = snn.tensor { 1, 3 }, snn.tensor { 2, 1 }, snn.ones(3, 4)
      local all, few = connect.mask(mask), connect.pairs { pre = pre, post = post }
      gone[pre], gone[post], gone[mask], gone[all], gone[few] = true, true, true, true, true
      return make { synapses = all }, make { synapses = { pre = pre, post = post } },
        make { synapses = all:without(few), delay = 3, delay_init = snn.rand(10) }
    end
    local a, b, c = made()
    collectgarbage()
    collectgarbage()
    assert.is_nil(next(gone))
    for _, connection in ipairs { a, b, c } do
      assert.equal("pairs", connection.synapses.kind)
      assert.same(connection.pre:totable(), connection.synapses.pre:totable())
      assert.same(connection.post:totable(), connection.synapses.post:totable())
      local twin = make { synapses = connection.synapses, weight_init = connection.weight }
      assert.is_true(twin:to_dense():equal(connection:to_dense()))
    end
    assert.equal("snn.connect.pairs { pre = tensor{2}, post = tensor{2} }", tostring(b.synapses))
    b:add(4, 3, 1)
    assert.equal(3, b.synapses:expected(4, 3))
    assert.same({ 1, 3, 4 }, b.synapses.pre:totable())
  end)

  it("goes with what it says of its synapses", function()
    local gone = setmetatable({}, { __mode = "k" })
    do
      local c = five()
      gone[c], gone[c.synapses], gone[snn.copy(c)] = true, true, true
    end
    collectgarbage()
    collectgarbage()
    collectgarbage()
    assert.is_nil(next(gone))
  end)

  it("copies with its rows as they are", function()
    local c = five { delay = 5, delay_init = snn.tensor { 3, 1, 2, 4, 0 } }
    c.delay = snn.tensor { 1, 2, 0, 3, 4 } -- no more sorted
    local copy = snn.copy(c)
    assert.same(c.post:totable(), copy.post:totable())
    assert.same(c.delay:totable(), copy.delay:totable())
    assert.same(c.weight:totable(), copy.weight:totable())
    assert.equal("pairs", copy.synapses.kind)
    copy:add(2, 2, 1)
    assert.equal(5, c.count)
  end)
end)

describe("the state of a LinearSparse", function()
  local function drawn(seed)
    snn.manual_seed(seed)
    return make { in_shape = 30, synapses = connect.fixed_in_degree { n = 5 }, delay = 4,
      delay_init = { "uniform", 0, 4 } }
  end

  it("goes back to the same synapses", function()
    local c, again = drawn(1), drawn(1)
    c.weight = c.weight * 2
    again:load_state_dict(c:state_dict())
    assert.is_true(again.weight:equal(c.weight) and again.delay:equal(c.delay))
  end)
end)

describe("prune", function()
  it("drops weak synapses, and tells how many", function()
    local c = five { delay = 3, delay_init = snn.tensor { 0, 1, 2, 3, 0 } }
    c.weight = snn.tensor { -0.5, 2, 0.1, -3, 0.2 }
    local delay = c.delay:totable()
    assert.equal(2, c:prune { below = 0.5 })
    assert.same({ -0.5, 2, -3 }, c.weight:totable())
    assert.same({ 1, 3, 4 }, c.pre:totable())
    assert.same({ delay[1], delay[2], delay[4] }, c.delay:totable())
    assert.equal(0, c:prune { below = 0 })
  end)

  it("keeps the state: currents go on as a dense connection with zeros", function()
    local slow = snn.SingleExponentialCurrent.partialconstructor { spike_charge = 1,
      time_constant = 10 }
    local c = five { synapse = slow, dtype = "float64" }
    local dense = snn.LinearDense { in_shape = 4, out_shape = 3, step_time = 1, synapse = slow,
      weight_init = c:to_dense(), dtype = "float64" }
    local spikes = snn.tensor { { true, false, true, true } }
    c(spikes)
    dense(spikes)
    c:prune { below = 3.5 }
    dense.weight = c:to_dense()
    local none = snn.zeros({ 1, 4 }, { dtype = "bool" })
    assert.is_true(c(none):allclose(dense(none), 1e-12))
  end)

  it("refuses what is no limit", function()
    local c = five()
    support.fails("TypeError", "'below' is missing", c.prune, c, {})
    support.fails("ValueError", "must be at least 0, got -1", c.prune, c, { below = -1 })
    support.fails("TypeError", "unknown option 'bellow' (did you mean 'below'?)", c.prune, c,
      { bellow = 1 })
  end)
end)

describe("add", function()
  it("puts synapses into their rows", function()
    local c = five()
    assert.equal(8, c:add(snn.tensor { 3, 2, 1 }, 2, snn.tensor { 7, 8, 9 }))
    assert.same({ 1, 1, 2, 3, 3, 3, 4, 4 }, c.pre:totable())
    assert.same({ 2, 2, 2, 1, 2, 3, 2, 2 }, c.post:totable())
    assert.same({ 1, 9, 8, 2, 7, 3, 4, 5 }, c.weight:totable())
    assert.same({ { 0, 8, 0 } }, c(snn.tensor { { false, true, false, false } }):totable())
  end)

  it("puts many into a row, in any order, in time by their number", function()
    local n <const> = 60000
    local c = snn.LinearSparse { in_shape = 2, out_shape = n, step_time = 1, weight_init = 0,
      synapses = { pre = { 1, 2, 2 }, post = { 3, n, 1 } },
      synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 } }
    local post = snn.arange(n, 0, -1, { dtype = "int64" })
    local start = os.clock()
    assert.equal(n + 5, c:add(2, post, post) and c:add({ 2, 2 }, { 3, 3 }, { 7, 8 }))
    assert.is_true(os.clock() - start < 0.5) -- one by one it took 1 s and more
    local row = c.post:narrow(1, 2, n + 4)
    assert.is_true(row:narrow(1, 2, n + 3):ge(row:narrow(1, 1, n + 3)):all():item())
    assert.same({ 3, 7, 8 }, c.weight:index_select(1, c:find(2, 3)):totable())
    assert.same({ 0, 1 }, c.weight:index_select(1, c:find(2, 1)):totable())
  end)

  it("gives them delays, by which rows are sorted", function()
    local c = five { delay = 4 }
    c:add(3, 2, 7) -- a number that all share stays one
    assert.same({ 0, 0, 0, 0, 0, 0 }, c.delay:totable())
    c:add(1, { 1, 3 }, 6, { 4, 0 })
    assert.same({ 2, 3, 1 }, c.post:narrow(1, 1, 3):totable())
    assert.same({ 0, 0, 4 }, c.delay:narrow(1, 1, 3):totable())
    support.fails("ValueError", "add: the delay at index (1,) is 5 ms, it must be from 0 to the "
      .. "synapse's longest, 4 ms", c.add, c, 1, 1, 1, 5)
    assert.equal(8, c.count)
  end)

  it("gives them the longest delay too, and leaves one that all share", function()
    local c = five { delay = 0.3, delay_init = 0.3 }
    c:add(3, 2, 7, c.delay:max()) -- of float32: more than 0.3
    c:add(3, 2, 7, 0.3)
    assert.same({ 0 }, { c.delay:ne(c.delay:max()):sum():item() })
    assert.equal(7, c.count)
  end)

  it("refuses what is no synapse, and changes nothing then", function()
    local c = five()
    support.fails("ValueError", "from input 5 to output 1, there are 4 inputs", c.add, c, 5, 1, 1)
    support.fails("ValueError", "from input 8589934592 to output 1", c.add, c, 2 ^ 33, 1, 1)
    support.fails("ValueError", "from input 1 to output -3", c.add, c, 1, -3, 1)
    support.fails("ValueError", "'weight' must be finite in float32", c.add, c, 1, 1, 1e300)
    support.fails("ValueError", "'pre' has 2 elements, there are 3 synapses", function()
      c:add({ 1, 2 }, { 1, 2, 3 }, 1)
    end)
    support.fails("ValueError", "'pre' must be integers", c.add, c, 1.5, 1, 1)
    support.fails("ValueError", "'weight' must be finite", c.add, c, 1, 1, 0 / 0)
    support.fails("TypeError", "'weight' must be a number", c.add, c, 1, 1)
    support.fails("ValueError", "the connection has no delays", c.add, c, 1, 1, 1, 1)
    assert.equal(5, c.count)
  end)
end)

describe("synapses that come and go while they learn", function()
  local ALL <const> = { true, true, true, true }

  it("are refused while terms of an update wait", function()
    local c = five()
    local rule = snn.STDP { lr_post = 0.1, lr_pre = -0.1, tc_post = 20, tc_pre = 20 }
    local _, step = learning(c, rule)
    step(ALL)
    rule()
    support.fails("RuntimeError", "terms of an update wait in the updater", c.prune, c,
      { below = 2 })
    support.fails("RuntimeError", "terms of an update wait in the updater", c.add, c, 1, 1, 1)
    c:update()
    assert.is_true(c:prune { below = 2 } > 0)
  end)

  for name, rule in pairs {
    STDP = function()
      return snn.STDP { lr_post = 0.1, lr_pre = -0.05, tc_post = 20, tc_pre = 20 }
    end,
    MSTDPET = function()
      return snn.MSTDPET { lr_post = 0.1, lr_pre = -0.05, tc_post = 20, tc_pre = 20,
        tc_eligibility = 30 }
    end,
  } do
    it("leave others what they have learned, by " .. name, function()
      local first, second = rule(), rule()
      local a, b = five(), five()
      local _, step_a = learning(a, first)
      local _, step_b = learning(b, second)
      local function train(from, to)
        for i = from, to do
          local spikes = { i % 2 == 0, true, i % 3 == 0, true }
          for connection, step in pairs { [a] = step_a, [b] = step_b } do
            step(spikes, { i % 3 == 1, i % 2 == 1, true })
            local trainer = connection == a and first or second
            if name == "MSTDPET" then trainer(0.5) else trainer() end
            connection:update()
          end
        end
      end
      train(1, 6)
      a:prune { below = math.abs(a.weight:abs():min():item()) + 1e-6 }
      assert.equal(4, a.count)
      a:add(1, 3, 0)
      train(7, 10)
      for k = 1, a.count do
        local i, j = a.pre[k], a.post[k]
        local same = b:find(i, j)
        if same.numel == 1 then assert.equal(b.weight[same[1]], a.weight[k]) end
      end
      assert.is_true(a.weight[a:find(1, 3)[1]] ~= 0)
    end)
  end

  it("fit an updater that was made before", function()
    local c = five()
    local old = c:defaultupdater()
    c:add(1, 1, 1)
    local rule = snn.STDP { lr_post = 0.1, lr_pre = -0.1, tc_post = 20, tc_pre = 20 }
    local layer, step = learning(c, rule)
    c.updater = old
    step(ALL)
    rule()
    layer:update()
    assert.equal(6, c.weight.numel)
  end)
end)
