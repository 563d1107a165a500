local snn = require "snn"
local support = require "spec.support"
local fails = support.fails

describe("a tensor's fields", function()
  local t

  before_each(function() t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } } end)

  it("are shape, ndim, dtype and numel", function()
    assert.same({ 2, 3 }, t.shape)
    assert.equal(2, t.ndim)
    assert.equal("float32", t.dtype)
    assert.equal(6, t.numel)
  end)

  it("include a shape that is a copy", function()
    t.shape[1] = 9
    assert.same({ 2, 3 }, t.shape)
  end)

  it("cannot be assigned", function()
    fails("AttributeError", "field 'shape' cannot be assigned", function() t.shape = { 6 } end)
  end)

  it("are suggested for a name that is near", function()
    fails("AttributeError", "unknown name 'shpe' (did you mean 'shape'?)",
      function() return t.shpe end)
    fails("AttributeError", "unknown name 'reshap' (did you mean 'reshape'?)",
      function() return t.reshap end)
    fails("AttributeError", "unknown name 'dtyp' (did you mean 'dtype'?)",
      function() t.dtyp = 1 end)
  end)

  it("do not answer to a name that is far", function()
    fails("AttributeError", "unknown name 'xyzzyxyzzy'", function() return t.xyzzyxyzzy end)
  end)
end)

describe("#t", function()
  it("is the first dimension", function()
    assert.equal(2, #snn.zeros(2, 3))
    assert.equal(0, #snn.zeros(0, 3))
  end)

  it("is an error without dimensions", function()
    fails("TypeError", "without dimensions", function() return #snn.tensor(1) end)
  end)
end)

describe("t[i]", function()
  it("is a number for one dimension", function()
    local t = snn.tensor { 1.5, 2.5 }
    assert.equal(1.5, t[1])
    assert.equal(2.5, t[2])
  end)

  it("has the Lua type of the dtype", function()
    assert.equal("integer", math.type(snn.tensor({ 3 }, { dtype = "int64" })[1]))
    assert.equal("float", math.type(snn.tensor({ 3 })[1]))
    assert.is_true(snn.tensor({ true })[1])
  end)

  it("counts from the end with a negative index", function()
    assert.equal(2.5, snn.tensor({ 1.5, 2.5 })[-1])
    assert.equal(1.5, snn.tensor({ 1.5, 2.5 })[-2])
  end)

  it("is a view for more dimensions", function()
    local t = snn.tensor { { 1, 2 }, { 3, 4 } }
    assert.same({ 3, 4 }, t[2]:totable())
    t[2]:fill_(9)
    assert.same({ { 1, 2 }, { 9, 9 } }, t:totable())
  end)

  it("takes a float with an integral value", function()
    assert.equal(5, snn.tensor({ 4, 5 })[2.0])
  end)

  it("refuses an index out of range", function()
    local t = snn.tensor { 1, 2 }
    for _, i in ipairs { 0, 3, -3, math.maxinteger, math.mininteger } do
      fails("ValueError", "out of range, the first dimension takes 1 to 2 or -2 to -1",
        function() return t[i] end)
    end
  end)

  it("refuses any index of an empty dimension", function()
    fails("ValueError", "into an empty dimension", function() return snn.zeros(0)[1] end)
  end)

  it("refuses what is no integer", function()
    local t = snn.tensor { 1, 2 }
    fails("TypeError", "an index must be an integer, got number 1.5", function() return t[1.5] end)
    fails("TypeError", "an index must be an integer or a name, got table",
      function() return t[{}] end)
    fails("TypeError", "got nil", function() return t[nil] end)
  end)

  it("is an error without dimensions", function()
    fails("ValueError", "takes no index", function() return snn.tensor(1)[1] end)
  end)
end)

describe("t[i] = v", function()
  it("writes an element", function()
    local t = snn.tensor { 1, 2, 3 }
    t[2] = 7
    t[-1] = 8.5
    assert.same({ 1, 7, 8.5 }, t:totable())
  end)

  it("fills a row with a number", function()
    local t = snn.zeros(2, 2)
    t[1] = 3
    assert.same({ { 3, 3 }, { 0, 0 } }, t:totable())
  end)

  it("copies a tensor, broadcast, into a row", function()
    local t = snn.zeros(2, 2, 2)
    t[2] = snn.tensor { 1, 2 }
    assert.same({ { { 0, 0 }, { 0, 0 } }, { { 1, 2 }, { 1, 2 } } }, t:totable())
  end)

  it("converts as `to` does", function()
    local t = snn.tensor({ 1, 2 }, { dtype = "int64" })
    t[1] = 2.9
    t[2] = true
    assert.same({ 2, 1 }, t:totable())
    local b = snn.tensor { true, true }
    b[1] = 0
    assert.same({ false, true }, b:totable())
  end)

  it("writes through a view", function()
    local t = snn.zeros(2, 2)
    t:transpose(1, 2)[1] = snn.tensor { 5, 6 }
    assert.same({ { 5, 0 }, { 6, 0 } }, t:totable())
  end)

  it("leaves a clone alone", function()
    local t = snn.tensor { 1, 2 }
    local copy = t:clone()
    t[1] = 9
    assert.same({ 1, 2 }, copy:totable())
  end)

  it("refuses an expanded tensor", function()
    local t = snn.zeros(1):expand(3)
    fails("RuntimeError", "an expanded tensor cannot be changed in place", function() t[1] = 1 end)
  end)

  it("refuses other values and shapes", function()
    local t = snn.zeros(2, 2)
    fails("TypeError", "'v' must be a number, a boolean or a tensor, got string 'x'",
      function() t[1] = "x" end)
    fails("TypeError", "got nil", function() t[1] = nil end)
    fails("ValueError", "shape (3,) does not broadcast to (2,)", function() t[1] = snn.zeros(3) end)
    assert.same({ { 0, 0 }, { 0, 0 } }, t:totable())
  end)
end)

describe("a tensor as a Lua value", function()
  it("is equal to itself only", function()
    local t = snn.zeros(2)
    assert.is_true(t == t)
    assert.is_false(t == snn.zeros(2))
  end)

  it("has no order", function()
    fails("TypeError", "use a:lt(b)", function() return snn.zeros(1) < snn.ones(1) end)
    fails("TypeError", "use a:lt(b)", function() return snn.zeros(1) <= 1 end)
  end)

  it("hides its metatable", function() assert.is_false(getmetatable(snn.zeros(1))) end)

  it("cannot be used after its collection", function()
    local kept
    do
      local t = snn.zeros(3)
      setmetatable({ t = t }, { __gc = function(o) kept = o.t end })
    end
    collectgarbage()
    collectgarbage()
    -- the finaliser of the table runs before or after that of the tensor
    if kept then
      local ok, err = pcall(function() return kept:sum() end)
      assert.is_true(ok or err.kind == "RuntimeError")
    end
  end)

  it("cannot be taken for another userdata", function()
    fails("TypeError", "'self' must be a tensor", snn.zeros(1).sqrt, io.stdout)
    fails("TypeError", "'self' must be a tensor", snn.zeros(1).item, {})
    fails("TypeError", "'self' must be a tensor", snn.zeros(1).item)
  end)
end)
