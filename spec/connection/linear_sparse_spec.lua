local snn = require "snn"
local support = require "spec.support"
local naive = require "spec.connection.naive"

local charge = snn.DeltaCurrent.partialconstructor { spike_charge = 2 }

-- Synapse 1 is from 1 to 2, 2 and 3 are from 3, 4 and 5 both from 4 to 2.
local function synapses()
  return { pre = snn.tensor { 4, 3, 1, 3, 4 }, post = snn.tensor { 2, 3, 2, 1, 2 } }
end

local function make(changes)
  local args = {
    in_shape = 4, out_shape = 3, step_time = 1, synapse = charge, synapses = synapses(),
    weight_init = snn.tensor { 4, 3, 1, 2, 5 }, -- in memory 1 to 5
  }
  for k, v in pairs(changes or {}) do args[k] = v end
  return snn.LinearSparse(args)
end

---Random synapses between 13 inputs and 9 outputs, a dense twin of theirs with zeros
---elsewhere; weights are multiples of 2^-10, so that sums have no rounding.
local function twins(changes)
  local given = snn.rand(13, 9):lt(0.3):nonzero()
  local args = {
    in_shape = 13, out_shape = { 3, 3 }, step_time = 1, synapse = charge, bias = true,
    batch_size = 3,
  }
  for k, v in pairs(changes or {}) do args[k] = v end
  local dense = snn.LinearDense(args)
  local both = given:transpose(1, 2):contiguous()
  args.synapses = { pre = both[1], post = both[2] }
  local sparse = snn.LinearSparse(args)
  sparse.weight = snn.randint(-512, 512, sparse.weight.shape):to(sparse.dtype) / 1024
  local weight = snn.zeros(dense.weight.shape, { dtype = sparse.dtype })
  local delay = snn.zeros(dense.weight.shape, { dtype = sparse.dtype })
  if sparse.delay then sparse.delay = snn.rand(sparse.count, { dtype = sparse.dtype }) * 3 end
  local pre, post = sparse.pre, sparse.post
  for k = 1, sparse.count do
    weight[post[k]][pre[k]] = sparse.weight[k]
    if sparse.delay then delay[post[k]][pre[k]] = sparse.delay[k] end
  end
  dense.weight, dense.bias = weight, sparse.bias
  if sparse.delay then dense.delay = delay end
  return sparse, dense
end

describe("LinearSparse", function()
  before_each(function() snn.manual_seed(3) end)

  it("has an element for each synapse, by input and then by output", function()
    local c = make { bias = true, delay = 3 }
    assert.equal(5, c.count)
    assert.same({ 1, 3, 3, 4, 4 }, c.pre:totable())
    assert.same({ 2, 1, 3, 2, 2 }, c.post:totable())
    assert.equal("int64", c.pre.dtype)
    assert.same({ 5 }, c.weight.shape)
    assert.same({ 5 }, c.delay.shape)
    assert.same({ 3 }, c.bias.shape)
  end)

  it("gives the sums over the synapses of the inputs that spike", function()
    local c = make()
    assert.same({ { 0, 2, 0 } }, c(snn.tensor { { 1, 1, 0, 0 } }):totable())
    assert.same({ { 4, 20, 6 } }, c(snn.tensor { { true, false, true, true } }):totable())
    c.weight = c.weight * 2
    assert.same({ { 8, 36, 12 } }, c(snn.tensor { { 0, 1, 1, 1 } }):totable())
  end)

  it("reads each synapse at its own delay", function()
    local c = make { delay = 3, delay_init = snn.tensor { 2, 3, 0, 1, 2 } }
    local function step(...) return c(snn.tensor { { ... } }):totable()[1] end
    assert.same({ 0, 2, 0 }, step(1, 0, 1, 1))
    assert.same({ 4, 0, 0 }, step(0, 0, 0, 0))
    assert.same({ 0, 18, 0 }, step(0, 0, 0, 0))
    assert.same({ 0, 0, 6 }, step(0, 0, 0, 0))
    assert.same({ 1, 5, 1 }, c.synspike.shape)
    assert.same({ 0, 0, 1, 0, 0 }, c.synspike:to("int64"):flatten():totable())
    assert.same({ 0, 0, 2, 0, 0 }, c.syncurrent:flatten():totable())
    assert.same({ 0, 1, 3, 2, 2 }, c.selector:flatten():totable())
  end)

  it("knows what is read of synapses where there are as many as inputs", function()
    local c = make { in_shape = 5, delay = 3, delay_init = snn.tensor { 0, 1, 3, 2, 2 } }
    c(snn.ones(1, 5))
    c(snn.zeros(1, 5))
    local pre = c:presyn_receptive(c.synspike):to "int64"
    assert.same({ 0, 1, 0, 0, 0 }, pre:flatten():totable())
    assert.same({ 1, 5, 1 }, pre.shape)
    local of_inputs = c:presyn_receptive(snn.tensor { { 1, 2, 3, 4, 5 } })
    assert.same({ 1, 3, 3, 4, 4 }, of_inputs:flatten():totable())
  end)

  it("gives what a dense connection with zeros elsewhere gives", function()
    local kinds = {
      DeltaCurrent = { spike_charge = 2 },
      SingleExponentialCurrent = { spike_charge = 2, time_constant = 5 },
      DoubleExponentialCurrent = { spike_charge = 2, tc_decay = 5, tc_rise = 2 },
    }
    for kind, args in pairs(kinds) do
      for _, dtype in ipairs { "float32", "float64" } do
        for _, delay in ipairs { 0, 3 } do
          local sparse, dense = twins { dtype = dtype, delay = delay > 0 and delay or nil,
            synapse = snn[kind].partialconstructor(args) }
          for _ = 1, 8 do
            local spikes = snn.rand(3, 13):lt(0.15)
            local off = (dense(spikes) - sparse(spikes)):abs():max():item()
            assert.is_true(off <= 1e-6, kind .. " is off by " .. off)
          end
        end
      end
    end
  end)

  it("has the same bits with any number of threads", function()
    naive.same_bits [[snn.LinearSparse {
      in_shape = 1000, out_shape = 900, step_time = 0.5, bias = true, synapse = synapse,
      batch_size = batch, dtype = dtype,
      synapses = { pre = snn.rand(80000):mul(1000):floor():add(1),
                   post = snn.rand(80000):mul(900):floor():add(1) },
    }]]
  end)

  it("lines values of inputs and outputs up with its synapses", function()
    local c = make { batch_size = 2 }
    local pre = c:presyn_receptive(snn.tensor { { 1, 2, 3, 4 }, { 5, 6, 7, 8 } })
    assert.same({ 2, 5, 1 }, pre.shape)
    assert.same({ { 1, 3, 3, 4, 4 }, { 5, 7, 7, 8, 8 } }, pre:squeeze(3):totable())
    local post = c:postsyn_receptive(snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } })
    assert.same({ { 2, 1, 3, 2, 2 }, { 5, 4, 6, 5, 5 } }, post:squeeze(3):totable())
    assert.same({ 2, 5, 1 }, c:presyn_receptive(snn.zeros(2, 5)).shape)
    support.fails("ValueError", "{batch, 4} and {batch, 5, 1}", c.presyn_receptive, c,
      snn.zeros(2, 3))
  end)

  it("may have no synapses at all", function()
    local c = make { synapses = { pre = snn.zeros(0), post = snn.zeros(0) }, bias = true,
      weight_init = 1, bias_init = 2 }
    assert.equal(0, c.count)
    assert.same({ { 2, 2, 2 } }, c(snn.ones(1, 4)):totable())
    local delayed = make { synapses = { pre = snn.zeros(0), post = snn.zeros(0) }, weight_init = 1,
      delay = 3, delay_init = 2 }
    snn.Clamping { module = delayed, attr = "delay", min = 0, max = 1 }()
    assert.same({ { 0, 0, 0 } }, delayed(snn.ones(1, 4)):totable())
  end)

  it("refuses synapses that it cannot have", function()
    local function refuses(kind, text, given)
      support.fails(kind, text, make, { synapses = given })
    end
    refuses("TypeError", "'synapses' must be", 3)
    refuses("TypeError", "'pre' must be", { pre = 3, post = 4 })
    refuses("ValueError", "'pre' has 2 elements, 'post' 1",
      { pre = snn.ones(2), post = snn.ones(1) })
    refuses("ValueError", "'pre' must be from 1 to 4, element 2 is 5",
      { pre = snn.tensor { 1, 5 }, post = snn.tensor { 1, 1 } })
    refuses("ValueError", "'pre' must be of integers, element 1 is 1.5",
      { pre = snn.tensor { 1.5 }, post = snn.tensor { 1 } })
  end)
end)
