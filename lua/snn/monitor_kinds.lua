-- The kinds of monitors: what each of them sees of its module.
local _, _, tools = ...

local define, sift, follow = tools.monitors.define, tools.monitors.sift, tools.monitors.follow
local is_flag, is_path = tools.hooks.is_flag, tools.hooks.is_path
local checks = tools.monitors.checks

local function attr(check, required, doc, example, other)
  return { "attr", check, required, type = "string", doc = doc, example = example,
    other = other }
end

local function call_attr()
  return attr(checks.is_path_or_empty, nil, "a path to the module whose calls are recorded; "
    .. "absent: the module", '"one"', '"two"')
end
local function field_attr()
  return attr(is_path, true, "a path to the field", '"one.voltage"', '"one.refrac"')
end
local AS_PREHOOK = { "as_prehook", is_flag, type = "boolean", default = false,
  example = "true", other = "false",
  doc = "records before each call in place of after it" }

-- `C.partialconstructor{ ... }`, without module and attr, gives a function (attr,
-- module) that makes one.

-- The leading tensors: options behind them are none of the reducer's business.
local function tensors(...)
  local n = 0
  while n < select("#", ...) and tools.is_tensor((select(n + 1, ...))) do n = n + 1 end
  return table.pack(table.unpack({ ... }, 1, n))
end

--- Records the arguments of calls. `filter` and `map` get all of them; absent:
--- the leading tensors.
--- ```lua
--- local neuron = snn.ExactNeuron { shape = 2, step_time = 1, rest_v = -60, thresh_v = -50 }
--- local monitor = snn.InputMonitor { module = neuron,
---   reducer = snn.PassthroughReducer { step_time = 1, duration = 1 } }
--- neuron(snn.tensor { { 1, 2 } })
--- print(monitor:peek())
--- ```
---@class snn.InputMonitor: snn.Monitor
--- a path to the module whose calls are recorded; absent: the module
--- ```lua
--- local neuron = snn.ExactNeuron { shape = 2, step_time = 1, rest_v = -60, thresh_v = -50 }
--- local serial = snn.Serial { connection = snn.LinearDirect { shape = 2, step_time = 1,
---   synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 } }, neuron = neuron }
--- local monitor = snn.InputMonitor { module = serial, attr = "neuron",
---   reducer = snn.PassthroughReducer { step_time = 1 } }
--- print(monitor.attr)
--- ```
---@field attr? string
define("InputMonitor", { call_attr() }, {
  of_calls = true,
  only_before = function(state, _, args)
    local n = args.n or #args
    if not state.filter and not state.map then
      local values = tensors(table.unpack(args, 1, n))
      return values.n > 0 and values or nil
    end
    return sift(state, table.unpack(args, 1, n))
  end,
})

--- Records the results of calls.
--- ```lua
--- local neuron = snn.ExactNeuron { shape = 2, step_time = 1, rest_v = -60, thresh_v = -50 }
--- local monitor = snn.OutputMonitor { module = neuron,
---   reducer = snn.PassthroughReducer { step_time = 1, duration = 1 } }
--- neuron(snn.tensor { { 1, 20 } })
--- print(monitor:peek())
--- ```
---@class snn.OutputMonitor: snn.Monitor
--- a path to the module whose calls are recorded; absent: the module
--- ```lua
--- local neuron = snn.ExactNeuron { shape = 2, step_time = 1, rest_v = -60, thresh_v = -50 }
--- local serial = snn.Serial { connection = snn.LinearDirect { shape = 2, step_time = 1,
---   synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 } }, neuron = neuron }
--- local monitor = snn.OutputMonitor { module = serial, attr = "neuron",
---   reducer = snn.PassthroughReducer { step_time = 1 } }
--- print(monitor.attr)
--- ```
---@field attr? string
define("OutputMonitor", { call_attr() }, {
  of_calls = true,
  after = function(state, _, ...) return sift(state, ...) end,
})

local function read_state(state, module)
  return sift(state, follow(state, module, state.path))
end

--- Records the field at a dotted path, after each call or (`as_prehook`) before.
--- ```lua
--- local neuron = snn.ExactNeuron { shape = 2, step_time = 1, rest_v = -60, thresh_v = -50 }
--- local monitor = snn.StateMonitor { module = neuron, attr = "voltage",
---   reducer = snn.PassthroughReducer { step_time = 1, duration = 1 } }
--- neuron(snn.tensor { { 1, 2 } })
--- print(monitor:peek())
--- ```
---@class snn.StateMonitor: snn.Monitor
define("StateMonitor", { field_attr(), AS_PREHOOK }, {
  before = read_state, after = read_state,
})

local function read_states(state, module)
  local root, values = follow(state, module, state.path), {}
  for i, path in ipairs(state.subpaths) do values[i] = follow(state, root, path) end
  return sift(state, table.unpack(values, 1, #state.subpaths))
end

--- Records several fields below one at once: the arguments of the reducer.
--- ```lua
--- local layer = snn.Serial { connection = snn.LinearDirect { shape = 2, step_time = 1,
---   synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 20 } },
---   neuron = snn.ExactNeuron { shape = 2, step_time = 1, rest_v = -60, thresh_v = -59 } }
--- local monitor = snn.MultiStateMonitor { module = layer, attr = "neuron",
---   subattrs = { "voltage", "refrac" }, map = function(v, refrac) return v - refrac end,
---   reducer = snn.PassthroughReducer { step_time = 1, duration = 1 } }
--- layer(snn.tensor { { true, false } })
--- print(monitor:peek())
--- ```
---@class snn.MultiStateMonitor: snn.Monitor
define("MultiStateMonitor", {
  attr(checks.is_path_or_empty, true, "a path to what has the fields", '"one"', '"two"'),
  { "subattrs", checks.is_paths, true, type = "list", example = '{ "voltage" }',
    other = '{ "refrac" }', doc = "paths from there to the fields" },
  AS_PREHOOK,
}, { before = read_states, after = read_states })

local function minus(after, before) return after - before end

--- Records how a field differs after a call from before: after - before, or
--- what `op(after, before)` gives; `filter` and `map` get both.
--- ```lua
--- local connection = snn.LinearDirect { shape = 2, step_time = 1,
---   synapse = snn.SingleExponentialCurrent.partialconstructor {
---     spike_charge = 20, time_constant = 10 } }
--- local monitor = snn.DifferenceMonitor { module = connection, attr = "syncurrent",
---   reducer = snn.PassthroughReducer { step_time = 1, duration = 1 } }
--- connection(snn.tensor { { true, false } })
--- print(monitor:peek())
--- ```
---@class snn.DifferenceMonitor: snn.Monitor
define("DifferenceMonitor", { field_attr(),
  { "op", checks.is_function, type = "function",
    example = "function(a, b) return a + b end", other = "function(a, b) return a - b * 2 end",
    doc = "(after, before); absent: their difference" },
}, {
  both = true,
  before = function(state, module) state.old = table.pack(follow(state, module, state.path)) end,
  after = function(state, module)
    local before = state.old
    state.old = false
    local now, old = follow(state, module, state.path), before and before[1]
    if state.filter then
      if not state.filter(now, old) then return nil end
    elseif not before or now == nil and old == nil then
      return nil
    end
    if state.map then return table.pack(state.map(now, old)) end
    return table.pack((state.op or minus)(now == nil and 0 or now, old == nil and 0 or old))
  end,
})
