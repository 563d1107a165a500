local snn = require "snn"
local support = require "spec.support"
local near = require "spec.near"
local fails = support.fails

local SYNAPSES = {
  DeltaCurrent = { spike_charge = 2 },
  DeltaPlusCurrent = { spike_charge = 2 },
  SingleExponentialCurrent = { spike_charge = 2, time_constant = 3 },
  DoubleExponentialCurrent = { spike_charge = 2, tc_decay = 3, tc_rise = 1 },
}

local function conv(changes, synapse)
  synapse = synapse or "DeltaCurrent"
  local args = { height = 6, width = 5, channels = 2, filters = 3, kernel = { 3, 2 },
    stride = { 2, 1 }, padding = { 1, 0 }, dilation = { 1, 2 }, step_time = 1,
    synapse = snn[synapse].partialconstructor(SYNAPSES[synapse]) }
  for name, value in pairs(changes or {}) do args[name] = value end
  return snn.Conv2D(args)
end

--- Two numbers of an argument.
local function two(v) return type(v) == "table" and v or { v, v } end

--- The convolution of currents (B, C, H, W), by its definition.
local function naive(c, args, x)
  local w, out = c.weight:totable(), c.outshape
  local s, p, d, k = two(args.stride), two(args.padding), two(args.dilation), two(args.kernel)
  local y = {}
  for b, sample in ipairs(x:totable()) do
    y[b] = {}
    for f = 1, out[1] do
      y[b][f] = {}
      for oy = 1, out[2] do
        y[b][f][oy] = {}
        for ox = 1, out[3] do
          local sum = c.biased and c.bias[f] or 0
          for ch = 1, #sample do
            for i = 1, k[1] do
              for j = 1, k[2] do
                local row = sample[ch][(oy - 1) * s[1] - p[1] + (i - 1) * d[1] + 1]
                local v = row and row[(ox - 1) * s[2] - p[2] + (j - 1) * d[2] + 1]
                sum = sum + (v or 0) * w[f][ch][i][j]
              end
            end
          end
          y[b][f][oy][ox] = sum
        end
      end
    end
  end
  return snn.tensor(y, { dtype = c.dtype })
end

local SHAPE = { stride = { 2, 1 }, padding = { 1, 0 }, dilation = { 1, 2 }, kernel = { 3, 2 } }

local function spikes(batch, share) return snn.rand(batch, 2, 6, 5):lt(share or 0.3) end

describe("Conv2D", function()
  before_each(function() snn.manual_seed(3) end)

  it("has the shapes of its arguments", function()
    local c = conv { bias = true, batch_size = 4 }
    assert.same({ 2, 6, 5 }, c.inshape)
    assert.same({ 3, 3, 3 }, c.outshape)
    assert.same({ 60, 27 }, { c:insize(), c:outsize() })
    assert.same({ 3, 2, 3, 2 }, c.weight.shape)
    assert.same({ 3 }, c.bias.shape)
    assert.same({ 12, 9 }, c.synapse.shape)
    assert.same({ 4, 12, 9, 3 }, c.selector.shape)
  end)

  for _, dtype in ipairs { "float32", "float64" } do
    it("is the sum over a filter's places, by events and by products, in " .. dtype, function()
      local c = conv { bias = true, batch_size = 2, dtype = dtype }
      for _, share in ipairs { 0, 0.02, 0.1, 0.5, 1 } do
        local x = spikes(2, share)
        near(naive(c, SHAPE, x:to(dtype) * 2), c(x), dtype == "float64" and 1e-12 or 1e-5)
      end
    end)
  end

  it("takes one number for both dimensions", function()
    local one = { stride = 2, padding = 1, dilation = 2, kernel = 2 }
    local c = conv(one)
    assert.same({ 3, 3, 3 }, c.outshape)
    local x = spikes(1)
    near(naive(c, one, x:to "float32" * 2), c(x))
    local plain = snn.Conv2D { height = 3, width = 3, channels = 1, filters = 1, kernel = 2,
      step_time = 1, synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 } }
    assert.same({ 1, 2, 2 }, plain.outshape)
  end)

  for name in pairs(SYNAPSES) do
    it("multiplies what " .. name .. " stores, with delays as well", function()
      local c = conv({ batch_size = 2, bias = true, delay = 3 }, name)
      local plain = conv({ batch_size = 2, bias = true }, name)
      c.weight, c.bias = plain.weight, plain.bias
      c.delay = snn.rand(c.delay.shape) * 3
      for _ = 1, 7 do
        local x = spikes(2)
        local undelayed = plain(x)
        near((plain.weight:reshape(3, 12):matmul(plain.syncurrent)
          + plain.bias:reshape(1, 3, 1)):reshape(2, 3, 3, 3), undelayed)
        local out = c(x)
        local w = c.weight:reshape(3, 12):transpose(1, 2):reshape(1, 12, 1, 3)
        near(((c.syncurrent * w):sum(2) + c.bias):transpose(2, 3):reshape(2, 3, 3, 3), out)
      end
    end)
  end

  it("runs a batch as its samples, by events", function()
    local batch, single = conv { batch_size = 3 }, conv()
    single.weight = batch.weight
    local x = spikes(3, 0.03)
    local out = batch(x)
    for b = 1, 3 do
      assert.same(out[b]:totable(), single(x:narrow(1, b, 1))[1]:totable())
    end
  end)

  it("takes an infinite weight for a weight, not for a NaN of silent inputs", function()
    local c = conv { filters = 1 }
    c.weight = snn.full({ 1, 2, 3, 2 }, 1 / 0)
    for _, share in ipairs { 0.02, 0.9 } do
      local out = c(spikes(1, share))
      assert.is_false(out:isnan():any():item())
    end
  end)

  it("gives inputs as patches and back", function()
    local c = conv()
    local x = snn.rand(2, 2, 6, 5)
    local patches = c:like_synaptic(x)
    assert.same({ 2, 12, 9 }, patches.shape)
    near(x, c:like_input(patches))
    assert.equal("bool", c:like_synaptic(x:gt(0.5)).dtype)
    assert.equal("bool", c:like_input(c:like_synaptic(x:gt(0.5))).dtype)
    local wide = snn.Conv2D {
      height = 4, width = 4, channels = 1, filters = 1, kernel = 1, stride = 3, step_time = 1,
      synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 },
    }
    local back = wide:like_input(wide:like_synaptic(snn.ones(1, 1, 4, 4)))
    assert.equal(1, back[1][1][4][4])
    assert.is_true(back:isnan()[1][1][2][2])
    fails("ValueError", "like_synaptic: the tensor has shape {2, 6, 5}", c.like_synaptic, c,
      snn.ones(2, 6, 5))
    fails("ValueError", "like_input: the tensor has shape {1, 9, 12}", c.like_input, c,
      snn.ones(1, 9, 12))
  end)

  it("refuses views of other shapes", function()
    local c = conv()
    fails("ValueError", "presyn_receptive", c.presyn_receptive, c, snn.ones(1, 9, 12))
    fails("ValueError", "postsyn_receptive", c.postsyn_receptive, c, snn.ones(1, 5))
    fails("ValueError", "like_bias", c.like_bias, c, snn.ones(4))
  end)

  for _, trainer in ipairs { "STDP", "MSTDP" } do
    it("learns by " .. trainer .. " event by event as by tensors", function()
      local function learn(reduction)
        snn.manual_seed(5)
        local layer = snn.Serial { connection = conv { batch_size = 2 }, neuron = snn.ExactNeuron {
          shape = { 3, 3, 3 }, step_time = 1, rest_v = -60, thresh_v = -50, batch_size = 2 } }
        layer.connection.updater = layer.connection:defaultupdater()
        local rule = snn[trainer] { lr_post = 0.05, lr_pre = -0.03, tc_post = 20, tc_pre = 15,
          batch_reduction = reduction }
        rule:register_cell("cell", layer.cell)
        for _ = 1, 8 do
          layer(spikes(2), { neuron_kwargs = { override = snn.rand(2, 3, 3, 3):lt(0.2) } })
          if trainer == "STDP" then rule() else rule(0.5) end
          layer.connection:update()
        end
        return layer.connection.weight
      end
      near(learn(function(t, dim) return t:mean(dim) end), learn "mean")
    end)
  end

  it("goes on alike from a loaded state", function()
    local c, other = conv { delay = 2, bias = true }, conv { delay = 2, bias = true }
    c.delay = snn.rand(c.delay.shape) * 2
    for _ = 1, 3 do c(spikes(1)) end
    other:load_state_dict(c:state_dict())
    for _ = 1, 3 do
      local x = spikes(1)
      assert.same(c(x):totable(), other(x):totable())
    end
  end)

  it("names what is wrong", function()
    fails("ValueError", "larger than the input", conv, { kernel = 9 })
    fails("ValueError", "'kernel' must be at least 1", conv, { kernel = 0 })
    fails("ValueError", "'padding' must be at least 0", conv, { padding = -1 })
    fails("ValueError", "'stride' must be a number or a list of 2", conv, { stride = { 1, 1, 1 } })
    fails("ValueError", "does not fit into memory", conv, { height = 1 << 60 })
    fails("ValueError", "does not fit into memory", conv, { filters = 1 << 28, channels = 1 << 28 })
    fails("ValueError", "does not fit into memory", conv, { padding = 1 << 40 })
    fails("ValueError", "the connection wants {1, 2, 6, 5}", conv(), snn.ones(1, 60))
  end)

  it("has the same bits on every instruction set and with any threads", function()
    local script = [[
      snn.set_num_threads(tonumber(os.getenv "THREADS"))
      snn.manual_seed(5)
      local digest = 0
      for _, delay in ipairs { 0, 3 } do
        local c = snn.Conv2D { height = 20, width = 20, channels = 2, filters = 70, kernel = 3,
          step_time = 1, delay = delay, batch_size = 3,
          synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1.3 } }
        c.delay = snn.rand(c.delay.shape) * delay
        for _ = 1, 3 do
          for _, v in ipairs(c(snn.rand(3, 2, 20, 20):lt(0.05)):flatten():totable()) do
            digest = (digest * 31 + string.unpack("<I4", string.pack("<f", v))) % 2147483647
          end
        end
      end
      print(digest)
    ]]
    local want
    for _, isa in ipairs { "v1", "v3", "v4" } do
      for _, threads in ipairs { "1", "4" } do
        local got = support.run(script, { SNN_ISA = isa, THREADS = threads })
        assert.equal(0, got.code, got.err)
        want = want or got.out
        assert.equal(want, got.out)
      end
    end
  end)
end)
