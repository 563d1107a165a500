-- `:reload`: functions of a file that was edited take the old ones' places, and nothing else
-- changes.
local support = require "spec.support"
local typed = require "spec.app.typed"

local NETWORK <const> = [[
local gain = 1
layer = snn.Layer()
layer:add_neuron("out", snn.LIF { shape = { 3 }, step_time = 1, rest_v = -60, reset_v = -65,
  thresh_v = -50, refrac_t = 2, time_constant = 20 })
layer:add_connection("enc", snn.LinearDense { in_shape = { 4 }, out_shape = { 3 }, step_time = 1,
  synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 20 } })
function layer:wiring(inputs)
  return { out = inputs.enc * gain }
end
function voltages()
  local texts = {}
  for i = 1, 5 do
    layer { enc = snn.ones(1, 4):gt(0) }
    texts[i] = tostring(layer.neurons.out.voltage)
  end
  return table.concat(texts)
end
]]

-- what is tried; the file as it is loaded; as it is then; what is typed before `:reload`,
-- and behind; what the last of that answers
local CASES <const> = {
  { "takes a global function", "function f() return 1 end", "function f() return 2 end",
    {}, { "f()" }, "2" },
  { "takes a local function of the session", "local function f() return 1 end",
    "local function f() return 2 end", {}, { "f()" }, "2" },
  { "lets it call itself", "local function f(n) return n < 1 and 1 or f(n - 1) + 1 end",
    "local function f(n) return n < 1 and 100 or f(n - 1) + 1 end", {}, { "f(3)" }, "103" },
  { "takes f = function, local f = function",
    "g = function() return 1 end local h = function() return 1 end",
    "g = function() return 2 end local h = function() return 3 end", {}, { "g() + h()" }, "5" },
  { "takes fields, at any depth", "M = { a = { b = {} } } function M.a.b.f() return 1 end",
    "M = { a = { b = {} } } function M.a.b.f() return 2 end", {}, { "M.a.b.f()" }, "2" },
  { "takes fields by constants", "local M = {} M['a b'] = function() return 1 end",
    "local M = {} M['a b'] = function() return 2 end", {}, { "M['a b']()" }, "2" },
  { "takes methods, with self", "M = {} function M:f(a) return 1 end function M:g() end",
    "M = {} function M:f(a, ...) return self == M, a, ... end function M:g() return self end", {},
    { "M:g() == M, M:f(5, 6)" }, "true\ttrue\t5\t6" },
  { "keeps the variables", "local n = 0 function inc() n = n + 1 return n end",
    "local n = 0 function inc() n = n + 10 return n end", { "inc() inc()" }, { "inc(), n" },
    "12\t12" },
  { "keeps them shared by several", "local n = 0 function a() n = n + 1 end "
    .. "function b() return n end", "local n = 0 function a() n = n + 5 end "
    .. "function b() return -n end", { "a()" }, { "a() n = n + 100", "b()" }, "-106" },
  { "gives one that used none a variable of others", "local n = 7 function a() return n end "
    .. "function b() return 0 end", "local n = 7 function a() end function b() return n end", {},
    { "n = 8", "b()" }, "8" },
  { "lets go of variables that are not used", "local n = 7 function a() return n end",
    "local n = 7 function a() return 1 end", {}, { "debug.getupvalue(a, 1)" }, "" },
  { "makes a global of what is a local no more", "local n = 7 function a() return n end",
    "function a() return n end", {}, { "_G.n = 3", "a()" }, "3" },
  { "finds the old one in other variables, fields and upvalues",
    "function f() return 1 end list = { f, { f } } local g = f "
    .. "function keep() return function() return list[1] == f and g end end",
    "function f() return 2 end", { "local mine = { f }" },
    { "list[1](), list[2][1](), g(), mine[1](), keep()()()" }, "2\t2\t2\t2\t2" },
  { "finds it in metatables and coroutines",
    "local C = {} function C.__index(t, k) return k end obj = setmetatable({}, C) "
    .. "function gen() end "
    .. "co = coroutine.wrap(function(g) while true do coroutine.yield(g) end end)",
    "local C = {} function C.__index(t, k) return k .. '!' end function gen() return 4 end",
    { "co(gen)" }, { "obj.x, co() == gen, co()()" }, "x!\ttrue\t4" },
  { "finds it as a key, but for caches", "function f() end set = { [f] = 5 } "
    .. "cache = setmetatable({ [f] = 5 }, { __mode = 'k' })", "function f() end",
    { "local old = f" }, { "set[f], cache[f]" }, "5\tnil" },
  { "takes hooks that are registered by name", NETWORK .. "local function hook() said = 1 end "
    .. "layer:register_forward_hook(hook) said = 0",
    NETWORK .. "local function hook() said = 2 end",
    {}, { "layer { enc = snn.ones(1, 4):gt(0) };", "said" }, "2" },
  { "has a new local function", "function f() return 1 end",
    "local function help() return 6 end function f() return help() end", {}, { "f(), help()" },
    "6\t6" },
  { "has a new local, to be set here", "function f() return 1 end",
    "local cache = {} function f() return cache end", {}, { "f()", "cache = 3", "f()" }, "3" },
  { "has a new global function and a new method", "M = {} function f() return 1 end",
    "function g() return 7 end function M:h() return 8 end", {}, { "g(), M:h(), f()" }, "7\t8\t1" },
  { "takes constants as the file has them now", "local K <const> = 1 function f() return K end",
    "local K <const> = -2.5 function f() return K end", {}, { "f()" }, "-2.5" },
  { "takes variables that are <const>", "local K <const> = {} K.x = 1 function f() return K.x end",
    "local K <const> = {} function f() return K.x + 1 end", {}, { "K.x = 5", "f()" }, "6" },
  { "takes functions that are <const>", "local f <const> = function() return 1 end",
    "local f <const> = function() return 2 end", {}, { "f()" }, "2" },
  { "takes no others with an attribute", "local f <const> = function() return 1 end",
    "local x <close> = nil local f <const> = setmetatable({}, {})", {}, { "f()" }, "1" },
  { "takes the variables of the file's last run",
    "local n = 0 function f() n = n + 1 return n end",
    "local n = 0 function f() n = n + 100 return n end",
    { "first = f", "f() f()", "dofile(FILE)", "f()" }, { "f(), first()" }, "101\t3" },
  { "finds a new use of a variable in the last run",
    "local n = 0 function f() n = n + 1 return n end function g() return 0 end",
    "local n = 0 function f() return n end function g() return n end",
    { "first = { f, g }", "dofile(FILE)", "f()" }, { "g()" }, "1" },
  { "knows the file's lines", "function f() end", "\n\n\nfunction f()\n  error 'here' end", {},
    { "select(2, pcall(f)):match ':%d+:'" }, ":5:" },
  { "takes the last of two", "function f() return 1 end",
    "function f() return 2 end function f() return 3 end", {}, { "f()" }, "3" },
  { "runs nothing else", "runs = (runs or 0) + 1 function f() end",
    "runs = runs + 1 function f() return 2 end print 'no'", {}, { "runs, f()" }, "1\t2" },
  { "leaves what scripts have put there", "function f() return 1 end", "function f() return 2 end",
    { "before, f = f, function() return 0 end" }, { "f(), before()" }, "2\t1" },
  { "leaves C's functions alone elsewhere", "function f() return 1 end",
    "function f() return 2 end", { "f = math.abs" }, { "f(), math.abs(-3)" }, "2\t3" },
  { "takes a text that lines begin with a comment of", "#!/bin/x\nfunction f() return 1 end",
    "#!/bin/x\nfunction f() return debug.getinfo(1, 'l').currentline end", {}, { "f()" }, "2" },
  -- what fails
  { "changes nothing when the text is no Lua",
    "function f() return 1 end function g() return 1 end",
    "function f() return 2 end function g( end", {}, { "f(), g()" }, "1\t1" },
  { "changes nothing when one has no place", "function f() return 1 end",
    "function f() return 2 end function nowhere:f() end", {}, { "f()" }, "1" },
  { "changes nothing when one cannot be put there",
    "function f() return 1 end T = setmetatable({}, { __newindex = function() error 'no' end })",
    "function f() return 2 end function T.g() end", {}, { "f(), rawget(T, 'g')" }, "1\tnil" },
  { "changes nothing when a constant is set", "local K <const> = {} function f() return 1 end",
    "local K <const> = {} function f() K = 2 end", {}, { "f()" }, "1" },
  -- what is told
  { "lists the statements that did not run",
    "function f() end", "local x = 3\nfunction f()\nend\nif f then\n  f()\nend", {}, {},
    "reloaded f; 2 other statements did not run:\n  line 1: local x = 3\n  line 4: if f then …" },
  { "tells of new locals", "function f() end", "local c\nfunction f() return c end", {}, {},
    "reloaded f; 1 other statement did not run:\n  line 1: local c\n"
    .. "line 2 uses the new local 'c', which is nil until it is set here" },
  { "tells of functions that others made",
    "made = {}\nfunction make()\n  return function() return 1 end\nend\n"
    .. "for i = 1, 2 do made[i] = make() end",
    "function make()\n  return function() return 2 end\nend", {}, {},
    "reloaded make\nfunctions that other functions have made keep their code: line 3" },
  { "tells where the text is no Lua", "function f() end", "function f( end", {}, {},
    "reload: FILE:1: <name> or '...' expected near 'end'" },
  { "tells what is no holder", "function f() end", "\nfunction none.x() end", {}, {},
    "reload: line 2: none.x: 'none' is nil: it has no fields" },
  -- networks
  { "takes a wiring while the network goes on", NETWORK,
    (NETWORK:gsub("%* gain", "* gain * 0")), { "local before = voltages()",
      "state = layer.neurons.out.voltage:clone();" },
    { "state:equal(layer.neurons.out.voltage), layer.wiring == state, voltages() == before" },
    "true\tfalse\tfalse" },
  { "goes on with the same bits where nothing was edited", NETWORK, NETWORK,
    { "snap = layer:snapshot()", "local before = voltages()", "layer:restore(snap)" },
    { "voltages() == before" }, "true" },
  { "gives the wiring its old variables", NETWORK, (NETWORK:gsub("%* gain", "+ gain")),
    { "gain = 3" }, { "layer { enc = snn.zeros(1, 4):gt(0) };", "gain = 'x'",
      "select(2, pcall(layer, { enc = snn.zeros(1, 4):gt(0) })).kind ~= nil" }, "true" },
}

-- Runs so many sessions, each in globals that are as they were.
local SESSIONS <const> = [[
local before = {}
for name, value in pairs(_G) do before[name] = value end
local function one() snn.repl() end
for _ = 1, %d do
  one()
  for name in pairs(_G) do _G[name] = before[name] end
end]]

---Writes each case's files, and what is typed for it; where its last answer is.
local function write_files(dir)
  local inputs, places = {}, {}
  for i, case in ipairs(CASES) do
    local path = ("%s/%d.lua"):format(dir, i)
    for name, text in pairs { [path] = case[2], [path .. ".new"] = case[3] } do
      local file = assert(io.open(name, "wb"))
      file:write(text)
      file:close()
    end
    inputs[#inputs + 1] = ":load " .. path
    inputs[#inputs + 1] = ("FILE = %q"):format(path)
    table.move(case[4], 1, #case[4], #inputs + 1, inputs)
    inputs[#inputs + 1] = ("os.rename(%q, %q);"):format(path .. ".new", path)
    inputs[#inputs + 1] = i % 2 == 0 and ":reload" or ":reload " .. path
    table.move(case[5], 1, #case[5], #inputs + 1, inputs)
    places[i] = #inputs
    inputs[#inputs + 1] = "quit"
  end
  return inputs, places
end

describe(":reload", function()
  local told = {}

  lazy_setup(function()
    local dir = support.shell("mktemp -d").out:gsub("\n", "")
    local inputs, places = write_files(dir)
    local path = support.file(SESSIONS:format(#CASES))
    local answers = typed(inputs, path)
    os.remove(path)
    support.shell("rm -r " .. dir)
    for i, place in ipairs(places) do
      local name = ("%s/%d.lua"):format(dir, i):gsub("%p", "%%%0")
      told[i] = answers[place]:gsub(name, "FILE")
    end
  end)

  for i, case in ipairs(CASES) do
    it(case[1], function() assert.equal(case[6], told[i]) end)
  end

  it("takes functions of a module that was required", function()
    local path = support.file "local M, n = {}, 5 function M.f() return n end return M"
    local dir, name = path:match "^(.*)/(.*)$"
    local answers = typed { ("package.path = '%s/?'; mod = require '%s'"):format(dir, name),
      ("os.execute([[sed -i 's/return n/return n + 1/' %s]]);"):format(path),
      ":reload " .. dir .. "/./" .. name, "mod.f()" }
    os.remove(path)
    assert.equal("6", answers[4], answers[3])
  end)

  it("takes what waits for the prompt, and tells that it runs", function()
    local path = support.file [[
local function help() return 1 end
local function work() snn.repl() return help() end
print(work(), help())]]
    local answers = typed({ ("os.execute([[sed -i 's/return 1/return 2/' %s]]);"):format(path),
      ":reload", "help()" }, path)
    os.remove(path)
    assert.truthy(answers[2]:find("^reloaded help, work;.*\nwork runs now: that call goes on"),
      answers[2])
    assert.same({ "2", "2\t2" }, { answers[3], answers[4] })
  end)

  it("tells what it needs", function()
    local answers = typed { ":reload", ":reload /no/file.lua", ":reload spec/support.lua" }
    assert.equal("usage: :reload file (none was loaded yet)", answers[1])
    assert.equal("reload: /no/file.lua: No such file or directory", answers[2])
    assert.truthy(answers[3]:find "no function of spec/support.lua is there: :load")
  end)
end)
