local support = require "spec.support"

local snnlua = support.snnlua

describe("a script", function()
  local path

  ---Runs a script file of this text.
  local function run(text, arguments, options)
    local file = assert(io.open(path, "w"))
    file:write(text)
    file:close()
    return snnlua(path .. " " .. (arguments or ""), options)
  end

  before_each(function() path = support.file() end)
  after_each(function() os.remove(path) end)

  it("finds snn as a global and by require, the same table", function()
    assert.equal("true\n", run([[print(snn == require "snn" and snn == package.loaded.snn)]]).out)
  end)

  it("has its arguments in ... and in arg", function()
    local result = run("print(select('#', ...), ...) print(#arg, arg[1], arg[2])", "a 'b c'")
    assert.equal("2\ta\tb c\n2\ta\tb c\n", result.out)
  end)

  it("finds itself and what stands before it in arg[0] and below", function()
    local file = assert(io.open(path, "w"))
    file:write("print(arg[0], arg[-1], arg[-2], arg[-3] ~= nil, arg[-4])")
    file:close()
    assert.equal(path .. "\tx=1\t-e\ttrue\tnil\n", snnlua("-e x=1 " .. path).out)
  end)

  it("may begin with a line for the shell", function()
    assert.equal("1\n", run("#!/usr/bin/env snnlua\nprint(1)").out)
  end)

  it("is read from standard input without arguments and for -", function()
    assert.equal("1\n", snnlua("", { input = "print(1)" }).out)
    assert.equal("a\n", snnlua("- a", { input = "print(...)" }).out)
  end)

  it("that is not there is an error", function()
    local result = snnlua("no_such_script.lua")
    assert.equal(1, result.code)
    assert.truthy(result.err:find("^snnlua: cannot open no_such_script.lua"))
  end)

  context("that ends", function()
    it("gives the exit code 0", function() assert.equal(0, run("local x = 1").code) end)

    it("gives the exit code of os.exit", function()
      assert.equal(7, run("os.exit(7)").code)
      assert.equal(3, run("os.exit(3, true)").code)
      assert.equal(0, run("os.exit(true)").code)
      assert.equal(1, run("os.exit(false)").code)
    end)

    it("closes what is to be closed", function()
      local result = run("setmetatable({}, { __gc = function() print('closed') end })")
      assert.equal("closed\n", result.out)
    end)
  end)

  context("that fails", function()
    it("gives the exit code 1, from a file and from standard input", function()
      assert.equal(1, run("error('x')").code)
      assert.equal(1, snnlua("-", { input = "error('x')" }).code)
      assert.equal(1, snnlua("", { input = "error('x')" }).code)
      assert.equal(1, snnlua("", { input = "x = = 1" }).code)
    end)

    it("prints what the stock interpreter prints", function()
      local text = "local function f()\n  local x = nil + 1\nend\nf()\n"
      local ours = run(text)
      local stock = support.shell("lua5.4 " .. path)
      assert.equal((stock.err:gsub("^lua5.4:", "snnlua:")), ours.err)
      assert.equal(stock.code, ours.code)
    end)

    it("names its own line for an error of the library", function()
      local result = run("local t = 1\n\nsnn.zeros('x')\n")
      assert.equal(("snnlua: %s:3: TypeError: "):format(path),
        result.err:match("^snnlua: .-:3: TypeError: "))
      assert.truthy(result.err:find("\n\t" .. path .. ":3: in main chunk", 1, true))
    end)

    it("prints an object with __tostring and a traceback", function()
      local result = run(
        "error(setmetatable({}, { __tostring = function() return 'my text' end }))")
      assert.truthy(result.err:find("^snnlua: my text\nstack traceback:\n"))
    end)

    it("says what kind of value an error without text is", function()
      assert.truthy(run("error({})").err:find("^snnlua: %(error object is a table value%)\n"))
      assert.truthy(run("error(nil)").err:find("^snnlua: "))
    end)

    it("survives a __tostring that fails", function()
      local result = run("error(setmetatable({}, { __tostring = function() error('again') end }))")
      assert.equal(1, result.code)
      assert.truthy(result.err:find("^snnlua: "))
    end)

    it("survives a recursion without end", function()
      local result = run("local function f() return 1 + f() end f()")
      assert.equal(1, result.code)
      assert.truthy(result.err:find("stack overflow", 1, true))
    end)
  end)

  it("is stopped by an interrupt with its line", function()
    local result = support.shell(([[%s -e 'io.stdout:write("go\n"):flush() while true do end' &
      pid=$!; sleep 0.3; kill -INT $pid; wait $pid]]):format(support.quote(support.program)))
    assert.equal(130, result.code)
    assert.truthy(result.err:find("^snnlua: %(command line%):1: Interrupt: interrupted!\n"
      .. "stack traceback:\n"))
  end)

  -- escapes, in a token, a key, a message; lines, tabs and letters stay
  it("writes errors without control bytes", function()
    local letters = ("\u{e4}"):rep(600)
    for text, wanted in pairs {
      ['local x = 1 "\27[31ma\7" 2'] = [[near '"\x1B[31ma\a"']],
      ['local t = {} t["\27[31m"]()'] = [[(field '\x1B[31m')]],
      ['error("\\27]0;x\\7 a\\n\\tb\\xFF")'] = "\\x1B]0;x\\a a\n\tb\\xFF\nstack",
      ['error("x' .. letters .. '")'] = "x" .. letters .. "\n",
    } do
      local result = run(text)
      assert.equal(1, result.code)
      assert.truthy(result.err:find(wanted, 1, true), result.err)
      assert.is_nil(result.err:find "[\0-\8\11-\31]")
      local prompt = snnlua("-i", { input = text .. "\n" })
      assert.is_nil(prompt.err:find "[\0-\8\11-\31]")
    end
  end)

  it("loads C modules that Debian brings", function()
    assert.equal("function\n", run([[print(type(require "lfs".dir))]]).out)
  end)

  it("needs no file of the library", function()
    local result = support.shell(("cd / && LUA_PATH='' LUA_CPATH='' %s -e 'print(snn ~= nil)'")
      :format(support.quote(support.program)))
    assert.equal("true\n", result.out)
  end)

  it("starts with any allocation refused, or says so", function()
    for k = 1, 9000, 211 do
      local result = snnlua("-e 'os.exit(0)'", { env = { SNN_FAIL_ALLOC = tostring(k) } })
      local is_short = result.code == 1 and result.err:find("not enough memory", 1, true)
      assert.is_true(result.code == 0 or is_short ~= nil, k .. ": " .. result.err)
    end
  end)
end)
