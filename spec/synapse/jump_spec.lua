-- Spikes that are worth a jump of a voltage, in place of a charge.
local snn = require "snn"
local fails = require("spec.support").fails

local KINDS <const> = { "DeltaCurrent", "DeltaPlusCurrent" }
local NEURONS <const> = { "LIF", "ALIF", "GLIF1", "GLIF2", "QIF", "Izhikevich", "EIF", "AdEx" }

local function connection(changes)
  local args = { in_shape = 3, out_shape = 2, step_time = 0.5, weight_init = 1 }
  for k, v in pairs(changes or {}) do args[k] = v end
  args.synapse = args.synapse or snn.DeltaCurrent.partialconstructor { spike_voltage = 0.75 }
  return snn.LinearDense(args)
end

local function lif(changes)
  local args = { shape = 2, step_time = 0.5, rest_v = -60, reset_v = -65, thresh_v = -50,
    refrac_t = 2, time_constant = 20, resistance = 3 }
  for k, v in pairs(changes or {}) do args[k] = v end
  return snn.LIF(args)
end

local function layer(c, n) return snn.Serial { connection = c, neuron = n } end

local function at(t, sample, i) return t:totable()[sample][i] end

local SILENT = snn.tensor { { false, false, false } }
local TWO = snn.tensor { { true, false, true } }

-- What a step with two spikes adds to that without.
local function jump(make)
  local still, moved = make(), make()
  still(SILENT)
  moved(TWO)
  return (moved.neuron.voltage - still.neuron.voltage):totable()[1]
end

describe("a spike_voltage", function()
  for _, kind in ipairs(KINDS) do
    for _, name in ipairs(NEURONS) do
      for _, dt in ipairs { 0.1, 1 } do
        it(("of %s moves a %s by as much, in steps of %g ms"):format(kind, name, dt), function()
          local args = { shape = 2, step_time = dt, resistance = 40, dtype = "float64" }
          for _, a in ipairs(snn[name].arguments) do
            if not a.optional and args[a.name] == nil then
              args[a.name] = load("local snn = ... return " .. a.example)(snn)
            end
          end
          local moved = jump(function()
            local synapse = snn[kind].partialconstructor { spike_voltage = 0.75 }
            return layer(connection { step_time = dt, synapse = synapse, dtype = "float64" },
              snn[name](args))
          end)
          assert.near(1.5, moved[1], 1e-12)
          assert.near(1.5, moved[2], 1e-12)
        end)
      end
    end
  end

  it("follows the neuron's time constant, the step and itself", function()
    local one = layer(connection(), lif())
    one(TWO)
    for _, change in ipairs {
      function() one.neuron.time_constant = 5 end,
      function() one.neuron.resistance = -2 end,
      function() one.connection.dt, one.neuron.dt = 0.1, 0.1 end,
    } do
      change()
      one:clear()
      one(TWO)
      assert.near(-58.5, at(one.neuron.voltage, 1, 2), 1e-4)
    end
    one.synapse.spike_voltage = -2
    one:clear()
    one(TWO)
    assert.near(-64, at(one.neuron.voltage, 1, 1), 1e-4)
  end)

  it("gives way to a charge, and the other way round", function()
    local one = layer(connection(), lif())
    one.synapse.spike_charge = 4
    assert.is_nil(one.synapse.spike_voltage)
    one(TWO)
    assert.near(8, at(one.synapse.current, 1, 1), 1e-6)
    one.synapse.spike_voltage = 1
    assert.is_nil(one.synapse.spike_charge)
    one:clear()
    one(TWO)
    assert.near(-58, at(one.neuron.voltage, 1, 1), 1e-4)
  end)

  it("counts with delays and in batches", function()
    local one = layer(connection { delay = 1.5, delay_init = 1, batch_size = 2 },
      lif { batch_size = 2 })
    one(snn.cat({ TWO, SILENT }, 1))
    one(snn.cat({ SILENT, SILENT }, 1))
    assert.near(-60, at(one.neuron.voltage, 1, 1), 1e-6)
    one.neuron.time_constant = 10
    one(snn.cat({ SILENT, SILENT }, 1))
    assert.near(-58.5, at(one.neuron.voltage, 1, 1), 1e-4)
    assert.near(-60, at(one.neuron.voltage, 2, 1), 1e-6)
  end)

  it("leaves injected currents what they are", function()
    local synapse = snn.DeltaPlusCurrent.partialconstructor { spike_voltage = 0.75 }
    local one = layer(connection { synapse = synapse }, lif())
    one(SILENT, snn.ones { 1, 3 })
    local other = layer(connection { synapse = snn.DeltaPlusCurrent.partialconstructor {
      spike_charge = 1 } }, lif())
    other(SILENT, snn.ones { 1, 3 })
    assert.equal(tostring(other.neuron.voltage), tostring(one.neuron.voltage))
  end)

  it("goes on in bits after it was saved and loaded", function()
    local function make()
      return layer(connection { delay = 1.5, delay_init = 0.5 }, lif())
    end
    local one, other = make(), make()
    one(TWO)
    other:load_state_dict(one:state_dict())
    one(SILENT)
    other(SILENT)
    assert.equal(tostring(one.neuron.voltage), tostring(other.neuron.voltage))
    assert.equal(tostring(one.synapse.current), tostring(other.synapse.current))
  end)

  it("is kept by copies, replaced by with", function()
    local one = snn.DeltaCurrent { shape = 2, step_time = 1, spike_voltage = 2 }
    assert.equal(2, snn.copy(one).spike_voltage)
    local other = one:with { spike_charge = 3 }
    assert.equal(3, other.spike_charge)
    assert.is_nil(other.spike_voltage)
  end)
end)

describe("a spike_voltage is refused", function()
  local function of(changes)
    local args = { shape = 2, step_time = 1 }
    for k, v in pairs(changes) do args[k] = v end
    return args
  end

  for _, kind in ipairs(KINDS) do
    it("by " .. kind .. " beside a charge, and one of them must be there", function()
      fails("ValueError", "'spike_voltage' is given in place of 'spike_charge'", snn[kind],
        of { spike_charge = 1, spike_voltage = 1 })
      fails("TypeError", "'spike_charge' is missing (pC; charge that a spike carries; or "
        .. "'spike_voltage')", snn[kind], of {})
      fails("ValueError", "'spike_voltage'", snn[kind], of { spike_voltage = 0 })
    end)
  end

  it("as nil", function()
    local synapse = snn.DeltaCurrent(of { spike_voltage = 1 })
    fails("TypeError", "'spike_voltage'", function() synapse.spike_voltage = nil end)
    assert.equal(1, synapse.spike_voltage)
  end)

  it("by steps of a synapse or a connection alone", function()
    local synapse = snn.DeltaCurrent(of { spike_voltage = 1 })
    fails("RuntimeError", "step the layer, or give 'spike_charge'", synapse, snn.ones { 1, 2 })
    local one = layer(connection(), lif())
    one(TWO)
    fails("RuntimeError", "step the layer, or give 'spike_charge'", one.connection, TWO)
    assert.equal(2, one.synapse.spike:sum():item())
  end)

  it("where no cell says which neuron is driven", function()
    local bare = snn.Layer()
    bare:add_connection("c", connection())
    bare:add_neuron("n", lif())
    function bare.wiring(_, inputs) return { n = inputs.c } end
    fails("RuntimeError", "connection 'c': 'spike_voltage' is a jump of the neuron that it "
      .. "drives, and no cell says which", bare, { c = TWO })
    bare:add_cell("c", "n")
    bare { c = TWO }
    assert.near(-58.5, at(bare.neurons.n.voltage, 1, 1), 1e-4)
  end)

  it("where the neurons of its cells want other currents", function()
    local two = snn.Layer()
    two:add_connection("c", connection())
    two:add_neuron("n", lif())
    two:add_neuron("m", lif { time_constant = 10 })
    two:add_cell("c", "n")
    two:add_cell("c", "m")
    function two.wiring(_, inputs) return { n = inputs.c, m = inputs.c } end
    fails("RuntimeError", "another current for neuron", two, { c = TWO })
    two.neurons.m.time_constant = 20
    two { c = TWO }
    assert.near(-58.5, at(two.neurons.m.voltage, 1, 1), 1e-4)
  end)

  it("by neurons that differ, or whose voltage does not jump", function()
    fails("RuntimeError", "wants neurons of one 'time_constant' and 'resistance'",
      layer(connection(), lif { time_constant = snn.tensor { 10, 20 } }), TWO)
    fails("RuntimeError", "has no meaning for HodgkinHuxley",
      layer(connection(), snn.HodgkinHuxley { shape = 2, step_time = 0.5 }), TWO)
  end)

  it("and a step that fails leaves what was known", function()
    local one = layer(connection(), lif())
    one(TWO)
    local before = tostring(one.synapse.current)
    one.neuron.time_constant = 5
    one.transform = function() error "no" end
    assert.is_false(pcall(one, TWO))
    assert.equal(before, tostring(one.synapse.current))
  end)
end)
