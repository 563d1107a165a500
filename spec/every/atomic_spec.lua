-- No call leaves half of its work: every public method is made to fail at every
-- place, and nothing of the engine has changed then (spec/atomic/walk.lua tells
-- how). SNN_ATOMIC=all tries all places (`make long-atomic`); sanitised programs, which
-- are slower, try fewer of them.
local support = require "spec.support"

-- The areas of spec/atomic/calls.lua that one process walks over.
local function groups()
  local out = { network = "network", fields = "fields" }
  local others = { "connected", "fixed", "own", "sparse", "watched" }
  local snn = require "snn"
  for name, class in pairs(snn) do
    if type(class) == "table" and rawget(class, "register_cell") and rawget(class, "arguments") then
      others[#others + 1] = name
    end
  end
  table.sort(others)
  out.others = table.concat(others, " ")
  return out
end

describe("a call that fails", function()
  local running = {}
  local places = os.getenv "SNN_ATOMIC" or (support.cpath and "" or "few")

  setup(function() -- side by side
    for name, areas in pairs(groups()) do
      running[name] = io.popen(("SNN_ATOMIC=%s %s spec/atomic/walk.lua %s 2>&1"):format(
        places, support.quote(support.program), areas))
    end
  end)

  for name, what in pairs {
    network = "a layer, its learning and what watches it", fields = "the fields of each object",
    others = "layers of a fixed shape, each trainer",
  } do
    it("changes nothing of the engine: " .. what, function()
      local text = running[name]:read "a"
      running[name]:close()
      assert.truthy(("\n" .. text):find "\n0 findings at %d%d+ places\n$", text)
    end)
  end

  local UNKNOWN <const> = [[
    warn "@off"
    for _, name in ipairs(require("spec.atomic.calls").unknown()) do
      print(name .. ": give it a call in spec/atomic/calls.lua")
    end]]

  it("is walked over for every method that there is", function()
    local run = support.run(UNKNOWN)
    assert.equal("", run.out .. run.err)
  end)

  it("is missed where a method is new", function()
    local run = support.run("function snn.Layer.double() end\n" .. UNKNOWN)
    assert.equal("Layer.double: give it a call in spec/atomic/calls.lua\n", run.out)
  end)

  it("is found when it does its work in two parts", function()
    local run = support.run [[
      local calls, world = require "spec.atomic.calls", require "spec.atomic.world"
      local function halves(w)
        w.layer.batchsz = 3
        w.layer:state_dict()
      end
      calls.areas.planted = {
        make = world.network,
        calls = { two = function(w) return halves(w) end },
      }
      arg = { "planted" }
      dofile "spec/atomic/walk.lua"]]
    for _, how in ipairs { "instruction", "twice", "for good" } do
      assert.truthy(run.out:find("two, " .. how .. ": place %d+: fails and changes "), run.out)
    end
    assert.equal(1, run.code)
  end)
end)
