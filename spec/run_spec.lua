-- spec/run.sh, which runs specs in processes side by side: what it counts. The runner
-- here is a script that prints busted's last line and ends as a piece's file says.
local folder = require "spec.io.folder"
local support = require "spec.support"

describe("spec/run.sh", function()
  local dir

  -- One folder for each: what its runner prints, and how it ends. A single one is named.
  local function run(pieces, environment)
    local specs = next(pieces, next(pieces)) and dir or dir .. "/a/a_spec.lua"
    for name, piece in pairs(pieces) do
      assert(os.execute(("mkdir -p %s/%s"):format(dir, name)))
      local file <close> = assert(io.open(("%s/%s/a_spec.lua"):format(dir, name), "w"))
      file:write(piece)
    end
    return support.shell(("sh spec/run.sh 2 %s sh -c '. $0'"):format(specs),
      { env = environment })
  end

  local function counts(good, bad, broken, pending)
    return ("echo details; echo '%d successes / %d failures / %d errors / %d pending : 0.1 s'\n")
      :format(good, bad, broken, pending)
  end

  before_each(function() dir = folder.make() end)
  after_each(function() folder.remove(dir) end)

  it("adds up what its pieces count", function()
    local result = run { a = counts(3, 0, 0, 1), b = counts(40, 0, 0, 0), c = counts(0, 0, 0, 0) }
    assert.equal("43 passed, 0 failed, 1 pending", result.out:match "([^\n]+)\n$")
    assert.is_nil(result.out:find("details", 1, true))
    assert.equal(0, result.code)
  end)

  it("fails where one does, and shows all that this one printed", function()
    local result = run { a = counts(3, 1, 2, 0) .. "exit 3", b = counts(40, 0, 0, 0) }
    assert.equal("43 passed, 3 failed, 0 pending", result.out:match "([^\n]+)\n$")
    assert.truthy(result.out:find("details\n3 successes", 1, true))
    assert.equal(1, result.code)
  end)

  it("counts a piece that ends without a count as a failure", function()
    local result = run { a = "kill -9 $$", b = counts(40, 0, 0, 0), c = "exit 1", d = "exit 0" }
    assert.equal("40 passed, 3 failed, 0 pending", result.out:match "([^\n]+)\n$")
    assert.equal(1, result.code)
  end)

  it("runs one file in sight", function()
    local result = run { a = counts(3, 1, 0, 0) .. "exit 5" }
    assert.equal("details\n3 successes / 1 failures / 0 errors / 0 pending : 0.1 s\n", result.out)
    assert.equal(5, result.code)
  end)

  it("refuses what is not there", function()
    assert.equal(1, support.shell("sh spec/run.sh 2 " .. dir .. "/none true").code)
  end)

  it("keeps from specs what their caller has set for other programs", function()
    local names = { "LUA_INIT", "PYTHONPATH", "COLUMNS", "NO_COLOR", "XDG_CONFIG_HOME" }
    local set = { HOME = "/nonexistent", LUA_INIT = "os.exit(7)" }
    for i = 2, #names do set[names[i]] = "1" end
    local result = run(
      { a = "echo $" .. table.concat(names, "$") .. "; touch $HOME/x && umask" }, set)
    assert.equal("\n0022\n", result.out)
  end)
end)
