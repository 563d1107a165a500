-- A fuzzer for everything a script can reach: functions, methods, fields and
-- operators get random right and wrong values. Each outcome must be a result
-- or an error of the library (kind and message), and what a failed call was
-- given must be as it was before. A finding is reduced to a script of few calls
-- (reduce.lua). A crash ends the process: the last line of SNN_FUZZ_LOG then tells
-- what was called, and reduce.lua takes the log.
--
--   snnlua spec/fuzz/fuzz.lua          SNN_FUZZ_ROUNDS, SNN_FUZZ_SEED, SNN_FUZZ_LOG,
--                                      SNN_FUZZ_GC=generational|eager, SNN_FUZZ_SHORT=1: memory
--                                      is refused in the middle of calls,
--                                      SNN_FUZZ_WITH: a module to load first
require "spec.fuzz.ordered"
local snn = require "snn"
if os.getenv "SNN_FUZZ_WITH" then require(os.getenv "SNN_FUZZ_WITH") end
local V = require "spec.fuzz.values"
local W = require "spec.fuzz.world"
local R = require "spec.fuzz.record"

local F = {}

-- ---------------------------------------------------------------- targets

local SKIPPED = { ["snn._debug"] = true, ["snn.clock"] = true,
  -- the prompt, and what may end the process
  ["snn.repl"] = true, ["snn.commands"] = true, ["snn.arguments"] = true }

-- Functions of `t` and of the tables below it, as { name, function, class }.
local function walk(t, path, out, seen)
  if seen[t] then return end
  seen[t] = true
  local names = {}
  for name in pairs(t) do
    if type(name) == "string" then names[#names + 1] = name end
  end
  table.sort(names)
  for _, name in ipairs(names) do
    local v, full = t[name], path .. "." .. name
    if type(v) == "function" and not SKIPPED[full] then
      out[#out + 1] = { name = full, fn = v }
    elseif type(v) == "table" and not SKIPPED[full] then
      local meta = debug.getmetatable(v)
      if meta and meta.__call then out[#out + 1] = { name = full, fn = v, is_class = true } end
      walk(v, full, out, seen)
    end
  end
end

-- Tensors keep their methods where scripts do not see them.
local function tensor_methods()
  local _, methods = debug.getupvalue(debug.getmetatable(snn.zeros(1)).__index, 1)
  local out = {}
  for name, fn in pairs(methods) do
    out[#out + 1] = { name = "tensor:" .. name, fn = fn, of_tensor = true }
  end
  table.sort(out, function(a, b) return a.name < b.name end)
  return out
end

local targets = {}
walk(snn, "snn", targets, {})
local methods = tensor_methods()

local FIELDS = {
  "weight", "bias", "delay", "synapse", "updater", "updatable", "biased", "delayedby", "selector",
  "inshape", "outshape", "batched_inshape", "syncurrent", "synspike", "batchsz", "dt", "dtype",
  "shape", "count", "batchedshape", "voltage", "refrac", "spike", "current", "pos", "neg", "names",
  "parent", "threshold_adaptation", "training", "latest", "registered", "connections", "neurons",
  "cells", "connection", "neuron", "precurrent", "postspike", "rates", "assignments", "wiring",
  "transform", "forward", "child", "t", "ndim", "numel", "enc", "exc", "init", "class", "nowt",
  "images", "labels", "classes", "set", "batch_size", "occurrences", "proportions", "cell",
  "pre", "post", "in_degree", "out_degree", "synapses", "events", "recorder", "dim",
}

-- ---------------------------------------------------------------- actions

local scratch = os.tmpname()

-- Files: written to one place, read from there with some bytes wrong.
local function spoil_file()
  local file = io.open(scratch, "rb")
  if not file then return end
  local text = file:read("a")
  file:close()
  for _ = 1, V.rng(3) - 1 do
    local at = V.rng(#text + 1)
    text = text:sub(1, at - 1) .. string.char(V.rng(256) - 1) .. text:sub(at + 1)
  end
  if V.chance(20) then text = text:sub(1, V.rng(#text + 1) - 1) end
  file = io.open(scratch, "wb")
  file:write(text)
  file:close()
end

-- A module called by itself has done its work when a hook after it raises: a
-- hook of the fuzzer's says that it ran, and only that module may differ then.
local function wrap_hooks(name, args)
  if not name:find("register_forward", 1, true) then return end
  for i = 1, args.n do
    local fn = args[i]
    if type(fn) == "function" then
      args[i] = function(...)
        V.hooked = true
        return fn(...)
      end
    end
  end
end

local function prepare(target, args)
  wrap_hooks(target.name, args)
  if target.name:find("%.save_") then
    args[1], args.n = scratch, math.max(args.n, 1)
  elseif target.name:find("%.load_") or target.name:find("data%.idx") then
    if V.chance(90) then args[1], args.n = scratch, math.max(args.n, 1) end
    spoil_file()
  elseif target.name == "snn.set_num_threads" and type(args[1]) == "number" then
    args[1] = args[1] % 4
  elseif target.of_tensor and V.chance(80) then
    args[1], args.n = V.tensor(), math.max(args.n, 1)
  elseif not target.is_class and target.name:find("^snn%.%u") and V.chance(80) then
    args[1], args.n = V.object(), math.max(args.n, 1)
  end
end

local function call_target()
  local target = V.chance(40) and V.pick(methods) or V.pick(targets)
  local args = V.values()
  prepare(target, args)
  return target.name, args, function() return target.fn(table.unpack(args, 1, args.n)) end
end

-- A method of an object at hand, mostly one that it has.
local function call_method()
  local object, args = V.object(), V.values()
  local name = V.pick(targets).name:match("[^.]+$")
  wrap_hooks(name, args)
  return "object:" .. name, { n = args.n + 1, object, table.unpack(args, 1, args.n) }, function()
    return object[name](object, table.unpack(args, 1, args.n))
  end
end

local function call_object()
  local object, args = V.object(), V.values()
  V.meddled = V.meddled or type(object) == "function" -- of the fuzzer's, it does many things
  return "object()", { n = args.n + 1, object, table.unpack(args, 1, args.n) }, function()
    return object(table.unpack(args, 1, args.n))
  end
end

local function text_of(v)
  return type(v) == "string" and v:sub(1, 20) or type(v)
end

local function get_field()
  local object, name = V.object(), V.chance(90) and V.pick(FIELDS) or V.value()
  return "get " .. text_of(name), { n = 1, object }, function() return object[name] end
end

local function set_field()
  local object, name = V.object(), V.chance(90) and V.pick(FIELDS) or V.value()
  local value = V.value()
  return "set " .. text_of(name), { n = 2, object, value }, function() object[name] = value end
end

local OPERATORS = {
  function(a, b) return a + b end, function(a, b) return a - b end,
  function(a, b) return a * b end, function(a, b) return a / b end,
  function(a, b) return a % b end, function(a, b) return a ^ b end,
  function(a) return -a end, function(a) return #a end, function(a) return tostring(a) end,
  function(a, b) return a == b end, function(a, b) return a[b] end,
  function(a, b) a[b] = V.value() end,
  function(a) for _ in pairs(a) do break end end, -- luacheck: ignore
  function(a, b) return a < b end, function(a, b) return a .. b end,
  function(a, b) return a // b end, function(a, b) return a & b end,
  function(a, b) return a | b end, function(a, b) return a ~ b end, function(a) return ~a end,
  function(a, b) return a[{ b, V.value() }] end, function(a, b) a[{ b }] = V.value() end,
  function(a) local c <close> = a return c end,
  function(a) for _ in a do break end end, -- luacheck: ignore
}
local function operate()
  local a, b = V.chance(60) and V.tensor() or V.object(), V.value()
  if V.chance(20) then a, b = b, a end
  local op = V.rng(#OPERATORS)
  return "operator " .. op, { n = 2, a, b }, function() return OPERATORS[op](a, b) end
end

-- The network at work, with whatever is registered on it by now.
local function step()
  V.meddled = true
  return "step", { n = 0 }, W.step
end

local function hook()
  local object, args = V.object(), { n = 1, V.fn() }
  local how = V.pick { "register_forward_hook", "register_forward_pre_hook" }
  wrap_hooks(how, args)
  return "hook", { n = 1, object }, function() return object[how](object, args[1]) end
end

local ACTIONS = { call_target, call_target, call_target, call_target, call_target, call_method,
  call_object, call_object, get_field, get_field, set_field, set_field, operate, operate, step,
  step, hook }

-- ---------------------------------------------------------------- meddling

function V.object() return R.choose(V.objects) end

local nested = 0

--- One action whose outcome is nobody's business: what callbacks do.
function V.act(objects)
  if nested > 2 then return end
  V.meddled = true
  nested = nested + 1
  local before = V.objects
  if objects then V.objects = objects end
  pcall(function()
    local _, _, run = V.pick(ACTIONS)()
    run()
  end)
  if objects then V.objects = before end
  nested = nested - 1
end

-- ---------------------------------------------------------------- verdicts

local KINDS = { TypeError = true, ValueError = true, AttributeError = true, RuntimeError = true,
  IOError = true }

-- Lua's own words for what no library can turn into its errors.
local EXCUSED = { "stack overflow", "not enough memory", "attempt to yield", "error in error",
  "C stack", "fuzz" }

local function is_fine(err, what)
  if err == nil then return true end -- only a function of the fuzzer's raises that
  if type(err) ~= "string" then
    local meta = debug.getmetatable(err)
    if meta and meta.__name == "fuzz" then return true end
    if type(err) == "table" and meta and meta.__name == "snn.Error" then return KINDS[err.kind] end
    return V.meddled
  end
  for _, text in ipairs(EXCUSED) do
    if err:find(text, 1, true) then return true end
  end
  if err:find("[snn]", 1, true) then return false end
  -- an operator or a call of something that has none, in this file
  return err:find("fuzz.lua", 1, true) and not err:find("bad argument", 1, true) or V.meddled
    and what ~= nil and not err:find("bad argument", 1, true)
end

-- An object whose fields are functions of the fuzzer's is another at each look.
local function prints(args)
  local out = {}
  for i = 1, args.n do
    local text = W.print(args[i])
    out[i] = text ~= nil and W.print(args[i]) == text and text
  end
  return out
end

local function changed(args, before)
  for i = 1, args.n do
    local is_excused = V.hooked and rawequal(args[i], args[1])
    if before[i] and not is_excused and W.print(args[i]) ~= before[i] then
      return ("argument %d was %s, is %s"):format(i, before[i], tostring(W.print(args[i])))
    end
  end
end

local function note(report, what, text, is_change)
  text = text:gsub("0x%x+", "0x"):gsub("%d%d+", "N")
  local key = what .. " -> " .. text:sub(1, 600)
  if not report.seen[key] then
    report.seen[key] = true
    report[#report + 1] = key
    report.findings[#report.findings + 1] = {
      key = key, what = what, is_change = is_change, round = R.round.n,
    }
  end
end

local function keep(result)
  local kind = type(result)
  if (kind == "userdata" and #V.objects < 90) or (kind == "function" and V.chance(10)) then
    V.objects[#V.objects + 1] = result
    R.name(result, "r" .. R.round.n)
  end
end

-- Runs a call while one of its first allocations is refused, sometimes.
local function short_of_memory(run)
  return function()
    snn._debug.fail_at(V.rng(60), V.rng(3))
    local ok, result = pcall(run)
    snn._debug.fail_at(0)
    if not ok then error(result, 0) end
    return result
  end
end

local function write_log(log, what)
  if not log then return end
  log:write(R.round.n, "\t", what, "\t", table.concat(R.round.chosen, " "), "\n")
  log:flush()
end

-- One round; the log has it before it runs, with what it has chosen by then.
local function round(report, options)
  V.meddled, V.hooked = false, false
  local what, args, run = V.pick(ACTIONS)()
  R.round.what = what
  if options.is_told then R.round.given = require("spec.fuzz.reduce").given(args, R.name_of) end
  write_log(options.file, what)
  local before = prints(args)
  if options.is_short then run = short_of_memory(run) end
  local ok, result = pcall(run)
  write_log(options.file, what) -- and what callbacks have chosen
  if ok then return keep(result) end
  report.errors = report.errors + 1
  local _, text = pcall(tostring, result)
  text = tostring(text)
  R.round.text = text
  if not is_fine(result, what) then note(report, what, text) end
  if not V.meddled then
    local change = changed(args, before)
    if change and not V.meddled then note(report, what, text .. "; " .. change, true) end
  end
end

local WORLD <const>, REVIVED <const> = 200, 50 -- rounds with the same objects, without others

-- Round n of a run of that seed, with new objects where it is time for them;
-- `noted`: the objects that it has chosen.
local function round_of(report, seed, n, options, noted)
  local world = (n - 1) // WORLD + 1
  if world ~= report.world then
    report.world, R.round = world, nil
    W.make(options.guards, seed, world)
  end
  if n % REVIVED == 0 then W.revive() end
  R.begin(n, noted)
  V.seed_at(seed, n)
  snn.manual_seed(n)
  round(report, options)
end

local COLLECTORS = {
  generational = function() collectgarbage("generational") end,
  eager = function() collectgarbage("incremental", 10, 1000, 1) end,
}

local function start(options)
  if COLLECTORS[options.gc] then COLLECTORS[options.gc]() end
  if options.log then options.file = io.open(options.log, "w") end
  return { findings = {}, seen = {}, errors = 0, rounds = R.rounds }, W.drop()
end

local function finish(report, live, options)
  R.round = nil
  report.left = W.drop() - live
  os.remove(scratch)
  if options.file then options.file:close() end
  return report
end

--- Runs `rounds` actions; the report is a list of what is wrong, with its `findings`, the
--- count of all `errors` and of the engine's blocks that are `left`.
function F.run(seed, rounds, options)
  local report, live = start(options or {})
  for n = 1, rounds do round_of(report, seed, n, options or {}) end
  return finish(report, live, options or {})
end

--- Runs some rounds again, { n, names of the objects that it chose }, and calls
--- told(round) after each.
function F.replay(seed, rounds, options, told)
  options.is_told = true
  local report, live = start(options)
  for _, entry in ipairs(rounds) do
    round_of(report, seed, entry[1], options, entry[2])
    told(R.round)
  end
  return finish(report, live, options)
end

--- What the environment asks for.
function F.options()
  return {
    guards = true, log = os.getenv "SNN_FUZZ_LOG", gc = os.getenv "SNN_FUZZ_GC",
    is_short = os.getenv "SNN_FUZZ_SHORT" == "1", with = os.getenv "SNN_FUZZ_WITH",
  }
end

local function print_report(report, seed, options)
  table.sort(report)
  for _, line in ipairs(report) do print(line) end
  for _, finding in ipairs(report.findings) do
    print(require("spec.fuzz.reduce").script(seed, report.rounds, finding, options))
  end
  print(("%d findings, %d errors, %d blocks left"):format(#report, report.errors, report.left))
end

if arg and arg[0] and arg[0]:find("fuzz/fuzz.lua", 1, true) then
  local rounds = tonumber(os.getenv "SNN_FUZZ_ROUNDS") or 20000
  local seed = tonumber(os.getenv "SNN_FUZZ_SEED") or os.time()
  warn "@off" -- random calls are warned of, and warn themselves
  print("seed", seed, "rounds", rounds)
  local options = F.options()
  local report = F.run(seed, rounds, options)
  print_report(report, seed, options)
  -- Lua forgets an object whose finalizer it has no memory to call
  os.exit(#report == 0 and (report.left == 0 or options.is_short), true)
end

return F
