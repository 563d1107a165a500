-- examples/tour.lua: the same to a script, to who types it line by line, and to who pastes
-- its blocks.
local support = require "spec.support"
local terminal = require "spec.terminal"

local PATH <const> = "examples/tour.lua"

local function read(path)
  local file <close> = assert(io.open(path))
  return file:read "a"
end

-- Where functions stand, and what errors say of it, depends on how the text was read.
local function without_places(text)
  return (text:gsub("examples/tour.lua:%d+", "HERE"):gsub("stdin:%d+", "HERE"):gsub("%s+$", ""))
end

-- Blocks between empty lines.
local function blocks()
  local list = {}
  for block in (read(PATH) .. "\n"):gmatch "(.-)\n\n+" do list[#list + 1] = block end
  return list
end

describe("the tour", function()
  local run

  setup(function() run = support.snnlua(PATH) end)

  it("runs without a word on standard error", function()
    assert.same({ 0, "" }, { run.code, run.err })
  end)

  it("shows what it tells of", function()
    for _, text in ipairs { "unknown argument 'tau'", "five inputs", "membrane", "weights",
      "the same again\ttrue" } do
      assert.truthy(run.out:find(text, 1, true), text)
    end
  end)

  it("says the same to who types it line by line", function()
    local typed = support.snnlua("-i", { input = read(PATH) })
    assert.equal("", typed.err)
    local out = typed.out:gsub("^[^\n]*\n", "", 1):gsub("snn> ", ""):gsub("  %.%. ", "")
    assert.equal(without_places(run.out), without_places(out))
  end)

  it("can be pasted block by block", function()
    local t <close> = setmetatable({}, { __close = function(self) self.terminal:close() end })
    t.terminal = terminal.open { columns = 100, rows = 50 }
    t.terminal:ready()
    for _, block in ipairs(blocks()) do
      t.terminal:paste(block)
      t.terminal:key "Enter"
      t.terminal:ready()
    end
    local screen = t.terminal:screen { history = true }
    assert.truthy(screen:find "the same again +true", screen)
    assert.is_nil(screen:find("stack traceback", 1, true), screen)
  end)
end)
