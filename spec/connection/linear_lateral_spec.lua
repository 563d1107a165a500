local snn = require "snn"
local support = require "spec.support"
local naive = require "spec.connection.naive"
local near = require "spec.near"
local fails = support.fails

local WEIGHT = { { 9, 1, 2 }, { 3, 9, 4 }, { 5, 6, 9 } }
local STORED = { { 0, 1, 2 }, { 3, 0, 4 }, { 5, 6, 0 } }

--- Three neurons, 4 nA a spike.
local function lateral(changes)
  local args = { shape = 3, weight_init = snn.tensor(WEIGHT) }
  for name, value in pairs(changes or {}) do args[name] = value end
  return naive.make("LinearLateral", args)
end

describe("LinearLateral", function()
  it("has the fields of its arguments", function()
    local c = naive.make("LinearLateral", { shape = { 2, 3 }, batch_size = 4 })
    assert.same({ { 2, 3 }, { 2, 3 }, { 4, 2, 3 }, { 4, 2, 3 } },
      { c.inshape, c.outshape, c.batched_inshape, c.batched_outshape })
    assert.same({ 6, 6, 4, 0.5 }, { c:insize(), c:outsize(), c.batchsz, c.dt })
    assert.same({ { 6, 6 }, { 6 } }, { c.weight.shape, c.synapse.shape })
  end)

  context("its weights", function()
    it("have a zero diagonal", function()
      assert.same(STORED, lateral().weight:totable())
      local c = naive.make("LinearLateral", { shape = 50 })
      assert.equal(0, (c.weight * snn.eye(50)):sum():item())
    end)

    it("keep it, whatever is assigned", function()
      local c = lateral()
      c.weight = snn.tensor(WEIGHT) * 2
      assert.same({ { 0, 2, 4 }, { 6, 0, 8 }, { 10, 12, 0 } }, c.weight:totable())
      c.weight = c.weight + 1
      assert.same({ 0, 0, 0 }, { c.weight[1][1], c.weight[2][2], c.weight[3][3] })
      c.weight = snn.full({ 3, 3 }, 0 / 0)
      assert.same({ 0, 0, 0 }, { c.weight[1][1], c.weight[2][2], c.weight[3][3] })
    end)

    it("keep it at updates", function()
      local c = lateral()
      c.updater = c:defaultupdater()
      c.updater.weight.pos = snn.ones(3, 3)
      c:update()
      assert.same({ { 0, 2, 3 }, { 4, 0, 5 }, { 6, 7, 0 } }, c.weight:totable())
    end)
  end)

  context("at a step", function()
    it("sends each spike to all others", function()
      local c = lateral()
      assert.same({ { 0, 12, 20 } }, c(snn.tensor { { 1, 0, 0 } }):totable())
      assert.same({ { 4, 0, 24 } }, c(snn.tensor { { 0, 1, 0 } }):totable())
      assert.same({ { 12, 28, 44 } }, c(snn.ones(1, 3)):totable())
    end)

    it("adds the bias", function()
      local c = lateral { bias = true, bias_init = snn.tensor { 1, 2, 3 } }
      assert.same({ { 1, 14, 23 } }, c(snn.tensor { { 1, 0, 0 } }):totable())
    end)

    it("keeps the shape of its inputs", function()
      local c = naive.make("LinearLateral",
        { shape = { 3, 1 }, batch_size = 2, weight_init = snn.tensor(WEIGHT) })
      assert.same({ { { 0 }, { 12 }, { 20 } }, { { 4 }, { 0 }, { 24 } } },
        c(snn.tensor { { { 1 }, { 0 }, { 0 } }, { { 0 }, { 1 }, { 0 } } }):totable())
    end)

    it("gives nothing where there is one neuron", function()
      local c = naive.make("LinearLateral", { shape = 1 })
      assert.same({ { 0 } }, c(snn.ones(1, 1)):totable())
    end)

    for _, dtype in ipairs { "float32", "float64" } do
      for _, n in ipairs { 7, 130 } do
        it(("gives what a loop gives: %s, %d"):format(dtype, n), function()
          snn.manual_seed(11)
          local c = naive.make("LinearLateral", {
            shape = n, batch_size = 5, bias = true, dtype = dtype,
            weight_init = function(w) return w - 0.5 end,
          })
          local weight, bias = c.weight:totable(), c.bias:totable()
          for _, density in ipairs { 0, 0.1, 0.15, 0.2, 0.8, 1 } do
            local spikes = naive.spikes({ 5, n }, density)
            near(
              naive.product(spikes:totable(), n,
                function(o, i) return o == i and 0 or weight[o][i] end, bias),
              c(spikes), dtype == "float64" and 1e-10 or naive.TOLERANCE)
          end
        end)
      end
    end

    it("gives the same bits with any threads and instruction set", function()
      naive.same_bits([[snn.LinearLateral {
        shape = 600, batch_size = batch, dtype = dtype, bias = true, step_time = 1,
        synapse = synapse }]])
    end)
  end)

  it("names what is wrong with its shape", function()
    fails("ValueError", "'shape' must be at least 1", lateral, { shape = { 3, 0 } })
    fails("ValueError", "must have shape {3, 3}", lateral, { weight_init = snn.ones(3) })
  end)
end)
