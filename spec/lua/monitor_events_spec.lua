-- Monitors with `events`: the places of what was true, in place of states.
local snn = require "snn"
local fails = require("spec.support").fails

local function group(batch)
  snn.manual_seed(4)
  local neurons = snn.LIF { shape = { 2, 3 }, step_time = 0.5, rest_v = -40, reset_v = -60,
    thresh_v = -50, refrac_t = 2, time_constant = 8, batch_size = batch }
  neurons.voltage = snn.rand(neurons.batchedshape) * 10 - 60
  return neurons
end

local function watch(neurons, more)
  local args = { module = neurons, attr = "spike", events = true }
  for k, v in pairs(more or {}) do args[k] = v end
  return snn.StateMonitor(args)
end

local function run(neurons, first, last, list)
  for step = first, last do
    local out = neurons(snn.zeros(neurons.batchedshape))
    local flat = out:reshape(neurons.batchsz, 6)
    for _, at in ipairs(flat:nonzero():totable()) do
      list[#list + 1] = neurons.batchsz > 1 and { step, at[2], at[1] } or { step, at[2] }
    end
  end
  return list
end

describe("a monitor with events", function()
  for _, batch in ipairs { 1, 3 } do
    it("gives what was true, and when, batch " .. batch, function()
      local neurons = group(batch)
      local monitor = watch(neurons)
      assert.is_nil(monitor:dump())
      local want = run(neurons, 1, 60, {})
      assert.is_true(#want > 5)
      assert.same(want, monitor:dump():totable())
      assert.is_true(monitor:peek():equal(neurons.spike))
      monitor:clear()
      assert.is_nil(monitor:dump())
      assert.same(run(neurons, 1, 30, {}), monitor:dump():totable())
    end)

    it("goes on after a save, batch " .. batch, function()
      local neurons, path = group(batch), os.tmpname()
      local monitor = watch(neurons)
      local list = run(neurons, 1, 20, {})
      snn.save(path, { n = neurons, m = monitor })
      run(neurons, 21, 40, list)
      local other = group(batch)
      local its = watch(other)
      snn.load(path, { n = other, m = its })
      run(other, 21, 40, {})
      assert.same(list, its:dump():totable())
      snn.load(path, { n = neurons, m = monitor })
      run(neurons, 21, 40, {})
      assert.same(list, monitor:dump():totable())
      fails("ValueError", "'m.events' is true, false here", snn.load, path,
        { n = other, m = watch(other, { events = false }) })
      os.remove(path)
    end)
  end

  it("counts what it looks at", function()
    local neurons = group(1)
    local monitor = watch(neurons, { every = 2, map = function(s) return s:logical_not() end })
    for _ = 1, 5 do neurons(snn.zeros(1, 2, 3)) end
    local rows = monitor:dump()
    assert.equal(3, rows[rows.shape[1]][1])
  end)

  it("forgets the step of a layer that failed", function()
    local layer, breaks = snn.Layer(), false
    local neurons = group(1)
    layer:add_neuron("a", neurons)
    layer:add_connection("c", snn.LinearDirect { shape = { 2, 3 }, step_time = 0.5,
      synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 } })
    function layer:wiring(c) -- luacheck: ignore self
      return { a = c.c }
    end
    local monitor = watch(layer:add_cell("c", "a"), { attr = "neuron.spike" })
    snn.StateMonitor { module = layer.cells.c.a, attr = "neuron.voltage",
      filter = function()
        if breaks then error "late" end
        return true
      end }
    local x, want = snn.zeros(1, 2, 3):gt(0), {}
    for step = 1, 60 do
      breaks = true
      assert.has.errors(function() layer { c = x } end)
      breaks = false
      for _, at in ipairs(layer({ c = x }).a:reshape(1, 6):nonzero():totable()) do
        want[#want + 1] = { step, at[2] }
      end
    end
    assert.is_true(#want > 5)
    assert.same(want, monitor:dump():totable())
  end)

  it("is drawn by snn.plot.raster", function()
    local neurons = group(2)
    local monitor, rows = watch(neurons), {}
    for i = 1, 40 do rows[i] = neurons(snn.zeros(2, 2, 3)) end
    local options = { width = 60, sample = 2, step_time = 0.5 }
    assert.equal(tostring(snn.plot.raster(snn.stack(rows), options)),
      tostring(snn.plot.raster(monitor, { width = 60, sample = 2 })))
  end)

  it("answers what a SpikeRecorder is asked", function()
    local neurons = group(3)
    local monitor, recorder = watch(neurons), snn.SpikeRecorder(neurons)
    assert.equal(0, (monitor:times()).numel)
    assert.same({}, monitor:trains())
    assert.equal(0, (monitor:rate { bin = 2 }).numel)
    run(neurons, 1, 60, {})
    local function same(list, of)
      for i, one in ipairs(list) do
        assert.is_true(one:equal(of[i]))
        assert.equal(one.dtype, of[i].dtype)
      end
    end
    for _, options in ipairs { {}, { sample = 2 } } do
      same({ recorder:times(options) }, { monitor:times(options) })
      same(recorder:trains(options), monitor:trains(options))
      same({ recorder:rate(options) }, { monitor:rate(options) })
      options.bin = 3.2
      local rate, begin = recorder:rate(options)
      local its, its_begin = monitor:rate(options)
      assert.is_true(rate:allclose(its) and begin:equal(its_begin))
    end
    fails("ValueError", "'sample' must be an integer from 1 to 3, got number 4", monitor.times,
      monitor, { sample = 4 })
    fails("ValueError", "'bin' must be above 0 and finite, got 0", monitor.rate, monitor,
      { bin = 0 })
    local plain = watch(neurons, { events = false })
    for _, name in ipairs { "times", "trains", "rate" } do
      fails("RuntimeError", name .. ": StateMonitor of 'spike' keeps states", plain[name], plain)
    end
  end)

  it("counts the time between what it looks at", function()
    local neurons = group(1)
    local monitor = watch(neurons, { every = 3, map = function(s) return s:logical_not() end })
    for _ = 1, 7 do neurons(snn.zeros(1, 2, 3)) end
    local times = monitor:times { sample = 1 }
    assert.equal(3 * 3 * 0.5, times[times.numel])
    local _, begin = monitor:rate { bin = 1.5 }
    assert.same({ 0, 1.5, 3 }, begin:totable())
  end)

  for _, batch in ipairs { 1, 3 } do
    it("writes its rows to a file as they come, batch " .. batch, function()
      local neurons, path, saved = group(batch), os.tmpname(), os.tmpname()
      local monitor = watch(neurons, { file = path })
      local list = run(neurons, 1, 20, {})
      assert.same(list, snn.load_npy(path):totable())
      snn.save(saved, { n = neurons, m = monitor })
      run(neurons, 21, 40, list)
      assert.same(list, snn.load_npy(path):totable())
      snn.load(saved, { n = neurons, m = monitor })
      run(neurons, 21, 60, {})
      assert.same(monitor:dump():totable(), snn.load_npy(path):totable())
      os.remove(path)
      os.remove(saved)
    end)
  end

  it("writes no other format than NPY, as a SpikeRecorder does", function()
    local neurons = group(1)
    for _, name in ipairs { "x.csv", "a.b/X.NPZ", "spikes.h5" } do
      fails("ValueError", "'file' must be the path of an NPY file", watch, neurons,
        { file = name })
      fails("ValueError", "'file' must be the path of an NPY file", snn.SpikeRecorder, neurons,
        { file = name })
    end
  end)

  it("is of bool states", function()
    local neurons = group(1)
    watch(neurons, { attr = "voltage" })
    fails("TypeError", "'events' are those of bool states", neurons, snn.zeros(1, 2, 3))
  end)
end)
