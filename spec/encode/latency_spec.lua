-- Times to the first spike against the closed forms, and snnTorch's own example.
local snn = require "snn"
local fails = require("spec.support").fails

local function encoder(args)
  local all = { steps = 5, step_time = 1 }
  for k, v in pairs(args or {}) do all[k] = v end
  return snn.LatencyEncoder(all)
end

---The steps of the spikes of inputs (1, n), from 0; false where there is none.
local function steps(args, x)
  local train = encoder(args)(snn.tensor({ x }, { dtype = "float64" })):select(2, 1)
  local out = {}
  for i = 1, #x do
    local at = train:select(2, i):nonzero()
    assert(at.shape[1] <= 1)
    out[i] = at.shape[1] == 1 and at[1][1] - 1
  end
  return out
end

describe("LatencyEncoder", function()
  -- spikegen.latency(tensor([0.02, 0.5, 1]), num_steps=5, normalize=True, linear=True)
  it("has the linear latencies of snnTorch's documentation", function()
    assert.same({ 4, 2, 0 }, steps({ law = "linear" }, { 0.02, 0.5, 1 }))
    assert.same({ 4, 2, 0 }, steps({ law = "linear", normalize = true }, { 0.02, 0.5, 1 }))
  end)

  -- spikegen.latency(tensor([0.02, 0.5, 1]), num_steps=5): tau 1, threshold 0.01
  it("has the logarithmic latencies of snnTorch's documentation", function()
    assert.same({ 1, 0, 0 }, steps({ time_constant = 1 }, { 0.02, 0.5, 1 }))
  end)

  it("spikes when a charged membrane reaches the threshold", function()
    local tau, theta, dt = 20, 0.2, 0.01
    for _, x in ipairs { 0.21, 0.35, 0.7, 1 } do
      local v, t = 0, 0
      while v < theta do
        v = x - (x - v) * math.exp(-dt / tau)
        t = t + dt
      end
      local at = steps({ steps = 10000, step_time = dt, time_constant = tau, threshold = theta },
        { x })[1]
      assert.near(t, at * dt, 1.01 * dt)
    end
  end)

  it("has linear latencies in ms, at the nearest step", function()
    local args = { law = "linear", steps = 100, step_time = 0.5, time_constant = 10 }
    assert.same({ 0, 5, 10, 18 }, steps(args, { 1, 0.75, 0.5, 0.1 }))
  end)

  it("has no spike at or below the threshold, or behind the train", function()
    assert.same({ false, false, 3 }, steps({ law = "linear", threshold = 0.25 }, { 0, 0.25, 0.26 }))
    assert.same({ false, 0 }, steps({ law = "linear", time_constant = 1000 }, { 0.5, 1 }))
  end)

  it("puts each sample's latest spike into the last step with normalize", function()
    for _, law in ipairs { "linear", "logarithmic" } do
      local x = snn.tensor { { 0.9, 0.5, 0.1 }, { 0.99, 0.9, 0.8 }, { 1, 1, 0 } }
      local train = encoder { steps = 30, law = law, normalize = true }(x)
      local last = train[30]
      assert.is_true(last[1][3] and last[2][3] and not last[1][1])
      assert.is_true(train:select(2, 1):equal(
        encoder { steps = 30, law = law, normalize = true }(x:narrow(1, 1, 1)):select(2, 1)))
    end
    assert.same({ 0, 0 }, steps({ law = "linear", normalize = true }, { 1, 1 }))
  end)

  it("has a time constant that follows the train unless it is set", function()
    local e = encoder()
    assert.equal(4, e.time_constant)
    e.steps, e.dt = 11, 2
    assert.equal(20, e.time_constant)
    e.time_constant = 7
    e.steps = 5
    assert.equal(7, e.time_constant)
    assert.same({ 0, false }, steps({ steps = 1 }, { 0.5, 0 }))
  end)

  it("refuses thresholds that no intensity is above", function()
    fails("ValueError", "'threshold' must be less than 1", encoder, { threshold = 1 })
    local e = encoder()
    fails("ValueError", "'threshold'", function() e.threshold = 2 end)
    assert.equal(0.01, e.threshold)
  end)
end)
