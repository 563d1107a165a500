-- Exponential synapses whose delay is one of whole steps that all share: weighted
-- sums of the currents of so many steps ago, against the currents that are stored.
local snn = require "snn"
local near = require "spec.near"
local heard = require("spec.support").heard

local SYNAPSES <const> = {
  SingleExponentialCurrent = { spike_charge = 2, time_constant = 3 },
  DoubleExponentialCurrent = { spike_charge = 2, tc_decay = 3, tc_rise = 1 },
  AlphaCurrent = { spike_charge = 2, time_constant = 2 },
  TsodyksMarkram = { spike_charge = 2, time_constant = 3, tc_recovery = 20, utilization = 0.4 },
}

local function make(job)
  snn.manual_seed(job.seed or 5)
  local sparse = job.class == "LinearSparse"
  return snn[job.class or "LinearDense"] { in_shape = 19, out_shape = 11, step_time = 0.5,
    delay = job.longest or 3, delay_init = job.delay or 1.5, batch_size = job.batch or 1,
    dtype = job.dtype, bias = true,
    synapses = sparse and { pre = snn.randint(1, 19, { 60 }), post = snn.randint(1, 11, { 60 }) }
      or nil,
    synapse = snn[job.synapse].partialconstructor(SYNAPSES[job.synapse]) }
end

local function input(c, job)
  local spikes = snn.rand(c.batched_inshape):lt(0.2)
  return job.graded and spikes:to("float32") * snn.rand(c.batched_inshape) or spikes
end

-- All that can be read of each step.
local function run(job)
  local c, all = make(job), {}
  for step = 1, job.steps or 25 do
    if job.between then job.between(c, step) end
    all[#all + 1] = c(input(c, job))
    if job.reads and step % job.reads == 0 then
      all[#all + 1], all[#all + 2] = c.syncurrent, c.synapse.current
      all[#all + 1] = c.synapse.current_
    end
  end
  for i = 1, #all do all[i] = all[i]:flatten() end
  return snn.cat(all, 1)
end

local function both(job)
  local _, new = heard(run, job)
  snn._debug.arrivals(false)
  local ok, _, old = pcall(heard, run, job)
  snn._debug.arrivals(true)
  assert(ok, _)
  near(old, new, job.dtype == "float64" and 1e-12 or 1e-5)
  assert.is_true(old:abs():max():item() > 0)
  return new
end

for name in pairs(SYNAPSES) do
  if not snn[name] then goto continue end
  describe("a delay that all share and " .. name, function()
    for _, dtype in ipairs { "float32", "float64" } do
      it("gives the currents that are stored, in " .. dtype, function()
        for _, class in ipairs { "LinearDense", "LinearSparse" } do
          for _, delay in ipairs { 0, 1.5, 3 } do
            both { synapse = name, dtype = dtype, class = class, delay = delay, batch = 2 }
          end
        end
      end)
    end

    it("takes graded inputs as they were sent", function()
      both { synapse = name, graded = true }
      both { synapse = name, graded = true, class = "LinearSparse", reads = 1 }
    end)

    it("shows the currents of all steps whenever they are read", function()
      for _, reads in ipairs { 1, 2, 7, 25 } do
        both { synapse = name, reads = reads, batch = 2 }
      end
    end)

    it("follows what is set between steps", function()
      both { synapse = name, reads = 5, steps = 60, between = function(c, step)
        local synapse = c.synapse
        if step == 5 then c.weight = snn.rand(c.weight.shape) end
        if step == 9 then c.delay = snn.full({}, 2.5):expand(c.delay.shape) end
        if step == 13 then c.delay = snn.rand(c.delay.shape) * 3 end
        if step == 17 then c.delay = snn.full({}, 1):expand(c.delay.shape) end
        if step == 21 then synapse.spike = snn.rand(synapse.spike.shape):lt(0.5) end
        if step == 25 and name:find "Single" then
          synapse.current = snn.rand(synapse.current.shape)
        end
        if step == 29 then c:clear() end
        if step == 33 then c.batchsz = 2 end
        if step == 37 then synapse.delay = 4 end
        if step == 41 then c.dt = 0.25 end
        if step == 45 then synapse(snn.ones(synapse.spike.shape)) end
        if step == 49 then c.delay = snn.full({}, 1.1):expand(c.delay.shape) end
      end }
    end)

    it("goes back with steps that fail, and on in the same bits", function()
      local function fail(c, step)
        if step % 4 ~= 3 then return end
        local state = snn.get_rng_state()
        local layer = snn.Layer { wiring = function() error "no" end }
        layer:add_connection("c", c)
        layer:add_neuron("n", snn.ExactNeuron { shape = 11, step_time = 0.5, rest_v = -60,
          thresh_v = -50 })
        assert.is_false(pcall(layer, { c = snn.rand(c.batched_inshape):lt(0.3) }))
        snn.set_rng_state(state)
      end
      for _, graded in ipairs { false, true } do
        local job = { synapse = name, reads = 3, graded = graded }
        local plain = run(job)
        job.between = fail
        assert.is_true(run(job):equal(plain))
      end
    end)

    it("goes on in the same bits after a resume, wherever that is", function()
      local path = os.tmpname()
      for _, graded in ipairs { false, true } do
        local job = { synapse = name, graded = graded, batch = 2 }
        for _, at in ipairs { 1, 4, 9 } do
          local a, b = make(job), make(job)
          for _ = 1, at do a(input(a, job)) end
          snn.save(path, { c = a })
          snn.load(path, { c = b })
          for step = 1, 9 do
            local spikes = input(a, job)
            assert.is_true(a(spikes):equal(b(spikes)))
            if step == 4 then assert.is_true(a.syncurrent:equal(b.syncurrent)) end
          end
        end
      end
      os.remove(path)
    end)

    it("takes another delay between a load and the next step", function()
      for _, class in ipairs { "LinearDense", "LinearSparse" } do
        for _, delay in ipairs { 1, 2.5, 0.7 } do
          local job = { synapse = name, class = class, batch = 2 }
          local a, b = make(job), make(job)
          for _ = 1, 12 do a(input(a, job)) end
          b:load_state_dict(a:state_dict())
          local other = snn.full({}, delay):expand(a.delay.shape)
          a.delay, b.delay = other, other
          for _ = 1, 5 do
            local spikes = input(a, job)
            assert.is_true(a(spikes):equal(b(spikes)))
          end
        end
      end
    end)
  end)
  ::continue::
end
