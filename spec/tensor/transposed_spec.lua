-- Copies between tensors whose elements lie side by side along different
-- dimensions: tiles, their edges, and what is beside them.
local snn = require "snn"

-- numbered(m, n)[i][j] is n (i - 1) + j
local function numbered(...)
  local count = 1
  for _, size in ipairs { ... } do count = count * size end
  return snn.arange(1, count + 1):to("float32"):view(...)
end

-- Where the copy of the transposed matrix of these sizes is wrong.
local function wrong_place(m, n, copy)
  local rows = copy:totable()
  if #rows ~= n then return "number of rows" end
  for j = 1, n do
    for i = 1, m do
      if rows[j][i] ~= n * (i - 1) + j then return j .. ", " .. i end
    end
  end
end

describe("a copy of a transposed matrix", function()
  for _, sizes in ipairs { { 2, 3 }, { 15, 16 }, { 16, 16 }, { 16, 17 }, { 17, 16 }, { 33, 31 },
    { 48, 100 }, { 200, 5 }, { 3, 200 } } do
    local m, n = table.unpack(sizes)
    for _, dtype in ipairs { "float32", "float64", "int64" } do
      it(("has each element in its place, %d x %d of %s"):format(m, n, dtype), function()
        local transposed = numbered(m, n):to(dtype):transpose(1, 2)
        assert.is_nil(wrong_place(m, n, transposed:clone()))
        assert.is_nil(wrong_place(m, n, transposed:to("float64")))
        assert.is_nil(wrong_place(m, n, transposed:to("float32")))
      end)
    end
  end

  it("has each of bool in its place", function()
    local third = (numbered(40, 50):to("int64") % 3):eq(0)
    local copy = third:transpose(1, 2):contiguous()
    for i = 1, 40 do
      for j = 1, 50 do
        assert.equal((50 * (i - 1) + j) % 3 == 0, copy[j][i])
      end
    end
  end)

  it("keeps to the part that a view shows", function()
    local whole = numbered(40, 60)
    local part = whole:narrow(1, 3, 20):narrow(2, 7, 35)
    local target = snn.zeros(50, 40)
    target:narrow(1, 2, 35):narrow(2, 5, 20):copy_(part:transpose(1, 2))
    assert.equal(part:sum():item(), target:sum():item())
    assert.equal(whole:select(1, 4):select(1, 9):item(), target:select(1, 4):select(1, 6):item())
  end)

  it("takes three dimensions in any order", function()
    local t = numbered(5, 18, 33)
    for _, order in ipairs { { 3, 2, 1 }, { 1, 3, 2 }, { 3, 1, 2 }, { 2, 3, 1 }, { 2, 1, 3 } } do
      local transposed = t:permute(table.unpack(order))
      local copy, size = transposed:contiguous(), transposed.shape
      for _, at in ipairs { { 1, 1, 1 }, size, { size[1], 1, size[3] }, { 2, 3, 4 } } do
        assert.equal(transposed[at[1]][at[2]][at[3]], copy[at[1]][at[2]][at[3]])
      end
      assert.is_true(copy:equal(transposed))
    end
  end)

  it("is the same on any number of threads", function()
    local before = snn.get_num_threads()
    local transposed, copies = snn.rand(517, 523):transpose(1, 2), {}
    for _, threads in ipairs { 1, 2, 4 } do
      snn.set_num_threads(threads)
      copies[#copies + 1] = transposed:clone()
    end
    snn.set_num_threads(before)
    assert.is_true(copies[1]:equal(copies[2]) and copies[1]:equal(copies[3]))
    assert.is_true(copies[1]:transpose(1, 2):equal(transposed:transpose(1, 2)))
  end)
end)
