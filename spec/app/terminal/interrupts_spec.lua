-- Ctrl-C at the prompt, wherever it finds the program: it gives the prompt back, and what
-- was typed before is as it was. The key is pressed in a real terminal.
local terminal = require "spec.terminal"

describe("Ctrl-C at the prompt", function()
  local t

  setup(function()
    t = terminal.open { columns = 100, rows = 30 }
    t:ready()
    t:enter "local kept = 7"
  end)

  teardown(function() t:close() end)

  -- Types a line, waits until the screen shows that it runs, presses the key; what is said.
  local function interrupted(line, shows)
    t:clear()
    t:type(line .. "\n")
    t:wait(shows or "\nbegun")
    t:key "C-c"
    local screen = t:ready()
    assert.equal("7", t:enter "kept")
    return screen
  end

  for what, line in pairs {
    ["a loop"] = "print 'begun'; while true do end",
    ["a loop that swallows errors"] = "print 'begun'; while true do pcall(error, 'x') end",
    ["a coroutine"] = "print 'begun'; coroutine.wrap(function() while true do end end)()",
    ["a measurement"] = ":time (function() print 'begun' while true do end end)()",
    ["an engine call"] = "x = snn.rand(2000, 2000); print 'begun'; while true do x:matmul(x) end",
  } do
    it("ends " .. what, function()
      assert.truthy(interrupted(line):find("Interrupt: ", 1, true))
    end)
  end

  it("ends a loop that prints", function()
    assert.truthy(interrupted("for i = 1, math.huge do print('begun', i) end", "\nbegun%s+%d+"))
  end)

  it("ends the printing of a result", function()
    t:enter "function text() print 'begun' while true do end end"
    assert.truthy(interrupted "setmetatable({}, { __tostring = text })")
  end)

  it("ends a command of the shell, and says so", function()
    local screen = interrupted(":!echo begun; sleep 60")
    assert.truthy(screen:find("ended by signal 2", 1, true), screen)
  end)

  it("drops a block that is not finished", function()
    t:clear()
    t:type "for i = 1, 3 do\n"
    t:wait "  %.%."
    t:key "C-c"
    t:ready()
    assert.equal("7", t:enter "kept")
  end)

  it("stays in the prompt that a script has opened", function()
    t:clear()
    t:type "function inside(a) snn.repl() return a end\n"
    t:type "inside(3)\n"
    t:type "print 'begun'; while true do end\n"
    t:wait "\nbegun"
    t:key "C-c"
    t:ready()
    assert.equal("3", t:enter "a")
    t:key "C-d"
    t:wait "snn> %^D?\n?.*snn>$"
    assert.equal("7", t:enter "kept")
  end)
end)
