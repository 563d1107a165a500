-- Updaters of connections.
local snn = require "snn"
local support = require "spec.support"
local near = require "spec.near"

local function failure(fn, ...)
  local ok, err = pcall(fn, ...)
  assert.is_false(ok)
  return err
end

local function connection(args)
  args = args or {}
  local all = {
    in_shape = 3, out_shape = 2, step_time = 1, bias = true,
    synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 },
    weight_init = snn.zeros(2, 3), bias_init = snn.zeros(2),
  }
  for k, v in pairs(args) do all[k] = v end
  local c = snn.LinearDense(all)
  c.updater = c:defaultupdater()
  return c
end

local ONES = snn.ones(2, 3)

describe("Updater", function()
  local c, updater

  before_each(function()
    c = connection()
    updater = c.updater
  end)

  it("has an accumulator for each parameter, in order", function()
    assert.same({ "weight", "bias" }, updater.names)
    assert.equal(updater.weight, updater.weight)
    assert.is_nil(updater.bias.pos)
    assert.equal(c, updater.parent)
    assert.is_true(c.updatable)
  end)

  it("has the parameters that are asked for", function()
    assert.same({ "bias" }, c:defaultupdater("bias").names)
    assert.same({ "bias", "weight" }, c:defaultupdater("bias", "weight").names)
    assert.same({ "weight" }, snn.Updater { module = c, params = { "weight" } }.names)
    assert.same({ "weight", "bias" }, snn.Updater { module = c }.names)
  end)

  it("appends a pair, a tensor alone, or one side of a pair", function()
    updater.weight = { ONES, ONES * 2 }
    updater.weight = ONES
    updater.weight = { nil, ONES }
    near(ONES * 2, updater.weight.pos)
    near(ONES * 3, updater.weight.neg)
  end)

  it("appends both or none", function()
    local err = failure(function() updater.weight = { ONES, snn.ones(3, 2) } end)
    assert.equal("ValueError", err.kind)
    assert.truthy(err.message:find("updater.weight: a tensor of shape {3, 2}", 1, true))
    assert.equal("TypeError", failure(function() updater.weight = { ONES, 1 } end).kind)
    assert.equal("TypeError", failure(function() updater.weight = 1 end).kind)
    assert.is_nil(updater.weight.pos)
  end)

  it("applies everything to its parent and keeps it", function()
    updater.weight, updater.bias = { ONES }, { nil, snn.ones(2) }
    updater()
    near(ONES, c.weight)
    near(-snn.ones(2), c.bias)
    updater()
    near(ONES * 2, c.weight)
  end)

  it("applies what is named", function()
    updater.weight, updater.bias = ONES, snn.ones(2)
    updater("bias")
    near(ONES * 0, c.weight)
    near(snn.ones(2), c.bias)
  end)

  it("forgets all terms when cleared", function()
    updater.weight, updater.bias = ONES, snn.ones(2)
    updater:clear()
    assert.is_nil(updater.weight.pos)
    assert.is_nil(updater.bias.pos)
  end)

  it("bounds by the parameter", function()
    c.weight = ONES * 0.5
    updater.weight:upperbound(snn.functional.bound_upper_multiplicative, 1)
    updater.weight = ONES
    updater()
    near(ONES, c.weight)
    updater()
    near(ONES, c.weight)
  end)

  it("refuses names it does not have", function()
    local err = failure(updater, "wieght")
    assert.equal("AttributeError", err.kind)
    assert.truthy(err.message:find("did you mean 'weight'?", 1, true))
    err = failure(function() return updater.delay end)
    assert.equal("AttributeError", err.kind)
    assert.truthy(err.message:find("(trainable: 'weight', 'bias')", 1, true))
    assert.equal("AttributeError", failure(function() return updater.wieght end).kind)
    assert.equal("AttributeError", failure(function() updater.delay = ONES end).kind)
    assert.equal("AttributeError", failure(c.defaultupdater, c, "delay").kind)
    assert.equal("ValueError", failure(c.defaultupdater, c, "bias", "bias").kind)
    assert.equal("AttributeError", failure(function() updater.names = {} end).kind)
  end)

  it("changes no parameter when one of them fails", function()
    updater.weight, updater.bias = ONES, snn.ones(2)
    updater.bias:upperbound(function() error("no", 0) end, 1)
    assert.equal("no", failure(updater))
    assert.equal("no", failure(c.update, c))
    near(ONES * 0, c.weight)
    near(ONES, updater.weight.pos)
  end)

  it("may change its connection while a bound runs", function()
    updater.weight, updater.bias = ONES, snn.ones(2)
    updater.weight:upperbound(function(_, update)
      c.weight = ONES * 5
      updater:clear()
      c.updater = nil
      collectgarbage()
      return update
    end, 1)
    updater()
    near(ONES * 6, c.weight)
    near(snn.zeros(2), c.bias)
  end)

  it("leaves tensors that were read before", function()
    local before = c.weight
    updater.weight = ONES
    updater()
    near(ONES * 0, before)
    near(ONES, c.weight)
  end)

  it("can be the parent of a class", function()
    local Twice = snn.class("Twice", snn.Updater)
    function Twice:forward(...)
      snn.Updater.forward(self, ...)
      snn.Updater.forward(self, ...)
    end
    c.updater = Twice { module = c }
    c.updater.weight = ONES
    c:update()
    near(ONES * 2, c.weight)
    assert.is_nil(c.updater.weight.pos)
  end)

  it("is collected with its connection", function()
    local gone = setmetatable({}, { __mode = "k" })
    for _ = 1, 3 do gone[connection().updater] = true end
    collectgarbage()
    collectgarbage()
    assert.is_nil(next(gone))
  end)
end)

describe("a connection's update", function()
  local c

  before_each(function()
    c = connection()
    c.updater.weight, c.updater.bias = ONES, snn.ones(2)
  end)

  it("applies and clears", function()
    c:update()
    c:update()
    near(ONES, c.weight)
    near(snn.ones(2), c.bias)
    assert.is_nil(c.updater.weight.pos)
  end)

  it("keeps the terms with clear = false", function()
    c:update { clear = false }
    near(ONES, c.updater.weight.pos)
    assert.equal("TypeError", failure(c.update, c, { clear = 1 }).kind)
    assert.equal("TypeError", failure(c.update, c, { clea = true }).kind)
  end)

  it("does nothing without an updater", function()
    c.updater = nil
    assert.is_false(c.updatable)
    c:update()
    near(ONES * 0, c.weight)
    assert.equal("RuntimeError", failure(c.updatesome, c, "weight").kind)
  end)

  it("of some parameters leaves the others", function()
    c:updatesome("bias")
    near(ONES * 0, c.weight)
    near(snn.ones(2), c.bias)
    near(ONES, c.updater.weight.pos)
    assert.is_nil(c.updater.bias.pos)
    c:updatesome("weight", { clear = false })
    near(ONES, c.updater.weight.pos)
  end)

  it("runs the hooks of the updater", function()
    local calls = 0
    local handle = c.updater:register_forward_hook(function() calls = calls + 1 end)
    c:update()
    c:updatesome("weight", "bias")
    assert.equal(3, calls)
    handle:remove()
    c:update()
    assert.equal(3, calls)
  end)

  it("takes an updater that was made for it only", function()
    local other = connection()
    assert.equal("ValueError", failure(function() c.updater = other.updater end).kind)
    assert.equal("TypeError", failure(function() c.updater = snn.Accumulator() end).kind)
  end)
end)

describe("an update of several connections", function()
  local layer, parts

  before_each(function()
    layer, parts = snn.Layer(), {}
    for i, name in ipairs { "a", "b", "c", "d", "e" } do -- more than have a place of their own
      parts[i] = layer:add_connection(name, connection())
      parts[i].updater.weight, parts[i].updater.bias = ONES * i, snn.ones(2) * i
    end
  end)

  it("runs each parameter's own functions", function()
    for i, c in ipairs(parts) do
      c.updater.weight:upperbound(function(_, update) return update * 10 ^ i end)
      c.updater.bias:reduction(function(terms) return terms:sum(1) + 10 ^ i end)
    end
    layer:update()
    for i, c in ipairs(parts) do
      near(ONES * i * 10 ^ i, c.weight)
      near(snn.ones(2) * (i + 10 ^ i), c.bias)
    end
  end)

  it("changes no parameter and forgets no term when the last one fails", function()
    parts[5].updater.bias:lowerbound(function() error("no") end)
    parts[5].updater.bias.neg = snn.ones(2)
    assert.is_false(pcall(layer.update, layer))
    for i, c in ipairs(parts) do
      near(ONES * 0, c.weight)
      near(snn.ones(2) * 0, c.bias)
      near(ONES * i, c.updater.weight.pos)
    end
  end)
end)

describe("an update within an update", function()
  it("of the same parameter is refused, and nothing has changed", function()
    local c = snn.LinearDense { in_shape = 2, out_shape = 2, step_time = 1,
      synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 },
      weight_init = snn.ones(2, 2) }
    c.updater = c:defaultupdater()
    local weight = c.updater.weight
    weight.pos = snn.ones(2, 2)
    weight:reduction(function(terms)
      c:update()
      return terms:sum(1)
    end)
    support.fails("RuntimeError", "cannot update the parameter that it is for",
      c.update, c)
    assert.same({ { 1, 1 }, { 1, 1 } }, c.weight:totable())
    weight:reduction("sum")
    c:update()
    assert.same({ { 2, 2 }, { 2, 2 } }, c.weight:totable())
  end)
end)
