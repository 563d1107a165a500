-- What stands in brackets: lists, ranges, masks and index tensors, read and
-- written.
local snn = require "snn"
local support = require "spec.support"
local fails = support.fails
local DTYPES <const> = { "bool", "int64", "float32", "float64" }

local function int(list) return snn.tensor(list, { dtype = "int64" }) end
local function numbers(t) return t:to("float64"):totable() end

---{ { 0, 1, 2, 3 }, { 4, .. }, { 8, .. } }, plain or with strides of its own
local function grid() return snn.arange(12):reshape(3, 4) end
local function turned() return grid():transpose(1, 2):clone():transpose(1, 2) end

describe("t[{ 1, 3 }]", function()
  it("copies rows", function()
    for _, t in ipairs { grid(), turned() } do
      local rows = t[{ 3, 1, -1 }]
      assert.same({ { 8, 9, 10, 11 }, { 0, 1, 2, 3 }, { 8, 9, 10, 11 } }, rows:totable())
      rows:zero_()
      assert.same({ 8, 9, 10, 11 }, t[3]:totable())
    end
  end)

  it("copies elements of one dimension, and no rows of an empty list", function()
    assert.same({ 2, 1 }, snn.tensor({ 1, 2 })[{ 2, 1.0 }]:totable())
    assert.same({ 0, 4 }, grid()[{}].shape)
  end)

  it("is written to, the last of equal rows", function()
    for _, t in ipairs { grid(), turned() } do
      t[{ 1, -1 }] = 7
      assert.same({ { 7, 7, 7, 7 }, { 4, 5, 6, 7 }, { 7, 7, 7, 7 } }, t:totable())
      t[{ 2, 2 }] = snn.tensor { { 1 }, { 2 } }
      assert.same({ 2, 2, 2, 2 }, t[2]:totable())
      t[{ 3, 1 }] = snn.tensor { 1, 2, 3, 4 }
      assert.same({ { 1, 2, 3, 4 }, { 2, 2, 2, 2 }, { 1, 2, 3, 4 } }, t:totable())
      t[{}] = 9
      assert.equal(28, t:sum():item())
    end
  end)

  it("takes rows of the tensor itself", function()
    local t = grid()
    t[{ 3, 2, 1 }] = t
    assert.is_true(t == grid():flip(1))
  end)

  it("refuses what is out of range and what is no integer", function()
    local t = grid()
    fails("ValueError", "index 4 is out of range, dimension 1 has 1 to 3",
      function() return t[{ 1, 4 }] end)
    fails("ValueError", "index 0 is out of range", function() return t[{ 0 }] end)
    fails("ValueError", "index -4 is out of range", function() t[{ -4 }] = 1 end)
    fails("ValueError", "dimension 1 is empty", function() return snn.zeros(0)[{ 1 }] end)
    fails("TypeError", "entry 2 of a list of indices must be an integer, got number 1.5",
      function() return t[{ 1, 1.5 }] end)
    fails("TypeError", "got string '1'", function() return t[{ "1" }] end)
    fails("TypeError", "a mask is a bool tensor", function() return t[{ true, false, true }] end)
    fails("TypeError", "an index must be an integer, a list", function() return t[{ a = 1 }] end)
    fails("TypeError", "got table", function() return t[{ 1, a = 1 }] end)
    fails("ValueError", "takes no index", function() return snn.tensor(1)[{ 1 }] end)
    assert.is_true(t == grid())
  end)
end)

describe("t[{ {1, 2}, {} }]", function()
  it("is a view of ranges, one a dimension, both ends included", function()
    for _, t in ipairs { grid(), turned() } do
      assert.same({ { 0, 1, 2, 3 }, { 4, 5, 6, 7 } }, t[{ { 1, 2 }, {} }]:totable())
      assert.same({ { 5, 6 }, { 9, 10 } }, t[{ { 2, 3 }, { 2, -2 } }]:totable())
      assert.same({ { 8, 9, 10, 11 } }, t[{ { -1 } }]:totable())
      local part = t[{ {}, { 4 } }]
      part:fill_(0)
      assert.same({ 3, 7, 11 }, grid():select(2, 4):totable())
      assert.same({ 0, 0, 0 }, t:select(2, 4):totable())
    end
  end)

  it("drops a dimension for a number beside ranges", function()
    assert.same({ 5, 6 }, grid()[{ 2, { 2, 3 } }]:totable())
    assert.same({ 3, 7, 11 }, grid()[{ {}, -1 }]:totable())
  end)

  it("may be empty", function()
    assert.same({ 0, 4 }, grid()[{ { 2, 1 } }].shape)
    assert.same({ 3, 0 }, grid()[{ {}, { 5, 4 } }].shape)
    assert.same({ 0 }, snn.zeros(0)[{ {} }].shape)
  end)

  it("is written to", function()
    for _, t in ipairs { grid(), turned() } do
      t[{ { 2, 3 }, { 1, 2 } }] = -1
      t[{ 1, { 3, 4 } }] = snn.tensor { 5, 6 }
      assert.same({ { 0, 1, 5, 6 }, { -1, -1, 6, 7 }, { -1, -1, 10, 11 } }, t:totable())
      t[{ { 1, 2 } }] = t[{ { 2, 3 } }] -- overlaps
      assert.same({ { -1, -1, 6, 7 }, { -1, -1, 10, 11 }, { -1, -1, 10, 11 } }, t:totable())
    end
  end)

  it("refuses what does not fit", function()
    local t = grid()
    fails("ValueError", "3 to 5 is out of range for dimension 2 of size 4",
      function() return t[{ {}, { 3, 5 } }] end)
    fails("ValueError", "out of range for dimension 1", function() return t[{ { 0, 2 } }] end)
    fails("ValueError", "out of range for dimension 1", function() return t[{ { 3, 1 } }] end)
    fails("ValueError", "out of range for dimension 1", function() return t[{ { -4, -1 } }] end)
    fails("ValueError", "index 5 is out of range, dimension 2 has 1 to 4",
      function() return t[{ {}, 5 }] end)
    fails("ValueError", "got ranges for 3 dimensions, the tensor has 2",
      function() return t[{ {}, {}, {} }] end)
    fails("ValueError", "got 3 numbers; t:index_select(1, index)",
      function() return t[{ { 1, 2, 3 } }] end)
    fails("TypeError", "of integers, got number 1.5", function() return t[{ { 1, 1.5 } }] end)
    fails("TypeError", "of integers, got string 'x'", function() return t[{ {}, "x" }] end)
    fails("TypeError", "a table that is no list", function() return t[{ { first = 1 } }] end)
    fails("ValueError", "shape", function() t[{ { 1, 2 } }] = snn.zeros(3) end)
    fails("TypeError", "'v' must be", function() t[{ { 1, 2 } }] = "x" end)
    assert.is_true(t == grid())
  end)
end)

describe("t[mask]", function()
  it("gives the elements that the mask chooses", function()
    for _, t in ipairs { grid(), turned() } do
      assert.same({ 9, 10, 11 }, t[t:gt(8)]:totable())
      assert.same({ 0 }, t[t:gt(100)].shape)
    end
    for _, dtype in ipairs(DTYPES) do
      local t = snn.tensor({ 0, 1, 1, 0, 1 }, { dtype = dtype })
      local chosen = t[snn.tensor { true, true, false, true, true }]
      assert.equal(dtype, chosen.dtype)
      assert.same({ 0, 1, 0, 1 }, numbers(chosen))
    end
  end)

  it("gives rows where it has the first dimensions only", function()
    local t = snn.arange(24):reshape(2, 3, 4)
    assert.same({ 1, 3, 4 }, t[snn.tensor { false, true }].shape)
    local mask = snn.tensor { { true, false, false }, { false, false, true } }
    assert.same({ { 0, 1, 2, 3 }, { 20, 21, 22, 23 } }, t[mask]:totable())
    assert.same({ 0, 2, 3, 4 }, t[snn.tensor(false)].shape)
    assert.same({ 1 }, snn.tensor(5)[snn.tensor(true)].shape)
    assert.same({ 2, 0 }, snn.zeros(2, 0)[snn.tensor { true, true }].shape)
  end)

  it("is written to with a number or one element", function()
    for _, t in ipairs { grid(), turned() } do
      t[t:gt(3)] = -1
      assert.same({ { 0, 1, 2, 3 }, { -1, -1, -1, -1 }, { -1, -1, -1, -1 } }, t:totable())
      t[snn.tensor { true, false, true }] = snn.tensor(5)
      assert.same({ { 5, 5, 5, 5 }, { -1, -1, -1, -1 }, { 5, 5, 5, 5 } }, t:totable())
    end
    local b = snn.tensor { true, false }
    b[b] = false
    assert.same({ false, false }, b:totable())
  end)

  it("is written to with a tensor of what it chooses", function()
    for _, t in ipairs { grid(), turned() } do
      t[t:gt(8)] = snn.tensor { 1, 2, 3 }
      assert.same({ 8, 1, 2, 3 }, t[3]:totable())
      t[snn.tensor { true, false, true }] = snn.tensor { { 1 }, { 2 } }
      assert.same({ { 1, 1, 1, 1 }, { 4, 5, 6, 7 }, { 2, 2, 2, 2 } }, t:totable())
      t[snn.tensor { true, true, false }] = t[{ { 2, 3 } }]
      assert.same({ { 4, 5, 6, 7 }, { 2, 2, 2, 2 }, { 2, 2, 2, 2 } }, t:totable())
    end
  end)

  it("converts what is written as t[i] = v does", function()
    local t, b = int { 1, 2, 3 }, snn.tensor { false, false }
    t[snn.tensor { true, false, true }] = snn.tensor { 7, 8 }
    b[snn.tensor { true, false }] = 3
    assert.same({ 7, 2, 8 }, t:totable())
    assert.same({ true, false }, b:totable())
  end)

  it("refuses masks and values that do not fit", function()
    local t = grid()
    fails("ValueError", "a mask of shape", function() return t[snn.tensor { true, false }] end)
    fails("ValueError", "does not fit a tensor of shape",
      function() return snn.zeros(3)[snn.ones({ 3, 1 }, { dtype = "bool" })] end)
    fails("ValueError", "a mask of shape", function() t[snn.tensor { true }] = 1 end)
    fails("ValueError", "does not broadcast to", function() t[t:gt(8)] = snn.tensor { 1, 2 } end)
    fails("ValueError", "does not broadcast to", function() t[t:gt(8)] = snn.ones(1, 3) end)
    fails("TypeError", "'v' must be a number, a boolean or a tensor, got nil",
      function() t[t:gt(8)] = nil end)
    assert.is_true(t == grid())
  end)

  it("chooses as a loop does, whatever the shape and the dtype", function()
    for _, shape in ipairs { { 1 }, { 65 }, { 7, 3 }, { 3, 5, 2 }, { 0 }, { 130, 9 } } do
      for _, dtype in ipairs(DTYPES) do
        local t, mask = snn.randint(0, 5, shape):to(dtype), snn.rand(shape):lt(0.4)
        local want, flat, chosen = {}, t:flatten():totable(), mask:flatten():totable()
        for i, yes in ipairs(chosen) do if yes then want[#want + 1] = flat[i] end end
        assert.same(want, t[mask]:totable())
        local new = t[mask]:logical_not():to(dtype)
        local filled = t:clone()
        filled[mask] = new
        assert.is_true(filled[mask] == new)
        assert.is_true(filled[~mask] == t[~mask])
      end
    end
  end)
end)

describe("t[index]", function()
  it("copies the rows that a tensor of whole numbers names", function()
    for _, t in ipairs { grid(), turned() } do
      assert.same({ { 8, 9, 10, 11 }, { 0, 1, 2, 3 } }, t[int { -1, 1 }]:totable())
      assert.same({ { 4, 5, 6, 7 } }, t[snn.tensor { 2 }]:totable())
      assert.same({ 2, 2, 4 }, t[int { { 1, 2 }, { 3, 3 } }].shape)
      assert.same({ 0, 4 }, t[snn.zeros(0)].shape)
    end
  end)

  it("is the number that an index without dimensions holds", function()
    local t = snn.tensor { 3, 9, 4 }
    assert.equal(9, t[t:argmax()])
    assert.same({ 4, 5, 6, 7 }, grid()[snn.tensor(2)]:totable())
    t[t:argmax()] = 1
    assert.same({ 3, 1, 4 }, t:totable())
  end)

  it("is written to", function()
    for _, t in ipairs { grid(), turned() } do
      t[int { { 1, 3 } }] = snn.tensor { { { 1 }, { 2 } } }
      assert.same({ { 1, 1, 1, 1 }, { 4, 5, 6, 7 }, { 2, 2, 2, 2 } }, t:totable())
      t[snn.tensor { -1, 1 }] = 0
      assert.same({ { 0, 0, 0, 0 }, { 4, 5, 6, 7 }, { 0, 0, 0, 0 } }, t:totable())
    end
    local order = int { 3, 1, 2 }
    order[order] = order
    assert.same({ 1, 2, 3 }, order:totable())
  end)

  it("refuses what is no index", function()
    local t = grid()
    fails("ValueError", "'index' must hold whole numbers, element 2 is 1.5",
      function() return t[snn.tensor { 1, 1.5 }] end)
    fails("ValueError", "element 1 is nan", function() return t[snn.tensor { 0 / 0 }] end)
    fails("ValueError", "element 1 is inf", function() return t[snn.tensor(math.huge)] end)
    fails("ValueError", "index 0 is out of range, dimension 1 has 1 to 3",
      function() return t[int { 0 }] end)
    fails("ValueError", "is out of range", function() return t[snn.tensor(1e30)] end)
    fails("ValueError", "takes no index", function() return snn.tensor(1)[int { 1 }] end)
    fails("ValueError", "9 dimensions, at most 8",
      function() return grid()[snn.ones(1, 1, 1, 1, 1, 1, 1, 1)] end)
    fails("ValueError", "does not broadcast", function() t[int { 1, 2 }] = snn.zeros(3) end)
    fails("TypeError", "'v' must be", function() t[int { 1 }] = {} end)
    assert.is_true(t == grid())
  end)
end)

describe("keys of tensors that cannot be written", function()
  local lif = snn.LIF { shape = 3, step_time = 1, rest_v = -65, reset_v = -60, thresh_v = -52,
    refrac_t = 3, time_constant = 20 }

  for name, key in pairs { list = { 1 }, ranges = { { 1, 1 } }, mask = snn.tensor { true },
    index = snn.tensor { 1 } } do
    it("are refused for a field and an expanded tensor: " .. name, function()
      fails("RuntimeError", "was read from a module's field",
        function() lif.voltage[key] = 0 end)
      fails("RuntimeError", "an expanded tensor cannot be changed in place",
        function() snn.zeros(1, 1):expand(1, 3)[key] = 0 end)
      assert.equal(1, #lif.voltage[key])
    end)
  end

  it("leave what shares the elements copy-on-write", function()
    local before = snn.ones(3)
    local after = before:clone()
    after[before:gt(0)] = 5
    after[{ 1 }] = 7
    assert.same({ 1, 1, 1 }, before:totable())
    assert.same({ 7, 5, 5 }, after:totable())
  end)
end)

describe("index tensors of methods", function()
  it("may be real where their numbers are whole", function()
    local t, index = grid(), snn.tensor { 2, -1 }
    assert.is_true(t:index_select(1, index) == t[{ 2, 3 }])
    assert.is_true(t:gather(2, snn.tensor { { 4.0 }, { 1 } }) == snn.tensor { { 3 }, { 4 } })
    assert.same({ 0, 1, 0, 1 },
      snn.zeros(4):scatter_add_(1, snn.tensor { 2, 4 }, snn.ones(2)):totable())
    assert.same({ 1, 0, 2 }, snn.tensor({ 3, 1, 3 }):bincount():totable())
  end)

  it("are told from masks", function()
    local t, mask = grid(), snn.tensor { true, false, true }
    for name, fn in pairs {
      index_select = function() return t:index_select(1, mask) end,
      gather = function() return snn.zeros(3):gather(1, mask) end,
      scatter_add_ = function() return snn.zeros(3):scatter_add_(1, mask, snn.ones(3)) end,
    } do
      fails("TypeError", name .. ": ", fn)
      fails("TypeError", "a bool tensor is a mask", fn)
    end
    fails("ValueError", "scatter_add_: 'index' must hold whole numbers, element 1 is 0.5",
      function() snn.zeros(3):scatter_add_(1, snn.tensor { 0.5 }, snn.ones(1)) end)
    fails("ValueError", "bincount: 'self' must hold whole numbers",
      function() return snn.tensor({ 1, 2.5 }):bincount() end)
  end)
end)
