-- A monitor with a file that is loaded, and goes on with the file.
local folder = require "spec.io.folder"
local snn = require "snn"

local ROWS <const>, SAVED <const> = folder.name(), folder.name()

local function build()
  local neuron = snn.LIF { shape = 2, step_time = 1, rest_v = -65, reset_v = -60, thresh_v = -52,
    refrac_t = 3, time_constant = 20 }
  return { neuron = neuron, monitor = snn.StateMonitor { module = neuron, attr = "voltage",
    file = ROWS, last = 3 } }
end

local function bytes()
  local file <close> = assert(io.open(ROWS, "rb"))
  return file:read "a"
end

-- Five rows, three of them before the save, as they are written once.
local content
local function write_once()
  local old = build()
  for _ = 1, 3 do old.neuron(snn.zeros(1, 2)) end
  snn.save(SAVED, old)
  for _ = 1, 2 do old.neuron(snn.zeros(1, 2)) end
  content = bytes()
end

local ending = setmetatable({}, { __gc = function()
  os.remove(ROWS)
  os.remove(SAVED)
end })

return {
  ending = ending,
  prepare = function()
    if not content then write_once() end
    local file <close> = assert(io.open(ROWS, "wb"))
    file:write(content)
    return build()
  end,
  run = function(objects) snn.load(SAVED, objects) end,
  check = function(objects, ok)
    assert(bytes() == content)
    if not ok then return end
    objects.neuron(snn.zeros(1, 2))
    assert(#snn.load_npy(ROWS) == 4)
  end,
}
