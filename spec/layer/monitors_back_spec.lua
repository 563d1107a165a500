-- What monitors record in a step that fails goes back with it.
local snn = require "snn"
local parts = require "spec.layer.parts"

local REDUCERS = {
  ["a history that is full"] = function()
    return snn.PassthroughReducer { step_time = 1, duration = 2 }
  end,
  ["a history with room"] = function()
    return snn.PassthroughReducer { step_time = 1, duration = 50 }
  end,
  ["a trace, updated in place"] = function()
    return snn.CumulativeTraceReducer { step_time = 1, time_constant = 5000, amplitude = 1,
      target = true }
  end,
  ["times of events, counted in steps"] = function()
    return snn.EventReducer {
      step_time = 1, initial = "zero", criterion = function(x) return x end,
    }
  end,
  ["a mean of all"] = function() return snn.CAReducer { step_time = 1 } end,
}

local function monitored(reducer, options)
  local fails = { now = false }
  local layer = parts.layer(function(_, inputs)
    if fails.now then error("no", 0) end
    return { exc = inputs.enc, inh = inputs.rec }
  end)
  local args = { module = layer.connections.rec, reducer = reducer, map = function(x) return x end }
  for k, v in pairs(options or {}) do args[k] = v end
  return layer, snn.InputMonitor(args), fails
end

local function seen(monitor)
  local state = {}
  for path, tensor in pairs(monitor:state_dict()) do state[path] = tensor:totable() end
  local dump = monitor:dump()
  return { state, dump and dump:totable() }
end

local function input(i) return snn.tensor { { i % 2, 1 } }:eq(1) end

local function run(layer, from, to)
  for i = from, to do layer { enc = snn.zeros(1, 3), rec = input(i) } end
end

describe("a monitor in a step that fails", function()
  for name, make in pairs(REDUCERS) do
    it("keeps " .. name .. " as it was, and goes on as without the step", function()
      for before = 0, 5 do
        local layer, monitor, fails = monitored(make())
        local other, twin = monitored(make())
        run(layer, 1, before)
        run(other, 1, before)
        local was = seen(monitor)
        fails.now = true
        assert.is_false(pcall(run, layer, 9, 9))
        assert.same(was, seen(monitor))
        fails.now = false
        run(layer, before + 1, before + 3)
        run(other, before + 1, before + 3)
        assert.same(seen(twin), seen(monitor))
      end
    end)
  end

  it("keeps its log, and which observation comes next", function()
    for _, options in ipairs { { last = 3 }, { budget = 1e5 }, { last = 2, every = 2 } } do
      for before = 0, 5 do
        local layer, monitor, fails = monitored(REDUCERS["a history that is full"](), options)
        local other, twin = monitored(REDUCERS["a history that is full"](), options)
        run(layer, 1, before)
        run(other, 1, before)
        fails.now = true
        assert.is_false(pcall(run, layer, 9, 9))
        assert.same(seen(twin), seen(monitor))
        fails.now = false
        run(layer, before + 1, before + 3)
        run(other, before + 1, before + 3)
        assert.same(seen(twin), seen(monitor))
      end
    end
  end)

  it("keeps what it is told of a cell", function()
    local layer = parts.layer(function(_, inputs) return { exc = inputs.enc, inh = inputs.rec } end)
    local cell = layer:add_cell("enc", "exc")
    local first = cell:add_monitor("first", "postspike", snn.StateMonitor.partialconstructor {
      reducer = REDUCERS["a history with room"]() })
    local now = false
    local second = cell:add_monitor("second", "postspike", snn.StateMonitor.partialconstructor {
      reducer = REDUCERS["a history with room"](),
      map = function(x)
        if now then error("no", 0) end
        return x
      end })
    run(layer, 1, 3)
    local was = { seen(first), seen(second) }
    now = true
    assert.is_false(pcall(run, layer, 4, 4))
    assert.same(was, { seen(first), seen(second) })
  end)

  it("keeps what it saw before a call of the layer", function()
    local layer, _, fails = monitored(REDUCERS["a mean of all"]())
    local before = snn.StateMonitor { module = layer, attr = "neurons.exc.voltage",
      as_prehook = true, reducer = REDUCERS["a history with room"]() }
    run(layer, 1, 2)
    local was = seen(before)
    fails.now = true
    assert.is_false(pcall(run, layer, 3, 3))
    assert.same(was, seen(before))
  end)

  it("may be collected meanwhile", function()
    local layer, _, fails = monitored(REDUCERS["a mean of all"]())
    local watched = snn.InputMonitor { module = layer.connections.enc,
      reducer = REDUCERS["a history with room"]() }
    function layer:wiring(inputs) -- luacheck: ignore
      watched:deregister()
      watched = nil
      collectgarbage()
      collectgarbage()
      if fails.now then error("no", 0) end
      return { exc = inputs.enc }
    end
    fails.now = true
    assert.is_false(pcall(run, layer, 1, 1))
  end)
end)
