-- Reducers that hold something beside their state: slow decays and counts of
-- steps, which a script holds too, and a new step time.
local snn = require "snn"

snn.warnings(false)

local function all()
  local trace = { step_time = 1, time_constant = 1e6, amplitude = 1, target = true }
  return {
    snn.CumulativeTraceReducer(trace), snn.NearestTraceReducer(trace),
    snn.EMAReducer { step_time = 1, alpha = 1e-6 }, snn.CAReducer { step_time = 1 },
    snn.EventReducer { step_time = 1, duration = 2, inclusive = true,
      criterion = function(x) return x:gt(0.5) end },
  }
end

local function observe(list, x)
  for _, reducer in ipairs(list) do reducer(x) end
end

return {
  prepare = function()
    local o = { list = all(), x = snn.ones(2, 3), none = snn.zeros(2, 3) }
    observe(o.list, o.x)
    observe(o.list, o.none)
    return o
  end,
  run = function(o)
    local states = {}
    for i, reducer in ipairs(o.list) do states[i] = reducer:state_dict() end
    observe(o.list, o.none)
    local others = all()
    for i, reducer in ipairs(others) do
      reducer:load_state_dict(states[i])
      reducer(o.none)
      assert(reducer:peek():equal(o.list[i]:peek()))
      reducer.dt = 0.5
      reducer(o.none)
    end
  end,
  check = function(o)
    observe(o.list, o.none)
    for _, reducer in ipairs(o.list) do
      assert(reducer:peek():isfinite():all():item())
      assert(reducer.fine)
    end
  end,
}
