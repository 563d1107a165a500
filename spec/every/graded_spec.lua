-- Inputs that are neither 0 nor 1, for every synapse, and through every
-- connection.
local snn = require "snn"
local models = require "spec.every.models"
local synapses = require "spec.every.synapses"
local support = require "spec.support"

-- Whether it scales the charge unless told otherwise; golden files record it of some.
local function by_default(name)
  for _, argument in ipairs(snn[name].arguments) do
    if argument.name == "graded" then return argument.default end
  end
end

-- The currents of a spike train, its spikes times a value for each element.
local function run(synapse, values, steps)
  local out = {}
  for step = 1, steps or 6 do
    out[step] = synapse(synapses.spikes(synapse, step):to("float32") * values)
  end
  return out
end

local VALUES = snn.tensor { 3, 0.5, -2, 1, 7 }
local ONES = snn.ones(5)

local function same(a, b, factor)
  for step = 1, #a do
    local want = factor and b[step] * factor or b[step]
    assert.is_true(a[step]:allclose(want, 1e-6, 1e-7), ("%s, %s"):format(a[step], want))
  end
end

for _, name in ipairs(models.below(snn.Synapse)) do
  local make = synapses.maker(snn[name]).object

  describe("graded inputs of " .. name, function()
    it("scale the charge with graded = true", function()
      for _, dtype in ipairs { "float32", "float64" } do
        local changes = { graded = true, dtype = dtype, delay = 3 }
        local scaled, one = make(changes), make(changes)
        same(run(scaled, VALUES), run(one, ONES), VALUES)
        assert.same(one.spike:totable(), scaled.spike:totable())
        local times = snn.full({ 1, 5 }, 2)
        same({ scaled:current_at(times) }, { one:current_at(times) }, VALUES)
      end
    end)

    it("are each one spike with graded = false", function()
      for _, dtype in ipairs { "float32", "float64" } do
        local counted, one = make { graded = false, dtype = dtype }, make { dtype = dtype }
        local got
        support.heard(function() got = run(counted, VALUES) end)
        same(got, run(one, ONES))
      end
    end)

    it("do by default what the descriptor says", function()
      local got
      support.heard(function() got = run(make(), VALUES) end)
      same(got, run(make(), ONES), by_default(name) and VALUES or nil)
    end)

    it("are told once, where they do not scale", function()
      local synapse = make { graded = false }
      local heard = support.heard(function() run(synapse, VALUES) run(synapse, VALUES) end)
      assert.equal(1, #heard)
      assert.matches(name .. ": .*values besides 0 and 1.*graded = true", heard[1])
      assert.equal(by_default(name) and 0 or 1, #support.heard(function() run(make(), VALUES) end))
    end)

    it("change nothing where warnings are errors", function()
      local synapse = make { graded = false }
      run(synapse, ONES)
      local before = models.state(synapse)
      local ok, err = support.strictly(run, synapse, VALUES)
      assert.same({ false, "RuntimeError" }, { ok, err.kind })
      assert.same(before, models.state(synapse))
    end)

    it("are not suspected in flags of any type", function()
      for _, dtype in ipairs { "bool", "int64", "float32", "float64" } do
        local synapse = make { graded = false }
        assert(support.strictly(function()
          for step = 1, 4 do synapse(synapses.spikes(synapse, step):to(dtype)) end
          synapse(snn.full({ 1, 5 }, -0.0):to(dtype))
        end))
      end
    end)

    it("are found in every type and in views", function()
      local wide = snn.zeros(5, 2)
      wide[4][1] = 2
      for _, input in ipairs {
        snn.tensor({ { 0, 1, 2, 0, 1 } }, { dtype = "int64" }),
        snn.tensor({ { 0, 1, 0, 0.5, 1 } }, { dtype = "float64" }),
        snn.tensor { { 0, 1, 0, 0 / 0, 1 } }, wide:transpose(1, 2):narrow(1, 1, 1),
      } do
        assert.is_false((support.strictly(make { graded = false }, input)))
      end
    end)

    it("are carried over by the state", function()
      local one, other = make { graded = true, delay = 2 }, make { graded = true, delay = 2 }
      run(one, VALUES)
      other:load_state_dict(one:state_dict())
      assert.same(models.state(one), models.state(other))
      same(run(one, VALUES), run(other, VALUES))
    end)
  end)
end

for _, name in ipairs(models.below(snn.Connection)) do
  describe("graded inputs through " .. name, function()
    for _, delay in ipairs { false, 2 } do
      it("scale what a spike gives, " .. (delay and "delayed" or "undelayed"), function()
        snn.manual_seed(2)
        local c = models.maker(snn[name]).object { delay = delay,
          synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 2, graded = true } }
        if delay then c.delay = (snn.rand(c.delay.shape) * 2):round() end
        -- linear: the sum of what each input alone gives, times its value
        local values, want, n = { 3, -0.5, 1, 0.25 }, {}, c:insize()
        for step = 1, 4 do want[step] = snn.zeros(c.batched_outshape) end
        for i, value in ipairs(values) do
          c:clear()
          for step = 1, 4 do
            local one = snn.zeros(1, n)
            one[1][i] = step == 1 and 1 or 0
            want[step] = want[step] + c(one:reshape(c.batched_inshape)) * value
          end
        end
        c:clear()
        for step = 1, 4 do
          local input = snn.zeros(1, n)
          if step == 1 then input[{ {}, { 1, 4 } }] = snn.tensor { values } end
          assert.is_true(c(input:reshape(c.batched_inshape)):allclose(want[step], 1e-5, 1e-6))
        end
      end)
    end
  end)
end
