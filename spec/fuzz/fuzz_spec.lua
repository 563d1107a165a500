-- Some thousand random calls of everything, in a process of their own: a crash
-- is its end. SNN_FUZZ_ROUNDS makes it longer, SNN_FUZZ_SEED another run. What is
-- found is printed with a script of the few calls that it needs. A sanitised program
-- plays the same calls, and of those more: it sees what becomes of memory.
local support = require "spec.support"

local rounds = tonumber(os.getenv "SNN_FUZZ_ROUNDS") or (support.cpath and 1500 or 4000)
local seed = tonumber(os.getenv "SNN_FUZZ_SEED" or "1")

local function fuzz(number, environment)
  local env = {
    SNN_FUZZ_ROUNDS = tostring(rounds), SNN_FUZZ_SEED = tostring(number), LUA_PATH = "./?.lua;;",
  }
  for name, value in pairs(environment or {}) do env[name] = value end
  return support.snnlua("spec/fuzz/fuzz.lua", { env = env })
end

local function finds_nothing(result, blocks)
  assert.equal("", result.err)
  assert.truthy(result.out:find("\n0 findings, %d+ errors, " .. blocks .. " blocks left"),
    result.out)
  assert.equal(0, result.code)
end

describe("random calls", function()
  for offset, gc in ipairs { "incremental", "generational", "eager" } do
    local fewer = gc == "eager" and rounds // 10 or rounds -- it is slow
    local env = { SNN_FUZZ_GC = gc, SNN_FUZZ_ROUNDS = tostring(fewer) }

    it("end in results or errors, failed ones change nothing; collector " .. gc, function()
      finds_nothing(fuzz(seed + offset, env), "0")
    end)

    it("do so in short memory; collector " .. gc, function()
      env.SNN_FUZZ_SHORT = "1"
      -- Lua forgets an object whose finalizer it has no memory to call: no leak of ours
      env.ASAN_OPTIONS = (os.getenv "ASAN_OPTIONS" or "") .. ":detect_leaks=0"
      finds_nothing(fuzz(seed + offset + 3, env), "%d+")
    end)
  end
end)

describe("a run of random calls", function()
  local logs = {}

  local function log_of(number, short)
    local path = support.file()
    fuzz(number, { SNN_FUZZ_LOG = path, SNN_FUZZ_ROUNDS = "1000", SNN_FUZZ_SHORT = short })
    local file = assert(io.open(path))
    local text = file:read "a"
    file:close()
    os.remove(path)
    return text
  end

  it("makes the same calls of the same objects again, also in short memory", function()
    for _, short in ipairs { "0", "1" } do
      local first = log_of(7, short)
      assert.truthy(#first > 10000)
      assert.is_true(first == log_of(7, short))
      logs[short] = first
    end
    assert.is_false(logs["0"] == log_of(8, "0"))
  end)

  local planted = { SNN_FUZZ_WITH = "spec.fuzz.planted", SNN_FUZZ_ROUNDS = "2000" }

  it("that finds a fault prints a script of the few calls that it needs", function()
    local found = fuzz(4, planted)
    assert.equal(1, found.code)
    assert.truthy(found.out:find("snn.planted:1: attempt to index a nil value", 1, true), found.out)
    local script = assert(found.out:match "(%-%- [^\n]+\n%-%- Run it.-\n}\n)", found.out)
    local _, calls = script:gsub("\n  {", "")
    assert.truthy(calls > 0 and calls <= 3, script)

    local again = support.run(script, { LUA_PATH = "./?.lua;;" })
    assert.equal(1, again.code)
    assert.truthy(again.out:find("found: ", 1, true), again.out .. again.err)
  end)

  it("is reduced by leaving out what is not needed", function()
    local list = {}
    for i = 1, 100 do list[i] = i end
    local tries = 0
    local least = require("spec.fuzz.reduce").least(list, function(some)
      tries = tries + 1
      local has = {}
      for _, n in ipairs(some) do has[n] = true end
      return has[3] and has[71] and has[72]
    end)
    assert.same({ 3, 71, 72 }, least)
    assert.truthy(tries < 60)
  end)
end)
