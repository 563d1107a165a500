-- The check of nearness that all specs share can fail.
local snn = require "snn"
local near = require "spec.near"

local NAN <const>, INF <const> = 0 / 0, 1 / 0

describe("near", function()
  it("takes numbers, lists and tensors within the tolerance of the type", function()
    near(1, 1 + 1e-7)
    near({ 1, 2, 3, 4 }, snn.tensor { { 1, 2 }, { 3, 4 } })
    near({ { 1, 2 }, { 3, 4 } }, snn.tensor { { 1, 2 }, { 3, 4.000002 } })
    near(snn.tensor { 1, NAN, INF }, { 1, NAN, INF })
    near(5, snn.tensor(5))
  end)

  for what, case in pairs {
    ["another number"] = { 1, 1.00001 },
    ["a double that is near as a float only"] =
      { { 1 }, snn.tensor({ 1 + 1e-7 }, { dtype = "float64" }) },
    ["NaN for a number"] = { { 1 }, { NAN } },
    ["infinity for a number"] = { { 1 }, { INF } },
    ["a number for infinity"] = { { INF }, { 1e308 } },
    ["another shape"] = { { { 1, 2 } }, snn.tensor { { 1 }, { 2 } } },
    ["more elements"] = { { 1 }, { 1, 2 } },
    ["fewer elements"] = { { 1, 2 }, { 1 } },
  } do
    it("refuses " .. what, function()
      assert.is_false((pcall(near, case[1], case[2])))
    end)
  end

  it("takes a tolerance of one's own, or two", function()
    near(100, 100.5, 0.01)
    near(1e-8, 2e-8, 0, 1e-7)
    assert.is_false((pcall(near, 1e-8, 2e-8, 1e-7, 0)))
  end)
end)
