-- What holds for every connection, also for those to come.
local snn = require "snn"
local models = require "spec.every.models"
local fails = require("spec.support").fails

local function count(shape)
  local n = 1
  for _, size in ipairs(shape) do n = n * size end
  return n
end

--- Sparse spikes for each step, those of samples first + 1 .. of a batch.
local function spikes(connection, step, first)
  local rows, n = {}, count(connection.inshape)
  for b = 1, connection.batchsz do
    rows[b] = {}
    for i = 1, n do rows[b][i] = (i * 7 + step * 3 + ((first or 0) + b) * 5) % 16 == 0 end
  end
  return snn.tensor(rows, { dtype = "bool" }):reshape(connection.batched_inshape)
end

local function run(connection, steps, first)
  local currents = {}
  for step = 1, steps or 6 do
    currents[step] = connection(spikes(connection, step, first)):totable()
  end
  return currents
end

for _, name in ipairs(models.below(snn.Connection)) do
  local class = snn[name]
  local make = {}
  function make.arguments(changes) return models.arguments(class, changes) end
  function make.object(changes)
    snn.manual_seed(1)
    return class(make.arguments(changes))
  end

  describe(name, function()
    for text, claim in pairs(models.claims(class, make)) do it(text, claim) end

    it("has sizes that agree", function()
      for _, batch in ipairs { 1, 3 } do
        local c = make.object { batch_size = batch }
        assert.equal(count(c.inshape), c:insize())
        assert.equal(count(c.outshape), c:outsize())
        assert.same({ batch, table.unpack(c.inshape) }, c.batched_inshape)
        assert.same({ batch, table.unpack(c.outshape) }, c.batched_outshape)
        assert.same({ batch, table.unpack(c.synapse.shape) },
          c:like_synaptic(snn.zeros(c.batched_inshape)).shape)
        assert.same(c.batched_outshape, c(spikes(c, 1)).shape)
        assert.same(c.weight.shape, make.object({ delay = 0 }).delay.shape)
      end
    end)

    it("has a current in the run of these specs", function()
      local c = make.object()
      local currents = run(c)
      assert.not_same(currents[1], currents[2])
    end)

    it("reads a view as it reads a copy, and numbers as spikes", function()
      local one, other = make.object { batch_size = 2 }, make.object { batch_size = 2 }
      for step = 1, 4 do
        local input = spikes(one, step)
        local view = input:to("int64"):transpose(1, 2):contiguous():transpose(1, 2)
        assert.same(one(input):totable(), other(view):totable())
      end
    end)

    it("steps a batch as it steps its samples, in bits", function()
      for _, dtype in ipairs { "float32", "float64" } do
        local together = run(make.object { batch_size = 3, bias = true, dtype = dtype })
        for b = 1, 3 do
          for step, current in ipairs(run(make.object { bias = true, dtype = dtype }, 6, b - 1)) do
            assert.same(together[step][b], current[1])
          end
        end
      end
    end)

    it("is linear in its spikes, but for the bias", function()
      local c = make.object { bias = true, dtype = "float64" }
      local one, other = spikes(c, 1), spikes(c, 2)
      assert.is_false(one:logical_and(other):any():item())
      local nothing = c(snn.zeros(c.batched_inshape))
      local both = c(one:logical_or(other)) + nothing
      local sum = c(one) + c(other)
      assert.is_true(both:allclose(sum, 1e-12, 1e-12))
    end)

    it("adds its bias to all", function()
      local c = make.object { bias = true, batch_size = 2 }
      local plain = make.object { batch_size = 2 }
      plain.weight = c.weight
      c.bias = c.bias * 0 + 2
      local gap = c(spikes(c, 1)) - plain(spikes(c, 1))
      assert.is_true((gap - 2):abs():max():item() < 1e-4)
      assert.equal(1, c.bias.ndim)
    end)

    it("forgets its spikes when cleared", function()
      local c = make.object { batch_size = 2, bias = true }
      local fresh = models.state(c)
      local first = run(c)
      c:clear()
      assert.same(fresh, models.state(c))
      assert.same(first, run(c))
    end)

    it("goes on alike from a loaded state", function()
      local c, other = make.object { bias = true }, make.object { bias = true }
      other.weight = other.weight * 0
      run(c, 3)
      other:load_state_dict(c:state_dict())
      assert.same(models.state(c), models.state(other))
      assert.same(run(c), run(other))
    end)

    it("stays as it was when its input is wrong", function()
      local c = make.object()
      run(c, 2)
      local before = models.state(c)
      for _, shape in ipairs { { 3 }, { 2, table.unpack(c.inshape) }, { 1 }, {}, { 1, 999 } } do
        fails("ValueError", "the connection wants", c, snn.zeros(shape))
      end
      fails("TypeError", "'spikes'", c, nil)
      assert.same(before, models.state(c))
    end)

    it("lines up its two sides with its weight", function()
      local c = make.object { batch_size = 2 }
      local pre, post = c.synspike:to("float32"), snn.ones(c.batched_outshape)
      local terms = (c:presyn_receptive(pre) * c:postsyn_receptive(post)):sum(-1)
      assert.same({ 2, table.unpack(c.weight.shape) }, terms.shape)
      assert.same(c.batched_inshape, c:like_input(c.synspike).shape)
      assert.same(c.synspike.shape, c:like_synaptic(snn.zeros(c.batched_inshape)).shape)
    end)

    it("is updated", function()
      local c = make.object { bias = true }
      c.updater = c:defaultupdater()
      assert.same({ "weight", "bias" }, c.updater.names)
      local before = c.bias
      c.updater.bias.pos = snn.ones(before.shape)
      c.updater.weight.neg = snn.ones(c.weight.shape)
      c:update()
      assert.is_true((c.bias - before - 1):abs():max():item() < 1e-6)
      assert.is_true(c.weight:min():item() < 0)
    end)

    it("is trained by STDP", function()
      local c = make.object()
      c.updater = c:defaultupdater()
      local layer = snn.Serial {
        connection = c,
        neuron = snn.ExactNeuron { shape = c.outshape, step_time = 1, rest_v = 0, thresh_v = 1 },
      }
      local trainer = snn.STDP { lr_post = 1, lr_pre = 1, tc_post = 20, tc_pre = 20 }
      trainer:register_cell("cell", layer.cell)
      local before = c.weight
      layer(snn.ones(c.batched_inshape),
        { neuron_kwargs = { override = snn.ones(c.batched_outshape) } })
      trainer()
      layer:update()
      -- a weight that serves several places learns from each
      local places = c:presyn_receptive(c.synspike).shape
      assert.near(2 * places[#places], (c.weight - before):max():item(), 1e-4)
    end)

    it("can be the parent of a script's class", function()
      local Mine = snn.class("Mine", class)
      function Mine:init(args)
        class.init(self, args)
        self.calls = 0
      end
      function Mine:forward(...)
        self.calls = self.calls + 1
        return class.forward(self, ...)
      end
      snn.manual_seed(1)
      local mine = Mine(make.arguments())
      assert.same(run(make.object()), run(mine))
      assert.equal(6, mine.calls)
    end)
  end)
end
