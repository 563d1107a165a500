local snn = require "snn"

local B, N, DT = 11, 37, 1
local RATE = { ALIF = { tc_adaptation = { 100, 7 } }, GLIF2 = { rc_adaptation = { 0.01, 0.2 } } }
local INCREMENT = { 0.3, 1e-3 }

local function group(class, changes)
  local args = {
    shape = N, step_time = DT, batch_size = B, rest_v = -65, thresh_eq_v = -60,
    refrac_t = 2, tc_membrane = 20, spike_increment = INCREMENT,
  }
  if class == "ALIF" then
    args.reset_v = -64
  else
    args.reset_v_add, args.reset_v_mul = 1, 0.4
  end
  for name, value in pairs(RATE[class]) do args[name] = value end
  for name, value in pairs(changes) do args[name] = value end
  return snn[class](args)
end

-- What is left of adaptation k after a step: both descriptions of the decay.
local function left(neuron, class, k)
  if class == "ALIF" then return math.exp(-DT / neuron.tc_adaptation[k]) end
  return math.exp(-DT * neuron.rc_adaptation[k])
end

-- The changes of all samples by the equations, from what the neuron shows.
local function change_of(neuron, class, old, lock)
  local refrac, spike = neuron.refrac:to("float64"), neuron.spike:to("float64")
  local change = old:to("float64") * 0
  for k = 1, 2 do
    for i = 1, N do
      local sum = 0
      for b = 1, B do
        local is_free = not lock or refrac[b][i] == 0
        if is_free then sum = sum + old[i][k] * (left(neuron, class, k) - 1) end
        sum = sum + INCREMENT[k] * spike[b][i]
      end
      change[i][k] = sum
    end
  end
  return change
end

for _, class in ipairs { "ALIF", "GLIF2" } do
  for _, dtype in ipairs { "float32", "float64" } do
    describe(class .. " in a batch, " .. dtype, function()
      local function follows(level, options, reduction)
        snn.manual_seed(3)
        local all = group(class, { dtype = dtype, batch_reduction = reduction })
        all.threshold_adaptation = snn.rand({ N, 2 }, { dtype = dtype })
        for _ = 1, 8 do
          local old = all.threshold_adaptation:clone()
          all(snn.rand({ B, N }, { dtype = dtype }) * level, options)
          local lock = not options or options.refrac_lock
          local change = change_of(all, class, old, lock) / (reduction == "sum" and 1 or B)
          local wanted = old:to("float64") + change
          local tolerance = dtype == "float32" and 1e-6 or 1e-13
          local got = all.threshold_adaptation:to("float64")
          assert.is_true(got:allclose(wanted, tolerance, tolerance))
        end
      end

      it("adds up the samples' changes where none spikes", function() follows(1) end)
      it("where few spike", function() follows(30, nil, "sum") end)
      it("where many spike", function() follows(100) end)
      it("and without the lock", function() follows(30, { refrac_lock = false }) end)

      it("of equal samples, adapts as one of them to the bit", function()
        local all = group(class, { dtype = dtype })
        local one = group(class, { dtype = dtype, batch_size = 1 })
        for step = 1, 30 do
          local x = snn.full({ 1, N }, 20 + 20 * math.sin(step), { dtype = dtype })
          one(x)
          all(x:expand(B, N))
          assert.is_true(one.threshold_adaptation:equal(all.threshold_adaptation))
        end
      end)
    end)
  end
end

describe("ALIF in a batch of 300", function()
  it("counts samples beyond a byte", function()
    local neuron = group("ALIF", { batch_size = 300, refrac_t = 0, batch_reduction = "sum" })
    neuron(snn.full({ 300, N }, 1000))
    assert.near(300 * INCREMENT[1], neuron.threshold_adaptation[N][1], 1e-4)
  end)
end)

describe("ALIF whose adaptation is infinite", function()
  it("has none that is a number after a step in which it is held", function()
    local neuron = group("ALIF", { spike_increment = 1, tc_adaptation = 10 })
    neuron(snn.full({ B, N }, 1000))
    neuron.threshold_adaptation = snn.full({ N, 1 }, math.huge)
    neuron(snn.zeros(B, N))
    assert.is_true(neuron.threshold_adaptation:isnan():all():item())
  end)
end)
