-- Editing at the prompt, in a real terminal: what keys do, what is pasted, what is kept.
local support = require "spec.support"
local terminal = require "spec.terminal"

local t

local function open(options)
  local opened = terminal.open(options)
  opened:ready()
  return opened
end

-- Another size, of which the program is told: tmux takes its time for that.
local function resize(columns)
  t:resize(columns, 24)
  local tty = t:tmux "display-message -p '#{pane_tty}'":match "%S+"
  local command = ("until [ \"$(stty -F %s size)\" = '24 %d' ]; do sleep 0.01; done")
  assert(os.execute("timeout 60 sh -c " .. support.quote(command:format(tty, columns))))
end

-- A clean line at the top of the screen.
local function fresh(on)
  on:key "C-c"
  on:key "C-c"
  on:clear()
  on:ready()
end

---Waits until the last line of the screen is this.
local function shows(line, on) return (on or t):ready(line) end

if not terminal.is_there() then
  it("needs tmux", function() pending "no tmux here" end)
  return
end

---@return string bytes what it has shown so far, after the action
local function raw(on, action)
  local path = os.tmpname()
  on:tmux("pipe-pane 'cat >" .. path .. "'")
  action()
  on:tmux "pipe-pane"
  local file <close> = assert(io.open(path))
  local bytes = file:read "a"
  os.remove(path)
  return bytes
end

setup(function() t = open() end)
teardown(function() t:close() end)

describe("the key", function()
  local WORDS <const> = {
    ["Ctrl-Left of xterm, tmux"] = { "\27[1;5D", "foo Xbar" },
    ["Alt-Left of xterm, tmux"] = { "\27[1;3D", "foo Xbar" },
    ["Ctrl-Left of rxvt"] = { "\27Od", "foo Xbar" },
    ["Ctrl-Left of old terminals"] = { "\27[5D", "foo Xbar" },
    ["Alt-Left of linux"] = { "\27\27[D", "foo Xbar" },
    ["Alt-b"] = { "\27b", "foo Xbar" },
    ["Ctrl-Right"] = { "\1\27[1;5C", "fooX bar" },
    ["Alt-Right"] = { "\1\27[1;3C", "fooX bar" },
    ["Ctrl-Right of rxvt"] = { "\1\27Oc", "fooX bar" },
    ["Alt-f"] = { "\1\27f", "fooX bar" },
    ["Home of xterm"] = { "\27[H", "Xfoo bar" },
    ["Home in its other mode"] = { "\27OH", "Xfoo bar" },
    ["Home of screen, tmux, linux"] = { "\27[1~", "Xfoo bar" },
    ["Home of rxvt"] = { "\27[7~", "Xfoo bar" },
    ["Ctrl-A"] = { "\1", "Xfoo bar" },
    ["End of xterm"] = { "\1\27[F", "foo barX" },
    ["End of screen, tmux, linux"] = { "\1\27[4~", "foo barX" },
    ["Ctrl-E"] = { "\1\5", "foo barX" },
    ["Delete"] = { "\1\27[3~", "Xoo bar" },
    ["Ctrl-D in a line"] = { "\1\4", "Xoo bar" },
    ["Shift-Left"] = { "\27[1;2D", "foo baXr" },
    ["F5"] = { "\27[15~", "foo barX" },
    ["Ctrl-K"] = { "\27b\11", "foo X" },
    ["Ctrl-W"] = { "\23", "foo X" },
    ["Ctrl-U"] = { "\27b\21", "Xbar" },
    ["Ctrl-W and Ctrl-Y"] = { "\23\1\25", "barXfoo" },
    ["Alt-Backspace"] = { "\27\127", "foo X" },
  }
  for name, case in pairs(WORDS) do
    it(("%s does what it says"):format(name), function()
      t:send("foo bar" .. case[1] .. "X")
      shows("snn> " .. case[2])
      t:key "C-c"
    end)
  end

end)

describe("a line", function()
  before_each(function() fresh(t) end)

  it("is dropped by Ctrl-C", function()
    t:type "x = = 5"
    t:key "C-c"
    t:ready()
    assert.truthy(t:screen():find("x = = 5\nsnn>", 1, true))
  end)

  it("and its block are dropped by Ctrl-C", function()
    t:type "for i = 1, 2 do\nprint(i)\n"
    t:key "C-c"
    t:ready()
    assert.equal("7", t:enter "3 + 4")
  end)

  it("stays when Ctrl-L clears the screen", function()
    t:type "1\n"
    t:wait "\n1\n"
    t:type "abc"
    t:key "C-l"
    t:wait "\n1\nsnn> abc\n?.*snn> abc$" -- what has scrolled away comes before
    assert.equal("snn> abc", t:screen())
  end)
end)

describe("a block", function()
  before_each(function() fresh(t) end)

  it("comes back whole and is edited", function()
    t:type "for i = 1, 2 do\nprint('n', i)\nend\n"
    t:wait "n\t?%s+2\nsnn>"
    fresh(t)
    t:key "Up"
    shows "end"
    t:key("Up", "C-e", "BSpace")
    t:type ", i + 7)"
    t:key "Enter"
    t:wait "n%s+1%s+8\nn%s+2%s+9\nsnn>"
  end)

  it("is left upwards for the entry before, and comes back", function()
    t:type "first = 1\ndo\nlocal a = 1\nend\n"
    t:ready()
    fresh(t)
    t:key("Up", "Up", "Up", "Up")
    shows "snn> first = 1"
    t:key "Down"
    shows "end"
    t:key "Down"
    t:ready()
  end)

  it("takes a newline by Alt-Enter", function()
    t:type "do"
    t:send "\27\r"
    t:type "print(40 + 2) end\n"
    t:wait "\n42\nsnn>"
  end)

  it("is found by Ctrl-R", function()
    t:type "if true then\nlocal needle = 1\nend\n"
    t:ready()
    t:enter "other = 2"
    fresh(t)
    t:key "C-r"
    t:type "needle"
    t:wait "local needle = 1\nend"
    t:key "C-c"
  end)

  it("indents the next line, and less so what ends it", function()
    for line in ("for i = 1, 2 do;if i then;print(i);end"):gmatch "[^;]+" do
      t:type(line .. "\n")
      t:wait(line:gsub("%p", "%%%0") .. "\n  %.%.$")
    end
    t:type "end\n"
    t:ready()
    assert.truthy(t:screen():find([[
  ..   if i then
  ..     print(i)
  ..   end
  .. end
1
2]], 1, true))
  end)

  it("lets the indentation be deleted", function()
    t:type "do\n"
    t:wait "do\n  %.%.$"
    t:key("BSpace", "BSpace")
    t:type "x"
    shows "  .. x"
  end)

  it("does not indent in a string", function()
    t:type "  text = [[\n"
    t:wait "%[%[\n  %.%.$"
    t:type "a]] #text\n"
    t:wait "\n1\nsnn>"
  end)
end)

describe("Tab", function()
  before_each(function() fresh(t) end)

  it("puts in the only candidate, with what comes behind it", function()
    t:type "xpca"
    t:key("Home", "Delete")
    t:key("Right", "Right", "Right", "Tab")
    shows "snn> pcall("
  end)

  it("does so in the middle of a line", function()
    t:type "f = tostr + 1"
    t:key("Left", "Left", "Left", "Left", "Tab")
    shows "snn> f = tostring( + 1"
  end)

  it("puts in what all candidates begin with, then lists them", function()
    t:type "some_1, some_2 = 1, 2\nso"
    t:key "Tab"
    shows "snn> some_"
    t:key "Tab"
    t:wait "some_1  1\nsome_2  2\nsnn> some_$"
  end)

  it("tells what candidates are in rows, also of the only one", function()
    t:type "snn.LIF { thresh"
    t:key "Tab"
    t:wait "\nthresh_v  mV  [^\n]+\nsnn> snn.LIF { thresh_v =$"
  end)

  it("lists a screenful at most", function()
    t:type "snn."
    t:key "Tab"
    local screen = t:wait "… and %d+ more\nsnn> snn%.$"
    assert.equal(23, select(2, screen:gsub("\n", "")))
  end)

  it("knows the lines before", function()
    t:type "for a_long_name = 1, 2 do\n"
    t:wait "do\n  %.%.$"
    t:type "print(a_lo"
    t:key "Tab"
    shows "  ..   print(a_long_name"
  end)

  it("is two spaces where a line begins", function()
    t:key "Tab"
    t:type "5"
    shows "snn>   5"
  end)

  it("leaves the line as it was where nothing fits", function()
    t:type "zzzz("
    t:key "BSpace"
    t:key "Tab"
    t:type "1"
    shows "snn> zzzz1"
  end)
end)

describe("what is pasted", function()
  before_each(function() fresh(t) end)

  it("runs as one input and is one entry", function()
    t:paste "local a = 1\nlocal b = 2\n\tprint(a + b, 'sum')\n"
    t:wait "'sum'%)$"
    t:key "Enter"
    t:wait "3%s+sum\nsnn>"
    fresh(t)
    t:key "Up"
    t:wait "snn> local a = 1\nlocal b = 2\n%s+print"
  end)

  it("keeps tabs and indentation", function()
    t:paste "#[[\ta\n    b]]"
    t:key "Enter"
    t:wait "\n8\nsnn>"
  end)

  it("has newlines where CR or CRLF was", function()
    t:send "\27[200~#[[a\rb\nc]]\n\27[201~\r"
    t:wait "\n5\nsnn>"
    t:send "\27[200~#[[a\r\nb\r\n\r\nc]]\r\n\27[201~\r"
    t:wait "\n6\nsnn>"
  end)

  it("is no key", function()
    t:send "\27[200~#'\26\28\4\1\19\27\27[A'\27[201~\r"
    t:wait "\n9\nsnn>"
  end)

  it("goes where the cursor is", function()
    t:type "print()"
    t:key "Left"
    t:paste "6 * 7"
    shows "snn> print(6 * 7)"
    t:key "Enter"
    t:wait "\n42\nsnn>"
  end)

  it("is broken off by Ctrl-C where it does not end", function()
    t:send "\27[200~for ever"
    t:send "\3"
    t:wait "snn>\nsnn>"
    assert.equal("7", t:enter "3 + 4")
  end)

  it("is quick with ten thousand lines", function()
    local lines = { "sum = 0\n" }
    for i = 1, 10000 do lines[#lines + 1] = ("sum = sum + %d -- a line\n"):format(i) end
    local started = os.time()
    t:paste(table.concat(lines) .. "sum")
    t:key "Enter"
    t:wait "50005000\nsnn>"
    assert.truthy(os.time() - started < 10)
  end)

  it("is not announced while code runs", function()
    t:type "io.read()\n"
    t:paste "plain\n"
    t:wait "\nplain\nplain\nsnn>"
  end)
end)

describe("text", function()
  before_each(function() fresh(t) end)

  it("of all letters is edited in its columns", function()
    t:type "grüße 中文 🙂"
    t:wait "🙂"
    assert.equal(5 + 5 + 1 + 4 + 1 + 2, (t:cursor()))
    t:key("Left", "Left", "BSpace")
    shows "snn> grüße 中 🙂"
    assert.equal(5 + 5 + 1 + 2, (t:cursor()))
  end)

  it("has letters of several characters in their columns", function()
    t:type "#'e\u{301}x\u{2764}\u{FE0F}'"
    t:key "Left"
    t:type "y"
    t:wait "y'$"
    assert.equal(5 + 2 + 2 + 1 + 1, (t:cursor()))
    t:key "Enter"
    t:wait "\n11\nsnn>"
  end)

  it("keeps bytes that are none", function()
    t:send "print(('\xff\xe2\x82x\xc3\xa9'):byte(1, -1))\r"
    t:wait "255%s+226%s+130%s+120%s+195%s+169"
  end)

  it("is wrapped and edited over several rows, at each width", function()
    for _, columns in ipairs { 40, 100, 80 } do
      resize(columns)
      fresh(t)
      local long = ("x"):rep(2 * columns)
      t:type("#'" .. long .. "'")
      t:key("Home", "Right", "Right")
      t:type "abc"
      t:key "Enter"
      t:wait("\n" .. 2 * columns + 3 .. "\nsnn>")
    end
  end)

  it("stays when the size changes in a line", function()
    t:type("#'" .. ("x"):rep(60))
    resize(40)
    t:type "yy"
    resize(100)
    t:type "zz'"
    t:wait "yyzz'"
    t:key "Enter"
    t:wait "\n64\nsnn>"
    resize(80)
  end)

  it("may have a prompt of several lines, in colour", function()
    t:type "_PROMPT = 'two\\n\\27[32mlines> \\27[0m'\n"
    t:ready "lines>"
    t:type "_PROMPT = nil\n"
    t:wait "two\nlines> _PROMPT = nil\nsnn>$"
  end)

  it("begins in a row of its own behind what has no line's end", function()
    t:type "io.write('abc')\n"
    t:wait "\nabc.*\nsnn>"
  end)
end)

describe("the terminal", function()
  it("is told when a line begins and ends", function()
    fresh(t)
    local bytes = raw(t, function() t:enter "12" end)
    assert.truthy(bytes:find("\27[?2004l12\r", 1, true))
    assert.truthy(bytes:find("\27%[%?2004h.-snn>"))
  end)

  -- The program in a shell that says afterwards how the terminal is.
  local function ended_by(line)
    local shell = terminal.open {
      command = ("sh -c %s"):format(support.quote(
        support.quote(support.program) .. "; echo [code $?]; stty -a")),
    }
    shell:ready()
    shell:type(line)
    local screen = shell:wait "%[ended"
    shell:close()
    for _, flag in ipairs { "icanon", "echo", "isig", "icrnl", "ixon" } do
      assert.truthy(screen:find("%s" .. flag .. "%f[%s]"), flag)
    end
    return screen:match "%[code (%d+)%]"
  end

  it("is as it was after os.exit", function() assert.equal("7", ended_by "os.exit(7)\n") end)

  it("is as it was after a signal while a line is read", function()
    local kill = 'os.execute "(sleep 0.3; kill -TERM $PPID) &"\nabc'
    assert.equal("143", ended_by(kill))
  end)

  it("goes to the shell by Ctrl-Z, and back by fg", function()
    local shell = terminal.open { command = "bash --noprofile --norc -i", env = { PS1 = "$ " } }
    shell:ready "$"
    shell:type(support.program .. "\n")
    shell:ready()
    shell:type "6 * "
    shell:key "C-z"
    shell:wait "Stopped"
    shell:ready "$"
    shell:type "fg\n"
    shell:ready "snn> 6 *"
    shell:type "7\n"
    shell:wait "\n42\nsnn>"
    shell:close()
  end)
end)

describe("~/.editrc", function()
  -- A session in a home with this file.
  local function at_home(text)
    local home = os.tmpname()
    os.remove(home)
    assert(os.execute("mkdir " .. home))
    local file <close> = assert(io.open(home .. "/.editrc", "w"))
    file:write(text)
    file:close()
    local session = open { env = { HOME = home, SNNLUA_HISTORY = "" } }
    os.execute("rm -r " .. home)
    return session
  end

  it("wins over the prompt's own keys", function()
    local session = at_home 'bind "^W" ed-move-to-beg\n'
    session:type "foo bar"
    session:key "C-w"
    session:type "X"
    session:ready "snn> Xfoo bar"
    session:close()
  end)

  it("may be broken", function()
    local session = at_home 'bind "^W" no-such-thing\nnonsense\n\xff\xfe\n'
    assert.equal("7", session:enter "3 + 4")
    session:close()
  end)

  it("may ask for vi's keys, where pasting and Tab work", function()
    local session = at_home "bind -v\n"
    session:paste "print(\n5)"
    session:wait "5%)$"
    session:key "Enter"
    session:wait "\n5\nsnn>"
    session:type "tostr"
    session:key "Tab"
    session:ready "snn> tostring("
    session:key "Escape"
    session:type "0x"
    session:ready "snn> ostring("
    session:key "C-c"
    session:type "3 + 4\n"
    session:wait "\n7\nsnn>"
    session:close()
  end)
end)

describe("without a terminal that can be edited in", function()
  for name, command in pairs {
    ["TERM=dumb"] = "TERM=dumb %s",
    ["no TERM"] = "env -u TERM %s",
    ["output into a pipe"] = "%s | tee -i /dev/null",
  } do
    it(("lines are read plainly: %s"):format(name), function()
      local program = command:format(support.quote(support.program))
      local session = terminal.open {
        command = "sh -c " .. support.quote("trap : INT; read go; " .. program),
      }
      local bytes = raw(session, function()
        session:type "\ndo\nprint(40 + 2)\nend\n"
        session:wait "42"
        session:type "x ="
        session:key "C-c"
        session:type "5 + 5\n"
        session:wait "10"
        session:key "C-d"
        session:wait "%[ended"
      end)
      session:close()
      assert.is_nil(bytes:find "\27")
    end)
  end

  it("nothing is said to one that is none", function()
    local run = support.snnlua("-i", { input = "1 + 1\n" })
    assert.is_nil((run.out .. run.err):find "\27")
  end)
end)
