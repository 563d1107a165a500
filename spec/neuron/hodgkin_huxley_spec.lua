local snn = require "snn"
local support = require "spec.support"

local function hh(changes)
  local args = { shape = 1, step_time = 0.1, dtype = "float64" }
  for name, value in pairs(changes or {}) do args[name] = value end
  return snn.HodgkinHuxley(args)
end

-- ---- the equations, independent of the library ----

local function f(x) return math.abs(x) < 1e-7 and 1 + x / 2 or x / (1 - math.exp(-x)) end

local function rates(v)
  return f((v + 40) / 10), 4 * math.exp(-(v + 65) / 18), 0.07 * math.exp(-(v + 65) / 20),
    1 / (1 + math.exp(-(v + 35) / 10)), f((v + 55) / 10) / 10, math.exp(-(v + 65) / 80) / 8
end

local function slope(s, current)
  local v, m, h, n = s[1], s[2], s[3], s[4]
  local am, bm, ah, bh, an, bn = rates(v)
  return { current - 120 * m ^ 3 * h * (v - 50) - 36 * n ^ 4 * (v + 77) - 0.3 * (v + 54.387),
    am * (1 - m) - bm * m, ah * (1 - h) - bh * h, an * (1 - n) - bn * n }
end

local function moved(s, k, by)
  local out = {}
  for i = 1, 4 do out[i] = s[i] + by * k[i] end
  return out
end

-- Runge and Kutta's step of fourth order.
local function advance(s, current, dt)
  local a = slope(s, current)
  local b = slope(moved(s, a, dt / 2), current)
  local c = slope(moved(s, b, dt / 2), current)
  local d = slope(moved(s, c, dt), current)
  local out = {}
  for i = 1, 4 do out[i] = s[i] + dt / 6 * (a[i] + 2 * b[i] + 2 * c[i] + d[i]) end
  return out
end

local function state(neuron)
  return { neuron.voltage[1][1], neuron.m[1][1], neuron.h[1][1], neuron.n[1][1] }
end

-- The greatest difference in voltage from the reference over `time` ms, and at the end.
local function difference(neuron, current, time)
  local dt, s, worst = neuron.dt, state(neuron), 0
  local input = snn.full({ 1, 1 }, current, { dtype = neuron.dtype })
  for _ = 1, math.floor(time / dt + 0.5) do
    neuron(input)
    for _ = 1, math.floor(dt / 0.005 + 0.5) do s = advance(s, current, 0.005) end
    worst = math.max(worst, math.abs(neuron.voltage[1][1] - s[1]))
  end
  return worst, math.abs(neuron.voltage[1][1] - s[1])
end

-- Spikes in `time` ms, their rate in Hz between the first and the last, the peak.
local function run(neuron, current, time)
  local input = snn.full({ 1, 1 }, current, { dtype = neuron.dtype })
  local count, first, last, peak = 0, nil, nil, -math.huge
  for k = 1, math.floor(time / neuron.dt + 0.5) do
    if neuron(input)[1][1] then count, first, last = count + 1, first or k, k end
    peak = math.max(peak, neuron.voltage[1][1])
  end
  return count, count > 1 and 1000 * (count - 1) / ((last - first) * neuron.dt) or 0, peak
end

describe("HodgkinHuxley", function()
  it("begins at rest, with the gates of the squid's axon", function()
    local s = state(hh())
    assert.near(-65, s[1], 0.01)
    assert.near(0.0529, s[2], 1e-4)
    assert.near(0.5961, s[3], 2e-4)
    assert.near(0.3177, s[4], 1e-4)
    for _, change in ipairs(slope(s, 0)) do assert.near(0, change, 1e-12) end
  end)

  it("stays there without input", function()
    local neuron = hh { step_time = 1 }
    run(neuron, 0, 50)
    assert.near(-64.996379, neuron.voltage[1][1], 1e-6)
  end)

  it("follows a fine Runge-Kutta reference through a spike", function()
    local worst, last = difference(hh(), 10, 14)
    assert.is_true(worst < 0.5, worst) -- it falls by 100 mV in a millisecond
    assert.is_true(last < 0.02, last)
  end)

  it("comes to the reference in order 2", function()
    local _, coarse = difference(hh { step_time = 1, substeps = 20 }, 10, 10)
    local _, fine = difference(hh { step_time = 1, substeps = 40 }, 10, 10)
    assert.near(4, coarse / fine, 0.4)
  end)

  it("does not depend on the step time", function()
    for _, dt in ipairs { 0.1, 0.5, 1 } do
      local count, rate = run(hh { step_time = dt }, 10, 1000)
      assert.equal(69, count)
      assert.near(68.3, rate, 0.2)
    end
  end)

  it("is the same in float32 to the spike", function()
    local count, rate, peak = run(hh { dtype = "float32" }, 10, 1000)
    assert.equal(69, count)
    assert.near(68.3, rate, 0.2)
    assert.near(39.7, peak, 0.3)
  end)

  it("spikes for ever from 6.3 uA/cm2 on, and a few times below", function()
    assert.is_true(run(hh(), 6.1, 1000) < 10)
    assert.near(52.5, select(2, run(hh(), 6.35, 1000)), 1.5)
  end)

  it("spikes up to 40 mV", function()
    local _, _, peak = run(hh(), 10, 20)
    assert.near(40, peak, 1)
  end)

  it("goes through the voltages at which its rates are 0 / 0", function()
    for _, dtype in ipairs { "float32", "float64" } do
      for _, v in ipairs { -40, -55 } do
        local neuron = hh { dtype = dtype, step_time = 0.01, substeps = 1 }
        neuron.voltage = snn.full({ 1, 1 }, v, { dtype = dtype })
        local want = advance(state(neuron), 0, 0.01)
        neuron(snn.zeros { 1, 1 })
        for i, value in ipairs(state(neuron)) do assert.near(want[i], value, 0.01) end
      end
    end
  end)

  it("stays finite, and comes back, from voltages that no axon has", function()
    for _, dtype in ipairs { "float32", "float64" } do
      for _, current in ipairs { -1e5, 1e5 } do
        local neuron = hh { dtype = dtype, step_time = 1 }
        run(neuron, current, 50)
        for _, value in ipairs(state(neuron)) do assert.is_true(value - value == 0) end
        run(neuron, 0, 200)
        assert.near(-65, neuron.voltage[1][1], 0.5)
      end
    end
  end)

  it("does not spike for ever where sodium is blocked", function()
    assert.equal(0, (run(hh { g_na = 0 }, 20, 200)))
  end)

  it("takes no input in the refractory time, unless it counts there", function()
    local function last(input)
      local neuron = hh { refrac_t = 5, refrac_input = input }
      while not neuron(snn.full({ 1, 1 }, 10))[1][1] do end -- luacheck: ignore
      for _ = 1, 20 do neuron(snn.full({ 1, 1 }, 200)) end
      return neuron.voltage[1][1]
    end
    assert.is_true(last(true) > last(false) + 5)
  end)
end)

describe("a neuron's own states", function()
  local neuron
  before_each(function() neuron = hh { shape = { 2, 3 }, batch_size = 2, step_time = 1 } end)

  it("have the group's shape and are saved", function()
    assert.same({ 2, 2, 3 }, neuron.m.shape)
    local held = neuron:state_dict()
    assert.is_truthy(held.m and held.h and held.n)
  end)

  it("go their own way in each sample, and go back to a saved state", function()
    local input = snn.arange(12, { dtype = "float64" }):reshape { 2, 2, 3 } * 5
    for _ = 1, 3 do neuron(input) end
    assert.not_equal(neuron.n[1][1][2], neuron.n[2][1][2])
    local held = neuron:state_dict()
    neuron(input)
    local next_n = neuron.n:totable()
    for _ = 1, 3 do neuron(input) end
    neuron:load_state_dict(held)
    neuron(input)
    assert.same(next_n, neuron.n:totable())
  end)

  it("do not change what was read before", function()
    local m = neuron.m
    local before = m:totable()
    neuron(snn.full({ 2, 2, 3 }, 50))
    assert.same(before, m:totable())
    assert.not_same(before, neuron.m:totable())
  end)

  it("are set one by one", function()
    local h = neuron.h:totable()
    neuron.m = snn.full({ 2, 2, 3 }, 0.5)
    assert.equal(0.5, neuron.m[2][2][3])
    assert.same(h, neuron.h:totable())
    support.fails("ValueError", "HodgkinHuxley: 'm' has shape {2, 3}, must be {2, 2, 3}",
      function() neuron.m = snn.zeros { 2, 3 } end)
  end)

  it("begin anew with clear and another batch size", function()
    local rest = neuron.n[1][1][1]
    neuron(snn.full({ 2, 2, 3 }, 50))
    neuron:clear()
    assert.equal(rest, neuron.n[2][2][3])
    neuron.batchsz = 4
    assert.same({ 4, 2, 3 }, neuron.n.shape)
    assert.equal(rest, neuron.n[4][2][3])
  end)

  it("begin as the arguments of each neuron say", function()
    local one = hh { shape = 2, e_leak = snn.tensor { -54.387, -50 } }
    assert.near(hh { e_leak = -50 }.n[1][1], one.n[1][2], 1e-6)
    assert.near(hh().n[1][1], one.n[1][1], 1e-6)
  end)

  it("go back where a step of their layer fails", function()
    local layer = snn.Layer()
    layer:add_connection("enc", snn.LinearDense { in_shape = 6, out_shape = { 2, 3 },
      step_time = 1, batch_size = 2, dtype = "float64",
      synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 } })
    layer:add_neuron("exc", neuron)
    layer:add_neuron("last", hh { shape = 1, step_time = 1, batch_size = 2 })
    layer:add_cell("enc", "exc")
    local fails = false
    function layer:wiring(inputs) -- luacheck: ignore
      return { exc = inputs.enc * 50, last = snn.full({ 2, 1 }, fails and 0 / 0 or 1) }
    end
    layer { enc = snn.ones { 2, 6 } }
    local before = neuron.m:totable()
    fails = true
    snn.detect_anomaly(true)
    finally(function() snn.detect_anomaly(false) end)
    assert.is_false(pcall(layer, { enc = snn.ones { 2, 6 } }))
    assert.same(before, neuron.m:totable())
  end)
end)
