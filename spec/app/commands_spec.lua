-- Subcommands of the program: `snnlua NAME ...`.
local support = require "spec.support"

local snnlua = support.snnlua

local COMMANDS <const> = { "run", "new", "help", "inspect", "bench" }

local PROGRAM <const> = support.quote(support.program:find "^/" and support.program
  or assert(os.getenv "PWD") .. "/" .. support.program)

-- Runs words in a folder of their own, whose files are told on standard error.
local function inside(words, setup)
  local dir = os.tmpname()
  os.remove(dir)
  local result = support.shell(("mkdir %s && cd %s && %s %s %s; code=$?; ls > ../$$.ls; "
    .. "rm -r %s; cat ../$$.ls >&2; rm ../$$.ls; exit $code"):format(dir, dir, setup or "",
    PROGRAM, words, dir))
  return result
end

describe("a subcommand", function()
  for _, name in ipairs(COMMANDS) do
    it(name .. " tells its usage by --help", function()
      local run = snnlua(name .. " --help")
      assert.same({ 0, "" }, { run.code, run.err })
      assert.equal("usage: snnlua " .. name, run.out:match "^usage: snnlua %l+")
      assert.truthy(snnlua("--help").out:find("\n  " .. name .. " ", 1, true))
    end)
  end

  it("comes behind options", function()
    assert.truthy(snnlua("--threads 1 bench 0.001").out:find("1 threads", 1, true))
  end)

  it("is a script where there is a slash or a dot", function()
    local run = inside("./new", "echo 'print(42)' > new;")
    assert.equal("42\n", run.out)
  end)
end)

describe("snnlua run", function()
  it("runs a script with options before and behind the word", function()
    local path = support.file "print(snn.get_num_threads(), arg[1], arg[0] ~= nil, ...)"
    local run = snnlua("-e 'x = 1' run --threads 3 " .. path .. " a")
    os.remove(path)
    assert.equal("3\ta\ttrue\ta\n", run.out)
  end)

  it("takes a script of the name of a subcommand", function()
    assert.equal("7\n", inside("run new", "echo 'print(7)' > new;").out)
  end)

  it("needs a script", function()
    local run = snnlua "run"
    assert.equal(2, run.code)
    assert.truthy(run.err:find("^snnlua: run: needs a script\nusage: snnlua run"))
  end)
end)

describe("snnlua new", function()
  it("writes an experiment that runs, goes on, and takes --help", function()
    local run = inside("new first.try && for words in 'first.try.lua --epochs 10' "
      .. "'--resume first.try.safetensors first.try.lua --epochs 12' 'first.try.lua --help'; do "
      .. PROGRAM .. " -e 'snn.warnings \"error\"' $words; done")
    assert.equal("first.try.lua\nfirst.try.safetensors\n", run.err)
    assert.truthy(run.out:find("^first.try.lua: run it with"))
    assert.truthy(run.out:find("epoch 10: [1-9]%d* spikes"), run.out)
    assert.truthy(run.out:find("others [%d.]+\nepoch 11: %d+ spikes"), run.out)
    assert.truthy(run.out:find("usage: snnlua first.try.lua [options]", 1, true))
  end)

  it("finds inputs that fire together", function()
    local run = inside("new a && " .. PROGRAM .. " a.lua")
    local together, others = run.out:match "together ([%d.]+), of the others ([%d.]+)"
    assert.is_true(tonumber(together) > 1.5 * tonumber(others), run.out)
  end)

  it("leaves a file alone that is there", function()
    local run = inside("new a.lua; cat a.lua", "echo mine > a.lua;")
    assert.equal("mine\n", run.out)
    assert.truthy(run.err:find("snnlua: new: 'a.lua' is there already", 1, true))
  end)

  for words, message in pairs {
    [""] = "new: needs a name", ["a b"] = "new: takes one name, got also 'b'",
    ["x/"] = "new: 'x/' is no name of a file",
  } do
    it("refuses the words '" .. words .. "'", function()
      local run = inside("new " .. words)
      assert.equal(2, run.code)
      assert.equal("snnlua: " .. message, run.err:sub(1, #message + 8))
    end)
  end

  it("tells of a folder that is not there", function()
    local run = inside "new no/folder"
    assert.equal(1, run.code)
    assert.truthy(run.err:find("snnlua: new: cannot write no/folder.lua: No such file", 1, true))
  end)
end)

describe("snnlua help", function()
  it("gives a manual page that has each option and command", function()
    local text = snnlua("help man").out
    for _, word in ipairs { "\\-\\-threads n", "\\-\\-seed n", "inspect", "bench", "130" } do
      assert.truthy(text:find(word, 1, true), word)
    end
  end)

  for _, shell in ipairs { "bash", "zsh", "fish" } do
    it("completes each long option and command in " .. shell, function()
      local text = snnlua("help completion " .. shell).out
      local options = snnlua("--help").out
      for name in options:gmatch "%-%-(%l+)" do
        assert.truthy(text:find(name, 1, true), name)
      end
      for _, name in ipairs(COMMANDS) do assert.truthy(text:find(name, 1, true), name) end
    end)
  end

  it("gives bash something that completes", function()
    local path = support.file(snnlua("help completion bash").out)
    local run = support.shell(("bash -c %s"):format(support.quote("source " .. path .. [[;
      COMP_WORDS=(snnlua --se) COMP_CWORD=1; _snnlua; echo "${COMPREPLY[@]}"
      COMP_WORDS=(snnlua --color al) COMP_CWORD=2; _snnlua; echo "${COMPREPLY[@]}"
      COMP_WORDS=(snnlua ben) COMP_CWORD=1; _snnlua; echo "${COMPREPLY[@]}"]])))
    os.remove(path)
    assert.same({ "--seed\nalways\nbench\n", "" }, { run.out, run.err })
  end)

  it("refuses a shell that it does not know", function()
    local run = snnlua "help completion tcsh"
    assert.equal(2, run.code)
    assert.truthy(run.err:find("bash, zsh or fish", 1, true))
  end)
end)

describe("snnlua bench", function()
  it("tells microseconds of some cases", function()
    local run = snnlua "bench 0.001"
    local n = select(2, run.out:gsub("\n[^\n]* [%d.]+", ""))
    assert.is_true(n >= 5, run.out)
  end)

  it("refuses what is no number of seconds", function()
    local run = snnlua "bench fast"
    assert.equal(2, run.code)
    assert.truthy(run.err:find("takes a number of seconds up to 3600, got 'fast'", 1, true))
  end)
end)

describe("--seed random", function()
  it("tells the seed, which gives the same numbers again", function()
    local run = snnlua "--seed random -e 'print(snn.rand(3))'"
    local seed = run.err:match "^snnlua: %-%-seed (%d+)\n$"
    assert.equal(run.out, snnlua("--seed " .. seed .. " -e 'print(snn.rand(3))'").out)
    assert.not_equal(run.out, snnlua("--seed random -e 'print(snn.rand(3))'").out)
  end)

  it("is needed for that: without it each run is the same", function()
    assert.equal(snnlua("-e 'print(snn.rand(3))'").out, snnlua("-e 'print(snn.rand(3))'").out)
  end)
end)
