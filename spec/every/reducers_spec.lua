-- What holds for every reducer, also for those to come.
local snn = require "snn"
local models = require "spec.every.models"
local support = require "spec.support"

local function make(class, changes)
  return class(models.arguments(class, changes))
end

-- What reducers of conditions take as well, the others do not mind.
local function observation(step, shape, dtype)
  snn.manual_seed(step)
  local x = snn.rand(shape, { dtype = dtype })
  return x, snn.rand(shape):lt(0.3)
end

local function run(reducer, steps, shape, dtype)
  for step = 1, steps do reducer(observation(step, shape or { 2, 3 }, dtype)) end
  return reducer
end

for _, name in ipairs(models.below(snn.Reducer)) do
  local class = snn[name]

  describe(name, function()
    it("names an unknown argument and the nearest one", function()
      support.fails("TypeError", "did you mean 'duration'", make, class, { duratoin = 1 })
    end)

    it("refuses steps of no length and negative durations", function()
      support.fails("ValueError", "'step_time'", make, class, { step_time = 0 })
      support.fails("ValueError", "'duration'", make, class, { duration = -1 })
    end)

    it("is as fresh after a clear", function()
      local used, fresh = make(class, { duration = 3 }), make(class, { duration = 3 })
      run(used, 5, { 4 })
      used:clear()
      assert.is_true(run(used, 4):dump():equal(run(fresh, 4):dump()))
    end)

    it("dumps what it peeked at, newest first", function()
      local reducer, seen = make(class, { duration = 3 }), {}
      for step = 1, 5 do
        reducer(observation(step, { 2, 3 }))
        table.insert(seen, 1, reducer:peek())
      end
      for i = 1, 3 do
        assert.is_true(reducer:dump()[i]:equal(seen[i]))
        assert.is_true(reducer:view(i - 1):equal(seen[i]))
      end
    end)

    it("gives one element at a time what it gives all at one time", function()
      local reducer = run(make(class, { duration = 3, inclusive = true }), 5)
      for _, time in ipairs { 0, 0.25, 1, 2.75, 3 } do
        local each = reducer:view(snn.full({ 2, 3 }, time))
        assert.is_true(each:equal(reducer:view(time)))
        assert.is_true(reducer:view(snn.full({ 2, 3, 2 }, time)):select(3, 2):equal(each))
      end
    end)

    it("works in float64, close to float32", function()
      local narrow, wide = run(make(class), 6), run(make(class), 6, nil, "float64")
      assert.equal("float64", wide:peek().dtype)
      assert.equal(narrow:peek().shape[1], wide:peek().shape[1])
    end)

    it("takes views of any strides", function()
      local one, other = make(class), make(class)
      for step = 1, 3 do
        local x, where = observation(step, { 3, 2 })
        one(x:transpose(1, 2), where:transpose(1, 2))
        other(x:transpose(1, 2):clone(), where:transpose(1, 2):clone())
      end
      assert.is_true(one:peek():equal(other:peek()))
    end)

    it("takes observations of no elements and of no dimensions", function()
      for _, shape in ipairs { { 0 }, { 2, 0 }, {} } do
        local reducer = make(class, { duration = 2 })
        reducer(snn.zeros(shape), snn.zeros(shape))
        reducer(snn.zeros(shape), snn.zeros(shape))
        assert.same(shape, reducer:peek().shape)
        assert.equal(#shape + 1, #reducer:dump().shape)
      end
    end)

    it("gives the same bits with one thread and with four", function()
      local threads, results = snn.get_num_threads(), {}
      for i, n in ipairs { 1, 4 } do
        snn.set_num_threads(n)
        results[i] = run(make(class), 3, { 70000 }):peek()
      end
      snn.set_num_threads(threads)
      assert.is_true(results[1]:equal(results[2]))
    end)

    it("stays as it was when an observation is refused", function()
      local reducer = run(make(class, { duration = 2 }), 3)
      local before = reducer:dump()
      support.fails("ValueError", "shape", reducer, snn.zeros(5), snn.zeros(5))
      support.fails("TypeError", "'observation' must be a tensor", reducer, 1, 1)
      assert.is_true(before:equal(reducer:dump()))
    end)

    it("loads its state into a fresh one and goes on alike", function()
      local one, other = run(make(class, { duration = 3 }), 4), make(class, { duration = 3 })
      other:load_state_dict(one:state_dict())
      local x, where = observation(9, { 2, 3 })
      one(x, where)
      other(x, where)
      assert.is_true(one:dump():equal(other:dump()))
    end)

    it("needs no more memory for more steps", function()
      local reducer = run(make(class, { duration = 4 }), 20)
      collectgarbage()
      collectgarbage()
      local before = snn._debug.live()
      run(reducer, 100)
      collectgarbage()
      collectgarbage()
      assert.is_true(snn._debug.live() <= before + 2)
    end)
  end)
end
