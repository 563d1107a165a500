-- A checkpoint that saves, and one that is made of its file: what fails has counted and
-- loaded nothing, and the file is the old one or the new one, whole.
local snn = require "snn"

local function weights(value) return snn.full({ 2 }, value) end

-- In memory where that is, since each save waits for the disk.
local function new_path()
  local path = os.tmpname()
  local shm = path:gsub("^.*/", "/dev/shm/")
  local file = io.open(shm, "wb")
  if not file then return path end
  file:close()
  os.remove(path)
  return shm
end

return {
  prepare = function()
    local o = { path = new_path(), w = weights(1), resumed = false }
    o.checkpoint = snn.checkpoint { path = o.path, objects = { w = o.w, s = "x" } }
    o.checkpoint()
    o.w:fill_(2)
    o.other = weights(0)
    return o
  end,
  run = function(o)
    o.checkpoint()
    o.resumed = snn.checkpoint { path = o.path, objects = { w = o.other, s = "" },
      resume = o.path }
  end,
  check = function(o, ok)
    local saved = weights(0)
    local step = snn.checkpoint { path = o.path, objects = { w = saved, s = "" },
      resume = o.path }.step
    assert(o.checkpoint.step == step and saved:equal(weights(step)))
    if ok then assert(o.resumed.step == 2 and o.other:equal(weights(2))) end
    assert(o.other:equal(weights(o.resumed and 2 or 0)))
    os.remove(o.path)
  end,
}
