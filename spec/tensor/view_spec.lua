local snn = require "snn"
local support = require "spec.support"
local fails = support.fails

local t -- {{1, 2, 3}, {4, 5, 6}}

before_each(function() t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } } end)

---Asserts that a write to the first element of the view reaches t.
local function shares(view)
  local row = view
  while row.ndim > 1 do row = row[1] end
  row[1] = 99
  local found = false
  for _, v in ipairs(t:flatten():totable()) do found = found or v == 99 end
  assert.is_true(found)
end

describe("select", function()
  it("removes a dimension", function()
    assert.same({ 2, 5 }, t:select(2, 2):totable())
    assert.same({ 4, 5, 6 }, t:select(-2, -1):totable())
    shares(t:select(2, 2))
  end)

  it("refuses a dimension or an index out of range", function()
    fails("ValueError", "'dim' is 3, a tensor with 2 dimensions takes 1 to 2", t.select, t, 3, 1)
    fails("ValueError", "'index' is 4, out of range for a dimension of size 3", t.select, t, 2, 4)
    fails("TypeError", "'index' must be an integer", t.select, t, 2)
  end)
end)

describe("narrow", function()
  it("takes a length from a start", function()
    assert.same({ { 2, 3 }, { 5, 6 } }, t:narrow(2, 2, 2):totable())
    assert.same({ { 3 }, { 6 } }, t:narrow(2, -1, 1):totable())
    assert.same({ 2, 0 }, t:narrow(2, 4, 0).shape)
    shares(t:narrow(2, 2, 2))
  end)

  it("refuses a range that leaves the dimension", function()
    fails("ValueError", "3 to 4 is out of range for a dimension of size 3", t.narrow, t, 2, 3, 2)
    fails("ValueError", "'length'", t.narrow, t, 2, 1, -1)
  end)
end)

describe("slice", function()
  it("includes both ends", function()
    assert.same({ { 1, 2 }, { 4, 5 } }, t:slice(2, 1, 2):totable())
    assert.same({ { 5, 6 } }, t:slice(1, 2):slice(2, -2, -1):totable())
    shares(t:slice(2, 2, 3))
  end)

  it("takes everything by default", function() assert.same(t:totable(), t:slice(1):totable()) end)

  it("may be empty", function() assert.same({ 2, 0 }, t:slice(2, 3, 2).shape) end)

  it("refuses what is out of range", function()
    fails("ValueError", "slice: 2 to 4 is out of range for a dimension of size 3", t.slice, t, 2,
      2, 4)
    fails("ValueError", "slice: 0 to 2 is out of range", t.slice, t, 2, 0, 2)
    fails("ValueError", "slice: 3 to 1 is out of range", t.slice, t, 2, 3, 1)
  end)
end)

describe("transpose and permute", function()
  it("exchange dimensions", function()
    assert.same({ { 1, 4 }, { 2, 5 }, { 3, 6 } }, t:transpose(1, 2):totable())
    assert.same({ { 1, 4 }, { 2, 5 }, { 3, 6 } }, t:transpose():totable())
    assert.same({ 3, 1, 2 }, snn.zeros(1, 2, 3):permute(3, 1, 2).shape)
    assert.same({ 3, 1, 2 }, snn.zeros(1, 2, 3):permute({ -1, 1, 2 }).shape)
    shares(t:transpose(1, 2))
  end)

  it("put the elements in their places", function()
    local cube = snn.arange(24):reshape(2, 3, 4)
    local turned = cube:permute(3, 1, 2)
    for i = 1, 4 do
      for j = 1, 2 do
        for k = 1, 3 do assert.equal(cube[j][k][i], turned[i][j][k]) end
      end
    end
  end)

  it("refuse what is no permutation", function()
    fails("ValueError", "dimension 2 comes twice", t.permute, t, 2, 2)
    fails("ValueError", "got 1 dimensions for a tensor that has 2", t.permute, t, 1)
    fails("ValueError", "'dim' is 3", t.transpose, t, 1, 3)
    fails("TypeError", "'dim' must be an integer, got no value", t.transpose, snn.zeros(1, 1, 1))
  end)
end)

describe("view and reshape", function()
  it("give another shape to the same elements", function()
    assert.same({ { 1, 2 }, { 3, 4 }, { 5, 6 } }, t:view(3, 2):totable())
    assert.same({ 1, 2, 3, 4, 5, 6 }, t:reshape({ 6 }):totable())
    assert.same({ 2, 1, 3, 1 }, t:view(2, 1, 3, 1).shape)
    shares(t:view(6))
    shares(t:reshape(6))
  end)

  it("find one size that is -1", function()
    assert.same({ 3, 2 }, t:view(-1, 2).shape)
    assert.same({ 6 }, t:reshape(-1).shape)
    assert.same({ 0, 3 }, snn.zeros(0, 3):reshape(-1, 3).shape)
  end)

  it("go from and to no dimensions", function()
    assert.same({ 1, 1 }, snn.tensor(5):view(1, 1).shape)
    assert.same({}, snn.tensor({ { 5 } }):view({}).shape)
  end)

  it("split and join dimensions of views where strides allow", function()
    local cube = snn.arange(24):reshape(2, 3, 4)
    local part = cube:narrow(3, 2, 2) -- (2, 3, 2), rows apart
    assert.same({ 6, 2 }, part:view(6, 2).shape)
    assert.same({ { 1, 2 }, { 5, 6 }, { 9, 10 }, { 13, 14 }, { 17, 18 }, { 21, 22 } },
      part:view(6, 2):totable())
  end)

  it("copy where strides do not allow, or refuse", function()
    local turned = t:transpose(1, 2)
    assert.same({ 1, 4, 2, 5, 3, 6 }, turned:reshape(-1):totable())
    turned:reshape(-1)[1] = 99
    assert.equal(1, t[1][1])
    fails("ValueError", "use reshape, which copies", turned.view, turned, -1)
  end)

  it("refuse another number of elements", function()
    fails("ValueError", "reshape: shape {4} does not have the 6 elements of shape {2, 3}",
      t.reshape, t, 4)
    fails("ValueError", "view: shape {-1, 4}", t.view, t, -1, 4)
    fails("ValueError", "view: shape {-1, -1}", t.view, t, -1, -1)
    fails("ValueError", "'shape' must be at least -1", t.view, t, -2, 3)
    fails("ValueError", "", t.reshape, t, 1 << 40, 1 << 40, 1 << 40)
    fails("ValueError", "", snn.zeros(0).reshape, snn.zeros(0), 0, -1)
  end)
end)

describe("expand", function()
  it("repeats dimensions of size 1 and adds some in front", function()
    local row = snn.tensor { 1, 2 }
    assert.same({ { 1, 2 }, { 1, 2 }, { 1, 2 } }, row:expand(3, 2):totable())
    assert.same({ { 1, 2 } }, row:expand({ 1, -1 }):totable())
    assert.same({ { 1, 1 }, { 2, 2 } }, row:unsqueeze(2):expand(-1, 2):totable())
  end)

  it("may repeat zero times", function() assert.same({ 0, 2 }, snn.ones(2):expand(0, 2).shape) end)

  it("refuses other sizes", function()
    fails("ValueError", "expand: shape {2, 3} does not expand to {2, 4}", t.expand, t, 2, 4)
    fails("ValueError", "does not expand to {3}", t.expand, t, 3)
    fails("ValueError", "does not expand to {-1, 2, 3}", t.expand, t, -1, 2, 3)
    fails("ValueError", "", snn.ones(1).expand, snn.ones(1), 1 << 40, 1 << 40)
  end)

  it("cannot be written in place", function()
    local e = snn.ones(1):expand(3)
    for _, name in ipairs { "fill_", "add_", "copy_", "zero_", "exp_", "uniform_" } do
      fails("RuntimeError", name .. ": an expanded tensor cannot be changed in place", function()
        local takes = { copy_ = { snn.ones(3) }, zero_ = {}, exp_ = {}, uniform_ = { 1, 2 } }
        return e[name](e, table.unpack(takes[name] or { 1 }))
      end)
    end
  end)
end)

describe("squeeze and unsqueeze", function()
  it("drop and add dimensions of size 1", function()
    local one = snn.zeros(1, 2, 1, 3)
    assert.same({ 2, 3 }, one:squeeze().shape)
    assert.same({ 2, 1, 3 }, one:squeeze(1).shape)
    assert.same({ 1, 2, 3 }, one:squeeze(-2).shape)
    assert.same({ 1, 2, 1, 3 }, one:squeeze(2).shape)
    assert.same({ 1, 2, 3 }, t:unsqueeze(1).shape)
    assert.same({ 2, 3, 1 }, t:unsqueeze(-1).shape)
    assert.same({ 2, 1, 3 }, t:unsqueeze(2).shape)
    shares(t:unsqueeze(2))
  end)

  it("refuse dimensions out of range", function()
    fails("ValueError", "'dim' is 4", t.unsqueeze, t, 4)
    local most = snn.zeros({ 1, 1, 1, 1, 1, 1, 1, 1 })
    fails("ValueError", "at most 8 dimensions", most.unsqueeze, most, 1)
  end)
end)

describe("flatten", function()
  it("joins all dimensions or some", function()
    local cube = snn.arange(24):reshape(2, 3, 4)
    assert.same({ 24 }, cube:flatten().shape)
    assert.same({ 2, 12 }, cube:flatten(2).shape)
    assert.same({ 6, 4 }, cube:flatten(1, 2).shape)
    assert.same({ 1 }, snn.tensor(3):flatten().shape)
  end)

  it("refuses them in the wrong order", function()
    fails("ValueError", "dimensions 2 to 1 are in the wrong order", t.flatten, t, 2, 1)
  end)
end)

describe("contiguous, clone and to", function()
  it("copy only where needed", function()
    assert.is_true(t:contiguous() == t)
    assert.is_true(t:to("float32") == t)
    local turned = t:transpose(1, 2)
    local copy = turned:contiguous()
    copy[1] = 0
    assert.equal(1, t[1][1])
  end)

  it("clone has storage of its own", function()
    local copy = t:clone()
    t:fill_(0)
    assert.same({ { 1, 2, 3 }, { 4, 5, 6 } }, copy:totable())
  end)

  it("to converts", function()
    assert.same({ { true, true, true }, { true, true, true } }, t:to("bool"):totable())
    assert.same({ 1, 0 }, snn.tensor({ true, false }):to("float64"):totable())
    fails("ValueError", "to: 'dtype' must be", t.to, t, "half")
    fails("TypeError", "to: 'dtype' must be a string, got no value", t.to, t)
  end)
end)
