local snn = require "snn"
local support = require "spec.support"
local naive = require "spec.connection.naive"
local near = require "spec.near"
local fails, heard = support.fails, support.heard

--- Three places, 4 nA a spike.
local function direct(changes)
  local args = { shape = 3, weight_init = snn.tensor { 1, -2, 0.5 } }
  for name, value in pairs(changes or {}) do args[name] = value end
  return naive.make("LinearDirect", args)
end

describe("LinearDirect", function()
  it("has the fields of its arguments", function()
    local c = naive.make("LinearDirect", { shape = { 2, 3 }, batch_size = 4 })
    assert.same({ { 2, 3 }, { 2, 3 }, { 4, 2, 3 }, { 4, 2, 3 } },
      { c.inshape, c.outshape, c.batched_inshape, c.batched_outshape })
    assert.same({ 6, 6, 4, 0.5, "float32" },
      { c:insize(), c:outsize(), c.batchsz, c.dt, c.dtype })
    assert.same({ { 6 }, { 6 } }, { c.weight.shape, c.synapse.shape })
  end)

  it("shows its arguments", function()
    assert.equal('shape={3}, step_time=0.5, bias=false, batch_size=1, '
      .. 'dtype="float32"', direct():extra_repr())
  end)

  context("at a step", function()
    it("gives the weight of each spike times its current", function()
      local c = direct()
      assert.same({ { 4, 0, 2 } }, c(snn.tensor { { 1, 0, 1 } }):totable())
      assert.same({ { 0, -8, 0 } }, c(snn.tensor { { 0, 1, 0 } }):totable())
      assert.same({ { 0, 0, 0 } }, c(snn.zeros(1, 3)):totable())
    end)

    it("adds the bias, also without spikes", function()
      local c = direct { bias = true, bias_init = snn.tensor { 10, 20, 30 } }
      assert.same({ { 14, 20, 32 } }, c(snn.tensor { { 1, 0, 1 } }):totable())
      assert.same({ { 10, 20, 30 } }, c(snn.zeros(1, 3)):totable())
    end)

    it("keeps the shape of its inputs", function()
      local c = naive.make("LinearDirect",
        { shape = { 1, 3 }, batch_size = 2, weight_init = snn.tensor { 1, -2, 0.5 } })
      assert.same({ { { 4, 0, 0 } }, { { 0, -8, 2 } } },
        c(snn.tensor { { { 1, 0, 0 } }, { { 0, 1, 1 } } }):totable())
    end)

    it("reads views and any dtype", function()
      local c = direct { batch_size = 2 }
      assert.equal(1, #heard(function()
        assert.same({ { 4, 0, 2 }, { 0, -8, 0 } },
          c(snn.tensor({ { 5, 0 }, { 0, -1 }, { 1, 0 } }, { dtype = "int64" }):transpose(1, 2))
            :totable())
      end))
    end)

    it("leaves infinities in the elements that they came from", function()
      local c = direct { weight_init = snn.tensor { 1 / 0, 1, 0 / 0 } }
      assert.same({ { 0, 4, 0 } }, c(snn.tensor { { 0, 1, 0 } }):totable())
      assert.same({ { 1 / 0, 0, 0 } }, c(snn.tensor { { 1, 0, 0 } }):totable())
    end)

    for _, dtype in ipairs { "float32", "float64" } do
      it("gives what a loop gives: " .. dtype, function()
        snn.manual_seed(5)
        for _, n in ipairs { 1, 7, 300 } do
          local c = naive.make("LinearDirect", {
            shape = n, batch_size = 19, bias = true, dtype = dtype,
            weight_init = function(w) return w - 0.5 end,
          })
          local weight, bias = c.weight:totable(), c.bias:totable()
          for _, density in ipairs { 0, 0.1, 0.6, 1 } do
            local spikes = naive.spikes({ 19, n }, density)
            local want = {}
            for b, row in ipairs(spikes:totable()) do
              want[b] = {}
              for i, is_spike in ipairs(row) do
                want[b][i] = (is_spike and 4 * weight[i] or 0) + bias[i]
              end
            end
            near(want, c(spikes), dtype == "float64" and 1e-12 or 1e-6)
          end
        end
      end)
    end

    it("gives the same bits with any threads and instruction set", function()
      naive.same_bits([[snn.LinearDirect {
        shape = 10007, batch_size = batch, dtype = dtype, bias = true, step_time = 1,
        synapse = synapse }]])
    end)
  end)

  it("lines up data of its two sides for trainers", function()
    local c = direct { batch_size = 2 }
    local pre, post = snn.arange(6):reshape(2, 3), snn.arange(6):reshape(2, 3) * 10
    assert.same({ 2, 3, 1 }, c:presyn_receptive(pre).shape)
    assert.same({ 2, 3, 1 }, c:postsyn_receptive(post).shape)
    local products = (c:presyn_receptive(pre) * c:postsyn_receptive(post)):sum(-1)
    assert.same({ { 0, 10, 40 }, { 90, 160, 250 } }, products:totable())
  end)

  it("names what is wrong with its shape", function()
    fails("ValueError", "'shape' must be at least 1", direct, { shape = 0 })
    fails("TypeError", "unknown argument 'in_shape'", direct, { in_shape = 3 })
    fails("TypeError", "'shape' is missing", snn.LinearDirect,
      { step_time = 1, synapse = naive.synapse })
    fails("ValueError", "{3}", direct, { weight_init = snn.ones(1, 3) })
  end)
end)
