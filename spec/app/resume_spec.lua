-- `--resume FILE`: a script goes on where its snn.checkpoint saved.
local support = require "spec.support"

describe("--resume", function()
  local run, script

  -- A walk at random: its place depends on all steps before.
  local TEXT <const> = [[
    local x = snn.zeros(1)
    local c = snn.checkpoint { path = "%s", every = arg[2] and tonumber(arg[2]) or 10,
      objects = { x = x } }
    local first = c.step + 1
    for i = first, tonumber(arg[1]) do
      x:add_(snn.rand(1)):mul_(0.99)
      c()
    end
    print(first, c.step, x:item())]]

  local function start(options, arguments, text)
    local file = assert(io.open(script, "wb"))
    file:write(text or TEXT:format(run))
    file:close()
    return support.snnlua(("%s %s %s"):format(options, script, arguments or ""))
  end

  -- The last thing that was printed.
  local function last(result) return assert(result.out:match "(%S+)\n$", result.err) end

  before_each(function()
    run, script = os.tmpname(), os.tmpname()
    os.remove(run)
  end)
  after_each(function()
    os.remove(run)
    os.remove(script)
  end)

  it("goes on in a new process to the same bits", function()
    local whole = last(start("--seed 5", "40"))
    start("--seed 5", "25") -- saved at 20
    local resumed = start("--seed 6 --resume " .. run, "40")
    assert.same({ "", "21\t40\t" .. whole .. "\n" }, { resumed.err, resumed.out })
  end)

  it("is joined with its file by = too", function()
    start("", "10")
    assert.equal("11\t10", start("--resume=" .. run, "10").out:match "^%d+\t%d+")
  end)

  it("is told before the script runs that there is no such file", function()
    local result = start("--resume " .. run, "10", "print 'runs'")
    assert.same({ 2, "" }, { result.code, result.out })
    assert.equal(("snnlua: '--resume' cannot read '%s': No such file or directory"):format(run),
      result.err:match "^[^\n]*")
    assert.truthy(start("--resume /tmp", "10").err:find("'/tmp': it is a folder", 1, true))
  end)

  it("warns at the end where the script has made no checkpoint", function()
    start("", "10")
    local text = "--resume: no snn.checkpoint of the script has taken it\n"
    local result = start("--resume " .. run, "", "print 'runs'")
    assert.same({ 0, "runs\n" }, { result.code, result.out })
    assert.equal("Lua warning: " .. text, result.err)
    assert.equal(1, start("--resume " .. run, "", "snn.warnings 'error'").code)
    assert.equal("", start("--resume " .. run, "", "snn.warnings(false)").err)
  end)

  it("is taken by the first of two checkpoints; the second has to say what it does", function()
    start("", "10")
    local text = [[
      local function make(resume)
        return snn.checkpoint { path = "%s", objects = { x = snn.zeros(1) }, resume = resume }
      end
      print(make().step, make(false).step, make "%s".step, pcall(make))]]
    local out = start("--resume " .. run, "", text:format(run .. ".2", run)).out
    assert.truthy(out:find("^10\t0\t10\tfalse\t"))
    assert.truthy(out:find("has taken --resume; this one needs resume = a path, or false", 1, true))
  end)

  it("is not taken by a checkpoint that failed", function()
    start("", "10")
    local text = [[
      local function make(objects)
        return snn.checkpoint { path = "%s", objects = objects }
      end
      print(pcall(make, { y = 1 }))
      print(make { x = snn.zeros(1) } .step)]]
    assert.truthy(start("--resume " .. run, "", text:format(run)).out:find "\n10\n$")
  end)

  it("is nothing to a checkpoint with resume = false", function()
    start("", "10")
    local text = TEXT:format(run):gsub("every =", "resume = false, every =")
    assert.equal("1\t5", start("--resume " .. run, "5", text).out:match "^%d+\t%d+")
  end)

  it("goes on from what was saved before Ctrl-C", function()
    local arguments = "100000 2000"
    local whole = last(start("--seed 5", arguments))
    os.remove(run)
    local stopped = support.shell(([[%s --seed 5 %s %s & child=$!
      until [ -s %s ]; do sleep 0.01; done; kill -INT $child; wait $child; echo $?]]):format(
      support.quote(support.program), script, arguments, run))
    assert.equal("130\n", stopped.out)
    assert.truthy(stopped.err:find("interrupted", 1, true))
    local resumed = start("--resume " .. run, arguments)
    assert.equal(whole, last(resumed))
    assert.is_true(tonumber(resumed.out:match "^%d+") > 1)
  end)
end)
