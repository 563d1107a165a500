-- What watches a network, and a file of it at another place of its run, for the walks
-- over snn.load: logs, files that grow, hooks in another order, a pool.
local folder = require "spec.io.folder"
local snn = require "snn"
local world = require "spec.atomic.world"

local watched = {}

local PATHS <const> = { saved = folder.name(), rows = folder.name() }
watched.ending = setmetatable({}, { __gc = function()
  for _, path in pairs(PATHS) do os.remove(path) end
end })

local function build()
  local w = { exc = world.lif(), enc = world.dense() }
  w.net = snn.Serial { connection = w.enc, neuron = w.exc }
  w.last = snn.StateMonitor { module = w.exc, attr = "voltage", last = 3, every = 2 }
  w.all = snn.OutputMonitor { module = w.exc, budget = 1e5 }
  w.change = snn.DifferenceMonitor { module = w.exc, attr = "voltage" }
  w.filed = snn.StateMonitor { module = w.exc, attr = "voltage", file = PATHS.rows }
  w.cell = w.net.cell
  w.of_cell = snn.StateMonitor { module = w.cell, attr = "postspike", last = 4 }
  w.other = snn.StateMonitor { module = w.cell, attr = "postspike", last = 2 }
  w.norm = snn.Normalization { module = w.net, attr = "connection.weight", order = 1, scale = 2 }
  w.clamp = snn.Clamping { module = w.net, attr = "connection.weight", max = 0.3 }
  w.norm:register()
  w.pool = snn.MonitorPool()
  w.pool:add_observed("cell", w.cell)
  w.pooled = w.pool:add_monitor("cell", "v", "neuron.voltage",
    snn.StateMonitor.partialconstructor { last = 2 })
  return w
end

local function run(w)
  w.norm:deregister()
  w.clamp:register()
  w.norm:register()
  w.all:deregister()
  w.other:deregister()
  w.other:register()
  w.of_cell:deregister()
  w.net(snn.ones(2, 4):gt(0))
  w.of_cell:register()
  w.last.last = 2
end

---Those that have not run, and what was saved of some that had.
function watched.make()
  snn.manual_seed(12)
  local old = build()
  old.net(snn.ones(2, 4):gt(0))
  run(old)
  snn.save(PATHS.saved, old)
  old.net(snn.ones(2, 4):gt(0))
  local w = build()
  local objects = {}
  for name, object in pairs(w) do objects[name] = object end
  w.load = function() return snn.load(PATHS.saved, objects, { settings = "file" }) end
  w.step = function() return w.net(snn.ones(2, 4):gt(0)) end
  return w
end

return watched
