local snn = require "snn"
local support = require "spec.support"
local near = require "spec.near"

local DOUBLE = { dtype = "float64" }

local function lif(changes)
  local args = {
    shape = 2, step_time = 1, rest_v = -60, reset_v = -65, thresh_v = -50, refrac_t = 2,
    time_constant = 20,
  }
  for name, value in pairs(changes or {}) do args[name] = value end
  return snn.LIF(args)
end

--- Steps with the same current for all neurons.
local function drive(neuron, current, steps)
  local spikes
  for _ = 1, steps or 1 do
    spikes = neuron(snn.full(neuron.batchedshape, current, { dtype = neuron.dtype }))
  end
  return spikes
end

local function fails(kind, text, fn, ...)
  local ok, err = pcall(fn, ...)
  assert.is_false(ok)
  assert.equal(kind, err.kind)
  assert.truthy(err.message:find(text, 1, true), err.message)
end

describe("LIF", function()
  it("starts at rest, free, without a spike", function()
    local neuron = lif()
    assert.same({ { -60, -60 } }, neuron.voltage:totable())
    assert.same({ { 0, 0 } }, neuron.refrac:totable())
    assert.same({ { false, false } }, neuron.spike:totable())
  end)

  it("has the fields of its group", function()
    local neuron = lif { shape = { 2, 3 }, batch_size = 4, dtype = "float64" }
    assert.same({ 2, 3 }, neuron.shape)
    assert.same({ 4, 2, 3 }, neuron.batchedshape)
    assert.same({ 6, 4, 1, "float64" }, { neuron.count, neuron.batchsz, neuron.dt, neuron.dtype })
  end)

  it("shows its arguments", function()
    local neuron = lif { resistance = 2.5 }
    assert.same({ -60, -65, -50, 2, 20, 2.5 }, {
      neuron.rest_v, neuron.reset_v, neuron.thresh_v, neuron.refrac_t, neuron.time_constant,
      neuron.resistance,
    })
    assert.equal('shape={2}, step_time=1, batch_size=1, dtype="float32", '
      .. 'refrac_input=false, rest_v=-60, '
      .. "reset_v=-65, thresh_v=-50, refrac_t=2, time_constant=20, resistance=2.5",
      neuron:extra_repr())
    assert.truthy(tostring(neuron):find("^LIF\n  shape +{2} .*\n  thresh_v +%-50 +mV "))
  end)

  context("below the threshold", function()
    it("takes two steps as by hand", function()
      -- decay 1/2: -60 + 8/2 = -56, then -60 + (4 + 8)/2 = -54
      local neuron = lif { time_constant = 1 / math.log(2), dtype = "float64" }
      neuron(snn.tensor({ { 8, 0 } }, DOUBLE))
      near({ { -56, -60 } }, neuron.voltage)
      neuron(snn.tensor({ { 8, -4 } }, DOUBLE))
      near({ { -54, -62 } }, neuron.voltage)
    end)

    it("charges along the exact curve", function()
      local neuron = lif { dtype = "float64", resistance = 0.5, step_time = 0.25 }
      for step = 1, 400 do
        drive(neuron, 18)
        assert.near(-60 + 9 * (1 - math.exp(-step * 0.25 / 20)), neuron.voltage[1][1], 1e-9)
      end
    end)

    it("charges alike in steps of any length", function()
      local fine, coarse = lif { dtype = "float64", step_time = 0.1 }, lif { dtype = "float64" }
      drive(fine, 7, 50)
      drive(coarse, 7, 5)
      near(coarse.voltage:totable(), fine.voltage)
    end)

    it("keeps a long time constant's share in float64", function()
      -- 1 - exp(-1e-12) = 1e-12 to first order
      local neuron = lif {
        time_constant = 1e12, rest_v = 0, thresh_v = 1, reset_v = 0, dtype = "float64",
      }
      drive(neuron, 1)
      assert.near(1, neuron.voltage[1][1] * 1e12, 1e-9)
    end)

    it("comes to rest + R I with a membrane that is faster than a step", function()
      local neuron = lif { time_constant = 1e-3, dtype = "float64" }
      drive(neuron, 6)
      assert.equal(-54, neuron.voltage[1][1])
    end)
  end)

  context("at the threshold", function()
    it("spikes when the voltage equals it", function()
      local neuron = lif { time_constant = 1e-3 }
      local spikes = neuron(snn.tensor { { 10, 9.999 } })
      assert.same({ { true, false } }, spikes:totable())
    end)

    it("resets and begins the refractory time in the same step", function()
      local neuron = lif()
      drive(neuron, 1000)
      assert.same({ { -65, -65 } }, neuron.voltage:totable())
      assert.same({ { 2, 2 } }, neuron.refrac:totable())
      assert.same({ { true, true } }, neuron.spike:totable())
    end)

    it("has the spike of the last step only", function()
      local neuron = lif()
      drive(neuron, 1000, 2)
      assert.same({ { false, false } }, neuron.spike:totable())
    end)

    it("recovers from an infinite current", function()
      local neuron = lif()
      assert.same({ { true, true } }, drive(neuron, math.huge):totable())
      assert.same({ { -65, -65 } }, neuron.voltage:totable())
    end)
  end)

  --- Steps from a spike to the next of a neuron that would always spike.
  local function interval(changes)
    local neuron = lif(changes)
    drive(neuron, 1e6)
    for step = 1, 1000 do
      if drive(neuron, 1e6)[1][1] then return step end
    end
  end

  context("in the refractory time", function()
    it("holds its voltage and ignores the input", function()
      local neuron = lif { refrac_t = 3 }
      drive(neuron, 1000)
      drive(neuron, 1000)
      assert.same({ { -65, -65 } }, neuron.voltage:totable())
    end)

    it("reads what is left of it", function()
      local neuron = lif { refrac_t = 2.5, dtype = "float64" }
      local left = {}
      drive(neuron, 1000)
      for step = 1, 4 do
        left[step] = neuron.refrac[1][1]
        drive(neuron, 0)
      end
      assert.same({ 2.5, 1.5, 0.5, 0 }, left)
    end)

    it("reads exactly 0 at the end of uneven times", function()
      local neuron = lif { step_time = 0.1, refrac_t = 0.3 }
      drive(neuron, 1e6)
      drive(neuron, 0, 3)
      assert.same({ { 0, 0 } }, neuron.refrac:totable())
    end)

    it("lasts max(ceil(refrac_t / dt - 0.001) - 1, 0) steps", function()
      assert.equal(1, interval { refrac_t = 0 })
      assert.equal(1, interval { refrac_t = 0.5 })
      assert.equal(1, interval { refrac_t = 1 })
      assert.equal(2, interval { refrac_t = 1.5 })
      assert.equal(2, interval { refrac_t = 2 })
      assert.equal(2, interval { refrac_t = 2.0005 })
      assert.equal(3, interval { refrac_t = 2.002 })
      assert.equal(30, interval { step_time = 0.1, refrac_t = 3 })
      assert.equal(3, interval { step_time = 0.1, refrac_t = 0.3 })
      assert.equal(3, interval { step_time = 0.1, refrac_t = 0.3, dtype = "float64" })
    end)

    it("decays without the lock, still without input", function()
      local neuron = lif { time_constant = 1 / math.log(2), dtype = "float64" }
      drive(neuron, 1000)
      neuron(snn.full({ 1, 2 }, 1000, DOUBLE), { refrac_lock = false })
      near({ { -62.5, -62.5 } }, neuron.voltage)
      assert.same({ { 1, 1 } }, neuron.refrac:totable())
    end)

    it("does not spike from a voltage that was set", function()
      local neuron = lif { refrac_t = 3 }
      drive(neuron, 1000)
      neuron.voltage = snn.zeros(1, 2)
      assert.same({ { false, false } }, drive(neuron, 0):totable())
    end)
  end)

  it("fires at the rate of theory", function()
    -- t from reset to the threshold: tc ln((R I + rest - reset) / (R I + rest - thresh)),
    -- then whole steps, after refrac_t - dt in which input is lost
    for _, current in ipairs { 10.5, 14, 30, 100 } do
      local neuron = lif { step_time = 0.5, refrac_t = 3, dtype = "float64", shape = 1 }
      local charge = 20 * math.log((current + 5) / (current - 10))
      local expected = math.ceil(charge / 0.5) + math.ceil(3 / 0.5) - 1
      local last, found
      for step = 1, 1000 do
        if drive(neuron, current)[1][1] then
          found, last = last and step - last, step
          if found then break end
        end
      end
      assert.equal(expected, found)
    end
  end)

  it("keeps NaN in the neuron that it came from", function()
    local neuron = lif { shape = 3 }
    neuron(snn.tensor { { 5, 0 / 0, 5 } })
    drive(neuron, 5)
    local v = neuron.voltage:totable()[1]
    assert.equal(v[1], v[3])
    assert.is_true(v[1] == v[1] and v[2] ~= v[2])
    assert.same({ { false, false, false } }, neuron.spike:totable())
  end)

  context("given input", function()
    it("of another dtype, steps as with its own", function()
      local neuron, other = lif(), lif()
      neuron(snn.tensor({ { 3, 400 } }, { dtype = "int64" }))
      other(snn.tensor { { 3, 400 } })
      assert.same(other.voltage:totable(), neuron.voltage:totable())
    end)

    it("in a view, steps as with a copy", function()
      local neuron, other = lif(), lif()
      local input = snn.tensor { { 1 }, { 400 } }
      neuron(input:transpose(1, 2))
      other(snn.tensor { { 1, 400 } })
      assert.same(other.voltage:totable(), neuron.voltage:totable())
    end)

    it("that is its own voltage, reads the values of before", function()
      local neuron = lif { dtype = "float64", time_constant = 1 / math.log(2), thresh_v = 100 }
      neuron.voltage = snn.tensor({ { 20, 40 } }, DOUBLE)
      neuron(neuron.voltage)
      near({ { -20 + 10, -10 + 20 } }, neuron.voltage)
    end)

    it("of another shape, refuses it and stays as it was", function()
      local neuron = lif()
      drive(neuron, 5)
      local before = neuron.voltage:totable()
      fails("ValueError", "{2}, must be {1, 2}", neuron, snn.zeros(2))
      fails("ValueError", "{4, 2}, must be {1, 2}", neuron, snn.zeros(4, 2))
      fails("TypeError", "'input' must be a tensor, got number", neuron, 1)
      assert.same(before, neuron.voltage:totable())
    end)
  end)

  context("given options", function()
    it("refuses unknown ones by name", function()
      fails("TypeError", "did you mean 'refrac_lock'", lif(), snn.zeros(1, 2), { refrac_lok = 1 })
    end)

    it("takes no override", function()
      fails("TypeError", "'override'", lif(), snn.zeros(1, 2), { override = snn.zeros(1, 2) })
    end)

    it("wants true or false", function()
      fails("TypeError", "'refrac_lock'", lif(), snn.zeros(1, 2), { refrac_lock = 1 })
    end)
  end)

  context("when fields are set", function()
    it("goes on from the voltage", function()
      local neuron = lif { time_constant = 1 / math.log(2), dtype = "float64" }
      neuron.voltage = snn.tensor({ { -56, -70 } }, DOUBLE)
      drive(neuron, 0)
      near({ { -58, -65 } }, neuron.voltage)
    end)

    it("counts down from the refractory time", function()
      local neuron = lif()
      neuron.refrac = snn.tensor { { 1.25, 3.5 } }
      local left = {}
      for step = 1, 5 do
        left[step] = neuron.refrac:totable()[1]
        drive(neuron, 0)
      end
      assert.same({ { 1.25, 3.5 }, { 0.25, 2.5 }, { 0, 1.5 }, { 0, 0.5 }, { 0, 0 } }, left)
    end)

    it("counts from refrac_t again after the next spike", function()
      local neuron = lif()
      neuron.refrac = snn.tensor { { 1.25, 3.5 } }
      drive(neuron, 1000, 2)
      assert.same({ { 2, 1.5 } }, neuron.refrac:totable())
      drive(neuron, 1000, 2)
      assert.same({ { 2, 2 } }, neuron.refrac:totable())
    end)

    it("keeps the spikes of the last step", function()
      local neuron = lif()
      drive(neuron, 1000)
      neuron.refrac = snn.zeros(1, 2)
      assert.same({ { true, true } }, neuron.spike:totable())
    end)

    it("keeps its state under another dt", function()
      local neuron = lif { refrac_t = 3 }
      neuron(snn.tensor { { 1000, 5 } })
      local voltage = neuron.voltage:totable()
      neuron.dt = 0.5
      assert.equal(0.5, neuron.dt)
      assert.same(voltage, neuron.voltage:totable())
      assert.same({ { 3, 0 } }, neuron.refrac:totable())
      drive(neuron, 0)
      assert.same({ { 2.5, 0 } }, neuron.refrac:totable())
    end)

    it("steps by the new dt", function()
      local neuron = lif { dtype = "float64" }
      neuron.dt = 5
      drive(neuron, 4)
      assert.near(-60 + 4 * (1 - math.exp(-5 / 20)), neuron.voltage[1][1], 1e-9)
    end)

    it("is cleared by another batch size", function()
      local neuron = lif()
      drive(neuron, 1000)
      neuron.batchsz = 3
      assert.same({ 3, 2 }, neuron.batchedshape)
      assert.same({ { -60, -60 }, { -60, -60 }, { -60, -60 } }, neuron.voltage:totable())
      assert.same({ { 0, 0 }, { 0, 0 }, { 0, 0 } }, neuron.refrac:totable())
      assert.same({ 3, 2 }, neuron.spike.shape)
      assert.same({ 3, 2 }, drive(neuron, 1000).shape)
    end)

    it("refuses wrong values and stays as it was", function()
      local neuron = lif()
      local function set(name, value) neuron[name] = value end
      fails("ValueError", "{2}, must be {1, 2}", set, "voltage", snn.zeros(2))
      fails("TypeError", "'voltage' must be a tensor", set, "voltage", -60)
      fails("ValueError", "'refrac' must be from 0", set, "refrac", snn.tensor { { 0, -1 } })
      fails("ValueError", "element 1", set, "refrac", snn.tensor { { 0 / 0, 0 } })
      fails("ValueError", "'dt' must be greater than 0", set, "dt", 0)
      fails("ValueError", "16777216 steps", set, "dt", 1e-9)
      fails("ValueError", "'batchsz' must be at least 1", set, "batchsz", 0)
      fails("AttributeError", "'spike' cannot be set", set, "spike", neuron.spike)
      fails("ValueError", "'reset_v' must be less than 'thresh_v'", set, "reset_v", -50)
      assert.same({ { -60, -60 } }, neuron.voltage:totable())
      assert.same({ { 0, 0 } }, neuron.refrac:totable())
      assert.same({ 1, 1 }, { neuron.dt, neuron.batchsz })
    end)
  end)

  context("when tensors are handed out", function()
    it("leaves returned spikes as they were", function()
      local neuron = lif()
      local spikes = drive(neuron, 1000)
      drive(neuron, 0)
      assert.same({ { true, true } }, spikes:totable())
    end)

    it("leaves read fields as they were", function()
      local neuron = lif()
      local voltage, refrac = neuron.voltage, neuron.refrac
      drive(neuron, 1000)
      assert.same({ { -60, -60 } }, voltage:totable())
      assert.same({ { 0, 0 } }, refrac:totable())
    end)

    it("lets a returned tensor be changed on its own", function()
      local neuron = lif()
      drive(neuron, 1000):fill_(false)
      assert.same({ { true, true } }, neuron.spike:totable())
    end)

    it("refuses to change a field's tensor in place", function()
      for _, name in ipairs { "voltage", "refrac", "spike" } do
        fails("RuntimeError", "clone()", function() lif()[name]:fill_(0) end)
      end
    end)

    it("takes over the values of what is assigned, not the tensor", function()
      local neuron, value = lif(), snn.tensor { { -61, -62 } }
      neuron.voltage = value
      value:fill_(0)
      assert.same({ { -61, -62 } }, neuron.voltage:totable())
    end)
  end)

  context("when made with wrong arguments", function()
    local function made(changes) return function() lif(changes) end end

    it("names what is unknown or missing", function()
      fails("TypeError", "unknown argument 'step_tim' (did you mean 'step_time'?)",
        made { step_tim = 1 })
      fails("TypeError", "'rest_v' (mV; resting voltage)", function()
        snn.LIF { shape = 2, step_time = 1 }
      end)
      fails("TypeError", "one table of names", function() snn.LIF() end)
    end)

    it("names what is out of range", function()
      fails("ValueError", "'step_time' must be greater than 0, got 0", made { step_time = 0 })
      fails("ValueError", "'step_time'", made { step_time = math.huge })
      fails("ValueError", "'reset_v' must be less than 'thresh_v'", made { reset_v = -50 })
      fails("ValueError", "'refrac_t' must be at least 0", made { refrac_t = -1 })
      fails("ValueError", "'refrac_t' must be at most 16777216 steps", made { refrac_t = 1e9 })
      fails("ValueError", "'time_constant'", made { time_constant = 0 })
      fails("ValueError", "'resistance' must be not 0", made { resistance = 0 })
      fails("ValueError", "'batch_size'", made { batch_size = -2 })
      fails("ValueError", "'shape'", made { shape = { 2, 0 } })
      fails("ValueError", "'dtype'", made { dtype = "int64" })
    end)

    it("refuses more neurons than memory has", function()
      fails("ValueError", "does not fit", made { shape = { 1 << 40, 1 << 40 } })
    end)
  end)

  it("gives the same bits on any threads and instruction set", function()
    local script = [[
      local neuron = snn.LIF{ shape = 5003, batch_size = 11, step_time = 1, rest_v = -60,
        reset_v = -65, thresh_v = -50, refrac_t = 3, time_constant = 20 }
      local input = snn.linspace(0, 300, 11 * 5003):view(11, 5003)
      for step = 1, 7 do neuron(input) end
      for i = 1, 11 do
        for k = 1, 5003, 7 do io.write(("%a "):format(neuron.voltage[i][k])) end
      end
    ]]
    local first = support.run(script, { SNN_ISA = "v1" })
    assert.equal(0, first.code)
    assert.truthy(#first.out > 10000)
    for _, isa in ipairs { "v3", "v4" } do
      assert.equal(first.out, support.run(script, { SNN_ISA = isa }).out)
    end
    for threads = 1, 4 do
      assert.equal(first.out, support.run("snn.set_num_threads(" .. threads .. ")" .. script).out)
    end
  end)
end)
