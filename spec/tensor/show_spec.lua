local snn = require "snn"

local function shows(lines, t) assert.equal(table.concat(lines, "\n"), tostring(t)) end

describe("tostring of a tensor", function()
  it("aligns columns and tells shape and dtype", function()
    shows({
      "tensor([[ 1.  ,  2.5 ],",
      "        [-3.25, 40.  ]], shape={2, 2}, dtype=float32)",
    }, snn.tensor { { 1, 2.5 }, { -3.25, 40 } })
  end)

  it("writes whole numbers with a point and no decimals", function()
    shows({ "tensor([ 1., -2., 10.], shape={3}, dtype=float64)" }, snn.tensor({ 1, -2, 10 },
      { dtype = "float64" }))
  end)

  -- the digits are those of NumPy's str(numpy.float32(x)), repr(numpy.float64(x))
  it("shows the fewest digits that read back", function()
    shows({ "tensor([0.33333334, 0.6666667 ], shape={2}, dtype=float32)" },
      snn.tensor { 1 / 3, 2 / 3 })
    shows({ "tensor([0.3333333333333333, 0.6666666666666666], shape={2}, dtype=float64)" },
      snn.tensor({ 1 / 3, 2 / 3 }, { dtype = "float64" }))
    shows({ "tensor(0.1, shape={}, dtype=float32)" }, snn.tensor(0.1))
  end)

  it("uses powers of ten for large and for small numbers", function()
    shows({ "tensor([1.e+09, 1.e+00], shape={2}, dtype=float32)" }, snn.tensor { 1e9, 1 })
    shows({ "tensor([2.5e-05, 0.0e+00], shape={2}, dtype=float32)" }, snn.tensor { 2.5e-5,
      0 })
  end)

  it("uses powers of ten where decimals would be more than the type has digits", function()
    shows({ "tensor([1.0000000e+00, 1.2345679e-06], shape={2}, dtype=float32)" },
      snn.tensor { 1, 1.2345679e-6 })
  end)

  it("writes what reads back as the same number, in both dtypes", function()
    for dtype, digits in pairs { float32 = 9, float64 = 17 } do
      -- powers of two and their neighbours, numbers without a short text
      for exponent = -100, 100, 7 do
        for _, factor in ipairs { 1, 1 + 2 ^ -23, 1 / 3, 0.1, 1.7 } do
          local t = snn.tensor(factor * 2.0 ^ exponent, { dtype = dtype })
          local text = tostring(t):match("%((%S+),")
          local read = snn.tensor(tonumber(text), { dtype = dtype })
          assert.equal(t:item(), read:item())
          local written = text:gsub("e.*", ""):gsub("^[0.]*", ""):gsub("%.", "")
          assert.is_true(#written <= digits, text)
        end
      end
    end
  end)

  it("writes int64 and bool", function()
    shows({ "tensor([  1, -20, 300], shape={3}, dtype=int64)" }, snn.tensor({ 1, -20, 300 },
      { dtype = "int64" }))
    shows({ "tensor([ true, false], shape={2}, dtype=bool)" }, snn.tensor { true, false })
    shows({ "tensor(-9223372036854775808, shape={}, dtype=int64)" },
      snn.tensor(math.mininteger, { dtype = "int64" }))
  end)

  it("writes what is no number", function()
    shows({ "tensor([ nan,  inf, -inf,   1.], shape={4}, dtype=float32)" },
      snn.tensor { 0 / 0, math.huge, -math.huge, 1 }:abs() * snn.tensor { 1, 1, -1, 1 })
  end)

  it("writes what is empty", function()
    shows({ "tensor([], shape={0}, dtype=float32)" }, snn.zeros(0))
    shows({ "tensor([], shape={3, 0}, dtype=bool)" }, snn.zeros({ 3, 0 }, { dtype = "bool" }))
  end)

  it("parts blocks by an empty line", function()
    shows({
      "tensor([[[0., 1.],",
      "         [2., 3.]],",
      "",
      "        [[4., 5.],",
      "         [6., 7.]]], shape={2, 2, 2}, dtype=float32)",
    }, snn.arange(8):reshape(2, 2, 2))
  end)

  it("breaks long rows", function()
    shows({
      "tensor([ 0.,  1.,  2.,  3.,  4.,  5.,  6.,  7.,  8.,  9., 10., 11., 12., 13.,",
      "        14., 15.], shape={16}, dtype=float32)",
    }, snn.arange(16))
  end)

  it("follows views", function()
    shows({
      "tensor([[0., 3.],",
      "        [1., 4.],",
      "        [2., 5.]], shape={3, 2}, dtype=float32)",
    }, snn.arange(6):reshape(2, 3):transpose(1, 2))
  end)

  it("shows the edges of more than 1000 elements", function()
    shows({
      "tensor([   0.,    1.,    2., ..., 1998., 1999., 2000.], shape={2001}, dtype=float32)",
    }, snn.arange(2001))
    shows({
      "tensor([[   0,    1,    2, ...,   37,   38,   39],",
      "        [  40,   41,   42, ...,   77,   78,   79],",
      "        [  80,   81,   82, ...,  117,  118,  119],",
      "        ...,",
      "        [1480, 1481, 1482, ..., 1517, 1518, 1519],",
      "        [1520, 1521, 1522, ..., 1557, 1558, 1559],",
      "        [1560, 1561, 1562, ..., 1597, 1598, 1599]], shape={40, 40}, dtype=int64)",
    }, snn.arange(1600, { dtype = "int64" }):reshape(40, 40))
  end)

  it("is short whatever the size", function()
    assert.is_true(#tostring(snn.zeros(1):expand(10, 10, 10, 10, 10, 10, 10, 10)) < 20000)
    assert.is_true(#tostring(snn.zeros(1):expand(1 << 40)) < 200)
  end)
end)
