-- What holds for every encoder, also for those to come.
local snn = require "snn"
local models = require "spec.every.models"
local support = require "spec.support"
local fails = support.fails

local function intensities(shape, dtype)
  snn.manual_seed(2)
  local x = snn.rand(shape, { dtype = dtype })
  return x * x:gt(0.3):to(x.dtype) -- some are 0
end

for _, name in ipairs(models.below(snn.Encoder)) do
  local make = models.maker(snn[name]).object

  local function run(x, changes)
    snn.manual_seed(7)
    return make(changes)(x)
  end

  describe(name, function()
    it("gives a step at a time what it gives as a whole train", function()
      local x = intensities { 3, 5, 7 }
      local train, step = run(x), 0
      snn.manual_seed(7)
      for now in make():steps_of(x) do
        step = step + 1
        assert.is_true(now:equal(train[step]))
        assert.is_true(now:nonzero():equal(train[step]:nonzero()))
      end
      assert.equal(train.shape[1], step)
      assert.same({ step, 3, 5, 7 }, train.shape)
    end)

    it("never lets an input of intensity 0 spike", function()
      local x = intensities { 4, 50 }
      local train = run(x, { steps = 200 })
      assert.equal(0, train:ne(0):sum(1):mul(x:eq(0)):sum():item())
      assert.is_true(train:ne(0):sum():item() > 0)
    end)

    it("takes every dtype as the numbers that it holds", function()
      local x = intensities({ 2, 30 }):gt(0.5)
      local want = run(x):to("float64")
      for _, dtype in ipairs { "float32", "float64", "int64" } do
        assert.is_true(run(x:to(dtype)):to("float64"):equal(want))
      end
    end)

    it("takes views of any strides, tensors of no elements and of no dimensions", function()
      local x = intensities { 6, 4 }
      assert.is_true(run(x:transpose(1, 2)):equal(run(x:transpose(1, 2):clone())))
      local steps = make().steps
      for _, shape in ipairs { { 0 }, { 2, 0 }, { 0, 3 }, {} } do
        local train = run(snn.ones(shape))
        assert.same({ steps, table.unpack(shape) }, train.shape)
        local now = make():steps_of(snn.ones(shape))()
        assert.same(shape, now.shape)
      end
    end)

    it("gives the same bits on each instruction set, with 1, 2 and 4 threads", function()
      support.same_bits(([[
        local snn, models = require "snn", require "spec.every.models"
        snn.set_num_threads(%%d)
        snn.manual_seed(3)
        local x = snn.rand(3, 400)
        local train = models.maker(snn.%s).object { steps = 300 }(x):to("float64")
        local hash = snn.arange(0, train.numel, { dtype = "float64" })
        print((train:flatten() * hash):sum():item())
      ]]):format(name))
    end)

    it("refuses what is no intensity, and has the place", function()
      for _, bad in ipairs { 0 / 0, 1 / 0, -1 / 0 } do
        local x = snn.tensor { { 0.5, 1 }, { bad, 0 } }
        fails("ValueError", name .. ": intensities must be ", make(), x)
        fails("ValueError", "at (2, 1)", function() make():steps_of(x) end)
      end
      fails("TypeError", "'intensities' must be a tensor", make(), 1)
      fails("ValueError", "dimensions", make(), snn.ones(1, 1, 1, 1, 1, 1, 1, 1))
    end)

    it("goes on by hand, and a train keeps the arguments that it began with", function()
      local x = intensities { 2, 9 }
      local want = run(x)
      snn.manual_seed(7)
      local encoder = make()
      local next_step = encoder:steps_of(x)
      assert.is_true(next_step():equal(want[1]))
      encoder.steps, encoder.dt = 3, 0.25
      for step = 2, want.shape[1] do assert.is_true(next_step():equal(want[step])) end
      assert.is_nil(next_step())
      assert.is_nil(next_step())
    end)

    it("gives steps that a script may write in", function()
      local x = intensities { 2, 9 }
      local want = run(x)
      snn.manual_seed(7)
      local step = 0
      for now in make():steps_of(x) do
        step = step + 1
        assert.is_true(now:equal(want[step]))
        now:fill_(1)
      end
    end)
  end)
end
