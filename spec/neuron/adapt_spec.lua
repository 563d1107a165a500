local snn = require "snn"

local B, N = 11, 37

local function group(class, changes)
  local args = {
    shape = N, step_time = 1, batch_size = B, rest_v = -65, thresh_eq_v = -60,
    refrac_t = 2, tc_membrane = 20, spike_increment = { 0.3, 1e-6 },
  }
  if class == "ALIF" then
    args.reset_v, args.tc_adaptation = -64, { 100, 7 }
  else
    args.reset_v_add, args.reset_v_mul, args.rc_adaptation = 1, 0.4, { 0.01, 0.2 }
  end
  for name, value in pairs(changes) do args[name] = value end
  return snn[class](args)
end

-- old + the changes of the samples, each stepped alone, added up in order / share
local function naive(alone, old, input, share, options)
  local sum = old:to("float64") * 0
  for b = 1, B do
    alone[b].threshold_adaptation = old
    alone[b](input:narrow(1, b, 1), options)
    sum = sum + (alone[b].threshold_adaptation:to("float64") - old:to("float64"))
  end
  return (old:to("float64") + sum / share):to(old.dtype)
end

for _, class in ipairs { "ALIF", "GLIF2" } do
  for _, dtype in ipairs { "float32", "float64" } do
    describe(class .. " in a batch, " .. dtype, function()
      local function follows(level, options, changes)
        snn.manual_seed(3)
        changes = changes or {}
        changes.dtype, changes.batch_size = dtype, B
        local all = group(class, changes)
        local reduction = changes.batch_reduction
        changes.batch_reduction, changes.batch_size = nil, 1
        local alone = {}
        for b = 1, B do alone[b] = group(class, changes) end
        all.threshold_adaptation = snn.rand({ N, 2 }, { dtype = dtype })
        for _ = 1, 8 do
          local input = snn.rand({ B, N }, { dtype = dtype }) * level
          local share = reduction == "sum" and 1 or B
          local expected = naive(alone, all.threshold_adaptation:clone(), input, share, options)
          all(input, options)
          assert.is_true(expected:equal(all.threshold_adaptation))
        end
      end

      it("adds up the samples' changes where none spikes", function() follows(1) end)
      it("where few spike", function() follows(30, nil, { batch_reduction = "sum" }) end)
      it("where many spike", function() follows(100) end)
      it("where sums round", function()
        local name = class == "ALIF" and "tc_adaptation" or "rc_adaptation"
        follows(1, nil, { [name] = class == "ALIF" and 0.5 or 2, batch_reduction = "sum" })
      end)
      it("and without the lock", function() follows(30, { refrac_lock = false }) end)
    end)
  end
end

describe("ALIF whose adaptation is infinite", function()
  it("has none that is a number after a step in which it is held", function()
    local neuron = group("ALIF", { spike_increment = 1, tc_adaptation = 10 })
    neuron(snn.full({ B, N }, 1000))
    neuron.threshold_adaptation = snn.full({ N, 1 }, math.huge)
    neuron(snn.zeros(B, N))
    assert.is_true(neuron.threshold_adaptation:isnan():all():item())
  end)
end)
