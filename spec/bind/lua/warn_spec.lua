local snn = require "snn"

describe("warnings", function()
  local heard, before, mode

  before_each(function()
    heard, before, mode = {}, warn, snn.warnings()
    _G.warn = function(text) heard[#heard + 1] = text end
    snn.warnings(true)
  end)

  after_each(function()
    _G.warn = before
    snn.warnings(mode)
  end)

  it("go through Lua's warn, with the script's line", function()
    snn.warn("the rate is far too high")
    assert.equal(1, #heard)
    assert.matches("^[^\n]*warn_spec%.lua:%d+: the rate is far too high$", heard[1])
  end)

  it("tell each text once", function()
    for _ = 1, 3 do snn.warn("this once") end
    snn.warn("that once")
    assert.equal(2, #heard)
  end)

  it("tell each kind once of an object", function()
    local a, b = {}, {}
    for step = 1, 3 do
      snn.warn("step " .. step, a, "slow")
      snn.warn("step " .. step, a, "wide")
      snn.warn("step " .. step, b, "slow")
    end
    assert.equal(3, #heard)
  end)

  it("forget objects that are gone", function()
    local weak = setmetatable({}, { __mode = "v" })
    do
      local object = {}
      weak[1] = object
      snn.warn("of a short life", object)
    end
    collectgarbage()
    collectgarbage()
    assert.is_nil(weak[1])
  end)

  it("are errors where the script wants it, and told again then", function()
    assert.is_true(snn.warnings("error"))
    for _ = 1, 2 do
      local ok, err = pcall(snn.warn, "not meant")
      assert.is_false(ok)
      assert.same({ "RuntimeError", "not meant" }, { err.kind, err.message })
    end
    assert.same({}, heard)
  end)

  it("are silent where the script wants it, and told later", function()
    snn.warnings(false)
    snn.warn("told when they are back")
    assert.same({}, heard)
    assert.is_false(snn.warnings(true))
    snn.warn("told when they are back")
    assert.equal(1, #heard)
  end)

  it("do not raise what a script's warn raises", function()
    _G.warn = function() error("no") end
    assert.is_true(pcall(snn.warn, "into the void"))
  end)

  it("refuse another mode and another text", function()
    local ok, err = pcall(snn.warnings, "loud")
    assert.is_false(ok)
    assert.equal("ValueError", err.kind)
    ok, err = pcall(snn.warnings, nil)
    assert.is_false(ok)
    assert.equal("TypeError", err.kind)
    ok, err = pcall(snn.warn, 5)
    assert.is_false(ok)
    assert.equal("TypeError", err.kind)
    ok, err = pcall(snn.warn, "x", 0 / 0)
    assert.is_false(ok)
    assert.equal("warn: 'object' cannot be NaN", err.message)
    ok, err = pcall(snn.warn, "x", {}, 0 / 0)
    assert.is_false(ok)
    assert.equal("warn: 'kind' cannot be NaN", err.message)
  end)
end)
