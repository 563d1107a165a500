-- What holds for the history of every synapse.
local snn = require "snn"
local models = require "spec.every.models"
local synapses = require "spec.every.synapses"
local fails = require("spec.support").fails
local run, spikes = synapses.run, synapses.spikes

for _, name in ipairs(models.below(snn.Synapse)) do
  local make = synapses.maker(snn[name]).object

  describe("the history of " .. name, function()
    it("is read in any shape, for any batch size", function()
      for _, shape in ipairs { {}, { 1 }, { 3, 5, 1 } } do
        for _, batch in ipairs { 1, 3 } do
          local synapse = make { shape = shape, batch_size = batch, delay = 1 }
          assert.same(synapse.batchedshape,
            synapse:current_at(snn.zeros(synapse.batchedshape)).shape)
        end
      end
    end)

    it("is read for a batch as for its samples", function()
      local batch = make { batch_size = 3, step_time = 0.5, delay = 1 }
      run(batch)
      local times = snn.rand(3, 5) * 1.2
      local at = batch:current_at(times)
      for b = 1, 3 do
        local single = make { step_time = 0.5, delay = 1 }
        run(single, 10, b - 1)
        assert.same(at[b]:totable(), single:current_at(times:narrow(1, b, 1))[1]:totable())
      end
    end)

    it("reads its newest step at time 0 and older ones where they are", function()
      local synapse = make { step_time = 0.5, delay = 2 }
      local seen = {}
      for step = 1, 9 do seen[step] = synapse(spikes(synapse, step)) end
      for age = 0, 4 do
        local times = snn.full({ 1, 5 }, age * 0.5)
        assert.same(seen[9 - age]:totable(), synapse:current_at(times):totable())
        assert.same(spikes(synapse, 9 - age):totable(), synapse:spike_at(times):totable())
      end
    end)

    it("reads times that are on the grid but for rounding", function()
      local synapse = make { step_time = 0.1, delay = 13 }
      local seen = {}
      for step = 1, 131 do seen[step] = synapse(spikes(synapse, step)) end
      for _, age in ipairs { 3, 7, 127, 130 } do
        assert.same(seen[131 - age]:totable(),
          synapse:current_at(snn.full({ 1, 5 }, age * 0.1)):totable())
      end
    end)

    it("gives the values for outside that were asked for, or those of the ends", function()
      local synapse = make { delay = 1, current_overbound = -2, spike_overbound = true }
      run(synapse)
      for _, time in ipairs { -1, 1.6, 1 / 0, 0 / 0 } do
        local times = snn.full({ 1, 5 }, time)
        assert.same({ { -2, -2, -2, -2, -2 } }, synapse:current_at(times):totable())
        assert.is_true(synapse:spike_at(times):all():item())
      end
      local clamped = make { delay = 1, current_overbound = snn.none, spike_overbound = snn.none }
      run(clamped)
      local function at(time) return clamped:current_at(snn.full({ 1, 5 }, time)):totable() end
      assert.same({ at(0), at(1) }, { at(-3), at(50) })
    end)

    it("refuses a state of another history, and keeps its own", function()
      local synapse = make { step_time = 0.5, delay = 1.5 }
      run(synapse)
      local before = models.state(synapse)
      fails("ValueError", "has shape {3, 1, 5}", synapse.load_state_dict, synapse,
        make { step_time = 0.5, delay = 1 }:state_dict())
      assert.same(before, models.state(synapse))
    end)

    it("keeps its newest steps with another delay, the newest with another step", function()
      local synapse = make { step_time = 0.5, delay = 2 }
      run(synapse)
      local newest, spike = synapse.current:totable(), synapse.spike:totable()
      synapse.delay = 1
      assert.equal(3, synapse.spike_.shape[1])
      synapse.delay = 2
      assert.equal(5, synapse.spike_.shape[1])
      assert.same({ newest, spike }, { synapse.current:totable(), synapse.spike:totable() })
      local mode = snn.warnings(false)
      synapse.dt = 1
      snn.warnings(mode)
      assert.equal(3, synapse.spike_.shape[1])
      assert.same(spike, synapse.spike:totable())
      assert.equal(0, synapse.spike_:to("float32"):slice(1, 2, 3):sum():item())
    end)
  end)
end
