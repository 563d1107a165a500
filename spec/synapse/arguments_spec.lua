-- Arguments of synapses as fields: assigned, they are in effect at the next step.
local snn = require "snn"
local models = require "spec.every.models"
local support = require "spec.support"
local synapses = require "spec.every.synapses"

local fails = support.fails
local BY_OTHER_NAMES = { step_time = "dt", batch_size = "batchsz" }
local FIXED = { shape = true, dtype = true }
-- That of graded inputs; a jump, which takes a layer (jump_spec.lua).
local APART = { graded = true, spike_voltage = true }

-- What a synapse gives in the next steps, at some times too.
local function future(synapse)
  local out, times = {}, {}
  local shape = { synapse.batchsz, synapse.shape[1], 7 }
  for i = 1, shape[1] * shape[2] * 7 do times[i] = (i - 1) % 7 * 0.7 - 0.5 end
  local selector = snn.tensor(times, { dtype = "float64" }):reshape(shape)
  for step = 21, 26 do
    out[#out + 1] = synapse(synapses.spikes(synapse, step)):totable()
    out[#out + 1] = synapse:current_at(selector):totable()
    out[#out + 1] = synapse:spike_at(selector):totable()
  end
  return out
end

for _, name in ipairs(models.below(snn.Synapse)) do
  local class = snn[name]
  local make = models.maker(class).object
  local BASE = { dtype = "float64", delay = 3, interp_tol = 0, shape = 4 }

  describe(name .. "'s argument", function()
    for _, argument in ipairs(class.arguments) do
      local key = argument.name
      if not FIXED[key] and not BY_OTHER_NAMES[key] and not APART[key] then
        it(key .. " changes the next steps as if it had been so, with the state", function()
          local changed, differs = make(BASE), false
          synapses.run(changed, 6)
          local state = changed:state_dict()
          for _, which in ipairs { "other", "example" } do
            local value = models.example(argument, which)
            local args = {}
            for k, v in pairs(BASE) do args[k] = v end
            args[key] = value
            if key ~= "delay" then
              local fresh = make(args)
              fresh:load_state_dict(state)
              changed:load_state_dict(state)
              changed[key] = value
              local as_now = make(BASE)
              as_now:load_state_dict(state)
              local want, got = future(fresh), future(changed)
              assert.same(want, got)
              differs = differs or not pcall(assert.same, want, future(as_now))
            else
              changed.delay = value
            end
            assert.equal(value, changed[key])
          end
          if key ~= "delay" then assert.is_true(differs, "it has no effect") end
        end)
      elseif BY_OTHER_NAMES[key] then
        it(key .. " is assigned as " .. BY_OTHER_NAMES[key], function()
          local synapse = make()
          assert.equal(synapse[BY_OTHER_NAMES[key]], synapse[key])
          fails("AttributeError", "set '" .. BY_OTHER_NAMES[key] .. "'",
            function() synapse[key] = 2 end)
        end)
      elseif FIXED[key] then
        it(key .. " cannot be assigned", function()
          local synapse = make()
          fails("AttributeError", "make a new " .. name,
            function() synapse[key] = models.example(argument, "other") end)
        end)
      end
    end
  end)
end

describe("an argument of a synapse", function()
  it("is refused out of its range, and keeps its value", function()
    local synapse = snn.DoubleExponentialCurrent { shape = 2, step_time = 1, spike_charge = 1,
      tc_decay = 10, tc_rise = 2 }
    fails("ValueError", "'tc_rise'", function() synapse.tc_rise = 11 end)
    fails("ValueError", "'tc_decay'", function() synapse.tc_decay = 1 end)
    fails("ValueError", "'spike_charge' must be not 0", function() synapse.spike_charge = 0 end)
    fails("TypeError", "'interp_tol'", function() synapse.interp_tol = "1" end)
    fails("TypeError", "'current_overbound' must be a number",
      function() synapse.current_overbound = true end)
    assert.same({ 10, 2, 1 }, { synapse.tc_decay, synapse.tc_rise, synapse.spike_charge })
  end)

  it("reads as it was given", function()
    local synapse = snn.DeltaCurrent { shape = 2, step_time = 1, spike_charge = 3,
      current_overbound = snn.none, spike_overbound = true, interp_mode = "nearest" }
    assert.equal(snn.none, synapse.current_overbound)
    assert.is_true(synapse.spike_overbound)
    assert.equal("nearest", synapse.interp_mode)
    synapse.current_overbound = 0.5
    assert.equal(0.5, synapse.current_overbound)
  end)

  it("reaches delays of a connection that were worked out before", function()
    local function make(changes)
      local args = { spike_charge = 2, time_constant = 5 }
      for k, v in pairs(changes) do args[k] = v end
      local connection = snn.LinearDense { in_shape = 4, out_shape = 3, step_time = 1, delay = 4,
        dtype = "float64", weight_init = function(w) return w end,
        synapse = snn.SingleExponentialCurrent.partialconstructor(args) }
      connection.delay = snn.arange(12, { dtype = "float64" }):reshape { 3, 4 } * 0.3
      return connection
    end
    local changed = make {}
    local function run(connection, first)
      local out = {}
      for step = first, first + 5 do
        out[#out + 1] = connection(synapses.spikes(connection.synapse, step))
        out[#out + 1] = connection.synspike:to("float64")
      end
      return out
    end
    run(changed, 1)
    local state = changed:state_dict()
    for _, change in ipairs { { time_constant = 2 }, { spike_charge = 7 },
      { interp_tol = 0.45 }, { spike_interp_mode = "nearest" } } do
      local fresh = make(change)
      fresh:load_state_dict(state)
      local old = make {}
      old:load_state_dict(state)
      local key, value = next(change)
      old.synapse[key] = value
      run(old, 1) -- indices are worked out by the new value
      old:load_state_dict(state)
      changed = make {}
      changed:load_state_dict(state)
      run(changed, 1) -- and by the old one
      changed:load_state_dict(state)
      changed.synapse[key] = value
      local want, got, same = run(fresh, 7), run(old, 7), run(changed, 7)
      for i, t in ipairs(want) do -- sums at the outputs may have been made anew
        assert.is_true((t - got[i]):abs():max():item() < 1e-13, key)
        assert.is_true((t - same[i]):abs():max():item() < 1e-13, key)
      end
    end
  end)

  it("graded stores the currents that followed from the spikes", function()
    local function make(graded)
      return snn.DeltaCurrent { shape = 3, step_time = 1, spike_charge = 2, delay = 3,
        graded = graded, dtype = "float64" }
    end
    local synapse, graded = make(false), make(true)
    synapses.run(synapse, 5)
    synapses.run(graded, 5)
    assert.is_nil(synapse.current_)
    synapse.graded = true
    assert.same(graded.current_:totable(), synapse.current_:totable())
    assert.same({ { 1, 0, 4 } }, synapse(snn.tensor { { 0.5, 0, 2 } }):totable())
  end)

  it("graded warns of the currents that it clears", function()
    local synapse = snn.DeltaCurrent { shape = 2, step_time = 1, spike_charge = 2, graded = true }
    synapse(snn.tensor { { 0.5, 0 } })
    local heard = support.heard(function() synapse.graded = false end)
    assert.truthy(heard[1]:find("currents follow from the spikes now", 1, true))
    assert.same({ { 2, 0 } }, synapse.current:totable())
    assert.is_nil(synapse.current_)
    fails("AttributeError", "it stores no currents",
      function() synapse.current_ = snn.zeros { 1, 1, 2 } end)
  end)

  it("goes back where warnings are errors", function()
    local synapse = snn.DeltaCurrent { shape = 2, step_time = 1, spike_charge = 2, graded = true }
    synapse(snn.tensor { { 0.5, 0 } })
    assert.is_false(support.strictly(function() synapse.graded = false end))
    assert.is_true(synapse.graded)
    assert.same({ { 1, 0 } }, synapse.current:totable())
  end)
end)
