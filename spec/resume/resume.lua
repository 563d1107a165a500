-- Networks that are saved somewhere in their run and go on in another process, with
-- other threads and another instruction set: at the end all is as in the run that
-- was not interrupted, to the last bit. With the random numbers moved on by one draw
-- each ends otherwise, so that the comparison sees something.
--
--   build/snnlua spec/resume/resume.lua FIRST LAST [SHARE]
--
-- plays the seeds FIRST to LAST, with a SHARE n every n-th of them, and prints a line
-- of each that fails and one for all. It runs itself for the parts: `save` makes the
-- references and the files, `resume` goes on from these.
local snn = require "snn"
local Network = require "spec.resume.network"
local design = require "spec.resume.pairs"
local prints = require "spec.resume.prints"

local STOPPED <const> = {}

warn "@off"
snn.warnings(false)

local function file_of(dir, seed, kind) return ("%s/%d.%s"):format(dir, seed, kind) end

local function exists(path)
  local file = io.open(path, "rb")
  return file and file:close() or false
end

-- ------------------------------------------------------------- saving

-- A snapshot in memory of all, of some with one of the layer apart; a function that
-- goes back.
local function snapshot(net)
  if net.seed % 2 == 1 then
    local whole = snn.snapshot(net.objects)
    return function() whole:restore() end
  end
  local rest = {}
  for name, object in pairs(net.objects) do
    if name ~= "layer" then rest[name] = object end
  end
  local layer, others = net.layer:snapshot(), snn.snapshot(rest)
  return function()
    net.layer:restore(layer)
    others:restore()
  end
end

-- Runs to the end, and saves on the way; with `stops` it ends there, as a run does
-- that is killed. Returns the way back in memory.
local function run_and_save(net, path, stops)
  local left, back = net.moment.nth, nil
  local ok, err = xpcall(net.run, function(err)
    return err == STOPPED and err or debug.traceback(tostring(err))
  end, net, function(kind)
    if stops and net.seed % 2 == 0 then snapshot(net) end -- which changes nothing
    if kind ~= net.moment.kind then return end
    left = left - 1
    if left ~= 0 then return end
    snn.save(path, net.objects)
    back = snapshot(net)
    if stops then error(STOPPED, 0) end
  end)
  if not ok and err ~= STOPPED then error(err, 0) end
  if left > 0 then error("it was never " .. net.moment.kind, 0) end
  return back
end

-- The same objects, gone back, run to the same end again.
local function check_back(net, back, seen)
  back()
  net:run()
  local paths = prints.differences(seen, prints.of(net))
  if #paths > 0 then
    error("differs after a snapshot: " .. table.concat(paths, ", ", 1, math.min(#paths, 5)), 0)
  end
end

-- Of every third the reference is a run that is never saved; else it is the one that
-- was saved and went on.
local function save(dir, seed)
  local saved, is_killed = file_of(dir, seed, "safetensors"), seed % 3 == 0
  if is_killed then
    local whole = Network.build(seed, { file = file_of(dir, seed, "whole.npy") })
    whole:run()
    prints.write(file_of(dir, seed, "prints"), prints.of(whole))
  end
  local net = Network.build(seed, { file = file_of(dir, seed, "npy") })
  local back = run_and_save(net, saved, is_killed)
  if is_killed then return end
  local seen = prints.of(net)
  prints.write(file_of(dir, seed, "prints"), seen)
  check_back(net, back, seen)
end

-- ------------------------------------------------------------- going on

-- Another network by the same script: it begins with other weights, so that what
-- is not loaded shows.
local function another(dir, seed)
  return Network.build(seed, { file = file_of(dir, seed, "npy"), init = 1000003 })
end

-- Before it is loaded a network has run a while; not where that begins its file anew.
local function use(net)
  if net.row.mode:find "file" then return end
  local ok, err = pcall(net.run, net, function(kind)
    if kind == "sample" or kind == "last sample" then error(STOPPED, 0) end
  end)
  assert(not ok and err == STOPPED, err)
end

-- When garbage is collected is the collector's business.
local function collect() collectgarbage() end

-- Some are saved again as soon as they are loaded, some are loaded into objects that
-- have run.
local function resumed(dir, seed, draws)
  local net, path = another(dir, seed), file_of(dir, seed, "safetensors")
  if seed % 4 == 1 then use(net) end
  snn.load(path, net.objects)
  if seed % 4 == 2 then
    path = file_of(dir, seed, "again")
    snn.save(path, net.objects)
    net = another(dir, seed)
    snn.load(path, net.objects)
  end
  if draws then snn.rand(1) end
  net:run(seed % 20 == 3 and collect or nil)
  return prints.of(net)
end

-- The paths at which it differs from the reference; nil where it is the same, and
-- differs once a random number is drawn.
local function compare(dir, seed)
  local whole = prints.read(file_of(dir, seed, "prints"))
  local differences = prints.differences(whole, resumed(dir, seed, false))
  if #differences > 0 then
    local first = table.concat(differences, ", ", 1, math.min(#differences, 5))
    return ("differs at %d places: %s"):format(#differences, first)
  end
  local other = resumed(dir, seed, true)
  other[prints.random], whole[prints.random] = nil, nil
  if #prints.differences(whole, other) == 0 then
    return "is the same with other random numbers"
  end
end

local function row_of(seed)
  local out = {}
  for name, value in pairs(design.row(seed)) do
    out[#out + 1] = ("%s=%s"):format(name, value)
  end
  table.sort(out)
  return table.concat(out, " ")
end

-- ------------------------------------------------------------- the parts

local function tell(seed, err)
  print(("seed %d: %s\n  (%s)"):format(seed, err, row_of(seed)))
end

local PARTS = {}

function PARTS.save(dir, seed) save(dir, seed) end

function PARTS.resume(dir, seed)
  if not exists(file_of(dir, seed, "prints")) then return end -- the other part told why
  local err = compare(dir, seed)
  if err then tell(seed, err) end
end

local function traced(err)
  return type(err) == "string" and err or debug.traceback(tostring(err))
end

-- Seeds from `first`, every `share`-th, of one part.
local function play(part, dir, first, last, share)
  for seed = first, last, share do
    local ok, err = xpcall(PARTS[part], traced, dir, seed)
    if not ok then tell(seed, err) end
    collectgarbage()
  end
end

-- ------------------------------------------------------------- all of it

local function program()
  local at = -1
  while arg[at - 1] do at = at - 1 end
  return arg[at]
end

local function quote(word) return "'" .. word:gsub("'", "'\\''") .. "'" end

-- Starts this script as a part. Returns a function that waits for it, tells what it
-- prints, and gives the number of seeds that failed.
local function start(environment, threads, part, dir, first, last, share)
  local command = ("%s %s --threads %d %s %s %s %d %d %d 2>&1"):format(environment,
    quote(program()), threads, quote(arg[0]), part, quote(dir), first, last, share)
  local pipe = assert(io.popen(command))
  return function()
    local printed = pipe:read "a"
    local ok = pipe:close()
    if not ok then printed = ("%sseed %d: part '%s' ended\n"):format(printed, first, part) end
    io.write(printed)
    return select(2, printed:gsub("seed %d+:", ""))
  end
end

local function all(first, last, share)
  local dir, failed = os.tmpname(), 0
  os.remove(dir)
  assert(os.execute("mkdir " .. quote(dir)))
  -- the first half of the seeds on other settings than the second
  local second = first + ((last - first) // share + 1) // 2 * share
  local function play_halves(part, one, other)
    local a = start(one[1], one[2], part, dir, first, second - 1, share)
    local b = start(other[1], other[2], part, dir, second, last, share)
    failed = failed + a() + b()
  end
  play_halves("save", { "SNN_ISA=v3", 1 }, { "SNN_ISA=v3", 1 })
  play_halves("resume", { "SNN_ISA=v1", 4 }, { "SNN_ISA=v4", 2 })
  os.execute("rm -r " .. quote(dir))
  local count = (last - first) // share + 1
  print(("%d networks, %d failed"):format(count, failed))
  return failed == 0
end

local function number(i, otherwise)
  return math.tointeger(arg[i]) or otherwise or error("the seeds are missing", 0)
end

if PARTS[arg[1]] then
  play(arg[1], arg[2], number(3), number(4), number(5))
else
  os.exit(all(number(1), number(2), number(3, 1)))
end
