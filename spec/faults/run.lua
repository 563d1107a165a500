-- Every system call of every saver fails in turn: `make faults`. Each time there is an
-- IOError of the library and all files are as they were, bit for bit, or the save has
-- succeeded in spite of it. And a process is killed before each of them: the old file
-- or the new one is there. The library of faults is loaded before all others and is a
-- module, too: LD_PRELOAD=build/faults.so build/snnlua spec/faults/run.lua.
local faults = require "faults"
local folder = require "spec.io.folder"
local lfs = require "lfs"
local snn = require "snn"
local support = require "spec.support"
local tools = folder.tools()

local EIO <const>, EINTR <const>, ENOSPC <const>, EPERM <const> = 5, 4, 28, 1

-- ---- the savers ----

local function tensors(x) return { a = snn.full({ 300, 100 }, x), b = snn.full({ 3 }, x) } end

local function neuron()
  return snn.LIF { shape = 2, step_time = 1, rest_v = -65, reset_v = -60, thresh_v = -52,
    refrac_t = 3, time_constant = 20 }
end

---Rows of a monitor; the file is there before its first one.
local function monitor(path, x)
  local n = neuron()
  local m <close> = setmetatable({ snn.StateMonitor { module = n, attr = "voltage", file = path } },
    { __close = function(self) self[1]:deregister() end })
  for _ = 1, 3 do n(snn.full({ 1, 2 }, x)) end
  m[1]:flush()
end

-- name -> saves something that differs with x, below a path
local SAVERS <const> = {
  save_npy = function(path, x) snn.save_npy(path, snn.full({ 300, 100 }, x)) end,
  save_png = function(path, x)
    snn.save_png(path, snn.arange(0, 400):reshape(20, 20) * x, { min = 0, max = 1000 })
  end,
  save_safetensors = function(path, x)
    snn.save_safetensors(path, tensors(x), { metadata = { x = tostring(x) } })
  end,
  write_saved = function(path, x)
    tools.write_saved("save", path, tensors(x), { ["snnlua.x"] = tostring(x) }, 3)
  end,
  save = function(path, x) snn.save(path, { x = x, t = tensors(x) }) end,
}

-- ---- what may come of a fault ----

-- name -> kind, errno, whether all later calls fail too, what may come of it:
-- "error" always, "success" always, or either
local FAULTS <const> = {
  { "open", EIO, false, "error" }, { "open", EIO, true, "error" },
  { "write", ENOSPC, false, "error" }, { "write", ENOSPC, true, "error" },
  { "write", 0, false, "success" }, { "write", 0, true, "success" },
  { "write", EINTR, false, "success" },
  { "sync", EIO, false, "error" }, { "sync", EIO, true, "error" },
  { "rename", EIO, false, "error" }, { "link", EIO, false, "error" },
  { "link", EPERM, false, "success" },
  { "close", EIO, false, "error" }, { "close", EIO, true, "error" },
  { "seek", EIO, false, "error" }, { "unlink", EIO, false, "either" },
}

---All files of a folder: name -> bytes, of symlinks to nothing an empty text.
local function content(dir)
  local all = {}
  for _, name in ipairs(folder.names(dir)) do
    local path = dir .. "/" .. name
    all[name] = lfs.attributes(path) and folder.read(path) or ""
  end
  return all
end

---@return string? what differs
local function difference(old, new)
  for name, bytes in pairs(old) do
    if new[name] ~= bytes then return name .. (new[name] and " differs" or " is gone") end
  end
  for name in pairs(new) do
    if not old[name] then return name .. " is left" end
  end
end

---The folder before a save: with files of earlier ones, an empty one, or a symlink to a
---file that is not there.
local BEGINS <const> = {
  old = function(save, path)
    for x = 1, 4 do save(path, x) end
  end,
  new = function() end,
  dangling = function(_, path) lfs.link("there", path, true) end,
}

---Whether the file is what was saved last. Those of snn.save tell of their making, too.
local function is_saved(save, path)
  if save == SAVERS.save then
    local objects = { x = 0, t = tensors(0) }
    snn.load(path, objects)
    return objects.x == 9 and objects.t.a:equal(tensors(9).a)
  end
  local dir = folder.make()
  save(dir .. "/file", 9)
  local bytes = folder.read(dir .. "/file")
  folder.remove(dir)
  return bytes == folder.read(path)
end

---@return boolean fired whether there was such a call
local function attempt(save, begin, fault, n)
  local kind, errno, all, outcome = table.unpack(fault)
  local dir = folder.make()
  local path = dir .. "/file"
  BEGINS[begin](save, path)
  local before, links = content(dir), lfs.symlinkattributes(path, "mode")
  faults.arm(kind, n, errno, all)
  local ok, err = pcall(save, path, 9)
  local fired = faults.disarm()
  local after = content(dir)
  if not ok then
    assert(fired, err)
    assert(type(err) == "table" and err.kind == "IOError", tostring(err))
    assert(outcome ~= "success", tostring(err))
    assert(kind == "unlink" or not difference(before, after), difference(before, after))
  else
    assert(not fired or outcome ~= "error", "no error came")
    assert(is_saved(save, path), "the file is not what was saved")
  end
  assert(lfs.symlinkattributes(path, "mode") == (links or ok and "file" or nil),
    "the link is not what it was")
  save(path, 9) -- all is well again, and nothing is left of before
  for _, name in ipairs(folder.names(dir)) do
    assert(name:find "^%a+$" or name:find "^%a+%.[12]$", name .. " is left")
  end
  folder.remove(dir)
  return fired
end

---@return integer n of calls that failed
local function walk(name, save, begin, fault)
  local n = 1
  while true do
    local ok, fired = xpcall(attempt, debug.traceback, save, begin, fault, n)
    if not ok then
      error(("%s, %s: %s %d (errno %d): %s"):format(name, begin, fault[1], n, fault[2], fired), 0)
    end
    if not fired then return n - 1 end
    n = n + 1
  end
end

---Rows of a stream go into the file as they come: a fault leaves those before it.
local function walk_monitor()
  local count = 0
  for _, fault in ipairs(FAULTS) do
    local n, fired = 1, true
    while fired do
      local dir = folder.make()
      monitor(dir .. "/file", 1)
      local before = content(dir)
      faults.arm(fault[1], n, fault[2], fault[3])
      local ok, err = pcall(monitor, dir .. "/file", 9)
      fired = faults.disarm()
      assert(ok or fired and err.kind == "IOError", tostring(err))
      local rows = snn.load_npy(dir .. "/file")
      local is_old = not difference(before, content(dir))
      assert(is_old and not ok or rows.shape[1] <= 3, "rows are lost")
      assert(not ok or rows.shape[1] == 3 and not is_old, "success without the rows")
      assert(fault[1] == "unlink" or #folder.names(dir) == 1, "a file is left")
      folder.remove(dir)
      count = count + (fired and 1 or 0)
      n = n + 1
    end
  end
  return count
end

local function watched(path)
  local n = neuron()
  return { n = n, m = snn.StateMonitor { module = n, attr = "voltage", file = path } }
end

local function run_steps(objects, from, to)
  for x = from, to do objects.n(snn.full({ 1, 2 }, x * 1.0)) end
end

---A loaded monitor cuts off what lies behind its three rows, and writes the next one.
local function attempt_resumed(dir, fault, n, rows)
  local objects, path = watched(dir .. "/rows"), dir .. "/rows"
  folder.write(path, rows)
  snn.load(dir .. "/saved", objects)
  faults.arm(fault[1], n, fault[2], fault[3])
  local ok, err = pcall(function()
    run_steps(objects, 4, 4)
    objects.m:flush()
  end)
  local fired = faults.disarm()
  assert(ok or fired and err.kind == "IOError", tostring(err))
  local now, before = snn.load_npy(path), snn.load_npy(dir .. "/before")
  assert(now:narrow(1, 1, 3):equal(before:narrow(1, 1, 3)), "rows are lost")
  assert(not ok or now.shape[1] == 4 and now:equal(before:narrow(1, 1, 4)), "other rows")
  return fired
end

local function walk_resumed()
  local dir, count = folder.make(), 0
  local objects = watched(dir .. "/rows")
  run_steps(objects, 1, 3)
  snn.save(dir .. "/saved", objects)
  run_steps(objects, 4, 5)
  local rows = content(dir).rows
  folder.write(dir .. "/before", rows)
  for _, fault in ipairs(FAULTS) do
    local n = 1
    while attempt_resumed(dir, fault, n, rows) do n = n + 1 end
    count = count + n - 1
  end
  folder.remove(dir)
  return count
end

-- ---- order ----

---The file is on the disk before it takes its name, the folder after it.
local function check_order(save)
  local dir = folder.make()
  save(dir .. "/file", 1)
  faults.arm("any", 1000, EIO)
  save(dir .. "/file", 2)
  local _, calls = faults.disarm() -- the letters are those of write, sync, rename
  assert(calls:find "^[^wsr]*w[^sr]*s[^wsr]*r[^wsr]*s[^wsr]*$", calls)
  folder.remove(dir)
end

-- ---- kills ----

if arg[1] == "child" then
  faults.arm("any", tonumber(arg[4]), -1)
  SAVERS[arg[2]](arg[3], 9)
  os.exit(0)
end

---Kills a process before its n-th call, for all n.
---@return integer n
local function walk_kills(name)
  local save, n = SAVERS[name], 1
  while true do
    local dir = folder.make()
    local path = dir .. "/file"
    for x = 1, 4 do save(path, x) end
    local before = content(dir)
    local run = support.shell(("%s spec/faults/run.lua child %s %s %d"):format(
      support.quote(support.program), name, path, n))
    local after = content(dir)
    for file, bytes in pairs(after) do -- each is an old one, or the new one
      if not file:find "%.new$" and file ~= "file" then
        assert(bytes == before.file or bytes == before["file.1"] or bytes == before["file.2"],
          file .. " is half of one")
      end
    end
    assert(after.file, "there is no file")
    assert(after.file == before.file or is_saved(save, path), "the file is half of one")
    save(path, 9)
    for _, left in ipairs(folder.names(dir)) do
      assert(left == "file" or left:find "^file%.[12]$", left .. " is left")
    end
    folder.remove(dir)
    if run.code == 0 then return n - 1 end
    assert(run.code == 128 + 9, run.err)
    n = n + 1
  end
end

local names = {}
for name in pairs(SAVERS) do names[#names + 1] = name end
table.sort(names)
snn.warnings(false)
for _, name in ipairs(names) do
  local save, parts, count = SAVERS[name], {}, 0
  for begin in pairs(BEGINS) do
    for _, fault in ipairs(FAULTS) do
      local n = walk(name, save, begin, fault)
      count = count + n
      parts[fault[1]] = math.max(parts[fault[1]] or 0, n)
    end
  end
  local text = {}
  for kind, n in pairs(parts) do text[#text + 1] = kind .. " " .. n end
  table.sort(text)
  check_order(save)
  print(("%-18s %5d faults; calls: %s; %d kills"):format(name, count, table.concat(text, ", "),
    walk_kills(name)))
end
print(("%-18s %5d faults"):format("monitor", walk_monitor()))
print(("%-18s %5d faults"):format("monitor, loaded", walk_resumed()))
