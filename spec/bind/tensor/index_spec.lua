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
    for _, i in ipairs { 0, 4, -3, math.maxinteger, math.mininteger } do
      fails("ValueError", "out of range, the first dimension takes 1 to 2 or -2 to -1",
        function() return t[i] end)
    end
  end)

  it("is nil one past the end, for that alone, so that ipairs ends", function()
    local t, count = snn.tensor { { 1, 2 }, { 3, 4 }, { 5, 6 } }, 0
    assert.is_nil(t[4])
    assert.is_nil(t[4.0])
    assert.is_nil(snn.zeros(0, 2)[1])
    fails("ValueError", "out of range", function() return t[5] end)
    for i, row in ipairs(t) do
      count = count + 1
      assert.same({ 2 * i - 1, 2 * i }, row:totable())
    end
    for i, v in ipairs(t[1]) do assert.equal(i, v) end
    assert.equal(3, count)
  end)

  it("refuses other indices of an empty dimension", function()
    for _, i in ipairs { 0, 2, -1 } do
      fails("ValueError", "into an empty dimension", function() return snn.zeros(0)[i] end)
    end
  end)

  it("refuses what is no integer", function()
    local t = snn.tensor { 1, 2 }
    fails("TypeError", "an index must be an integer, got number 1.5", function() return t[1.5] end)
    for _, key in ipairs { true, print, snn, setmetatable({}, {}), snn.Module } do
      fails("TypeError", "an index must be an integer, a list of integers or of ranges, a bool "
        .. "tensor, a tensor of whole numbers or a name, got", function() return t[key] end)
      fails("TypeError", "an index must be", function() t[key] = 1 end)
    end
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
    t[1] = 2.0
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

  it("refuses the place one past the end", function()
    local t = snn.tensor { 1, 2 }
    fails("ValueError", "index 3 is out of range, the first dimension takes 1 to 2",
      function() t[3] = 1 end)
    fails("ValueError", "index 1 into an empty dimension", function() snn.zeros(0)[1] = 1 end)
    assert.equal(2, #t)
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
    fails("ValueError", "shape {3} does not broadcast to {2}", function() t[1] = snn.zeros(3) end)
    assert.same({ { 0, 0 }, { 0, 0 } }, t:totable())
  end)
end)

describe("a tensor as a Lua value", function()
  it("is equal to a tensor of its dtype, shape and values", function()
    local t = snn.tensor { 1, 2 }
    assert.is_true(t == t)
    assert.is_true(t == snn.tensor { 1, 2 })
    assert.is_false(t ~= t:clone())
    assert.is_false(t == snn.tensor { 1, 3 })
    assert.is_false(t == snn.tensor { { 1, 2 } })
    assert.is_false(t == snn.tensor { 1 })
    for _, dtype in ipairs { "int64", "float64" } do
      assert.is_false(t == t:to(dtype))
      assert.is_false(t:equal(t:to(dtype)))
    end
    local turned = snn.tensor { { 1, 3 }, { 2, 4 } }
    assert.is_true(turned:transpose(1, 2) == snn.tensor { { 1, 2 }, { 3, 4 } })
  end)

  it("is equal to itself whatever it holds, to others with NaN never", function()
    local t = snn.tensor { 0 / 0 }
    assert.is_true(t == t)
    assert.is_false(t == t:clone())
    assert.is_false(t:equal(t))
  end)

  it("is never equal to what is no tensor", function()
    local t = snn.tensor(1)
    for _, other in ipairs { 1, true, "1", {}, io.stdout, snn.Layer() } do
      assert.is_false(t == other)
      assert.is_false(other == t)
    end
    assert.is_false(t == nil)
  end)

  it("is a key by identity", function()
    local t = snn.tensor { 1 }
    local held = { [t] = "t" }
    assert.equal("t", held[t])
    assert.is_nil(held[t:clone()])
  end)

  it("joins with strings, numbers and what has a text", function()
    local t = snn.tensor { 1, 2 }
    local text = tostring(t)
    assert.equal("t = " .. text, "t = " .. t)
    assert.equal(text .. "!", t .. "!")
    assert.equal("1" .. text, 1 .. t)
    assert.equal(text .. text, t .. t)
    assert.equal(("[%s]"):format(text), "[" .. t .. "]")
    local layer = snn.Layer()
    assert.equal(text .. tostring(layer), t .. layer)
    for _, other in ipairs { true, {}, print } do
      fails("TypeError", "concat: a string, a number or an object that has a text",
        function() return t .. other end)
      fails("TypeError", "got " .. (other == true and "true" or type(other)),
        function() return other .. t end)
    end
    fails("TypeError", "got nil", function() return "x" .. t .. nil end)
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
