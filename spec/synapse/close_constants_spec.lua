-- DoubleExponentialCurrent against its closed form, with expm1 in place of the
-- difference of two exponentials:
--   I(t) = Q t / (tau_d tau_r) exp(-t / tau_d) (1 - exp(-x)) / x,
--   x = t (tau_d - tau_r) / (tau_d tau_r)
local snn = require "snn"

local function expm1(x) return snn.tensor({ x }, { dtype = "float64" }):expm1():item() end

local function closed(charge, t, decay, rise)
  local x = t * ((decay - rise) / decay) / rise
  local mean = x == 0 and 1 or -expm1(-x) / x
  return charge * (t / decay / rise) * math.exp(-t / decay) * mean
end

local RATIOS = { 1, 1 + 1e-15, 1 + 1e-12, 1 + 1e-9, 1 + 1e-6, 1.001, 1.1, 2, 20, 1e4 }
local MOST = { float32 = 1e-5, float64 = 1e-12 }
-- currents below are not held to their digits: they are about to end
local LEAST = { float32 = 2e-38, float64 = 1e-300 }

local function make(decay, rise, dtype, changes)
  local args = { shape = 1, step_time = 0.5, spike_charge = 3, tc_decay = decay, tc_rise = rise,
    dtype = dtype }
  for name, value in pairs(changes or {}) do args[name] = value end
  return snn.DoubleExponentialCurrent(args)
end

local function spike(is) return snn.full({ 1, 1 }, is and 1 or 0):gt(0) end

-- The greatest relative error over `steps`; spikes at the steps of the list.
local function worst(synapse, decay, rise, steps, spikes)
  local most, at = 0, {}
  for _, step in ipairs(spikes) do at[step] = true end
  for step = 0, steps do
    local current, want = synapse(spike(at[step])):item(), 0
    for _, k in ipairs(spikes) do
      if k < step then want = want + closed(3, (step - k) * 0.5, decay, rise) end
    end
    if want > LEAST[synapse.dtype] then most = math.max(most, math.abs(current / want - 1)) end
  end
  return most
end

for _, dtype in ipairs { "float32", "float64" } do
  describe("DoubleExponentialCurrent in " .. dtype, function()
    for _, rise in ipairs { 0.05, 5 } do
      for _, ratio in ipairs(RATIOS) do
        local decay = rise * ratio
        local name = ("tc_rise %g, tc_decay %.16g"):format(rise, decay)

        it("has the digits of the closed form after a spike: " .. name, function()
          assert.is_true(worst(make(decay, rise, dtype), decay, rise, 900, { 0 }) < MOST[dtype])
        end)

        it("has them in a train of spikes: " .. name, function()
          assert.is_true(worst(make(decay, rise, dtype), decay, rise, 60,
            { 0, 3, 4, 11, 30, 31, 32 }) < MOST[dtype])
        end)

        it("has them between two steps: " .. name, function()
          local synapse = make(decay, rise, dtype, { delay = 4 })
          for step = 0, 8 do synapse(spike(step == 0)) end
          for _, ago in ipairs { 0, 0.125, 0.375, 1.6, 3.7 } do
            local got = synapse:current_at(snn.full({ 1, 1 }, ago, { dtype = "float64" })):item()
            local want = closed(3, 4 - ago, decay, rise)
            if want > LEAST[dtype] then
              assert.is_true(math.abs(got / want - 1) < MOST[dtype])
            end
          end
        end)
      end
    end

    it("reads a connection's delays between two steps with these digits", function()
      local connection = snn.LinearDense { in_shape = 1, out_shape = 3, step_time = 0.5, delay = 4,
        dtype = dtype, weight_init = snn.ones(3, 1),
        delay_init = snn.tensor { { 0 }, { 0.125 }, { 3.625 } },
        synapse = snn.DoubleExponentialCurrent.partialconstructor {
          spike_charge = 3, tc_decay = 5 * (1 + 1e-9), tc_rise = 5 } }
      local out
      for step = 0, 8 do out = connection(spike(step == 0)) end
      for i, delay in ipairs { 0, 0.125, 3.625 } do
        local want = closed(3, 4 - delay, 5 * (1 + 1e-9), 5)
        assert.is_true(math.abs(out[1][i] / want - 1) < MOST[dtype])
      end
    end)

    it("is the alpha function for equal time constants", function()
      local synapse = make(5, 5, dtype)
      for step = 0, 100 do
        local t = step * 0.5
        local want = 3 * t / 25 * math.exp(-t / 5)
        assert.near(want, synapse(spike(step == 0)):item(), MOST[dtype] * want)
      end
    end)
  end)
end
