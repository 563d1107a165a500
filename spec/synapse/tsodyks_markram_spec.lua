-- Short-term plasticity against the recursion of Markram, Wang & Tsodyks (1998) and
-- its steady state.
local snn = require "snn"
local slow = require "spec.synapse.slow"
local fails = require("spec.support").fails

local ONE, NONE = snn.ones(1, 1):gt(0), snn.zeros(1, 1):gt(0)

-- as the paper has them: depressing, facilitating
local KINDS = {
  depressing = { utilization = 0.5, tc_recovery = 800, tc_facilitation = 0 },
  facilitating = { utilization = 0.05, tc_recovery = 130, tc_facilitation = 530 },
}

local function make(changes)
  local args = { shape = 1, step_time = 1, spike_charge = 3, time_constant = 3, tc_recovery = 100,
    utilization = 0.5, dtype = "float64" }
  for name, value in pairs(changes or {}) do args[name] = value end
  return snn.TsodyksMarkram(args)
end

local function at(kind, step_time)
  local changes = { step_time = step_time }
  for name, value in pairs(kind) do changes[name] = value end
  return make(changes)
end

local function left(t, tau) return tau > 0 and math.exp(-t / tau) or 0 end

-- What each spike of a train of this interval (ms) releases, by the recursion
--   u(n + 1) = u(n) exp(-T / tau_facil) (1 - U) + U
--   R(n + 1) = R(n) (1 - u(n)) exp(-T / tau_rec) + 1 - exp(-T / tau_rec)
local function recursion(kind, interval, n)
  local u, r, out = kind.utilization, 1, {}
  local facil, rec = left(interval, kind.tc_facilitation), left(interval, kind.tc_recovery)
  for i = 1, n do
    out[i] = u * r
    r = r * (1 - u) * rec + 1 - rec
    u = u * facil * (1 - kind.utilization) + kind.utilization
  end
  return out
end

-- The charges that the spikes of a regular train bring, over spike_charge.
local function released(synapse, interval, n)
  local out, before = {}, 0
  for i = 1, n do
    local now = synapse(ONE):item()
    out[i] = now - before * math.exp(-synapse.dt / 3)
    for _ = 2, interval / synapse.dt do now = synapse(NONE):item() end
    before = now
  end
  return out
end

describe("TsodyksMarkram", function()
  for name, kind in pairs(KINDS) do
    it("follows the recursion of regular trains, " .. name, function()
      for _, interval in ipairs { 10, 25, 50 } do
        local want = recursion(kind, interval, 20)
        for i, charge in ipairs(released(make(kind), interval, 20)) do
          assert.near(want[i], charge, 1e-12)
        end
      end
    end)

    it("comes to the steady state of a rate, " .. name, function()
      for _, interval in ipairs { 10, 50 } do
        local synapse = make(kind)
        local last = released(synapse, interval, 400)[400]
        local facil, rec = left(interval, kind.tc_facilitation), left(interval, kind.tc_recovery)
        local u = kind.utilization / (1 - (1 - kind.utilization) * facil)
        local x = (1 - rec) / (1 - (1 - u) * rec)
        assert.near(u * x, last, 1e-12)
      end
    end)

    it("has the same releases in any step time, " .. name, function()
      for _, dt in ipairs { 0.5, 2, 5 } do
        local want = recursion(kind, 50, 10)
        for i, charge in ipairs(released(at(kind, dt), 50, 10)) do
          assert.near(want[i], charge, 1e-12)
        end
      end
    end)
  end

  it("depresses one, and facilitates the other", function()
    local down = released(make(KINDS.depressing), 25, 5)
    local up = released(make(KINDS.facilitating), 25, 5)
    for i = 2, 5 do
      assert.is_true(down[i] < down[i - 1])
      assert.is_true(up[i] > up[i - 1])
    end
  end)

  -- in the limit of high rates what comes of a depressing synapse does not depend on it
  it("transmits no more of higher rates", function()
    local function current(interval)
      return released(make(KINDS.depressing), interval, 600)[600] / interval
    end
    assert.near(1, current(5) / current(10), 0.02)
    assert.near(1 / 800, current(5), 0.02 / 800)
  end)

  it("has u and resources of each input as states, which recover", function()
    local synapse = make { shape = 2, tc_facilitation = 50 }
    assert.same({ { 0, 0 } }, synapse.u:totable())
    assert.same({ { 1, 1 } }, synapse.resources:totable())
    synapse(snn.tensor({ { 1, 0 } }):gt(0))
    assert.same({ { 0.5, 0 } }, synapse.u:totable())
    assert.same({ { 0.5, 1 } }, synapse.resources:totable())
    for _ = 1, 30 do synapse(snn.zeros(1, 2):gt(0)) end
    assert.near(0.5 * math.exp(-30 / 50), synapse.u[1][1], 1e-12)
    assert.near(1 - 0.5 * math.exp(-30 / 100), synapse.resources[1][1], 1e-12)
    synapse:clear()
    assert.same({ { 1, 1 } }, synapse.resources:totable())
  end)

  it("takes states that are assigned, and goes on from a saved one in the same bits", function()
    local one, other = make { tc_facilitation = 50 }, make { tc_facilitation = 50 }
    one.u, one.resources = snn.full({ 1, 1 }, 0.25), snn.full({ 1, 1 }, 0.75)
    assert.near((0.25 * math.exp(-1 / 50) * 0.5 + 0.5) * (1 - 0.25 * math.exp(-1 / 100)),
      one(ONE):item(), 1e-12)
    other:load_state_dict(one:state_dict())
    for step = 1, 50 do
      local input = step % 7 == 0 and ONE or NONE
      assert.equal(one(input):item(), other(input):item())
    end
  end)

  it("scales what a graded spike carries, not what it releases", function()
    local one, other = make(), make()
    for step = 1, 20 do
      local input = step % 4 == 1 and 2.5 or 0
      assert.near(2.5 * other(snn.full({ 1, 1 }, input):gt(0)):item(),
        one(snn.full({ 1, 1 }, input)):item(), 1e-12)
    end
    assert.equal(one.resources:item(), other.resources:item())
  end)

  it("refuses a utilization that is no fraction", function()
    for _, bad in ipairs { 0, -0.1, 1.01 } do
      fails("ValueError", "'utilization' must be greater than 0 and at most 1", make,
        { utilization = bad })
    end
    assert.near(1, make { utilization = 1 }(ONE):item(), 1e-15)
  end)
end)

local SLOW = slow("TsodyksMarkram", {
  args = function(tau) return { time_constant = tau, tc_recovery = 1, utilization = 1 } end,
  height = function(tau) return 1 / tau end,
})

describe("TsodyksMarkram that is slow", function()
  for text, claim in pairs(SLOW) do it(text, claim) end
end)
