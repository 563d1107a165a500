-- snn.save and snn.load: what comes back, and what is told when it does not fit.
local snn = require "snn"
local support = require "spec.support"

local function error_of(fn, ...)
  local ok, err = pcall(fn, ...)
  assert.is_false(ok)
  return err
end

local function neuron(shape)
  return snn.LIF { shape = shape, step_time = 1, rest_v = -60, reset_v = -65, thresh_v = -50,
    refrac_t = 3, time_constant = 20 }
end

local function build()
  local layer = snn.Layer()
  layer:add_connection("enc", snn.LinearDense { in_shape = 3, out_shape = 2, step_time = 1,
    synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 90 },
    weight_init = { "uniform", 0, 1 } })
  layer:add_neuron("exc", neuron(2))
  layer.wiring = function(_, inputs) return { exc = inputs.enc } end
  local connection = layer.connections.enc
  connection.updater = connection:defaultupdater()
  local trainer = snn.STDP { lr_post = 0.1, lr_pre = -0.1, tc_post = 20, tc_pre = 20 }
  trainer:register_cell("c", layer:add_cell("enc", "exc"))
  return { net = layer, trainer = trainer, log = {}, best = false, state = { epoch = 1 } }
end

local function run(objects, steps)
  for _ = 1, steps do
    local spikes = objects.net { enc = snn.rand { 1, 3 }:lt(0.5) }
    objects.trainer()
    objects.net:update()
    table.insert(objects.log, spikes.exc:sum():item())
  end
end

describe("save and load", function()
  local path

  before_each(function()
    path = os.tmpname()
    snn.manual_seed(3)
  end)

  after_each(function() os.remove(path) end)

  it("go on with the same bits", function()
    local a = build()
    run(a, 20)
    snn.save(path, a)
    run(a, 20)
    snn.manual_seed(99)
    local b = build()
    snn.load(path, b)
    run(b, 20)
    assert.is_true(a.net.connections.enc.weight:equal(b.net.connections.enc.weight))
    assert.is_true(a.net.neurons.exc.voltage:equal(b.net.neurons.exc.voltage))
    assert.are.same(a.log, b.log)
  end)

  it("set the random state", function()
    snn.save(path, {})
    local wanted = snn.rand(3):totable()
    snn.manual_seed(8)
    snn.load(path, {})
    assert.are.same(wanted, snn.rand(3):totable())
  end)

  it("take Lua values as they were", function()
    local t = snn.rand { 2, 2 }
    local values = { f = 0.1, i = math.maxinteger, yes = true, s = "a\0\255b\n", nan = 0 / 0,
      inf = -math.huge, empty = {}, floats = { 1.5, -0.0 }, whole = { 1, 2, 3 },
      mixed = { 1, 2.5, "x", { deep = true } }, ["two words"] = 1, t = t, t_again = t,
      keys = { [3] = "a", ["3"] = "b", ["a.b"] = "c", [-1] = "d" } }
    snn.save(path, { values = values })
    local own = snn.zeros { 2, 2 }
    local out = { values = { t = own, gone = 4 } }
    snn.load(path, out)
    local got = out.values
    assert.is_true(got.nan ~= got.nan)
    got.nan, values.nan = nil, nil
    assert.are.equal(own, got.t)
    assert.are.equal(own, got.t_again)
    assert.is_true(own:equal(t))
    got.t, got.t_again, values.t, values.t_again = nil, nil, nil, nil
    assert.are.same(values, got)
    assert.are.equal("integer", math.type(got.i))
    assert.are.equal("float", math.type(got.floats[1]))
    assert.are.equal(-math.huge, 1 / got.floats[2])
  end)

  it("keep tables that the script holds", function()
    local out = { log = { "old" }, tree = { a = { 1 } } }
    local log, branch = out.log, out.tree.a
    snn.save(path, { log = { 5.0, 6.0 }, tree = { a = { 7 } } })
    snn.load(path, out)
    assert.are.equal(log, out.log)
    assert.are.same({ 5.0, 6.0 }, log)
    assert.are.equal(branch, out.tree.a)
    assert.are.same({ 7 }, branch)
  end)

  it("let false stand for none yet", function()
    snn.save(path, { best = 0.5, none = false })
    local out = { best = false, none = 3 }
    snn.load(path, out)
    assert.are.same({ best = 0.5, none = false }, out)
  end)

  it("hold one module without a name", function()
    local a, b = neuron(3), neuron(3)
    a(snn.full({ 1, 3 }, 20))
    snn.save(path, a)
    snn.load(path, b)
    assert.is_true(a.voltage:equal(b.voltage))
    assert.is_not_nil((snn.load_safetensors(path)).voltage)
  end)

  it("name tensors by the script's paths", function()
    snn.save(path, build())
    local t = snn.load_safetensors(path)
    assert.are.same({ 2, 3 }, t["net.connections.enc.weight"].shape)
    assert.are.equal(1, t["state.epoch"]:item())
  end)

  it("give the script's metadata back", function()
    snn.save(path, {}, { metadata = { who = "me", note = "first" } })
    assert.are.same({ who = "me", note = "first" }, snn.load(path, {}))
  end)

  it("keep fields of a script's modules", function()
    local Net = snn.class("Net", snn.Module)
    function Net:init()
      snn.Module.init(self)
      self.count, self.gain, self.inner = 0, snn.ones(2), neuron(2)
    end
    local a, b = Net(), Net()
    a.count, a.label, a.gain = 4, "late", snn.full(2, 5)
    a:eval()
    snn.save(path, { net = a })
    snn.load(path, { net = b })
    assert.are.equal(4, b.count)
    assert.are.equal("late", b.label)
    assert.are.equal(5, b.gain[1])
    assert.is_false(b.training)
    assert.is_false(b.inner.training)
  end)
end)

describe("load", function()
  local path

  before_each(function() path = os.tmpname() end)
  after_each(function() os.remove(path) end)

  it("tells all that does not fit, and changes nothing", function()
    snn.save(path, { a = neuron(2), b = neuron(2), w = snn.ones(3), n = 1, log = { 1 } })
    local synapse = snn.DeltaCurrent { shape = 2, step_time = 1, spike_charge = 1 }
    local out = { a = neuron(3), b = synapse, w = snn.ones(4), n = "x", other = 1 }
    local err = error_of(snn.load, path, out)
    assert.are.equal("ValueError", err.kind)
    for _, text in ipairs { "missing: 'other'", "unexpected: 'log'", "'w' is float32 {3}, "
      .. "float32 {4} here", "'a.voltage' is float32 {1, 2}, float32 {1, 3} here",
      "'b' is LIF, DeltaCurrent here", "'n' is a number, a string here",
      "'a.shape' is {2}, {3} here" } do
      assert.is_truthy(tostring(err):find(text, 1, true), text .. " in " .. tostring(err))
    end
    assert.are.equal(1, out.other)
    assert.are.same({ 1, 1, 1, 1 }, out.w:totable())
  end)

  it("wants second names where the file has them", function()
    local n = neuron(2)
    snn.save(path, { a = n, b = n })
    local err = error_of(snn.load, path, { a = neuron(2), b = neuron(2) })
    assert.are.equal("ValueError", err.kind)
    local twice = neuron(2)
    snn.load(path, { a = twice, b = twice })
  end)

  it("takes arguments from the file, with a warning", function()
    local a, b, c = neuron(2), neuron(2), neuron(2)
    a.thresh_v, a.refrac_t = -45, 5
    snn.save(path, { n = a })
    local heard = support.heard(function()
      snn.load(path, { n = b })
      snn.load(path, { n = c }, { settings = "script" })
      snn.load(path, { n = neuron(2) }, { settings = "file" })
    end)
    assert.are.equal(-45, b.thresh_v)
    assert.are.equal(5, b.refrac_t)
    assert.are.equal(-50, c.thresh_v)
    assert.are.equal(1, #heard)
    assert.is_truthy(heard[1]:find("n.thresh_v -45.0 (-50.0 here)", 1, true), heard[1])
  end)

  it("leaves tables that arguments of several objects share", function()
    local kwargs = { learning_rate = 0.02, time_constant = 10 }
    local kernel = snn.functional.exp_stdp_post_kernel
    local function rule()
      return snn.KernelSTDP { kernel_post = kernel, kernel_pre = kernel,
        kernel_post_kwargs = kwargs, kernel_pre_kwargs = kwargs }
    end
    local all = { rule(), rule() }
    snn.save(path, all)
    assert.same({}, (support.heard(snn.load, path, all)))
    assert.same({ kwargs, kwargs }, { all[1].kernel_pre_kwargs, all[2].kernel_post_kwargs })
    local other = rule()
    other.kernel_post_kwargs = { learning_rate = 1, time_constant = 5 }
    snn.load(path, { other, rule() }, { settings = "file" })
    assert.same(kwargs, other.kernel_post_kwargs)
  end)

  it("sets arguments that are bound to one another", function()
    local a, b = neuron(2), neuron(2)
    a.thresh_v = 20
    a.reset_v = 10
    a.rest_v = 5
    snn.save(path, { n = a })
    snn.load(path, { n = b }, { settings = "file" })
    assert.are.same({ 5, 10, 20 }, { b.rest_v, b.reset_v, b.thresh_v })
  end)

  it("refuses other files", function()
    snn.save_safetensors(path, { a = snn.ones(2) })
    assert.are.equal("IOError", error_of(snn.load, path, {}).kind)
    assert.are.equal("IOError", error_of(snn.load, path .. ".none", {}).kind)
  end)

  it("checks its arguments", function()
    for _, args in ipairs { { 1, {} }, { path }, { path, print }, { path, {}, { settings = "x" } },
      { path, {}, { other = 1 } } } do
      local kind = error_of(snn.load, args[1], args[2], args[3]).kind
      assert.is_truthy(kind == "TypeError" or kind == "ValueError", kind)
    end
  end)
end)

describe("save", function()
  it("refuses what it cannot keep, and names it", function()
    local path = os.tmpname()
    for _, objects in ipairs { { f = print }, { t = { g = coroutine.create(print) } },
      { [1.5] = 1 }, { [true] = 1 }, { f = io.stdout } } do
      local err = error_of(snn.save, path, objects)
      assert.are.equal("TypeError", err.kind)
    end
    os.remove(path)
  end)

  it("goes so deep and no deeper", function()
    local path, top = os.tmpname(), {}
    local t = top
    for _ = 1, 150 do
      t.next = {}
      t = t.next
    end
    snn.save(path, { list = top })
    local out = { list = {} }
    snn.load(path, out)
    assert.are.same(top, out.list)
    for _ = 1, 100 do
      t.next = {}
      t = t.next
    end
    support.fails("ValueError", "deeper than 200: 'list.next.next", snn.save, path, { list = top })
    os.remove(path)
  end)

  it("checks its arguments", function()
    for _, args in ipairs { { nil, {} }, { "x" }, { "x", 3 }, { "x", {}, { metadata = { a = 1 } } },
      { "x", {}, { metadata = { ["snnlua.a"] = "1" } } }, { "x", {}, { keep = "y" } },
      { "x", {}, { other = 1 } } } do
      local kind = error_of(snn.save, args[1], args[2], args[3]).kind
      assert.is_truthy(kind == "TypeError" or kind == "ValueError", kind)
    end
    assert.is_nil((io.open "x"))
  end)
end)

describe("load of other sizes", function()
  local path

  before_each(function() path = os.tmpname() end)
  after_each(function() os.remove(path) end)

  local function run_wide(objects)
    for _, n in objects.net:named_neurons() do n.batchsz = 4 end
    for _, c in objects.net:named_connections() do c.batchsz, c.dt = 4, 1 end
    for _ = 1, 5 do objects.net { enc = snn.rand { 4, 3 }:lt(0.5) } end
  end

  it("takes the batch size that a script has set since, without a word", function()
    local a, b = build(), build()
    run_wide(a)
    snn.save(path, a)
    assert.same({}, support.heard(function() snn.load(path, b) end))
    assert.are.equal(4, b.net.neurons.exc.batchsz)
    assert.is_true(a.net.neurons.exc.voltage:equal(b.net.neurons.exc.voltage))
    assert.is_true(a.net.connections.enc.synapse.spike:equal(b.net.connections.enc.synapse.spike))
  end)

  it("takes step times that a script has set since, of histories and records", function()
    local function parts()
      return { record = snn.RecordTensor { step_time = 1, duration = 3 },
        synapse = snn.DeltaCurrent { shape = 2, step_time = 1, delay = 4, spike_charge = 90 } }
    end
    local a, b = parts(), parts()
    a.synapse.dt, a.record.dt = 0.5, 0.5
    for _ = 1, 9 do a.record:push(a.synapse(snn.rand(1, 2):lt(0.5))) end
    snn.save(path, a)
    snn.load(path, b, { settings = "file" })
    assert.are.equal(0.5, b.synapse.dt)
    assert.is_true(a.record:dump():equal(b.record:dump()))
    assert.is_true(a.synapse:spike_at(snn.full({ 1, 2 }, 3.5))
      :equal(b.synapse:spike_at(snn.full({ 1, 2 }, 3.5))))
  end)

  it("refuses one that the objects were made with", function()
    local function make(n)
      return snn.LIF { shape = 2, step_time = 1, rest_v = -60, reset_v = -65, thresh_v = -50,
        refrac_t = 3, time_constant = 20, batch_size = n }
    end
    snn.save(path, { n = make(4) })
    support.fails("ValueError", "'n.batchsz' is 4, 1 here", snn.load, path, { n = make(1) })
    local other = make(1)
    other.batchsz = 2
    snn.load(path, { n = other })
    assert.are.equal(4, other.batchsz)
  end)

  it("refuses it where the script's arguments are to hold", function()
    local a, b = build(), build()
    run_wide(a)
    snn.save(path, a)
    support.fails("ValueError", "'net.neurons.exc.voltage' is float32 {4, 2}, float32 {1, 2} here",
      snn.load, path, b, { settings = "script" })
    assert.are.equal(1, b.net.neurons.exc.batchsz)
  end)

  it("changes nothing when something else does not fit", function()
    local a, b = build(), build()
    run_wide(a)
    b.net.neurons.exc.thresh_v = -40
    a.w, b.w = snn.ones(2), snn.ones(3)
    snn.save(path, a)
    support.fails("ValueError", "'w' is float32 {2}, float32 {3} here", snn.load, path, b)
    assert.are.equal(1, b.net.neurons.exc.batchsz)
    assert.are.equal(-40, b.net.neurons.exc.thresh_v)
  end)
end)
