-- Accumulators that belong to no parameter: terms, reductions, bounds.
local snn = require "snn"
local near = require "spec.near"

local function failure(fn, ...)
  local ok, err = pcall(fn, ...)
  assert.is_false(ok)
  return err
end

describe("Accumulator", function()
  local acc, param

  before_each(function()
    acc = snn.Accumulator()
    param = snn.tensor { 0.25, 0.5 }
  end)

  it("has nothing at first", function()
    assert.is_nil(acc.pos)
    assert.is_nil(acc.neg)
    assert.is_nil(acc:update(param))
    assert.equal(param, acc(param))
  end)

  it("appends what is assigned and gives the sum", function()
    acc.pos = snn.tensor { 1, 2 }
    acc.pos = snn.tensor { 3, 4 }
    acc.pos = nil
    near(snn.tensor { 4, 6 }, acc.pos)
    assert.is_nil(acc.neg)
  end)

  it("subtracts neg from pos", function()
    acc.pos, acc.neg = snn.tensor { 1, 2 }, snn.tensor { 3, 1 }
    near(snn.tensor { -2, 1 }, acc:update(param))
    near(snn.tensor { -1.75, 1.5 }, acc(param))
  end)

  it("gives the change of one side alone", function()
    acc.neg = snn.tensor { 3, 1 }
    near(snn.tensor { -3, -1 }, acc:update(param))
  end)

  it("forgets its terms, and with them their shape, when cleared", function()
    acc.pos = snn.tensor { 1, 2 }
    acc:clear()
    assert.is_nil(acc.pos)
    acc.pos = snn.ones(3)
    near(snn.ones(3), acc.pos)
  end)

  it("keeps a term as it was when it came", function()
    local term = snn.tensor { 1, 2 }
    acc.pos = term
    term:add_(1)
    near(snn.tensor { 1, 2 }, acc.pos)
    acc.pos:add_(1)
    near(snn.tensor { 1, 2 }, acc.pos)
  end)

  it("makes whole numbers float32", function()
    acc.pos = snn.tensor({ 1, 2 }, { dtype = "int64" })
    assert.equal("float32", acc.pos.dtype)
  end)

  it("computes in the higher dtype of terms and parameter", function()
    acc.pos = snn.tensor({ 1, 2 }, { dtype = "float64" })
    assert.equal("float64", acc:update(param).dtype)
    acc:clear()
    acc.pos = snn.tensor { 1, 2 }
    assert.equal("float64", acc(param:to("float64")).dtype)
  end)

  it("refuses terms of another shape and what is no tensor", function()
    acc.pos = snn.tensor { 1, 2 }
    local err = failure(function() acc.neg = snn.ones(2, 2) end)
    assert.equal("ValueError", err.kind)
    assert.truthy(err.message:find("neg: a tensor of shape {2, 2}, must have shape {2}", 1, true))
    assert.equal("TypeError", failure(function() acc.pos = 1 end).kind)
    assert.equal("ValueError", failure(acc.update, acc, snn.ones(3)).kind)
    near(snn.tensor { 1, 2 }, acc.pos)
    assert.is_nil(acc.neg)
  end)

  it("reads views and tensors without dimensions", function()
    acc.pos = snn.tensor { { 1, 2 }, { 3, 4 } }:transpose(1, 2)
    acc.pos = snn.tensor { { 1, 2 }, { 3, 4 } }
    near(snn.tensor { { 2, 5 }, { 5, 8 } }, acc.pos)
    local point = snn.Accumulator()
    point.pos = snn.tensor(2)
    near(snn.tensor(3), point(snn.tensor(1)))
  end)
end)

describe("a reduction", function()
  local acc

  before_each(function()
    acc = snn.Accumulator()
    acc.pos = snn.tensor { 1, 6 }
    acc.pos = snn.tensor { 3, 2 }
  end)

  for name, want in pairs { sum = { 4, 8 }, mean = { 2, 4 }, max = { 3, 6 }, min = { 1, 2 } } do
    it(("takes the %s of the terms that are there"):format(name), function()
      near(snn.tensor { 4, 8 }, acc.pos)
      acc:reduction(name)
      near(snn.tensor(want), acc.pos)
    end)
  end

  it("may be a function of the terms side by side", function()
    local seen
    acc:reduction(function(terms, dim)
      seen = { terms.shape[1], terms.shape[2], dim }
      return terms:prod(dim)
    end)
    near(snn.tensor { 3, 12 }, acc.pos)
    assert.same({ 2, 2, 1 }, seen)
    near(snn.tensor { 3, 12 }, acc:update(snn.zeros(2)))
  end)

  it("is the sum again without a function", function()
    acc:reduction("mean")
    acc:reduction(snn.none)
    near(snn.tensor { 4, 8 }, acc.pos)
  end)

  it("refuses other names and values", function()
    local err = failure(acc.reduction, acc, "median")
    assert.equal("ValueError", err.kind)
    assert.truthy(err.message:find("got 'median'", 1, true))
    assert.equal("TypeError", failure(acc.reduction, acc, 1).kind)
    near(snn.tensor { 4, 8 }, acc.pos)
  end)

  it("must give a tensor of the terms' shape", function()
    acc:reduction(function(terms) return terms end)
    assert.equal("ValueError", failure(function() return acc.pos end).kind)
    acc:reduction(function() return 1 end)
    assert.equal("TypeError", failure(function() return acc.pos end).kind)
  end)

  it("passes errors of its function through and stays usable", function()
    local thrown = {}
    acc:reduction(function() error(thrown) end)
    assert.equal(thrown, failure(function() return acc.pos end))
    acc:reduction "sum"
    near(snn.tensor { 4, 8 }, acc.pos)
  end)

  it("may not yield", function()
    acc:reduction(function() coroutine.yield() end)
    local run = coroutine.wrap(function() return failure(function() return acc.pos end) end)
    assert.equal("RuntimeError", run().kind)
  end)

  it("may clear the accumulator while it runs", function()
    acc.neg = snn.tensor { 1, 1 }
    acc:reduction(function(terms, dim)
      acc:clear()
      acc.pos = snn.ones(5)
      return terms:sum(dim)
    end)
    local ok, err = pcall(acc.update, acc, snn.zeros(2))
    assert.truthy(ok or err.kind == "ValueError")
    acc:reduction(snn.none)
    near(snn.ones(5), acc.pos)
  end)
end)

describe("a bound of an accumulator", function()
  local acc, param
  local f = snn.functional
  local POS, NEG = snn.tensor { 0.5, 0, 0.25 }, snn.tensor { 0.125, 0.5, 0 }

  before_each(function()
    acc = snn.Accumulator()
    param = snn.tensor { 0.25, 0.5, 0.75 }
    acc.pos, acc.neg = POS, NEG
  end)

  -- each law as a function of Lua
  local function room(limit, p, is_upper) return is_upper and limit - p or p - limit end
  local LAWS = {
    power = function(d, u, o) return d ^ o.power * u end,
    scaled_power = function(d, u, o) return (d / o.range) ^ o.power * u end,
    multiplicative = function(d, u) return d * u end,
    scaled_multiplicative = function(d, u, o) return d / o.range * u end,
    sharp = function(d, u) return d:gt(0):to("float32") * u end,
  }
  local OPTIONS = {
    power = { power = 1.5 }, scaled_power = { power = 3, range = 2 },
    scaled_multiplicative = { range = 1.5 },
  }

  for name, law in pairs(LAWS) do
    it(("of the %s law is the same fused and in Lua"):format(name), function()
      acc:upperbound(f["bound_upper_" .. name], 1, OPTIONS[name])
      acc:lowerbound(f["bound_lower_" .. name], 0, OPTIONS[name])
      local fused = acc:update(param)
      local pos = f["bound_upper_" .. name](param, POS, 1, OPTIONS[name])
      local neg = f["bound_lower_" .. name](param, NEG, 0, OPTIONS[name])
      assert.truthy(fused:equal(pos - neg))
      acc:upperbound(function(p, u, max, o) return law(room(max, p, true), u, o) end, 1,
        OPTIONS[name])
      acc:lowerbound(function(p, u, min, o) return law(room(min, p, false), u, o) end, 0,
        OPTIONS[name])
      near(fused, acc:update(param))
    end)

    it(("of the %s law may be full"):format(name), function()
      local options = OPTIONS[name] and OPTIONS[name].power and
        { upper_power = OPTIONS[name].power, lower_power = 2 } or nil
      acc:fullbound(f["bound_" .. name], 1, 0, options)
      assert.truthy(acc:update(param):equal(f["bound_" .. name](param, POS, NEG, 1, 0, options)))
    end)
  end

  it("sees zeros for a side without terms when it is a full one in Lua", function()
    acc:clear()
    acc.pos = POS
    acc:fullbound(function(p, pos, neg, max, min, options)
      assert(max == 1 and min == -1 and next(options) == nil)
      return (max - p) * pos - neg
    end, 1, -1)
    near((1 - param) * POS, acc:update(param))
  end)

  it("takes tensors as limits", function()
    acc:upperbound(f.bound_upper_multiplicative, snn.tensor { 1, 2, 3 })
    near((snn.tensor { 1, 2, 3 } - param) * POS - NEG, acc:update(param))
    near(param + (snn.tensor { 1, 2, 3 } - param) * POS - NEG, acc(param))
    acc:fullbound(f.bound_scaled_multiplicative, snn.tensor { 1, 2, 3 }, -1)
    near((snn.tensor { 1, 2, 3 } - param) / snn.tensor { 2, 3, 4 } * POS
      - (param + 1) / snn.tensor { 2, 3, 4 } * NEG, acc:update(param))
  end)

  it("goes with snn.none, and with a bound of the other form", function()
    acc:upperbound(f.bound_upper_multiplicative, 1)
    acc:upperbound(snn.none)
    near(POS - NEG, acc:update(param))
    acc:upperbound(f.bound_upper_multiplicative, 1)
    acc:lowerbound(f.bound_lower_multiplicative, 0)
    acc:fullbound(snn.none)
    near(POS - NEG, acc:update(param))
    acc:fullbound(f.bound_multiplicative, 1, 0)
    acc:lowerbound(snn.none)
    near(POS - NEG, acc:update(param))
    acc:fullbound(function(p) return p end)
    acc:upperbound(f.bound_upper_sharp, 0.5)
    near(snn.tensor { 0.5 - 0.125, -0.5, 0 }, acc:update(param))
  end)

  it("does not go with nil, which a misspelt name gives", function()
    acc:upperbound(f.bound_upper_sharp, 0.5)
    local want = acc:update(param)
    for _, set in ipairs { "upperbound", "lowerbound", "fullbound" } do
      local err = failure(acc[set], acc, nil, 1)
      assert.equal("TypeError", err.kind)
      assert.equal(set .. ": 'bound' must be a function or the name of one of snn.functional "
        .. "(snn.none removes it), got nil", err.message)
    end
    local err = failure(acc.reduction, acc, nil)
    assert.equal("TypeError", err.kind)
    assert.equal("reduction: 'fn' must be a function or a name (snn.none: the sum), got nil",
      err.message)
    near(want, acc:update(param))
  end)

  it("of the other direction runs as it is", function()
    acc:upperbound(f.bound_lower_multiplicative, 0)
    near(param * POS - NEG, acc:update(param))
  end)

  it("refuses what it cannot use and leaves the old one", function()
    acc:upperbound(f.bound_upper_sharp, 0.5)
    local want = acc:update(param)
    local err = failure(acc.upperbound, acc, f.bound_sharp, 1)
    assert.equal("TypeError", err.kind)
    assert.truthy(err.message:find("bound_sharp, a bound of both sides", 1, true))
    assert.equal("TypeError", failure(acc.fullbound, acc, f.bound_upper_sharp, 1).kind)
    assert.equal("TypeError", failure(acc.upperbound, acc, "sharp", 1).kind)
    assert.equal("TypeError", failure(acc.upperbound, acc, f.bound_upper_sharp).kind)
    assert.equal("TypeError",
      failure(acc.upperbound, acc, f.bound_upper_power, 1, { pover = 2 }).kind)
    assert.equal("ValueError", failure(acc.fullbound, acc, f.bound_scaled_power, 1, nil,
      { upper_power = 1, lower_power = 1 }).kind)
    near(want, acc:update(param))
  end)

  it("must give a tensor of the parameter's shape", function()
    acc:upperbound(function(_, update) return update:sum() end, 1)
    local err = failure(acc.update, acc, param)
    assert.equal("ValueError", err.kind)
    assert.truthy(err.message:find("upperbound: a tensor of shape {}", 1, true))
    acc:upperbound(function() end, 1)
    assert.equal("TypeError", failure(acc.update, acc, param).kind)
  end)

  it("may take itself away while it runs", function()
    acc:upperbound(function(_, update)
      acc:fullbound(snn.none)
      return update * 2
    end)
    near(2 * POS - NEG, acc:update(param))
    near(POS - NEG, acc:update(param))
  end)
end)
