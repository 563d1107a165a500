-- What all connections have in common: parameters, synapses, settings.
local snn = require "snn"
local support = require "spec.support"
local naive = require "spec.connection.naive"
local fails = support.fails

local WEIGHT = { { 1, 2, 3 }, { -4, 0.5, 0 } }

local function dense(changes)
  local args = { in_shape = 3, out_shape = 2, weight_init = snn.tensor(WEIGHT) }
  for name, value in pairs(changes or {}) do args[name] = value end
  return naive.make("LinearDense", args)
end

--- A partial constructor that makes a synapse of other arguments than asked.
local function wrong_synapse(changes)
  return function(shape, step_time, delay, batch_size, dtype)
    local args = {
      shape = shape, step_time = step_time, delay = delay, batch_size = batch_size, dtype = dtype,
      spike_charge = 1,
    }
    for name, value in pairs(changes) do args[name] = value end
    return snn.DeltaCurrent(args)
  end
end

describe("a connection's initial parameters", function()
  it("are uniform in [0, 1)", function()
    local c = naive.make("LinearDense", { in_shape = 100, out_shape = 100, bias = true })
    assert.is_true(c.weight:ge(0):logical_and(c.weight:lt(1)):all():item())
    assert.near(0.5, c.weight:mean():item(), 0.02)
    assert.near(1 / 12, c.weight:var():item(), 0.01)
    assert.is_true(c.bias:ge(0):logical_and(c.bias:lt(1)):all():item())
  end)

  it("follow the seed", function()
    snn.manual_seed(4)
    local one = naive.make("LinearDense", { in_shape = 3, out_shape = 2, bias = true })
    snn.manual_seed(4)
    local other = naive.make("LinearDense", { in_shape = 3, out_shape = 2, bias = true })
    assert.same(one.weight:totable(), other.weight:totable())
    assert.same(one.bias:totable(), other.bias:totable())
  end)

  it("are what a function makes of these", function()
    local seen
    local c = dense {
      bias = true,
      weight_init = function(w)
        seen = w
        return w * 0 - 2
      end,
      bias_init = function(b) return b * 0 + 5 end,
    }
    assert.same({ 2, 3 }, seen.shape)
    assert.same({ { -2, -2, -2 }, { -2, -2, -2 } }, c.weight:totable())
    assert.same({ 5, 5 }, c.bias:totable())
  end)

  it("may be changed in place by that function", function()
    local c = dense { weight_init = function(w) return w:fill_(3) end }
    assert.same({ { 3, 3, 3 }, { 3, 3, 3 } }, c.weight:totable())
  end)

  it("are a copy of a tensor, of any dtype and in any view", function()
    local given = snn.tensor({ { 1, -4 }, { 2, 5 }, { 3, 0 } }, { dtype = "int64" })
    local c = dense { weight_init = given:transpose(1, 2) }
    given:fill_(0)
    assert.same({ { 1, 2, 3 }, { -4, 5, 0 } }, c.weight:totable())
    assert.equal("float32", c.weight.dtype)
  end)

  it("must be tensors of the right shape", function()
    fails("ValueError", "LinearDense.weight: a tensor of shape {3, 2}, must have shape {2, 3}",
      dense, { weight_init = snn.ones(3, 2) })
    fails("ValueError", "must have shape {2, 3}", dense,
      { weight_init = function(w) return w:transpose(1, 2) end })
    fails("TypeError", "'weight_init' must return a tensor, got nil", dense,
      { weight_init = function() end })
    fails("TypeError", "'weight_init' must be a number, { \"uniform\", low, high }, { \"normal\", "
      .. "mean, std }, a tensor or a function, got string 'x'", dense, { weight_init = "x" })
    fails("ValueError", "must have shape {2}", dense, { bias = true, bias_init = snn.ones(3) })
  end)

  it("are a number, the diagonal of a lateral one apart", function()
    local c = dense { weight_init = 0.25, bias = true, bias_init = -1 }
    assert.same({ 0.25 }, c.weight:unique():totable())
    assert.same({ -1 }, c.bias:unique():totable())
    local lateral = naive.make("LinearLateral", { shape = 2, weight_init = 3 })
    assert.same({ { 0, 3 }, { 3, 0 } }, lateral.weight:totable())
  end)

  it("are drawn from a distribution, in the connection's dtype", function()
    local wide = { in_shape = 300, out_shape = 200, bias = true, delay = 5, dtype = "float64" }
    wide.weight_init, wide.bias_init = { "uniform", -0.5, 0.5 }, { "Normal", 3, 0.5 }
    wide.delay_init = { "uniform", 1, 2 }
    local c = dense(wide)
    assert.equal("float64", c.weight.dtype)
    local low, high = c.weight:amin():item(), c.weight:amax():item()
    assert.is_true(low >= -0.5 and low < -0.49 and high < 0.5 and high > 0.49)
    assert.is_true(math.abs(c.weight:mean():item()) < 0.01)
    assert.is_true(math.abs(c.bias:mean():item() - 3) < 0.2)
    assert.is_true(math.abs(c.bias:std():item() - 0.5) < 0.15)
    assert.is_true(c.delay:amin():item() >= 1 and c.delay:amax():item() < 2)
    assert.equal(0.5, dense { weight_init = { "uniform", 0.5, 0.5 } }.weight:amin():item())
  end)

  it("are no other lists", function()
    for _, list in ipairs { {}, { "uniform" }, { "uniform", 0, "1" }, { "gamma", 0, 1 }, { 0, 1 },
      { "normal", 0, 1, 2 }, { "normal", 0 / 0, 1 } } do
      fails("TypeError", "'weight_init' must be a number, { \"uniform\", low, high }", dense,
        { weight_init = list })
    end
    fails("TypeError", "'weight_init' must be", dense, { weight_init = 1 / 0 })
    fails("ValueError", "'weight_init' draws from 1 up to 0, which is less", dense,
      { weight_init = { "uniform", 1, 0 } })
    fails("ValueError", "'weight_init' has the standard deviation -1", dense,
      { weight_init = { "normal", 1, -1 } })
  end)

  it("let an error of the function pass through", function()
    local mine = {}
    local ok, err = pcall(dense, { weight_init = function() error(mine) end })
    assert.is_false(ok)
    assert.equal(mine, err)
  end)
end)

describe("a connection's parameters", function()
  it("are taken as a copy, of any dtype and in any view", function()
    local c = dense()
    local given = snn.tensor({ { 1, 4 }, { 2, 5 }, { 3, 6 } }, { dtype = "float64" })
    c.weight = given:transpose(1, 2)
    given:fill_(0)
    assert.same({ { 1, 2, 3 }, { 4, 5, 6 } }, c.weight:totable())
    assert.same({ { 24, 60 } }, c(snn.ones(1, 3)):totable())
  end)

  it("may be assigned from each other", function()
    local one, other = dense(), dense()
    one.weight = other.weight
    one.weight = one.weight * 2
    assert.same(WEIGHT, other.weight:totable())
    assert.same({ { 2, 4, 6 }, { -8, 1, 0 } }, one.weight:totable())
  end)

  it("stay as they were in what was read before a change", function()
    local c = dense { bias = true, bias_init = snn.zeros(2) }
    c.updater = c:defaultupdater()
    local weight, bias = c.weight, c.bias
    c.updater.weight.pos = snn.ones(2, 3)
    c.updater.bias.neg = snn.ones(2)
    c:update()
    c.weight = c.weight * 10
    assert.same(WEIGHT, weight:totable())
    assert.same({ 0, 0 }, bias:totable())
    assert.same({ { 20, 30, 40 }, { -30, 15, 10 } }, c.weight:totable())
    assert.same({ -1, -1 }, c.bias:totable())
  end)

  it("cannot be changed in place, but a clone can", function()
    local c = dense()
    fails("RuntimeError", "conn.weight = conn.weight:clamp(0, 1)", c.weight.clamp_, c.weight, 0, 1)
    fails("RuntimeError", "read from a module's field", function() c.weight[1] = 0 end)
    fails("RuntimeError", "read from a module's field", function() c.weight[1][1] = 0 end)
    fails("RuntimeError", "read from a module's field",
      function() c.weight:transpose(1, 2):zero_() end)
    c.weight:clone():zero_()
    assert.same(WEIGHT, c.weight:totable())
  end)

  it("must keep their shape, else they stay", function()
    local c = dense()
    for _, shape in ipairs { { 3, 2 }, { 6 }, { 1, 2, 3 }, { 2, 0 }, {} } do
      fails("ValueError", "must have shape {2, 3}", function() c.weight = snn.ones(shape) end)
    end
    fails("TypeError", "'weight' must be a tensor, got nil", function() c.weight = nil end)
    fails("TypeError", "'weight' must be a tensor, got table", function() c.weight = WEIGHT end)
    assert.same(WEIGHT, c.weight:totable())
  end)

  it("are those that it was made with", function()
    local c = dense()
    assert.is_nil(c.bias)
    assert.is_false(c.biased)
    assert.is_nil(c.delay)
    fails("AttributeError", "has no bias", function() c.bias = snn.ones(2) end)
    fails("AttributeError", "has no delay", function() c.delay = snn.ones(2, 3) end)
    assert.is_true(dense { bias = true }.biased)
  end)
end)

describe("a connection's delay", function()
  it("is absent at first", function()
    assert.is_nil(dense().delayedby)
    assert.is_nil(dense().delay)
  end)

  it("of 0 counts as none", function()
    local c = dense { delay = 0, batch_size = 2 }
    assert.equal(0, c.delayedby)
    assert.same({ { 0, 0, 0 }, { 0, 0, 0 } }, c.delay:totable())
    assert.same({ 2, 3, 2 }, c.selector.shape)
    assert.equal(0, c.selector:abs():max():item())
    assert.same({ 2, 3 }, c.syncurrent.shape)
    assert.same({ 2, 3 }, c.synspike.shape)
    assert.same(dense()(snn.ones(1, 3))[1]:totable(), c(snn.ones(2, 3))[2]:totable())
  end)

  it("stays 0 where that is the longest", function()
    local c = dense { delay = 0, delay_init = snn.zeros(2, 3) }
    fails("ValueError", "index (1, 1)", function() c.delay = snn.full({ 2, 3 }, 3) end)
    assert.equal(0, c.delay:max():item())
    fails("ValueError", "must have shape {2, 3}", function() c.delay = snn.zeros(3) end)
  end)

  it("has a value for each weight", function()
    assert.same({ 3 }, naive.make("LinearDirect", { shape = 3, delay = 0 }).delay.shape)
    assert.same({ 3, 3 }, naive.make("LinearLateral", { shape = 3, delay = 0 }).delay.shape)
    assert.same({ 1, 3, 1 }, naive.make("LinearDirect", { shape = 3, delay = 0 }).selector.shape)
  end)

  it("is a number of at least 0", function()
    fails("ValueError", "'delay' must be at least 0", dense, { delay = -1 })
    fails("ValueError", "'delay' must be at least 0", dense, { delay = 0 / 0 })
    fails("TypeError", "'delay' must be a number", dense, { delay = "0" })
  end)
end)

describe("a connection's synapse", function()
  it("is asked for with shape, step, delay, batch size and dtype", function()
    local asked
    dense {
      batch_size = 4, dtype = "float64", in_shape = { 1, 3 },
      synapse = function(...)
        asked = { ... }
        return naive.synapse(...)
      end,
    }
    assert.same({ { 3 }, 0.5, 0, 4, "float64" }, asked)
  end)

  it("must be a synapse that fits", function()
    local function make(synapse) return function() dense { synapse = synapse } end end
    fails("TypeError", "'synapse' must be a function such as", make(3))
    fails("TypeError", "'synapse' must be a function such as", make(snn.DeltaCurrent))
    fails("TypeError", "'synapse' must be a Synapse, got nil", make(function() end))
    fails("TypeError", "'synapse' must be a Synapse, got number 3", make(function() return 3 end))
    fails("TypeError", "'synapse' must be a Synapse, got LinearDense", make(function()
      return dense()
    end))
    fails("RuntimeError", "must have the shape {3}", make(wrong_synapse { shape = 4 }))
    fails("RuntimeError", "must have the shape {3}", make(wrong_synapse { shape = { 3, 1 } }))
    fails("RuntimeError", "has a step of 1 ms", make(wrong_synapse { step_time = 1 }))
    fails("RuntimeError", "has batch size 2", make(wrong_synapse { batch_size = 2 }))
    fails("RuntimeError", "is of float64", make(wrong_synapse { dtype = "float64" }))
  end)

  it("may be one that a failed init left behind, which is refused", function()
    local Half, half = snn.class("Half", snn.DeltaCurrent), nil
    function Half:init() half = self end
    pcall(Half)
    fails("RuntimeError", "is not finished", dense, { synapse = function() return half end })
  end)

  it("is missed when it is not given", function()
    fails("TypeError", "'synapse' is missing", snn.LinearDirect, { shape = 3, step_time = 1 })
  end)

  it("lets an error of the constructor pass through", function()
    local mine = {}
    local _, err = pcall(dense, { synapse = function() error(mine) end })
    assert.equal(mine, err)
  end)

  it("shows its currents and spikes", function()
    local c = dense()
    c(snn.tensor { { 1, 0, 1 } })
    assert.same({ { 4, 0, 4 } }, c.syncurrent:totable())
    assert.same({ { true, false, true } }, c.synspike:totable())
    assert.same(c.synspike:totable(), c.synapse.spike:totable())
    fails("AttributeError", "'synspike' cannot be set", function() c.synspike = c.synspike end)
  end)

  it("can be replaced by one that fits", function()
    local c = dense()
    c(snn.ones(1, 3))
    local other = snn.DeltaCurrent { shape = 3, step_time = 0.5, spike_charge = 1 }
    c.synapse = other
    assert.equal(other, c.synapse)
    assert.same({ { 0, 0, 0 } }, c.syncurrent:totable())
    assert.same({ { 12, -7 } }, c(snn.ones(1, 3)):totable())
    assert.same({ { 2, 2, 2 } }, other.current:totable())
  end)

  it("stays when another one does not fit", function()
    local c = dense()
    local now = c.synapse
    for _, wrong in ipairs { { shape = 4 }, { step_time = 1 }, { batch_size = 2 } } do
      local synapse = wrong_synapse(wrong)({ 3 }, 0.5, 0, 1)
      fails("RuntimeError", "LinearDense: the synapse", function() c.synapse = synapse end)
    end
    fails("TypeError", "'synapse' must be a Synapse", function() c.synapse = nil end)
    fails("TypeError", "'synapse' must be a Synapse", function() c.synapse = c end)
    assert.equal(now, c.synapse)
  end)

  it("may serve two connections", function()
    local synapse = naive.synapse({ 3 }, 0.5, 0, 1)
    local one = dense { synapse = function() return synapse end }
    local other = dense { synapse = function() return synapse end }
    one(snn.tensor { { 1, 0, 0 } })
    assert.same({ { 4, 0, 0 } }, other.syncurrent:totable())
  end)

  context("of a script's class, or with hooks", function()
    --- A synapse whose currents are three times as large.
    local Triple = snn.class("Triple", snn.DeltaCurrent)
    function Triple:forward(spikes, ...)
      if self.trick then self.trick(self, spikes, ...) end
      return snn.DeltaCurrent.forward(self, spikes) * 3
    end

    local function triple(shape, step_time, delay, batch_size, dtype)
      return Triple {
        shape = shape, step_time = step_time, delay = delay, batch_size = batch_size,
        dtype = dtype, spike_charge = 2,
      }
    end

    it("gives its own currents", function()
      local c = dense { synapse = triple, bias = true, bias_init = snn.tensor { 10, 20 } }
      assert.same({ { 3 * 16 + 10, 3 * -16 + 20 } }, c(snn.tensor { { 1, 0, 1 } }):totable())
      assert.same({ { true, false, true } }, c.synspike:totable())
    end)

    it("serves all connections, in any shape and dtype", function()
      for class, sizes in pairs {
        LinearDense = { in_shape = { 2, 3 }, out_shape = { 4, 1 } },
        LinearDirect = { shape = { 2, 3 } },
        LinearLateral = { shape = { 3, 2 } },
      } do
        for _, dtype in ipairs { "float32", "float64" } do
          sizes.batch_size, sizes.dtype, sizes.synapse = 3, dtype, nil
          local plain = naive.make(class, sizes)
          sizes.synapse = triple
          local c = naive.make(class, sizes)
          c.weight = plain.weight
          local spikes = naive.spikes(c.batched_inshape, 0.5)
          local want, got = plain(spikes) * 3, c(spikes)
          assert.same(want.shape, got.shape)
          assert.equal(dtype, got.dtype)
          assert.is_true(want:allclose(got, 1e-5, 1e-5))
        end
      end
    end)

    it("gets flat spikes and what is injected", function()
      local c, seen = naive.make("LinearDense", {
        in_shape = { 1, 3 }, out_shape = 2, synapse = triple,
      }), nil
      c.synapse.trick = function(_, ...) seen = { ... } end
      local injected = snn.ones(1, 3)
      c(snn.tensor { { { 1, 0, 1 } } }, injected)
      assert.same({ { 1, 0, 1 } }, seen[1]:totable())
      assert.equal(injected, seen[2])
    end)

    it("has its hooks run", function()
      local c, order = dense(), {}
      c.synapse:register_forward_pre_hook(function() order[#order + 1] = "before" end)
      local handle = c.synapse:register_forward_hook(function(_, _, current) return current * 2 end)
      assert.same({ { 32, -32 } }, c(snn.tensor { { 1, 0, 1 } }):totable())
      assert.same({ "before" }, order)
      handle:remove()
      assert.same({ { 16, -16 } }, c(snn.tensor { { 1, 0, 1 } }):totable())
    end)

    it("runs in a layer, too, which takes a failure back", function()
      local c = dense { synapse = triple }
      local layer = snn.Layer { wiring = function() return {} end }
      layer:add_connection("enc", c)
      local _, mid = layer({ enc = snn.tensor { { 1, 0, 1 } } }, { capture_intermediate = true })
      assert.same({ { 48, -48 } }, mid.enc:totable())
      c.synapse.trick = function(self, spikes)
        snn.DeltaCurrent.forward(self, spikes)
        error("mine", 0)
      end
      assert.has_error(function() layer { enc = snn.ones(1, 3) } end, "mine")
      assert.same({ { true, false, true } }, c.synspike:totable())
    end)

    it("must give currents of its shape, else its step is taken back", function()
      local c = dense { synapse = triple }
      c(snn.tensor { { 1, 0, 1 } })
      for _, wrong in ipairs { 3, snn.ones(1, 2), snn.ones(3) } do
        local handle = c.synapse:register_forward_hook(function() return wrong end)
        fails(wrong == 3 and "TypeError" or "ValueError", "LinearDense: ", c, snn.ones(1, 3))
        handle:remove()
      end
      fails("ValueError", "the input has shape {3}, the connection wants {1, 3}", c, snn.ones(3))
      assert.same({ { true, false, true } }, c.synspike:totable())
    end)

    it("may be replaced while it runs", function()
      local c = dense { synapse = triple }
      c.synapse.trick = function()
        c.synapse = naive.synapse({ 3 }, 0.5, 0, 1)
        collectgarbage()
      end
      assert.same({ { 48, -48 } }, c(snn.tensor { { 1, 0, 1 } }):totable())
      assert.same({ { 0, 0, 0 } }, c.syncurrent:totable())
    end)
  end)

  it("makes steps an error when its batch size was changed alone", function()
    local c = dense()
    c.synapse.batchsz = 2
    fails("ValueError", "{2, 3}", c, snn.ones(1, 3))
    fails("ValueError", "{1, 3}", c, snn.ones(2, 3))
    c.batchsz = 1
    assert.same({ { 24, -14 } }, c(snn.ones(1, 3)):totable())
  end)
end)

describe("a connection's settings", function()
  it("are cleared by another batch size", function()
    local c = dense()
    c(snn.ones(1, 3))
    c.batchsz = 2
    assert.same({ { 0, 0, 0 }, { 0, 0, 0 } }, c.syncurrent:totable())
    assert.same({ 2, 2 }, { c.batchsz, c.synapse.batchsz })
    assert.same({ { 24, -14 }, { 24, -14 } }, c(snn.ones(2, 3)):totable())
    assert.same(WEIGHT, c.weight:totable())
  end)

  it("reach the synapse", function()
    local c = dense()
    c(snn.tensor { { 1, 0, 0 } })
    c.dt = 2
    assert.same({ 2, 2 }, { c.dt, c.synapse.dt })
    assert.same({ { 1, 0, 0 } }, c.syncurrent:totable())
    assert.same({ { 6, -3.5 } }, c(snn.ones(1, 3)):totable())
  end)

  it("must be in range, else nothing changes", function()
    local c = dense()
    c(snn.ones(1, 3))
    for name, values in pairs { dt = { 0, -1, 0 / 0, 1 / 0 }, batchsz = { 0, -3 } } do
      for _, value in ipairs(values) do
        fails("ValueError", "'" .. name .. "' must be", function() c[name] = value end)
      end
      fails("TypeError", "'" .. name .. "' must be", function() c[name] = "x" end)
    end
    fails("RuntimeError", "not enough memory", function() c.batchsz = 1 << 55 end)
    assert.same({ 0.5, 1, 0.5, 1 }, { c.dt, c.batchsz, c.synapse.dt, c.synapse.batchsz })
    assert.same({ { 4, 4, 4 } }, c.syncurrent:totable())
  end)

  it("cannot be set where they are fixed", function()
    local c = dense()
    for _, name in ipairs { "inshape", "outshape", "batched_inshape", "batched_outshape", "dtype",
      "biased", "delayedby", "selector", "syncurrent", "updatable" } do
      fails("AttributeError", "'" .. name .. "' cannot be", function() c[name] = 1 end)
    end
  end)

  it("are copies", function()
    local c = dense()
    c.inshape[1] = 7
    assert.same({ 3 }, c.inshape)
  end)
end)

describe("a connection", function()
  it("stays as it was when its input is wrong", function()
    local c = dense()
    c(snn.tensor { { 1, 0, 0 } })
    for _, shape in ipairs { { 3 }, { 2, 3 }, { 1, 2 }, { 1, 3, 1 }, { 0, 3 }, {} } do
      fails("ValueError", "the connection wants {1, 3}", c, snn.ones(shape))
    end
    fails("TypeError", "'spikes' must be a tensor, got no value", c)
    fails("TypeError", "'spikes' must be a tensor, got table", c, { snn.ones(1, 3) })
    fails("TypeError", "'injected' must be a tensor", c, snn.ones(1, 3), 2)
    assert.same({ { 4, 0, 0 } }, c.syncurrent:totable())
  end)

  it("forgets its spikes when it is cleared, not its weights", function()
    local c = dense()
    c(snn.ones(1, 3))
    c:clear()
    assert.same({ { 0, 0, 0 } }, c.syncurrent:totable())
    assert.same(WEIGHT, c.weight:totable())
  end)

  it("does not change what it has returned", function()
    local c = dense()
    local first = c(snn.tensor { { 1, 0, 0 } })
    c(snn.ones(1, 3))
    assert.same({ { 4, -16 } }, first:totable())
    first:fill_(7)
    assert.same({ { 24, -14 } }, c(snn.ones(1, 3)):totable())
  end)

  it("does not see later changes of an input", function()
    local c, spikes = dense(), snn.tensor({ { true, false, false } })
    c(spikes)
    spikes:fill_(true)
    assert.same({ { true, false, false } }, c.synspike:totable())
  end)

  it("brings data into the shapes of its parts", function()
    local c = naive.make("LinearDense", { in_shape = { 2, 3 }, out_shape = 4, batch_size = 5 })
    assert.same({ 5, 6 }, c:like_synaptic(snn.zeros(5, 2, 3)).shape)
    assert.same({ 7, 6 }, c:like_synaptic(snn.zeros(7, 2, 3)).shape)
    assert.same({ 5, 2, 3 }, c:like_input(snn.zeros(5, 6)).shape)
    assert.same({ 4 }, c:like_bias(snn.zeros(4, 1)).shape)
    local t = snn.arange(30):reshape(5, 2, 3)
    assert.same(t:totable(), c:like_input(c:like_synaptic(t)):totable())
  end)

  it("names the method that data do not fit", function()
    local c = dense()
    for method, size in pairs { like_synaptic = 3, like_input = 3, like_bias = 2,
      postsyn_receptive = 2, presyn_receptive = 3 } do
      fails("ValueError", method .. ": ", c[method], c, snn.ones(1, size + 1))
      fails("TypeError", method .. ": ", c[method], c, 3)
      fails("TypeError", method .. ": ", c[method], c)
      fails("ValueError", method .. ": ", c[method], c, snn.tensor(1))
    end
    fails("ValueError", "presyn_receptive: ", c.presyn_receptive, c, snn.ones(1, 4, 2))
    fails("ValueError", "presyn_receptive: ", c.presyn_receptive, c, snn.ones(1, 3, 1, 1))
    local direct = naive.make("LinearDirect", { shape = 3 })
    fails("ValueError", "presyn_receptive: ", direct.presyn_receptive, direct, snn.ones(1, 4))
    fails("ValueError", "postsyn_receptive: ", direct.postsyn_receptive, direct, snn.ones(4))
  end)

  it("keeps its state in state_dict", function()
    local c = dense { bias = true, delay = 0 }
    local other = dense { bias = true, delay = 0 }
    c(snn.tensor { { 1, 0, 1 } })
    c.weight = c.weight * 2
    local names = {}
    for name in pairs(c:state_dict()) do names[#names + 1] = name end
    table.sort(names)
    assert.same({ "bias", "delay", "synapse.spike_", "weight" }, names)
    other:load_state_dict(c:state_dict())
    assert.same(c.weight:totable(), other.weight:totable())
    assert.same(c.bias:totable(), other.bias:totable())
    assert.same(c.syncurrent:totable(), other.syncurrent:totable())
  end)
end)

describe("Connection", function()
  it("cannot be made", function() fails("TypeError", "cannot be made", snn.Connection, {}) end)
end)
