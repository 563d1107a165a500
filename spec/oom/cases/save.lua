-- A network and Lua values are saved and loaded: on a failure the objects are as they
-- were, in bits, and so is the file.
local folder = require "spec.io.folder"
local state = require "spec.atomic.state"
local snn = require "snn"

local function make()
  local neuron = snn.LIF { shape = 2, step_time = 1, rest_v = -60, reset_v = -65, thresh_v = -50,
    refrac_t = 2, time_constant = 20 }
  local monitor = snn.StateMonitor { module = neuron, attr = "voltage", last = 2 }
  return { neuron = neuron, monitor = monitor, t = snn.ones(2), log = { 1.5, 2.5, { "a" } } }
end

local function step(o)
  o.neuron(snn.full({ 1, 2 }, 20))
  o.log[4] = #o.log
end

return {
  prepare = function()
    local o = { path = folder.name(), objects = make() }
    local other = make()
    step(other)
    snn.save(o.path, other)
    o.before, o.after = state.of(o.objects), state.of(other)
    return o
  end,
  run = function(o)
    snn.load(o.path, o.objects)
    snn.save(o.path, o.objects)
    o.is_loaded = true
  end,
  check = function(o, ok)
    local now = state.of(o.objects)
    if state.differences(now, o.before) or ok then
      assert(not state.differences(now, o.after))
      assert(o.objects.log[4] == 3)
    else
      assert(o.objects.log[4] == nil)
    end
    if ok then
      local fresh = make()
      snn.load(o.path, fresh)
      assert(not state.differences(state.of(fresh), o.after))
    end
    os.remove(o.path)
  end,
}
