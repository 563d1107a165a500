-- How an accumulator reduces and bounds its terms, saved and put into another one.
local snn = require "snn"
local state = require "spec.atomic.state"
local twin = require "spec.twin"

local F = snn.functional

local WAYS = {
  ["a name of a reduction"] = function(acc) acc:reduction "max" end,
  ["an upper bound"] = function(acc) acc:upperbound(F.bound_upper_power, 0.9, { power = 1.5 }) end,
  ["a scaled one"] = function(acc)
    acc:upperbound(F.bound_upper_scaled_power, 0.9, { power = 2, range = 0.7 })
  end,
  ["both bounds"] = function(acc)
    acc:upperbound(F.bound_upper_multiplicative, 0.8)
    acc:lowerbound(F.bound_lower_sharp, -1 / 0)
  end,
  ["limits of each place"] = function(acc)
    acc:upperbound(F.bound_upper_multiplicative, snn.tensor { 0.5, 0.75 })
  end,
  ["a full bound"] = function(acc)
    acc:fullbound(F.bound_scaled_multiplicative, 1, snn.tensor { 0, 0.1 })
  end,
  ["half of a full bound"] = function(acc) acc:fullbound(F.bound_sharp, nil, 0.3) end,
}

local param = snn.tensor { 0.25, 0.5 }

local function changed(acc)
  acc:clear()
  acc.pos, acc.pos, acc.neg = snn.tensor { 0.1, 0.2 }, snn.tensor { 0.3, 0.1 }, param * 0.5
  return state.bits(acc(param))
end

local function copied(from, to, settings)
  twin.load({ acc = to }, twin.save { acc = from }, settings)
  return to
end

describe("an accumulator that was loaded", function()
  for what, set in pairs(WAYS) do
    it("has " .. what, function()
      local acc, other = snn.Accumulator(), snn.Accumulator()
      set(acc)
      assert.are_not.equal(changed(acc), changed(other))
      assert.equal(changed(acc), changed(copied(acc, other)))
      assert.same(twin.tools.bounding(acc), twin.tools.bounding(copied(acc, other)))
    end)

    it("has no longer " .. what, function()
      local other = snn.Accumulator()
      set(other)
      assert.equal(changed(snn.Accumulator()), changed(copied(snn.Accumulator(), other)))
    end)

    it(("has %s where the script's settings hold"):format(what), function()
      local acc, other = snn.Accumulator(), snn.Accumulator()
      set(acc)
      set(other)
      assert.equal(changed(acc), changed(copied(snn.Accumulator(), other, "script")))
    end)

    it(("has %s again after a call that fails, also nested"):format(what), function()
      local acc, same = snn.Accumulator(), snn.Accumulator()
      set(acc)
      set(same)
      pcall(twin.tools.atomic, { acc }, function()
        twin.tools.atomic({ acc }, function() acc:reduction "min" end)
        acc:fullbound(F.bound_sharp, 0.1, 0)
        acc:fullbound(snn.none)
        error("the script", 0)
      end)
      assert.equal(changed(same), changed(acc))
    end)
  end

  it("keeps functions, which must be there", function()
    local function sum(t, dim) return t:sum(dim) end
    local acc, other = snn.Accumulator(), snn.Accumulator()
    acc:reduction(sum)
    local ok, err = pcall(copied, acc, other)
    assert.is_false(ok)
    assert.matches("the saved 'reduction' is a function, here it is none", tostring(err))
    other:reduction(sum)
    copied(acc, other)
    assert.matches("is a function here", tostring(select(2, pcall(copied, snn.Accumulator(),
      other))))
  end)

  it("refuses what is no bound, and is as it was", function()
    local acc, other = snn.Accumulator(), snn.Accumulator()
    WAYS["a scaled one"](acc)
    for _, bad in ipairs { { "upper.law", "cubic" }, { "upper.law", 3 }, { "upper.limit", 0 / 0 },
      { "upper.limit", snn.ones(2, { dtype = "int64" }) }, { "upper.limit", nil },
      { "upper.range", 0.0 }, { "upper.power", "x" }, { "upper.is_upper", 1 },
      { "upper.scaled", nil }, { "reduction", "median" }, { "full", "half" },
      { "full", "function" }, { "upper.law", "function" } } do
      local saved = twin.save { acc = acc }
      twin.set(saved, "acc:" .. bad[1], bad[2])
      assert.is_false((pcall(twin.load, { acc = other }, saved)), bad[1])
      assert.same({}, twin.tools.bounding(other))
    end
  end)
end)
