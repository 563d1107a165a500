-- Where a network that goes on from what was saved first differs from the one that was
-- not interrupted: the place in its run, and the states by their paths.
--
--   build/snnlua spec/resume/first.lua SEED
local snn = require "snn"
local Network = require "spec.resume.network"
local design = require "spec.resume.pairs"
local prints = require "spec.resume.prints"
local sorted = require "spec.sorted"

local MOST <const> = 20 -- paths that are listed

local saved, file = os.tmpname(), os.tmpname()
os.remove(file)

-- The last line, and the exit code.
local function finish(text, ...)
  os.remove(saved)
  os.remove(file)
  print(text:format(...))
  os.exit(text:find "^the same" ~= nil)
end

warn "@off"
snn.warnings(false)

-- The run from its moment on: { kind, steps, prints } at each place.
local function recorded(net)
  local list, left = {}, net.moment.nth
  net:run(function(kind)
    if list[1] then list[#list + 1] = { kind, net.at.total, prints.of(net) } end
    if list[1] or kind ~= net.moment.kind then return end
    left = left - 1
    if left == 0 then
      snn.save(saved, net.objects)
      list[1] = { "loaded", net.at.total, prints.of(net) }
    end
  end)
  return list
end

local function tell(kind, net, paths)
  for i = 1, math.min(#paths, MOST) do print("  " .. paths[i]) end
  finish("differs at '%s', step %d (epoch %d, batch %d), at %d places", kind, net.at.total,
    net.at.epoch, net.at.batch, #paths)
end

local function compare(net, list)
  local i = 0
  local function look(kind)
    i = i + 1
    local there = list[i] or { "its end", 0, {} }
    if there[1] ~= kind or there[2] ~= net.at.total then
      finish("it is %s at step %d; the other is %s at %d", kind, net.at.total, there[1], there[2])
    end
    local here = prints.of(net)
    -- the file's rows behind those that were saved go with the next one
    if i == 1 then here[prints.file], there[3][prints.file] = nil, nil end
    local paths = prints.differences(there[3], here)
    if #paths > 0 then tell(kind, net, paths) end
  end
  look "loaded"
  net:run(look)
end

local seed = math.tointeger(arg[1]) or error("the seed is missing", 0)
local row = design.row(seed)
for _, name in ipairs(sorted(row)) do print(("%16s  %s"):format(name, row[name])) end
local net = Network.build(seed, { file = file })
print(("%16s  %s, the %d."):format("saved", net.moment.kind, net.moment.nth))
print(("%16s  %s"):format("between epochs", table.concat(net.plan.events, ", ")))
local list = recorded(net)
net = Network.build(seed, { file = file, init = 1000003 })
snn.load(saved, net.objects)
compare(net, list)
finish "the same to the end"
