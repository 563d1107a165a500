-- What holds for every synapse, also for those to come.
local snn = require "snn"
local models = require "spec.every.models"
local fails = require("spec.support").fails

local VALUES = {
  shape = 5, step_time = 1, spike_charge = 3, time_constant = 10, tc_decay = 20, tc_rise = 5,
}

--- The same spikes for each step, those of samples first + 1 .. of a batch.
local function spikes(synapse, step, first)
  local rows = {}
  for b = 1, synapse.batchsz do
    rows[b] = {}
    for i = 1, synapse.count do
      rows[b][i] = math.sin(step * 1.7 + ((first or 0) + b) * 0.9 + i * 2.3) > 0.4
    end
  end
  return snn.tensor(rows, { dtype = "bool" }):reshape(synapse.batchedshape)
end

local function run(synapse, steps, first)
  local currents = {}
  for step = 1, steps or 10 do
    currents[step] = synapse(spikes(synapse, step, first)):totable()
  end
  return currents
end

for _, name in ipairs(models.below(snn.Synapse)) do
  local class = snn[name]
  local make = {}
  function make.arguments(changes) return models.arguments(class, VALUES, changes) end
  function make.object(changes) return class(make.arguments(changes)) end

  describe(name, function()
    for text, claim in pairs(models.claims(class, make)) do it(text, claim) end

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

    it("goes on alike from a loaded state", function()
      local synapse, other = make.object { delay = 3 }, make.object { delay = 3 }
      run(synapse, 4)
      other:load_state_dict(synapse:state_dict())
      for age = 0, 3 do
        local at = snn.full({ 1, 5 }, age)
        assert.same(synapse:current_at(at):totable(), other:current_at(at):totable())
      end
      assert.same(run(synapse), run(other))
    end)

    it("reads back what it gave", function()
      local synapse = make.object { delay = 4 }
      local given = run(synapse, 6)
      for age = 0, 4 do
        local at = snn.full({ 1, 5 }, age)
        assert.same(given[6 - age], synapse:current_at(at):totable())
        assert.same(spikes(synapse, 6 - age):totable(), synapse:spike_at(at):totable())
      end
    end)

    it("stays as it was when its input is wrong", function()
      local synapse = make.object()
      run(synapse, 3)
      local before = models.state(synapse)
      for _, shape in ipairs { { 5 }, { 2, 5 }, { 1, 4 }, { 1, 5, 1 }, { 0, 5 } } do
        fails("ValueError", "(1, 5)", synapse, snn.zeros(shape))
      end
      fails("TypeError", "'spikes'", synapse, nil)
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
        assert.same(alone(spikes(alone, step)):totable(),
          connection(spikes(alone, step)):totable())
      end
    end)
  end)
end
