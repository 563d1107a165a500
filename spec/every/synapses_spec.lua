-- What holds for every synapse, also for those to come.
local snn = require "snn"
local models = require "spec.every.models"
local synapses = require "spec.every.synapses"
local support = require "spec.support"
local fails, run, spikes = support.fails, synapses.run, synapses.spikes

for _, name in ipairs(models.below(snn.Synapse)) do
  local class = snn[name]
  local make = synapses.maker(class)

  describe(name, function()
    for text, claim in pairs(models.claims(class, make)) do it(text, claim) end

    it("has no delay with delay = false, given or assigned", function()
      local synapse = make.object { delay = false }
      assert.equal(0, synapse.delay)
      synapse.delay = 3
      assert.equal(3, synapse.delay)
      synapse.delay = false
      assert.equal(0, synapse.delay)
      for _, wrong in ipairs { true, "3", -1, 0 / 0, math.huge } do
        assert.is_false(pcall(make.object, { delay = wrong }))
        assert.is_false(pcall(function() synapse.delay = wrong end))
      end
      assert.equal(0, synapse.delay)
    end)

    it("tells what x is in its equations", function()
      assert.truthy(snn[name].equations:find("x(t): the input where that is graded", 1, true))
    end)

    it("takes any shape and batch size", function()
      for _, shape in ipairs { {}, { 1 }, { 7 }, { 3, 5, 1 }, { 1, 1, 2, 1, 3, 1 } } do
        for _, batch in ipairs { 1, 3 } do
          local synapse = make.object { shape = shape, batch_size = batch }
          run(synapse, 2)
          assert.same({ batch, table.unpack(shape) }, synapse.current.shape)
          assert.same(synapse.batchedshape, synapse.spike.shape)
        end
      end
    end)

    it("has a current in the run of these specs", function()
      assert.not_same(run(make.object(), 1), run(make.object(), 2))
    end)

    it("returns what its field shows", function()
      local synapse = make.object()
      local current = synapse(spikes(synapse, 1))
      assert.same(current:totable(), synapse.current:totable())
      assert.same(spikes(synapse, 1):totable(), synapse.spike:totable())
    end)

    it("reads a view as it reads a copy, and numbers as spikes", function()
      local one, other = make.object { batch_size = 2 }, make.object { batch_size = 2 }
      for step = 1, 5 do
        local input = spikes(one, step)
        local view = input:to("int64"):transpose(1, 2):contiguous():transpose(1, 2)
        assert.same(one(input):totable(), other(view):totable())
      end
    end)

    it("steps a batch as it steps its samples", function()
      local batch = make.object { batch_size = 3 }
      local together = run(batch)
      for b = 1, 3 do
        for step, current in ipairs(run(make.object(), 10, b - 1)) do
          assert.same(together[step][b], current[1])
        end
      end
    end)

    it("computes in float64 as in float32", function()
      local double = make.object { dtype = "float64" }
      run(double)
      assert.equal("float64", double.current.dtype)
      local single = run(make.object())
      for i, value in ipairs(single[10][1]) do assert.near(double.current[1][i], value, 1e-4) end
    end)

    it("is as new when cleared", function()
      local synapse = make.object { batch_size = 2, delay = 3 }
      local fresh = models.state(synapse)
      local first = run(synapse)
      synapse:clear()
      assert.same(fresh, models.state(synapse))
      assert.same(first, run(synapse))
    end)

    it("goes on alike from a loaded state, history and all", function()
      local args = { batch_size = 2, delay = 3 }
      local synapse, other = make.object(args), make.object(args)
      run(synapse, 4)
      other:load_state_dict(synapse:state_dict())
      assert.same(models.state(synapse), models.state(other))
      assert.same(run(synapse), run(other))
      assert.same(models.state(synapse), models.state(other))
    end)

    it("stays as it was when its input is wrong", function()
      local synapse = make.object()
      run(synapse, 3)
      local before = models.state(synapse)
      for _, shape in ipairs { { 5 }, { 2, 5 }, { 1, 4 }, { 1, 5, 1 }, { 0, 5 } } do
        fails("ValueError", "{1, 5}", synapse, snn.zeros(shape))
      end
      fails("TypeError", "'spikes'", synapse, nil)
      fails("TypeError", "'injected' must be a tensor", synapse, snn.zeros(1, 5), 3)
      assert.same(before, models.state(synapse))
    end)

    it("can be made by its partial constructor", function()
      local args = make.arguments()
      args.shape, args.step_time = nil, nil
      local synapse = class.partialconstructor(args)({ 2, 2 }, 0.5, 1, 3, "float64")
      assert.same({ 3, 2, 2 }, synapse.batchedshape)
      assert.same({ 0.5, 1, "float64" }, { synapse.dt, synapse.delay, synapse.dtype })
    end)

    it("serves a connection", function()
      local args = make.arguments()
      args.shape, args.step_time = nil, nil
      local connection = snn.LinearDirect {
        shape = 5, step_time = 1, synapse = class.partialconstructor(args),
        weight_init = snn.ones(5),
      }
      local alone = make.object()
      for step = 1, 5 do
        -- a connection keeps decaying currents of its outputs in float64, and rounds once
        local own, given = alone(spikes(alone, step)), connection(spikes(alone, step))
        assert.equal(own.dtype, given.dtype)
        assert.is_true(given:allclose(own, name:find "^Delta" and 0 or 1.2e-7, 0))
      end
    end)

    it("is as it was when a layer's forward fails", function()
      local layer = snn.Layer { wiring = function() error("no") end }
      local connection = layer:add_connection("c", snn.LinearDense {
        in_shape = 5, out_shape = 2, step_time = 1,
        synapse = function(shape, _, _, batch)
          return make.object { shape = shape, batch_size = batch, delay = 1 }
        end,
      })
      run(connection.synapse)
      local before = models.state(connection.synapse)
      assert.is_false(pcall(layer.forward, layer, { c = snn.ones(1, 5) }))
      assert.same(before, models.state(connection.synapse))
    end)

    it("keeps NaN and infinities in their elements", function()
      local synapse = make.object()
      synapse(snn.tensor { { 0 / 0, 1 / 0, 0, 1, 0 } })
      local later = synapse(snn.tensor { { 0, 0, 0, 1, 0 } })
      assert.is_true(later:narrow(2, 3, 3):isfinite():all():item())
      assert.equal(0, later[1][5])
    end)

    it("has the same bits on every instruction set and with any threads", function()
      local want
      for _, isa in ipairs { "v1", "v3", "v4" } do
        for _, threads in ipairs { "1", "4" } do
          local got = support.run(([[
            snn.set_num_threads(%s)
            snn.manual_seed(3)
            local synapses = require "spec.every.synapses"
            local synapse = synapses.maker(snn.%s).object { shape = 40000, delay = 1 }
            for _ = 1, 4 do synapse(snn.rand(1, 40000):lt(0.2)) end
            local sum = 0
            for i = 1, 40000, 7 do sum = (sum * 31 + synapse.current[1][i] * 1e6) %% 1000003 end
            print(("%%.17g"):format(sum))
          ]]):format(threads, name), { SNN_ISA = isa })
          assert.equal(0, got.code, got.err)
          want = want or got.out
          assert.equal(want, got.out)
        end
      end
    end)
  end)
end
