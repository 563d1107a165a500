local snn = require "snn"
local support = require "spec.support"
local naive = require "spec.connection.naive"
local near = require "spec.near"
local fails, heard = support.fails, support.heard

local WEIGHT = { { 1, 2, 3 }, { -4, 0.5, 0 } }

--- Three inputs, two outputs, 4 nA a spike.
local function dense(changes)
  local args = { in_shape = 3, out_shape = 2, weight_init = snn.tensor(WEIGHT) }
  for name, value in pairs(changes or {}) do args[name] = value end
  return naive.make("LinearDense", args)
end

describe("LinearDense", function()
  it("has the fields of its arguments", function()
    local c = naive.make("LinearDense",
      { in_shape = { 2, 3 }, out_shape = { 5, 1 }, batch_size = 4, dtype = "float64" })
    assert.same({ { 2, 3 }, { 5, 1 }, { 4, 2, 3 }, { 4, 5, 1 } },
      { c.inshape, c.outshape, c.batched_inshape, c.batched_outshape })
    assert.same({ 6, 5, 4, 0.5, "float64" },
      { c:insize(), c:outsize(), c.batchsz, c.dt, c.dtype })
    assert.same({ 5, 6 }, c.weight.shape)
    assert.same({ 6 }, c.synapse.shape)
  end)

  it("shows its arguments", function()
    assert.equal('in_shape={3}, out_shape={2}, step_time=0.5, bias=false, '
      .. 'batch_size=1, dtype="float32"', dense():extra_repr())
  end)

  context("at a step", function()
    it("gives the weights of the spikes times their current", function()
      local c = dense()
      assert.same({ { 16, -16 } }, c(snn.tensor { { 1, 0, 1 } }):totable())
      assert.same({ { 8, 2 } }, c(snn.tensor { { 0, 1, 0 } }):totable())
      assert.same({ { 0, 0 } }, c(snn.zeros(1, 3)):totable())
      assert.same({ { 24, -14 } }, c(snn.ones(1, 3)):totable())
    end)

    it("adds the bias, also without spikes", function()
      local c = dense { bias = true, bias_init = snn.tensor { 10, -1 } }
      assert.same({ { 26, -17 } }, c(snn.tensor { { 1, 0, 1 } }):totable())
      assert.same({ { 10, -1 } }, c(snn.zeros(1, 3)):totable())
      assert.same({ { 34, -15 } }, c(snn.ones(1, 3)):totable())
    end)

    it("gives each sample its own", function()
      local c = dense { batch_size = 3 }
      assert.same({ { 16, -16 }, { 0, 0 }, { 8, 2 } },
        c(snn.tensor { { 1, 0, 1 }, { 0, 0, 0 }, { 0, 1, 0 } }):totable())
    end)

    it("flattens its inputs and shapes its outputs", function()
      local c = naive.make("LinearDense", {
        in_shape = { 3, 1 }, out_shape = { 1, 2 }, weight_init = snn.tensor(WEIGHT),
      })
      assert.same({ { { 16, -16 } } }, c(snn.tensor { { { 1 }, { 0 }, { 1 } } }):totable())
    end)

    it("has one input and output without dimensions", function()
      local c = naive.make("LinearDense", {
        in_shape = {}, out_shape = {}, batch_size = 2, weight_init = snn.tensor { { 0.5 } },
      })
      assert.same({ 2, 0 }, c(snn.tensor { 1, 0 }):totable())
    end)

    it("computes in its dtype", function()
      local third = snn.tensor({ { 1 / 3 } }, { dtype = "float64" })
      local args = { in_shape = 1, out_shape = 1, weight_init = third, dtype = "float64" }
      local c = naive.make("LinearDense", args)
      assert.equal(4 / 3, c(snn.ones(1, 1))[1][1])
      assert.equal("float64", c.weight.dtype)
      assert.equal("float64", c.syncurrent.dtype)
      args.dtype = "float32"
      assert.equal(snn.tensor({ 4 / 3 })[1],
        naive.make("LinearDense", args)(snn.ones(1, 1))[1][1])
    end)

    it("takes any non-zero number, of any dtype and in any view, for a spike", function()
      local c = dense { batch_size = 2 }
      local want = { { 16, -16 }, { 8, 2 } }
      for _, dtype in ipairs { "bool", "int64", "float32", "float64" } do
        assert.same(want,
          c(snn.tensor({ { 1, 0, 1 }, { 0, 1, 0 } }, { dtype = dtype })):totable())
      end
      assert.equal(1, #heard(function()
        assert.same(want, c(snn.tensor { { -3, 0, 0.1 }, { 0, 1e-30, 0 } }):totable())
      end))
      assert.same(want,
        c(snn.tensor { { 1, 0 }, { 0, 1 }, { 1, 0 } }:transpose(1, 2)):totable())
      assert.same(want, c(snn.tensor { { 9, 1, 0, 1 }, { 9, 0, 1, 0 } }:narrow(2, 2, 3)):totable())
      assert.same({ { 8, 2 }, { 8, 2 } }, c(snn.tensor { { 0, 1, 0 } }:expand(2, 3)):totable())
    end)

    it("leaves infinities in the elements that they came from", function()
      local weight = snn.zeros(2, 3)
      weight[1][1], weight[2][2] = 1 / 0, 0 / 0
      local c = dense { weight_init = weight }
      assert.same({ { 0, 0 } }, c(snn.tensor { { 0, 0, 1 } }):totable())
      assert.equal(1 / 0, c(snn.tensor { { 1, 0, 1 } })[1][1])
      local out = c(snn.tensor { { 0, 1, 1 } })
      assert.equal(0, out[1][1])
      assert.not_equal(out[1][2], out[1][2])
    end)
  end)

  context("by events and as a product", function()
    for _, dtype in ipairs { "float32", "float64" } do
      for _, shape in ipairs { { 1, 1 }, { 7, 5 }, { 300, 17 }, { 130, 257 } } do
        for _, batch in ipairs { 1, 6 } do
          it(("gives what a loop gives: %s, %d to %d, batch %d"):format(dtype, shape[1], shape[2],
            batch), function()
            snn.manual_seed(7)
            local c = naive.make("LinearDense", {
              in_shape = shape[1], out_shape = shape[2], batch_size = batch, bias = true,
              dtype = dtype,
              weight_init = function(w) return w - 0.5 end,
            })
            local weight, bias = c.weight:totable(), c.bias:totable()
            for _, density in ipairs { 0, 0.01, 0.1, 0.15, 0.2, 0.25, 0.35, 0.5, 0.95, 1 } do
              local spikes = naive.spikes({ batch, shape[1] }, density)
              near(
                naive.product(spikes:totable(), shape[2],
                  function(o, i) return weight[o][i] end, bias),
                c(spikes), dtype == "float64" and 1e-10 or naive.TOLERANCE)
            end
          end)
        end
      end
    end

    it("does not mind infinite weights of inputs that do not spike", function()
      local weight = snn.ones(2, 9)
      weight[1][1] = 1 / 0
      local c = naive.make("LinearDense", {
        in_shape = 9, out_shape = 2, batch_size = 5, weight_init = weight,
      })
      local spikes = snn.ones(5, 9)
      spikes[3] = 0
      for b = 1, 5 do spikes[b][1] = 0 end
      spikes = spikes:ne(0)
      local want = { { 32, 32 }, { 32, 32 }, { 0, 0 }, { 32, 32 }, { 32, 32 } }
      assert.same(want, c(spikes):totable())
    end)

    it("gives the same bits with any threads and instruction set", function()
      naive.same_bits([[snn.LinearDense {
        in_shape = 784, out_shape = 1100, batch_size = batch, dtype = dtype, bias = true,
        step_time = 1, synapse = synapse }]])
    end)
  end)

  it("lines up data of its two sides for trainers", function()
    local c = dense { batch_size = 2 }
    local pre, post = snn.arange(6):reshape(2, 3), snn.arange(4):reshape(2, 2)
    assert.same({ 2, 1, 3, 1 }, c:presyn_receptive(pre):to("float32").shape)
    assert.same({ 2, 2, 1, 1 }, c:postsyn_receptive(post).shape)
    local pairs_ = (c:postsyn_receptive(post) * c:presyn_receptive(pre)):sum(-1)
    assert.same({ 2, 2, 3 }, pairs_.shape)
    assert.equal(post[2][1] * pre[2][3], pairs_[2][1][3])
    local delayed = snn.arange(12):reshape(2, 3, 2)
    assert.same({ 2, 2, 3, 1 }, c:presyn_receptive(delayed).shape)
    assert.equal(delayed[2][3][1], c:presyn_receptive(delayed)[2][1][3][1])
  end)

  it("names what is wrong with its shapes", function()
    local function make(changes) return function() dense(changes) end end
    fails("ValueError", "'in_shape' must be at least 1", make { in_shape = 0 })
    fails("ValueError", "'out_shape' must be at least 1", make { out_shape = { 2, -1 } })
    fails("TypeError", "'in_shape' must be an integer", make { in_shape = "3" })
    fails("RuntimeError", "not enough memory", make { in_shape = 1 << 28, out_shape = 1 << 28 })
    fails("TypeError", "did you mean 'in_shape'", make { inshape = 3 })
  end)
end)
