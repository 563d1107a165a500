-- Steps by what arrives against steps in which each place of the weight reads the
-- history at its own delay: the same in all bits, whatever happens in between.
local snn = require "snn"
local heard = require("spec.support").heard
local near = require "spec.near"

local INPUTS <const>, OUTPUTS <const> = 23, 37

-- Runs f with the one way or the other.
local function by(on, f, ...)
  snn._debug.arrivals(on)
  local ok, _, result = pcall(heard, f, ...)
  snn._debug.arrivals(true)
  assert(ok, _)
  return result
end

-- Several synapses between a pair among them; inputs without any.
local function pairs_of()
  return { pre = snn.randint(1, INPUTS - 2, { 400 }), post = snn.randint(1, OUTPUTS, { 400 }) }
end

local function make(job)
  snn.manual_seed(job.seed or 1)
  local c = snn[job.class or "LinearDense"] { in_shape = INPUTS, out_shape = OUTPUTS,
    step_time = 0.5, delay = job.longest, batch_size = job.batch, dtype = job.dtype,
    bias = job.bias, synapses = job.class and pairs_of(),
    delay_init = job.sorts and function(d) return job.delays { delay = d, dtype = job.dtype,
      delayedby = job.longest } end or nil,
    synapse = snn.DeltaCurrent.partialconstructor { spike_charge = job.charge or 3,
      interp_mode = job.mode, interp_tol = job.tolerance } }
  if not job.sorts then c.delay = job.delays(c) end
  if job.class then c.weight = (c.weight * 1024):round() / 1024 end -- sums have no rounding
  return c
end

local function random(c)
  return snn.rand(c.delay.shape, { dtype = c.dtype }) * c.delayedby
end
local function on_grid(c) return (random(c) * 2):round() / 2 end

-- Outputs of so many steps; `between` may do anything before each.
local function run(job)
  local c, all = make(job), {}
  c.updater = c:defaultupdater()
  for step = 1, job.steps or 30 do
    if job.between then job.between(c, step) end
    local spikes = snn.rand(c.batched_inshape):lt(job.rate or 0.1)
    all[step] = c(spikes):flatten()
  end
  return snn.cat(all, 1)
end

local function same(job)
  local new, old = by(true, run, job), by(false, run, job)
  assert.is_true(new:equal(old))
  assert.is_true(old:ne(0):any():item())
  return new
end

local function with(changes)
  local job = { longest = 6, batch = 1, delays = random }
  for key, value in pairs(changes) do job[key] = value end
  return job
end

describe("what arrives", function()
  for _, dtype in ipairs { "float32", "float64" } do
    for _, mode in ipairs { "previous", "nearest" } do
      it(("is what the places read, in %s, mode %s"):format(dtype, mode), function()
        for _, batch in ipairs { 1, 3 } do
          for _, delays in ipairs { random, on_grid } do
            same(with { dtype = dtype, mode = mode, batch = batch, delays = delays,
              bias = batch == 3, tolerance = delays == random and 0.1 or nil })
            -- rows in the order of their delays, which say their ages themselves
            same(with { dtype = dtype, mode = mode, batch = batch, delays = delays, sorts = true,
              class = "LinearSparse", tolerance = delays == random and 0.1 or nil })
          end
        end
      end)
    end
  end

  it("is the same at any rate, and for any longest delay", function()
    for _, rate in ipairs { 0.005, 0.3, 0.9, 1.1 } do
      same(with { rate = rate })
      same(with { rate = rate, sorts = true, class = "LinearSparse", longest = 20 })
    end
    for _, longest in ipairs { 0.5, 40, 250 } do
      same(with { longest = longest, steps = 60, delays = on_grid })
    end
  end)

  it("is the same for few delays, the longest one and 0 among them", function()
    same(with { delays = function(c) return snn.rand(c.delay.shape):lt(0.5):to("float32") * 6 end })
    same(with { delays = function(c)
      local t = snn.zeros(c.delay.shape)
      t[3] = 6
      return t
    end })
  end)

  it("is the same for any number of threads", function()
    local threads, first = snn.get_num_threads(), nil
    for _, batch in ipairs { 1, 4 } do
      for _, n in ipairs { 1, 2, 4 } do
        snn.set_num_threads(n)
        local got = run(with { batch = batch, rate = 0.2 })
        first = n == 1 and got or first
        assert.is_true(got:equal(first))
      end
    end
    snn.set_num_threads(threads)
  end)

  it("is the same of the synapses of a LinearSparse", function()
    for _, dtype in ipairs { "float32", "float64" } do
      for _, delays in ipairs { random, on_grid } do
        for _, batch in ipairs { 1, 4 } do
          local job = with { class = "LinearSparse", dtype = dtype, delays = delays, batch = batch,
            rate = 0.3 }
          local got = same(job)
          snn.set_num_threads(2)
          assert.is_true(run(job):equal(got))
          snn.set_num_threads(1)
        end
      end
    end
    same(with { class = "LinearSparse", between = function(c, step)
      if step % 6 == 0 then c.delay = random(c) end
      if step == 15 then c.delay = snn.full({}, 1.5):expand(c.delay.shape) end
      if step == 21 then c:clear() end
    end, rate = 0.3 })
  end)

  it("is a number times the weight, by hand", function()
    local c = snn.LinearDense { in_shape = 2, out_shape = 3, step_time = 1, delay = 3,
      synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 2 } }
    c.weight = snn.tensor { { 1, 10 }, { 2, 20 }, { 3, 30 } }
    c.delay = snn.tensor { { 0, 2 }, { 3, 2 }, { 1, 0 } }
    local got = {}
    for step = 1, 5 do
      got[step] = c(snn.tensor { { step == 1, step <= 2 } }):totable()[1]
    end
    assert.same({ { 2, 0, 60 }, { 0, 0, 66 }, { 20, 40, 0 }, { 20, 44, 0 }, { 0, 0, 0 } }, got)
  end)

  it("meets spikes on their way at the delays of now, with the weights of now", function()
    local function assign(c, step)
      if step % 7 == 0 then c.delay = step % 2 == 0 and random(c) or on_grid(c) end
      if step % 5 == 0 then c.weight = snn.rand(c.weight.shape) end
      if step == 15 then c.delay = snn.full(c.delay.shape, 2.5) end
      if step == 18 then c.delay = snn.full({}, 1.5):expand(c.delay.shape) end
    end
    same(with { between = assign, steps = 40 })
    same(with { between = assign, steps = 40, batch = 2, rate = 0.5 })
  end)

  it("follows delays that are learned in each step, or now and then", function()
    for _, every in ipairs { 1, 2, 5 } do
      same(with { batch = 2, between = function(c, step)
        if step % every ~= 0 or step > 20 then return end
        c.updater.delay = { (snn.rand(c.delay.shape) - 0.5) * 0.5 }
        c:update()
        c.delay = c.delay:clamp(0, 6)
      end })
    end
  end)

  it("follows a history that is set, cleared, or of other settings", function()
    local function disturb(c, step)
      local synapse = c.synapse
      if step == 8 then synapse.spike = snn.rand(synapse.spike.shape):lt(0.5) end
      if step == 12 then c:clear() end
      if step == 16 then synapse.interp_mode = "nearest" end
      if step == 20 then synapse.interp_tol = 0.2 end
      if step == 24 then c:load_state_dict(c:state_dict()) end
      if step == 26 then c.batchsz = 2 end
      if step == 30 then c.dt = 0.25 end
      if step == 34 then synapse(snn.ones(synapse.spike.shape)) end
      if step == 36 then c.synapse = synapse:with { delay = 7 } end
    end
    same(with { between = disturb, steps = 45, rate = 0.2 })
  end)

  it("goes on in the same bits after a step that was taken back", function()
    local function fail(c, step)
      if step % 3 ~= 0 then return end
      local layer = snn.Layer { wiring = function() error "no" end }
      layer:add_connection("c", c)
      layer:add_neuron("n", snn.ExactNeuron { shape = OUTPUTS, step_time = 0.5, rest_v = -60,
        thresh_v = -50, batch_size = c.batchsz })
      assert.is_false(pcall(layer, { c = snn.rand(c.batched_inshape):lt(0.3) }))
    end
    same(with { between = fail })
    local undisturbed = run(with {})
    assert.is_false(undisturbed:equal(snn.zeros(undisturbed.shape)))
  end)

  it("goes on in the same bits after a resume, whatever was learned", function()
    local path = os.tmpname()
    for _, charge in ipairs { 3, 0.7 } do
      local function network()
        local c = make(with { charge = charge, batch = 2 })
        c.updater = c:defaultupdater()
        return c
      end
      local function steps(c, from, to)
        local out
        for step = from, to do
          snn.manual_seed(step)
          out = c(snn.rand(c.batched_inshape):lt(0.2))
          if step % 4 == 3 then
            c.updater.delay = { (snn.rand(c.delay.shape) - 0.5) * 0.5 }
            c:update()
            c.delay = c.delay:clamp(0, 6)
          end
        end
        return out
      end
      heard(function()
        for _, at in ipairs { 6, 7, 8 } do
          local a, b = network(), network()
          steps(a, 1, at)
          snn.save(path, { c = a })
          snn.load(path, { c = b })
          for last = at + 1, at + 12 do
            assert.is_true(steps(a, last, last):equal(steps(b, last, last)))
          end
        end
      end)
    end
    os.remove(path)
  end)

  it("costs nothing for a row without targets that are left", function()
    local c = make(with { delays = function(c) return snn.zeros(c.delay.shape) end })
    c(snn.ones(1, INPUTS))
    assert.equal(0, c(snn.zeros(1, INPUTS)):abs():max():item())
  end)

  describe("of currents that decay", function()
    -- Steps of a connection, all outputs; `known`: steps that are known to follow.
    local function steps(c, known)
      local all = {}
      for i = 1, 20 do
        all[i] = c(snn.rand(c.batched_inshape):lt(0.1))
        if known then assert.equal(known, c.synapse.followed:item() & 0xfffff) end
      end
      return snn.cat(all, 1)
    end

    local function exponential(class, dtype)
      snn.manual_seed(3)
      local c = snn[class] { in_shape = INPUTS, out_shape = OUTPUTS, step_time = 0.5, delay = 40,
        dtype = dtype, synapses = class == "LinearSparse" and pairs_of() or nil,
        synapse = snn.SingleExponentialCurrent.partialconstructor { spike_charge = 2,
          time_constant = 3 } }
      c.delay = random(c)
      return c
    end

    -- A start, and another one after a clear.
    local function starts(c, known)
      local first = steps(c, known)
      c:clear()
      return snn.cat({ first, steps(c, known) }, 1)
    end

    it("has factors of delays between steps, held or worked out: the same bits", function()
      for _, dtype in ipairs { "float32", "float64" } do
        local function sorted()
          snn.manual_seed(5)
          return snn.LinearSparse { in_shape = INPUTS, out_shape = OUTPUTS, step_time = 0.5,
            delay = 10, dtype = dtype, synapses = pairs_of(), batch_size = 2,
            delay_init = function(d) return snn.rand(d.shape, { dtype = dtype }) * 10 end,
            synapse = snn.SingleExponentialCurrent.partialconstructor { spike_charge = 2,
              time_constant = 3 } }
        end
        local c = sorted()
        local held, bytes = steps(c), c:describe().bytes
        snn._debug.arrivals(true, 0)
        c = sorted()
        local ok, new = pcall(steps, c)
        snn._debug.arrivals(true)
        assert(ok, new)
        assert.is_true(new:equal(held))
        assert.equal(bytes - c.count * (dtype == "float64" and 8 or 4), c:describe().bytes)
      end
    end)

    it("follows from the first step on, as the history before it is silent", function()
      for class, dtype in pairs { LinearDense = "float32", LinearSparse = "float64" } do
        local c = exponential(class, dtype)
        local new = starts(c, 81)
        local old = by(false, function() return starts(exponential(class, dtype)) end)
        near(old, new, dtype == "float64" and 1e-12 or 1e-5)
        assert.is_true(old:ne(0):any():item())
        c.synapse.spike_ = c.synapse.spike_ -- a history that was written is not silent
        steps(c)
        assert.is_true(c.synapse.followed:item() & 0xfffff < 81)
      end
    end)
  end)
end)
