-- Undeclared globals: a warning, or with --strict an error.
local support = require "spec.support"

local function quoted(name)
  return ("assignment to undeclared global '%s' in a function"):format(name)
end

describe("a global that a function assigns", function()
  ---What is said of a script in a file.
  local function said(script, options)
    local path = support.file(script)
    local run = support.snnlua((options or "") .. " " .. path)
    os.remove(path)
    return (run.err:gsub(path:gsub("%p", "%%%0"), "main")), run.code
  end

  it("warns when nothing has declared it, once, where it is assigned", function()
    local err, code = said [[
local function f() count = 1 end
f() count = nil
f()
]]
    assert.equal("Lua warning: main:1: " .. quoted "count" .. ": write 'local count', "
      .. "or set it outside first\n", err)
    assert.equal(0, code)
  end)

  it("does not when a chunk has, with nil too, or C, or where _G is named", function()
    assert.equal("", (said [[
a = 1
b = nil
load "c = 1" ()
rawset(_G, "d", 1)
for i = 1, 2 do e = i end
local function f()
  a, b, c, d, e = 1, 2, 3, 4, 5
  a = nil
  a = 1
  _G.g = 1
  _G["h" .. a] = 1
end
f()
function k() return k end
coroutine.wrap(k)()
]]))
  end)

  it("does in modules, coroutines and chunks from strings", function()
    local err = said [[
coroutine.wrap(function() a = 1 end)()
load "local function f()\nb = 1 end f()" ()
]]
    assert.truthy(err:find("main:1: " .. quoted "a", 1, true))
    assert.truthy(err:find("]:2: " .. quoted "b", 1, true))
  end)

  it("is heard, silenced and made an error as all warnings are", function()
    assert.equal("", (said "snn.warnings(false) local function f() a = 1 end f()"))
    local err, code = said [[
snn.warnings "error"
pcall(function() a = 1 end)
if a then os.exit(0) end
b()
]]
    assert.truthy(err:find("nil value (global 'b')", 1, true))
    assert.equal(1, code)
  end)

  it("is an error with --strict, and nothing is assigned", function()
    local err, code = said("local ok, e = pcall(function() a = 1 end)\n"
      .. "print(ok, e.kind, rawget(_G, 'a')) local function f() b = 2 end f()", "--strict")
    assert.truthy(err:find("^snnlua: main:2: AttributeError: " .. quoted "b"), err)
    assert.equal(1, code)
  end)

  it("may be read with --strict only when it was declared", function()
    assert.equal("", (said("a = nil; _G.b = nil print(a, b, rawget(_G, 'c')) require 'string'",
      "--strict")))
    local err = said("local count = 1 print(cuont, pirnt)", "--strict")
    assert.truthy(err:find("AttributeError: undeclared global 'cuont'\n", 1, true), err)
    err = said("pirnt(1)", "--strict")
    assert.truthy(err:find("undeclared global 'pirnt' (did you mean 'print'?)", 1, true), err)
  end)

  it("leaves the library and a whole network alone with --strict", function()
    local path = support.file [[
local layer = snn.Layer { wiring = function(_, i) return { exc = i.enc } end }
print(snn.help "snn.LIF" ~= nil, tostring(layer), snn.plot.line { 1, 2, 3 })
snn.save(arg[1], { t = snn.ones(2) })
snn.load(arg[1], { t = snn.ones(2) })
]]
    local run = support.snnlua(("--strict %s %s.st"):format(path, path))
    os.remove(path)
    os.remove(path .. ".st")
    assert.equal("", run.err)
    assert.equal(0, run.code)
  end)

  it("is a chunk's own at the prompt, and warns in functions that were typed", function()
    local err = support.snnlua("-i", { input = [[
a = 1
f = function() a, b = 2, 3 end
f()
for i = 1, 2 do c = i end
function g() return b end
local x <close> = nil; d = 1
]] }).err
    assert.equal("Lua warning: stdin:1: " .. quoted "b"
      .. ": write 'local b', or set it outside first\n", err)
  end)

  it("is a script's own under -i", function()
    local path = support.file "a = 1 local b = 2 function f() return a + b end"
    local run = support.snnlua("--strict -i " .. path, { input = "f()\nnothing\n" })
    os.remove(path)
    assert.truthy(run.out:find("3", 1, true))
    assert.truthy(run.err:find("^stdin:1: AttributeError: undeclared global 'nothing'\n"), run.err)
  end)
end)
