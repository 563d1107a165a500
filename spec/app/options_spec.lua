local support = require "spec.support"

local snnlua = support.snnlua

describe("an option", function()
  it("-e runs a statement", function()
    assert.equal("3\n", snnlua("-e 'print(1 + 2)'").out)
  end)

  it("-e may be joined with its statement", function()
    assert.equal("3\n", snnlua("-e'print(1 + 2)'").out)
  end)

  it("-e and -l run in their order", function()
    local run = snnlua([[-e 'package.loaded.m = { x = 1 }' -l m -e 'print(m.x)' -e 'm.x = 2' \
      -l g=m -e 'print(g.x)']])
    assert.equal("1\n2\n", run.out)
  end)

  it("-l names a library that is not there", function()
    local run = snnlua("-l no_such_library")
    assert.equal(1, run.code)
    assert.truthy(run.err:find("^snnlua: module 'no_such_library' not found"))
  end)

  it("-e stops the rest when it fails", function()
    local run = snnlua([[-e 'error("first")' -e 'print("second")']])
    assert.equal(1, run.code)
    assert.equal("", run.out)
  end)

  it("-e before a script leaves the script to run", function()
    assert.equal("1\n", snnlua("-e 'x = 1' -", { input = "print(x)" }).out)
  end)

  it("-e alone does not read standard input", function()
    assert.equal("", snnlua("-e 'x = 1'", { input = "print(x)" }).out)
  end)

  it("-i gives the prompt after the script", function()
    local path = support.file("x = 7")
    local run = snnlua("-i " .. path, { input = "x + 1\n" })
    os.remove(path)
    assert.truthy(run.out:find("> 8\n", 1, true))
  end)

  it("-E leaves LUA_INIT aside", function()
    local options = { env = { LUA_INIT = "print('init')" } }
    assert.equal("init\n1\n", snnlua("-e 'print(1)'", options).out)
    assert.equal("1\n", snnlua("-E -e 'print(1)'", options).out)
  end)

  it("-W turns warnings on", function()
    assert.equal("Lua warning: careful\n", snnlua([[-W -e 'warn("careful")']]).err)
  end)

  it("-- ends the options", function()
    local run = snnlua("-- -e")
    assert.equal(1, run.code)
    assert.truthy(run.err:find("cannot open -e", 1, true))
  end)

  it("--threads sets the number of threads", function()
    local run = snnlua("--threads 3 -e 'print(snn.get_num_threads())'")
    assert.equal("3\n", run.out)
  end)

  it("--seed is manual_seed", function()
    local run = snnlua([[--seed=5 -e 'local a = snn.rand(3) snn.manual_seed(5)
      print(a:equal(snn.rand(3)))']])
    assert.equal("true\n", run.out)
  end)

  it("--version tells the version", function()
    local run = snnlua("--version")
    assert.equal(0, run.code)
    assert.truthy(run.out:find("^snnlua %d+%.%d+%.%d+ %(Lua 5%.4%.%d+%)\n$"))
  end)

  it("--help lists each option", function()
    local run = snnlua("--help")
    assert.equal(0, run.code)
    local options = "-e -l -i -E -W --version --help --threads --seed --resume --color --strict"
      .. " inspect"
    for option in options:gmatch("%S+") do
      assert.truthy(run.out:find(option, 1, true))
    end
  end)
end)

describe("a wrong option", function()
  -- arguments -> what standard error begins with
  local wrong = {
    ["-x"] = "snnlua: '-x' is no option",
    ["-ix"] = "snnlua: '-ix' is no option",
    ["--sed 1"] = "snnlua: '--sed' is no option (did you mean '--seed'?)",
    ["--version=1"] = "snnlua: '--version=1' is no option",
    ["-e"] = "snnlua: '-e' needs an argument",
    ["--threads"] = "snnlua: '--threads' needs an argument",
    ["--threads x"] = "snnlua: '--threads' needs a number from 1 to 256, got 'x'",
    ["--threads 0"] = "snnlua: '--threads' needs a number from 1 to 256, got '0'",
    ["--threads 257"] = "snnlua: '--threads' needs a number from 1 to 256, got '257'",
    ["--threads 99999999999999999999"] = "snnlua: '--threads' needs a number",
    ["--color red"] = "snnlua: '--color' needs auto, always or never, got 'red'",
    ["--seed 1.5"] = "snnlua: '--seed' needs a whole number or 'random', got '1.5'",
    ["--seed ''"] = "snnlua: '--seed' needs a whole number or 'random', got ''",
  }
  for arguments, message in pairs(wrong) do
    it(arguments .. " is refused with the usage", function()
      local run = snnlua(arguments .. " -e 'print(1)'")
      if arguments == "-e" or arguments == "--threads" then run = snnlua(arguments) end
      assert.equal(2, run.code)
      assert.equal("", run.out)
      assert.equal(message, run.err:sub(1, #message))
      assert.truthy(run.err:find("\nusage: snnlua [options] [script [args]]\n", 1, true))
    end)
  end
end)
