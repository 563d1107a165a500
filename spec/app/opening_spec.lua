-- The program starts with the library closed, which opens at the first look, in one
-- piece. Each case is a process of its own: there is one first look in each.
local support = require "spec.support"

local function printed(script, environment)
  local run = support.run(script, environment)
  assert.same({ "", 0 }, { run.err, run.code })
  return run.out
end

-- Prints all names of the library and of what is in it, in order.
local ALL <const> = [[
  local lines = {}
  local function add(path, value)
    lines[#lines + 1] = path .. " " .. type(value) .. " "
      .. tostring((debug.getmetatable(value) or {}).__name)
    if type(value) ~= "table" or #path > 100 then return end
    for k, v in next, value do add(path .. "." .. tostring(k), v) end
  end
  add("snn", snn)
  table.sort(lines)
  for i, line in ipairs(lines) do lines[i] = line:gsub("0x%x+", "") end
  print(#lines > 1000, table.concat(lines, "\n"))]]

-- Prints the names of the Lua files that something of the open library is from.
local FILES <const> = [[
  local seen, files, walk = {}, {}, nil
  local function walk_function(fn)
    local file = debug.getinfo(fn, "S").source:match "^=%[snn%] (.*)"
    if file then files[file] = true end
    for i = 1, 255 do
      local name, value = debug.getupvalue(fn, i)
      if not name then break end
      walk(value)
    end
  end
  function walk(x)
    if x == nil or seen[x] then return end
    seen[x] = true
    walk(debug.getmetatable(x))
    if type(x) == "function" then walk_function(x) end
    if type(x) == "table" then for k, v in next, x do walk(k) walk(v) end end
  end
  local _ = snn.LIF
  walk(debug.getregistry())
  for file in pairs(files) do print(file) end]]

describe("the library", function()
  it("is closed when the program starts", function()
    -- all that is made at the start; open it is 1,200 KB
    local kilobytes = printed [[print(collectgarbage "count") assert(next(snn) == nil)]]
    assert.is_true(tonumber(kilobytes) < 60, kilobytes)
  end)

  it("stays closed while a script does not look into it", function()
    assert.equal("nil\t0\n", printed [[
      local env = setmetatable({}, { __index = _G })
      for _ in pairs(_G) do end
      pcall(error, "x")
      xpcall(error, debug.traceback, {})
      warn("@off")
      print(next(require "snn"), #snn)]])
    local run = support.run "error(setmetatable({}, { __tostring = function() return '' end }))"
    assert.equal(1, run.code)
  end)

  it("opens without what few scripts need: files in folders, those that save", function()
    local files, count = printed(FILES), 0
    for file in files:gmatch "[^\n]+" do
      count = count + 1
      assert.is_nil(file:find "^snn%.[%w_]+%." or file:find "^snn%.restore" or nil, file)
    end
    assert.is_true(count > 30 and files:find("snn.layer\n", 1, true) ~= nil)
  end)

  for what, look in pairs {
    reading = "local _ = snn.LIF",
    setting = "snn.mine = 1",
    ["a walk"] = "for k, v in pairs(snn) do assert(rawget(snn, k) == v) end",
    ["a name that is not there"] = "pcall(function() return snn.nothing end)",
  } do
    it("is whole and plain after " .. what, function()
      assert.equal("class LIF\ttrue\tnil\ttrue\n", printed(look .. [[

        print(getmetatable(rawget(snn, "LIF")).__name, snn.LIF == rawget(snn, "LIF"),
          getmetatable(snn).__pairs, getmetatable(snn.LIF).parent == snn.Neuron)]]))
    end)
  end

  it("gives a walk all names", function()
    assert.equal("true\ttrue\n", printed [[
      local first, again = {}, 0
      for name in pairs(snn) do first[#first + 1] = name end
      for _ in pairs(snn) do again = again + 1 end
      print(#first == again, again > 130)]])
  end)

  it("tells of a wrong name as it does later", function()
    local function told(before)
      local run = support.run(before .. "local function f() return snn.Lif end f()")
      assert.equal(1, run.code)
      return run.err
    end
    local text = told "local _ = snn.LIF "
    assert.truthy(text:find("no field 'Lif' in snn (did you mean 'LIF'?)", 1, true))
    assert.equal(text, told "")
  end)

  it("keeps what a script has set before, also by rawset", function()
    assert.equal("1\t2\ttrue\n", printed [[
      rawset(snn, "LIF", 1)
      rawset(snn, "mine", 2)
      print(rawget(snn, "LIF"), snn.mine, snn.ALIF ~= nil)]])
  end)

  it("refuses a metatable that would hide it", function()
    assert.equal("false\ttrue\n", printed [[
      print(pcall(setmetatable, snn, {}) , snn.LIF ~= nil)]])
  end)

  it("opens unseen by hooks and finalizers, at any depth, in a coroutine", function()
    assert.equal("0\t0\ttrue\ttrue\n", printed [[
      local hooked, torn, lines = 0, 0, 0
      for _ = 1, 100 do
        setmetatable({}, { __gc = function() -- sees it closed or whole
          if next(snn) ~= nil and not rawget(snn, "snapshot") then torn = torn + 1 end
        end })
      end
      local function deep(n)
        if n > 0 then return (select(2, pcall(deep, n - 1))) end
        return snn.LIF
      end
      local function hook()
        lines = lines + 1
        if debug.getinfo(2, "S").source:find "snn" then hooked = hooked + 1 end
      end
      local run = coroutine.wrap(function()
        debug.sethook(hook, "lcr")
        local class = deep(150)
        debug.sethook()
        return class
      end)
      local class = run()
      collectgarbage()
      print(hooked, torn, class == snn.LIF, lines > 300)]])
  end)

  it("may be opened by a finalizer, while another look begins", function()
    assert.equal("5\ttrue\ttrue\n", printed [[
      collectgarbage "stop"
      local seen = {}
      for _ = 1, 5 do
        setmetatable({}, { __gc = function() seen[#seen + 1] = snn.LIF end })
      end
      collectgarbage("incremental", 0, 1000, 30) -- all of a cycle in one step
      collectgarbage "restart"
      local class = snn.LIF
      print(#seen, class == seen[1], class == rawget(snn, "LIF"))]])
  end)

  it("is open at the prompt", function()
    local run = support.snnlua("-i", { input = "print(next(snn) ~= nil)" })
    assert.truthy(run.out:find("true", 1, true))
  end)

  it("leaves the collector, warnings and random numbers as they are", function()
    assert.equal("false\ttrue\ttrue\n", printed [[
      warn "@off"
      collectgarbage "stop"
      local _ = snn.LIF
      warn "not heard"
      local stopped = collectgarbage "isrunning"
      collectgarbage "restart"
      local a = snn.rand(3)
      snn.manual_seed(0)
      print(stopped, collectgarbage "isrunning", a:equal(snn.rand(3)))]])
  end)

  it("is opened by the program where it needs it", function()
    local path = support.file "local _ = 1"
    local run = support.snnlua(("--resume %s %s"):format(path, path))
    os.remove(path)
    assert.truthy(run.err:find("--resume: no snn.checkpoint", 1, true), run.err)
  end)

  it("is as before where memory was short, and opens at the next look", function()
    local whole = printed("local _ = snn.LIF\n" .. ALL)
    assert.truthy(whole:find "^true")
    local AGAIN <const> = [[
      local ok, err = pcall(function() return snn.LIF end)
      if not ok then
        assert(err == "not enough memory" and next(snn) == nil and rawget(snn, "LIF") == nil)
        assert(not pcall(setmetatable, snn, {}))
        local _ = snn.LIF
      end
      snn.ones(2):sum()
    ]] .. ALL .. " io.stderr:write(tostring(ok))"
    local failed = 0
    for k = 500, 15500, 633 do -- it takes some 17,000
      local run = support.run(AGAIN, { SNN_FAIL_ALLOC = k .. ",2" })
      assert.is_true(whole == run.out, k)
      if run.err == "false" then failed = failed + 1 end
    end
    assert.is_true(failed > 10, failed)
  end)
end)
