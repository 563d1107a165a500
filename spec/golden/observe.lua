-- Reducers and monitors.
local snn = require "snn"
local check = require "spec.golden.check"
local value = require "spec.golden.value"

-- ---- reducers ----

-- A Conditional reducer takes an observation and a condition.
local function inputs_of(class, s)
  local list = value.tensors(s.inputs)
  if class:find("^Conditional") then list[2] = value.tensor(s.inputs[2], "bool") end
  return list
end

local function check_view(reducer, query)
  local time = query.time
  if value.is_tensor(time) then time = value.tensor(time) end
  check.value("view", reducer:view(time, query.tolerance), query.expect)
end

local function reducer(case)
  local r = value.build(case.class, case.args)
  check.steps(case.steps, function(s)
    if s.op then
      value.invoke(r, s.op, value.args(s.kwargs))
    else
      value.call(r, inputs_of(case.class, s))
    end
    check.value("peek", r:peek(), s.expect.peek)
    if s.expect.dump then check.value("dump", r:dump(), s.expect.dump) end
    for _, query in ipairs(s.view or {}) do check_view(r, query) end
  end)
end

-- ---- monitors ----

local function monitor_on(layer, case)
  local modules = {
    layer = layer, connection = layer.connection, neuron = layer.neuron, synapse = layer.synapse,
  }
  local args = value.args(case.kwargs)
  args.reducer = value.build(case.reducer.class, case.reducer.args)
  args.module = modules[case.module]
  for _, name in ipairs { "attr", "subattrs" } do
    if case[name] ~= "none" then args[name] = case[name] end
  end
  return snn[case.class](args)
end

local STEP = {
  train = function(layer) layer:train() end,
  eval = function(layer) layer:eval() end,
  dump = function() end,
  register = function(_, m) m:register() end,
  deregister = function(_, m) m:deregister() end,
  clear = function(_, m) m:clear() end,
}

local function monitor(case)
  local layer = snn.Serial {
    connection = value.connection(case.connection),
    neuron = value.build(case.neuron.class, case.neuron.args),
  }
  local m = monitor_on(layer, case)
  check.steps(case.steps, function(s)
    if s.op then STEP[s.op](layer, m) else value.call(layer, value.tensors(s.inputs)) end
    local expect = s.expect
    check.fields(layer.neuron, { spike = expect.spike, voltage = expect.voltage })
    if expect.peek then check.value("peek", m:peek(), expect.peek) end
    if expect.dump then check.value("dump", m:dump(), expect.dump) end
    if expect.registered then
      check.value("registered", m.registered, expect.registered == 1)
    end
  end)
end

return { reducers = reducer, monitors = monitor }
