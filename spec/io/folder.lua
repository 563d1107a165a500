-- A folder of its own for each spec of files, and what lies in it.
local lfs = require "lfs"

local folder = {}

---A new name; in memory where the system has such files, as each save waits for the disk.
---@return string path
function folder.name()
  local path = os.tmpname()
  os.remove(path)
  local is_there = lfs.attributes("/dev/shm", "mode") == "directory"
  return is_there and "/dev/shm/" .. path:match "[^/]+$" or path
end

---A new folder.
---@return string path
function folder.make()
  local path = folder.name()
  assert(lfs.mkdir(path))
  return path
end

---Its files' names, in order.
---@param path string
---@return string[]
function folder.names(path)
  local names = {}
  for name in lfs.dir(path) do
    if name ~= "." and name ~= ".." then names[#names + 1] = name end
  end
  table.sort(names)
  return names
end

---@param path string
---@return string
function folder.read(path)
  local file <close> = assert(io.open(path, "rb"))
  return file:read "a"
end

---@param path string
---@param text string
function folder.write(path, text)
  local file <close> = assert(io.open(path, "wb"))
  file:write(text)
end

---Removes it with all that is in it.
---@param path string
function folder.remove(path)
  for name in lfs.dir(path) do
    if name ~= "." and name ~= ".." then os.remove(path .. "/" .. name) end
  end
  lfs.rmdir(path)
end

---What the library's Lua files have of C and scripts do not see.
---@return table tools
function folder.tools()
  assert(require("snn").zeros) -- the library opens at the first look
  for _, value in pairs(debug.getregistry()) do
    if type(value) == "table" and rawget(value, "write_saved") then return value end
  end
  error "no table of tools"
end

return folder
