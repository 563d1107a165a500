local folder = require "spec.io.folder"
local lfs = require "lfs"
local snn = require "snn"
local tools = folder.tools()

local function open_files()
  local n = 0
  for _ in lfs.dir "/proc/self/fd" do n = n + 1 end
  return n
end

local function write(o, x, keep)
  tools.write_saved("save", o.path, { x = x, ["a.b"] = x }, { ["snnlua.version"] = "1", by = "me" },
    keep)
end

return {
  prepare = function()
    local o = { dir = folder.make(), x = snn.ones(2, 3):transpose(1, 2), open = open_files() }
    o.path = o.dir .. "/run"
    write(o, snn.zeros(2), 1)
    return o
  end,
  run = function(o)
    write(o, o.x, 2)
    tools.read_saved("load", o.path)
  end,
  check = function(o, ok)
    local t, metadata = tools.read_saved("load", o.path)
    local is_new = #t.x.shape == 2
    assert(t.x:equal(is_new and o.x or snn.zeros(2)) and t.x:equal(t["a.b"]))
    assert(metadata.by == "me" and metadata["snnlua.version"] == "1")
    assert(is_new or not ok)
    assert(#folder.names(o.dir) == (is_new and 2 or 1))
    collectgarbage()
    assert(open_files() == o.open)
    folder.remove(o.dir)
  end,
}
