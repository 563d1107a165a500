-- Delays of connections: a forward against the sum over weight times current
-- at each delay, which the synapse gives by another way.
local snn = require "snn"
local support = require "spec.support"
local near = require "spec.near"
local fails = support.fails

local SYNAPSES = {
  DeltaCurrent = { spike_charge = 2 },
  DeltaPlusCurrent = { spike_charge = 2, interp_mode = "nearest" },
  SingleExponentialCurrent = { spike_charge = 2, time_constant = 3 },
  DoubleExponentialCurrent = { spike_charge = 2, tc_decay = 3, tc_rise = 1 },
}

local function dense(changes, synapse)
  local args = { in_shape = 7, out_shape = 20, step_time = 0.5, delay = 3,
    synapse = snn[synapse or "DeltaCurrent"].partialconstructor(
      SYNAPSES[synapse or "DeltaCurrent"]) }
  for name, value in pairs(changes or {}) do args[name] = value end
  return snn.LinearDense(args)
end

local function sum_of_currents(c)
  local sum = (c.weight:transpose(1, 2) * c.syncurrent):sum(2)
  return c.biased and sum + c.bias or sum
end

describe("a connection with delays", function()
  before_each(function() snn.manual_seed(11) end)

  for name in pairs(SYNAPSES) do
    context("and " .. name, function()
      for _, dtype in ipairs { "float32", "float64" } do
        it("sums weights times currents at the delays, in " .. dtype, function()
          local c = dense({ batch_size = 3, bias = true, dtype = dtype }, name)
          c.delay = snn.rand(20, 7) * 3
          for step = 1, 12 do
            if step == 6 then c.delay = (snn.rand(20, 7) * 6):round() / 2 end
            local out = c(snn.rand(3, 7):lt(0.3))
            near(sum_of_currents(c), out, dtype == "float64" and 1e-12 or 1e-5)
          end
        end)
      end

      for text, overbound in pairs { clamped = false, ["given a value outside"] = 0.5 } do
        it("is read near the grid and beside it, " .. text, function()
          local args = { current_overbound = overbound or nil, interp_tol = 0.05 }
          for key, value in pairs(SYNAPSES[name]) do args[key] = value end
          local c = dense({ synapse = snn[name].partialconstructor(args) })
          local delay = (snn.rand(20, 7) * 5):round() / 2
          c.delay = delay + (snn.rand(20, 7) * 3):floor() * 0.04
          for _ = 1, 9 do
            local out = c(snn.rand(1, 7):lt(0.3))
            near(sum_of_currents(c), out)
          end
        end)
      end

      it("runs a batch as its samples", function()
        local batch = dense({ batch_size = 3 }, name)
        batch.delay = snn.rand(20, 7) * 3
        local single = dense({}, name)
        local inputs = {}
        for step = 1, 9 do inputs[step] = snn.rand(3, 7):lt(0.3) end
        for b = 1, 3 do
          single.weight, single.delay = batch.weight, batch.delay
          single:clear()
          batch:clear()
          for step = 1, 9 do
            assert.same(batch(inputs[step])[b]:totable(),
              single(inputs[step]:narrow(1, b, 1))[1]:totable())
          end
        end
      end)

      it("is as new when cleared", function()
        local c = dense({}, name)
        c.delay = snn.rand(20, 7) * 3
        for _ = 1, 5 do c(snn.ones(1, 7)) end
        c:clear()
        assert.same(snn.zeros(1, 20):totable(), c(snn.zeros(1, 7)):totable())
      end)
    end)
  end

  it("delivers a spike when its delay is over", function()
    local c = dense { in_shape = 1, out_shape = 3, step_time = 1 }
    c.weight, c.delay = snn.ones(3, 1), snn.tensor { { 0 }, { 2 }, { 3 } }
    local seen = {}
    for step = 1, 5 do seen[step] = c(snn.full({ 1, 1 }, step == 1 and 1 or 0)):totable()[1] end
    assert.same({ { 2, 0, 0 }, { 0, 0, 0 }, { 0, 2, 0 }, { 0, 0, 2 }, { 0, 0, 0 } }, seen)
  end)

  it("takes an infinite weight for a weight, not for a NaN of silent inputs", function()
    local c = dense { in_shape = 2, out_shape = 1, step_time = 1 }
    c.weight, c.delay = snn.tensor { { 1 / 0, 1 } }, snn.tensor { { 1, 0 } }
    assert.same({ { 2 } }, c(snn.tensor { { 1, 1 } }):totable())
    assert.same({ { 1 / 0 } }, c(snn.tensor { { 0, 1 } }):totable())
  end)

  it("has selector, syncurrent and synspike by input and output", function()
    local c = dense { batch_size = 2 }
    c.delay = snn.rand(20, 7)
    for _, field in ipairs { "selector", "syncurrent", "synspike" } do
      assert.same({ 2, 7, 20 }, c[field].shape)
    end
    assert.same(c.delay:transpose(1, 2):totable(), c.selector[2]:totable())
    assert.equal("bool", c.synspike.dtype)
    assert.equal(3, c.delayedby)
    fails("RuntimeError", "read from a module's field", c.selector.fill_, c.selector, 1)
  end)

  it("changes with the delays, the step and the synapse", function()
    local c = dense { in_shape = 1, out_shape = 1, step_time = 1, delay = 2 }
    c.weight = snn.ones(1, 1)
    local function run(delay)
      c.delay = snn.full({ 1, 1 }, delay)
      c:clear()
      local seen = {}
      for step = 1, 4 do seen[step] = c(snn.full({ 1, 1 }, step == 1 and 1 or 0)):item() end
      return seen
    end
    assert.same({ 0, 2, 0, 0 }, run(1))
    assert.same({ 0, 0, 2, 0 }, run(2))
    c.dt = 2
    assert.same({ 0, 1, 0, 0 }, run(2))
    c.synapse = snn.DeltaCurrent { shape = 1, step_time = 2, delay = 6, spike_charge = 6 }
    assert.equal(6, c.delayedby)
    assert.same({ 0, 0, 3, 0 }, run(4))
  end)

  it("trains its delays by its updater", function()
    local c = dense { bias = true }
    c.updater = c:defaultupdater()
    assert.same({ "weight", "bias", "delay" }, c.updater.names)
    c.delay = snn.ones(20, 7)
    c.updater.delay.pos = snn.full({ 20, 7 }, 0.25)
    c:update()
    assert.same(snn.full({ 20, 7 }, 1.25):totable(), c.delay:totable())
    c(snn.ones(1, 7))
    for _ = 1, 2 do c(snn.zeros(1, 7)) end
    local before = c(snn.zeros(1, 7))
    c.updater.delay.pos = snn.full({ 20, 7 }, 0.25)
    c:update()
    near(sum_of_currents(c), c.bias + (c.weight:transpose(1, 2) * c.syncurrent):sum(2))
    assert.is_false(before:equal(c(snn.zeros(1, 7))))
  end)

  it("starts from delay_init", function()
    local c = dense { delay_init = function(t) return t + 1.5 end }
    assert.equal(1.5, c.delay:min():item())
    assert.equal(0, dense().delay:max():item())
  end)

  it("goes on alike from a loaded state", function()
    local c, other = dense(), dense()
    c.delay = snn.rand(20, 7) * 3
    for _ = 1, 6 do c(snn.rand(1, 7):lt(0.4)) end
    other:load_state_dict(c:state_dict())
    for _ = 1, 8 do
      local spikes = snn.rand(1, 7):lt(0.4)
      assert.same(c(spikes):totable(), other(spikes):totable())
    end
  end)

  it("wants a delay that is a number of at least 0", function()
    fails("ValueError", "'delay' must be at least 0", dense, { delay = -1 })
    fails("ValueError", "'delay' must be at least 0", dense, { delay = 0 / 0 })
    fails("TypeError", "'delay' must be a number", dense, { delay = "1" })
  end)

  it("has the same bits on every instruction set and with any threads", function()
    local script = [[
      snn.set_num_threads(tonumber(os.getenv "THREADS"))
      snn.manual_seed(5)
      local digest = 0
      local function add(out)
        for _, v in ipairs(out:flatten():totable()) do
          digest = (digest * 31 + string.unpack("<I4", string.pack("<f", v))) % 2147483647
        end
      end
      for _, make in ipairs {
        snn.DeltaCurrent.partialconstructor { spike_charge = 2 },
        snn.DoubleExponentialCurrent.partialconstructor {
          spike_charge = 2, tc_decay = 3, tc_rise = 1 },
      } do
        local c = snn.LinearDense { in_shape = 90, out_shape = 2100, step_time = 0.5, delay = 3,
          batch_size = 4, synapse = make }
        c.delay = snn.rand(2100, 90) * 3
        for _ = 1, 8 do add(c(snn.rand(4, 90):lt(0.1))) end
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

describe("LinearDirect with delays", function()
  it("reads each input at its own delay", function()
    local c = snn.LinearDirect { shape = { 2, 2 }, step_time = 1, delay = 2, bias = true,
      synapse = snn.SingleExponentialCurrent.partialconstructor(SYNAPSES.SingleExponentialCurrent) }
    c.weight, c.bias = snn.tensor { 1, 2, 3, 4 }, snn.tensor { 0.5, 0, 0, 0 }
    c.delay = snn.tensor { 0, 0.5, 1, 2 }
    assert.same({ 1, 4, 1 }, c.selector.shape)
    c(snn.ones(1, 2, 2))
    local out = c(snn.zeros(1, 2, 2)):flatten():totable()
    local want = { 0.5 + 2 / 3 * math.exp(-1 / 3), 4 / 3 * math.exp(-0.5 / 3), 2, 0 }
    for i = 1, 4 do assert.near(want[i], out[i], 1e-6) end
  end)
end)

describe("LinearLateral with delays", function()
  it("has none from a neuron to itself", function()
    local c = snn.LinearLateral { shape = 3, step_time = 1, delay = 2,
      synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 } }
    c.weight, c.delay = snn.ones(3, 3), snn.ones(3, 3)
    assert.same({ 0, 0, 0 }, { c.delay[1][1], c.delay[2][2], c.delay[3][3] })
    assert.same({ { 0, 0, 0 } }, c(snn.tensor { { 1, 0, 0 } }):totable())
    assert.same({ { 0, 1, 1 } }, c(snn.zeros(1, 3)):totable())
  end)
end)
