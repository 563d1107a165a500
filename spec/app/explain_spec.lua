-- What is added to an error's message: the line with carets, a hint.
local support = require "spec.support"

---What is said on standard error of an input at the prompt.
local function said(...)
  local run = support.snnlua("-i", { input = table.concat({ ... }, "\n") .. "\n",
    env = { LC_ALL = "C.UTF-8" } })
  assert.equal(0, run.code)
  return run.err
end

local HEAD = [[
local x = 1
local function inner(value)
	return value.weight.shape
end
]]

describe("an error at the prompt", function()
  local path
  before_each(function() path = os.tmpname() end)
  after_each(function() os.remove(path) end)

  local function write(text)
    local file = assert(io.open(path, "w"))
    file:write(text)
    file:close()
  end

  it("shows the line of a script and what of it is meant", function()
    write(HEAD .. "inner {}\n")
    local err = said(("dofile %q"):format(path))
    assert.truthy(err:find("(field 'weight')\n    return value.weight.shape\n"
      .. "                 ^^^^^^\nstack", 1, true), err)
  end)

  it("shows the line of an error that names nothing of it", function()
    write("local function fail() error 'no luck' end\nfail()\n")
    local err = said((":load %s"):format(path))
    assert.truthy(err:find("no luck\n    local function fail() error 'no luck' end\nstack",
      1, true))
  end)

  it("shows the lines of functions that were typed before", function()
    local err = said("f = function(n)", "  return n.a + 1 end", "g = function(n) return n end",
      "print(g(2))", "f {}")
    assert.truthy(err:find("stdin:2: .-\n    return n%.a %+ 1 end\n             %^\nstack"), err)
  end)

  it("shows the lines of a chunk from a string", function()
    local err = said([[load("local a = 1\nreturn a + nothing\n")()]])
    assert.truthy(err:find("\n    return a + nothing\n               ^^^^^^^\n", 1, true))
  end)

  it("does not show a line that stands just above, unless it points into it", function()
    assert.equal("stdin:1: bad\nstack traceback:\n\tstdin:1: in main chunk\n", said "error 'bad'")
    assert.truthy(said("snn.Lif{}"):find("\n    snn.Lif{}\n        ^^^\nstack", 1, true))
  end)

  it("points at the token that Lua stumbled over, not at the first of that name", function()
    assert.equal("stdin:2: unexpected symbol near '='\n    b = 2; c = = 3\n               ^\n",
      said("do a = 1", "b = 2; c = = 3"))
  end)

  it("counts letters, keeps tabs, and shows a part of a long line", function()
    assert.truthy(said("x = 'äö',\t1 + nothing"):find(
      "\n    x = 'äö',\t1 + nothing\n             \t    ^^^^^^^\n", 1, true))
    local err = said("x = {" .. ("1, "):rep(100) .. "1 + nothing" .. (", 1"):rep(100) .. "}")
    local line, marks = err:match("\n(    …[^\n]*…)\n([ ^]*)\n")
    assert.truthy(utf8.len(line) <= 80)
    assert.equal("nothing", line:sub(utf8.offset(line, #marks - 6), utf8.offset(line, #marks)))
  end)

  it("cuts with a sign that the terminal has", function()
    local err = support.snnlua("-i", { env = { LC_ALL = "C" }, input = "x = { 1 + nothing"
      .. (", 1"):rep(100) .. "}\n" }).err
    assert.truthy(err:find "\n    x = { 1 %+ nothing[, 1]+%-\n              %^+\n", err)
  end)

  it("leaves the line out where it is not known any more", function()
    write("function broken() return 1 + {} end\n")
    local err = said(("dofile %q"):format(path), ("os.remove %q"):format(path), "broken()")
    assert.truthy(err:find("^[^\n]*arithmetic on a table value\nstack traceback:\n"), err)
  end)

  it("tells what is wrong in a module that is no Lua", function()
    write("local a = 1\nif a != 2 then\nend\n")
    local err = said(("package.path = %q"):format(path), "require 'some_module'")
    assert.truthy(err:find("\n    if a != 2 then\n         ^\nhint: Lua writes ~= for !=\n",
      1, true), err)
  end)

  it("has :tb for all frames", function()
    local out = support.snnlua("-i", { input = "error 'bad'\n:tb\n" }).out
    assert.truthy(out:find("in function 'error'", 1, true))
  end)
end)

describe("an error of a script", function()
  it("of syntax has a hint", function()
    local path = support.file "local a = 1\nif a != 2 then end\n"
    local run = support.snnlua(path)
    os.remove(path)
    assert.equal(("snnlua: %s:2: 'then' expected near '!'\nhint: Lua writes ~= for !=\n")
      :format(path), run.err)
    assert.equal(1, run.code)
  end)

  it("is as lua5.4 tells it elsewhere", function()
    local path = support.file "local x = None + 1\n"
    local run = support.snnlua(path)
    os.remove(path)
    assert.equal(("snnlua: %s:1: attempt to perform arithmetic on a nil value (global 'None')\n"
      .. "stack traceback:\n\t%s:1: in main chunk\n\t[C]: in ?\n"):format(path, path), run.err)
  end)

  it("shows line and hint on a terminal, before the traceback", function()
    local path = support.file "local x = None + 1\n"
    local run = support.shell(("script -qec %s /dev/null"):format(
      support.quote(support.quote(support.program) .. " " .. path)))
    os.remove(path)
    assert.truthy(run.out:find("\n    local x = None + 1\r\n              ^^^^\r\n"
      .. "hint: Lua has no None: it is nil\r\nstack traceback:\r\n\t", 1, true), run.out)
  end)
end)

describe("an input that does nothing wrong", function()
  it("has a hint where a name is none", function()
    assert.equal("hint: no variable 'layr' (did you mean 'layer'?)\n", said("layer = 1", "layr"))
    assert.equal("hint: no variable 'layr' (did you mean 'layer'?)\n",
      said("local layer = 1", "print(layr)"))
    assert.equal("hint: Lua has no None: it is nil\n", said "x = None")
  end)

  it("has none where names are parameters, fields, labels or new", function()
    assert.equal("", said("layer = 1", "f = function(layr, ...) return layr end",
      "for laye in pairs {} do print(laye) end", "local layr, lyer = 1, 2", "t = { lyer = 1 }",
      "print(t.layre)", "goto layre; ::layre::", "unknown_thing = unknown_thing or 1"))
  end)
end)
