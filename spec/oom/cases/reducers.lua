-- All reducers: observations, a look back, a state that is pushed.
local snn = require "snn"

local function lined_up(x) return x:unsqueeze(-1) end
local VALUES = { time_constant = 5, amplitude = 1, scale = 1, alpha = 0.5, target = true,
  obs_reshape = lined_up, cond_reshape = lined_up }

local function is_high(x) return x:gt(0.5) end

-- Reducers with their observations.
local function all()
  local list = {}
  for name, class in pairs(snn) do
    if type(name) == "string" and name:find "Reducer$" and rawget(class, "arguments") then
      local args = { step_time = 1, duration = 2, inclusive = true }
      for _, argument in ipairs(class.arguments) do
        local key = argument.name
        args[key] = args[key] or VALUES[key]
      end
      if name == "EventReducer" then args.criterion = is_high end
      list[#list + 1] = name
      list[name] = class(args)
    end
  end
  table.sort(list)
  return list
end

local function observe(list, x, condition)
  for _, name in ipairs(list) do
    local wants_two = name:find "^Conditional" or name:find "^Eligibility"
    if wants_two then list[name](x, condition) else list[name](x) end
  end
end

return {
  prepare = function()
    local o = { list = all(), x = snn.ones(2, 3), condition = snn.ones(2, 3):gt(0),
      time = snn.full({ 2, 3 }, 0.5) }
    observe(o.list, o.x, o.condition)
    return o
  end,
  run = function(o)
    observe(o.list, o.x, o.condition)
    for _, name in ipairs(o.list) do
      local reducer = o.list[name]
      reducer:view(o.time)
      reducer:dump()
      reducer:push(o.x)
    end
    observe(all(), o.x, o.condition)
  end,
  check = function(o)
    observe(o.list, o.x, o.condition)
    for _, name in ipairs(o.list) do
      assert(o.list[name]:peek():isfinite():all():item(), name)
      assert(o.list[name]:view(o.time), name)
      o.list[name]:clear()
      assert(o.list[name]:peek() == nil, name)
    end
  end,
}
