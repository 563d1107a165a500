-- Monitors with `file` whose program is killed, or whose disk is full.
local snn = require "snn"
local support = require "spec.support"

local function read(path)
  local file <close> = assert(io.open(path, "rb"))
  return file:read("a")
end

local function write(path, text)
  local file <close> = assert(io.open(path, "wb"))
  file:write(text)
end

-- A model whose field x is i, 2 i, ... at call i; `m` records it in `path`.
local MODEL <const> = [[
local snn = require "snn"
local Model = snn.class "Model"
function Model:init() snn.Module.init(self) end
function Model:forward(i) self.x = snn.arange(1, width + 1):mul(i):to "float64" end
local model = Model()
local m = snn.StateMonitor { reducer = snn.PassthroughReducer { step_time = 1, duration = 0 },
  module = model, attr = "x", file = path, last = 100000 }
]]

local function script(path, width, text)
  return ("local path, width = %q, %d\n"):format(path, width) .. MODEL .. text
end

-- Asserts that row i is i, 2 i, ...
local function assert_rows(t, width)
  local row = snn.arange(1, width + 1):to "float64"
  for i = 1, #t, math.max(1, #t // 50) do assert.is_true(t[i]:equal(row * i), "row " .. i) end
end

-- The number of rows that the header tells of, as NumPy reads it.
local function told(path) return tonumber(read(path):match("'shape': %((%d+),")) end

describe("a monitor's file", function()
  local path

  before_each(function() path = support.file() end)
  after_each(function() os.remove(path) end)

  -- Runs the text in `command` until it says "ready", sends the signal; its exit
  -- code.
  local function killed(command, signal, text)
    local source, out = support.file(script(path, 3, text)), support.file()
    local result = support.shell(([[%s %s >%s 2>&1 & p=$!
      until grep -q ready %s; do kill -0 $p || break; sleep 0.01; done
      kill -%s $p; wait $p; exit $?]]):format(command, source, out, out, signal))
    local said = read(out)
    os.remove(source)
    os.remove(out)
    return result.code, said
  end

  local commands = { program = support.quote(support.program) }
  if support.cpath then
    commands.module = ("LUA_CPATH=%s exec lua5.4"):format(support.quote(support.cpath .. ";;"))
  end
  for name, command in pairs(commands) do
    for signal, code in pairs { KILL = 137, TERM = 143 } do
      it(("has all rows when the %s gets SIG%s while it waits"):format(name, signal), function()
        local got = killed(command, signal, [[
          for i = 1, 1234 do model(i) end
          print "ready" io.stdout:flush()
          while true do end]])
        assert.equal(code, got)
        assert.equal(1234, told(path))
        local heard, t = support.heard(snn.load_npy, path)
        assert.same({}, heard)
        assert.same({ 1234, 3 }, t.shape)
        assert_rows(t, 3)
      end)

      it(("has whole rows when the %s gets SIG%s while it writes"):format(name, signal), function()
        killed(command, signal, [[
          for i = 1, math.huge do
            model(i)
            if i == 500 then print "ready" io.stdout:flush() end
          end]])
        local heard, t = support.heard(snn.load_npy, path)
        assert.is_true(#heard <= 1)
        assert.is_true(#t >= 500)
        assert.is_true(#t - told(path) <= 1)
        assert_rows(t, 3)
      end)
    end
  end

  context("given one that its writer left open", function()
    local whole

    before_each(function()
      local result = support.run(script(path, 3, "for i = 1, 10 do model(i) end"))
      assert.same({ 0, "" }, { result.code, result.err })
      whole = read(path) -- a header, 10 rows of 24 bytes
    end)

    local function assert_reads(rows, left, text)
      write(path, text)
      local heard, t = support.heard(snn.load_npy, path)
      assert.same({ rows, 3 }, t.shape)
      assert.equal(1, #heard)
      local want = ("'%s' was left open by its writer: %d whole rows are read, its header tells of "
        .. "10, and %d bytes are left"):format(path, rows, left)
      assert.truthy(heard[1]:find(want, 1, true), heard[1])
      return t
    end

    it("reads whole rows that the header does not count", function()
      local row = string.pack("<ddd", 11, 22, 33)
      assert_rows(assert_reads(11, 0, whole .. row), 3)
      assert_rows(assert_reads(11, 23, whole .. row .. row:sub(1, -2)), 3)
      assert_rows(assert_reads(10, 1, whole .. "x"), 3)
    end)

    it("reads those that are there where the header counts more", function()
      assert_rows(assert_reads(9, 23, whole:sub(1, -2)), 3)
      assert_rows(assert_reads(7, 0, whole:sub(1, -73)), 3)
      assert_reads(0, 5, whole:sub(1, #whole - 235))
    end)

    it("reads it as the only array of the file", function()
      write(path, whole .. "x")
      local heard, all = support.heard(snn.load_npy, path, { all = true })
      assert.same({ 1, 1, { 10, 3 } }, { #heard, #all, all[1].shape })
    end)

    it("takes no array behind its rows for rows", function()
      local other = support.file()
      snn.save_npy(other, snn.arange(5)) -- 168 bytes: 7 rows of 24
      for _, next in ipairs { read(other), whole } do
        write(path, whole .. next)
        local heard, t = support.heard(snn.load_npy, path)
        assert.same({ 1, { 10, 3 } }, { #heard, t.shape })
        assert.truthy(heard[1]:find(("behind its array: %d are left, another array"):format(#next)),
          heard[1])
        local heard_all, all = support.heard(snn.load_npy, path, { all = true })
        assert.same({ 0, 2, { 10, 3 } }, { #heard_all, #all, all[1].shape })
        assert_rows(all[1], 3)
        write(path, next)
        assert.is_true(all[2] == snn.load_npy(path))
      end
      os.remove(other)
    end)

    it("refuses one without a whole header", function()
      write(path, whole:sub(1, 383))
      support.fails("IOError", "cut short", snn.load_npy, path)
    end)
  end)

  -- A file may have 2048 bytes: a header of 384 and 4 rows of 400.
  local LIMIT <const> = "ulimit -Sf 4; trap '' XFSZ; "

  local function lines(result)
    local out = {}
    for line in result.out:gmatch "[^\n]+" do out[#out + 1] = line end
    return out
  end

  local function on_full_disk(command, text)
    return support.shell(LIMIT .. command .. " -", { input = script(path, 50, text) })
  end

  it("keeps its rows on a full disk, and says so at every step", function()
    for _, command in pairs(commands) do
      local result = on_full_disk(command, [[
        for i = 1, 4 do model(i) end
        for i = 5, 6 do print(pcall(model, i)) end
        print(pcall(m.flush, m))
        print(#m:dump())]])
      assert.equal("", result.err)
      local said = lines(result)
      for i = 1, 3 do
        assert.truthy(said[i]:find("^false.*IOError: monitor: cannot write '"), said[i])
        assert.truthy(said[i]:find("File too large; its 4 rows stay, and it takes no others until "
          .. "clear()", 1, true), said[i])
      end
      assert.equal("5", said[4]) -- in memory the lost one is too, and none behind it
      local heard, t = support.heard(snn.load_npy, path)
      assert.same({}, heard)
      assert.same({ 4, 50 }, t.shape)
      assert_rows(t, 50)
      assert.equal(384 + 4 * 400, #read(path))
    end
  end)

  it("says so at steps too of which it keeps none", function()
    local result = on_full_disk(commands.program, [[
      m:deregister()
      m = snn.StateMonitor { reducer = snn.PassthroughReducer { step_time = 1, duration = 0 },
        module = model, attr = "x", file = path, every = 3 }
      for i = 1, 12 do model(i) end -- keeps 1, 4, 7, 10
      for i = 13, 17 do print((select(2, pcall(model, i)))) end
      m:clear()
      print((pcall(model, 18)))
      m:deregister()
      m = snn.StateMonitor { reducer = snn.PassthroughReducer { step_time = 1, duration = 0 },
        module = model, attr = "x", file = path .. "2",
        filter = function(x) return x[1] % 2 == 0 end }
      for i = 1, 8 do model(i) end -- keeps 2, 4, 6, 8
      print(pcall(model, 9))
      for i = 10, 13 do print((select(2, pcall(model, i)))) end
      os.remove(path .. "2")]])
    assert.equal("", result.err)
    local said = lines(result)
    for i = 1, 5 do assert.truthy(said[i]:find("its 4 rows stay", 1, true), said[i]) end
    assert.equal("false", said[6]) -- the first after clear() is kept again
    assert.equal("true", said[7]) -- nothing was lost before step 10
    for i = 8, 11 do assert.truthy(said[i]:find("its 4 rows stay", 1, true), said[i]) end
    assert.is_true(snn.load_npy(path):select(2, 1) == snn.tensor({ 1, 4, 7, 10 },
      { dtype = "float64" }))
  end)

  it("goes on behind the rows that stayed, once there is room and it is cleared", function()
    local result = on_full_disk(commands.program, [[
      for i = 1, 4 do model(i) end
      print(pcall(model, 0) or pcall(model, 0))
      m:clear()
      print((pcall(model, 0)))
      local pid = io.open("/proc/self/stat"):read "n"
      assert(os.execute("prlimit --fsize=unlimited --pid " .. pid))
      print((pcall(model, 0)))
      m:clear()
      for i = 5, 8 do model(i) end
      m:flush()
      print(#m:dump())]])
    assert.equal("", result.err)
    assert.same({ "false", "false", "4" }, { table.unpack(lines(result), 2) })
    local t = snn.load_npy(path)
    assert.same({ 8, 50 }, t.shape)
    assert_rows(t, 50)
  end)
end)
