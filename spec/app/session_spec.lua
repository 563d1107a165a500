-- What is typed stays: locals of the session, results, and what leaves.
local support = require "spec.support"
local typed = require "spec.app.typed"

-- what is typed, then what the last input answers
local CASES <const> = {
  { "keeps a local", "local x = 3", "x", "3" },
  { "keeps several, of one call", "local a, b, c = (function() return 1, 2 end)()", "a, b, c",
    "1\t2\tnil" },
  { "keeps a local function, which may call itself",
    "local function f(n) return n < 2 and 1 or n * f(n - 1) end", "f(5)", "120" },
  { "shares it with functions of earlier inputs", "local x = 1", "function f() return x end",
    "x = 2", "f()", "2" },
  { "shares it with functions of later inputs", "local x = 1", "local function f() x = x + 1 end",
    "f() f()", "x", "3" },
  { "makes another variable for a second local", "local x = 1", "function f() return x end",
    "local x = 2", "x, f()", "2\t1" },
  { "reads the old one in local x = x", "local x = 1", "local x = x + 1", "x", "2" },
  { "hides a global by a local without value", "x = 1", "local x", "x", "nil" },
  { "leaves the global as it is", "x = 1", "local x = 2", "_G.x", "1" },
  { "keeps constants", "local x <const> = 1", "x = 2",
    "stdin:1: attempt to assign to const variable 'x'" },
  { "keeps constants in functions", "local x <const> = 1", "function f() x = 2 end",
    "stdin:1: attempt to assign to const variable 'x'" },
  { "closes at the end of the input",
    "local x <close> = setmetatable({}, { __close = function() print 'closed' end }); print 'open'",
    "open\nclosed" },
  { "does not take locals of blocks", "do local x = 1 end", "x == nil", "true" },
  { "does not take locals of loops and functions",
    "for i = 1, 2 do local x = i end; local f = function() local y = 1; return y end; f();",
    "x, y, i", "nil\tnil\tnil" },
  { "takes several statements", "local x = 1; local y = x + 1 x = x + y", "x, y", "3\t2" },
  { "keeps what a failing input has set", "local x = 1; error 'no'; local y = 2", "x, y",
    "1\tnil" },
  { "changes a local in a loop", "local x = 0", "for i = 1, 3 do x = x + i end", "x", "6" },
  { "takes labels and goto", "local x = 0; ::again:: x = x + 1; if x < 3 then goto again end", "x",
    "3" },
  { "takes a local in front of what is in brackets", "local f = print local g (f)('a')", "a" },
  { "takes a local with an unusual end", "local x = [==[ end ]] ]==] -- local y = 1", "#x", "8" },
  { "does not show locals to other chunks", "local x = 1", "load('return x')()", "nil" },
  { "survives an _ENV of the user's", "local _ENV = { x = 1 }; x", "print(2)", "2" },
  { "survives an _ENV that is set", "_ENV = {}", "print(2)", "2" },
  { "survives what it uses being set to nil", "tostring, table, string, pcall = nil", "local x = 4",
    "x", "4" },
  { "survives globals that raise",
    "setmetatable(_G, { __index = function(_, k) error('no ' .. k, 0) end });", "local x = 1", "x",
    "1" },
  { "tells the line of what fails at its end",
    "local x <close> = setmetatable({}, { __close = function() error('no', 2) end })",
    "stdin:1: no" },
  { "takes a comment behind a statement", "local x = 2 -- x", "x -- y", "2" },
  -- results
  { "prints the last expression behind statements", "x = 5; x", "5" },
  { "prints the value of a call behind statements", "local f = math.abs; f(-2)", "2" },
  { "prints what = is in front of", "=1 + 1", "2" },
  { "prints what is returned", "return 1, 2", "1\t2" },
  { "is silent for a semicolon", "1;", "" },
  { "keeps the last result", "1 + 1;", "_ * 3", "6" },
  { "keeps all values of the last result", "1, nil, 3", "_3, _2, _1, _", "3\tnil\t1\t1" },
  { "drops the values of older results", "1, 2", "3", "_2 == nil", "true" },
  { "keeps the last result over statements", "7", "local x = 1", "_", "7" },
  { "lets a script have _", "_ = 7", "1", "_", "7" },
  { "gives _ back when the script's is gone", "_ = 7", "_ = nil", "1", "_", "1" },
  { "prints nil", "nil", "nil" },
  { "prints nothing for a call without values", "(function() end)()", "" },
  { "lets go of large results", "weak = setmetatable({}, { __mode = 'v' })",
    "weak[1] = snn.zeros(2^25); weak[1];", "_.numel;", "1;", "collectgarbage(); weak[1]", "nil" },
  -- unusual text
  { "takes a line of blanks", "   \t ", "" },
  { "takes a comment", "-- nothing", "" },
  { "takes CR LF", "local x = 1\r", "x\r", "1" },
  { "goes on in a long string", "x = [[a\nb]]; #x", "3" },
  { "goes on in a comment", "--[[ a\nb ]] 5", "5" },
  { "says at once that a string has no end", "x = 'abc", "stdin:1: unfinished string near ''abc'" },
  { "refuses a byte 0", "x\0 = 1", "stdin:1: syntax error" },
  -- prompts
  { "knows what leaves by name only", "exit = 3", "exit", "3" },
  { "has no names of its own in _G", "rawget(_G, 'exit'), rawget(_G, 'help'), rawget(_G, '_')",
    "nil\tnil\tnil" },
}

-- Runs so many sessions, each in globals that are as they were.
local SESSIONS <const> = [[
local next, setmetatable, globals, before = next, setmetatable, _G, {}
for name, value in next, globals do before[name] = value end
local function one() snn.repl() end
for _ = 1, %d do
  one()
  setmetatable(globals, nil)
  for name in next, globals do globals[name] = before[name] end
  for name, value in next, before do globals[name] = value end
end]]

---What the last input of each case is answered: all are typed to one process.
local function answer_all()
  local inputs, places = {}, {}
  for i, case in ipairs(CASES) do
    table.move(case, 2, #case - 1, #inputs + 1, inputs)
    places[i] = #inputs
    inputs[#inputs + 1] = "quit"
  end
  local path = support.file(SESSIONS:format(#CASES))
  local answers, last = typed(inputs, path), {}
  os.remove(path)
  for i, place in ipairs(places) do last[i] = answers[place] end
  return last
end

describe("a session of the prompt", function()
  local told
  lazy_setup(function() told = answer_all() end)

  for i, case in ipairs(CASES) do
    it(case[1], function()
      local text = told[i]:gsub("^(stdin:[^\n]*)\n.*", "%1") -- without what is said of it
      assert.equal(case[#case], text)
    end)
  end

  it("leaves by exit, quit and their calls", function()
    for _, word in ipairs { "exit", "quit", "exit()", "quit()", "pcall(exit); 1" } do
      local answers, code = typed { "1", word, "2" }
      assert.equal("1", answers[1])
      assert.is_nil(answers[3])
      assert.equal(0, code)
    end
  end)

  it("leaves with a code", function() assert.equal(3, select(2, typed { "quit(3)" })) end)

  it("takes lines of a megabyte", function()
    local answers = typed { "local x = '" .. ("a"):rep(1e6) .. "'", "#x" }
    assert.equal("1000000", answers[2])
  end)

  it("honours _PROMPT and _PROMPT2", function()
    local run = support.snnlua("-i", { input = "_PROMPT = 12; _PROMPT2 = '+ '\n(1\n)\n" })
    assert.equal("snn> 12+ 1\n12", run.out:gsub("^[^\n]*\n", ""), nil)
  end)
end)

describe("a script with -i", function()
  local path
  before_each(function() path = support.file() end)
  after_each(function() os.remove(path) end)

  local function after(script, inputs, arguments)
    local file = assert(io.open(path, "wb"))
    file:write(script)
    file:close()
    return typed(inputs, "-i " .. path .. " " .. (arguments or ""))
  end

  it("leaves its locals, also when it returns early", function()
    local answers = after([[#!/usr/bin/env snnlua
local a, b <const> = ..., 2
local function f() return a end
do local inner = 1 end
if a then return end
local late = 1
]], { "a, b, inner, late", "a = 5; f()", "b = 1" }, "x")
    assert.equal("x\t2\tnil\tnil", answers[1])
    assert.equal("5", answers[2])
    assert.truthy(answers[3]:find("^stdin:1: attempt to assign to const variable 'b'"))
  end)

  it("leaves its locals when it fails, and its frames", function()
    local answers, code = after([[
local a = 1
local function f(x) local y = x * 2; error("no luck") end
f(4)
local b = 2
]], { "a, b", ":locals", "y + 1" })
    assert.equal("snnlua: " .. path .. ":2: no luck", answers[0]:match("\n([^\n]*)"))
    assert.equal("1\tnil", answers[1])
    assert.truthy(answers[2]:find("x = 4\n  y = 8", 1, true))
    assert.equal("9", answers[3])
    assert.equal(0, code)
  end)

  it("may have as many locals as Lua takes", function()
    local lines = {}
    for i = 1, 199 do lines[i] = ("local v%d = %d"):format(i, i) end
    assert.equal("200", after(table.concat(lines, "\n"), { "v1 + v199" })[1])
  end)

  it("goes on to the prompt when it is no Lua", function()
    local answers = after("x = = 1", { "1" })
    assert.truthy(answers[0]:find(path .. ":1: unexpected symbol near '='", 1, true))
    assert.equal("1", answers[1])
  end)

  it("is run by :load too", function()
    after("local a = 3", {})
    assert.equal("3", typed({ ":load " .. path, "a" })[2])
    assert.equal("cannot open /none: No such file or directory", typed({ ":load /none" })[1])
  end)
end)
