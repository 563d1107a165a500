local folder = require "spec.io.folder"
local snn = require "snn"

local DICT = "{'descr': '<f8', 'fortran_order': True, 'shape': (2, 1), }"
local NPY = "\x93NUMPY\1\0" .. string.pack("<s2dd", DICT, 1, 2)

--- An archive of one stored member, which has the check sum 0xb9aa995e.
local function archive(path)
  local sizes = string.pack("<I2I2I2I2I4I4I4", 0, 0, 0, 0, 0xb9aa995e, #NPY, #NPY)
  local body = "PK\3\4" .. string.pack("<I2", 20) .. sizes .. string.pack("<I2I2", 5, 0)
    .. "a.npy" .. NPY
  local members = "PK\1\2" .. string.pack("<I2I2", 20, 20) .. sizes
    .. string.pack("<I2I2I2I2I2I4I4", 5, 0, 0, 0, 0, 0, 0) .. "a.npy"
  local file <close> = assert(io.open(path, "wb"))
  file:write(body, members, "PK\5\6",
    string.pack("<I2I2I2I2I4I4I2", 0, 0, 1, 1, #members, #body, 0))
end

return {
  prepare = function()
    local o = { npy = folder.name(), npz = folder.name(), t = snn.ones(2, 3) }
    snn.save_npy(o.npy, o.t)
    archive(o.npz)
    return o
  end,
  run = function(o)
    snn.save_npy(o.npy, o.t:transpose(1, 2):transpose(1, 2))
    snn.load_npy(o.npy)
    snn.load_npy(o.npy, { all = true })
    snn.load_npz(o.npz)
    snn.load_npz(o.npz, { "a" }, { max_ratio = 200 })
  end,
  check = function(o)
    assert(snn.load_npy(o.npy):equal(o.t))
    assert(snn.load_npz(o.npz).a:sum():item() == 3)
    os.remove(o.npy)
    os.remove(o.npz)
  end,
}
