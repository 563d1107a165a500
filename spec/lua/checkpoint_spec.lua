local snn = require "snn"

describe("checkpoint", function()
  local path

  local function exists(name)
    local file = io.open(name, "rb")
    if file then file:close() end
    return file ~= nil
  end

  local function make(options)
    local all = { path = path, objects = { log = {} } }
    for name, value in pairs(options or {}) do all[name] = value end
    return snn.checkpoint(all)
  end

  local function fails(kind, text, fn, ...)
    local ok, err = pcall(fn, ...)
    assert.is_false(ok)
    assert.equal(kind, err.kind)
    assert.truthy(tostring(err.message):find(text, 1, true), tostring(err.message))
  end

  before_each(function()
    path = os.tmpname()
    os.remove(path)
  end)
  after_each(function()
    for _, ending in ipairs { "", ".1", ".2", ".3" } do os.remove(path .. ending) end
  end)

  it("counts its calls, and saves every so many of them", function()
    local c, saved = make { every = 3 }, {}
    for i = 1, 7 do
      c()
      if exists(path) then saved[#saved + 1] = i end
      os.remove(path)
    end
    assert.same({ 7, { 3, 6 } }, { c.step, saved })
  end)

  it("saves each call unless told otherwise, and at once by save()", function()
    local c = make()
    assert.is_false(exists(path))
    c()
    assert.is_true(exists(path))
    os.remove(path)
    c:save()
    assert.same({ true, 1 }, { exists(path), c.step })
  end)

  it("keeps the last files, the one before as path.1", function()
    local log = {}
    local c = make { objects = { log = log }, keep = 3 }
    for i = 1, 5 do
      log[1] = i
      c()
    end
    local found = {}
    for i, ending in ipairs { "", ".1", ".2", ".3" } do
      local seen = {}
      if exists(path .. ending) then snn.load(path .. ending, { log = seen }) end
      found[i] = seen[1] or "none"
    end
    assert.same({ 5, 4, 3, "none" }, found)
  end)

  it("puts objects and count back from a file", function()
    local w = snn.ones(3)
    local c = make { objects = { w = w }, every = 2 }
    for _ = 1, 5 do
      w:add_(1)
      c()
    end
    snn.manual_seed(3)
    local other = snn.zeros(3)
    local again = make { objects = { w = other }, resume = path }
    assert.same({ 4, { 5, 5, 5 } }, { again.step, other:totable() })
  end)

  it("puts the random state back", function()
    snn.manual_seed(11)
    local c = make()
    snn.rand(2)
    c()
    local next_one = snn.rand(4)
    snn.manual_seed(12)
    make { resume = path }
    assert.is_true(next_one:equal(snn.rand(4)))
  end)

  it("goes on from no file with resume = false", function()
    make():save()
    assert.equal(0, make({ resume = false }).step)
  end)

  it("begins or goes on, by whether there is a file", function()
    local function again() return make { resume = io.open(path) and path } end
    local c = again()
    c()
    assert.same({ 1, 1 }, { c.step, again().step })
  end)

  it("has metadata in its file", function()
    make({ metadata = { note = "x" } }):save()
    assert.same({ note = "x" }, snn.load(path, { log = {} }))
  end)

  it("has settings that can be read and assigned", function()
    local c = make { every = 5 }
    c.every, c.keep = 2, 3
    assert.same({ path, 2, 3, 0 }, { c.path, c.every, c.keep, c.step })
    c()
    c()
    assert.is_true(exists(path))
    assert.equal(("Checkpoint('%s', step = 2, every = 2, keep = 3)"):format(path), tostring(c))
  end)

  it("refuses settings that are none", function()
    local c = make()
    fails("TypeError", "'every' must be an integer, got number 1.5", make, { every = 1.5 })
    fails("ValueError", "'every' must be at least 1, got 0", make, { every = 0 })
    fails("ValueError", "'keep' must be at least 1, got -1", function() c.keep = -1 end)
    fails("TypeError", "'resume' must be a path or false, got", make, { resume = true })
    fails("TypeError", "unknown option 'evry' (did you mean 'every'?)", make, { evry = 1 })
    fails("TypeError", "objects", snn.checkpoint, { path = path })
    fails("AttributeError", "'step' cannot be set", function() c.step = 3 end)
    fails("AttributeError", "no field 'stepp' (did you mean 'step'?)", function()
      return c.stepp
    end)
    fails("TypeError", "call it as checkpoint:save()", c.save)
    assert.equal(1, c.keep)
  end)

  it("tells at once that its path cannot be written, or its objects not be saved", function()
    fails("IOError", "No such file or directory", make, { path = path .. "/none/x" })
    fails("IOError", "checkpoint: cannot write '/tmp'", make, { path = "/tmp" })
    fails("TypeError", "'f'", make, { objects = { f = print } })
    fails("TypeError", "'metadata'", make, { metadata = { a = 1 } })
    assert.is_false(exists(path))
  end)

  it("counts nothing where it cannot save", function()
    os.execute("mkdir " .. path)
    local c = make { path = path .. "/run" }
    os.execute("rm -r " .. path)
    fails("IOError", "cannot write", c)
    assert.equal(0, c.step)
  end)

  it("refuses a file that does not fit, and changes nothing", function()
    make({ objects = { w = snn.ones(3) } }):save()
    local w = snn.zeros(2)
    fails("ValueError", "checkpoint: '" .. path .. "' does not fit", make,
      { objects = { w = w }, resume = path })
    assert.same({ 0, 0 }, w:totable())
  end)

  it("refuses a file without a count, of snn.save", function()
    snn.save(path, { log = {} })
    fails("ValueError", "was written by snn.save, it has no count of steps", make,
      { resume = path })
  end)

  it("names the file before a damaged one", function()
    local c = make { keep = 2 }
    c()
    c()
    local file = assert(io.open(path, "r+b"))
    file:seek("set", 300)
    file:write "\255"
    file:close()
    fails("IOError", ("is damaged: its header does not fit its checksum; '%s.1' is the one before")
      :format(path), make, { resume = path })
    assert.equal(1, make({ resume = path .. ".1" }).step)
  end)

  it("refuses a file that is not there", function()
    fails("IOError", "No such file or directory", make, { resume = path .. ".gone" })
  end)

  -- Calls `fn` with an error before its k-th instruction, for k = 1, 1 + stride, ... and
  -- from where that is too late once more each of the last; `check(k, ok)` follows each.
  local function interrupt(fn, check)
    local function attempt(k)
      local ok
      local function call()
        debug.sethook(function()
          debug.sethook()
          if debug.getinfo(2, "f").func ~= call then error("stop", 0) end
        end, "", k)
        ok = pcall(fn)
        debug.sethook()
      end
      call()
      check(k, ok)
      return ok
    end
    local k, stride <const> = 1, 17
    while not attempt(k) do k = k + stride end
    for i = math.max(k - 2 * stride, 1), k do attempt(i) end
  end

  it("counts nothing and saves nothing when it is interrupted", function()
    local w = snn.zeros(1)
    local c = make { objects = { w = w } }
    local step = 0
    interrupt(c, function(k, ok)
      step = ok and step + 1 or step
      local saved = snn.zeros(1)
      if step > 0 then make { objects = { w = saved }, resume = path } end
      assert.same({ step, step == 0 and 0 or w:item() }, { c.step, saved:item() }, "at " .. k)
      w:add_(ok and 1 or 0)
      if ok then c() step = step + 1 end
    end)
    assert.is_true(step > 1)
  end)

  it("loads nothing when making it is interrupted", function()
    make({ objects = { w = snn.ones(2), log = { 1, 2 } } }):save()
    local w, log = snn.zeros(2), {}
    interrupt(function() return make { objects = { w = w, log = log }, resume = path } end,
      function(k, ok)
        assert.same(ok and { 1, 1, 2 } or { 0, 0, 0 }, { w[1], w[2], #log }, "at " .. k)
        w:zero_()
        log[1], log[2] = nil, nil
      end)
  end)
end)
