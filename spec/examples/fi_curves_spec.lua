local run = require "spec.examples.run"

describe("examples/fi_curves.lua", function()
  local result, rates

  setup(function()
    result, rates = run("fi_curves"), {}
    for line in result.out:gmatch("[^\n]+") do
      local name, row = line:match("^(.-) %(%w+%)"), {}
      for number in line:match("%)(.*)$"):gmatch("[%d.]+") do row[#row + 1] = tonumber(number) end
      rates[name] = row
    end
  end)

  it("ends well", function()
    assert.equal("", result.err)
    assert.equal(0, result.code)
  end)

  it("has a row for every neuron that fires by itself", function()
    for name in ("LIF ALIF GLIF1 GLIF2 QIF Izhikevich EIF AdEx"):gmatch("%S+") do
      assert.is_truthy(rates[name] or rates[name .. ", settled"], name)
    end
  end)

  it("has rates that grow with the current, from none below 10 nA on", function()
    for name, row in pairs(rates) do
      if name ~= "current" then assert.equal(0, row[1]) end
      for i = 2, #row do assert.is_true(row[i] >= row[i - 1], name) end
    end
  end)

  it("agrees with the law of the LIF within 1 %", function()
    for i, hertz in ipairs(rates["LIF, by its law"]) do
      assert.near(hertz, rates.LIF[i], 0.01 * hertz)
    end
  end)

  it("settles lower than it starts where neurons adapt", function()
    for name in ("ALIF GLIF2 Izhikevich AdEx"):gmatch("%S+") do
      assert.is_true(rates[name .. ", settled"][8] < rates[name .. ", at first"][8], name)
    end
  end)
end)
