-- How long a gigabyte takes to be saved, against `cp` and fsync of the same file on the
-- same file system: medians of runs that take turns.
--
--     snnlua spec/bench/support/saving.lua FOLDER [RUNS]
local snn = require "snn"

local dir, runs = arg[1], tonumber(arg[2] or 7)
local saved, original, copy = dir .. "/saved", dir .. "/original", dir .. "/copy"

local tensors = {}
for i = 1, 16 do tensors["t" .. i] = snn.rand(1 << 12, 1 << 12) end -- of 64 MiB each

local function seconds(fn)
  os.remove(saved)
  os.remove(copy)
  os.execute "sync"
  local begin = snn.clock()
  fn()
  return snn.clock() - begin
end

local function median(list)
  table.sort(list)
  return list[(#list + 1) // 2]
end

local function save() snn.save_safetensors(saved, tensors) end
local function copy_file()
  assert(os.execute(("cp %s %s && sync %s"):format(original, copy, copy)))
end

snn.save_safetensors(original, tensors)
local ours, cp = {}, {}
for i = 1, runs do
  ours[i], cp[i] = seconds(save), seconds(copy_file)
end
print(("1 GiB: saved in %.2f s, cp and fsync %.2f s (medians of %d): %.2f times"):format(
  median(ours), median(cp), runs, median(ours) / median(cp)))
local begin = snn.clock()
snn.load_safetensors(original)
print(("loaded and verified in %.2f s"):format(snn.clock() - begin))
for _, path in ipairs { saved, original, copy } do os.remove(path) end
assert(median(ours) <= 1.5 * median(cp), "saving takes too long")
