-- A new step time of reducers, and times that are counted in steps.
local snn = require "snn"
local models = require "spec.every.models"
local support = require "spec.support"

local function make(class, changes)
  return class(models.arguments(class, changes))
end

-- What Lua's warn is given while fn runs.
local function warnings_of(fn)
  local old, texts = warn, {}
  _G.warn = function(...) texts[#texts + 1] = table.concat { ... } end
  local ok, err = pcall(fn)
  _G.warn = old
  assert(ok, err)
  return texts
end

describe("EventReducer", function()
  local function events(changes)
    local args = { step_time = 0.1, criterion = function(x) return x:gt(0) end }
    for k, v in pairs(changes or {}) do args[k] = v end
    return snn.EventReducer(args)
  end
  local one, zero = snn.ones(2), snn.zeros(2)

  for _, dt in ipairs { 0.1, 0.3, 0.7 } do
    it(("reads n dt after n steps of %g ms"):format(dt), function()
      local time = events { step_time = dt }
      time(one)
      for n = 1, 1000000 do
        time(zero)
        if n == 3 or n == 12345 or n == 1000000 then
          assert.equal(snn.full({ 1 }, n * dt)[1], time:peek()[1])
        end
      end
      -- 20 million steps: beyond the whole numbers of float32
      local state = time:state_dict()
      state.fine = snn.full({ 2 }, 2e7, { dtype = "float64" })
      time:load_state_dict(state)
      time(zero)
      assert.equal(snn.full({ 1 }, 20000001 * dt)[1], time:peek()[1])
    end)
  end

  it("reads n dt in float64", function()
    local time = events { step_time = 0.1 }
    time(snn.ones(2, { dtype = "float64" }))
    for _ = 1, 1000 do time(snn.zeros(2, { dtype = "float64" })) end
    assert.equal(1000 * 0.1, time:peek()[1])
    time(one)
    assert.equal(0, time:peek()[1])
  end)

  it("counts from the first step with an initial of zero", function()
    local time = events { initial = "zero" }
    for _ = 1, 1001 do time(zero) end
    assert.equal(snn.full({ 1 }, 100)[1], time:peek()[1])
  end)

  it("takes the time of another step time along", function()
    local time = events { step_time = 1 }
    time(one)
    for _ = 1, 7 do time(zero) end
    time.dt = 0.5
    assert.equal(7, time:peek()[1])
    time(zero)
    assert.equal(7.5, time:peek()[1])
    time.dt = 2
    time(zero)
    assert.equal(9.5, time:peek()[1])
    local before = events { step_time = 1, initial = "nan" }
    before(zero)
    before.dt = 0.5
    before(zero)
    assert.is_true(before:peek():isnan():all():item())
  end)

  it("goes on from states alone, to the next step", function()
    local time = events { step_time = 0.1 }
    time(one)
    for _ = 1, 12345 do time(zero) end
    local other, state = events { step_time = 0.1 }, time:state_dict()
    state.fine = nil -- as saved by an older version
    other:load_state_dict(state)
    time(zero)
    other(zero)
    assert.is_true(time:peek():equal(other:peek()))
  end)

  it("views between its steps, and dumps, what it counts", function()
    local time = events { step_time = 0.1, duration = 0.3, inclusive = true }
    time(one)
    for _ = 1, 3 do time(zero) end
    local dump = time:dump():flatten():totable()
    for i, n in ipairs { 3, 3, 2, 2, 1, 1, 0, 0 } do
      assert.equal(snn.full({ 1 }, n * 0.1)[1], dump[i])
    end
    assert.near(0.25, time:view(0.05)[1], 1e-7)
  end)
end)

for _, name in ipairs(models.below(snn.Reducer)) do
  local class = snn[name]

  describe(name, function()
    local function observe(reducer, n)
      for step = 1, n do
        snn.manual_seed(step)
        reducer(snn.rand(2, 3), snn.rand(2, 3):lt(0.3))
      end
    end

    it("keeps its newest state at a new step time", function()
      local reducer = make(class)
      observe(reducer, 4)
      local before = reducer:peek()
      assert.same({}, warnings_of(function() reducer.dt = 0.5 end))
      assert.is_true(before:equal(reducer:peek()))
      assert.equal(0.5, reducer.dt)
    end)

    it("forgets states that are the old steps apart, with a warning", function()
      local reducer = make(class, { duration = 3 })
      observe(reducer, 4)
      local before = reducer:peek()
      local texts = warnings_of(function()
        reducer.dt = 0.5
        reducer.dt = 0.25 -- nothing is lost by now
      end)
      assert.equal(1, #texts)
      assert.truthy(texts[1]:find(name .. ": the step time is 0.5 ms now, was 1", 1, true))
      assert.is_true(before:equal(reducer:peek()))
      assert.same({ 1, 2, 3 }, reducer.data.shape)
    end)

    it("stays as it was where warnings are errors", function()
      local reducer = make(class, { duration = 3 })
      observe(reducer, 4)
      local before = reducer:dump()
      local mode = snn.warnings("error")
      local ok, err = pcall(function() reducer.dt = 0.5 end)
      snn.warnings(mode == nil and true or mode)
      assert.is_false(ok)
      assert.truthy(tostring(err):find("step time", 1, true))
      assert.equal(1, reducer.dt)
      assert.is_true(before:equal(reducer:dump()))
    end)

    it("refuses steps of no length at any time", function()
      local reducer = make(class)
      support.fails("ValueError", "'dt'", function() reducer.dt = 0 end)
    end)
  end)
end

for _, name in ipairs(models.below(snn.Reducer)) do
  if name:find "Trace" then
    it(name .. " decays by the new step time", function()
      local reducer = make(snn[name])
      reducer(snn.ones(2), snn.ones(2))
      local before = reducer:peek()[1]
      reducer.dt = 0.5
      reducer(snn.zeros(2), snn.zeros(2))
      assert.near(math.exp(-0.5 / 20), reducer:peek()[1] / before, 1e-6)
    end)
  end
end
