-- Ctrl-C: the process gets SIGINT when its script has said "ready".
local files = require "spec.io.folder"
local support = require "spec.support"

-- Runs the script in the program, interrupts it; what came of it.
local function interrupted(script, options)
  local path = support.file(script)
  local out = support.file()
  local command = ([[%s %s <%s >%s 2>&1 & p=$!
    until grep -q ready %s; do kill -0 $p || break; sleep 0.02; done
    kill -INT $p; wait $p; code=$?; cat %s; exit $code]]):format(
    support.quote(support.program), options or path, path, out, out, out)
  local result = support.shell(command)
  os.remove(path)
  os.remove(out)
  return result
end

local READY = "print 'ready' io.stdout:flush()\n"

describe("an interrupt", function()
  it("ends a loop, with a traceback and exit code 130", function()
    local result = interrupted(READY .. "while true do end")
    assert.equal(130, result.code)
    assert.truthy(result.out:find("interrupted!\nstack traceback:", 1, true))
  end)

  it("ends a long product", function()
    local result = interrupted("local t = snn.rand(3000, 3000):to 'float64'\n" .. READY
      .. "while true do local x = t:matmul(t) end")
    assert.equal(130, result.code)
    assert.truthy(result.out:find "interrupted")
  end)

  for name, call in pairs {
    sort = "t:sort(1)", quantile = "t:quantile(0.5)", sum = "t:sum()", exp = "t:exp()",
    randn = "snn.randn(5000000)", randperm = "snn.randperm(5000000)", copy = "t:clone()",
    index_select = "t:index_select(1, i)", cumsum = "t:cumsum(1)", totable = "t:totable()",
    glyphs = "snn.data.glyphs { n = 20000 }",
  } do
    it("inside of " .. name .. " is an error of kind Interrupt", function()
      local result = interrupted([[
        local t, i = snn.rand(3000000), snn.randint(1, 3000000, 3000000, { dtype = "int64" })
        local sum = t:sum():item()
        ]] .. READY .. [[
        local ok, err = pcall(function() while true do local x = ]] .. call .. [[ end end)
        print(ok, tostring(err), err.kind, t:sum():item() == sum)]])
      assert.truthy(result.out:find "false\t.*interrupted.*\tInterrupt\ttrue\n$", result.out)
      assert.equal(0, result.code)
    end)
  end

  it("inside of a save leaves the file before it, and no other", function()
    local dir = files.make()
    local result = interrupted([[
      local t, path = snn.ones(2000000), "]] .. dir .. [[/x"
      local many = {}
      for i = 1, 20 do many["t" .. i] = t end
      snn.save_safetensors(path, { a = snn.ones(3) })
      ]] .. READY .. [[
      local ok, err = pcall(function()
        snn.save_safetensors(path, many)
        while true do snn.save_safetensors(path, many) end
      end)
      print(ok, tostring(err), err.kind, next(snn.load_safetensors(path)) ~= nil)]])
    assert.truthy(result.out:find "false\t.*interrupted.*\tInterrupt\ttrue\n$", result.out)
    assert.same({ "x" }, files.names(dir))
    files.remove(dir)
  end)

  it("in a wiring leaves the layer as it was", function()
    local result = interrupted([[
      local layer = snn.Layer { wiring = function()
        ]] .. READY .. [[
        while true do end
      end }
      local conn = layer:add_connection("enc", snn.LinearDense {
        in_shape = 3, out_shape = 2, step_time = 1,
        synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 },
      })
      local ok, err = pcall(layer, { enc = snn.ones(1, 3) })
      print(ok, err, conn.synspike:any():item())]])
    assert.truthy(result.out:find "false\t.*interrupted!\tfalse\n$", result.out)
    assert.equal(0, result.code)
  end)

  it("ends a statement at the prompt, which goes on", function()
    local result = interrupted(READY:gsub("\n", " ") .. "while true do end\nprint(6 * 7)\n", "-i")
    assert.truthy(result.out:find "interrupted!.*42")
    assert.equal(0, result.code)
  end)
end)
