local snn = require "snn"
local support = require "spec.support"

describe("examples/checkpoint.lua", function()
  local folder, whole, killed, resumed

  -- A command in the folder, where $SNN is the program and $EXAMPLE the script with its
  -- arguments; a warning ends a run.
  local function shell(name, command)
    local here = assert(os.getenv("PWD"))
    local program = support.program:find("^/") and support.program or here .. "/" .. support.program
    return support.shell(("mkdir -p %s/%s && cd %s/%s && %s"):format(folder, name, folder, name,
      command), { env = { PROGRAM = program, SCRIPT = here .. "/examples/checkpoint.lua" } })
  end

  local RUN <const> = [["$PROGRAM" -e 'snn.warnings "error"' %s "$SCRIPT" --samples 600]]
  local KILL <const> = RUN:format("") .. [[ & child=$!
    until [ -s checkpoint.safetensors ]; do sleep 0.01; done; kill -9 $child; wait $child]]

  setup(function()
    folder = os.tmpname()
    os.remove(folder)
    whole = shell("whole", RUN:format(""))
    for _ = 1, 5 do -- it may have come to its end before
      killed = shell("killed", "rm -f checkpoint*; " .. KILL)
      if killed.code == 137 then break end
    end
    resumed = shell("killed", RUN:format("--resume checkpoint.safetensors"))
  end)

  teardown(function() os.execute("rm -r " .. folder) end)

  it("learns digits, and tells how well after each epoch", function()
    assert.same({ 0, "" }, { whole.code, whole.err })
    local first, last = whole.out:match "^epoch 1: ([%d.]+) .*\nepoch 3: ([%d.]+) %% right\n$"
    assert.is_true(tonumber(last) > 60, last) -- 10 % by chance
    assert.is_true(tonumber(last) > tonumber(first))
  end)

  it("goes on where it was killed", function()
    assert.equal(137, killed.code)
    assert.same({ 0, "" }, { resumed.code, resumed.err })
    local batch = tonumber(resumed.out:match "^goes on behind batch (%d+)\n")
    assert.is_true(batch >= 10 and batch < 90)
  end)

  it("comes to the same bits as without a break, in all that was saved", function()
    local function content(name)
      local path = folder .. "/" .. name .. "/checkpoint.safetensors"
      local tensors = snn.load_safetensors(path)
      return tensors
    end
    local a, b, count = content "whole", content "killed", 0
    for name, t in pairs(a) do
      assert.is_true(t:equal(b[name]), name)
      count = count + 1
    end
    for name in pairs(b) do assert.truthy(a[name], name) end
    assert.is_true(count > 50)
    assert.equal(resumed.out:match "epoch 3.*$", whole.out:match "epoch 3.*$")
  end)

  it("keeps the file before the last one", function()
    assert.equal("checkpoint.safetensors\ncheckpoint.safetensors.1\n", shell("killed", "ls").out)
  end)

  it("is to be resumed to more epochs", function()
    local more = shell("whole", RUN:format("--resume checkpoint.safetensors") .. " --epochs 4")
    assert.truthy(more.out:find "^goes on behind batch 90\nepoch 4: [%d.]+ %% right\n$")
  end)
end)
