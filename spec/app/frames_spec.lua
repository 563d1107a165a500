-- What is kept of an error at the prompt, and snn.repl().
local support = require "spec.support"
local typed = require "spec.app.typed"

local FAIL <const> = "local up = 7; function fail(a, ...) local b = a * 2; "
  .. "error('no ' .. up) end; local function call() local c = 1; fail(2, 'v'); return c end"

describe("an error at the prompt", function()
  it("is told with the script's own frames, without those of C and of the prompt", function()
    assert.equal("stdin:1: no 7\nstack traceback:\n\tstdin:1: in function 'fail'\n"
      .. "\tstdin:1: in local 'call'\n\tstdin:1: in main chunk", typed({ FAIL, "call()" })[2])
  end)

  it("has all frames in :tb", function()
    assert.equal("stdin:1: no 7\nstack traceback:\n\t[C]: in function 'error'\n"
      .. "\tstdin:1: in function 'fail'\n\tstdin:1: in local 'call'\n\tstdin:1: in main chunk",
      typed({ FAIL, "call()", ":tb" })[3])
  end)

  it("shows names and values of its frames", function()
    local answers = typed { FAIL, "call()", ":locals", ":up", ":locals", ":up", ":up", ":down" }
    assert.equal("stdin:1: in function 'fail'\nlocals:\n  a = 2\n  b = 4\nupvalues:\n  up = 7\n"
      .. '  (vararg 1) = "v"', answers[3])
    assert.equal("stdin:1: in local 'call'", answers[4])
    assert.equal("stdin:1: in local 'call'\nlocals:\n  c = 1", answers[5])
    assert.equal("stdin:1: in main chunk", answers[6])
    assert.equal("stdin:1: in main chunk (the outermost)", answers[7])
    assert.equal("stdin:1: in local 'call'", answers[8])
  end)

  it("has inputs evaluated in the frame that was chosen", function()
    local answers = typed { FAIL, "call()", ":locals", "a, b, ...", "b = 9", "b", "up = 8",
      ":top", "up, b", "call()", "1" }
    assert.equal("2\t4\tv", answers[4])
    assert.equal("9", answers[6])
    assert.equal("8\tnil", answers[9])
    assert.truthy(answers[10]:find("^stdin:1: no 8\n"))
    assert.equal("1", answers[11])
  end)

  it("keeps the frames below calls of the engine", function()
    local answers = typed { [[do local l = snn.Layer { wiring = function(_, i) local w = 9
      error "in a wiring" end }
    l:add_connection("enc", snn.LinearDense { in_shape = 2, out_shape = 2, step_time = 1,
      synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 100 } })
    l:add_neuron("exc", snn.LIF { shape = 2, step_time = 1, rest_v = -65, reset_v = -60,
      thresh_v = -52, refrac_t = 3, time_constant = 20 })
    function step() local s = 3; return (l { enc = snn.ones(1, 2) }) end end]],
      "step()", ":locals", "w", ":up", "s" }
    assert.truthy(answers[2]:find("in a wiring", 1, true))
    assert.equal("9", answers[4])
    assert.truthy(answers[5]:find("in function 'step'", 1, true))
    assert.equal("3", answers[6])
  end)

  it("keeps the frames of coroutines", function()
    local answers = typed {
      "co = coroutine.wrap(function() local i = 1; coroutine.wrap(function() local j = 2; "
        .. "error({}) end)() end)",
      "co()", ":locals", "j", ":up", "i",
      "assert(coroutine.resume(coroutine.create(function(k) error 'x' end), 3))", ":locals", "k" }
    assert.equal("2", answers[4])
    assert.equal("1", answers[6])
    assert.equal("3", answers[9])
  end)

  it("is bounded in a recursion without end", function()
    local answers = typed { "function r(n) return 1 + r(n + 1) end", "r(1)", ":up", ":tb", "1" }
    assert.truthy(answers[2]:find("stack overflow", 1, true))
    assert.truthy(answers[2]:find("more levels: `:tb` shows all", 1, true))
    assert.truthy(#answers[4] < 10000)
    assert.equal("1", answers[5])
  end)

  it("may have any value", function()
    local answers = typed { "error()", "error(12)", "error({})", "error(true)",
      "error(setmetatable({}, { __tostring = function() return 'told' end }))",
      "error(setmetatable({}, { __tostring = function() error 'no' end }))", "1" }
    for i, text in ipairs { "(error object is a nil value)", "12",
      "(error object is a table value)", "(error object is a boolean value)", "told",
      "(error object is a table value)" } do
      assert.equal(text, answers[i]:match("^[^\n]*"))
    end
    assert.equal("1", answers[7])
  end)

  it("is kept until the next one, and then let go", function()
    assert.equal("true\tfalse", typed({
      "weak = setmetatable({}, { __mode = 'k' })",
      "function f() local t = {}; weak[t] = true; error 'a' end", "f()",
      "collectgarbage(); before = next(weak) ~= nil", "error 'b'",
      "collectgarbage(); before, next(weak) ~= nil" })[6])
  end)

  it("is not what a command has said", function()
    local answers = typed { FAIL, "call()", ":nonsense", ":locals", ":load", "a" }
    assert.equal("there is no command ':nonsense'; :help lists them", answers[3])
    assert.equal("2", answers[6])
  end)
end)

describe("a command", function()
  it("of a script is run with what is behind its name", function()
    local answers = typed { [[snn.commands.twice = { usage = ":twice x", summary = "two times",
      run = function(session, rest) session.write(session:eval(rest) * 2 .. "\n") end }]],
      "local x = 4", ":twice x + 1", ":help", ":twice nil", ":twi x" }
    assert.equal("10", answers[3])
    assert.truthy(answers[4]:find(":twice x +two times"))
    assert.truthy(answers[5]:find("attempt to perform arithmetic on a nil value", 1, true))
    assert.equal("there is no command ':twi' (did you mean ':twice'?); :help lists them",
      answers[6])
  end)

  it("is told by :help in lines of a terminal", function()
    for line in typed({ ":help" })[1]:gmatch("[^\n]+") do
      assert.truthy(utf8.len(line) <= 80, line)
    end
  end)
end)

describe("snn.repl", function()
  local path
  before_each(function() path = support.file() end)
  after_each(function() os.remove(path) end)

  local function within(script, inputs)
    local file = assert(io.open(path, "wb"))
    file:write(script)
    file:close()
    return typed(inputs, path)
  end

  local SCRIPT <const> = [[
local up = 5
local function f(a, ...)
  local b = a * 2
  local function g() return b end
  snn.repl()
  print(a, b, g(), up)
end
f(3, "v")
]]

  it("has the caller's locals, upvalues and varargs, and changes them", function()
    local answers, code = within(SCRIPT, { "a, b, up, ...", "b = 10", "b, g()", "up = 6",
      "function h() return b end", "for i = 1, 2 do b = b + i end", "h()", "exit" })
    assert.equal("3\t6\t5\tv", answers[1])
    assert.equal("10\t10", answers[3])
    assert.equal("13", answers[7])
    assert.equal("3\t13\t13\t6", answers[8])
    assert.equal(0, code)
  end)

  it("has locals of its own, which the script does not see", function()
    local answers = within(SCRIPT, { "local b = 1", "b" })
    assert.equal("1", answers[2])
    assert.equal("3\t6\t6\t5", answers[3])
  end)

  it("goes on after errors", function()
    local answers = within(SCRIPT, { "error 'x'", "a" })
    assert.equal("3", answers[2])
  end)

  it("works in coroutines and in a prompt", function()
    local answers = typed { "local v = 1",
      "co = coroutine.wrap(function() local c = 2; snn.repl(); return c end)", "co()", "c = 7",
      "exit",
      "snn.repl()", "v = v + 1", "exit", "v" }
    assert.equal("7", answers[5])
    assert.equal("2", answers[9])
  end)

  it("ends the program by a code", function()
    assert.equal(4, select(2, within(SCRIPT, { "quit(4)" })))
  end)

  it("needs the program", function()
    local result = support.stock "print(pcall(require 'snn'.repl))"
    if not result then return end
    assert.truthy(result.out:find("RuntimeError: repl: the prompt is part of the program snnlua",
      1, true))
  end)
end)
