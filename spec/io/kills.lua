-- Processes that save in a loop are killed (-9) at random times: what was there before or
-- what they saved is there, whole, and the next save leaves nothing of them.
--
--     snnlua spec/io/kills.lua COUNT SEED [FOLDER]
local folder = require "spec.io.folder"
local lfs = require "lfs"
local snn = require "snn"
local support = require "spec.support"

-- name -> save(path, x, n): something of n elements that is x in all of its parts,
--         load(path): x, an error where they are not the same
local SAVERS <const> = {
  {
    name = "safetensors", keep = 3,
    save = function(path, x, n)
      local t = snn.full({ n }, x, { dtype = "float64" })
      folder.tools().write_saved("save", path, { a = t, b = t }, { x = tostring(x) }, 3)
    end,
    load = function(path)
      local t, metadata = folder.tools().read_saved("load", path)
      assert(t.a:equal(t.b) and t.a:equal(snn.full(t.a.shape, t.a[1], { dtype = "float64" })))
      assert(tostring(t.a[1] // 1 | 0) == metadata.x, "two saves in one file")
      return t.a[1]
    end,
  },
  {
    name = "save", keep = 1,
    save = function(path, x, n) snn.save(path, { t = snn.full({ n }, x), x = x }) end,
    load = function(path)
      local o = { t = snn.zeros((snn.load_safetensors(path)).t.shape), x = 0 }
      snn.load(path, o)
      assert(o.t:equal(snn.full(o.t.shape, o.x)))
      return o.x
    end,
  },
  {
    name = "npy", keep = 1,
    save = function(path, x, n) snn.save_npy(path, snn.full({ n }, x, { dtype = "float64" })) end,
    load = function(path)
      local t = snn.load_npy(path)
      assert(t:equal(snn.full(t.shape, t[1], { dtype = "float64" })))
      return t[1]
    end,
  },
}

local SIZES <const> = { 3, 10000, 1000000 } -- the moves of names, some bytes, many bytes

---Saves larger and larger numbers until it is killed.
local function save_on(saver, path, n, x)
  saver.save(path, x + 1, n)
  io.stdout:write "saving\n"
  io.stdout:flush()
  while true do
    x = x + 1
    saver.save(path, x + 1, n)
  end
end

---Starts a process that does so, and kills it.
local function kill_one(saver, path, n, x)
  local command = ("echo $$; exec '%s' spec/io/kills.lua child %s '%s' %d %d"):format(
    support.program, saver, path, n, x)
  local child = io.popen(command)
  local pid, ready = child:read("l", "l")
  assert(ready == "saving")
  os.execute(("sleep %.4f; kill -9 %s"):format(math.random() * 0.02, pid))
  child:close()
end

---@return boolean amid whether it was in the midst of a save
local function attempt(dir, i)
  local place, n = (i - 1) % #SAVERS + 1, SIZES[(i - 1) // #SAVERS % #SIZES + 1]
  local saver, path = SAVERS[place], dir .. "/file"
  for x = 1, saver.keep do saver.save(path, x, n) end
  kill_one(place, path, n, saver.keep)
  local found, last = #folder.names(dir), math.huge
  for age = 0, saver.keep - 1 do
    local older = age == 0 and path or path .. "." .. age
    local file = io.open(older, "rb")
    assert(file or age > 0, "there is no file")
    if file then -- the one before may be about to move
      file:close()
      local x = saver.load(older)
      assert(x <= last and x >= 1, "an older file lies before a newer one")
      last = x
    end
  end
  saver.save(path, 1000000, n)
  assert(saver.load(path) == 1000000)
  local names = folder.names(dir)
  for _, name in ipairs(names) do
    assert(name == "file" or name:find "^file%.[12]$", name .. " is left")
  end
  assert(#names >= math.max(1, saver.keep - 1), "files are lost")
  for _, name in ipairs(names) do os.remove(dir .. "/" .. name) end
  return found ~= saver.keep
end

local function kill_all(count, seed, dir)
  math.randomseed(seed)
  local amid = 0
  for i = 1, count do
    local ok, result = xpcall(attempt, debug.traceback, dir, i)
    if not ok then error(("kill %d of seed %d in %s: %s"):format(i, seed, dir, result), 0) end
    amid = amid + (result and 1 or 0)
  end
  folder.remove(dir)
  print(("%d kills, %d in the midst of a save: the old or the new file, nothing left"):format(
    count, amid))
  assert(amid > 0, "none was in the midst of a save")
end

if arg[1] == "child" then
  save_on(SAVERS[tonumber(arg[2])], arg[3], tonumber(arg[4]), tonumber(arg[5]))
end
local dir = arg[3]
if dir and lfs.attributes(dir) then folder.remove(dir) end
if dir then assert(lfs.mkdir(dir)) end
kill_all(tonumber(arg[1]), tonumber(arg[2]), dir or folder.make())
