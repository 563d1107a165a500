-- What was entered at the prompt, in a file over sessions.
local support = require "spec.support"
local terminal = require "spec.terminal"

if not terminal.is_there() then
  it("needs tmux", function() pending "no tmux here" end)
  return
end

local HEADER <const> = "# history of snnlua\n"

local folder, t

local function read(path)
  local file <close> = io.open(path, "rb")
  return file and file:read "a"
end

local function write(path, text)
  local file <close> = assert(io.open(path, "wb"))
  file:write(text)
end

local function mode(path) return support.shell("stat -c %a " .. path).out:match "%d+" end

setup(function()
  folder = os.tmpname()
  os.remove(folder)
  assert(os.execute("mkdir " .. folder))
end)
teardown(function() os.execute("rm -rf " .. folder) end)

describe("the history", function()
  -- Sessions one after the other in one terminal, by a shell that starts them.
  setup(function()
    t = terminal.open { command = "bash --noprofile --norc -i", env = { PS1 = "$ " } }
    t:ready "$"
    t:type("PATH=" .. support.quote(support.program:gsub("/[^/]*$", "")) .. ":$PATH\n")
    t:ready "$"
  end)
  teardown(function() t:close() end)

  -- Starts a session: assignments of its environment, what stands before the prompt.
  local function start(env)
    t:type("clear; tmux clear-history 2>/dev/null; " .. (env or "") .. " snnlua\n")
    t:ready()
  end

  local function leave()
    t:key("C-c", "C-d")
    t:ready "$"
  end

  it("is in $XDG_STATE_HOME/snnlua, for its owner's eyes", function()
    start("XDG_STATE_HOME=" .. folder .. "/state")
    t:enter "one = 1"
    leave()
    local path = folder .. "/state/snnlua/history"
    assert.equal(HEADER .. "one = 1\n", read(path))
    assert.equal("600", mode(path))
    assert.equal("700", mode(folder .. "/state/snnlua"))
    assert.equal("700", mode(folder .. "/state"))
  end)

  it("is below ~/.local/state without that variable", function()
    start("XDG_STATE_HOME= HOME=" .. folder)
    t:enter "two = 2"
    leave()
    assert.equal(HEADER .. "two = 2\n", read(folder .. "/.local/state/snnlua/history"))
  end)

  it("has blocks as one entry, and none twice in a row", function()
    local path = folder .. "/blocks"
    start("SNNLUA_HISTORY=" .. path)
    t:paste "do\n  local s = 'a\\\\b'\nend"
    t:key "Enter"
    t:wait "end\nsnn>"
    t:enter "5"
    t:enter "5"
    t:enter ""
    leave()
    assert.equal(HEADER .. "do\\n  local s = 'a\\\\\\\\b'\\nend\n5\n", read(path))
    start("SNNLUA_HISTORY=" .. path)
    t:key("Up", "Up")
    t:wait "snn> do\n  local s = 'a\\\\b'\nend$"
    leave()
  end)

  it("loses nothing when the program is killed", function()
    local path = folder .. "/killed"
    start("SNNLUA_HISTORY=" .. path)
    t:type "os.execute 'kill -9 $PPID'\n"
    t:wait "Killed"
    t:ready "$"
    assert.equal(HEADER .. "os.execute 'kill -9 $PPID'\n", read(path))
  end)

  it("is shared by several sessions", function()
    local path = folder .. "/shared"
    local other = terminal.open { env = { SNNLUA_HISTORY = path } }
    other:ready()
    start("SNNLUA_HISTORY=" .. path)
    for i = 1, 3 do
      t:enter("a" .. i .. " = 0")
      other:enter("b" .. i .. " = 0")
    end
    leave()
    other:close()
    assert.equal(HEADER .. "a1 = 0\nb1 = 0\na2 = 0\nb2 = 0\na3 = 0\nb3 = 0\n", read(path))
  end)

  it("is kept nowhere when SNNLUA_HISTORY is empty", function()
    start("HOME=" .. folder .. "/nowhere XDG_STATE_HOME= SNNLUA_HISTORY=")
    t:enter "one = 1"
    t:key "Up"
    t:ready "snn> one = 1"
    leave()
    assert.is_nil(io.open(folder .. "/nowhere"))
  end)

  it("keeps what a cut line ends before", function()
    local path = folder .. "/cut"
    write(path, HEADER .. "whole = 1\nbro")
    start("SNNLUA_HISTORY=" .. path)
    t:enter "more = 2"
    leave()
    assert.equal(HEADER .. "whole = 1\nbro\nmore = 2\n", read(path))
  end)

  it("has ten thousand entries at most, some more for a while", function()
    local path = folder .. "/long"
    local lines = { HEADER }
    for i = 1, 12500 do lines[#lines + 1] = ("x = %d\n"):format(i) end
    write(path, table.concat(lines))
    start("SNNLUA_HISTORY=" .. path)
    t:key "Up"
    t:ready "snn> x = 12500"
    leave()
    local text = read(path)
    assert.equal(10001, select(2, text:gsub("\n", "")))
    assert.equal(HEADER .. "x = 2501\n", text:sub(1, #HEADER + 9))
    assert.equal("600", mode(path))
  end)

  -- The prompt works, says once that nothing is kept, and leaves what is there alone.
  local function refused(path, reason, before)
    start("SNNLUA_HISTORY=" .. path)
    t:type "one = 1\ntwo = 2\none + two\n"
    local screen = t:wait "\n3\nsnn>":match "not kept.*"
    leave()
    if before then assert.equal(before, read(path)) end
    screen = screen:gsub("\n", "")
    assert.truthy(screen:find(reason, 1, true), screen)
    return select(2, screen:gsub("not kept", ""))
  end

  it("is not taken from another program's file", function()
    write(folder .. "/other", "ls\ncd /tmp\n")
    assert.equal(1, refused(folder .. "/other", "not a history of snnlua", "ls\ncd /tmp\n"))
  end)

  it("is no folder", function() assert.equal(1, refused(folder, "no file")) end)

  it("tells of a place where nothing can be made", function()
    assert.equal(1, refused(folder .. "/other/history", "Not a directory"))
  end)

  it("is read where it holds bytes that are no text", function()
    local path = folder .. "/bytes"
    write(path, HEADER .. "\xff\xfe = \0 1\n#'\xff\xfe'\n\\q\\\n")
    start("SNNLUA_HISTORY=" .. path)
    t:key("Up", "Up", "Enter")
    t:wait "\n2\nsnn>"
    leave()
  end)

  it("is kept without a home", function()
    start "env -u HOME -u XDG_STATE_HOME"
    -- the user's own is taken, which may be none that can be written: a warning
    assert.truthy(t:enter("1 + 1"):find "%f[^\n\0]2$")
    leave()
  end)
end)
