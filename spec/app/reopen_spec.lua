-- A script that is run again at the prompt opens its classes again.
local support = require "spec.support"

local VERSION <const> = [[
local C = snn.class("Again", snn.%s)
C.states = { w = { of = "one", init = %d } }
function C:version() return %d end
function C:%s() return true end
%s
return C]]

--- A file with this version of the class, and what may come behind it.
local function write(path, n, behind, parent)
  local file = assert(io.open(path, "w"))
  file:write(VERSION:format(parent or "Module", n, n, "only" .. n, behind or ""))
  file:close()
end

describe("snn.class", function()
  local path, other

  before_each(function() path, other = os.tmpname(), os.tmpname() end)
  after_each(function()
    os.remove(path)
    os.remove(other)
  end)

  --- What show(...) writes at the prompt, and what is on standard error.
  local function talk(...)
    local lines = { "function show(...) print('=', ...) end", ... }
    local run = support.snnlua("-i", { input = table.concat(lines, "\n") .. "\n" })
    local told = {}
    for text in run.out:gmatch "=\t([^\n]*)" do told[#told + 1] = text end
    return told, run.err
  end

  local function again(to) return ('%s = dofile "%s"'):format(to, path) end
  local function edit() return ('assert(os.rename("%s", "%s"))'):format(other, path) end

  it("opens a class again when its script is run again", function()
    write(path, 1)
    write(other, 2)
    local told = talk(again "C", "x = C()", "show(x:version(), x.w:item())", edit(), again "D",
      "show(C == D, x:version(), x:only1(), x:only2(), x.w:item(), D().w:item())")
    assert.same({ "1\t1.0", "true\t2\ttrue\ttrue\t1.0\t2.0" }, told)
  end)

  it("leaves it as it was when the script fails", function()
    write(path, 1)
    write(other, 2, 'C.extra = 5 error("broken")')
    local told, err = talk(again "C", "x = C()", edit(), again "D",
      "show(D, x:version(), C.extra, rawget(C, 'only2'), C.states.w.init)")
    assert.truthy(err:find("broken", 1, true))
    assert.same({ "nil\t1\tnil\tnil\t1" }, told)
  end)

  it("makes another class of another parent, name or file, and in a function", function()
    write(path, 1)
    write(other, 2, nil, "LIF")
    local told = talk(again "C", ('D = dofile "%s"'):format(other), "show(C == D)", edit(),
      again "E", "show(C == E)", 'function make() return snn.class "Made" end',
      "show(make() == make())", 'for i = 1, 2 do _G["L" .. i] = snn.class "Loop" end',
      "show(L1 == L2)", 'A = snn.class "A"', 'show(A == snn.class "B")', 'show(A == snn.class "A")')
    assert.same({ "false", "false", "false", "false", "false", "true" }, told)
  end)
end)
