-- snn.SpikeRecorder: (step, neuron) pairs, against the spikes that steps return.
local snn = require "snn"
local support = require "spec.support"
local fails = support.fails

local function group(changes)
  local args = { shape = { 2, 3 }, step_time = 0.5, rest_v = -40, reset_v = -60, thresh_v = -50,
    refrac_t = 2, time_constant = 8 }
  for k, v in pairs(changes or {}) do args[k] = v end
  snn.manual_seed(5)
  local neurons = snn.LIF(args)
  neurons.voltage = snn.rand(neurons.batchedshape, { dtype = args.dtype }) * 10 - 60
  return neurons
end

---Makes steps; the spikes as a list of { step, neuron, sample }, after what is in `list`.
local function run(neurons, steps, list, first)
  list = list or {}
  for step = first or 1, (first or 1) + steps - 1 do
    local out = neurons(snn.zeros(neurons.batchedshape))
    local flat = out:reshape(out.shape[1], neurons.count)
    for _, at in ipairs(flat:nonzero():totable()) do
      list[#list + 1] = { step, at[2], at[1] }
    end
  end
  return list
end

local function recorded(recorder)
  local steps, neurons, samples = recorder:pairs()
  return snn.stack({ steps, neurons, samples }, 2):totable()
end

describe("SpikeRecorder", function()
  for title, changes in pairs {
    ["one sample"] = {}, ["a batch"] = { batch_size = 3 },
    ["float64"] = { dtype = "float64" }, ["one neuron"] = { shape = 1 },
  } do
    it("records what steps return: " .. title, function()
      local neurons = group(changes)
      local recorder = snn.SpikeRecorder(neurons)
      local want = run(neurons, 120)
      assert.is_true(#want > 5)
      assert.same(want, recorded(recorder))
      assert.equal(#want, recorder.count)
      assert.equal(120, recorder.steps)
      assert.equal(60.0, recorder.duration)
    end)
  end

  it("has times, trains and rates", function()
    local neurons = group { batch_size = 2 }
    local recorder = snn.SpikeRecorder(neurons)
    local want = run(neurons, 100)
    local times, ids, samples = recorder:times()
    local trains, bins = {}, { 0, 0, 0 }
    for i = 1, 6 do trains[i] = {} end
    for k, spike in ipairs(want) do
      assert.same({ spike[1] * 0.5, spike[2], spike[3] }, { times[k], ids[k], samples[k] })
      if spike[3] == 2 then table.insert(trains[spike[2]], spike[1] * 0.5) end
      local bin = (spike[1] - 1) // 40 + 1
      bins[bin] = bins[bin] + 1
    end
    local got = recorder:trains { sample = 2 }
    assert.equal(6, #got)
    for i, train in ipairs(got) do assert.same(trains[i], train:totable()) end
    assert.equal(recorder:times({ sample = 1 }).numel + recorder:times({ sample = 2 }).numel,
      #want)
    local rate, begin = recorder:rate { bin = 20 }
    assert.same({ 0, 20, 40 }, begin:totable())
    for i, width in ipairs { 20, 20, 10 } do
      assert.is_true(math.abs(rate[i] - bins[i] * 1000 / width / 12) < 1e-9)
    end
    local all = recorder:rate()
    assert.is_true(math.abs(all:item() - #want * 1000 / 50 / 12) < 1e-9)
  end)

  it("follows another step time and batch size", function()
    local neurons = group()
    local recorder = snn.SpikeRecorder(neurons)
    local want = run(neurons, 20)
    neurons.dt = 0.25
    run(neurons, 40, want, 21)
    neurons.batchsz = 2
    run(neurons, 40, want, 61)
    assert.same(want, recorded(recorder))
    local times = recorder:times()
    for k, spike in ipairs(want) do
      local step = spike[1]
      assert.equal(step <= 20 and step * 0.5 or 10 + (step - 20) * 0.25, times[k])
    end
    assert.equal(30.0, recorder.duration)
  end)

  it("records the steps of layers that stay", function()
    local layer, breaks = snn.Layer(), false
    function layer:wiring() -- luacheck: ignore self
      if breaks == 1 then error "broken" end
      local out = { a = snn.zeros(1, 2, 3), b = snn.zeros(1, 2, 3) }
      if breaks == 2 then out.b = snn.zeros(1, 4) end
      return out
    end
    local a, b = group(), group()
    layer:add_neuron("a", a)
    layer:add_neuron("b", b)
    local hook = false
    b:register_forward_hook(function() if hook then error "late" end end)
    local of_a, of_b = snn.SpikeRecorder(layer, "a"), snn.SpikeRecorder(layer, "b")
    local want = {}
    for step = 1, 60 do
      for _, way in ipairs { 1, 2, "hook" } do
        breaks, hook = way, way == "hook"
        assert.has.errors(function() layer {} end)
      end
      breaks, hook = false, false
      for _, at in ipairs(layer({}).a:reshape(1, 6):nonzero():totable()) do
        want[#want + 1] = { step, at[2], 1 }
      end
    end
    assert.is_true(#want > 5)
    assert.same(want, recorded(of_a))
    assert.same(want, recorded(of_b))
    assert.equal(60, of_b.steps)
  end)

  it("records neurons of scripts' classes", function()
    local Own = snn.class("Own", snn.Neuron)
    function Own:forward(x) return x:gt(1) end -- luacheck: ignore self
    local own = Own { shape = 3, step_time = 1, rest_v = 0 }
    local recorder = snn.SpikeRecorder(own)
    own(snn.tensor { { 0, 2, 3 } })
    own(snn.tensor { { 2, 0, 0 } })
    assert.same({ { 1, 2, 1 }, { 1, 3, 1 }, { 2, 1, 1 } }, recorded(recorder))
  end)

  it("stops, goes on and begins anew", function()
    local neurons = group()
    local recorder = snn.SpikeRecorder(neurons)
    local want = run(neurons, 30)
    recorder:detach()
    assert.is_false(recorder.attached)
    run(neurons, 10)
    assert.equal(30, recorder.steps)
    recorder:attach()
    recorder:attach()
    run(neurons, 30, want, 31)
    assert.same(want, recorded(recorder))
    recorder:clear()
    assert.same({ 0, 0, 0.0 }, { recorder.count, recorder.steps, recorder.duration })
    assert.same(run(neurons, 30), recorded(recorder))
  end)

  it("goes on with the same spikes after a save", function()
    local neurons = group { batch_size = 2 }
    local recorder, path = snn.SpikeRecorder(neurons), os.tmpname()
    run(neurons, 30)
    snn.save(path, { n = neurons, r = recorder })
    local snapshot = snn.snapshot { n = neurons, r = recorder }
    run(neurons, 30)
    local want = recorded(recorder)
    snapshot:restore()
    assert.equal(30, recorder.steps)
    run(neurons, 30)
    assert.same(want, recorded(recorder))
    local other = group { batch_size = 2 }
    local its = snn.SpikeRecorder(other)
    snn.load(path, { n = other, r = its })
    run(other, 30)
    assert.same(want, recorded(its))
    local small = group { shape = 5 }
    fails("ValueError", "it records 5 neurons", snn.load, path,
      { n = other, r = snn.SpikeRecorder(small) })
    os.remove(path)
  end)

  it("is drawn by snn.plot.raster", function()
    local neurons = group { shape = 30 }
    local recorder, rows = snn.SpikeRecorder(neurons), {}
    assert.is_truthy(tostring(snn.plot.raster(recorder)):find "no data")
    for i = 1, 80 do rows[i] = neurons(snn.zeros(1, 30)) end
    for _, options in ipairs { { width = 60, height = 40 }, { width = 50, height = 10 } } do
      options.step_time = 0.5
      local want = tostring(snn.plot.raster(snn.stack(rows), options))
      options.step_time = nil
      assert.equal(want, tostring(snn.plot.raster(recorder, options)))
    end
    fails("ValueError", "'step_time' is that of the recorder", snn.plot.raster, recorder,
      { step_time = 1 })
  end)

  it("refuses what is no group, and options that are none", function()
    local layer = snn.Layer()
    fails("TypeError", "'group' must be a group of neurons", snn.SpikeRecorder, 3)
    fails("TypeError", "'name' must be the name of neurons", snn.SpikeRecorder, layer)
    fails("AttributeError", "'exc' is not a registered neuron", snn.SpikeRecorder, layer, "exc")
    fails("TypeError", "unknown option 'fiel'", snn.SpikeRecorder, group(), { fiel = "x" })
    fails("ValueError", "'keep' = false is for spikes", snn.SpikeRecorder, group(),
      { keep = false })
    local recorder = snn.SpikeRecorder(group())
    fails("ValueError", "'bin' must be above 0", recorder.rate, recorder, { bin = 0 })
    fails("ValueError", "'sample' must be an integer from 1 to 1", recorder.times, recorder,
      { sample = 2 })
  end)

  it("takes no memory for steps without spikes", function()
    local out = support.run [[
      local snn = require "snn"
      local neurons = snn.ExactNeuron { shape = 100, step_time = 0.1, rest_v = -60, thresh_v = -50 }
      local recorder, x = snn.SpikeRecorder(neurons), snn.zeros(1, 100)
      local function steps(n) for _ = 1, n do neurons(x) end end
      steps(1000)
      collectgarbage()
      local before = snn._debug.live()
      steps(20000)
      collectgarbage()
      print(recorder.steps, recorder.count, snn._debug.live() <= before)
    ]]
    assert.equal("", out.err)
    assert.equal("21000\t0\ttrue\n", out.out)
  end)
end)

describe("the file of a SpikeRecorder", function()
  local path
  before_each(function() path = os.tmpname() end)
  after_each(function() os.remove(path) end)

  it("has a row for each spike", function()
    local neurons = group()
    local recorder = snn.SpikeRecorder(neurons, { file = path })
    local want = run(neurons, 50)
    recorder:flush()
    local function pairs_of(list)
      local out = {}
      for i, spike in ipairs(list) do out[i] = { spike[1], spike[2] } end
      return out
    end
    assert.same(pairs_of(want), snn.load_npy(path):totable())
    run(neurons, 50, want, 51)
    recorder:close()
    assert.same(pairs_of(want), snn.load_npy(path):totable())
    assert.same(want, recorded(recorder))
    assert.is_false(recorder.attached)
    fails("RuntimeError", "the file of the recorder is closed", recorder.attach, recorder)
  end)

  it("has the samples of a batch, and may have the spikes alone", function()
    local neurons = group { batch_size = 3 }
    local recorder = snn.SpikeRecorder(neurons, { file = path, keep = false })
    local want = run(neurons, 4000)
    assert.is_true(#want > 4096)
    assert.equal(#want, recorder.count)
    recorder:close()
    assert.same(want, snn.load_npy(path):totable())
    fails("RuntimeError", "are in the file", recorder.times, recorder)
  end)

  it("is whole up to the last block where the program is killed", function()
    local out = support.run(([[
      local snn = require "snn"
      local neurons = snn.ExactNeuron { shape = 100, step_time = 1, rest_v = -60, thresh_v = -50 }
      local recorder = snn.SpikeRecorder(neurons, { file = %q })
      for _ = 1, 100 do neurons(snn.full({ 1, 100 }, 20)) end
      recorder:flush()
      for _ = 1, 100 do neurons(snn.full({ 1, 100 }, 20)) end
      os.execute("kill -9 $PPID")
    ]]):format(path))
    assert.is_truthy(out)
    local rows = snn.load_npy(path)
    assert.is_true(rows.shape[1] >= 10000 and rows.shape[1] < 20000)
    assert.same({ 100, 100 }, rows[10000]:totable())
  end)

  it("goes on behind the rows of a save", function()
    local neurons, saved = group(), os.tmpname()
    local recorder = snn.SpikeRecorder(neurons, { file = path })
    local want = run(neurons, 30)
    snn.save(saved, { n = neurons, r = recorder })
    run(neurons, 30)
    recorder:flush()
    snn.load(saved, { n = neurons, r = recorder })
    run(neurons, 20, want, 31)
    recorder:close()
    assert.equal(#want, snn.load_npy(path).shape[1])
    assert.same(want, recorded(recorder))
    os.remove(saved)
  end)

  it("that has no column for samples takes none", function()
    local neurons = group()
    local recorder = snn.SpikeRecorder(neurons, { file = path })
    run(neurons, 5)
    neurons.batchsz = 2
    local before = neurons.voltage
    fails("RuntimeError", "no column for the sample", neurons.forward, neurons,
      snn.zeros(2, 2, 3))
    assert.is_true(neurons.voltage:equal(before))
    recorder:detach()
    run(neurons, 5)
  end)

  it("that cannot be written is told of", function()
    fails("IOError", "SpikeRecorder: ", snn.SpikeRecorder, group(),
      { file = path .. "/none/x.npy" })
    if io.open("/dev/full") then
      fails("IOError", "SpikeRecorder: ", snn.SpikeRecorder, group(), { file = "/dev/full" })
    end
  end)
end)
