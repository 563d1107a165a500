-- The progress of loops: what passes through, and what a terminal shows (the
-- program `script` gives a process one).
local snn = require "snn"
local support = require "spec.support"

local function abc()
  local list, i = { "a", "b", "c" }, 0
  return function()
    i = i + 1
    return list[i], i, nil, -i
  end
end

--- What a script writes when its standard error is a terminal, tidied: each
--- drawing of the line, and each line's end.
local function on_terminal(text)
  local path = support.file(text)
  local command = "stty cols 100; " .. support.quote(support.program) .. " " .. path
  local run = support.shell("script -qec " .. support.quote(command) .. " /dev/null")
  os.remove(path)
  return (run.out:gsub("\r\n", "\n"):gsub("\r", "<"))
end

describe("progress", function()
  context("around an iterator", function()
    it("passes on all that is yielded", function()
      local list = {}
      for a, b, c, d in snn.progress(abc()) do list[#list + 1] = { a, b, c, d } end
      assert.same({ { "a", 1, nil, -1 }, { "b", 2, nil, -2 }, { "c", 3, nil, -3 } }, list)
    end)

    it("hands an iterator its control value", function()
      local list = {}
      for k, v in snn.progress(function(_, k) return next({ 5 }, k) end) do list[k] = v end
      assert.same({ 5 }, list)
    end)

    it("passes on its errors", function()
      local mark = {}
      local ok, err = pcall(function()
        snn.progress(function() error(mark) end)()
      end)
      assert.is_false(ok)
      assert.equal(mark, err)
    end)
  end)

  context("around a loader", function()
    local set = { images = snn.tensor { 1, 2, 3 }, labels = { 3, 2, 1 } }

    it("passes on its batches", function()
      local list = {}
      for x, y in snn.progress(snn.data.loader(set)) do list[#list + 1] = { x[1], y[1] } end
      assert.same({ { 1, 3 }, { 2, 2 }, { 3, 1 } }, list)
    end)

    it("knows the number of steps", function()
      assert.equal(2, snn.progress(snn.data.loader(set, { batch_size = 2 })).total)
    end)

    it("starts anew in each loop", function()
      local bar = snn.progress(snn.data.loader(set))
      for _ = 1, 2 do
        local count = 0
        for _ in bar do count = count + 1 end
        assert.equal(3, count)
        assert.equal(3, bar.count)
      end
    end)
  end)

  it("counts to a number", function()
    local list = {}
    for i in snn.progress(3) do list[#list + 1] = i end
    assert.same({ 1, 2, 3 }, list)
  end)

  it("takes the number of steps as an option", function()
    assert.equal(7, snn.progress(abc(), { total = 7 }).total)
    assert.is_nil(snn.progress(abc()).total)
  end)

  it("refuses what cannot be iterated over", function()
    for _, what in ipairs { "x", { 1, 2 }, -1, 1.5, true, snn.zeros(3) } do
      local _, err = pcall(snn.progress, what)
      assert.equal("TypeError", err.kind)
    end
  end)

  it("refuses wrong options", function()
    for _, options in ipairs { { desc = 1 }, { total = -1 }, { total = "x" }, { decs = "" } } do
      local _, err = pcall(snn.progress, 3, options)
      assert.equal("TypeError", err.kind)
    end
  end)

  it("writes nothing where standard error is no terminal", function()
    local run = support.run "for i in snn.progress(3, { desc = 'x' }) do end"
    assert.same({ code = 0, out = "", err = "" }, run)
  end)

  context("on a terminal", function()
    it("ends with the whole bar and a newline", function()
      local text = on_terminal "for i in snn.progress(3, { desc = 'train' }) do end print('end')"
      assert.truthy(text:find("<train 100%% |#+| 3/3 %[00:00<00:00, %d+ it/s%] *\nend\n$"), text)
    end)

    it("shows a count where the number of steps is unknown", function()
      local text = on_terminal [[
        local n = 0
        for i in snn.progress(function() n = n + 1 return n < 5 and n or nil end) do end
      ]]
      assert.truthy(text:find("<4 %[00:00, %d+ it/s%] *\n$"), text)
    end)

    it("shows values that were set", function()
      local text = on_terminal [[
        local bar <close> = snn.progress(2)
        for i in bar do bar:set("acc", 0.123456):set("n", i) end
      ]]
      assert.truthy(text:find("it/s, acc=0.1235, n=2%] *\n$"), text)
    end)

    it("ends the line when the loop breaks", function()
      local text = on_terminal "for i in snn.progress(4) do if i == 3 then break end end print(1)"
      assert.truthy(text:find("2/4 [^\n]*\n1\n$"), text)
    end)

    it("ends the line before an error is told", function()
      local text = on_terminal "for i in snn.progress(4) do error('oh') end"
      assert.truthy(text:find("0/4 [^\n]*\n[^\n]*oh"), text)
    end)

    it("draws at most ten times a second", function()
      local text = on_terminal "for i in snn.progress(100000) do end"
      local _, drawings = text:gsub("<%s*%d+%%", "")
      assert.is_true(drawings >= 2 and drawings < 60, drawings .. " drawings")
    end)

    it("keeps to one line of a narrow terminal", function()
      local text = on_terminal [[
        os.execute("stty cols 20 < /dev/tty")
        for i in snn.progress(3, { desc = ("word "):rep(20) }) do end
      ]]
      for drawing in text:gmatch("<([^<\n]*)") do
        assert.is_true(#drawing < 20, drawing)
      end
    end)
  end)
end)
