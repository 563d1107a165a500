-- The prompt's manners in a real terminal: banner, prompts, what stays, Ctrl-C, Ctrl-D.
local terminal = require "spec.terminal"

if not terminal.is_there() then
  it("needs tmux", function() pending "no tmux here" end)
  return
end

describe("the prompt in a terminal", function()
  local t
  setup(function()
    t = terminal.open { args = "--threads 2 --seed 7" }
    t:ready()
  end)
  teardown(function() t:close() end)

  it("begins with version, threads, seed and where help is, in at most three lines", function()
    local banner = t:screen()
    assert.truthy(banner:find("^snnlua [%d.]+ %(Lua 5.4.%d+%)\n"))
    assert.truthy(banner:find("\n2 threads, random seed 7 (", 1, true))
    assert.truthy(banner:find(":help", 1, true))
    assert.equal(3, select(2, banner:gsub("\n", "")))
  end)

  it("keeps a local over lines of a block and later inputs", function()
    t:enter "local x = 2"
    t:clear()
    t:type "local function f()\n"
    t:ready "  .."
    t:type "return x * 21 end\n"
    t:ready()
    assert.equal("42", t:enter "f()")
  end)

  it("is silent for a semicolon", function()
    assert.equal("", t:enter "x;")
    assert.truthy(t:screen():find("snn> x;\n", 1, true))
  end)

  it("drops a block at Ctrl-C and goes on", function()
    t:clear()
    t:type "for i = 1, 2 do\n"
    t:ready "  .."
    t:key "C-c"
    t:ready()
    assert.equal("2", t:enter "x")
  end)

  it("ends a loop at Ctrl-C, of which the frame can be looked at", function()
    t:clear()
    t:type "local function spin() local n = 0; while true do n = n + 1 end end print 'on' spin()\n"
    t:wait "\non"
    t:key "C-c"
    t:ready()
    assert.truthy(t:screen():find("interrupted!", 1, true))
    t:clear()
    t:type ":locals\n"
    assert.truthy(t:ready("snn [1]>"):find("\n  n = %d+"))
    t:enter(":top")
  end)

  it("opens within what is typed, and goes on at Ctrl-D", function()
    t:clear()
    t:type "local function open(a) snn.repl(); return a end open(5)\n"
    t:ready()
    assert.equal("5", t:enter "a")
    assert.truthy(t:enter(":locals"):find("^locals:\n  a = 5"))
    t:enter "a = 6"
    t:key "C-d"
    t:wait "\n6\nsnn>$"
  end)

  it("is left by Ctrl-D with a line's end", function()
    t:key "C-d"
    assert.equal(0, t:code())
    assert.truthy(t:screen():find("snn>[^\n]*\n%[ended 0%]$"))
  end)
end)

describe("the prompt in a terminal of 40 columns", function()
  it("begins with a banner of three lines, the last ones short enough", function()
    local t = terminal.open { columns = 40, args = "--threads 2" }
    t:ready()
    local lines = {}
    for line in t:screen():gmatch "[^\n]+" do lines[#lines + 1] = line end
    t:close()
    assert.same({ "2 threads, seed 0, in every run", ":help, ?name; exit or Ctrl-D leaves",
      "snn>" }, { table.unpack(lines, 2) })
  end)
end)
