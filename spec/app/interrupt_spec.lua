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

  local FOREVER = "while true do end"
  for name, loop in pairs {
    ["a coroutine"] = "coroutine.wrap(function() " .. FOREVER .. " end)()",
    ["coroutines in coroutines"] =
      "coroutine.wrap(function() coroutine.wrap(function() " .. FOREVER .. " end)() end)()",
    ["a generator's loop"] = "local g = coroutine.wrap(function() while true do coroutine.yield(1)"
      .. " end end) while true do g() end",
    ["a loop that swallows errors"] =
      "while true do pcall(function() " .. FOREVER .. " end) end",
    ["a loop of calls that swallow nothing"] = "while true do pcall(type, 1) end",
    ["a loop of nested pcalls"] =
      "while true do pcall(pcall, function() " .. FOREVER .. " end) end",
    ["a loop of xpcall"] =
      "while true do xpcall(function() " .. FOREVER .. " end, debug.traceback) end",
    ["a loop of failing coroutines"] =
      "while true do coroutine.resume(coroutine.create(function() " .. FOREVER .. " end)) end",
    ["a loop that wraps and swallows"] =
      "while true do pcall(coroutine.wrap(function() " .. FOREVER .. " end)) end",
    ["a loop that swallows the engine's errors"] =
      "local t = snn.rand(1000, 1000) while true do pcall(t.matmul, t, t) end",
    ["a wait for input"] = "io.popen 'sleep 1':read 'a'",
  } do
    it("ends " .. name, function()
      local result = interrupted(READY .. loop)
      assert.equal(130, result.code)
      assert.truthy(result.out:find "interrupted")
    end)
  end

  it("that ends a command of os.execute is told by what that returns", function()
    -- the shell interrupts the program, its parent, and itself, as the key does
    local path = support.file([[print(os.execute "kill -INT $PPID; kill -INT $$") print "on"]])
    local result = support.snnlua(path)
    os.remove(path)
    assert.equal("nil\tsignal\t2\non\n", result.out)
    assert.equal(0, result.code)
  end)

  it("that a script has caught is done with", function()
    local result = interrupted(READY .. [[
      local ok, err = pcall(function() while true do end end)
      local t = snn.rand(300, 300)
      for _ = 1, 20 do t:matmul(t) end
      print(err.kind, pcall(coroutine.wrap(function() return 7 end)))
      for _ = 1, 2 do
        snn._debug.interrupt_after(20)
        local c = coroutine.create(function() while true do end end)
        print(coroutine.resume(c))
        local wait = os.clock() while os.clock() < wait + 0.1 do end
        has_run = true
      end]])
    assert.truthy(result.out:find("Interrupt\ttrue\t7\nfalse\t", 1, true), result.out)
    assert.equal(130, result.code) -- the loop came back at once
  end)

  it("may come again while another is being handled", function()
    local result = interrupted([[
      local held <close> = setmetatable({}, { __close = function()
        snn._debug.interrupt_after(20)
        print(pcall(function() while true do end end))
      end })
      ]] .. READY .. FOREVER)
    assert.truthy(result.out:find "false\t[^\n]*interrupted!\n.*interrupted!")
    assert.equal(130, result.code)
  end)

  it("runs to-be-closed variables and message handlers in peace", function()
    local result = interrupted([[
      local held <close> = setmetatable({}, { __close = function()
        for i = 1, 1e6 do local _ = i end
        print "closed"
      end })
      ]] .. READY .. [[
      xpcall(function() while true do end end, function(e) print(e.kind) end)
      while true do snn._debug.interrupt_after(10) for i = 1, 1e8 do end end]])
    assert.truthy(result.out:find "Interrupt\nclosed\nsnnlua: .*interrupted!")
    assert.equal(130, result.code)
  end)

  it("ends the engine's call in a finalizer, and then the script", function()
    local result = interrupted([[
      local t = snn.rand(2000, 2000)
      setmetatable({}, { __gc = function()
        ]] .. READY .. [[
        while true do t:matmul(t) end
      end })
      collectgarbage()
      while true do end]])
    assert.truthy(result.out:find "interrupted!")
    assert.equal(130, result.code)
  end)

  it("leaves the script its hook, in each thread", function()
    local result = interrupted([[
      local n = 0
      local function count() n = n + 1 end
      local function counts()
        local before = n
        for _ = 1, 1e5 do end
        return n > before
      end
      debug.sethook(count, "", 1000)
      local c = coroutine.wrap(function()
        debug.sethook(count, "", 1000)
        print(pcall(function() snn._debug.interrupt_after(20) while true do end end))
        coroutine.yield(counts(), debug.gethook() == count)
      end)
      ]] .. READY .. [[
      pcall(function() while true do end end)
      print(counts(), debug.gethook() == count, c())]])
    assert.truthy(result.out:find "interrupted!\ntrue\ttrue\ttrue\ttrue\n", result.out)
  end)

  it("ends a statement at the prompt, which goes on", function()
    local result = interrupted(READY:gsub("\n", " ") .. "while true do end\nprint(6 * 7)\n", "-i")
    assert.truthy(result.out:find "interrupted!.*42")
    assert.equal(0, result.code)
  end)

  it("reaches the prompt, however often it is caught and comes", function()
    local again = "snn._debug.interrupt_after(20) "
    local result = interrupted(table.concat({
      READY:gsub("\n", " ") .. "while true do pcall(function() while true do end end) end",
      again .. "while true do coroutine.wrap(pcall)(function() while true do end end) end",
      again .. "ok, err = pcall(function() while true do end end) print 'not reached'",
      again .. "local x <close> = setmetatable({}, { __close = function() " .. again
        .. "while true do end end }) while true do end",
      "io.write(tostring(ok), err and 1 or 0, '\\n') print(6 * 7)", "",
    }, "\n"), "-i")
    local _, count = result.out:gsub("Interrupt: interrupted!\n", "")
    assert.equal(4, count, result.out)
    assert.falsy(result.out:find "reached\n")
    assert.truthy(result.out:find "42\n")
    assert.equal(0, result.code)
  end)
end)
