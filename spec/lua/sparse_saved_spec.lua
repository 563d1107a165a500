-- The synapses of a LinearSparse are part of what is saved: another network of the same
-- shapes goes on as the one that was saved, whatever it was drawn as.
local snn = require "snn"
local support = require "spec.support"

local charge = snn.DeltaCurrent.partialconstructor { spike_charge = 20 }

local RULES <const> = {
  STDP = function()
    return snn.STDP { lr_post = 0.1, lr_pre = -0.05, tc_post = 20, tc_pre = 20, delayed = true }
  end,
  MSTDPET = function()
    return snn.MSTDPET { lr_post = 0.1, lr_pre = -0.05, tc_post = 20, tc_pre = 20,
      tc_eligibility = 30 }
  end,
}

-- A network that learns, drawn by the seed; `delay` is what initial delays are.
local function drawn(seed, delay, rule)
  snn.manual_seed(seed)
  local connection = snn.LinearSparse { in_shape = 12, out_shape = 6, step_time = 1,
    synapse = charge, synapses = snn.connect.bernoulli { p = 0.2 + 0.1 * seed },
    weight_init = { "uniform", 0, 1 }, delay = delay and 4, delay_init = delay }
  local layer = snn.Layer { wiring = function(_, inputs) return { out = inputs.enc } end }
  layer:add_connection("enc", connection)
  layer:add_neuron("out", snn.ExactNeuron { shape = 6, step_time = 1, rest_v = -60,
    thresh_v = -50 })
  connection.updater = connection:defaultupdater()
  local trainer = RULES[rule or "STDP"]()
  trainer:register_cell("cell", layer:add_cell("enc", "out"))
  local net = { conn = connection, objects = { layer = layer, trainer = trainer } }
  function net.step(i, waits)
    local spikes = ((snn.arange(1, 13) * i) % 5):lt(2):reshape(1, 12)
    local out = layer { enc = spikes }.out
    if rule == "MSTDPET" then trainer(0.5) else trainer() end
    if not waits then connection:update() end
    return out
  end
  return net
end

local function same(a, b)
  for _, name in ipairs { "pairs", "pre", "post", "weight", "delay" } do
    local x, y = a.conn[name], b.conn[name]
    if x or y then assert.is_true(x:equal(y), name) end
  end
end

local function go_on(a, b)
  for i = 20, 30 do assert.is_true(a.step(i):equal(b.step(i))) end
  same(a, b)
end

local function steps(net, n)
  for i = 1, n do net.step(i) end
  return net
end

-- Runs fn with the path of a file, which goes.
local function with_file(fn)
  local path = os.tmpname()
  local ok, err = pcall(fn, path)
  os.remove(path)
  if not ok then error(err, 0) end
end

describe("synapses that are saved", function()
  for name, delay in pairs { none = false, number = 2, ["of each"] = { "uniform", 0, 4 } } do
    for rule in pairs(RULES) do
      it(("are those of another network that loads them: delay %s, %s"):format(name, rule),
        function()
          local a = steps(drawn(1, delay or nil, rule), 8)
          local b = steps(drawn(2, delay or nil, rule), 3)
          local c = drawn(3, delay or nil, rule)
          a.conn:prune { below = 0.3 }
          a.conn:add({ 5, 1, 1 }, { 2, 6, 2 }, 0.5, delay and { 3, 0, 1 } or nil)
          steps(a, 5)
          with_file(function(path)
            snn.save(path, a.objects)
            snn.load(path, b.objects)
            snn.load(path, c.objects)
          end)
          same(a, b)
          for i = 20, 30 do
            local out = a.step(i)
            assert.is_true(b.step(i):equal(out) and c.step(i):equal(out))
          end
          for _, net in ipairs { a, b, c } do net.conn:add(5, 2, 0.25) end
          same(a, b)
          same(a, c)
        end)
    end
  end

  it("are loaded with terms that wait", function()
    local a, b = steps(drawn(1), 4), steps(drawn(2), 4)
    a.step(5, true)
    b.step(5, true)
    with_file(function(path)
      snn.save(path, a.objects)
      snn.load(path, b.objects)
    end)
    a.conn:update()
    b.conn:update()
    go_on(a, b)
  end)

  it("come with a state_dict, but while terms wait", function()
    local a, b = steps(drawn(1), 4), steps(drawn(2), 4)
    local state, before = a.objects.layer:state_dict(), b.conn.pairs
    b.step(5, true)
    support.fails("RuntimeError", "terms of an update wait", b.objects.layer.load_state_dict,
      b.objects.layer, state)
    assert.is_true(b.conn.pairs:equal(before))
    b.conn:update()
    b.objects.layer:load_state_dict(state)
    same(a, b)
    b.step(6)
    b.conn:prune { below = 0.1 }
  end)

  it("take what was recorded of each synapse with them, also before a step", function()
    local path = os.tmpname()
    local function make()
      snn.manual_seed(4)
      local connection = snn.LinearSparse { in_shape = 20, out_shape = 10, step_time = 1,
        synapses = snn.connect.bernoulli { p = 0.5 }, delay = 5,
        delay_init = function(pre, _, _) return snn.rand(#pre) * 5 end,
        weight_init = { "uniform", 0, 1 },
        synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 } }
      connection.updater = connection:defaultupdater()
      local layer = snn.Serial { connection = connection, neuron = snn.ExactNeuron { shape = 10,
        step_time = 1, rest_v = -60, thresh_v = -40 } }
      local trainer = snn.STDP { lr_post = 0.1, lr_pre = -0.1, tc_post = 10, tc_pre = 10 }
      trainer:register_cell("cell", layer.cell)
      return { layer = layer, trainer = trainer }
    end
    local function train(net, seed)
      snn.manual_seed(seed)
      for _ = 1, 10 do
        net.layer(snn.rand(1, 20):lt(0.3),
          { neuron_kwargs = { override = snn.rand(1, 10):lt(0.2) } })
        net.trainer()
        net.layer:update()
      end
    end
    local first, second = make(), make()
    train(first, 5)
    snn.save(path, first)
    snn.load(path, second)
    os.remove(path)
    for _, net in ipairs { first, second } do
      assert.is_true(net.layer.connection:prune { below = 0.4 } > 0)
      train(net, 6)
    end
    assert.is_true(first.layer.connection.weight:eq(second.layer.connection.weight):all():item())
  end)

  it("come back with snapshots", function()
    for _, delay in ipairs { 2, { "uniform", 0, 4 } } do
      local a, b = steps(drawn(1, delay), 8), steps(drawn(1, delay), 8)
      local layer, whole = a.objects.layer:snapshot(), snn.snapshot(a.objects)
      for _, snapshot in ipairs { layer, whole } do
        a.conn:prune { below = 0.4 }
        assert.is_true(a.conn.count < b.conn.count)
        steps(a, 3)
        snapshot:restore()
        same(a, b)
      end
      go_on(a, b)
    end
  end)

  it("stay where the rest does not fit, with all that learns", function()
    for _, rule in ipairs { "STDP", "MSTDPET" } do
      local a = steps(drawn(1, { "uniform", 0, 4 }, rule), 8)
      local b = steps(drawn(2, { "uniform", 0, 4 }, rule), 8)
      local twin = steps(drawn(2, { "uniform", 0, 4 }, rule), 8)
      local state = a.conn:state_dict()
      state.pairs_hash = state.pairs_hash + 1 -- found when the synapses are others already
      support.fails("ValueError", "the pairs are damaged", b.conn.load_state_dict, b.conn, state)
      go_on(b, twin)
    end
  end)

  it("stay where terms waited and the load stops anywhere", function()
    local delay <const> = { "uniform", 0, 4 }
    local a, c = steps(drawn(1, delay), 8), steps(drawn(3, delay), 8)
    local b, twin = steps(drawn(2, delay), 8), steps(drawn(2, delay), 8)
    b.step(9, true)
    twin.step(9, true)
    c.step(9, true)
    local pairs_, random = b.conn.pairs, snn.get_rng_state()
    local function stops_after(n, path, net)
      debug.sethook(function() error("stopped", 0) end, "", n)
      local ok, err = pcall(snn.load, path, net.objects)
      debug.sethook()
      assert.is_true(ok or tostring(err):find("stopped", 1, true) ~= nil, tostring(err))
      return not ok
    end
    with_file(function(path)
      snn.save(path, a.objects)
      local most = 1000
      while stops_after(most, path, c) do most = most * 2 end
      for n = 1000, most // 2, most // 40 do
        assert.is_true(stops_after(n, path, b))
        assert.is_true(b.conn.pairs:equal(pairs_))
      end
    end)
    snn.set_rng_state(random)
    b.conn:update()
    twin.conn:update()
    go_on(b, twin)
  end)

  it("are refused where they cannot be the connection's", function()
    local a, b = drawn(1), drawn(2)
    local before = b.conn.pairs
    local function refuses(text, pairs_, count)
      local state = a.conn:state_dict()
      state.pairs = pairs_
      if count then state.weight = snn.ones(count) end
      support.fails("ValueError", text, b.conn.load_state_dict, b.conn, state)
      assert.is_true(b.conn.pairs:equal(before))
    end
    local int = { dtype = "int64" }
    refuses("2^31 or more", snn.tensor({ 1 }, int):expand(1 << 31))
    refuses("must be an int64 tensor", snn.ones(a.conn.count))
    refuses("is from input 13 to output 1", snn.tensor({ 12 << 32 }, int), 1)
    refuses("to output 7", snn.tensor({ 6 }, int), 1)
    refuses("is from input 0", snn.tensor({ -1 }, int), 1)
    refuses("do not ascend at synapse 2", snn.tensor({ 1 << 32, 0 }, int), 2)
    refuses("there are 1, 'weight' is float32", snn.tensor({ 0 }, int))
    local _, _, misshapen = b.conn:load_state_dict({ pairs = snn.tensor({ 0 }, int) },
      { strict = false })
    assert.same({ "pairs" }, misshapen)
    assert.is_true(b.conn.pairs:equal(before))
  end)

  it("are refused between other shapes", function()
    local function of(outputs)
      return snn.LinearSparse { in_shape = 3, out_shape = outputs, step_time = 1,
        synapse = charge, synapses = snn.connect.one_to_one() }
    end
    local function wide()
      return snn.LinearSparse { in_shape = 3, out_shape = 4, step_time = 1, synapse = charge,
        synapses = snn.connect.pairs { pre = { 1 }, post = { 4 } } }
    end
    local c = wide()
    support.fails("ValueError", "between other shapes", c.load_state_dict, c, of(3):state_dict())
    assert.equal(1, c.count)
  end)
end)
