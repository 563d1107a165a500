-- Commands in a real terminal: Tab, Ctrl-C, an editor that takes the screen.
local support = require "spec.support"
local terminal = require "spec.terminal"

if not terminal.is_there() then
  it("needs tmux", function() pending "no tmux here" end)
  return
end

describe("a command in a terminal", function()
  local t, path
  setup(function()
    path = support.file "function f() return 1 end\n"
    t = terminal.open { args = "-i " .. path,
      env = { EDITOR = "sh -c 'sed -i s/1/2/ $0; sleep 0.1; echo edited; head -n 1'" } }
    t:ready()
  end)
  teardown(function()
    t:close()
    os.remove(path)
  end)

  it("is completed", function()
    t:clear()
    t:type ":prof"
    t:key "Tab"
    t:type "1 + 1\n"
    t:ready()
    assert.truthy(t:screen():find("snn> :profile 1 + 1\nmember ", 1, true), t:screen())
  end)

  it("ends at Ctrl-C: a program of the shell, which is told", function()
    t:clear()
    t:type ":!echo on; sleep 20\n"
    t:wait "\non"
    t:key "C-c"
    t:ready()
    assert.truthy(t:screen():find("ended by signal 2", 1, true), t:screen())
  end)

  it("ends at Ctrl-C: what is measured, with what there is", function()
    t:clear()
    t:type ":bench io.write '.'\n"
    t:wait "%.%.%."
    t:key "C-c"
    t:ready()
    local screen = t:screen():gsub("\n", "") -- the dots may end anywhere in a line
    assert.truthy(screen:find("interrupted", 1, true), screen)
  end)

  it("gives the terminal to the editor, then reloads", function()
    t:clear()
    t:type ":edit f\n"
    t:wait "\nedited"
    t:type "line\n"
    t:ready()
    assert.truthy(t:screen():find("reloaded f", 1, true), t:screen())
    assert.equal("2", t:enter "f()")
  end)
end)
