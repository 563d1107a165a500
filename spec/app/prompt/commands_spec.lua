-- Commands of the prompt, but for `:reload` and `:profile`: what they do and tell.
local support = require "spec.support"
local typed = require "spec.app.typed"

local FILE <const> = os.tmpname()

-- what is tried, what is typed, then what the last answer is (or a pattern with `^`)
local CASES <const> = {
  -- :time
  { ":time prints the result, wall time, processors' time, bytes", ":time 1 + 1",
    "^2\n[%d.]+ %a+ wall, [%d.]+ %a+ CPU, allocated %d+ B of Lua, 0 B of tensors$" },
  { ":time counts the bytes of tensors", ":time snn.zeros(2^18);",
    "^[%d.]+ %a+ wall, .* of Lua, 1.%d MB of tensors$" },
  { ":time counts the bytes of Lua", ":time ('x'):rep(2^20);", "^.*allocated [%d.]+ MB of Lua" },
  { ":time runs statements, whose locals stay", ":time local made = 5", "made", "5" },
  { ":time keeps the result", ":time 6 * 7", "_", "42" },
  { ":time stops counting when the call fails", ":time error 'no'",
    ":time 1", "^1\n.*allocated %d+ B of Lua" },
  { ":time tells errors of what it runs", ":time error 'no'",
    "stdin:1: no\nstack traceback:\n\tstdin:1: in main chunk" },
  { ":time tells what is no Lua", ":time 1 +", "^stdin:1: unexpected symbol near" },
  { ":time needs an expression", ":time", "usage: :time expr" },
  -- :bench
  { ":bench tells median, min, spread", ":bench 1 + 1",
    "^median [%d.]+ ns a call, min [%d.]+ ns, spread [%d.]+ %% %(%d+ rounds of %d+ calls%)$" },
  { ":bench calls what is slow a few times",
    "slow = function() local t = os.clock() while os.clock() < t + 0.25 do end end",
    ":bench slow()",
    "^median [%d.]+ m?s a call, .* %(3 rounds of 1 call%)$" },
  { ":bench tells errors", ":bench error 'no'", "^stdin:1: no\n" },
  -- :who
  { ":who lists variables by name", "local zeta, Beta = snn.zeros(2, 3), 'text'", "alpha = true",
    ":who a", "name   kind     shape   dtype    bytes\n"
    .. "Beta   string   \"text\"             4 B\n"
    .. "alpha  boolean  true                    global\n"
    .. "zeta   tensor   {2, 3}  float32   24 B\n3 variables, 28 B" },
  { ":who takes a pattern", "local zeta = snn.zeros(2, 3)", ":who ^z.*a$",
    "^name .*\nzeta  tensor .*\n1 variable, 24 B$" },
  { ":who knows connections",
    "con = snn.LinearDense { in_shape = 4, out_shape = { 3 }, step_time = 1, "
    .. "synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 20 } }", ":who con",
    "^.*\ncon   LinearDense  {4} to {3} +%d+ B  global\n" },
  { ":who knows where functions stand", "local function where() end", ":who where",
    "^.*\nwhere  function  stdin:1\n" },
  { ":who tells when nothing fits", ":who nothing_like_it", "no variable fits 'nothing_like_it'" },
  { ":who tells a wrong pattern", ":who [", ":who: '[' is no pattern" },
  { ":who calls no metamethod of a script's", "mean = setmetatable({}, { __index = error, "
    .. "__len = error, __pairs = error, __tostring = error })", ":who mean",
    "^.*\nmean  table  0 fields" },
  -- :mem
  { ":mem tells all memory", ":mem", "^Lua's heap +[%d.]+ .B\ntensors and states +[%d.]+ ?.*B\n"
    .. "kept for the next ones .*\nthe process +[%d.]+ MB\nthe process at most +[%d.]+ MB$" },
  { ":mem takes nothing", ":mem all", "usage: :mem" },
  -- :set
  { ":set lists", ":set", "^threads   %d+\nseed      0\nwarnings  on\ncolor     auto$" },
  { ":set threads", ":set threads 1", "snn.get_num_threads()", "1" },
  { ":set seed", ":set seed 7", "local a = snn.rand(3); snn.manual_seed(7); "
    .. "tostring(a) == tostring(snn.rand(3))", "true" },
  { ":set seed random tells which", ":set seed random", "^seed is %d+$" },
  { ":set takes =", ":set seed = 12", "seed is 12" },
  { ":set seed tells what it takes", ":set seed 1.5",
    ":set seed: must be a whole number, got '1.5'" },
  { ":set warnings", ":set warnings error", "snn.warnings()", "error" },
  { ":set color", ":set color never", "color is never" },
  { ":set tells what holds", ":set warnings on", ":set warnings", "warnings is on" },
  { ":set tells wrong values", ":set threads many",
    ":set threads: must be a whole number from 1 on, got 'many'" },
  { ":set tells wrong words", ":set color red",
    ":set color: must be one of always, auto, never, got 'red'" },
  { ":set tells wrong names", ":set sed 1",
    ":set: there is no 'sed' (did you mean 'seed'?): threads, seed, warnings, color" },
  -- :save, :restore
  { ":save writes what can be saved, and tells what cannot",
    "local w, n, f = snn.ones(3), 5, print; net = snn.ExactNeuron { shape = 2, step_time = 1, "
    .. "rest_v = -60, thresh_v = -50 }", ":save " .. FILE,
    "saved n, net, w to FILE\nleft out, as they cannot be saved: f (function)" },
  { ":restore puts it back", "local w, n = snn.zeros(3), 1; net = snn.ExactNeuron { shape = 2, "
    .. "step_time = 1, rest_v = -60, thresh_v = -50 }; net(snn.full({ 1, 2 }, 5));",
    ":restore " .. FILE, "w:sum():item(), n, net.voltage:sum():item()", "3.0\t5\t-120.0" },
  { ":restore tells what the session has not", "local n = 1", ":restore " .. FILE,
    "restored n\nnot here, so left in the file: net, w" },
  { ":restore fails whole", "local n, w = 1, snn.zeros(4)", ":restore " .. FILE, "n", "1" },
  { ":restore tells when there is nothing of it", ":restore " .. FILE,
    ":restore: the session has none of what is in FILE: n, net, w" },
  { ":restore tells of files that are not there", ":restore /no/file",
    "restore: cannot open '/no/file': No such file or directory" },
  { ":save takes names", "local a, b, c = 1, 2, 3", ":save '" .. FILE .. "' a, b",
    "saved a, b to FILE" },
  { ":save tells what a name cannot", "local a = print", ":save " .. FILE .. " a",
    "save: 'a' is a function, which cannot be saved" },
  { ":save tells of no name", "local alpha = 1", ":save " .. FILE .. " alpa",
    ":save: there is no 'alpa' (did you mean 'alpha'?)" },
  { ":save needs something", ":save " .. FILE,
    ":save: there is nothing yet that can be saved" },
  { ":save ends at Ctrl-C, which is no reason to leave something out",
    "local big = {} for i = 1, 2e6 do big[i] = i end", "snn._debug.interrupt_after(20)",
    ":save " .. FILE, "^[^\n]*nterrupted" },
  -- the shell
  { ":! runs a command", ":!echo a; echo b", "a\nb" },
  { ":! tells the status", ":!exit 3", "exit status 3" },
  { ":! tells a signal", ":!kill -9 $$", "ended by signal 9" },
  { ":! needs a command", ":!", "usage: :!command" },
  -- :help
  { ":help of one", ":help time", ":time expr\n  wall time, CPU time, allocated bytes of a call" },
  { ":help of one that is not there", ":help tme",
    "there is no command ':tme' (did you mean ':time'?); :help lists them" },
  { ":help of another name is that of ?name", ":help snn.LIF", "^snn.LIF" },
  { "the table of commands says what is in it",
    "snn.commands", "^snn.commands: :! :bench .*:who$" },
  { "an unknown command is told all that it may be", ":re x",
    "there is no command ':re' (did you mean ':reload' or ':restore'?); :help lists them" },
  -- commands of scripts
  { "one of a script works, and is in :help",
    "snn.commands.hello = { usage = ':hello name', summary = 'greets', needs = true, "
    .. "run = function(session, rest) session.write('hello ' .. rest .. '\\n') end }",
    ":hello  you ", ":help", "^.*\n  :hello name +greets\n" },
  { "it tells its usage", ":hello", "usage: :hello name" },
  { "it is gone by nil", "snn.commands.hello = nil", ":hello x",
    "there is no command ':hello'; :help lists them" },
  { "one in the place of the prompt's own holds", "snn.commands.mem = { usage = ':mem', "
    .. "summary = 'mine', run = function(s) s.write 'mine\\n' end }", ":mem", "mine" },
  { "nil gives that back", "snn.commands.mem = nil", ":mem", "^Lua's heap" },
  { "one that fails leaves the session as it was", "snn.commands.bad = { usage = ':bad', "
    .. "summary = 'fails', run = function() error('no', 0) end }", ":bad",
    "^no\nstack traceback:\n\tstdin:1: in " },
  { "a row without run is a TypeError",
    "select(2, pcall(function() snn.commands.x = { usage = ':x', summary = 'x' } end)).message",
    "snn.commands.x: 'run' must be a function of the session and the text behind the "
    .. "name, got nil" },
  { "and one without a summary", "snn.commands.x = { usage = ':x' }",
    "^stdin:1: TypeError: snn.commands.x: 'summary' must be a text, got nil\n" },
  { "and one that is no table", "snn.commands.x = 5",
    "^stdin:1: TypeError: snn.commands.x: must be a table with usage, summary and run, "
    .. "got number 5" },
  { "and a wrong kind of completion", "snn.commands.x = { usage = ':x', summary = 'x', "
    .. "run = print, complete = 'files' }",
    "^stdin:1: TypeError: snn.commands.x: 'complete' must be 'expression', 'file' or 'name'" },
  { "and a name that cannot be typed", "snn.commands['a b'] = nil",
    "^stdin:1: TypeError: snn.commands: the name of a command is a word or one sign" },
}

-- Runs so many sessions, one for each case; what is of the process is put back.
local SESSIONS <const> = [[
local function one() snn.repl() end
for _ = 1, %d do
  one()
  for _, name in ipairs { "alpha", "net", "con", "mean", "n", "slow", "w" } do _G[name] = nil end
  snn.manual_seed(0) snn.warnings(true)
end]]

local function matches(pattern, text)
  if pattern:sub(1, 1) ~= "^" then return assert.equal(pattern, text) end
  assert.truthy(text:find(pattern), text)
end

describe("the command", function()
  local told = {}

  lazy_setup(function()
    local inputs, places = {}, {}
    for i, case in ipairs(CASES) do
      table.move(case, 2, #case - 1, #inputs + 1, inputs)
      places[i] = #inputs
      inputs[#inputs + 1] = "quit"
    end
    local path = support.file(SESSIONS:format(#CASES))
    local answers = typed(inputs, path)
    os.remove(path)
    os.remove(FILE)
    for i, place in ipairs(places) do
      told[i] = (answers[place] or "no answer"):gsub(FILE:gsub("%p", "%%%0"), "FILE")
    end
  end)

  for i, case in ipairs(CASES) do
    it(case[1], function() matches(case[#case], told[i]) end)
  end
end)

describe(":edit", function()
  ---Types inputs with an editor that is a command of the shell.
  local function edit(text, inputs, variable)
    local path = support.file(text)
    for i, input in ipairs(inputs) do inputs[i] = input:gsub("FILE", path) end
    local run = support.snnlua("-i 2>&1", { input = table.concat(inputs, "\n") .. "\n",
      env = variable })
    local out = run.out:gsub(path:gsub("%p", "%%%0"), "FILE")
    os.remove(path)
    return out
  end

  it("reloads a function's file when that has changed", function()
    local out = edit("function f() return 1 end\nfunction g() return 1 end",
      { ":load FILE", ":edit g", "g()" }, { VISUAL = "", EDITOR = "sed -i 's/1/2/'" })
    assert.truthy(out:find("snn> reloaded f, g\nsnn> 2\n", 1, true), out)
  end)

  it("tells the editor the line, where it takes one", function()
    local out = edit("\nfunction f() end", { ":load FILE", ":edit f" },
      { VISUAL = "/bin/true vi", EDITOR = "false" })
    assert.truthy(out:find("snn> not changed\n", 1, true), out)
    local dir = support.shell "mktemp -d".out:gsub("\n", "")
    support.shell(("printf '#!/bin/sh\\necho args $*' > %s/vim; chmod +x %s/vim"):format(dir, dir))
    out = edit("\nfunction f() end", { ":load FILE", ":edit f" }, { VISUAL = dir .. "/vim" })
    support.shell("rm -r " .. dir)
    assert.truthy(out:find("snn> args +2 FILE\nnot changed\n", 1, true), out)
  end)

  it("takes files, and tells what it cannot edit", function()
    local out = edit("x = 1", { ":edit FILE", ":edit print", ":edit snn.rand_like", ":edit nothing",
      "function typed() end", ":edit typed" }, { EDITOR = "sed -i 's/1/2/'", VISUAL = "" })
    for _, line in ipairs { "changed; :load FILE runs it", "'print' stands in no file: it is "
      .. "written in C", "'nothing' is neither a file nor a function of one",
      "'typed' stands in no file: it was typed" } do
      assert.truthy(out:find(line, 1, true), line .. out)
    end
  end)

  it("tells when no editor is set", function()
    local out = edit("", { ":edit FILE" }, { EDITOR = "", VISUAL = " " })
    assert.truthy(out:find(":edit: no editor is set: export EDITOR=nano", 1, true), out)
  end)
end)

describe("init.lua", function()
  ---What is answered in a process with that file.
  local function start(text, arguments, input)
    local dir = support.shell "mktemp -d".out:gsub("\n", "")
    support.shell("mkdir " .. dir .. "/snnlua")
    local file = assert(io.open(dir .. "/snnlua/init.lua", "w"))
    file:write(text)
    file:close()
    local run = support.snnlua(arguments, { input = input, env = { XDG_CONFIG_HOME = dir } })
    support.shell("rm -r " .. dir)
    return run
  end

  it("runs before the first prompt; its locals and commands stay", function()
    local run = start([[local mine = 5
snn.commands.hi = { usage = ":hi", summary = "greets", run = function(s) s.write "hi!\n" end }]],
      "-i", "mine\n:hi\n:reload\n")
    assert.truthy(run.out:find("snn> 5\nsnn> hi!\n", 1, true), run.out)
    assert.truthy(run.err:find("usage: :reload file", 1, true), run.err)
  end)

  it("may fail: that is told, and the prompt comes", function()
    local run = start("local mine = 6 error 'oh'", "-i", "mine\n")
    assert.truthy(run.err:find("init.lua:1: oh", 1, true), run.err)
    assert.truthy(run.out:find("snn> 6\n", 1, true), run.out)
  end)

  it("is not read by scripts, nor with -E", function()
    assert.equal("", start("print 'init'", "-e 'x = 1'").out)
    assert.equal("", start("print 'init'", "-", "x = 1").out)
    assert.is_nil(start("print 'init'", "-E -i", "").out:find("init\n", 1, true))
  end)
end)
